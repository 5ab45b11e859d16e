/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a compound RTCP packet tells of quality: reports of what arrived (SR and
 * RR, RFC 3550 6.4; XR VoIP metrics, RFC 3611 4.7), and what a passer-by needs to
 * compute round trips: who gave off which timestamp, and who answers to which
 * (SR and RR; XR receiver reference time and DLRR, RFC 3611 4.4 and 4.5).
 */
#ifndef VW_CORE_RTCP_H
#define VW_CORE_RTCP_H

#include "env.h"

/* So much of one compound, or it is refused; packets, and blocks of XR. */
#define VW_RTCP_MAX_PARTS	24
/* So much of it is kept; what comes after is checked but passed over. */
#define VW_RTCP_MAX_REPORTS	8
#define VW_RTCP_MAX_STAMPS	2
#define VW_RTCP_MAX_ECHOES	8

/* Timestamps of @stamp and @delay count 1/65536 s: the middle of an NTP time. */
#define VW_RTCP_SECOND		65536u
/* Round trips above can't be. */
#define VW_RTCP_MAX_TRIP	(30 * VW_RTCP_SECOND)

/**
 * struct vw_rtcp_report - one report block; all in host order
 * @source: the SSRC that it is about
 * @highest: extended highest sequence number received
 * @jitter: in units of the RTP timestamp
 * @lost: packets since the beginning, -2^23..2^23-1; duplicates count against it
 * @fraction: lost since the report before, 1/256
 */
struct vw_rtcp_report {
	u32 source;
	u32 highest;
	u32 jitter;
	s32 lost;
	u8 fraction;
};

/* @source gave off the timestamp @stamp with this packet. */
struct vw_rtcp_stamp {
	u32 source;
	u32 stamp;
};

/* This packet left @delay after the one with which @source gave off @stamp came. */
struct vw_rtcp_echo {
	u32 source;
	u32 stamp;
	u32 delay;
};

/* Not known, in r and mos_* of struct vw_rtcp_voip. */
#define VW_RTCP_VOIP_NONE	127

/**
 * struct vw_rtcp_voip - how an end judges what it plays, RFC 3611 4.7
 * @source: the SSRC that it is about
 * @round_trip: between the ends, ms; 0: not known
 * @end_delay: of the end itself, jitter buffer and codec, ms; 0: not known
 * @loss: since the beginning, 1/256
 * @discard: too late or too early for the jitter buffer, 1/256
 * @r: 0..100, or VW_RTCP_VOIP_NONE
 * @mos_lq: of listening, times ten, 10..50, or VW_RTCP_VOIP_NONE
 * @mos_cq: of conversation, likewise
 * @bare: it doesn't conceal losses, and says so
 */
struct vw_rtcp_voip {
	u32 source;
	u16 round_trip;
	u16 end_delay;
	u8 loss;
	u8 discard;
	u8 r;
	u8 mos_lq;
	u8 mos_cq;
	bool bare;
};

/* What a compound says. Fixed in size, and holds no pointers. */
struct vw_rtcp_view {
	struct vw_rtcp_report report[VW_RTCP_MAX_REPORTS];
	struct vw_rtcp_echo echo[VW_RTCP_MAX_ECHOES];
	struct vw_rtcp_stamp stamp[VW_RTCP_MAX_STAMPS];
	struct vw_rtcp_voip voip;
	u8 nreport;
	u8 necho;
	u8 nstamp;
	bool has_voip;
};

/**
 * vw_rtcp_read - read a whole compound packet
 * @p: in clear, without SRTCP's trailer
 * @len: bytes
 * @ret: written on success
 *
 * The lengths of all packets must add up to @len, only the last one may be padded,
 * and every block must lie inside its packet (RFC 3550 A.2, RFC 3611 3); reduced
 * sizes are welcome (RFC 5506). Of several VoIP metrics the last is kept.
 *
 * Return: 0; -EBADMSG: some length lies; -E2BIG: over VW_RTCP_MAX_PARTS.
 */
int vw_rtcp_read(const u8 *p, size_t len, struct vw_rtcp_view *ret);

/* How many timestamps that passed are remembered: ends send one in five seconds. */
#define VW_RTCP_TRAIL		4

/**
 * struct vw_rtcp_trail - the timestamps that passed on their way to an end
 * @entry: what passed, and when; a @stamp of 0: nothing
 * @next: the place of the next one
 */
struct vw_rtcp_trail {
	struct {
		u32 source;
		u32 stamp;
		u32 left;
	} entry[VW_RTCP_TRAIL];
	u8 next;
};

/**
 * vw_rtcp_trail_add - a timestamp passes
 * @t: of its direction, zeroed at first
 * @stamp: it
 * @now: the passer-by's own clock, 1/65536 s
 *
 * One that passes again counts from then on: its receiver does the same.
 */
void vw_rtcp_trail_add(struct vw_rtcp_trail *t, const struct vw_rtcp_stamp *stamp, u32 now);

/**
 * vw_rtcp_trail_trip - an answer passes: how long was the way to the end and back?
 * @t: of the direction that the answer's timestamp went
 * @echo: the answer
 * @now: as in vw_rtcp_trail_add()
 * @ret: 1/65536 s, without the time that the end itself took; written on success
 *
 * RFC 3550 6.4.1, but from the passer-by to the end and back: nobody's clock is
 * compared with another one, and the far leg has no part in it.
 *
 * Return: 0; -ENODATA: that timestamp isn't remembered; -EBADMSG: the end says
 * that it took longer than the whole, or it took more than VW_RTCP_MAX_TRIP.
 */
int vw_rtcp_trail_trip(const struct vw_rtcp_trail *t, const struct vw_rtcp_echo *echo, u32 now,
		       u32 *ret);

#endif
