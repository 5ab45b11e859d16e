/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_PORT_H
#define VW_PORT_H

#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>

#include "voxwall.h"

/**
 * struct vw_port_conf - how a port is guarded; immutable once published
 * @rule: VLANs, mode, zones that need a station
 * @allow_clear: uplink: the host's own clear voice may leave
 * @rcu: frees it when the last packet has left it
 */
struct vw_port_conf {
	struct vw_port_rule rule;
	bool allow_clear;
	struct rcu_head rcu;
};

/**
 * struct vw_port - a guarded interface
 * @vn: the namespace
 * @dev: the interface; not counted: the notifier ends the port before it goes
 * @conf: RCU, never NULL
 * @counts: per CPU
 * @ops: the ingress hook, whose private pointer is the port
 * @rcu: frees it
 *
 * Death certificate. After vw_port_kill() these could still hold one:
 *  - the ingress hook on another CPU: inside an RCU read section that began
 *    before the hook was taken off;
 *  - the leak guard, the stream path and vw_dev_is_uplink(), which found it in
 *    the table: in an RCU read section too;
 *  - netlink and notifiers: only under vn->lock, which vw_port_kill() needs.
 * None takes a reference out of its section, so the RCU callback is the end.
 */
struct vw_port {
	struct vw_net *vn;
	struct net_device *dev;
	struct vw_port_conf __rcu *conf;
	struct vw_counts __percpu *counts;
	struct nf_hook_ops ops;
	struct rcu_head rcu;
};

/**
 * struct vw_ports - the ports of one namespace
 * @by_ifindex: struct vw_port; read under RCU, changed under vn->lock
 * @count: how many, <= VOXWALL_MAX_PORTS
 */
struct vw_ports {
	struct xarray by_ifindex;
	unsigned int count;
};

int vw_ports_init(struct vw_net *vn);
/* Free the empty table; the ports went with vw_ports_kill(). */
void vw_ports_exit(struct vw_net *vn);
/* Stop guarding everything; @vn->lock is held. */
void vw_ports_kill(struct vw_net *vn);

/* Under RCU or @vn->lock; NULL: not guarded. */
static inline struct vw_port *vw_port_find(const struct vw_net *vn, unsigned int ifindex)
{
	return vn->ports ? xa_load(&vn->ports->by_ifindex, ifindex) : NULL;
}

/* Would the port carry this VLAN as data? */
bool vw_port_carries(const struct vw_port_conf *conf, u16 vlan);
/* Does any port of the namespace? @vn->lock is held. */
bool vw_ports_carry(const struct vw_net *vn, u16 vlan);

/**
 * vw_port_new - begin to guard an interface
 * @vn: the namespace, @vn->lock held
 * @dev: the interface, RTNL held
 * @conf: how; taken over on success
 *
 * Return: 0, -ENOSPC when there are VOXWALL_MAX_PORTS, or what the hook answered.
 */
int vw_port_new(struct vw_net *vn, struct net_device *dev, struct vw_port_conf *conf);

/* Guard it differently from now on; @conf is taken over. @vn->lock is held. */
void vw_port_change(struct vw_port *port, struct vw_port_conf *conf);

/* Stop guarding an interface and forget its stations; @vn->lock is held. */
void vw_port_kill(struct vw_port *port);

/**
 * vw_dev_uplink - the uplink that packets to this device leave on
 * @vn: the namespace of @dev
 * @dev: an output device; a VLAN on top of an uplink counts as that uplink
 *
 * Under RCU. Return: the port, or NULL when the device is no uplink.
 */
struct vw_port *vw_dev_uplink(const struct vw_net *vn, const struct net_device *dev);

/* Under RCU: does what leaves here go out on an uplink? */
bool vw_dev_is_uplink(const struct net_device *dev);

int vw_port_module_init(void);
void vw_port_module_exit(void);

#endif
