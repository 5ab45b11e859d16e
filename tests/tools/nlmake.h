/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to the module that make sense, nearly make sense, or make none: drawn
 * from the contract's attributes by a generator of our own, so that a seed means
 * the same everywhere, and then bent.
 */
#ifndef NLMAKE_H
#define NLMAKE_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/core/names.h"

#define NLMAKE_MAX	4096	/* bytes of a request */

/* Every key and salt begins with these; no answer may hold them. */
static const u8 nlmake_secret[8] = { 0xa5, 0x4b, 0x1d, 0xc3, 0x77, 0xee, 0x09, 0x92 };

enum nlmake_kind { MAKE_U8, MAKE_U16, MAKE_U32, MAKE_PORT, MAKE_FLAG, MAKE_NAME, MAKE_TEXT,
		   MAKE_MAC, MAKE_ADDR, MAKE_ENDPOINT, MAKE_KEY, MAKE_SALT, MAKE_NEST,
		   MAKE_LIST };

/**
 * struct nlmake_word - one attribute and how it is drawn
 * @type: number; 0 ends a table
 * @kind: of its value
 * @often: percent of the requests that have it
 * @min, @max: of a sensible number
 * @inner: of a nest; a list repeats its only word
 */
struct nlmake_word {
	int type;
	enum nlmake_kind kind;
	unsigned int often;
	unsigned int min, max;
	const struct nlmake_word *inner;
};

struct nlmake {
	u8 b[NLMAKE_MAX + 64];
	size_t len;
};

static uint64_t nlmake_state = 1;
static bool nlmake_tame;	/* the present request is to make sense */

/* Less than @below, or 0. */
static inline unsigned int nlmake_random(unsigned int below)
{
	nlmake_state ^= nlmake_state << 13;
	nlmake_state ^= nlmake_state >> 7;
	nlmake_state ^= nlmake_state << 17;
	return below ? (unsigned int)(nlmake_state >> 32) % below : 0;
}

static inline bool nlmake_chance(unsigned int percent)
{
	return nlmake_random(100) < percent;
}

/* Something odd, which a tame request has none of. */
static inline bool nlmake_odd(unsigned int percent)
{
	return !nlmake_tame && nlmake_chance(percent);
}

/* ---- the contract, as far as it can be asked for ---- */

static const struct nlmake_word nlmake_addrs[] = {
	{ VOXWALL_A_LIST_ADDR, MAKE_ADDR, 100, 0, 0, NULL }, { 0 }
};

static const struct nlmake_word nlmake_endpoints[] = {
	{ VOXWALL_A_LIST_ENDPOINT, MAKE_ENDPOINT, 100, 0, 0, NULL }, { 0 }
};

static const struct nlmake_word nlmake_vlans[] = {
	{ VOXWALL_A_LIST_VLAN, MAKE_U16, 100, 1, 4094, NULL }, { 0 }
};

static const struct nlmake_word nlmake_policy[] = {
	{ VOXWALL_A_POLICY_VOICE_VLAN, MAKE_U16, 95, 100, 102, NULL },
	{ VOXWALL_A_POLICY_SERVICES, MAKE_U32, 50, 0, VOXWALL_SERVICE_ALL, NULL },
	{ VOXWALL_A_POLICY_ROGUE_VOICE, MAKE_U8, 30, 0, 2, NULL },
	{ VOXWALL_A_POLICY_DSCP_RTP, MAKE_U8, 30, 0, 63, NULL },
	{ VOXWALL_A_POLICY_DSCP_SIP, MAKE_U8, 30, 0, 63, NULL },
	{ VOXWALL_A_POLICY_PROVISIONING, MAKE_LIST, 30, 0, 17, nlmake_addrs },
	{ VOXWALL_A_POLICY_SIP_PEERS, MAKE_LIST, 30, 0, 17, nlmake_endpoints },
	{ VOXWALL_A_POLICY_MAX_STREAMS, MAKE_U32, 30, 0, 40, NULL },
	{ VOXWALL_A_POLICY_MAX_STATIONS, MAKE_U32, 30, 0, 40, NULL },
	{ 0 }
};

