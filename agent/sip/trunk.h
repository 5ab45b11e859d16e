/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trunks of another configuration: which stay, which come and which go. */
#ifndef VW_SIP_TRUNK_H
#define VW_SIP_TRUNK_H

#include "edge_priv.h"

/* Listen on its local address, with another trunk's socket where that is the same; in edge.c. */
bool vw_trunk_open(struct vw_edge *e, struct vw_trunk *t, char *err, size_t errlen);

/**
 * vw_trunks_update - go over to the trunks of a configuration
 * @e: the edge
 * @conf: the configuration
 *
 * A trunk with other addresses is another trunk, also under the same name. One that
 * isn't there any more begins nothing, but stays for what it has begun.
 *
 * Return: 0; -EADDRNOTAVAIL: one can't be opened, and nothing has changed.
 */
int vw_trunks_update(struct vw_edge *e, const struct vw_conf *conf);

/* Free what has gone and serves no call, registration or transaction any more. */
void vw_trunks_sweep(struct vw_edge *e);

#endif
