/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces that come, go or change their name. */
#ifndef VW_AGENT_LINK_H
#define VW_AGENT_LINK_H

struct vw_link;
struct vw_loop;

/* Call @cb some milliseconds after interfaces changed, once for many changes. */
struct vw_link *vw_link_watch(struct vw_loop *loop, void (*cb)(void *arg), void *arg);
void vw_link_free(struct vw_link *l);

#endif
