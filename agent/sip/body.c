// SPDX-License-Identifier: GPL-2.0-or-later
#include "body.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define BOUNDARY_MAX	70	/* RFC 2046, 5.1.1 */

/* "--BOUNDARY", quotes removed; false when there is none or it is too long. */
static bool delimiter(const osip_content_type_t *ct, char *ret, size_t size)
{
	const char *b = vw_msg_param(&ct->gen_params, "boundary");
	size_t n = b ? strlen(b) : 0;

	if (n >= 2 && b[0] == '"' && b[n - 1] == '"') {
		b++;
		n -= 2;
	}
	if (!n || n > BOUNDARY_MAX)
		return false;
	snprintf(ret, size, "--%.*s", (int)n, b);
	return true;
}

static bool says_sdp(const char *head, size_t len)
{
	static const char name[] = "content-type:", type[] = "application/sdp";
	const char *end = head + len;

	while (head < end) {
		const char *nl = memmem(head, (size_t)(end - head), "\r\n", 2);
		const char *stop = nl ? nl : end;

		if ((size_t)(stop - head) > sizeof(name) - 1 &&
		    !strncasecmp(head, name, sizeof(name) - 1)) {
			head += sizeof(name) - 1;
			while (head < stop && (*head == ' ' || *head == '\t'))
				head++;
			return (size_t)(stop - head) >= sizeof(type) - 1 &&
			       !strncasecmp(head, type, sizeof(type) - 1);
		}
		head = stop + 2;
	}
	return false;
}

/* One part: [p, end), from after the delimiter's line end. */
static bool take_part(struct vw_msg *m, const char *p, const char *end)
{
	const char *blank = memmem(p, (size_t)(end - p), "\r\n\r\n", 4);

	if (!blank || !says_sdp(p, (size_t)(blank - p)))
		return false;
	m->sdp = blank + 4;
	m->sdp_len = (size_t)(end - m->sdp);
	return true;
}

static void search_parts(struct vw_msg *m, const char *delim)
{
	const char *end = m->body + m->body_len, *p = m->body, *next;
	size_t n = strlen(delim);

	p = memmem(p, (size_t)(end - p), delim, n);
	while (p) {
		p += n;
		p = memmem(p, (size_t)(end - p), "\r\n", 2);
		if (!p)
			return;
		p += 2;
		next = memmem(p, (size_t)(end - p), delim, n);
		/* the line end before a delimiter belongs to it */
		if (next && next - p >= 2 && take_part(m, p, next - 2))
			return;
		p = next;
	}
}

static void find_sdp(struct vw_msg *m, const osip_content_type_t *ct)
{
	char delim[BOUNDARY_MAX + 3];

	if (!ct->type || !ct->subtype)
		return;
	if (!strcasecmp(ct->type, "application") && !strcasecmp(ct->subtype, "sdp")) {
		m->sdp = m->body;
		m->sdp_len = m->body_len;
	} else if (!strcasecmp(ct->type, "multipart") && delimiter(ct, delim, sizeof(delim))) {
		search_parts(m, delim);
	}
}

void vw_body_find_sdp(struct vw_msg *m)
{
	const struct vw_sip_line *l = vw_msg_line(m, VW_H_CONTENT_TYPE);
	osip_content_type_t *ct = NULL;
	char *value;

	if (!m->body || !l)
		return;
	value = strndup(l->value, l->value_len);
	if (value && !osip_content_type_init(&ct) && !osip_content_type_parse(ct, value))
		find_sdp(m, ct);
	osip_content_type_free(ct);
	free(value);
}
