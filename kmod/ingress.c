// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_sched.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "event.h"
#include "flow.h"
#include "fragment.h"
#include "ingress.h"
#include "local.h"
#include "mark.h"
#include "packet.h"
#include "pass.h"
#include "port.h"
#include "station.h"
#include "stats.h"
#include "stream.h"

/**
 * struct arrival - a frame on its way through a LAN port
 * @port: where it arrived
 * @conf: of the port
 * @pol: of the namespace
 * @skb: the frame
 * @st: its station; NULL: none, and none needed
 * @zone: by its VLAN
 * @class: by its content
 * @vid: its VLAN, that of untagged frames included
 * @colour: voice that gets the marks of voice
 * @rogue: voice on a data VLAN
 * @settled: its flow is known to be none of voice
 * @epoch: of the namespace, from before anything was asked
 * @f: its headers
 */
struct arrival {
	const struct vw_port *port;
	const struct vw_port_conf *conf;
	const struct vw_policy *pol;
	struct sk_buff *skb;
	struct vw_station *st;
	enum voxwall_zone zone;
	enum voxwall_class class;
	u16 vid;
	bool colour;
	bool rogue;
	bool settled;
	u64 epoch;
	struct vw_frame f;
};

static unsigned int refuse(const struct vw_port *port, enum voxwall_drop reason,
			   const struct sk_buff *skb)
{
	vw_drop(port->vn, port, reason, skb);
	return NF_DROP;
}

static enum voxwall_drop look(struct sk_buff *skb, struct vw_frame *f)
{
	int err = vw_packet_look(skb, f);

	if (likely(!err))
		return VOXWALL_DROP_NONE;
	return err == -ENOMEM ? VOXWALL_DROP_NO_MEMORY : VOXWALL_DROP_MALFORMED;
}

/* ---- fragments ---- */

/* Options in front of UDP are in the first part only (RFC 8200 4.5). */
static bool may_be_udp(const struct vw_frame *f)
{
	return f->parted == IPPROTO_UDP || (f->parted == IPPROTO_DSTOPTS && f->family == 6);
}

/*
 * A datagram to this host must be whole before anything can be said of it. NF_STOLEN:
 * this part waits for the others; NF_ACCEPT: it is whole now, or somebody else's. All
 * parts must come here or none: what they have in common decides.
 */
static noinline unsigned int gather(const struct vw_port *port, struct sk_buff *skb, u16 vid,
				    struct vw_frame *f, enum voxwall_zone zone)
{
	struct net *net = port->vn->net;
	enum voxwall_drop reason;
	int err;

	if (!may_be_udp(f) || !vw_local_mac(skb, vid) || !vw_local_addr(net, f))
		return NF_ACCEPT;
	err = vw_fragment_gather(net, skb, f->family, zone);
	if (err == -EINPROGRESS)
		return NF_STOLEN;
	if (err)
		reason = err == -ENOMEM ? VOXWALL_DROP_NO_MEMORY : VOXWALL_DROP_MALFORMED;
	else
		reason = look(skb, f);
	return reason ? refuse(port, reason, skb) : NF_ACCEPT;
}

/* ---- streams, from either side ---- */

static bool is_media(const struct vw_net *vn, const struct vw_frame *f)
{
	return f->proto == IPPROTO_UDP && f->l4 &&
	       vw_streams_media_port(vn->streams, htons(f->dport));
}

/* To a media port; NF_ACCEPT: it is none of a stream's. */
static __always_inline unsigned int to_stream(const struct vw_port *port, struct sk_buff *skb, u16 vid,
			      const struct vw_frame *f, enum voxwall_zone zone)
{
	enum voxwall_drop reason = VOXWALL_DROP_STREAM_CONTENT;
	struct vw_net *vn = port->vn;
	unsigned int verdict;

	if (!vw_local_mac(skb, vid))
		return NF_ACCEPT;
	if (unlikely((f->flags & (VW_FRAME_FRAGMENT | VW_FRAME_PENDING)) == VW_FRAME_FRAGMENT)) {
		/* It could not be put together, and no part can be authenticated. */
		if (!vw_local_addr(vn->net, f))
			return NF_ACCEPT;
		return refuse(port, VOXWALL_DROP_FRAGMENT, skb);
	}
	verdict = vw_stream_rx(vn, skb, f, zone, &reason);
	if (verdict == NF_STOLEN)
		vw_accept(port->counts, VOXWALL_CLASS_RTP);
	else if (verdict == NF_DROP)
		return refuse(port, reason, skb);
	return verdict;
}

/* ---- what everything but media pays, next to nothing ---- */

