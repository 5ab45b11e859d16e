// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests that the edge makes itself: BYE, ACK, CANCEL and the ping. */
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#include "edge_priv.h"

#define PING_EVERY_MS	30000u

/* A transaction of our own, with a Via nobody can guess. @key NULL: a random one. */
static struct vw_txn *own_txn(struct vw_edge *e, const u8 *key, enum vw_side to,
			      struct vw_trunk *trunk, enum vw_method method)
{
	u8 random[VW_KEY_LEN];
	struct vw_txn *t;

	if (!key && RAND_bytes(random, sizeof(random)) != 1)
		return NULL;
	t = vw_txn_new(e, NULL, key ? key : random, method);
	if (!t)
		return NULL;
	if (!vw_txn_keep(e, t, VW_OWN_BYTES)) {
		vw_txn_free(e, t);
		return NULL;
	}
	t->own = true;
	t->from = vw_other(to);
	t->trunk = trunk;
	return t;
}

static void start(struct vw_text *out, const struct vw_edge *e, const struct vw_txn *t,
		  const char *method, const char *uri)
{
	vw_text_printf(out, "%s %s SIP/2.0\r\nVia: ", method, uri);
	vw_txn_via(e, t->key, 0, vw_other(t->from), t->trunk, out);
	vw_text_puts(out, "\r\nMax-Forwards: 70\r\n");
}

/* The common end of a request inside a dialog: @to is addressed as its peer would. */
static bool dialog_lines(struct vw_text *out, const struct vw_call *c,
			 const struct vw_branch *b, enum vw_side to, u32 cseq,
			 const char *method)
{
	const struct vw_party *them = &b->party[to], *us = &b->party[vw_other(to)];

	if (!them->name || !us->name)
		return false;
	if (them->routes)
		vw_text_printf(out, "Route: %s\r\n", them->routes);
	vw_text_printf(out, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n", us->name,
		       them->name, c->call_id, cseq, method);
	vw_text_puts(out, "Content-Length: 0\r\n\r\n");
	return !out->failed;
}

static struct vw_endpoint towards(const struct vw_call *c, const struct vw_branch *b,
				  enum vw_side to)
{
	return to == VW_WAN ? c->trunk->proxy : b->party[VW_VOICE].addr;
}

static u32 next_cseq(const struct vw_call *c, const struct vw_branch *b, enum vw_side to)
{
	enum vw_side us = vw_other(to);

	return b->party[us].cseq + (us == c->from ? c->shift : 0) + 1;
}

static void send_bye(struct vw_edge *e, const u8 *key, struct vw_call *c, struct vw_branch *b,
		     enum vw_side to)
{
	struct vw_endpoint dst = towards(c, b, to);
	struct vw_txn *t;

	if (!b->party[to].target || !dst.family)
		return;
	t = own_txn(e, key, to, c->trunk, VW_M_BYE);
	if (!t)
		return;
	t->dst = dst;
	start(&t->request, e, t, "BYE", b->party[to].target);
	if (!dialog_lines(&t->request, c, b, to, next_cseq(c, b, to), "BYE")) {
		vw_txn_free(e, t);
		return;
	}
	vw_edge_send(e, to, c->trunk, &t->dst, &t->request);
	vw_txn_repeat(e, t);
}

/* The CANCEL of a forwarded INVITE: its own Via, request line and route (9.1). */
static void send_follower(struct vw_edge *e, struct vw_txn *t, const char *method,
			  const struct vw_sip_line *to, struct vw_text *out)
{
	struct vw_msg *m = NULL;
	const struct vw_sip_line *via;
	const char *uri, *eol;

	if (vw_msg_parse(t->request.p, t->request.len, &m, NULL))
		return;
	via = vw_msg_line(m, VW_H_VIA);
	uri = memchr(m->raw, ' ', m->len);
	eol = memmem(m->raw, m->len, "\r\n", 2);
	vw_text_puts(out, method);
	vw_text_add(out, uri, (size_t)(eol + 2 - uri));
	vw_text_add(out, via->p, via->len);
	vw_text_puts(out, "Max-Forwards: 70\r\n");
	for (int i = 0; i < m->nline; i++) {
		const struct vw_sip_line *l = &m->line[i];

		if (l->id == VW_H_TO && to)
			l = to;
		if (l->id == VW_H_ROUTE || l->id == VW_H_FROM || l->id == VW_H_TO ||
		    l->id == VW_H_CALL_ID)
			vw_text_add(out, l->p, l->len);
	}
	vw_text_printf(out, "CSeq: %u %s\r\nContent-Length: 0\r\n\r\n", m->cseq, method);
	vw_msg_free(m);
	if (!out->failed)
		vw_edge_send(e, vw_other(t->from), t->trunk, &t->dst, out);
}

void vw_ack_failure(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m)
{
	struct vw_text out __vw_text = { 0 };

	send_follower(e, t, "ACK", vw_msg_line(m, VW_H_TO), &out);
}

/* Nobody waits for the answer of an INVITE any more. */
static void send_cancel(struct vw_edge *e, struct vw_txn *t)
{
	struct vw_txn *cancel = vw_txn_new(e, NULL, t->key, VW_M_CANCEL);

	if (!cancel)
		return;
	if (!vw_txn_keep(e, cancel, t->request.cap)) {
		vw_txn_free(e, cancel);
		return;
	}
	cancel->own = true;
	cancel->from = t->from;
	cancel->trunk = t->trunk;
	cancel->dst = t->dst;
	send_follower(e, t, "CANCEL", NULL, &cancel->request);
	vw_txn_repeat(e, cancel);
}

