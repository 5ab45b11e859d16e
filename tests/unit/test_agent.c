// SPDX-License-Identifier: GPL-2.0-or-later
/* When the agent says that it is running. All that it stands on is a double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <event2/event.h>

#include "../../agent/agent.h"
#include "../../agent/apply.h"
#include "../../agent/control/event.h"
#include "../../agent/control/socket.h"
#include "../../agent/kernel/link.h"
#include "../../agent/log.h"
#include "../../agent/loop.h"
#include "../../agent/notify.h"
#include "../../agent/resolve.h"
#include "../../agent/sip/edge.h"

static struct world {
	int refusal;		/* of the next run */
	bool policy;		/* the module has it */
	bool gone;		/* the module is unloaded */
	int news;		/* what reading events answers */
	void (*readable)(int fd, void *arg);
	bool deaf;		/* runs succeed, yet it hasn't */
	unsigned int runs;
	enum vw_plan_scope scope;
	char told[64];		/* to systemd */
	uint64_t timer_ms;	/* of the timer that was set last */
	void (*retry)(void *arg);
	void (*links)(void *arg);
	unsigned int timers;
	bool edge;		/* one runs */
	unsigned int edges;	/* that were ever made */
	struct vw_conf *next;	/* what a reload finds */
} w;

/* ---- doubles ---- */

static int thing;	/* whatever is opened */

int vw_apply_run(struct vw_apply *a, const struct vw_conf *conf, enum vw_plan_scope scope,
		 char *err, size_t errlen)
{
	(void)a;
	(void)conf;
	w.runs++;
	w.scope = scope;
	snprintf(err, errlen, "%s", w.refusal ? "can't set the policy: not now" : "");
	w.policy |= !w.refusal && !w.deaf;
	return w.refusal;
}

bool vw_apply_has_policy(struct vw_apply *a, const struct vw_conf *conf)
{
	(void)a;
	(void)conf;
	return w.policy;
}

void vw_notify(const char *state)
{
	snprintf(w.told, sizeof(w.told), "%s", state);
}

struct vw_timer *vw_timer_new(struct vw_loop *loop, void (*cb)(void *arg), void *arg)
{
	(void)loop;
	(void)arg;
	if (!w.timers++)
		w.retry = cb;
	return (struct vw_timer *)&thing;
}

void vw_timer_set(struct vw_timer *t, uint64_t ms)
{
	(void)t;
	w.timer_ms = ms;
}

struct vw_link *vw_link_watch(struct vw_loop *loop, void (*cb)(void *arg), void *arg)
{
	(void)loop;
	(void)arg;
	w.links = cb;
	return (struct vw_link *)&thing;
}

int vw_genl_open(struct vw_genl **ret)
{
	*ret = (struct vw_genl *)&thing;
	return 0;
}

int vw_genl_events_open(struct vw_genl **ret, void (*cb)(const struct vw_genl_event *, void *),
			void *arg)
{
	(void)cb;
	(void)arg;
	return vw_genl_open(ret);
}

struct vw_watch *vw_watch_read(struct vw_loop *loop, int fd, void (*cb)(int fd, void *arg),
			       void *arg)
{
	(void)loop;
	(void)fd;
	(void)arg;
	w.readable = cb;
	return (struct vw_watch *)&thing;
}

struct vw_watch *vw_watch_signal(struct vw_loop *loop, int signo,
				 void (*cb)(int signo, void *arg), void *arg)
{
	(void)loop;
	(void)signo;
	(void)cb;
	(void)arg;
	return (struct vw_watch *)&thing;
}

struct vw_control *vw_control_new(struct vw_loop *loop, const char *path,
				  vw_control_handler handler, void *arg)
{
	(void)loop;
	(void)path;
	(void)handler;
	(void)arg;
	return (struct vw_control *)&thing;
}

#pragma GCC diagnostic ignored "-Wunused-parameter"
struct vw_apply *vw_apply_new(struct vw_genl *g) { return (struct vw_apply *)&thing; }
struct vw_loop *vw_loop_new(void) { return (struct vw_loop *)&thing; }
void vw_apply_free(struct vw_apply *a) { }
void vw_control_free(struct vw_control *c) { }
void vw_control_publish(struct vw_control *c, json_t *event) { json_decref(event); }
void vw_edge_event(struct vw_edge *e, const struct vw_genl_event *ev) { }
void vw_edge_links(struct vw_edge *e) { }
void vw_edge_free(struct vw_edge *e) { w.edge = false; }
void vw_genl_close(struct vw_genl *g) { }
void vw_link_free(struct vw_link *l) { }
void vw_loop_free(struct vw_loop *loop) { }
void vw_loop_stop(struct vw_loop *loop) { }
void vw_resolve_free(struct vw_resolve *r) { }
void vw_timer_free(struct vw_timer *t) { }
void vw_watch_free(struct vw_watch *watch) { }
void vw_conf_put(struct vw_conf *c) { }
void event_set_log_callback(event_log_cb cb) { }
int vw_genl_events_fd(const struct vw_genl *g) { return -1; }
int vw_genl_events_read(struct vw_genl *g) { return w.news; }
int vw_genl_renew(struct vw_genl *g, struct vw_genl *events) { return w.gone ? -ENOENT : 0; }
const char *vw_genl_error(const struct vw_genl *g) { return "not loaded"; }
json_t *vw_event_json(const struct vw_genl_event *ev) { return NULL; }
const char *vw_event_text(const struct vw_genl_event *ev, char *t, size_t n) { return ""; }
struct vw_conf *vw_conf_usable(const struct vw_conf *c) { return (struct vw_conf *)c; }
int vw_edge_reload(struct vw_edge *e, struct vw_conf *conf) { return 0; }

