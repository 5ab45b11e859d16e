// SPDX-License-Identifier: GPL-2.0-or-later
#include "budget.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct vw_share {
	LIST_ENTRY(vw_share) list;
	struct vw_endpoint who;
	size_t held[__VW_GOOD_MAX];
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

int vw_budget_take(struct vw_budget *b, const struct vw_endpoint *who, enum vw_good good,
		   size_t n)
{
	size_t left = b->limit[good] > b->used[good] ? b->limit[good] - b->used[good] : 0;
	struct vw_share *s;

	if (n > left)
		return -ENOSPC;
	if (who) {
		s = find(b, who);
		if ((s ? s->held[good] : 0) + n > left)
			return -EDQUOT;
		if (!s)
			s = make(b, who);
		if (!s)
			return -ENOMEM;
		s->held[good] += n;
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
	s->held[good] += n;
	b->used[good] += n;
}

static bool is_empty(const struct vw_share *s)
{
	for (int i = 0; i < __VW_GOOD_MAX; i++)
		if (s->held[i])
			return false;
	return true;
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
	if (!s)
		return;
	s->held[good] -= n;
	if (!is_empty(s))
		return;
	LIST_REMOVE(s, list);
	free(s);
}

size_t vw_budget_held(const struct vw_budget *b, const struct vw_endpoint *who,
		      enum vw_good good)
{
	const struct vw_share *s = find(b, who);

	return s ? s->held[good] : 0;
}
