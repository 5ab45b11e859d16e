// SPDX-License-Identifier: GPL-2.0-or-later
#include "classify.h"
#include "rtp.h"
#include "sipline.h"

#define PORT_DNS	53
#define PORT_HTTPS	443
#define PORT_USER	1024
#define PORT_STUN	3478
#define PORT_SIP	5060
#define PORT_SIPS	5061
#define PORT_MDNS	5353
#define PORT_STUNS	5349

#define STUN_HEADER	20
#define STUN_COOKIE	0x2112a442u
#define ZRTP_COOKIE	0x5a525450u	/* "ZRTP" */
#define DTLS_HEADER	13
#define TURN_HEADER	4

#define RTCP_SR		200
#define RTCP_RR		201
#define RTCP_SR_LEN	28
#define RTCP_RR_LEN	8
#define RTCP_BLOCK	24

/* A method and a scheme are shorter: what is cut behind them is in the URI. */
#define SIP_BEGUN	40

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
#define STUCK_MAX	8
#define LOST_MAX	16	/* misfits in a row that end a proven flow */

/* The content of one packet. */
struct content {
	const struct vw_frame *f;
	const u8 *p;
	size_t have;
	u32 now;
};

enum step { CONTINUES, NEUTRAL, BREAKS };

static bool on_port(const struct vw_frame *f, u16 port)
{
	return f->sport == port || f->dport == port;
}

static bool on_sip_port(const struct vw_frame *f)
{
	return on_port(f, PORT_SIP) || on_port(f, PORT_SIPS);
}

static bool on_system_port(const struct vw_frame *f)
{
	return f->sport < PORT_USER || f->dport < PORT_USER;
}

static bool starts(const struct content *c, const char *word)
{
	size_t len = strlen(word);

	return c->have >= len && !memcmp(c->p, word, len);
}

