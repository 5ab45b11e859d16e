// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The passes are a CPU's own: softirqs read and write them whole, without a lock. One
 * holds while nothing has changed in the namespace (vw_net.epoch), and for a second, so
 * that the classifier goes on to see the flow. A packet with a pass is one that the
 * classifier would call nothing and forget: see vw_flow_passes().
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "core/classify.h"
#include "mark.h"
#include "packet.h"
#include "pass.h"
#include "stats.h"

#define PASSES		256	/* a power of 2 */
#define HASH_SHIFT	56

/* Of a linear head, so that the headers and a datagram's first words are there. */
#define HEAD4		(sizeof(struct iphdr) + sizeof(struct tcphdr))
#define HEAD6		(sizeof(struct ipv6hdr) + sizeof(struct tcphdr))

/**
 * struct bearer - whose pass it is, as it lies in the frame
 * @port: where it arrives
 * @sender: source MAC address and ethertype, which says of which family the rest is
 * @addrs: both addresses; of IPv4 they fill the first word, and the others are unused
 * @ports: both ports
 * @vlan: the tag's four bytes; 0: untagged
 * @proto: IP protocol
 */
struct bearer {
	const struct vw_port *port;
	u64 sender;
	u64 addrs[4];
	u32 ports;
	u32 vlan;
	u8 proto;
};

/**
 * struct vw_pass - what the packets of one flow need not be asked again
 * @bearer: the flow
 * @until: jiffies
 * @epoch: as it was when they were asked
 * @seen: where their station counts; NULL: no station. Station and epoch end together,
 *	and a packet that saw the epoch holds off the grace period that frees this
 */
struct vw_pass {
	struct bearer bearer;
	u32 until;
	u32 epoch;
	struct vw_station_seen __percpu *seen;
};

struct vw_passes {
	struct vw_pass pass[PASSES];
};

/*
 * Without extension headers and options, and whole. Return: the transport header, or NULL.
 */
static __always_inline const u8 *read4(const struct sk_buff *skb, struct bearer *ret)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;

	if (skb_headlen(skb) < HEAD4 || *(const u8 *)ip != 0x45 ||
	    ip->frag_off & htons(IP_OFFSET | IP_MF))
		return NULL;
	ret->addrs[0] = get_unaligned((const u64 *)&ip->saddr);
	ret->proto = ip->protocol;
	return (const u8 *)(ip + 1);
}

static __always_inline const u8 *read6(const struct sk_buff *skb, struct bearer *ret)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)skb->data;

	if (skb_headlen(skb) < HEAD6 || ip->version != 6)
		return NULL;
	ret->addrs[0] = get_unaligned((const u64 *)&ip->saddr);
	ret->addrs[1] = get_unaligned((const u64 *)&ip->saddr + 1);
	ret->addrs[2] = get_unaligned((const u64 *)&ip->daddr);
	ret->addrs[3] = get_unaligned((const u64 *)&ip->daddr + 1);
	ret->proto = ip->nexthdr;
	return (const u8 *)(ip + 1);
}

/* @ip6: a constant, so that each family gets code of its own. False: none for this one. */
static __always_inline bool read_bearer(const struct vw_port *port, const struct sk_buff *skb,
					bool ip6, struct bearer *ret)
{
	const u8 *l4 = ip6 ? read6(skb, ret) : read4(skb, ret);

	if (!l4)
		return false;
	ret->port = port;
	ret->sender = get_unaligned((const u64 *)(skb_mac_header(skb) + ETH_ALEN));
	ret->ports = get_unaligned((const u32 *)l4);
	ret->vlan = 0;
	if (skb_vlan_tag_present(skb))
		ret->vlan = (u32)(__force u16)skb->vlan_proto << 16 | skb_vlan_tag_get(skb);
	return true;
}

/* Whoever makes two flows meet makes both of them pay the full price, no more. */
static __always_inline struct vw_pass *place_of(const struct vw_net *vn,
						const struct bearer *b, bool ip6)
{
	u64 hash = b->addrs[0] ^ b->ports;

	if (ip6)
		hash ^= b->addrs[1] ^ b->addrs[2] ^ b->addrs[3];
	hash *= 0x9e3779b97f4a7c15ULL;
	return &this_cpu_ptr(vn->passes)->pass[hash >> HASH_SHIFT];
}

