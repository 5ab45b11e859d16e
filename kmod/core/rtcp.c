// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtcp.h"

enum { TYPE_MIN = 192, TYPE_SR = 200, TYPE_RR = 201, TYPE_XR = 207, TYPE_MAX = 223 };
enum { BLOCK_RRT = 4, BLOCK_DLRR = 5, BLOCK_VOIP = 7 };

#define WORD		4u
#define HEAD		8u	/* first word and the sender's SSRC */
#define SENDER_INFO	20u
#define REPORT		24u
#define BLOCK_HEAD	4u
#define RRT_LEN		12u
#define DLRR_SUB	12u
#define VOIP_LEN	36u
#define PLC_DISABLED	1	/* RFC 3611, 4.7.6 */

/* The clocks of both sides tick 15 us apart: a trip of nothing may come out below. */
#define SLACK		(VW_RTCP_SECOND / 1000)

static inline u32 word(const u8 *p)
{
	return get_unaligned_be32(p);
}

/* A timestamp of zero is none: of a sender without a clock, or not come yet. */
static void add_stamp(struct vw_rtcp_view *v, u32 source, u32 stamp)
{
	if (stamp && v->nstamp < VW_RTCP_MAX_STAMPS)
		v->stamp[v->nstamp++] = (struct vw_rtcp_stamp){ source, stamp };
}

static void add_echo(struct vw_rtcp_view *v, u32 source, u32 stamp, u32 delay)
{
	if (stamp && v->necho < VW_RTCP_MAX_ECHOES)
		v->echo[v->necho++] = (struct vw_rtcp_echo){ source, stamp, delay };
}

static void add_report(struct vw_rtcp_view *v, const u8 *p)
{
	struct vw_rtcp_report *r = &v->report[v->nreport];

	add_echo(v, word(p), word(p + 16), word(p + 20));
	if (v->nreport == VW_RTCP_MAX_REPORTS)
		return;
	v->nreport++;
	r->source = word(p);
	r->fraction = p[4];
	/* 24 bits, signed */
	r->lost = (s32)(word(p + 4) << 8) / 256;
	r->highest = word(p + 8);
	r->jitter = word(p + 12);
}

/* A sender or receiver report. Profiles may add what they like at its end. */
static int read_report(const u8 *p, size_t len, struct vw_rtcp_view *v)
{
	unsigned int count = p[0] & 0x1f, i;
	size_t at = HEAD;

	if (p[1] == TYPE_SR)
		at += SENDER_INFO;
	if (at + count * REPORT > len)
		return -EBADMSG;
	if (p[1] == TYPE_SR)
		add_stamp(v, word(p + 4), word(p + 10));
	for (i = 0; i < count; i++, at += REPORT)
		add_report(v, p + at);
	return 0;
}

/* ---- extended reports ---- */

static void read_dlrr(const u8 *p, size_t len, struct vw_rtcp_view *v)
{
	size_t at;

	for (at = BLOCK_HEAD; at + DLRR_SUB <= len; at += DLRR_SUB)
		add_echo(v, word(p + at), word(p + at + 4), word(p + at + 8));
}

static void read_voip(const u8 *p, struct vw_rtcp_view *v)
{
	v->has_voip = true;
	v->voip.source = word(p + 4);
	v->voip.loss = p[8];
	v->voip.discard = p[9];
	v->voip.round_trip = get_unaligned_be16(p + 16);
	v->voip.end_delay = get_unaligned_be16(p + 18);
	v->voip.r = p[24] <= 100 ? p[24] : VW_RTCP_VOIP_NONE;
	v->voip.mos_lq = p[26] >= 10 && p[26] <= 50 ? p[26] : VW_RTCP_VOIP_NONE;
	v->voip.mos_cq = p[27] >= 10 && p[27] <= 50 ? p[27] : VW_RTCP_VOIP_NONE;
	v->voip.bare = p[28] >> 6 == PLC_DISABLED;
}

