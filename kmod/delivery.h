/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_DELIVERY_H
#define VW_DELIVERY_H

#include "voxwall.h"

/**
 * vw_delivery_watch - take the media that IPsec's transport mode brings
 * @vn: the namespace, @vn->lock held, policy and tables made
 *
 * Return: 0, or what registering the hook answered.
 */
int vw_delivery_watch(struct vw_net *vn);

/* End it; @vn->lock is held. Packets, and listings of hooks, may be in it until a
 * grace period is over. */
void vw_delivery_unwatch(struct vw_net *vn);

#endif
