// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../secret.h"

#define VW_TEXT_MIN	512

static bool reserve(struct vw_text *t, size_t more)
{
	size_t cap = t->cap ? t->cap : VW_TEXT_MIN;
	char *p;

	if (t->failed)
		return false;
	if (t->cap && t->cap - t->len > more)
		return true;
	while (cap - t->len <= more)
		cap *= 2;
	p = malloc(cap);
	if (!p) {
		t->failed = true;
		return false;
	}
	if (t->p) {
		memcpy(p, t->p, t->len);
		vw_wipe(t->p, t->cap);
		free(t->p);
	}
	p[t->len] = '\0';
	t->p = p;
	t->cap = cap;
	return true;
}

/**
 * vw_text_add - append bytes
 * @t: the text
 * @bytes: what to append; may be NULL when @len is 0
 * @len: how many
 */
void vw_text_add(struct vw_text *t, const void *bytes, size_t len)
{
	if (!reserve(t, len))
		return;
	if (len)
		memcpy(t->p + t->len, bytes, len);
	t->len += len;
	t->p[t->len] = '\0';
}

/**
 * vw_text_puts - append a string
 * @t: the text
 * @s: the string
 */
void vw_text_puts(struct vw_text *t, const char *s)
{
	vw_text_add(t, s, strlen(s));
}

/**
 * vw_text_printf - append formatted text
 * @t: the text
 * @fmt: as printf's; nothing secret, since the C library keeps no promises
 */
void vw_text_printf(struct vw_text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(t, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(t->p + t->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)n;
}

/**
 * vw_text_free - wipe and free
 * @t: the text
 */
void vw_text_free(struct vw_text *t)
{
	if (t->p)
		vw_wipe(t->p, t->cap);
	free(t->p);
	memset(t, 0, sizeof(*t));
}
