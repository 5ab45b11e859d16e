// SPDX-License-Identifier: GPL-2.0-or-later
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../kmod/core/sipline.h"
#include "edge_priv.h"
#include "osip.h"

u64 vw_edge_now(const struct vw_edge *e)
{
	return e->io.now(e->io.arg);
}

const struct vw_endpoint *vw_edge_local(const struct vw_edge *e, enum vw_side side,
					const struct vw_trunk *trunk)
{
	return side == VW_VOICE || !trunk ? &e->voice : &trunk->local;
}

void vw_hex(const u8 *p, size_t n, char *ret)
{
	for (size_t i = 0; i < n; i++)
		snprintf(ret + 2 * i, 3, "%02x", p[i]);
}

/* The lengths go in too, so that no two lists of strings look alike. */
void vw_edge_hash(const struct vw_edge *e, u8 *ret, size_t len, const char *first, ...)
{
	struct vw_text t __vw_text = { 0 };
	u8 md[EVP_MAX_MD_SIZE] = { 0 };
	unsigned int n = 0;
	va_list ap;

	va_start(ap, first);
	for (const char *s = first; s; s = va_arg(ap, const char *)) {
		vw_text_printf(&t, "%zu:", strlen(s));
		vw_text_puts(&t, s);
	}
	va_end(ap);
	HMAC(EVP_sha256(), e->secret, sizeof(e->secret), (const u8 *)t.p, t.len, md, &n);
	memcpy(ret, md, len < sizeof(md) ? len : sizeof(md));
}

void vw_edge_send(struct vw_edge *e, enum vw_side side, struct vw_trunk *trunk,
		  const struct vw_endpoint *to, const struct vw_text *t)
{
	if (t->failed || !t->len || !to->family || (side == VW_WAN && !trunk))
		return;
	e->stat[VW_STAT_SENT]++;
	e->io.send(e->io.arg, side == VW_WAN ? trunk : NULL, to, t->p, t->len);
}

/* RFC 5626 3.5.1: two line ends are answered with one. */
static bool keepalive(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_endpoint *src,
		      const char *p, size_t len)
{
	if (!vw_sipline_keepalive((const u8 *)p, len))
		return false;
	e->stat[VW_STAT_KEEPALIVE]++;
	if (len == 4 && !memcmp(p, "\r\n\r\n", 4))
		e->io.send(e->io.arg, trunk, src, "\r\n", 2);
	return true;
}

/* 400 or 513 for a request that could be read halfway; never for a response or an ACK. */
static void refuse_lines(struct vw_edge *e, struct vw_trunk *trunk,
			 const struct vw_endpoint *src, const struct vw_msg *m,
			 enum vw_msg_fault fault)
{
	static const enum vw_header needed[] = {
		VW_H_VIA, VW_H_FROM, VW_H_TO, VW_H_CALL_ID, VW_H_CSEQ,
	};
	struct vw_text out __vw_text = { 0 };

	if (!strncmp(m->raw, "SIP/", 4) || !strncmp(m->raw, "ACK ", 4))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!vw_msg_line(m, needed[i]))
			return;
	/* header lines as they came: only to where they came from */
	if (fault == VW_FAULT_SIZE)
		vw_reply(m, 513, "Message Too Large", NULL, NULL, NULL, &out);
	else
		vw_reply(m, 400, "Bad Request", NULL, NULL, NULL, &out);
	vw_edge_send(e, trunk ? VW_WAN : VW_VOICE, trunk, src, &out);
}

void vw_edge_input(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_endpoint *src,
		   const char *p, size_t len)
{
	struct vw_msg *m = NULL, *lines = NULL;
	enum vw_msg_fault fault;

	e->stat[VW_STAT_RECEIVED]++;
	if (trunk && !vw_endpoint_same_addr(src, &trunk->proxy)) {
		e->stat[VW_STAT_STRANGER]++;
		return;
	}
	if (keepalive(e, trunk, src, p, len))
		return;
	fault = vw_msg_parse(p, len, &m, &lines);
	if (fault) {
		e->fault[fault]++;
		vw_debug("sip: message refused: %s", vw_fault_name(fault));
		if (lines)
			refuse_lines(e, trunk, src, lines, fault);
		vw_msg_free(lines);
	} else if (vw_msg_is_request(m)) {
		vw_request_input(e, trunk, src, m);
	} else {
		vw_response_input(e, trunk, src, m);
	}
}

/*
 * Early calls live as long as their INVITE's transaction. What else could hang
 * around is a call that nobody has spoken in for a day.
 */
static void call_tick(struct vw_edge *e, u64 now)
{
	struct vw_call *c, *next;

	for (c = LIST_FIRST(&e->calls); c; c = next) {
		bool confirmed = c->active && c->active->state == VW_CALL_CONFIRMED;
		u64 limit = confirmed ? VW_REG_MAX * 1000ull : e->conf->dialog_timeout * 1000ull;

		next = LIST_NEXT(c, list);
		if (now - c->touched < limit)
			continue;
		e->stat[VW_STAT_TIMEOUT]++;
		vw_hangup(e, c, confirmed ? "silent for a day" : "never answered");
	}
}

