// SPDX-License-Identifier: GPL-2.0-or-later
#include <pcap/dlt.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "pcapflow.h"

#define KEY_LEN		offsetof(struct vw_pcapflow, flow)
#define KEY_WORDS	(KEY_LEN / 4)
#define FIRST_SLOTS	1024	/* a power of two, as every size of the index */

#define SLL_HEADER	16
#define SLL2_HEADER	20
#define NULL_HEADER	4
#define PPP_HEADER	2
#define PPP_HDLC	2

#define PPP_IP		0x0021
#define PPP_IPV6	0x0057

/**
 * struct vw_pcapflows - the flows and an index of them
 * @flow: in the order of their first packets
 * @count: used entries of @flow
 * @room: allocated ones
 * @max: the most there may be
 * @slot: number of a flow plus one, at its hash or behind; 0: free
 * @slots: how many
 * @secret: keys of the hash, so that a capture can't be made to collide
 * @stat: counters
 */
struct vw_pcapflows {
	struct vw_pcapflow *flow;
	size_t count;
	size_t room;
	size_t max;
	u32 *slot;
	size_t slots;
	u64 secret[KEY_WORDS + 1];
	struct vw_pcapstat stat;
};

/* Weak is better than none where the kernel has no entropy yet. */
static void make_secret(u64 *secret, size_t len)
{
	size_t i;

	if (getrandom(secret, len, 0) == (ssize_t)len)
		return;
	for (i = 0; i < len / sizeof(*secret); i++)
		secret[i] = ((u64)time(NULL) + i) * 0x9e3779b97f4a7c15ULL;
}

struct vw_pcapflows *vw_pcapflows_new(size_t max)
{
	struct vw_pcapflows *all = calloc(1, sizeof(*all));

	if (!all)
		return NULL;
	all->max = max;
	all->slots = FIRST_SLOTS;
	all->slot = calloc(all->slots, sizeof(*all->slot));
	if (!all->slot) {
		free(all);
		return NULL;
	}
	make_secret(all->secret, sizeof(all->secret));
	return all;
}

void vw_pcapflows_free(struct vw_pcapflows *all)
{
	if (!all)
		return;
	free(all->flow);
	free(all->slot);
	free(all);
}

/* Multilinear: universal for keys that aren't known (Carter, Wegman). */
static size_t hash(const struct vw_pcapflows *all, const struct vw_pcapflow *key)
{
	u64 sum = all->secret[KEY_WORDS];
	u32 word[KEY_WORDS];
	size_t i;

	memcpy(word, key, KEY_LEN);
	for (i = 0; i < KEY_WORDS; i++)
		sum += all->secret[i] * word[i];
	return sum >> 32;
}

/* The slot of @key: its own, or the free one where it belongs. */
static u32 *find_slot(const struct vw_pcapflows *all, const struct vw_pcapflow *key)
{
	size_t at = hash(all, key);

	for (;; at++) {
		u32 *slot = &all->slot[at & (all->slots - 1)];

		if (!*slot || !memcmp(&all->flow[*slot - 1], key, KEY_LEN))
			return slot;
	}
}

static int grow_index(struct vw_pcapflows *all)
{
	u32 *bigger = calloc(all->slots * 2, sizeof(*bigger));
	size_t i;

	if (!bigger)
		return -ENOMEM;
	free(all->slot);
	all->slot = bigger;
	all->slots *= 2;
	for (i = 0; i < all->count; i++)
		*find_slot(all, &all->flow[i]) = (u32)(i + 1);
	return 0;
}

