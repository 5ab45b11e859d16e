/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random and bent requests to the module, from a seed, and what must hold after
 * each of them.
 *
 *   nlfuzz SEED COUNT [--crowd]
 *
 * In the network namespace that it runs in, with interfaces d0 to d3 and br0 and
 * the addresses 192.0.2.1 and fd00::1. --crowd: others do the same here, so what a
 * request changed isn't known, and only the answers are judged.
 */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nlmake.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif

#define TIMEOUT_LASTS	500000	/* ms; a stream with less may end by itself */
#define N_CMDS		(VOXWALL_CMD_MAX + 1)

/**
 * struct state - what the listings say
 * @hash: of all of it but what packets and time change
 * @streams, @stations, @ports: how many
 * @max_streams, @max_stations: the policy's
 */
struct state {
	uint64_t hash;
	unsigned int streams, stations, ports;
	unsigned int max_streams, max_stations;
};

/**
 * struct answer - to one request
 * @error: errno that it was refused with, or 0
 * @ends: how often it was answered for good; must be 1
 * @sentence: a refusal came with one
 */
struct answer {
	int error;
	int ends;
	bool sentence;
};

static int fd;
static unsigned int request;	/* being tried */
static u32 seq = 100;
static unsigned int done[N_CMDS], refused[N_CMDS];
static _Alignas(8) u8 buffer[1 << 17];
static struct nlmake message;

__attribute__((noreturn))
static void fail(const char *what)
{
	size_t i;

	printf("not ok 1 - request %u: %s\n# the request:", request, what);
	for (i = 0; i < message.len; i++)
		printf("%s%02x", i % 4 ? "" : " ", message.b[i]);
	printf("\n1..1\n");
	exit(1);
}

/* ---- attributes of an answer ---- */

struct span {
	const u8 *p;
	size_t len;
};

/* The next attribute of @s, whose @ret is the value; false: none is left. */
static bool next(struct span *s, int *ret_type, struct span *ret)
{
	const struct nlattr *a = (const struct nlattr *)s->p;
	size_t step;

	if (!s->len)
		return false;
	if (s->len < NLA_HDRLEN || a->nla_len < NLA_HDRLEN || a->nla_len > s->len)
		fail("an attribute of the answer has a length that lies");
	*ret_type = a->nla_type & NLA_TYPE_MASK;
	*ret = (struct span){ s->p + NLA_HDRLEN, a->nla_len - (size_t)NLA_HDRLEN };
	step = NLA_ALIGN(a->nla_len);
	step = step < s->len ? step : s->len;
	s->p += step;
	s->len -= step;
	return true;
}

static bool find(struct span s, int type, struct span *ret)
{
	int t;

	while (next(&s, &t, ret))
		if (t == type)
			return true;
	return false;
}

static u32 number(const struct span *v)
{
	u32 n = 0;

	if (v->len != 1 && v->len != 2 && v->len != 4)
		fail("a number of the answer has no number's length");
	memcpy(&n, v->p, v->len);
	return n;
}

static u32 number_of(struct span s, int type)
{
	struct span v;

	if (!find(s, type, &v))
		fail("the answer lacks an attribute");
	return number(&v);
}

static void add(uint64_t *hash, const void *p, size_t len)
{
	const u8 *b = p;

	while (len--)
		*hash = (*hash ^ *b++) * 0x100000001b3ULL;
}

/* What packets and time change has no part in what requests change. */
static bool is_volatile(int noun, int type)
{
	switch (noun) {
	case VOXWALL_A_PORT:
		return type == VOXWALL_A_PORT_RX_PACKETS || type == VOXWALL_A_PORT_DROPPED;
	case VOXWALL_A_STATION:
		return type == VOXWALL_A_STATION_PACKETS || type == VOXWALL_A_STATION_IDLE;
	case VOXWALL_A_STREAM:
		return type >= VOXWALL_A_STREAM_IDLE;
	}
	return false;
}

static bool is_nest(int noun, int type)
{
	if (noun == VOXWALL_A_STREAM)
		return type == VOXWALL_A_STREAM_OPEN || type == VOXWALL_A_STREAM_SEAL;
	if (noun == VOXWALL_A_PORT)
		return type == VOXWALL_A_PORT_VLANS;
	return noun == VOXWALL_A_POLICY && (type == VOXWALL_A_POLICY_PROVISIONING ||
					    type == VOXWALL_A_POLICY_SIP_PEERS);
}

static void walk(int noun, struct span s, uint64_t *hash)
{
	struct span v, inner;
	int type, t;

	while (next(&s, &type, &v)) {
		if (is_volatile(noun, type))
			continue;
		add(hash, &type, sizeof(type));
		add(hash, v.p, v.len);
		inner = v;
		while (is_nest(noun, type) && next(&inner, &t, &v))
			;
	}
}

/* ---- what an answer says of an object ---- */

