// SPDX-License-Identifier: GPL-2.0-or-later
/* Passes for what isn't plain, and how they are given. */
#include <linux/tcp.h>

#include "pass.h"
#include "stream.h"

static bool has4(const struct sk_buff *skb)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;

	return skb_headlen(skb) >= sizeof(*ip) + VW_PASS_PEEK && *(const u8 *)ip == 0x45 &&
	       !ip_is_fragment(ip);
}

/* Whatever has an extension header has another protocol. */
static bool has6(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)skb->data;

	return skb_headlen(skb) >= sizeof(*ip) + VW_PASS_PEEK && ip->version == 6;
}

static u64 word6(const struct ipv6hdr *ip, unsigned int i)
{
	return get_unaligned((const u64 *)&ip->saddr + i);
}

static u64 fold6(const struct ipv6hdr *ip)
{
	return word6(ip, 0) ^ word6(ip, 1) ^ word6(ip, 2) ^ word6(ip, 3);
}

/* Do both addresses agree? */
static bool same6(const struct vw_pass_addrs6 *addrs, const struct ipv6hdr *ip)
{
	return addrs->word[0] == word6(ip, 0) && addrs->word[1] == word6(ip, 1) &&
	       addrs->word[2] == word6(ip, 2) && addrs->word[3] == word6(ip, 3);
}

/* Not inlined: of a glued one the content may lie in a page. */
static noinline bool is_nothing_tcp(const struct sk_buff *skb, unsigned int l4,
				    unsigned int room)
{
	const struct tcphdr *th = (const struct tcphdr *)(skb->data + l4);
	unsigned int head = th->doff * 4;
	u8 peek[VW_FLOW_PEEK];
	const u8 *p;

	if (head < sizeof(*th) || head > room || (th->syn && !th->ack))
		return false;
	if (head == room)
		return true;
	p = room - head < sizeof(peek) ? NULL :
	    skb_header_pointer(skb, l4 + head, sizeof(peek), peek);
	return p && vw_flow_passes_tcp(p);
}

/* TCP over IPv4. */
static noinline bool show4(const struct vw_port *port, struct sk_buff *skb, u64 epoch)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	const struct vw_pass *pass;
	unsigned int total;
	u32 ports;

	if (!has4(skb) || ip->protocol != IPPROTO_TCP)
		return false;
	ports = get_unaligned((const u32 *)(ip + 1));
	pass = &this_cpu_ptr(port->vn->passes)->pass[vw_pass_index(vw_pass_addrs4(ip), ports)];
	total = vw_packet_end(skb, 4);
	if (!vw_pass_is_of(pass, port, skb, vw_pass_addrs4(ip), ports, IPPROTO_TCP) ||
	    !vw_pass_holds(pass, epoch) || total > skb->len || total < sizeof(*ip) ||
	    !is_nothing_tcp(skb, sizeof(*ip), total - sizeof(*ip)))
		return false;
	vw_pass_go_on(port, skb, pass);
	return true;
}

/* Voice has no pass, so it doesn't look for one. */
static bool is_media6(const struct vw_port *port, const struct ipv6hdr *ip)
{
	return ip->nexthdr == IPPROTO_UDP &&
	       vw_streams_media_port(port->vn->streams, ((const struct udphdr *)(ip + 1))->dest);
}

/* Whole, as the parser would find it, and with a content that says no voice. */
static bool is_nothing6(const struct sk_buff *skb, const struct ipv6hdr *ip)
{
	unsigned int total = vw_packet_end(skb, 6), room = total - sizeof(*ip);

	if (total > skb->len)
		return false;
	return ip->nexthdr == IPPROTO_UDP ?
	       vw_pass_content(skb, (const struct udphdr *)(ip + 1), (int)room) :
	       is_nothing_tcp(skb, sizeof(*ip), room);
}

static noinline bool show6(const struct vw_port *port, struct sk_buff *skb, u64 epoch)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)skb->data;
	const struct vw_passes *passes;
	const struct vw_pass *pass;
	unsigned int i;
	u64 addrs;
	u32 ports;

	if (!has6(skb) || is_media6(port, ip))
		return false;
	addrs = fold6(ip);
	ports = get_unaligned((const u32 *)(ip + 1));
	passes = this_cpu_ptr(port->vn->passes);
	i = vw_pass_index(addrs, ports);
	pass = &passes->pass[i];
	if (!vw_pass_is_of(pass, port, skb, addrs, ports, ip->nexthdr) || !same6(&passes->addrs6[i], ip) ||
	    !vw_pass_holds(pass, epoch) || !is_nothing6(skb, ip))
		return false;
	vw_pass_go_on(port, skb, pass);
	return true;
}

bool vw_pass_show(const struct vw_port *port, struct sk_buff *skb, u64 epoch)
{
	if (skb->protocol == htons(ETH_P_IP))
		return show4(port, skb, epoch);
	return skb->protocol == htons(ETH_P_IPV6) && show6(port, skb, epoch);
}

/* The flow's part of a pass. False: there is none for this packet. */
static bool read_flow(const struct sk_buff *skb, struct vw_pass *ret)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)skb->data;
	const struct iphdr *ip4 = (const struct iphdr *)skb->data;

	if (skb->protocol == htons(ETH_P_IP) && has4(skb)) {
		ret->addrs = vw_pass_addrs4(ip4);
		ret->ports = get_unaligned((const u32 *)(ip4 + 1));
		ret->proto = ip4->protocol;
	} else if (skb->protocol == htons(ETH_P_IPV6) && has6(skb)) {
		ret->addrs = fold6(ip6);
		ret->ports = get_unaligned((const u32 *)(ip6 + 1));
		ret->proto = ip6->nexthdr;
	} else {
		return false;
	}
	return ret->proto == IPPROTO_UDP || ret->proto == IPPROTO_TCP;
}

void vw_pass_give(const struct vw_port *port, const struct sk_buff *skb,
		  const struct vw_station *st, u64 epoch)
{
	struct vw_passes *passes = this_cpu_ptr(port->vn->passes);
	struct vw_pass pass = {
		.port = port,
		.sender = vw_pass_sender(skb),
		.vlan = vw_pass_vlan(skb),
		.until = (u32)jiffies + HZ,
		.epoch = epoch >> 32,
		.seen = st ? st->seen : NULL,
	};
	unsigned int i, n;

	if (!read_flow(skb, &pass))
		return;
	i = vw_pass_index(pass.addrs, pass.ports);
	passes->pass[i] = pass;
	if (skb->protocol != htons(ETH_P_IPV6))
		return;
	for (n = 0; n < 4; n++)
		passes->addrs6[i].word[n] = word6((const struct ipv6hdr *)skb->data, n);
}

int vw_passes_init(struct vw_net *vn)
{
	BUILD_BUG_ON(sizeof(struct vw_passes) > PCPU_MIN_UNIT_SIZE);
	vn->passes = alloc_percpu_gfp(struct vw_passes, GFP_KERNEL_ACCOUNT);
	return vn->passes ? 0 : -ENOMEM;
}

void vw_passes_exit(struct vw_net *vn)
{
	free_percpu(vn->passes);
	vn->passes = NULL;
}
