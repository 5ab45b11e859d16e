/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way out: routes, fresh headers, transmission. */
#ifndef VW_OUTPUT_H
#define VW_OUTPUT_H

#include "stream.h"

struct sk_buff;

/*
 * Notes for the leak guard on a packet that takes the stack's road, in IP's flags of
 * the packet. The stack has no use for these bits, and clears them of whatever arrives,
 * comes from a socket or gets another header.
 */
#define VW_OUTPUT_MEDIA		0x4000	/* a stream's */
#define VW_OUTPUT_CLEARED	0x8000	/* and may take an uplink as it is */

/**
 * struct vw_output - how one packet leaves
 * @net: the namespace
 * @target: source and destination
 * @dst: the route, valid while RCU is held
 * @sum: of the payload, with @summed
 * @mark: of the packet, VOXWALL_MARK_*
 * @ip_id: of an IPv4 packet
 * @dscp: 0..63
 * @rtcp: uses the RTCP ports
 * @sealed: will leave encrypted
 * @fastpath: straight to the neighbour
 * @cleared: may take an uplink as it is, whatever happens to its route; written by
 *	vw_output_route()
 * @summed: the payload's checksum is known
 */
struct vw_output {
	struct net *net;
	const struct vw_target *target;
	struct dst_entry *dst;
	__wsum sum;
	u32 mark;
	u16 ip_id;
	u8 dscp;
	bool rtcp;
	bool sealed;
	bool fastpath;
	bool cleared;
	bool summed;
};

/**
 * vw_output_route - find the way, and see whether the packet may take it
 * @st: the stream
 * @target: its target
 * @o: all but @dst is given; @dst is written on success
 *
 * Softirq, under RCU. Clear media doesn't leave on an uplink unless the stream
 * may or an XFRM state covers it. Return: VOXWALL_DROP_NONE or the reason.
 */
enum voxwall_drop vw_output_route(struct vw_stream *st, struct vw_target *target,
				  struct vw_output *o);

/**
 * vw_output_send - put UDP and IP headers on and transmit
 * @o: complete
 * @skb: its data is the UDP payload; linear, its own; consumed
 */
void vw_output_send(const struct vw_output *o, struct sk_buff *skb);

#endif
