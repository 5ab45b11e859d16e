// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/if_vlan.h>
#include <linux/pkt_sched.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6_stubs.h>
#include <net/lwtunnel.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/sock.h>

#include "output.h"
#include "port.h"
#include "trace.h"

#define TTL	64

/* Media goes to one other host: no crowd, and not back to ourselves. */
#define NOT_UNICAST4	(RTCF_BROADCAST | RTCF_MULTICAST | RTCF_LOCAL)
#define NOT_UNICAST6	(RTF_ANYCAST | RTF_LOCAL)

struct ports {
	__be16 src;
	__be16 dst;
};

static struct ports ports_of(const struct vw_output *o)
{
	const struct vw_target *t = o->target;

	if (o->rtcp)
		return (struct ports){ t->src.rtcp, t->dst.rtcp };
	return (struct ports){ t->src.rtp, t->dst.rtp };
}

/* ---- routes ---- */

/* The whole flow, so that XFRM policy sees what it is asked about. */
static struct dst_entry *lookup4(const struct vw_output *o, u32 *ret_cookie)
{
	const struct vw_target *t = o->target;
	struct ports port = ports_of(o);
	struct flowi4 fl = {
		.flowi4_mark = o->mark,
		.flowi4_tos = o->dscp << 2,
		.flowi4_scope = RT_SCOPE_UNIVERSE,
		.flowi4_proto = IPPROTO_UDP,
		.flowi4_uid = sock_net_uid(o->net, NULL),
		.daddr = t->dst.addr.ip,
		.saddr = t->src.addr.ip,
		.fl4_sport = port.src,
		.fl4_dport = port.dst,
	};
	struct rtable *rt = ip_route_output_flow(o->net, &fl, NULL);

	if (IS_ERR(rt))
		return ERR_CAST(rt);
	if (rt->rt_flags & NOT_UNICAST4) {
		ip_rt_put(rt);
		return ERR_PTR(-EHOSTUNREACH);
	}
	*ret_cookie = 0;
	return &rt->dst;
}

static struct dst_entry *lookup6(const struct vw_output *o, u32 *ret_cookie)
{
	const struct vw_target *t = o->target;
	struct ports port = ports_of(o);
	struct flowi6 fl = {
		.flowi6_mark = o->mark,
		.flowi6_proto = IPPROTO_UDP,
		.flowi6_uid = sock_net_uid(o->net, NULL),
		.flowlabel = ip6_make_flowinfo(o->dscp << 2, 0),
		.daddr = t->dst.addr.in6,
		.saddr = t->src.addr.in6,
		.fl6_sport = port.src,
		.fl6_dport = port.dst,
	};
	struct dst_entry *dst = ipv6_stub->ipv6_dst_lookup_flow(o->net, NULL, &fl, NULL);

	if (IS_ERR(dst))
		return dst;
	if (((struct rt6_info *)dst)->rt6i_flags & NOT_UNICAST6) {
		dst_release(dst);
		return ERR_PTR(-EHOSTUNREACH);
	}
	*ret_cookie = rt6_get_cookie((struct rt6_info *)dst);
	return dst;
}

static void route_free_rcu(struct rcu_head *rcu)
{
	struct vw_route *route = container_of(rcu, struct vw_route, rcu);

	dst_release(route->dst);
	kfree(route);
}

static void route_put(struct vw_route *route)
{
	if (route)
		call_rcu(&route->rcu, route_free_rcu);
}

/*
 * Ask the tables and remember the answer. A dead one (a blackhole, which XFRM
 * gives while a policy has no state) goes to nobody's neighbour.
 */
static noinline struct dst_entry *route_renew(struct vw_stream *st, struct vw_target *target,
				     const struct vw_output *o)
{
	struct vw_route *route, *old;
	struct dst_entry *dst;
	u32 cookie;

	dst = target->dst.family == 4 ? lookup4(o, &cookie) : lookup6(o, &cookie);
	if (IS_ERR(dst))
		return NULL;
	if (dst->error || dst->obsolete == DST_OBSOLETE_DEAD)
		goto err_dst;
	route = kmalloc(sizeof(*route), GFP_ATOMIC);
	if (!route)
		goto err_dst;
	route->dst = dst;
	route->cookie = cookie;

	spin_lock(&st->lock);
	old = rcu_replace_pointer(target->route[o->rtcp], route, lockdep_is_held(&st->lock));
	spin_unlock(&st->lock);
	route_put(old);
	return dst;

err_dst:
	dst_release(dst);
	return NULL;
}

/*
 * Is the cached route still the way? This is dst_check() of IPv4, which asks only whether
 * the tables have changed, without two calls through pointers.
 */
