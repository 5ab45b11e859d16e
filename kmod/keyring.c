// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/rtp.h"
#include "crypto.h"
#include "event.h"
#include "keyring.h"
#include "ssrc.h"

static struct vw_key *key_of(const struct vw_side *side, unsigned int slot)
{
	return rcu_dereference(side->slot[slot]);
}

/* A key of few that read header extensions may refuse what others don't look at. */
static bool takes(const struct vw_media *m, const struct vw_key *key)
{
	return m->rtcp || vw_key_takes(key, m->p);
}

/* ---- opening ---- */

/* @keep: another key is waiting for the packet as it is. */
static int open_with(struct vw_media *m, struct vw_key *key, bool keep)
{
	m->open = key;
	if (m->rtcp)
		return vw_rtcp_open(key, m->p, m->len, m->ssrc,
				    vw_rtcp_word(key, m->p, m->len));
	return vw_rtp_open(key, m->p, m->rtp.hdr_len, m->len, m->ssrc, m->index, keep);
}

/* The current key, then the other one: a re-key while packets are in flight. */
static enum voxwall_drop open_it(struct vw_media *m, struct vw_key *first)
{
	unsigned int current_slot = READ_ONCE(m->st->open.current_slot);
	struct vw_key *second = key_of(&m->st->open, !current_slot);
	int err;

	/* An MKI has said already which one. */
	if (second && (second == first || second->suite != first->suite || first->mki_len ||
		       second->mki_len))
		second = NULL;
	err = open_with(m, first, second);
	if (err == -EKEYREJECTED && second)
		err = open_with(m, second, false);
	return err ? VOXWALL_DROP_AUTH : VOXWALL_DROP_NONE;
}

/* The current key, unless the packet names the other one. */
static enum voxwall_drop find_key(const struct vw_media *m, struct vw_key **ret)
{
	unsigned int current_slot = READ_ONCE(m->st->open.current_slot);
	struct vw_key *key = key_of(&m->st->open, current_slot);

	if (!key)
		return VOXWALL_DROP_NO_KEY;
	*ret = key;
	if (likely(!key->mki_len) || vw_key_is_named(key, m->p, m->len, m->rtcp))
		return VOXWALL_DROP_NONE;
	key = key_of(&m->st->open, !current_slot);
	if (!key || !key->mki_len || !vw_key_is_named(key, m->p, m->len, m->rtcp))
		return VOXWALL_DROP_MKI;
	*ret = key;
	return VOXWALL_DROP_NONE;
}

/* Split the tail off and find the index. */
static enum voxwall_drop parse_sealed(struct vw_media *m, const struct vw_key *key,
				      struct vw_replay *window)
{
	size_t tail = vw_key_tail(key, m->rtcp);
	size_t head = m->rtcp ? VW_RTCP_HDR_LEN : m->rtp.hdr_len;
	enum voxwall_drop drop;

	if (m->len < head + tail || !takes(m, key))
		return VOXWALL_DROP_MALFORMED;
	m->len -= tail;
	drop = vw_ssrc_peek(m->st, m->ssrc, m->rtcp, window);
	if (drop)
		return drop;
	if (m->rtcp)
		m->index = vw_rtcp_word(key, m->p, m->len) & VW_SRTCP_INDEX_MAX;
	else
		m->index = vw_srtp_index(window, m->rtp.seq);
	if (unlikely(m->from))
		m->newer = !vw_replay_begun(window) || m->index > window->top;
	return m->index > VW_SRTP_INDEX_MAX ? VOXWALL_DROP_KEY_LIMIT : VOXWALL_DROP_NONE;
}

enum voxwall_drop vw_keyring_open(struct vw_media *m)
{
	struct vw_replay window;
	struct vw_key *key;
	enum voxwall_drop drop;

	drop = find_key(m, &key) ?: parse_sealed(m, key, &window);
	if (drop)
		return drop;
	if (vw_replay_check(&window, m->index))
		return VOXWALL_DROP_REPLAY;
	return open_it(m, key);
}

/* ---- lives ---- */

static noinline enum voxwall_drop key_ages(struct vw_media *m, const struct vw_life *life, u64 used)
{
	struct vw_event ev = {
		.type = VOXWALL_EVENT_KEY_EXPIRES,
		.stream = m->st->conf.id,
	};

	if (used == vw_life_warning(life))
		vw_event(m->st->vn, &ev);
	return used > life->limit ? VOXWALL_DROP_KEY_LIMIT : VOXWALL_DROP_NONE;
}

/* A packet of the key's lifetime. What has not authenticated never comes here. */
static enum voxwall_drop spend(struct vw_media *m, struct vw_key *key)
{
	struct vw_life *life;
	u64 used;

	if (!key)
		return VOXWALL_DROP_NONE;
	life = &key->life[m->rtcp];
	used = atomic64_inc_return(&life->used);
	return likely(used < vw_life_warning(life)) ? VOXWALL_DROP_NONE :
						      key_ages(m, life, used);
}

enum voxwall_drop vw_keyring_spend(struct vw_media *m)
{
	return spend(m, m->open) ?: spend(m, m->seal);
}

/* ---- sealing ---- */

enum voxwall_drop vw_keyring_choose(struct vw_media *m)
{
	m->seal = key_of(&m->st->seal, READ_ONCE(m->st->seal.current_slot));
	if (!m->seal)
		return VOXWALL_DROP_NO_KEY;
	return takes(m, m->seal) ? VOXWALL_DROP_NONE : VOXWALL_DROP_MALFORMED;
}

static int seal_rtp(struct vw_media *m)
{
	put_unaligned_be16(m->index, m->p + VW_RTP_SEQ);
	return vw_rtp_seal(m->seal, m->p, m->rtp.hdr_len, m->len, m->ssrc, m->index);
}

enum voxwall_drop vw_keyring_seal(struct vw_media *m)
{
	int err;

	if (m->rtcp)
		err = vw_rtcp_seal(m->seal, m->p, m->len, m->ssrc, m->send);
	else
		err = seal_rtp(m);
	if (err)
		return VOXWALL_DROP_NO_MEMORY;
	m->len += vw_key_tail(m->seal, m->rtcp);
	return VOXWALL_DROP_NONE;
}
