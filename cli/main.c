// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall NOUN VERB: finding the function, and the words around it. */
#include <stdarg.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../agent/kernel/genl.h"
#include "classify.h"
#include "cli.h"
#include "out.h"

static const struct vw_noun nouns[] = {
	{ "port", "interfaces that the module guards", vw_cli_port },
	{ "station", "devices that are authorised", vw_cli_station },
	{ "stream", "media flows in the kernel", vw_cli_stream },
	{ "drops", "packets that were refused, and why", vw_cli_drops },
	{ "call", "calls in progress", vw_cli_call },
	{ "trunk", "SIP peers across the WAN", vw_cli_trunk },
	{ "status", "everything at a glance", vw_cli_status },
	{ "events", "what happens, as it happens", vw_cli_events },
	{ "check", "is a configuration right?", vw_cli_check },
	{ "reload", "make the agent read its configuration again", vw_cli_reload },
};

/* ---- saying what was wrong ---- */

static void complain(const struct vw_cli *c, const char *fmt, va_list ap)
{
	char text[1024], safe[1100];

	vsnprintf(text, sizeof(text), fmt, ap);
	vw_out_safe(text, safe, sizeof(safe));
	fflush(stdout);
	if (!strcmp(c->noun, c->verb))
		fprintf(stderr, "voxwall: %s: %s\n", c->noun, safe);
	else
		fprintf(stderr, "voxwall: %s %s: %s\n", c->noun, c->verb, safe);
}

int vw_cli_fail(const struct vw_cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(c, fmt, ap);
	va_end(ap);
	return VW_EXIT_FAILED;
}

int vw_cli_usage(const struct vw_cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(c, fmt, ap);
	va_end(ap);
	return VW_EXIT_USAGE;
}

struct vw_genl *vw_cli_module(const struct vw_cli *c)
{
	struct vw_genl *g;

	if (!vw_genl_open(&g))
		return g;
	vw_cli_fail(c, "%s", vw_genl_error(NULL));
	return NULL;
}

int vw_cli_refused(const struct vw_cli *c, struct vw_genl *g)
{
	int status = vw_cli_fail(c, "%s", vw_genl_error(g));

	vw_genl_close(g);
	return status;
}

/* ---- help ---- */

static bool single(const struct vw_noun *n)
{
	return !strcmp(n->name, n->verbs[0].name);
}

static void help_verb(const struct vw_noun *n, const struct vw_verb *v)
{
	printf("  voxwall %s%s%s%s%s%s%s\n        %s\n", n->name, single(n) ? "" : " ",
	       single(n) ? "" : v->name, v->args[0] ? " " : "", v->args,
	       v->all ? " [--all]" : "", v->json ? " [--json]" : "", v->help);
}

static int help_noun(const struct vw_noun *n, const struct vw_verb *only)
{
	printf("%s: %s\n\n", n->name, n->help);
	for (const struct vw_verb *v = n->verbs; v->name; v++)
		if (!only || v == only)
			help_verb(n, v);
	puts("\nSee voxwall(8).");
	return VW_EXIT_DONE;
}

static int help_all(void)
{
	puts("Usage: voxwall NOUN [VERB] [ARGUMENTS] [--json]\n"
	     "       voxwall NOUN --help\n"
	     "       voxwall --help | --version\n");
	for (size_t i = 0; i < ARRAY_SIZE(nouns); i++)
		printf("  %-9s %s\n", nouns[i].name, nouns[i].help);
	printf("  %-9s %s\n", "classify", "what a capture's flows are, and why");
	puts("\nport, station, stream and drops speak to the kernel module; check and classify\n"
	     "need neither module nor agent; the others speak to the agent. Exit status: 0 done,\n"
	     "1 refused or failed, 2 usage. See voxwall(8).");
	return VW_EXIT_DONE;
}

/* ---- finding what to do ---- */

static const struct vw_noun *find_noun(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(nouns); i++)
		if (!strcmp(nouns[i].name, name))
			return &nouns[i];
	return NULL;
}

static const struct vw_verb *find_verb(const struct vw_noun *n, const char *name)
{
	for (const struct vw_verb *v = n->verbs; v->name; v++)
		if (!strcmp(v->name, name))
			return v;
	return NULL;
}

