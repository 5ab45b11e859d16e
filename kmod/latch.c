// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "latch.h"
#include "media.h"
#include "trace.h"
#include "voxwall.h"

/* A latched source that has been silent for so long may have another address by now. */
static const unsigned int silence_ms[] = {
	[VW_LATCH_RTP] = 1000,
	[VW_LATCH_RTCP] = 20000,
};

#define lock_held(st)	lockdep_is_held(&(st)->vn->streams->lock)

/* ---- legs ---- */

/* A source has one port: that of what it has sent to. */
static bool is_rtcp(const struct vw_leg *from)
{
	return from->rtcp;
}

static __be16 port_of(const struct vw_leg *leg, bool rtcp)
{
	return rtcp ? leg->rtcp : leg->rtp;
}

static bool same_addr(const struct vw_leg *a, const struct vw_leg *b)
{
	return vw_leg_is(a, b->family, (const u8 *)&b->addr);
}

static bool same_leg(const struct vw_leg *a, const struct vw_leg *b)
{
	return same_addr(a, b) && a->rtp == b->rtp && a->rtcp == b->rtcp;
}

/* The very source, with a port. */
static bool is_at(const struct vw_leg *leg, const struct vw_leg *from)
{
	bool rtcp = is_rtcp(from);

	return same_addr(leg, from) && port_of(leg, rtcp) == port_of(from, rtcp);
}

/* Likewise, but a leg without a port says any. */
static bool fits(const struct vw_leg *leg, const struct vw_leg *from)
{
	return is_at(leg, from) || (same_addr(leg, from) && !port_of(leg, is_rtcp(from)));
}

/* ---- looking ---- */

static bool within(unsigned long since, unsigned int ms)
{
	return time_in_range(jiffies, since, since + msecs_to_jiffies(ms));
}

static bool is_held(const struct vw_latch *latch, bool rtcp)
{
	return latch->held & BIT(rtcp);
}

void vw_latch_heard(struct vw_latch *latch, bool rtcp)
{
	unsigned long now = jiffies;

	/* Other processors read it: no write that tells them nothing. */
	if (READ_ONCE(latch->seen[rtcp]) != now)
		WRITE_ONCE(latch->seen[rtcp], now);
}

static bool may_be_first(const struct vw_latch *latch, const struct vw_leg *told,
			 const struct vw_leg *from)
{
	return within(latch->opened, VOXWALL_LATCH_WINDOW_MS) &&
	       (!latch->only.family || same_addr(&latch->only, from) || same_addr(told, from));
}

/* Nothing but its address speaks for it. */
static enum vw_source look_clear(const struct vw_latch *latch, const struct vw_leg *told,
				 const struct vw_leg *from)
{
	bool rtcp = is_rtcp(from), candidate;

	if (is_held(latch, rtcp))
		candidate = within(latch->since[rtcp], VOXWALL_LATCH_WINDOW_MS) &&
			    is_at(told, from);
	else if (rtcp)
		candidate = same_addr(&latch->at, from);
	else if (latch->mode == VOXWALL_LATCH_SYMMETRIC)
		candidate = same_addr(told, from);
	else if (may_be_first(latch, told, from))
		candidate = true;
	else
		return fits(told, from) ? VW_SOURCE_KNOWN : VW_SOURCE_STRANGER;
	return candidate ? VW_SOURCE_CANDIDATE : VW_SOURCE_STRANGER;
}

enum vw_source vw_latch_look(const struct vw_stream *st, const struct vw_latch *latch,
			     const struct vw_leg *told, const struct vw_leg *from)
{
	bool rtcp = is_rtcp(from);

	if (is_held(latch, rtcp) && is_at(&latch->at, from))
		return VW_SOURCE_KNOWN;
	/* Nobody could be sent to there. */
	if (!port_of(from, rtcp))
		return VW_SOURCE_STRANGER;
	if (latch->mode != VOXWALL_LATCH_AUTHENTICATED)
		return look_clear(latch, told, from);
	if (READ_ONCE(st->open.suite))
		return VW_SOURCE_CANDIDATE;
	return fits(told, from) ? VW_SOURCE_KNOWN : VW_SOURCE_STRANGER;
}

/* ---- latching; the lock of the streams is held ---- */

static struct vw_latch *latch_of(const struct vw_stream *st)
{
	return rcu_dereference_protected(st->latch, lock_held(st));
}