static bool is_http(const struct content *c)
{
	static const char *const words[] = {
		"GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "CONNECT ",
		"TRACE ", "PATCH ", "HTTP/1.", "OPTIONS /", "OPTIONS * HTTP",
		"PRI * HTTP/2",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (starts(c, words[i]))
			return true;
	return false;
}

/* Words for what isn't voice. */
static enum vw_why why_other(const struct content *c)
{
	if (is_http(c))
		return VW_WHY_HTTP;
	if (on_port(c->f, PORT_DNS) || on_port(c->f, PORT_MDNS))
		return VW_WHY_DNS;
	if (c->have >= 5 && (c->p[0] & 0xc0) == 0xc0 &&
	    c->f->proto == VW_IPPROTO_UDP &&
	    (get_unaligned_be32(c->p + 1) == 1 || on_port(c->f, PORT_HTTPS)))
		return VW_WHY_QUIC;
	return VW_WHY_UNKNOWN_CONTENT;
}

/* The flow's verdict, which proven voice keeps for some time. */
static enum voxwall_class misfit(struct vw_flow *flow, enum vw_why why)
{
	bool voice = flow->class == VOXWALL_CLASS_RTP ||
		     flow->class == VOXWALL_CLASS_RTCP ||
		     flow->class == VOXWALL_CLASS_SIP;

	if (voice && flow->bad < LOST_MAX) {
		flow->bad++;
		return VOXWALL_CLASS_OTHER;
	}
	flow->odd = true;
	flow->bad = 0;
	flow->class = VOXWALL_CLASS_OTHER;
	flow->why = why;
	return VOXWALL_CLASS_OTHER;
}

static enum voxwall_class verdict(struct vw_flow *flow, enum voxwall_class class,
				  enum vw_why why)
{
	flow->class = class;
	flow->why = why;
	flow->bad = 0;
	return class;
}

/* A packet that says itself what it is; media that share its flow keep theirs. */
static enum voxwall_class companion(struct vw_flow *flow, enum voxwall_class class,
				    enum vw_why why)
{
	if (flow->class == VOXWALL_CLASS_RTP || flow->class == VOXWALL_CLASS_CANDIDATE)
		return class;
	return verdict(flow, class, why);
}

/* SIP: the start line, at the beginning or behind empty lines (RFC 3261, 7.5). */
static bool is_sip(const struct content *c, enum vw_why *ret_why)
{
	struct vw_sipline line;
	size_t skip = 0;
	int err;

	while (c->have - skip >= 2 && c->p[skip] == '\r' && c->p[skip + 1] == '\n')
		skip += 2;
	err = vw_sipline_parse(c->p + skip, c->have - skip, &line);
	if (err == -ENODATA && c->have < c->f->payload_len &&
	    c->have - skip >= SIP_BEGUN) {
		*ret_why = VW_WHY_SIP_REQUEST;
		return true;
	}
	if (err)
		return false;
	*ret_why = line.status ? VW_WHY_SIP_RESPONSE : VW_WHY_SIP_REQUEST;
	return true;
}

static bool is_stun(const struct content *c)
{
	return c->have >= STUN_HEADER && c->p[0] <= 3 &&
	       get_unaligned_be32(c->p + 4) == STUN_COOKIE &&
	       get_unaligned_be16(c->p + 2) % 4 == 0 &&
	       get_unaligned_be16(c->p + 2) + STUN_HEADER == c->f->payload_len;
}

static bool is_dtls(const struct content *c)
{
	u16 version, len;

	if (c->have < DTLS_HEADER || c->p[0] < 20 || c->p[0] > 26)
		return false;
	version = get_unaligned_be16(c->p + 1);
	len = get_unaligned_be16(c->p + 11);
	return (version == 0xfeff || version == 0xfefd) && len &&
	       len <= c->f->payload_len - DTLS_HEADER;
}

static bool is_zrtp(const struct content *c)
{
	return c->have >= 12 && (c->p[0] & 0xf0) == 0x10 &&
	       get_unaligned_be32(c->p + 4) == ZRTP_COOKIE;
}

/* Four bytes of header say too little by themselves. */
static bool is_turn(const struct vw_flow *flow, const struct content *c)
{
	size_t len;

	if (flow->class != VOXWALL_CLASS_STUN && flow->class != VOXWALL_CLASS_TURN &&
	    !on_port(c->f, PORT_STUN) && !on_port(c->f, PORT_STUNS))
		return false;
	if (c->have < TURN_HEADER || (c->p[0] & 0xf0) != 0x40)
		return false;
	len = get_unaligned_be16(c->p + 2) + TURN_HEADER;
	return len <= c->f->payload_len && c->f->payload_len - len < 4;
}

/* One packet of a compound at @p: does it hold what its type needs? */
static bool rtcp_fits(const u8 *p, size_t len)
{
	size_t blocks = (p[0] & 0x1f) * RTCP_BLOCK;

	if (p[1] == RTCP_SR)
		return len >= RTCP_SR_LEN + blocks;
	if (p[1] == RTCP_RR)
		return len >= RTCP_RR_LEN + blocks;
	return true;
}

/*
 * A chain of packets whose lengths add up to the datagram (RFC 3550, A.2).
 * Only the last may be padded.
 */
static bool is_rtcp_chain(const struct content *c)
{
	size_t wire = c->f->payload_len;
	size_t at = 0;

	while (at < wire) {
		const u8 *p = c->p + at;
		size_t len;

		if (wire - at < 4)
			return false;
		if (c->have < at + 4)
			return at > 0;
		len = (get_unaligned_be16(p + 2) + 1) * 4;
		if (p[0] >> 6 != 2 || p[1] < 192 || p[1] > 223 || len > wire - at)
			return false;
		if ((p[0] & 0x20 && len != wire - at) || !rtcp_fits(p, len))
			return false;
		at += len;
	}
	return true;
}

static bool is_report(const struct content *c)
{
	return c->p[1] == RTCP_SR || c->p[1] == RTCP_RR;
}

static struct vw_track *find_track(struct vw_flow *flow, u32 ssrc, bool rtcp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flow->track); i++) {
		struct vw_track *t = &flow->track[i];