static int bad_noun(const char *name)
{
	char safe[64];

	fprintf(stderr, "voxwall: there is no %s\"%s\"; voxwall --help lists what there is\n",
		name[0] == '-' ? "option " : "", vw_out_safe(name, safe, sizeof(safe)));
	return VW_EXIT_USAGE;
}

/* Options may stand anywhere; what remains is packed to the front of argv. */
static int take_options(struct vw_cli *c, bool *ret_help)
{
	int kept = 0;

	for (int i = 0; i < c->argc; i++) {
		if (!strcmp(c->argv[i], "--json"))
			c->json = true;
		else if (!strcmp(c->argv[i], "--all"))
			c->all = true;
		else if (!strcmp(c->argv[i], "--help") || !strcmp(c->argv[i], "-h"))
			*ret_help = true;
		else if (c->argv[i][0] == '-' && c->argv[i][1])
			return vw_cli_usage(c, "unknown option \"%s\"; try voxwall %s --help",
					    c->argv[i], c->noun);
		else
			c->argv[kept++] = c->argv[i];
	}
	c->argc = kept;
	return 0;
}

static int check_call(const struct vw_cli *c, const struct vw_noun *n, const struct vw_verb *v)
{
	const char *space = single(n) ? "" : " ", *word = single(n) ? "" : v->name;

	if (c->json && !v->json)
		return vw_cli_usage(c, "--json has no meaning here");
	if (c->all && !v->all)
		return vw_cli_usage(c, "--all has no meaning here");
	if (c->argc < v->min)
		return vw_cli_usage(c, "something is missing; write: voxwall %s%s%s %s", n->name,
				    space, word, v->args);
	if (c->argc > v->max)
		return vw_cli_usage(c, "unexpected \"%s\"; write: voxwall %s%s%s %s",
				    c->argv[v->max], n->name, space, word, v->args);
	return 0;
}

static int run_noun(const struct vw_noun *n, int argc, char **argv)
{
	/* until a verb is found, complaints name the noun alone */
	struct vw_cli c = { .noun = n->name, .verb = n->name };
	const struct vw_verb *v = &n->verbs[0];
	bool help = false, named = false;
	int status;

	c.argc = argc;
	c.argv = argv;
	status = take_options(&c, &help);
	if (status)
		return status;
	if (!single(n) && c.argc) {
		v = find_verb(n, c.argv[0]);
		if (!v)
			return vw_cli_usage(&c, "there is no verb \"%s\"; try voxwall %s --help",
					    c.argv[0], n->name);
		c.argc--;
		c.argv++;
		named = true;
	}
	c.verb = v->name;
	if (help)
		return help_noun(n, named ? v : NULL);
	status = check_call(&c, n, v);
	return status ? status : v->run(&c);
}

/* Options may stand before the noun, too. */
static void noun_first(int argc, char **argv)
{
	char *noun;
	int i = 1;

	while (i < argc && (!strcmp(argv[i], "--json") || !strcmp(argv[i], "--all")))
		i++;
	if (i == argc)
		return;
	noun = argv[i];
	memmove(&argv[2], &argv[1], (size_t)(i - 1) * sizeof(*argv));
	argv[1] = noun;
}

static int run(int argc, char **argv)
{
	const struct vw_noun *n;

	noun_first(argc, argv);
	if (argc < 2) {
		fputs("voxwall: name a noun; voxwall --help lists what there is\n", stderr);
		return VW_EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help_all();
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("voxwall " VOXWALL_VERSION);
		return VW_EXIT_DONE;
	}
	if (!strcmp(argv[1], "classify"))
		return vw_cli_classify(argc - 1, argv + 1);
	n = find_noun(argv[1]);
	return n ? run_noun(n, argc - 2, argv + 2) : bad_noun(argv[1]);
}

int main(int argc, char **argv)
{
	int status = run(argc, argv);

	/* a full disk shows at the last write */
	if (status == VW_EXIT_DONE && (fflush(stdout) || ferror(stdout))) {
		fprintf(stderr, "voxwall: can't write to the standard output: %s\n",
			strerror(errno));
		status = VW_EXIT_FAILED;
	}
	return status;
}
