// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/slab.h>

#include "ssrc.h"
#include "voxwall.h"

/* A timestamp that moves by more than this is a new beginning, not jitter. */
#define JITTER_MAX_US	(4 * USEC_PER_SEC)

static int find(const struct vw_stream *st, u32 id, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (READ_ONCE(vw_ssrc_at(st, i)->id) == id)
			return i;
	return -1;
}

/* The oldest source that no key remembers; -1: all are remembered. */
static int find_forgotten(const struct vw_stream *st, unsigned int n)
{
	u32 floor = READ_ONCE(st->floor), oldest = floor, epoch;
	int found = -1;
	unsigned int i;

	for (i = 0; i < n; i++) {
		epoch = READ_ONCE(vw_ssrc_at(st, i)->epoch);
		if (epoch >= oldest)
			continue;
		oldest = epoch;
		found = i;
	}
	return found;
}

enum voxwall_drop vw_ssrc_peek(const struct vw_stream *st, u32 id, bool rtcp,
			       struct vw_replay *ret)
{
	unsigned int n = smp_load_acquire(&st->nssrc);
	unsigned int seq;
	int i;

	do {
		seq = read_seqcount_begin(&st->seq);
		i = find(st, id, n);
		if (i >= 0)
			*ret = rtcp ? vw_ssrc_at(st, i)->rtcp : vw_ssrc_at(st, i)->rtp;
		else
			*ret = st->ssrc.rtp;
	} while (read_seqcount_retry(&st->seq, seq));
	if (i >= 0)
		return VOXWALL_DROP_NONE;
	/* The first source may be expected somewhere, see vw_ssrc_expect(). */
	if (n || rtcp || vw_replay_begun(ret))
		memset(ret, 0, sizeof(*ret));
	return n < VOXWALL_MAX_SSRCS || find_forgotten(st, n) >= 0 ?
	       VOXWALL_DROP_NONE : VOXWALL_DROP_SSRC_LIMIT;
}

bool vw_ssrc_is_stranger(struct vw_stream *st, u32 id)
{
	bool stranger;

	spin_lock_bh(&st->lock);
	stranger = st->nssrc && find(st, id, st->nssrc) < 0;
	spin_unlock_bh(&st->lock);
	return stranger;
}

u64 vw_ssrc_lost(const struct vw_ssrc *s)
{
	u64 expected = vw_replay_begun(&s->rtp) ? s->rtp.top - s->base + 1 : 0;

	return s->lost + (expected > s->received ? expected - s->received : 0);
}

/* Give the place to another; nothing of the source but its losses stays. */
static void replace(struct vw_stream *st, struct vw_ssrc *s, u32 id)
{
	st->lost += vw_ssrc_lost(s);
	write_seqcount_begin(&st->seq);
	memset(s, 0, sizeof(*s));
	WRITE_ONCE(s->id, id);
	write_seqcount_end(&st->seq);
}

/* Most streams have one source all their lives: room for others is made once, when the
 * second one comes. */
static bool has_room(struct vw_stream *st)
{
	if (st->nssrc && !st->more)
		st->more = kcalloc(VOXWALL_MAX_SSRCS - 1, sizeof(*st->more),
				   GFP_ATOMIC | __GFP_NOWARN);
	return !st->nssrc || st->more;
}

/*
 * Where the source is or will be; -1 when there is no place. A window that is
 * empty refuses nothing, so it may be emptied here already. Lock held.
 */
static int place(struct vw_stream *st, u32 id)
{
	int i = find(st, id, st->nssrc);

	if (i >= 0)
		return i;
	if (st->nssrc < VOXWALL_MAX_SSRCS)
		return has_room(st) ? st->nssrc : -1;
	i = find_forgotten(st, st->nssrc);
	if (i >= 0)
		replace(st, vw_ssrc_at(st, i), id);
	return i;
}

