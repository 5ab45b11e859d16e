// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables for people, JSON for machines. */
#include "out.h"

#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../agent/value.h"

#define CELL		256
#define MAX_COLUMNS	16

const char *vw_out_safe(const char *text, char *to, size_t len)
{
	size_t n = 0;

	for (; *text && n + 5 < len; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c < 0x7f)
			to[n++] = (char)c;
		else
			n += (size_t)snprintf(to + n, 5, "\\x%02x", c);
	}
	to[n] = '\0';
	return to;
}

json_t *vw_out_string(const char *text)
{
	json_t *s = json_string(text);
	char safe[1024];

	return s ? s : json_string(vw_out_safe(text, safe, sizeof(safe)));
}

/* ENSURE_ASCII: control characters beyond ASCII don't reach a terminal either. */
int vw_out_json(json_t *root)
{
	int err = !root || json_dumpf(root, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);

	json_decref(root);
	putchar('\n');
	return err || fflush(stdout);
}

/* ---- tables ---- */

struct vw_table {
	unsigned int columns;
	unsigned int width[MAX_COLUMNS];
	char **cells;	/* headings first */
	size_t n;
	size_t room;
};

static void put_cell(struct vw_table *t, const char *text)
{
	unsigned int column = (unsigned int)(t->n % t->columns);
	char safe[CELL], *copy, **more;
	size_t room;

	vw_out_safe(text, safe, sizeof(safe));
	if (t->n == t->room) {
		room = t->room ? 2 * t->room : 64;
		more = realloc(t->cells, room * sizeof(*more));
		if (!more)
			abort();
		t->cells = more;
		t->room = room;
	}
	copy = strdup(safe);
	if (!copy)
		abort();
	t->cells[t->n++] = copy;
	if (strlen(safe) > t->width[column])
		t->width[column] = (unsigned int)strlen(safe);
}

struct vw_table *vw_table_new(const char *first, ...)
{
	struct vw_table *t = calloc(1, sizeof(*t));
	const char *heads[MAX_COLUMNS];
	va_list ap;

	if (!t)
		abort();
	va_start(ap, first);
	for (; first && t->columns < MAX_COLUMNS; first = va_arg(ap, const char *))
		heads[t->columns++] = first;
	va_end(ap);
	for (unsigned int i = 0; i < t->columns; i++)
		put_cell(t, heads[i]);
	return t;
}

void vw_table_cell(struct vw_table *t, const char *fmt, ...)
{
	char text[CELL];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put_cell(t, text[0] ? text : "-");
}

int vw_table_print(struct vw_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		bool last = i % t->columns == t->columns - 1;

		if (t->n > t->columns && last)
			puts(t->cells[i]);
		else if (t->n > t->columns)
			printf("%-*s  ", (int)t->width[i % t->columns], t->cells[i]);
		free(t->cells[i]);
	}
	free(t->cells);
	free(t);
	return fflush(stdout) ? 1 : 0;
}

/* ---- words ---- */

const char *vw_out_port(unsigned int ifindex, char name[32])
{
	if (!if_indextoname(ifindex, name))
		snprintf(name, 32, "#%u", ifindex);
	return name;
}

const char *vw_out_allow(uint8_t allow, char text[16])
{
	snprintf(text, 16, "%s%s%s", allow & VOXWALL_ALLOW_VOICE ? "voice" : "",
		 (allow & VOXWALL_ALLOW_VOICE) && (allow & VOXWALL_ALLOW_DATA) ? "," : "",
		 allow & VOXWALL_ALLOW_DATA ? "data" : "");
	return text;
}

json_t *vw_out_allow_json(uint8_t allow)
{
	json_t *list = json_array();

	if (allow & VOXWALL_ALLOW_VOICE)
		json_array_append_new(list, json_string("voice"));
	if (allow & VOXWALL_ALLOW_DATA)
		json_array_append_new(list, json_string("data"));
	return list;
}

const char *vw_out_age(uint64_t s, char text[24])
{
	unsigned long long days = s / 86400, hours = s / 3600, minutes = s / 60;

	if (s < 60)
		snprintf(text, 24, "%llus", (unsigned long long)s);
	else if (s < 3600)
		snprintf(text, 24, "%llum%02us", minutes, (unsigned int)(s % 60));
	else if (s < 86400)
		snprintf(text, 24, "%lluh%02um", hours, (unsigned int)(minutes % 60));
	else
		snprintf(text, 24, "%llud%02uh", days, (unsigned int)(hours % 24));
	return text;
}

const char *vw_out_leg(const struct vw_genl_leg *leg, char text[96])
{
	struct vw_endpoint e = { .family = leg->family, .port = leg->rtp };
	char addr[VW_ENDPOINT_TEXT];

	memcpy(e.addr, leg->addr, sizeof(e.addr));
	vw_value_endpoint_text(&e, addr);
	if (!leg->rtp)
		snprintf(text, 96, leg->family == 6 ? "[%s]:*" : "%s:*", addr);
	else if (leg->rtcp && leg->rtcp != leg->rtp)
		snprintf(text, 96, "%s/%u", addr, leg->rtcp);
	else
		snprintf(text, 96, "%s", addr);
	return text;
}
