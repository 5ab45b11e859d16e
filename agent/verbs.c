// SPDX-License-Identifier: GPL-2.0-or-later
/* What the agent answers on its control socket. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "apply.h"
#include "sip/edge.h"
#include "value.h"

static void warn(json_t *list, const char *text, const char *detail)
{
	json_array_append_new(list, json_sprintf(text, detail));
}

static void warn_missing(const struct vw_agent *a, json_t *list)
{
	json_t *missing = vw_apply_missing(a->apply), *name;
	size_t i;

	json_array_foreach(missing, i, name)
		warn(list, "interface %s isn't there, so it isn't guarded",
		     json_string_value(name));
	json_decref(missing);
}

static void warn_trunk(const struct vw_conf_trunk *t, json_t *list)
{
	if (!t->proxy.ss_family)
		warn(list, "the proxy of trunk %s can't be looked up", t->name);
	if (t->media != VW_MEDIA_RTP)
		warn(list, "trunk %s: SRTP keys travel in clear SIP; trust the path to the proxy, "
		     "or put it into a tunnel", t->name);
}

static json_t *warnings(const struct vw_agent *a)
{
	json_t *list = json_array();

	warn_missing(a, list);
	if (a->edge_error[0])
		warn(list, "the SIP edge can't start: %s", a->edge_error);
	if (a->apply_error[0])
		warn(list, "the module refused: %s", a->apply_error);
	if (!a->locked)
		warn(list, "memory could not be locked: keys may reach the swap%s",
		     " (raise LimitMEMLOCK)");
	for (size_t i = 0; i < a->conf->ntrunks; i++)
		warn_trunk(&a->conf->trunks[i], list);
	return list;
}

static json_t *status(struct vw_agent *a)
{
	return json_pack("{s:s, s:i, s:s, s:I, s:b, s:o, s:o, s:o, s:o}",
			 "version", VOXWALL_VERSION, "pid", (int)getpid(),
			 "configuration", a->conf_path,
			 "since", (json_int_t)a->started, "edge", a->edge != NULL,
			 "calls", a->edge ? vw_edge_calls_json(a->edge) : json_array(),
			 "trunks", a->edge ? vw_edge_trunks_json(a->edge) : json_array(),
			 "counters", a->edge ? vw_edge_stats_json(a->edge) : json_object(),
			 "warnings", warnings(a));
}

static json_t *check(struct vw_agent *a, json_t *request, char *err, size_t errlen)
{
	const char *path = json_string_value(json_object_get(request, "file"));
	struct vw_conf *c;

	if (vw_conf_load(path ? path : a->conf_path, &c, err, errlen))
		return NULL;
	vw_conf_put(c);
	return json_true();
}

json_t *vw_agent_verb(const char *verb, json_t *request, char *err, size_t errlen, void *arg)
{
	struct vw_agent *a = arg;

	if (!strcmp(verb, "status"))
		return status(a);
	if (!strcmp(verb, "call list"))
		return a->edge ? vw_edge_calls_json(a->edge) : json_array();
	if (!strcmp(verb, "trunk list"))
		return a->edge ? vw_edge_trunks_json(a->edge) : json_array();
	if (!strcmp(verb, "check"))
		return check(a, request, err, errlen);
	if (!strcmp(verb, "reload"))
		return vw_agent_reload(a, err, errlen) ? NULL : json_true();
	snprintf(err, errlen, "the agent doesn't know \"%.40s\"", verb);
	return NULL;
}
