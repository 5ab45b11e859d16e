// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "core/rtp.h"
#include "crypto.h"
#include "diagnosis.h"
#include "media.h"
#include "ssrc.h"
#include "stream.h"
#include "voxwall.h"

/* Whatever is sent to a namespace, it looks at so many packets in so long a time. */
#define SAMPLES_MAX	32
#define PERIOD		HZ

/* Voice is shorter, and video has short packets, too. */
#define SAMPLE_LEN	1500
#define SAMPLE_ROOM	max_t(size_t, VW_SRTP_MAX_TAIL, VW_RTP_ROOM)

/*
 * Beside one more and one less than expected: a sender that has begun anew with 0, and
 * one that has been at it for hours before the gateway came (2^16 packets are 22
 * minutes at 50 a second).
 */
#define ROCS_TRIED	8

/**
 * struct vw_sample - a copy of a refused packet
 * @node: in vw_diagnoses, or in the work's own list
 * @st: its stream, to be compared only; nobody follows it
 * @id: finds the stream
 * @epoch: of the stream, and so of its keys
 * @garbler: the key that was tried last, to be compared only; NULL: none was
 * @index: packet index that was expected; 0 for SRTCP
 * @ssrc: from the header
 * @len: bytes of @p as they came, tag and all
 * @head: of them in clear
 * @drop: why it was refused, enum voxwall_drop
 * @rtcp: it is SRTCP
 * @p: with SAMPLE_ROOM bytes behind it
 */
struct vw_sample {
	struct list_head node;
	const struct vw_stream *st;
	const struct vw_key *garbler;
	u64 index;
	u32 id;
	u32 epoch;
	u32 ssrc;
	u16 len;
	u16 head;
	u8 drop;
	bool rtcp;
	u8 p[];
};

/* Opening borrows them, one sample after the other. */
static_assert(offsetof(struct vw_sample, p) >= VW_GCM_FRONT);

/* ---- on the packet path ---- */

static bool is_puzzling(enum voxwall_drop drop)
{
	return drop == VOXWALL_DROP_AUTH || drop == VOXWALL_DROP_REPLAY ||
	       drop == VOXWALL_DROP_SSRC_LIMIT;
}

/* It may neither wait nor touch what is kept for emergencies. */
static struct vw_sample *sample_new(const struct vw_media *m, enum voxwall_drop drop)
{
	size_t len = m->skb->len;
	struct vw_sample *s;

	s = kmalloc(struct_size(s, p, len + SAMPLE_ROOM), GFP_NOWAIT | __GFP_NOWARN);
	if (!s)
		return NULL;
	s->st = m->st;
	s->id = m->st->conf.id;
	s->epoch = READ_ONCE(m->st->epoch);
	s->garbler = drop == VOXWALL_DROP_AUTH ? m->open : NULL;
	/* A source without a place begins like every other. */
	s->index = m->rtcp ? 0 : drop == VOXWALL_DROP_SSRC_LIMIT ? m->rtp.seq : m->index;
	s->ssrc = m->ssrc;
	s->len = len;
	s->head = m->rtcp ? VW_RTCP_HDR_LEN : m->rtp.hdr_len;
	s->drop = drop;
	s->rtcp = m->rtcp;
	memcpy(s->p, m->p, len);
	return s;
}

/*
 * One of each stream at a time. The packet path is inside of an RCU section, so the end
 * of the stream, and of its namespace, come after.
 */
static bool sample_add(struct vw_diagnoses *d, struct vw_stream *st, struct vw_sample *s)
{
	bool added = false;

	spin_lock(&d->lock);
	if (!st->sampled && d->n < SAMPLES_MAX) {
		WRITE_ONCE(st->sampled, true);
		list_add_tail(&s->node, &d->samples);
		WRITE_ONCE(d->n, d->n + 1);
		added = true;
	}
	spin_unlock(&d->lock);
	return added;
}

static unsigned long wait_until(unsigned long then)
{
	unsigned long now = jiffies;

	return time_before(now, then) ? then - now : 0;
}

void vw_diagnosis_take(struct vw_media *m, enum voxwall_drop drop)
{
	struct vw_diagnoses *d = &m->st->vn->streams->diagnoses;
	struct vw_sample *s;

	if (!is_puzzling(drop) || m->skb->len > SAMPLE_LEN || READ_ONCE(d->n) >= SAMPLES_MAX)
		return;
	s = sample_new(m, drop);
	if (!s)
		return;
	if (sample_add(d, m->st, s))
		queue_delayed_work(system_power_efficient_wq, &d->work,
				   wait_until(READ_ONCE(d->next)));
	else
		kfree_sensitive(s);
}

/* ---- looking at it ---- */

static const struct vw_key *key_of(const struct vw_stream *st, unsigned int slot)
{
	return rcu_dereference_protected(st->open.slot[slot], lockdep_is_held(&st->vn->lock));
}

