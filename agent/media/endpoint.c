// SPDX-License-Identifier: GPL-2.0-or-later
#include "endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static size_t addr_len(const struct vw_endpoint *e)
{
	return e->family == 6 ? 16 : 4;
}

/**
 * vw_endpoint_parse - read a literal address
 * @s: text, not NUL-terminated
 * @len: its bytes
 * @ret: family and address are written on success, the port never
 *
 * IPv4-mapped IPv6 addresses become IPv4. Return: false when it isn't one.
 */
bool vw_endpoint_parse(const char *s, size_t len, struct vw_endpoint *ret)
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	char buf[VW_ENDPOINT_LEN];
	u8 addr[16] = { 0 };

	if (len >= 2 && s[0] == '[' && s[len - 1] == ']') {
		s++;
		len -= 2;
	}
	if (!len || len >= sizeof(buf))
		return false;
	memcpy(buf, s, len);
	buf[len] = '\0';
	if (inet_pton(AF_INET, buf, addr) == 1) {
		ret->family = 4;
	} else if (inet_pton(AF_INET6, buf, addr) == 1) {
		ret->family = 6;
		if (!memcmp(addr, mapped, sizeof(mapped))) {
			ret->family = 4;
			memmove(addr, addr + 12, 4);
			memset(addr + 4, 0, 12);
		}
	} else {
		return false;
	}
	memcpy(ret->addr, addr, 16);
	return true;
}

/**
 * vw_endpoint_addr - write the address
 * @e: the endpoint
 * @buf: where to
 *
 * Return: @buf.
 */
const char *vw_endpoint_addr(const struct vw_endpoint *e, char buf[VW_ENDPOINT_LEN])
{
	buf[0] = '\0';
	if (e->family)
		inet_ntop(e->family == 6 ? AF_INET6 : AF_INET, e->addr, buf, VW_ENDPOINT_LEN);
	return buf;
}

/**
 * vw_endpoint_text - write address and port as a URI has them
 * @e: the endpoint
 * @buf: where to
 *
 * Return: @buf.
 */
const char *vw_endpoint_text(const struct vw_endpoint *e, char buf[VW_ENDPOINT_LEN])
{
	char addr[VW_ENDPOINT_LEN];

	vw_endpoint_addr(e, addr);
	snprintf(buf, VW_ENDPOINT_LEN, e->family == 6 ? "[%.48s]:%u" : "%.48s:%u", addr, e->port);
	return buf;
}

bool vw_endpoint_same_addr(const struct vw_endpoint *a, const struct vw_endpoint *b)
{
	return a->family == b->family && !memcmp(a->addr, b->addr, addr_len(a));
}

bool vw_endpoint_equal(const struct vw_endpoint *a, const struct vw_endpoint *b)
{
	return vw_endpoint_same_addr(a, b) && a->port == b->port;
}

bool vw_endpoint_any(const struct vw_endpoint *e)
{
	static const u8 zero[16];

	return e->family && !memcmp(e->addr, zero, addr_len(e));
}

/**
 * vw_endpoint_from_sockaddr - take over a socket address
 * @sa: AF_INET or AF_INET6; IPv4-mapped addresses become IPv4
 * @ret: written on success
 *
 * Return: false for any other family.
 */
bool vw_endpoint_from_sockaddr(const struct sockaddr *sa, struct vw_endpoint *ret)
{
	struct vw_endpoint e = { .family = 0 };

	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)sa;

		e.family = 4;
		memcpy(e.addr, &in->sin_addr, 4);
		e.port = ntohs(in->sin_port);
	} else if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;

		e.port = ntohs(in6->sin6_port);
		if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
			e.family = 4;
			memcpy(e.addr, in6->sin6_addr.s6_addr + 12, 4);
		} else {
			e.family = 6;
			memcpy(e.addr, &in6->sin6_addr, 16);
		}
	} else {
		return false;
	}
	*ret = e;
	return true;
}

/**
 * vw_endpoint_to_sockaddr - make a socket address
 * @e: the endpoint
 * @ret: where to
 *
 * Return: the length of the socket address.
 */
socklen_t vw_endpoint_to_sockaddr(const struct vw_endpoint *e, struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (e->family == 6) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(e->port);
		memcpy(&in6->sin6_addr, e->addr, 16);
		return sizeof(*in6);
	}
	struct sockaddr_in *in = (struct sockaddr_in *)ret;

	in->sin_family = AF_INET;
	in->sin_port = htons(e->port);
	memcpy(&in->sin_addr, e->addr, 4);
	return sizeof(*in);
}