void vw_edge_tick(struct vw_edge *e)
{
	u64 now = vw_edge_now(e);

	vw_txn_tick(e, now);
	call_tick(e, now);
	if (now >= e->next_keep) {
		struct vw_call *c, *next;

		for (c = LIST_FIRST(&e->calls); c; c = next) {
			next = LIST_NEXT(c, list);
			vw_call_keep(e, c);
		}
		e->next_keep = now + e->conf->media_timeout * 1000ull / 8;
	}
	vw_binding_tick(e, now);
	vw_ping_tick(e, now);
}

/* As configured, or as the route to the proxy says. */
static bool find_local(const struct vw_edge *e, const struct vw_conf_trunk *conf,
		       struct vw_trunk *t)
{
	if (vw_endpoint_from_sockaddr((const struct sockaddr *)&conf->local, &t->local))
		return true;
	if (!e->io.source || !e->io.source(&t->proxy, &t->local))
		return false;
	t->local.port = 0;
	return true;
}

struct vw_trunk *vw_trunk_new(struct vw_edge *e, const struct vw_conf_trunk *conf)
{
	struct vw_trunk *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->conf = *conf;
	t->reachable = -1;
	if (vw_endpoint_from_sockaddr((const struct sockaddr *)&conf->proxy, &t->proxy) &&
	    find_local(e, conf, t)) {
		if (!t->proxy.port)
			t->proxy.port = 5060;
		if (!t->local.port)
			t->local.port = 5060;
		t->ports = vw_ports_new(&t->local, e->conf->rtp_min, e->conf->rtp_max,
					e->io.bind);
	}
	if (t->ports) {
		vw_budget_know(&e->budget, &t->proxy, true);
		return t;
	}
	free(t);
	return NULL;
}

void vw_trunk_free(struct vw_edge *e, struct vw_trunk *t)
{
	vw_budget_know(&e->budget, &t->proxy, false);
	vw_ports_free(t->ports);
	free(t);
}

static bool add_trunks(struct vw_edge *e, char *err, size_t errlen)
{
	e->trunk = calloc(e->conf->ntrunks ? e->conf->ntrunks : 1, sizeof(*e->trunk));
	if (!e->trunk)
		return false;
	for (size_t i = 0; i < e->conf->ntrunks; i++) {
		e->trunk[i] = vw_trunk_new(e, &e->conf->trunks[i]);
		if (!e->trunk[i]) {
			snprintf(err, errlen, "trunk %s: no local address or no media ports",
				 e->conf->trunks[i].name);
			return false;
		}
		e->ntrunk++;
	}
	return true;
}

static void init_tables(struct vw_edge *e)
{
	LIST_INIT(&e->txns);
	LIST_INIT(&e->calls);
	LIST_INIT(&e->bindings);
	for (int i = 0; i < VW_HASH_SIZE; i++) {
		LIST_INIT(&e->txn_hash[i]);
		LIST_INIT(&e->call_hash[i]);
		LIST_INIT(&e->binding_hash[i]);
	}
}

struct vw_edge *vw_edge_core_new(struct vw_conf *conf, const struct vw_edge_io *io, char *err,
				 size_t errlen)
{
	struct vw_edge *e = calloc(1, sizeof(*e));

	snprintf(err, errlen, "the SIP edge has no memory");
	if (!e)
		return NULL;
	vw_osip_init();
	init_tables(e);
	e->io = *io;
	e->conf = conf;
	if (!vw_endpoint_from_sockaddr((const struct sockaddr *)&conf->listen, &e->voice)) {
		snprintf(err, errlen, "voice: listen: no address for the phones to find");
		vw_edge_core_free(e);
		return NULL;
	}
	if (!e->voice.port)
		e->voice.port = 5060;
	e->ports = vw_ports_new(&e->voice, conf->rtp_min, conf->rtp_max, io->bind);
	if (e->ports)
		vw_limits_init(e);
	if (!e->ports || RAND_priv_bytes(e->secret, sizeof(e->secret)) != 1 ||
	    RAND_bytes((u8 *)&e->next_stream, sizeof(e->next_stream)) != 1 ||
	    !add_trunks(e, err, errlen)) {
		vw_edge_core_free(e);
		return NULL;
	}
	return e;
}

/* Forgets without touching the module: the calls go on. */
static void drop_calls(struct vw_edge *e)
{
	struct vw_call *c;

	while ((c = LIST_FIRST(&e->calls)))
		vw_call_forget(e, c);
}

void vw_edge_core_free(struct vw_edge *e)
{
	struct vw_binding *b;
	struct vw_txn *t;

	if (!e)
		return;
	drop_calls(e);
	while ((t = LIST_FIRST(&e->txns)))
		vw_txn_free(e, t);
	while ((b = LIST_FIRST(&e->bindings)))
		vw_binding_free(e, b);
	for (size_t i = 0; i < e->ntrunk; i++)
		vw_trunk_free(e, e->trunk[i]);
	free(e->trunk);
	vw_ports_free(e->ports);
	vw_budget_clear(&e->budget);
	vw_wipe(e->secret, sizeof(e->secret));
	free(e);
}
