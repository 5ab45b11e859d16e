// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as people write them. */
#include "value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define SIP_PORT	5060

/* Digits at the start of @text; *ret_end is what follows. */
static int take_digits(const char *text, u64 *ret, const char **ret_end)
{
	u64 n = 0;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	for (; *text >= '0' && *text <= '9'; text++) {
		u64 digit = (u64)(*text - '0');

		if (n > (UINT64_MAX - digit) / 10)
			return -ERANGE;
		n = n * 10 + digit;
	}
	*ret = n;
	*ret_end = text;
	return 0;
}

int vw_value_uint(const char *text, u64 min, u64 max, u64 *ret)
{
	const char *end;
	u64 n;
	int err = take_digits(text, &n, &end);

	if (err)
		return err;
	if (*end)
		return -EINVAL;
	if (n < min || n > max)
		return -ERANGE;
	*ret = n;
	return 0;
}

int vw_value_bool(const char *text, bool *ret)
{
	static const char *const yes[] = { "yes", "true", "on" };
	static const char *const no[] = { "no", "false", "off" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		if (!strcasecmp(text, yes[i]) || !strcasecmp(text, no[i])) {
			*ret = !strcasecmp(text, yes[i]);
			return 0;
		}
	}
	return -EINVAL;
}

int vw_value_rate(const char *text, u64 *ret)
{
	u64 n, factor = 1;
	const char *end;
	int err = take_digits(text, &n, &end);

	if (err)
		return err;
	if (*end) {
		switch (*end++) {
		case 'k':
		case 'K':
			factor = 1000;
			break;
		case 'm':
		case 'M':
			factor = 1000000;
			break;
		case 'g':
		case 'G':
			factor = 1000000000;
			break;
		default:
			return -EINVAL;
		}
	}
	if (*end)
		return -EINVAL;
	if (!n || n > UINT64_MAX / factor)
		return -ERANGE;
	*ret = n * factor;
	return 0;
}

/* Class selectors (RFC 2474), assured forwarding (RFC 2597), EF (RFC 3246). */
int vw_value_dscp(const char *text, u8 *ret)
{
	u64 n;
	int err;

	if (!strcasecmp(text, "ef")) {
		*ret = 46;
		return 0;
	}
	if (!strncasecmp(text, "cs", 2) && text[2] >= '0' && text[2] <= '7' && !text[3]) {
		*ret = (u8)((text[2] - '0') << 3);
		return 0;
	}
	if (!strncasecmp(text, "af", 2) && text[2] >= '1' && text[2] <= '4' &&
	    text[3] >= '1' && text[3] <= '3' && !text[4]) {
		*ret = (u8)((text[2] - '0') << 3 | (text[3] - '0') << 1);
		return 0;
	}
	err = vw_value_uint(text, 0, 63, &n);
	if (!err)
		*ret = (u8)n;
	return err;
}