static __always_inline bool same(const struct bearer *a, const struct bearer *b, bool ip6)
{
	return a->port == b->port && a->sender == b->sender && a->addrs[0] == b->addrs[0] &&
	       a->ports == b->ports && a->vlan == b->vlan && a->proto == b->proto &&
	       (!ip6 || (a->addrs[1] == b->addrs[1] && a->addrs[2] == b->addrs[2] &&
			 a->addrs[3] == b->addrs[3]));
}

/* @room: bytes that the IP header announces for it. */
static __always_inline bool is_nothing_udp(const struct udphdr *uh, unsigned int room)
{
	unsigned int len = ntohs(uh->len);

	return len >= sizeof(*uh) + VW_FLOW_PEEK && len <= room &&
	       vw_flow_passes_udp((const u8 *)(uh + 1), ntohs(uh->source), ntohs(uh->dest));
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

/* Whole, as the parser would find it, and with a content that says no voice. */
static __always_inline bool is_nothing(const struct sk_buff *skb, u8 proto, bool ip6)
{
	unsigned int l4 = ip6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	unsigned int total = vw_packet_end(skb, ip6 ? 6 : 4);

	if (total > skb->len || total < l4)
		return false;
	/* Of datagrams that were glued together only the first can be seen here. */
	if (proto == IPPROTO_UDP && unlikely(skb_is_gso(skb)))
		return false;
	return proto == IPPROTO_UDP ?
	       is_nothing_udp((const struct udphdr *)(skb->data + l4), total - l4) :
	       is_nothing_tcp(skb, l4, total - l4);
}

static __always_inline bool holds(const struct vw_pass *pass, u64 epoch)
{
	return pass->epoch == epoch >> 32 && !time_after32((u32)jiffies, pass->until);
}

static __always_inline const struct vw_pass *show(const struct vw_port *port,
						  const struct sk_buff *skb, u64 epoch,
						  bool ip6)
{
	const struct vw_pass *pass;
	struct bearer bearer;

	if (!read_bearer(port, skb, ip6, &bearer))
		return NULL;
	pass = place_of(port->vn, &bearer, ip6);
	return same(&pass->bearer, &bearer, ip6) && holds(pass, epoch) &&
	       is_nothing(skb, bearer.proto, ip6) ? pass : NULL;
}

/* As travel() in ingress.c would leave it. */
static __always_inline bool go_on(const struct vw_port *port, struct sk_buff *skb,
				  const struct vw_pass *pass)
{
	if (!pass)
		return false;
	vw_mark_set(skb, VOXWALL_ZONE_DATA, VOXWALL_CLASS_OTHER, false);
	if (pass->seen)
		vw_station_note(pass->seen);
	vw_accept(port->counts, VOXWALL_CLASS_OTHER);
	return true;
}

static noinline bool show6(const struct vw_port *port, struct sk_buff *skb, u64 epoch)
{
	return go_on(port, skb, show(port, skb, epoch, true));
}

bool vw_pass_show(const struct vw_port *port, struct sk_buff *skb, u64 epoch)
{
	if (likely(skb->protocol == htons(ETH_P_IP)))
		return go_on(port, skb, show(port, skb, epoch, false));
	if (skb->protocol == htons(ETH_P_IPV6))
		return show6(port, skb, epoch);
	return false;
}

void vw_pass_give(const struct vw_port *port, const struct sk_buff *skb,
		  const struct vw_station *st, u64 epoch)
{
	bool ip6 = skb->protocol == htons(ETH_P_IPV6);
	struct bearer bearer = { };

	if (!ip6 && skb->protocol != htons(ETH_P_IP))
		return;
	if (ip6 ? !read_bearer(port, skb, true, &bearer) : !read_bearer(port, skb, false, &bearer))
		return;
	if (bearer.proto != IPPROTO_UDP && bearer.proto != IPPROTO_TCP)
		return;
	*place_of(port->vn, &bearer, ip6) = (struct vw_pass){
		.bearer = bearer,
		.until = (u32)jiffies + HZ,
		.epoch = epoch >> 32,
		.seen = st ? st->seen : NULL,
	};
}

int vw_passes_init(struct vw_net *vn)
{
	vn->passes = alloc_percpu_gfp(struct vw_passes, GFP_KERNEL_ACCOUNT);
	return vn->passes ? 0 : -ENOMEM;
}

void vw_passes_exit(struct vw_net *vn)
{
	free_percpu(vn->passes);
	vn->passes = NULL;
}
