/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one packet says about itself, without those before it. */
#ifndef VW_CORE_CONTENT_H
#define VW_CORE_CONTENT_H

#include "env.h"
#include "classify.h"

/**
 * struct vw_content - one packet as the classifier sees it
 * @f: the parsed headers
 * @p: the transport payload
 * @have: bytes of it that are there, <= @f->payload_len
 * @now: any monotonic clock in milliseconds, low 32 bits
 */
struct vw_content {
	const struct vw_frame *f;
	const u8 *p;
	size_t have;
	u32 now;
};

bool vw_content_on_sip_port(const struct vw_content *c);
bool vw_content_on_dns_port(const struct vw_content *c);
/* Where identifiers at random look like an RTP header one time in four. */
bool vw_content_on_system_port(const struct vw_content *c);

/* SIP: the start line, at the beginning or behind empty lines (RFC 3261, 7.5). */
bool vw_content_is_sip(const struct vw_content *c, enum vw_why *ret_why);
bool vw_content_is_keepalive(const struct vw_content *c);
/* STUN with its cookie, RFC 8489. */
bool vw_content_is_stun(const struct vw_content *c);
/* A record of DTLS 1.0 or 1.2; 1.3 begins like 1.2. */
bool vw_content_is_dtls(const struct vw_content *c);
bool vw_content_is_zrtp(const struct vw_content *c);
/* TURN channel data. Four bytes say little: for ports and flows of STUN only. */
bool vw_content_is_turn(const struct vw_content *c);
/* A chain of RTCP packets that ends with the datagram (RFC 3550, A.2). */
bool vw_content_is_rtcp_chain(const struct vw_content *c);
/* Does the first RTCP packet report? The caller has seen its header whole. */
bool vw_content_is_report(const struct vw_content *c);
/* May voice or video have this RTP payload type? */
bool vw_content_is_payload_type(u8 pt);

/* The word for what isn't voice. */
enum vw_why vw_content_why(const struct vw_content *c);

#endif
