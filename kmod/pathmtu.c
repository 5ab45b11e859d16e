// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The path MTU of media (RFC 8201). A router answers what doesn't fit its next link with
 * "packet too big" and a quotation; IPv6 looks for the socket that has sent what is quoted,
 * and media has none. IPv4 needs none of this: media never asks that it not be fragmented.
 */
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <net/dst.h>
#include <net/xfrm.h>

#include "core/frame.h"
#include "packet.h"
#include "pathmtu.h"
#include "stream.h"
#include "voxwall.h"

#define ICMP	sizeof(struct ipv6hdr)	/* where it is */
#define QUOTED	(ICMP + sizeof(struct icmp6hdr))

/* 0: not what this is about. */
static u32 read_mtu(struct sk_buff *skb)
{
	const struct icmp6hdr *icmp;

	if (!pskb_may_pull(skb, min_t(unsigned int, skb->len, QUOTED + VW_PACKET_HEADERS)) ||
	    skb_headlen(skb) < QUOTED + sizeof(struct ipv6hdr))
		return 0;
	icmp = (const struct icmp6hdr *)(skb->data + ICMP);
	return icmp->icmp6_type == ICMPV6_PKT_TOOBIG ? ntohl(icmp->icmp6_mtu) : 0;
}

/* The quotation may be cut short, the packet wasn't. */
static bool read_quoted(const struct sk_buff *skb, struct vw_frame *ret)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)(skb->data + QUOTED);
	size_t len = sizeof(*ip) + ntohs(ip->payload_len);

	return !vw_frame_parse_l3((const u8 *)ip, skb_headlen(skb) - QUOTED, len, ETH_P_IPV6,
				  ret) &&
	       ret->proto == IPPROTO_UDP && ret->l4;
}

static const struct vw_route *route_if(const struct vw_target *t, bool rtcp,
				       const struct vw_frame *f)
{
	__be16 src = rtcp ? t->src.rtcp : t->src.rtp;
	__be16 dst = rtcp ? t->dst.rtcp : t->dst.rtp;

	if (src != htons(f->sport) || dst != htons(f->dport))
		return NULL;
	return rcu_dereference(t->route[rtcp]);
}

/*
 * The way of the stream that sends such packets. It is found by the other direction,
 * which arrives where they come from; whoever makes this up has to know all of the call.
 */
static const struct vw_route *find_route(const struct vw_net *vn, const struct vw_frame *f)
{
	const struct vw_node *node = vw_stream_lookup(vn->streams, f->family, f->saddr,
						      htons(f->sport));
	const struct vw_stream *other, *st;
	const struct vw_target *target;

	if (!node)
		return NULL;
	other = vw_node_stream(node);
	st = vw_stream_other(other, rcu_dereference(other->target));
	if (!st)
		return NULL;
	target = rcu_dereference(st->target);
	if (!vw_leg_is(&target->dst, f->family, f->daddr))
		return NULL;
	return route_if(target, false, f) ?: route_if(target, true, f);
}

/*
 * IPv6 keeps it as it does for sockets: so many at most, for a while, and nothing below
 * 1280 bytes (RFC 8201 4). The stream's next packet finds its way stale and asks anew. Of
 * a way that is stale already nobody knows whether the packet went there.
 */
static void learn(const struct vw_route *route, struct sk_buff *skb, u32 mtu)
{
	struct dst_entry *dst = dst_check(route->dst, route->cookie);
	int at = skb_network_offset(skb);

	/* Through IPsec somebody behind its other end has said so, of no way of ours. */
	if (dst && dst_xfrm(dst))
		return;
	if (!dst || !dst->ops->update_pmtu)
		return;
	skb_set_network_header(skb, QUOTED);
	dst->ops->update_pmtu(dst, NULL, skb, mtu, false);
	skb_set_network_header(skb, at);
}

void vw_pathmtu_hear(const struct vw_net *vn, struct sk_buff *skb)
{
	const struct vw_route *route;
	u32 mtu = read_mtu(skb);
	struct vw_frame f;

	if (!mtu || !read_quoted(skb, &f))
		return;
	route = find_route(vn, &f);
	if (!route || nf_ip6_checksum(skb, NF_INET_LOCAL_IN, ICMP, IPPROTO_ICMPV6) ||
	    !xfrm6_policy_check(NULL, XFRM_POLICY_IN, skb))
		return;
	learn(route, skb, mtu);
}
