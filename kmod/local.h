/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_LOCAL_H
#define VW_LOCAL_H

#include <linux/if_packet.h>
#include <linux/skbuff.h>

#include "core/frame.h"

struct net;

/* vw_local_mac() of what isn't addressed to the port itself. */
bool vw_local_mac_of_others(const struct sk_buff *skb, u16 vid);

/**
 * vw_local_mac - is the frame addressed to this host, as far as Ethernet goes?
 * @skb: the frame, at the ingress of a port
 * @vid: the VLAN it belongs to, that of untagged frames included; 0: none
 *
 * Under RCU. Such an address is the port's own, its bridge's, and that of the VLAN's
 * device on either of them.
 */
static inline bool vw_local_mac(const struct sk_buff *skb, u16 vid)
{
	return likely(skb->pkt_type == PACKET_HOST) || vw_local_mac_of_others(skb, vid);
}

/* Under RCU: is the packet's destination address one of this host? */
bool vw_local_addr(struct net *net, const struct vw_frame *f);

#endif
