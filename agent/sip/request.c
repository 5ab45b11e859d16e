// SPDX-License-Identifier: GPL-2.0-or-later
/* A request on its way through (RFC 3261, 16.3 to 16.6). */
#include <stdio.h>
#include <stdlib.h>

#include "passage.h"

void vw_pass_free(struct passage *p)
{
	vw_text_free(&p->uri);
	vw_text_free(&p->via_top);
	vw_text_free(&p->via_push);
	vw_text_free(&p->route[0]);
	vw_text_free(&p->route[1]);
	vw_text_free(&p->contact);
	vw_text_free(&p->sdp);
}

void vw_reply_now(struct vw_edge *e, enum vw_side side, struct vw_trunk *trunk,
		  const struct vw_endpoint *src, const struct vw_msg *m, int status,
		  const char *reason, const char *extra)
{
	char tag[2 * VW_KEY_LEN + 1] = "vw";
	struct vw_endpoint to = *src;
	struct vw_text out __vw_text = { 0 }, via __vw_text = { 0 };
	u8 key[VW_KEY_LEN];

	if (m->osip && m->call_id && vw_msg_via(m, 0)) {
		vw_txn_key(e, side, m, key);
		vw_hex(key, VW_KEY_LEN, tag);
		vw_via_received(vw_msg_via(m, 0), src, &via);
		to = vw_via_reply_to(vw_msg_via(m, 0), src);
	}
	vw_reply(m, status, reason, via.p, tag, extra, &out);
	vw_edge_send(e, side, trunk, &to, &out);
}

/* A request that has been here: pass it on, or answer it, as before. */
static bool repeated(struct passage *p)
{
	struct vw_txn *t = vw_txn_find(p->e, p->key, p->m->method);

	if (!t)
		return false;
	p->txn = t;
	if (p->m->method == VW_M_ACK || t->method != p->m->method)
		return false;
	if (t->answer.len)
		vw_edge_send(p->e, t->from, t->trunk, &t->reply_to, &t->answer);
	else if (t->request.len)
		vw_edge_send(p->e, vw_other(t->from), t->trunk, &t->dst, &t->request);
	return true;
}

void vw_note_name(const struct vw_sip_line *l, char **ret)
{
	free(*ret);
	*ret = l ? strndup(l->value, l->value_len) : NULL;
}

void vw_note_contact(const struct vw_msg *m, char **ret)
{
	const osip_contact_t *c = osip_list_get(&m->osip->contacts, 0);
	char *s = NULL;

	if (c && c->url && !osip_uri_to_str(c->url, &s))
		vw_set_string(ret, s);
	osip_free(s);
}

/* What a request says about its sender. */
static void note_sender(struct passage *p, struct vw_party *party)
{
	if (p->m->cseq > party->cseq || !party->cseq)
		party->cseq = p->m->cseq;
	if (p->from == VW_VOICE)
		party->addr = p->src;
	vw_note_contact(p->m, &party->target);
}

/* The recorded route of an INVITE leads back to its caller, ours not counted. */
void vw_note_routes(const struct vw_edge *e, const struct vw_msg *m, bool reverse,
			char **ret)
{
	const osip_list_t *rr = &m->osip->record_routes;
	struct vw_text t __vw_text = { 0 };
	int n = osip_list_size(rr);

	for (int i = 0; i < n; i++) {
		const osip_record_route_t *r = osip_list_get(rr, reverse ? n - 1 - i : i);
		char *s = NULL;

		if (!r->url || vw_edge_is_own_uri(e, r->url) ||
		    osip_record_route_to_str(r, &s))
			continue;
		if (t.len)
			vw_text_puts(&t, ", ");
		vw_text_puts(&t, s);
		osip_free(s);
	}
	vw_set_string(ret, t.p);
}

