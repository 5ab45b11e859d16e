// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * media = srtp-preferred: when the far side won't have SRTP, the INVITE is sent
 * a second time with plain RTP. It takes the next CSeq, since the far side would
 * take the same one for a merged request (RFC 3261, 8.2.2.2); from then on the
 * caller's numbers are shifted by one.
 */
#include "passage.h"

static void forget_first_try(struct vw_edge *e, struct vw_call *c)
{
	struct vw_branch *b;

	while ((b = LIST_FIRST(&c->branches)))
		vw_branch_free(e, c, b);
	vw_pact_free(c->offer);
	c->offer = NULL;
	vw_call_apply(e, c);
	vw_call_sweep_ports(e, c);
	c->fell_back = true;
	c->shift++;
}

static bool prepare(struct passage *p)
{
	if (!vw_pass_hops(p))
		return false;
	vw_pass_strip(p);
	if (!vw_pass_target(p))
		return false;
	vw_pass_record(p);
	vw_pass_shift(p);
	if (!p->m->sdp)
		return true;
	if (vw_call_sdp(p->e, p->call, NULL, p->from, p->m, &p->sdp))
		return false;
	p->edit.sdp = p->sdp.p;
	p->edit.sdp_len = p->sdp.len;
	return true;
}

bool vw_fall_back(struct vw_edge *e, struct vw_txn *t)
{
	struct passage p = {
		.e = e, .from = t->from, .trunk = t->trunk, .src = t->reply_to, .m = t->msg,
		.txn = t, .call = t->call,
	};
	struct vw_text out __vw_text = { 0 };
	bool ok;

	forget_first_try(e, t->call);
	memcpy(p.key, t->key, VW_KEY_LEN);
	t->try = 2;
	vw_text_puts(&p.via_top, t->via_top);
	ok = prepare(&p);
	if (ok)
		vw_pass_write(&p, &out);
	ok = ok && !out.failed;
	if (ok) {
		e->stat[VW_STAT_FALLBACK]++;
		vw_warn("call %s: trunk %s refuses SRTP; going on with plain RTP", t->call->ref,
			t->trunk->conf.name);
		vw_text_free(&t->request);
		vw_text_add(&t->request, out.p, out.len);
		t->status = 0;
		vw_edge_send(e, vw_other(t->from), t->trunk, &t->dst, &t->request);
		vw_txn_repeat(e, t);
	}
	vw_pass_free(&p);
	return ok;
}
