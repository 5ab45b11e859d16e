// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting, reloading, and passing on what the module says. */
#include "agent.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "apply.h"
#include "control/event.h"
#include "control/socket.h"
#include "kernel/genl.h"
#include "kernel/link.h"
#include "log.h"
#include "loop.h"
#include "notify.h"
#include "resolve.h"
#include "sip/edge.h"

#define RETRY_MS	5000
#define EAGER_MS	500	/* at first, while the module has no policy */
#define LOOKUP_MS	10000

/* ---- the module ---- */

static int guard(struct vw_agent *a, enum vw_plan_scope scope)
{
	return vw_apply_run(a->apply, a->conf, scope, a->apply_error, sizeof(a->apply_error));
}

/* What the module still owes is tried again. */
static void try_again(struct vw_agent *a)
{
	if (!a->wait_ms)
		a->wait_ms = EAGER_MS;
	vw_timer_set(a->retry, a->ready ? RETRY_MS : a->wait_ms);
	a->wait_ms = 2 * a->wait_ms < RETRY_MS ? 2 * a->wait_ms : RETRY_MS;
}

static int find_module(struct vw_agent *a)
{
	int code = vw_genl_renew(a->genl, a->events);

	if (code)
		snprintf(a->apply_error, sizeof(a->apply_error), "%s", vw_genl_error(a->genl));
	return code;
}

/* Unloaded, and perhaps loaded again by now: it guards nothing until it is told to. */
static void on_module_changed(struct vw_agent *a)
{
	int code = find_module(a);

	if (code)
		vw_err("the module has gone, nothing is guarded: %s", a->apply_error);
	else
		vw_warn("the module was loaded again; it is told everything anew");
	if (code || guard(a, VW_PLAN_WHOLE))
		try_again(a);
}

void vw_agent_ready(struct vw_agent *a)
{
	if (a->ready)
		return;
	a->ready = vw_apply_has_policy(a->apply, a->conf);
	if (!a->ready) {
		/* after a refusal, that is on its way already */
		if (a->apply_error[0])
			return;
		snprintf(a->apply_error, sizeof(a->apply_error), "it doesn't have the policy yet");
		try_again(a);
		return;
	}
	vw_info("voxwalld " VOXWALL_VERSION " is running with %s", a->conf_path);
	vw_notify("READY=1");
}

static void on_module_event(const struct vw_genl_event *ev, void *arg)
{
	struct vw_agent *a = arg;
	char text[256];

	a->relaying = true;
	vw_notice("%s", vw_event_text(ev, text, sizeof(text)));
	if (ev->suppressed)
		vw_notice("%u more events were suppressed", ev->suppressed);
	a->relaying = false;
	if (a->control)
		vw_control_publish(a->control, vw_event_json(ev));
	if (a->edge)
		vw_edge_event(a->edge, ev);
}

static void on_events_readable(int fd, void *arg)
{
	struct vw_agent *a = arg;

	int code = vw_genl_events_read(a->events);

	(void)fd;
	if (code == -ENOBUFS)
		vw_warn("more events came than could be taken; some are lost");
	else if (code == -ENODEV)
		on_module_changed(a);
}

/* ---- the SIP edge ---- */

static bool edge_wanted(const struct vw_conf *c)
{
	return c->listen.ss_family != 0;
}

/* A trunk without an address waits; the others must not wait for it. */
static struct vw_edge *new_edge(struct vw_agent *a, char *why, size_t len)
{
	struct vw_conf *usable = vw_conf_usable(a->conf);
	struct vw_edge *edge = NULL;

	if (usable)
		edge = vw_edge_new(a->loop, usable, a->genl, why, len);
	else
		snprintf(why, len, "out of memory");
	vw_conf_put(usable);
	return edge;
}

static int change_edge(struct vw_agent *a, const struct vw_conf *c)
{
	struct vw_conf *usable = vw_conf_usable(c);
	int code = usable ? vw_edge_reload(a->edge, usable) : -ENOMEM;

	vw_conf_put(usable);
	return code;
}

static void start_edge(struct vw_agent *a)
{
	char why[VW_AGENT_TEXT] = "";

	if (a->edge || !edge_wanted(a->conf))
		return;
	a->edge = new_edge(a, why, sizeof(why));
	if (a->edge) {
		if (a->edge_error[0])
			vw_notice("the SIP edge is running now");
		a->edge_error[0] = '\0';
		return;
	}
	if (strcmp(why, a->edge_error))
		vw_err("the SIP edge can't start: %s; trying again", why);
	snprintf(a->edge_error, sizeof(a->edge_error), "%s", why);
	vw_timer_set(a->retry, RETRY_MS);
}