static const struct nlmake_word nlmake_port[] = {
	{ VOXWALL_A_PORT_IFINDEX, MAKE_U32, 15, 1, 7, NULL },
	{ VOXWALL_A_PORT_IFNAME, MAKE_NAME, 91, 0, 6, NULL },
	{ VOXWALL_A_PORT_MODE, MAKE_U8, 91, 0, 2, NULL },
	{ VOXWALL_A_PORT_DATA_VLAN, MAKE_U16, 30, 80, 104, NULL },
	{ VOXWALL_A_PORT_VLANS, MAKE_LIST, 20, 0, 33, nlmake_vlans },
	{ VOXWALL_A_PORT_AUTHORISE, MAKE_U8, 20, 0, 3, NULL },
	{ VOXWALL_A_PORT_NO_VOICE, MAKE_FLAG, 10, 0, 0, NULL },
	{ VOXWALL_A_PORT_ALLOW_CLEAR, MAKE_FLAG, 10, 0, 0, NULL },
	{ VOXWALL_A_PORT_RX_PACKETS, MAKE_U32, 1, 0, 9, NULL },
	{ 0 }
};

static const struct nlmake_word nlmake_station[] = {
	{ VOXWALL_A_STATION_MAC, MAKE_MAC, 97, 0, 0, NULL },
	{ VOXWALL_A_STATION_IFINDEX, MAKE_U32, 91, 2, 5, NULL },
	{ VOXWALL_A_STATION_ALLOW, MAKE_U8, 80, 0, 3, NULL },
	{ VOXWALL_A_STATION_METHOD, MAKE_U8, 40, 0, 3, NULL },
	{ 0 }
};

static const struct nlmake_word nlmake_crypto[] = {
	{ VOXWALL_A_CRYPTO_SUITE, MAKE_U16, 97, 1, __VOXWALL_SUITE_MAX - 1, NULL },
	{ VOXWALL_A_CRYPTO_SLOT, MAKE_U8, 40, 0, 1, NULL },
	{ VOXWALL_A_CRYPTO_KEY, MAKE_KEY, 95, 0, 0, NULL },
	{ VOXWALL_A_CRYPTO_SALT, MAKE_SALT, 95, 0, 0, NULL },
	{ VOXWALL_A_CRYPTO_USE, MAKE_U8, 40, 0, 1, NULL },
	{ VOXWALL_A_CRYPTO_GRACE, MAKE_U32, 20, 0, 2000, NULL },
	{ VOXWALL_A_CRYPTO_KDR, MAKE_U32, 10, 0, 2, NULL },
	{ VOXWALL_A_CRYPTO_EXT_IDS, MAKE_U32, 10, 0x01010101, 0x0e0e0e0e, NULL },
	{ 0 }
};

