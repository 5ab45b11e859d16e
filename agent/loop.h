/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one thread's event loop: libevent, with handles that are easy to own.
 * Callbacks may free the handle they were called for, and others.
 */
#ifndef VW_AGENT_LOOP_H
#define VW_AGENT_LOOP_H

#include <stdint.h>

struct event_base;
struct vw_loop;
struct vw_timer;
struct vw_watch;

struct vw_loop *vw_loop_new(void);
void vw_loop_free(struct vw_loop *loop);
/* For what libevent can do and this header doesn't show. */
struct event_base *vw_loop_base(struct vw_loop *loop);
/* Until vw_loop_stop(); 0 or -errno. */
int vw_loop_run(struct vw_loop *loop);
void vw_loop_stop(struct vw_loop *loop);
/* CLOCK_MONOTONIC in ms; the loop's timers go by it. */
uint64_t vw_loop_now(const struct vw_loop *loop);

/* A timer: made unarmed; NULL when there is no memory. */
struct vw_timer *vw_timer_new(struct vw_loop *loop, void (*cb)(void *arg), void *arg);
/* Fire once, @ms from now; a second call moves it. */
void vw_timer_set(struct vw_timer *t, uint64_t ms);
void vw_timer_stop(struct vw_timer *t);
void vw_timer_free(struct vw_timer *t);

/* Call @cb whenever @fd can be read; the descriptor stays the caller's. */
struct vw_watch *vw_watch_read(struct vw_loop *loop, int fd, void (*cb)(int fd, void *arg),
			       void *arg);
/* Call @cb when signal @signo has come. */
struct vw_watch *vw_watch_signal(struct vw_loop *loop, int signo,
				 void (*cb)(int signo, void *arg), void *arg);
void vw_watch_free(struct vw_watch *w);

#endif
