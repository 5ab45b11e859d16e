/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_EVENT_H
#define VW_EVENT_H

#include <linux/if_ether.h>
#include <linux/types.h>

#include "uapi/linux/voxwall.h"

struct vw_net;

/**
 * struct vw_event - something that the agent should know
 * @ifindex: where; 0: nowhere
 * @stream: its identifier; 0: none
 * @vlan: sent with the types that name a MAC
 * @mac: likewise
 * @type: enum voxwall_event
 * @drop: enum voxwall_drop; VOXWALL_DROP_NONE: not sent
 * @class: enum voxwall_class, sent with rogue voice and leaks
 */
struct vw_event {
	u32 ifindex;
	u32 stream;
	u16 vlan;
	u8 mac[ETH_ALEN];
	u8 type;
	u8 drop;
	u8 class;
};

/**
 * vw_event - tell the listeners of the namespace
 * @vn: the namespace, whose tables exist
 * @ev: what happened; not kept
 *
 * Any context but hard interrupts. Each type has a token bucket of its own, so
 * that a flood of one never hides another; what a flood loses is counted and the
 * next event of the type says how many there were.
 */
void vw_event(struct vw_net *vn, const struct vw_event *ev);

int vw_events_init(struct vw_net *vn);
void vw_events_exit(struct vw_net *vn);

/* Events flow between these two; the family is registered for all of that time. */
void vw_event_module_start(void);
void vw_event_module_stop(void);

#endif