static int read_block(const u8 *p, size_t len, u32 from, struct vw_rtcp_view *v)
{
	switch (p[0]) {
	case BLOCK_RRT:
		if (len != RRT_LEN)
			return -EBADMSG;
		add_stamp(v, from, word(p + 6));
		return 0;
	case BLOCK_DLRR:
		if ((len - BLOCK_HEAD) % DLRR_SUB)
			return -EBADMSG;
		read_dlrr(p, len, v);
		return 0;
	case BLOCK_VOIP:
		if (len != VOIP_LEN)
			return -EBADMSG;
		read_voip(p, v);
		return 0;
	}
	return 0;
}

static int read_xr(const u8 *p, size_t len, unsigned int *parts, struct vw_rtcp_view *v)
{
	size_t at, own;
	int err;

	if (len < HEAD)
		return -EBADMSG;
	for (at = HEAD; at < len; at += own) {
		if (len - at < BLOCK_HEAD)
			return -EBADMSG;
		own = (get_unaligned_be16(p + at + 2) + 1) * WORD;
		if (own > len - at)
			return -EBADMSG;
		if (++*parts > VW_RTCP_MAX_PARTS)
			return -E2BIG;
		err = read_block(p + at, own, word(p + 4), v);
		if (err)
			return err;
	}
	return 0;
}

/* ---- the compound ---- */

static int read_packet(const u8 *p, size_t len, unsigned int *parts, struct vw_rtcp_view *v)
{
	switch (p[1]) {
	case TYPE_SR:
	case TYPE_RR:
		return read_report(p, len, v);
	case TYPE_XR:
		return read_xr(p, len, parts, v);
	}
	return 0;
}

/* What the padding leaves of a packet; 0: it lies. */
static size_t unpadded(const u8 *p, size_t len, bool last)
{
	u8 pad = p[len - 1];

	if (!(p[0] & 0x20))
		return len;
	return last && pad && !(pad % WORD) && pad < len ? len - pad : 0;
}

int vw_rtcp_read(const u8 *p, size_t len, struct vw_rtcp_view *ret)
{
	struct vw_rtcp_view v = { };
	unsigned int parts = 0;
	size_t own, net;
	int err;

	do {
		if (len < WORD || p[0] >> 6 != 2 || p[1] < TYPE_MIN || p[1] > TYPE_MAX)
			return -EBADMSG;
		own = (get_unaligned_be16(p + 2) + 1) * WORD;
		net = own <= len ? unpadded(p, own, own == len) : 0;
		if (!net)
			return -EBADMSG;
		if (++parts > VW_RTCP_MAX_PARTS)
			return -E2BIG;
		err = read_packet(p, net, &parts, &v);
		if (err)
			return err;
		p += own;
		len -= own;
	} while (len);
	*ret = v;
	return 0;
}

/* ---- round trips ---- */

void vw_rtcp_trail_add(struct vw_rtcp_trail *t, const struct vw_rtcp_stamp *stamp, u32 now)
{
	unsigned int i;

	for (i = 0; i < VW_RTCP_TRAIL; i++)
		if (t->entry[i].source == stamp->source && t->entry[i].stamp == stamp->stamp)
			break;
	if (i == VW_RTCP_TRAIL) {
		i = t->next;
		t->next = (i + 1) % VW_RTCP_TRAIL;
	}
	t->entry[i].source = stamp->source;
	t->entry[i].stamp = stamp->stamp;
	t->entry[i].left = now;
}

int vw_rtcp_trail_trip(const struct vw_rtcp_trail *t, const struct vw_rtcp_echo *echo, u32 now,
		       u32 *ret)
{
	unsigned int i;
	s32 trip;

	/* An empty place remembers a timestamp of zero, which is none. */
	for (i = 0; echo->stamp && i < VW_RTCP_TRAIL; i++) {
		if (t->entry[i].source != echo->source || t->entry[i].stamp != echo->stamp)
			continue;
		trip = (s32)(now - t->entry[i].left - echo->delay);
		if (trip < -(s32)SLACK || trip > (s32)VW_RTCP_MAX_TRIP)
			return -EBADMSG;
		*ret = trip < 0 ? 0 : trip;
		return 0;
	}
	return -ENODATA;
}