static const struct nlmake_word nlmake_stream[] = {
	{ VOXWALL_A_STREAM_ID, MAKE_U32, 98, 1, 40, NULL },
	{ VOXWALL_A_STREAM_LABEL, MAKE_TEXT, 40, 0, VOXWALL_LABEL_LEN, NULL },
	{ VOXWALL_A_STREAM_PEER, MAKE_U32, 40, 0, 60, NULL },
	{ VOXWALL_A_STREAM_ZONE, MAKE_U8, 97, 0, 2, NULL },
	{ VOXWALL_A_STREAM_LOCAL_ADDR, MAKE_ADDR, 97, 1, 0, NULL },
	{ VOXWALL_A_STREAM_LOCAL_PORT, MAKE_PORT, 97, 20000, 20400, NULL },
	{ VOXWALL_A_STREAM_LOCAL_RTCP, MAKE_PORT, 40, 20000, 20400, NULL },
	{ VOXWALL_A_STREAM_REMOTE_ADDR, MAKE_ADDR, 97, 0, 0, NULL },
	{ VOXWALL_A_STREAM_REMOTE_PORT, MAKE_PORT, 60, 0, 65535, NULL },
	{ VOXWALL_A_STREAM_REMOTE_RTCP, MAKE_PORT, 40, 0, 65535, NULL },
	{ VOXWALL_A_STREAM_SRC_ADDR, MAKE_ADDR, 97, 1, 0, NULL },
	{ VOXWALL_A_STREAM_SRC_PORT, MAKE_PORT, 97, 1, 65535, NULL },
	{ VOXWALL_A_STREAM_SRC_RTCP, MAKE_PORT, 80, 1, 65535, NULL },
	{ VOXWALL_A_STREAM_DST_ADDR, MAKE_ADDR, 97, 0, 0, NULL },
	{ VOXWALL_A_STREAM_DST_PORT, MAKE_PORT, 97, 1, 65535, NULL },
	{ VOXWALL_A_STREAM_DST_RTCP, MAKE_PORT, 80, 1, 65535, NULL },
	{ VOXWALL_A_STREAM_OPEN, MAKE_NEST, 50, 0, 0, nlmake_crypto },
	{ VOXWALL_A_STREAM_SEAL, MAKE_NEST, 50, 0, 0, nlmake_crypto },
	{ VOXWALL_A_STREAM_CLEAR_WAN, MAKE_FLAG, 20, 0, 0, NULL },
	{ VOXWALL_A_STREAM_CLOCK_RATE, MAKE_U32, 30, 1, 96000, NULL },
	{ VOXWALL_A_STREAM_TIMEOUT, MAKE_U32, 30, 600000, 900000, NULL },
	{ VOXWALL_A_STREAM_ROC, MAKE_U32, 20, 0, 0xfffffffe, NULL },
	{ VOXWALL_A_STREAM_SEQ, MAKE_U16, 5, 0, 65535, NULL },
	{ 0 }
};

/* What STREAM_SET may say: a request with more is refused for that alone. */
static const struct nlmake_word nlmake_stream_set[] = {
	{ VOXWALL_A_STREAM_ID, MAKE_U32, 98, 1, 40, NULL },
	{ VOXWALL_A_STREAM_REMOTE_ADDR, MAKE_ADDR, 20, 0, 0, NULL },
	{ VOXWALL_A_STREAM_REMOTE_PORT, MAKE_PORT, 30, 0, 65535, NULL },
	{ VOXWALL_A_STREAM_DST_ADDR, MAKE_ADDR, 20, 0, 0, NULL },
	{ VOXWALL_A_STREAM_DST_PORT, MAKE_PORT, 30, 1, 65535, NULL },
	{ VOXWALL_A_STREAM_OPEN, MAKE_NEST, 50, 0, 0, nlmake_crypto },
	{ VOXWALL_A_STREAM_SEAL, MAKE_NEST, 50, 0, 0, nlmake_crypto },
	{ VOXWALL_A_STREAM_TIMEOUT, MAKE_U32, 30, 600000, 900000, NULL },
	{ VOXWALL_A_STREAM_ROC, MAKE_U32, 5, 0, 100, NULL },
	{ VOXWALL_A_STREAM_ZONE, MAKE_U8, 3, 0, 2, NULL },
	{ 0 }
};

static const struct nlmake_word nlmake_stream_id[] = {
	{ VOXWALL_A_STREAM_ID, MAKE_U32, 98, 1, 40, NULL },
	{ VOXWALL_A_STREAM_SEAL, MAKE_NEST, 3, 0, 0, nlmake_crypto },
	{ 0 }
};

static const struct nlmake_word nlmake_port_id[] = {
	{ VOXWALL_A_PORT_IFINDEX, MAKE_U32, 15, 1, 7, NULL },
	{ VOXWALL_A_PORT_IFNAME, MAKE_NAME, 91, 0, 6, NULL },
	{ 0 }
};

