// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stream operations. Requests hold keys: they are parsed here and not by the
 * netlink core, so that whatever happens the request is wiped before the answer,
 * into which the core copies a refused one.
 */
#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "crypto.h"
#include "genl.h"
#include "genl_noun.h"
#include "genl_stream.h"
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
};

static const struct nla_policy id_policy[ARRAY_SIZE(new_policy)] = {
	[VOXWALL_A_STREAM_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct nla_policy crypto_policy[] = {
	[VOXWALL_A_CRYPTO_SUITE] = NLA_POLICY_MAX(NLA_U16, __VOXWALL_SUITE_MAX - 1),
	[VOXWALL_A_CRYPTO_SLOT] = NLA_POLICY_MAX(NLA_U8, VW_STREAM_SLOTS - 1),
	[VOXWALL_A_CRYPTO_KEY] = NLA_POLICY_RANGE(NLA_BINARY, 1, VOXWALL_KEY_LEN),
	[VOXWALL_A_CRYPTO_SALT] = NLA_POLICY_RANGE(NLA_BINARY, 1, VOXWALL_SALT_LEN),
	[VOXWALL_A_CRYPTO_USE] = NLA_POLICY_MAX(NLA_U8, 1),
};

#define N_ATTRS	ARRAY_SIZE(new_policy)

const struct nla_policy vw_genl_stream_policy[VOXWALL_A_STREAM + 1] = {
	[VOXWALL_A_STREAM] = NEST,
};

/* ---- the request ---- */

static int parse(struct genl_info *info, struct nlattr **a, const struct nla_policy *policy)
{
	int err;

	if (!info->attrs[VOXWALL_A_STREAM])
		return vw_refuse(info->extack, -EINVAL, "the stream is missing");
	err = nla_parse_nested(a, N_ATTRS - 1, info->attrs[VOXWALL_A_STREAM], policy,
			       info->extack);
	if (err)
		return err;
	if (!a[VOXWALL_A_STREAM_ID])
		return vw_refuse(info->extack, -EINVAL, "a stream needs an identifier");
	return 0;
}

static void wipe(struct genl_info *info)
{
	struct nlattr *nest = info->attrs[VOXWALL_A_STREAM];

	if (nest)
		memzero_explicit(nla_data(nest), nla_len(nest));
}

/**
 * struct side_plan - what a request says about one side
 * @suite: NULL: plain
 * @key: ready, the plan's until it has been carried out; NULL: none was given
 * @slot: that is meant
 * @use: make it the current one
 * @given: it says anything
 */
struct side_plan {
	const struct vw_suite *suite;
	struct vw_key *key;
	u8 slot;
	bool use;
	bool given;
};

static int read_key(struct nlattr **c, struct side_plan *plan, struct netlink_ext_ack *extack)
{
	const struct nlattr *key = c[VOXWALL_A_CRYPTO_KEY];
	const struct nlattr *salt = c[VOXWALL_A_CRYPTO_SALT];
	int err;

	if (!key && !salt)
		return 0;
	if (!key || !salt)
		return vw_refuse(extack, -EINVAL, "a master key and its salt come together");
	if (nla_len(key) != plan->suite->key_len)
		return vw_refuse(extack, -EINVAL, "the master key has not the suite's length");
	if (nla_len(salt) != plan->suite->salt_len)
		return vw_refuse(extack, -EINVAL, "the master salt has not the suite's length");
	err = vw_key_new(plan->suite, nla_data(key), nla_data(salt), &plan->key);
	if (err == -ENOMEM)
		return vw_refuse(extack, err, "out of memory for the key");
	if (err)
		return vw_refuse(extack, err, "the kernel's crypto API refused the key");
	return 0;
}

static int read_side(const struct nlattr *nest, struct side_plan *plan,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *c[ARRAY_SIZE(crypto_policy)];
	u16 id;
	int err;

	memset(plan, 0, sizeof(*plan));
	if (!nest)
		return 0;
	err = nla_parse_nested(c, ARRAY_SIZE(crypto_policy) - 1, nest, crypto_policy, extack);
	if (err)
		return err;
	if (!c[VOXWALL_A_CRYPTO_SUITE])
		return vw_refuse(extack, -EINVAL, "protection needs a suite");
	plan->given = true;
	id = nla_get_u16(c[VOXWALL_A_CRYPTO_SUITE]);
	if (id == VOXWALL_SUITE_NONE) {
		if (c[VOXWALL_A_CRYPTO_KEY] || c[VOXWALL_A_CRYPTO_SALT] ||
		    c[VOXWALL_A_CRYPTO_SLOT] || c[VOXWALL_A_CRYPTO_USE])
			return vw_refuse(extack, -EINVAL, "plain RTP has no keys");
		return 0;
	}
	plan->suite = vw_suite_get(id);
	if (!plan->suite)
		return vw_refuse(extack, -EOPNOTSUPP, "the suite is not supported");
	if (c[VOXWALL_A_CRYPTO_SLOT])
		plan->slot = nla_get_u8(c[VOXWALL_A_CRYPTO_SLOT]);
	plan->use = c[VOXWALL_A_CRYPTO_USE] && nla_get_u8(c[VOXWALL_A_CRYPTO_USE]);
	return read_key(c, plan, extack);
}

struct plans {
	struct side_plan open;
	struct side_plan seal;
};

static void plans_drop(struct plans *p)
{
	vw_key_free(p->open.key);
	vw_key_free(p->seal.key);
}

static int plans_read(struct nlattr **a, struct plans *p, struct netlink_ext_ack *extack)
{
	int err;

	memset(p, 0, sizeof(*p));
	err = read_side(a[VOXWALL_A_STREAM_OPEN], &p->open, extack) ?:
	      read_side(a[VOXWALL_A_STREAM_SEAL], &p->seal, extack);
	if (err)
		plans_drop(p);
	return err;
}

/* ---- legs ---- */

static void read_port(const struct nlattr *attr, __be16 *port)
{
	if (attr)
		*port = nla_get_be16(attr);
}

static bool is_unicast(const struct vw_leg *leg)
{
	const struct in6_addr *v6 = &leg->addr.in6;
	__be32 v4 = leg->addr.ip;

	if (leg->family == 4)
		return !ipv4_is_zeronet(v4) && !ipv4_is_multicast(v4) && !ipv4_is_lbcast(v4);
	return !ipv6_addr_any(v6) && !ipv6_addr_is_multicast(v6) && !ipv6_addr_v4mapped(v6);
}

/* What is absent stays as it was. */
static int read_leg(struct nlattr **a, int addr, int rtp, int rtcp, struct vw_leg *leg,
		    struct netlink_ext_ack *extack)
{
	if (a[addr]) {
		int len = nla_len(a[addr]);

		if (len != 4 && len != 16)
			return vw_refuse(extack, -EINVAL, "an address has 4 or 16 bytes");
		memset(&leg->addr, 0, sizeof(leg->addr));
		memcpy(&leg->addr, nla_data(a[addr]), len);
		leg->family = len == 4 ? 4 : 6;
		if (!is_unicast(leg))
			return vw_refuse(extack, -EINVAL, "addresses must be unicast");
	}
	read_port(a[rtp], &leg->rtp);
	read_port(a[rtcp], &leg->rtcp);
	return 0;
}

#define READ_LEG(a, NAME, leg, extack)					\
	read_leg(a, VOXWALL_A_STREAM_##NAME##_ADDR, VOXWALL_A_STREAM_##NAME##_PORT,	\
		 VOXWALL_A_STREAM_##NAME##_RTCP, leg, extack)

static bool is_ours(struct net *net, const struct vw_leg *leg)
{
	if (leg->family == 4)
		return inet_addr_type(net, leg->addr.ip) == RTN_LOCAL;
	return ipv6_chk_addr(net, &leg->addr.in6, NULL, 0);
}

/* What holds for every target, new or changed. */
static int check_target(const struct vw_leg *local, const struct vw_target *t,
			struct netlink_ext_ack *extack)
{
	if (t->remote.family != local->family)
		return vw_refuse(extack, -EINVAL,
				 "the remote address is not of the local one's family");
	if (t->dst.family != t->src.family)
		return vw_refuse(extack, -EINVAL,
				 "the destination is not of the source address's family");
	if (!t->src.rtp || !t->dst.rtp)
		return vw_refuse(extack, -EINVAL, "source and destination need an RTP port");
	if (local->rtcp && (!t->src.rtcp || !t->dst.rtcp))
		return vw_refuse(extack, -EINVAL,
				 "a stream with RTCP needs RTCP ports to send it from and to");
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
		     struct netlink_ext_ack *extack)
{
	memset(conf, 0, sizeof(*conf));
	conf->id = nla_get_u32(a[VOXWALL_A_STREAM_ID]);
	conf->zone = nla_get_u8(a[VOXWALL_A_STREAM_ZONE]);
	conf->clear_wan = nla_get_flag(a[VOXWALL_A_STREAM_CLEAR_WAN]);
	conf->timeout = TIMEOUT_MS_DEFAULT;
	conf->clock_rate = CLOCK_RATE_DEFAULT;
	if (a[VOXWALL_A_STREAM_TIMEOUT])
		conf->timeout = nla_get_u32(a[VOXWALL_A_STREAM_TIMEOUT]);
	if (a[VOXWALL_A_STREAM_CLOCK_RATE])
		conf->clock_rate = nla_get_u32(a[VOXWALL_A_STREAM_CLOCK_RATE]);
	if (a[VOXWALL_A_STREAM_PEER])
		conf->peer = nla_get_u32(a[VOXWALL_A_STREAM_PEER]);
	if (a[VOXWALL_A_STREAM_LABEL])
		nla_strscpy(conf->label, a[VOXWALL_A_STREAM_LABEL], sizeof(conf->label));
	return READ_LEG(a, LOCAL, &conf->local, extack);
}

static int check_local(struct net *net, const struct vw_stream_conf *conf,
		       const struct vw_target *t, struct netlink_ext_ack *extack)
{
	if (!conf->local.rtp)
		return vw_refuse(extack, -EINVAL, "the local port is not 0");
	if (!is_ours(net, &conf->local))
		return vw_refuse(extack, -EADDRNOTAVAIL,
				 "the local address is not an address of this host");
	if (!is_ours(net, &t->src))
		return vw_refuse(extack, -EADDRNOTAVAIL,
				 "the source address is not an address of this host");
	return 0;
}

static int read_target(struct net *net, struct nlattr **a, const struct vw_stream_conf *conf,
		       struct vw_target *t, struct netlink_ext_ack *extack)
{
	return READ_LEG(a, REMOTE, &t->remote, extack) ?:
	       READ_LEG(a, SRC, &t->src, extack) ?:
	       READ_LEG(a, DST, &t->dst, extack) ?:
	       check_target(&conf->local, t, extack) ?:
	       check_local(net, conf, t, extack);
}

static void side_make(struct vw_side *side, struct side_plan *plan)
{
	memset(side, 0, sizeof(*side));
	side->suite = plan->suite;
	side->current_slot = plan->use ? plan->slot : 0;
	RCU_INIT_POINTER(side->slot[plan->slot], plan->key);
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

/* vn->lock is held; on success plans and target belong to the stream. */
static int stream_add(struct vw_net *vn, const struct vw_stream_conf *conf,
		      struct vw_target *target, struct plans *p, struct netlink_ext_ack *extack)
{
	struct vw_side open, seal;
	int err;

	err = check_room(vn, extack);
	if (err)
		return err;
	side_make(&open, &p->open);
	side_make(&seal, &p->seal);
	err = vw_stream_new(vn, conf, target, &open, &seal);
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
	struct vw_stream_conf conf;
	struct vw_target *target;
	struct plans plans;
	int err;

	err = check_required(a, extack) ?: read_conf(a, &conf, extack);
	if (err)
		return err;
	target = kzalloc(sizeof(*target), GFP_KERNEL_ACCOUNT);
	if (!target)
		return vw_refuse(extack, -ENOMEM, "out of memory for the stream");
	err = read_target(vn->net, a, &conf, target, extack);
	if (err)
		goto err_target;
	err = plans_read(a, &plans, extack);
	if (err)
		goto err_target;

	mutex_lock(&vn->lock);
	err = stream_add(vn, &conf, target, &plans, extack);
	mutex_unlock(&vn->lock);
	if (!err)
		return 0;
	plans_drop(&plans);
err_target:
	vw_target_free(target);
	return err;
}

int vw_genl_stream_new(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[N_ATTRS];
	int err;

	err = parse(info, a, new_policy) ?: stream_new(vw_genl_net(info), a, info->extack);
	wipe(info);
	return err;
}

/* ---- SET ---- */

static struct vw_key *slot_of(const struct vw_stream *st, const struct vw_side *side,
			      unsigned int slot)
{
	return rcu_dereference_protected(side->slot[slot], lockdep_is_held(&st->vn->lock));
}

static int side_check(const struct vw_stream *st, const struct vw_side *side,
		      const struct side_plan *plan, struct netlink_ext_ack *extack)
{
	if (!plan->given || !plan->suite || plan->key)
		return 0;
	if (plan->suite != side->suite)
		return vw_refuse(extack, -EINVAL, "another suite needs another key");
	if (plan->use && !slot_of(st, side, plan->slot))
		return vw_refuse(extack, -EINVAL, "the key slot to use is empty");
	return 0;
}

/* Return: an old key has gone, which packets in flight may still use. */
static bool slot_replace(struct vw_stream *st, struct vw_side *side, unsigned int slot,
			 struct vw_key *key, u32 epoch)
{
	struct vw_key *old = slot_of(st, side, slot);

	side->born[slot] = epoch;
	rcu_assign_pointer(side->slot[slot], key);
	vw_key_free_rcu(old);
	return old;
}

/* The packet path may see any step between: it finds a key or refuses. Return:
 * an old key has gone. */
static bool side_change(struct vw_stream *st, struct vw_side *side, struct side_plan *plan,
			u32 epoch)
{
	bool gone = false;
	unsigned int i;

	if (!plan->given)
		return false;
	if (!plan->suite) {
		WRITE_ONCE(side->suite, NULL);
		for (i = 0; i < VW_STREAM_SLOTS; i++)
			gone |= slot_replace(st, side, i, NULL, epoch);
		return gone;
	}
	if (plan->key)
		gone = slot_replace(st, side, plan->slot, plan->key, epoch);
	plan->key = NULL;
	if (plan->use)
		WRITE_ONCE(side->current_slot, plan->slot);
	WRITE_ONCE(side->suite, plan->suite);
	return gone;
}

static u32 oldest_key(const struct vw_stream *st, const struct vw_side *side, u32 epoch)
{
	unsigned int i;

	for (i = 0; i < VW_STREAM_SLOTS; i++)
		if (slot_of(st, side, i))
			epoch = min(epoch, side->born[i]);
	return epoch;
}

/* Sources that no key remembers may have to leave their places from now on. */
static void keys_change(struct vw_stream *st, struct plans *p)
{
	u32 epoch = vw_ssrc_epoch(st);
	bool gone;

	gone = side_change(st, &st->open, &p->open, epoch);
	gone |= side_change(st, &st->seal, &p->seal, epoch);
	if (gone)
		synchronize_rcu();
	epoch = oldest_key(st, &st->open, epoch);
	vw_ssrc_floor(st, oldest_key(st, &st->seal, epoch));
}

static bool changes_target(struct nlattr **a)
{
	return a[VOXWALL_A_STREAM_REMOTE_ADDR] || a[VOXWALL_A_STREAM_REMOTE_PORT] ||
	       a[VOXWALL_A_STREAM_REMOTE_RTCP] || a[VOXWALL_A_STREAM_DST_ADDR] ||
	       a[VOXWALL_A_STREAM_DST_PORT] || a[VOXWALL_A_STREAM_DST_RTCP];
}

/* A changed copy of the target; NULL in *@ret when nothing of it changes. */
static int target_change(struct vw_stream *st, struct nlattr **a, struct vw_target **ret,
			 struct netlink_ext_ack *extack)
{
	const struct vw_target *old;
	struct vw_target *t;
	int err;

	*ret = NULL;
	if (!changes_target(a))
		return 0;
	t = kzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);
	if (!t)
		return vw_refuse(extack, -ENOMEM, "out of memory for the change");
	old = rcu_dereference_protected(st->target, lockdep_is_held(&st->vn->lock));
	t->remote = old->remote;
	t->src = old->src;
	t->dst = old->dst;
	err = READ_LEG(a, REMOTE, &t->remote, extack) ?: READ_LEG(a, DST, &t->dst, extack) ?:
	      check_target(&st->conf.local, t, extack);
	if (err) {
		vw_target_free(t);
		return err;
	}
	*ret = t;
	return 0;
}

/* vn->lock is held. Everything that may fail comes before the first change. */
static int stream_change(struct vw_net *vn, struct nlattr **a, struct plans *p,
			 struct netlink_ext_ack *extack)
{
	struct vw_stream *st = vw_stream_find(vn, nla_get_u32(a[VOXWALL_A_STREAM_ID]));
	struct vw_target *target;
	int err;

	if (!st)
		return vw_refuse(extack, -ENOENT, "there is no such stream");
	err = side_check(st, &st->open, &p->open, extack) ?:
	      side_check(st, &st->seal, &p->seal, extack) ?:
	      target_change(st, a, &target, extack);
	if (err)
		return err;
	keys_change(st, p);
	if (target)
		vw_stream_retarget(st, target);
	if (a[VOXWALL_A_STREAM_TIMEOUT])
		WRITE_ONCE(st->conf.timeout, nla_get_u32(a[VOXWALL_A_STREAM_TIMEOUT]));
	return 0;
}

static int stream_set(struct vw_net *vn, struct nlattr **a, struct netlink_ext_ack *extack)
{
	struct plans plans;
	int err;

	err = plans_read(a, &plans, extack);
	if (err)
		return err;
	mutex_lock(&vn->lock);
	err = stream_change(vn, a, &plans, extack);
	mutex_unlock(&vn->lock);
	/* What was carried out isn't the plan's any more. */
	plans_drop(&plans);
	return err;
}

int vw_genl_stream_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *a[N_ATTRS];
	int err;

	err = parse(info, a, set_policy) ?: stream_set(vw_genl_net(info), a, info->extack);
	wipe(info);
	return err;
}

/* ---- DEL ---- */

int vw_genl_stream_id(struct genl_info *info, u32 *ret)
{
	struct nlattr *a[N_ATTRS];
	int err = parse(info, a, id_policy);

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