#define GLANCE	(sizeof(struct ipv6hdr) + sizeof(struct udphdr))

/* 1: it may be media; 0: it is none; -ENODATA: more of it must be linear. */
static __always_inline int glance4(const struct vw_net *vn, const struct sk_buff *skb)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;

	if (skb_headlen(skb) < sizeof(*ip))
		return -ENODATA;
	if (ip->protocol != IPPROTO_UDP)
		return 0;
	if (unlikely(ip->ihl != 5 || ip_is_fragment(ip)))
		return 1;
	if (skb_headlen(skb) < sizeof(*ip) + sizeof(struct udphdr))
		return -ENODATA;
	return vw_streams_media_port(vn->streams, ((const struct udphdr *)(ip + 1))->dest);
}

static int glance6(const struct vw_net *vn, const struct sk_buff *skb)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)skb->data;

	if (skb_headlen(skb) < sizeof(*ip) + sizeof(struct udphdr))
		return -ENODATA;
	switch (ip->nexthdr) {
	case IPPROTO_UDP:
		return vw_streams_media_port(vn->streams,
					     ((const struct udphdr *)(ip + 1))->dest);
	case IPPROTO_TCP:
	case IPPROTO_ICMPV6:
	case IPPROTO_ESP:
		return 0;
	}
	return 1;
}

static int glance(const struct vw_net *vn, const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return glance4(vn, skb);
	return skb->protocol == htons(ETH_P_IPV6) ? glance6(vn, skb) : 0;
}

/* What has too few bytes for the headers is none. */
static bool may_be_media(const struct vw_net *vn, struct sk_buff *skb)
{
	return pskb_may_pull(skb, min_t(unsigned int, skb->len, GLANCE)) && glance(vn, skb) > 0;
}

/* Not judged, so it counts for no class. */
static unsigned int let_by(const struct vw_port *port)
{
	this_cpu_inc(port->counts->drops[VOXWALL_DROP_NONE]);
	return NF_ACCEPT;
}

/* @inner: IP is at work on it already, and its notes on the packet are in use. */
static noinline unsigned int media_from_uplink(const struct vw_port *port, struct sk_buff *skb,
					       bool inner)
{
	u16 vid = skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;
	enum voxwall_drop reason;
	unsigned int verdict;
	struct vw_frame f;

	reason = look(skb, &f);
	if (reason)
		return refuse(port, reason, skb);
	if (unlikely(f.flags & VW_FRAME_FRAGMENT && !inner)) {
		verdict = gather(port, skb, vid, &f, VOXWALL_ZONE_WAN);
		if (verdict != NF_ACCEPT)
			return verdict;
	}
	verdict = NF_ACCEPT;
	if (is_media(port->vn, &f))
		verdict = to_stream(port, skb, vid, &f, VOXWALL_ZONE_WAN);
	return verdict == NF_ACCEPT && !inner ? let_by(port) : verdict;
}

static noinline unsigned int from_uplink_in_parts(const struct vw_port *port,
						  struct sk_buff *skb)
{
	return may_be_media(port->vn, skb) ? media_from_uplink(port, skb, false) : let_by(port);
}

/* @media: as a glance has seen it. */
static __always_inline unsigned int from_uplink(const struct vw_port *port, struct sk_buff *skb,
						int media)
{
	vw_mark_set(skb, VOXWALL_ZONE_WAN, VOXWALL_CLASS_OTHER, false);
	if (likely(!media))
		return let_by(port);
	if (unlikely(media < 0))
		return from_uplink_in_parts(port, skb);
	return media_from_uplink(port, skb, false);
}

static noinline unsigned int from_uplink_other(const struct vw_port *port, struct sk_buff *skb)
{
	return from_uplink(port, skb, glance(port->vn, skb));
}

unsigned int vw_ingress_inner(const struct vw_port *port, struct sk_buff *skb)
{
	if (unlikely(skb_shared(skb)) || !may_be_media(port->vn, skb))
		return NF_ACCEPT;
	return media_from_uplink(port, skb, true);
}

/* ---- LAN ports ---- */

/*
 * EAPOL and LLDP speak with the port itself, before there is any VLAN. To anyone
 * else they are frames like others.
 */
static bool is_control(const struct sk_buff *skb)
{
	if (skb->protocol != htons(ETH_P_PAE) && skb->protocol != htons(ETH_P_LLDP))
		return false;
	if (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb))
		return false;
	return is_link_local_ether_addr(eth_hdr(skb)->h_dest) || vw_local_mac(skb, 0);
}

