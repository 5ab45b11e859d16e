// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments in pairs. */
#include "words.h"

#include <stdio.h>
#include <string.h>

#include "../kmod/uapi/linux/voxwall.h"

#define PIECE	32

static int find_word(const struct vw_cli *c, const struct vw_word *words, const char *text)
{
	for (int i = 0; words[i].word; i++)
		if (!strcmp(words[i].word, text))
			return i;
	vw_cli_usage(c, "unexpected \"%s\"; try voxwall %s --help", text, c->noun);
	return -1;
}

int vw_words_take(const struct vw_cli *c, int from, const struct vw_word *words, void *obj)
{
	unsigned int seen = 0;
	int w, status;

	for (int i = from; i < c->argc; i += 2) {
		w = find_word(c, words, c->argv[i]);
		if (w < 0)
			return VW_EXIT_USAGE;
		if (seen & 1u << w)
			return vw_cli_usage(c, "\"%s\" is given twice", c->argv[i]);
		if (i + 1 == c->argc)
			return vw_cli_usage(c, "\"%s\" needs a value", c->argv[i]);
		seen |= 1u << w;
		status = words[w].take(c, c->argv[i + 1], obj);
		if (status)
			return status;
	}
	return 0;
}

int vw_words_split(const struct vw_cli *c, const char *value,
		   int (*take)(const struct vw_cli *c, const char *value, void *obj), void *obj)
{
	char piece[PIECE];
	size_t len;
	int status;

	for (;;) {
		len = strcspn(value, ",");
		if (!len || len >= sizeof(piece))
			return vw_cli_usage(c, "\"%s\" is no list; write a,b,c", value);
		memcpy(piece, value, len);
		piece[len] = '\0';
		status = take(c, piece, obj);
		if (status || !value[len])
			return status;
		value += len + 1;
	}
}

static int add_allow(const struct vw_cli *c, const char *value, void *obj)
{
	uint8_t *allow = obj;

	if (!strcmp(value, "voice"))
		*allow |= VOXWALL_ALLOW_VOICE;
	else if (!strcmp(value, "data"))
		*allow |= VOXWALL_ALLOW_DATA;
	else
		return vw_cli_usage(c, "there is no zone \"%s\" here; use voice, data, voice,data "
				    "or none", value);
	return 0;
}

int vw_words_allow(const struct vw_cli *c, const char *value, uint8_t *ret)
{
	*ret = 0;
	return strcmp(value, "none") ? vw_words_split(c, value, add_allow, ret) : 0;
}
