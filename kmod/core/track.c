// SPDX-License-Identifier: GPL-2.0-or-later
#include "track.h"

/* Steps of the sequence number: what continues, what loss or reordering explains. */
#define SEQ_NEAR	4
#define SEQ_FAR		100

/*
 * Steps of the timestamp. 40 is 5 ms at 8 kHz, the least that voice does;
 * protocols that count milliseconds or packets there step less. Nothing runs
 * faster than 192 kHz, nor slower than half of 8 kHz once it is measured.
 */
#define TS_STEP_MIN	40
#define TS_PER_MS_MAX	192
#define TS_PER_MS_MIN	4
#define TS_BACK_MAX	180000	/* pictures sent out of order: 2 s at 90 kHz */
#define SLACK_MS	1000	/* what a network may delay */
#define PACE_SLACK_MS	60
#define MOVED_MIN	2
#define STUCK_MAX	8
#define STILL_MAX	128	/* packets of one picture */

struct vw_track *vw_track_find(struct vw_flow *flow, u32 ssrc, bool rtcp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flow->track); i++) {
		struct vw_track *t = &flow->track[i];

		if (t->good && t->ssrc == ssrc && (t->pt == VW_TRACK_RTCP) == rtcp)
			return t;
	}
	return NULL;
}

struct vw_track *vw_track_weakest(struct vw_flow *flow)
{
	struct vw_track *a = &flow->track[0];
	struct vw_track *b = &flow->track[1];

	if (a->good != b->good)
		return a->good < b->good ? a : b;
	return (s32)(a->last_ms - b->last_ms) <= 0 ? a : b;
}

void vw_track_begin(struct vw_track *t, const struct vw_rtp *rtp, u32 now)
{
	memset(t, 0, sizeof(*t));
	t->ssrc = rtp->ssrc;
	t->ts = rtp->ts;
	t->base_ts = rtp->ts;
	t->base_ms = now;
	t->last_ms = now;
	t->seq = rtp->seq;
	t->pt = rtp->pt;
	t->good = 1;
}

/* 0 for a clock that was set back. */
static u32 since(u32 then, u32 now)
{
	return (s32)(now - then) > 0 ? now - then : 0;
}

static inline void count(u8 *n)
{
	if (*n < 0xff)
		++*n;
}

/* The timestamp of a packet that comes next. */
static enum vw_step time_step(struct vw_track *t, const struct vw_rtp *rtp, u32 ms)
{
	s32 by = (s32)(rtp->ts - t->ts);
	u64 most = ((u64)ms + SLACK_MS) * TS_PER_MS_MAX;

	if (!by)
		return VW_STEP_CONTINUES;
	if (by < 0)
		return by >= -TS_BACK_MAX ? VW_STEP_NEUTRAL : VW_STEP_BREAKS;
	if (by < TS_STEP_MIN || (u64)by > most)
		return VW_STEP_BREAKS;
	count(&t->moved);
	return VW_STEP_CONTINUES;
}

enum vw_step vw_track_step(struct vw_track *t, const struct vw_rtp *rtp, u32 now,
			   enum vw_why *ret_why)
{
	int by = (s16)(rtp->seq - t->seq);
	u32 ms = since(t->last_ms, now);
	enum vw_step step = VW_STEP_NEUTRAL;

	*ret_why = VW_WHY_RTP_SEQ_JUMPS;
	if (by <= 0 && by >= -SEQ_FAR)
		goto out;	/* again, or late */
	if (by < 0 || by > SEQ_FAR)
		return VW_STEP_BREAKS;
	if (by <= SEQ_NEAR && rtp->pt == t->pt) {
		*ret_why = VW_WHY_RTP_TIME_ERRATIC;
		step = time_step(t, rtp, ms);
		if (step == VW_STEP_BREAKS)
			return VW_STEP_BREAKS;
	}
	if (rtp->pt != t->pt)
		*ret_why = VW_WHY_RTP_PT_UNSTEADY;
	t->seq = rtp->seq;
	t->ts = rtp->ts;
	t->pt = rtp->pt;
	t->last_ms = now;
out:
	if (step == VW_STEP_CONTINUES) {
		count(&t->good);
		t->stuck = 0;
	} else if (++t->stuck >= STUCK_MAX) {
		return VW_STEP_BREAKS;
	}
	return step;
}

static bool keeps_pace(const struct vw_track *t, u32 now)
{
	u32 ms = since(t->base_ms, now);
	u32 by = t->ts - t->base_ts;

	return ms <= PACE_SLACK_MS || by >= (u64)(ms - PACE_SLACK_MS) * TS_PER_MS_MIN;
}

bool vw_track_stands(const struct vw_track *t)
{
	return t->moved < MOVED_MIN;
}

enum vw_step vw_track_proof(struct vw_track *t, u8 need, u32 now)
{
	if (vw_track_stands(t) ? t->good < STILL_MAX : t->good < need)
		return VW_STEP_NEUTRAL;
	if (!vw_track_stands(t) && keeps_pace(t, now))
		return VW_STEP_CONTINUES;
	t->base_ms = now;
	t->base_ts = t->ts;
	t->good = 1;
	t->moved = 0;
	return VW_STEP_BREAKS;
}

enum vw_step vw_track_step_srtcp(struct vw_track *t, const struct vw_content *c)
{
	size_t tail = c->f->payload_len % 4 == 2 ? 14 : 4;
	u32 index;

	if (c->have < c->f->payload_len || c->have < VW_RTCP_HDR_LEN + tail)
		return VW_STEP_NEUTRAL;
	index = get_unaligned_be32(c->p + c->have - tail) & 0x7fffffff;
	if (index <= t->ts || index - t->ts > SEQ_FAR) {
		t->ts = index;
		return VW_STEP_BREAKS;
	}
	t->ts = index;
	count(&t->good);
	return VW_STEP_CONTINUES;
}
