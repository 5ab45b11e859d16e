// SPDX-License-Identifier: GPL-2.0-or-later
/* Interfaces, by rtnetlink. */
#include "link.h"

#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../loop.h"

#define SETTLE_MS	50	/* an interface is born in several messages */

struct vw_link {
	struct nl_sock *sk;
	struct vw_watch *watch;
	struct vw_timer *settle;
	bool armed;
	void (*cb)(void *arg);
	void *arg;
};

static void on_settled(void *arg)
{
	struct vw_link *l = arg;

	l->armed = false;
	l->cb(l->arg);
}

/* Only that something changed counts; names are looked up afterwards. */
static void on_readable(int fd, void *arg)
{
	struct vw_link *l = arg;

	(void)fd;
	while (nl_recvmsgs_default(l->sk) >= 0)
		;
	/* not moved by later messages: a storm of them must not put it off for ever */
	if (!l->armed)
		vw_timer_set(l->settle, SETTLE_MS);
	l->armed = true;
}

static int open_socket(struct vw_link *l)
{
	l->sk = nl_socket_alloc();
	if (!l->sk)
		return -1;
	nl_socket_disable_seq_check(l->sk);
	return nl_connect(l->sk, NETLINK_ROUTE) ||
	       nl_socket_add_membership(l->sk, RTNLGRP_LINK) ||
	       nl_socket_set_nonblocking(l->sk);
}

struct vw_link *vw_link_watch(struct vw_loop *loop, void (*cb)(void *arg), void *arg)
{
	struct vw_link *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->cb = cb;
	l->arg = arg;
	l->settle = vw_timer_new(loop, on_settled, l);
	if (!l->settle || open_socket(l)) {
		vw_link_free(l);
		return NULL;
	}
	l->watch = vw_watch_read(loop, nl_socket_get_fd(l->sk), on_readable, l);
	if (!l->watch) {
		vw_link_free(l);
		return NULL;
	}
	return l;
}

void vw_link_free(struct vw_link *l)
{
	if (!l)
		return;
	vw_watch_free(l->watch);
	vw_timer_free(l->settle);
	nl_socket_free(l->sk);
	free(l);
}
