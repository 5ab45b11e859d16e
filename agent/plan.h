/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What should be, less what is: the actions that lead from one to the other.
 * Pure; what is right already is never touched.
 */
#ifndef VW_AGENT_PLAN_H
#define VW_AGENT_PLAN_H

#include "conf.h"
#include "kernel/genl.h"

/**
 * struct vw_facts - what the module and the machine say
 * @have_policy: the module has one
 * @policy: it
 * @ports: guarded interfaces
 * @nports: how many
 * @stations: known stations
 * @nstations: how many
 * @ifindex: for each port of the configuration, in its order; 0: no such interface now
 * @renamed: likewise; its name was another interface's when it was last looked at, so
 *	what the module has for this one was meant for another name
 */
struct vw_facts {
	bool have_policy;
	struct vw_policy policy;
	struct vw_genl_port *ports;
	size_t nports;
	struct vw_genl_station *stations;
	size_t nstations;
	unsigned int *ifindex;
	bool *renamed;
};

enum vw_action_kind {
	VW_ACTION_STATION_DEL,
	VW_ACTION_PORT_DEL,
	VW_ACTION_POLICY_SET,
	VW_ACTION_PORT_SET,
	VW_ACTION_STATION_SET,
};

/* How far a plan goes. */
enum vw_plan_scope {
	VW_PLAN_WHOLE,		/* until the module is as the configuration says */
	VW_PLAN_MISSING,	/* add what isn't there, mend what was renamed; an admin's changes stay */
};

/* One step. POLICY_SET sets the policy of the configuration. */
struct vw_action {
	enum vw_action_kind kind;
	union {
		struct vw_genl_port port;
		struct vw_genl_station station;
	};
};

struct vw_plan {
	struct vw_action *action;
	size_t n;
};

/**
 * vw_plan_make - find the steps, in the order in which they can be done
 *
 * What may no longer be goes first, so that a change never allows more on its
 * way than before and after it. Stations that got in by another method than
 * "static" are somebody else's and stay.
 *
 * Return: 0 or -ENOMEM. vw_plan_free() it.
 */
int vw_plan_make(const struct vw_conf *want, const struct vw_facts *is,
		 enum vw_plan_scope scope, struct vw_plan *ret);
/* In all that a configuration can say. */
bool vw_plan_same_policy(const struct vw_policy *a, const struct vw_policy *b);
void vw_plan_free(struct vw_plan *plan);

#endif
