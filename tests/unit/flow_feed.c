// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow_feed.h"

struct flow_test flow_begin(u8 proto, u16 sport, u16 dport)
{
	return (struct flow_test){
		.f = { .family = 4, .proto = proto, .sport = sport, .dport = dport,
		       .l4 = 20, .payload = proto == VW_IPPROTO_UDP ? 28 : 40 },
		.now = 1000000,
		.rng = 12345,
	};
}

enum voxwall_class feed(struct flow_test *t, const void *p, size_t len, u32 ms)
{
	u8 *copy = row_copy(p, len);
	enum voxwall_class class;

	t->f.payload_len = len;
	t->now += ms;
	class = vw_flow_step(&t->flow, &t->f, copy, len, t->now);
	free(copy);
	return class;
}

u32 rnd(struct flow_test *t)
{
	t->rng = t->rng * 1664525 + 1013904223;
	return t->rng >> 8 ^ t->rng << 16;
}

void put16(u8 *p, u32 v)
{
	p[0] = v >> 8;
	p[1] = v;
}

void put32(u8 *p, u32 v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

enum voxwall_class feed_rtp(struct flow_test *t, const struct rtp *r, u32 ms)
{
	u8 p[172] = { 0x80, r->pt };

	put16(p + 2, r->seq);
	put32(p + 4, r->ts);
	put32(p + 8, r->ssrc);
	return feed(t, p, sizeof(p), ms);
}

enum voxwall_class feed_next(struct flow_test *t, struct rtp *r)
{
	enum voxwall_class class = feed_rtp(t, r, 20);

	r->seq++;
	r->ts += 160;
	return class;
}

size_t fill(struct flow_test *t, u8 *p, size_t from, size_t len)
{
	for (; from < len; from++)
		p[from] = rnd(t) >> 16;
	return len;
}
