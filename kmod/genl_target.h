/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream's addresses on the wire: whom it believes, where it sends, what it latches. */
#ifndef VW_GENL_TARGET_H
#define VW_GENL_TARGET_H

#include <net/netlink.h>

#include "latch.h"
#include "stream.h"

/* Address and ports; what is absent stays as it was. Return: 0 or a refusal. */
int vw_leg_read(struct nlattr **a, int addr, int rtp, int rtcp, struct vw_leg *leg,
		struct netlink_ext_ack *extack);

#define VW_LEG_READ(a, NAME, leg, extack)						\
	vw_leg_read(a, VOXWALL_A_STREAM_##NAME##_ADDR, VOXWALL_A_STREAM_##NAME##_PORT,	\
		    VOXWALL_A_STREAM_##NAME##_RTCP, leg, extack)

/**
 * vw_target_read - what a new stream is told of others
 * @net: the namespace
 * @a: the attributes of VOXWALL_A_STREAM
 * @conf: of the stream
 * @t: all zeros; filled
 * @ret_latch: NULL or the latch, the caller's on success
 * @extack: for the sentence of a refusal
 *
 * Return: 0 or a refusal.
 */
int vw_target_read(struct net *net, struct nlattr **a, const struct vw_stream_conf *conf,
		   struct vw_target *t, struct vw_latch **ret_latch,
		   struct netlink_ext_ack *extack);

/* The same for a stream that exists, as a plan; vn->lock is held. What is in the plan is
 * the caller's on success. */
int vw_target_plan(struct vw_stream *st, struct nlattr **a, struct vw_latch_plan *p,
		   struct netlink_ext_ack *extack);

#endif
