/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One flow, fed packet by packet. */
#ifndef TESTS_UNIT_FLOW_FEED_H
#define TESTS_UNIT_FLOW_FEED_H

#include "rows.h"
#include "../../kmod/core/classify.h"

#define CLASS(c)	VOXWALL_CLASS_##c

/*
 * One flow under test. Packets are made by small functions of their number, so
 * a row is a protocol: how it counts, how fast, and what it must end as.
 */
struct flow_test {
	struct vw_flow flow;
	struct vw_frame f;
	u64 now;
	u32 rng;
};

struct rtp {
	u8 pt;
	u16 seq;
	u32 ts;
	u32 ssrc;
};

static const struct rtp call = { .pt = 8, .seq = 65534, .ts = 0xffffff00, .ssrc = 0xdeadbeef };

struct flow_test flow_begin(u8 proto, u16 sport, u16 dport);
/* One payload, so many ms after the last one. */
enum voxwall_class feed(struct flow_test *t, const void *p, size_t len, u32 ms);
enum voxwall_class feed_rtp(struct flow_test *t, const struct rtp *r, u32 ms);
/* The next packet of 20 ms of G.711. */
enum voxwall_class feed_next(struct flow_test *t, struct rtp *r);
/* The same in every run. */
u32 rnd(struct flow_test *t);
/* The rest of a packet at random. Return: @len. */
size_t fill(struct flow_test *t, u8 *p, size_t from, size_t len);
void put16(u8 *p, u32 v);
void put32(u8 *p, u32 v);

#endif
