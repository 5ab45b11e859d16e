/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nouns and verbs of voxwall(8), and what their functions get. */
#ifndef VW_CLI_CLI_H
#define VW_CLI_CLI_H

#include <stdbool.h>

#define VW_EXIT_DONE	0
#define VW_EXIT_FAILED	1
#define VW_EXIT_USAGE	2

struct vw_genl;

/**
 * struct vw_cli - one call of the program
 * @noun: what it is about
 * @verb: what to do
 * @json: for machines
 * @all: also what is usually left out
 * @argc: arguments left
 * @argv: they
 */
struct vw_cli {
	const char *noun;
	const char *verb;
	bool json;
	bool all;
	int argc;
	char **argv;
};

/**
 * struct vw_verb - something that can be done
 * @name: the first one of a noun is done when no verb is given
 * @args: as the help shows them
 * @help: a line
 * @run: returns an exit status
 * @json: understands --json
 * @all: understands --all
 * @min: arguments needed
 * @max: arguments taken
 */
struct vw_verb {
	const char *name;
	const char *args;
	const char *help;
	int (*run)(struct vw_cli *c);
	bool json;
	bool all;
	int min;
	int max;
};

#define VW_ANY	64	/* arguments, where pairs of words follow */

/* A noun; @verbs ends with a NULL name. One whose only verb has its own name has none. */
struct vw_noun {
	const char *name;
	const char *help;
	const struct vw_verb *verbs;
};

extern const struct vw_verb vw_cli_port[], vw_cli_station[], vw_cli_stream[], vw_cli_drops[];
extern const struct vw_verb vw_cli_call[], vw_cli_trunk[], vw_cli_status[], vw_cli_events[];
extern const struct vw_verb vw_cli_check[], vw_cli_reload[];

/* Say on stderr what was wrong, after "voxwall: noun verb: "; the exit status. */
int vw_cli_fail(const struct vw_cli *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int vw_cli_usage(const struct vw_cli *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The module; NULL when it isn't there, which has been said. */
struct vw_genl *vw_cli_module(const struct vw_cli *c);
/* The module refused: its sentence. Closes @g. */
int vw_cli_refused(const struct vw_cli *c, struct vw_genl *g);

#endif