		if (t->good && t->ssrc == ssrc && (t->pt == VW_TRACK_RTCP) == rtcp)
			return t;
	}
	return NULL;
}

/* The place of the SSRC that has shown least, and of two such the older. */
static struct vw_track *weakest_track(struct vw_flow *flow)
{
	struct vw_track *a = &flow->track[0];
	struct vw_track *b = &flow->track[1];

	if (a->good != b->good)
		return a->good < b->good ? a : b;
	return (s32)(a->last_ms - b->last_ms) <= 0 ? a : b;
}

static void track_begin(struct vw_track *t, const struct vw_rtp *rtp, u32 now)
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

static inline void count(u8 *n)
{
	if (*n < 0xff)
		++*n;
}

/* The timestamp of a packet that comes next. */
static enum step time_step(struct vw_track *t, const struct vw_rtp *rtp, u32 ms)
{
	s32 by = (s32)(rtp->ts - t->ts);
	u64 most = ((u64)ms + SLACK_MS) * TS_PER_MS_MAX;

	if (!by)
		return CONTINUES;
	if (by < 0)
		return by >= -TS_BACK_MAX ? NEUTRAL : BREAKS;
	if (by < TS_STEP_MIN || (u64)by > most)
		return BREAKS;
	count(&t->moved);
	return CONTINUES;
}

static enum step track_step(struct vw_track *t, const struct vw_rtp *rtp, u32 now,
			    enum vw_why *ret_why)
{
	int by = (int16_t)(rtp->seq - t->seq);
	u32 ms = now - t->last_ms;
	enum step step = NEUTRAL;

	if (by <= 0 && by >= -SEQ_FAR)
		goto out;	/* again, or late */
	*ret_why = VW_WHY_RTP_SEQ_JUMPS;
	if (by < 0 || by > SEQ_FAR)
		return BREAKS;
	if (by <= SEQ_NEAR && rtp->pt == t->pt) {
		*ret_why = VW_WHY_RTP_TIME_ERRATIC;
		step = time_step(t, rtp, ms);
		if (step == BREAKS)
			return BREAKS;
	}
	if (rtp->pt != t->pt)
		*ret_why = VW_WHY_RTP_PT_UNSTEADY;
	t->seq = rtp->seq;
	t->ts = rtp->ts;
	t->pt = rtp->pt;
	t->last_ms = now;
out:
	if (step == CONTINUES) {
		count(&t->good);
		t->stuck = 0;
	} else if (++t->stuck >= STUCK_MAX) {
		return BREAKS;
	}
	return step;
}

/* Does the timestamp run like the clock of a codec? If not, measure anew. */
static bool keeps_pace(struct vw_track *t, u32 now)
{
	u32 ms = now - t->base_ms;
	u32 by = t->ts - t->base_ts;

	if (ms <= PACE_SLACK_MS || by >= (u64)(ms - PACE_SLACK_MS) * TS_PER_MS_MIN)
		return true;
	t->base_ms = now;
	t->base_ts = t->ts;
	return false;
}

static bool is_proven(const struct vw_flow *flow, struct vw_track *t, u32 now)
{
	u8 need = flow->odd || !t->ssrc ? VW_FLOW_REVISE : VW_FLOW_PROOF;

	return t->good >= need && t->moved >= 2 && keeps_pace(t, now);
}

/*
 * Payload types of RFC 3551 and the dynamic ones; 35..63 are dynamic when 96..127
 * don't suffice (RFC 5761, 4). Of the rest 72..76 would be RTCP.
 */
static bool is_payload_type(u8 pt)
{
	static const u64 assigned = 0x7ff9 | 0xf000 | 1ULL << 16 | 1ULL << 17 |
				    1ULL << 18 | 1ULL << 25 | 1ULL << 26 |
				    1ULL << 28 | 7ULL << 31 | 1ULL << 34;

	if (pt < 64)
		return pt >= 35 || assigned >> pt & 1;
	return pt >= 96;
}

