// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RTP and RTCP headers lie inside the packet; the index is the candidate nearest
 * to the highest one seen; the replay window is a set with a floor.
 */
#include "exact.h"
#include "../../kmod/core/rtp.h"
#include "../../kmod/core/srtp.h"

/* The short way says what the long one says. */
static void parse_both(const u8 *p, size_t size, size_t wire, int want, const struct vw_rtp *rtp)
{
	struct vw_rtp other;

	MUST(vw_rtp_parse_any(p, size, wire, &other) == want);
	MUST(want || (rtp->ssrc == other.ssrc && rtp->ts == other.ts && rtp->seq == other.seq &&
		      rtp->hdr_len == other.hdr_len && rtp->payload_len == other.payload_len &&
		      rtp->pt == other.pt && rtp->marker == other.marker &&
		      rtp->padding == other.padding));
}

static void headers(const uint8_t *data, size_t size)
{
	u8 *p = exact(data, size);
	struct vw_rtcp rtcp;
	struct vw_rtp rtp;
	size_t wire;
	int err;

	for (wire = size; wire <= size + 64; wire += 16) {
		err = vw_rtp_parse(p, size, wire, &rtp);
		MUST(err == 0 || err == -EBADMSG || (err == -ENODATA && wire > size));
		if (!err) {
			MUST(rtp.hdr_len >= VW_RTP_HDR_LEN && rtp.hdr_len <= size);
			MUST((size_t)rtp.hdr_len + rtp.payload_len == wire);
			MUST(rtp.pt < 128 && p[0] >> 6 == 2);
			MUST(rtp.hdr_len % 4 == 0);
		}
		parse_both(p, size, wire, err, &rtp);
		err = vw_rtcp_parse(p, size, wire, &rtcp);
		MUST(err == 0 || err == -EBADMSG || (err == -ENODATA && wire > size));
		if (!err) {
			MUST(rtcp.type >= 192 && rtcp.type <= 223 && rtcp.len >= 8);
			MUST(vw_rtp_demux(p, size) == VOXWALL_CLASS_RTCP);
		}
	}
	vw_rtp_demux(p, size);
	free(p);
}

static u64 apart(u64 a, u64 b)
{
	return a > b ? a - b : b - a;
}

static u64 nearest(const struct vw_replay *w, u16 seq)
{
	u64 here = (w->top & ~0xffffULL) | seq;
	u64 best = here;

	if (!vw_replay_begun(w))
		return seq;
	if (apart(here + 0x10000, w->top) < apart(best, w->top))
		best = here + 0x10000;
	if (here >= 0x10000 && apart(here - 0x10000, w->top) < apart(best, w->top))
		best = here - 0x10000;
	return best;
}

/* Indexes that were committed, in a list: slow, and plainly right. */
struct model {
	u64 *seen;
	size_t count;
	u64 top;
};

static int model_check(const struct model *m, u64 index)
{
	size_t i;

	if (!m->count)
		return 0;
	if (index <= m->top && m->top - index >= VW_SRTP_WINDOW)
		return -ESTALE;
	for (i = 0; i < m->count; i++)
		if (m->seen[i] == index)
			return -EEXIST;
	return 0;
}

static void send_both(struct vw_sender *s, const struct vw_replay *w, u16 seq)
{
	struct vw_sender other = *s;
	u64 index, index_any;
	int want = vw_sender_index_any(&other, w, seq, &index_any);

	MUST(vw_sender_index(s, w, seq, &index) == want);
	MUST(s->restart == other.restart && s->shift == other.shift);
	MUST(want || index == index_any);
}

/* Three bytes are a packet: what to do with the sequence number, and by how much. */
static void window(const uint8_t *data, size_t size)
{
	struct model m = { .seen = calloc(size / 3 + 1, sizeof(u64)) };
	struct vw_sender s = { };
	struct vw_replay w = { };
	u16 seq = 0;

	MUST(m.seen);
	for (; size >= 3; data += 3, size -= 3) {
		u16 by = (u16)(data[1] << 8 | data[2]);
		u64 index;
		int want;

		seq = data[0] & 1 ? by : (u16)(seq + (data[0] & 2 ? by & 0xff : -(by & 0xff)));
		send_both(&s, &w, seq);
		index = vw_srtp_index(&w, seq);
		MUST(index == nearest(&w, seq));
		want = model_check(&m, index);
		MUST(vw_replay_check(&w, index) == want);
		if (want)
			continue;
		vw_replay_commit(&w, index);
		m.seen[m.count++] = index;
		if (index > m.top)
			m.top = index;
		MUST(w.top == m.top);
	}
	free(m.seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	headers(data, size);
	window(data, size);
	return 0;
}