int vw_value_ports(const char *text, u16 *ret_min, u16 *ret_max)
{
	const char *end;
	u64 min, max;
	int err = take_digits(text, &min, &end);

	if (err)
		return err;
	if (*end != '-')
		return -EINVAL;
	err = vw_value_uint(end + 1, 1024, 65535, &max);
	if (err)
		return err;
	if (min < 1024 || (min & 1) || min >= max)
		return -ERANGE;
	*ret_min = (u16)min;
	*ret_max = (u16)max;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int vw_value_mac(const char *text, u8 ret[6])
{
	static const u8 none[6];
	u8 mac[6];

	if (strlen(text) != VW_MAC_TEXT - 1)
		return -EINVAL;
	for (int i = 0; i < 6; i++) {
		int high = hex_digit(text[3 * i]), low = hex_digit(text[3 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		if (i < 5 && text[3 * i + 2] != ':' && text[3 * i + 2] != '-')
			return -EINVAL;
		mac[i] = (u8)(high << 4 | low);
	}
	if ((mac[0] & 1) || !memcmp(mac, none, sizeof(mac)))
		return -ERANGE;
	memcpy(ret, mac, sizeof(mac));
	return 0;
}

bool vw_value_ifname(const char *text)
{
	size_t len = strlen(text);

	if (!len || len >= IFNAMSIZ || !strcmp(text, ".") || !strcmp(text, ".."))
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text > '~' || *text == '/' || *text == ':')
			return false;
	return true;
}

static int addr_of(const char *text, size_t len, struct vw_endpoint *ret)
{
	struct vw_endpoint e = { 0 };
	char copy[INET6_ADDRSTRLEN];

	if (len >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (inet_pton(AF_INET, copy, e.addr) == 1)
		e.family = 4;
	else if (inet_pton(AF_INET6, copy, e.addr) == 1)
		e.family = 6;
	else
		return -EINVAL;
	*ret = e;
	return 0;
}

int vw_value_addr(const char *text, struct vw_endpoint *ret)
{
	size_t len = strlen(text);

	if (len > 2 && text[0] == '[' && text[len - 1] == ']')
		return addr_of(text + 1, len - 2, ret);
	return addr_of(text, len, ret);
}

/*
 * Where host and port part: after the bracket, else at the only colon. An IPv6
 * address without brackets has several and no port.
 */
static int split(const char *text, size_t *ret_len, const char **ret_host, const char **ret_port)
{
	const char *colon = strchr(text, ':'), *end;

	*ret_port = NULL;
	*ret_host = text;
	if (*text == '[') {
		end = strchr(text, ']');
		if (!end || (end[1] && end[1] != ':'))
			return -EINVAL;
		*ret_host = text + 1;
		*ret_len = (size_t)(end - text - 1);
		*ret_port = end[1] ? end + 2 : NULL;
	} else if (colon && !strchr(colon + 1, ':')) {
		*ret_len = (size_t)(colon - text);
		*ret_port = colon + 1;
	} else {
		*ret_len = strlen(text);
	}
	return *ret_len ? 0 : -EINVAL;
}

int vw_value_endpoint(const char *text, u16 port, struct vw_endpoint *ret)
{
	const char *host, *digits;
	struct vw_endpoint e;
	u64 n = port;
	size_t len;
	int err = split(text, &len, &host, &digits);

	if (!err)
		err = addr_of(host, len, &e);
	if (!err && digits)
		err = vw_value_uint(digits, 1, 65535, &n);
	if (err)
		return err;
	e.port = (u16)n;
	*ret = e;
	return 0;
}

bool vw_value_is_host(const struct vw_endpoint *e)
{
	static const u8 none[15];

	if (e->family == 4)
		return e->addr[0] && e->addr[0] != 127 && e->addr[0] < 224;
	/* neither :: nor ::1, and no multicast */
	return e->addr[0] != 0xff && (memcmp(e->addr, none, 15) || e->addr[15] > 1);
}

static bool host_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '.' || c == ':' || c == '_';
}

/* What stands between "sip:" and the parameters. */
static int take_host(const char *text, char *host, u16 *ret_port)
{
	const char *start, *digits;
	u64 port = SIP_PORT;
	size_t len;
	int err = split(text, &len, &start, &digits);

	if (err || len >= VW_HOST_LEN)
		return -EINVAL;
	/* Its last group could be a port, and RFC 3261, 25.1 wants the brackets. */
	if (*text != '[' && memchr(start, ':', len))
		return -ENOTUNIQ;
	for (size_t i = 0; i < len; i++)
		if (!host_char(start[i]))
			return -EINVAL;
	if (digits)
		err = vw_value_uint(digits, 1, 65535, &port);
	if (err)
		return err;
	memcpy(host, start, len);
	host[len] = '\0';
	*ret_port = (u16)port;
	return 0;
}

int vw_value_sip_uri(const char *text, char *host, u16 *ret_port)
{
	char rest[VW_HOST_LEN + 16];
	const char *params;
	size_t len;

	if (strncasecmp(text, "sip:", 4))
		return strchr(text, ':') ? -EPROTONOSUPPORT : -EINVAL;
	text += 4;
	params = strchr(text, ';');
	if (params && strcasecmp(params, ";transport=udp"))
		return -EPROTONOSUPPORT;
	len = params ? (size_t)(params - text) : strlen(text);
	if (len >= sizeof(rest))
		return -EINVAL;
	memcpy(rest, text, len);
	rest[len] = '\0';
	return take_host(rest, host, ret_port);
}

void vw_value_to_sockaddr(const struct vw_endpoint *e, struct sockaddr_storage *ret)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;
	struct sockaddr_in *in = (struct sockaddr_in *)ret;

	memset(ret, 0, sizeof(*ret));
	if (e->family == 6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(e->port);
		memcpy(&in6->sin6_addr, e->addr, 16);
	} else if (e->family == 4) {
		in->sin_family = AF_INET;
		in->sin_port = htons(e->port);
		memcpy(&in->sin_addr, e->addr, 4);
	}
}

int vw_value_from_sockaddr(const struct sockaddr_storage *ss, struct vw_endpoint *ret)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)ss;
	const struct sockaddr_in *in = (const struct sockaddr_in *)ss;
	struct vw_endpoint e = { 0 };

	if (ss->ss_family == AF_INET6) {
		e.family = 6;
		e.port = ntohs(in6->sin6_port);
		memcpy(e.addr, &in6->sin6_addr, 16);
	} else if (ss->ss_family == AF_INET) {
		e.family = 4;
		e.port = ntohs(in->sin_port);
		memcpy(e.addr, &in->sin_addr, 4);
	} else {
		return -EINVAL;
	}
	*ret = e;
	return 0;
}

const char *vw_value_endpoint_text(const struct vw_endpoint *e, char text[VW_ENDPOINT_TEXT])
{
	char addr[INET6_ADDRSTRLEN];

	if (e->family != 4 && e->family != 6)
		snprintf(text, VW_ENDPOINT_TEXT, "-");
	else if (!inet_ntop(e->family == 6 ? AF_INET6 : AF_INET, e->addr, addr, sizeof(addr)))
		snprintf(text, VW_ENDPOINT_TEXT, "?");
	else if (!e->port)
		snprintf(text, VW_ENDPOINT_TEXT, "%s", addr);
	else
		snprintf(text, VW_ENDPOINT_TEXT, e->family == 6 ? "[%s]:%u" : "%s:%u", addr,
			 e->port);
	return text;
}

const char *vw_value_mac_text(const u8 mac[6], char text[VW_MAC_TEXT])
{
	snprintf(text, VW_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x",
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	return text;
}
