// SPDX-License-Identifier: GPL-2.0-or-later
/* The edge and the world around it: sockets, clock, module, state file. */
#include "edge.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../loop.h"
#include "../state.h"
#include "edge_priv.h"
#include "transport.h"
#include "trunk.h"

#define LOG_MAX	(1 << 20)	/* bytes of the log: then the whole is written */

/* ---- the module ---- */

static int stream_add(void *arg, const struct vw_genl_stream *s)
{
	return vw_genl_stream_new(arg, s);
}

static int stream_set(void *arg, const struct vw_genl_stream *s, unsigned int parts)
{
	return vw_genl_stream_set(arg, s, parts);
}

static int stream_del(void *arg, u32 id)
{
	return vw_genl_stream_del(arg, id);
}

static int stream_idle(void *arg, u32 id, u64 *ret_ms)
{
	struct vw_genl_stream s;
	int err = vw_genl_stream_get(arg, id, &s);

	if (!err)
		*ret_ms = s.idle_ms;
	return err;
}

static int stream_get(void *arg, u32 id, struct vw_genl_stream *ret)
{
	return vw_genl_stream_get(arg, id, ret);
}

static const char *stream_error(void *arg)
{
	return vw_genl_error(arg);
}

static const struct vw_stream_ops module_streams = {
	.add = stream_add, .set = stream_set, .del = stream_del, .idle = stream_idle,
	.error = stream_error, .get = stream_get,
};

/* ---- sockets ---- */

static void send_datagram(void *arg, struct vw_trunk *trunk, const struct vw_endpoint *to,
			  const char *p, size_t len)
{
	struct vw_edge *e = arg;
	struct vw_sock *s = trunk ? trunk->sock : e->sock;

	if (s)
		vw_sock_send(s, to, p, len);
}

static u64 clock_now(void *arg)
{
	struct vw_edge *e = arg;

	return vw_loop_now(e->loop);
}

static u64 wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

/* The whole of it takes 100 ms for 1,000 calls: one part in 20 of the time at most. */
static void save(struct vw_edge *e)
{
	u64 begun = wall_ms();
	json_t *root = vw_edge_to_json(e, VW_STATE_MAX);
	int err = root ? vw_state_save(VW_STATE_PATH, root) : -ENOMEM;

	json_decref(root);
	e->saved = vw_edge_now(e);
	e->save_gap = 20 * (wall_ms() - begun);
	if (e->save_gap < VW_EDGE_SAVE_MS)
		e->save_gap = VW_EDGE_SAVE_MS;
	if (!err) {
		e->dirty = false;
		e->generation = e->next_generation;
		unlink(VW_STATE_LOG);
	}
	if (err && vw_limits_say(e))
		vw_warn("cannot save the calls to %s: %s", VW_STATE_PATH, strerror(-err));
}

static void save_soon(struct vw_edge *e)
{
	if (e->dirty && vw_edge_now(e) - e->saved >= e->save_gap)
		save(e);
}

/* A line in the log will do until the whole is written. */
static void save_call(void *arg, struct vw_call *c)
{
	struct vw_edge *e = arg;
	json_t *line = vw_call_to_json(e, c);
	ssize_t n = line ? vw_state_append(VW_STATE_LOG, line) : -ENOMEM;

	json_decref(line);
	if (n < 0 && vw_limits_say(e))
		vw_warn("cannot save a call to %s: %s", VW_STATE_LOG, strerror((int)-n));
	if (n < 0 || n > LOG_MAX)
		save(e);
}

static void on_voice(void *arg, const struct vw_endpoint *src, const char *p, size_t len)
{
	struct vw_edge *e = arg;

	vw_edge_input(e, NULL, src, p, len);
	save_soon(e);
}

/* Trunks with the same local address share its socket; the sender tells them apart. */
static void on_wan(void *arg, const struct vw_endpoint *src, const char *p, size_t len)
{
	struct vw_trunk *first = arg;
	struct vw_edge *e = first->edge;
	struct vw_trunk *t = first;

	for (size_t i = 0; i < e->ntrunk; i++)
		if (e->trunk[i]->sock == first->sock &&
		    vw_endpoint_same_addr(&e->trunk[i]->proxy, src))
			t = e->trunk[i];
	vw_edge_input(e, t, src, p, len);
	save_soon(e);
}

