// SPDX-License-Identifier: GPL-2.0-or-later
/* What SDP in a call's messages means, and what follows from it. */
#include <openssl/sha.h>

#include "edge_priv.h"

struct port_taker {
	struct vw_edge *e;
	struct vw_call *c;
};

static u16 take_port(void *arg, enum vw_side side)
{
	struct port_taker *pt = arg;
	struct vw_call *c = pt->c;
	u16 port;

	/* each stream has a pair on both sides: one of them is enough to count */
	if (c->nport == VW_CALL_PORTS ||
	    (side == VW_VOICE && !vw_call_take(pt->e, c, VW_GOOD_PORTS, 1)))
		return 0;
	port = vw_ports_take(side == VW_VOICE ? pt->e->ports : c->trunk->ports,
			     vw_edge_now(pt->e), c);
	if (port)
		c->port[c->nport++] = (struct vw_held_port){ side, port };
	else if (side == VW_VOICE)
		vw_call_give(pt->e, c, VW_GOOD_PORTS, 1);
	return port;
}

static struct vw_media_env media_env(struct port_taker *pt)
{
	const struct vw_trunk *t = pt->c->trunk;

	return (struct vw_media_env){
		.addr = { pt->e->voice, t->local },
		.policy = t->conf.media,
		.suites = t->conf.suites,
		.nsuites = t->conf.nsuites,
		.clear = pt->c->fell_back,
		.print_key = pt->e->secret,
		.take_port = take_port,
		.arg = pt,
	};
}

/* The exchange of this transaction is over, and this side was the one to answer. */
static bool answered(const struct vw_branch *b, enum vw_side from, u32 cseq)
{
	for (int i = 0; i < VW_MEMOS; i++)
		if (b->memo[i].role == VW_SDP_ANSWER && b->memo[i].from == from &&
		    b->memo[i].cseq == cseq)
			return true;
	return false;
}

/*
 * RFC 3264 and RFC 6337: INVITE and UPDATE offer; a response answers what its
 * request has offered, and offers where the request was silent; ACK answers;
 * PRACK does either.
 */
static enum vw_sdp_role role_of(const struct vw_branch *b, enum vw_side from,
				const struct vw_msg *m)
{
	bool open = b->pending && b->pending_from != from;

	if (m->status)
		return (open && b->pending_cseq == m->cseq) || answered(b, from, m->cseq) ?
		       VW_SDP_ANSWER : VW_SDP_OFFER;
	switch (m->method) {
	case VW_M_INVITE:
	case VW_M_UPDATE:
		return VW_SDP_OFFER;
	case VW_M_ACK:
		return open ? VW_SDP_ANSWER : VW_SDP_NONE;
	case VW_M_PRACK:
		return open ? VW_SDP_ANSWER : VW_SDP_OFFER;
	default:
		return VW_SDP_NONE;
	}
}

static struct vw_memo *find_memo(struct vw_branch *b, enum vw_side from, u32 cseq,
				 const u8 hash[32])
{
	for (int i = 0; i < VW_MEMOS; i++)
		if (b->memo[i].role != VW_SDP_NONE && b->memo[i].from == from &&
		    b->memo[i].cseq == cseq && !memcmp(b->memo[i].hash, hash, 32))
			return &b->memo[i];
	return NULL;
}

static struct vw_memo *memorise(struct vw_branch *b, enum vw_side from, enum vw_sdp_role role,
				u32 cseq, const u8 hash[32], const struct vw_text *out)
{
	struct vw_memo *memo = &b->memo[b->next_memo++ % VW_MEMOS];

	vw_text_free(&memo->out);
	memo->from = from;
	memo->role = role;
	memo->cseq = cseq;
	memcpy(memo->hash, hash, 32);
	vw_text_add(&memo->out, out->p, out->len);
	return memo;
}

/* Streams follow the branch that spoke last, until one is confirmed. */
static void choose_active(struct vw_call *c, struct vw_branch *b)
{
	if (!c->active || c->active->state != VW_CALL_CONFIRMED)
		c->active = b;
}

static int take_answer(struct vw_edge *e, struct vw_call *c, struct vw_branch *b,
		       enum vw_side from, const struct vw_msg *m, struct vw_text *out)
{
	struct port_taker pt = { e, c };
	struct vw_media_env env = media_env(&pt);
	struct vw_pact *base = b->pending ? b->pending : b->cur;
	struct vw_pact *pact;
	int err;

