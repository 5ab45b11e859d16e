// SPDX-License-Identifier: GPL-2.0-or-later
#include "message.h"

#include <malloc.h>
#include <stdlib.h>
#include <strings.h>

#include "../../kmod/core/sipline.h"
#include "../media/text.h"
#include "body.h"
#include "osip.h"
#include "via.h"

static const struct {
	const char *name;
	char compact;
	enum vw_header id;
} headers[] = {
	{ "Via", 'v', VW_H_VIA },
	{ "Route", 0, VW_H_ROUTE },
	{ "Record-Route", 0, VW_H_RECORD_ROUTE },
	{ "Contact", 'm', VW_H_CONTACT },
	{ "Max-Forwards", 0, VW_H_MAX_FORWARDS },
	{ "CSeq", 0, VW_H_CSEQ },
	{ "RAck", 0, VW_H_RACK },
	{ "From", 'f', VW_H_FROM },
	{ "To", 't', VW_H_TO },
	{ "Call-ID", 'i', VW_H_CALL_ID },
	{ "Content-Length", 'l', VW_H_CONTENT_LENGTH },
	{ "Content-Type", 'c', VW_H_CONTENT_TYPE },
	{ "Expires", 0, VW_H_EXPIRES },
};

static const struct {
	const char *name;
	enum vw_method method;
} methods[] = {
	{ "INVITE", VW_M_INVITE }, { "ACK", VW_M_ACK }, { "CANCEL", VW_M_CANCEL },
	{ "BYE", VW_M_BYE }, { "REGISTER", VW_M_REGISTER }, { "OPTIONS", VW_M_OPTIONS },
	{ "UPDATE", VW_M_UPDATE }, { "PRACK", VW_M_PRACK }, { "SUBSCRIBE", VW_M_SUBSCRIBE },
	{ "NOTIFY", VW_M_NOTIFY }, { "REFER", VW_M_REFER }, { "MESSAGE", VW_M_MESSAGE },
	{ "INFO", VW_M_INFO },
};

const char *vw_fault_name(enum vw_msg_fault fault)
{
	static const char *const names[__VW_FAULT_MAX] = {
		"none", "size", "bytes", "truncated", "start-line", "too-many-lines",
		"missing-header", "duplicate-header", "content-length", "cseq", "syntax",
		"too-long",
	};

	return fault < __VW_FAULT_MAX ? names[fault] : "unknown";
}

/**
 * vw_method_parse - look a method up
 * @name: its name; methods are case-sensitive (RFC 3261, 7.1)
 *
 * Return: VW_M_OTHER when the edge has no business with it.
 */
enum vw_method vw_method_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (!strcmp(name, methods[i].name))
			return methods[i].method;
	return VW_M_OTHER;
}

static enum vw_header header_id(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
		if (len == strlen(headers[i].name) && !strncasecmp(name, headers[i].name, len))
			return headers[i].id;
		if (len == 1 && headers[i].compact && (name[0] | 0x20) == headers[i].compact)
			return headers[i].id;
	}
	return VW_H_OTHER;
}

/*
 * Bytes that two parsers could read differently are not let in: NUL, other
 * controls, and line ends that aren't CRLF.
 */
static enum vw_msg_fault check_bytes(const char *p, size_t len)
{
	size_t marks = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c == '\r') {
			if (p[i + 1] != '\n')
				return VW_FAULT_BYTES;
			i++;
		} else if ((c < 0x20 && c != '\t') || c == 0x7f) {
			return VW_FAULT_BYTES;
		}
		marks += c == ',' || c == ';' || c == '&';
	}
	return marks > VW_SIP_MAX_MARKS ? VW_FAULT_LINES : VW_FAULT_NONE;
}

static bool read_line(struct vw_sip_line *l, const char *p, const char *end)
{
	const char *colon = memchr(p, ':', (size_t)(end - p)), *n;

	/* a first line that begins with a blank would continue the start line */
	if (!colon || *p == ' ' || *p == '\t')
		return false;
	n = colon;
	while (n > p && (n[-1] == ' ' || n[-1] == '\t'))
		n--;
	l->id = header_id(p, (size_t)(n - p));
	l->p = p;
	l->len = (size_t)(end - p);
	l->value = colon + 1;
	while (l->value < end && strchr(" \t\r\n", *l->value))
		l->value++;
	while (end > l->value && strchr(" \t\r\n", end[-1]))
		end--;
	l->value_len = (size_t)(end - l->value);
	return n > p;
}

