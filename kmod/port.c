// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/if_vlan.h>
#include <linux/slab.h>

#include "event.h"
#include "ingress.h"
#include "port.h"
#include "station.h"

static void port_free(struct vw_port *port)
{
	kfree(rcu_access_pointer(port->conf));
	free_percpu(port->counts);
	kfree(port);
}

static void port_free_rcu(struct rcu_head *rcu)
{
	port_free(container_of(rcu, struct vw_port, rcu));
}

static struct vw_port *port_alloc(struct vw_net *vn, struct net_device *dev)
{
	struct vw_port *port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);

	if (!port)
		return NULL;
	port->counts = alloc_percpu_gfp(struct vw_counts, GFP_KERNEL_ACCOUNT);
	if (!port->counts) {
		kfree(port);
		return NULL;
	}
	port->vn = vn;
	port->dev = dev;
	port->ops.hook = vw_ingress;
	port->ops.dev = dev;
	port->ops.priv = port;
	port->ops.pf = NFPROTO_NETDEV;
	port->ops.hooknum = NF_NETDEV_INGRESS;
	/* Before any flow table or filter that could let a frame around us. */
	port->ops.priority = INT_MIN;
	return port;
}

int vw_port_new(struct vw_net *vn, struct net_device *dev, struct vw_port_conf *conf)
{
	struct vw_ports *ports = vn->ports;
	struct vw_port *port;
	int err;

	if (ports->count >= VOXWALL_MAX_PORTS)
		return -ENOSPC;
	port = port_alloc(vn, dev);
	if (!port)
		return -ENOMEM;
	RCU_INIT_POINTER(port->conf, conf);
	err = xa_insert(&ports->by_ifindex, dev->ifindex, port, GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_port;
	err = nf_register_net_hook(vn->net, &port->ops);
	if (err)
		goto err_table;
	ports->count++;
	vn->seq++;
	vw_net_changed(vn);
	return 0;

err_table:
	xa_erase(&ports->by_ifindex, dev->ifindex);
	synchronize_rcu();
err_port:
	RCU_INIT_POINTER(port->conf, NULL);
	port_free(port);
	return err;
}

void vw_port_change(struct vw_port *port, struct vw_port_conf *conf)
{
	struct vw_port_conf *old;

	old = rcu_replace_pointer(port->conf, conf, lockdep_is_held(&port->vn->lock));
	port->vn->seq++;
	vw_net_changed(port->vn);
	kfree_rcu(old, rcu);
}

void vw_port_kill(struct vw_port *port)
{
	struct vw_net *vn = port->vn;
	unsigned int ifindex = port->dev->ifindex;

	nf_unregister_net_hook(vn->net, &port->ops);
	xa_erase(&vn->ports->by_ifindex, ifindex);
	vn->ports->count--;
	vn->seq++;
	vw_net_changed(vn);
	vw_stations_forget(vn, ifindex);
	call_rcu(&port->rcu, port_free_rcu);
}

void vw_ports_kill(struct vw_net *vn)
{
	struct vw_port *port;
	unsigned long i;

	xa_for_each(&vn->ports->by_ifindex, i, port)
		vw_port_kill(port);
}

bool vw_port_carries(const struct vw_port_conf *conf, u16 vlan)
{
	u8 i;

	if (conf->rule.data_vlan == vlan)
		return true;
	for (i = 0; i < conf->rule.nvlan; i++)
		if (conf->rule.vlan[i] == vlan)
			return true;
	return false;
}

bool vw_ports_carry(const struct vw_net *vn, u16 vlan)
{
	struct vw_port *port;
	unsigned long i;

	if (!vn->ports)
		return false;
	xa_for_each(&vn->ports->by_ifindex, i, port)
		if (vw_port_carries(rcu_dereference_protected(port->conf,
							      lockdep_is_held(&vn->lock)), vlan))
			return true;
	return false;
}

int vw_ports_init(struct vw_net *vn)
{
	vn->ports = kzalloc(sizeof(*vn->ports), GFP_KERNEL_ACCOUNT);
	if (!vn->ports)
		return -ENOMEM;
	xa_init_flags(&vn->ports->by_ifindex, XA_FLAGS_ACCOUNT);
	return 0;
}

void vw_ports_exit(struct vw_net *vn)
{
	if (vn->ports)
		xa_destroy(&vn->ports->by_ifindex);
	kfree(vn->ports);
	vn->ports = NULL;
}

static bool is_uplink(const struct vw_port *port)
{
	return rcu_dereference(port->conf)->rule.mode == VOXWALL_PORT_UPLINK;
}

struct vw_port *vw_dev_uplink(const struct vw_net *vn, const struct net_device *dev)
{
	struct vw_port *port = vw_port_find(vn, dev->ifindex);

	if (!port && is_vlan_dev(dev)) {
		dev = vlan_dev_real_dev(dev);
		port = vw_port_find(vn, dev->ifindex);
	}
	/* A VLAN may live in another namespace than the device under it. */
	return port && port->dev == dev && is_uplink(port) ? port : NULL;
}

bool vw_dev_is_uplink(const struct net_device *dev)
{
	const struct vw_net *vn = vw_net(dev_net(dev));

	return vw_dev_uplink(vn, dev);
}

/* The device leaves the namespace, for good or for another one. */
static void dev_gone(struct net_device *dev)
{
	struct vw_event ev = { .type = VOXWALL_EVENT_PORT_GONE, .ifindex = dev->ifindex };
	struct vw_net *vn = vw_net(dev_net(dev));
	struct vw_port *port;

	mutex_lock(&vn->lock);
	port = vw_port_find(vn, dev->ifindex);
	if (port && port->dev == dev) {
		vw_port_kill(port);
		vw_event(vn, &ev);
	}
	mutex_unlock(&vn->lock);
}

/*
 * What a veth brings depends on where its other end is, see zone.c. The namespace that
 * loses a device hears of it before the device is gone, and never after.
 */
static void peer_moved(struct net_device *dev)
{
	struct net_device *peer = NULL;

	rcu_read_lock();
	if (dev->netdev_ops && dev->netdev_ops->ndo_get_peer_dev)
		peer = dev->netdev_ops->ndo_get_peer_dev(dev);
	if (peer && !net_eq(dev_net(peer), dev_net(dev)))
		vw_net_changed(vw_net(dev_net(peer)));
	rcu_read_unlock();
}

static int on_netdev(struct notifier_block *nb, unsigned long what, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (what == NETDEV_UNREGISTER)
		dev_gone(dev);
	if (what == NETDEV_REGISTER)
		peer_moved(dev);
	/* A number may come back, and a bridge gets and loses members. */
	if (what == NETDEV_REGISTER || what == NETDEV_UNREGISTER || what == NETDEV_CHANGEUPPER)
		vw_net_changed(vw_net(dev_net(dev)));
	return NOTIFY_DONE;
}

static struct notifier_block netdev_notifier = {
	.notifier_call = on_netdev,
};

int vw_port_module_init(void)
{
	return register_netdevice_notifier(&netdev_notifier);
}

void vw_port_module_exit(void)
{
	unregister_netdevice_notifier(&netdev_notifier);
}
