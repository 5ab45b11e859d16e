/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A media packet on its road. */
#ifndef VW_MEDIA_H
#define VW_MEDIA_H

#include <linux/skbuff.h>

#include "core/rtp.h"
#include "output.h"
#include "stream.h"

/**
 * struct vw_media - one packet on its way
 * @st: its stream
 * @skb: its data at the network header first, then at the UDP payload
 * @p: the UDP payload
 * @len: bytes of it; without what sealing has added once that is known
 * @rtcp: by port, or by content with rtcp-mux
 * @glued: came as a part of a larger one
 * @opens: it has to authenticate
 * @seals: it leaves sealed
 * @open: the key that authenticated it
 * @seal: the key that will seal it
 * @rtp: the header, unless @rtcp
 * @ssrc: of the sender
 * @index: packet index, in RTCP the SRTCP index that arrived
 * @send: SRTCP index to leave with
 * @from: who has sent it, as vw_latch_look() takes it, if that isn't settled yet; else NULL
 * @heard: the latch that knows its source, if one does
 * @heard_rtcp: as vw_latch_heard() takes it
 * @newer: above all indexes of its SSRC; known when it opens and has @from
 * @target: whom the stream believes and where it sends
 * @out: the way out
 */
struct vw_media {
	struct vw_stream *st;
	struct sk_buff *skb;
	u8 *p;
	size_t len;
	bool rtcp;
	bool glued;
	bool opens;
	bool seals;
	struct vw_key *open;
	struct vw_key *seal;
	struct vw_rtp rtp;
	u32 ssrc;
	u64 index;
	u32 send;
	const struct vw_leg *from;
	struct vw_latch *heard;
	bool heard_rtcp;
	bool newer;
	struct vw_target *target;
	struct vw_output out;
};

#endif
