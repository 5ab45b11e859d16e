/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the SDP is in a body: alone, or as a part of a multipart (RFC 2046, 5.1). */
#ifndef VW_SIP_BODY_H
#define VW_SIP_BODY_H

#include "message.h"

/* Sets @m->sdp, and @m->sdp_beside, of a message that has a body. */
void vw_body_find_sdp(struct vw_msg *m);

#endif
