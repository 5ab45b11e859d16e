// SPDX-License-Identifier: GPL-2.0-or-later
#include "session.h"

#include <stdlib.h>

static struct vw_secret *copy_secret(const struct vw_secret *s, bool *ok)
{
	struct vw_secret *c;

	if (!s)
		return NULL;
	c = vw_secret_copy(s->data, s->len);
	*ok &= c != NULL;
	return c;
}

static void free_leg(struct vw_leg *leg)
{
	for (u8 i = 0; i < leg->nown; i++)
		vw_secret_free(leg->own[i].master);
	for (int i = 0; i < VW_SDES_KEYS; i++)
		vw_secret_free(leg->key[i].master);
}

static bool copy_leg(struct vw_leg *leg)
{
	bool ok = true;

	for (u8 i = 0; i < leg->nown; i++)
		leg->own[i].master = copy_secret(leg->own[i].master, &ok);
	for (int i = 0; i < VW_SDES_KEYS; i++)
		leg->key[i].master = copy_secret(leg->key[i].master, &ok);
	return ok;
}

bool vw_leg_replace(struct vw_leg *leg, const struct vw_leg *with)
{
	free_leg(leg);
	*leg = *with;
	return copy_leg(leg);
}

/**
 * vw_pact_copy - a copy with keys of its own
 * @p: the pact; NULL makes an empty one
 *
 * Return: NULL when there is no memory.
 */
struct vw_pact *vw_pact_copy(const struct vw_pact *p)
{
	struct vw_pact *c = calloc(1, sizeof(*c));
	bool ok = true;

	if (!c || !p)
		return c;
	*c = *p;
	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++)
		for (int s = 0; s < VW_SIDES; s++)
			ok &= copy_leg(&c->lane[i].leg[s]);
	if (ok)
		return c;
	vw_pact_free(c);
	return NULL;
}

void vw_pact_free(struct vw_pact *p)
{
	if (!p)
		return;
	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++)
		for (int s = 0; s < VW_SIDES; s++)
			free_leg(&p->lane[i].leg[s]);
	free(p);
}

bool vw_pact_uses(const struct vw_pact *p, enum vw_side side, u16 port)
{
	for (int i = 0; p && i < p->nlane; i++)
		if (p->lane[i].leg[side].port == port)
			return true;
	return false;
}

bool vw_pact_held(const struct vw_pact *p)
{
	for (int i = 0; p && i < p->nlane; i++) {
		const struct vw_leg *leg = p->lane[i].leg;

		if (p->lane[i].kind == VW_LANE_ON && (leg[VW_VOICE].away || leg[VW_VOICE].inactive ||
						      leg[VW_WAN].away || leg[VW_WAN].inactive))
			return true;
	}
	return false;
}

u16 vw_pact_suite(const struct vw_pact *p)
{
	for (int i = 0; p && i < p->nlane; i++)
		if (p->lane[i].kind == VW_LANE_ON && p->lane[i].leg[VW_WAN].secure)
			return p->lane[i].leg[VW_WAN].suite;
	return VOXWALL_SUITE_NONE;
}

bool vw_pact_active(const struct vw_pact *p)
{
	for (int i = 0; p && i < p->nlane; i++)
		if (p->lane[i].kind == VW_LANE_ON)
			return true;
	return false;
}
