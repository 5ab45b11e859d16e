// SPDX-License-Identifier: GPL-2.0-or-later
/* Asking the module what is, and doing what the plan says. */
#include "apply.h"

#include <errno.h>
#include <stdlib.h>

#include "log.h"
#include "value.h"

/**
 * struct vw_apply - the module and what was said about interfaces
 * @g: the module
 * @missing: names of interfaces that were not there, an array
 * @index: which interface each name last meant: an object of ifindex by name
 */
struct vw_apply {
	struct vw_genl *g;
	json_t *missing;
	json_t *index;
};

void vw_apply_free(struct vw_apply *a)
{
	if (!a)
		return;
	json_decref(a->missing);
	json_decref(a->index);
	free(a);
}

struct vw_apply *vw_apply_new(struct vw_genl *g)
{
	struct vw_apply *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->g = g;
	a->missing = json_array();
	a->index = json_object();
	if (!a->missing || !a->index) {
		vw_apply_free(a);
		return NULL;
	}
	return a;
}

json_t *vw_apply_missing(const struct vw_apply *a)
{
	return json_copy(a->missing);
}

/* ---- interfaces ---- */

static bool names(const json_t *list, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!strcmp(json_string_value(item), name))
			return true;
	return false;
}

/* Does a name mean another interface than it did? */
static bool take_index(struct vw_apply *a, const char *name, unsigned int ifindex)
{
	json_int_t known = json_integer_value(json_object_get(a->index, name));

	if (known == ifindex || json_object_set_new(a->index, name, json_integer(ifindex)))
		return false;
	if (known)
		vw_notice("another interface is called %s now", name);
	return known != 0;
}

static int find_interfaces(struct vw_apply *a, const struct vw_conf *conf, struct vw_facts *is)
{
	json_t *missing = json_array();

	is->ifindex = calloc(conf->nports + 1, sizeof(*is->ifindex));
	is->renamed = calloc(conf->nports + 1, sizeof(*is->renamed));
	if (!is->ifindex || !is->renamed || !missing) {
		json_decref(missing);
		return -ENOMEM;
	}
	for (size_t i = 0; i < conf->nports; i++) {
		const char *name = conf->ports[i].name;

		is->ifindex[i] = if_nametoindex(name);
		if (is->ifindex[i]) {
			is->renamed[i] = take_index(a, name, is->ifindex[i]);
			continue;
		}
		json_array_append_new(missing, json_string(name));
		if (!names(a->missing, name))
			vw_warn("interface %s isn't there; it will be guarded as soon as it "
				"appears", name);
	}
	json_decref(a->missing);
	a->missing = missing;
	return 0;
}

/* ---- the module's tables ---- */

static int append(void **list, size_t *n, const void *item, size_t size)
{
	char *more = realloc(*list, (*n + 1) * size);

	if (!more)
		return -ENOMEM;
	memcpy(more + *n * size, item, size);
	*list = more;
	++*n;
	return 0;
}

static int take_port(const struct vw_genl_port *port, void *arg)
{
	struct vw_facts *is = arg;

	return append((void **)&is->ports, &is->nports, port, sizeof(*port));
}

static int take_station(const struct vw_genl_station *st, void *arg)
{
	struct vw_facts *is = arg;

	return append((void **)&is->stations, &is->nstations, st, sizeof(*st));
}

static int gather(struct vw_apply *a, const struct vw_conf *conf, struct vw_facts *is)
{
	int err = vw_genl_policy_get(a->g, &is->policy);

	is->have_policy = !err && is->policy.voice_vlan;
	/* before the first POLICY_SET there is none to get */
	if (err && err != -ENOENT && err != -ENODATA)
		return err;
	err = vw_genl_port_dump(a->g, take_port, is);
	if (!err)
		err = vw_genl_station_dump(a->g, take_station, is);
	return err ? err : find_interfaces(a, conf, is);
}

static void forget(struct vw_facts *is)
{
	free(is->ports);
	free(is->stations);
	free(is->ifindex);
	free(is->renamed);
}

bool vw_apply_has_policy(struct vw_apply *a, const struct vw_conf *conf)
{
	struct vw_policy is = { 0 };

	return !vw_genl_policy_get(a->g, &is) && vw_plan_same_policy(&is, &conf->policy);
}

/* ---- doing ---- */

static int act(struct vw_genl *g, const struct vw_conf *conf, const struct vw_action *a)
{
	switch (a->kind) {
	case VW_ACTION_STATION_DEL:
		return vw_genl_station_del(g, a->station.mac);
	case VW_ACTION_PORT_DEL:
		return vw_genl_port_del(g, a->port.ifindex);
	case VW_ACTION_POLICY_SET:
		return vw_genl_policy_set(g, &conf->policy);
	case VW_ACTION_PORT_SET:
		return vw_genl_port_set(g, &a->port);
	case VW_ACTION_STATION_SET:
		return vw_genl_station_set(g, &a->station);
	}
	return -EINVAL;
}

static void describe(const struct vw_action *a, char *text, size_t len)
{
	char mac[VW_MAC_TEXT];

	switch (a->kind) {
	case VW_ACTION_STATION_DEL:
		snprintf(text, len, "forget station %s", vw_value_mac_text(a->station.mac, mac));
		break;
	case VW_ACTION_PORT_DEL:
		snprintf(text, len, "stop guarding %s", a->port.name);
		break;
	case VW_ACTION_POLICY_SET:
		snprintf(text, len, "set the policy");
		break;
	case VW_ACTION_PORT_SET:
		snprintf(text, len, "guard %s (%s)", a->port.name,
			 vw_mode_name(a->port.rule.mode));
		break;
	case VW_ACTION_STATION_SET:
		snprintf(text, len, "authorise station %s",
			 vw_value_mac_text(a->station.mac, mac));
		break;
	}
}

static int act_all(struct vw_apply *a, const struct vw_conf *conf, const struct vw_plan *plan,
		   char *err, size_t errlen)
{
	char text[96];
	int first = 0;

	for (size_t i = 0; i < plan->n; i++) {
		int code = act(a->g, conf, &plan->action[i]);

		describe(&plan->action[i], text, sizeof(text));
		if (!code) {
			vw_info("module: %s", text);
			continue;
		}
		vw_err("module: can't %s: %s", text, vw_genl_error(a->g));
		if (!first)
			snprintf(err, errlen, "can't %s: %s", text, vw_genl_error(a->g));
		first = first ? first : code;
	}
	return first;
}

int vw_apply_run(struct vw_apply *a, const struct vw_conf *conf, enum vw_plan_scope scope,
		 char *err, size_t errlen)
{
	struct vw_facts is = { 0 };
	struct vw_plan plan = { 0 };
	int code = gather(a, conf, &is);

	err[0] = '\0';
	if (!code)
		code = vw_plan_make(conf, &is, scope, &plan);
	if (code)
		snprintf(err, errlen, "can't read the module's tables: %s", vw_genl_error(a->g));
	else
		code = act_all(a, conf, &plan, err, errlen);
	vw_plan_free(&plan);
	forget(&is);
	return code;
}