/* Count a new source in, once nothing can refuse its packet. */
static struct vw_ssrc *settle(struct vw_stream *st, int i, u32 id)
{
	struct vw_ssrc *s = vw_ssrc_at(st, i);

	WRITE_ONCE(s->epoch, st->epoch);
	if (i == st->nssrc) {
		s->id = id;
		smp_store_release(&st->nssrc, i + 1);
	}
	return s;
}

u32 vw_ssrc_epoch(struct vw_stream *st)
{
	u32 epoch;

	lockdep_assert_held(&st->vn->lock);
	spin_lock_bh(&st->lock);
	epoch = ++st->epoch;
	spin_unlock_bh(&st->lock);
	return epoch;
}

void vw_ssrc_floor(struct vw_stream *st, u32 floor)
{
	spin_lock_bh(&st->lock);
	WRITE_ONCE(st->floor, floor);
	spin_unlock_bh(&st->lock);
}

int vw_ssrc_expect(struct vw_stream *st, u64 index)
{
	int err = -EBUSY;

	spin_lock_bh(&st->lock);
	if (!st->nssrc) {
		write_seqcount_begin(&st->seq);
		st->ssrc.rtp.top = index;
		write_seqcount_end(&st->seq);
		err = 0;
	}
	spin_unlock_bh(&st->lock);
	return err;
}

static enum voxwall_drop index_refuse(const struct vw_replay *w, u64 index, u64 max)
{
	if (index > max)
		return VOXWALL_DROP_KEY_LIMIT;
	return vw_replay_check(w, index) ? VOXWALL_DROP_REPLAY : VOXWALL_DROP_NONE;
}

/* RFC 3550, A.8, in microseconds instead of units of the timestamp. */
static void jitter_add(struct vw_ssrc *s, u32 ts, u64 now, u32 clock_rate)
{
	s64 sent = (s64)(s32)(ts - s->ts) * USEC_PER_SEC;
	s64 came = div_u64(now - s->arrival, NSEC_PER_USEC);
	s64 d;

	if (s->arrival) {
		d = abs(came - div_s64(sent, clock_rate));
		if (d < JITTER_MAX_US)
			s->jitter += d - ((s->jitter + 8) >> 4);
	}
	s->arrival = now;
	s->ts = ts;
}

/* Begin to count losses anew from @index on. */
static void rebase(struct vw_ssrc *s, u64 index)
{
	s->lost = vw_ssrc_lost(s);
	s->base = index;
	s->received = 0;
}

static void window_move(struct vw_stream *st, struct vw_ssrc *s, u64 index, bool restart)
{
	if (restart || !vw_replay_begun(&s->rtp))
		rebase(s, index);
	write_seqcount_begin(&st->seq);
	if (restart)
		memset(&s->rtp, 0, sizeof(s->rtp));
	vw_replay_commit(&s->rtp, index);
	write_seqcount_end(&st->seq);
}

/* The index of a clear packet; 0 or why it can't be sealed. */
static enum voxwall_drop index_of_clear(struct vw_ssrc *s, u16 seq, unsigned int how, u64 *ret)
{
	int err;

	if (!(how & VW_SSRC_SEALED)) {
		*ret = vw_srtp_index(&s->rtp, seq + s->sender.shift);
		return index_refuse(&s->rtp, *ret, VW_SRTP_INDEX_MAX);
	}
	err = vw_sender_index(&s->sender, &s->rtp, seq, ret);
	if (err == -EOVERFLOW)
		return VOXWALL_DROP_KEY_LIMIT;
	return err ? VOXWALL_DROP_REPLAY : VOXWALL_DROP_NONE;
}

/* Whoever committed with a key before this lock has seen the suite set, and so do we. */
static bool is_protected(const struct vw_stream *st)
{
	return READ_ONCE(st->open.suite) || READ_ONCE(st->seal.suite);
}

