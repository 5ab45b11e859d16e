// SPDX-License-Identifier: GPL-2.0-or-later
/* A response on its way back (RFC 3261, 16.7 and 16.11). */
#include "edge_priv.h"

static bool is_final(const struct vw_msg *m)
{
	return m->status >= 200;
}

/* "488", "606" and the like: the far side won't have this kind of media. */
static bool refuses_media(int status)
{
	return status == 488 || status == 606 || status == 415 || status == 406;
}

static void send_back(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m,
		      struct vw_edit *edit)
{
	struct vw_text out __vw_text = { 0 };
	const struct vw_call *c = t->call;

	edit->via_drop = 1;
	if (c && c->shift && t->from == c->from) {
		edit->new_cseq = true;
		edit->cseq = t->cseq;
	}
	e->stat[VW_STAT_SDP_REFUSED] += vw_edit_strip(m, edit);
	vw_rewrite(m, edit, &out);
	/* from here on the far ends count on it */
	vw_call_save(e, t->call);
	if (!out.failed)
		vw_edge_send(e, t->from, t->trunk, &t->reply_to, &out);
}

/* What a response says about who answers. */
static void note_callee(struct vw_edge *e, struct vw_call *c, struct vw_branch *b,
			struct vw_txn *t, const struct vw_msg *m, const struct vw_endpoint *src)
{
	enum vw_side side = vw_other(t->from);
	struct vw_party *party = &b->party[side];

	vw_note_contact(m, &party->target);
	if (side == VW_VOICE)
		party->addr = *src;
	if (t->branch)
		return;
	vw_note_name(vw_msg_line(m, VW_H_TO), &party->name);
	if (c->from == VW_VOICE)
		vw_note_routes(e, m, true, &party->routes);
}

static bool is_preferred(const struct vw_call *c)
{
	return c->trunk->conf.media == VW_MEDIA_SRTP_PREFERRED && c->from == VW_VOICE &&
	       !c->fell_back && !c->active;
}

/* An answer that can't be used. False: the response isn't passed on. */
static bool refuse_answer(struct vw_edge *e, struct vw_call *c, struct vw_txn *t,
			  const struct vw_msg *m, int err, struct vw_edit *edit)
{
	const char *reason;
	int status = vw_sdp_status(err == -EBADMSG ? -EACCES : err, &reason);

	vw_notice("call %s: %s refuses protected media or answers badly: %d", c->ref,
		  t->from == VW_VOICE ? c->trunk->conf.name : "the phone", status);
	if (!is_final(m))
		return false;
	if (t->method != VW_M_INVITE) {
		edit->status = status;
		edit->reason = reason;
		edit->sdp = "";
		return true;
	}
	vw_reject_answer(e, c, t, m);
	if (err == -EACCES && !t->branch && is_preferred(c) && !t->cancelled &&
	    vw_fall_back(e, t))
		return false;
	vw_txn_answer(e, t, status, reason);
	if (t->branch)
		vw_hangup(e, c, "unusable answer");
	else
		vw_call_free(e, c);
	return false;
}

/*
 * A first success makes the call; what else rang is over for the media.
 * Return: 0, or -errno: its media can't be carried.
 */
static int confirm(struct vw_edge *e, struct vw_call *c, struct vw_branch *b)
{
	struct vw_branch *other, *next;
	int err;

	if (b->state == VW_CALL_CONFIRMED)
		return 0;
	b->state = VW_CALL_CONFIRMED;
	vw_call_give(e, c, VW_GOOD_EARLY, 1);
	for (other = LIST_FIRST(&c->branches); other; other = next) {
		next = LIST_NEXT(other, list);
		if (other->state == VW_CALL_EARLY)
			vw_branch_free(e, c, other);
	}
	vw_pact_free(c->offer);
	c->offer = NULL;
	if (c->active != b && (!c->active || c->active->state != VW_CALL_CONFIRMED))
		c->active = b;
	err = vw_call_apply(e, c);
	vw_call_sweep_ports(e, c);
	if (!err) {
		vw_call_answered(e, c);
		vw_info("call %s: answered", c->ref);
	}
	return err;
}

/* False: the response isn't passed on. */
static bool progress(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m,
		     const struct vw_endpoint *src, struct vw_text *sdp, struct vw_edit *edit)
{
	struct vw_call *c = t->call;
	struct vw_branch *b = t->branch;
	int err = 0;

	if (!b)
		b = vw_call_branch(e, c, m->to_tag, true);
	if (!b)
		return !m->sdp;
	note_callee(e, c, b, t, m, src);
	if (m->sdp) {
		err = vw_call_sdp(e, c, b, vw_other(t->from), m, sdp);
		if (err)
			return refuse_answer(e, c, t, m, err, edit);
		edit->sdp = sdp->p;
		edit->sdp_len = sdp->len;
	}
	/* an offer that a success leaves unanswered is over */
	if (is_final(m) && !m->sdp)
		vw_call_offer_failed(e, c, b, t->from, t->cseq);
	if (t->method == VW_M_INVITE && is_final(m))
		err = confirm(e, c, b);
	return err ? refuse_answer(e, c, t, m, err, edit) : true;
}

