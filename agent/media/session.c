// SPDX-License-Identifier: GPL-2.0-or-later
#include "ownkey.h"

#include <stdlib.h>

/* One exchange while it is being worked on. */
struct exchange {
	const struct vw_media_env *env;
	enum vw_side from;
	struct vw_sdp *sdp;
	struct vw_pact *pact;
	struct vw_sdp_out out[VW_SDP_MAX_MEDIA];
	int on;			/* lanes that carry media */
	int refused;		/* lanes that the policy or the peer's keys refuse */
	int err;
};

static int need_port(const struct vw_media_env *env, struct vw_leg *leg, enum vw_side side)
{
	if (!leg->port)
		leg->port = env->take_port(env->arg, side);
	return leg->port ? 0 : -ENOSPC;
}

/* A key that only the kernel knows, or that is used up: make another. */
static void replace_lost(struct exchange *x, struct vw_leg *leg, enum vw_side side)
{
	if (!leg->lost)
		return;
	vw_own_drop(leg);
	leg->lost = false;
	x->pact->bump[side]++;
}

/* To or from the other half of a call from phone to phone, whose streams seal for this one. */
static bool changes_hands(const struct vw_endpoint *own, const struct vw_leg *a,
			  const struct vw_leg *b)
{
	return !vw_endpoint_equal(&a->rtp, &b->rtp) &&
	       (vw_endpoint_same_addr(&a->rtp, own) || vw_endpoint_same_addr(&b->rtp, own));
}

/* Will streams that fit @old be made anew for @lane? See vw_streams_apply(). */
static bool remade(const struct exchange *x, const struct vw_lane *old, const struct vw_lane *lane)
{
	for (int s = 0; s < VW_SIDES; s++) {
		const struct vw_leg *a = &old->leg[s], *b = &lane->leg[s];

		if (a->port != b->port || a->suite != b->suite ||
		    a->rtcp_clear != b->rtcp_clear ||
		    changes_hands(&x->env->addr[s], a, b) ||
		    (!vw_endpoint_equal(&a->rtp, &b->rtp) &&
		     memcmp(a->print, b->print, VW_KEY_PRINT)))
			return true;
	}
	return false;
}

static void turn_off(struct vw_lane *lane)
{
	for (int s = 0; s < VW_SIDES; s++) {
		vw_own_drop(&lane->leg[s]);
		vw_peer_keys_drop(&lane->leg[s]);
		memset(&lane->leg[s], 0, sizeof(lane->leg[s]));
	}
	lane->kind = VW_LANE_OFF;
}

/* The peer took other ports and another key: a new context on both ends (RFC 4568 7.1.4). */
static bool moved(const struct vw_leg *leg, const struct vw_sdp_media *m, const u8 *print)
{
	return leg->secure && leg->rtp.family && !m->away &&
	       !vw_endpoint_equal(&leg->rtp, &m->rtp) &&
	       memcmp(leg->print, print, VW_KEY_PRINT);
}

/* @print: the fingerprint of @sdes */
static int keep_key(struct vw_leg *leg, const struct vw_sdes *sdes, const u8 *print)
{
	memcpy(leg->print, print, VW_KEY_PRINT);
	leg->tag = sdes->tag;
	leg->suite = sdes->suite;
	leg->rtcp_clear = sdes->rtcp_clear;
	leg->kdr = sdes->kdr;
	return vw_peer_keys_set(leg, sdes) ? 0 : -ENOMEM;
}

static int take_key(struct exchange *x, struct vw_leg *leg, const struct vw_sdp_media *m,
		    const struct vw_sdes *sdes)
{
	u8 print[VW_KEY_PRINT];

	vw_peer_print(x->env, sdes, print);
	if (moved(leg, m, print)) {
		leg->port = 0;
		vw_own_drop(leg);
	}
	leg->secure = true;
	return keep_key(leg, sdes, print);
}