static const struct nlmake_word nlmake_station_id[] = {
	{ VOXWALL_A_STATION_MAC, MAKE_MAC, 97, 0, 0, NULL },
	{ 0 }
};

/**
 * struct nlmake_op - one operation
 * @cmd: VOXWALL_CMD_*
 * @noun: the attribute at the top
 * @weight: how often it is drawn, against the others
 * @words: NULL: none
 */
struct nlmake_op {
	u8 cmd;
	u8 noun;
	u8 weight;
	const struct nlmake_word *words;
};

static const struct nlmake_op nlmake_ops[] = {
	{ VOXWALL_CMD_POLICY_SET, VOXWALL_A_POLICY, 4, nlmake_policy },
	{ VOXWALL_CMD_POLICY_GET, 0, 4, NULL },
	{ VOXWALL_CMD_PORT_SET, VOXWALL_A_PORT, 12, nlmake_port },
	{ VOXWALL_CMD_PORT_DEL, VOXWALL_A_PORT, 4, nlmake_port_id },
	{ VOXWALL_CMD_PORT_GET, VOXWALL_A_PORT, 4, nlmake_port_id },
	{ VOXWALL_CMD_STATION_SET, VOXWALL_A_STATION, 15, nlmake_station },
	{ VOXWALL_CMD_STATION_DEL, VOXWALL_A_STATION, 4, nlmake_station_id },
	{ VOXWALL_CMD_STATION_GET, VOXWALL_A_STATION, 4, nlmake_station_id },
	{ VOXWALL_CMD_STREAM_NEW, VOXWALL_A_STREAM, 25, nlmake_stream },
	{ VOXWALL_CMD_STREAM_SET, VOXWALL_A_STREAM, 12, nlmake_stream_set },
	{ VOXWALL_CMD_STREAM_DEL, VOXWALL_A_STREAM, 8, nlmake_stream_id },
	{ VOXWALL_CMD_STREAM_GET, VOXWALL_A_STREAM, 8, nlmake_stream_id },
	{ VOXWALL_CMD_DROPS_GET, 0, 2, NULL },
	{ VOXWALL_CMD_EVENT, VOXWALL_A_EVENT, 1, NULL },
};

/* ---- attributes ---- */

/* Where the next attribute goes, or NULL when the request is long enough. */
static inline struct nlattr *nlmake_put(struct nlmake *m, int type, const void *p, size_t len)
{
	struct nlattr *a = (struct nlattr *)(m->b + NLMSG_ALIGN(m->len));

	if (NLMSG_ALIGN(m->len) + NLA_HDRLEN + NLA_ALIGN(len) > NLMAKE_MAX)
		return NULL;
	a->nla_type = (u16)type;
	a->nla_len = (u16)(NLA_HDRLEN + len);
	memset((u8 *)a + NLA_HDRLEN, 0, NLA_ALIGN(len));
	if (len)
		memcpy((u8 *)a + NLA_HDRLEN, p, len);
	m->len = NLMSG_ALIGN(m->len) + NLA_HDRLEN + len;
	return a;
}

/* Mostly sensible, often on an edge of what is, now and then anything. */
static inline unsigned int nlmake_number(const struct nlmake_word *w)
{
	if (nlmake_odd(5))
		return w->min - 1;
	if (nlmake_odd(5))
		return w->max + 1;
	if (nlmake_odd(5))
		return nlmake_random(0xffffffffu);
	if (nlmake_chance(20))
		return nlmake_chance(50) ? w->min : w->max;
	return w->min + nlmake_random(w->max - w->min + 1);
}

