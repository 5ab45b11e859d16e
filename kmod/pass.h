/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pass spares the packets of a flow that is none of voice, on a data VLAN, all the
 * questions that were answered a moment ago.
 *
 * The passes are a CPU's own: softirqs read and write them whole, without a lock. One
 * holds while nothing has changed in the namespace (vw_net.epoch), and for a second, so
 * that the classifier goes on to see the flow. A packet with a pass is one that the
 * classifier would call nothing and forget: see vw_flow_passes_*().
 */
#ifndef VW_PASS_H
#define VW_PASS_H

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "core/classify.h"
#include "mark.h"
#include "packet.h"
#include "port.h"
#include "station.h"
#include "stats.h"

#define VW_PASSES	256	/* a power of 2 */

/* Of a linear head behind IP's: the ports, and a datagram's first words, or TCP's flags. */
#define VW_PASS_PEEK	(sizeof(struct udphdr) + VW_FLOW_PEEK)

/**
 * struct vw_pass - what the packets of one flow need not be asked again
 * @port: where they arrive
 * @sender: source MAC address and ethertype, as they lie in the frame; the latter says of
 *	which family the rest is
 * @addrs: both addresses of IPv4, as they lie there; of IPv6 all four words of them, folded
 *	by exclusive or, with the whole in vw_passes.addrs6
 * @ports: both ports, as they lie there
 * @vlan: the tag's four bytes; 0: untagged
 * @until: jiffies
 * @epoch: as it was when they were asked
 * @seen: where their station counts; NULL: no station. Station and epoch end together,
 *	and a packet that saw the epoch holds off the grace period that frees this
 * @proto: IP protocol
 */
struct vw_pass {
	const struct vw_port *port;
	u64 sender;
	u64 addrs;
	u32 ports;
	u32 vlan;
	u32 until;
	u32 epoch;
	struct vw_station_seen __percpu *seen;
	u8 proto;
} __aligned(64);	/* a line of the cache, and quickly counted */

/* Source and destination, in words. */
struct vw_pass_addrs6 {
	u64 word[4];
};

/**
 * struct vw_passes - those of one CPU
 * @pass: by a hash of addresses and ports
 * @addrs6: what goes with the pass of the same index, when that is of IPv6
 */
struct vw_passes {
	struct vw_pass pass[VW_PASSES];
	struct vw_pass_addrs6 addrs6[VW_PASSES];
};

static inline u64 vw_pass_sender(const struct sk_buff *skb)
{
	return get_unaligned((const u64 *)(skb_mac_header(skb) + ETH_ALEN));
}

static inline u32 vw_pass_vlan(const struct sk_buff *skb)
{
	if (likely(!skb_vlan_tag_present(skb)))
		return 0;
	return (u32)(__force u16)skb->vlan_proto << 16 | skb_vlan_tag_get(skb);
}

static inline u64 vw_pass_addrs4(const struct iphdr *ip)
{
	return get_unaligned((const u64 *)&ip->saddr);
}

/*
 * Which one of them is it? Whoever makes two flows meet makes both of them pay the full
 * price, no more. @addrs, @ports: as in struct vw_pass.
 */
static __always_inline unsigned int vw_pass_index(u64 addrs, u32 ports)
{
	return ((addrs ^ ports) * 0x9e3779b97f4a7c15ULL) >> (64 - ilog2(VW_PASSES));
}

/* Is it the pass of this flow, by all but the whole addresses of IPv6? */
static __always_inline bool vw_pass_is_of(const struct vw_pass *pass, const struct vw_port *port,
					  const struct sk_buff *skb, u64 addrs, u32 ports,
					  u8 proto)
{
	return pass->port == port && pass->addrs == addrs && pass->ports == ports &&
	       pass->proto == proto && pass->sender == vw_pass_sender(skb) &&
	       pass->vlan == vw_pass_vlan(skb);
}

/* By the time that is left: "not after" would be true again half way round the clock. */
static __always_inline bool vw_pass_holds(const struct vw_pass *pass, u64 epoch)
{
	return pass->epoch == epoch >> 32 && pass->until - (u32)jiffies <= HZ;
}