static int read_rtp(const struct content *c, struct vw_rtp *ret)
{
	int err = vw_rtp_parse(c->p, c->have, c->f->payload_len, ret);

	if (err != -ENODATA || c->have < VW_RTP_HDR_LEN)
		return err;
	/* CSRCs or the extension are cut: the fixed header says what is needed. */
	ret->ssrc = get_unaligned_be32(c->p + 8);
	ret->ts = get_unaligned_be32(c->p + 4);
	ret->seq = get_unaligned_be16(c->p + 2);
	ret->pt = c->p[1] & 0x7f;
	return 0;
}

static enum voxwall_class unproven(struct vw_flow *flow)
{
	if (flow->odd || flow->class == VOXWALL_CLASS_SIP)
		return VOXWALL_CLASS_OTHER;
	return verdict(flow, VOXWALL_CLASS_CANDIDATE, VW_WHY_RTP_TOO_FEW);
}

/* A flow is proven: does this packet belong? One SSRC may follow another. */
static enum voxwall_class rtp_goes_on(struct vw_flow *flow, const struct vw_rtp *rtp,
				      u32 now)
{
	struct vw_track *t = find_track(flow, rtp->ssrc, false);
	enum vw_why why;

	if (t) {
		flow->bad = 0;
		if (track_step(t, rtp, now, &why) == BREAKS)
			track_begin(t, rtp, now);
		return VOXWALL_CLASS_RTP;
	}
	track_begin(weakest_track(flow), rtp, now);
	if (misfit(flow, VW_WHY_RTP_SSRC_UNSTEADY), flow->class == VOXWALL_CLASS_RTP)
		return VOXWALL_CLASS_RTP;
	return VOXWALL_CLASS_OTHER;
}

static enum voxwall_class step_rtp(struct vw_flow *flow, const struct content *c)
{
	enum vw_why why = VW_WHY_RTP_SSRC_UNSTEADY;
	struct vw_track *t;
	struct vw_rtp rtp;

	if (read_rtp(c, &rtp))
		return misfit(flow, VW_WHY_RTP_HEADER_LIES);
	if (!is_payload_type(rtp.pt))
		return misfit(flow, VW_WHY_RTP_PT_RESERVED);
	if (flow->class == VOXWALL_CLASS_RTP)
		return rtp_goes_on(flow, &rtp, c->now);
	if (on_system_port(c->f) && !flow->odd)
		misfit(flow, VW_WHY_RTP_WELL_KNOWN_PORT);

	t = find_track(flow, rtp.ssrc, false);
	if (t && track_step(t, &rtp, c->now, &why) != BREAKS) {
		if (!is_proven(flow, t, c->now))
			return unproven(flow);
		flow->odd = false;
		return verdict(flow, VOXWALL_CLASS_RTP, VW_WHY_RTP_PROVEN);
	}
	track_begin(t ? t : weakest_track(flow), &rtp, c->now);
	if (flow->class == VOXWALL_CLASS_CANDIDATE)
		return misfit(flow, why);
	return unproven(flow);
}

/* SRTCP: the header is clear, and behind the rest an index that goes up. */
static bool srtcp_goes_on(struct vw_flow *flow, const struct content *c,
			  const struct vw_rtcp *rtcp)
{
	size_t tail = c->f->payload_len % 4 == 2 ? 14 : 4;
	struct vw_track *t = find_track(flow, rtcp->ssrc, true);
	struct vw_rtp as = { .ssrc = rtcp->ssrc, .pt = VW_TRACK_RTCP };

	if (c->have == c->f->payload_len)
		as.ts = get_unaligned_be32(c->p + c->have - tail) & 0x7fffffff;
	if (!t || as.ts <= t->ts || as.ts - t->ts > SEQ_FAR) {
		track_begin(t ? t : weakest_track(flow), &as, c->now);
		return false;
	}
	t->ts = as.ts;
	t->last_ms = c->now;
	count(&t->good);
	return t->good >= VW_FLOW_PROOF;
}

static enum voxwall_class step_rtcp(struct vw_flow *flow, const struct content *c)
{
	bool whole = is_rtcp_chain(c);
	struct vw_rtcp rtcp;

