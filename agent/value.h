/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values as people write them, in the configuration and on the command line.
 * All answer 0, or -EINVAL for what can't be read and -ERANGE for what is out of
 * bounds; results are written only on success.
 */
#ifndef VW_AGENT_VALUE_H
#define VW_AGENT_VALUE_H

#include <sys/socket.h>

#include "../kmod/core/policy.h"

#define VW_HOST_LEN	256	/* with the NUL */

/* Decimal digits only, no sign, no blank. */
int vw_value_uint(const char *text, u64 min, u64 max, u64 *ret);
int vw_value_bool(const char *text, bool *ret);
/* "20M": bits per second; k, M and G are powers of 1,000. */
int vw_value_rate(const char *text, u64 *ret);
/* "46", "EF", "CS3", "AF31". */
int vw_value_dscp(const char *text, u8 *ret);
/* "20000-29999": @ret_min even, room for a pair; both 1024..65535. */
int vw_value_ports(const char *text, u16 *ret_min, u16 *ret_max);
/* Six bytes in hexadecimal with ':' or '-' between; unicast, not all zero. */
int vw_value_mac(const char *text, u8 ret[6]);
/* 1..15 characters that an interface may be called. */
bool vw_value_ifname(const char *text);
/* An address, IPv6 with or without brackets. */
int vw_value_addr(const char *text, struct vw_endpoint *ret);
/* "192.0.2.1:5060", "[2001:db8::1]:5060", or without the port: @port. */
int vw_value_endpoint(const char *text, u16 port, struct vw_endpoint *ret);
/* Can it be the address of one host that others reach? */
bool vw_value_is_host(const struct vw_endpoint *e);

/**
 * vw_value_sip_uri - take "sip:host:port" apart
 * @text: the URI; port and the parameter transport=udp may be there, no user
 * @host: VW_HOST_LEN bytes; without brackets
 * @ret_port: 5060 when there is none
 *
 * Return: 0; -EPROTONOSUPPORT for another scheme or transport; -ENOTUNIQ for an IPv6
 * address without brackets; -EINVAL.
 */
int vw_value_sip_uri(const char *text, char *host, u16 *ret_port);

void vw_value_to_sockaddr(const struct vw_endpoint *e, struct sockaddr_storage *ret);
int vw_value_from_sockaddr(const struct sockaddr_storage *ss, struct vw_endpoint *ret);

#define VW_ENDPOINT_TEXT	64
/* "192.0.2.1:5060", "[2001:db8::1]:5060"; no port when it is 0. */
const char *vw_value_endpoint_text(const struct vw_endpoint *e, char text[VW_ENDPOINT_TEXT]);
#define VW_MAC_TEXT	18
const char *vw_value_mac_text(const u8 mac[6], char text[VW_MAC_TEXT]);

#endif