/*
 * Does the datagram at @uh, whole as the parser would find it, say that it is no voice?
 * @room: bytes that the IP header announces for it, within the skb; may be negative.
 */
static __always_inline bool vw_pass_content(const struct sk_buff *skb, const struct udphdr *uh,
					    int room)
{
	int len = ntohs(uh->len);

	/* Of datagrams that were glued together only the first can be seen here. */
	if (unlikely(skb_is_gso(skb)))
		return false;
	return len >= (int)sizeof(*uh) + VW_FLOW_PEEK && len <= room &&
	       vw_flow_passes_udp((const u8 *)(uh + 1), ntohs(uh->source), ntohs(uh->dest));
}

/* Mark and count it as travel() in ingress.c would. */
static __always_inline void vw_pass_go_on(const struct vw_port *port, struct sk_buff *skb,
					  const struct vw_pass *pass)
{
	vw_mark_set(skb, VOXWALL_ZONE_DATA, VOXWALL_CLASS_OTHER, false);
	if (pass->seen)
		vw_station_note(pass->seen);
	vw_accept(port->counts, VOXWALL_CLASS_OTHER);
}

/**
 * vw_pass_is_plain - is this the kind of packet that vw_pass_show_plain() takes?
 * @skb: not shared, its data at the network header
 *
 * UDP over IPv4 without options, no fragment, with the headers and the datagram's first
 * words in the linear head.
 */
static __always_inline bool vw_pass_is_plain(const struct sk_buff *skb)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;

	return skb->protocol == htons(ETH_P_IP) &&
	       skb_headlen(skb) >= sizeof(*ip) + VW_PASS_PEEK &&
	       *(const u8 *)ip == 0x45 && ip->protocol == IPPROTO_UDP && !ip_is_fragment(ip);
}

/**
 * vw_pass_show_plain - let a frame go on with a flow that has a pass
 * @port: a LAN port
 * @skb: vw_pass_is_plain(), and not to a media port
 * @epoch: of the namespace, from before anything was asked
 *
 * Softirq, under RCU. Only a content that cannot be voice: whatever else the pass is
 * worth, it lets none through. In place, for it is all that most packets of data pay,
 * and everything is read where it is compared, so that few registers have to be saved.
 * Return: true: accepted, marked and counted; false: ask all the questions.
 */
static __always_inline bool vw_pass_show_plain(const struct vw_port *port, struct sk_buff *skb,
					       u64 epoch)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	const struct udphdr *uh = (const struct udphdr *)(ip + 1);
	u32 ports = get_unaligned((const u32 *)uh);
	const struct vw_passes *passes = this_cpu_ptr(port->vn->passes);
	const struct vw_pass *pass = &passes->pass[vw_pass_index(vw_pass_addrs4(ip), ports)];
	unsigned int total = vw_packet_end(skb, 4);

	if (!vw_pass_is_of(pass, port, skb, vw_pass_addrs4(ip), ports, IPPROTO_UDP) ||
	    !vw_pass_holds(pass, epoch))
		return false;
	if (total > skb->len || !vw_pass_content(skb, uh, (int)(total - sizeof(*ip))))
		return false;
	vw_pass_go_on(port, skb, pass);
	return true;
}

/**
 * vw_pass_show - the same for what else may have one: TCP, and both over IPv6
 * @port: a LAN port
 * @skb: not shared, its data at the network header
 * @epoch: of the namespace, from before anything was asked
 *
 * Only IP without options or extension headers, whole, UDP or TCP. Return: as above, and
 * false for UDP to a media port.
 */
bool vw_pass_show(const struct vw_port *port, struct sk_buff *skb, u64 epoch);

/**
 * vw_pass_give - let packets like this one by for a second
 * @port: where it arrived, in the data zone
 * @skb: accepted, of no class, of a flow that vw_flow_is_settled()
 * @st: its station, or NULL
 * @epoch: of the namespace, from before anything was asked
 *
 * Softirq, under RCU.
 */
void vw_pass_give(const struct vw_port *port, const struct sk_buff *skb,
		  const struct vw_station *st, u64 epoch);

int vw_passes_init(struct vw_net *vn);
void vw_passes_exit(struct vw_net *vn);

#endif
