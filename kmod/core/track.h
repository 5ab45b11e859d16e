/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the packets of one SSRC go on. */
#ifndef VW_CORE_TRACK_H
#define VW_CORE_TRACK_H

#include "env.h"
#include "classify.h"
#include "content.h"
#include "rtp.h"

enum vw_step {
	VW_STEP_CONTINUES,
	VW_STEP_NEUTRAL,	/* proves nothing (yet): late, again, after a gap */
	VW_STEP_BREAKS,
};

/* The track that follows @ssrc, or NULL. */
struct vw_track *vw_track_find(struct vw_flow *flow, u32 ssrc, bool rtcp);
/* The track of the SSRC that has shown least, and of two such the older. */
struct vw_track *vw_track_weakest(struct vw_flow *flow);
void vw_track_begin(struct vw_track *t, const struct vw_rtp *rtp, u32 now);

/* @ret_why is written unless the packet continues. */
enum vw_step vw_track_step(struct vw_track *t, const struct vw_rtp *rtp, u32 now,
			   enum vw_why *ret_why);
/*
 * SRTCP: the header is clear, and behind the rest is an index that goes up. It
 * lies before the tag of 80 bits, or with AEAD at the end.
 */
enum vw_step vw_track_step_srtcp(struct vw_track *t, const struct vw_content *c);

/* Too few packets have moved the timestamp to tell a clock from a constant. */
bool vw_track_stands(const struct vw_track *t);

/*
 * Have @need packets shown that this is RTP? BREAKS: they have shown that the
 * timestamp is no codec's clock, and the track begins anew.
 */
enum vw_step vw_track_proof(struct vw_track *t, u8 need, u32 now);

#endif
