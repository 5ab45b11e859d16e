// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: one line, printable whatever it was told. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE	1024

static enum vw_log_level limit = VW_LOG_INFO;
static void (*tap)(enum vw_log_level level, const char *text, void *arg);
static void *tap_arg;

void vw_log_level(enum vw_log_level level)
{
	limit = level;
}

bool vw_log_enabled(enum vw_log_level level)
{
	return level <= limit;
}

void vw_log_tap(void (*cb)(enum vw_log_level level, const char *text, void *arg), void *arg)
{
	tap = cb;
	tap_arg = arg;
}

/* systemd names the socket that it gave us as "device:inode" (sd-daemon(3)). */
static bool to_journal(void)
{
	static int known = -1;
	const char *name = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	if (known < 0)
		known = name && sscanf(name, "%llu:%llu", &dev, &ino) == 2 &&
			!fstat(STDERR_FILENO, &st) && st.st_dev == dev && st.st_ino == ino;
	return known;
}

/* Nobody on the wire gets to write control characters into an admin's terminal. */
static void make_printable(char *to, size_t room, const char *from)
{
	size_t n = 0;

	for (; *from && n + 5 < room; from++) {
		unsigned char c = (unsigned char)*from;

		if (c >= 0x20 && c < 0x7f)
			to[n++] = (char)c;
		else
			n += (size_t)snprintf(to + n, 5, "\\x%02x", c);
	}
	to[n] = '\0';
}

static const char *level_word(enum vw_log_level level)
{
	switch (level) {
	case VW_LOG_ERR:
		return "error: ";
	case VW_LOG_WARN:
		return "warning: ";
	case VW_LOG_NOTICE:
	case VW_LOG_INFO:
		return "";
	case VW_LOG_DEBUG:
		return "debug: ";
	}
	return "";
}

static void put_line(enum vw_log_level level, const char *text)
{
	if (to_journal())
		fprintf(stderr, "<%d>%s\n", level, text);
	else
		fprintf(stderr, "voxwalld: %s%s\n", level_word(level), text);
}

void vw_log(enum vw_log_level level, const char *fmt, ...)
{
	char raw[LINE], text[LINE];
	va_list ap;

	if (level > limit && (!tap || level > VW_LOG_INFO))
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	make_printable(text, sizeof(text), raw);
	if (level <= limit)
		put_line(level, text);
	if (tap && level <= VW_LOG_INFO)
		tap(level, text, tap_arg);
}
