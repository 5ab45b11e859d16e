/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sides of a stream on the wire: what a request says about protection is read
 * into plans, which are checked as a whole and then carried out.
 */
#ifndef VW_GENL_SIDE_H
#define VW_GENL_SIDE_H

#include <net/netlink.h>

#include "stream.h"

/**
 * struct vw_side_plan - what a request says about one side
 * @suite: NULL: plain
 * @key: ready, the plan's until it has been carried out; NULL: none was given
 * @slot: that is meant
 * @use: make it the current one
 * @grace: seconds that the other slot's key goes on to open; with @has_grace
 * @has_grace: it doesn't go on for ever
 * @given: it says anything
 */
struct vw_side_plan {
	const struct vw_suite *suite;
	struct vw_key *key;
	u8 slot;
	bool use;
	bool has_grace;
	bool given;
	u32 grace;
};

/**
 * struct vw_plans - what a request says about both
 * @open: for what arrives
 * @seal: for what leaves
 */
struct vw_plans {
	struct vw_side_plan open;
	struct vw_side_plan seal;
};

/**
 * vw_plans_read - read both sides and derive their keys
 * @a: the attributes of VOXWALL_A_STREAM
 * @clock_rate: of the stream, Hz, which tells how long its packets may be
 * @p: filled; the keys are the caller's on success
 * @extack: for the sentence of a refusal
 *
 * Process context. Return: 0 or a refusal.
 */
int vw_plans_read(struct nlattr **a, u32 clock_rate, struct vw_plans *p,
		  struct netlink_ext_ack *extack);
/* Wipe and free the keys that have not been handed over. */
void vw_plans_drop(struct vw_plans *p);
/* A new stream's side; the key stays the plan's, too. */
void vw_side_make(struct vw_side *side, const struct vw_side_plan *plan);

/* May the plans be carried out? vn->lock is held. Return: 0 or a refusal. */
int vw_plans_check(const struct vw_stream *st, const struct vw_plans *p,
		   struct netlink_ext_ack *extack);
/* Give a stream its new keys, which are the stream's then; vn->lock is held.
 * Waits for a grace period when a key has to go. */
void vw_plans_carry_out(struct vw_stream *st, struct vw_plans *p);

#endif
