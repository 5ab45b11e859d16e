// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last look at what leaves, after address translation and IPsec's choice:
 * nothing crosses between zones that may not, and no clear voice takes an uplink.
 */
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <net/dst.h>
#include <net/ip.h>

#include "event.h"
#include "flow.h"
#include "leak.h"
#include "mark.h"
#include "output.h"
#include "packet.h"
#include "port.h"
#include "stats.h"
#include "zone.h"

/**
 * struct departure - a packet on its way out
 * @vn: the namespace
 * @pol: its policy
 * @uplink: that it leaves on; NULL: none
 * @skb: the packet
 * @from: where it came from; not meant when @local
 * @to: where it goes
 * @local: made by this host
 * @marked: @from is what the ingress saw
 * @f: its headers
 */
struct departure {
	struct vw_net *vn;
	const struct vw_policy *pol;
	const struct vw_port *uplink;
	struct sk_buff *skb;
	enum voxwall_zone from;
	enum voxwall_zone to;
	bool local;
	bool marked;
	struct vw_frame f;
};

/* The zone by the ingress's word, if it still is about this packet. @in: vw_zone_of(). */
static bool find_mark(const struct sk_buff *skb, u8 in, enum voxwall_zone *ret)
{
	return in & VW_ZONE_AS_IT_CAME && !skb_sec_path(skb) && vw_mark_zone(skb, ret);
}

/* Where a filter has wiped the mark, or where it is another packet's, devices tell. */
static void find_origin(struct departure *d)
{
	u8 in;

	d->local = !d->skb->skb_iif;
	if (d->local)
		return;
	in = vw_zone_of_index(d->vn, d->skb->skb_iif);
	d->marked = find_mark(d->skb, in, &d->from);
	if (!d->marked)
		d->from = in & VW_ZONE_MASK;
}

/*
 * IPsec has been here, and this is the outer packet: the inner one was judged on
 * its first pass. The stack clears these flags of whatever arrives.
 */
static bool is_transformed(const struct sk_buff *skb, u8 pf)
{
	if (pf == NFPROTO_IPV4)
		return IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED;
	return IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED;
}

/* What vw_output_send() has noted; 0: not a stream's packet, or on the fast path. */
static unsigned int notes(const struct sk_buff *skb, u8 pf)
{
	unsigned int flags = pf == NFPROTO_IPV4 ? IPCB(skb)->flags : IP6CB(skb)->flags;

	return flags & VW_OUTPUT_MEDIA ? flags : 0;
}

static bool crosses(const struct departure *d)
{
	return !d->local && d->from != d->to &&
	       (d->from == VOXWALL_ZONE_VOICE || d->to == VOXWALL_ZONE_VOICE);
}

static bool is_covered(const struct sk_buff *skb)
{
	return skb_dst(skb) && dst_xfrm(skb_dst(skb));
}

/*
 * What came from an uplink was clear outside already. On a data VLAN the rogue
 * policy has judged, and unless it drops, it has said yes.
 */
static bool may_leak(const struct departure *d)
{
	if (!d->uplink || is_covered(d->skb))
		return false;
	if (d->local)
		return !rcu_dereference(d->uplink->conf)->allow_clear;
	if (d->from == VOXWALL_ZONE_DATA && d->marked)
		return d->pol->rogue == VOXWALL_ROGUE_DROP;
	return d->from != VOXWALL_ZONE_WAN;
}

static enum voxwall_drop judge_leak(struct departure *d)
{
	enum voxwall_drop reason;
	struct vw_event ev = {
		.type = VOXWALL_EVENT_LEAK,
		.ifindex = d->uplink->dev->ifindex,
	};

	ev.class = d->marked ? vw_mark_class(d->skb) :
		   vw_flow_classify(d->vn, d->skb, &d->f, VW_FLOW_OUT, NULL);
	reason = vw_policy_leak(d->pol, &d->f, ev.class, d->local);
	ev.drop = reason;
	if (reason && ev.class != VOXWALL_CLASS_CANDIDATE)
		vw_event(d->vn, &ev);
	return reason;
}

