/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests in words, and answers in the same words, for the tools that speak to the
 * module in plain netlink. No libnl on purpose: it would not send what is wrong.
 */
#ifndef VWNL_H
#define VWNL_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vwnl_words.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif

static inline void die(const char *what)
{
	fprintf(stderr, "vwnl: %s: %s\n", what, strerror(errno));
	exit(2);
}

static inline void usage(const char *what, const char *where)
{
	fprintf(stderr, "vwnl: %s: %s\n", what, where);
	exit(2);
}

/* ---- writing ---- */

struct message {
	union {
		struct nlmsghdr head;
		char b[65536];
	};
};

static inline void *grow(struct message *m, size_t len)
{
	void *p = m->b + NLMSG_ALIGN(m->head.nlmsg_len);

	if (NLMSG_ALIGN(m->head.nlmsg_len) + NLMSG_ALIGN(len) > sizeof(m->b))
		usage("too long", "the message");
	m->head.nlmsg_len = (unsigned int)(NLMSG_ALIGN(m->head.nlmsg_len) + len);
	return p;
}

static inline struct nlattr *put(struct message *m, int type, const void *p, size_t len)
{
	struct nlattr *a = grow(m, NLA_HDRLEN + len);

	a->nla_type = (unsigned short)type;
	a->nla_len = (unsigned short)(NLA_HDRLEN + len);
	if (len)
		memcpy((char *)a + NLA_HDRLEN, p, len);
	return a;
}

static inline size_t hex(const char *text, unsigned char *ret, size_t max)
{
	unsigned int byte;
	size_t n = 0;

	for (; *text; text += 2) {
		if (n == max || sscanf(text, "%2x", &byte) != 1 || !text[1])
			usage("no hex", text);
		ret[n++] = (unsigned char)byte;
	}
	return n;
}

static inline void put_value(struct message *m, const struct word *w, const char *text)
{
	unsigned long long number = strtoull(text, NULL, 0);
	unsigned char bytes[4096];
	unsigned short be;

	switch (w->kind) {
	case U8:
	case U16:
	case U32:
	case U64:
		/* Little-endian: the first bytes are the number. */
		put(m, w->number, &number, (size_t)1 << w->kind);
		return;
	case BE16:
		be = htons((unsigned short)number);
		put(m, w->number, &be, 2);
		return;
	case TEXT:
		put(m, w->number, text, strlen(text) + 1);
		return;
	case FLAG:
		put(m, w->number, NULL, 0);
		return;
	case MAC:
		if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", bytes, bytes + 1, bytes + 2,
			   bytes + 3, bytes + 4, bytes + 5) != 6)
			usage("no MAC address", text);
		put(m, w->number, bytes, 6);
		return;
	case HEX:
	case NEST:
	case COUNTS:
	case CLASSES:
	case DIAGNOSES:
		put(m, w->number, bytes, hex(text, bytes, sizeof(bytes)));
	}
}

static inline const struct word *look_up(const struct word *words, const char *name, size_t len)
{
	static struct word raw;

	if (*name == '#') {
		raw = (struct word){ "#", atoi(name + 1), HEX, top_words };
		return &raw;
	}
	for (; words && words->name; words++)
		if (strlen(words->name) == len && !memcmp(words->name, name, len))
			return words;
	usage("no such word", name);
	return NULL;
}

/* Words up to the matching "}"; returns how many were used. */
static inline int put_words(struct message *m, const struct word *words, char **argv, int n)
{
	const struct word *w;
	struct nlattr *nest;
	size_t len;
	int i;

	for (i = 0; i < n && strcmp(argv[i], "}"); i++) {
		len = strcspn(argv[i], "={");
		w = look_up(words, argv[i], len);
		if (argv[i][len] != '{') {
			put_value(m, w, argv[i][len] ? argv[i] + len + 1 : "");
			continue;
		}
		nest = put(m, w->number | NLA_F_NESTED, NULL, 0);
		i += 1 + put_words(m, w->inner, argv + i + 1, n - i - 1);
		nest->nla_len = (unsigned short)(m->b + m->head.nlmsg_len - (char *)nest);
	}
	return i;
}

