/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_PACKET_H
#define VW_PACKET_H

#include <linux/skbuff.h>

#include "core/frame.h"

#define VW_PACKET_HEADERS	128	/* bytes that hold nearly every header */
#define VW_PACKET_CONTENT	2048	/* as far as the classifier ever looks */

/**
 * vw_packet_look - find the headers, with enough of the content to judge it
 * @skb: not shared, its data at the network header; its head may move
 * @ret: the headers, counted from the data; written only on success
 *
 * Return: 0; -EBADMSG: the headers lie or end early; -ENOMEM.
 */
int vw_packet_look(struct sk_buff *skb, struct vw_frame *ret);

/* Write a DSCP (0..63) into an IP packet, checksums included; 0 or -ENOMEM.
 * The head may move, and the views of it go stale. */
int vw_packet_set_dscp(struct sk_buff *skb, u8 family, u8 dscp);

#endif
