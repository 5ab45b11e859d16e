// SPDX-License-Identifier: GPL-2.0-or-later
/* A key seals one stream in its life. */
#include "edge_flow.h"

/* A stream that is made again must not begin with the key of the one that ended. */
static void test_key_of_an_ended_stream(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *invite = establish(r), key[3][128], req[4096];

	(void)state;
	snprintf(key[0], sizeof(key[0]), "%s", rig_key(invite));
	rig_idle(r, VOXWALL_ZONE_VOICE);
	phone_in_dialog(r, "INVITE", 11, "re1", "bbb", phone_sdp);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	snprintf(key[1], sizeof(key[1]), "%s", rig_key(req));
	assert_string_not_equal(key[1], key[0]);
	assert_non_null(strstr(req, "o=1001 1 2 IN IP4 192.0.2.2\r\n"));
	hq_answers(r, req, 200, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->added, 3);
	phone_in_dialog(r, "ACK", 11, "ack2", "bbb", NULL);
	rig_next(r, true);
	/* and the other way about, where the key goes out with the answer */
	rig_idle(r, VOXWALL_ZONE_VOICE);
	hq_in_call(r, "INVITE", 1, "r1", hq_answer);
	phone_answers(r, rig_next(r, false), 200, "aaa", phone_sdp);
	snprintf(key[2], sizeof(key[2]), "%s", rig_key(rig_next(r, true)));
	assert_string_not_equal(key[2], key[0]);
	assert_string_not_equal(key[2], key[1]);
	assert_int_equal(r->added, 4);
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

/* The other direction seals nothing towards the trunk: the key in use goes on. */
static void test_key_of_a_living_stream(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *invite = establish(r), req[4096];

	(void)state;
	rig_idle(r, VOXWALL_ZONE_WAN);
	phone_in_dialog(r, "INVITE", 11, "re1", "bbb", phone_sdp);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	assert_string_equal(rig_key(req), rig_key(invite));
	hq_answers(r, req, 200, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->added, 3);
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

/* It ended between answer and confirmation: the key is out, nothing can be saved. */
static void test_key_gone_before_the_call(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 183, "bbb", hq_answer);
	rig_next(r, false);
	rig_idle(r, VOXWALL_ZONE_VOICE);
	hq_answers(r, invite, 200, "bbb", hq_answer);
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	assert_memory_equal(rig_next(r, true), "BYE ", 4);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 500 ", 12);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->nstream, 0);
	assert_int_equal(r->e->ncall, 0);
	rig_free(r);
}

/* RTCP on the port of RTP, or no more: the streams stay, and with them the keys. */
static void test_key_when_ports_join(void **state)
{
	static const char phone_mux[] =
		"v=0\no=1001 1 2 IN IP4 10.1.100.11\ns=-\nc=IN IP4 10.1.100.11\nt=0 0\n"
		"m=audio 4000 RTP/AVP 8\na=rtcp-mux\n";
	char hq_mux[1024], req[4096];
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *invite = establish(r);
	const char *s;

	(void)state;
	snprintf(hq_mux, sizeof(hq_mux), "%sa=rtcp-mux\n", hq_answer);
	phone_in_dialog(r, "INVITE", 11, "re1", "bbb", phone_mux);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	assert_string_equal(rig_key(req), rig_key(invite));
	hq_answers(r, req, 200, "bbb", hq_mux);
	assert_non_null(strstr(rig_next(r, false), "a=rtcp-mux"));
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->dst.rtcp, 6000);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->remote.rtcp, 4000);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->dst.rtcp, 4000);
	phone_in_dialog(r, "ACK", 11, "ack2", "bbb", NULL);
	rig_next(r, true);
	/* offered as it was, and the answer undoes it */
	phone_in_dialog(r, "INVITE", 12, "re2", "bbb", phone_mux);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	hq_answers(r, req, 200, "bbb", hq_answer);
	s = rig_next(r, false);
	assert_null(strstr(s, "a=rtcp-mux"));
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->dst.rtcp, 6001);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->dst.rtcp, 4001);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_of_an_ended_stream),
		cmocka_unit_test(test_key_of_a_living_stream),
		cmocka_unit_test(test_key_gone_before_the_call),
		cmocka_unit_test(test_key_when_ports_join),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
