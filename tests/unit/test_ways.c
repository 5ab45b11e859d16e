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

/* The stream of what comes from a zone. */
static void latches(struct rig *r, u8 zone, u8 latch, u8 from)
{
	const struct vw_genl_stream *s = rig_stream(r, zone);

	assert_int_equal(s->latch, latch);
	assert_int_equal(s->latch_from.family ? s->latch_from.addr[3] : 0, from);
}

static const struct {
	u8 phones, trunk;	/* as configured */
	u8 voice, wan;		/* as installed: RTP from the phone, SRTP from the trunk */
	u8 from;		/* last byte of the phone's address, where it counts */
} latch_rows[] = {
	{ VOXWALL_LATCH_SDP, VOXWALL_LATCH_SDP, VOXWALL_LATCH_SDP, VOXWALL_LATCH_SDP, 0 },
	{ VOXWALL_LATCH_SYMMETRIC, VOXWALL_LATCH_SDP, VOXWALL_LATCH_SYMMETRIC,
	  VOXWALL_LATCH_SDP, 0 },
	{ VOXWALL_LATCH_FIRST_WITHIN, VOXWALL_LATCH_AUTHENTICATED, VOXWALL_LATCH_FIRST_WITHIN,
	  VOXWALL_LATCH_AUTHENTICATED, 11 },
	{ VOXWALL_LATCH_AUTHENTICATED, VOXWALL_LATCH_FIRST_WITHIN, VOXWALL_LATCH_SDP,
	  VOXWALL_LATCH_AUTHENTICATED, 0 },
	{ VOXWALL_LATCH_SDP, VOXWALL_LATCH_SYMMETRIC, VOXWALL_LATCH_SDP,
	  VOXWALL_LATCH_AUTHENTICATED, 0 },
};

static struct rig *rig_that_latches(u8 phones, u8 trunk)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	r->conf.latch = phones;
	((struct vw_conf_trunk *)r->conf.trunks)[0].latch = trunk;
	r->e->trunk[0]->conf.latch = trunk;
	return r;
}

static void test_latch(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(latch_rows); i++) {
		struct rig *r = rig_that_latches(latch_rows[i].phones, latch_rows[i].trunk);

		establish(r);
		latches(r, VOXWALL_ZONE_VOICE, latch_rows[i].voice, latch_rows[i].from);
		latches(r, VOXWALL_ZONE_WAN, latch_rows[i].wan, 0);
		rig_free(r);
	}
}

/* Hold and resume leave a latch alone; a new address is the module's to forget by. */
static void test_latch_stays(void **state)
{
	struct rig *r = rig_that_latches(VOXWALL_LATCH_SYMMETRIC, VOXWALL_LATCH_AUTHENTICATED);
	const char *s;

	(void)state;
	establish(r);
	r->changed = 0;
	phone_again(r, 11, "re1");
	assert_int_equal(r->changed, 0);
	phone_in_dialog(r, "ACK", 11, "a1", "bbb", NULL);
	rig_next(r, true);
	hq_in_call(r, "INVITE", 1, "b1", hq_moved);
	s = rig_next(r, false);
	phone_answers(r, s, 200, "aaa", phone_sdp);
	rig_next(r, true);
	latches(r, VOXWALL_ZONE_VOICE, VOXWALL_LATCH_SYMMETRIC, 0);
	latches(r, VOXWALL_ZONE_WAN, VOXWALL_LATCH_AUTHENTICATED, 0);
	rig_free(r);
}

/* Who waits for a first source waits from the answer on, once more. */
static void test_latch_answered(void **state)
{
	struct rig *r = rig_that_latches(VOXWALL_LATCH_FIRST_WITHIN, VOXWALL_LATCH_SDP);
	char invite[4096];

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 183, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->changed, 0);
	hq_answers(r, invite, 200, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->changed, 1);
	assert_int_equal(r->parts, VW_STREAM_LATCH);
	latches(r, VOXWALL_ZONE_VOICE, VOXWALL_LATCH_FIRST_WITHIN, 11);
	rig_free(r);
}

static void test_latch_restart(void **state)
{
	struct rig *r = rig_that_latches(VOXWALL_LATCH_FIRST_WITHIN, VOXWALL_LATCH_AUTHENTICATED);

	(void)state;
	establish(r);
	r->changed = 0;
	restart(r);
	phone_again(r, 11, "re1");
	/* nothing but the new key of the other direction */
	assert_int_equal(r->changed, 1);
	assert_int_equal(r->parts, VW_STREAM_SEAL);
	r->conf.latch = VOXWALL_LATCH_SDP;
	restart(r);
	latches(r, VOXWALL_ZONE_VOICE, VOXWALL_LATCH_FIRST_WITHIN, 11);
	phone_in_dialog(r, "ACK", 11, "a1", "bbb", NULL);
	rig_next(r, true);
	phone_again(r, 12, "re2");
	latches(r, VOXWALL_ZONE_VOICE, VOXWALL_LATCH_SDP, 0);
	latches(r, VOXWALL_ZONE_WAN, VOXWALL_LATCH_AUTHENTICATED, 0);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fastpath),
		cmocka_unit_test(test_fastpath_changes),
		cmocka_unit_test(test_fastpath_restart),
		cmocka_unit_test(test_latch),
		cmocka_unit_test(test_latch_stays),
		cmocka_unit_test(test_latch_answered),
		cmocka_unit_test(test_latch_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
