// SPDX-License-Identifier: GPL-2.0-or-later
#include "param.h"

#include <strings.h>

int vw_msg_param_count(const osip_list_t *params, const char *name)
{
	int n = 0;

	for (int i = 0; !osip_list_eol(params, i); i++) {
		const osip_generic_param_t *p = osip_list_get(params, i);

		n += p->gname && !strcasecmp(p->gname, name);
	}
	return n;
}

const char *vw_msg_param(const osip_list_t *params, const char *name)
{
	for (int i = 0; !osip_list_eol(params, i); i++) {
		const osip_generic_param_t *p = osip_list_get(params, i);

		if (p->gname && !strcasecmp(p->gname, name))
			return p->gvalue ? p->gvalue : "";
	}
	return NULL;
}
