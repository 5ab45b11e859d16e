// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "genl.h"
#include "genl_target.h"
#include "voxwall.h"

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

int vw_leg_read(struct nlattr **a, int addr, int rtp, int rtcp, struct vw_leg *leg,
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

static bool is_ours(struct net *net, const struct vw_leg *leg)
{
	if (leg->family == 4)
		return inet_addr_type(net, leg->addr.ip) == RTN_LOCAL;
	return ipv6_mod_enabled() && ipv6_chk_addr(net, &leg->addr.in6, NULL, 0);
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

/* ---- the latch ---- */

/* @old: of the stream, if it has one; it gives what the request doesn't. */
static int read_latch(struct nlattr **a, const struct vw_leg *told, const struct vw_latch *old,
		      struct vw_latch **ret, struct netlink_ext_ack *extack)
{
	u8 mode = old ? old->mode : VOXWALL_LATCH_SDP;
	struct vw_leg only = {};
	int err;

	*ret = NULL;
	if (a[VOXWALL_A_STREAM_LATCH]) {
		mode = nla_get_u8(a[VOXWALL_A_STREAM_LATCH]);
		err = vw_leg_read(a, VOXWALL_A_STREAM_LATCH_FROM, 0, 0, &only, extack);
		if (err)
			return err;
	} else if (a[VOXWALL_A_STREAM_LATCH_FROM]) {
		return vw_refuse(extack, -EINVAL, "an address to latch comes with a latch");
	} else if (old) {
		only = old->only;
	}
	if (only.family && only.family != told->family)
		return vw_refuse(extack, -EINVAL,
				 "the address to latch is not of the remote one's family");
	if (mode == VOXWALL_LATCH_SDP)
		return 0;
	*ret = vw_latch_new(mode, told, &only);
	return *ret ? 0 : vw_refuse(extack, -ENOMEM, "out of memory for the latch");
}

/* ---- the whole ---- */

int vw_target_read(struct net *net, struct nlattr **a, const struct vw_stream_conf *conf,
		   struct vw_target *t, struct vw_latch **ret_latch,
		   struct netlink_ext_ack *extack)
{
	return VW_LEG_READ(a, REMOTE, &t->remote, extack) ?:
	       VW_LEG_READ(a, SRC, &t->src, extack) ?:
	       VW_LEG_READ(a, DST, &t->dst, extack) ?:
	       check_target(&conf->local, t, extack) ?:
	       check_local(net, conf, t, extack) ?:
	       read_latch(a, &t->remote, NULL, ret_latch, extack);
}

static unsigned int what_is_given(struct nlattr **a)
{
	unsigned int given = 0;

	if (a[VOXWALL_A_STREAM_LATCH] || a[VOXWALL_A_STREAM_LATCH_FROM])
		given |= VW_LATCH_MODE;
	if (a[VOXWALL_A_STREAM_REMOTE_ADDR] || a[VOXWALL_A_STREAM_REMOTE_PORT] ||
	    a[VOXWALL_A_STREAM_REMOTE_RTCP])
		given |= VW_LATCH_REMOTE;
	if (a[VOXWALL_A_STREAM_DST_ADDR] || a[VOXWALL_A_STREAM_DST_PORT] ||
	    a[VOXWALL_A_STREAM_DST_RTCP])
		given |= VW_LATCH_DST;
	return given;
}

/* What the stream is told already; its destination may be a latch's. */
static struct vw_target *copy_told(const struct vw_stream *st)
{
	struct vw_target *t = vw_target_alloc(GFP_KERNEL);
	const struct vw_target *old;

	if (!t)
		return NULL;
	rcu_read_lock();
	old = rcu_dereference(st->target);
	t->remote = old->remote;
	t->src = old->src;
	t->dst = old->dst;
	rcu_read_unlock();
	return t;
}

static int plan_latch(struct vw_stream *st, struct nlattr **a, struct vw_latch_plan *p,
		      struct netlink_ext_ack *extack)
{
	struct vw_latch old = {};
	const struct vw_latch *latch;

	rcu_read_lock();
	latch = rcu_dereference(st->latch);
	if (latch)
		old = *latch;
	rcu_read_unlock();
	if (old.mode) {
		p->spare = vw_target_alloc(GFP_KERNEL);
		if (!p->spare)
			return vw_refuse(extack, -ENOMEM, "out of memory for the change");
	}
	return read_latch(a, &p->target->remote, old.mode ? &old : NULL, &p->fresh, extack);
}

int vw_target_plan(struct vw_stream *st, struct nlattr **a, struct vw_latch_plan *p,
		   struct netlink_ext_ack *extack)
{
	int err = 0;

	*p = (struct vw_latch_plan){ .given = what_is_given(a) };
	if (!p->given)
		return 0;
	p->target = copy_told(st);
	if (!p->target)
		return vw_refuse(extack, -ENOMEM, "out of memory for the change");
	err = VW_LEG_READ(a, REMOTE, &p->target->remote, extack) ?:
	      VW_LEG_READ(a, DST, &p->target->dst, extack) ?:
	      check_target(&st->conf.local, p->target, extack);
	if (!err && p->given & (VW_LATCH_MODE | VW_LATCH_REMOTE))
		err = plan_latch(st, a, p, extack);
	if (err)
		vw_latch_plan_drop(p);
	return err;
}