/* ---- reading ---- */

static inline void show_number(const struct nlattr *a, enum kind kind)
{
	const void *p = (const char *)a + NLA_HDRLEN;
	unsigned long long number = 0;

	memcpy(&number, p, (size_t)1 << kind);
	printf("%llu", number);
}

static inline void show_bytes(const struct nlattr *a, const char *between)
{
	const unsigned char *p = (const unsigned char *)a + NLA_HDRLEN;
	int i;

	for (i = 0; i < a->nla_len - NLA_HDRLEN; i++)
		printf("%s%02x", i ? between : "", p[i]);
}

static inline void show_counts(const struct nlattr *a, const char *(*name)(unsigned int))
{
	const char *p = (const char *)a + NLA_HDRLEN;
	unsigned int i, n = (a->nla_len - (unsigned int)NLA_HDRLEN) / 8;
	unsigned long long count;

	for (i = 0; i < n; i++) {
		memcpy(&count, p + i * 8, 8);
		if (count)
			printf("%s=%llu ", name(i), count);
	}
}

static inline void show_all(const char *p, size_t len, const struct word *words);

static inline void show(const struct nlattr *a, const struct word *words)
{
	const char *p = (const char *)a + NLA_HDRLEN;
	const struct word *w = words;

	while (w && w->name && w->number != (a->nla_type & NLA_TYPE_MASK))
		w++;
	if (!w || !w->name)
		return;
	if (w->kind == COUNTS || w->kind == CLASSES || w->kind == DIAGNOSES) {
		show_counts(a, w->kind == COUNTS ? vw_drop_name :
			    w->kind == CLASSES ? vw_class_name : vw_diagnosis_name);
		return;
	}
	printf("%s", w->name);
	if (w->kind == NEST) {
		printf("{ ");
		show_all(p, a->nla_len - (size_t)NLA_HDRLEN, w->inner);
		printf("} ");
		return;
	}
	if (w->kind != FLAG)
		putchar('=');
	if (w->kind <= U64)
		show_number(a, w->kind);
	else if (w->kind == BE16)
		printf("%u", get_unaligned_be16(p));
	else if (w->kind == TEXT)
		printf("%s", p);
	else if (w->kind != FLAG)
		show_bytes(a, w->kind == MAC ? ":" : "");
	putchar(' ');
}

static inline void show_all(const char *p, size_t len, const struct word *words)
{
	while (len >= (size_t)NLA_HDRLEN) {
		const struct nlattr *a = (const struct nlattr *)p;
		size_t step = NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > len)
			return;
		show(a, words);
		if (step >= len)
			return;
		p += step;
		len -= step;
	}
}

/* 0: go on; 1: done; the exit status is *@ret. */
static inline int refusal(const struct nlmsghdr *h, int *ret)
{
	const struct nlmsgerr *e = (const struct nlmsgerr *)((const char *)h + NLMSG_HDRLEN);
	const char *p = (const char *)(e + 1);
	const char *end = (const char *)h + h->nlmsg_len;
	const char *sentence = "(no sentence)";

	*ret = 0;
	if (!e->error)
		return 1;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		p += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	while (h->nlmsg_flags & NLM_F_ACK_TLVS && p + NLA_HDRLEN <= end) {
		const struct nlattr *a = (const struct nlattr *)p;

		if (a->nla_len < NLA_HDRLEN)
			break;
		if ((a->nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG)
			sentence = p + NLA_HDRLEN;
		p += NLA_ALIGN(a->nla_len);
	}
	printf("refused %d: %s%s\n", -e->error, sentence,
	       memmem(e + 1, (size_t)(end - (const char *)(e + 1)), "ZZZZZZZZ", 8) ?
	       " with its key" : "");
	*ret = 1;
	return 1;
}

static inline int dump_end(const struct nlmsghdr *h, int *ret)
{
	int err = 0;

	if (h->nlmsg_len >= NLMSG_HDRLEN + sizeof(err))
		memcpy(&err, (const char *)h + NLMSG_HDRLEN, sizeof(err));
	*ret = err < 0;
	if (err < 0)
		printf("refused %d: (no sentence)\n", -err);
	return 1;
}

static inline void enter(const char *netns)
{
	char path[256];
	int fd;

	if (!strcmp(netns, "-"))
		return;
	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

static inline int open_netlink(void)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int one = 1;

	if (fd < 0 || bind(fd, (struct sockaddr *)&nl, sizeof(nl)))
		die("netlink");
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	return fd;
}

static inline void begin(struct message *m, int type, int cmd, int flags)
{
	struct genlmsghdr *g;

	memset(m, 0, sizeof(m->head) + 64);
	m->head.nlmsg_len = NLMSG_HDRLEN;
	m->head.nlmsg_type = (unsigned short)type;
	m->head.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | flags);
	g = grow(m, GENL_HDRLEN);
	g->cmd = (unsigned char)cmd;
	g->version = VOXWALL_GENL_VERSION;
}

