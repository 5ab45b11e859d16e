// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "genl.h"
#include "genl_noun.h"
#include "port.h"
#include "stats.h"

#define ALLOW_ALL	(VOXWALL_ALLOW_VOICE | VOXWALL_ALLOW_DATA)

static struct netlink_range_validation ifindex_range = { .min = 1, .max = INT_MAX };

static const struct nla_policy vlan_policy[] = {
	[VOXWALL_A_LIST_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
};

static const struct nla_policy set_policy[] = {
	[VOXWALL_A_PORT_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32, &ifindex_range),
	[VOXWALL_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[VOXWALL_A_PORT_MODE] = NLA_POLICY_MAX(NLA_U8, __VOXWALL_PORT_MODE_MAX - 1),
	[VOXWALL_A_PORT_DATA_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
	[VOXWALL_A_PORT_VLANS] = NLA_POLICY_NESTED(vlan_policy),
	[VOXWALL_A_PORT_AUTHORISE] = NLA_POLICY_MASK(NLA_U8, ALLOW_ALL),
	[VOXWALL_A_PORT_NO_VOICE] = { .type = NLA_FLAG },
	[VOXWALL_A_PORT_ALLOW_CLEAR] = { .type = NLA_FLAG },
};

static const struct nla_policy id_policy[] = {
	[VOXWALL_A_PORT_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32, &ifindex_range),
	[VOXWALL_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
};

const struct nla_policy vw_genl_port_set_policy[] = {
	[VOXWALL_A_PORT] = NLA_POLICY_NESTED(set_policy),
};

const struct nla_policy vw_genl_port_id_policy[] = {
	[VOXWALL_A_PORT] = NLA_POLICY_NESTED(id_policy),
};

/* ---- which port ---- */

static int parse(struct genl_info *info, struct nlattr **a, size_t n,
		 const struct nla_policy *policy)
{
	if (!info->attrs[VOXWALL_A_PORT])
		return vw_refuse(info->extack, -EINVAL, "the port is missing");
	return nla_parse_nested(a, n - 1, info->attrs[VOXWALL_A_PORT], policy, info->extack);
}

/* RTNL is held. */
static struct net_device *find_dev(struct net *net, struct nlattr **a,
				   struct netlink_ext_ack *extack)
{
	const struct nlattr *name = a[VOXWALL_A_PORT_IFNAME];
	struct net_device *dev;

	if (!a[VOXWALL_A_PORT_IFINDEX] && !name)
		return ERR_PTR(vw_refuse(extack, -EINVAL, "a port needs an interface"));
	if (a[VOXWALL_A_PORT_IFINDEX])
		dev = __dev_get_by_index(net, nla_get_u32(a[VOXWALL_A_PORT_IFINDEX]));
	else
		dev = __dev_get_by_name(net, nla_data(name));
	if (!dev)
		return ERR_PTR(vw_refuse(extack, -ENODEV,
					 "there is no such interface in this namespace"));
	if (name && strcmp(dev->name, nla_data(name)))
		return ERR_PTR(vw_refuse(extack, -EINVAL,
					 "index and name are of different interfaces"));
	return dev;
}

/* RTNL and vn->lock are held. */
static struct vw_port *find_port(struct vw_net *vn, struct nlattr **a,
				 struct netlink_ext_ack *extack)
{
	struct net_device *dev = find_dev(vn->net, a, extack);
	struct vw_port *port;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	port = vw_port_find(vn, dev->ifindex);
	if (!port)
		return ERR_PTR(vw_refuse(extack, -ENOENT, "the interface is not guarded"));
	return port;
}

static void lock(struct vw_net *vn)
{
	/* The notifier comes with RTNL held, so this is the order. */
	rtnl_lock();
	mutex_lock(&vn->lock);
}

static void unlock(struct vw_net *vn)
{
	mutex_unlock(&vn->lock);
	rtnl_unlock();
}

/* ---- setting ---- */

static int read_vlans(const struct nlattr *nest, struct vw_port_rule *rule,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (rule->nvlan == ARRAY_SIZE(rule->vlan)) {
			NL_SET_BAD_ATTR(extack, attr);
			return vw_refuse(extack, -E2BIG, "a trunk carries 32 data VLANs at most");
		}
		rule->vlan[rule->nvlan++] = nla_get_u16(attr);
	}
	return 0;
}

static int read_rule(struct nlattr **a, struct vw_port_rule *rule,
		     struct netlink_ext_ack *extack)
{
	BUILD_BUG_ON(VOXWALL_MAX_VLANS != 32);
	if (!a[VOXWALL_A_PORT_MODE])
		return vw_refuse(extack, -EINVAL, "a port needs a mode");
	rule->mode = nla_get_u8(a[VOXWALL_A_PORT_MODE]);
	rule->voice = !a[VOXWALL_A_PORT_NO_VOICE];
	rule->authorise = VOXWALL_ALLOW_VOICE;
	if (a[VOXWALL_A_PORT_AUTHORISE])
		rule->authorise = nla_get_u8(a[VOXWALL_A_PORT_AUTHORISE]);
	if (a[VOXWALL_A_PORT_DATA_VLAN])
		rule->data_vlan = nla_get_u16(a[VOXWALL_A_PORT_DATA_VLAN]);
	return a[VOXWALL_A_PORT_VLANS] ? read_vlans(a[VOXWALL_A_PORT_VLANS], rule, extack) : 0;
}

/* What was said must mean something in this mode. */
static int check_words(struct nlattr **a, const struct vw_port_conf *conf,
		       struct netlink_ext_ack *extack)
{
	bool uplink = conf->rule.mode == VOXWALL_PORT_UPLINK;

	if (uplink && (a[VOXWALL_A_PORT_DATA_VLAN] || a[VOXWALL_A_PORT_AUTHORISE] ||
		       a[VOXWALL_A_PORT_VLANS] || a[VOXWALL_A_PORT_NO_VOICE]))
		return vw_refuse(extack, -EINVAL, "an uplink has no VLANs and no stations");
	if (!uplink && conf->allow_clear)
		return vw_refuse(extack, -EINVAL, "only an uplink may allow clear voice");
	if (conf->rule.mode == VOXWALL_PORT_ACCESS && conf->rule.nvlan)
		return vw_refuse(extack, -EINVAL, "an access port has no tagged data VLANs");
	return 0;
}

static int read_conf(struct nlattr **a, struct vw_port_conf *conf,
		     struct netlink_ext_ack *extack)
{
	int err = read_rule(a, &conf->rule, extack);

	if (err)
		return err;
	conf->allow_clear = nla_get_flag(a[VOXWALL_A_PORT_ALLOW_CLEAR]);
	return check_words(a, conf, extack);
}

static int check_dev(const struct net_device *dev, const struct vw_port_conf *conf,
		     struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK)
		return vw_refuse(extack, -EINVAL, "the loopback interface can't be guarded");
	if (conf->rule.mode == VOXWALL_PORT_UPLINK) {
		if (netif_is_bridge_port(dev))
			return vw_refuse(extack, -EINVAL,
					 "a bridge port is no uplink: name the bridge");
		return 0;
	}
	if (dev->type != ARPHRD_ETHER)
		return vw_refuse(extack, -EINVAL, "only an Ethernet interface has stations");
	if (netif_is_bridge_master(dev))
		return vw_refuse(extack, -EINVAL, "a bridge is guarded at its ports");
	return 0;
}

/* RTNL and vn->lock are held; @conf is taken over on success. */
static int port_set(struct vw_net *vn, struct nlattr **a, struct vw_port_conf *conf,
		    struct netlink_ext_ack *extack)
{
	const struct vw_policy *pol;
	struct net_device *dev;
	struct vw_port *port;
	int err;

	pol = rcu_dereference_protected(vn->policy, lockdep_is_held(&vn->lock));
	if (!pol)
		return vw_refuse(extack, -ENOENT, "set a policy before the first port");
	if (vw_port_carries(conf, pol->voice_vlan))
		return vw_refuse(extack, -EINVAL, "the voice VLAN can't carry data");
	dev = find_dev(vn->net, a, extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = check_dev(dev, conf, extack);
	if (err)
		return err;
	port = vw_port_find(vn, dev->ifindex);
	if (port) {
		vw_port_change(port, conf);
		return 0;
	}
	err = vw_port_new(vn, dev, conf);
	if (err == -ENOSPC)
		return vw_refuse(extack, err, "the namespace guards 256 ports already");
	if (err)
		return vw_refuse(extack, err, "the interface can't be hooked");
	return 0;
}

int vw_genl_port_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[ARRAY_SIZE(set_policy)];
	struct vw_net *vn = vw_genl_net(info);
	struct vw_port_conf *conf;
	int err;

	BUILD_BUG_ON(VOXWALL_MAX_PORTS != 256);
	err = parse(info, a, ARRAY_SIZE(a), set_policy);
	if (err)
		return err;
	conf = kzalloc(sizeof(*conf), GFP_KERNEL_ACCOUNT);
	if (!conf)
		return vw_refuse(info->extack, -ENOMEM, "out of memory for the port");
	err = read_conf(a, conf, info->extack);
	if (!err) {
		lock(vn);
		err = port_set(vn, a, conf, info->extack);
		unlock(vn);
	}
	if (err)
		kfree(conf);
	return err;
}

int vw_genl_port_del(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[ARRAY_SIZE(id_policy)];
	struct vw_net *vn = vw_genl_net(info);
	struct vw_port *port;
	int err;

	err = parse(info, a, ARRAY_SIZE(a), id_policy);
	if (err)
		return err;
	lock(vn);
	port = find_port(vn, a, info->extack);
	if (IS_ERR(port))
		err = PTR_ERR(port);
	else
		vw_port_kill(port);
	unlock(vn);
	return err;
}

/* ---- answering ---- */

/* Refused on arrival; the leak guard counts what never arrived here. */
static bool on_arrival(unsigned int reason)
{
	return reason != VOXWALL_DROP_LEAK_RTP && reason != VOXWALL_DROP_LEAK_SIP &&
	       reason != VOXWALL_DROP_ZONE_CROSSING;
}

static int put_counts(struct sk_buff *msg, const struct vw_port *port)
{
	struct vw_counts sum;
	u64 dropped = 0, rx;
	unsigned int i;

	vw_counts_sum(port->counts, &sum);
	rx = sum.drops[VOXWALL_DROP_NONE];
	for (i = VOXWALL_DROP_NONE + 1; i < ARRAY_SIZE(sum.drops); i++) {
		dropped += sum.drops[i];
		if (on_arrival(i))
			rx += sum.drops[i];
	}
	if (nla_put_u64_64bit(msg, VOXWALL_A_PORT_RX_PACKETS, rx, VOXWALL_A_PORT_PAD) ||
	    nla_put_u64_64bit(msg, VOXWALL_A_PORT_DROPPED, dropped, VOXWALL_A_PORT_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_vlans(struct sk_buff *msg, const struct vw_port_rule *rule)
{
	struct nlattr *nest = nla_nest_start(msg, VOXWALL_A_PORT_VLANS);
	u8 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < rule->nvlan; i++)
		if (nla_put_u16(msg, VOXWALL_A_LIST_VLAN, rule->vlan[i]))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_rule(struct sk_buff *msg, const struct vw_port_conf *conf)
{
	const struct vw_port_rule *rule = &conf->rule;

	if (nla_put_u8(msg, VOXWALL_A_PORT_MODE, rule->mode))
		return -EMSGSIZE;
	if (rule->mode == VOXWALL_PORT_UPLINK)
		return conf->allow_clear ? nla_put_flag(msg, VOXWALL_A_PORT_ALLOW_CLEAR) : 0;
	if (nla_put_u16(msg, VOXWALL_A_PORT_DATA_VLAN, rule->data_vlan) ||
	    nla_put_u8(msg, VOXWALL_A_PORT_AUTHORISE, rule->authorise) ||
	    (!rule->voice && nla_put_flag(msg, VOXWALL_A_PORT_NO_VOICE)))
		return -EMSGSIZE;
	return rule->mode == VOXWALL_PORT_TRUNK ? put_vlans(msg, rule) : 0;
}

static int put_port(struct sk_buff *msg, void *arg)
{
	struct nlattr *nest = nla_nest_start(msg, VOXWALL_A_PORT);
	const struct vw_port *port = arg;
	const struct vw_port_conf *conf;

	conf = rcu_dereference_protected(port->conf, lockdep_is_held(&port->vn->lock));
	if (!nest ||
	    nla_put_u32(msg, VOXWALL_A_PORT_IFINDEX, port->dev->ifindex) ||
	    nla_put_string(msg, VOXWALL_A_PORT_IFNAME, port->dev->name) ||
	    put_rule(msg, conf) || put_counts(msg, port))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int vw_genl_port_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[ARRAY_SIZE(id_policy)];
	struct vw_net *vn = vw_genl_net(info);
	struct vw_port *port;
	int err;

	err = parse(info, a, ARRAY_SIZE(a), id_policy);
	if (err)
		return err;
	lock(vn);
	port = find_port(vn, a, info->extack);
	err = IS_ERR(port) ? PTR_ERR(port) : vw_genl_reply(info, put_port, port);
	unlock(vn);
	return err;
}

/* cb->args[0]: the interface index to go on from. */
int vw_genl_port_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vw_net *vn = vw_genl_dump_net(cb);
	struct vw_port *port = NULL;
	unsigned long i;

	lock(vn);
	cb->seq = vn->seq;
	if (vn->ports)
		xa_for_each_start(&vn->ports->by_ifindex, i, port, cb->args[0])
			if (vw_genl_dump_one(skb, cb, VOXWALL_CMD_PORT_GET, put_port, port))
				break;
	unlock(vn);
	cb->args[0] = port ? i : ULONG_MAX;
	return skb->len;
}
