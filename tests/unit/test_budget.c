// SPDX-License-Identifier: GPL-2.0-or-later
/* Shares: nobody starves, nothing gets lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "../../agent/sip/budget.h"

#define GOOD	VW_GOOD_PORTS

static struct vw_budget b;

static int setup(void **state)
{
	(void)state;
	vw_budget_init(&b);
	b.limit[GOOD] = 1000;
	return 0;
}

static struct vw_endpoint sender(u8 n)
{
	return (struct vw_endpoint){ .addr = { 10, 1, 100, n }, .port = n, .family = 4 };
}

static struct vw_endpoint known(u8 n)
{
	struct vw_endpoint who = sender(n);

	vw_budget_know(&b, &who, true);
	return who;
}

static int teardown(void **state)
{
	(void)state;
	vw_budget_clear(&b);
	return 0;
}

/* One at a time until it is refused. */
static size_t grab_as(struct vw_endpoint who)
{
	size_t got = 0;

	while (!vw_budget_take(&b, &who, GOOD, 1))
		got++;
	assert_int_equal(vw_budget_take(&b, &who, GOOD, 1), -EDQUOT);
	return got;
}

static size_t grab(u8 n)
{
	return grab_as(known(n));
}

static void test_shares(void **state)
{
	static const size_t shares[] = { 500, 250, 125, 63, 31 };

	(void)state;
	for (u8 i = 0; i < ARRAY_SIZE(shares); i++)
		assert_int_equal(grab(i), shares[i]);
}

/* Those who come in turns have equal shares, and leave one of the same size. */
static void test_equal_shares(void **state)
{
	size_t got[4] = { 0 };
	bool more = true;

	(void)state;
	for (u8 i = 0; i < 4; i++)
		known(i);
	while (more) {
		more = false;
		for (u8 i = 0; i < 4; i++) {
			struct vw_endpoint who = sender(i);

			if (!vw_budget_take(&b, &who, GOOD, 1)) {
				got[i]++;
				more = true;
			}
		}
	}
	for (int i = 0; i < 4; i++)
		assert_int_equal(got[i], 200);
	assert_int_equal(grab(9), 100);
}

static void test_the_edge_itself(void **state)
{
	(void)state;
	grab(1);
	assert_int_equal(vw_budget_take(&b, NULL, GOOD, 501), -ENOSPC);
	assert_int_equal(vw_budget_take(&b, NULL, GOOD, 500), 0);
	assert_int_equal(vw_budget_take(&b, NULL, GOOD, 1), -ENOSPC);
	vw_budget_give(&b, NULL, GOOD, 500);
	assert_int_equal(b.used[GOOD], 500);
}

static void test_a_port_is_no_sender(void **state)
{
	struct vw_endpoint who = sender(1);

	(void)state;
	grab(1);
	who.port = 9;
	assert_int_equal(vw_budget_take(&b, &who, GOOD, 1), -EDQUOT);
}

/* Who holds nothing isn't remembered, and can't take what was never his. */
static void test_given_back(void **state)
{
	struct vw_endpoint who = sender(1), other = sender(2);

	(void)state;
	b.limit[VW_GOOD_BYTES] = 10;
	assert_int_equal(vw_budget_take(&b, &who, GOOD, 400), 0);
	assert_int_equal(vw_budget_take(&b, &who, VW_GOOD_BYTES, 4), 0);
	assert_int_equal(vw_budget_held(&b, &who, GOOD), 400);
	vw_budget_give(&b, &other, GOOD, 400);
	assert_int_equal(b.used[GOOD], 400);
	vw_budget_give(&b, &who, GOOD, 400);
	assert_int_equal(vw_budget_held(&b, &who, VW_GOOD_BYTES), 4);
	vw_budget_give(&b, &who, VW_GOOD_BYTES, 4);
	assert_int_equal(b.used[GOOD], 0);
	assert_int_equal(b.used[VW_GOOD_BYTES], 0);
	for (int i = 0; i < VW_SHARES; i++)
		assert_true(LIST_EMPTY(&b.share[i]));
}

/* However many addresses one has, others have as much as he and all of them together. */
static void test_guests(void **state)
{
	static const size_t shares[] = { 250, 125, 63, 31, 16 };

	(void)state;
	for (u8 i = 0; i < ARRAY_SIZE(shares); i++)
		assert_int_equal(grab_as(sender(i)), shares[i]);
	for (u8 i = 100; i < 200; i++)
		grab_as(sender(i));
	assert_in_range(b.guests[GOOD], 485, 500);
	assert_int_equal(grab(9), (1000 - b.guests[GOOD]) / 2);
}

/* One that is accepted by the far side is a sender of its own from then on. */
static void test_registered(void **state)
{
	struct vw_endpoint who = sender(1);
	size_t guest = grab_as(who);

	(void)state;
	b.limit[VW_GOOD_BINDINGS] = 10;
	assert_int_equal(vw_budget_take(&b, &who, VW_GOOD_BINDINGS, 1), 0);
	assert_int_equal(b.guests[VW_GOOD_BINDINGS], 0);
	assert_int_equal(grab_as(who), 500 - guest);
	vw_budget_give(&b, &who, VW_GOOD_BINDINGS, 1);
	assert_int_equal(vw_budget_take(&b, &who, GOOD, 1), -EDQUOT);
	vw_budget_give(&b, &who, GOOD, guest);
	assert_int_equal(b.guests[GOOD], 0);
	vw_budget_give(&b, &who, GOOD, 500 - guest);
	assert_int_equal(b.used[GOOD], 0);
	for (int i = 0; i < VW_SHARES; i++)
		assert_true(LIST_EMPTY(&b.share[i]));
}

/* After a restart more may be in use than would be granted now. */
static void test_put(void **state)
{
	struct vw_endpoint who = sender(1), other = sender(2);

	(void)state;
	vw_budget_put(&b, &who, GOOD, 1200);
	assert_int_equal(vw_budget_take(&b, &other, GOOD, 1), -ENOSPC);
	vw_budget_give(&b, &who, GOOD, 1200);
	assert_int_equal(vw_budget_take(&b, &other, GOOD, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_shares, setup, teardown),
		cmocka_unit_test_setup_teardown(test_equal_shares, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_edge_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_port_is_no_sender, setup, teardown),
		cmocka_unit_test_setup_teardown(test_given_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_guests, setup, teardown),
		cmocka_unit_test_setup_teardown(test_registered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_put, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
