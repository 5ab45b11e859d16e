/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_FLOW_H
#define VW_FLOW_H

#include <linux/skbuff.h>

#include "core/classify.h"
#include "voxwall.h"

/* Where a flow is judged. Each place remembers for itself: one packet seen
 * twice would look like a flow that stands still. */
enum vw_flow_place {
	VW_FLOW_IN,
	VW_FLOW_OUT,
};

/**
 * vw_flow_classify - judge a packet by its content and by what came before
 * @vn: the namespace
 * @skb: its data at the network header
 * @f: its headers, from vw_packet_look()
 * @place: where we are
 * @ret_settled: vw_flow_is_settled() from now on; NULL: of no interest
 *
 * Any context but hard interrupts; never allocates. The memory is bounded: a
 * flood evicts, and an evicted flow is judged anew from its next packet on.
 */
enum voxwall_class vw_flow_classify(struct vw_net *vn, const struct sk_buff *skb,
				    const struct vw_frame *f, enum vw_flow_place place,
				    bool *ret_settled);

int vw_flows_init(struct vw_net *vn);
void vw_flows_exit(struct vw_net *vn);

#endif