/* The rig's own addresses (@ours), neighbours, and what is no unicast address. */
static inline size_t nlmake_addr(u8 *p, bool ours)
{
	static const u8 v4[][4] = { { 192, 0, 2, 1 }, { 192, 0, 2, 9 }, { 224, 0, 0, 1 },
				    { 0 }, { 255, 255, 255, 255 } };
	static const u8 v6[][16] = { { 0xfd, [15] = 1 }, { 0xfd, [15] = 9 }, { 0xff, 2, [15] = 1 },
				     { 0 }, { [10] = 0xff, 0xff, 192, 0, 2, 1 } };
	unsigned int i = nlmake_odd(7) ? nlmake_random(5) : !ours;
	static const u8 lengths[] = { 3, 5, 15, 0 };

	if (nlmake_odd(2)) {
		memset(p, 1, 16);
		return lengths[nlmake_random(4)];
	}
	if (nlmake_chance(85)) {
		memcpy(p, v4[i], 4);
		return 4;
	}
	memcpy(p, v6[i], 16);
	return 16;
}

static inline void nlmake_secret_put(struct nlmake *m, int type, const unsigned int *lengths,
				     unsigned int n)
{
	u8 key[64];
	size_t i;

	memcpy(key, nlmake_secret, sizeof(nlmake_secret));
	for (i = sizeof(nlmake_secret); i < sizeof(key); i++)
		key[i] = (u8)nlmake_random(256);
	nlmake_put(m, type, key, lengths[nlmake_chance(70) ? 0 : nlmake_random(n)]);
}

static inline void nlmake_words(struct nlmake *m, const struct nlmake_word *words);

static inline void nlmake_nest(struct nlmake *m, int type, const struct nlmake_word *words,
			       unsigned int rounds)
{
	struct nlattr *nest = nlmake_put(m, type | (nlmake_odd(2) ? 0 : NLA_F_NESTED), "", 0);

	if (!nest)
		return;
	while (rounds--)
		nlmake_words(m, words);
	nest->nla_len = (u16)(m->b + m->len - (u8 *)nest);
}

static inline void nlmake_value(struct nlmake *m, const struct nlmake_word *w)
{
	static const unsigned int keys[] = { 16, 24, 32, 8, 15, 33 }, salts[] = { 14, 12, 8, 15 };
	static const char *const names[] = { "d0", "d1", "d2", "d3", "br0", "lo", "nope" };
	unsigned int n = nlmake_number(w);
	u8 bytes[128];
	size_t len;

	switch (w->kind) {
	case MAKE_U8:
		nlmake_put(m, w->type, &n, 1);
		return;
	case MAKE_U16:
		nlmake_put(m, w->type, &n, 2);
		return;
	case MAKE_U32:
		nlmake_put(m, w->type, &n, 4);
		return;
	case MAKE_PORT:
		bytes[0] = (u8)(n >> 8);
		bytes[1] = (u8)n;
		nlmake_put(m, w->type, bytes, 2);
		return;
	case MAKE_FLAG:
		nlmake_put(m, w->type, "", 0);
		return;
	case MAKE_NAME:
		n = nlmake_random(nlmake_tame ? 4 : ARRAY_SIZE(names));
		nlmake_put(m, w->type, names[n], strlen(names[n]) + !nlmake_odd(3));
		return;
	case MAKE_TEXT:
		n = nlmake_random(w->max + (nlmake_tame ? 1 : 3));
		memset(bytes, 'a' + (int)nlmake_random(26), sizeof(bytes));
		bytes[n] = 0;
		nlmake_put(m, w->type, bytes, n + !nlmake_odd(3));
		return;
	case MAKE_MAC:
		memcpy(bytes, "\x02\0\0\0\1", 5);
		bytes[5] = (u8)nlmake_random(32);
		bytes[0] |= nlmake_odd(2);
		nlmake_put(m, w->type, bytes, nlmake_odd(2) ? nlmake_random(9) : 6);
		return;
	case MAKE_ADDR:
	case MAKE_ENDPOINT:
		len = nlmake_addr(bytes, w->min);
		if (w->kind == MAKE_ENDPOINT) {
			memcpy(bytes + len, "\x13\xc4", 2);
			len += 2;
		}
		nlmake_put(m, w->type, bytes, len);
		return;
	case MAKE_KEY:
		nlmake_secret_put(m, w->type, keys, ARRAY_SIZE(keys));
		return;
	case MAKE_SALT:
		nlmake_secret_put(m, w->type, salts, ARRAY_SIZE(salts));
		return;
	case MAKE_NEST:
		nlmake_nest(m, w->type, w->inner, 1);
		return;
	case MAKE_LIST:
		nlmake_nest(m, w->type, w->inner,
			    nlmake_odd(10) ? nlmake_random(w->max + 1) : nlmake_random(4));
		return;
	}
}

