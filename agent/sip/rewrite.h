/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message on its way out: the bytes that came in, but for what a proxy changes
 * (RFC 3261, 16.6 and 16.7). And the few messages that the edge makes itself.
 */
#ifndef VW_SIP_REWRITE_H
#define VW_SIP_REWRITE_H

#include "../media/text.h"
#include "message.h"

/**
 * struct vw_edit - what changes; zero leaves everything as it is
 * @uri: another Request-URI
 * @status: another status code, with @reason
 * @reason: its phrase
 * @via_drop: topmost Via values to remove
 * @via_top: written instead of the topmost one that is left
 * @via_push: put on top of all
 * @route_drop: topmost Route values to remove
 * @route_drop_last: remove the last one too (a strict router's, 16.4)
 * @record_route: put on top of all
 * @hops: new Max-Forwards plus one
 * @new_cseq: @cseq is another number
 * @cseq: the CSeq's, and the RAck's if there is one
 * @contact: written instead of all Contact values
 * @sdp: written instead of the message's SDP
 * @sdp_len: bytes
 * @drop_body: leave the body away, and its Content-Type
 */
struct vw_edit {
	const char *uri;
	int status;
	const char *reason;
	int via_drop;
	const char *via_top;
	const char *via_push;
	int route_drop;
	bool route_drop_last;
	const char *record_route[2];
	int hops;
	bool new_cseq;
	u32 cseq;
	bool new_rack;
	u32 rack;
	const char *contact;
	const char *sdp;
	size_t sdp_len;
	bool drop_body;
};

/**
 * vw_edit_strip - take SDP out that isn't written anew
 * @m: the message
 * @e: its changes so far
 *
 * Only what is part of an offer or an answer is carried across. A description
 * elsewhere (RFC 3261, 11.2 and 21.4.26, allows for one of capabilities) would tell one
 * side addresses of the other, which are of no use there, and keys.
 *
 * Return: there was some.
 */
bool vw_edit_strip(const struct vw_msg *m, struct vw_edit *e);

void vw_rewrite(const struct vw_msg *m, const struct vw_edit *e, struct vw_text *out);

/**
 * vw_reply - answer a request here
 * @m: the request; header lines are enough
 * @status: status code
 * @reason: its phrase
 * @via_top: written instead of the topmost Via; NULL: as it came
 * @tag: To tag to add where there is none
 * @extra: further header lines, each with its line end; NULL: none
 * @out: where to
 */
void vw_reply(const struct vw_msg *m, int status, const char *reason, const char *via_top,
	      const char *tag, const char *extra, struct vw_text *out);

#endif