static void on_retry(void *arg)
{
	struct vw_agent *a = arg;

	start_edge(a);
	if (a->apply_error[0] && (find_module(a) || guard(a, VW_PLAN_WHOLE)))
		try_again(a);
	vw_agent_ready(a);
}

static void on_links_changed(void *arg)
{
	struct vw_agent *a = arg;

	/*
	 * Not the whole: an interface that blinks must not undo what an admin did by
	 * hand. But what was refused is owed in whole.
	 */
	if (guard(a, a->apply_error[0] ? VW_PLAN_WHOLE : VW_PLAN_MISSING))
		try_again(a);
	if (a->edge)
		vw_edge_links(a->edge);
	start_edge(a);
	vw_agent_ready(a);
}

/* ---- another configuration ---- */

/* On failure the edge still has the old one. */
static int reload_edge(struct vw_agent *a, const struct vw_conf *c, char *err, size_t errlen)
{
	int code;

	if (!a->edge || !edge_wanted(c))
		return 0;
	code = change_edge(a, c);
	if (code)
		snprintf(err, errlen, "%s: the SIP edge can't go over to it: %s; see the log, "
			 "the old configuration stays", a->conf_path, strerror(-code));
	return code;
}

/* Only when the module has taken the configuration: until then there may be a way back. */
static void end_edge(struct vw_agent *a)
{
	if (!a->edge || edge_wanted(a->conf))
		return;
	vw_notice("no listen address any more: the SIP edge ends");
	vw_edge_free(a->edge);
	a->edge = NULL;
}

static int swap_conf(struct vw_agent *a, struct vw_conf *c, char *err, size_t errlen)
{
	struct vw_conf *old = a->conf;
	int code = reload_edge(a, c, err, errlen);

	if (code)
		return code;
	a->conf = c;
	code = guard(a, VW_PLAN_WHOLE);
	if (!code) {
		end_edge(a);
		vw_conf_put(old);
		return 0;
	}
	snprintf(err, errlen, "%s: %s; the old configuration stays", a->conf_path, a->apply_error);
	a->conf = old;
	if (a->edge && change_edge(a, old))
		vw_err("the SIP edge can't go back to the old configuration");
	if (guard(a, VW_PLAN_WHOLE))
		vw_err("the module can't go back to the old configuration");
	vw_conf_put(c);
	return code;
}

/* ---- names that could not be looked up ---- */

static void take_address(struct vw_agent *a, const struct sockaddr_storage *ss)
{
	char err[VW_AGENT_TEXT] = "out of memory";
	struct vw_conf *c;

	if (vw_conf_resolved(a->conf, a->resolving, ss, &c) || swap_conf(a, c, err, sizeof(err)))
		vw_err("%s", err);
	else
		vw_notice("the proxy of trunk %s was found", a->conf->trunks[a->resolving].name);
}

static void on_resolved(const struct sockaddr_storage *ss, void *arg)
{
	struct vw_agent *a = arg;

	a->resolve = NULL;
	if (ss)
		take_address(a, ss);
	start_edge(a);
	vw_timer_set(a->lookup, LOOKUP_MS);
}

/* One name at a time, and the next one the next time. */
static void on_lookup(void *arg)
{
	struct vw_agent *a = arg;
	size_t i, n = a->conf->ntrunks;

	for (i = 1; i <= n; i++)
		if (!a->conf->trunks[(a->resolving + i) % n].proxy.ss_family)
			break;
	if (i > n || a->resolve)
		return;
	a->resolving = (a->resolving + i) % n;
	a->resolve = vw_resolve_new(a->loop, a->conf->trunks[a->resolving].proxy_host,
				    a->conf->trunks[a->resolving].local.ss_family, on_resolved, a);
	if (!a->resolve)
		vw_timer_set(a->lookup, LOOKUP_MS);
}

/* What is being looked up belongs to the configuration that goes. */
static void restart_lookup(struct vw_agent *a)
{
	vw_resolve_free(a->resolve);
	a->resolve = NULL;
	a->resolving = 0;
	vw_timer_set(a->lookup, LOOKUP_MS);
}

