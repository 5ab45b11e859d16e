/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame of shot.c, layer by layer, with what is wrong about it. */
#ifndef SHOT_FRAME_H
#define SHOT_FRAME_H

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK_LEN	16
#define FRAME_MAX	9000
#define TAGS_MAX	4

/* What to send: the options of shot.c. */
struct shot {
	uint8_t mark[MARK_LEN];
	uint8_t src[6], dst[6];
	uint16_t ethertype;
	uint16_t vlan[TAGS_MAX], tpid[TAGS_MAX];
	int nvlan;
	int family;
	uint8_t from[16], to[16];
	uint8_t proto, icmp_type, tcp_flags;
	uint16_t sport, dport;
	bool rtp, rtcp, ext, cut, socket, glued, dscp, more;
	uint32_t ssrc;
	uint16_t seq;
	uint8_t pt;
	char text[4096];
	size_t text_len, size;
	int frag, iplen, udplen, count, wait, every;
};

static inline void die(const char *what)
{
	fprintf(stderr, "shot: %s: %s\n", what, strerror(errno));
	exit(2);
}

static inline void usage(const char *what)
{
	fprintf(stderr, "shot: %s\n", what);
	exit(2);
}

struct buf {
	uint8_t b[FRAME_MAX];
	size_t len;
};

static inline void put(struct buf *o, const void *p, size_t len)
{
	if (o->len + len > sizeof(o->b))
		usage("the frame is too long");
	memcpy(o->b + o->len, p, len);
	o->len += len;
}

static inline void put8(struct buf *o, uint8_t v) { put(o, &v, 1); }
static inline void put16(struct buf *o, uint16_t v) { v = htons(v); put(o, &v, 2); }
static inline void put32(struct buf *o, uint32_t v) { v = htonl(v); put(o, &v, 4); }

static inline uint32_t sum(const uint8_t *p, size_t len, uint32_t s)
{
	for (; len > 1; p += 2, len -= 2)
		s += (uint32_t)p[0] << 8 | p[1];
	return len ? s + ((uint32_t)p[0] << 8) : s;
}

static inline uint16_t fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

static inline void payload(const struct shot *s, struct buf *o, int n)
{
	size_t start = o->len;

	if (s->rtp) {
		put8(o, 0x80);
		put8(o, s->pt);
		put16(o, (uint16_t)(s->seq + n));
		put32(o, 1000 + 160u * (unsigned int)n);
		put32(o, s->ssrc);
	}
	if (s->rtcp) {
		/* A receiver report without blocks, and a description item. */
		put(o, "\x80\xc9\x00\x01", 4);
		put32(o, s->ssrc);
		put(o, "\x81\xca\x00\x06", 4);
		put32(o, s->ssrc);
		put(o, "\x01\x10", 2);
		put(o, s->mark, MARK_LEN);
		put(o, "\0\0", 2);
		return;
	}
	put(o, s->text, s->text_len);
	put(o, s->mark, MARK_LEN);
	while (o->len - start < s->size)
		put8(o, 0);
}

static inline void transport(const struct shot *s, struct buf *o, int n)
{
	size_t start = o->len, at;
	uint32_t pseudo;
	uint16_t check;

	if (s->frag > 0) {
		payload(s, o, n);
		return;
	}
	if (s->proto == IPPROTO_UDP) {
		put16(o, s->sport);
		put16(o, s->dport);
		put32(o, 0);
		at = start + 6;
	} else if (s->proto == IPPROTO_TCP) {
		put16(o, s->sport);
		put16(o, s->dport);
		put32(o, 1000 + (uint32_t)n * 100);
		put32(o, s->tcp_flags & 0x10 ? 1 : 0);
		put8(o, 0x50);
		put8(o, s->tcp_flags);
		put16(o, 65000);
		put32(o, 0);
		at = start + 16;
	} else {
		put8(o, s->icmp_type);
		put8(o, 0);
		put32(o, 0);
		put16(o, (uint16_t)n);
		at = start + 2;
	}
	if (s->proto != IPPROTO_TCP || s->tcp_flags & 0x08)
		payload(s, o, n);
	if (s->proto == IPPROTO_UDP) {
		uint16_t len = htons((uint16_t)(s->udplen ? s->udplen : (int)(o->len - start)));

		memcpy(o->b + start + 4, &len, 2);
	}
	pseudo = s->proto == IPPROTO_ICMP ? 0 :
		 sum(s->from, s->family == 4 ? 4 : 16,
		     sum(s->to, s->family == 4 ? 4 : 16, s->proto + (uint32_t)(o->len - start)));
	check = htons(fold(sum(o->b + start, o->len - start, pseudo)));
	if (s->frag < 0)
		memcpy(o->b + at, &check, 2);
}

static inline void ipv4(const struct shot *s, struct buf *o, int n)
{
	size_t start = o->len, head = s->ext ? 24 : 20;
	uint16_t v;

	put8(o, (uint8_t)(0x40 | head / 4));
	put8(o, 0);
	put16(o, 0);
	put16(o, (uint16_t)(0x1000 + n));
	put16(o, s->frag >= 0 ? (uint16_t)(s->frag / 8 | (s->more ? 0x2000 : 0)) : 0);
	put8(o, 64);
	put8(o, s->proto);
	put16(o, 0);
	put(o, s->from, 4);
	put(o, s->to, 4);
	if (s->ext)
		put(o, "\x01\x01\x01\x00", 4);
	transport(s, o, n);
	v = htons((uint16_t)(s->iplen ? s->iplen : (int)(o->len - start)));
	memcpy(o->b + start + 2, &v, 2);
	v = htons(fold(sum(o->b + start, head, 0)));
	memcpy(o->b + start + 10, &v, 2);
}

static inline void ipv6(const struct shot *s, struct buf *o, int n)
{
	size_t start = o->len;
	uint8_t next = s->proto;
	uint16_t v;

	if (s->frag >= 0)
		next = 44;
	if (s->ext)
		next = 60;
	put32(o, 0x60000000);
	put16(o, 0);
	put8(o, next);
	put8(o, 64);
	put(o, s->from, 16);
	put(o, s->to, 16);
	if (s->ext) {
		put8(o, s->frag >= 0 ? 44 : s->proto);
		put(o, "\x00\x01\x04\x00\x00\x00\x00", 7);
	}
	if (s->frag >= 0) {
		put8(o, s->proto);
		put8(o, 0);
		put16(o, (uint16_t)((s->frag & ~7) | s->more));
		put32(o, 0x1000 + (uint32_t)n);
	}
	transport(s, o, n);
	v = htons((uint16_t)(s->iplen ? s->iplen : (int)(o->len - start - 40)));
	memcpy(o->b + start + 4, &v, 2);
}

static inline void build(const struct shot *s, struct buf *o, int n)
{
	int i;

	o->len = 0;
	put(o, s->dst, 6);
	put(o, s->src, 6);
	for (i = 0; i < s->nvlan; i++) {
		put16(o, s->tpid[i]);
		put16(o, s->vlan[i]);
	}
	put16(o, s->family == 4 ? 0x0800 : s->family == 6 ? 0x86dd : s->ethertype);
	if (s->family == 4)
		ipv4(s, o, n);
	else if (s->family == 6)
		ipv6(s, o, n);
	else
		payload(s, o, n);
}

#endif
