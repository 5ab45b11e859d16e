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

/* Without an MKI of its own a key may be meant by any packet. */
static bool may_open(const struct vw_media *m, const struct vw_key *key)
{
	return likely(!key->mki_len) || vw_key_is_named(key, m->p, m->len, m->rtcp);
}

/* The other one, too: a re-key while packets are in flight. */
static noinline enum voxwall_drop find_both(const struct vw_media *m, struct vw_key *other,
					    struct vw_key **ret, struct vw_key **ret_other)
{
	struct vw_key *key = *ret;

	if (vw_side_is_over(&m->st->open) || !may_open(m, other))
		other = NULL;
	*ret_other = other;
	if (may_open(m, key))
		return VOXWALL_DROP_NONE;
	*ret = other;
	*ret_other = NULL;
	return other ? VOXWALL_DROP_NONE : VOXWALL_DROP_MKI;
}

/* Those that the packet may have been sealed with, the current one first. */
static enum voxwall_drop find_keys(const struct vw_media *m, struct vw_key **ret,
				   struct vw_key **ret_other)
{
	unsigned int current_slot = READ_ONCE(m->st->open.current_slot);
	struct vw_key *other = key_of(&m->st->open, !current_slot);

	*ret = key_of(&m->st->open, current_slot);
	*ret_other = NULL;
	if (!*ret)
		return VOXWALL_DROP_NO_KEY;
	if (other)
		return find_both(m, other, ret, ret_other);
	return may_open(m, *ret) ? VOXWALL_DROP_NONE : VOXWALL_DROP_MKI;
}

/* Split the tail off and find the index, as this key has them. */
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

/* @keep: another key is waiting for the packet as it is. */
static enum voxwall_drop open_by(struct vw_media *m, struct vw_key *key, bool keep)
{
	struct vw_replay window;
	enum voxwall_drop drop;

	drop = parse_sealed(m, key, &window);
	if (drop)
		return drop;
	if (vw_replay_check(&window, m->index))
		return VOXWALL_DROP_REPLAY;
	return open_with(m, key, keep) ? VOXWALL_DROP_AUTH : VOXWALL_DROP_NONE;
}

/*
 * Each key reads the packet in its own way: with MKI or without, and with the suite's
 * tail. Two slots, so two authentications at most.
 */
enum voxwall_drop vw_keyring_open(struct vw_media *m)
{
	enum voxwall_drop drop, before = VOXWALL_DROP_NONE;
	struct vw_key *key, *other;
	size_t len = m->len;

	drop = find_keys(m, &key, &other);
	if (drop)
		return drop;
	for (;;) {
		drop = open_by(m, key, other);
		if (likely(!drop || !other))
			break;
		before = drop;
		m->len = len;
		key = other;
		other = NULL;
	}
	/* Of two reasons that of the one that was tried is the better one. */
	return drop && before == VOXWALL_DROP_AUTH ? before : drop;
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
	/* So far no division is worth while. */
	if (likely(used < life->limit / 2) || used < vw_life_warning(life))
		return VOXWALL_DROP_NONE;
	return key_ages(m, life, used);
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
