// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "local.h"

bool vw_local_mac(const struct sk_buff *skb)
{
	struct net_device *master;

	if (skb->pkt_type == PACKET_HOST)
		return true;
	if (skb->pkt_type != PACKET_OTHERHOST)
		return false;
	master = netdev_master_upper_dev_get_rcu(skb->dev);
	return master && ether_addr_equal_unaligned(eth_hdr(skb)->h_dest, master->dev_addr);
}

bool vw_local_addr(struct net *net, const struct vw_frame *f)
{
	struct in6_addr addr6;
	__be32 addr;

	if (f->family == 4) {
		memcpy(&addr, f->daddr, sizeof(addr));
		return inet_addr_type(net, addr) == RTN_LOCAL;
	}
	if (f->family != 6)
		return false;
	memcpy(&addr6, f->daddr, sizeof(addr6));
	return ipv6_chk_addr(net, &addr6, NULL, 0);
}
