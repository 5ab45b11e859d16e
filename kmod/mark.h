/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_MARK_H
#define VW_MARK_H

#include <linux/skbuff.h>

#include "uapi/linux/voxwall.h"

/* Write zone and class into a packet; the other bits are somebody else's. */
static inline void vw_mark_set(struct sk_buff *skb, enum voxwall_zone zone,
			       enum voxwall_class class, bool rogue)
{
	skb->mark = (skb->mark & ~VOXWALL_MARK_MASK) |
		    (zone + 1) << VOXWALL_MARK_ZONE_SHIFT |
		    class << VOXWALL_MARK_CLASS_SHIFT |
		    (rogue ? VOXWALL_MARK_ROGUE : 0);
}

/* Has the packet come in through a port or an uplink? Then *@ret is its zone. */
static inline bool vw_mark_zone(const struct sk_buff *skb, enum voxwall_zone *ret)
{
	u32 zone = (skb->mark & VOXWALL_MARK_ZONE_MASK) >> VOXWALL_MARK_ZONE_SHIFT;

	if (zone)
		*ret = zone - 1;
	return zone;
}

static inline enum voxwall_class vw_mark_class(const struct sk_buff *skb)
{
	return (skb->mark & VOXWALL_MARK_CLASS_MASK) >> VOXWALL_MARK_CLASS_SHIFT;
}

#endif