/* Room for as many header lines as there can be. */
static bool make_lines(struct vw_msg *m, const char *p, const char *end)
{
	size_t n = 1;

	while (n < VW_SIP_MAX_LINES && (p = memmem(p, (size_t)(end - p), "\r\n", 2))) {
		p += 2;
		n++;
	}
	m->line = calloc(n, sizeof(*m->line));
	m->cost += n * sizeof(*m->line);
	return m->line;
}

/* @p: after the start line; the head ends with an empty line before @end */
static enum vw_msg_fault split_lines(struct vw_msg *m, const char *p, const char *end)
{
	if (!make_lines(m, p, end))
		return VW_FAULT_SIZE;
	while (p < end) {
		const char *q = p;

		do {
			q = (const char *)memmem(q, (size_t)(end - q), "\r\n", 2) + 2;
		} while (q < end && (*q == ' ' || *q == '\t'));
		if (m->nline == VW_SIP_MAX_LINES)
			return VW_FAULT_LINES;
		if (!read_line(&m->line[m->nline], p, q))
			return VW_FAULT_SYNTAX;
		m->nline++;
		p = q;
	}
	return VW_FAULT_NONE;
}

const struct vw_sip_line *vw_msg_line(const struct vw_msg *m, enum vw_header id)
{
	for (int i = 0; i < m->nline; i++)
		if (m->line[i].id == id)
			return &m->line[i];
	return NULL;
}

static int count(const struct vw_msg *m, enum vw_header id)
{
	int n = 0;

	for (int i = 0; i < m->nline; i++)
		n += m->line[i].id == id;
	return n;
}

/* What a call or registration keeps of a message must not be of any length. */
static enum vw_msg_fault check_lengths(const struct vw_msg *m)
{
	size_t route = 0;

	for (int i = 0; i < m->nline; i++) {
		const struct vw_sip_line *l = &m->line[i];

		if (l->id == VW_H_RECORD_ROUTE)
			route += l->value_len;
		if (l->value_len > VW_SIP_MAX_NAME &&
		    (l->id == VW_H_FROM || l->id == VW_H_TO || l->id == VW_H_CALL_ID))
			return VW_FAULT_LONG;
	}
	return route > VW_SIP_MAX_ROUTE ? VW_FAULT_LONG : VW_FAULT_NONE;
}

static enum vw_msg_fault check_headers(const struct vw_msg *m)
{
	static const enum vw_header once[] = { VW_H_TO, VW_H_FROM, VW_H_CALL_ID, VW_H_CSEQ };
	static const enum vw_header at_most[] = {
		VW_H_MAX_FORWARDS, VW_H_CONTENT_LENGTH, VW_H_CONTENT_TYPE, VW_H_RACK, VW_H_EXPIRES,
	};

	for (size_t i = 0; i < ARRAY_SIZE(once); i++)
		if (!count(m, once[i]))
			return VW_FAULT_MISSING;
	if (!count(m, VW_H_VIA))
		return VW_FAULT_MISSING;
	for (size_t i = 0; i < ARRAY_SIZE(once); i++)
		if (count(m, once[i]) > 1)
			return VW_FAULT_DUPLICATE;
	for (size_t i = 0; i < ARRAY_SIZE(at_most); i++)
		if (count(m, at_most[i]) > 1)
			return VW_FAULT_DUPLICATE;
	return check_lengths(m);
}

static bool number(const struct vw_sip_line *l, u64 max, u64 *ret)
{
	u64 v = 0;

	if (!l->value_len || l->value_len > 10)
		return false;
	for (size_t i = 0; i < l->value_len; i++) {
		if (l->value[i] < '0' || l->value[i] > '9')
			return false;
		v = v * 10 + (u64)(l->value[i] - '0');
	}
	*ret = v;
	return v <= max;
}

