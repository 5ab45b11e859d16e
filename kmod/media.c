// SPDX-License-Identifier: GPL-2.0-or-later
/* The road of a media packet: look up, check, open, commit, seal, send. */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/xfrm.h>

#include "core/rtp.h"
#include "crypto.h"
#include "event.h"
#include "keyring.h"
#include "latch.h"
#include "media.h"
#include "packet.h"
#include "report.h"
#include "ssrc.h"
#include "stats.h"
#include "stream.h"
#include "voxwall.h"

/* Headroom to ask for when a packet has to be copied anyway. */
#define HEADROOM	128

/* UDP payloads that, sealed, still fit an IPv4 packet; IPv6 has a little more room. */
#define PAYLOAD_MAX	(IP_MAX_MTU - sizeof(struct iphdr) - sizeof(struct udphdr) - \
			 VW_SRTP_MAX_TAIL)

/* What a demultiplexer looks at. */
#define DEMUX_LEN	2

/* ---- refusing ---- */

/* @nth: of all packets that the stream has refused. */
static void tell_abuse(struct vw_stream *st, enum voxwall_drop drop, u32 nth)
{
	unsigned long next = READ_ONCE(st->next_abuse);
	struct vw_event ev = {
		.type = VOXWALL_EVENT_STREAM_ABUSE,
		.stream = st->conf.id,
		.drop = drop,
	};
	u32 due;

	/* Whoever moves the time on is the one that begins to count. */
	if (!time_before(jiffies, next) &&
	    cmpxchg(&st->next_abuse, next,
		    jiffies + msecs_to_jiffies(VW_STREAM_ABUSE_MS)) == next)
		WRITE_ONCE(st->abuse_at, nth + VW_STREAM_ABUSE_MIN - 1 ?: 1);
	due = READ_ONCE(st->abuse_at);
	if (due && (s32)(nth - due) >= 0 && cmpxchg(&st->abuse_at, due, 0) == due)
		vw_event(st->vn, &ev);
}

static unsigned int refuse(struct vw_stream *st, enum voxwall_drop drop,
			   enum voxwall_drop *ret_drop)
{
	u32 nth = (u32)atomic64_inc_return(&st->dropped);

	*ret_drop = drop;
	if (drop == VOXWALL_DROP_AUTH)
		atomic64_inc(&st->auth_failed);
	else if (drop == VOXWALL_DROP_REPLAY)
		atomic64_inc(&st->replayed);
	else if (drop == VOXWALL_DROP_STREAM_ZONE || drop == VOXWALL_DROP_STREAM_SOURCE)
		atomic64_inc(&st->strangers);
	if (drop != VOXWALL_DROP_NO_ROUTE && drop != VOXWALL_DROP_NO_MEMORY)
		tell_abuse(st, drop, nth);
	return NF_DROP;
}

/* ---- what it is ---- */

static __always_inline bool source_fits(const struct vw_node *node, const struct vw_target *target,
			const struct vw_frame *f)
{
	__be16 port = node->rtcp ? target->remote.rtcp : target->remote.rtp;

	return vw_leg_is(&target->remote, f->family, f->saddr) &&
	       (!port || port == htons(f->sport));
}

/*
 * With a latch there is more to know than an address. @from is filled where it stays
 * open for now, which source it is: until vw_latch_settle().
 */
static noinline enum vw_source find_source(const struct vw_node *node, struct vw_latch *latch,
					   const struct vw_target *target,
					   const struct vw_frame *f, struct vw_leg *from)
{
	memset(from, 0, sizeof(*from));
	from->family = f->family;
	memcpy(&from->addr, f->saddr, f->family == 4 ? 4 : 16);
	if (node->rtcp)
		from->rtcp = htons(f->sport);
	else
		from->rtp = htons(f->sport);
	return vw_latch_look(vw_node_stream(node), latch, &target->remote, from);
}

static enum vw_source source_of(const struct vw_node *node, struct vw_latch *latch,
				const struct vw_target *target, const struct vw_frame *f,
				struct vw_leg *from)
{
	if (unlikely(latch))
		return find_source(node, latch, target, f, from);
	return source_fits(node, target, f) ? VW_SOURCE_KNOWN : VW_SOURCE_STRANGER;
}

