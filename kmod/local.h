/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_LOCAL_H
#define VW_LOCAL_H

#include <linux/skbuff.h>

#include "core/frame.h"

struct net;

/* Under RCU: is the frame addressed to this host, as far as Ethernet goes? On a
 * bridge port that is the port's own address or the bridge's. */
bool vw_local_mac(const struct sk_buff *skb);

/* Under RCU: is the packet's destination address one of this host? */
bool vw_local_addr(struct net *net, const struct vw_frame *f);

#endif
