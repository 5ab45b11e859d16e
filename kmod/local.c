// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "local.h"

static bool is_addr_of(const struct net_device *dev, const struct sk_buff *skb)
{
	return dev && ether_addr_equal_unaligned(eth_hdr(skb)->h_dest, dev->dev_addr);
}

/* The VLAN's device may have an address of its own. */
static bool is_addr_of_vlan(struct net_device *dev, u16 vid, const struct sk_buff *skb)
{
	return vid && is_addr_of(__vlan_find_dev_deep_rcu(dev, htons(ETH_P_8021Q), vid), skb);
}

bool vw_local_mac_of_others(const struct sk_buff *skb, u16 vid)
{
	struct net_device *master;

	if (skb->pkt_type != PACKET_OTHERHOST)
		return false;
	if (is_addr_of_vlan(skb->dev, vid, skb))
		return true;
	master = netdev_master_upper_dev_get_rcu(skb->dev);
	return master && (is_addr_of(master, skb) || is_addr_of_vlan(master, vid, skb));
}

bool vw_local_addr(struct net *net, const struct vw_frame *f)
{
	struct in6_addr addr6;
	__be32 addr;

	if (f->family == 4) {
		memcpy(&addr, f->daddr, sizeof(addr));
		return inet_addr_type(net, addr) == RTN_LOCAL;
	}
	/* Booted with ipv6.disable=1 there is no table to ask. */
	if (f->family != 6 || !ipv6_mod_enabled())
		return false;
	memcpy(&addr6, f->daddr, sizeof(addr6));
	return ipv6_chk_addr(net, &addr6, NULL, 0);
}
