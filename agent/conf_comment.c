// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Comments are blanked before libconfuse sees the text: it counts lines wrongly behind
 * them, and doesn't allow them inside of lists.
 */
#include <errno.h>
#include <string.h>

#include "conf_priv.h"

/* Behind a quoted string: its closing quote, or the end. */
static char *skip_string(char *p, const char *end)
{
	char quote = *p++;

	for (; p < end && *p != quote; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	return p < end ? p + 1 : p;
}

/* "//" in the middle of a word is part of it. */
static bool begins_word(const char *text, const char *p)
{
	return p == text || strchr(" \t\n\r={},()+\"'", p[-1]);
}

static char *blank_line(char *p, const char *end)
{
	while (p < end && *p != '\n')
		*p++ = ' ';
	return p;
}

/* NULL: it never ends. Its lines stay, so that the others keep their numbers. */
static char *blank_block(char *p, const char *end)
{
	char *stop = memmem(p + 2, (size_t)(end - p) - 2, "*/", 2);

	if (!stop)
		return NULL;
	for (; p < stop + 2; p++)
		if (*p != '\n')
			*p = ' ';
	return p;
}

static unsigned int line_of(const char *text, const char *p)
{
	unsigned int n = 1;

	while (text < p)
		n += *text++ == '\n';
	return n;
}

int vw_conf_blank_comments(char *text, size_t len, unsigned int *ret_line)
{
	char *p = text, *end = text + len, *next;

	while (p < end) {
		next = p + 1;
		if (*p == '"' || *p == '\'')
			next = skip_string(p, end);
		else if (*p == '#')
			next = blank_line(p, end);
		else if (*p == '/' && next < end && begins_word(text, p) && *next == '/')
			next = blank_line(p, end);
		else if (*p == '/' && next < end && begins_word(text, p) && *next == '*')
			next = blank_block(p, end);
		if (!next) {
			*ret_line = line_of(text, p);
			return -EINVAL;
		}
		p = next;
	}
	return 0;
}