/* Does this key open it? When it doesn't, the sample is as before. */
static bool fits(struct vw_sample *s, const struct vw_key *key, u64 index)
{
	size_t tail = vw_key_tail(key, s->rtcp), len = s->len - tail;

	if (s->len < s->head + tail)
		return false;
	if (s->rtcp)
		return !vw_rtcp_open(key, s->p, len, s->ssrc, vw_rtcp_word(key, s->p, len));
	return !vw_rtp_open(key, s->p, s->head, len, s->ssrc, index, true);
}

static bool any_fits(const struct vw_stream *st, struct vw_sample *s, u64 index)
{
	const struct vw_key *key;
	unsigned int i;

	for (i = 0; i < VW_STREAM_SLOTS; i++) {
		key = key_of(st, i);
		if (key && fits(s, key, index))
			return true;
	}
	return false;
}

/* The likely ones, the likeliest first; past 32 bits: no counter. */
static u64 roc_to_try(u64 expected, unsigned int i)
{
	switch (i) {
	case 0:
		return expected;
	case 1:
		return expected + 1;
	case 2:
		return expected - 1;
	}
	return i - 3;
}

/* The rollover counter that opens it; -ENOENT: none of those. */
static int find_roc(const struct vw_stream *st, struct vw_sample *s, u32 *ret)
{
	unsigned int i;
	u64 roc;

	for (i = 0; i < 3 + ROCS_TRIED; i++) {
		roc = roc_to_try(s->index >> 16, i);
		if (roc > U32_MAX || !any_fits(st, s, roc << 16 | (s->index & 0xffff)))
			continue;
		*ret = roc;
		return 0;
	}
	return -ENOENT;
}

/*
 * A driver of GCM decrypts before it compares, and what it leaves behind is no
 * ciphertext any more; encrypting it again gives that back. Twice changes nothing.
 */
static bool ungarble(const struct vw_stream *st, struct vw_sample *s)
{
	u8 tail[VW_SRTP_MAX_TAIL];
	const struct vw_key *key;
	unsigned int i;
	size_t len;

	for (i = 0; i < VW_STREAM_SLOTS; i++) {
		key = key_of(st, i);
		if (!key || key != s->garbler || s->rtcp || key->suite->cipher != VW_CIPHER_GCM)
			continue;
		len = s->len - vw_key_tail(key, false);
		memcpy(tail, s->p + len, s->len - len);
		vw_rtp_seal(key, s->p, s->head, len, s->ssrc, s->index);
		/* Header extensions hadn't been decrypted. */
		if (key->rare)
			vw_rare_extensions(key->rare, key->suite, s->p, s->ssrc, s->index);
		memcpy(s->p + len, tail, s->len - len);
		return true;
	}
	return false;
}

/* The library, which stands in for a driver, has compared first. */
static int open_it(const struct vw_stream *st, struct vw_sample *s, u32 *ret_roc)
{
	int err;

	if (s->rtcp)
		return any_fits(st, s, 0) ? 0 : -ENOENT;
	if (ungarble(st, s)) {
		err = find_roc(st, s, ret_roc);
		if (!err)
			return 0;
		ungarble(st, s);
	}
	return find_roc(st, s, ret_roc);
}

/* SRTCP that says to be in clear where it may not be isn't even tried. */
static bool is_untried(const struct vw_stream *st, const struct vw_sample *s)
{
	const struct vw_key *key;
	unsigned int i;
	size_t tail;

	for (i = 0; s->rtcp && i < VW_STREAM_SLOTS; i++) {
		key = key_of(st, i);
		tail = key ? vw_key_tail(key, true) : 0;
		if (key && s->len >= s->head + tail && !key->rtcp_clear &&
		    !(vw_rtcp_word(key, s->p, s->len - tail) & VW_SRTCP_E_BIT))
			return true;
	}
	return false;
}

/* The verdict; -ENODATA: there is none. */
static int judge(struct vw_stream *st, struct vw_sample *s, u32 *ret_roc)
{
	u32 expected = s->index >> 16;

	*ret_roc = expected;
	if (open_it(st, s, ret_roc)) {
		if (is_untried(st, s))
			return -ENODATA;
		return vw_ssrc_is_stranger(st, s->ssrc) ? VOXWALL_DIAGNOSIS_UNKNOWN_SSRC :
							  VOXWALL_DIAGNOSIS_WRONG_KEY;
	}
	if (*ret_roc + 1 == expected || *ret_roc == expected + 1)
		return VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE;
	if (*ret_roc != expected)
		return VOXWALL_DIAGNOSIS_ROC_OFF;
	if (s->drop == VOXWALL_DROP_REPLAY)
		return VOXWALL_DIAGNOSIS_REPLAYED;
	return s->drop == VOXWALL_DROP_SSRC_LIMIT ? VOXWALL_DIAGNOSIS_SSRC_LIMIT : -ENODATA;
}

static struct vw_diagnosis *diagnosis_of(struct vw_diagnoses *d, u32 id)
{
	struct vw_diagnosis *one = xa_load(&d->by_id, id);

	if (one)
		return one;
	one = kzalloc(sizeof(*one), GFP_KERNEL_ACCOUNT);
	if (!one || !xa_err(xa_store(&d->by_id, id, one, GFP_KERNEL_ACCOUNT)))
		return one;
	kfree(one);
	return NULL;
}

