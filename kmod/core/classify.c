// SPDX-License-Identifier: GPL-2.0-or-later
#include "classify.h"
#include "content.h"
#include "rtp.h"
#include "track.h"

#define LOST_MAX	16	/* misfits in a row that end a proven flow */

/* Packets that make a likeness, and the loss or reordering that it bears. */
#define LIKE_MIN	2
#define LIKE_FAR	100

static bool is_voice(const struct vw_flow *flow)
{
	return flow->class == VOXWALL_CLASS_RTP || flow->class == VOXWALL_CLASS_RTCP ||
	       flow->class == VOXWALL_CLASS_SIP;
}

/* A packet that isn't what the flow was taken for; proven voice bears a few. */
static enum voxwall_class misfit(struct vw_flow *flow, enum vw_why why)
{
	if (is_voice(flow) && flow->bad < LOST_MAX) {
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
	if (is_voice(flow) || flow->class == VOXWALL_CLASS_CANDIDATE)
		return class;
	return verdict(flow, class, why);
}

/* Passes as SIP, but makes no flow one. */
static enum voxwall_class keepalive(struct vw_flow *flow)
{
	if (flow->class == VOXWALL_CLASS_OTHER && !flow->odd)
		flow->why = VW_WHY_SIP_KEEPALIVE;
	return VOXWALL_CLASS_SIP;
}

static int read_rtp(const struct vw_content *c, struct vw_rtp *ret)
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

static void note_likeness(struct vw_flow *flow, const struct vw_rtp *rtp)
{
	int by = (s16)(rtp->seq - flow->like_seq);

	if (flow->like && rtp->ssrc == flow->like_ssrc && by <= 0 && by >= -LIKE_FAR)
		return;		/* again, or late */
	if (rtp->ssrc != flow->like_ssrc || by <= 0 || by > LIKE_FAR)
		flow->like = 0;
	flow->like_ssrc = rtp->ssrc;
	flow->like_seq = rtp->seq;
	if (flow->like < LIKE_MIN)
		flow->like++;
}

bool vw_flow_may_be_rtp(const struct vw_flow *flow)
{
	return flow->like >= LIKE_MIN;
}

/* Odd content, or an SSRC that hardly is a number at random, takes more proof. */
static u8 need(const struct vw_flow *flow, const struct vw_track *t)
{
	return flow->odd || !t->ssrc ? VW_FLOW_REVISE : VW_FLOW_PROOF;
}

static enum voxwall_class unproven(struct vw_flow *flow, enum vw_why why)
{
	if (flow->odd)
		return VOXWALL_CLASS_OTHER;
	if (is_voice(flow))
		return VOXWALL_CLASS_CANDIDATE;
	return verdict(flow, VOXWALL_CLASS_CANDIDATE, why);
}

/* A flow is proven: does this packet belong? One SSRC may follow another. */
static enum voxwall_class rtp_goes_on(struct vw_flow *flow, const struct vw_rtp *rtp,
				      u32 now)
{
	struct vw_track *t = vw_track_find(flow, rtp->ssrc, false);
	enum vw_why why;

	if (t) {
		flow->bad = 0;
		if (vw_track_step(t, rtp, now, &why) == VW_STEP_BREAKS)
			vw_track_begin(t, rtp, now);
		return VOXWALL_CLASS_RTP;
	}
	vw_track_begin(vw_track_weakest(flow), rtp, now);
	misfit(flow, VW_WHY_RTP_SSRC_UNSTEADY);
	return flow->class;
}

/* A candidate is none; of others it is known that they aren't. */
static enum voxwall_class rtp_breaks(struct vw_flow *flow, enum vw_why why)
{
	if (flow->class == VOXWALL_CLASS_CANDIDATE)
		return misfit(flow, why);
	return unproven(flow, VW_WHY_RTP_TOO_FEW);
}

static enum voxwall_class rtp_proof(struct vw_flow *flow, struct vw_track *t, u32 now)
{
	bool stands = vw_track_stands(t), enough = t->good >= need(flow, t);