static bool is_fresh(const struct dst_entry *dst)
{
	return dst->output == ip_output && dst->obsolete == DST_OBSOLETE_FORCE_CHK &&
	       ((struct rtable *)dst)->rt_genid == rt_genid_ipv4(dev_net(dst->dev));
}

/* Not inlined: what it keeps over its calls is nothing that a fresh route should pay for. */
static noinline struct dst_entry *route_check(struct vw_stream *st, struct vw_target *target,
					      const struct vw_route *route,
					      const struct vw_output *o)
{
	struct dst_entry *dst = route ? dst_check(route->dst, route->cookie) : NULL;

	return likely(dst) ? dst : route_renew(st, target, o);
}

enum voxwall_drop vw_output_route(struct vw_stream *st, struct vw_target *target,
				  struct vw_output *o)
{
	struct vw_route *route = rcu_dereference(target->route[o->rtcp]);
	struct dst_entry *dst;

	if (likely(route && is_fresh(route->dst)))
		dst = route->dst;
	else
		dst = route_check(st, target, route, o);
	if (unlikely(!dst))
		return VOXWALL_DROP_NO_ROUTE;
	o->cleared = o->sealed || st->conf.clear_wan;
	if (!o->cleared && !dst_xfrm(dst) && vw_dev_is_uplink(dst->dev))
		return VOXWALL_DROP_LEAK_RTP;
	o->dst = dst;
	return VOXWALL_DROP_NONE;
}

/* ---- headers ---- */

/* Into the packet's UDP header, but for the checksum. Return: the sum so far. */
static __always_inline __wsum udp_write(const struct vw_output *o, struct udphdr *uh, unsigned int len)
{
	struct ports port = ports_of(o);

	uh->source = port.src;
	uh->dest = port.dst;
	uh->len = htons(len);
	uh->check = 0;
	/* Never left to the device, so that it is right for taps and XFRM. */
	if (o->summed)
		return csum_add(csum_add(o->sum, *(__wsum *)uh), *((__wsum *)uh + 1));
	return csum_partial(uh, len, 0);
}

static u16 notes(const struct vw_output *o)
{
	return VW_OUTPUT_MEDIA | (o->cleared ? VW_OUTPUT_CLEARED : 0);
}

static void headers4(const struct vw_output *o, struct sk_buff *skb)
{
	struct iphdr *ip = __skb_push(skb, sizeof(*ip) + sizeof(struct udphdr));
	struct udphdr *uh = (struct udphdr *)(ip + 1);
	const struct vw_target *t = o->target;
	unsigned int len = skb->len - sizeof(*ip);
	__wsum sum = udp_write(o, uh, len);

	skb_reset_network_header(skb);
	skb->transport_header = skb->network_header + sizeof(*ip);
	skb->protocol = htons(ETH_P_IP);
	uh->check = csum_tcpudp_magic(t->src.addr.ip, t->dst.addr.ip, len, IPPROTO_UDP, sum) ?:
		    CSUM_MANGLED_0;
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tos = o->dscp << 2;
	ip->tot_len = htons(skb->len);
	ip->id = htons(o->ip_id);
	ip->frag_off = 0;
	ip->ttl = TTL;
	ip->protocol = IPPROTO_UDP;
	ip->check = 0;
	ip->saddr = t->src.addr.ip;
	ip->daddr = t->dst.addr.ip;
	ip->check = ip_fast_csum(ip, ip->ihl);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	IPCB(skb)->flags = o->fastpath ? IPSKB_REROUTED : notes(o);
}

static void headers6(const struct vw_output *o, struct sk_buff *skb)
{
	struct ipv6hdr *ip = __skb_push(skb, sizeof(*ip) + sizeof(struct udphdr));
	struct udphdr *uh = (struct udphdr *)(ip + 1);
	const struct vw_target *t = o->target;
	unsigned int len = skb->len - sizeof(*ip);
	__wsum sum = udp_write(o, uh, len);

	skb_reset_network_header(skb);
	skb->transport_header = skb->network_header + sizeof(*ip);
	skb->protocol = htons(ETH_P_IPV6);
	uh->check = csum_ipv6_magic(&t->src.addr.in6, &t->dst.addr.in6, len, IPPROTO_UDP, sum) ?:
		    CSUM_MANGLED_0;
	ip6_flow_hdr(ip, o->dscp << 2, 0);
	ip->payload_len = htons(len);
	ip->nexthdr = IPPROTO_UDP;
	ip->hop_limit = TTL;
	ip->saddr = t->src.addr.in6;
	ip->daddr = t->dst.addr.in6;
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->flags = o->fastpath ? IP6SKB_REROUTED : notes(o);
}

