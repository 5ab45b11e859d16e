/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Streams: one direction of one media flow each.
 *
 * The packet path asks vw_streams_media_port() about the destination port, one
 * bit, and only then vw_stream_rx(). Changes come through genl_stream.c.
 */
#ifndef VW_STREAM_H
#define VW_STREAM_H

#include <linux/bitops.h>
#include <linux/types.h>

#include "core/frame.h"
#include "uapi/linux/voxwall.h"

struct sk_buff;
struct vw_net;

/**
 * struct vw_streams - the streams of one namespace
 * @ports: bit n is set while some stream's local port, taken as the raw
 *	big-endian number, is n
 */
struct vw_streams {
	unsigned long ports[BITS_TO_LONGS(65536)];
};

/**
 * vw_streams_media_port - may a packet to this UDP port belong to a stream?
 * @s: the namespace's streams
 * @dport: destination port
 *
 * Any context. A clear bit means no; a set one means vw_stream_rx() knows.
 */
static inline bool vw_streams_media_port(const struct vw_streams *s, __be16 dport)
{
	return test_bit((__force u16)dport, s->ports);
}

/* Make the namespace's table; @vn->lock is held. Nothing when it exists. */
int vw_streams_init(struct vw_net *vn);
/* Remove every stream; the ports are gone and no packet is on its way. */
void vw_streams_exit(struct vw_net *vn);

/* Once per module, around everything else of streams. */
int vw_stream_module_init(void);
void vw_stream_module_exit(void);

/**
 * vw_stream_rx - take a UDP packet to a media port, if it is a stream's
 * @vn: the namespace
 * @skb: not shared, its data at the network header, headers linear up to 128 bytes
 * @f: the headers, parsed from the network header on
 * @zone: where it came from
 * @ret_drop: the reason, written when the answer is NF_DROP
 *
 * Softirq, under RCU. Return: NF_STOLEN: it has been taken, counted and sent on;
 * NF_ACCEPT: not a stream's, or STUN, DTLS or ZRTP for the host; NF_DROP: the
 * caller counts and drops it.
 */
unsigned int vw_stream_rx(struct vw_net *vn, struct sk_buff *skb, const struct vw_frame *f,
			  enum voxwall_zone zone, enum voxwall_drop *ret_drop);

#endif
