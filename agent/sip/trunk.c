// SPDX-License-Identifier: GPL-2.0-or-later
#include "trunk.h"

#include <stdlib.h>

#include "transport.h"

static bool same_trunk(const struct vw_trunk *t, const struct vw_conf_trunk *conf)
{
	return !strcmp(t->conf.name, conf->name) &&
	       !memcmp(&t->conf.proxy, &conf->proxy, sizeof(conf->proxy)) &&
	       !memcmp(&t->conf.local, &conf->local, sizeof(conf->local));
}

static struct vw_trunk *known_trunk(struct vw_edge *e, const struct vw_conf_trunk *conf)
{
	for (size_t i = 0; i < e->ntrunk; i++)
		if (same_trunk(e->trunk[i], conf))
			return e->trunk[i];
	return NULL;
}

static int add_trunk(struct vw_edge *e, const struct vw_conf_trunk *conf)
{
	struct vw_trunk **list, *t = vw_trunk_new(e, conf);
	char err[256] = "out of memory";

	if (!t) {
		vw_err("trunk %s: no local address or no media ports", conf->name);
		return -EADDRNOTAVAIL;
	}
	list = realloc(e->trunk, (e->ntrunk + 1) * sizeof(*list));
	/* the old list is gone, whatever comes next */
	if (list)
		e->trunk = list;
	if (!list || !vw_trunk_open(e, t, err, sizeof(err))) {
		vw_err("trunk %s: %s", conf->name, err);
		vw_trunk_free(e, t);
		return -EADDRNOTAVAIL;
	}
	e->trunk[e->ntrunk++] = t;
	return 0;
}

/* Its socket lives on with the next one that shares it. */
static void free_trunk(struct vw_edge *e, struct vw_trunk *t)
{
	struct vw_trunk *heir = NULL;

	for (size_t i = 0; i < e->ntrunk && !heir; i++)
		if (e->trunk[i] != t && e->trunk[i]->sock == t->sock)
			heir = e->trunk[i];
	if (!heir) {
		vw_sock_close(t->sock);
	} else if (!t->sock_shared) {
		vw_sock_hand_over(t->sock, heir);
		heir->sock_shared = false;
	}
	vw_trunk_free(e, t);
}

/* New trunks first: they may fail, and then nothing else has changed. */
int vw_trunks_update(struct vw_edge *e, const struct vw_conf *conf)
{
	size_t before = e->ntrunk;

	for (size_t i = 0; i < conf->ntrunks; i++) {
		int err = known_trunk(e, &conf->trunks[i]) ? 0 : add_trunk(e, &conf->trunks[i]);

		if (!err)
			continue;
		while (e->ntrunk > before)
			free_trunk(e, e->trunk[--e->ntrunk]);
		return err;
	}
	for (size_t i = 0; i < e->ntrunk; i++)
		e->trunk[i]->gone = true;
	for (size_t i = 0; i < conf->ntrunks; i++) {
		struct vw_trunk *t = known_trunk(e, &conf->trunks[i]);

		t->conf = conf->trunks[i];
		t->gone = false;
	}
	return 0;
}

static bool is_needed(const struct vw_edge *e, const struct vw_trunk *t)
{
	const struct vw_binding *b;
	const struct vw_call *c;
	const struct vw_txn *x;

	LIST_FOREACH(c, &e->calls, list)
		if (c->trunk == t)
			return true;
	LIST_FOREACH(b, &e->bindings, list)
		if (b->trunk == t)
			return true;
	LIST_FOREACH(x, &e->txns, list)
		if (x->trunk == t)
			return true;
	return false;
}

void vw_trunks_sweep(struct vw_edge *e)
{
	for (size_t i = 0; i < e->ntrunk;) {
		struct vw_trunk *t = e->trunk[i];

		if (!t->gone || is_needed(e, t)) {
			i++;
			continue;
		}
		vw_info("trunk %s, which isn't configured any more, is done with", t->conf.name);
		e->trunk[i] = e->trunk[--e->ntrunk];
		free_trunk(e, t);
	}
}
