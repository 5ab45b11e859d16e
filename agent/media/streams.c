// SPDX-License-Identifier: GPL-2.0-or-later
#include "streams.h"

#include <stdio.h>
#include <stdlib.h>

#include "../log.h"

#define TRIES	16	/* identifiers, when one is taken */
#define MAX_USED	4096	/* own keys of one call */

/* A suite that doesn't encrypt is used only where the configuration names it. */
static bool may_be_clear(const struct vw_leg *out, const struct vw_streams_env *env)
{
	const struct vw_suite *s = vw_suite_get(out->suite);

	return out->secure ? s && s->cipher == VW_CIPHER_NULL : env->clear_wan;
}

static struct vw_genl_leg make_leg(const struct vw_endpoint *addr, u16 rtp, u16 rtcp)
{
	struct vw_genl_leg leg = { .family = addr->family, .rtp = rtp, .rtcp = rtcp };

	memcpy(leg.addr, addr->addr, sizeof(leg.addr));
	return leg;
}

static void put_key(struct vw_genl_crypto *c, u16 suite, const struct vw_secret *master)
{
	const struct vw_suite *s = vw_suite_get(suite);

	memset(c, 0, sizeof(*c));
	c->suite = suite;
	c->use = true;
	if (!s || !master || master->len != (size_t)s->key_len + s->salt_len)
		return;
	memcpy(c->key, master->data, s->key_len);
	memcpy(c->salt, master->data + s->key_len, s->salt_len);
}

static void put_peer_key(struct vw_genl_crypto *c, const struct vw_leg *leg, int i)
{
	const struct vw_peer_key *key = &leg->key[i];

	put_key(c, leg->secure ? leg->suite : VOXWALL_SUITE_NONE, key->master);
	c->rtcp_clear = leg->rtcp_clear;
	c->lifetime = key->lifetime;
	c->kdr = leg->kdr;
	c->mki_len = key->mki_len;
	memcpy(c->mki, key->mki, sizeof(c->mki));
}

static const struct vw_own_key *own_in_use(const struct vw_leg *leg)
{
	for (u8 i = 0; i < leg->nown; i++)
		if (leg->own[i].suite == leg->suite)
			return &leg->own[i];
	return NULL;
}

/* Whom to believe. A tag says more than a port, so only clear media needs the port. */
static struct vw_genl_leg believed(const struct vw_leg *leg, bool mux)
{
	if (leg->secure)
		return make_leg(&leg->rtp, 0, 0);
	return make_leg(&leg->rtp, leg->rtp.port, mux ? leg->rtp.port : leg->rtcp);
}

/* What is authenticated is believed for that, and what is clear can't be. */
static u8 latch_of(const struct vw_leg *leg, u8 latch)
{
	if (leg->secure && latch != VOXWALL_LATCH_SDP)
		return VOXWALL_LATCH_AUTHENTICATED;
	if (!leg->secure && latch == VOXWALL_LATCH_AUTHENTICATED)
		return VOXWALL_LATCH_SDP;
	return latch;
}

/* A phone's media comes from where its signalling comes from. */
static void want_latch(const struct vw_leg *in, enum vw_side from,
		       const struct vw_streams_env *env, struct vw_genl_stream *ret)
{
	ret->latch = latch_of(in, env->latch[from]);
	if (ret->latch == VOXWALL_LATCH_FIRST_WITHIN && from == VW_VOICE &&
	    env->phone.family == in->rtp.family)
		ret->latch_from = make_leg(&env->phone, 0, 0);
}

bool vw_streams_want(const struct vw_pact *pact, int lane, enum vw_side from,
		     const struct vw_streams_env *env, struct vw_genl_stream *ret)
{
	enum vw_side to = vw_other(from);
	const struct vw_lane *l = &pact->lane[lane];
	const struct vw_leg *in = &l->leg[from], *out = &l->leg[to];
	const struct vw_own_key *own = own_in_use(out);

	if (lane >= pact->nlane || l->kind != VW_LANE_ON || !in->rtp.family || !out->rtp.family ||
	    !in->port || !out->port)
		return false;
	memset(ret, 0, sizeof(*ret));
	snprintf(ret->label, sizeof(ret->label), "%.40s/%d/%s", env->label, lane,
		 vw_zone_name(from == VW_VOICE ? VOXWALL_ZONE_VOICE : VOXWALL_ZONE_WAN));
	ret->zone = from == VW_VOICE ? VOXWALL_ZONE_VOICE : VOXWALL_ZONE_WAN;
	/* RTCP on the port of RTP is known by its content, so both are always listened on */
	ret->local = make_leg(&env->addr[from], in->port, in->port + 1);
	ret->remote = believed(in, l->mux);
	ret->src = make_leg(&env->addr[to], out->port, l->mux ? out->port : out->port + 1);
	ret->dst = make_leg(&out->rtp, out->rtp.port, l->mux ? out->rtp.port : out->rtcp);
	put_peer_key(&ret->open, in, 0);
	put_key(&ret->seal, out->secure ? out->suite : VOXWALL_SUITE_NONE,
		own ? own->master : NULL);
	ret->seal.rtcp_clear = out->rtcp_clear;
	ret->clear_wan = to == VW_WAN && may_be_clear(out, env);
	want_latch(in, from, env, ret);
	ret->fastpath_off = env->fastpath_off;
	ret->clock_rate = l->clock;
	ret->timeout_ms = vw_pact_held(pact) ? 0 : env->timeout_ms;
	return true;
}

