// SPDX-License-Identifier: GPL-2.0-or-later
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "fragment.h"
#include "packet.h"

/*
 * Nobody else's fragments are under these numbers; and what came out of IPsec never
 * becomes one with what didn't.
 */
static u32 user_of(const struct sk_buff *skb, enum voxwall_zone zone)
{
	return IP_DEFRAG_MACVLAN + 1 + zone + (skb_sec_path(skb) ? __VOXWALL_ZONE_MAX : 0);
}

static int gather4(struct net *net, struct sk_buff *skb, enum voxwall_zone zone)
{
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	/* What it refuses it has freed. */
	if (ip_defrag(net, skb, user_of(skb, zone)))
		return -EINPROGRESS;
	/* It may be for somebody behind a NAT, and its parts have fitted. */
	skb->ignore_df = 1;
	return 0;
}

#if IS_REACHABLE(CONFIG_NF_DEFRAG_IPV6)
static int gather6(struct net *net, struct sk_buff *skb, enum voxwall_zone zone)
{
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	return nf_ct_frag6_gather(net, skb, user_of(skb, zone));
}
#else
static int gather6(struct net *net, struct sk_buff *skb, enum voxwall_zone zone)
{
	return 0;
}
#endif

int vw_fragment_gather(struct net *net, struct sk_buff *skb, u8 family,
		       enum voxwall_zone zone)
{
	/* What IP would have seen to by then. */
	if (!vw_packet_header_fits(skb, family))
		return 0;
	if (pskb_trim_rcsum(skb, vw_packet_end(skb, family)))
		return -ENOMEM;
	skb_reset_network_header(skb);
	return family == 4 ? gather4(net, skb, zone) : gather6(net, skb, zone);
}