static bool begin_call(struct passage *p)
{
	struct vw_edge *e = p->e;
	struct vw_call *c = vw_call_lookup(e, p->from, p->m->call_id, p->m->from_tag);

	/* an attempt that is over but for its clean-up makes room */
	if (c && !c->active && LIST_EMPTY(&c->branches) && !vw_txn_of_call(e, c, VW_M_INVITE)) {
		vw_call_free(e, c);
		c = NULL;
	}
	if (c)
		return vw_pass_refuse(p, 482, "Merged Request");
	c = vw_call_new(e, p->from, p->trunk, &p->src, p->m);
	if (!c)
		return vw_pass_refuse(p, 503, "Too Many Calls");
	p->call = c;
	p->new_call = true;
	vw_note_name(vw_msg_line(p->m, VW_H_FROM), &c->party.name);
	note_sender(p, &c->party);
	if (p->from == VW_WAN) {
		vw_note_routes(e, p->m, false, &c->party.routes);
		c->callee_party.addr = p->dst;
	}
	e->stat[VW_STAT_CALLS]++;
	return true;
}

static bool carries_sdp(const struct vw_msg *m)
{
	return m->sdp && (m->method == VW_M_INVITE || m->method == VW_M_UPDATE ||
			  m->method == VW_M_PRACK || m->method == VW_M_ACK);
}

/* An INVITE without SDP asks for an offer: none must be open. */
static bool asks_for_offer(const struct passage *p)
{
	return p->m->method == VW_M_INVITE && p->branch && !p->m->sdp;
}

static bool do_sdp(struct passage *p)
{
	const char *reason;
	int err, status;

	if (!p->call || (!carries_sdp(p->m) && !asks_for_offer(p)))
		return true;
	/* it describes nothing that is open, and isn't worth a call */
	if (p->m->method == VW_M_ACK && !vw_call_awaits(p->branch, p->from, p->m)) {
		p->e->stat[VW_STAT_SDP_REFUSED]++;
		p->edit.drop_body = true;
		return true;
	}
	if (asks_for_offer(p))
		err = vw_call_glare(p->branch, p->from);
	else
		err = vw_call_sdp(p->e, p->call, p->branch, p->from, p->m, &p->sdp);
	if (!err) {
		p->edit.sdp = p->sdp.p;
		p->edit.sdp_len = p->sdp.len;
		return true;
	}
	status = vw_sdp_status(err, &reason);
	vw_notice("call %s: %s: SDP refused with %d", p->call->ref, p->m->osip->sip_method,
		  status);
	/* an answer in an ACK can't be refused, only the call be ended */
	if (p->m->method == VW_M_ACK)
		vw_hangup(p->e, p->call, "unusable answer");
	else
		vw_pass_refuse(p, status, reason);
	if (p->new_call)
		vw_call_free(p->e, p->call);
	p->call = NULL;
	return false;
}

/* The second try has used up a number that the caller doesn't know of. */
void vw_pass_shift(struct passage *p)
{
	const struct vw_call *c = p->call;
	const struct vw_sip_line *rack = vw_msg_line(p->m, VW_H_RACK);
	u32 seq, cseq;

	if (!c || !c->shift || p->from != c->from)
		return;
	p->edit.new_cseq = true;
	p->edit.cseq = p->m->cseq + c->shift;
	/* the message ends with NUL, and a number at its line's end */
	if (rack && sscanf(rack->value, "%u %u", &seq, &cseq) == 2) {
		p->edit.new_rack = true;
		p->edit.rack = cseq + c->shift;
	}
}

/* An INVITE may have to be answered from here, or be sent once more. */
static bool keeps_message(const struct vw_msg *m)
{
	return m->method == VW_M_INVITE || m->method == VW_M_REGISTER;
}

/* A transaction with all its text; an answer made here is shorter than its request. */
static struct vw_txn *new_txn(struct passage *p, const struct vw_text *out)
{
	struct vw_txn *t = vw_txn_new(p->e, &p->src, p->key, p->m->method);

	if (!t)
		return NULL;
	vw_set_string(&t->via_top, p->via_top.p);
	vw_text_add(&t->request, out->p, out->len);
	if (vw_txn_keep(p->e, t, t->request.cap + p->via_top.len +
			(keeps_message(p->m) ? p->m->cost + p->m->len : 0)))
		return t;
	vw_txn_free(p->e, t);
	return NULL;
}