static inline const struct nlattr *find(const char *p, size_t len, int type)
{
	while (len >= (size_t)NLA_HDRLEN) {
		const struct nlattr *a = (const struct nlattr *)p;
		size_t step = NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN)
			return NULL;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		if (step >= len)
			return NULL;
		p += step;
		len -= step;
	}
	return NULL;
}

/* The family's number, and that of its only group. */
static inline int family(int fd, int *ret_group)
{
	static struct message m;
	const struct nlattr *id, *groups, *group;
	const char *p = m.b + NLMSG_HDRLEN + GENL_HDRLEN;
	ssize_t n;

	begin(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put(&m, CTRL_ATTR_FAMILY_NAME, VOXWALL_GENL_NAME, sizeof(VOXWALL_GENL_NAME));
	if (send(fd, &m, m.head.nlmsg_len, 0) < 0)
		die("send");
	n = recv(fd, &m, sizeof(m), 0);
	if (n < 0)
		die("recv");
	if (m.head.nlmsg_type == NLMSG_ERROR)
		usage("the module isn't loaded", VOXWALL_GENL_NAME);
	n -= p - m.b;
	id = find(p, (size_t)n, CTRL_ATTR_FAMILY_ID);
	groups = find(p, (size_t)n, CTRL_ATTR_MCAST_GROUPS);
	if (!id || !groups)
		usage("no family", VOXWALL_GENL_NAME);
	group = find((const char *)groups + 2 * NLA_HDRLEN,
		     groups->nla_len - 2 * (size_t)NLA_HDRLEN, CTRL_ATTR_MCAST_GRP_ID);
	if (!group)
		usage("no group", VOXWALL_MCGRP_EVENTS);
	*ret_group = *(const int *)((const char *)group + NLA_HDRLEN);
	return *(const unsigned short *)((const char *)id + NLA_HDRLEN);
}

static inline int answers(int fd)
{
	static struct message m;
	int ret = 0;

	for (;;) {
		ssize_t n = recv(fd, &m, sizeof(m), 0);
		struct nlmsghdr *h = &m.head;

		if (n < 0)
			die("recv");
		for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_ERROR && refusal(h, &ret))
				return ret;
			if (h->nlmsg_type == NLMSG_DONE && dump_end(h, &ret))
				return ret;
			show_all((char *)h + NLMSG_HDRLEN + GENL_HDRLEN,
				 h->nlmsg_len - (size_t)NLMSG_HDRLEN - GENL_HDRLEN, top_words);
			printf("%s\n", h->nlmsg_flags & NLM_F_DUMP_INTR ? "interrupted" : "");
		}
	}
}

/* What a namespace is set to. */
static inline int state(int fd, int id)
{
	static const int listings[] = { VOXWALL_CMD_POLICY_GET, VOXWALL_CMD_PORT_GET,
					VOXWALL_CMD_STATION_GET, VOXWALL_CMD_STREAM_GET };
	static struct message m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(listings); i++) {
		begin(&m, id, listings[i], i ? NLM_F_DUMP : NLM_F_ACK);
		if (send(fd, &m, m.head.nlmsg_len, 0) < 0)
			die("send");
		answers(fd);
	}
	return 0;
}

#endif
