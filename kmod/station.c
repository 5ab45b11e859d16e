// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "station.h"

static void station_free(struct rcu_head *rcu)
{
	struct vw_station *st = container_of(rcu, struct vw_station, rcu);

	free_percpu(st->seen);
	kfree(st);
}

static int station_add(struct vw_net *vn, struct vw_station *st)
{
	struct vw_stations *stations = vn->stations;
	const struct vw_policy *pol;

	pol = rcu_dereference_protected(vn->policy, lockdep_is_held(&vn->lock));
	if (stations->count >= pol->max_stations)
		return -ENOSPC;
	st->seen = alloc_percpu_gfp(struct vw_station_seen, GFP_KERNEL_ACCOUNT);
	if (!st->seen)
		return -ENOMEM;
	hlist_add_head_rcu(&st->node, vw_station_bucket(stations, st->mac));
	stations->count++;
	return 0;
}

int vw_station_set(struct vw_net *vn, const struct vw_station *want)
{
	struct vw_station *old = vw_station_find(vn, want->mac);
	struct vw_station *st;
	int err;

	st = kmemdup(want, sizeof(*want), GFP_KERNEL_ACCOUNT);
	if (!st)
		return -ENOMEM;
	if (old) {
		st->seen = old->seen;
		hlist_replace_rcu(&old->node, &st->node);
		vw_net_changed(vn);
		kfree_rcu(old, rcu);
	} else {
		err = station_add(vn, st);
		if (err) {
			kfree(st);
			return err;
		}
		vw_net_changed(vn);
	}
	vn->seq++;
	return 0;
}

void vw_station_kill(struct vw_net *vn, struct vw_station *st)
{
	hlist_del_rcu(&st->node);
	vn->stations->count--;
	vn->seq++;
	vw_net_changed(vn);
	call_rcu(&st->rcu, station_free);
}

void vw_stations_forget(struct vw_net *vn, u32 ifindex)
{
	struct vw_station *st;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < VW_STATION_BUCKETS; i++)
		hlist_for_each_entry_safe(st, next, &vn->stations->bucket[i], node)
			if (st->ifindex == ifindex)
				vw_station_kill(vn, st);
}

u64 vw_station_packets(const struct vw_station *st, u64 *ret_idle)
{
	unsigned long last, idle = ULONG_MAX;
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct vw_station_seen *seen = per_cpu_ptr(st->seen, cpu);

		if (!seen->packets)
			continue;
		sum += seen->packets;
		/* In this order: a packet in between may not be younger than now. */
		last = READ_ONCE(seen->last);
		idle = min(idle, jiffies - last);
	}
	if (sum)
		*ret_idle = jiffies64_to_msecs(idle);
	return sum;
}

int vw_stations_init(struct vw_net *vn)
{
	vn->stations = kvzalloc(sizeof(*vn->stations), GFP_KERNEL_ACCOUNT);
	if (!vn->stations)
		return -ENOMEM;
	vn->stations->key = get_random_u64() | 1;
	return 0;
}

void vw_stations_exit(struct vw_net *vn)
{
	kvfree(vn->stations);
	vn->stations = NULL;
}
