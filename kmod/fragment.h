/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_FRAGMENT_H
#define VW_FRAGMENT_H

#include <linux/skbuff.h>

#include "uapi/linux/voxwall.h"

struct net;

/**
 * vw_fragment_gather - put the fragments of a datagram together
 * @net: the namespace
 * @skb: one of them, not shared, its data at the network header
 * @family: 4 or 6
 * @zone: where it came from; those of different zones never meet
 *
 * For datagrams to this host, which the stack would put together a little later.
 * Softirq, under RCU. Return: 0: it is whole, or, with a header that no stack would
 * take, as it was; -EINPROGRESS: it has been kept, or freed; -ENOMEM and others: the
 * caller drops it.
 */
int vw_fragment_gather(struct net *net, struct sk_buff *skb, u8 family,
		       enum voxwall_zone zone);

#endif
