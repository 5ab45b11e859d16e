// SPDX-License-Identifier: GPL-2.0-or-later
#include "osip.h"

#include <malloc.h>
#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* libosip2 would print what it dislikes to stdout; messages may hold keys. */
static void say_nothing(const char *file, int line, osip_trace_level_t level, const char *fmt,
			va_list ap)
{
	(void)file;
	(void)line;
	(void)level;
	(void)fmt;
	(void)ap;
}

static size_t held;

static void *count_new(size_t len)
{
	void *p = malloc(len);

	held += p ? malloc_usable_size(p) : 0;
	return p;
}

static void *count_more(void *old, size_t len)
{
	size_t before = old ? malloc_usable_size(old) : 0;
	void *p = realloc(old, len);

	if (p)
		held += malloc_usable_size(p) - before;
	return p;
}

/* libosip2 copies what it parses: names and numbers of calls. */
static void wipe_and_free(void *p)
{
	size_t n = p ? malloc_usable_size(p) : 0;

	if (p)
		explicit_bzero(p, n);
	held -= n;
	free(p);
}

/* Once: libosip2 builds its tables of header names. */
void vw_osip_init(void)
{
	static bool done;

	if (done)
		return;
	osip_set_allocators(count_new, count_more, wipe_and_free);
	osip_trace_initialize_func(OSIP_FATAL, say_nothing);
	for (int i = 0; i < END_TRACE_LEVEL; i++)
		osip_trace_disable_level((osip_trace_level_t)i);
	parser_init();
	done = true;
}

size_t vw_osip_held(void)
{
	return held;
}
