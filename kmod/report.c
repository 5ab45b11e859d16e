// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <net/netlink.h>

#include "core/rtcp.h"
#include "report.h"
#include "stream.h"
#include "voxwall.h"

/* The gateway's clock as RTCP counts, 1/65536 s. */
static u32 clock(void)
{
	u32 ns;
	u64 sec = div_u64_rem(ktime_get_ns(), NSEC_PER_SEC, &ns);

	return (u32)sec << 16 | (u32)div_u64((u64)ns << 16, NSEC_PER_SEC);
}

/*
 * A tag says who it is; in clear it takes an address with a port, and RTCP may have
 * come to either one.
 */
static bool believed(const struct vw_stream *st, const struct vw_target *target)
{
	bool one = st->conf.local.rtcp == st->conf.local.rtp;

	return READ_ONCE(st->open.suite) ||
	       (target->remote.rtp && (one || target->remote.rtcp));
}

static void learn(struct vw_stream *st, const struct vw_rtcp_view *v, u32 now)
{
	u32 newest = vw_ssrc_at(st, st->newest)->id;
	struct vw_report *r = &st->report;
	unsigned int i;

	for (i = 0; i < v->necho; i++)
		if (!vw_rtcp_trail_trip(&r->trail, &v->echo[i], now, &r->trip))
			r->has_trip = true;
	if (!st->nssrc)
		return;
	for (i = 0; i < v->nreport; i++) {
		if (v->report[i].source != newest)
			continue;
		r->block = v->report[i];
		r->seen = jiffies;
		r->has_block = true;
	}
	if (v->has_voip && v->voip.source == newest) {
		r->voip = v->voip;
		r->has_voip = true;
	}
}

static void remember(struct vw_stream *st, const struct vw_rtcp_view *v, u32 now)
{
	unsigned int i;

	for (i = 0; i < v->nstamp; i++)
		vw_rtcp_trail_add(&st->report.trail, &v->stamp[i], now);
}

void vw_report_read(struct vw_stream *st, const struct vw_target *target, const u8 *p, size_t len)
{
	struct vw_stream *other;
	struct vw_rtcp_view v;
	u32 now = clock();

	if (!believed(st, target) || vw_rtcp_read(p, len, &v))
		return;
	/* One lock after the other: the other way may be doing the same. */
	spin_lock(&st->lock);
	remember(st, &v, now);
	spin_unlock(&st->lock);
	other = vw_stream_other(st, target);
	if (!other)
		return;
	spin_lock(&other->lock);
	learn(other, &v, now);
	spin_unlock(&other->lock);
}

/* ---- telling ---- */

static int put_block(struct sk_buff *msg, const struct vw_stream *st)
{
	const struct vw_rtcp_report *b = &st->report.block;
	u64 us = div_u64((u64)b->jitter * USEC_PER_SEC, st->conf.clock_rate);
	u64 age = jiffies64_to_msecs(jiffies - st->report.seen);

	return nla_put_u32(msg, VOXWALL_A_REPORT_SOURCE, b->source) ?:
	       nla_put_u64_64bit(msg, VOXWALL_A_REPORT_AGE, age, VOXWALL_A_REPORT_PAD) ?:
	       nla_put_u8(msg, VOXWALL_A_REPORT_FRACTION, b->fraction) ?:
	       nla_put_s32(msg, VOXWALL_A_REPORT_LOST, b->lost) ?:
	       nla_put_u32(msg, VOXWALL_A_REPORT_JITTER, min_t(u64, us, U32_MAX));
}

static int put_known(struct sk_buff *msg, int type, u8 value)
{
	return value == VW_RTCP_VOIP_NONE ? 0 : nla_put_u8(msg, type, value);
}

static int put_voip(struct sk_buff *msg, const struct vw_rtcp_voip *v)
{
	if (nla_put_u8(msg, VOXWALL_A_REPORT_VOIP_LOSS, v->loss) ||
	    nla_put_u8(msg, VOXWALL_A_REPORT_VOIP_DISCARD, v->discard) ||
	    (v->end_delay && nla_put_u16(msg, VOXWALL_A_REPORT_VOIP_DELAY, v->end_delay)) ||
	    (v->bare && nla_put_flag(msg, VOXWALL_A_REPORT_VOIP_BARE)))
		return -EMSGSIZE;
	return put_known(msg, VOXWALL_A_REPORT_VOIP_R, v->r) ?:
	       put_known(msg, VOXWALL_A_REPORT_VOIP_MOS_LQ, v->mos_lq) ?:
	       put_known(msg, VOXWALL_A_REPORT_VOIP_MOS_CQ, v->mos_cq);
}

static u32 trip_us(u32 trip)
{
	return (u64)trip * USEC_PER_SEC >> 16;
}

int vw_report_put(struct sk_buff *msg, const struct vw_stream *st)
{
	const struct vw_report *r = &st->report;
	struct nlattr *nest;

	if (!r->has_block && !r->has_voip && !r->has_trip)
		return 0;
	nest = nla_nest_start(msg, VOXWALL_A_STREAM_REPORT);
	if (!nest || (r->has_block && put_block(msg, st)) ||
	    (r->has_trip && nla_put_u32(msg, VOXWALL_A_REPORT_ROUND_TRIP, trip_us(r->trip))) ||
	    (r->has_voip && put_voip(msg, &r->voip)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}
