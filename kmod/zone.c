// SPDX-License-Identifier: GPL-2.0-or-later
/* Which zone a device is in. Packets ask for it, so the answers are kept. */
#include <linux/if_vlan.h>
#include <net/rtnetlink.h>

#include "port.h"
#include "zone.h"

#define MAX_LOWER	16	/* members of a bridge that are looked at */
#define MAX_DEPTH	4	/* devices on top of each other, likewise */

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

/*
 * What comes in here from below bears no mark: it is of a wire or radio, of user space,
 * or of another namespace. Of what a tunnel brings the opposite is true: it bears the
 * mark of the packet around it.
 */
static bool brings_unmarked(const struct vw_net *vn, struct net_device *dev)
{
	const struct net_device_ops *ops = dev->netdev_ops;
	struct net_device *peer = NULL;

	if (!net_eq(dev_net(dev), vn->net))
		return false;
	if (dev->dev.parent)
		return true;
	if (ops->ndo_get_peer_dev)
		peer = ops->ndo_get_peer_dev(dev);
	if (peer)
		return !net_eq(dev_net(peer), vn->net);
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "tun");
}

static bool keeps_mark(const struct vw_net *vn, struct net_device *dev, unsigned int depth);

/* One tunnel among them is enough. */
static bool members_keep_mark(const struct vw_net *vn, struct net_device *dev, unsigned int depth)
{
	struct list_head *iter = &dev->adj_list.lower;
	struct net_device *lower;

	while ((lower = netdev_next_lower_dev_rcu(dev, &iter)))
		if (!brings_unmarked(vn, lower) && !keeps_mark(vn, lower, depth))
			return false;
	return true;
}

/* A port marks anew; a VLAN, bridge or bond is as good as what is under it. */
static bool keeps_mark(const struct vw_net *vn, struct net_device *dev, unsigned int depth)
{
	const struct vw_port *port;

	/* A VLAN may live in another namespace than the device under it, and of what
	 * changes there nobody tells.
	 */
	if (!net_eq(dev_net(dev), vn->net))
		return false;
	port = vw_port_find(vn, dev->ifindex);
	if (port && port->dev == dev)
		return true;
	if (!depth--)
		return false;
	if (is_vlan_dev(dev) || netif_is_bridge_master(dev) || netif_is_lag_master(dev))
		return members_keep_mark(vn, dev, depth);
	return false;
}

/* A word that was found out in an earlier epoch is none of this one's, whenever it comes. */
u8 vw_zone_learn(struct vw_net *vn, const struct net_device *dev, u64 epoch)
{
	u8 zone = zone_of(vn, (struct net_device *)dev);

	if (keeps_mark(vn, (struct net_device *)dev, MAX_DEPTH))
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