static void see_stream(struct span s, struct state *st)
{
	struct span open;
	u32 timeout;

	st->streams++;
	if (!number_of(s, VOXWALL_A_STREAM_ID))
		fail("a stream is listed with identifier 0");
	if (number_of(s, VOXWALL_A_STREAM_ZONE) >= __VOXWALL_ZONE_MAX)
		fail("a stream is listed in no zone");
	if (find(s, VOXWALL_A_STREAM_OPEN, &open) &&
	    number_of(open, VOXWALL_A_CRYPTO_SUITE) >= __VOXWALL_SUITE_MAX)
		fail("a stream is listed with no suite");
	timeout = number_of(s, VOXWALL_A_STREAM_TIMEOUT);
	if (!timeout || timeout >= TIMEOUT_LASTS)
		walk(VOXWALL_A_STREAM, s, &st->hash);
}

static void see_policy(struct span s, struct state *st)
{
	u32 vlan = number_of(s, VOXWALL_A_POLICY_VOICE_VLAN);

	if (vlan < 1 || vlan > 4094)
		fail("the policy's voice VLAN is none");
	st->max_streams = number_of(s, VOXWALL_A_POLICY_MAX_STREAMS);
	st->max_stations = number_of(s, VOXWALL_A_POLICY_MAX_STATIONS);
	walk(VOXWALL_A_POLICY, s, &st->hash);
}

static void see(struct span s, struct state *st)
{
	struct span v;
	int type;

	while (next(&s, &type, &v)) {
		switch (type) {
		case VOXWALL_A_POLICY:
			see_policy(v, st);
			break;
		case VOXWALL_A_STREAM:
			see_stream(v, st);
			break;
		case VOXWALL_A_STATION:
			st->stations++;
			walk(type, v, &st->hash);
			break;
		case VOXWALL_A_PORT:
			st->ports++;
			if (number_of(v, VOXWALL_A_PORT_MODE) >= __VOXWALL_PORT_MODE_MAX)
				fail("a port is listed in no mode");
			walk(type, v, &st->hash);
			break;
		case VOXWALL_A_DROPS:
			walk(type, v, &(uint64_t){ 0 });
			break;
		default:
			fail("an answer has an attribute of no noun");
		}
	}
}

/* ---- exchanges ---- */

/* A request of an operation that takes keys, which wipes whatever it is given. What
 * names another is returned as it came, to who sent it. */
static bool takes_keys(const struct nlmsghdr *h)
{
	const struct genlmsghdr *g = NLMSG_DATA(h);

	return h->nlmsg_len >= NLMSG_HDRLEN + GENL_HDRLEN && !(h->nlmsg_flags & NLM_F_DUMP) &&
	       (g->cmd == VOXWALL_CMD_STREAM_NEW || g->cmd == VOXWALL_CMD_STREAM_SET);
}

static void check_secret(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);

	if (h->nlmsg_type == NLMSG_ERROR &&
	    (!e->error || h->nlmsg_flags & NLM_F_CAPPED || !takes_keys(&e->msg)))
		return;
	if (memmem(h, h->nlmsg_len, nlmake_secret, sizeof(nlmake_secret)))
		fail("an answer holds a key");
}

static void end_of(const struct nlmsghdr *h, struct answer *ret)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	struct span tlvs, v;
	size_t skip = sizeof(*e);

	ret->ends++;
	ret->error = -e->error;
	if (!ret->error || h->nlmsg_type != NLMSG_ERROR || !(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	tlvs = (struct span){ (const u8 *)e + skip, h->nlmsg_len - NLMSG_HDRLEN - skip };
	ret->sentence = find(tlvs, NLMSGERR_ATTR_MSG, &v);
}

static void take(const struct nlmsghdr *h, u32 mine, struct answer *ret, struct state *st)
{
	check_secret(h);
	if (h->nlmsg_seq != mine)
		fail("an answer to what was not asked");
	if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE)
		end_of(h, ret);
	else if (h->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		fail("an answer is too short");
	else
		see((struct span){ (const u8 *)h + NLMSG_HDRLEN + GENL_HDRLEN,
				   h->nlmsg_len - (size_t)NLMSG_HDRLEN - GENL_HDRLEN }, st);
}

/* Read what came; the answers of one request come in one order. */
static void receive(u32 mine, struct answer *ret, struct state *st)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct nlmsghdr *h = (struct nlmsghdr *)buffer;
	ssize_t n;

	if (poll(&p, 1, 60000) != 1)
		fail("no answer within a minute");
	n = recv(fd, buffer, sizeof(buffer), 0);
	if (n < 0)
		fail(strerror(errno));
	for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
		take(h, mine, ret, st);
	if (n > 0)
		fail("an answer ends in the middle of a message");
}

static struct answer exchange(struct nlmake *m, struct state *st)
{
	struct nlmsghdr *h = (struct nlmsghdr *)m->b;
	struct answer ret = { 0 };

	h->nlmsg_seq = ++seq;
	if (send(fd, m->b, m->len, 0) < 0)
		fail("the request can't be sent");
	while (!ret.ends)
		receive(seq, &ret, st);
	return ret;
}