	if (vw_rtcp_parse(c->p, c->have, c->f->payload_len, &rtcp))
		return misfit(flow, VW_WHY_RTCP_MALFORMED);
	if (flow->class == VOXWALL_CLASS_RTP || flow->class == VOXWALL_CLASS_RTCP) {
		if (!whole && (!is_report(c) || rtcp.len > c->f->payload_len))
			return misfit(flow, VW_WHY_RTCP_MALFORMED);
		flow->bad = 0;
		return VOXWALL_CLASS_RTCP;
	}
	if (on_system_port(c->f))
		return misfit(flow, VW_WHY_RTP_WELL_KNOWN_PORT);
	if (whole && is_report(c))
		return companion(flow, VOXWALL_CLASS_RTCP, VW_WHY_RTCP_COMPOUND);
	if (!is_report(c) || rtcp.len > c->f->payload_len)
		return misfit(flow, VW_WHY_RTCP_MALFORMED);
	if (srtcp_goes_on(flow, c, &rtcp))
		return companion(flow, VOXWALL_CLASS_RTCP, VW_WHY_RTCP_COMPOUND);
	return unproven(flow);
}

static enum voxwall_class step_udp(struct vw_flow *flow, const struct content *c)
{
	enum vw_why why;

	if (is_sip(c, &why)) {
		if (flow->class == VOXWALL_CLASS_RTP)
			return VOXWALL_CLASS_SIP;
		return verdict(flow, VOXWALL_CLASS_SIP, why);
	}
	if (c->f->payload_len == c->have && vw_sipline_keepalive(c->p, c->have) &&
	    (flow->class == VOXWALL_CLASS_SIP || on_sip_port(c->f)))
		return companion(flow, VOXWALL_CLASS_SIP, VW_WHY_SIP_KEEPALIVE);
	if (is_stun(c))
		return companion(flow, VOXWALL_CLASS_STUN, VW_WHY_STUN_COOKIE);
	if (is_dtls(c))
		return companion(flow, VOXWALL_CLASS_DTLS, VW_WHY_DTLS_RECORD);
	if (is_zrtp(c))
		return companion(flow, VOXWALL_CLASS_ZRTP, VW_WHY_ZRTP_COOKIE);
	if (is_turn(flow, c))
		return companion(flow, VOXWALL_CLASS_TURN, VW_WHY_TURN_CHANNEL);
	switch (vw_rtp_demux(c->p, c->have)) {
	case VOXWALL_CLASS_RTP:
		return step_rtp(flow, c);
	case VOXWALL_CLASS_RTCP:
		return step_rtcp(flow, c);
	default:
		return misfit(flow, why_other(c));
	}
}

/*
 * The first content decides, and a SIP flow stays one: bodies and long headers
 * continue in later segments. A flow that was seen in its middle, or that began
 * with something odd, becomes SIP at the second segment that begins a message.
 */
static enum voxwall_class step_tcp(struct vw_flow *flow, const struct content *c)
{
	enum vw_why why;

	if (flow->class == VOXWALL_CLASS_SIP)
		return VOXWALL_CLASS_SIP;
	if (is_sip(c, &why)) {
		count(&flow->good);
		if (!flow->odd || flow->good >= 2)
			return verdict(flow, VOXWALL_CLASS_SIP, why);
		return VOXWALL_CLASS_OTHER;
	}
	if (!flow->odd && on_sip_port(c->f) && c->f->payload_len == c->have &&
	    vw_sipline_keepalive(c->p, c->have)) {
		flow->why = VW_WHY_SIP_KEEPALIVE;
		return VOXWALL_CLASS_SIP;
	}
	if (flow->odd)
		return VOXWALL_CLASS_OTHER;
	why = why_other(c);
	if (why == VW_WHY_UNKNOWN_CONTENT && on_sip_port(c->f))
		why = VW_WHY_SIP_NEVER_STARTED;
	return misfit(flow, why);
}

