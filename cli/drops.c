// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall drops */
#include <stdio.h>
#include <string.h>

#include "../agent/kernel/genl.h"
#include "cli.h"
#include "out.h"

struct listing {
	const struct vw_cli *c;
	struct vw_table *table;
	json_t *json;
};

static json_t *reasons_json(const struct listing *l, const struct vw_genl_drops *d)
{
	json_t *o = json_object();

	for (unsigned int i = 1; i < __VOXWALL_DROP_MAX; i++)
		if (d->counts[i] || l->c->all)
			json_object_set_new(o, vw_drop_name(i),
					    json_integer((json_int_t)d->counts[i]));
	return o;
}

static json_t *classes_json(const struct listing *l, const struct vw_genl_drops *d)
{
	json_t *o = json_object();

	for (unsigned int i = 0; i < __VOXWALL_CLASS_MAX; i++)
		if (d->classes[i] || l->c->all)
			json_object_set_new(o, vw_class_name(i),
					    json_integer((json_int_t)d->classes[i]));
	return o;
}

static int list_json(const struct vw_genl_drops *d, void *arg)
{
	struct listing *l = arg;
	char port[32];

	json_array_append_new(l->json, json_pack("{s:o, s:I, s:o, s:o}",
		"port", d->ifindex ? json_string(vw_out_port(d->ifindex, port)) : json_null(),
		"ifindex", (json_int_t)d->ifindex, "reasons", reasons_json(l, d),
		"classes", classes_json(l, d)));
	return 0;
}

static int list_rows(const struct vw_genl_drops *d, void *arg)
{
	struct listing *l = arg;
	char port[32];

	for (unsigned int i = 1; i < __VOXWALL_DROP_MAX; i++) {
		if (!d->counts[i] && !l->c->all)
			continue;
		vw_table_cell(l->table, "%s", d->ifindex ? vw_out_port(d->ifindex, port) : "-");
		vw_table_cell(l->table, "%s", vw_drop_name(i));
		vw_table_cell(l->table, "%llu", (unsigned long long)d->counts[i]);
		vw_table_cell(l->table, "%s", vw_drop_text(i));
	}
	return 0;
}

static int list(struct vw_cli *c)
{
	struct vw_genl *g = vw_cli_module(c);
	struct listing l = { .c = c };

	if (!g)
		return VW_EXIT_FAILED;
	l.json = json_array();
	l.table = vw_table_new("PORT", "REASON", "PACKETS", "MEANING", NULL);
	if (vw_genl_drops_dump(g, c->json ? list_json : list_rows, &l))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	if (c->json)
		return vw_out_json(l.json);
	json_decref(l.json);
	return vw_table_print(l.table);
}

const struct vw_verb vw_cli_drops[] = {
	{ "list", "", "list refused packets by port and reason; --all shows the zeros too",
	  list, true, true, 0, 0 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};
