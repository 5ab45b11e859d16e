// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall port */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "../agent/kernel/genl.h"
#include "../agent/value.h"
#include "cli.h"
#include "out.h"
#include "words.h"

/* ---- list ---- */

static json_t *vlans_json(const struct vw_port_rule *r)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < r->nvlan; i++)
		json_array_append_new(list, json_integer(r->vlan[i]));
	return list;
}

static int list_json(const struct vw_genl_port *p, void *arg)
{
	json_array_append_new(arg, json_pack("{s:o, s:I, s:s, s:i, s:o, s:b, s:o, s:b, s:I, s:I}",
		"name", vw_out_string(p->name), "ifindex", (json_int_t)p->ifindex,
		"mode", vw_mode_name(p->rule.mode), "data_vlan", p->rule.data_vlan,
		"vlans", vlans_json(&p->rule), "voice", p->rule.voice,
		"authorise", vw_out_allow_json(p->rule.authorise),
		"allow_clear", p->allow_clear, "rx_packets", (json_int_t)p->rx_packets,
		"dropped", (json_int_t)p->dropped));
	return 0;
}

static void vlans_text(const struct vw_port_rule *r, char *text, size_t len)
{
	size_t n = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < r->nvlan && n < len; i++)
		n += (size_t)snprintf(text + n, len - n, "%s%u", i ? "," : "", r->vlan[i]);
}

static int list_row(const struct vw_genl_port *p, void *arg)
{
	bool uplink = p->rule.mode == VOXWALL_PORT_UPLINK;
	char vlans[200], allow[16];

	vlans_text(&p->rule, vlans, sizeof(vlans));
	vw_table_cell(arg, "%s", p->name);
	vw_table_cell(arg, "%s", vw_mode_name(p->rule.mode));
	if (p->rule.data_vlan)
		vw_table_cell(arg, "%u", p->rule.data_vlan);
	else
		vw_table_cell(arg, "-");
	vw_table_cell(arg, "%s", vlans);
	vw_table_cell(arg, "%s", uplink ? "-" : p->rule.voice ? "yes" : "no");
	vw_table_cell(arg, "%s", uplink ? "-" : vw_out_allow(p->rule.authorise, allow));
	vw_table_cell(arg, "%s", uplink ? p->allow_clear ? "yes" : "no" : "-");
	vw_table_cell(arg, "%llu", (unsigned long long)p->rx_packets);
	vw_table_cell(arg, "%llu", (unsigned long long)p->dropped);
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
	t = vw_table_new("PORT", "MODE", "DATA-VLAN", "VLANS", "VOICE", "AUTHORISE", "CLEAR",
			 "PACKETS", "DROPPED", NULL);
	if (vw_genl_port_dump(g, c->json ? list_json : list_row, c->json ? (void *)all : t))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	if (c->json)
		return vw_out_json(all);
	json_decref(all);
	return vw_table_print(t);
}

/* ---- set ---- */

static int set_mode(const struct vw_cli *c, const char *value, void *obj)
{
	struct vw_genl_port *p = obj;

	for (unsigned int i = 0; i < __VOXWALL_PORT_MODE_MAX; i++) {
		if (!strcmp(value, vw_mode_name(i))) {
			p->rule.mode = (u8)i;
			return 0;
		}
	}
	return vw_cli_usage(c, "mode \"%s\": use access, trunk or uplink", value);
}

static int read_vlan(const struct vw_cli *c, const char *word, const char *value, u16 *ret)
{
	u64 n;

	if (vw_value_uint(value, 1, 4094, &n))
		return vw_cli_usage(c, "%s \"%s\": write a number from 1 to 4094", word, value);
	*ret = (u16)n;
	return 0;
}

static int set_data_vlan(const struct vw_cli *c, const char *value, void *obj)
{
	struct vw_genl_port *p = obj;

	return read_vlan(c, "data-vlan", value, &p->rule.data_vlan);
}

static int add_vlan(const struct vw_cli *c, const char *value, void *obj)
{
	struct vw_genl_port *p = obj;

	if (p->rule.nvlan == VOXWALL_MAX_VLANS)
		return vw_cli_usage(c, "vlans: no more than %d", VOXWALL_MAX_VLANS);
	return read_vlan(c, "vlans", value, &p->rule.vlan[p->rule.nvlan++]);
}

static int set_vlans(const struct vw_cli *c, const char *value, void *obj)
{
	return vw_words_split(c, value, add_vlan, obj);
}

static int read_yes(const struct vw_cli *c, const char *word, const char *value, bool *ret)
{
	if (!vw_value_bool(value, ret))
		return 0;
	return vw_cli_usage(c, "%s \"%s\": write yes or no", word, value);
}

static int set_voice(const struct vw_cli *c, const char *value, void *obj)
{
	struct vw_genl_port *p = obj;

	return read_yes(c, "voice", value, &p->rule.voice);
}

static int set_clear(const struct vw_cli *c, const char *value, void *obj)
{
	struct vw_genl_port *p = obj;

	return read_yes(c, "allow-clear", value, &p->allow_clear);
}

static int set_authorise(const struct vw_cli *c, const char *value, void *obj)
{
	struct vw_genl_port *p = obj;

	return vw_words_allow(c, value, &p->rule.authorise);
}

static int find_interface(const struct vw_cli *c, const char *name, unsigned int *ret)
{
	if (!vw_value_ifname(name))
		return vw_cli_usage(c, "\"%s\" can't be an interface", name);
	*ret = if_nametoindex(name);
	if (*ret)
		return 0;
	return vw_cli_fail(c, "there is no interface \"%s\"; ip link lists them", name);
}

static int set(struct vw_cli *c)
{
	static const struct vw_word words[] = {
		{ "mode", set_mode }, { "data-vlan", set_data_vlan }, { "vlans", set_vlans },
		{ "voice", set_voice }, { "authorise", set_authorise },
		{ "allow-clear", set_clear }, { NULL, NULL }
	};
	struct vw_genl_port p = { .rule = { .mode = __VOXWALL_PORT_MODE_MAX, .voice = true,
					    .authorise = VOXWALL_ALLOW_VOICE } };
	struct vw_genl *g;
	int status;

	status = vw_words_take(c, 1, words, &p);
	if (!status && p.rule.mode == __VOXWALL_PORT_MODE_MAX)
		return vw_cli_usage(c, "mode is missing; use mode access, trunk or uplink");
	if (!status)
		status = find_interface(c, c->argv[0], &p.ifindex);
	if (status)
		return status;
	g = vw_cli_module(c);
	if (!g)
		return VW_EXIT_FAILED;
	if (vw_genl_port_set(g, &p))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	return VW_EXIT_DONE;
}

/* ---- del ---- */

static int del(struct vw_cli *c)
{
	unsigned int ifindex;
	struct vw_genl *g;
	int status = find_interface(c, c->argv[0], &ifindex);

	if (status)
		return status;
	g = vw_cli_module(c);
	if (!g)
		return VW_EXIT_FAILED;
	if (vw_genl_port_del(g, ifindex))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	return VW_EXIT_DONE;
}

const struct vw_verb vw_cli_port[] = {
	{ "list", "", "list guarded interfaces and their counters", list, true, false, 0, 0 },
	{ "set", "NAME mode access|trunk|uplink [data-vlan N] [vlans N,N...] [voice yes|no] "
	  "[authorise voice,data|none] [allow-clear yes|no]",
	  "guard an interface until the agent's next start or reload", set, false, false, 3,
	  VW_ANY },
	{ "del", "NAME", "stop guarding an interface and forget its stations", del, false, false,
	  1, 1 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};
