// SPDX-License-Identifier: GPL-2.0-or-later
#include "rewrite.h"

#include <stdlib.h>
#include <strings.h>

static int lines_of(const struct vw_msg *m, enum vw_header id)
{
	int n = 0;

	for (int i = 0; i < m->nline; i++)
		n += m->line[i].id == id;
	return n;
}

/* Value @n of a list header, as it came where each value has a line of its own. */
static void put_raw_value(const struct vw_msg *m, enum vw_header id, int n, struct vw_text *out)
{
	for (int i = 0; i < m->nline; i++) {
		if (m->line[i].id == id && !n--) {
			vw_text_add(out, m->line[i].value, m->line[i].value_len);
			return;
		}
	}
}

static void put_parsed_value(const struct vw_msg *m, enum vw_header id, int n,
			     struct vw_text *out)
{
	char *s = NULL;

	if (id == VW_H_VIA)
		osip_via_to_str(osip_list_get(&m->osip->vias, n), &s);
	else
		osip_route_to_str(osip_list_get(&m->osip->routes, n), &s);
	if (s)
		vw_text_puts(out, s);
	else
		out->failed = true;
	osip_free(s);
}

static void put_list(const struct vw_msg *m, enum vw_header id, const char *name, int first,
		     int end, const char *instead, struct vw_text *out)
{
	const osip_list_t *list = id == VW_H_VIA ? &m->osip->vias : &m->osip->routes;
	bool raw = lines_of(m, id) == osip_list_size(list);

	for (int i = first; i < end; i++) {
		vw_text_puts(out, name);
		if (i == first && instead)
			vw_text_puts(out, instead);
		else if (raw)
			put_raw_value(m, id, i, out);
		else
			put_parsed_value(m, id, i, out);
		vw_text_puts(out, "\r\n");
	}
}

static void put_start(const struct vw_msg *m, const struct vw_edit *e, struct vw_text *out)
{
	const char *eol = memmem(m->raw, m->len, "\r\n", 2), *sp, *last;

	if (e->status) {
		vw_text_printf(out, "SIP/2.0 %d %s\r\n", e->status, e->reason);
		return;
	}
	if (!e->uri) {
		vw_text_add(out, m->raw, (size_t)(eol + 2 - m->raw));
		return;
	}
	sp = memchr(m->raw, ' ', (size_t)(eol - m->raw));
	last = memrchr(m->raw, ' ', (size_t)(eol - m->raw));
	vw_text_add(out, m->raw, (size_t)(sp + 1 - m->raw));
	vw_text_puts(out, e->uri);
	vw_text_add(out, last, (size_t)(eol + 2 - last));
}

static void put_vias(const struct vw_msg *m, const struct vw_edit *e, struct vw_text *out)
{
	if (e->via_push)
		vw_text_printf(out, "Via: %s\r\n", e->via_push);
	put_list(m, VW_H_VIA, "Via: ", e->via_drop, osip_list_size(&m->osip->vias), e->via_top,
		 out);
	if (e->hops && !vw_msg_line(m, VW_H_MAX_FORWARDS))
		vw_text_printf(out, "Max-Forwards: %d\r\n", e->hops - 1);
}

/* Above all others, wherever those are: the order is the route. */
static void put_record_routes(const struct vw_edit *e, struct vw_text *out)
{
	for (int i = 0; i < 2; i++)
		if (e->record_route[i])
			vw_text_printf(out, "Record-Route: %s\r\n", e->record_route[i]);
}

static void put_routes(const struct vw_msg *m, const struct vw_edit *e, struct vw_text *out)
{
	int n = osip_list_size(&m->osip->routes);

	put_list(m, VW_H_ROUTE, "Route: ", e->route_drop, n - e->route_drop_last, NULL, out);
}

/* "RSEQ CSEQ METHOD" with another CSeq */
static void put_rack(const struct vw_sip_line *l, u32 cseq, struct vw_text *out)
{
	const char *end = l->value + l->value_len, *a = l->value, *b;

	a = memchr(a, ' ', (size_t)(end - a));
	b = a ? memrchr(l->value, ' ', l->value_len) : NULL;
	if (!a || a == b) {
		vw_text_add(out, l->p, l->len);
		return;
	}
	vw_text_puts(out, "RAck: ");
	vw_text_add(out, l->value, (size_t)(a - l->value));
	vw_text_printf(out, " %u", cseq);
	vw_text_add(out, b, (size_t)(end - b));
	vw_text_puts(out, "\r\n");
}

static size_t body_len(const struct vw_msg *m, const struct vw_edit *e)
{
	if (e->drop_body)
		return 0;
	return e->sdp ? m->body_len - m->sdp_len + e->sdp_len : m->body_len;
}

