/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libosip2 on a leash: silent, wiped behind, and counted. */
#ifndef VW_SIP_OSIP_H
#define VW_SIP_OSIP_H

#include <stddef.h>

/* Once per process, before the first message. */
void vw_osip_init(void);
/* Bytes that it holds: what a message costs is told by the difference. */
size_t vw_osip_held(void);

#endif
