// SPDX-License-Identifier: GPL-2.0-or-later
/* The unit tests' tables of SRTP's arithmetic, as the kernel's compiler builds it. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../unit/srtp_rows.h"

static void index_estimate(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(index_rows); i++) {
		struct vw_replay w = { .top = index_rows[i].top, .seen = { 1 } };

		KUNIT_EXPECT_EQ_MSG(test, vw_srtp_index(&w, index_rows[i].seq),
				    index_rows[i].want, "%s", index_rows[i].row);
	}
}

static void first_index(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(first_rows); i++) {
		struct vw_replay w = { .top = first_rows[i].expected };

		KUNIT_EXPECT_EQ_MSG(test, vw_srtp_index(&w, first_rows[i].seq),
				    first_rows[i].want, "%s", first_rows[i].row);
	}
}

static void key_intervals(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(interval_rows); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    vw_srtp_interval(interval_rows[i].index, interval_rows[i].rate),
				    interval_rows[i].want, "%s", interval_rows[i].row);
}

static void replay_window(struct kunit *test)
{
	struct vw_replay w = { };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(replay_rows); i++) {
		KUNIT_EXPECT_EQ_MSG(test, vw_replay_check(&w, replay_rows[i].index),
				    replay_rows[i].want, "%s", replay_rows[i].row);
		if (!replay_rows[i].want)
			vw_replay_commit(&w, replay_rows[i].index);
	}
}

static void lives(struct kunit *test)
{
	struct vw_replay w[LIFE_SSRCS];
	const char *life = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(life_rows); i++) {
		const struct life_row *r = &life_rows[i];

		if (r->life) {
			life = r->life;
			memset(w, 0, sizeof(w));
		}
		KUNIT_EXPECT_EQ_MSG(test, life_meets(&w[r->ssrc - 1], r->index), r->want,
				    "%s: %s", life, r->row);
	}
}

static void senders(struct kunit *test)
{
	struct vw_sender sender;
	const char *life = "";
	struct vw_replay w;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sender_rows); i++) {
		const struct sender_row *r = &sender_rows[i];
		u64 index;

		if (r->life) {
			life = r->life;
			memset(&w, 0, sizeof(w));
			memset(&sender, 0, sizeof(sender));
		}
		KUNIT_EXPECT_EQ_MSG(test, sender_meets(&w, &sender, r->seq, &index), r->want,
				    "%s: %s", life, r->row);
		if (!r->want)
			KUNIT_EXPECT_EQ_MSG(test, index, r->index, "%s: %s", life, r->row);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(index_estimate),
	KUNIT_CASE(first_index),
	KUNIT_CASE(key_intervals),
	KUNIT_CASE(replay_window),
	KUNIT_CASE(lives),
	KUNIT_CASE(senders),
	{ }
};

static struct kunit_suite suite = {
	.name = "voxwall_srtp",
	.test_cases = cases,
};
kunit_test_suite(suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of voxwall's core in the kernel");
