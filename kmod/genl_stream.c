// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stream operations. Requests hold keys: they are parsed here and not by the
 * netlink core, so that whatever happens the request is wiped before the answer,
 * into which the core copies a refused one.
 */
#include <linux/slab.h>

#include "genl.h"
#include "genl_noun.h"
#include "genl_side.h"
#include "genl_stream.h"
#include "genl_target.h"
#include "latch.h"
#include "ssrc.h"
#include "stream.h"
#include "voxwall.h"

#define TIMEOUT_MS_DEFAULT	300000
#define CLOCK_RATE_DEFAULT	8000

static struct netlink_range_validation clock_range = { .min = 1, .max = 1000000 };

#define ADDR	NLA_POLICY_RANGE(NLA_BINARY, 4, 16)
#define PORT	NLA_POLICY_EXACT_LEN(sizeof(__be16))
#define NEST	{ .type = NLA_NESTED }

static const struct nla_policy new_policy[] = {
	[VOXWALL_A_STREAM_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[VOXWALL_A_STREAM_LABEL] = { .type = NLA_NUL_STRING, .len = VOXWALL_LABEL_LEN },
	[VOXWALL_A_STREAM_PEER] = { .type = NLA_U32 },
	[VOXWALL_A_STREAM_ZONE] = NLA_POLICY_MAX(NLA_U8, __VOXWALL_ZONE_MAX - 1),
	[VOXWALL_A_STREAM_LOCAL_ADDR] = ADDR,
	[VOXWALL_A_STREAM_LOCAL_PORT] = PORT,
	[VOXWALL_A_STREAM_LOCAL_RTCP] = PORT,
	[VOXWALL_A_STREAM_REMOTE_ADDR] = ADDR,
	[VOXWALL_A_STREAM_REMOTE_PORT] = PORT,
	[VOXWALL_A_STREAM_REMOTE_RTCP] = PORT,
	[VOXWALL_A_STREAM_SRC_ADDR] = ADDR,
	[VOXWALL_A_STREAM_SRC_PORT] = PORT,
	[VOXWALL_A_STREAM_SRC_RTCP] = PORT,
	[VOXWALL_A_STREAM_DST_ADDR] = ADDR,
	[VOXWALL_A_STREAM_DST_PORT] = PORT,
	[VOXWALL_A_STREAM_DST_RTCP] = PORT,
	[VOXWALL_A_STREAM_OPEN] = NEST,
	[VOXWALL_A_STREAM_SEAL] = NEST,
	[VOXWALL_A_STREAM_CLEAR_WAN] = { .type = NLA_FLAG },
	[VOXWALL_A_STREAM_CLOCK_RATE] = NLA_POLICY_FULL_RANGE(NLA_U32, &clock_range),
	[VOXWALL_A_STREAM_TIMEOUT] = { .type = NLA_U32 },
	[VOXWALL_A_STREAM_ROC] = { .type = NLA_U32 },
	[VOXWALL_A_STREAM_SEQ] = { .type = NLA_U16 },
	[VOXWALL_A_STREAM_FASTPATH] = NLA_POLICY_MAX(NLA_U8, 1),
	[VOXWALL_A_STREAM_LATCH] = NLA_POLICY_MAX(NLA_U8, __VOXWALL_LATCH_MAX - 1),
	[VOXWALL_A_STREAM_LATCH_FROM] = ADDR,
};

/* What can change; the rest of the table above stays NLA_UNSPEC, so refused. */
static const struct nla_policy set_policy[ARRAY_SIZE(new_policy)] = {
	[VOXWALL_A_STREAM_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[VOXWALL_A_STREAM_REMOTE_ADDR] = ADDR,
	[VOXWALL_A_STREAM_REMOTE_PORT] = PORT,
	[VOXWALL_A_STREAM_REMOTE_RTCP] = PORT,
	[VOXWALL_A_STREAM_DST_ADDR] = ADDR,
	[VOXWALL_A_STREAM_DST_PORT] = PORT,
	[VOXWALL_A_STREAM_DST_RTCP] = PORT,
	[VOXWALL_A_STREAM_OPEN] = NEST,
	[VOXWALL_A_STREAM_SEAL] = NEST,
	[VOXWALL_A_STREAM_TIMEOUT] = { .type = NLA_U32 },
	[VOXWALL_A_STREAM_ROC] = { .type = NLA_U32 },
	[VOXWALL_A_STREAM_SEQ] = { .type = NLA_U16 },
	[VOXWALL_A_STREAM_FASTPATH] = NLA_POLICY_MAX(NLA_U8, 1),
	[VOXWALL_A_STREAM_LATCH] = NLA_POLICY_MAX(NLA_U8, __VOXWALL_LATCH_MAX - 1),
	[VOXWALL_A_STREAM_LATCH_FROM] = ADDR,
};

static const struct nla_policy id_policy[ARRAY_SIZE(new_policy)] = {
	[VOXWALL_A_STREAM_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

#define N_ATTRS	ARRAY_SIZE(new_policy)

const struct nla_policy vw_genl_stream_policy[VOXWALL_A_STREAM + 1] = {
	[VOXWALL_A_STREAM] = NEST,
};

/* ---- the request ---- */

static int parse(const struct nlattr *nest, struct nlattr **a, const struct nla_policy *policy,
		 struct netlink_ext_ack *extack)
{
	int err;

	if (!nest)
		return vw_refuse(extack, -EINVAL, "the stream is missing");
	err = nla_parse_nested(a, N_ATTRS - 1, nest, policy, extack);
	if (err)
		return err;
	if (!a[VOXWALL_A_STREAM_ID])
		return vw_refuse(extack, -EINVAL, "a stream needs an identifier");
	return 0;
}

/* A request with keys, from its outermost attribute on. */
static int parse_whole(struct genl_info *info, struct nlattr **a,
		       const struct nla_policy *policy)
{
	struct nlattr *top[ARRAY_SIZE(vw_genl_stream_policy)];
	int err;

	err = nlmsg_parse(info->nlhdr, GENL_HDRLEN, top, ARRAY_SIZE(top) - 1,
			  vw_genl_stream_policy, info->extack);
	return err ?: parse(top[VOXWALL_A_STREAM], a, policy, info->extack);
}

/* Where the first source will be: 0 when nothing is said. */
static int read_first(struct nlattr **a, u64 *ret, struct netlink_ext_ack *extack)
{
	const struct nlattr *roc = a[VOXWALL_A_STREAM_ROC], *seq = a[VOXWALL_A_STREAM_SEQ];

	*ret = 0;
	if (seq && !roc)
		return vw_refuse(extack, -EINVAL,
				 "a sequence number says nothing without its rollover counter");
	if (roc)
		*ret = (u64)nla_get_u32(roc) << 16 | (seq ? nla_get_u16(seq) : VW_SRTP_SEQ_ANY);
	return 0;
}

/* ---- NEW ---- */

static const struct {
	int attr;
	const char *sentence;
} required[] = {
	{ VOXWALL_A_STREAM_ZONE, "a stream needs the zone that its packets come from" },
	{ VOXWALL_A_STREAM_LOCAL_ADDR, "a stream needs a local address" },
	{ VOXWALL_A_STREAM_LOCAL_PORT, "a stream needs a local port" },
	{ VOXWALL_A_STREAM_REMOTE_ADDR, "a stream needs a remote address" },
	{ VOXWALL_A_STREAM_SRC_ADDR, "a stream needs a source address" },
	{ VOXWALL_A_STREAM_SRC_PORT, "a stream needs a source port" },
	{ VOXWALL_A_STREAM_DST_ADDR, "a stream needs a destination address" },
	{ VOXWALL_A_STREAM_DST_PORT, "a stream needs a destination port" },
};

static int check_required(struct nlattr **a, struct netlink_ext_ack *extack)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(required); i++)
		if (!a[required[i].attr]) {
			extack->_msg = required[i].sentence;
			return -EINVAL;
		}
	return 0;
}

static int read_conf(struct nlattr **a, struct vw_stream_conf *conf,
		     char label[VOXWALL_LABEL_LEN + 1], struct netlink_ext_ack *extack)
{
	memset(conf, 0, sizeof(*conf));
	conf->id = nla_get_u32(a[VOXWALL_A_STREAM_ID]);
	conf->zone = nla_get_u8(a[VOXWALL_A_STREAM_ZONE]);
	conf->clear_wan = nla_get_flag(a[VOXWALL_A_STREAM_CLEAR_WAN]);
	conf->timeout = TIMEOUT_MS_DEFAULT;
	conf->clock_rate = CLOCK_RATE_DEFAULT;
	conf->fastpath = true;
	if (a[VOXWALL_A_STREAM_TIMEOUT])
		conf->timeout = nla_get_u32(a[VOXWALL_A_STREAM_TIMEOUT]);
	if (a[VOXWALL_A_STREAM_CLOCK_RATE])
		conf->clock_rate = nla_get_u32(a[VOXWALL_A_STREAM_CLOCK_RATE]);
	if (a[VOXWALL_A_STREAM_FASTPATH])
		conf->fastpath = nla_get_u8(a[VOXWALL_A_STREAM_FASTPATH]);
	if (a[VOXWALL_A_STREAM_PEER])
		conf->peer = nla_get_u32(a[VOXWALL_A_STREAM_PEER]);
	if (a[VOXWALL_A_STREAM_LABEL])
		nla_strscpy(label, a[VOXWALL_A_STREAM_LABEL], VOXWALL_LABEL_LEN + 1);
	conf->label = label;
	return VW_LEG_READ(a, LOCAL, &conf->local, extack);
}

static int check_room(const struct vw_net *vn, struct netlink_ext_ack *extack)
{
	const struct vw_policy *pol;

	pol = rcu_dereference_protected(vn->policy, lockdep_is_held(&vn->lock));
	if (!pol)
		return vw_refuse(extack, -ENOENT, "the namespace has no policy yet");
	if (vn->streams->count >= pol->max_streams)
		return vw_refuse(extack, -ENOSPC, "the table of streams is full");
	return 0;
}

/* vn->lock is held; on success plans, target and latch belong to the stream. */
static int stream_add(struct vw_net *vn, const struct vw_stream_conf *conf,
		      struct vw_target *target, struct vw_latch *latch, struct vw_plans *p,
		      u64 first, struct netlink_ext_ack *extack)
{
	struct vw_side open, seal;
	int err;

	err = check_room(vn, extack);
	if (err)
		return err;
	vw_side_make(&open, &p->open);
	vw_side_make(&seal, &p->seal);
	err = vw_stream_new(vn, conf, target, latch, &open, &seal, first);
	if (err == -EEXIST)
		return vw_refuse(extack, err, "a stream with this identifier exists");
	if (err == -EADDRINUSE)
		return vw_refuse(extack, err, "a local port is another stream's");
	if (err)
		return vw_refuse(extack, err, "out of memory for the stream");
	return 0;
}

static int stream_new(struct vw_net *vn, struct nlattr **a, struct netlink_ext_ack *extack)
{
	char label[VOXWALL_LABEL_LEN + 1] = "";
	struct vw_stream_conf conf;
	struct vw_latch *latch = NULL;
	struct vw_target *target;
	struct vw_plans plans;
	u64 first;
	int err;

	err = check_required(a, extack) ?: read_conf(a, &conf, label, extack) ?:
	      read_first(a, &first, extack);
	if (err)
		return err;
	target = vw_target_alloc(GFP_KERNEL);
	if (!target)
		return vw_refuse(extack, -ENOMEM, "out of memory for the stream");
	err = vw_target_read(vn->net, a, &conf, target, &latch, extack);
	if (err)
		goto err_target;
	err = vw_plans_read(a, conf.clock_rate, &plans, extack);
	if (err)
		goto err_target;

	mutex_lock(&vn->lock);
	err = stream_add(vn, &conf, target, latch, &plans, first, extack);
	mutex_unlock(&vn->lock);
	if (!err)
		return 0;
	vw_plans_drop(&plans);
err_target:
	kfree(latch);
	vw_target_free(target);
	return err;
}

int vw_genl_stream_new(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[N_ATTRS];
	int err;

	err = parse_whole(info, a, new_policy) ?: stream_new(vw_genl_net(info), a, info->extack);
	vw_genl_wipe(info);
	return err;
}

/* ---- SET ---- */

/* The last thing that may fail, and the first change. */
static int first_change(struct vw_stream *st, struct nlattr **a, struct netlink_ext_ack *extack)
{
	u64 first;
	int err = read_first(a, &first, extack);

	if (err || !a[VOXWALL_A_STREAM_ROC])
		return err;
	if (vw_ssrc_expect(st, first))
		return vw_refuse(extack, -EBUSY,
				 "a source has been heard already: its rollover counter is known");
	return 0;
}

/* vn->lock is held. Everything that may fail comes before the first change. */
static int stream_change(struct vw_net *vn, struct nlattr **a, struct vw_plans *p,
			 struct netlink_ext_ack *extack)
{
	struct vw_stream *st = vw_stream_find(vn, nla_get_u32(a[VOXWALL_A_STREAM_ID]));
	struct vw_latch_plan latch;
	int err;

	if (!st)
		return vw_refuse(extack, -ENOENT, "there is no such stream");
	err = vw_plans_check(st, p, extack) ?: vw_target_plan(st, a, &latch, extack);
	if (err)
		return err;
	err = first_change(st, a, extack);
	if (err) {
		vw_latch_plan_drop(&latch);
		return err;
	}
	vw_plans_carry_out(st, p);
	vw_latch_carry_out(st, &latch);
	vw_latch_plan_drop(&latch);
	if (a[VOXWALL_A_STREAM_TIMEOUT])
		WRITE_ONCE(st->conf.timeout, nla_get_u32(a[VOXWALL_A_STREAM_TIMEOUT]));
	if (a[VOXWALL_A_STREAM_FASTPATH])
		WRITE_ONCE(st->conf.fastpath, nla_get_u8(a[VOXWALL_A_STREAM_FASTPATH]));
	return 0;
}

/* Of a stream that may have gone before its turn comes. */
static u32 clock_rate_of(struct vw_net *vn, u32 id)
{
	const struct vw_stream *st;
	u32 rate;

	mutex_lock(&vn->lock);
	st = vw_stream_find(vn, id);
	rate = st ? st->conf.clock_rate : CLOCK_RATE_DEFAULT;
	mutex_unlock(&vn->lock);
	return rate;
}

static int stream_set(struct vw_net *vn, struct nlattr **a, struct netlink_ext_ack *extack)
{
	u32 clock_rate = clock_rate_of(vn, nla_get_u32(a[VOXWALL_A_STREAM_ID]));
	struct vw_plans plans;
	int err;

	err = vw_plans_read(a, clock_rate, &plans, extack);
	if (err)
		return err;
	mutex_lock(&vn->lock);
	err = stream_change(vn, a, &plans, extack);
	mutex_unlock(&vn->lock);
	/* What was carried out isn't the plan's any more. */
	vw_plans_drop(&plans);
	return err;
}

int vw_genl_stream_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[N_ATTRS];
	int err;

	err = parse_whole(info, a, set_policy) ?: stream_set(vw_genl_net(info), a, info->extack);
	vw_genl_wipe(info);
	return err;
}

/* ---- DEL ---- */

int vw_genl_stream_id(struct genl_info *info, u32 *ret)
{
	struct nlattr *a[N_ATTRS];
	int err = parse(info->attrs[VOXWALL_A_STREAM], a, id_policy, info->extack);

	if (!err)
		*ret = nla_get_u32(a[VOXWALL_A_STREAM_ID]);
	return err;
}

int vw_genl_stream_del(struct sk_buff *skb, struct genl_info *info)
{
	struct vw_net *vn = vw_genl_net(info);
	struct vw_stream *st;
	u32 id;
	int err;

	err = vw_genl_stream_id(info, &id);
	if (err)
		return err;
	mutex_lock(&vn->lock);
	st = vw_stream_find(vn, id);
	if (st)
		vw_stream_kill(st);
	else
		err = vw_refuse(info->extack, -ENOENT, "there is no such stream");
	mutex_unlock(&vn->lock);
	return err;
}
