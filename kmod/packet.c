// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/gso.h>
#include <net/inet_ecn.h>

#include "packet.h"

#define EXTENSIONS	1024	/* bytes of IPv6 extension headers and TCP options */

static int pull(struct sk_buff *skb, unsigned int len)
{
	return pskb_may_pull(skb, min(len, skb->len)) ? 0 : -ENOMEM;
}

static int parse(const struct sk_buff *skb, struct vw_frame *f)
{
	return vw_frame_parse_l3(skb->data, skb_headlen(skb), skb->len,
				 ntohs(skb->protocol), f);
}

/*
 * A start line and a chain of RTCP reports may be longer than what is linear;
 * nothing else needs more than its first bytes.
 */
static bool needs_more(const struct sk_buff *skb, const struct vw_frame *f)
{
	size_t have = vw_frame_have(f, skb_headlen(skb));
	const u8 *p = skb->data + f->payload;

	if (!f->payload || have == f->payload_len)
		return false;
	if (have < 2)
		return true;
	if (p[0] >> 6 == 2 && f->proto == IPPROTO_UDP)
		return p[1] >= 192 && p[1] <= 223;
	return p[0] >= 'A' && p[0] <= 'z';
}

static noinline int look_in_parts(struct sk_buff *skb, struct vw_frame *ret)
{
	int err;

	err = pull(skb, VW_PACKET_HEADERS) ?: parse(skb, ret);
	if (unlikely(err == -ENODATA))
		err = pull(skb, EXTENSIONS) ?: parse(skb, ret);
	if (unlikely(err))
		return err == -ENOMEM ? err : -EBADMSG;
	if (likely(!needs_more(skb, ret)))
		return 0;
	/* The head may have moved, and the addresses with it. */
	return pull(skb, ret->payload + VW_PACKET_CONTENT) ?: parse(skb, ret);
}

struct sk_buff *vw_packet_split(struct sk_buff *skb)
{
	int offset = skb_network_offset(skb) - skb_mac_offset(skb);
	struct sk_buff *parts, *part;

	__skb_push(skb, offset);
	parts = __skb_gso_segment(skb, 0, false);
	if (IS_ERR_OR_NULL(parts)) {
		__skb_pull(skb, offset);
		return NULL;
	}
	consume_skb(skb);
	for (part = parts; part; part = part->next)
		__skb_pull(part, skb_network_offset(part));
	return parts;
}

int vw_packet_look_any(struct sk_buff *skb, struct vw_frame *ret)
{
	/* All of it is here: what is missing now is missing for good. */
	if (likely(!skb_is_nonlinear(skb)))
		return parse(skb, ret) ? -EBADMSG : 0;
	return look_in_parts(skb, ret);
}

static void set_dscp6(struct sk_buff *skb, u8 dscp)
{
	struct ipv6hdr *ip = ipv6_hdr(skb);
	__be32 from = *(__be32 *)ip;

	ipv6_change_dsfield(ip, INET_ECN_MASK, dscp << 2);
	/* Here no header checksum makes up for the change. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(csum_sub(skb->csum, (__force __wsum)from),
				     *(__force __wsum *)ip);
}

int vw_packet_set_dscp(struct sk_buff *skb, u8 family, u8 dscp)
{
	unsigned int len = family == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	if (skb_ensure_writable(skb, len))
		return -ENOMEM;
	skb_reset_network_header(skb);
	if (family == 4)
		ipv4_change_dsfield(ip_hdr(skb), INET_ECN_MASK, dscp << 2);
	else
		set_dscp6(skb, dscp);
	return 0;
}
