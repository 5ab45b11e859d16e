/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments in pairs: a word and its value, in any order, as ip(8) takes them. */
#ifndef VW_CLI_WORDS_H
#define VW_CLI_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "cli.h"

struct vw_word {
	const char *word;
	/* 0 or an exit status, having said why */
	int (*take)(const struct vw_cli *c, const char *value, void *obj);
};

/* Take the pairs from argument @from on. @words ends with a NULL word. */
int vw_words_take(const struct vw_cli *c, int from, const struct vw_word *words, void *obj);
/* "a,b,c": @take for each. */
int vw_words_split(const struct vw_cli *c, const char *value,
		   int (*take)(const struct vw_cli *c, const char *value, void *obj), void *obj);
/* "voice", "data", "voice,data", "none": VOXWALL_ALLOW_*. */
int vw_words_allow(const struct vw_cli *c, const char *value, uint8_t *ret);

#endif