static void diagnose(struct vw_diagnoses *d, struct vw_stream *st, struct vw_sample *s)
{
	struct vw_diagnosis *one;
	int verdict;
	u32 roc;

	verdict = judge(st, s, &roc);
	if (verdict < 0)
		return;
	one = diagnosis_of(d, s->id);
	if (!one)
		return;
	one->seen = jiffies;
	one->verdict = verdict;
	one->rtcp = s->rtcp;
	one->ssrc = s->ssrc;
	one->roc = roc;
	one->expected = s->index >> 16;
	one->counts[verdict]++;
}

static void samples_grab(struct vw_diagnoses *d, struct list_head *ret)
{
	spin_lock_bh(&d->lock);
	list_splice_init(&d->samples, ret);
	WRITE_ONCE(d->n, 0);
	spin_unlock_bh(&d->lock);
}

/*
 * Keys and streams stay what they are while vn->lock is held. A stream that isn't in the
 * table any more, or another one in its place, has nothing to do with the sample; and
 * the same one with other keys would be judged by them.
 */
static void diagnose_work(struct work_struct *work)
{
	struct vw_diagnoses *d = container_of(to_delayed_work(work), struct vw_diagnoses, work);
	struct vw_sample *s, *next;
	struct vw_stream *st;
	LIST_HEAD(samples);

	/* Never waits: vw_diagnoses_exit() cancels this with the lock held. */
	if (!mutex_trylock(&d->vn->lock)) {
		queue_delayed_work(system_power_efficient_wq, &d->work, 1);
		return;
	}
	samples_grab(d, &samples);
	WRITE_ONCE(d->next, jiffies + PERIOD);
	list_for_each_entry_safe(s, next, &samples, node) {
		st = vw_stream_find(d->vn, s->id);
		if (st && st == s->st) {
			if (st->epoch == s->epoch)
				diagnose(d, st, s);
			WRITE_ONCE(st->sampled, false);
		}
		kfree_sensitive(s);
		cond_resched();
	}
	mutex_unlock(&d->vn->lock);
}

/* ---- life ---- */

void vw_diagnoses_init(struct vw_diagnoses *d, struct vw_net *vn)
{
	d->vn = vn;
	xa_init_flags(&d->by_id, XA_FLAGS_ACCOUNT);
	INIT_DELAYED_WORK(&d->work, diagnose_work);
	d->next = jiffies;
	spin_lock_init(&d->lock);
	INIT_LIST_HEAD(&d->samples);
}

void vw_diagnoses_exit(struct vw_diagnoses *d)
{
	cancel_delayed_work_sync(&d->work);
	/* Every stream has taken its own along. */
	WARN_ON_ONCE(!list_empty(&d->samples) || !xa_empty(&d->by_id));
	xa_destroy(&d->by_id);
}

void vw_diagnosis_forget(struct vw_stream *st)
{
	lockdep_assert_held(&st->vn->lock);
	kfree(xa_erase(&st->vn->streams->diagnoses.by_id, st->conf.id));
}

void vw_diagnosis_purge(struct vw_stream *st)
{
	struct vw_diagnoses *d = &st->vn->streams->diagnoses;
	struct vw_sample *s, *next;

	if (!st->sampled)
		return;
	spin_lock_bh(&d->lock);
	list_for_each_entry_safe(s, next, &d->samples, node) {
		if (s->st != st)
			continue;
		list_del(&s->node);
		WRITE_ONCE(d->n, d->n - 1);
		kfree_sensitive(s);
	}
	spin_unlock_bh(&d->lock);
}

/* ---- telling ---- */

static int put_rocs(struct sk_buff *msg, const struct vw_diagnosis *one)
{
	return nla_put_u32(msg, VOXWALL_A_DIAGNOSIS_ROC, one->roc) ?:
	       nla_put_u32(msg, VOXWALL_A_DIAGNOSIS_EXPECTED_ROC, one->expected);
}

int vw_diagnosis_put(struct sk_buff *msg, const struct vw_stream *st)
{
	const struct vw_diagnosis *one = xa_load(&st->vn->streams->diagnoses.by_id, st->conf.id);
	struct nlattr *nest;
	u64 age;

	if (!one)
		return 0;
	age = jiffies64_to_msecs(jiffies - one->seen);
	nest = nla_nest_start(msg, VOXWALL_A_STREAM_DIAGNOSIS);
	if (!nest ||
	    nla_put_u8(msg, VOXWALL_A_DIAGNOSIS_VERDICT, one->verdict) ||
	    nla_put_u64_64bit(msg, VOXWALL_A_DIAGNOSIS_AGE, age, VOXWALL_A_DIAGNOSIS_PAD) ||
	    nla_put_u32(msg, VOXWALL_A_DIAGNOSIS_SSRC, one->ssrc) ||
	    (one->roc != one->expected && put_rocs(msg, one)) ||
	    (one->rtcp && nla_put_flag(msg, VOXWALL_A_DIAGNOSIS_RTCP)) ||
	    nla_put(msg, VOXWALL_A_DIAGNOSIS_COUNTS, sizeof(one->counts), one->counts))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}
