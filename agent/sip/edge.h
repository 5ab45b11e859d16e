/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SIP edge: a dialog-stateful proxy on UDP between the phones of the voice
 * zone and the trunks across the WAN. It rewrites SDP so that all media goes
 * through the module's streams, which it installs and removes.
 *
 * The agent's loop owns it and calls it from one thread only.
 */
#ifndef VW_AGENT_EDGE_H
#define VW_AGENT_EDGE_H

#include <jansson.h>
#include <stddef.h>

struct vw_conf;
struct vw_edge;
struct vw_genl;
struct vw_genl_event;
struct vw_loop;

/**
 * vw_edge_new - open the sockets, take back the calls of a former life
 * @loop: the agent's event loop
 * @conf: the configuration; a reference is taken
 * @genl: the module; must outlive the edge
 * @err: on failure a sentence, NUL-terminated
 * @errlen: size of @err
 *
 * Streams of the module that no saved call owns are removed; those of a saved
 * call are left running. When the state file can't be read nobody knows whose
 * they are: all of them are left until they fall silent.
 *
 * Return: the edge, or NULL with @err written.
 */
struct vw_edge *vw_edge_new(struct vw_loop *loop, struct vw_conf *conf,
			    struct vw_genl *genl, char *err, size_t errlen);

/**
 * vw_edge_reload - go over to another configuration
 * @e: the edge
 * @conf: the new one; a reference is taken on success
 *
 * Calls in progress stay, also those of a trunk that is gone.
 *
 * Return: 0, or -errno with the old configuration still in force.
 */
int vw_edge_reload(struct vw_edge *e, struct vw_conf *conf);

/**
 * vw_edge_links - interfaces have come or gone
 * @e: the edge
 *
 * Phones are heard again when the interface they speak to was made anew.
 */
void vw_edge_links(struct vw_edge *e);

/**
 * vw_edge_event - take an event of the module (idle streams end calls)
 * @e: the edge
 * @ev: the event
 */
void vw_edge_event(struct vw_edge *e, const struct vw_genl_event *ev);

/**
 * vw_edge_calls_json - list the calls
 * @e: the edge
 *
 * Return: a new array of objects with "id", "call_id", "caller", "callee",
 * "state" ("early", "confirmed", "ending"), "trunk", "direction" ("out" from a
 * phone, "in" from the trunk), "media" ("none", "rtp", "srtp"), "suite",
 * "streams" (identifiers), "since" (seconds since the epoch), "hold".
 */
json_t *vw_edge_calls_json(struct vw_edge *e);

/**
 * vw_edge_trunks_json - list the trunks
 * @e: the edge
 *
 * Return: a new array of objects with "name", "uplink", "proxy", "reachable"
 * (true, false or null: not known yet), "last_response" (seconds since the
 * epoch, or null), "rtt_ms", "calls", "bindings", "media".
 */
json_t *vw_edge_trunks_json(struct vw_edge *e);

/**
 * vw_edge_stats_json - the counters of the edge
 * @e: the edge
 *
 * Return: a new object: counter name to number.
 */
json_t *vw_edge_stats_json(struct vw_edge *e);

/**
 * vw_edge_free - close the sockets and forget everything
 * @e: the edge; NULL is fine
 *
 * The state file and the module's streams stay: calls in progress are taken
 * up again by the next vw_edge_new().
 */
void vw_edge_free(struct vw_edge *e);

#endif