static bool same_place(const struct vw_genl_leg *a, const struct vw_genl_leg *b)
{
	return a->family == b->family && !memcmp(a->addr, b->addr, sizeof(a->addr)) &&
	       a->rtp == b->rtp;
}

static bool same_leg(const struct vw_genl_leg *a, const struct vw_genl_leg *b)
{
	return same_place(a, b) && a->rtcp == b->rtcp;
}

/* The fingerprints that belong to what vw_streams_want() has made. */
static void want_prints(const struct vw_pact *pact, int lane, enum vw_side from,
			u8 open[VW_KEY_PRINT], u8 seal[VW_KEY_PRINT])
{
	const struct vw_leg *in = &pact->lane[lane].leg[from];
	const struct vw_leg *out = &pact->lane[lane].leg[vw_other(from)];
	const struct vw_own_key *own = own_in_use(out);

	memset(open, 0, VW_KEY_PRINT);
	memset(seal, 0, VW_KEY_PRINT);
	if (in->secure)
		memcpy(open, in->print, VW_KEY_PRINT);
	if (out->secure && own)
		memcpy(seal, own->print, VW_KEY_PRINT);
}

#define REPLACE	0x8000u	/* not a part: nothing less than a new stream will do */

static unsigned int changes(const struct vw_installed *in, const struct vw_genl_stream *want,
			    const u8 *open, const u8 *seal)
{
	const struct vw_genl_stream *s = &in->stream;
	unsigned int parts = 0;

	if (!same_leg(&s->remote, &want->remote))
		parts |= VW_STREAM_REMOTE;
	if (!same_leg(&s->dst, &want->dst))
		parts |= VW_STREAM_DST;
	if (memcmp(in->open, open, VW_KEY_PRINT))
		parts |= VW_STREAM_OPEN;
	if (memcmp(in->seal, seal, VW_KEY_PRINT))
		parts |= VW_STREAM_SEAL;
	if (s->latch != want->latch || !same_place(&s->latch_from, &want->latch_from))
		parts |= VW_STREAM_LATCH;
	if (s->fastpath_off != want->fastpath_off)
		parts |= VW_STREAM_FASTPATH;
	/* one that was put off for a silent direction stays so */
	if (!s->timeout_ms != !want->timeout_ms || s->timeout_ms < want->timeout_ms)
		parts |= VW_STREAM_TIMEOUT;
	/* where RTCP comes from is not worth a new stream, whose key would be new too */
	if (!same_place(&s->local, &want->local) || !same_place(&s->src, &want->src) ||
	    s->open.suite != want->open.suite || s->seal.suite != want->seal.suite ||
	    s->open.rtcp_clear != want->open.rtcp_clear ||
	    s->seal.rtcp_clear != want->seal.rtcp_clear ||
	    s->clear_wan != want->clear_wan)
		return REPLACE;
	if ((parts & VW_STREAM_OPEN) && (parts & VW_STREAM_REMOTE))
		return REPLACE;
	return parts;
}

/* Never install a key of zeros: one that only the kernel knows can't be set again. */
static bool keyed(const struct vw_genl_crypto *c)
{
	static const u8 zero[VOXWALL_KEY_LEN];

	return c->suite == VOXWALL_SUITE_NONE || memcmp(c->key, zero, sizeof(zero));
}

static bool is_used(const struct vw_streams *st, const u8 *seal)
{
	for (size_t i = 0; i < st->nused; i++)
		if (!memcmp(st->used[i], seal, VW_KEY_PRINT))
			return true;
	return false;
}

