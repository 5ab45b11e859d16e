// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/etherdevice.h>

#include "genl.h"
#include "genl_noun.h"
#include "port.h"
#include "station.h"

#define ALLOW_ALL	(VOXWALL_ALLOW_VOICE | VOXWALL_ALLOW_DATA)

static struct netlink_range_validation ifindex_range = { .min = 1, .max = INT_MAX };

static const struct nla_policy set_policy[] = {
	[VOXWALL_A_STATION_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[VOXWALL_A_STATION_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32, &ifindex_range),
	[VOXWALL_A_STATION_ALLOW] = NLA_POLICY_MASK(NLA_U8, ALLOW_ALL),
	[VOXWALL_A_STATION_METHOD] = NLA_POLICY_MAX(NLA_U8, __VOXWALL_METHOD_MAX - 1),
};

static const struct nla_policy id_policy[] = {
	[VOXWALL_A_STATION_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
};

const struct nla_policy vw_genl_station_set_policy[] = {
	[VOXWALL_A_STATION] = NLA_POLICY_NESTED(set_policy),
};

const struct nla_policy vw_genl_station_id_policy[] = {
	[VOXWALL_A_STATION] = NLA_POLICY_NESTED(id_policy),
};

/* On success there is a MAC, and it is a station's. */
static int parse(struct genl_info *info, struct nlattr **a, size_t n,
		 const struct nla_policy *policy)
{
	int err;

	if (!info->attrs[VOXWALL_A_STATION])
		return vw_refuse(info->extack, -EINVAL, "the station is missing");
	err = nla_parse_nested(a, n - 1, info->attrs[VOXWALL_A_STATION], policy, info->extack);
	if (err)
		return err;
	if (!a[VOXWALL_A_STATION_MAC])
		return vw_refuse(info->extack, -EINVAL, "a station needs a MAC address");
	if (!is_valid_ether_addr(nla_data(a[VOXWALL_A_STATION_MAC])))
		return vw_refuse(info->extack, -EINVAL,
				 "a station's MAC address is unicast and not zero");
	return 0;
}

/* vn->lock is held. */
static struct vw_station *find(const struct vw_net *vn, struct nlattr **a)
{
	return vn->stations ? vw_station_find(vn, nla_data(a[VOXWALL_A_STATION_MAC])) : NULL;
}

/* What isn't said stays as it was; a new station has to say what it may do. */
static int read_want(struct nlattr **a, const struct vw_station *old, struct vw_station *want,
		     struct netlink_ext_ack *extack)
{
	if (!a[VOXWALL_A_STATION_IFINDEX])
		return vw_refuse(extack, -EINVAL, "a station needs a port");
	if (!a[VOXWALL_A_STATION_ALLOW] && !old)
		return vw_refuse(extack, -EINVAL, "say what the new station is allowed");
	if (old) {
		want->allow = old->allow;
		want->method = old->method;
	}
	ether_addr_copy(want->mac, nla_data(a[VOXWALL_A_STATION_MAC]));
	want->ifindex = nla_get_u32(a[VOXWALL_A_STATION_IFINDEX]);
	if (a[VOXWALL_A_STATION_ALLOW])
		want->allow = nla_get_u8(a[VOXWALL_A_STATION_ALLOW]);
	if (a[VOXWALL_A_STATION_METHOD])
		want->method = nla_get_u8(a[VOXWALL_A_STATION_METHOD]);
	return 0;
}

static int check_port(const struct vw_net *vn, u32 ifindex, struct netlink_ext_ack *extack)
{
	struct vw_port *port = vw_port_find(vn, ifindex);
	const struct vw_port_conf *conf;

	if (!port)
		return vw_refuse(extack, -ENOENT, "the station's port is not guarded");
	conf = rcu_dereference_protected(port->conf, lockdep_is_held(&vn->lock));
	if (conf->rule.mode == VOXWALL_PORT_UPLINK)
		return vw_refuse(extack, -EINVAL, "an uplink has no stations");
	return 0;
}

/* vn->lock is held. */
static int station_set(struct vw_net *vn, struct nlattr **a, struct netlink_ext_ack *extack)
{
	struct vw_station want = { };
	int err;

	err = read_want(a, find(vn, a), &want, extack);
	if (err)
		return err;
	err = check_port(vn, want.ifindex, extack);
	if (err)
		return err;
	err = vw_station_set(vn, &want);
	if (err == -ENOSPC)
		return vw_refuse(extack, err, "the table of stations is full");
	if (err)
		return vw_refuse(extack, err, "out of memory for the station");
	return 0;
}

int vw_genl_station_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[ARRAY_SIZE(set_policy)];
	struct vw_net *vn = vw_genl_net(info);
	int err;

	err = parse(info, a, ARRAY_SIZE(a), set_policy);
	if (err)
		return err;
	mutex_lock(&vn->lock);
	err = station_set(vn, a, info->extack);
	mutex_unlock(&vn->lock);
	return err;
}

int vw_genl_station_del(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[ARRAY_SIZE(id_policy)];
	struct vw_net *vn = vw_genl_net(info);
	struct vw_station *st;
	int err;

	err = parse(info, a, ARRAY_SIZE(a), id_policy);
	if (err)
		return err;
	mutex_lock(&vn->lock);
	st = find(vn, a);
	if (st)
		vw_station_kill(vn, st);
	else
		err = vw_refuse(info->extack, -ENOENT, "there is no such station");
	mutex_unlock(&vn->lock);
	return err;
}

static int put_station(struct sk_buff *msg, void *arg)
{
	struct nlattr *nest = nla_nest_start(msg, VOXWALL_A_STATION);
	const struct vw_station *st = arg;
	u64 packets, idle = 0;

	packets = vw_station_packets(st, &idle);
	if (!nest ||
	    nla_put(msg, VOXWALL_A_STATION_MAC, ETH_ALEN, st->mac) ||
	    nla_put_u32(msg, VOXWALL_A_STATION_IFINDEX, st->ifindex) ||
	    nla_put_u8(msg, VOXWALL_A_STATION_ALLOW, st->allow) ||
	    nla_put_u8(msg, VOXWALL_A_STATION_METHOD, st->method) ||
	    nla_put_u64_64bit(msg, VOXWALL_A_STATION_PACKETS, packets,
			      VOXWALL_A_STATION_PAD) ||
	    (packets && nla_put_u64_64bit(msg, VOXWALL_A_STATION_IDLE, idle,
					  VOXWALL_A_STATION_PAD)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int vw_genl_station_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[ARRAY_SIZE(id_policy)];
	struct vw_net *vn = vw_genl_net(info);
	struct vw_station *st;
	int err;

	err = parse(info, a, ARRAY_SIZE(a), id_policy);
	if (err)
		return err;
	mutex_lock(&vn->lock);
	st = find(vn, a);
	err = st ? vw_genl_reply(info, put_station, st) :
		   vw_refuse(info->extack, -ENOENT, "there is no such station");
	mutex_unlock(&vn->lock);
	return err;
}

/* One bucket from its @skip-th station on; *@ret_done counts those that fitted. */
static int dump_bucket(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct hlist_head *head, unsigned long skip,
		       unsigned long *ret_done)
{
	struct vw_station *st;
	unsigned long n = 0;

	hlist_for_each_entry(st, head, node) {
		if (n++ < skip)
			continue;
		if (vw_genl_dump_one(skb, cb, VOXWALL_CMD_STATION_GET, put_station, st)) {
			*ret_done = n - 1;
			return -EMSGSIZE;
		}
	}
	return 0;
}

/* cb->args: the bucket to go on from, and how many of it were shown already. */
int vw_genl_station_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vw_net *vn = vw_genl_dump_net(cb);
	unsigned long i = cb->args[0], done = 0;

	mutex_lock(&vn->lock);
	cb->seq = vn->seq;
	for (; vn->stations && i < VW_STATION_BUCKETS; i++) {
		if (dump_bucket(skb, cb, &vn->stations->bucket[i], cb->args[1], &done))
			break;
		cb->args[1] = 0;
	}
	mutex_unlock(&vn->lock);
	cb->args[0] = i;
	cb->args[1] = done;
	return skb->len;
}