static bool remember(struct passage *p, const struct vw_text *out)
{
	struct vw_txn *t;

	if (p->m->method == VW_M_ACK)
		return true;
	t = new_txn(p, out);
	if (!t)
		return vw_pass_refuse(p, 503, "Too Many Transactions");
	t->from = p->from;
	t->trunk = p->trunk;
	t->cseq = p->m->cseq;
	t->reply_to = vw_via_reply_to(vw_msg_via(p->m, 0), &p->src);
	t->dst = p->dst;
	t->call = p->call;
	t->branch = p->branch;
	t->sent = vw_edge_now(p->e);
	if (p->call && p->m->method == VW_M_BYE)
		p->call->bye = t;
	if (keeps_message(p->m)) {
		t->msg = p->m;
		p->m = NULL;
	}
	return true;
}

void vw_pass_write(struct passage *p, struct vw_text *out)
{
	unsigned int try = p->txn && p->txn->method == VW_M_INVITE ? p->txn->try : 0;

	if (!p->via_top.len)
		vw_via_received(vw_msg_via(p->m, 0), &p->src, &p->via_top);
	vw_txn_via(p->e, p->key, try, vw_other(p->from), p->trunk, &p->via_push);
	p->edit.via_top = p->via_top.p;
	p->edit.via_push = p->via_push.p;
	p->e->stat[VW_STAT_SDP_REFUSED] += vw_edit_strip(p->m, &p->edit);
	vw_rewrite(p->m, &p->edit, out);
}

static bool send_on(struct passage *p)
{
	struct vw_text out __vw_text = { 0 };
	bool ok;

	vw_pass_write(p, &out);
	if (out.failed)
		return vw_pass_refuse(p, 503, "Out of Memory");
	ok = remember(p, &out);
	/* an ACK or PRACK may bring the answer */
	vw_call_save(p->e, p->call);
	if (ok)
		vw_edge_send(p->e, vw_other(p->from), p->trunk, &p->dst, &out);
	return ok;
}

/* To us, and not for a phone behind us. */
static bool is_for_us(struct passage *p)
{
	const osip_uri_t *uri = p->m->osip->req_uri;

	return p->m->method == VW_M_OPTIONS && !p->m->to_tag[0] && vw_edge_is_own_uri(p->e, uri) &&
	       !vw_binding_of_uri(p->e, p->trunk, uri);
}

/*
 * A CANCEL, or the ACK of a failure, goes where its INVITE went, and comes from where
 * that came from: who is called sees the Vias, and could end the call for others too.
 */
static bool follow_invite(struct passage *p)
{
	struct vw_txn *t = p->txn;

	if (!vw_endpoint_same_addr(&t->source, &p->src)) {
		p->e->stat[VW_STAT_STRANGER]++;
		return vw_pass_refuse(p, 481, "Call/Transaction Does Not Exist");
	}
	p->trunk = t->trunk;
	p->dst = t->dst;
	p->call = t->call;
	if (p->m->method == VW_M_ACK) {
		t->again = 0;
		if (t->answer.len)
			return false;
	} else if (t->answer.len || t->status >= 200) {
		vw_reply_now(p->e, p->from, p->trunk, &p->src, p->m, 200, "OK", NULL);
		return false;
	} else {
		t->cancelled = true;
	}
	if (p->from == VW_WAN && t->msg) {
		struct vw_binding *b = vw_binding_of_uri(p->e, p->trunk, p->m->osip->req_uri);

		if (b) {
			vw_text_puts(&p->uri, b->contact);
			p->edit.uri = p->uri.p;
		}
	}
	vw_pass_strip(p);
	vw_pass_shift(p);
	return send_on(p);
}

static bool do_register(struct passage *p)
{
	int status;

	if (p->m->method != VW_M_REGISTER)
		return true;
	if (p->from == VW_WAN)
		return vw_pass_refuse(p, 403, "Forbidden");
	if (!vw_register_request(p->e, p->trunk, p->m, &p->src, &p->contact, &status))
		return vw_pass_refuse(p, status, status == 503 ? "Too Many Registrations" :
			      "Bad Contact");
	p->edit.contact = p->contact.p;
	return true;
}

