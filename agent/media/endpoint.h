/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and ports: struct vw_endpoint (kmod/core/policy.h) as text and socket address. */
#ifndef VW_MEDIA_ENDPOINT_H
#define VW_MEDIA_ENDPOINT_H

#include <sys/socket.h>

#include "../../kmod/core/policy.h"

#define VW_ENDPOINT_LEN	64	/* of the text, with its NUL */

/* Literal addresses only, IPv6 with or without brackets. The port is left alone. */
bool vw_endpoint_parse(const char *s, size_t len, struct vw_endpoint *ret);
/* The address alone; IPv6 without brackets. */
const char *vw_endpoint_addr(const struct vw_endpoint *e, char buf[VW_ENDPOINT_LEN]);
/* As in a SIP URI: "10.1.1.1:5060", "[fd00::1]:5060". */
const char *vw_endpoint_text(const struct vw_endpoint *e, char buf[VW_ENDPOINT_LEN]);
bool vw_endpoint_same_addr(const struct vw_endpoint *a, const struct vw_endpoint *b);
bool vw_endpoint_equal(const struct vw_endpoint *a, const struct vw_endpoint *b);
/* 0.0.0.0 or :: */
bool vw_endpoint_any(const struct vw_endpoint *e);
bool vw_endpoint_from_sockaddr(const struct sockaddr *sa, struct vw_endpoint *ret);
socklen_t vw_endpoint_to_sockaddr(const struct vw_endpoint *e, struct sockaddr_storage *ret);

#endif
