// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "crypto.h"
#include "event.h"
#include "latch.h"
#include "stream.h"
#include "trace.h"
#include "voxwall.h"

/* How often streams are asked whether they are still alive. */
#define IDLE_PERIOD	HZ

/* kmalloc() would round up. */
static struct kmem_cache *cache, *target_cache;

/* ---- lookup ---- */

static struct hlist_head *bucket(struct vw_streams *s, __be16 port)
{
	return &s->bucket[ntohs(port) % VW_STREAM_BUCKETS];
}

static bool same_place(const struct vw_leg *a, const struct vw_leg *b)
{
	return vw_leg_is(a, b->family, (const u8 *)&b->addr) && a->rtp == b->rtp;
}

/* Where RTCP goes may change with rtcp-mux; the ports of RTP stay. */
struct vw_stream *vw_stream_other(const struct vw_stream *st, const struct vw_target *target)
{
	const struct vw_leg *from = &target->src;
	const struct vw_node *node;
	struct vw_stream *other;

	node = vw_stream_lookup(st->vn->streams, from->family, (const u8 *)&from->addr, from->rtp);
	if (!node)
		return NULL;
	other = vw_node_stream(node);
	return same_place(&rcu_dereference(other->target)->src, &st->conf.local) ? other : NULL;
}

struct vw_stream *vw_stream_find(const struct vw_net *vn, u32 id)
{
	return vn->streams ? xa_load(&vn->streams->by_id, id) : NULL;
}

/* ---- the table; all under vn->lock ---- */

static bool port_taken(const struct vw_streams *s, const struct vw_leg *local, __be16 port)
{
	bool taken;

	rcu_read_lock();
	taken = vw_stream_lookup(s, local->family, (const u8 *)&local->addr, port);
	rcu_read_unlock();
	return taken;
}

static void node_add(struct vw_streams *s, struct vw_stream *st, int i, __be16 port)
{
	struct vw_node *node = &st->node[i];

	node->port = port;
	node->rtcp = i;
	/* An end may take up rtcp-mux in the middle of a call. */
	node->mux = st->conf.local.rtcp;
	hlist_add_head_rcu(&node->node, bucket(s, port));
	set_bit((__force u16)port, s->ports);
}

static void node_del(struct vw_streams *s, struct vw_node *node)
{
	struct vw_node *other;

	hlist_del_rcu(&node->node);
	hlist_for_each_entry(other, bucket(s, node->port), node)
		if (other->port == node->port)
			return;
	clear_bit((__force u16)node->port, s->ports);
}

static bool has_rtcp_port(const struct vw_leg *local)
{
	return local->rtcp && local->rtcp != local->rtp;
}

static int table_add(struct vw_streams *s, struct vw_stream *st)
{
	const struct vw_leg *local = &st->conf.local;
	int err;

	if (port_taken(s, local, local->rtp) ||
	    (has_rtcp_port(local) && port_taken(s, local, local->rtcp)))
		return -EADDRINUSE;
	err = xa_insert(&s->by_id, st->conf.id, st, GFP_KERNEL_ACCOUNT);
	if (err)
		return err == -EBUSY ? -EEXIST : err;
	node_add(s, st, 0, local->rtp);
	if (has_rtcp_port(local))
		node_add(s, st, 1, local->rtcp);
	s->count++;
	s->vn->seq++;
	return 0;
}

static void table_del(struct vw_streams *s, struct vw_stream *st)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(st->node); i++)
		if (st->node[i].port)
			node_del(s, &st->node[i]);
	xa_erase(&s->by_id, st->conf.id);
	s->count--;
	s->vn->seq++;
}

/* ---- life ---- */

struct vw_target *vw_target_alloc(gfp_t gfp)
{
	return kmem_cache_zalloc(target_cache, gfp);
}

void vw_target_free(struct vw_target *target)
{
	struct vw_route *route;
	int i;

	for (i = 0; i < ARRAY_SIZE(target->route); i++) {
		route = rcu_dereference_protected(target->route[i], true);
		if (!route)
			continue;
		dst_release(route->dst);
		kfree(route);
	}
	kmem_cache_free(target_cache, target);
}

static void target_free_rcu(struct rcu_head *rcu)
{
	vw_target_free(container_of(rcu, struct vw_target, rcu));
}

static void side_free(struct vw_side *side)
{
	int i;

	for (i = 0; i < VW_STREAM_SLOTS; i++)
		vw_key_free(rcu_dereference_protected(side->slot[i], true));
}

static void stream_free(struct vw_stream *st)
{
	kfree(st->conf.label);
	kfree(st->more);
	kmem_cache_free(cache, st);
}

/* Everything but the keys, which are the creator's until the end of _new. */
static struct vw_stream *stream_alloc(struct vw_net *vn, const struct vw_stream_conf *conf,
				      struct vw_target *target)
{
	struct vw_stream *st = kmem_cache_zalloc(cache, GFP_KERNEL);

	if (!st)
		return NULL;
	st->vn = vn;
	st->conf = *conf;
	st->conf.label = conf->label[0] ? kstrdup(conf->label, GFP_KERNEL_ACCOUNT) : NULL;
	if (conf->label[0] && !st->conf.label) {
		kmem_cache_free(cache, st);
		return NULL;
	}
	RCU_INIT_POINTER(st->target, target);
	spin_lock_init(&st->lock);
	seqcount_spinlock_init(&st->seq, &st->lock);
	atomic_set(&st->ip_id, get_random_u32());
	st->last_good = jiffies;
	st->next_abuse = jiffies;
	return st;
}

