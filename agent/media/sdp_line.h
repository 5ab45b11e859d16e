/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside of one SDP line: shared by sdp.c and sdp_write.c, nobody else's. */
#ifndef VW_MEDIA_SDP_LINE_H
#define VW_MEDIA_SDP_LINE_H

#include <strings.h>

#include "sdp.h"

/* Splits off the next word of [*p, end) at single spaces; false when none is left. */
static inline bool word(const char **p, const char *end, const char **w, size_t *wlen)
{
	const char *q = *p;

	while (q < end && *q == ' ')
		q++;
	if (q == end)
		return false;
	*w = q;
	while (q < end && *q != ' ')
		q++;
	*wlen = (size_t)(q - *w);
	*p = q;
	return true;
}

static inline bool is_word(const char *w, size_t len, const char *what)
{
	return len == strlen(what) && !strncasecmp(w, what, len);
}

/* The value of attribute @name ("rtcp:" with a value, "sendonly" without). */
static inline bool attribute(const struct vw_sdp_line *l, const char *name, const char **v,
			     size_t *vlen)
{
	size_t n = strlen(name);

	if (l->type != 'a' || l->len < n || strncasecmp(l->p, name, n))
		return false;
	if (name[n - 1] != ':' && l->len != n)
		return false;
	*v = l->p + n;
	*vlen = l->len - n;
	return true;
}

static inline bool has_attribute(const struct vw_sdp_line *l, const char *name)
{
	const char *v;
	size_t len;

	return attribute(l, name, &v, &len);
}

#endif