/* A dialog out of a 200, good enough to end it. */
static bool dialog_of(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m, u32 cseq,
		      struct vw_branch *b)
{
	enum vw_side to = vw_other(t->from);

	vw_note_name(vw_msg_line(m, VW_H_TO), &b->party[to].name);
	vw_note_name(vw_msg_line(m, VW_H_FROM), &b->party[t->from].name);
	vw_note_contact(m, &b->party[to].target);
	vw_note_routes(e, m, true, &b->party[to].routes);
	b->party[t->from].cseq = cseq;
	b->party[VW_VOICE].addr = t->dst;
	return b->party[to].target && b->party[to].name && b->party[t->from].name;
}

/* Each time its 200 comes again, the same one: what was said once isn't said twice. */
static void bye_once(struct vw_edge *e, struct vw_call *c, struct vw_branch *b,
		     const struct vw_txn *t, const char *tag)
{
	char invite[2 * VW_KEY_LEN + 1];
	u8 key[VW_KEY_LEN];

	vw_hex(t->key, VW_KEY_LEN, invite);
	vw_edge_hash(e, key, sizeof(key), "bye", invite, tag, NULL);
	if (!vw_txn_find(e, key, VW_M_BYE))
		send_bye(e, key, c, b, vw_other(t->from));
}

void vw_reject_answer(struct vw_edge *e, struct vw_call *c, struct vw_txn *t,
		      const struct vw_msg *m)
{
	struct vw_call call = { .trunk = t->trunk, .from = t->from };
	struct vw_branch b = { .tag = NULL };
	struct vw_text ack __vw_text = { 0 };
	enum vw_side to = vw_other(t->from);
	struct vw_txn via = { .from = t->from, .trunk = t->trunk };
	/* as the far side counts: @m->cseq may have been shifted back */
	u32 cseq = (u32)strtoul(m->osip->cseq->number, NULL, 10);

	call.call_id = m->call_id;
	if (dialog_of(e, t, m, cseq, &b) && RAND_bytes(via.key, sizeof(via.key)) == 1) {
		start(&ack, e, &via, "ACK", b.party[to].target);
		if (dialog_lines(&ack, &call, &b, to, cseq, "ACK"))
			vw_edge_send(e, to, t->trunk, &t->dst, &ack);
		/* inside an older dialog the call's own BYE follows */
		if (!c || !t->branch)
			bye_once(e, &call, &b, t, m->to_tag);
	}
	vw_party_free(&b.party[VW_VOICE]);
	vw_party_free(&b.party[VW_WAN]);
}

static void stop_invites(struct vw_edge *e, struct vw_call *c, int status, const char *reason)
{
	struct vw_txn *t;

	LIST_FOREACH(t, &e->txns, list) {
		if (t->call != c || t->method != VW_M_INVITE || t->status || t->own)
			continue;
		send_cancel(e, t);
		vw_txn_answer(e, t, status, reason);
	}
}

void vw_hangup(struct vw_edge *e, struct vw_call *c, const char *why)
{
	struct vw_branch *b;

	vw_notice("call %s: ended here: %s", c->ref, why);
	stop_invites(e, c, 408, "Request Timeout");
	LIST_FOREACH(b, &c->branches, list) {
		if (b->state != VW_CALL_CONFIRMED)
			continue;
		send_bye(e, NULL, c, b, VW_VOICE);
		send_bye(e, NULL, c, b, VW_WAN);
	}
	vw_call_free(e, c);
}

static void ping(struct vw_edge *e, struct vw_trunk *trunk, u64 now)
{
	struct vw_txn *t = own_txn(e, NULL, VW_WAN, trunk, VW_M_OPTIONS);
	char proxy[VW_ENDPOINT_LEN], local[VW_ENDPOINT_LEN], uri[VW_ENDPOINT_LEN + 8];
	char tag[2 * VW_KEY_LEN + 1];

	if (!t)
		return;
	trunk->next_ping = now + PING_EVERY_MS;
	t->dst = trunk->proxy;
	vw_hex(t->key, VW_KEY_LEN, tag);
	vw_endpoint_text(&trunk->proxy, proxy);
	vw_endpoint_text(&trunk->local, local);
	snprintf(uri, sizeof(uri), "sip:%s", proxy);
	start(&t->request, e, t, "OPTIONS", uri);
	vw_text_printf(&t->request, "From: <sip:voxwall@%s>;tag=%.16s\r\nTo: <%s>\r\n"
		       "Call-ID: %s@%s\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
		       local, tag, uri, tag + 16, local);
	vw_edge_send(e, VW_WAN, trunk, &t->dst, &t->request);
	vw_txn_repeat(e, t);
}

void vw_ping_answered(struct vw_edge *e, struct vw_txn *t)
{
	t->trunk->rtt = vw_edge_now(e) - t->sent;
}

void vw_ping_tick(struct vw_edge *e, u64 now)
{
	for (size_t i = 0; i < e->ntrunk; i++) {
		struct vw_trunk *t = e->trunk[i];

		if (!t->gone && now >= t->next_ping)
			ping(e, t, now);
	}
}
