// SPDX-License-Identifier: GPL-2.0-or-later
/* The agent's end of the control socket. */
#include "socket.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../loop.h"

struct client {
	struct vw_control *c;
	struct client *next;
	struct bufferevent *be;
	bool events;
};

struct vw_control {
	struct vw_loop *loop;
	struct vw_watch *watch;
	struct client *clients;
	unsigned int nclients;
	vw_control_handler handler;
	void *arg;
	int fd;
	int spare;	/* a descriptor to give up when there are no others */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static void client_free(struct client *cl)
{
	struct client **p = &cl->c->clients;

	while (*p != cl)
		p = &(*p)->next;
	*p = cl->next;
	cl->c->nclients--;
	bufferevent_free(cl->be);
	free(cl);
}

/* One line; false when it could not be built. Takes the reference. */
static bool send_line(struct client *cl, json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	bool sent = text && !bufferevent_write(cl->be, text, strlen(text)) &&
		    !bufferevent_write(cl->be, "\n", 1);

	free(text);
	json_decref(object);
	return sent;
}

static bool answer(struct client *cl, json_t *request)
{
	const char *verb = json_string_value(json_object_get(request, "verb"));
	char err[512] = "out of memory";
	json_t *result;

	if (!verb)
		return send_line(cl, json_pack("{s:b, s:s}", "ok", 0, "error",
					       "the request has no verb"));
	if (!strcmp(verb, "events")) {
		cl->events = true;
		return send_line(cl, json_pack("{s:b, s:n}", "ok", 1, "result"));
	}
	result = cl->c->handler(verb, request, err, sizeof(err), cl->c->arg);
	if (!result)
		return send_line(cl, json_pack("{s:b, s:s}", "ok", 0, "error", err));
	return send_line(cl, json_pack("{s:b, s:o}", "ok", 1, "result", result));
}

static bool take_line(struct client *cl, const char *line, size_t len)
{
	json_t *request = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	bool ok;

	if (!json_is_object(request)) {
		json_decref(request);
		return send_line(cl, json_pack("{s:b, s:s}", "ok", 0, "error",
					       "the request is not a JSON object"));
	}
	ok = answer(cl, request);
	json_decref(request);
	return ok;
}

static bool reads_too_slowly(const struct client *cl)
{
	return evbuffer_get_length(bufferevent_get_output(cl->be)) > VW_CONTROL_BACKLOG;
}

/* Whoever asks without reading the answers, or sends a line without an end, is cut off. */
static void on_read(struct bufferevent *be, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(be);
	struct client *cl = arg;
	size_t len;
	char *line;
	bool ok = true;

	/* whoever listens to events asks no more: an event may end that client */
	while (ok && !cl->events && (line = evbuffer_readln(in, &len, EVBUFFER_EOL_LF))) {
		ok = !reads_too_slowly(cl) && take_line(cl, line, len);
		free(line);
	}
	if (ok && cl->events)
		evbuffer_drain(in, evbuffer_get_length(in));
	if (!ok || evbuffer_get_length(in) >= VW_CONTROL_LINE)
		client_free(cl);
}

static void on_end(struct bufferevent *be, short what, void *arg)
{
	(void)be;
	(void)what;
	client_free(arg);
}

static int client_new(struct vw_control *c, int fd)
{
	struct client *cl = calloc(1, sizeof(*cl));

	if (!cl)
		return -ENOMEM;
	cl->be = bufferevent_socket_new(vw_loop_base(c->loop), fd, BEV_OPT_CLOSE_ON_FREE);
	if (!cl->be) {
		free(cl);
		return -ENOMEM;
	}
	cl->c = c;
	cl->next = c->clients;
	c->clients = cl;
	c->nclients++;
	bufferevent_setcb(cl->be, on_read, NULL, on_end, cl);
	bufferevent_setwatermark(cl->be, EV_READ, 0, VW_CONTROL_LINE);
	bufferevent_enable(cl->be, EV_READ | EV_WRITE);
	return 0;
}

/* The file's mode keeps others out; this holds even where it was changed. */
static bool may_speak(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len))
		return false;
	return who.uid == 0 || who.uid == geteuid();
}

/*
 * When all places are taken, the one that came first makes room, unless it listens to
 * events: clients that say nothing, or half of something, keep nobody else out.
 */
static bool make_room(struct vw_control *c)
{
	struct client *oldest = NULL;

	if (c->nclients < VW_CONTROL_CLIENTS)
		return true;
	for (struct client *cl = c->clients; cl; cl = cl->next)
		if (!cl->events)
			oldest = cl;
	if (!oldest)
		return false;
	client_free(oldest);
	return true;
}

/*
 * Who can't be let in must not go on knocking: the loop would turn without end. The
 * spare descriptor lets them in, and out.
 */
static void turn_away(struct vw_control *c)
{
	int fd;

	if (c->spare < 0)
		return;
	close(c->spare);
	fd = accept4(c->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0)
		close(fd);
	c->spare = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
}

static void on_connect(int listener, void *arg)
{
	struct vw_control *c = arg;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			turn_away(c);
		return;
	}
	if (!may_speak(fd) || !make_room(c) || client_new(c, fd))
		close(fd);
}

static int bind_socket(struct vw_control *c)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	mode_t mask;
	int err;

	strcpy(un.sun_path, c->path);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return -errno;
	/* main holds the lock of the directory: what is there is a dead agent's */
	if (unlink(c->path) && errno != ENOENT)
		return -errno;
	mask = umask(0117);
	err = bind(c->fd, (struct sockaddr *)&un, sizeof(un)) ? -errno : 0;
	umask(mask);
	if (!err && listen(c->fd, VW_CONTROL_CLIENTS))
		err = -errno;
	if (!err)
		c->spare = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
	return err;
}

struct vw_control *vw_control_new(struct vw_loop *loop, const char *path,
				  vw_control_handler handler, void *arg)
{
	struct vw_control *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return NULL;
	c->fd = -1;
	c->spare = -1;
	if (strlen(path) >= sizeof(c->path)) {
		free(c);
		errno = ENAMETOOLONG;
		return NULL;
	}
	c->loop = loop;
	c->handler = handler;
	c->arg = arg;
	strcpy(c->path, path);
	err = bind_socket(c);
	if (!err) {
		c->watch = vw_watch_read(loop, c->fd, on_connect, c);
		err = c->watch ? 0 : -ENOMEM;
	}
	if (err) {
		vw_control_free(c);
		errno = -err;
		return NULL;
	}
	return c;
}

void vw_control_free(struct vw_control *c)
{
	if (!c)
		return;
	while (c->clients)
		client_free(c->clients);
	vw_watch_free(c->watch);
	if (c->spare >= 0)
		close(c->spare);
	if (c->fd >= 0) {
		close(c->fd);
		unlink(c->path);
	}
	free(c);
}

void vw_control_publish(struct vw_control *c, json_t *event)
{
	struct client *cl, *next;

	for (cl = c->clients; cl && event; cl = next) {
		next = cl->next;
		if (!cl->events)
			continue;
		/* a reader that sleeps must not make the agent grow */
		if (reads_too_slowly(cl) || !send_line(cl, json_incref(event)))
			client_free(cl);
	}
	json_decref(event);
}