	vw_streams_retire(&c->streams, base);
	err = vw_media_answer(&env, base, from, m->sdp, m->sdp_len, &pact, out);
	if (err)
		return err;
	vw_pact_free(b->pending);
	b->pending = NULL;
	vw_pact_free(b->cur);
	b->cur = pact;
	choose_active(c, b);
	err = c->active == b ? vw_call_apply(e, c) : 0;
	vw_call_sweep_ports(e, c);
	return err;
}

static int take_offer(struct vw_edge *e, struct vw_call *c, struct vw_branch *b,
		      enum vw_side from, const struct vw_msg *m, struct vw_text *out)
{
	struct port_taker pt = { e, c };
	struct vw_media_env env = media_env(&pt);
	struct vw_pact *pact;
	int err;

	if (b)
		vw_streams_retire(&c->streams, b->cur);
	err = vw_media_offer(&env, b ? b->cur : NULL, from, m->sdp, m->sdp_len, &pact, out);
	if (err)
		return err;
	if (b) {
		vw_pact_free(b->pending);
		b->pending = pact;
		b->pending_from = from;
		b->pending_cseq = m->cseq;
		b->pending_late = m->status;
	} else {
		vw_pact_free(c->offer);
		c->offer = pact;
	}
	vw_call_sweep_ports(e, c);
	return 0;
}

bool vw_call_awaits(const struct vw_branch *b, enum vw_side from, const struct vw_msg *m)
{
	/* an ACK answers what the response to its INVITE has offered, and nothing else */
	return answered(b, from, m->cseq) ||
	       (b->pending && b->pending_late && b->pending_from != from &&
		b->pending_cseq == m->cseq);
}

int vw_call_glare(const struct vw_branch *b, enum vw_side from)
{
	if (!b->pending)
		return 0;
	return b->pending_from == from ? -EALREADY : -EBUSY;
}

int vw_call_sdp(struct vw_edge *e, struct vw_call *c, struct vw_branch *b, enum vw_side from,
		const struct vw_msg *m, struct vw_text *out)
{
	enum vw_sdp_role role;
	struct vw_memo *memo;
	u8 hash[32];
	int err;

	/* only one of them could be rewritten, and the other side may read another */
	if (m->sdp_beside)
		return -EBADMSG;
	if (!b) {
		err = take_offer(e, c, NULL, from, m, out);
		return err || vw_call_weigh(e, c) ? err : -ENOSPC;
	}
	SHA256((const u8 *)m->sdp, m->sdp_len, hash);
	memo = find_memo(b, from, m->cseq, hash);
	if (memo) {
		vw_text_add(out, memo->out.p, memo->out.len);
		return 0;
	}
	role = role_of(b, from, m);
	if (role == VW_SDP_NONE || (role == VW_SDP_ANSWER && !b->pending && !b->cur))
		return -EBADMSG;
	err = role == VW_SDP_OFFER && !m->status ? vw_call_glare(b, from) : 0;
	if (!err)
		err = role == VW_SDP_ANSWER ? take_answer(e, c, b, from, m, out) :
					      take_offer(e, c, b, from, m, out);
	if (err) {
		e->stat[VW_STAT_SDP_REFUSED]++;
		return err;
	}
	memo = memorise(b, from, role, m->cseq, hash, out);
	if (vw_call_weigh(e, c))
		return 0;
	memo->role = VW_SDP_NONE;
	vw_text_free(&memo->out);
	vw_call_offer_failed(e, c, b, m->status ? vw_other(from) : from, m->cseq);
	return -ENOSPC;
}

void vw_call_offer_failed(struct vw_edge *e, struct vw_call *c, struct vw_branch *b,
			  enum vw_side from, u32 cseq)
{
	/* each side counts for itself: the number alone says nothing */
	if (!b->pending || b->pending_cseq != cseq ||
	    b->pending_from != (b->pending_late ? vw_other(from) : from))
		return;
	vw_pact_free(b->pending);
	b->pending = NULL;
	vw_call_sweep_ports(e, c);
}

int vw_sdp_status(int err, const char **ret_reason)
{
	if (err == -ENOSPC || err == -ENOMEM) {
		*ret_reason = "Service Unavailable";
		return 503;
	}
	if (err == -EBADMSG || err == -E2BIG) {
		*ret_reason = "Bad Session Description";
		return 400;
	}
	if (err == -EBUSY) {
		*ret_reason = "Request Pending";
		return 491;
	}
	if (err == -EACCES || err == -ENODATA) {
		*ret_reason = "Not Acceptable Here";
		return 488;
	}
	*ret_reason = "Server Internal Error";
	return 500;
}