	switch (vw_track_proof(t, need(flow, t), now)) {
	case VW_STEP_CONTINUES:
		flow->odd = false;
		return verdict(flow, VOXWALL_CLASS_RTP, VW_WHY_RTP_PROVEN);
	case VW_STEP_BREAKS:
		return rtp_breaks(flow, stands ? VW_WHY_RTP_TIME_STANDS :
						 VW_WHY_RTP_TIME_ERRATIC);
	case VW_STEP_NEUTRAL:
		break;
	}
	return unproven(flow, stands && enough ? VW_WHY_RTP_TIME_STANDS : VW_WHY_RTP_TOO_FEW);
}

/*
 * What makes RTP unlikely without ruling it out: voice that hides there shows
 * itself by going on.
 */
static enum vw_why suspicion(const struct vw_content *c, const struct vw_rtp *rtp)
{
	if (vw_content_on_dns_port(c))
		return VW_WHY_DNS;
	if (vw_content_on_system_port(c))
		return VW_WHY_RTP_WELL_KNOWN_PORT;
	return vw_content_is_payload_type(rtp->pt) ? VW_WHY_NOTHING :
						     VW_WHY_RTP_PT_RESERVED;
}

static enum voxwall_class step_rtp(struct vw_flow *flow, const struct vw_content *c)
{
	struct vw_track *t;
	struct vw_rtp rtp;
	enum vw_why why;

	if (read_rtp(c, &rtp)) {
		flow->like = 0;
		return misfit(flow, VW_WHY_RTP_HEADER_LIES);
	}
	note_likeness(flow, &rtp);
	if (flow->class == VOXWALL_CLASS_RTP)
		return rtp_goes_on(flow, &rtp, c->now);
	why = suspicion(c, &rtp);
	if (why != VW_WHY_NOTHING && !flow->odd)
		misfit(flow, why);
	why = VW_WHY_RTP_SSRC_UNSTEADY;

	t = vw_track_find(flow, rtp.ssrc, false);
	if (t && vw_track_step(t, &rtp, c->now, &why) != VW_STEP_BREAKS)
		return rtp_proof(flow, t, c->now);
	vw_track_begin(t ? t : vw_track_weakest(flow), &rtp, c->now);
	return rtp_breaks(flow, why);
}

static enum voxwall_class step_srtcp(struct vw_flow *flow, const struct vw_content *c,
				     const struct vw_rtcp *rtcp)
{
	struct vw_rtp as = { .ssrc = rtcp->ssrc, .pt = VW_TRACK_RTCP };
	struct vw_track *t = vw_track_find(flow, rtcp->ssrc, true);

	if (!t) {
		if (flow->class == VOXWALL_CLASS_CANDIDATE &&
		    !vw_track_find(flow, rtcp->ssrc, false))
			misfit(flow, VW_WHY_RTP_SSRC_UNSTEADY);
		t = vw_track_weakest(flow);
		vw_track_begin(t, &as, c->now);
		vw_track_step_srtcp(t, c);
		t->good = 1;
		return unproven(flow, VW_WHY_RTP_TOO_FEW);
	}
	t->last_ms = c->now;
	if (vw_track_step_srtcp(t, c) == VW_STEP_BREAKS) {
		t->good = 1;
		return misfit(flow, VW_WHY_RTCP_MALFORMED);
	}
	if (t->good < need(flow, t))
		return unproven(flow, VW_WHY_RTP_TOO_FEW);
	flow->odd = false;
	return verdict(flow, VOXWALL_CLASS_RTCP, VW_WHY_RTCP_COMPOUND);
}

static enum voxwall_class step_rtcp(struct vw_flow *flow, const struct vw_content *c)
{
	bool whole = vw_content_is_rtcp_chain(c);
	struct vw_rtcp rtcp;

	if (vw_rtcp_parse(c->p, c->have, c->f->payload_len, &rtcp))
		return misfit(flow, VW_WHY_RTCP_MALFORMED);
	if (flow->class == VOXWALL_CLASS_RTP || flow->class == VOXWALL_CLASS_RTCP) {
		if (!whole && (!vw_content_is_report(c) || rtcp.len > c->f->payload_len))
			return misfit(flow, VW_WHY_RTCP_MALFORMED);
		flow->bad = 0;
		return VOXWALL_CLASS_RTCP;
	}
	if (vw_content_on_system_port(c))
		return misfit(flow, VW_WHY_RTP_WELL_KNOWN_PORT);
	if (whole && vw_content_is_report(c))
		return companion(flow, VOXWALL_CLASS_RTCP, VW_WHY_RTCP_COMPOUND);
	if (!vw_content_is_report(c) || rtcp.len > c->f->payload_len)
		return misfit(flow, VW_WHY_RTCP_MALFORMED);
	return step_srtcp(flow, c, &rtcp);
}

static bool may_be_turn(const struct vw_flow *flow, const struct vw_content *c)
{
	return flow->class == VOXWALL_CLASS_STUN || flow->class == VOXWALL_CLASS_TURN ||
	       c->f->sport == VW_STUN_PORT || c->f->dport == VW_STUN_PORT;
}

static enum voxwall_class step_udp(struct vw_flow *flow, const struct vw_content *c)
{
	enum vw_why why;

