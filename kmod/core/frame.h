/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_CORE_FRAME_H
#define VW_CORE_FRAME_H

#include "env.h"

#define VW_ETH_P_IP	0x0800
#define VW_ETH_P_ARP	0x0806
#define VW_ETH_P_8021Q	0x8100
#define VW_ETH_P_8021AD	0x88a8
#define VW_ETH_P_IPV6	0x86dd
#define VW_ETH_P_PAE	0x888e
#define VW_ETH_P_LLDP	0x88cc

#define VW_IPPROTO_ICMP		1
#define VW_IPPROTO_IGMP		2
#define VW_IPPROTO_TCP		6
#define VW_IPPROTO_UDP		17
#define VW_IPPROTO_ICMPV6	58

#define VW_IPV4_HEADER	20	/* bytes, without options */
#define VW_IPV4_OFFSET	0x1fff	/* of a fragment */
#define VW_IPV4_MORE	0x2000
#define VW_UDP_HEADER	8

/* vw_frame.flags */
#define VW_FRAME_FRAGMENT	0x01	/* any fragment */
#define VW_FRAME_LATER		0x02	/* not the first one: no layer-4 header */
#define VW_FRAME_OPTIONS	0x04	/* IPv4 options or IPv6 extension headers */
#define VW_FRAME_TCP_SYN	0x08	/* SYN without ACK: opens a connection */
#define VW_FRAME_PENDING	0x10	/* IPv6: to authenticate, or not at its end yet */

/**
 * struct vw_frame - where things are in a packet
 * @saddr: source address inside the input, 4 or 16 bytes; NULL unless IP
 * @daddr: destination address, likewise
 * @ethertype: of the innermost header, host order
 * @sport: source port, host order; 0 when there is none
 * @dport: destination port, likewise
 * @l3: offset of the network header from the start of the input, bytes
 * @l4: offset of the transport header; 0 when there is none
 * @payload: offset of the transport payload; 0 when there is none
 * @payload_len: what the headers say the payload holds, bytes; the input may
 *	have been cut shorter (see vw_frame_have())
 * @vlan: the VLAN tags met, outermost first, VID only (12 bits, host order)
 * @nvlan: how many tags there are; counts on past the array
 * @family: 4, 6 or 0
 * @proto: IP protocol of the transport header
 * @dscp: 0..63
 * @flags: VW_FRAME_*
 * @icmp_type: of ICMP or ICMPv6, when @l4 is not 0; else 0
 * @parted: of a fragment: IP protocol that the whole begins with, which is the same in
 *	all of its parts; else 0
 */
struct vw_frame {
	const u8 *saddr;
	const u8 *daddr;
	u16 ethertype;
	u16 sport;
	u16 dport;
	u16 l3;
	u16 l4;
	u16 payload;
	u16 payload_len;
	u16 vlan[2];
	u8 nvlan;
	u8 family;
	u8 proto;
	u8 dscp;
	u8 flags;
	u8 icmp_type;
	u8 parted;
};

/**
 * vw_frame_parse - find the headers of an Ethernet frame
 * @p: the frame, from the destination MAC on
 * @len: bytes that are there; may be fewer than were on the wire
 * @wire_len: bytes that were on the wire
 * @ret: written only on success
 *
 * Return: 0; -EBADMSG when a header contradicts itself or @wire_len;
 * -ENODATA when the input ends inside a header though the wire did not.
 */
int vw_frame_parse(const u8 *p, size_t len, size_t wire_len, struct vw_frame *ret);

/* vw_frame_parse_l3(), the long way. */
int vw_frame_parse_any(const u8 *p, size_t len, size_t wire_len, u16 ethertype,
		       struct vw_frame *ret);

/*
 * What nearly all media are: IPv4 without options, whole, UDP. False: look again,
 * with care. Says the same as the long way in a fraction of its steps. Every member is
 * written by itself: to clear all of them first takes longer.
 */
static inline bool vw_frame_parse_plain(const u8 *p, size_t len, size_t wire_len,
					struct vw_frame *ret)
{
	size_t total, udp;

	if (len < VW_IPV4_HEADER + VW_UDP_HEADER || p[0] != 0x45 || p[9] != VW_IPPROTO_UDP ||
	    get_unaligned_be16(p + 6) & (VW_IPV4_OFFSET | VW_IPV4_MORE))
		return false;
	total = get_unaligned_be16(p + 2);
	udp = get_unaligned_be16(p + VW_IPV4_HEADER + 4);
	if (total > wire_len || udp < VW_UDP_HEADER || VW_IPV4_HEADER + udp > total)
		return false;
	ret->saddr = p + 12;
	ret->daddr = p + 16;
	ret->ethertype = VW_ETH_P_IP;
	ret->sport = get_unaligned_be16(p + VW_IPV4_HEADER);
	ret->dport = get_unaligned_be16(p + VW_IPV4_HEADER + 2);
	ret->l3 = 0;
	ret->l4 = VW_IPV4_HEADER;
	ret->payload = VW_IPV4_HEADER + VW_UDP_HEADER;
	ret->payload_len = (u16)(udp - VW_UDP_HEADER);
	ret->vlan[0] = 0;
	ret->vlan[1] = 0;
	ret->nvlan = 0;
	ret->family = 4;
	ret->proto = VW_IPPROTO_UDP;
	ret->dscp = p[1] >> 2;
	ret->flags = 0;
	ret->icmp_type = 0;
	ret->parted = 0;
	return true;
}

/**
 * vw_frame_parse_l3 - the same, from the network header on
 * @ethertype: says what @p is, host order; @ret->nvlan is 0 unless it names a tag
 */
static inline int vw_frame_parse_l3(const u8 *p, size_t len, size_t wire_len, u16 ethertype,
				    struct vw_frame *ret)
{
	if (ethertype == VW_ETH_P_IP && vw_frame_parse_plain(p, len < wire_len ? len : wire_len,
							     wire_len, ret))
		return 0;
	return vw_frame_parse_any(p, len, wire_len, ethertype, ret);
}

/* How many bytes of the payload really are in an input of @len bytes. */
static inline size_t vw_frame_have(const struct vw_frame *f, size_t len)
{
	size_t have = len > f->payload ? len - f->payload : 0;

	return have < f->payload_len ? have : f->payload_len;
}

#endif
