// SPDX-License-Identifier: GPL-2.0-or-later
/* The netlink family: who may speak, which words there are, how answers look. */
#include "genl.h"
#include "genl_noun.h"
#include "genl_stream.h"

/*
 * Asked here and not by a flag of the operations: the core would refuse without
 * a sentence. Privilege in the namespace's owner is enough.
 */
static int may_speak(struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	if (netlink_net_capable(skb, CAP_NET_ADMIN))
		return 0;
	return vw_refuse(extack, -EPERM, "this needs CAP_NET_ADMIN in the network namespace");
}

/* What the core asks of the header itself, but only from resv_start_op on. */
static int check_header(const struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *head = nlmsg_data(nlh);
	u16 flags = nlh->nlmsg_flags & ~(NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO);

	if (flags && flags != NLM_F_DUMP)
		return vw_refuse(extack, -EINVAL, "a flag of the request has no meaning here");
	if (head->reserved)
		return vw_refuse(extack, -EINVAL, "reserved bytes of the header are not 0");
	return 0;
}

void vw_genl_wipe(struct genl_info *info)
{
	memzero_explicit(genlmsg_data(info->genlhdr), genlmsg_len(info->genlhdr));
}

static int before_op(const struct genl_split_ops *ops, struct sk_buff *skb,
		     struct genl_info *info)
{
	int err = check_header(info->nlhdr, info->extack) ?: may_speak(skb, info->extack);

	if (err)
		vw_genl_wipe(info);
	return err;
}

static int before_dump(struct netlink_callback *cb)
{
	int err = check_header(cb->nlh, cb->extack);

	if (err)
		return err;
	if (vw_genl_dump_has_attrs(cb))
		return vw_refuse(cb->extack, -EINVAL, "a listing takes no attributes");
	return may_speak(cb->skb, cb->extack);
}

#define CHANGE(name, function, pol) {				\
	.cmd = VOXWALL_CMD_##name,				\
	.doit = function,					\
	.policy = pol,						\
	.maxattr = ARRAY_SIZE(pol) - 1,				\
}

/*
 * Keys are in it. Without a policy the core parses nothing and refuses nothing, so
 * that the function, or before_op(), wipes the request whatever is wrong with it.
 */
#define SECRET(name, function) { .cmd = VOXWALL_CMD_##name, .doit = function }

#define QUERY(name, one, all, pol) {				\
	.cmd = VOXWALL_CMD_##name,				\
	.doit = one,						\
	.start = before_dump,					\
	.dumpit = all,						\
	.policy = pol,						\
	.maxattr = ARRAY_SIZE(pol) - 1,				\
}

/* Nothing at all: an operation without a policy would take anything. */
static const struct nla_policy no_attrs[] = {
	{ .type = NLA_REJECT },
	{ .type = NLA_REJECT },
};

static const struct genl_ops genl_ops[] = {
	CHANGE(POLICY_SET, vw_genl_policy_set, vw_genl_policy_set_policy),
	CHANGE(POLICY_GET, vw_genl_policy_get, no_attrs),
	CHANGE(PORT_SET, vw_genl_port_set, vw_genl_port_set_policy),
	CHANGE(PORT_DEL, vw_genl_port_del, vw_genl_port_id_policy),
	QUERY(PORT_GET, vw_genl_port_get, vw_genl_port_dump, vw_genl_port_id_policy),
	CHANGE(STATION_SET, vw_genl_station_set, vw_genl_station_set_policy),
	CHANGE(STATION_DEL, vw_genl_station_del, vw_genl_station_id_policy),
	QUERY(STATION_GET, vw_genl_station_get, vw_genl_station_dump,
	      vw_genl_station_id_policy),
	SECRET(STREAM_NEW, vw_genl_stream_new),
	SECRET(STREAM_SET, vw_genl_stream_set),
	CHANGE(STREAM_DEL, vw_genl_stream_del, vw_genl_stream_policy),
	QUERY(STREAM_GET, vw_genl_stream_get, vw_genl_stream_dump, vw_genl_stream_policy),
	QUERY(DROPS_GET, NULL, vw_genl_drops_dump, no_attrs),
};

static const struct genl_multicast_group groups[] = {
	[VW_GENL_GROUP_EVENTS] = {
		.name = VOXWALL_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family vw_genl_family __ro_after_init = {
	.name = VOXWALL_GENL_NAME,
	.version = VOXWALL_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.pre_doit = before_op,
	.ops = genl_ops,
	.n_ops = ARRAY_SIZE(genl_ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
	/* Before it the core lets operations be without a policy. */
	.resv_start_op = __VOXWALL_CMD_MAX,
};

int vw_genl_reply(struct genl_info *info, int (*put)(struct sk_buff *msg, void *arg), void *arg)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *head;

	if (!msg)
		return vw_refuse(info->extack, -ENOMEM, "out of memory for the answer");
	head = genlmsg_put_reply(msg, info, &vw_genl_family, 0, info->genlhdr->cmd);
	if (!head || put(msg, arg)) {
		nlmsg_free(msg);
		return vw_refuse(info->extack, -EMSGSIZE, "the answer is too long");
	}
	genlmsg_end(msg, head);
	return genlmsg_reply(msg, info);
}

int vw_genl_dump_one(struct sk_buff *msg, struct netlink_callback *cb, u8 cmd,
		     int (*put)(struct sk_buff *msg, void *arg), void *arg)
{
	void *head = genlmsg_put(msg, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				 &vw_genl_family, NLM_F_MULTI, cmd);

	if (!head)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, head);
	if (put(msg, arg)) {
		genlmsg_cancel(msg, head);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, head);
	return 0;
}

int __init vw_genl_module_init(void)
{
	return genl_register_family(&vw_genl_family);
}

void vw_genl_module_exit(void)
{
	genl_unregister_family(&vw_genl_family);
}