static inline void nlmake_words(struct nlmake *m, const struct nlmake_word *words)
{
	for (; words->type; words++) {
		if (nlmake_chance(nlmake_tame && words->often > 90 ? 100 : words->often))
			nlmake_value(m, words);
		if (nlmake_odd(1))
			nlmake_value(m, words);
	}
	if (nlmake_odd(1))
		nlmake_put(m, (int)nlmake_random(70), nlmake_secret, nlmake_random(9));
}

/* ---- requests ---- */

static inline const struct nlmake_op *nlmake_draw(void)
{
	unsigned int sum = 0, i;

	for (i = 0; i < ARRAY_SIZE(nlmake_ops); i++)
		sum += nlmake_ops[i].weight;
	sum = nlmake_random(sum);
	for (i = 0; sum >= nlmake_ops[i].weight; i++)
		sum -= nlmake_ops[i].weight;
	return &nlmake_ops[i];
}

/* Bytes behind the netlink header change; the length the core goes by stays true. */
static inline void nlmake_bend(struct nlmake *m)
{
	unsigned int times = 1 + nlmake_random(4);
	u8 junk[64];
	size_t at, room;
	u16 word;

	while (times--) {
		room = m->len - NLMSG_HDRLEN;
		at = NLMSG_HDRLEN + nlmake_random((unsigned int)room);
		switch (nlmake_random(5)) {
		case 0:
			m->b[at] ^= (u8)(1 << nlmake_random(8));
			break;
		case 1:
			m->b[at] = (u8)nlmake_random(256);
			break;
		case 2:
			/* Lengths and types of attributes lie on multiples of 4. */
			at &= ~(size_t)3;
			word = (u16)nlmake_random(nlmake_chance(50) ? 64 : 65536);
			memcpy(m->b + at + 2 * nlmake_random(2), &word, 2);
			break;
		case 3:
			m->len = at < NLMSG_HDRLEN + GENL_HDRLEN && nlmake_chance(90) ? m->len : at;
			break;
		case 4:
			memcpy(junk, m->b, sizeof(junk));
			nlmake_put(m, (int)nlmake_random(70000), junk, nlmake_random(64));
			break;
		}
		if (m->len <= NLMSG_HDRLEN)
			return;
	}
}

/* One request in @m, without its sequence number; returns the operation meant. */
static inline const struct nlmake_op *nlmake_request(struct nlmake *m, int family)
{
	const struct nlmake_op *op = nlmake_draw();
	struct nlmsghdr *h = (struct nlmsghdr *)m->b;
	struct genlmsghdr *g = (struct genlmsghdr *)(m->b + NLMSG_HDRLEN);

	memset(m, 0, sizeof(*m));
	m->len = NLMSG_HDRLEN + GENL_HDRLEN;
	h->nlmsg_type = (u16)family;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	g->cmd = op->cmd;
	g->version = VOXWALL_GENL_VERSION;
	nlmake_tame = nlmake_chance(60);
	if (op->words && !nlmake_odd(4))
		nlmake_nest(m, op->noun, op->words, 1);
	if (op->words && nlmake_odd(6))
		nlmake_nest(m, op->noun, op->words, 1);
	if (op->cmd == VOXWALL_CMD_DROPS_GET ? !nlmake_odd(20) : nlmake_odd(8))
		h->nlmsg_flags |= NLM_F_DUMP;
	if (nlmake_odd(50))
		nlmake_bend(m);
	h->nlmsg_len = (u32)m->len;
	return op;
}

#endif
