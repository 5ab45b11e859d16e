/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_PACKET_H
#define VW_PACKET_H

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>

#include "core/frame.h"

#define VW_PACKET_HEADERS	128	/* bytes that hold nearly every header */
#define VW_PACKET_CONTENT	2048	/* as far as the classifier ever looks */

/* vw_packet_look(), the long way. */
int vw_packet_look_any(struct sk_buff *skb, struct vw_frame *ret);

/**
 * vw_packet_look - find the headers, with enough of the content to judge it
 * @skb: not shared, its data at the network header; its head may move
 * @ret: the headers, counted from the data; written only on success
 *
 * Return: 0; -EBADMSG: the headers lie or end early; -ENOMEM.
 */
static inline int vw_packet_look(struct sk_buff *skb, struct vw_frame *ret)
{
	if (likely(!skb_is_nonlinear(skb) && skb->protocol == htons(ETH_P_IP) &&
		   vw_frame_parse_plain(skb->data, skb->len, skb->len, ret)))
		return 0;
	return vw_packet_look_any(skb, ret);
}

/* Where the IP header at the packet's data says that the packet ends, bytes. */
static inline size_t vw_packet_end(const struct sk_buff *skb, u8 family)
{
	if (family == 4)
		return ntohs(((const struct iphdr *)skb->data)->tot_len);
	return sizeof(struct ipv6hdr) +
	       ntohs(((const struct ipv6hdr *)skb->data)->payload_len);
}

/* Is that header's checksum right? IPv6 has none. */
static inline bool vw_packet_header_fits(const struct sk_buff *skb, u8 family)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;

	return family != 4 || !ip_fast_csum(ip, ip->ihl);
}

/* Has each of its parts headers of its own, as with rx-gro-list? */
static inline bool vw_packet_is_list(const struct sk_buff *skb)
{
	return skb_is_gso(skb) && skb_shinfo(skb)->gso_type & SKB_GSO_FRAGLIST;
}

/* Is it several datagrams of a flow? Not what only a tunnel's UDP header makes one. */
static inline bool vw_packet_is_glued(const struct sk_buff *skb)
{
	return skb_is_gso(skb) &&
	       skb_shinfo(skb)->gso_type & (SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST);
}

/**
 * vw_packet_split - take apart what GRO or a local sender has glued together
 * @skb: skb_is_gso(), its data at the network header; consumed on success
 *
 * Return: the parts, a list with their data at the network header; NULL: no memory, and
 * the caller drops @skb.
 */
struct sk_buff *vw_packet_split(struct sk_buff *skb);

/* Write a DSCP (0..63) into an IP packet, checksums included; 0 or -ENOMEM.
 * The head may move, and the views of it go stale. */
int vw_packet_set_dscp(struct sk_buff *skb, u8 family, u8 dscp);

#endif
