// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From phone to phone by way of the PBX: the call passes here twice, and each of its
 * halves is told that media goes to the gateway's own address on the trunk. There is
 * nothing to send there; the two phones are joined in the voice zone instead.
 */
#include "hairpin.h"

static const struct vw_pact *pact_of(const struct vw_call *c)
{
	return c->active ? c->active->cur : NULL;
}

static bool is_own(const struct vw_call *c, const struct vw_lane *l)
{
	return l->kind == VW_LANE_ON && vw_endpoint_same_addr(&l->leg[VW_WAN].rtp, &c->trunk->local);
}

bool vw_hairpin_is(const struct vw_call *c)
{
	const struct vw_pact *p = pact_of(c);

	for (int i = 0; p && i < p->nlane; i++)
		if (is_own(c, &p->lane[i]))
			return true;
	return false;
}

/* The key that one of them seals with is the one that the other opens with. */
static bool key_meets(const struct vw_leg *a, const struct vw_leg *b)
{
	if (!a->secure)
		return true;
	for (u8 i = 0; i < a->nown; i++)
		if (a->own[i].suite == a->suite &&
		    !memcmp(a->own[i].print, b->print, VW_KEY_PRINT))
			return true;
	return false;
}

static bool leg_meets(const struct vw_leg *a, const struct vw_leg *b)
{
	return a->rtp.port == b->port && a->secure == b->secure && key_meets(a, b);
}

/* Every section leads to the same one of the other call, and back. */
static bool meets(const struct vw_call *c, const struct vw_call *d)
{
	const struct vw_pact *a = pact_of(c), *b = pact_of(d);

	if (!b || a->nlane != b->nlane)
		return false;
	for (int i = 0; i < a->nlane; i++) {
		const struct vw_lane *la = &a->lane[i], *lb = &b->lane[i];

		if (la->kind != VW_LANE_ON && lb->kind != VW_LANE_ON)
			continue;
		if (!is_own(c, la) || !is_own(d, lb) ||
		    !vw_endpoint_same_addr(&c->trunk->local, &d->trunk->local) ||
		    !leg_meets(&la->leg[VW_WAN], &lb->leg[VW_WAN]) ||
		    !leg_meets(&lb->leg[VW_WAN], &la->leg[VW_WAN]))
			return false;
	}
	return true;
}

struct vw_call *vw_hairpin_other(const struct vw_edge *e, const struct vw_call *c)
{
	struct vw_call *d;

	if (!vw_hairpin_is(c))
		return NULL;
	LIST_FOREACH(d, &e->calls, list)
		if (d != c && meets(c, d))
			return d;
	return NULL;
}

struct vw_pact *vw_hairpin_pact(const struct vw_call *c, const struct vw_call *other)
{
	const struct vw_pact *theirs = pact_of(other);
	struct vw_pact *p = vw_pact_copy(pact_of(c));

	/* the other phone takes the trunk's place */
	for (int i = 0; p && i < p->nlane; i++) {
		p->lane[i].mux &= theirs->lane[i].mux;
		if (vw_leg_replace(&p->lane[i].leg[VW_WAN], &theirs->lane[i].leg[VW_VOICE]))
			continue;
		vw_pact_free(p);
		return NULL;
	}
	return p;
}

/* Does the media of @d go to a port of @c? */
static bool leads_to(const struct vw_call *d, const struct vw_call *c)
{
	const struct vw_pact *p = pact_of(d);

	for (int i = 0; p && i < p->nlane; i++)
		for (unsigned int j = 0; j < c->nport; j++)
			if (is_own(d, &p->lane[i]) && c->port[j].side == VW_WAN &&
			    c->port[j].port == p->lane[i].leg[VW_WAN].rtp.port)
				return true;
	return false;
}

struct vw_call *vw_hairpin_next(const struct vw_edge *e, const struct vw_call *c,
				struct vw_call *after)
{
	struct vw_call *d = after ? LIST_NEXT(after, list) : LIST_FIRST(&e->calls);

	for (; d; d = LIST_NEXT(d, list))
		if (d != c && leads_to(d, c))
			return d;
	return NULL;
}
