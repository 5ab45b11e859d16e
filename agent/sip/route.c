// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a request goes (RFC 3261, 16.4 to 16.6). */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "passage.h"

bool vw_pass_refuse(struct passage *p, int status, const char *reason)
{
	char extra[32] = "";

	if (status == 503)
		snprintf(extra, sizeof(extra), "Retry-After: 30\r\n");
	else if (status == 500)
		/* between 0 and 10 s, so that two don't meet again (RFC 3311, 5.2) */
		snprintf(extra, sizeof(extra), "Retry-After: %u\r\n", p->key[0] % 11);
	if (p->m->method != VW_M_ACK)
		vw_reply_now(p->e, p->from, p->trunk, &p->src, p->m, status, reason, extra);
	return false;
}

bool vw_edge_is_own_uri(const struct vw_edge *e, const osip_uri_t *uri)
{
	struct vw_endpoint ep;
	int port = uri->port ? atoi(uri->port) : 5060;

	if (!uri->host || !vw_endpoint_parse(uri->host, strlen(uri->host), &ep))
		return false;
	ep.port = (u16)port;
	if (vw_endpoint_equal(&ep, &e->voice))
		return true;
	for (size_t i = 0; i < e->ntrunk; i++)
		if (vw_endpoint_equal(&ep, &e->trunk[i]->local))
			return true;
	return false;
}

static bool leaves_by(const struct passage *p, const struct vw_endpoint *ep)
{
	if (p->from == VW_WAN)
		return vw_endpoint_equal(ep, &p->e->voice);
	for (size_t i = 0; i < p->e->ntrunk; i++)
		if (vw_endpoint_equal(ep, &p->e->trunk[i]->local))
			return true;
	return false;
}

/*
 * It has left by the other side before: it goes round in circles. A call from
 * phone to phone passes twice, but in turns.
 */
static bool loops(const struct passage *p)
{
	struct vw_endpoint ep;
	osip_via_t *via;
	u8 key[VW_KEY_LEN];

	for (int i = 0; (via = vw_msg_via(p->m, i)); i++) {
		if (!via->host || !vw_endpoint_parse(via->host, strlen(via->host), &ep))
			continue;
		ep.port = via->port ? (u16)atoi(via->port) : 5060;
		if (leaves_by(p, &ep) && vw_txn_key_of(via, key))
			return true;
	}
	return false;
}

bool vw_pass_hops(struct passage *p)
{
	const struct vw_sip_line *l = vw_msg_line(p->m, VW_H_MAX_FORWARDS);
	int hops = 70;

	if (l) {
		char *end;
		long v = strtol(l->value, &end, 10);

		if (end == l->value || end != l->value + l->value_len || v < 0 || v > 255)
			return vw_pass_refuse(p, 400, "Bad Max-Forwards");
		if (!v) {
			p->e->stat[VW_STAT_HOPS]++;
			return vw_pass_refuse(p, 483, "Too Many Hops");
		}
		hops = (int)v - 1;
	}
	p->edit.hops = hops + 1;
	if (loops(p)) {
		p->e->stat[VW_STAT_LOOP]++;
		return vw_pass_refuse(p, 482, "Loop Detected");
	}
	return true;
}

/* Our own entries on top of the route set, both of them (RFC 5658). */
void vw_pass_strip(struct passage *p)
{
	const osip_list_t *routes = &p->m->osip->routes;
	int n = osip_list_size(routes);

	if (n && vw_edge_is_own_uri(p->e, p->m->osip->req_uri) &&
	    vw_msg_param(&p->m->osip->req_uri->url_params, "lr")) {
		/* a strict router before us: its last Route is where it wants to go */
		const osip_route_t *last = osip_list_get(routes, n - 1);
		char *s = NULL;

		if (!osip_uri_to_str(last->url, &s)) {
			vw_text_puts(&p->uri, s);
			p->edit.uri = p->uri.p;
			p->edit.route_drop_last = true;
			n--;
		}
		osip_free(s);
	}
	while (p->edit.route_drop < n) {
		const osip_route_t *r = osip_list_get(routes, p->edit.route_drop);

		if (!r->url || !vw_edge_is_own_uri(p->e, r->url))
			return;
		p->edit.route_drop++;
	}
}

/* By the name it is configured with, or its address, whichever way that is written. */
static bool names_trunk(const osip_uri_t *uri, const struct vw_trunk *t)
{
	struct vw_endpoint ep;

	return uri->host && (!strcasecmp(uri->host, t->conf.proxy_host) ||
			     (vw_endpoint_parse(uri->host, strlen(uri->host), &ep) &&
			      vw_endpoint_same_addr(&ep, &t->proxy)));
}

static struct vw_trunk *pick_trunk(struct passage *p)
{
	struct vw_edge *e = p->e;
	const osip_uri_t *uri = p->m->osip->req_uri;
	struct vw_binding *b;

	if (p->call)
		return p->call->trunk;
	for (size_t i = 0; i < e->ntrunk; i++)
		if (!e->trunk[i]->gone && names_trunk(uri, e->trunk[i]))
			return e->trunk[i];
	b = vw_binding_of_aor(e, p->m->osip->from->url);
	if (b && !b->trunk->gone)
		return b->trunk;
	for (size_t i = 0; i < e->ntrunk; i++)
		if (!e->trunk[i]->gone)
			return e->trunk[i];
	return NULL;
}

/* Towards a phone: only where one is known to be. */
static bool find_phone(struct passage *p)
{
	const osip_uri_t *uri = p->m->osip->req_uri;

	if (p->branch && p->branch->party[VW_VOICE].addr.family) {
		p->dst = p->branch->party[VW_VOICE].addr;
		return true;
	}
	p->binding = vw_binding_of_uri(p->e, p->trunk, uri);
	if (p->binding) {
		vw_text_puts(&p->uri, p->binding->contact);
		p->edit.uri = p->uri.p;
	} else {
		p->binding = vw_binding_of_contact(p->e, uri);
	}
	if (!p->binding) {
		p->e->stat[VW_STAT_UNBOUND]++;
		return vw_pass_refuse(p, p->m->to_tag[0] ? 481 : 404,
				      p->m->to_tag[0] ? "Call/Transaction Does Not Exist" : "Not Found");
	}
	p->dst = p->binding->addr;
	return true;
}

bool vw_pass_target(struct passage *p)
{
	if (p->from == VW_WAN) {
		/* Calls of a removed trunk may end; it begins nothing any more. */
		if (p->trunk && p->trunk->gone && !p->m->to_tag[0] &&
		    p->m->method != VW_M_CANCEL)
			return vw_pass_refuse(p, 403, "Forbidden");
		return find_phone(p);
	}
	p->trunk = pick_trunk(p);
	if (!p->trunk)
		return vw_pass_refuse(p, 503, "No Trunk");
	p->dst = p->trunk->proxy;
	return true;
}

static bool makes_dialog(const struct vw_msg *m)
{
	return m->method == VW_M_INVITE || m->method == VW_M_SUBSCRIBE ||
	       m->method == VW_M_REFER || m->method == VW_M_NOTIFY;
}

/* Both addresses, each for the side that can reach it (RFC 5658). */
void vw_pass_record(struct passage *p)
{
	char addr[VW_ENDPOINT_LEN];

	if (!makes_dialog(p->m))
		return;
	for (int i = 0; i < 2; i++) {
		enum vw_side side = i ? p->from : vw_other(p->from);

		vw_text_printf(&p->route[i], "<sip:%s;lr>",
			       vw_endpoint_text(vw_edge_local(p->e, side, p->trunk), addr));
		p->edit.record_route[i] = p->route[i].p;
	}
}
