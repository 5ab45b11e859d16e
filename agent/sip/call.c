// SPDX-License-Identifier: GPL-2.0-or-later
#include "edge_priv.h"
#include "hairpin.h"

#include <stdlib.h>

void vw_set_string(char **p, const char *s)
{
	char *c = s ? strdup(s) : NULL;

	free(*p);
	*p = c;
}

void vw_party_free(struct vw_party *p)
{
	free(p->name);
	free(p->target);
	free(p->routes);
	memset(p, 0, sizeof(*p));
}

static void call_key(const struct vw_edge *e, enum vw_side from, const char *call_id,
		     const char *tag, u8 key[VW_KEY_LEN])
{
	vw_edge_hash(e, key, VW_KEY_LEN, from == VW_VOICE ? "call-voice" : "call-wan", call_id,
		     tag, NULL);
}

static unsigned int bucket(const u8 key[VW_KEY_LEN])
{
	return get_unaligned_be16(key) % VW_HASH_SIZE;
}

/**
 * vw_call_lookup - find a call
 * @e: the edge
 * @from: the caller's side: a call from phone to phone passes twice
 * @call_id: its Call-ID
 * @tag: the caller's
 *
 * Return: the call or NULL.
 */
struct vw_call *vw_call_lookup(struct vw_edge *e, enum vw_side from, const char *call_id,
			       const char *tag)
{
	u8 key[VW_KEY_LEN];
	struct vw_call *c;

	call_key(e, from, call_id, tag, key);
	LIST_FOREACH(c, &e->call_hash[bucket(key)], hash)
		if (!memcmp(c->key, key, VW_KEY_LEN))
			return c;
	return NULL;
}

struct vw_call *vw_call_find(struct vw_edge *e, enum vw_side from, const struct vw_msg *m,
			     struct vw_branch **ret_branch)
{
	struct vw_call *c = vw_call_lookup(e, from, m->call_id, m->from_tag);
	struct vw_branch *b = c ? vw_call_branch(e, c, m->to_tag, false) : NULL;

	if (!b) {
		c = vw_call_lookup(e, vw_other(from), m->call_id, m->to_tag);
		b = c ? vw_call_branch(e, c, m->from_tag, false) : NULL;
	}
	*ret_branch = b;
	return b ? c : NULL;
}

static void url_text(const osip_uri_t *uri, char **ret)
{
	char *s = NULL;

	if (!osip_uri_to_str(uri, &s))
		vw_set_string(ret, s);
	osip_free(s);
}

struct vw_call *vw_call_add(struct vw_edge *e, enum vw_side from, struct vw_trunk *trunk,
			    const char *call_id, const char *tag)
{
	struct vw_call *c;

	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	call_key(e, from, call_id, tag, c->key);
	vw_hex(c->key, 4, c->ref);
	c->from = from;
	c->trunk = trunk;
	vw_set_string(&c->call_id, call_id);
	vw_set_string(&c->tag, tag);
	c->since = time(NULL);
	c->touched = vw_edge_now(e);
	LIST_INIT(&c->branches);
	LIST_INSERT_HEAD(&e->calls, c, list);
	LIST_INSERT_HEAD(&e->call_hash[bucket(c->key)], c, hash);
	e->ncall++;
	return c;
}

struct vw_call *vw_call_new(struct vw_edge *e, enum vw_side from, struct vw_trunk *trunk,
			    const struct vw_endpoint *src, const struct vw_msg *invite)
{
	struct vw_call *c = vw_call_add(e, from, trunk, invite->call_id, invite->from_tag);

	if (!c)
		return NULL;
	c->source = *src;
	if (!vw_call_take(e, c, VW_GOOD_CALLS, 1) || !vw_call_take(e, c, VW_GOOD_EARLY, 1)) {
		vw_call_free(e, c);
		return NULL;
	}
	c->invite_cseq = invite->cseq;
	url_text(invite->osip->from->url, &c->caller);
	url_text(invite->osip->to->url, &c->callee);
	return c;
}

struct vw_branch *vw_branch_new(struct vw_call *c, const char *tag)
{
	struct vw_branch *b;

	if (c->nbranch >= VW_MAX_BRANCHES)
		return NULL;
	b = calloc(1, sizeof(*b));
	if (!b)
		return NULL;
	vw_set_string(&b->tag, tag);
	if (!b->tag) {
		free(b);
		return NULL;
	}
	LIST_INSERT_HEAD(&c->branches, b, list);
	c->nbranch++;
	return b;
}

static void copy_party(struct vw_party *to, const struct vw_party *from)
{
	vw_set_string(&to->name, from->name);
	vw_set_string(&to->target, from->target);
	vw_set_string(&to->routes, from->routes);
	to->cseq = from->cseq;
	to->addr = from->addr;
}

/**
 * vw_call_branch - the dialog with a callee's tag
 * @e: the edge
 * @c: the call
 * @tag: the tag
 * @create: make one that isn't there; it inherits the INVITE's offer
 *
 * Return: NULL: not there, or too many.
 */
