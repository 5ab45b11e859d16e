/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: a Unix stream socket of root's. Each line is one JSON
 * object: {"verb": "status"} asks, {"ok": true, "result": ...} or
 * {"ok": false, "error": "a sentence"} answers. After the answer to "events"
 * every further line is an event.
 */
#ifndef VW_AGENT_CONTROL_H
#define VW_AGENT_CONTROL_H

#include <jansson.h>
#include <stddef.h>

#define VW_CONTROL_PATH		"/run/voxwall/control.sock"
#define VW_CONTROL_LINE		65536	/* longest request, bytes */
#define VW_CONTROL_CLIENTS	32
#define VW_CONTROL_BACKLOG	(1u << 20)	/* bytes that a slow reader may leave, beside one answer */

struct vw_control;
struct vw_loop;

/**
 * typedef vw_control_handler - answer a request
 * @verb: what is asked
 * @request: the whole object
 * @err: a sentence when the answer is NULL
 *
 * Return: the result, a new reference, or NULL.
 */
typedef json_t *(*vw_control_handler)(const char *verb, json_t *request, char *err,
				      size_t errlen, void *arg);

/* NULL with errno set when the socket can't be made. */
struct vw_control *vw_control_new(struct vw_loop *loop, const char *path,
				  vw_control_handler handler, void *arg);
void vw_control_free(struct vw_control *c);
/* Send an event to everyone who asked for events; the reference is taken. */
void vw_control_publish(struct vw_control *c, json_t *event);

/* ---- the other end, for the CLI ---- */

/**
 * vw_control_ask - one request, one answer
 * @request: the reference is taken
 * @ret: the result, a new reference; written only on success
 * @err: on failure a sentence
 * @ret_fd: NULL, or where the connection is left open for events
 *
 * Return: 0; -ENOENT or -ECONNREFUSED: the agent isn't running; -EREMOTEIO: it
 * refused; another -errno.
 */
int vw_control_ask(const char *path, json_t *request, json_t **ret, char *err, size_t errlen,
		   int *ret_fd);

#endif
