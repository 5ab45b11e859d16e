// SPDX-License-Identifier: GPL-2.0-or-later
/* How media travels: what the configuration says of it reaches the streams. */
#include "edge_flow.h"

static void all_leave(struct rig *r, bool fastpath_off)
{
	assert_int_equal(r->nstream, 2);
	for (int i = 0; i < 2; i++)
		assert_int_equal(r->stream[i].fastpath_off, fastpath_off);
}

static void phone_again(struct rig *r, unsigned int cseq, const char *branch)
{
	char re[4096];

	phone_in_dialog(r, "INVITE", cseq, branch, "bbb", phone_sdp);
	snprintf(re, sizeof(re), "%s", rig_next(r, true));
	hq_answers(r, re, 200, "bbb", hq_answer);
	rig_next(r, false);
}

static void test_fastpath(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	establish(r);
	all_leave(r, false);
	rig_free(r);
	r = rig_new(VW_MEDIA_SRTP);
	r->e->trunk[0]->conf.fastpath_off = true;
	establish(r);
	all_leave(r, true);
	rig_free(r);
}

/* A reload reaches a call with its next offer, without new streams or keys. */
static void test_fastpath_changes(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	establish(r);
	r->e->trunk[0]->conf.fastpath_off = true;
	phone_again(r, 11, "re1");
	all_leave(r, true);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->changed, 2);
	assert_int_equal(r->parts, VW_STREAM_FASTPATH);
	rig_free(r);
}

/* So does one that the agent has slept through. */
static void test_fastpath_restart(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	establish(r);
	((struct vw_conf_trunk *)r->conf.trunks)[0].fastpath_off = true;
	restart(r);
	all_leave(r, false);
	phone_again(r, 11, "re1");
	all_leave(r, true);
	assert_int_equal(r->added, 2);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fastpath),
		cmocka_unit_test(test_fastpath_changes),
		cmocka_unit_test(test_fastpath_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
