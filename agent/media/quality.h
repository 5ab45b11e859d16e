/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stream sounds like at its far end, out of all that is known of it. */
#ifndef VW_MEDIA_QUALITY_H
#define VW_MEDIA_QUALITY_H

#include "../kernel/genl.h"
#include "mos.h"

/**
 * struct vw_quality - one direction of a call as its listener has it
 * @loss: of packets, since the beginning, 0..1: what was lost before the gateway,
 *	or what the far end missed in all, whichever is more, and what its jitter
 *	buffer had to discard
 * @delay_ms: from mouth to ear, one way: half the round trip between gateway and
 *	either end, a packet's length and look-ahead, and what the far end says of
 *	itself; when it says nothing, a jitter buffer of twice the jitter
 * @whole: both round trips have been measured; else the delay is at least that
 * @rated: @r and @mos are known
 * @r: rating factor, G.107
 * @mos: 1..4.5; an upper limit unless @whole
 */
struct vw_quality {
	double loss;
	double delay_ms;
	bool whole;
	bool rated;
	double r;
	double mos;
};

/**
 * vw_quality_of - rate a stream
 * @s: the stream
 * @back: the other direction; NULL: not known; ignored when it is another call's
 * @codec: NULL: not known, or without parameters
 */
struct vw_quality vw_quality_of(const struct vw_genl_stream *s, const struct vw_genl_stream *back,
				const struct vw_codec *codec);

#endif
