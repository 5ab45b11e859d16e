/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_LEAK_H
#define VW_LEAK_H

#include "voxwall.h"

/**
 * vw_leak_guard - watch the way out of a namespace
 * @vn: the namespace, @vn->lock held, policy and tables made
 *
 * Return: 0, or what registering the hook answered.
 */
int vw_leak_guard(struct vw_net *vn);

/* End it; @vn->lock is held. Packets, and listings of hooks, may be in it until a
 * grace period is over. */
void vw_leak_unguard(struct vw_net *vn);

#endif
