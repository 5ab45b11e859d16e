// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/slab.h>

#include "genl.h"
#include "genl_noun.h"
#include "net.h"
#include "port.h"

static struct netlink_range_validation streams_range = { .max = VOXWALL_MAX_STREAMS };

static const struct nla_policy list_policy[] = {
	[VOXWALL_A_LIST_ADDR] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[VOXWALL_A_LIST_ENDPOINT] = NLA_POLICY_RANGE(NLA_BINARY, 6, 18),
};

static const struct nla_policy policy_policy[] = {
	[VOXWALL_A_POLICY_VOICE_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
	[VOXWALL_A_POLICY_SERVICES] = NLA_POLICY_MASK(NLA_U32, VOXWALL_SERVICE_ALL),
	[VOXWALL_A_POLICY_ROGUE_VOICE] = NLA_POLICY_MAX(NLA_U8, __VOXWALL_ROGUE_MAX - 1),
	[VOXWALL_A_POLICY_DSCP_RTP] = NLA_POLICY_MAX(NLA_U8, 63),
	[VOXWALL_A_POLICY_DSCP_SIP] = NLA_POLICY_MAX(NLA_U8, 63),
	[VOXWALL_A_POLICY_PROVISIONING] = NLA_POLICY_NESTED(list_policy),
	[VOXWALL_A_POLICY_SIP_PEERS] = NLA_POLICY_NESTED(list_policy),
	[VOXWALL_A_POLICY_MAX_STREAMS] = NLA_POLICY_FULL_RANGE(NLA_U32, &streams_range),
	[VOXWALL_A_POLICY_MAX_STATIONS] = NLA_POLICY_MAX(NLA_U32, VOXWALL_MAX_STATIONS),
};

const struct nla_policy vw_genl_policy_set_policy[] = {
	[VOXWALL_A_POLICY] = NLA_POLICY_NESTED(policy_policy),
};

/* ---- reading ---- */

static int read_endpoint(const struct nlattr *attr, unsigned int port_len,
			 struct vw_endpoint *ret, struct netlink_ext_ack *extack)
{
	unsigned int len = nla_len(attr) - port_len;
	const u8 *p = nla_data(attr);

	if (len != 4 && len != 16) {
		NL_SET_BAD_ATTR(extack, attr);
		return vw_refuse(extack, -EINVAL, "an address has 4 or 16 bytes");
	}
	memcpy(ret->addr, p, len);
	ret->family = len == 4 ? 4 : 6;
	if (port_len)
		ret->port = get_unaligned_be16(p + len);
	return 0;
}

static int read_list(const struct nlattr *nest, int type, unsigned int port_len, u8 max,
		     struct vw_endpoint *list, u8 *ret_n, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u8 n = 0;
	int rem;
	int err;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != type) {
			NL_SET_BAD_ATTR(extack, attr);
			return vw_refuse(extack, -EINVAL,
					 "provisioning lists addresses, SIP peers lists endpoints");
		}
		if (n == max) {
			NL_SET_BAD_ATTR(extack, attr);
			return vw_refuse(extack, -E2BIG, "a policy lists 16 servers at most");
		}
		err = read_endpoint(attr, port_len, &list[n], extack);
		if (err)
			return err;
		n++;
	}
	*ret_n = n;
	return 0;
}

static int read_lists(struct nlattr **a, struct vw_policy *pol, struct netlink_ext_ack *extack)
{
	int err = 0;

	BUILD_BUG_ON(VOXWALL_MAX_SERVERS != 16 || VOXWALL_MAX_SIP_PEERS != 16);
	if (a[VOXWALL_A_POLICY_PROVISIONING])
		err = read_list(a[VOXWALL_A_POLICY_PROVISIONING], VOXWALL_A_LIST_ADDR, 0,
				VOXWALL_MAX_SERVERS, pol->server, &pol->nserver, extack);
	if (!err && a[VOXWALL_A_POLICY_SIP_PEERS])
		err = read_list(a[VOXWALL_A_POLICY_SIP_PEERS], VOXWALL_A_LIST_ENDPOINT, 2,
				VOXWALL_MAX_SIP_PEERS, pol->peer, &pol->npeer, extack);
	return err;
}

