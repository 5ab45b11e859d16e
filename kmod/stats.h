/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_STATS_H
#define VW_STATS_H

#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "voxwall.h"

struct vw_port;

/**
 * vw_accept - count a packet that goes on
 * @counts: of its port
 * @class: enum voxwall_class
 */
static inline void vw_accept(struct vw_counts __percpu *counts, unsigned int class)
{
	this_cpu_inc(counts->classes[class]);
}

/**
 * vw_drop - count and trace a packet that is refused; freeing it is the caller's
 * @vn: the namespace
 * @port: whose packet it was; NULL when it can't be pinned on one
 * @reason: why, not VOXWALL_DROP_NONE
 * @skb: the packet, still whole; may be NULL
 *
 * Any context.
 */
void vw_drop(struct vw_net *vn, const struct vw_port *port, enum voxwall_drop reason,
	     const struct sk_buff *skb);

/* Add up what all CPUs counted; what has a class was accepted. */
void vw_counts_sum(const struct vw_counts __percpu *counts, struct vw_counts *ret);

#endif