static struct vw_target *target_of(const struct vw_stream *st)
{
	return rcu_dereference_protected(st->target, lock_held(st));
}

/* The same way, to be found anew. */
static void copy_target(struct vw_target *to, const struct vw_target *from)
{
	to->remote = from->remote;
	to->src = from->src;
	to->dst = from->dst;
}

/* Where the other direction has to send. */
static struct vw_leg where(const struct vw_latch *latch)
{
	struct vw_leg to = latch->back;
	bool mux = to.rtcp == to.rtp;

	if (is_held(latch, VW_LATCH_RTP)) {
		to.addr = latch->at.addr;
		to.rtp = latch->at.rtp;
		if (mux)
			to.rtcp = to.rtp;
	}
	if (is_held(latch, VW_LATCH_RTCP) && to.rtcp && !mux)
		to.rtcp = latch->at.rtcp;
	return to;
}

/* RTCP on the port of RTP has an authentic source, or is no sign of one. */
static bool is_proof(const struct vw_media *m, const struct vw_latch *latch)
{
	return m->opens || (latch->mode != VOXWALL_LATCH_AUTHENTICATED &&
			    m->rtcp == is_rtcp(m->from));
}

/*
 * An authentic packet may come from anywhere, also in the hands of somebody else, who
 * has been faster. Its owner goes on to be heard of then.
 */
static bool is_due(const struct vw_media *m, const struct vw_latch *latch)
{
	bool rtcp = is_rtcp(m->from);

	if (latch->mode != VOXWALL_LATCH_AUTHENTICATED)
		return true;
	if (rtcp && !same_addr(&latch->at, m->from))
		return false;
	return !is_held(latch, rtcp) ||
	       (m->newer && !within(READ_ONCE(latch->seen[rtcp]), silence_ms[rtcp]));
}

static void hold(struct vw_latch *latch, const struct vw_leg *told, const struct vw_leg *from)
{
	bool rtcp = is_rtcp(from);

	if (rtcp) {
		latch->at.rtcp = from->rtcp;
	} else {
		if (!same_addr(&latch->at, from))
			latch->held = 0;
		latch->at.addr = from->addr;
		latch->at.rtp = from->rtp;
		if (told->rtp && told->rtcp == told->rtp)
			latch->at.rtcp = from->rtp;
		else if (!latch->held)
			latch->at.rtcp = told->rtcp;
	}
	latch->held |= BIT(rtcp);
	latch->since[rtcp] = jiffies;
	latch->seen[rtcp] = jiffies;
}

static enum voxwall_drop take(struct vw_media *m, struct vw_latch *old)
{
	const struct vw_target *target = target_of(m->st);
	struct vw_stream *other = vw_stream_other(m->st, target);
	struct vw_target *moved = NULL;
	struct vw_latch *latch;
	struct vw_leg dst;

	latch = kmemdup(old, sizeof(*old), GFP_ATOMIC);
	if (!latch)
		goto err;
	hold(latch, &target->remote, m->from);
	if (other) {
		if (!latch->back.family)
			latch->back = target_of(other)->dst;
		dst = where(latch);
		if (!same_leg(&dst, &target_of(other)->dst)) {
			moved = vw_target_alloc(GFP_ATOMIC);
			if (!moved)
				goto err;
			copy_target(moved, target_of(other));
			moved->dst = dst;
		}
	}
	rcu_assign_pointer(m->st->latch, latch);
	kfree_rcu(old, rcu);
	if (moved)
		vw_stream_retarget(other, moved);
	trace_voxwall_stream(m->st->conf.id, "latch");
	return VOXWALL_DROP_NONE;

err:
	kfree(latch);
	/* Its tag speaks for the packet. */
	return m->opens ? VOXWALL_DROP_NONE : VOXWALL_DROP_NO_MEMORY;
}

static enum voxwall_drop settle(struct vw_media *m)
{
	const struct vw_leg *told = &target_of(m->st)->remote;
	struct vw_latch *latch = latch_of(m->st);
	enum vw_source source = VW_SOURCE_CANDIDATE;