/* NF_STOLEN: media; else for the host, or refused. */
static unsigned int content(const struct vw_node *node, const struct sk_buff *skb,
			    const struct vw_frame *f, bool *ret_rtcp)
{
	u8 buf[DEMUX_LEN];
	const u8 *p;

	if (f->payload_len < DEMUX_LEN)
		return NF_DROP;
	p = skb_header_pointer(skb, f->payload, sizeof(buf), buf);
	if (!p)
		return NF_DROP;
	switch (vw_rtp_demux(p, DEMUX_LEN)) {
	case VOXWALL_CLASS_STUN:
	case VOXWALL_CLASS_DTLS:
	case VOXWALL_CLASS_ZRTP:
		return NF_ACCEPT;
	case VOXWALL_CLASS_RTP:
		*ret_rtcp = node->rtcp;
		return NF_STOLEN;
	case VOXWALL_CLASS_RTCP:
		*ret_rtcp = node->rtcp || node->mux;
		return NF_STOLEN;
	case VOXWALL_CLASS_OTHER:
	case VOXWALL_CLASS_CANDIDATE:
	case VOXWALL_CLASS_SIP:
	case VOXWALL_CLASS_TURN:
	case __VOXWALL_CLASS_MAX:
		break;
	}
	return NF_DROP;
}

/* ---- making the bytes ours ---- */

/* One linear buffer that nobody else sees, with room for trailer and tag. */
static int own(struct sk_buff *skb)
{
	int tail = max_t(int, VW_SRTP_MAX_TAIL, VW_RTP_ROOM);

	skb_orphan(skb);
	if (skb_linearize(skb))
		return -ENOMEM;
	if (skb_tailroom(skb) >= tail && !skb_cloned(skb))
		return 0;
	return pskb_expand_head(skb, HEADROOM, tail, GFP_ATOMIC);
}

static bool checksum_fits(struct sk_buff *skb, const struct vw_frame *f)
{
	const struct udphdr *uh = (const struct udphdr *)(skb->data + f->l4);

	if (likely(skb->ip_summed == CHECKSUM_UNNECESSARY))
		return true;
	if (f->family == 4 && !uh->check)
		return true;
	skb_reset_network_header(skb);
	return !nf_checksum(skb, NF_INET_PRE_ROUTING, f->l4, IPPROTO_UDP,
			    f->family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6);
}

/*
 * No socket will ask whether the packet has come the way that IPsec's policy wants it
 * to come. What lies where IP keeps its notes is still from the layers below.
 */
static bool ipsec_allows(struct sk_buff *skb, const struct vw_frame *f)
{
	if (likely(f->family == 4)) {
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
		return xfrm_policy_check(NULL, XFRM_POLICY_IN, skb, AF_INET);
	}
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	return xfrm_policy_check(NULL, XFRM_POLICY_IN, skb, AF_INET6);
}

/*
 * The sum of a payload that stays as it is: what its checksum, which has been verified,
 * leaves when the headers are taken out of it. Not while a checksum is still to be made,
 * nor of what was glued together, where it may be none of this packet's.
 */
static void sum_payload(struct vw_media *m, const struct vw_frame *f)
{
	const struct iphdr *ip = (const struct iphdr *)m->skb->data;
	const struct udphdr *uh = (const struct udphdr *)(m->skb->data + f->l4);
	__wsum sum;

	if (f->family != 4 || !uh->check || m->glued || m->skb->ip_summed == CHECKSUM_PARTIAL)
		return;
	sum = csum_add(*(const __wsum *)uh, *((const __wsum *)uh + 1));
	m->out.sum = ~csum_tcpudp_nofold(ip->saddr, ip->daddr, f->payload_len + sizeof(*uh),
					 IPPROTO_UDP, sum);
	m->out.summed = true;
}

static enum voxwall_drop unwrap(struct vw_media *m, const struct vw_frame *f)
{
	size_t end = vw_packet_end(m->skb, f->family);

	if (f->payload + f->payload_len != end || !vw_packet_header_fits(m->skb, f->family))
		return VOXWALL_DROP_MALFORMED;
	if (f->payload_len > PAYLOAD_MAX)
		return VOXWALL_DROP_TOO_BIG;
	if (pskb_trim_rcsum(m->skb, end) || own(m->skb))
		return VOXWALL_DROP_NO_MEMORY;
	if (!ipsec_allows(m->skb, f))
		return VOXWALL_DROP_STREAM_SOURCE;
	/* The tag is the better checksum, where there is one. */
	if (!m->opens && !checksum_fits(m->skb, f))
		return VOXWALL_DROP_MALFORMED;
	if (!m->opens && !m->seals)
		sum_payload(m, f);
	__skb_pull(m->skb, f->payload);
	m->p = m->skb->data;
	m->len = m->skb->len;
	return VOXWALL_DROP_NONE;
}