static enum voxwall_class no_content(struct vw_flow *flow, enum vw_why why)
{
	if (!flow->begun)
		flow->why = why;
	return VOXWALL_CLASS_OTHER;
}

enum voxwall_class vw_flow_step(struct vw_flow *flow, const struct vw_frame *f,
				const u8 *p, size_t have, u64 now_ms)
{
	struct content c = { f, p, have, (u32)now_ms };

	if (!f->family)
		return no_content(flow, VW_WHY_NOT_IP);
	if (f->flags & VW_FRAME_LATER)
		return no_content(flow, VW_WHY_FRAGMENT);
	if (f->flags & VW_FRAME_TCP_SYN)
		memset(flow, 0, sizeof(*flow));
	flow->last_ms = now_ms;
	if (f->payload_len && !have)
		return no_content(flow, VW_WHY_FRAGMENT);
	if (!f->payload_len) {
		no_content(flow, VW_WHY_NO_PAYLOAD);
		return f->proto == VW_IPPROTO_TCP ? flow->class : VOXWALL_CLASS_OTHER;
	}
	flow->begun = true;
	if (f->proto == VW_IPPROTO_UDP)
		return step_udp(flow, &c);
	if (f->proto == VW_IPPROTO_TCP)
		return step_tcp(flow, &c);
	return misfit(flow, VW_WHY_UNKNOWN_CONTENT);
}

const char *vw_why_text(enum vw_why why)
{
	static const char *const texts[__VW_WHY_MAX] = {
		[VW_WHY_NOTHING] = "no packet yet",
		[VW_WHY_NOT_IP] = "not IP",
		[VW_WHY_NO_PAYLOAD] = "no content yet",
		[VW_WHY_FRAGMENT] = "only fragments or cut packets, nothing to judge",
		[VW_WHY_SIP_REQUEST] = "begins with a SIP request line",
		[VW_WHY_SIP_RESPONSE] = "begins with a SIP status line",
		[VW_WHY_SIP_KEEPALIVE] = "SIP keep-alives",
		[VW_WHY_SIP_NEVER_STARTED] = "on a SIP port, but no SIP start line",
		[VW_WHY_RTP_PROVEN] = "one SSRC with steady sequence numbers and timestamps",
		[VW_WHY_RTP_TOO_FEW] = "looks like RTP, but too few packets to be sure",
		[VW_WHY_RTP_SSRC_UNSTEADY] = "RTP-like header, but the SSRC changes",
		[VW_WHY_RTP_SEQ_JUMPS] = "RTP-like header, but the sequence number does not advance steadily",
		[VW_WHY_RTP_TIME_ERRATIC] = "RTP-like header, but the timestamp runs like no codec's clock",
		[VW_WHY_RTP_PT_UNSTEADY] = "RTP-like header, but the payload type keeps changing",
		[VW_WHY_RTP_PT_RESERVED] = "RTP-like header, but a payload type that does not exist",
		[VW_WHY_RTP_HEADER_LIES] = "RTP-like header, but its lengths go past the end",
		[VW_WHY_RTP_WELL_KNOWN_PORT] = "RTP-like header on a port below 1024, which belongs to another protocol",
		[VW_WHY_RTCP_COMPOUND] = "a valid chain of RTCP reports",
		[VW_WHY_RTCP_MALFORMED] = "RTCP-like header, but no valid chain of reports",
		[VW_WHY_STUN_COOKIE] = "STUN: magic cookie and length fit",
		[VW_WHY_DTLS_RECORD] = "DTLS: a valid record header",
		[VW_WHY_ZRTP_COOKIE] = "ZRTP: magic cookie",
		[VW_WHY_TURN_CHANNEL] = "TURN channel data",
		[VW_WHY_HTTP] = "HTTP",
		[VW_WHY_DNS] = "on a DNS port",
		[VW_WHY_QUIC] = "QUIC",
		[VW_WHY_UNKNOWN_CONTENT] = "content that is no voice protocol",
	};

	return (unsigned int)why < ARRAY_SIZE(texts) && texts[why] ? texts[why] : "unknown";
}
