// SPDX-License-Identifier: GPL-2.0-or-later
#include "budget.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct vw_share {
	LIST_ENTRY(vw_share) list;
	struct vw_endpoint who;
	unsigned int known;
	size_t held[__VW_GOOD_MAX];
	size_t guest[__VW_GOOD_MAX];	/* part of @held that was taken as a guest */
};

void vw_budget_init(struct vw_budget *b)
{
	memset(b, 0, sizeof(*b));
	for (int i = 0; i < VW_SHARES; i++)
		LIST_INIT(&b->share[i]);
}

void vw_budget_clear(struct vw_budget *b)
{
	struct vw_share *s;

	for (int i = 0; i < VW_SHARES; i++) {
		while ((s = LIST_FIRST(&b->share[i]))) {
			LIST_REMOVE(s, list);
			free(s);
		}
	}
}

/* There are no more shares than things held, so a poor spread costs little. */
static unsigned int bucket(const struct vw_endpoint *who)
{
	u32 h = 2166136261u;

	for (int i = 0; i < (who->family == 4 ? 4 : 16); i++)
		h = (h ^ who->addr[i]) * 16777619u;
	return (h ^ h >> 16) % VW_SHARES;
}

static struct vw_share *find(const struct vw_budget *b, const struct vw_endpoint *who)
{
	struct vw_share *s;

	LIST_FOREACH(s, &b->share[bucket(who)], list)
		if (vw_endpoint_same_addr(&s->who, who))
			return s;
	return NULL;
}

static struct vw_share *make(struct vw_budget *b, const struct vw_endpoint *who)
{
	struct vw_share *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->who = *who;
	LIST_INSERT_HEAD(&b->share[bucket(who)], s, list);
	return s;
}

/* A registration is the far side's word, so it is granted to guests as to others. */
static bool is_guest(const struct vw_share *s, enum vw_good good)
{
	return good != VW_GOOD_BINDINGS && (!s || (!s->known && !s->held[VW_GOOD_BINDINGS]));
}

/* What a sender may have in all, out of what is left. */
static size_t reach(const struct vw_budget *b, const struct vw_share *s, enum vw_good good,
		    size_t left)
{
	if (!is_guest(s, good))
		return left;
	return left > b->guests[good] ? (left - b->guests[good]) / 2 : 0;
}

static void hold(struct vw_budget *b, struct vw_share *s, enum vw_good good, size_t n)
{
	if (is_guest(s, good)) {
		s->guest[good] += n;
		b->guests[good] += n;
	}
	s->held[good] += n;
}

int vw_budget_take(struct vw_budget *b, const struct vw_endpoint *who, enum vw_good good,
		   size_t n)
{
	size_t left = b->limit[good] > b->used[good] ? b->limit[good] - b->used[good] : 0;
	struct vw_share *s;

	if (n > left)
		return -ENOSPC;
	if (who) {
		s = find(b, who);
		if ((s ? s->held[good] : 0) + n > reach(b, s, good, left))
			return -EDQUOT;
		if (!s)
			s = make(b, who);
		if (!s)
			return -ENOMEM;
		hold(b, s, good, n);
	}
	b->used[good] += n;
	return 0;
}

void vw_budget_put(struct vw_budget *b, const struct vw_endpoint *who, enum vw_good good,
		   size_t n)
{
	struct vw_share *s = find(b, who);

	if (!s)
		s = make(b, who);
	if (!s)
		return;
	hold(b, s, good, n);
	b->used[good] += n;
}

static bool is_empty(const struct vw_share *s)
{
	for (int i = 0; i < __VW_GOOD_MAX; i++)
		if (s->held[i])
			return false;
	return !s->known;
}

static void drop_empty(struct vw_share *s)
{
	if (!is_empty(s))
		return;
	LIST_REMOVE(s, list);
	free(s);
}

/* Without memory for it the sender stays a guest. */
void vw_budget_know(struct vw_budget *b, const struct vw_endpoint *who, bool known)
{
	struct vw_share *s = find(b, who);

	if (!s && known)
		s = make(b, who);
	if (!s || (!known && !s->known))
		return;
	s->known += known ? 1 : -1u;
	drop_empty(s);
}

/* What was taken as a guest goes first. */
static void let_go(struct vw_budget *b, struct vw_share *s, enum vw_good good, size_t n)
{
	size_t guest = n < s->guest[good] ? n : s->guest[good];

	s->guest[good] -= guest;
	b->guests[good] -= guest;
	s->held[good] -= n;
	drop_empty(s);
}

void vw_budget_give(struct vw_budget *b, const struct vw_endpoint *who, enum vw_good good,
		    size_t n)
{
	struct vw_share *s = who ? find(b, who) : NULL;

	if (who && !s)
		return;
	/* what vw_budget_put() had no memory for was never counted */
	if (s && n > s->held[good])
		n = s->held[good];
	b->used[good] -= n;
	if (s)
		let_go(b, s, good, n);
}

size_t vw_budget_held(const struct vw_budget *b, const struct vw_endpoint *who,
		      enum vw_good good)
{
	const struct vw_share *s = find(b, who);

	return s ? s->held[good] : 0;
}