struct vw_branch *vw_call_branch(struct vw_edge *e, struct vw_call *c, const char *tag,
				 bool create)
{
	struct vw_branch *b;

	LIST_FOREACH(b, &c->branches, list)
		if (!strcmp(b->tag, tag))
			return b;
	if (!create || !tag[0])
		return NULL;
	b = vw_branch_new(c, tag);
	if (!b) {
		e->stat[VW_STAT_FULL]++;
		return NULL;
	}
	copy_party(&b->party[c->from], &c->party);
	copy_party(&b->party[vw_other(c->from)], &c->callee_party);
	if (c->offer) {
		b->pending = vw_pact_copy(c->offer);
		b->pending_from = c->from;
		b->pending_cseq = c->invite_cseq;
	}
	if (vw_call_weigh(e, c))
		return b;
	vw_branch_free(e, c, b);
	return NULL;
}

void vw_branch_free(struct vw_edge *e, struct vw_call *c, struct vw_branch *b)
{
	struct vw_txn *t;

	LIST_FOREACH(t, &e->txns, list)
		if (t->branch == b)
			t->branch = NULL;
	if (c->active == b)
		c->active = NULL;
	LIST_REMOVE(b, list);
	c->nbranch--;
	free(b->tag);
	vw_pact_free(b->cur);
	vw_pact_free(b->pending);
	for (int i = 0; i < VW_MEMOS; i++)
		vw_text_free(&b->memo[i].out);
	for (int i = 0; i < VW_SIDES; i++)
		vw_party_free(&b->party[i]);
	free(b);
}

static bool port_needed(const struct vw_call *c, const struct vw_held_port *p)
{
	const struct vw_branch *b;

	if (vw_pact_uses(c->offer, p->side, p->port))
		return true;
	LIST_FOREACH(b, &c->branches, list)
		if (vw_pact_uses(b->cur, p->side, p->port) ||
		    vw_pact_uses(b->pending, p->side, p->port))
			return true;
	return false;
}

void vw_call_sweep_ports(struct vw_edge *e, struct vw_call *c)
{
	for (unsigned int i = 0; i < c->nport;) {
		struct vw_held_port *p = &c->port[i];

		if (port_needed(c, p)) {
			i++;
			continue;
		}
		vw_ports_give(p->side == VW_VOICE ? e->ports : c->trunk->ports, p->port,
			      vw_edge_now(e));
		if (p->side == VW_VOICE)
			vw_call_give(e, c, VW_GOOD_PORTS, 1);
		c->port[i] = c->port[--c->nport];
	}
}

/* @other: its other half, or NULL */
static struct vw_streams_env streams_env(struct vw_edge *e, const struct vw_call *c,
					 struct vw_call *other)
{
	return (struct vw_streams_env){
		.ops = e->io.streams,
		.arg = e->io.streams_arg,
		.addr = { e->voice, other ? e->voice : c->trunk->local },
		.label = c->ref,
		.timeout_ms = e->conf->media_timeout * 1000,
		.clear_wan = !other && c->trunk->conf.media != VW_MEDIA_SRTP,
		.latch = { e->conf->latch, c->trunk->conf.latch },
		.phone = c->active ? c->active->party[VW_VOICE].addr :
				     (struct vw_endpoint){ .family = 0 },
		.fastpath_off = c->trunk->conf.fastpath_off,
		.voice_only = other,
		.other = other ? &other->streams : NULL,
		.next_id = &e->next_stream,
	};
}

static int apply_alone(struct vw_edge *e, struct vw_call *c)
{
	struct vw_call *other = vw_hairpin_other(e, c);
	struct vw_streams_env env = streams_env(e, c, other);
	struct vw_pact *joined;
	int err;

	c->unsaved = true;
	/* its other half isn't there yet, or not any more */
	if (!other && vw_hairpin_is(c))
		return vw_streams_apply(&c->streams, NULL, &env);
	if (!other)
		return vw_streams_apply(&c->streams, c->active ? c->active->cur : NULL, &env);
	joined = vw_hairpin_pact(c, other);
	if (!joined)
		return -ENOMEM;
	err = vw_streams_apply(&c->streams, joined, &env);
	vw_pact_free(joined);
	return err;
}

int vw_call_apply(struct vw_edge *e, struct vw_call *c)
{
	struct vw_call *before = c->half, *now;
	int err = apply_alone(e, c);

	e->dirty = true;
	/* what changes here changes where its other half sends to */
	now = vw_hairpin_other(e, c);
	vw_hairpin_join(c, now);
	if (before && before != now)
		(void)apply_alone(e, before);
	if (now)
		(void)apply_alone(e, now);
	return err;
}

void vw_call_answered(struct vw_edge *e, struct vw_call *c)
{
	struct vw_streams_env env = streams_env(e, c, vw_hairpin_other(e, c));

	vw_streams_answered(&c->streams, &env);
}

