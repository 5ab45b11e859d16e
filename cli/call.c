// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall call, voxwall trunk: what the agent knows of SIP. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../agent/control/socket.h"
#include "agent.h"
#include "out.h"

json_t *vw_cli_ask(const struct vw_cli *c, const char *verb)
{
	json_t *result = NULL;
	char err[1024];

	if (!vw_control_ask(VW_CONTROL_PATH, json_pack("{s:s}", "verb", verb), &result, err,
			    sizeof(err), NULL))
		return result;
	vw_cli_fail(c, "%s", err);
	return NULL;
}

const char *vw_cli_text(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text && text[0] ? text : "-";
}

static const char *age_since(const json_t *o, const char *key, char text[24])
{
	json_int_t then = json_integer_value(json_object_get(o, key)), now = time(NULL);

	if (!then)
		return "-";
	return vw_out_age(now > then ? (uint64_t)(now - then) : 0, text);
}

static long long number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* With an unknown part of the delay it is no better than that. */
static const char *heard(const json_t *call, const char *by, char text[16])
{
	const json_t *q = json_object_get(call, by);

	if (!json_is_number(json_object_get(q, "mos")))
		return "-";
	snprintf(text, 16, "%s%.1f", json_is_true(json_object_get(q, "delay_whole")) ? "" : "<=",
		 json_number_value(json_object_get(q, "mos")));
	return text;
}

static void call_row(struct vw_table *t, const json_t *call)
{
	char age[24], mos[16];

	vw_table_cell(t, "%s", vw_cli_text(call, "id"));
	vw_table_cell(t, "%s", vw_cli_text(call, "caller"));
	vw_table_cell(t, "%s", vw_cli_text(call, "callee"));
	vw_table_cell(t, "%s%s%s", vw_cli_text(call, "state"),
		      json_is_true(json_object_get(call, "hold")) ? ", hold" : "",
		      json_array_size(json_object_get(call, "keys_expire")) ? ", key expires" : "");
	vw_table_cell(t, "%s", vw_cli_text(call, "trunk"));
	vw_table_cell(t, "%s", vw_cli_text(call, "media"));
	vw_table_cell(t, "%s", vw_cli_text(call, "suite"));
	vw_table_cell(t, "%s", heard(call, "heard_by_phone", mos));
	vw_table_cell(t, "%s", heard(call, "heard_by_trunk", mos));
	vw_table_cell(t, "%s", age_since(call, "since", age));
}

static int list_calls(struct vw_cli *c)
{
	json_t *calls = vw_cli_ask(c, "call list"), *call;
	struct vw_table *t;
	size_t i;

	if (!calls)
		return VW_EXIT_FAILED;
	if (c->json)
		return vw_out_json(calls);
	t = vw_table_new("CALL", "CALLER", "CALLEE", "STATE", "TRUNK", "MEDIA", "SUITE",
			 "MOS PHONE", "MOS TRUNK", "SINCE", NULL);
	json_array_foreach(calls, i, call)
		call_row(t, call);
	json_decref(calls);
	return vw_table_print(t);
}

static const char *reachable(const json_t *trunk)
{
	const json_t *r = json_object_get(trunk, "reachable");

	return json_is_true(r) ? "yes" : json_is_false(r) ? "NO" : "not known yet";
}

static void trunk_row(struct vw_table *t, const json_t *trunk)
{
	char age[24];

	vw_table_cell(t, "%s", vw_cli_text(trunk, "name"));
	vw_table_cell(t, "%s", vw_cli_text(trunk, "uplink"));
	vw_table_cell(t, "%s", vw_cli_text(trunk, "proxy"));
	vw_table_cell(t, "%s", reachable(trunk));
	vw_table_cell(t, "%s", age_since(trunk, "last_response", age));
	vw_table_cell(t, "%s", vw_cli_text(trunk, "media"));
	vw_table_cell(t, "%lld", number(trunk, "calls"));
	vw_table_cell(t, "%lld", number(trunk, "bindings"));
}

static int list_trunks(struct vw_cli *c)
{
	json_t *trunks = vw_cli_ask(c, "trunk list"), *trunk;
	struct vw_table *t;
	size_t i;

	if (!trunks)
		return VW_EXIT_FAILED;
	if (c->json)
		return vw_out_json(trunks);
	t = vw_table_new("TRUNK", "UPLINK", "PROXY", "REACHABLE", "ANSWERED", "MEDIA", "CALLS",
			 "PHONES", NULL);
	json_array_foreach(trunks, i, trunk)
		trunk_row(t, trunk);
	json_decref(trunks);
	return vw_table_print(t);
}

const struct vw_verb vw_cli_call[] = {
	{ "list", "", "list calls", list_calls, true, false, 0, 0 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};

const struct vw_verb vw_cli_trunk[] = {
	{ "list", "", "list trunks, and whether they answer", list_trunks, true, false, 0, 0 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};