static void make_plain(struct vw_leg *leg)
{
	vw_peer_keys_drop(leg);
	memset(leg->print, 0, sizeof(leg->print));
	vw_own_drop(leg);
	leg->secure = false;
	leg->lost = false;
	leg->rtcp_clear = false;
	leg->kdr = 0;
	leg->suite = VOXWALL_SUITE_NONE;
}

/* Where the peer is. While it is away, its last address stays. */
static void take_address(struct vw_leg *leg, const struct vw_sdp_media *m)
{
	leg->proto = m->proto;
	leg->mux = m->mux;
	leg->away = m->away;
	leg->inactive = m->inactive;
	leg->formats = m->formats;
	if (m->away)
		return;
	leg->rtp = m->rtp;
	leg->rtcp = m->rtcp;
}

/*
 * What the offering side wants for a section. Clear media that comes from a
 * trunk with media = srtp is refused, and so is a key that can't be used.
 */
static int take_offer(struct exchange *x, int i)
{
	struct vw_leg *leg = &x->pact->lane[i].leg[x->from];
	const struct vw_sdp_media *m = &x->sdp->media[i];
	struct vw_sdes sdes;
	int err;

	err = vw_sdp_crypto(x->sdp, i, x->env->suites, x->env->nsuites, &sdes);
	if (!err) {
		err = take_key(x, leg, m, &sdes);
		vw_wipe(&sdes, sizeof(sdes));
	} else if (err == -EBADMSG || vw_proto_secure(m->proto) ||
		   (x->from == VW_WAN && x->env->policy == VW_MEDIA_SRTP)) {
		return -EACCES;
	} else {
		make_plain(leg);
		err = 0;
	}
	if (!err)
		take_address(leg, m);
	return err;
}

static bool want_secure(const struct exchange *x, const struct vw_lane *old, enum vw_side side)
{
	/* what was agreed once isn't given up by a re-INVITE, also if all was on hold */
	if (old->kind == VW_LANE_ON)
		return old->leg[side].secure;
	return side == VW_WAN && x->env->policy != VW_MEDIA_RTP && !x->env->clear;
}

static bool tag_offered(const struct vw_sdp_out *o, u32 tag)
{
	for (u8 i = 0; i < o->nkey; i++)
		if (o->key[i].tag == tag)
			return true;
	return false;
}

/* A tag that an answer has brought may be the one of another line (RFC 4568, 4.1). */
static void offer_key(struct vw_sdp_out *o, struct vw_own_key *own, bool rtcp_clear)
{
	u32 tag = 1;

	while (tag_offered(o, tag))
		tag++;
	if (tag_offered(o, own->tag))
		own->tag = tag;
	o->key[o->nkey++] = (struct vw_sdp_key){ own->tag, own->suite, own->master, rtcp_clear };
}

static int offer_keys(struct exchange *x, struct vw_leg *leg, enum vw_side side,
		      struct vw_sdp_out *o)
{
	replace_lost(x, leg, side);
	for (size_t i = 0; i < x->env->nsuites && i < ARRAY_SIZE(o->key); i++) {
		struct vw_own_key *own = vw_own_find(leg, x->env->suites[i]);

		if (!own) {
			if (vw_own_add(x->env, leg, (u32)i + 1, x->env->suites[i]))
				return -ENOMEM;
			own = &leg->own[leg->nown - 1];
		}
		offer_key(o, own, leg->rtcp_clear);
	}
	return o->nkey ? 0 : -EACCES;
}

/* The one key that an answer towards this side carries. */
static int answer_key(struct exchange *x, struct vw_leg *leg, enum vw_side side)
{
	if (!leg->secure)
		return 0;
	replace_lost(x, leg, side);
	return vw_own_find(leg, leg->suite) ? 0 : vw_own_add(x->env, leg, leg->tag, leg->suite);
}

/* Forked answers share port and key, so that one stream serves them in turn. */
static int prepare_answer(struct exchange *x, struct vw_leg *leg)
{
	int err = need_port(x->env, leg, x->from);

	return err ? err : answer_key(x, leg, x->from);
}

