/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One SIP message: checked hard before a parser sees it, parsed by libosip2, and
 * kept with the very bytes that came, since what the edge doesn't change leaves
 * as it arrived.
 */
#ifndef VW_SIP_MESSAGE_H
#define VW_SIP_MESSAGE_H

#include <osipparser2/osip_parser.h>

#include "../media/endpoint.h"
#include "param.h"

/*
 * Bytes of a message. The largest that phones and trunks have reason to send, an
 * INVITE with many codecs, credentials and an identity, is a third of it.
 */
#define VW_SIP_MAX_LEN		16384
#define VW_SIP_MAX_NAME		1024	/* bytes of a From, To, Call-ID, and a Contact's URI */
#define VW_SIP_MAX_ROUTE	2048	/* bytes of a recorded route */
#define VW_SIP_MAX_LINES	256	/* header lines */
#define VW_SIP_MAX_MARKS	2048	/* separators in the head: libosip2's lists are walked */

enum vw_method {
	VW_M_OTHER, VW_M_INVITE, VW_M_ACK, VW_M_CANCEL, VW_M_BYE, VW_M_REGISTER, VW_M_OPTIONS,
	VW_M_UPDATE, VW_M_PRACK, VW_M_SUBSCRIBE, VW_M_NOTIFY, VW_M_REFER, VW_M_MESSAGE, VW_M_INFO,
};

/* Headers that the edge looks at by name. */
enum vw_header {
	VW_H_OTHER, VW_H_VIA, VW_H_ROUTE, VW_H_RECORD_ROUTE, VW_H_CONTACT, VW_H_MAX_FORWARDS,
	VW_H_CSEQ, VW_H_RACK, VW_H_FROM, VW_H_TO, VW_H_CALL_ID, VW_H_CONTENT_LENGTH,
	VW_H_CONTENT_TYPE, VW_H_EXPIRES, __VW_H_MAX
};

/**
 * struct vw_sip_line - one header line as it came, folded lines included
 * @id: which header
 * @p: its first byte
 * @len: bytes with the line end
 * @value: what follows the colon and blanks
 * @value_len: bytes of it, without the line end
 */
struct vw_sip_line {
	enum vw_header id;
	const char *p;
	size_t len;
	const char *value;
	size_t value_len;
};

/**
 * struct vw_msg - a message
 * @osip: as libosip2 has parsed it
 * @method: of the request, or of the CSeq of a response
 * @status: 0 for a request
 * @cseq: number
 * @call_id: as it came
 * @from_tag: "" when there is none
 * @to_tag: likewise
 * @body: NULL when there is none
 * @sdp: the part of @body that is SDP; the whole of it, or a part of a multipart
 * @text: the body is for people to read
 * @sdp_beside: there is more SDP than @sdp, or it is hidden: nothing to work with
 * @line: the header lines
 * @raw: the bytes, NUL after them; what everything points into
 * @cost: bytes of memory that all of it takes, what libosip2 keeps included
 */
struct vw_msg {
	osip_message_t *osip;
	enum vw_method method;
	int status;
	u32 cseq;
	char *call_id;
	const char *from_tag;
	const char *to_tag;
	const char *body;
	size_t body_len;
	const char *sdp;
	size_t sdp_len;
	bool sdp_beside;
	bool text;
	int nline;
	struct vw_sip_line *line;
	char *raw;
	size_t len;
	size_t cost;
};

/* Why a message was refused; the names go into the counters. */
enum vw_msg_fault {
	VW_FAULT_NONE, VW_FAULT_SIZE, VW_FAULT_BYTES, VW_FAULT_TRUNCATED, VW_FAULT_START,
	VW_FAULT_LINES, VW_FAULT_MISSING, VW_FAULT_DUPLICATE, VW_FAULT_LENGTH, VW_FAULT_CSEQ,
	VW_FAULT_SYNTAX, VW_FAULT_LONG, __VW_FAULT_MAX
};

const char *vw_fault_name(enum vw_msg_fault fault);

/**
 * vw_msg_parse - check and parse a datagram
 * @p: the bytes
 * @len: how many
 * @ret: written on success; vw_msg_free() it
 * @ret_lines: on failure: a message with header lines only, good enough to
 *	       answer 400 to, or NULL; vw_msg_free() it; may be NULL
 *
 * Return: VW_FAULT_NONE or what is wrong.
 */
enum vw_msg_fault vw_msg_parse(const char *p, size_t len, struct vw_msg **ret,
			       struct vw_msg **ret_lines);
void vw_msg_free(struct vw_msg *m);

/* The first line of a header, or NULL. */
const struct vw_sip_line *vw_msg_line(const struct vw_msg *m, enum vw_header id);
enum vw_method vw_method_parse(const char *name);
bool vw_msg_is_request(const struct vw_msg *m);
/* The topmost Via; NULL: none. */
osip_via_t *vw_msg_via(const struct vw_msg *m, int i);
/* Seconds of the Expires header, or @fallback. */
u32 vw_msg_expires(const struct vw_msg *m, u32 fallback);

#endif