static enum voxwall_drop parse(struct vw_media *m)
{
	struct vw_rtcp rtcp;

	if (m->rtcp) {
		if (vw_rtcp_parse(m->p, m->len, m->len, &rtcp))
			return VOXWALL_DROP_MALFORMED;
		m->ssrc = rtcp.ssrc;
		return VOXWALL_DROP_NONE;
	}
	if (vw_rtp_parse(m->p, m->len, m->len, &m->rtp))
		return VOXWALL_DROP_MALFORMED;
	m->ssrc = m->rtp.ssrc;
	return VOXWALL_DROP_NONE;
}

static enum voxwall_drop judge(struct vw_media *m)
{
	enum voxwall_drop drop = parse(m);

	if (!drop && m->opens)
		drop = vw_keyring_open(m);
	if (unlikely(drop)) {
		if (m->opens && !READ_ONCE(m->st->sampled))
			vw_diagnosis_take(m, drop);
		return drop;
	}
	if (m->seals)
		drop = vw_keyring_choose(m);
	/* What is only authenticated leaves as clear as it came. */
	m->out.sealed = m->seal && m->seal->suite->cipher != VW_CIPHER_NULL;
	return drop;
}

/* ---- committing ---- */

/* In clear by now, authentic and no replay: what it says may be believed. */
static enum voxwall_drop commit_rtcp(struct vw_media *m, unsigned int how)
{
	enum voxwall_drop drop = vw_ssrc_commit_rtcp(m->st, m->ssrc, how, m->index, &m->send);

	if (!drop)
		vw_report_read(m->st, m->target, m->p, m->len);
	return drop;
}

static enum voxwall_drop commit(struct vw_media *m)
{
	unsigned int how = (m->opens ? VW_SSRC_OPENED : 0) | (m->seals ? VW_SSRC_SEALED : 0);

	if (m->rtcp)
		return commit_rtcp(m, how);
	return vw_ssrc_commit_rtp(m->st, &m->rtp, how, &m->index, m->skb->len);
}

/* From here on the packet is good: it takes of what is limited, and is sealed. */
static enum voxwall_drop claim(struct vw_media *m)
{
	enum voxwall_drop drop = VOXWALL_DROP_NONE;

	if (m->opens || m->seals)
		drop = vw_keyring_spend(m);
	drop = drop ?: commit(m);
	if (unlikely(m->from))
		drop = drop ?: vw_latch_settle(m);
	else if (unlikely(m->heard) && !drop)
		vw_latch_heard(m->heard, m->heard_rtcp);
	if (!drop && m->seals)
		drop = vw_keyring_seal(m);
	return drop;
}

/* ---- the road ---- */

static void way_out(struct vw_media *m, const struct vw_policy *pol, enum voxwall_zone zone)
{
	u32 class = m->rtcp ? VOXWALL_CLASS_RTCP : VOXWALL_CLASS_RTP;

	m->out = (struct vw_output){
		.net = m->st->vn->net,
		.target = m->target,
		.mark = (zone + 1) << VOXWALL_MARK_ZONE_SHIFT | class << VOXWALL_MARK_CLASS_SHIFT,
		.dscp = pol ? pol->dscp_rtp : 0,
		.rtcp = m->rtcp,
		.fastpath = READ_ONCE(m->st->conf.fastpath),
	};
}

static bool is_served(const struct vw_policy *pol, enum voxwall_zone zone)
{
	return zone != VOXWALL_ZONE_VOICE || (pol && pol->services & VOXWALL_SERVICE_RTP);
}

static enum voxwall_drop travel(struct vw_media *m, const struct vw_frame *f,
				enum voxwall_zone zone)
{
	const struct vw_policy *pol = rcu_dereference(m->st->vn->policy);
	enum voxwall_drop drop;

	if (unlikely(!is_served(pol, zone)))
		return VOXWALL_DROP_NOT_VOICE;
	if (m->rtcp && !m->target->dst.rtcp)
		return VOXWALL_DROP_NO_ROUTE;
	way_out(m, pol, zone);
	drop = unwrap(m, f) ?: judge(m) ?: vw_output_route(m->st, m->target, &m->out) ?:
	       claim(m);
	if (drop)
		return drop;
	__skb_set_length(m->skb, m->len);
	/* It may be fragmented here or further on. */
	m->out.ip_id = atomic_inc_return(&m->st->ip_id);
	vw_output_send(&m->out, m->skb);
	return VOXWALL_DROP_NONE;
}

