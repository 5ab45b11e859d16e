/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_PATHMTU_H
#define VW_PATHMTU_H

struct sk_buff;
struct vw_net;

/**
 * vw_pathmtu_hear - learn from a router that media didn't fit its next link
 * @vn: the namespace, with its streams
 * @skb: an ICMPv6 message to this host, its data at the network header
 *
 * Any context but hard interrupts, under RCU. What is no such message, or quotes
 * no packet that a stream may have sent, changes nothing.
 */
void vw_pathmtu_hear(const struct vw_net *vn, struct sk_buff *skb);

#endif