/* Room for one more flow, in the list and, at most half full, in the index. */
static int make_room(struct vw_pcapflows *all)
{
	size_t room = all->room ? all->room * 2 : FIRST_SLOTS / 2;
	struct vw_pcapflow *more;

	if (all->count == all->room) {
		more = reallocarray(all->flow, room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		all->flow = more;
		all->room = room;
	}
	return all->count * 2 >= all->slots ? grow_index(all) : 0;
}

/* 0 and *@ret_flow, which is NULL when the limit is reached. */
static int find_flow(struct vw_pcapflows *all, const struct vw_pcapflow *key,
		     struct vw_pcapflow **ret_flow)
{
	u32 *slot = find_slot(all, key);
	int err;

	*ret_flow = NULL;
	if (!*slot) {
		if (all->count >= all->max)
			return 0;
		err = make_room(all);
		if (err)
			return err;
		slot = find_slot(all, key);
		all->flow[all->count] = *key;
		*slot = (u32)++all->count;
	}
	*ret_flow = &all->flow[*slot - 1];
	return 0;
}

int vw_pcapflows_link(int dlt)
{
	switch (dlt) {
	case DLT_EN10MB:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_NULL:
	case DLT_LOOP:
	case DLT_PPP:
	case DLT_PPP_SERIAL:
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
		return 0;
	}
	return -1;
}

static int too_short(size_t wire_len, size_t wanted)
{
	return wire_len < wanted ? -EBADMSG : -ENODATA;
}

static int parse_behind(const u8 *p, size_t len, size_t wire_len, size_t header,
			size_t type_at, struct vw_frame *ret)
{
	if (len < header)
		return too_short(wire_len, header);
	return vw_frame_parse_l3(p + header, len - header, wire_len - header,
				 get_unaligned_be16(p + type_at), ret);
}

/* Raw IP says itself which version it is. */
static int parse_raw(const u8 *p, size_t len, size_t wire_len, struct vw_frame *ret)
{
	if (!len)
		return wire_len ? -ENODATA : -EBADMSG;
	return vw_frame_parse_l3(p, len, wire_len,
				 p[0] >> 4 == 6 ? VW_ETH_P_IPV6 : VW_ETH_P_IP, ret);
}

/*
 * BSD's loopback: a protocol family of 32 bits, in whichever byte order, and numbered
 * by whichever system. All agree on IPv4 only, and none has another one than these
 * for IPv6.
 */
static int parse_null(const u8 *p, size_t len, size_t wire_len, struct vw_frame *ret)
{
	if (len < NULL_HEADER)
		return too_short(wire_len, NULL_HEADER);
	switch (p[0] | p[3]) {
	case 2:
	case 10:	/* Linux */
	case 24:	/* NetBSD, OpenBSD */
	case 28:	/* FreeBSD */
	case 30:	/* macOS */
		return parse_raw(p + NULL_HEADER, len - NULL_HEADER, wire_len - NULL_HEADER, ret);
	}
	*ret = (struct vw_frame){ };
	return 0;
}

static u16 ethertype_of_ppp(u16 protocol)
{
	return protocol == PPP_IP ? VW_ETH_P_IP : protocol == PPP_IPV6 ? VW_ETH_P_IPV6 : 0;
}

/* RFC 1661 2, behind RFC 1662's address and control bytes, where there are such. */
static int parse_ppp(const u8 *p, size_t len, size_t wire_len, struct vw_frame *ret,
		     size_t *ret_base)
{
	size_t header = PPP_HEADER;

	if (len >= PPP_HDLC && p[0] == 0xff && p[1] == 0x03)
		header += PPP_HDLC;
	*ret_base = header;
	if (len < header)
		return too_short(wire_len, header);
	return vw_frame_parse_l3(p + header, len - header, wire_len - header,
				 ethertype_of_ppp(get_unaligned_be16(p + header - PPP_HEADER)),
				 ret);
}

/* @ret_base: where the frame's offsets count from. */
static int parse_link(int dlt, const u8 *p, size_t len, size_t wire_len,
		      struct vw_frame *ret, size_t *ret_base)
{
	*ret_base = 0;
	switch (dlt) {
	case DLT_LINUX_SLL:
		*ret_base = SLL_HEADER;
		return parse_behind(p, len, wire_len, SLL_HEADER, 14, ret);
	case DLT_LINUX_SLL2:
		*ret_base = SLL2_HEADER;
		return parse_behind(p, len, wire_len, SLL2_HEADER, 0, ret);
	case DLT_NULL:
	case DLT_LOOP:
		*ret_base = NULL_HEADER;
		return parse_null(p, len, wire_len, ret);
	case DLT_PPP:
	case DLT_PPP_SERIAL:
		return parse_ppp(p, len, wire_len, ret, ret_base);
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
		return parse_raw(p, len, wire_len, ret);
	}
	return vw_frame_parse(p, len, wire_len, ret);
}

static struct vw_pcapflow key_of(const struct vw_frame *f)
{
	size_t len = f->family == 4 ? 4 : 16;
	struct vw_pcapflow key = {
		.sport = f->sport,
		.dport = f->dport,
		.family = f->family,
		.proto = f->proto,
	};

	memcpy(key.saddr, f->saddr, len);
	memcpy(key.daddr, f->daddr, len);
	return key;
}

static int judge(struct vw_pcapflows *all, const struct vw_frame *f, const u8 *p,
		 size_t len, u64 ms)
{
	struct vw_pcapflow key = key_of(f);
	struct vw_pcapflow *flow;
	enum voxwall_class class;
	int err = find_flow(all, &key, &flow);

	if (err)
		return err;
	if (!flow) {
		all->stat.left_out++;
		return 0;
	}
	class = vw_flow_step(&flow->flow, f, p + f->payload, vw_frame_have(f, len), ms);
	flow->packets++;
	flow->classes[class]++;
	return 0;
}

int vw_pcapflows_add(struct vw_pcapflows *all, int dlt, const u8 *p, size_t len,
		     size_t wire_len, u64 ms)
{
	struct vw_frame f;
	size_t base;
	int err;

	/* A capture may claim to hold more of a packet than there was. */
	if (len > wire_len)
		len = wire_len;
	all->stat.packets++;
	err = parse_link(dlt, p, len, wire_len, &f, &base);
	if (err == -EBADMSG)
		all->stat.malformed++;
	else if (err)
		all->stat.cut++;
	else if (!f.family)
		all->stat.not_ip++;
	else if (f.flags & VW_FRAME_LATER)
		all->stat.fragments++;
	else
		return judge(all, &f, p + base, len - base, ms);
	return 0;
}

const struct vw_pcapstat *vw_pcapflows_stat(const struct vw_pcapflows *all)
{
	return &all->stat;
}

const struct vw_pcapflow *vw_pcapflows_at(const struct vw_pcapflows *all, size_t n)
{
	return n < all->count ? &all->flow[n] : NULL;
}
