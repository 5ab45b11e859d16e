// SPDX-License-Identifier: GPL-2.0-or-later
/* A configuration again: with an address that was found later, or without gaps. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "value.h"

static void *copy(const void *from, size_t n, size_t size)
{
	void *to = calloc(n + 1, size);

	if (to && n)
		memcpy(to, from, n * size);
	return to;
}

static struct vw_conf *clone(const struct vw_conf *c)
{
	struct vw_conf *n = copy(c, 1, sizeof(*c));

	if (!n)
		return NULL;
	n->refs = 1;
	n->warnings = NULL;	/* they have been told */
	n->ports = copy(c->ports, c->nports, sizeof(*c->ports));
	n->stations = copy(c->stations, c->nstations, sizeof(*c->stations));
	n->trunks = copy(c->trunks, c->ntrunks, sizeof(*c->trunks));
	if (n->ports && n->stations && n->trunks)
		return n;
	vw_conf_put(n);
	return NULL;
}

int vw_conf_resolved(const struct vw_conf *c, size_t trunk, const struct sockaddr_storage *ss,
		     struct vw_conf **ret)
{
	struct vw_endpoint e;
	struct vw_conf *n;

	if (vw_value_from_sockaddr(ss, &e) || c->policy.npeer == VOXWALL_MAX_SIP_PEERS)
		return -EINVAL;
	n = clone(c);
	if (!n)
		return -ENOMEM;
	e.port = n->trunks[trunk].proxy_port;
	vw_value_to_sockaddr(&e, &n->trunks[trunk].proxy);
	n->policy.peer[n->policy.npeer++] = e;
	*ret = n;
	return 0;
}

struct vw_conf *vw_conf_usable(const struct vw_conf *c)
{
	struct vw_conf *n = clone(c);

	if (!n)
		return NULL;
	n->ntrunks = 0;
	for (size_t i = 0; i < c->ntrunks; i++)
		if (c->trunks[i].proxy.ss_family)
			n->trunks[n->ntrunks++] = c->trunks[i];
	return n;
}
