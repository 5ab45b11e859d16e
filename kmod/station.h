/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_STATION_H
#define VW_STATION_H

#include <asm/unaligned.h>
#include <linux/etherdevice.h>
#include <linux/log2.h>
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

/*
 * Every frame on a LAN port pays for this. Multiply and shift is enough: only the
 * administrator adds addresses, and any two meet in a bucket with a chance of 2 in
 * all buckets at most, over the choice of the key.
 */
static inline struct hlist_head *vw_station_bucket(struct vw_stations *stations, const u8 *mac)
{
	u64 addr = (u64)get_unaligned((const u16 *)(mac + 4)) << 32 |
		   get_unaligned((const u32 *)mac);

	return &stations->bucket[addr * stations->key >> (64 - ilog2(VW_STATION_BUCKETS))];
}

/* Under RCU or @vn->lock; NULL: unknown. */
static inline struct vw_station *vw_station_find(const struct vw_net *vn, const u8 *mac)
{
	struct vw_station *st;

	hlist_for_each_entry_rcu(st, vw_station_bucket(vn->stations, mac), node,
				 lockdep_is_held(&vn->lock))
		if (ether_addr_equal_unaligned(st->mac, mac))
			return st;
	return NULL;
}

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
static inline enum voxwall_drop vw_station_check(const struct vw_net *vn, const u8 *mac,
						 u32 ifindex, u8 authorise,
						 enum voxwall_zone zone,
						 struct vw_station **ret)
{
	struct vw_station *st = vw_station_find(vn, mac);

	if (st && st->ifindex != ifindex)
		return VOXWALL_DROP_STATION_MOVED;
	if (authorise & BIT(zone) && !(st && st->allow & BIT(zone)))
		return VOXWALL_DROP_STATION_UNKNOWN;
	*ret = st;
	return VOXWALL_DROP_NONE;
}

/* Note a packet that was accepted; under RCU. */
static inline void vw_station_note(struct vw_station_seen __percpu *seen)
{
	this_cpu_inc(seen->packets);
	this_cpu_write(seen->last, jiffies);
}

/* Add up what all CPUs saw; @ret_idle: ms since the last packet. */
u64 vw_station_packets(const struct vw_station *st, u64 *ret_idle);

#endif