/* What the other side is offered. */
static int make_offer(struct exchange *x, int i, const struct vw_lane *old)
{
	const struct vw_sdp_media *m = &x->sdp->media[i];
	enum vw_side to = vw_other(x->from);
	struct vw_lane *lane = &x->pact->lane[i];
	struct vw_leg *leg = &lane->leg[to];
	struct vw_sdp_out *o = &x->out[i];
	bool secure = want_secure(x, old, to);
	int err = need_port(x->env, leg, to);

	if (!err && remade(x, old, lane)) {
		vw_own_retire(leg);
		vw_own_retire(&lane->leg[x->from]);
	}
	if (!err)
		err = prepare_answer(x, &lane->leg[x->from]);
	if (err)
		return err;
	leg->secure = secure;
	leg->proto = vw_proto_with(m->proto, secure);
	if (secure)
		err = offer_keys(x, leg, to, o);
	o->port = leg->port;
	o->mux = m->mux;
	o->rtcp = m->mux ? leg->port : leg->port + 1;
	o->away = m->away;
	o->proto = leg->proto;
	return err;
}

static void offer_lane(struct exchange *x, int i)
{
	const struct vw_sdp_media *m = &x->sdp->media[i];
	struct vw_lane *lane = &x->pact->lane[i];
	const struct vw_lane old = *lane;
	int err;

	/* RTP to a name can't be anchored here, and intact it would take its keys along. */
	if (!m->handled && m->proto != VW_PROTO_OTHER && m->rtp.port) {
		x->out[i].proto = vw_proto_with(m->proto, false);
		turn_off(lane);
		x->refused++;
		return;
	}
	if (!m->handled) {
		turn_off(lane);
		lane->kind = VW_LANE_KEEP;
		x->out[i].keep = true;
		return;
	}
	x->out[i].proto = vw_proto_with(m->proto, false);
	if (!m->rtp.port) {
		turn_off(lane);
		return;
	}
	lane->clock = m->clock;
	err = take_offer(x, i);
	if (err == -EACCES) {
		turn_off(lane);
		x->refused++;
		return;
	}
	lane->kind = VW_LANE_ON;
	if (!err)
		err = make_offer(x, i, &old);
	x->on++;
	if (err && !x->err)
		x->err = err;
}

static int begin(struct exchange *x, const struct vw_pact *base, const char *sdp, size_t len)
{
	int err;

	x->sdp = malloc(sizeof(*x->sdp));
	x->pact = vw_pact_copy(base);
	if (!x->sdp || !x->pact)
		return -ENOMEM;
	err = vw_sdp_parse(sdp, len, x->sdp);
	if (err)
		return err;
	return x->sdp->nmedia ? 0 : -ENODATA;
}

static int finish(struct exchange *x, int err, struct vw_pact **ret, struct vw_text *out)
{
	enum vw_side to = vw_other(x->from);

	if (!err) {
		vw_sdp_write(x->sdp, x->out, &x->env->addr[to], x->pact->bump[to], out);
		err = out->failed ? -ENOMEM : 0;
	}
	free(x->sdp);
	if (err)
		vw_pact_free(x->pact);
	else
		*ret = x->pact;
	return err;
}

int vw_media_offer(const struct vw_media_env *env, const struct vw_pact *cur, enum vw_side from,
		   const char *sdp, size_t len, struct vw_pact **ret, struct vw_text *out)
{
	struct exchange x = { .env = env, .from = from };
	int err = begin(&x, cur, sdp, len);

	if (!err) {
		/* sections are never taken away, only switched off (RFC 3264, 8) */
		if (x.sdp->nmedia < x.pact->nlane)
			err = -EBADMSG;
		x.pact->nlane = x.sdp->nmedia;
		for (int i = 0; i < x.sdp->nmedia && !err; i++)
			offer_lane(&x, i);
		if (!err)
			err = x.err;
		if (!err && x.refused && !x.on)
			err = -EACCES;
	}
	return finish(&x, err, ret, out);
}

/*
 * The one key of an answer must be one that was offered, with the parameters that were
 * (RFC 4568, 5.1.3). Its lifetime, its MKI and its KDR are its own.
 */
