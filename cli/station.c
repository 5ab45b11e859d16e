// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall station */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "../agent/kernel/genl.h"
#include "../agent/value.h"
#include "cli.h"
#include "out.h"
#include "words.h"

static bool never_seen(const struct vw_genl_station *st)
{
	return st->idle_ms == UINT64_MAX;
}

static int list_json(const struct vw_genl_station *st, void *arg)
{
	char mac[VW_MAC_TEXT], port[32];

	json_array_append_new(arg, json_pack("{s:s, s:s, s:I, s:o, s:s, s:I, s:o}",
		"mac", vw_value_mac_text(st->mac, mac), "port", vw_out_port(st->ifindex, port),
		"ifindex", (json_int_t)st->ifindex, "allow", vw_out_allow_json(st->allow),
		"method", vw_method_name(st->method), "packets", (json_int_t)st->packets,
		"idle_ms", never_seen(st) ? json_null() : json_integer((json_int_t)st->idle_ms)));
	return 0;
}

static int list_row(const struct vw_genl_station *st, void *arg)
{
	char mac[VW_MAC_TEXT], port[32], allow[16], age[24];

	vw_table_cell(arg, "%s", vw_value_mac_text(st->mac, mac));
	vw_table_cell(arg, "%s", vw_out_port(st->ifindex, port));
	vw_table_cell(arg, "%s", vw_out_allow(st->allow, allow));
	vw_table_cell(arg, "%s", vw_method_name(st->method));
	vw_table_cell(arg, "%llu", (unsigned long long)st->packets);
	vw_table_cell(arg, "%s", never_seen(st) ? "never" : vw_out_age(st->idle_ms / 1000, age));
	return 0;
}

static int list(struct vw_cli *c)
{
	struct vw_genl *g = vw_cli_module(c);
	struct vw_table *t;
	json_t *all;

	if (!g)
		return VW_EXIT_FAILED;
	all = json_array();
	t = vw_table_new("STATION", "PORT", "ALLOW", "METHOD", "PACKETS", "IDLE", NULL);
	if (vw_genl_station_dump(g, c->json ? list_json : list_row, c->json ? (void *)all : t))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	if (c->json)
		return vw_out_json(all);
	json_decref(all);
	return vw_table_print(t);
}

static int set_port(const struct vw_cli *c, const char *value, void *obj)
{
	struct vw_genl_station *st = obj;

	if (!vw_value_ifname(value))
		return vw_cli_usage(c, "\"%s\" can't be an interface", value);
	st->ifindex = if_nametoindex(value);
	if (st->ifindex)
		return 0;
	return vw_cli_fail(c, "there is no interface \"%s\"; ip link lists them", value);
}

static int set_allow(const struct vw_cli *c, const char *value, void *obj)
{
	struct vw_genl_station *st = obj;

	return vw_words_allow(c, value, &st->allow);
}

static int read_mac(const struct vw_cli *c, const char *text, u8 mac[6])
{
	if (!vw_value_mac(text, mac))
		return 0;
	return vw_cli_usage(c, "\"%s\" is not the MAC address of one station; write it as "
			    "02:00:00:00:01:01", text);
}

static int add(struct vw_cli *c)
{
	static const struct vw_word words[] = {
		{ "port", set_port }, { "allow", set_allow }, { NULL, NULL }
	};
	struct vw_genl_station st = { .allow = VOXWALL_ALLOW_VOICE,
				      .method = VOXWALL_METHOD_STATIC };
	struct vw_genl *g;
	int status = read_mac(c, c->argv[0], st.mac);

	if (!status)
		status = vw_words_take(c, 1, words, &st);
	if (status)
		return status;
	if (!st.ifindex)
		return vw_cli_usage(c, "port is missing; write port NAME");
	g = vw_cli_module(c);
	if (!g)
		return VW_EXIT_FAILED;
	if (vw_genl_station_set(g, &st))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	return VW_EXIT_DONE;
}

static int del(struct vw_cli *c)
{
	struct vw_genl *g;
	u8 mac[6];
	int status = read_mac(c, c->argv[0], mac);

	if (status)
		return status;
	g = vw_cli_module(c);
	if (!g)
		return VW_EXIT_FAILED;
	if (vw_genl_station_del(g, mac))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	return VW_EXIT_DONE;
}

const struct vw_verb vw_cli_station[] = {
	{ "list", "", "list authorised stations", list, true, false, 0, 0 },
	{ "add", "MAC port NAME [allow voice,data|none]",
	  "authorise a station, or change what it may do, until the agent's next start or reload",
	  add, false, false, 3, VW_ANY },
	{ "del", "MAC", "forget a station", del, false, false, 1, 1 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};
