// SPDX-License-Identifier: GPL-2.0-or-later
/* What voxwall keeps of a network namespace: made when first used, gone with it. */
#include <linux/slab.h>

#include "delivery.h"
#include "event.h"
#include "flow.h"
#include "leak.h"
#include "net.h"
#include "pass.h"
#include "port.h"
#include "station.h"
#include "stream.h"

unsigned int vw_net_id;

static void tables_exit(struct vw_net *vn)
{
	if (vn->streams)
		vw_streams_exit(vn);
	vw_passes_exit(vn);
	vw_flows_exit(vn);
	vw_stations_exit(vn);
	vw_ports_exit(vn);
	vw_events_exit(vn);
	free_percpu(vn->counts);
	vn->counts = NULL;
}

static int tables_init(struct vw_net *vn)
{
	int err = -ENOMEM;

	vn->counts = alloc_percpu_gfp(struct vw_counts, GFP_KERNEL_ACCOUNT);
	if (!vn->counts)
		return err;
	err = vw_events_init(vn) ?: vw_ports_init(vn) ?: vw_stations_init(vn) ?:
	      vw_flows_init(vn) ?: vw_passes_init(vn) ?: vw_streams_init(vn);
	if (err)
		tables_exit(vn);
	return err;
}

/* The hooks read the policy, so they come after it. */
static int hooks_init(struct vw_net *vn)
{
	int err = vw_leak_guard(vn);

	if (err)
		return err;
	err = vw_delivery_watch(vn);
	if (err)
		vw_leak_unguard(vn);
	return err;
}

static void hooks_exit(struct vw_net *vn)
{
	vw_delivery_unwatch(vn);
	vw_leak_unguard(vn);
}

int vw_net_policy_set(struct vw_net *vn, struct vw_policy *pol)
{
	struct vw_policy *old = rcu_dereference_protected(vn->policy, lockdep_is_held(&vn->lock));
	int err;

	if (!old) {
		err = tables_init(vn);
		if (err)
			return err;
	}
	rcu_assign_pointer(vn->policy, pol);
	vw_net_changed(vn);
	if (!old) {
		err = hooks_init(vn);
		if (err)
			goto err_policy;
	}
	vn->seq++;
	/* Changes are rare: waiting keeps the policy free of an RCU head. */
	synchronize_rcu();
	kfree(old);
	return 0;

err_policy:
	/* Some of the hooks may have been on; a packet in one reads the policy. */
	synchronize_rcu();
	RCU_INIT_POINTER(vn->policy, NULL);
	tables_exit(vn);
	return err;
}

static int __net_init net_init(struct net *net)
{
	struct vw_net *vn = vw_net(net);

	vn->net = net;
	/* So that a word of zeros is nobody's. */
	vw_net_changed(vn);
	mutex_init(&vn->lock);
	return 0;
}

/*
 * Nothing brings packets after this: the hooks are off, and the core waits for a
 * grace period between this and net_exit(). Nobody can speak netlink here any
 * more either: the namespace has no sockets, or the family is gone.
 */
static void __net_exit net_pre_exit(struct net *net)
{
	struct vw_net *vn = vw_net(net);

	mutex_lock(&vn->lock);
	if (rcu_access_pointer(vn->policy)) {
		vw_ports_kill(vn);
		hooks_exit(vn);
	}
	mutex_unlock(&vn->lock);
}

static void __net_exit net_exit(struct net *net)
{
	struct vw_net *vn = vw_net(net);
	struct vw_policy *pol = rcu_dereference_protected(vn->policy, true);

	if (!pol)
		return;
	mutex_lock(&vn->lock);
	RCU_INIT_POINTER(vn->policy, NULL);
	tables_exit(vn);
	mutex_unlock(&vn->lock);
	kfree(pol);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &vw_net_id,
	.size = sizeof(struct vw_net),
};

int vw_net_module_init(void)
{
	return register_pernet_subsys(&net_ops);
}

void vw_net_module_exit(void)
{
	unregister_pernet_subsys(&net_ops);
}
