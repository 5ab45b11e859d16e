// SPDX-License-Identifier: GPL-2.0-or-later
#include "portalloc.h"

#include <linux/filter.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <unistd.h>

enum pair_state { PAIR_FREE, PAIR_USED, PAIR_RESTING };

struct pair {
	enum pair_state state;
	u64 since;		/* resting: when it was given back, ms */
	void *owner;		/* used: who has it */
	int fd[2];
};

struct vw_ports {
	struct vw_endpoint addr;
	u16 min;
	bool bind;
	size_t used;
	size_t npairs;
	struct pair pair[];
};

struct vw_ports *vw_ports_new(const struct vw_endpoint *addr, u16 min, u16 max, bool bind)
{
	unsigned int first = (min + 1u) & ~1u;
	struct vw_ports *p;
	size_t n;

	if (first < 2 || first + 1u > max)
		return NULL;
	n = (max - first + 1u) / 2;
	p = calloc(1, sizeof(*p) + n * sizeof(p->pair[0]));
	if (!p)
		return NULL;
	p->addr = *addr;
	p->min = (u16)first;
	p->npairs = n;
	p->bind = bind;
	for (size_t i = 0; i < n; i++)
		p->pair[i].fd[0] = p->pair[i].fd[1] = -1;
	return p;
}

static void let_go(struct pair *pair)
{
	for (int i = 0; i < 2; i++) {
		if (pair->fd[i] >= 0)
			close(pair->fd[i]);
		pair->fd[i] = -1;
	}
}

void vw_ports_free(struct vw_ports *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->npairs; i++)
		let_go(&p->pair[i]);
	free(p);
}

const struct vw_endpoint *vw_ports_addr(const struct vw_ports *p)
{
	return &p->addr;
}

/* A socket that owns the port and throws away whatever arrives. */
static int deaf_socket(const struct vw_endpoint *addr, u16 port)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog prog = { .len = 1, .filter = &nothing };
	struct vw_endpoint e = *addr;
	struct sockaddr_storage ss;
	socklen_t len;
	int fd;

	e.port = port;
	len = vw_endpoint_to_sockaddr(&e, &ss);
	fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ||
	    bind(fd, (struct sockaddr *)&ss, len)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool hold(struct vw_ports *p, struct pair *pair)
{
	u16 port = (u16)(p->min + 2 * (pair - p->pair));

	if (!p->bind)
		return true;
	for (u16 i = 0; i < 2; i++) {
		pair->fd[i] = deaf_socket(&p->addr, (u16)(port + i));
		if (pair->fd[i] < 0) {
			let_go(pair);
			return false;
		}
	}
	return true;
}

static bool usable(const struct pair *pair, u64 now)
{
	if (pair->state == PAIR_RESTING)
		return now - pair->since >= VW_PORTS_REST_MS;
	return pair->state == PAIR_FREE;
}

/* Returns its port; 0: somebody else has it. */
static u16 use(struct vw_ports *p, struct pair *pair, void *owner)
{
	if (!hold(p, pair))
		return 0;
	pair->state = PAIR_USED;
	pair->owner = owner;
	p->used++;
	return (u16)(p->min + 2 * (pair - p->pair));
}

static struct pair *longest_resting(struct vw_ports *p)
{
	struct pair *found = NULL;

	for (size_t i = 0; i < p->npairs; i++)
		if (p->pair[i].state == PAIR_RESTING && (!found || p->pair[i].since < found->since))
			found = &p->pair[i];
	return found;
}

u16 vw_ports_take(struct vw_ports *p, u64 now, void *owner)
{
	struct pair *rested;
	u32 start = 0;
	u16 port;

	/* where the next call's media goes is nobody's to guess */
	if (RAND_bytes((unsigned char *)&start, sizeof(start)) != 1)
		return 0;
	for (size_t i = 0; i < p->npairs; i++) {
		struct pair *pair = &p->pair[(start + i) % p->npairs];

		port = usable(pair, now) ? use(p, pair, owner) : 0;
		if (port)
			return port;
	}
	/* a call that can't be is worse than a late packet in a new one */
	rested = longest_resting(p);
	return rested ? use(p, rested, owner) : 0;
}

static struct pair *pair_of(struct vw_ports *p, u16 port)
{
	size_t i = (size_t)(port - p->min) / 2;

	if (port < p->min || port & 1 || i >= p->npairs)
		return NULL;
	return &p->pair[i];
}

bool vw_ports_claim(struct vw_ports *p, u16 port, void *owner)
{
	struct pair *pair = pair_of(p, port);

	if (!pair || pair->state == PAIR_USED)
		return false;
	/*
	 * The streams are running already: that somebody else holds the port by
	 * now doesn't change whose it is.
	 */
	hold(p, pair);
	pair->state = PAIR_USED;
	pair->owner = owner;
	p->used++;
	return true;
}

void *vw_ports_owner(struct vw_ports *p, u16 port)
{
	const struct pair *pair = pair_of(p, port);

	return pair && pair->state == PAIR_USED ? pair->owner : NULL;
}

void vw_ports_give(struct vw_ports *p, u16 port, u64 now)
{
	struct pair *pair = pair_of(p, port);

	if (!pair || pair->state != PAIR_USED)
		return;
	let_go(pair);
	pair->state = PAIR_RESTING;
	pair->since = now;
	p->used--;
}

size_t vw_ports_count(const struct vw_ports *p)
{
	return p->npairs;
}

size_t vw_ports_used(const struct vw_ports *p)
{
	return p->used;
}
