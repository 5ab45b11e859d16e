/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a stream's packets really come from, when that isn't where its caller said:
 * out of a NAT, or from another port than the one of the SDP. enum voxwall_latch says
 * whom to believe; where a source is latched, the other direction sends to it.
 *
 * The packet path reads a latch under RCU, and not even that where the mode is SDP:
 * there is none. Latching is rare. It replaces the latch, and the target of the other
 * direction, under the lock of the namespace's streams.
 */
#ifndef VW_LATCH_H
#define VW_LATCH_H

#include "stream.h"

struct vw_media;

#define VW_LATCH_RTP	0
#define VW_LATCH_RTCP	1

/**
 * struct vw_latch - what a stream has learnt of its source; replaced whole
 * @mode: enum voxwall_latch, never SDP
 * @held: BIT(VW_LATCH_RTP), BIT(VW_LATCH_RTCP): has a source
 * @at: the sources that are held; the rest as the remote was told
 * @only: with FIRST_WITHIN the one address; family 0: any
 * @back: where the other direction was told to send; family 0: not known. Streams' lock
 * @opened: jiffies, when it began to wait
 * @since: jiffies, when each source was latched
 * @seen: jiffies, when the last authentic packet came from each; written on the packet path
 * @rcu: ends it
 */
struct vw_latch {
	u8 mode;
	u8 held;
	struct vw_leg at;
	struct vw_leg only;
	struct vw_leg back;
	unsigned long opened;
	unsigned long since[2];
	unsigned long seen[2];
	struct rcu_head rcu;
};

/* What a packet's source is to a stream. */
enum vw_source {
	VW_SOURCE_STRANGER,
	VW_SOURCE_KNOWN,
	VW_SOURCE_CANDIDATE,	/* vw_latch_settle() decides, once the packet is judged */
};

/**
 * vw_latch_look - who has sent this?
 * @st: the stream
 * @latch: its latch
 * @told: its remote
 * @from: the address, and one port: as that of RTCP where it came to the stream's port
 *	for RTCP alone, else as that of RTP
 *
 * Softirq, under RCU.
 */
enum vw_source vw_latch_look(const struct vw_stream *st, const struct vw_latch *latch,
			     const struct vw_leg *told, const struct vw_leg *from);

/**
 * vw_latch_settle - a candidate's packet is right, as far as it can be told: latch it?
 * @m: the packet, judged, and no replay
 *
 * Softirq, under RCU. Return: VOXWALL_DROP_NONE, whether it is latched or not; or why
 * the packet isn't believed.
 */
enum voxwall_drop vw_latch_settle(struct vw_media *m);

/* A packet of a known source was right, and no replay: the source is alive. @rtcp: it came
 * to the stream's port for RTCP alone. Softirq, under RCU. */
void vw_latch_heard(struct vw_latch *latch, bool rtcp);

/* ---- changes; process context, vn->lock is held ---- */

/* One that holds nothing; NULL: no memory. @told: the remote; @only: family 0: any. */
struct vw_latch *vw_latch_new(u8 mode, const struct vw_leg *told, const struct vw_leg *only);

/* What a change gives. */
#define VW_LATCH_MODE	0x01
#define VW_LATCH_REMOTE	0x02
#define VW_LATCH_DST	0x04

/**
 * struct vw_latch_plan - a change of a stream's target and latch
 * @target: the new one, with what it is told; NULL: stays
 * @fresh: the new latch, with VW_LATCH_MODE or _REMOTE; NULL: mode SDP
 * @spare: room for the other direction's target, with VW_LATCH_MODE or _REMOTE
 * @given: VW_LATCH_*
 */
struct vw_latch_plan {
	struct vw_target *target;
	struct vw_latch *fresh;
	struct vw_target *spare;
	unsigned int given;
};

/**
 * vw_latch_carry_out - give a stream another target and another latch
 * @st: the stream
 * @p: complete; what isn't taken over stays the caller's: vw_latch_plan_drop()
 *
 * With another remote or mode the stream forgets its source, and the other direction
 * sends where it was told to. The same mode again makes an empty latch wait anew, and
 * leaves one alone that holds something. Without VW_LATCH_DST the destination stays.
 */
void vw_latch_carry_out(struct vw_stream *st, struct vw_latch_plan *p);
void vw_latch_plan_drop(struct vw_latch_plan *p);

/* The stream ends, and is in the table still: the other direction sends where it was told. */
void vw_latch_leave(struct vw_stream *st);
/* A stream is new: it sends where the other direction has latched, if it has. */
void vw_latch_follow(struct vw_stream *st);

#endif
