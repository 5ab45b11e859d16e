/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growing text that may hold keys: what it leaves behind when it grows or goes
 * is wiped.
 */
#ifndef VW_MEDIA_TEXT_H
#define VW_MEDIA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct vw_text - bytes under construction
 * @p: the bytes, followed by a NUL; NULL while empty
 * @len: bytes without the NUL
 * @cap: bytes allocated
 * @failed: no memory; what was added since is missing
 */
struct vw_text {
	char *p;
	size_t len;
	size_t cap;
	bool failed;
};

void vw_text_add(struct vw_text *t, const void *bytes, size_t len);
void vw_text_puts(struct vw_text *t, const char *s);
void vw_text_printf(struct vw_text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Wipes and frees; the text is empty afterwards. */
void vw_text_free(struct vw_text *t);

#define __vw_text __attribute__((cleanup(vw_text_free)))

#endif