static enum voxwall_drop find_zone(struct arrival *a)
{
	bool nested = eth_type_vlan(a->skb->protocol);
	u16 vid = 0;

	if (skb_vlan_tag_present(a->skb)) {
		vid = skb_vlan_tag_get_id(a->skb);
		/* A service tag isn't the VLAN of the same number. */
		if (a->skb->vlan_proto != htons(ETH_P_8021Q) && !nested)
			return VOXWALL_DROP_VLAN_FOREIGN;
	}
	a->vid = vid ?: a->conf->rule.data_vlan;
	return vw_policy_zone(a->pol, &a->conf->rule, vid, nested, &a->zone);
}

static void tell(const struct arrival *a, enum voxwall_event type)
{
	struct vw_event ev = {
		.type = type,
		.ifindex = a->port->dev->ifindex,
		.vlan = a->vid,
		.class = a->class,
	};

	ether_addr_copy(ev.mac, eth_hdr(a->skb)->h_source);
	vw_event(a->port->vn, &ev);
}

static enum voxwall_drop find_station(struct arrival *a)
{
	const u8 *mac = eth_hdr(a->skb)->h_source;
	enum voxwall_drop reason;

	if (unlikely(!is_valid_ether_addr(mac)))
		return VOXWALL_DROP_MALFORMED;
	reason = vw_station_check(a->port->vn, mac, a->port->dev->ifindex,
				  a->conf->rule.authorise, a->zone, &a->st);
	if (reason == VOXWALL_DROP_STATION_UNKNOWN)
		tell(a, VOXWALL_EVENT_STATION_UNKNOWN);
	else if (reason == VOXWALL_DROP_STATION_MOVED)
		tell(a, VOXWALL_EVENT_STATION_MOVED);
	return reason;
}

static enum voxwall_drop judge_voice(struct arrival *a)
{
	bool to_us = vw_local_mac(a->skb, a->vid) && vw_local_addr(a->port->vn->net, &a->f);

	a->colour = true;
	return vw_policy_voice(a->pol, &a->f, a->class, to_us);
}

static enum voxwall_drop judge_data(struct arrival *a)
{
	enum voxwall_drop reason = vw_policy_data(a->pol, &a->f, a->class, &a->colour);

	a->rogue = a->colour;
	/* One that only looks like voice is no news yet. */
	if ((a->rogue || reason == VOXWALL_DROP_ROGUE_VOICE) &&
	    a->class != VOXWALL_CLASS_CANDIDATE)
		tell(a, VOXWALL_EVENT_ROGUE_VOICE);
	return reason;
}

static enum voxwall_drop judge(struct arrival *a)
{
	a->class = vw_flow_classify(a->port->vn, a->skb, &a->f, VW_FLOW_IN, &a->settled);
	return a->zone == VOXWALL_ZONE_VOICE ? judge_voice(a) : judge_data(a);
}

static enum voxwall_drop set_dscp(struct arrival *a, u8 dscp)
{
	if (a->f.dscp == dscp)
		return VOXWALL_DROP_NONE;
	return vw_packet_set_dscp(a->skb, a->f.family, dscp) ?
	       VOXWALL_DROP_NO_MEMORY : VOXWALL_DROP_NONE;
}

static enum voxwall_drop colour(struct arrival *a)
{
	vw_mark_set(a->skb, a->zone, a->class, a->rogue);
	if (!a->colour)
		return VOXWALL_DROP_NONE;
	switch (a->class) {
	case VOXWALL_CLASS_RTP:
	case VOXWALL_CLASS_RTCP:
		a->skb->priority = TC_PRIO_INTERACTIVE;
		return set_dscp(a, a->pol->dscp_rtp);
	case VOXWALL_CLASS_SIP:
		a->skb->priority = TC_PRIO_INTERACTIVE_BULK;
		return set_dscp(a, a->pol->dscp_sip);
	case VOXWALL_CLASS_OTHER:
	case VOXWALL_CLASS_CANDIDATE:
	case VOXWALL_CLASS_STUN:
	case VOXWALL_CLASS_DTLS:
	case VOXWALL_CLASS_ZRTP:
	case VOXWALL_CLASS_TURN:
	case __VOXWALL_CLASS_MAX:
		break;
	}
	return VOXWALL_DROP_NONE;
}

/* Each part is judged, or gets the new DSCP, by itself: they come in again one by one. */
static noinline unsigned int split(const struct vw_port *port, struct sk_buff *skb)
{
	struct sk_buff *parts = vw_packet_split(skb), *part, *next;

	if (!parts)
		return refuse(port, VOXWALL_DROP_NO_MEMORY, skb);
	skb_list_walk_safe(parts, part, next) {
		skb_mark_not_on_list(part);
		netif_rx(part);
	}
	return NF_STOLEN;
}

