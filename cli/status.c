// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall status */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../agent/control/socket.h"
#include "../agent/kernel/genl.h"
#include "agent.h"
#include "out.h"

#define VERSION_FILE	"/sys/module/voxwall/version"

/* ---- gathering ---- */

static int count_port(const struct vw_genl_port *p, void *arg)
{
	json_array_append_new(arg, json_pack("{s:o, s:s, s:I, s:I}",
		"name", vw_out_string(p->name), "mode", vw_mode_name(p->rule.mode),
		"rx_packets", (json_int_t)p->rx_packets, "dropped", (json_int_t)p->dropped));
	return 0;
}

static int count_station(const struct vw_genl_station *st, void *arg)
{
	(void)st;
	++*(json_int_t *)arg;
	return 0;
}

static int count_stream(const struct vw_genl_stream *s, void *arg)
{
	(void)s;
	++*(json_int_t *)arg;
	return 0;
}

static json_t *module_version(void)
{
	FILE *in = fopen(VERSION_FILE, "re");
	char text[64] = "";

	if (in) {
		if (!fgets(text, sizeof(text), in))
			text[0] = '\0';
		fclose(in);
	}
	text[strcspn(text, "\n")] = '\0';
	return text[0] ? vw_out_string(text) : json_null();
}

static void warn(json_t *root, const char *text)
{
	json_array_append_new(json_object_get(root, "warnings"), vw_out_string(text));
}

static void ask_module(json_t *root)
{
	json_int_t stations = 0, streams = 0;
	json_t *ports = json_array();
	struct vw_genl *g = NULL;
	int err = vw_genl_open(&g);

	if (!err)
		err = vw_genl_port_dump(g, count_port, ports);
	if (!err)
		err = vw_genl_station_dump(g, count_station, &stations);
	if (!err)
		err = vw_genl_stream_dump(g, count_stream, &streams);
	if (!err && !json_array_size(ports))
		warn(root, "no interface is guarded");
	if (err) {
		warn(root, vw_genl_error(g));
		json_object_set_new(root, "module", json_null());
		json_decref(ports);
	} else {
		json_object_set_new(root, "module", json_pack("{s:o, s:o, s:I, s:I}",
			"version", module_version(), "ports", ports, "stations", stations,
			"streams", streams));
	}
	vw_genl_close(g);
}

static void warn_trunks(json_t *root, const json_t *agent)
{
	const json_t *trunk;
	char text[256];
	size_t i;

	json_array_foreach(json_object_get(agent, "trunks"), i, trunk) {
		if (!json_is_false(json_object_get(trunk, "reachable")))
			continue;
		snprintf(text, sizeof(text), "trunk %s does not answer",
			 vw_cli_text(trunk, "name"));
		warn(root, text);
	}
}

static void warn_calls(json_t *root, const json_t *agent)
{
	const json_t *call;
	char text[64];
	int clear = 0;
	size_t i;

	json_array_foreach(json_object_get(agent, "calls"), i, call)
		clear += !strcmp(vw_cli_text(call, "media"), "rtp");
	if (!clear)
		return;
	snprintf(text, sizeof(text), "%d %s in clear over the WAN", clear,
		 clear == 1 ? "call is" : "calls are");
	warn(root, text);
}

static void ask_agent(json_t *root)
{
	json_t *agent = NULL;
	char err[512];

	if (vw_control_ask(VW_CONTROL_PATH, json_pack("{s:s}", "verb", "status"), &agent, err,
			   sizeof(err), NULL)) {
		warn(root, err);
		json_object_set_new(root, "agent", json_null());
		return;
	}
	warn_trunks(root, agent);
	warn_calls(root, agent);
	json_array_extend(json_object_get(root, "warnings"), json_object_get(agent, "warnings"));
	json_object_del(agent, "warnings");
	json_object_set_new(root, "agent", agent);
}

/* ---- printing ---- */

static const char *safe_text(const json_t *o, const char *key)
{
	static char text[4][512];
	static unsigned int turn;

	turn = (turn + 1) % 4;
	return vw_out_safe(vw_cli_text(o, key), text[turn], sizeof(text[turn]));
}

static void print_agent(const json_t *agent)
{
	json_int_t since = json_integer_value(json_object_get(agent, "since"));
	json_int_t now = time(NULL);
	const json_t *trunk;
	char age[24];
	size_t i;

	if (!json_is_object(agent)) {
		puts("agent    not running");
		return;
	}
	printf("agent    %s, process %lld, up %s, %s\n", safe_text(agent, "version"),
	       (long long)json_integer_value(json_object_get(agent, "pid")),
	       vw_out_age(now > since ? (uint64_t)(now - since) : 0, age),
	       safe_text(agent, "configuration"));
	printf("calls    %zu\n", json_array_size(json_object_get(agent, "calls")));
	json_array_foreach(json_object_get(agent, "trunks"), i, trunk) {
		const json_t *r = json_object_get(trunk, "reachable");

		printf("trunk    %s (%s): %s\n", safe_text(trunk, "name"),
		       safe_text(trunk, "proxy"), json_is_true(r) ? "answers" :
		       json_is_false(r) ? "DOES NOT ANSWER" : "not heard of yet");
	}
}

static void print_module(const json_t *module)
{
	const json_t *port;
	size_t i;

	if (!json_is_object(module)) {
		puts("module   not there");
		return;
	}
	printf("module   %s, %lld stations, %lld streams\n", safe_text(module, "version"),
	       (long long)json_integer_value(json_object_get(module, "stations")),
	       (long long)json_integer_value(json_object_get(module, "streams")));
	json_array_foreach(json_object_get(module, "ports"), i, port)
		printf("port     %s (%s): %lld packets, %lld dropped\n", safe_text(port, "name"),
		       safe_text(port, "mode"),
		       (long long)json_integer_value(json_object_get(port, "rx_packets")),
		       (long long)json_integer_value(json_object_get(port, "dropped")));
}

static void print_warnings(const json_t *list)
{
	const json_t *text;
	char safe[1024];
	size_t i;

	json_array_foreach(list, i, text)
		printf("WARNING  %s\n",
		       vw_out_safe(json_string_value(text), safe, sizeof(safe)));
}

/* Failed means: the gateway doesn't do its work, because a half of it is missing. */
static int status(struct vw_cli *c)
{
	json_t *root = json_pack("{s:s, s:[]}", "version", VOXWALL_VERSION, "warnings");
	bool whole;

	ask_agent(root);
	ask_module(root);
	whole = json_is_object(json_object_get(root, "agent")) &&
		json_is_object(json_object_get(root, "module"));
	if (c->json)
		return vw_out_json(root) || !whole;
	print_agent(json_object_get(root, "agent"));
	print_module(json_object_get(root, "module"));
	print_warnings(json_object_get(root, "warnings"));
	json_decref(root);
	return fflush(stdout) || !whole ? VW_EXIT_FAILED : VW_EXIT_DONE;
}

const struct vw_verb vw_cli_status[] = {
	{ "status", "", "agent, module, ports, calls, trunks and warnings; fails when the agent or "
	  "the module is missing", status, true, false, 0, 0 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};
