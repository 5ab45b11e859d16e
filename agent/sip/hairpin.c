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

/* Whose port is the one that a section of the gateway's own address leads to? */
static struct vw_call *owner_of(const struct vw_edge *e, const struct vw_call *c,
				const struct vw_lane *l, size_t trunk)
{
	struct vw_trunk *t = e->trunk[trunk];

	/* several trunks may have one address */
	return vw_endpoint_same_addr(&t->local, &c->trunk->local) ?
	       vw_ports_owner(t->ports, l->leg[VW_WAN].rtp.port) : NULL;
}

struct vw_call *vw_hairpin_other(const struct vw_edge *e, const struct vw_call *c)
{
	const struct vw_pact *p = pact_of(c);
	struct vw_call *d;
	int i;

	for (i = 0; p && i < p->nlane && !is_own(c, &p->lane[i]); i++)
		;
	if (!p || i == p->nlane)
		return NULL;
	for (size_t t = 0; t < e->ntrunk; t++) {
		d = owner_of(e, c, &p->lane[i], t);
		if (d && d != c && meets(c, d))
			return d;
	}
	return NULL;
}

void vw_hairpin_part(struct vw_call *c)
{
	if (c->half)
		c->half->half = NULL;
	c->half = NULL;
}

void vw_hairpin_join(struct vw_call *c, struct vw_call *other)
{
	if (c->half == other)
		return;
	vw_hairpin_part(c);
	if (!other)
		return;
	vw_hairpin_part(other);
	c->half = other;
	other->half = c;
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
