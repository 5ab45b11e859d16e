// SPDX-License-Identifier: GPL-2.0-or-later
#include "content.h"
#include "sipline.h"

#define PORT_DNS	53
#define PORT_HTTPS	443
#define PORT_USER	1024
#define PORT_SIP	5060
#define PORT_SIPS	5061
#define PORT_MDNS	5353
#define PORT_LLMNR	5355

#define STUN_HEADER	20
#define ZRTP_HEADER	12
#define DTLS_HEADER	13
#define TURN_HEADER	4

#define RTCP_SR		200
#define RTCP_RR		201
#define RTCP_SR_LEN	28
#define RTCP_RR_LEN	8
#define RTCP_BLOCK	24

/* A method and a scheme are shorter: what is cut behind them is in the URI. */
#define SIP_BEGUN	40
#define EMPTY_MAX	16	/* bytes of empty lines before a start line */

static bool on_port(const struct vw_frame *f, u16 port)
{
	return f->sport == port || f->dport == port;
}

bool vw_content_on_sip_port(const struct vw_content *c)
{
	return on_port(c->f, PORT_SIP) || on_port(c->f, PORT_SIPS);
}

bool vw_content_on_dns_port(const struct vw_content *c)
{
	return on_port(c->f, PORT_DNS) || on_port(c->f, PORT_MDNS) || on_port(c->f, PORT_LLMNR);
}

bool vw_content_on_system_port(const struct vw_content *c)
{
	return c->f->sport < PORT_USER || c->f->dport < PORT_USER || vw_content_on_dns_port(c);
}

static bool starts(const struct vw_content *c, const char *word)
{
	size_t len;

	/* Nearly always this says it already. */
	if (!c->have || c->p[0] != (u8)word[0])
		return false;
	len = strlen(word);
	return c->have >= len && !memcmp(c->p, word, len);
}

static bool is_http(const struct vw_content *c)
{
	static const char *const words[] = {
		"GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "CONNECT ",
		"TRACE ", "PATCH ", "HTTP/1.", "OPTIONS /", "OPTIONS * HTTP",
		"PRI * HTTP/2",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (starts(c, words[i]))
			return true;
	return false;
}

bool vw_content_is_sip(const struct vw_content *c, enum vw_why *ret_why)
{
	struct vw_sipline line;
	size_t skip = 0;
	int err;

	while (skip < EMPTY_MAX && c->have - skip >= 2 &&
	       c->p[skip] == '\r' && c->p[skip + 1] == '\n')
		skip += 2;
	err = vw_sipline_parse(c->p + skip, c->have - skip, &line);
	if (err == -ENODATA && c->have - skip >= SIP_BEGUN &&
	    (c->have < c->f->payload_len || c->f->proto == VW_IPPROTO_TCP)) {
		*ret_why = VW_WHY_SIP_REQUEST;
		return true;
	}
	if (err)
		return false;
	*ret_why = line.status ? VW_WHY_SIP_RESPONSE : VW_WHY_SIP_REQUEST;
	return true;
}

bool vw_content_is_keepalive(const struct vw_content *c)
{
	return c->have == c->f->payload_len && vw_sipline_keepalive(c->p, c->have);
}

bool vw_content_is_stun(const struct vw_content *c)
{
	return c->have >= STUN_HEADER && c->p[0] <= 3 &&
	       get_unaligned_be32(c->p + 4) == VW_STUN_COOKIE &&
	       get_unaligned_be16(c->p + 2) % 4 == 0 &&
	       get_unaligned_be16(c->p + 2) + STUN_HEADER == c->f->payload_len;
}

bool vw_content_is_dtls(const struct vw_content *c)
{
	u16 version, len;

	if (c->have < DTLS_HEADER || c->p[0] < 20 || c->p[0] > 26)
		return false;
	version = get_unaligned_be16(c->p + 1);
	len = get_unaligned_be16(c->p + 11);
	return (version == 0xfeff || version == 0xfefd) && len &&
	       len <= c->f->payload_len - DTLS_HEADER;
}

bool vw_content_is_zrtp(const struct vw_content *c)
{
	return c->have >= ZRTP_HEADER && (c->p[0] & 0xf0) == 0x10 &&
	       get_unaligned_be32(c->p + 4) == VW_ZRTP_COOKIE;
}

bool vw_content_is_turn(const struct vw_content *c)
{
	size_t len;

	if (c->have < TURN_HEADER || (c->p[0] & 0xf0) != 0x40)
		return false;
	len = get_unaligned_be16(c->p + 2) + TURN_HEADER;
	return len <= c->f->payload_len && c->f->payload_len - len < 4;
}

/* One packet of a compound at @p: does it hold what its type needs? */
static bool rtcp_fits(const u8 *p, size_t len)
{
	size_t blocks = (p[0] & 0x1f) * RTCP_BLOCK;

	if (p[1] == RTCP_SR)
		return len >= RTCP_SR_LEN + blocks;
	if (p[1] == RTCP_RR)
		return len >= RTCP_RR_LEN + blocks;
	return true;
}

/*
 * A chain of packets whose lengths add up to the datagram (RFC 3550, A.2).
 * Only the last may be padded.
 */
bool vw_content_is_rtcp_chain(const struct vw_content *c)
{
	size_t wire = c->f->payload_len;
	size_t at = 0;

	while (at < wire) {
		const u8 *p = c->p + at;
		size_t len;

		if (wire - at < 4)
			return false;
		if (c->have < at + 4)
			return at > 0;
		len = (get_unaligned_be16(p + 2) + 1) * 4;
		if (p[0] >> 6 != 2 || p[1] < 192 || p[1] > 223 || len > wire - at)
			return false;
		if ((p[0] & 0x20 && len != wire - at) || !rtcp_fits(p, len))
			return false;
		at += len;
	}
	return true;
}

bool vw_content_is_report(const struct vw_content *c)
{
	return c->p[1] == RTCP_SR || c->p[1] == RTCP_RR;
}

/*
 * Payload types of RFC 3551 and the dynamic ones; 35..63 are dynamic when 96..127
 * don't suffice (RFC 5761, 4). Of the rest 72..76 would be RTCP.
 */
bool vw_content_is_payload_type(u8 pt)
{
	static const u64 assigned = 0x7fff9 | 3ULL << 25 | 1ULL << 28 |
				    7ULL << 31 | 1ULL << 34;

	if (pt < 64)
		return pt >= 35 || assigned >> pt & 1;
	return pt >= 96;
}

enum vw_why vw_content_why(const struct vw_content *c)
{
	if (is_http(c))
		return VW_WHY_HTTP;
	if (vw_content_on_dns_port(c))
		return VW_WHY_DNS;
	if (c->have >= 5 && (c->p[0] & 0xc0) == 0xc0 &&
	    c->f->proto == VW_IPPROTO_UDP &&
	    (get_unaligned_be32(c->p + 1) == 1 || on_port(c->f, PORT_HTTPS)))
		return VW_WHY_QUIC;
	return VW_WHY_UNKNOWN_CONTENT;
}