	/* Another packet, or a change, may have been faster. */
	if (latch)
		source = vw_latch_look(m->st, latch, told, m->from);
	if (source == VW_SOURCE_CANDIDATE && (!latch || !is_proof(m, latch)))
		source = fits(told, m->from) ? VW_SOURCE_KNOWN : VW_SOURCE_STRANGER;
	if (source == VW_SOURCE_STRANGER)
		return VOXWALL_DROP_STREAM_SOURCE;
	if (source == VW_SOURCE_KNOWN || !is_due(m, latch))
		return VOXWALL_DROP_NONE;
	return take(m, latch);
}

enum voxwall_drop vw_latch_settle(struct vw_media *m)
{
	struct vw_streams *s = m->st->vn->streams;
	enum voxwall_drop drop;

	spin_lock(&s->lock);
	drop = settle(m);
	spin_unlock(&s->lock);
	return drop;
}

/* ---- changes ---- */

struct vw_latch *vw_latch_new(u8 mode, const struct vw_leg *told, const struct vw_leg *only)
{
	struct vw_latch *latch = kzalloc(sizeof(*latch), GFP_KERNEL_ACCOUNT);

	if (!latch)
		return NULL;
	latch->mode = mode;
	latch->at = *told;
	latch->only = *only;
	latch->opened = jiffies;
	return latch;
}

void vw_latch_plan_drop(struct vw_latch_plan *p)
{
	kfree(p->fresh);
	if (p->target)
		vw_target_free(p->target);
	if (p->spare)
		vw_target_free(p->spare);
}

/* The stream forgets its source, and the other direction with it. */
static void relatch(struct vw_stream *st, struct vw_latch_plan *p)
{
	struct vw_stream *other = vw_stream_other(st, target_of(st));
	struct vw_latch *old = latch_of(st);

	if (old && old->held && !(p->given & VW_LATCH_REMOTE) && p->fresh &&
	    p->fresh->mode == old->mode)
		return;
	if (old && old->back.family) {
		if (p->fresh)
			p->fresh->back = old->back;
		/* Without memory it goes on where it went, until the next change. */
		if (other && old->held && p->spare) {
			copy_target(p->spare, target_of(other));
			p->spare->dst = old->back;
			vw_stream_retarget(other, p->spare);
			p->spare = NULL;
		}
	}
	rcu_assign_pointer(st->latch, p->fresh);
	p->fresh = NULL;
	if (old)
		kfree_rcu(old, rcu);
}

/* What the stream is told; and where it goes, if the other direction knows better. */
static struct vw_leg redirect(struct vw_stream *st, const struct vw_target *target)
{
	struct vw_stream *other = vw_stream_other(st, target);
	struct vw_latch *latch = other ? latch_of(other) : NULL;

	if (!latch)
		return target->dst;
	latch->back = target->dst;
	return where(latch);
}

void vw_latch_carry_out(struct vw_stream *st, struct vw_latch_plan *p)
{
	struct vw_streams *s = st->vn->streams;

	lockdep_assert_held(&st->vn->lock);
	rcu_read_lock();
	spin_lock_bh(&s->lock);
	if (p->given & (VW_LATCH_MODE | VW_LATCH_REMOTE))
		relatch(st, p);
	if (p->target) {
		p->target->dst = p->given & VW_LATCH_DST ? redirect(st, p->target) :
							   target_of(st)->dst;
		vw_stream_retarget(st, p->target);
		p->target = NULL;
	}
	spin_unlock_bh(&s->lock);
	rcu_read_unlock();
}

void vw_latch_leave(struct vw_stream *st)
{
	struct vw_latch_plan p = { .given = VW_LATCH_MODE | VW_LATCH_REMOTE };

	if (!rcu_access_pointer(st->latch))
		return;
	p.spare = vw_target_alloc(GFP_KERNEL);
	vw_latch_carry_out(st, &p);
	vw_latch_plan_drop(&p);
}

void vw_latch_follow(struct vw_stream *st)
{
	struct vw_streams *s = st->vn->streams;
	struct vw_target *moved;
	struct vw_leg dst;

	lockdep_assert_held(&st->vn->lock);
	rcu_read_lock();
	spin_lock_bh(&s->lock);
	dst = redirect(st, target_of(st));
	if (!same_leg(&dst, &target_of(st)->dst)) {
		/* Without memory it goes where it was told to, until the next change. */
		moved = vw_target_alloc(GFP_ATOMIC);
		if (moved) {
			copy_target(moved, target_of(st));
			moved->dst = dst;
			vw_stream_retarget(st, moved);
		}
	}
	spin_unlock_bh(&s->lock);
	rcu_read_unlock();
}
