/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a flow is, judged by content and by how it goes on.
 *
 * One struct vw_flow follows one direction of one (addresses, ports, protocol)
 * tuple; keeping and finding them is the caller's. The verdict may change: a
 * CANDIDATE becomes RTP after VW_FLOW_PROOF packets that continue each other,
 * or OTHER at the first that doesn't; an OTHER flow that later continues like
 * RTP for VW_FLOW_REVISE packets becomes RTP.
 */
#ifndef VW_CORE_CLASSIFY_H
#define VW_CORE_CLASSIFY_H

#include "env.h"
#include "frame.h"
#include "../uapi/linux/voxwall.h"

#define VW_FLOW_PROOF	4
#define VW_FLOW_REVISE	8

#define VW_STUN_PORT	3478
#define VW_STUN_COOKIE	0x2112a442u
#define VW_ZRTP_COOKIE	0x5a525450u	/* "ZRTP" */

/* Why the verdict is what it is; vw_why_text() has the words. */
enum vw_why {
	VW_WHY_NOTHING,			/* no packet yet */
	VW_WHY_NOT_IP,
	VW_WHY_NO_PAYLOAD,
	VW_WHY_FRAGMENT,
	VW_WHY_SIP_REQUEST,
	VW_WHY_SIP_RESPONSE,
	VW_WHY_SIP_KEEPALIVE,		/* on a flow that carried SIP */
	VW_WHY_SIP_NEVER_STARTED,	/* TCP: data, but no start line */
	VW_WHY_RTP_PROVEN,
	VW_WHY_RTP_TOO_FEW,		/* still a candidate */
	VW_WHY_RTP_SSRC_UNSTEADY,
	VW_WHY_RTP_SEQ_JUMPS,
	VW_WHY_RTP_TIME_ERRATIC,
	VW_WHY_RTP_TIME_STANDS,
	VW_WHY_RTP_PT_UNSTEADY,
	VW_WHY_RTP_PT_RESERVED,
	VW_WHY_RTP_HEADER_LIES,		/* CSRC or extension past the end */
	VW_WHY_RTP_WELL_KNOWN_PORT,	/* below 1024: DNS, QUIC and so on */
	VW_WHY_RTCP_COMPOUND,		/* a valid chain of reports */
	VW_WHY_RTCP_MALFORMED,
	VW_WHY_STUN_COOKIE,
	VW_WHY_DTLS_RECORD,
	VW_WHY_ZRTP_COOKIE,
	VW_WHY_TURN_CHANNEL,
	VW_WHY_HTTP,
	VW_WHY_DNS,
	VW_WHY_QUIC,
	VW_WHY_UNKNOWN_CONTENT,
	__VW_WHY_MAX
};

/**
 * struct vw_track - one SSRC that is followed
 * @ssrc: host order
 * @ts: last RTP timestamp; of SRTCP the last packet index
 * @base_ts: timestamp from which the pace is measured
 * @base_ms: and the clock at that time, low 32 bits
 * @last_ms: clock of the last packet, low 32 bits
 * @seq: highest RTP sequence number
 * @pt: last RTP payload type; VW_TRACK_RTCP: this is RTCP
 * @good: packets that continued each other, the first included; 0: not in use
 * @moved: those of them that moved the timestamp
 * @stuck: packets since the last good one that proved nothing
 */
struct vw_track {
	u32 ssrc;
	u32 ts;
	u32 base_ts;
	u32 base_ms;
	u32 last_ms;
	u16 seq;
	u8 pt;
	u8 good;
	u8 moved;
	u8 stuck;
};

#define VW_TRACK_RTCP	0xff