/* Claim the index and keep the source's statistics. */
static enum voxwall_drop track(struct vw_stream *st, int i, const struct vw_rtp *rtp,
			       unsigned int how, u64 *index, u64 now)
{
	struct vw_ssrc *s = vw_ssrc_at(st, i);
	enum voxwall_drop drop;
	bool restart = false;

	if (how & VW_SSRC_OPENED)
		drop = index_refuse(&s->rtp, *index, VW_SRTP_INDEX_MAX);
	else
		drop = index_of_clear(s, rtp->seq, how, index);
	if (drop && how)
		return drop;
	/*
	 * What is only relayed needs no window; it follows the sender, but not back behind
	 * packets with keys, which have come since this one arrived.
	 */
	if (drop && !is_protected(st))
		restart = vw_replay_check(&s->rtp, *index) != -EEXIST;

	settle(st, i, rtp->ssrc);
	if (!drop || restart) {
		window_move(st, s, *index, restart);
		s->received++;
	}
	s->packets++;
	s->pt = rtp->pt;
	jitter_add(s, rtp->ts, now, st->conf.clock_rate);
	st->newest = i;
	return VOXWALL_DROP_NONE;
}

static enum voxwall_drop commit_rtp(struct vw_stream *st, const struct vw_rtp *rtp,
				    unsigned int how, u64 *index, unsigned int bytes, u64 now)
{
	/* Most streams have one source all their lives. */
	int i = likely(st->nssrc && st->ssrc.id == rtp->ssrc) ? 0 : place(st, rtp->ssrc);
	enum voxwall_drop drop = VOXWALL_DROP_NONE;

	/* What is only relayed needs no place either. */
	if (i >= 0)
		drop = track(st, i, rtp, how, index, now);
	else if (how)
		drop = VOXWALL_DROP_SSRC_LIMIT;
	if (drop)
		return drop;
	st->packets++;
	st->bytes += bytes;
	return VOXWALL_DROP_NONE;
}

enum voxwall_drop vw_ssrc_commit_rtp(struct vw_stream *st, const struct vw_rtp *rtp,
				     unsigned int how, u64 *index, unsigned int bytes)
{
	u64 now = ktime_get_ns();
	enum voxwall_drop drop;

	spin_lock(&st->lock);
	drop = commit_rtp(st, rtp, how, index, bytes, now);
	spin_unlock(&st->lock);
	if (!drop)
		WRITE_ONCE(st->last_good, jiffies);
	return drop;
}

static enum voxwall_drop commit_rtcp(struct vw_stream *st, u32 id, unsigned int how,
				     u32 opened, u32 *ret_send)
{
	enum voxwall_drop drop;
	struct vw_ssrc *s;
	int i;

	/* What is only relayed needs no place. */
	if (how) {
		i = place(st, id);
		if (i < 0)
			return VOXWALL_DROP_SSRC_LIMIT;
		s = vw_ssrc_at(st, i);
		if (how & VW_SSRC_OPENED) {
			drop = index_refuse(&s->rtcp, opened, VW_SRTCP_INDEX_MAX);
			if (drop)
				return drop;
		}
		if (how & VW_SSRC_SEALED && s->rtcp_next > VW_SRTCP_INDEX_MAX)
			return VOXWALL_DROP_KEY_LIMIT;

		settle(st, i, id);
		if (how & VW_SSRC_OPENED) {
			write_seqcount_begin(&st->seq);
			vw_replay_commit(&s->rtcp, opened);
			write_seqcount_end(&st->seq);
		}
		if (how & VW_SSRC_SEALED)
			*ret_send = s->rtcp_next++;
	}
	st->rtcp_packets++;
	return VOXWALL_DROP_NONE;
}

enum voxwall_drop vw_ssrc_commit_rtcp(struct vw_stream *st, u32 id, unsigned int how,
				      u32 opened, u32 *ret_send)
{
	enum voxwall_drop drop;

	spin_lock(&st->lock);
	drop = commit_rtcp(st, id, how, opened, ret_send);
	spin_unlock(&st->lock);
	if (!drop)
		WRITE_ONCE(st->last_good, jiffies);
	return drop;
}
