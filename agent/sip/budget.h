/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who holds how much of what there isn't much of. Two rules: nobody takes what
 * isn't there, and no sender may hold more than is still left for all others.
 * So one alone gets half, two get a third each, and however many are greedy,
 * the next one still finds as much as each of them has.
 *
 * Addresses can be forged, and each would be another sender. Only those that are known
 * count as such: trunks, and phones whose registration the far side has accepted. All
 * others are guests. They have the same two rules among themselves, but over what is
 * left for a single sender.
 */
#ifndef VW_SIP_BUDGET_H
#define VW_SIP_BUDGET_H

#include <stddef.h>
#include <sys/queue.h>

#include "../media/endpoint.h"

enum vw_good {
	VW_GOOD_BYTES,	/* of messages, calls and what they agree on */
	VW_GOOD_TXNS,	/* transactions */
	VW_GOOD_CALLS,
	VW_GOOD_EARLY,	/* calls that nobody has answered yet */
	VW_GOOD_PORTS,	/* pairs of media ports */
	VW_GOOD_BINDINGS,	/* registrations */
	__VW_GOOD_MAX
};

#define VW_SHARES	1024	/* buckets */

struct vw_share;

/**
 * struct vw_budget - what there is and who has it
 * @limit: of each good
 * @used: of each good
 * @guests: part of @used that guests have
 * @share: of senders that hold something
 */
struct vw_budget {
	size_t limit[__VW_GOOD_MAX];
	size_t used[__VW_GOOD_MAX];
	size_t guests[__VW_GOOD_MAX];
	LIST_HEAD(, vw_share) share[VW_SHARES];
};

void vw_budget_init(struct vw_budget *b);
/* With everything given back nothing is left to free; this is for the rest. */
void vw_budget_clear(struct vw_budget *b);

/**
 * vw_budget_take - take some of a good
 * @b: the budget
 * @who: the sender, by address; NULL: the gateway, which the second rule spares
 * @good: which
 * @n: how much
 *
 * Return: 0; -ENOSPC: there isn't as much; -EDQUOT: not for this sender; -ENOMEM.
 */
int vw_budget_take(struct vw_budget *b, const struct vw_endpoint *who, enum vw_good good,
		   size_t n);
/* A sender is known without a registration, or isn't any more; calls are counted. */
void vw_budget_know(struct vw_budget *b, const struct vw_endpoint *who, bool known);
/* As taken before a restart: nothing is asked, but it counts. */
void vw_budget_put(struct vw_budget *b, const struct vw_endpoint *who, enum vw_good good,
		   size_t n);
/* Give back what was taken by the same sender; never more than it holds. */
void vw_budget_give(struct vw_budget *b, const struct vw_endpoint *who, enum vw_good good,
		    size_t n);
/* What a sender holds. */
size_t vw_budget_held(const struct vw_budget *b, const struct vw_endpoint *who,
		      enum vw_good good);

#endif