static bool open_voice(struct vw_edge *e, char *err, size_t errlen)
{
	char device[IFNAMSIZ] = "";

	if (e->conf->listen_dev[0])
		memcpy(device, e->conf->listen_dev, sizeof(device));
	else if (!vw_sock_device(&e->voice, device)) {
		char addr[VW_ENDPOINT_LEN];

		snprintf(err, errlen, "no interface has the address %s of voice: listen",
			 vw_endpoint_addr(&e->voice, addr));
		return false;
	}
	e->sock = vw_sock_open(e->loop, &e->voice, device, e->conf->policy.dscp_sip, on_voice, e,
			       err, errlen);
	return e->sock;
}

bool vw_trunk_open(struct vw_edge *e, struct vw_trunk *t, char *err, size_t errlen)
{
	t->edge = e;
	for (size_t i = 0; i < e->ntrunk; i++) {
		if (e->trunk[i] != t && e->trunk[i]->sock &&
		    vw_endpoint_equal(&e->trunk[i]->local, &t->local)) {
			t->sock = e->trunk[i]->sock;
			t->sock_shared = true;
			return true;
		}
	}
	t->sock = vw_sock_open(e->loop, &t->local, NULL, e->conf->policy.dscp_sip, on_wan, t, err,
			       errlen);
	return t->sock;
}

static void on_timer(void *arg)
{
	struct vw_edge *e = arg;

	vw_edge_tick(e);
	vw_trunks_sweep(e);
	save_soon(e);
	vw_timer_set(e->timer, VW_EDGE_TICK_MS);
}

static void close_sockets(struct vw_edge *e)
{
	for (size_t i = 0; i < e->ntrunk; i++)
		if (!e->trunk[i]->sock_shared)
			vw_sock_close(e->trunk[i]->sock);
	vw_sock_close(e->sock);
}

/* ---- what the module has and nobody owns ---- */

struct census {
	const struct vw_edge *e;
	struct vw_genl_stream *orphan;
	size_t n;
	size_t cap;
};

static bool is_owned(const struct vw_edge *e, u32 id)
{
	const struct vw_call *c;

	LIST_FOREACH(c, &e->calls, list)
		for (int i = 0; i < VW_SDP_MAX_MEDIA; i++)
			for (int s = 0; s < VW_SIDES; s++)
				if (c->streams.dir[i][s].id == id)
					return true;
	return false;
}

static int count_stream(const struct vw_genl_stream *s, void *arg)
{
	struct census *census = arg;
	struct vw_genl_stream *p;

	if (is_owned(census->e, s->id))
		return 0;
	if (census->n == census->cap) {
		census->cap = census->cap ? 2 * census->cap : 64;
		p = realloc(census->orphan, census->cap * sizeof(*p));
		if (!p)
			return -ENOMEM;
		census->orphan = p;
	}
	census->orphan[census->n++] = *s;
	return 0;
}

static void remove_orphans(struct vw_edge *e, const struct census *census)
{
	for (size_t i = 0; i < census->n; i++)
		vw_genl_stream_del(e->genl, census->orphan[i].id);
	if (census->n)
		vw_notice("removed %zu streams that no call owns", census->n);
}

/* Somebody may be talking. One on hold has no timeout, and nobody else to end it now. */
static void spare_orphans(struct vw_edge *e, const struct census *census)
{
	for (size_t i = 0; i < census->n; i++) {
		struct vw_genl_stream *s = &census->orphan[i];

		if (s->timeout_ms)
			continue;
		s->timeout_ms = e->conf->media_timeout * 1000;
		vw_genl_stream_set(e->genl, s, VW_STREAM_TIMEOUT);
	}
	if (census->n)
		vw_warn("%zu streams of calls that are not known any more go on until they fall silent",
			census->n);
}

/* Whose a stream is can be told only by one who knows all calls. */
static void settle_orphans(struct vw_edge *e, bool all_known)
{
	struct census census = { .e = e };
	int err = vw_genl_stream_dump(e->genl, count_stream, &census);

	if (err)
		vw_warn("cannot list the module's streams: %s", vw_genl_error(e->genl));
	if (all_known)
		remove_orphans(e, &census);
	else
		spare_orphans(e, &census);
	free(census.orphan);
}

static void read_line(json_t *line, void *arg)
{
	vw_call_from_json(arg, line);
}

static void take_up(struct vw_edge *e)
{
	json_t *root;
	int err = vw_state_load(VW_STATE_PATH, &root);

	if (!err) {
		err = vw_edge_from_json(e, root);
		json_decref(root);
	}
	if (!err || err == -ENOENT)
		vw_state_lines(VW_STATE_LOG, read_line, e);
	if (err && err != -ENOENT)
		vw_warn("cannot take up the calls of %s: %s", VW_STATE_PATH, strerror(-err));
	if (e->ncall || e->nbinding)
		vw_notice("took up %zu calls and %zu registrations", e->ncall, e->nbinding);
	settle_orphans(e, !err || err == -ENOENT);
	e->dirty = true;
}