/* An INVITE has failed. False: the response isn't passed on. */
static bool invite_failed(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m)
{
	struct vw_call *c = t->call;

	if (t->branch) {
		vw_call_offer_failed(e, c, t->branch, t->from, t->cseq);
		return true;
	}
	if (refuses_media(m->status) && is_preferred(c) && !t->cancelled) {
		vw_ack_failure(e, t, m);
		if (vw_fall_back(e, t))
			return false;
		vw_txn_answer(e, t, 488, "Not Acceptable Here");
		vw_call_free(e, c);
		return false;
	}
	vw_info("call %s: failed with %d", c->ref, m->status);
	vw_call_free(e, c);
	return true;
}

static bool ends_dialog(int status)
{
	return (status >= 200 && status < 300) || status == 481 || status == 408;
}

void vw_bye_done(struct vw_edge *e, struct vw_txn *t)
{
	struct vw_call *c = t->call;

	if (t->branch)
		vw_branch_free(e, c, t->branch);
	if (LIST_EMPTY(&c->branches)) {
		vw_info("call %s: ended", c->ref);
		vw_call_free(e, c);
		return;
	}
	/* two branches had answered: the other one has the media now */
	if (!c->active)
		c->active = LIST_FIRST(&c->branches);
	vw_call_apply(e, c);
	vw_call_sweep_ports(e, c);
}

/* What a response means for its call. False: it isn't passed on. */
static bool do_call(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m,
		    const struct vw_endpoint *src, struct vw_text *sdp, struct vw_edit *edit)
{
	struct vw_call *c = t->call;
	bool offers = t->method == VW_M_INVITE || t->method == VW_M_UPDATE ||
		      t->method == VW_M_PRACK;

	if (!c)
		return !(m->sdp && offers);
	c->touched = vw_edge_now(e);
	e->dirty = true;
	if (t->method == VW_M_BYE && is_final(m) && ends_dialog(m->status))
		vw_bye_done(e, t);
	if (!offers || m->status == 100)
		return true;
	if (m->status < 300)
		return progress(e, t, m, src, sdp, edit);
	if (t->method == VW_M_INVITE)
		return invite_failed(e, t, m);
	if (t->branch)
		vw_call_offer_failed(e, c, t->branch, t->from, t->cseq);
	return true;
}

static void age(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m)
{
	u64 now = vw_edge_now(e);

	t->again = 0;
	if (is_final(m)) {
		t->status = m->status;
		t->expires = now + VW_TXN_MS;
	} else if (t->method == VW_M_INVITE) {
		/* longer than the call waits, so that it can still be cancelled */
		t->expires = now + e->conf->dialog_timeout * 1000ull + VW_TXN_MS;
	}
}

/* We have answered already; what comes now is only put to rest. */
static void too_late(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m)
{
	if (t->method != VW_M_INVITE || !is_final(m))
		return;
	if (m->status < 300)
		vw_reject_answer(e, NULL, t, m);
	else
		vw_ack_failure(e, t, m);
}

static void own_answered(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m)
{
	if (!is_final(m))
		return;
	t->again = 0;
	t->status = m->status;
	if (t->method == VW_M_OPTIONS)
		vw_ping_answered(e, t);
	/* a BYE stays for a while, so that no second one is sent to the same dialog */
	if (t->method != VW_M_BYE)
		vw_txn_free(e, t);
}

/*
 * The answer of a dialog that nobody waits for: another branch has won, or its
 * caller said BYE while it was on the way (RFC 3261, 13.2.2.4 and 15).
 */
static bool is_unwanted(struct vw_edge *e, const struct vw_txn *t, const struct vw_msg *m)
{
	const struct vw_branch *b;

	if (t->method != VW_M_INVITE || m->status / 100 != 2)
		return false;
	if (!t->call)
		return true;
	if (t->branch || t->status / 100 != 2)
		return false;
	b = vw_call_branch(e, t->call, m->to_tag, false);
	return !b || b->state != VW_CALL_CONFIRMED;
}

static void put_to_rest(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m)
{
	vw_reject_answer(e, NULL, t, m);
	if (!t->status)
		vw_txn_answer(e, t, 487, "Request Terminated");
}