void vw_call_adopt(struct vw_edge *e, struct vw_call *c)
{
	struct vw_call *other = vw_hairpin_other(e, c);
	struct vw_streams_env env = streams_env(e, c, other);
	struct vw_pact *joined = other ? vw_hairpin_pact(c, other) : NULL;
	const struct vw_pact *pact = c->active ? c->active->cur : NULL;

	vw_hairpin_join(c, other);
	for (int i = 0; pact && i < pact->nlane; i++)
		for (int s = 0; s < VW_SIDES; s++)
			vw_streams_adopt(&c->streams, joined ? joined : pact, i, (enum vw_side)s,
					 &env, c->streams.dir[i][s].id);
	vw_pact_free(joined);
}

void vw_call_free(struct vw_edge *e, struct vw_call *c)
{
	c->active = NULL;
	vw_call_apply(e, c);
	vw_call_forget(e, c);
}

void vw_call_forget(struct vw_edge *e, struct vw_call *c)
{
	struct vw_branch *b;

	while ((b = LIST_FIRST(&c->branches)))
		vw_branch_free(e, c, b);
	vw_pact_free(c->offer);
	c->offer = NULL;
	vw_call_sweep_ports(e, c);
	vw_txn_forget_call(e, c);
	vw_hairpin_part(c);
	LIST_REMOVE(c, list);
	LIST_REMOVE(c, hash);
	e->ncall--;
	for (int i = 0; i < __VW_GOOD_MAX; i++)
		vw_call_give(e, c, (enum vw_good)i, c->held[i]);
	vw_streams_clear(&c->streams);
	vw_party_free(&c->party);
	vw_party_free(&c->callee_party);
	free(c->call_id);
	free(c->tag);
	free(c->caller);
	free(c->callee);
	free(c);
}

/* RTP with silence suppression and no RTCP may rest longer than a dead call does. */
static void keep_pair(struct vw_edge *e, struct vw_installed *const pair[VW_SIDES])
{
	u32 limit = e->conf->media_timeout * 1000;
	u64 idle[VW_SIDES];

	for (int s = 0; s < VW_SIDES; s++)
		if (!pair[s]->id || !pair[s]->stream.timeout_ms ||
		    e->io.streams->idle(e->io.streams_arg, pair[s]->id, &idle[s]))
			return;
	for (int s = 0; s < VW_SIDES; s++) {
		struct vw_genl_stream *st = &pair[s]->stream;

		if (idle[s] < limit / 2 || idle[!s] >= limit / 2 ||
		    idle[s] + limit / 2 < st->timeout_ms)
			continue;
		st->timeout_ms = (u32)idle[s] + limit;
		e->io.streams->set(e->io.streams_arg, st, VW_STREAM_TIMEOUT);
	}
}

/* Removed by the module while nobody listened: the agent was away, or an event was lost. */
static bool forget_gone(struct vw_edge *e, struct vw_installed *in)
{
	u64 idle;

	if (!in->id || e->io.streams->idle(e->io.streams_arg, in->id, &idle) != -ENOENT)
		return false;
	memset(in, 0, sizeof(*in));
	e->dirty = true;
	return true;
}

void vw_call_keep(struct vw_edge *e, struct vw_call *c)
{
	struct vw_call *other = c->half;
	bool gone = false;

	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++) {
		struct vw_installed *dir = c->streams.dir[i];

		for (int s = 0; s < VW_SIDES; s++)
			gone |= forget_gone(e, &dir[s]);
		/* what comes back may be the other half's */
		keep_pair(e, (struct vw_installed *[]){ &dir[VW_VOICE], other ?
			  &other->streams.dir[i][VW_VOICE] : &dir[VW_WAN] });
	}
	if (gone)
		vw_call_idle(e, c);
}

/*
 * One direction may be silent while the other one talks; when no direction of
 * any section is left, nobody is on the line any more.
 */
void vw_call_idle(struct vw_edge *e, struct vw_call *c)
{
	const struct vw_call *other = c->half;

	if (vw_streams_count(&c->streams) || (other && vw_streams_count(&other->streams)))
		return;
	e->stat[VW_STAT_IDLE]++;
	vw_hangup(e, c, "no media");
}

/*
 * Our own keys last for as many packets as SRTP can count, so it is the peer's that is
 * nearly used up. The peer has set the limit, counts the same packets and alone can
 * make another key: all that is left to do here is to say so.
 */
void vw_call_key_expires(struct vw_edge *e, struct vw_call *c, int lane, enum vw_side from)
{
	struct vw_installed *in = &c->streams.dir[lane][from];
	struct vw_genl_stream s = { 0 };

	/* the one in the other slot, which late packets still use, is no loss */
	if (e->io.streams->get(e->io.streams_arg, in->id, &s) ||
	    s.open.used < s.open.lifetime / 10 * 9)
		return;
	in->expires = true;
	vw_warn("call %s: the key of %s has protected %llu packets of the %llu it may: without "
		"another one from there the media of stream %u ends at that limit", c->ref,
		from == VW_VOICE ? "the phone" : c->trunk->conf.name,
		(unsigned long long)s.open.used, (unsigned long long)s.open.lifetime, in->id);
}
