/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bringing the module to where the configuration wants it. */
#ifndef VW_AGENT_APPLY_H
#define VW_AGENT_APPLY_H

#include <jansson.h>

#include "conf.h"
#include "kernel/genl.h"
#include "plan.h"

struct vw_apply;

struct vw_apply *vw_apply_new(struct vw_genl *g);
void vw_apply_free(struct vw_apply *a);

/**
 * vw_apply_run - compare, and do what is missing
 * @a: remembers which interfaces were missing, so that each is told of once
 * @conf: what should be
 * @scope: how far to go
 * @err: the first refusal, "" when there was none
 *
 * Goes on after a refusal: a gateway guards what it can. Return: 0 or the first
 * -errno.
 */
int vw_apply_run(struct vw_apply *a, const struct vw_conf *conf, enum vw_plan_scope scope,
		 char *err, size_t errlen);

/* Does the module say that it has the policy of this configuration? */
bool vw_apply_has_policy(struct vw_apply *a, const struct vw_conf *conf);

/* Names of configured interfaces that aren't there: a new array. */
json_t *vw_apply_missing(const struct vw_apply *a);

#endif
