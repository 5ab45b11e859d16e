/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media ports of one local address: an even one for RTP and the next for RTCP.
 * A pair in use is held by two bound sockets that hear nothing, so that no other
 * program gets it; a pair given back rests before it is used again, so that a
 * late packet of an old call doesn't land in a new one. When there is no other,
 * the one that has rested longest must do: calls that fail are cheap to make.
 */
#ifndef VW_MEDIA_PORTALLOC_H
#define VW_MEDIA_PORTALLOC_H

#include "endpoint.h"

#define VW_PORTS_REST_MS	30000u

struct vw_ports;

/**
 * vw_ports_new - manage the pairs of an address
 * @addr: the address; its port is not looked at
 * @min: first port, rounded up to an even one
 * @max: last port
 * @bind: hold pairs with sockets (unit tests don't)
 *
 * Return: NULL when there is no memory or no pair in the range.
 */
struct vw_ports *vw_ports_new(const struct vw_endpoint *addr, u16 min, u16 max, bool bind);
void vw_ports_free(struct vw_ports *p);
const struct vw_endpoint *vw_ports_addr(const struct vw_ports *p);
/* @now in ms, @owner of the caller's choice. Return: the even port; 0 when all are taken. */
u16 vw_ports_take(struct vw_ports *p, u64 now, void *owner);
/* Take this pair, as after a restart. Return: false when it is taken or outside. */
bool vw_ports_claim(struct vw_ports *p, u16 port, void *owner);
/* Who has the pair of this even port; NULL: nobody. */
void *vw_ports_owner(struct vw_ports *p, u16 port);
void vw_ports_give(struct vw_ports *p, u16 port, u64 now);
/* Pairs there are. */
size_t vw_ports_count(const struct vw_ports *p);
/* Pairs in use. */
size_t vw_ports_used(const struct vw_ports *p);

#endif
