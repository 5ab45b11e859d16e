// SPDX-License-Identifier: GPL-2.0-or-later
/* Names, by libevent's resolver. */
#include "resolve.h"

#include <event2/dns.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"

struct vw_resolve {
	struct vw_timer *done;
	struct evdns_base *dns;
	struct evdns_getaddrinfo_request *request;
	struct sockaddr_storage found;
	void (*cb)(const struct sockaddr_storage *ss, void *arg);
	void *arg;
};

void vw_resolve_free(struct vw_resolve *r)
{
	if (!r)
		return;
	/* ends in on_answer() with EVUTIL_EAI_CANCEL, which touches nothing then */
	if (r->request)
		evdns_getaddrinfo_cancel(r->request);
	if (r->dns)
		evdns_base_free(r->dns, 1);
	vw_timer_free(r->done);
	free(r);
}

/* Apart from the resolver's own callback, under which it can't be freed. */
static void on_done(void *arg)
{
	struct vw_resolve *r = arg;
	void (*cb)(const struct sockaddr_storage *ss, void *arg) = r->cb;
	struct sockaddr_storage found = r->found;
	void *cb_arg = r->arg;

	vw_resolve_free(r);
	cb(found.ss_family ? &found : NULL, cb_arg);
}

static void on_answer(int result, struct evutil_addrinfo *all, void *arg)
{
	struct vw_resolve *r = arg;

	if (result == EVUTIL_EAI_CANCEL)
		return;
	r->request = NULL;
	if (!result && all && all->ai_addrlen <= sizeof(r->found))
		memcpy(&r->found, all->ai_addr, all->ai_addrlen);
	if (all)
		evutil_freeaddrinfo(all);
	vw_timer_set(r->done, 0);
}

struct vw_resolve *vw_resolve_new(struct vw_loop *loop, const char *host, int family,
				  void (*cb)(const struct sockaddr_storage *ss, void *arg),
				  void *arg)
{
	const struct evutil_addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_DGRAM,
					       .ai_flags = EVUTIL_AI_ADDRCONFIG };
	struct vw_resolve *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->cb = cb;
	r->arg = arg;
	r->done = vw_timer_new(loop, on_done, r);
	/* anew each time: /etc/resolv.conf may have appeared since */
	r->dns = evdns_base_new(vw_loop_base(loop), EVDNS_BASE_INITIALIZE_NAMESERVERS |
				EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (!r->done || !r->dns) {
		vw_resolve_free(r);
		return NULL;
	}
	r->request = evdns_getaddrinfo(r->dns, host, NULL, &hints, on_answer, r);
	return r;
}