/* Nothing of the packet's life before may show: not its tag, not its socket. */
static void scrub(const struct vw_output *o, struct sk_buff *skb)
{
	skb_scrub_packet(skb, false);
	__vlan_hwaccel_clear_tag(skb);
	skb_clear_hash(skb);
	skb_clear_tstamp(skb);
	skb->ip_summed = CHECKSUM_NONE;
	skb->encapsulation = 0;
	skb->mark = o->mark;
	skb->priority = TC_PRIO_INTERACTIVE;
	skb->dev = o->dst->dev;
	skb_dst_set_noref(skb, o->dst);
}

/* ---- transmission ---- */

static struct neighbour *neighbour4(struct dst_entry *dst, struct sk_buff *skb, bool *is_v6gw)
{
	return ip_neigh_for_gw((struct rtable *)dst, skb, is_v6gw);
}

static struct neighbour *neighbour6(struct dst_entry *dst, struct sk_buff *skb)
{
	return ip_neigh_gw6(dst->dev, rt6_nexthop((struct rt6_info *)dst,
						  &ipv6_hdr(skb)->daddr));
}

static void to_neighbour(struct sk_buff *skb, bool ip4)
{
	struct dst_entry *dst = skb_dst(skb);
	bool is_v6gw = false;
	struct neighbour *n = ip4 ? neighbour4(dst, skb, &is_v6gw) : neighbour6(dst, skb);

	if (IS_ERR(n))
		kfree_skb(skb);
	else
		neigh_output(n, skb, is_v6gw);
}

/* The output function of fragmentation, which is rare: it asks the route. */
static int part_to_neighbour(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct neighbour *n = dst_neigh_lookup_skb(skb_dst(skb), skb);
	int err;

	if (IS_ERR_OR_NULL(n)) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	err = READ_ONCE(n->output)(n, skb);
	neigh_release(n);
	return err;
}

/*
 * Only a plain unicast route may be short-cut: XFRM, lightweight tunnels,
 * blackholes and the loopback have an output of their own that must be asked.
 */
static bool is_plain(const struct dst_entry *dst, bool ip4)
{
	if (dst_xfrm(dst) || dst->dev->flags & IFF_LOOPBACK ||
	    lwtunnel_xmit_redirect(dst->lwtstate))
		return false;
	return ip4 ? dst->output == ip_output : dst->output == ip6_output;
}

/* What fits the device fits, unless a smaller limit has been learned or set. */
static bool fits(const struct dst_entry *dst, const struct sk_buff *skb, bool ip4)
{
	if (ip4 && likely(!((const struct rtable *)dst)->rt_pmtu && !dst->lwtstate &&
			  !dst_metric_raw(dst, RTAX_MTU) && skb->len <= READ_ONCE(dst->dev->mtu)))
		return true;
	return skb->len <= dst_mtu(dst);
}

/*
 * For those who want a say: netfilter's OUTPUT and POST_ROUTING see the packet, may
 * count, change or drop it, and lead it elsewhere. Where it leaves in the end the leak
 * guard sees, and our notes tell it what the packet is.
 */
static void to_stack(const struct vw_output *o, struct sk_buff *skb, bool ip4)
{
	skb->ignore_df = 1;
	if (ip4)
		ip_local_out(o->net, NULL, skb);
	else
		ip6_local_out(o->net, NULL, skb);
}

/*
 * On the fast path no hook of POST_ROUTING sees the packet: to a neighbour there is
 * none, and in the stack the flag REROUTED, which nothing that arrives can bring
 * along, says that it has been there. vw_output_route() has judged in the leak
 * guard's place.
 */
static __always_inline void transmit(const struct vw_output *o, struct sk_buff *skb, bool ip4)
{
	if (unlikely(!o->fastpath)) {
		to_stack(o, skb, ip4);
		return;
	}
	if (unlikely(!is_plain(o->dst, ip4))) {
		/* ESP may make it too large for a link; IPv6 would give it up. */
		skb->ignore_df = 1;
		dst_output(o->net, NULL, skb);
		return;
	}
	if (likely(fits(o->dst, skb, ip4))) {
		to_neighbour(skb, ip4);
		return;
	}
	skb->ignore_df = 1;
	if (ip4)
		ip_do_fragment(o->net, NULL, skb, part_to_neighbour);
	else
		ipv6_stub->ipv6_fragment(o->net, NULL, skb, part_to_neighbour);
}

void vw_output_send(const struct vw_output *o, struct sk_buff *skb)
{
	bool ip4 = o->target->dst.family == 4;
	unsigned int need = LL_RESERVED_SPACE(o->dst->dev) + sizeof(struct ipv6hdr) +
			    sizeof(struct udphdr);

	if (skb_cow_head(skb, need)) {
		kfree_skb(skb);
		return;
	}
	scrub(o, skb);
	if (ip4)
		headers4(o, skb);
	else
		headers6(o, skb);
	transmit(o, skb, ip4);
}
