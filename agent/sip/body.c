// SPDX-License-Identifier: GPL-2.0-or-later
#include "body.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define BOUNDARY_MAX	70	/* RFC 2046, 5.1.1 */

static const char sdp_type[] = "application/sdp";

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

/* Does "application/sdp" stand here, and not the beginning of a longer name? */
static bool is_sdp_type(const char *p, const char *end)
{
	size_t n = sizeof(sdp_type) - 1;

	if ((size_t)(end - p) < n || strncasecmp(p, sdp_type, n))
		return false;
	return p + n == end || strchr("; \t\r\n\"", p[n]);
}

/* Where the head of a part names the type; NULL: it is another one. */
static const char *says_sdp(const char *head, const char *end)
{
	static const char name[] = "content-type:";

	while (head < end) {
		const char *nl = memmem(head, (size_t)(end - head), "\r\n", 2);
		const char *stop = nl ? nl : end;

		if ((size_t)(stop - head) > sizeof(name) - 1 &&
		    !strncasecmp(head, name, sizeof(name) - 1)) {
			head += sizeof(name) - 1;
			while (head < stop && (*head == ' ' || *head == '\t'))
				head++;
			return is_sdp_type(head, stop) ? head : NULL;
		}
		head = stop + 2;
	}
	return NULL;
}

/* One part: [p, end), from after the delimiter's line end. Returns where its type is named. */
static const char *take_part(struct vw_msg *m, const char *p, const char *end)
{
	const char *blank = memmem(p, (size_t)(end - p), "\r\n\r\n", 4);
	const char *type = blank ? says_sdp(p, blank) : NULL;

	if (!type)
		return NULL;
	m->sdp = blank + 4;
	m->sdp_len = (size_t)(end - m->sdp);
	return type;
}

/* A delimiter fills a line of its own: elsewhere it is content like any other. */
static const char *find_delimiter(const struct vw_msg *m, const char *p, const char *delim)
{
	const char *end = m->body + m->body_len;
	size_t n = strlen(delim);

	while ((p = memmem(p, (size_t)(end - p), delim, n))) {
		const char *after = p + n;

		if ((p == m->body || (p - m->body >= 2 && !memcmp(p - 2, "\r\n", 2))) &&
		    (after == end || strchr("-\r \t", *after)))
			return p;
		p = after;
	}
	return NULL;
}

static const char *search_parts(struct vw_msg *m, const char *delim)
{
	const char *end = m->body + m->body_len, *p, *next, *type;

	p = find_delimiter(m, m->body, delim);
	while (p) {
		p = memmem(p, (size_t)(end - p), "\r\n", 2);
		if (!p)
			return NULL;
		p += 2;
		next = find_delimiter(m, p, delim);
		/* the line end before a delimiter belongs to it */
		type = next && next - p >= 2 ? take_part(m, p, next - 2) : NULL;
		if (type)
			return type;
		p = next;
	}
	return NULL;
}

/* The line that every description begins with (RFC 8866, 5.1). */
static bool begins_sdp(const struct vw_msg *m, const char *p)
{
	const char *end = m->body + m->body_len;

	return end - p >= 4 && !memcmp(p, "v=0", 3) && strchr("\r\n \t", p[3]) &&
	       (p == m->body || p[-1] == '\n' || p[-1] == '\r');
}

/*
 * A head that is folded, abbreviated, nested or said twice may be read otherwise
 * elsewhere, so whatever names SDP or looks like it is a second description.
 * @type: what named the one that was found.
 */
static void look_beside(struct vw_msg *m, const char *type)
{
	const char *end = m->body + m->body_len;

	for (const char *p = m->body; p < end && !m->sdp_beside; p++) {
		if (p == m->sdp)
			p += m->sdp_len;
		else if (p != type)
			m->sdp_beside = is_sdp_type(p, end) || begins_sdp(m, p);
	}
	if (m->sdp_beside && !m->sdp) {
		m->sdp = m->body;
		m->sdp_len = m->body_len;
	}
}

/* Where the message says that it is SDP, or has a part that is. */
static void find_sdp(struct vw_msg *m, const osip_content_type_t *ct)
{
	char delim[BOUNDARY_MAX + 3];
	const char *type = NULL;

	if (ct && ct->type && ct->subtype && !strcasecmp(ct->type, "application") &&
	    !strcasecmp(ct->subtype, "sdp")) {
		m->sdp = m->body;
		m->sdp_len = m->body_len;
		return;
	}
	if (ct && ct->type && !strcasecmp(ct->type, "multipart") &&
	    delimiter(ct, delim, sizeof(delim)))
		type = search_parts(m, delim);
	look_beside(m, type);
}

void vw_body_find_sdp(struct vw_msg *m)
{
	const struct vw_sip_line *l = vw_msg_line(m, VW_H_CONTENT_TYPE);
	osip_content_type_t *ct = NULL;
	char *value;
	bool ok;

	if (!m->body)
		return;
	value = l ? strndup(l->value, l->value_len) : NULL;
	ok = value && !osip_content_type_init(&ct) && !osip_content_type_parse(ct, value);
	m->text = ok && ct->type && !strcasecmp(ct->type, "text");
	find_sdp(m, ok ? ct : NULL);
	osip_content_type_free(ct);
	free(value);
}
