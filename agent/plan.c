// SPDX-License-Identifier: GPL-2.0-or-later
/* Desired less actual. */
#include "plan.h"

#include <errno.h>
#include <stdlib.h>

/* ---- what is the same ---- */

static bool same_endpoint(const struct vw_endpoint *a, const struct vw_endpoint *b)
{
	return a->family == b->family && a->port == b->port &&
	       !memcmp(a->addr, b->addr, a->family == 6 ? 16 : 4);
}

static bool same_endpoints(const struct vw_endpoint *a, size_t na, const struct vw_endpoint *b,
			   size_t nb)
{
	if (na != nb)
		return false;
	for (size_t i = 0; i < na; i++)
		if (!same_endpoint(&a[i], &b[i]))
			return false;
	return true;
}

bool vw_plan_same_policy(const struct vw_policy *a, const struct vw_policy *b)
{
	return a->voice_vlan == b->voice_vlan && a->services == b->services &&
	       a->rogue == b->rogue && a->dscp_rtp == b->dscp_rtp &&
	       a->dscp_sip == b->dscp_sip && a->max_streams == b->max_streams &&
	       a->max_stations == b->max_stations &&
	       same_endpoints(a->server, a->nserver, b->server, b->nserver) &&
	       same_endpoints(a->peer, a->npeer, b->peer, b->npeer);
}

static bool has_vlan(const struct vw_port_rule *r, u16 vlan)
{
	for (unsigned int i = 0; i < r->nvlan; i++)
		if (r->vlan[i] == vlan)
			return true;
	return false;
}

/* In any order; no VLAN is ever in a list twice. */
static bool same_vlans(const struct vw_port_rule *a, const struct vw_port_rule *b)
{
	if (a->nvlan != b->nvlan)
		return false;
	for (unsigned int i = 0; i < a->nvlan; i++)
		if (!has_vlan(b, a->vlan[i]))
			return false;
	return true;
}

static bool same_port(const struct vw_genl_port *a, const struct vw_genl_port *b)
{
	if (a->rule.mode != b->rule.mode || a->allow_clear != b->allow_clear)
		return false;
	if (a->rule.mode == VOXWALL_PORT_UPLINK)
		return true;
	return a->rule.data_vlan == b->rule.data_vlan && a->rule.voice == b->rule.voice &&
	       a->rule.authorise == b->rule.authorise && same_vlans(&a->rule, &b->rule);
}

static bool same_station(const struct vw_genl_station *a, const struct vw_genl_station *b)
{
	return a->ifindex == b->ifindex && a->allow == b->allow && a->method == b->method;
}

/* ---- who is who ---- */

static const struct vw_genl_port *port_by_index(const struct vw_facts *is, unsigned int ifindex)
{
	for (size_t i = 0; i < is->nports; i++)
		if (is->ports[i].ifindex == ifindex)
			return &is->ports[i];
	return NULL;
}

static bool port_wanted(const struct vw_conf *want, const struct vw_facts *is,
			unsigned int ifindex)
{
	for (size_t i = 0; i < want->nports; i++)
		if (is->ifindex[i] == ifindex)
			return true;
	return false;
}

static const struct vw_genl_station *station_by_mac(const struct vw_facts *is, const u8 mac[6])
{
	for (size_t i = 0; i < is->nstations; i++)
		if (!memcmp(is->stations[i].mac, mac, 6))
			return &is->stations[i];
	return NULL;
}

static bool station_wanted(const struct vw_conf *want, const u8 mac[6])
{
	for (size_t i = 0; i < want->nstations; i++)
		if (!memcmp(want->stations[i].mac, mac, 6))
			return true;
	return false;
}

static size_t place_of(const struct vw_conf *want, const char *name)
{
	size_t i = 0;

	while (i < want->nports && strcmp(want->ports[i].name, name))
		i++;
	return i;
}

/* May it be changed, though it is there? */
static bool is_ours(const struct vw_facts *is, enum vw_plan_scope scope, size_t place)
{
	return scope == VW_PLAN_WHOLE || is->renamed[place];
}

/* ---- the steps ---- */

static struct vw_action *add(struct vw_plan *plan, enum vw_action_kind kind)
{
	struct vw_action *a = &plan->action[plan->n++];

	a->kind = kind;
	return a;
}

static void revoke(const struct vw_conf *want, const struct vw_facts *is, struct vw_plan *plan)
{
	const struct vw_genl_station *st;

	for (size_t i = 0; i < is->nstations; i++) {
		st = &is->stations[i];
		/* with the port its stations go, by the module's own hand */
		if (st->method == VOXWALL_METHOD_STATIC && !station_wanted(want, st->mac) &&
		    port_wanted(want, is, st->ifindex))
			add(plan, VW_ACTION_STATION_DEL)->station = *st;
	}
	for (size_t i = 0; i < is->nports; i++)
		if (!port_wanted(want, is, is->ports[i].ifindex))
			add(plan, VW_ACTION_PORT_DEL)->port = is->ports[i];
}

static void guard(const struct vw_conf *want, const struct vw_facts *is,
		  enum vw_plan_scope scope, struct vw_plan *plan)
{
	const struct vw_genl_port *old;

	for (size_t i = 0; i < want->nports; i++) {
		struct vw_genl_port p = {
			.ifindex = is->ifindex[i],
			.rule = want->ports[i].rule,
			.allow_clear = want->ports[i].allow_clear,
		};

		if (!p.ifindex)
			continue;
		strcpy(p.name, want->ports[i].name);
		old = port_by_index(is, p.ifindex);
		if (!old || (is_ours(is, scope, i) && !same_port(old, &p)))
			add(plan, VW_ACTION_PORT_SET)->port = p;
	}
}

static void authorise(const struct vw_conf *want, const struct vw_facts *is,
		      enum vw_plan_scope scope, struct vw_plan *plan)
{
	const struct vw_genl_station *old;

	for (size_t i = 0; i < want->nstations; i++) {
		size_t place = place_of(want, want->stations[i].port);
		struct vw_genl_station st = {
			.ifindex = place < want->nports ? is->ifindex[place] : 0,
			.allow = want->stations[i].allow,
			.method = VOXWALL_METHOD_STATIC,
		};

		if (!st.ifindex)
			continue;
		memcpy(st.mac, want->stations[i].mac, sizeof(st.mac));
		old = station_by_mac(is, st.mac);
		if (!old || (is_ours(is, scope, place) && !same_station(old, &st)))
			add(plan, VW_ACTION_STATION_SET)->station = st;
	}
}

static bool policy_right(const struct vw_conf *want, const struct vw_facts *is,
			 enum vw_plan_scope scope)
{
	return is->have_policy &&
	       (scope == VW_PLAN_MISSING || vw_plan_same_policy(&is->policy, &want->policy));
}

int vw_plan_make(const struct vw_conf *want, const struct vw_facts *is,
		 enum vw_plan_scope scope, struct vw_plan *ret)
{
	size_t most = is->nstations + is->nports + 1 + want->nports + want->nstations;
	struct vw_plan plan = { .action = calloc(most, sizeof(*plan.action)) };

	if (!plan.action)
		return -ENOMEM;
	if (scope == VW_PLAN_WHOLE)
		revoke(want, is, &plan);
	if (!policy_right(want, is, scope))
		add(&plan, VW_ACTION_POLICY_SET);
	guard(want, is, scope, &plan);
	authorise(want, is, scope, &plan);
	*ret = plan;
	return 0;
}

void vw_plan_free(struct vw_plan *plan)
{
	free(plan->action);
	plan->action = NULL;
	plan->n = 0;
}
