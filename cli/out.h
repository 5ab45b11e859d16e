/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output. Whatever came from outside (SIP users, labels, the module's or the
 * agent's words) may hold terminal escapes: nothing here prints them.
 */
#ifndef VW_CLI_OUT_H
#define VW_CLI_OUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../agent/kernel/genl.h"

/* @text with everything but printable ASCII as \xHH; cut where @len ends. */
const char *vw_out_safe(const char *text, char *to, size_t len);
/* A JSON string of bytes that may not be UTF-8. */
json_t *vw_out_string(const char *text);
/* Print and release; 0, or 1 when it could not be written. */
int vw_out_json(json_t *root);

struct vw_table;

/* A table with these headings, NULL at the end. */
struct vw_table *vw_table_new(const char *first, ...) __attribute__((sentinel));
/* A cell of the row that is being filled; rows follow each other by themselves. */
void vw_table_cell(struct vw_table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Print and release; nothing at all when there is no row. */
int vw_table_print(struct vw_table *t);

/* The name of an interface, or its number. */
const char *vw_out_port(unsigned int ifindex, char name[32]);
/* "voice,data", "-" */
const char *vw_out_allow(uint8_t allow, char text[16]);
json_t *vw_out_allow_json(uint8_t allow);
/* "12s", "3m05s", "2h10m", "4d03h" */
const char *vw_out_age(uint64_t seconds, char text[24]);
/* "10.1.100.1:20000/20001", "[fd00::1]:20000"; "*" for any port */
const char *vw_out_leg(const struct vw_genl_leg *leg, char text[96]);

#endif
