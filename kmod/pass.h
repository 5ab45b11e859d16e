/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pass spares the packets of a flow that is none of voice, on a data VLAN, all the
 * questions that were answered a moment ago.
 */
#ifndef VW_PASS_H
#define VW_PASS_H

#include "port.h"
#include "station.h"

/**
 * vw_pass_show - let a frame go on with a flow that has a pass
 * @port: a LAN port
 * @skb: not shared, its data at the network header, and not to a media port
 * @epoch: of the namespace, from before anything was asked
 *
 * Softirq, under RCU. Only IP without options or extension headers, whole, UDP or TCP,
 * and only with a content that cannot be voice: whatever else the pass is worth, it lets
 * none through. Return: true: accepted, marked and counted; false: ask all the questions.
 */
bool vw_pass_show(const struct vw_port *port, struct sk_buff *skb, u64 epoch);

/**
 * vw_pass_give - let packets like this one by for a second
 * @port: where it arrived, in the data zone
 * @skb: accepted, of no class, of a flow that vw_flow_is_settled()
 * @st: its station, or NULL
 * @epoch: of the namespace, from before anything was asked
 *
 * Softirq, under RCU.
 */
void vw_pass_give(const struct vw_port *port, const struct sk_buff *skb,
		  const struct vw_station *st, u64 epoch);

int vw_passes_init(struct vw_net *vn);
void vw_passes_exit(struct vw_net *vn);

#endif