int vw_stream_new(struct vw_net *vn, const struct vw_stream_conf *conf,
		  struct vw_target *target, struct vw_latch *latch,
		  const struct vw_side *open, const struct vw_side *seal, u64 first)
{
	struct vw_stream *st;
	int err;

	lockdep_assert_held(&vn->lock);
	st = stream_alloc(vn, conf, target);
	if (!st)
		return -ENOMEM;
	RCU_INIT_POINTER(st->latch, latch);
	st->open = *open;
	st->seal = *seal;
	st->ssrc.rtp.top = first;
	err = table_add(vn->streams, st);
	if (err) {
		stream_free(st);
		return err;
	}
	vw_latch_follow(st);
	trace_voxwall_stream(conf->id, "new");
	queue_delayed_work(system_power_efficient_wq, &vn->streams->idle, IDLE_PERIOD);
	return 0;
}

static void stream_end(struct vw_end *end)
{
	struct vw_stream *st = container_of(end, struct vw_stream, end);

	vw_diagnosis_purge(st);
	side_free(&st->open);
	side_free(&st->seal);
	vw_target_free(rcu_dereference_protected(st->target, true));
	kfree(rcu_dereference_protected(st->latch, true));
	stream_free(st);
}

void vw_stream_kill(struct vw_stream *st)
{
	lockdep_assert_held(&st->vn->lock);
	vw_latch_leave(st);
	table_del(st->vn->streams, st);
	vw_diagnosis_forget(st);
	trace_voxwall_stream(st->conf.id, "gone");
	vw_crypto_queue(&st->end, stream_end);
}

void vw_stream_retarget(struct vw_stream *st, struct vw_target *target)
{
	struct vw_target *old;

	old = rcu_replace_pointer(st->target, target, lockdep_is_held(&st->vn->streams->lock));
	call_rcu(&old->rcu, target_free_rcu);
	trace_voxwall_stream(st->conf.id, "target");
}

/* ---- silence ---- */

static bool has_fallen_silent(const struct vw_stream *st)
{
	unsigned long last = READ_ONCE(st->last_good);

	return st->conf.timeout &&
	       time_after(jiffies, last + msecs_to_jiffies(st->conf.timeout));
}

static void idle_remove(struct vw_stream *st)
{
	struct vw_event ev = {
		.type = VOXWALL_EVENT_STREAM_IDLE,
		.stream = st->conf.id,
	};

	vw_event(st->vn, &ev);
	vw_stream_kill(st);
}

/* Packets don't ask for it any more, so nobody misses it. */
static void retire_key(struct vw_stream *st)
{
	struct vw_side *side = &st->open;
	struct vw_key *key = NULL;

	if (vw_side_is_over(side))
		key = rcu_replace_pointer(side->slot[!side->current_slot], NULL,
					  lockdep_is_held(&st->vn->lock));
	vw_key_free_rcu(key);
}

static void idle_work(struct work_struct *work)
{
	struct vw_streams *s = container_of(to_delayed_work(work), struct vw_streams, idle);
	struct vw_stream *st;
	unsigned long id;

	/* Never waits: vw_streams_exit() cancels this with the lock held. */
	if (!mutex_trylock(&s->vn->lock)) {
		queue_delayed_work(system_power_efficient_wq, &s->idle, 1);
		return;
	}
	xa_for_each(&s->by_id, id, st) {
		if (has_fallen_silent(st))
			idle_remove(st);
		else
			retire_key(st);
		cond_resched();
	}
	if (s->count)
		queue_delayed_work(system_power_efficient_wq, &s->idle, IDLE_PERIOD);
	mutex_unlock(&s->vn->lock);
}

/* ---- namespaces and the module ---- */

int vw_streams_init(struct vw_net *vn)
{
	struct vw_streams *s;

	if (vn->streams)
		return 0;
	s = kvzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	if (!s)
		return -ENOMEM;
	xa_init_flags(&s->by_id, XA_FLAGS_ACCOUNT);
	spin_lock_init(&s->lock);
	INIT_DELAYED_WORK(&s->idle, idle_work);
	vw_diagnoses_init(&s->diagnoses, vn);
	s->vn = vn;
	vn->streams = s;
	return 0;
}

static void kill_all(struct vw_net *vn)
{
	struct vw_stream *st;
	unsigned long id;

	xa_for_each(&vn->streams->by_id, id, st)
		vw_stream_kill(st);
}

void vw_streams_exit(struct vw_net *vn)
{
	struct vw_streams *s = vn->streams;

	if (!s)
		return;
	kill_all(vn);
	cancel_delayed_work_sync(&s->idle);
	/* Routes belong to the namespace and may not outlive it; the second wait
	 * is for what dst_release() leaves to RCU. */
	vw_crypto_flush();
	rcu_barrier();
	vw_diagnoses_exit(&s->diagnoses);
	xa_destroy(&s->by_id);
	vn->streams = NULL;
	kvfree(s);
}

int vw_stream_module_init(void)
{
	int err = -ENOMEM;

	cache = KMEM_CACHE(vw_stream, SLAB_ACCOUNT);
	target_cache = KMEM_CACHE(vw_target, SLAB_ACCOUNT);
	if (cache && target_cache)
		err = vw_crypto_init();
	if (err) {
		kmem_cache_destroy(target_cache);
		kmem_cache_destroy(cache);
	}
	return err;
}

void vw_stream_module_exit(void)
{
	vw_crypto_exit();
	kmem_cache_destroy(target_cache);
	kmem_cache_destroy(cache);
}
