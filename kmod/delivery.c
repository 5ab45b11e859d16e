// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last look at what is delivered to this host. Out of a tunnel a packet arrives a
 * second time, and its port sees it. Out of IPsec's transport mode it goes on inside of
 * IP, and the port has seen ESP: here it shows what it is.
 */
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <net/xfrm.h>

#include "delivery.h"
#include "ingress.h"
#include "pathmtu.h"
#include "port.h"

static bool is_icmpv6(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6) && ipv6_hdr(skb)->nexthdr == IPPROTO_ICMPV6;
}

static unsigned int on_delivery(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	const struct vw_port *port;

	if (is_icmpv6(skb))
		vw_pathmtu_hear(priv, skb);
	if (likely(!skb_sec_path(skb)))
		return NF_ACCEPT;
	port = vw_dev_uplink(priv, state->in);
	return port ? vw_ingress_inner(port, skb) : NF_ACCEPT;
}

int vw_delivery_watch(struct vw_net *vn)
{
	vn->delivery = (struct nf_hook_ops){
		.hook = on_delivery,
		.priv = vn,
		.pf = NFPROTO_INET,
		.hooknum = NF_INET_LOCAL_IN,
		/* No filter sees media that comes as it is, so none sees this. Of what is
		 * said of media, connection tracking would know as little.
		 */
		.priority = NF_IP_PRI_FIRST,
	};
	return nf_register_net_hook(vn->net, &vn->delivery);
}

void vw_delivery_unwatch(struct vw_net *vn)
{
	nf_unregister_net_hook(vn->net, &vn->delivery);
}
