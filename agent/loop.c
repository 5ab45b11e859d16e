// SPDX-License-Identifier: GPL-2.0-or-later
/* The event loop: libevent behind handles that free themselves safely. */
#include "loop.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <time.h>

struct vw_loop {
	struct event_base *base;
};

struct vw_timer {
	struct event *ev;
	void (*cb)(void *arg);
	void *arg;
};

struct vw_watch {
	struct event *ev;
	void (*cb)(int what, void *arg);
	void *arg;
};

/* Timers go by CLOCK_MONOTONIC exactly, not by its coarse sister. */
static struct event_base *base_new(void)
{
	struct event_config *cfg = event_config_new();
	struct event_base *base = NULL;

	if (cfg && !event_config_set_flag(cfg, EVENT_BASE_FLAG_PRECISE_TIMER))
		base = event_base_new_with_config(cfg);
	if (cfg)
		event_config_free(cfg);
	return base;
}

struct vw_loop *vw_loop_new(void)
{
	struct vw_loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return NULL;
	loop->base = base_new();
	if (!loop->base) {
		free(loop);
		return NULL;
	}
	return loop;
}

void vw_loop_free(struct vw_loop *loop)
{
	if (!loop)
		return;
	event_base_free(loop->base);
	free(loop);
}

struct event_base *vw_loop_base(struct vw_loop *loop)
{
	return loop->base;
}

int vw_loop_run(struct vw_loop *loop)
{
	return event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0 ? -EIO : 0;
}

void vw_loop_stop(struct vw_loop *loop)
{
	event_base_loopbreak(loop->base);
}

uint64_t vw_loop_now(const struct vw_loop *loop)
{
	struct timespec ts;

	(void)loop;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* ---- timers ---- */

/* The handle may be gone when the callback returns, so nothing follows it. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct vw_timer *t = arg;

	(void)fd;
	(void)what;
	t->cb(t->arg);
}

struct vw_timer *vw_timer_new(struct vw_loop *loop, void (*cb)(void *arg), void *arg)
{
	struct vw_timer *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cb = cb;
	t->arg = arg;
	t->ev = evtimer_new(loop->base, on_timer, t);
	if (!t->ev) {
		free(t);
		return NULL;
	}
	return t;
}

void vw_timer_set(struct vw_timer *t, uint64_t ms)
{
	struct timeval tv = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000),
	};

	evtimer_add(t->ev, &tv);
}

void vw_timer_stop(struct vw_timer *t)
{
	evtimer_del(t->ev);
}

void vw_timer_free(struct vw_timer *t)
{
	if (!t)
		return;
	event_free(t->ev);
	free(t);
}

/* ---- descriptors and signals ---- */

static void on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct vw_watch *w = arg;

	(void)what;
	w->cb((int)fd, w->arg);
}

static struct vw_watch *watch_new(struct vw_loop *loop, int fd, short what,
				  void (*cb)(int, void *), void *arg)
{
	struct vw_watch *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->cb = cb;
	w->arg = arg;
	w->ev = event_new(loop->base, fd, what | EV_PERSIST, on_watch, w);
	if (!w->ev || event_add(w->ev, NULL)) {
		vw_watch_free(w);
		return NULL;
	}
	return w;
}

struct vw_watch *vw_watch_read(struct vw_loop *loop, int fd, void (*cb)(int fd, void *arg),
			       void *arg)
{
	return watch_new(loop, fd, EV_READ, cb, arg);
}

struct vw_watch *vw_watch_signal(struct vw_loop *loop, int signo,
				 void (*cb)(int signo, void *arg), void *arg)
{
	return watch_new(loop, signo, EV_SIGNAL, cb, arg);
}

void vw_watch_free(struct vw_watch *w)
{
	if (!w)
		return;
	if (w->ev)
		event_free(w->ev);
	free(w);
}