	if (vw_content_is_sip(c, &why)) {
		if (flow->class == VOXWALL_CLASS_RTP)
			return VOXWALL_CLASS_SIP;
		return verdict(flow, VOXWALL_CLASS_SIP, why);
	}
	if (vw_content_is_keepalive(c) &&
	    (flow->class == VOXWALL_CLASS_SIP || vw_content_on_sip_port(c)))
		return keepalive(flow);
	if (vw_content_is_stun(c))
		return companion(flow, VOXWALL_CLASS_STUN, VW_WHY_STUN_COOKIE);
	if (vw_content_is_dtls(c))
		return companion(flow, VOXWALL_CLASS_DTLS, VW_WHY_DTLS_RECORD);
	if (vw_content_is_zrtp(c))
		return companion(flow, VOXWALL_CLASS_ZRTP, VW_WHY_ZRTP_COOKIE);
	if (may_be_turn(flow, c) && vw_content_is_turn(c))
		return companion(flow, VOXWALL_CLASS_TURN, VW_WHY_TURN_CHANNEL);
	switch (vw_rtp_demux(c->p, c->have)) {
	case VOXWALL_CLASS_RTP:
		return step_rtp(flow, c);
	case VOXWALL_CLASS_RTCP:
		return step_rtcp(flow, c);
	default:
		flow->like = 0;
		return misfit(flow, vw_content_why(c));
	}
}

/*
 * The first content decides, and a SIP flow stays one: bodies and long headers
 * continue in later segments. A flow that was seen in its middle, or that began
 * with something odd, becomes SIP at the second segment that begins a message.
 */
static enum voxwall_class step_tcp(struct vw_flow *flow, const struct vw_content *c)
{
	enum vw_why why;

	if (flow->class == VOXWALL_CLASS_SIP)
		return VOXWALL_CLASS_SIP;
	if (vw_content_is_sip(c, &why)) {
		if (!flow->odd || flow->good++)
			return verdict(flow, VOXWALL_CLASS_SIP, why);
		return VOXWALL_CLASS_OTHER;
	}
	if (!flow->odd && vw_content_on_sip_port(c) && vw_content_is_keepalive(c))
		return keepalive(flow);
	if (flow->odd)
		return VOXWALL_CLASS_OTHER;
	why = vw_content_why(c);
	if (why == VW_WHY_UNKNOWN_CONTENT && vw_content_on_sip_port(c))
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
	struct vw_content c = { f, p, have, (u32)now_ms };

	if (!f->family)
		return no_content(flow, VW_WHY_NOT_IP);
	if (f->flags & VW_FRAME_LATER)
		return no_content(flow, VW_WHY_FRAGMENT);
	if (f->flags & VW_FRAME_TCP_SYN)
		memset(flow, 0, sizeof(*flow));
	flow->last_ms = now_ms;
	if (f->proto != VW_IPPROTO_UDP && f->proto != VW_IPPROTO_TCP)
		return misfit(flow, VW_WHY_UNKNOWN_CONTENT);
	if (f->payload_len && !have)
		return no_content(flow, VW_WHY_FRAGMENT);
	if (!f->payload_len) {
		no_content(flow, VW_WHY_NO_PAYLOAD);
		return f->proto == VW_IPPROTO_TCP ? flow->class : VOXWALL_CLASS_OTHER;
	}
	flow->begun = true;
	return f->proto == VW_IPPROTO_UDP ? step_udp(flow, &c) : step_tcp(flow, &c);
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
		[VW_WHY_SIP_KEEPALIVE] = "only keep-alives on a SIP port, no start line yet",
		[VW_WHY_SIP_NEVER_STARTED] = "on a SIP port, but no SIP start line",
		[VW_WHY_RTP_PROVEN] = "one SSRC with steady sequence numbers and timestamps",
		[VW_WHY_RTP_TOO_FEW] = "looks like RTP, but too few packets to be sure",
		[VW_WHY_RTP_SSRC_UNSTEADY] = "RTP-like header, but the SSRC changes",
		[VW_WHY_RTP_SEQ_JUMPS] = "RTP-like header, but the sequence number does not advance steadily",
		[VW_WHY_RTP_TIME_ERRATIC] = "RTP-like header, but the timestamp runs like no codec's clock",
		[VW_WHY_RTP_TIME_STANDS] = "RTP-like header, but the timestamp stands still",
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