static unsigned int travel(struct arrival *a)
{
	const struct vw_port *port = a->port;
	enum voxwall_drop reason;
	unsigned int verdict;
	bool media;

	reason = find_zone(a) ?: find_station(a) ?: look(a->skb, &a->f);
	if (reason)
		return refuse(port, reason, a->skb);
	if (unlikely(a->f.flags & VW_FRAME_FRAGMENT)) {
		verdict = gather(port, a->skb, a->vid, &a->f, a->zone);
		if (verdict != NF_ACCEPT)
			return verdict;
	}
	media = is_media(port->vn, &a->f);
	if (media) {
		verdict = to_stream(port, a->skb, a->vid, &a->f, a->zone);
		if (verdict != NF_ACCEPT) {
			if (a->st && verdict == NF_STOLEN)
				vw_station_note(a->st->seen);
			return verdict;
		}
	}
	/* The first of them would speak for all. */
	if (a->f.proto == IPPROTO_UDP && unlikely(vw_packet_is_glued(a->skb)))
		return split(port, a->skb);
	reason = judge(a);
	if (!reason && unlikely(a->colour && vw_packet_is_list(a->skb)))
		return split(port, a->skb);
	reason = reason ?: colour(a);
	if (reason)
		return refuse(port, reason, a->skb);
	if (a->st)
		vw_station_note(a->st->seen);
	vw_accept(port->counts, a->class);
	/* To a media port none would ever be asked for. */
	if (!media && a->settled && a->class == VOXWALL_CLASS_OTHER && a->zone == VOXWALL_ZONE_DATA)
		vw_pass_give(port, a->skb, a->st, a->epoch);
	return NF_ACCEPT;
}

/* Not inlined: what it keeps on the stack is nothing that an uplink should pay for. */
static noinline unsigned int from_lan(const struct vw_port *port, struct sk_buff *skb,
				      const struct vw_port_conf *conf, u64 epoch)
{
	/* The rest is written on the way, before it is read: it is large. */
	struct arrival a __uninitialized;

	a.port = port;
	a.conf = conf;
	a.pol = rcu_dereference(port->vn->policy);
	a.skb = skb;
	a.class = VOXWALL_CLASS_OTHER;
	a.colour = false;
	a.rogue = false;
	a.settled = false;
	a.epoch = epoch;
	if (unlikely(is_control(skb))) {
		vw_accept(port->counts, VOXWALL_CLASS_OTHER);
		return NF_ACCEPT;
	}
	return travel(&a);
}

/* What isn't plain; it may have a pass all the same. */
static noinline unsigned int from_lan_by_pass(const struct vw_port *port, struct sk_buff *skb,
					      const struct vw_port_conf *conf, u64 epoch)
{
	return vw_pass_show(port, skb, epoch) ? NF_ACCEPT : from_lan(port, skb, conf, epoch);
}

/* Its head couldn't be moved; only traffic generators make these. */
static noinline unsigned int refuse_shared(const struct vw_port *port, struct sk_buff *skb)
{
	return refuse(port, VOXWALL_DROP_NO_MEMORY, skb);
}

static __always_inline __be16 plain_dport(const struct sk_buff *skb)
{
	return ((const struct udphdr *)(skb->data + sizeof(struct iphdr)))->dest;
}

/*
 * All calls from here are the last thing done, with the arguments where they are, so that
 * data that passes by pays for next to no stack.
 */
unsigned int vw_ingress(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct vw_port *port = priv;
	/* Before anything is asked: what is found out then holds no longer than this. */
	u64 epoch = atomic64_read_acquire(&port->vn->epoch);
	const struct vw_port_conf *conf = rcu_dereference(port->conf);

	if (unlikely(skb_shared(skb)))
		return refuse_shared(port, skb);
	if (conf->rule.mode == VOXWALL_PORT_UPLINK)
		return likely(skb->protocol == htons(ETH_P_IP)) ?
		       from_uplink(port, skb, glance4(port->vn, skb)) :
		       from_uplink_other(port, skb);
	if (!vw_pass_is_plain(skb))
		return from_lan_by_pass(port, skb, conf, epoch);
	/* Voice has no pass, so it doesn't look for one. */
	if (!vw_streams_media_port(port->vn->streams, plain_dport(skb)) &&
	    likely(vw_pass_show_plain(port, skb, epoch)))
		return NF_ACCEPT;
	return from_lan(port, skb, conf, epoch);
}
