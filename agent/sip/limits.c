// SPDX-License-Identifier: GPL-2.0-or-later
/* What calls and transactions may cost, and who pays. */
#include "edge_priv.h"

#define SAY_EVERY_MS	10000u

void vw_limits_init(struct vw_edge *e)
{
	vw_budget_init(&e->budget);
	e->budget.limit[VW_GOOD_BYTES] = VW_MAX_BYTES;
	e->budget.limit[VW_GOOD_TXNS] = VW_MAX_TXNS;
	e->budget.limit[VW_GOOD_CALLS] = VW_MAX_CALLS;
	e->budget.limit[VW_GOOD_EARLY] = VW_MAX_EARLY;
	e->budget.limit[VW_GOOD_BINDINGS] = VW_MAX_BINDINGS;
	e->budget.limit[VW_GOOD_PORTS] = vw_ports_count(e->ports);
}

static const char *good_name(enum vw_good good)
{
	switch (good) {
	case VW_GOOD_BYTES:
		return "memory";
	case VW_GOOD_TXNS:
		return "transactions";
	case VW_GOOD_CALLS:
		return "calls";
	case VW_GOOD_EARLY:
		return "unanswered calls";
	case VW_GOOD_PORTS:
		return "media ports";
	case VW_GOOD_BINDINGS:
		return "registrations";
	case __VW_GOOD_MAX:
		break;
	}
	return "something";
}

bool vw_limits_say(struct vw_edge *e)
{
	u64 now = vw_edge_now(e);

	if (e->said_full && now - e->said_full < SAY_EVERY_MS)
		return false;
	e->said_full = now;
	return true;
}

static void refused(struct vw_edge *e, const struct vw_endpoint *source, enum vw_good good,
		    bool share)
{
	char addr[VW_ENDPOINT_LEN];

	e->stat[share ? VW_STAT_SHARE : VW_STAT_FULL]++;
	if (!vw_limits_say(e))
		return;
	vw_warn("SIP of %s refused: %s %s", source ? vw_endpoint_addr(source, addr) : "the edge",
		share ? "it holds its share of" : "out of", good_name(good));
}

bool vw_limits_take(struct vw_edge *e, const struct vw_endpoint *source, enum vw_good good,
		    size_t n)
{
	int err = vw_budget_take(&e->budget, source, good, n);

	if (err)
		refused(e, source, good, err == -EDQUOT);
	return !err;
}

/* A trunk's calls all come from one address: only the fair share is for it. */
static bool phone_has_enough(const struct vw_edge *e, const struct vw_call *c)
{
	return c->from == VW_VOICE &&
	       vw_budget_held(&e->budget, &c->source, VW_GOOD_EARLY) >= VW_PHONE_EARLY;
}

bool vw_call_take(struct vw_edge *e, struct vw_call *c, enum vw_good good, size_t n)
{
	if (good == VW_GOOD_EARLY && phone_has_enough(e, c)) {
		refused(e, &c->source, good, true);
		return false;
	}
	if (!vw_limits_take(e, &c->source, good, n))
		return false;
	c->held[good] += n;
	return true;
}

void vw_call_give(struct vw_edge *e, struct vw_call *c, enum vw_good good, size_t n)
{
	if (n > c->held[good])
		n = c->held[good];
	c->held[good] -= n;
	vw_budget_give(&e->budget, &c->source, good, n);
}

static size_t text_weight(const char *s)
{
	return s ? strlen(s) + 1 : 0;
}

static size_t pact_weight(const struct vw_pact *p)
{
	return p ? sizeof(*p) : 0;
}

static size_t party_weight(const struct vw_party *p)
{
	return text_weight(p->name) + text_weight(p->target) + text_weight(p->routes);
}

static size_t branch_weight(const struct vw_branch *b)
{
	size_t n = sizeof(*b) + text_weight(b->tag) + pact_weight(b->cur) + pact_weight(b->pending);

	for (int i = 0; i < VW_SIDES; i++)
		n += party_weight(&b->party[i]);
	for (int i = 0; i < VW_MEMOS; i++)
		n += b->memo[i].out.cap;
	return n;
}

static size_t weight(const struct vw_call *c)
{
	const struct vw_branch *b;
	size_t n = sizeof(*c) + text_weight(c->call_id) + text_weight(c->tag) +
		   text_weight(c->caller) + text_weight(c->callee) + party_weight(&c->party) +
		   party_weight(&c->callee_party) + pact_weight(c->offer) +
		   c->streams.nused * sizeof(*c->streams.used);

	LIST_FOREACH(b, &c->branches, list)
		n += branch_weight(b);
	return n;
}

static size_t voice_ports(const struct vw_call *c)
{
	size_t n = 0;

	for (unsigned int i = 0; i < c->nport; i++)
		n += c->port[i].side == VW_VOICE;
	return n;
}

void vw_call_restored(struct vw_edge *e, struct vw_call *c)
{
	c->held[VW_GOOD_CALLS] = 1;
	c->held[VW_GOOD_PORTS] = voice_ports(c);
	c->held[VW_GOOD_BYTES] = weight(c);
	for (int i = 0; i < __VW_GOOD_MAX; i++)
		if (c->held[i])
			vw_budget_put(&e->budget, &c->source, (enum vw_good)i, c->held[i]);
}

bool vw_call_weigh(struct vw_edge *e, struct vw_call *c)
{
	size_t now = weight(c), before = c->held[VW_GOOD_BYTES];

	if (now > before)
		return vw_call_take(e, c, VW_GOOD_BYTES, now - before);
	vw_call_give(e, c, VW_GOOD_BYTES, before - now);
	return true;
}
