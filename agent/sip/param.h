/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parameters of headers and URIs, as libosip2 lists them (osip_generic_param_t). */
#ifndef VW_SIP_PARAM_H
#define VW_SIP_PARAM_H

#include <osipparser2/osip_parser.h>

/* A parameter's value: "" when it has none; NULL when it isn't there. */
const char *vw_msg_param(const osip_list_t *params, const char *name);
/* How often a name is in the list; more than once means two readers may differ. */
int vw_msg_param_count(const osip_list_t *params, const char *name);

#endif
