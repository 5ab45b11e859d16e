/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_ZONE_H
#define VW_ZONE_H

#include "voxwall.h"

/*
 * What packets ask of a device, as the low byte of a word of vw_net.zones: its zone,
 * and whether a packet that it has let in is still the one that a port or an uplink
 * has marked. What came out of a tunnel bears the mark of the packet around it.
 */
#define VW_ZONE_MASK		0x03
#define VW_ZONE_AS_IT_CAME	0x04

/* Find out, and remember; under RCU. @epoch is as it was before anything was looked at. */
u8 vw_zone_learn(struct vw_net *vn, const struct net_device *dev, u64 epoch);
u8 vw_zone_learn_index(struct vw_net *vn, int ifindex, u64 epoch);

/* The byte of a device, when it is known in this epoch; else something above 0xff. */
static inline u64 vw_zone_known(const struct vw_net *vn, int ifindex, u64 epoch)
{
	u64 word = atomic64_read(&vn->zones[(u32)ifindex % VW_ZONES]);

	return word ^ (epoch + (u32)ifindex) << 8;
}

/**
 * vw_zone_of - the zone of a device, and VW_ZONE_AS_IT_CAME
 * @vn: the namespace
 * @dev: a device of it: an uplink or a VLAN on one is the WAN, a device of the voice
 *	VLAN or its bridge is voice, all others are data
 *
 * Under RCU. What is remembered ends with the epoch: vw_net_changed().
 */
static inline u8 vw_zone_of(struct vw_net *vn, const struct net_device *dev)
{
	u64 epoch = atomic64_read_acquire(&vn->epoch);
	u64 known = vw_zone_known(vn, dev->ifindex, epoch);

	return likely(known <= 0xff) ? known : vw_zone_learn(vn, dev, epoch);
}

/* The same by number. Of a device that is gone nothing good is assumed: it is the WAN. */
static inline u8 vw_zone_of_index(struct vw_net *vn, int ifindex)
{
	u64 epoch = atomic64_read_acquire(&vn->epoch);
	u64 known = vw_zone_known(vn, ifindex, epoch);

	return likely(known <= 0xff) ? known : vw_zone_learn_index(vn, ifindex, epoch);
}

#endif
