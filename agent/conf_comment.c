// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Comments are blanked before libconfuse sees the text: it counts lines wrongly behind
 * them, and doesn't allow them inside of lists. Nor does it remember where a brace opened,
 * and a lone star or plus it passes over.
 */
#include <errno.h>
#include <string.h>

#include "conf_priv.h"

/* Bytes of a quoted string, up to its closing quote or the end; *@ret_closed: it has one. */
static size_t string_len(const char *text, const char *end, bool *ret_closed)
{
	const char *p = text + 1;

	for (; p < end && *p != *text; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	*ret_closed = p < end;
	return (size_t)(p - text) + *ret_closed;
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

unsigned int vw_conf_open_line(const char *text, size_t len)
{
	const char *p, *end = text + len, *outer = NULL;
	unsigned int depth = 0;
	bool closed;

	for (p = text; p < end; p++) {
		if (*p == '"' || *p == '\'') {
			size_t n = string_len(p, end, &closed);

			if (!closed)
				return line_of(text, p);
			p += n - 1;
		} else if (*p == '{' && !depth++) {
			outer = p;
		} else if (*p == '}' && depth) {
			depth--;
		}
	}
	return depth ? line_of(text, outer) : 0;
}

static int fault(const char *text, const char *p, int err, unsigned int *ret_line)
{
	*ret_line = line_of(text, p);
	return err;
}

int vw_conf_blank_comments(char *text, size_t len, unsigned int *ret_line)
{
	char *p = text, *end = text + len, *next;
	bool closed;

	while (p < end) {
		next = p + 1;
		if (*p == '"' || *p == '\'')
			next = p + string_len(p, end, &closed);
		else if (*p == '#')
			next = blank_line(p, end);
		else if (*p == '/' && next < end && begins_word(text, p) && *next == '/')
			next = blank_line(p, end);
		else if (*p == '/' && next < end && begins_word(text, p) && *next == '*')
			next = blank_block(p, end);
		else if (*p == '*' || *p == '+')
			return fault(text, p, -EBADMSG, ret_line);
		if (!next)
			return fault(text, p, -EINVAL, ret_line);
		p = next;
	}
	return 0;
}
