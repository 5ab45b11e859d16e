// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall check, voxwall reload */
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../agent/conf.h"
#include "../agent/value.h"
#include "agent.h"

static void warn(const char *path, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "voxwall: check: warning: %s: ", path);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* The configuration's own: each names file and line. */
static void print_warnings(const char *text)
{
	size_t len;

	for (; text && *text; text += len + 1) {
		len = strcspn(text, "\n");
		fprintf(stderr, "voxwall: check: warning: %.*s\n", (int)len, text);
	}
}

/* Is it an address of this machine? Binding to it tells, whatever the port. */
static bool is_ours(const struct sockaddr_storage *ss)
{
	struct sockaddr_storage any = *ss;
	int fd = socket(ss->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ours;

	if (any.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&any)->sin6_port = 0;
	else
		((struct sockaddr_in *)&any)->sin_port = 0;
	ours = fd < 0 || !bind(fd, (struct sockaddr *)&any, sizeof(any)) || errno != EADDRNOTAVAIL;
	if (fd >= 0)
		close(fd);
	return ours;
}

static void check_address(const char *path, const char *what, const struct sockaddr_storage *ss)
{
	char text[VW_ENDPOINT_TEXT];
	struct vw_endpoint e;

	if (ss->ss_family && !is_ours(ss) && !vw_value_from_sockaddr(ss, &e))
		warn(path, "%s: %s isn't an address of this machine now", what,
		     vw_value_endpoint_text(&e, text));
}

/* What is right by itself, but not here and now. */
static void check_here(const char *path, const struct vw_conf *conf)
{
	u32 needed = VOXWALL_SERVICE_SIP | VOXWALL_SERVICE_RTP;

	for (size_t i = 0; i < conf->nports; i++)
		if (!if_nametoindex(conf->ports[i].name))
			warn(path, "interface %s isn't there now", conf->ports[i].name);
	check_address(path, "listen", &conf->listen);
	for (size_t i = 0; i < conf->ntrunks; i++) {
		const struct vw_conf_trunk *t = &conf->trunks[i];

		check_address(path, t->name, &t->local);
		if (!t->proxy.ss_family)
			warn(path, "line %u: trunk %s: \"%s\" can't be looked up now", t->line,
			     t->name, t->proxy_host);
	}
	if (conf->ntrunks && (conf->policy.services & needed) != needed)
		warn(path, "there is a trunk, but voice { services } lacks sip or rtp: no call "
		     "will pass");
}

static int check(struct vw_cli *c)
{
	const char *path = c->argc ? c->argv[0] : VW_CONF_PATH;
	struct vw_conf *conf;
	char err[1024];

	if (vw_conf_load(path, &conf, err, sizeof(err)))
		return vw_cli_fail(c, "%s", err);
	printf("%s is right: ports and uplinks: %zu, stations: %zu, trunks: %zu\n", path,
	       conf->nports, conf->nstations, conf->ntrunks);
	print_warnings(conf->warnings);
	check_here(path, conf);
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