int vw_conf_load(const char *path, struct vw_conf **ret, char *err, size_t errlen)
{
	*ret = w.next;
	return w.next ? 0 : -ENOENT;
}

int vw_conf_resolved(const struct vw_conf *c, size_t trunk, const struct sockaddr_storage *ss,
		     struct vw_conf **ret)
{
	return -ENOENT;
}

struct vw_resolve *vw_resolve_new(struct vw_loop *loop, const char *host, int family,
				  void (*cb)(const struct sockaddr_storage *ss, void *arg),
				  void *arg)
{
	return NULL;
}

struct vw_edge *vw_edge_new(struct vw_loop *loop, struct vw_conf *conf, struct vw_genl *genl,
			    char *err, size_t errlen)
{
	w.edge = true;
	w.edges++;
	return (struct vw_edge *)&thing;
}

json_t *vw_agent_verb(const char *verb, json_t *request, char *err, size_t errlen, void *arg)
{
	return NULL;
}

/* ---- tests ---- */

static struct vw_conf conf;
static struct vw_agent agent;

static void start(int refusal, bool deaf)
{
	char err[VW_AGENT_TEXT];

	memset(&w, 0, sizeof(w));
	agent = (struct vw_agent){ .conf_path = "x.conf", .conf = &conf };
	w.refusal = refusal;
	w.deaf = deaf;
	assert_int_equal(vw_agent_start(&agent, err, sizeof(err)), 0);
	vw_agent_ready(&agent);
}

static void test_at_once(void **state)
{
	(void)state;
	start(0, false);
	assert_string_equal(w.told, "READY=1");
	assert_int_equal(w.runs, 1);
	vw_agent_stop(&agent);
}

/* Refused at first: tried again soon, and not a word before it is there. */
static void test_after_a_refusal(void **state)
{
	(void)state;
	start(-EAGAIN, false);
	assert_string_equal(w.told, "");
	assert_in_range(w.timer_ms, 1, 1000);
	w.retry(&agent);
	assert_string_equal(w.told, "");
	assert_in_range(w.timer_ms, 501, 1000);
	w.refusal = 0;
	w.retry(&agent);
	assert_string_equal(w.told, "READY=1");
	assert_int_equal(w.runs, 3);
	w.told[0] = '\0';
	w.retry(&agent);
	assert_string_equal(w.told, "");
	assert_int_equal(w.runs, 3);
	vw_agent_stop(&agent);
}

/* An interface that comes up meanwhile must not settle for less than the whole. */
static void test_links_after_a_refusal(void **state)
{
	(void)state;
	start(-EAGAIN, false);
	w.refusal = 0;
	w.links(&agent);
	assert_int_equal(w.scope, VW_PLAN_WHOLE);
	assert_string_equal(w.told, "READY=1");
	w.links(&agent);
	assert_int_equal(w.scope, VW_PLAN_MISSING);
	vw_agent_stop(&agent);
}

/* The module's own word counts, not that nothing was refused. */
static void test_without_a_word_of_refusal(void **state)
{
	(void)state;
	start(0, true);
	assert_string_equal(w.told, "");
	w.deaf = false;
	w.retry(&agent);
	assert_string_equal(w.told, "READY=1");
	vw_agent_stop(&agent);
}

/* A reload that would end the edge, and that the module refuses, leaves it alone. */
static void test_edge_after_a_refused_reload(void **state)
{
	struct vw_conf without = conf, with = conf;
	char err[VW_AGENT_TEXT];

	(void)state;
	with.listen.ss_family = AF_INET;
	start(0, false);
	w.next = &with;
	assert_int_equal(vw_agent_reload(&agent, err, sizeof(err)), 0);
	assert_true(w.edge);
	w.next = &without;
	w.refusal = -EAGAIN;
	assert_int_equal(vw_agent_reload(&agent, err, sizeof(err)), -EAGAIN);
	assert_true(w.edge);
	assert_int_equal(w.edges, 1);
	w.refusal = 0;
	assert_int_equal(vw_agent_reload(&agent, err, sizeof(err)), 0);
	assert_false(w.edge);
	vw_agent_stop(&agent);
}

/* Unloaded under a running agent, loaded again: it must be told everything, at once. */
static void test_module_again(void **state)
{
	(void)state;
	start(0, false);
	w.news = -ENODEV;
	w.gone = true;
	w.timer_ms = 0;
	w.readable(-1, &agent);
	assert_int_equal(w.runs, 1);
	assert_string_equal(agent.apply_error, "not loaded");
	assert_int_equal(w.timer_ms, 5000);
	w.retry(&agent);
	assert_int_equal(w.runs, 1);
	assert_string_equal(agent.apply_error, "not loaded");
	w.gone = false;
	w.readable(-1, &agent);
	assert_int_equal(w.runs, 2);
	assert_int_equal(w.scope, VW_PLAN_WHOLE);
	assert_string_equal(agent.apply_error, "");
	/* both before anybody looked */
	w.readable(-1, &agent);
	assert_int_equal(w.runs, 3);
	vw_agent_stop(&agent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_after_a_refusal),
		cmocka_unit_test(test_links_after_a_refusal),
		cmocka_unit_test(test_without_a_word_of_refusal),
		cmocka_unit_test(test_module_again),
		cmocka_unit_test(test_edge_after_a_refused_reload),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