static unsigned int rx_segments(struct vw_net *vn, struct sk_buff *skb,
				enum voxwall_zone zone, enum voxwall_drop *ret_drop);

/* @glued: it was part of a larger one. */
static unsigned int rx(struct vw_net *vn, struct sk_buff *skb, const struct vw_frame *f,
		       enum voxwall_zone zone, enum voxwall_drop *ret_drop, bool glued)
{
	/* The rest is written on the way, before it is read: it is large. */
	struct vw_media m __uninitialized;
	const struct vw_node *node;
	enum vw_source source;
	enum voxwall_drop drop;
	unsigned int verdict;
	struct vw_leg from __uninitialized;
	struct vw_latch *latch;

	if (f->proto != VW_IPPROTO_UDP || f->flags & (VW_FRAME_FRAGMENT | VW_FRAME_PENDING))
		return NF_ACCEPT;
	node = vw_stream_lookup(vn->streams, f->family, f->daddr, htons(f->dport));
	if (!node)
		return NF_ACCEPT;
	m.skb = skb;
	m.st = vw_node_stream(node);
	m.target = rcu_dereference(m.st->target);
	latch = rcu_dereference(m.st->latch);
	if (zone != m.st->conf.zone)
		return refuse(m.st, VOXWALL_DROP_STREAM_ZONE, ret_drop);
	source = source_of(node, latch, m.target, f, &from);
	if (source == VW_SOURCE_STRANGER)
		return refuse(m.st, VOXWALL_DROP_STREAM_SOURCE, ret_drop);
	if (skb_is_gso(skb))
		return rx_segments(vn, skb, zone, ret_drop);
	verdict = content(node, skb, f, &m.rtcp);
	if (verdict == NF_DROP)
		return refuse(m.st, VOXWALL_DROP_STREAM_CONTENT, ret_drop);
	if (verdict == NF_ACCEPT && (source == VW_SOURCE_KNOWN || source_fits(node, m.target, f)))
		return NF_ACCEPT;
	if (verdict == NF_ACCEPT)
		return refuse(m.st, VOXWALL_DROP_STREAM_SOURCE, ret_drop);

	m.from = unlikely(source == VW_SOURCE_CANDIDATE) ? &from : NULL;
	m.heard = m.from ? NULL : latch;
	m.heard_rtcp = node->rtcp;
	m.newer = false;
	m.index = 0;
	m.glued = glued;
	m.open = NULL;
	m.seal = NULL;
	m.opens = READ_ONCE(m.st->open.suite);
	m.seals = READ_ONCE(m.st->seal.suite);
	drop = travel(&m, f, zone);
	return drop ? refuse(m.st, drop, ret_drop) : NF_STOLEN;
}

unsigned int vw_stream_rx(struct vw_net *vn, struct sk_buff *skb, const struct vw_frame *f,
			  enum voxwall_zone zone, enum voxwall_drop *ret_drop)
{
	return rx(vn, skb, f, zone, ret_drop, false);
}

/* ---- what GRO or a local sender has glued together ---- */

static void rx_segment(struct vw_net *vn, struct sk_buff *skb, enum voxwall_zone zone)
{
	enum voxwall_drop drop = VOXWALL_DROP_MALFORMED;
	unsigned int verdict = NF_DROP;
	struct vw_frame f;

	if (!vw_frame_parse_l3(skb->data, skb_headlen(skb), skb->len, ntohs(skb->protocol), &f))
		verdict = rx(vn, skb, &f, zone, &drop, true);
	if (verdict == NF_DROP) {
		vw_drop(vn, NULL, drop, skb);
		kfree_skb(skb);
	} else if (verdict == NF_ACCEPT) {
		/* For the host, and whole now: it comes in again by itself. */
		netif_rx(skb);
	}
}

static unsigned int rx_segments(struct vw_net *vn, struct sk_buff *skb,
				enum voxwall_zone zone, enum voxwall_drop *ret_drop)
{
	struct sk_buff *segs = vw_packet_split(skb), *seg, *next;

	if (!segs) {
		*ret_drop = VOXWALL_DROP_NO_MEMORY;
		return NF_DROP;
	}
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		rx_segment(vn, seg, zone);
	}
	return NF_STOLEN;
}