static void pass_back(struct vw_edge *e, struct vw_txn *t, struct vw_msg *m,
		      const struct vw_endpoint *src)
{
	struct vw_text sdp __vw_text = { 0 }, contact __vw_text = { 0 };
	struct vw_edit edit = { 0 };
	u32 shift = t->call && t->from == t->call->from ? t->call->shift : 0;
	bool pass;

	/* a straggler of the first try must not end the second */
	if (t->method == VW_M_INVITE && m->cseq != t->cseq + shift) {
		if (m->status >= 300)
			vw_ack_failure(e, t, m);
		else if (is_final(m))
			vw_reject_answer(e, NULL, t, m);
		return;
	}
	if (is_unwanted(e, t, m)) {
		put_to_rest(e, t, m);
		return;
	}
	/* one branch has answered: what another one says later begins and ends nothing */
	if (t->method == VW_M_INVITE && t->status / 100 == 2 && m->status / 100 != 2) {
		if (is_final(m))
			vw_ack_failure(e, t, m);
		return;
	}
	age(e, t, m);
	if (shift) {
		edit.new_cseq = true;
		edit.cseq = t->cseq;
		m->cseq = t->cseq;
	}
	pass = do_call(e, t, m, src, &sdp, &edit);
	if (!pass)
		return;
	if (t->method == VW_M_REGISTER && is_final(m)) {
		vw_register_response(e, t, m, &contact);
		edit.contact = contact.len ? contact.p : NULL;
	}
	/* a refused offer is told in the words of RFC 3264 */
	if (m->status == 606 && t->method == VW_M_INVITE) {
		edit.status = 488;
		edit.reason = "Not Acceptable Here";
	}
	send_back(e, t, m, &edit);
}

static void note_alive(struct vw_edge *e, struct vw_trunk *trunk)
{
	trunk->answered = vw_edge_now(e);
	trunk->answered_at = time(NULL);
	trunk->reachable = 1;
}

/*
 * The transaction isn't known, as after a restart: the next Via says where to,
 * as long as nothing in the response would have to be changed.
 */
static void pass_stateless(struct vw_edge *e, struct vw_trunk *from, const struct vw_msg *m)
{
	struct vw_text out __vw_text = { 0 };
	struct vw_edit edit = { .via_drop = 1 };
	const osip_via_t *next = vw_msg_via(m, 1);
	struct vw_trunk *trunk = from;
	struct vw_endpoint to;

	/* else whoever can forge an address could make us send anywhere */
	if (!next || m->sdp || !vw_via_target(next, &to) ||
	    !vw_txn_was_ours(e, from ? VW_VOICE : VW_WAN, m)) {
		e->stat[VW_STAT_STRAY]++;
		return;
	}
	for (size_t i = 0; !from && i < e->ntrunk; i++)
		if (vw_endpoint_same_addr(&e->trunk[i]->proxy, &to))
			trunk = e->trunk[i];
	if (!trunk) {
		e->stat[VW_STAT_STRAY]++;
		return;
	}
	if (from)
		note_alive(e, from);
	vw_rewrite(m, &edit, &out);
	vw_edge_send(e, from ? VW_VOICE : VW_WAN, trunk, &to, &out);
}

/*
 * Branches are hard to guess, but other phones see them in passing: an answer comes
 * from where the question went. Its port may be another one.
 */
static bool is_asked(const struct vw_txn *t, const struct vw_trunk *trunk,
		     const struct vw_endpoint *src)
{
	/* two trunks may have one proxy: before and after a reload */
	return vw_endpoint_same_addr(trunk ? &t->trunk->proxy : &t->dst, src);
}

/* The transaction went with a restart: any phone that has spoken with us will do. */
static bool is_phone(struct vw_edge *e, const struct vw_endpoint *src, const struct vw_msg *m)
{
	struct vw_branch *b = NULL;
	const struct vw_binding *i;

	if (vw_call_find(e, VW_WAN, m, &b) &&
	    vw_endpoint_same_addr(&b->party[VW_VOICE].addr, src))
		return true;
	LIST_FOREACH(i, &e->bindings, list)
		if (vw_endpoint_same_addr(&i->addr, src))
			return true;
	return false;
}

/**
 * vw_response_input - take a response
 * @e: the edge
 * @trunk: where it came from; NULL: a phone
 * @src: who sent it
 * @m: the response; it is taken over
 */
void vw_response_input(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_endpoint *src,
		       struct vw_msg *m)
{
	enum vw_side side = trunk ? VW_WAN : VW_VOICE;
	u8 key[VW_KEY_LEN];
	struct vw_txn *t;

	if (!vw_txn_key_of(vw_msg_via(m, 0), key)) {
		e->stat[VW_STAT_STRAY]++;
		vw_msg_free(m);
		return;
	}
	t = vw_txn_find(e, key, m->method);
	if (t && trunk && is_asked(t, trunk, src))
		note_alive(e, trunk);
	if (t ? !is_asked(t, trunk, src) : !trunk && !is_phone(e, src, m))
		e->stat[VW_STAT_STRANGER]++;
	else if (!t)
		pass_stateless(e, trunk, m);
	else if (t->from == side || t->method != m->method)
		e->stat[VW_STAT_STRAY]++;
	else if (t->own)
		own_answered(e, t, m);
	else if (t->answer.len)
		too_late(e, t, m);
	else
		pass_back(e, t, m, src);
	vw_msg_free(m);
}
