/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_STATION_H
#define VW_STATION_H

#include <linux/if_ether.h>
#include <linux/rculist.h>

#include "voxwall.h"

#define VW_STATION_BUCKETS	1024

/**
 * struct vw_station_seen - per CPU
 * @packets: accepted
 * @last: jiffies of the last one; only meant when @packets is not 0
 */
struct vw_station_seen {
	u64 packets;
	unsigned long last;
};

/**
 * struct vw_station - a MAC address and what it may do; immutable once published
 * @node: in vw_stations.bucket
 * @seen: per CPU; a changed station hands it on to its successor
 * @ifindex: of the port where it is authorised
 * @mac: its address
 * @allow: VOXWALL_ALLOW_*
 * @method: enum voxwall_method
 * @rcu: frees it
 *
 * Death certificate. A station is replaced as a whole, so that no packet sees
 * half a change. Holders: packets under RCU, netlink under vn->lock. @seen is
 * freed with the last of the line, in its RCU callback: a packet that found an
 * earlier one is in a read section that began before.
 */
struct vw_station {
	struct hlist_node node;
	struct vw_station_seen __percpu *seen;
	u32 ifindex;
	u8 mac[ETH_ALEN];
	u8 allow;
	u8 method;
	struct rcu_head rcu;
};

/**
 * struct vw_stations - the stations of one namespace
 * @key: of the hash, secret and odd: a stranger can't choose addresses that meet
 *	in one bucket, and learns nothing about the key from the outside
 * @count: how many
 * @bucket: read under RCU, changed under vn->lock
 */
struct vw_stations {
	u64 key;
	unsigned int count;
	struct hlist_head bucket[VW_STATION_BUCKETS];
};

int vw_stations_init(struct vw_net *vn);
void vw_stations_exit(struct vw_net *vn);

/* Under RCU or @vn->lock; NULL: unknown. */
struct vw_station *vw_station_find(const struct vw_net *vn, const u8 *mac);

/**
 * vw_station_set - authorise a MAC address, or change what it may do
 * @vn: the namespace, @vn->lock held
 * @want: mac, ifindex, allow and method; copied
 *
 * Return: 0; -ENOSPC: the policy's limit is reached; -ENOMEM.
 */
int vw_station_set(struct vw_net *vn, const struct vw_station *want);

/* Forget it; @vn->lock is held. */
void vw_station_kill(struct vw_net *vn, struct vw_station *st);

/* Forget all stations of a port; @vn->lock is held. */
void vw_stations_forget(struct vw_net *vn, u32 ifindex);

/**
 * vw_station_check - may this MAC address send in this zone through this port?
 * @vn: the namespace
 * @mac: source address of the frame
 * @ifindex: the port
 * @authorise: VOXWALL_ALLOW_*: zones in which the port asks for a station
 * @zone: of the frame
 * @ret: the station, NULL when it is unknown; written on success only
 *
 * Under RCU. A MAC that is authorised on another port is refused in every zone:
 * whoever borrows it could pull the owner's frames over. Return: a drop reason.
 */
enum voxwall_drop vw_station_check(const struct vw_net *vn, const u8 *mac, u32 ifindex,
				   u8 authorise, enum voxwall_zone zone,
				   struct vw_station **ret);

/* Note a packet that was accepted; under RCU. */
static inline void vw_station_note(struct vw_station_seen __percpu *seen)
{
	this_cpu_inc(seen->packets);
	this_cpu_write(seen->last, jiffies);
}

/* Add up what all CPUs saw; @ret_idle: ms since the last packet. */
u64 vw_station_packets(const struct vw_station *st, u64 *ret_idle);

#endif