static void read_numbers(struct nlattr **a, struct vw_policy *pol)
{
	pol->voice_vlan = nla_get_u16(a[VOXWALL_A_POLICY_VOICE_VLAN]);
	if (a[VOXWALL_A_POLICY_SERVICES])
		pol->services = nla_get_u32(a[VOXWALL_A_POLICY_SERVICES]);
	if (a[VOXWALL_A_POLICY_ROGUE_VOICE])
		pol->rogue = nla_get_u8(a[VOXWALL_A_POLICY_ROGUE_VOICE]);
	if (a[VOXWALL_A_POLICY_DSCP_RTP])
		pol->dscp_rtp = nla_get_u8(a[VOXWALL_A_POLICY_DSCP_RTP]);
	if (a[VOXWALL_A_POLICY_DSCP_SIP])
		pol->dscp_sip = nla_get_u8(a[VOXWALL_A_POLICY_DSCP_SIP]);
	if (a[VOXWALL_A_POLICY_MAX_STREAMS])
		pol->max_streams = nla_get_u32(a[VOXWALL_A_POLICY_MAX_STREAMS]);
	if (a[VOXWALL_A_POLICY_MAX_STATIONS])
		pol->max_stations = nla_get_u32(a[VOXWALL_A_POLICY_MAX_STATIONS]);
}

static int read_policy(struct genl_info *info, struct vw_policy *pol)
{
	struct nlattr *a[ARRAY_SIZE(policy_policy)];
	struct netlink_ext_ack *extack = info->extack;
	int err;

	if (!info->attrs[VOXWALL_A_POLICY])
		return vw_refuse(extack, -EINVAL, "the policy is missing");
	err = nla_parse_nested(a, ARRAY_SIZE(a) - 1, info->attrs[VOXWALL_A_POLICY],
			       policy_policy, extack);
	if (err)
		return err;
	if (!a[VOXWALL_A_POLICY_VOICE_VLAN])
		return vw_refuse(extack, -EINVAL, "a policy needs a voice VLAN");
	vw_policy_init(pol);
	read_numbers(a, pol);
	return read_lists(a, pol, extack);
}

int vw_genl_policy_set(struct sk_buff *skb, struct genl_info *info)
{
	struct vw_net *vn = vw_genl_net(info);
	struct vw_policy *pol = kzalloc(sizeof(*pol), GFP_KERNEL_ACCOUNT);
	int err;

	if (!pol)
		return vw_refuse(info->extack, -ENOMEM, "out of memory for the policy");
	err = read_policy(info, pol);
	if (err)
		goto err_free;
	mutex_lock(&vn->lock);
	if (vw_ports_carry(vn, pol->voice_vlan))
		err = vw_refuse(info->extack, -EBUSY,
				"a port carries that VLAN as data: change the port first");
	else
		err = vw_net_policy_set(vn, pol);
	mutex_unlock(&vn->lock);
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(info->extack, "out of memory for the namespace's tables");
	if (!err)
		return 0;

err_free:
	kfree(pol);
	return err;
}

/* ---- answering ---- */

static int put_list(struct sk_buff *msg, int outer, int inner, unsigned int port_len,
		    const struct vw_endpoint *list, u8 n)
{
	struct nlattr *nest = nla_nest_start(msg, outer);
	u8 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < n; i++) {
		unsigned int len = list[i].family == 4 ? 4 : 16;
		u8 bytes[18];

		memcpy(bytes, list[i].addr, len);
		put_unaligned_be16(list[i].port, bytes + len);
		if (nla_put(msg, inner, len + port_len, bytes))
			return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

static int put_policy(struct sk_buff *msg, void *arg)
{
	struct nlattr *nest = nla_nest_start(msg, VOXWALL_A_POLICY);
	const struct vw_policy *pol = arg;

	if (!nest ||
	    nla_put_u16(msg, VOXWALL_A_POLICY_VOICE_VLAN, pol->voice_vlan) ||
	    nla_put_u32(msg, VOXWALL_A_POLICY_SERVICES, pol->services) ||
	    nla_put_u8(msg, VOXWALL_A_POLICY_ROGUE_VOICE, pol->rogue) ||
	    nla_put_u8(msg, VOXWALL_A_POLICY_DSCP_RTP, pol->dscp_rtp) ||
	    nla_put_u8(msg, VOXWALL_A_POLICY_DSCP_SIP, pol->dscp_sip) ||
	    nla_put_u32(msg, VOXWALL_A_POLICY_MAX_STREAMS, pol->max_streams) ||
	    nla_put_u32(msg, VOXWALL_A_POLICY_MAX_STATIONS, pol->max_stations) ||
	    put_list(msg, VOXWALL_A_POLICY_PROVISIONING, VOXWALL_A_LIST_ADDR, 0,
		     pol->server, pol->nserver) ||
	    put_list(msg, VOXWALL_A_POLICY_SIP_PEERS, VOXWALL_A_LIST_ENDPOINT, 2,
		     pol->peer, pol->npeer))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int vw_genl_policy_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vw_net *vn = vw_genl_net(info);
	struct vw_policy *pol;
	int err;

	mutex_lock(&vn->lock);
	pol = rcu_dereference_protected(vn->policy, lockdep_is_held(&vn->lock));
	if (pol)
		err = vw_genl_reply(info, put_policy, pol);
	else
		err = vw_refuse(info->extack, -ENOENT, "no policy has been set yet");
	mutex_unlock(&vn->lock);
	return err;
}
