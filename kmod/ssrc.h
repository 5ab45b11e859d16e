/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sources of a stream: replay windows, send indexes, statistics. A source
 * takes a place, and a window moves, only in a commit.
 */
#ifndef VW_SSRC_H
#define VW_SSRC_H

#include "core/rtp.h"
#include "stream.h"

/*
 * A place is given to another source only when no key is left that has seen it:
 * its indexes may begin anew then, and until then never. Changing keys goes
 * vw_ssrc_epoch(), keys, a grace period for packets with an old key, and then
 * vw_ssrc_floor(). A key that comes to an empty slot needs no such wait.
 */

/* What a commit serves. */
#define VW_SSRC_OPENED	0x01	/* the index comes from a packet that has authenticated */
#define VW_SSRC_SEALED	0x02	/* the index will seal a packet: never twice */

/**
 * vw_ssrc_peek - a copy of a source's window, without the lock
 * @st: the stream
 * @id: the SSRC
 * @rtcp: the window of SRTCP
 * @ret: one that hasn't begun for a new source
 *
 * Return: VOXWALL_DROP_NONE, or _SSRC_LIMIT when a new one has no place.
 */
enum voxwall_drop vw_ssrc_peek(const struct vw_stream *st, u32 id, bool rtcp,
			       struct vw_replay *ret);

/**
 * vw_ssrc_commit_rtp - claim the index of an RTP packet and count it
 * @st: the stream
 * @rtp: the packet
 * @how: VW_SSRC_*
 * @index: with VW_SSRC_OPENED what authenticated; else written
 * @bytes: of the RTP packet as it came
 *
 * The low half of the index is the sequence number to leave with, which differs from
 * the packet's once a clear sender has begun anew.
 *
 * Softirq. Return: VOXWALL_DROP_NONE, or why the packet must not go on; nothing
 * has changed then, but what is guessed of a clear sender's beginning.
 */
enum voxwall_drop vw_ssrc_commit_rtp(struct vw_stream *st, const struct vw_rtp *rtp,
				     unsigned int how, u64 *index, unsigned int bytes);

/* The same for RTCP: @opened is the index that authenticated, with
 * VW_SSRC_OPENED; @ret_send the one to seal with, with VW_SSRC_SEALED. */
enum voxwall_drop vw_ssrc_commit_rtcp(struct vw_stream *st, u32 id, unsigned int how,
				      u32 opened, u32 *ret_send);

/* Have others sent good packets, and this source none? Process context. */
bool vw_ssrc_is_stranger(struct vw_stream *st, u32 id);

/* Keys are about to change; vn->lock is held. Return: the epoch they are born in. */
u32 vw_ssrc_epoch(struct vw_stream *st);

/* No packet uses a replaced key any more: @floor is the epoch of the oldest key
 * that is left. */
void vw_ssrc_floor(struct vw_stream *st, u32 floor);

/*
 * The first source of the stream will be near this index: it began without us. 0, or
 * -EBUSY: one has been heard already.
 */
int vw_ssrc_expect(struct vw_stream *st, u64 index);

/* Packets that never came, RFC 3550 A.3; the stream's lock is held. */
u64 vw_ssrc_lost(const struct vw_ssrc *s);

#endif
