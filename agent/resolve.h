/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking names up beside everything else: calls go on meanwhile. */
#ifndef VW_AGENT_RESOLVE_H
#define VW_AGENT_RESOLVE_H

#include <sys/socket.h>

struct vw_loop;
struct vw_resolve;

/**
 * vw_resolve_new - begin to look @host up
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for either
 * @cb: called once, with NULL when nothing was found; the lookup frees itself after
 *
 * Return: the lookup, for vw_resolve_free() before @cb was called; or NULL.
 */
struct vw_resolve *vw_resolve_new(struct vw_loop *loop, const char *host, int family,
				  void (*cb)(const struct sockaddr_storage *ss, void *arg),
				  void *arg);
void vw_resolve_free(struct vw_resolve *r);

#endif