static int take_answer_key(struct exchange *x, int i)
{
	struct vw_leg *leg = &x->pact->lane[i].leg[x->from];
	const struct vw_sdp_media *m = &x->sdp->media[i];
	const struct vw_own_key *own;
	u8 print[VW_KEY_PRINT];
	struct vw_sdes sdes;
	int err;

	if (vw_sdp_crypto(x->sdp, i, x->env->suites, x->env->nsuites, &sdes))
		return -EACCES;
	own = vw_own_find(leg, sdes.suite);
	if (!own || own->tag != sdes.tag || sdes.rtcp_clear != leg->rtcp_clear) {
		err = -EACCES;
	} else {
		/* our port is out already: what moved() would change stays */
		vw_peer_print(x->env, &sdes, print);
		err = keep_key(leg, &sdes, print);
	}
	vw_wipe(&sdes, sizeof(sdes));
	if (!err)
		take_address(leg, m);
	return err;
}

static int take_answer(struct exchange *x, int i)
{
	struct vw_leg *leg = &x->pact->lane[i].leg[x->from];
	const struct vw_sdp_media *m = &x->sdp->media[i];

	if (leg->secure)
		return take_answer_key(x, i);
	if (vw_proto_secure(m->proto))
		return -EBADMSG;
	make_plain(leg);
	take_address(leg, m);
	return 0;
}

/* What the offering side is told. */
static int make_answer(struct exchange *x, int i, const struct vw_lane *old)
{
	enum vw_side to = vw_other(x->from);
	struct vw_lane *lane = &x->pact->lane[i];
	struct vw_leg *leg = &lane->leg[to];
	struct vw_sdp_out *o = &x->out[i];
	struct vw_own_key *own;
	int err = need_port(x->env, leg, to);

	lane->mux = lane->leg[x->from].mux && leg->mux;
	if (remade(x, old, lane))
		vw_own_retire(leg);
	if (!err)
		err = answer_key(x, leg, to);
	if (err)
		return err;
	if (leg->secure) {
		own = vw_own_find(leg, leg->suite);
		own->tag = leg->tag;
		o->key[o->nkey++] = (struct vw_sdp_key){ leg->tag, own->suite, own->master,
							  leg->rtcp_clear };
	}
	o->port = leg->port;
	o->mux = lane->mux;
	o->rtcp = lane->mux ? leg->port : leg->port + 1;
	o->away = lane->leg[x->from].away;
	o->proto = leg->proto;
	return 0;
}

static int answer_lane(struct exchange *x, int i)
{
	const struct vw_sdp_media *m = &x->sdp->media[i];
	struct vw_lane *lane = &x->pact->lane[i];
	const struct vw_lane old = *lane;
	enum vw_side to = vw_other(x->from);
	int err;

	if (lane->kind == VW_LANE_KEEP) {
		x->out[i].keep = true;
		return 0;
	}
	x->out[i].proto = lane->kind == VW_LANE_ON ? lane->leg[to].proto :
			  vw_proto_with(m->proto, false);
	if (lane->kind == VW_LANE_OFF)
		return 0;
	if (!m->rtp.port) {
		turn_off(lane);
		x->refused++;
		return 0;
	}
	err = m->handled ? take_answer(x, i) : -EBADMSG;
	if (!err)
		err = make_answer(x, i, &old);
	x->on += !err;
	return err;
}

int vw_media_answer(const struct vw_media_env *env, const struct vw_pact *offer,
		    enum vw_side from, const char *sdp, size_t len, struct vw_pact **ret,
		    struct vw_text *out)
{
	struct exchange x = { .env = env, .from = from };
	int err = begin(&x, offer, sdp, len);

	if (!err) {
		if (x.sdp->nmedia != x.pact->nlane)
			err = -EBADMSG;
		for (int i = 0; i < x.sdp->nmedia && !err; i++)
			err = answer_lane(&x, i);
		if (!err && x.refused && !x.on)
			err = -EACCES;
	}
	return finish(&x, err, ret, out);
}