/* RFC 3261 18.3: what is longer is cut, what is shorter is an error. */
static enum vw_msg_fault find_body(struct vw_msg *m, size_t head)
{
	const struct vw_sip_line *l = vw_msg_line(m, VW_H_CONTENT_LENGTH);
	u64 want = m->len - head;

	if (l && (!number(l, VW_SIP_MAX_LEN, &want) || want > m->len - head))
		return VW_FAULT_LENGTH;
	m->len = head + want;
	m->raw[m->len] = '\0';
	if (want) {
		m->body = m->raw + head;
		m->body_len = want;
	}
	return VW_FAULT_NONE;
}

static enum vw_msg_fault read_tags(struct vw_msg *m)
{
	const char *from = vw_msg_param(&m->osip->from->gen_params, "tag");
	const char *to = vw_msg_param(&m->osip->to->gen_params, "tag");

	if (vw_msg_param_count(&m->osip->from->gen_params, "tag") > 1 ||
	    vw_msg_param_count(&m->osip->to->gen_params, "tag") > 1)
		return VW_FAULT_DUPLICATE;
	m->from_tag = from ? from : "";
	m->to_tag = to ? to : "";
	return VW_FAULT_NONE;
}

static enum vw_msg_fault read_cseq(struct vw_msg *m)
{
	const osip_cseq_t *c = m->osip->cseq;
	char *end;
	u64 v;

	if (!c || !c->number || !c->method || c->number[0] < '0' || c->number[0] > '9')
		return VW_FAULT_CSEQ;
	v = strtoull(c->number, &end, 10);
	if (*end || strlen(c->number) > 10 || v > 0x7fffffff)
		return VW_FAULT_CSEQ;
	m->cseq = (u32)v;
	m->method = vw_method_parse(c->method);
	if (MSG_IS_REQUEST(m->osip) && strcmp(c->method, m->osip->sip_method))
		return VW_FAULT_CSEQ;
	return VW_FAULT_NONE;
}

/* Each Via needs what responses are routed by. */
static enum vw_msg_fault check_vias(const struct vw_msg *m)
{
	const osip_list_t *vias = &m->osip->vias;

	if (osip_list_size(vias) < 1)
		return VW_FAULT_SYNTAX;
	for (int i = 0; !osip_list_eol(vias, i); i++) {
		const osip_via_t *via = osip_list_get(vias, i);

		if (!vw_via_wellformed(via))
			return VW_FAULT_SYNTAX;
		if (vw_msg_param_count(&via->via_params, "branch") > 1)
			return VW_FAULT_DUPLICATE;
	}
	return VW_FAULT_NONE;
}

static enum vw_msg_fault check_contacts(const struct vw_msg *m)
{
	const osip_list_t *contacts = &m->osip->contacts;
	size_t len = 0;

	for (int i = 0; !osip_list_eol(contacts, i) && len <= VW_SIP_MAX_NAME; i++) {
		const osip_contact_t *c = osip_list_get(contacts, i);
		char *s = NULL;

		if (c->url && !osip_uri_to_str(c->url, &s))
			len = strlen(s);
		osip_free(s);
	}
	return len > VW_SIP_MAX_NAME ? VW_FAULT_LONG : VW_FAULT_NONE;
}

/* What the edge wants parsed; all else goes by as it came. */
static bool wants_parsing(enum vw_header id)
{
	return id == VW_H_VIA || id == VW_H_ROUTE || id == VW_H_RECORD_ROUTE ||
	       id == VW_H_CONTACT || id == VW_H_CSEQ || id == VW_H_FROM || id == VW_H_TO ||
	       id == VW_H_CALL_ID;
}

/*
 * libosip2 sees the start line and those headers only: its body and credential
 * parsers leak or guess on bad input, and nothing here needs them.
 */
static bool osip_parse(struct vw_msg *m)
{
	__vw_text struct vw_text t = { .len = 0 };

	vw_text_add(&t, m->raw, (size_t)(m->line[0].p - m->raw));
	for (int i = 0; i < m->nline; i++)
		if (wants_parsing(m->line[i].id))
			vw_text_add(&t, m->line[i].p, m->line[i].len);
	vw_text_puts(&t, "\r\n");
	return !t.failed && !osip_message_parse(m->osip, t.p, t.len);
}

