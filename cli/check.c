// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall check, voxwall reload */
#include <stdio.h>

#include "../agent/conf.h"
#include "agent.h"

static int check(struct vw_cli *c)
{
	const char *path = c->argc ? c->argv[0] : VW_CONF_PATH;
	struct vw_conf *conf;
	char err[1024];

	if (vw_conf_load(path, &conf, err, sizeof(err)))
		return vw_cli_fail(c, "%s", err);
	printf("%s is right: %zu ports and uplinks, %zu stations, %zu trunks\n", path,
	       conf->nports, conf->nstations, conf->ntrunks);
	for (size_t i = 0; i < conf->ntrunks; i++)
		if (!conf->trunks[i].proxy.ss_family)
			fprintf(stderr, "voxwall: check: warning: %s:%u: trunk %s: \"%s\" can't be "
				"looked up now\n", path, conf->trunks[i].line,
				conf->trunks[i].name, conf->trunks[i].proxy_host);
	vw_conf_put(conf);
	return VW_EXIT_DONE;
}

static int reload(struct vw_cli *c)
{
	json_t *done = vw_cli_ask(c, "reload");

	json_decref(done);
	return done ? VW_EXIT_DONE : VW_EXIT_FAILED;
}

const struct vw_verb vw_cli_check[] = {
	{ "check", "[FILE]", "read a configuration and say what is wrong with it", check, false,
	  false, 0, 1 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};

const struct vw_verb vw_cli_reload[] = {
	{ "reload", "", "go over to the configuration file as it is now; when it is wrong the "
	  "agent keeps the old one", reload, false, false, 0, 0 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};