int vw_agent_reload(struct vw_agent *a, char *err, size_t errlen)
{
	struct vw_conf *c;
	int code = vw_conf_load(a->conf_path, &c, err, errlen);

	if (!code)
		code = swap_conf(a, c, err, errlen);
	if (code) {
		vw_err("reload refused: %s", err);
		return code;
	}
	restart_lookup(a);
	start_edge(a);
	vw_notice("reloaded %s", a->conf_path);
	return 0;
}

/* ---- signals and the log ---- */

static void on_hangup(int signo, void *arg)
{
	char err[VW_AGENT_TEXT];

	(void)signo;
	(void)vw_agent_reload(arg, err, sizeof(err));
}

static void on_end(int signo, void *arg)
{
	struct vw_agent *a = arg;

	vw_notice("ending on signal %d; the module goes on guarding", signo);
	vw_loop_stop(a->loop);
}

static void on_log(enum vw_log_level level, const char *text, void *arg)
{
	struct vw_agent *a = arg;

	if (a->relaying || !a->control)
		return;
	vw_control_publish(a->control, json_pack("{s:f, s:s, s:s, s:i, s:s}",
						 "time", (double)time(NULL), "source", "agent",
						 "event", "log", "level", level, "text", text));
}

/* libevent's own words, which would go to stderr past our log. */
static void on_library_log(int severity, const char *text)
{
	vw_log(severity >= EVENT_LOG_ERR ? VW_LOG_ERR : VW_LOG_DEBUG, "libevent: %s", text);
}

/* ---- start and stop ---- */

static int fail(char *err, size_t errlen, int code, const char *what)
{
	snprintf(err, errlen, "%s: %s", what, strerror(-code));
	return code;
}

static int open_module(struct vw_agent *a, char *err, size_t errlen)
{
	int code = vw_genl_open(&a->genl);

	if (!code)
		code = vw_genl_events_open(&a->events, on_module_event, a);
	if (code) {
		snprintf(err, errlen, "%s", vw_genl_error(NULL));
		return code;
	}
	a->apply = vw_apply_new(a->genl);
	if (!a->apply)
		return fail(err, errlen, -ENOMEM, "the module's tables");
	return 0;
}

static int open_watches(struct vw_agent *a)
{
	a->watches[0] = vw_watch_read(a->loop, vw_genl_events_fd(a->events), on_events_readable, a);
	a->watches[1] = vw_watch_signal(a->loop, SIGHUP, on_hangup, a);
	a->watches[2] = vw_watch_signal(a->loop, SIGTERM, on_end, a);
	a->watches[3] = vw_watch_signal(a->loop, SIGINT, on_end, a);
	a->retry = vw_timer_new(a->loop, on_retry, a);
	a->lookup = vw_timer_new(a->loop, on_lookup, a);
	a->link = vw_link_watch(a->loop, on_links_changed, a);
	for (size_t i = 0; i < ARRAY_SIZE(a->watches); i++)
		if (!a->watches[i])
			return -ENOMEM;
	return a->retry && a->lookup && a->link ? 0 : -ENOMEM;
}

int vw_agent_start(struct vw_agent *a, char *err, size_t errlen)
{
	int code = open_module(a, err, errlen);

	if (code)
		return code;
	a->started = time(NULL);
	event_set_log_callback(on_library_log);
	a->loop = vw_loop_new();
	code = a->loop ? open_watches(a) : -ENOMEM;
	if (code)
		return fail(err, errlen, code, "the event loop");
	/* what can be guarded is guarded before anything else is tried */
	if (guard(a, VW_PLAN_WHOLE) == -EPERM) {
		snprintf(err, errlen, "%s", a->apply_error);
		return -EPERM;
	}
	a->control = vw_control_new(a->loop, VW_CONTROL_PATH, vw_agent_verb, a);
	if (!a->control)
		return fail(err, errlen, -errno, VW_CONTROL_PATH);
	vw_log_tap(on_log, a);
	start_edge(a);
	restart_lookup(a);
	if (a->apply_error[0])
		try_again(a);
	return 0;
}

void vw_agent_stop(struct vw_agent *a)
{
	vw_log_tap(NULL, NULL);
	vw_edge_free(a->edge);
	vw_control_free(a->control);
	vw_link_free(a->link);
	vw_resolve_free(a->resolve);
	vw_timer_free(a->lookup);
	vw_timer_free(a->retry);
	for (size_t i = 0; i < ARRAY_SIZE(a->watches); i++)
		vw_watch_free(a->watches[i]);
	vw_apply_free(a->apply);
	vw_genl_close(a->events);
	vw_genl_close(a->genl);
	vw_loop_free(a->loop);
	vw_conf_put(a->conf);
}