static enum voxwall_drop judge(struct departure *d)
{
	bool crossing = crosses(d), leaking = may_leak(d);
	enum voxwall_drop reason = VOXWALL_DROP_NONE;
	int err;

	if (!crossing && !leaking)
		return reason;
	if (unlikely(skb_shared(d->skb)))
		return VOXWALL_DROP_NO_MEMORY;
	err = vw_packet_look(d->skb, &d->f);
	if (err)
		return err == -ENOMEM ? VOXWALL_DROP_NO_MEMORY : VOXWALL_DROP_MALFORMED;
	if (crossing)
		reason = vw_policy_cross(d->pol, &d->f, d->from, d->to);
	if (!reason && leaking)
		reason = judge_leak(d);
	return reason;
}

/* A filter may have led it elsewhere since it was judged. */
static enum voxwall_drop judge_media(const struct departure *d, unsigned int notes)
{
	struct vw_event ev = {
		.type = VOXWALL_EVENT_LEAK,
		.drop = VOXWALL_DROP_LEAK_RTP,
		.class = VOXWALL_CLASS_RTP,
	};

	if (notes & VW_OUTPUT_CLEARED || !d->uplink || is_covered(d->skb))
		return VOXWALL_DROP_NONE;
	ev.ifindex = d->uplink->dev->ifindex;
	vw_event(d->vn, &ev);
	return VOXWALL_DROP_LEAK_RTP;
}

static noinline unsigned int look_closer(struct vw_net *vn, struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	struct departure d = {
		.vn = vn,
		.pol = rcu_dereference(vn->policy),
		.skb = skb,
	};
	enum voxwall_drop reason;
	unsigned int noted;

	/* Not routed: br_netfilter shows bridged frames here too. */
	if (netif_is_bridge_port(state->out) || is_transformed(skb, state->pf))
		return NF_ACCEPT;
	d.uplink = vw_dev_uplink(vn, state->out);
	d.to = vw_zone_of(vn, state->out) & VW_ZONE_MASK;
	noted = notes(skb, state->pf);
	if (!noted)
		find_origin(&d);
	reason = noted ? judge_media(&d, noted) : judge(&d);
	if (!reason)
		return NF_ACCEPT;
	vw_drop(vn, d.uplink, reason, skb);
	return NF_DROP;
}

/*
 * Nearly all are: forwarded, neither out of the voice zone nor into it, and what the
 * ingress has seen was no voice, or was outside already. judge() would say the same.
 */
static bool is_harmless(const struct vw_net *vn, const struct sk_buff *skb,
			const struct net_device *out)
{
	u64 epoch = atomic64_read_acquire(&vn->epoch);
	u64 to = vw_zone_known(vn, out->ifindex, epoch);
	u64 in = vw_zone_known(vn, skb->skb_iif, epoch);
	enum voxwall_zone from;

	/* What isn't known is learned where there is more time. */
	if (to > 0xff || in > 0xff)
		return false;
	to &= VW_ZONE_MASK;
	if (to == VOXWALL_ZONE_VOICE || !skb->skb_iif || !find_mark(skb, in, &from))
		return false;
	if (from == VOXWALL_ZONE_DATA)
		return to == VOXWALL_ZONE_DATA || !vw_policy_is_voice(vw_mark_class(skb));
	return from == VOXWALL_ZONE_WAN;
}

static unsigned int on_departure(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct vw_net *vn = priv;

	if (likely(is_harmless(vn, skb, state->out)))
		return NF_ACCEPT;
	return look_closer(vn, skb, state);
}

int vw_leak_guard(struct vw_net *vn)
{
	vn->leak = (struct nf_hook_ops){
		.hook = on_departure,
		.priv = vn,
		.pf = NFPROTO_INET,
		.hooknum = NF_INET_POST_ROUTING,
		/* After translation and IPsec's second look, before conntrack confirms. */
		.priority = INT_MAX - 1,
	};
	return nf_register_net_hook(vn->net, &vn->leak);
}

void vw_leak_unguard(struct vw_net *vn)
{
	nf_unregister_net_hook(vn->net, &vn->leak);
}
