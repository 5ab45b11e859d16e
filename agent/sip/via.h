/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Via header: which ones are let in, and where responses go by them. */
#ifndef VW_SIP_VIA_H
#define VW_SIP_VIA_H

#include <osipparser2/osip_parser.h>

#include "../media/endpoint.h"
#include "../media/text.h"

/**
 * vw_via_wellformed - hold a parsed Via against the grammar (RFC 3261, 25.1)
 * @via: as libosip2 has parsed it, which takes nearly anything
 *
 * A Via is written anew with every hop and read again by others, so one that two
 * parsers could split differently isn't let in.
 */
bool vw_via_wellformed(const osip_via_t *via);

/**
 * vw_via_received - the topmost Via with received= and rport= (RFC 3261 18.2.1, RFC 3581)
 * @via: a request's topmost Via
 * @src: where it came from
 * @ret: the value, appended
 */
void vw_via_received(const osip_via_t *via, const struct vw_endpoint *src, struct vw_text *ret);

/* Where responses to a request go (RFC 3261 18.2.2, RFC 3581). */
struct vw_endpoint vw_via_reply_to(const osip_via_t *via, const struct vw_endpoint *src);

/* The same for a Via of ours that the message carries, as a response has it. */
bool vw_via_target(const osip_via_t *via, struct vw_endpoint *ret);

#endif