/**
 * struct vw_flow - what is remembered of one direction of a flow
 *
 * Zero it to begin. Belongs to the caller, who serialises the calls.
 *
 * @last_ms: when the last packet came, caller's clock
 * @track: two SSRCs, so that packets of another one in between, be they of a
 *	bundled video or put there to confuse, don't hide a stream
 * @class: enum voxwall_class, the verdict so far
 * @why: enum vw_why
 * @bad: packets in a row that didn't fit the verdict
 * @good: TCP: start lines seen after a beginning that was none
 * @odd: something was seen that isn't voice: proof takes VW_FLOW_REVISE packets
 * @begun: there was content
 * @like: packets that continued each other by SSRC and sequence number alone, the
 *	first included; 0: the last content was none of RTP's
 * @like_seq: sequence number of the last of them
 * @like_ssrc: their SSRC
 */
struct vw_flow {
	u64 last_ms;
	struct vw_track track[2];
	u8 class;
	u8 why;
	u8 bad;
	u8 good;
	bool odd;
	bool begun;
	u8 like;
	u16 like_seq;
	u32 like_ssrc;
};

/**
 * vw_flow_step - judge one more packet
 * @flow: the flow's memory
 * @f: the parsed headers
 * @p: the transport payload
 * @have: bytes of it that are there, <= @f->payload_len
 * @now_ms: any monotonic clock
 *
 * Return: the class of this packet. @flow->class is the flow's: a flow of RTP
 * keeps its class when a STUN or RTCP packet shares its ports.
 */
enum voxwall_class vw_flow_step(struct vw_flow *flow, const struct vw_frame *f,
				const u8 *p, size_t have, u64 now_ms);

/*
 * May the flow be RTP all the same? Its headers go on as RTP's do, whatever the
 * timestamps say: for whoever must rather refuse too much than let voice pass.
 * Another SSRC, a jump or other content disproves it.
 */
bool vw_flow_may_be_rtp(const struct vw_flow *flow);

/*
 * Is the flow known to be none of voice, for now? Then most of its packets change
 * nothing: those that vw_flow_passes_*() tells.
 */
static inline bool vw_flow_is_settled(const struct vw_flow *flow)
{
	return flow->class == VOXWALL_CLASS_OTHER && flow->odd;
}

#define VW_FLOW_PEEK	8	/* bytes that tell */

/* SIP begins with text, or with empty lines before it. */
static inline bool vw_flow_begins_text(const u8 *p)
{
	u32 word = get_unaligned_be32(p);

	return p[0] == '\r' || !((word | (word - 0x20202020)) & 0x80808080);
}

/**
 * vw_flow_passes_udp - would a settled flow stay as it is, and the packet be OTHER?
 * @p: VW_FLOW_PEEK bytes, the first of the payload
 * @sport: source port, host order
 * @dport: destination port, likewise
 *
 * What vw_flow_step() would say, but for the likeness that only the way out asks for,
 * from the first bytes alone. False: it has to be asked.
 */
static __always_inline bool vw_flow_passes_udp(const u8 *p, u16 sport, u16 dport)
{
	/* The first byte tells them apart, as content.c and rtp.h do: RTP has version 2, ... */
	if (p[0] >> 7)
		return p[0] >> 6 == 3;
	/* ... below the first printable character STUN, ZRTP, DTLS and empty lines begin, */
	if (p[0] < 0x20) {
		u32 cookie = get_unaligned_be32(p + 4);

		return cookie != VW_STUN_COOKIE && cookie != VW_ZRTP_COOKIE &&
		       !(p[0] >= 20 && p[0] <= 26) && p[0] != '\r';
	}
	/* and TURN's channels, where it may be, among SIP's letters. */
	return !vw_flow_begins_text(p) &&
	       !(p[0] >> 4 == 4 && (sport == VW_STUN_PORT || dport == VW_STUN_PORT));
}

/* The same of a segment that opens no connection. */
static inline bool vw_flow_passes_tcp(const u8 *p)
{
	return !vw_flow_begins_text(p);
}

/* A sentence for people, never NULL. */
const char *vw_why_text(enum vw_why why);

#endif