/* In a dialog: who speaks, and what it means for the call. */
static void do_dialog(struct passage *p)
{
	struct vw_branch *b = p->branch;

	if (!b)
		return;
	note_sender(p, &b->party[p->from]);
	p->call->touched = vw_edge_now(p->e);
	vw_call_weigh(p->e, p->call);
	p->e->dirty = true;
}

static bool do_call(struct passage *p)
{
	const struct vw_msg *m = p->m;

	if (m->method == VW_M_INVITE && !m->to_tag[0] && !begin_call(p))
		return false;
	/* SDP of a dialog that isn't known would pass unseen */
	if (!p->call && (carries_sdp(m) || m->method == VW_M_INVITE)) {
		p->e->stat[VW_STAT_STRAY]++;
		return vw_pass_refuse(p, 481, "Call/Transaction Does Not Exist");
	}
	do_dialog(p);
	vw_pass_shift(p);
	/* the one that could have closed an offer */
	if (m->method == VW_M_ACK && !m->sdp && p->branch)
		vw_call_offer_failed(p->e, p->call, p->branch, p->from, m->cseq);
	return do_sdp(p);
}

/*
 * The ACK of a 2xx has a branch of its own, but not with every phone; it may carry
 * an answer, so it must not go the way of the INVITE.
 */
static bool acks_success(const struct passage *p)
{
	return p->m->method == VW_M_ACK && !p->txn->answer.len && p->txn->status < 300;
}

/* Call-ID and tags are no secret to everybody: a dialog is for its two ends only. */
static bool is_party(const struct passage *p)
{
	const struct vw_endpoint *phone = &p->branch->party[VW_VOICE].addr;

	/* the peer of a trunk may have moved, with a new configuration */
	if (p->from == VW_WAN)
		return vw_endpoint_same_addr(&p->call->trunk->proxy, &p->src) ||
		       (p->call->trunk->gone &&
			!strcmp(p->call->trunk->conf.name, p->trunk->conf.name));
	return !phone->family || vw_endpoint_same_addr(phone, &p->src);
}

/* What the request has begun, but can't go on with. */
static void take_back(struct passage *p)
{
	if (p->new_call)
		vw_call_free(p->e, p->call);
	else if (p->branch)
		vw_call_offer_failed(p->e, p->call, p->branch, p->from, p->m->cseq);
}

static void pass(struct passage *p)
{
	struct vw_msg *m = p->m;

	if (!vw_pass_hops(p))
		return;
	vw_txn_key(p->e, p->from, m, p->key);
	if (repeated(p))
		return;
	if ((m->method == VW_M_CANCEL || m->method == VW_M_ACK) && p->txn &&
	    p->txn->method == VW_M_INVITE && !acks_success(p)) {
		follow_invite(p);
		return;
	}
	if (m->method == VW_M_CANCEL) {
		struct vw_txn *t = vw_txn_find(p->e, p->key, VW_M_INVITE);

		p->txn = t;
		if (t)
			follow_invite(p);
		else
			vw_pass_refuse(p, 481, "Call/Transaction Does Not Exist");
		return;
	}
	if (is_for_us(p)) {
		vw_pass_refuse(p, 200, "OK");
		return;
	}
	if (m->to_tag[0])
		p->call = vw_call_find(p->e, p->from, m, &p->branch);
	if (p->call && !is_party(p)) {
		p->e->stat[VW_STAT_STRANGER]++;
		vw_pass_refuse(p, 481, "Call/Transaction Does Not Exist");
		return;
	}
	vw_pass_strip(p);
	if (!vw_pass_target(p) || !do_register(p) || !do_call(p))
		return;
	vw_pass_record(p);
	if (!send_on(p))
		take_back(p);
}

/**
 * vw_request_input - take a request
 * @e: the edge
 * @trunk: where it came from; NULL: a phone
 * @src: who sent it
 * @m: the request; it is taken over
 */
void vw_request_input(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_endpoint *src,
		      struct vw_msg *m)
{
	struct passage p = {
		.e = e, .from = trunk ? VW_WAN : VW_VOICE, .trunk = trunk, .src = *src, .m = m,
	};

	pass(&p);
	vw_msg_free(p.m);
	vw_pass_free(&p);
}
