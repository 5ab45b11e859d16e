// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The passes are a CPU's own: softirqs read and write them whole, without a lock. One
 * holds while nothing has changed in the namespace (vw_net.epoch), and for a second, so
 * that the classifier goes on to see the flow. A packet with a pass is one that the
 * classifier would call nothing and forget: see vw_flow_passes().
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "core/classify.h"
#include "pass.h"
#include "stream.h"

#define PASSES		256	/* a power of 2 */
#define HASH_SHIFT	56

/* Of a linear head, so that the headers and a datagram's first words are there. */
#define HEAD		(sizeof(struct iphdr) + sizeof(struct tcphdr))

/**
 * struct bearer - whose pass it is, as it lies in the frame
 * @port: where it arrives
 * @sender: source MAC address and ethertype
 * @addrs: both IPv4 addresses
 * @ports: both ports
 * @vlan: the tag's four bytes; 0: untagged
 * @proto: IP protocol
 */
struct bearer {
	const struct vw_port *port;
	u64 sender;
	u64 addrs;
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

static __always_inline bool read_bearer(const struct vw_port *port, const struct sk_buff *skb,
					struct bearer *ret)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	const u8 *mac = skb_mac_header(skb);

	if (skb->protocol != htons(ETH_P_IP) || skb_headlen(skb) < HEAD)
		return false;
	if (*(const u8 *)ip != 0x45 || ip->frag_off & htons(IP_OFFSET | IP_MF))
		return false;
	ret->port = port;
	ret->sender = get_unaligned((const u64 *)(mac + ETH_ALEN));
	ret->addrs = get_unaligned((const u64 *)&ip->saddr);
	ret->ports = get_unaligned((const u32 *)(ip + 1));
	ret->vlan = 0;
	if (skb_vlan_tag_present(skb))
		ret->vlan = (u32)(__force u16)skb->vlan_proto << 16 | skb_vlan_tag_get(skb);
	ret->proto = ip->protocol;
	return true;
}

/* Whoever makes two flows meet makes both of them pay the full price, no more. */
static __always_inline struct vw_pass *place_of(const struct vw_net *vn,
						const struct bearer *bearer)
{
	u64 hash = (bearer->addrs ^ bearer->ports) * 0x9e3779b97f4a7c15ULL;

	return &this_cpu_ptr(vn->passes)->pass[hash >> HASH_SHIFT];
}

static __always_inline bool same(const struct bearer *a, const struct bearer *b)
{
	return a->port == b->port && a->sender == b->sender && a->addrs == b->addrs &&
	       a->ports == b->ports && a->vlan == b->vlan && a->proto == b->proto;
}

static __always_inline bool is_nothing_udp(const struct vw_net *vn, const struct iphdr *ip,
					   unsigned int total)
{
	const struct udphdr *uh = (const struct udphdr *)(ip + 1);
	unsigned int len = ntohs(uh->len);

	return len >= sizeof(*uh) + VW_FLOW_PEEK && sizeof(*ip) + len <= total &&
	       !vw_streams_media_port(vn->streams, uh->dest) &&
	       vw_flow_passes_udp((const u8 *)(uh + 1), ntohs(uh->source), ntohs(uh->dest));
}

/* Not inlined: of a glued one the content may lie in a page. */
static noinline bool is_nothing_tcp(const struct sk_buff *skb, const struct iphdr *ip,
				    unsigned int total)
{
	const struct tcphdr *th = (const struct tcphdr *)(ip + 1);
	unsigned int at = sizeof(*ip) + th->doff * 4;
	u8 peek[VW_FLOW_PEEK];
	const u8 *p;

	if (th->doff < sizeof(*th) / 4 || at > total || (th->syn && !th->ack))
		return false;
	if (at == total)
		return true;
	p = total - at < sizeof(peek) ? NULL : skb_header_pointer(skb, at, sizeof(peek), peek);
	return p && vw_flow_passes_tcp(p);
}

/* Whole, as the parser would find it, and with a content that says no voice. */
static __always_inline bool is_nothing(const struct vw_net *vn, const struct sk_buff *skb)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	unsigned int total = ntohs(ip->tot_len);

	if (total > skb->len)
		return false;
	return ip->protocol == IPPROTO_UDP ? is_nothing_udp(vn, ip, total) :
					     is_nothing_tcp(skb, ip, total);
}

static __always_inline bool holds(const struct vw_pass *pass, u64 epoch)
{
	return pass->epoch == epoch >> 32 && !time_after32((u32)jiffies, pass->until);
}

bool vw_pass_shown(const struct vw_port *port, const struct sk_buff *skb,
		   struct vw_station_seen __percpu **ret_seen)
{
	const struct vw_net *vn = port->vn;
	const struct vw_pass *pass;
	struct bearer bearer;

	if (!read_bearer(port, skb, &bearer))
		return false;
	pass = place_of(vn, &bearer);
	if (!same(&pass->bearer, &bearer) || !holds(pass, atomic64_read_acquire(&vn->epoch)) ||
	    !is_nothing(vn, skb))
		return false;
	*ret_seen = pass->seen;
	return true;
}

void vw_pass_give(const struct vw_port *port, const struct sk_buff *skb,
		  const struct vw_station *st, u64 epoch)
{
	struct bearer bearer;

	if (!read_bearer(port, skb, &bearer) ||
	    (bearer.proto != IPPROTO_UDP && bearer.proto != IPPROTO_TCP))
		return;
	*place_of(port->vn, &bearer) = (struct vw_pass){
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
