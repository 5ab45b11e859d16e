/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent: everything that runs, and how it goes over to a new configuration. */
#ifndef VW_AGENT_AGENT_H
#define VW_AGENT_AGENT_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

#include "conf.h"

struct vw_apply;
struct vw_control;
struct vw_edge;
struct vw_genl;
struct vw_link;
struct vw_loop;
struct vw_resolve;
struct vw_timer;
struct vw_watch;

#define VW_AGENT_TEXT	512

/**
 * struct vw_agent - one per process
 * @conf_path: where the configuration comes from
 * @conf: the one in force
 * @started: when
 * @locked: all memory is locked
 * @loop: the event loop
 * @genl: for questions and orders
 * @events: for the module's own news
 * @apply: brings the module to where @conf wants it
 * @edge: the SIP edge; NULL: there is none, or it can't start yet
 * @control: the control socket
 * @link: interfaces that come and go
 * @resolve: a trunk's name is being looked up
 * @resolving: index of that trunk
 * @lookup: looks names up again
 * @retry: tries again what could not be done
 * @watches: on signals and on @events
 * @edge_error: why there is no edge; "" when there needs to be none
 * @apply_error: what the module refused last; "" when nothing
 * @wait_ms: before the next try, while not @ready
 * @ready: it was said that the agent is running: the module has had its policy
 * @relaying: a module's event is being told: the log's copy isn't published
 */
struct vw_agent {
	const char *conf_path;
	struct vw_conf *conf;
	time_t started;
	bool locked;
	struct vw_loop *loop;
	struct vw_genl *genl;
	struct vw_genl *events;
	struct vw_apply *apply;
	struct vw_edge *edge;
	struct vw_control *control;
	struct vw_link *link;
	struct vw_resolve *resolve;
	size_t resolving;
	struct vw_timer *lookup;
	struct vw_timer *retry;
	struct vw_watch *watches[4];
	char edge_error[VW_AGENT_TEXT];
	char apply_error[VW_AGENT_TEXT];
	unsigned int wait_ms;
	bool ready;
	bool relaying;
};

/**
 * vw_agent_start - open everything and guard the ports
 * @a: @conf_path, @conf and @locked are set, the rest is zero
 * @err: on failure a sentence
 *
 * Return: 0 or -errno; vw_agent_stop() in both cases.
 */
int vw_agent_start(struct vw_agent *a, char *err, size_t errlen);
/*
 * Tell the log and systemd that the agent is running, once, and not before the
 * module has the policy; until then it is tried again.
 */
void vw_agent_ready(struct vw_agent *a);
/* Close everything. The module goes on guarding, and calls go on. */
void vw_agent_stop(struct vw_agent *a);

/* Read the file again. On failure the old configuration stays in force. */
int vw_agent_reload(struct vw_agent *a, char *err, size_t errlen);

/* The answers of the control socket. */
json_t *vw_agent_verb(const char *verb, json_t *request, char *err, size_t errlen, void *arg);

#endif