static enum vw_msg_fault parse_osip(struct vw_msg *m)
{
	osip_message_t *o = NULL;
	enum vw_msg_fault fault;

	if (osip_message_init(&o))
		return VW_FAULT_SYNTAX;
	m->osip = o;
	if (!osip_parse(m))
		return VW_FAULT_SYNTAX;
	if (!o->from || !o->to || !o->from->url || !o->to->url || !o->call_id ||
	    !o->call_id->number || osip_call_id_to_str(o->call_id, &m->call_id))
		return VW_FAULT_SYNTAX;
	if (MSG_IS_REQUEST(o)) {
		if (!o->req_uri || !o->req_uri->scheme ||
		    (!o->req_uri->host && !o->req_uri->string))
			return VW_FAULT_SYNTAX;
	} else if (o->status_code < 100 || o->status_code > 699) {
		return VW_FAULT_START;
	} else {
		m->status = o->status_code;
	}
	fault = read_tags(m);
	if (!fault)
		fault = read_cseq(m);
	if (!fault)
		fault = check_contacts(m);
	return fault ? fault : check_vias(m);
}

static enum vw_msg_fault parse_lines(struct vw_msg *m)
{
	struct vw_sipline start;
	const char *end = memmem(m->raw, m->len, "\r\n\r\n", 4);
	size_t head;
	enum vw_msg_fault fault;

	if (vw_sipline_parse((const u8 *)m->raw, m->len, &start) || !start.complete)
		return VW_FAULT_START;
	if (!end)
		return VW_FAULT_TRUNCATED;
	head = (size_t)(end - m->raw) + 4;
	fault = check_bytes(m->raw, head);
	if (fault)
		return fault;
	fault = split_lines(m, m->raw + start.line_len + 2, end + 2);
	if (!fault)
		fault = check_headers(m);
	return fault ? fault : find_body(m, head);
}

static struct vw_msg *new_msg(const char *p, size_t len)
{
	struct vw_msg *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->raw = malloc(len + 1);
	if (!m->raw) {
		free(m);
		return NULL;
	}
	memcpy(m->raw, p, len);
	m->raw[len] = '\0';
	m->len = len;
	m->cost = sizeof(*m) + len + 1;
	return m;
}

enum vw_msg_fault vw_msg_parse(const char *p, size_t len, struct vw_msg **ret,
			       struct vw_msg **ret_lines)
{
	size_t before = vw_osip_held();
	enum vw_msg_fault fault;
	struct vw_msg *m;

	if (ret_lines)
		*ret_lines = NULL;
	m = new_msg(p, len);
	if (!m)
		return VW_FAULT_SIZE;
	fault = parse_lines(m);
	if (len > VW_SIP_MAX_LEN)
		fault = VW_FAULT_SIZE;
	if (!fault)
		fault = parse_osip(m);
	m->cost += vw_osip_held() - before;
	if (!fault) {
		vw_body_find_sdp(m);
		*ret = m;
	} else if (ret_lines && m->nline) {
		*ret_lines = m;
	} else {
		vw_msg_free(m);
	}
	return fault;
}

void vw_msg_free(struct vw_msg *m)
{
	if (!m)
		return;
	if (m->osip)
		osip_message_free(m->osip);
	osip_free(m->call_id);
	/* a body may hold a peer's key, and so may what has followed it */
	explicit_bzero(m->raw, malloc_usable_size(m->raw));
	free(m->raw);
	free(m->line);
	free(m);
}

bool vw_msg_is_request(const struct vw_msg *m)
{
	return !m->status;
}

osip_via_t *vw_msg_via(const struct vw_msg *m, int i)
{
	return osip_list_get(&m->osip->vias, i);
}

u32 vw_msg_expires(const struct vw_msg *m, u32 fallback)
{
	const struct vw_sip_line *l = vw_msg_line(m, VW_H_EXPIRES);
	u64 v;

	return l && number(l, 0xffffffff, &v) ? (u32)v : fallback;
}
