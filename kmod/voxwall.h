/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the module share: the namespace's state and the counters.
 * Everything else is in the noun's own header.
 */
#ifndef VW_VOXWALL_H
#define VW_VOXWALL_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "core/policy.h"
#include "uapi/linux/voxwall.h"

#define VW_ZONES	512	/* a power of 2 */

struct vw_events;
struct vw_flows;
struct vw_passes;
struct vw_ports;
struct vw_stations;
struct vw_streams;

/**
 * struct vw_counts - counters of one port (or of none), per CPU
 * @drops: by enum voxwall_drop; [VOXWALL_DROP_NONE] counts what was accepted and
 *	judged to be of no class, or in a sum all that was accepted
 * @classes: accepted, by enum voxwall_class
 */
struct vw_counts {
	u64 drops[__VOXWALL_DROP_MAX];
	u64 classes[__VOXWALL_CLASS_MAX];
};

/**
 * struct vw_net - one network namespace
 * @net: the namespace; not counted, vw_net ends with it
 * @lock: serialises every change; taken by the netlink operations and notifiers,
 *	inside of RTNL where both are needed, never on the packet path
 * @policy: RCU; NULL until the first POLICY_SET (no port can exist before)
 * @ports: guarded interfaces
 * @stations: authorised MACs
 * @streams: media flows, keys, the bitmap of media ports
 * @flows: the classifier's memory
 * @passes: of flows that are known to be none of voice, per CPU
 * @events: the rate limits of the events
 * @counts: what could not be pinned on a port
 * @leak: the hook at the way out, on while there is a policy; here, because
 *	listings of hooks read it under RCU and vw_net outlives their sections
 * @delivery: likewise, before this host's sockets
 * @seq: of changes to ports and stations, for listings that a change interrupts
 * @epoch: of what may change what is remembered about devices and flows: ports,
 *	stations, the policy, how devices are put together; a multiple of 2^32
 * @zones: by the number of a device, what zone.h remembers: 24 bits of the epoch,
 *	32 of the number, and a byte
 *
 * The tables are made by the first POLICY_SET and live until the namespace ends,
 * so the packet path, which only runs when a port exists, finds them all.
 */
struct vw_net {
	struct net *net;
	struct mutex lock;
	struct vw_policy __rcu *policy;
	struct vw_ports *ports;
	struct vw_stations *stations;
	struct vw_streams *streams;
	struct vw_flows *flows;
	struct vw_passes __percpu *passes;
	struct vw_events *events;
	struct vw_counts __percpu *counts;
	struct nf_hook_ops leak;
	struct nf_hook_ops delivery;
	unsigned int seq;
	atomic64_t epoch;
	atomic64_t zones[VW_ZONES];
};

extern unsigned int vw_net_id;

static inline struct vw_net *vw_net(const struct net *net)
{
	return net_generic(net, vw_net_id);
}

/*
 * What packets remember holds no longer. Comes after the change and before what it
 * replaced is given to RCU, whose grace period then ends every use of a memory of it.
 */
static inline void vw_net_changed(struct vw_net *vn)
{
	/* Whoever reads the new epoch, with acquire, sees the change. */
	smp_mb__before_atomic();
	atomic64_add(1LL << 32, &vn->epoch);
}

#endif