static void ask(int family, u8 cmd, u16 flags, struct state *st)
{
	struct nlmake m = { .len = NLMSG_HDRLEN + GENL_HDRLEN };
	struct nlmsghdr *h = (struct nlmsghdr *)m.b;
	struct answer a;

	*h = (struct nlmsghdr){ (u32)m.len, (u16)family, (u16)(NLM_F_REQUEST | flags), 0, 0 };
	*(struct genlmsghdr *)(m.b + NLMSG_HDRLEN) =
		(struct genlmsghdr){ cmd, VOXWALL_GENL_VERSION, 0 };
	a = exchange(&m, st);
	if (a.error && a.error != ENOENT)
		fail("a plain listing is refused");
}

static struct state look(int family)
{
	struct state st = { .hash = 0xcbf29ce484222325ULL };

	ask(family, VOXWALL_CMD_POLICY_GET, NLM_F_ACK, &st);
	ask(family, VOXWALL_CMD_PORT_GET, NLM_F_DUMP, &st);
	ask(family, VOXWALL_CMD_STATION_GET, NLM_F_DUMP, &st);
	ask(family, VOXWALL_CMD_STREAM_GET, NLM_F_DUMP, &st);
	return st;
}

/* ---- one request ---- */

static void judge(const struct state *was, const struct state *is, const struct answer *a)
{
	if (a->error && was->hash != is->hash)
		fail("it was refused, and something changed");
	if (is->streams > was->streams && is->streams > is->max_streams)
		fail("more streams than the policy allows");
	if (is->stations > was->stations && is->stations > is->max_stations)
		fail("more stations than the policy allows");
	if (is->ports > VOXWALL_MAX_PORTS)
		fail("too many ports");
}

static void one(int family, bool crowd, struct state *st)
{
	const struct nlmake_op *op = nlmake_request(&message, family);
	struct state said = { 0 }, now;
	struct answer a;

	a = exchange(&message, &said);
	if (a.error)
		refused[op->cmd]++;
	else
		done[op->cmd]++;
	if (crowd)
		return;
	now = look(family);
	judge(st, &now, &a);
	*st = now;
}

/* A run that only ever was refused, or never, has shown nothing. */
static void report(bool crowd)
{
	unsigned int cmd, bad = 0;

	for (cmd = 1; cmd < N_CMDS; cmd++) {
		printf("# operation %2u: %u done, %u refused\n", cmd, done[cmd], refused[cmd]);
		bad += !crowd && (!refused[cmd] || (!done[cmd] && cmd != VOXWALL_CMD_EVENT));
	}
	printf("%s 1 - %u requests, each answered and judged\n", bad ? "not ok" : "ok", request);
	printf("1..1\n");
	exit(bad != 0);
}

static int family_of(void)
{
	struct nlmake m = { .len = NLMSG_HDRLEN + GENL_HDRLEN };
	struct nlmsghdr *h = (struct nlmsghdr *)m.b;
	struct span v;
	ssize_t n;

	*(struct genlmsghdr *)(m.b + NLMSG_HDRLEN) = (struct genlmsghdr){ CTRL_CMD_GETFAMILY, 1, 0 };
	nlmake_put(&m, CTRL_ATTR_FAMILY_NAME, VOXWALL_GENL_NAME, sizeof(VOXWALL_GENL_NAME));
	*h = (struct nlmsghdr){ (u32)m.len, GENL_ID_CTRL, NLM_F_REQUEST, 1, 0 };
	if (send(fd, m.b, m.len, 0) < 0)
		fail("netlink doesn't work");
	n = recv(fd, buffer, sizeof(buffer), 0);
	h = (struct nlmsghdr *)buffer;
	if (n < (ssize_t)(NLMSG_HDRLEN + GENL_HDRLEN) || h->nlmsg_type != GENL_ID_CTRL ||
	    !find((struct span){ buffer + NLMSG_HDRLEN + GENL_HDRLEN,
				 (size_t)n - NLMSG_HDRLEN - GENL_HDRLEN },
		  CTRL_ATTR_FAMILY_ID, &v))
		fail("the module isn't loaded");
	return (int)number(&v);
}

int main(int argc, char **argv)
{
	bool crowd = argc > 3 && !strcmp(argv[3], "--crowd");
	unsigned int count;
	struct state st;
	int family, one_ = 1;

	if (argc < 3) {
		fprintf(stderr, "usage: nlfuzz SEED COUNT [--crowd]\n");
		return 2;
	}
	nlmake_state = strtoull(argv[1], NULL, 0) * 0x9e3779b97f4a7c15ULL + 1;
	count = (unsigned int)strtoul(argv[2], NULL, 0);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0)
		fail("no netlink");
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one_, sizeof(one_));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one_, sizeof(one_));
	family = family_of();
	st = look(family);
	for (request = 1; request <= count; request++)
		one(family, crowd, &st);
	request--;
	report(crowd);
}
