// SPDX-License-Identifier: GPL-2.0-or-later
/* Which zone a device is in. Packets ask for it, so the answers are kept. */
#include <linux/if_vlan.h>

#include "port.h"
#include "zone.h"

#define MAX_LOWER	16	/* members of a bridge that are looked at */

static bool is_voice_vlan(const struct vw_policy *pol, const struct net_device *dev)
{
	return is_vlan_dev(dev) && vlan_dev_vlan_id(dev) == pol->voice_vlan;
}

/* A bridge that has a port's voice VLAN as a member is the voice VLAN as well. */
static bool is_voice_dev(const struct vw_policy *pol, struct net_device *dev)
{
	struct list_head *iter = &dev->adj_list.lower;
	struct net_device *lower;
	unsigned int n;

	if (is_voice_vlan(pol, dev))
		return true;
	if (!netif_is_bridge_master(dev))
		return false;
	for (n = 0; n < MAX_LOWER; n++) {
		lower = netdev_next_lower_dev_rcu(dev, &iter);
		if (!lower)
			break;
		if (is_voice_vlan(pol, lower))
			return true;
	}
	return false;
}

static enum voxwall_zone zone_of(const struct vw_net *vn, struct net_device *dev)
{
	if (vw_dev_uplink(vn, dev))
		return VOXWALL_ZONE_WAN;
	return is_voice_dev(rcu_dereference(vn->policy), dev) ? VOXWALL_ZONE_VOICE :
								 VOXWALL_ZONE_DATA;
}

/* No VLAN, bridge or bond is a tunnel. */
static bool keeps_mark(const struct vw_net *vn, const struct net_device *dev)
{
	return is_vlan_dev(dev) || netif_is_bridge_master(dev) || netif_is_lag_master(dev) ||
	       vw_port_find(vn, dev->ifindex);
}

/* A word that was found out in an earlier epoch is none of this one's, whenever it comes. */
u8 vw_zone_learn(struct vw_net *vn, const struct net_device *dev, u64 epoch)
{
	u8 zone = zone_of(vn, (struct net_device *)dev);

	if (keeps_mark(vn, dev))
		zone |= VW_ZONE_AS_IT_CAME;
	atomic64_set(&vn->zones[(u32)dev->ifindex % VW_ZONES],
		     (epoch + (u32)dev->ifindex) << 8 | zone);
	return zone;
}

u8 vw_zone_learn_index(struct vw_net *vn, int ifindex, u64 epoch)
{
	struct net_device *dev = dev_get_by_index_rcu(vn->net, ifindex);

	return dev ? vw_zone_learn(vn, dev, epoch) : VOXWALL_ZONE_WAN;
}