static void put_once(const struct vw_msg *m, const struct vw_sip_line *l,
		     const struct vw_edit *e, bool first, struct vw_text *out)
{
	if (l->id == VW_H_VIA && first)
		put_vias(m, e, out);
	else if (l->id == VW_H_ROUTE && first)
		put_routes(m, e, out);
	else if (l->id == VW_H_CONTACT && first)
		vw_text_printf(out, "Contact: %s\r\n", e->contact);
}

static void put_line(const struct vw_msg *m, const struct vw_sip_line *l,
		     const struct vw_edit *e, bool first, struct vw_text *out)
{
	switch (l->id) {
	case VW_H_CONTACT:
		if (e->contact) {
			put_once(m, l, e, first, out);
			return;
		}
		break;
	case VW_H_VIA:
	case VW_H_ROUTE:
		put_once(m, l, e, first, out);
		return;
	case VW_H_MAX_FORWARDS:
		if (e->hops) {
			vw_text_printf(out, "Max-Forwards: %d\r\n", e->hops - 1);
			return;
		}
		break;
	case VW_H_CSEQ:
		if (e->new_cseq) {
			vw_text_printf(out, "CSeq: %u %s\r\n", e->cseq, m->osip->cseq->method);
			return;
		}
		break;
	case VW_H_RACK:
		if (e->new_rack) {
			put_rack(l, e->rack, out);
			return;
		}
		break;
	case VW_H_CONTENT_TYPE:
		if (e->drop_body)
			return;
		break;
	case VW_H_CONTENT_LENGTH:
		vw_text_printf(out, "Content-Length: %zu\r\n", body_len(m, e));
		return;
	case VW_H_OTHER:
	case VW_H_RECORD_ROUTE:
	case VW_H_FROM:
	case VW_H_TO:
	case VW_H_CALL_ID:
	case VW_H_EXPIRES:
	case __VW_H_MAX:
		break;
	}
	vw_text_add(out, l->p, l->len);
}

bool vw_edit_strip(const struct vw_msg *m, struct vw_edit *e)
{
	if (!m->sdp || m->text || e->sdp || e->drop_body)
		return false;
	if (m->sdp_beside || m->sdp_len == m->body_len) {
		e->drop_body = true;
	} else {
		e->sdp = "";
		e->sdp_len = 0;
	}
	return true;
}

/**
 * vw_rewrite - write a message with its changes
 * @m: the message
 * @e: the changes
 * @out: where to; @out->failed when there was no memory
 */
void vw_rewrite(const struct vw_msg *m, const struct vw_edit *e, struct vw_text *out)
{
	bool seen[__VW_H_MAX] = { false };

	put_start(m, e, out);
	for (int i = 0; i < m->nline; i++) {
		const struct vw_sip_line *l = &m->line[i];

		bool due = !seen[VW_H_VIA] && !seen[VW_H_RECORD_ROUTE];

		if (due && l->id == VW_H_RECORD_ROUTE)
			put_record_routes(e, out);
		put_line(m, l, e, !seen[l->id], out);
		if (due && l->id == VW_H_VIA)
			put_record_routes(e, out);
		seen[l->id] = true;
	}
	if (!seen[VW_H_CONTENT_LENGTH])
		vw_text_printf(out, "Content-Length: %zu\r\n", body_len(m, e));
	vw_text_puts(out, "\r\n");
	if (e->drop_body)
		return;
	if (!e->sdp || !m->sdp) {
		vw_text_add(out, m->body, m->body_len);
		return;
	}
	vw_text_add(out, m->body, (size_t)(m->sdp - m->body));
	vw_text_add(out, e->sdp, e->sdp_len);
	vw_text_add(out, m->sdp + m->sdp_len,
		    (size_t)(m->body + m->body_len - (m->sdp + m->sdp_len)));
}

void vw_reply(const struct vw_msg *m, int status, const char *reason, const char *via_top,
	      const char *tag, const char *extra, struct vw_text *out)
{
	bool first = true;

	vw_text_printf(out, "SIP/2.0 %d %s\r\n", status, reason);
	for (int i = 0; i < m->nline; i++) {
		const struct vw_sip_line *l = &m->line[i];

		if (l->id == VW_H_VIA && first && via_top && m->osip) {
			put_list(m, VW_H_VIA, "Via: ", 0, osip_list_size(&m->osip->vias), via_top,
				 out);
		} else if (l->id == VW_H_TO && tag && m->osip && m->to_tag && !m->to_tag[0]) {
			vw_text_add(out, l->p, (size_t)(l->value + l->value_len - l->p));
			vw_text_printf(out, ";tag=%s\r\n", tag);
		} else if ((l->id == VW_H_VIA && !(via_top && m->osip)) || l->id == VW_H_TO ||
			   l->id == VW_H_FROM || l->id == VW_H_CALL_ID || l->id == VW_H_CSEQ) {
			vw_text_add(out, l->p, l->len);
		}
		first &= l->id != VW_H_VIA;
	}
	if (extra)
		vw_text_puts(out, extra);
	vw_text_puts(out, "Content-Length: 0\r\n\r\n");
}