static bool open_all(struct vw_edge *e, char *err, size_t errlen)
{
	if (!open_voice(e, err, errlen))
		return false;
	for (size_t i = 0; i < e->ntrunk; i++)
		if (!vw_trunk_open(e, e->trunk[i], err, errlen))
			return false;
	e->timer = vw_timer_new(e->loop, on_timer, e);
	if (!e->timer)
		return false;
	vw_timer_set(e->timer, VW_EDGE_TICK_MS);
	return true;
}

struct vw_edge *vw_edge_new(struct vw_loop *loop, struct vw_conf *conf,
			    struct vw_genl *genl, char *err, size_t errlen)
{
	struct vw_edge_io io = {
		.send = send_datagram, .now = clock_now, .streams = &module_streams,
		.streams_arg = genl, .source = vw_sock_source, .bind = true,
		.save = save_call,
	};
	struct vw_edge *e = vw_edge_core_new(conf, &io, err, errlen);

	if (!e)
		return NULL;
	e->io.arg = e;
	e->loop = loop;
	e->genl = genl;
	e->conf = vw_conf_get(conf);
	if (open_all(e, err, errlen)) {
		take_up(e);
		return e;
	}
	vw_edge_free(e);
	return NULL;
}

void vw_edge_links(struct vw_edge *e)
{
	char device[IFNAMSIZ] = "";

	if (!e->conf->listen_dev[0] && !vw_sock_device(&e->voice, device))
		device[0] = '\0';
	if (vw_sock_follow(e->sock, device))
		vw_notice("the device of voice: listen is another one now; bound to it");
}

void vw_edge_free(struct vw_edge *e)
{
	struct vw_conf *conf;

	if (!e)
		return;
	conf = e->conf;
	if (e->timer)
		save(e);
	vw_timer_free(e->timer);
	close_sockets(e);
	vw_edge_core_free(e);
	vw_conf_put(conf);
}

/* ---- another configuration ---- */

/* Phones know the address: it can't move while they hold registrations and calls. */
static bool same_listener(const struct vw_conf *a, const struct vw_conf *b)
{
	return !memcmp(&a->listen, &b->listen, sizeof(a->listen)) &&
	       !strcmp(a->listen_dev, b->listen_dev) && a->rtp_min == b->rtp_min &&
	       a->rtp_max == b->rtp_max && a->policy.dscp_sip == b->policy.dscp_sip;
}

int vw_edge_reload(struct vw_edge *e, struct vw_conf *conf)
{
	struct vw_conf *old = e->conf;
	int err;

	if (!same_listener(e->conf, conf)) {
		vw_err("voice: listen, device, dscp-sip and media: ports change at a restart only");
		return -EBUSY;
	}
	err = vw_trunks_update(e, conf);
	if (err)
		return err;
	e->conf = vw_conf_get(conf);
	vw_conf_put(old);
	e->dirty = true;
	return 0;
}

/* ---- news from the module ---- */

static struct vw_call *owner_of(struct vw_edge *e, u32 id, int *lane, int *side)
{
	struct vw_call *c;

	LIST_FOREACH(c, &e->calls, list)
		for (*lane = 0; *lane < VW_SDP_MAX_MEDIA; ++*lane)
			for (*side = 0; *side < VW_SIDES; ++*side)
				if (c->streams.dir[*lane][*side].id == id)
					return c;
	return NULL;
}

void vw_edge_event(struct vw_edge *e, const struct vw_genl_event *ev)
{
	struct vw_call *c;
	int lane, side;

	/* 0 is what a direction without a stream has */
	if ((ev->type != VOXWALL_EVENT_STREAM_IDLE && ev->type != VOXWALL_EVENT_KEY_EXPIRES) ||
	    !ev->stream)
		return;
	c = owner_of(e, ev->stream, &lane, &side);
	if (!c)
		return;
	if (ev->type == VOXWALL_EVENT_KEY_EXPIRES) {
		vw_call_key_expires(e, c, lane, (enum vw_side)side);
		return;
	}
	/* the module has removed it already */
	memset(&c->streams.dir[lane][side], 0, sizeof(c->streams.dir[lane][side]));
	e->dirty = true;
	vw_call_idle(e, c);
}
