/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_NET_H
#define VW_NET_H

#include "voxwall.h"

/**
 * vw_net_policy_set - replace the namespace's policy
 * @vn: the namespace, @vn->lock held; its tables are made the first time
 * @pol: taken over on success
 *
 * Return: 0, or -ENOMEM and what registering the leak guard answers.
 */
int vw_net_policy_set(struct vw_net *vn, struct vw_policy *pol);

int vw_net_module_init(void);
void vw_net_module_exit(void);

#endif