static int note_used(struct vw_streams *st, const u8 *seal)
{
	u8 (*more)[VW_KEY_PRINT];

	if (is_used(st, seal) || st->nused == MAX_USED)
		return -EKEYREJECTED;
	more = realloc(st->used, (st->nused + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	memcpy(more[st->nused++], seal, VW_KEY_PRINT);
	st->used = more;
	return 0;
}

/*
 * Every own key passes here before a stream gets it, and passes only once: also
 * when the module then refuses it, since an answer may have been lost.
 */
static int use_key(struct vw_streams *st, const struct vw_streams_env *env, const u8 *seal)
{
	static const u8 plain[VW_KEY_PRINT];
	int err;

	if (!memcmp(seal, plain, VW_KEY_PRINT))
		return 0;
	err = env->other ? note_used(env->other, seal) : 0;
	return err ? err : note_used(st, seal);
}

static int add_stream(const struct vw_streams_env *env, struct vw_genl_stream *want)
{
	int err = -EEXIST;

	for (int i = 0; i < TRIES && err == -EEXIST; i++) {
		want->id = (*env->next_id)++;
		if (!want->id)
			want->id = (*env->next_id)++;
		err = env->ops->add(env->arg, want);
	}
	return err;
}

static void remove_stream(struct vw_installed *in, const struct vw_streams_env *env)
{
	if (!in->id)
		return;
	env->ops->del(env->arg, in->id);
	memset(in, 0, sizeof(*in));
}

static void remember(struct vw_installed *in, const struct vw_genl_stream *want, const u8 *open,
		     const u8 *seal)
{
	in->id = want->id;
	in->stream = *want;
	vw_wipe(in->stream.open.key, sizeof(in->stream.open.key));
	vw_wipe(in->stream.open.salt, sizeof(in->stream.open.salt));
	vw_wipe(in->stream.seal.key, sizeof(in->stream.seal.key));
	vw_wipe(in->stream.seal.salt, sizeof(in->stream.seal.salt));
	memcpy(in->open, open, VW_KEY_PRINT);
	memcpy(in->seal, seal, VW_KEY_PRINT);
}

/* As long as a transaction lives, RFC 3261 17.1.1.2: by then the peer has our answer. */
#define GRACE_MS	32000

/*
 * Another key of the peer goes beside the one in use: what was sealed with that is
 * still under way, for a while. One of ours takes the old one's place at once.
 */
static void choose_slot(const struct vw_installed *in, struct vw_genl_stream *want,
			unsigned int parts)
{
	want->open.slot = in->stream.open.slot;
	if (!(parts & VW_STREAM_OPEN))
		return;
	want->open.slot = !want->open.slot;
	want->open.grace_ms = GRACE_MS;
}

/* The attribute's other key: the packets say by their MKI which of them they need. */
static int add_second(const struct vw_streams_env *env, const struct vw_genl_stream *want,
		      const struct vw_leg *in)
{
	struct vw_genl_stream more = *want;
	int err = 0;

	if (in->key[1].master) {
		put_peer_key(&more.open, in, 1);
		more.open.slot = !want->open.slot;
		more.open.use = false;
		err = env->ops->set(env->arg, &more, VW_STREAM_OPEN);
	}
	vw_wipe(&more, sizeof(more));
	return err;
}

/* After a restart an untouched key isn't known, and isn't asked for either. */
static int put_stream(struct vw_streams *st, struct vw_installed *in, const struct vw_leg *leg,
		      struct vw_genl_stream *want, const struct vw_streams_env *env,
		      const u8 *open, const u8 *seal)
{
	unsigned int parts = in->id ? changes(in, want, open, seal) : REPLACE;
	bool anew = parts == REPLACE;
	int err = 0;

	if (((anew || (parts & VW_STREAM_OPEN)) && !keyed(&want->open)) ||
	    ((anew || (parts & VW_STREAM_SEAL)) && !keyed(&want->seal)))
		return -ENOKEY;
	if (anew || (parts & VW_STREAM_SEAL))
		err = use_key(st, env, seal);
	if (err || !parts)
		return err;
	if (anew) {
		remove_stream(in, env);
		err = add_stream(env, want);
	} else {
		want->id = in->id;
		want->local = in->stream.local;
		want->src = in->stream.src;
		choose_slot(in, want, parts);
		err = env->ops->set(env->arg, want, parts);
	}
	if (err)
		return err;
	remember(in, want, open, seal);
	if (anew || (parts & (VW_STREAM_OPEN | VW_STREAM_SEAL)))
		in->expires = false;
	return anew || (parts & VW_STREAM_OPEN) ? add_second(env, want, leg) : 0;
}

static const char *refusal(const struct vw_streams_env *env, int err)
{
	switch (err) {
	case -ENOKEY:
		return "its key is known to the kernel only";
	case -EKEYREJECTED:
		return "its key has been used by a stream before";
	case -ENOMEM:
		return "out of memory";
	}
	return env->ops->error(env->arg);
}

/* For the listings only: the one that is there, or that will be made next. */
static u32 peer_of(const struct vw_installed pair[VW_SIDES], enum vw_side from,
		   const struct vw_streams_env *env)
{
	u32 id = pair[vw_other(from)].id;

	return id || from == VW_WAN ? id : *env->next_id + 1;
}

static int apply_one(struct vw_streams *st, const struct vw_pact *pact, int lane,
		     enum vw_side from, const struct vw_streams_env *env)
{
	struct vw_installed *in = &st->dir[lane][from];
	u8 open[VW_KEY_PRINT], seal[VW_KEY_PRINT];
	struct vw_genl_stream want;
	int err;

	if (!pact || (env->voice_only && from == VW_WAN) ||
	    !vw_streams_want(pact, lane, from, env, &want)) {
		remove_stream(in, env);
		return 0;
	}
	want.peer = peer_of(st->dir[lane], from, env);
	want_prints(pact, lane, from, open, seal);
	err = put_stream(st, in, &pact->lane[lane].leg[from], &want, env, open, seal);
	vw_wipe(&want, sizeof(want));
	if (err)
		vw_err("call %s: stream: %s", env->label, refusal(env, err));
	return err;
}

int vw_streams_apply(struct vw_streams *st, const struct vw_pact *pact,
		     const struct vw_streams_env *env)
{
	int err = 0;

	/* what goes first makes room: a port may move from one section to another */
	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++)
		for (int s = 0; s < VW_SIDES; s++)
			if (!pact || i >= pact->nlane || pact->lane[i].kind != VW_LANE_ON)
				remove_stream(&st->dir[i][s], env);
	for (int i = 0; pact && i < pact->nlane; i++) {
		for (int s = 0; s < VW_SIDES && !err; s++)
			err = apply_one(st, pact, i, (enum vw_side)s, env);
	}
	return err;
}

/* The configuration may be another one by now; the stream is as it was made. */
static void adopt_mode(struct vw_installed *in, const struct vw_streams_env *env)
{
	struct vw_genl_stream now;

	if (env->ops->get(env->arg, in->id, &now))
		return;
	in->stream.latch = now.latch;
	in->stream.latch_from = now.latch_from;
	in->stream.fastpath_off = now.fastpath_off;
}

void vw_streams_adopt(struct vw_streams *st, const struct vw_pact *pact, int lane,
		      enum vw_side from, const struct vw_streams_env *env, u32 id)
{
	u8 open[VW_KEY_PRINT], seal[VW_KEY_PRINT];
	struct vw_genl_stream want;

	if (!id || !vw_streams_want(pact, lane, from, env, &want))
		return;
	want.id = id;
	want.open.slot = st->dir[lane][from].stream.open.slot;
	want_prints(pact, lane, from, open, seal);
	/* out of memory: the key is lost with the restart anyway */
	(void)use_key(st, env, seal);
	remember(&st->dir[lane][from], &want, open, seal);
	adopt_mode(&st->dir[lane][from], env);
	vw_wipe(&want, sizeof(want));
}

void vw_streams_answered(struct vw_streams *st, const struct vw_streams_env *env)
{
	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++) {
		for (int s = 0; s < VW_SIDES; s++) {
			const struct vw_installed *in = &st->dir[i][s];

			if (in->id && in->stream.latch == VOXWALL_LATCH_FIRST_WITHIN)
				env->ops->set(env->arg, &in->stream, VW_STREAM_LATCH);
		}
	}
}

static void retire_leg(const struct vw_streams *st, const struct vw_installed *sealing,
		       struct vw_leg *leg)
{
	const struct vw_own_key *own = own_in_use(leg);

	for (u8 i = 0; i < leg->nown; i++)
		leg->own[i].used = is_used(st, leg->own[i].print);
	/* the stream that sealed with it is gone, or seals with another one now */
	if (leg->secure && own && own->used &&
	    (!sealing->id || memcmp(sealing->seal, own->print, VW_KEY_PRINT)))
		leg->lost = true;
}

void vw_streams_retire(const struct vw_streams *st, struct vw_pact *pact)
{
	for (int i = 0; pact && i < pact->nlane; i++)
		for (int s = 0; s < VW_SIDES; s++)
			retire_leg(st, &st->dir[i][vw_other((enum vw_side)s)],
				   &pact->lane[i].leg[s]);
}

void vw_streams_clear(struct vw_streams *st)
{
	free(st->used);
	memset(st, 0, sizeof(*st));
}

size_t vw_streams_count(const struct vw_streams *st)
{
	size_t n = 0;

	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++)
		for (int s = 0; s < VW_SIDES; s++)
			n += st->dir[i][s].id != 0;
	return n;
}
