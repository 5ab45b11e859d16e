/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_CORE_SIPLINE_H
#define VW_CORE_SIPLINE_H

#include "env.h"

/**
 * struct vw_sipline - a SIP start line (RFC 3261, 7.1 and 7.2)
 * @status: 100..699 of a response; 0 for a request
 * @method_len: bytes of the method at the start of the input; 0 for a response
 * @line_len: bytes of the line without its CRLF; the whole input when it ended first
 * @complete: the CRLF was seen
 */
struct vw_sipline {
	u16 status;
	u16 method_len;
	u16 line_len;
	bool complete;
};

/**
 * vw_sipline_parse - is this the beginning of a SIP message?
 * @p: the UDP or TCP payload
 * @len: bytes that are there; no more than 2,048 are looked at
 *
 * A request needs a token, one space, a sip:, sips:, tel: or urn: URI, one space
 * and "SIP/2.0"; a response "SIP/2.0", a status and a reason. HTTP, RTSP and
 * MSRP lines are not SIP.
 *
 * Return: 0; -ENODATA: may still become one with more bytes; -EBADMSG: is none.
 */
int vw_sipline_parse(const u8 *p, size_t len, struct vw_sipline *ret);

/* SIP keep-alive: CRLF, CRLFCRLF (RFC 5626, 3.5.1) or one to four NUL bytes
 * as phones send them. */
bool vw_sipline_keepalive(const u8 *p, size_t len);

#endif
