// SPDX-License-Identifier: GPL-2.0-or-later
#include "via.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "param.h"

#define SIP_PORT	5060

#define ALNUM	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define TOKEN	ALNUM "-.!%*_+`'~"
#define HOST	ALNUM "-._:[]"

static bool only(const char *s, const char *set)
{
	return s && *s && !s[strspn(s, set)];
}

/* Between the quotes nothing that needs escaping: who wants it there has no need in a Via. */
static bool quoted(const char *s)
{
	size_t n = strlen(s);

	return n >= 2 && s[0] == '"' && strcspn(s + 1, "\"\\") == n - 2;
}

static bool param_wellformed(const osip_generic_param_t *p)
{
	return only(p->gname, TOKEN) &&
	       (!p->gvalue || !*p->gvalue || only(p->gvalue, TOKEN HOST) || quoted(p->gvalue));
}

bool vw_via_wellformed(const osip_via_t *via)
{
	if (!only(via->version, "0123456789.") || !only(via->protocol, TOKEN) ||
	    !only(via->host, HOST) || via->comment)
		return false;
	if (via->port && (!only(via->port, "0123456789") || strlen(via->port) > 5))
		return false;
	for (int i = 0; !osip_list_eol(&via->via_params, i); i++)
		if (!param_wellformed(osip_list_get(&via->via_params, i)))
			return false;
	return true;
}

static u16 via_port(const osip_via_t *via)
{
	int port = via->port ? atoi(via->port) : 0;

	return port > 0 && port < 65536 ? (u16)port : SIP_PORT;
}

void vw_via_received(const osip_via_t *top, const struct vw_endpoint *src, struct vw_text *ret)
{
	osip_via_t *via = NULL;
	struct vw_endpoint host;
	char buf[VW_ENDPOINT_LEN];
	bool rport = vw_msg_param(&top->via_params, "rport");
	char *s = NULL;

	/* what the sender claims about itself isn't passed on */
	if (osip_via_clone(top, &via)) {
		ret->failed = true;
		return;
	}
	for (int i = osip_list_size(&via->via_params) - 1; i >= 0; i--) {
		osip_generic_param_t *p = osip_list_get(&via->via_params, i);

		if (p->gname && (!strcasecmp(p->gname, "received") ||
				 !strcasecmp(p->gname, "rport"))) {
			osip_list_remove(&via->via_params, i);
			osip_generic_param_free(p);
		}
	}
	if (osip_via_to_str(via, &s))
		ret->failed = true;
	else
		vw_text_puts(ret, s);
	if (rport || !vw_endpoint_parse(via->host, strlen(via->host), &host) ||
	    !vw_endpoint_same_addr(&host, src))
		vw_text_printf(ret, ";received=%s", vw_endpoint_addr(src, buf));
	if (rport)
		vw_text_printf(ret, ";rport=%u", src->port);
	osip_free(s);
	osip_via_free(via);
}

struct vw_endpoint vw_via_reply_to(const osip_via_t *via, const struct vw_endpoint *src)
{
	struct vw_endpoint to = *src;

	if (!vw_msg_param(&via->via_params, "rport"))
		to.port = via_port(via);
	return to;
}

bool vw_via_target(const osip_via_t *via, struct vw_endpoint *ret)
{
	const char *received = vw_msg_param(&via->via_params, "received");
	const char *rport = vw_msg_param(&via->via_params, "rport");
	const char *host = received && received[0] ? received : via->host;
	int port = rport && rport[0] ? atoi(rport) : 0;

	if (!host || !vw_endpoint_parse(host, strlen(host), ret))
		return false;
	ret->port = port > 0 && port < 65536 ? (u16)port : via_port(via);
	return true;
}
