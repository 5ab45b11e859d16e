// SPDX-License-Identifier: GPL-2.0-or-later
/* Dialogs and their ends: several branches, peers that move, strangers. */
#include "edge_flow.h"

static void test_forked(void **state)
{
	static const char other[] =
		"v=0\no=x 7 7 IN IP4 198.51.100.30\ns=-\nc=IN IP4 198.51.100.30\nt=0 0\n"
		"m=audio 7000 RTP/SAVP 8\n"
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"
		"AAAAX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 183, "b1", hq_answer);
	rig_next(r, false);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->dst.rtp, 6000);
	hq_answers(r, invite, 183, "b2", other);
	rig_next(r, false);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->dst.rtp, 7000);
	assert_int_equal(r->nstream, 2);
	/* the own key has gone out to both: its index goes on */
	assert_int_equal(r->added, 3);
	hq_answers(r, invite, 200, "b1", hq_answer);
	rig_next(r, false);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->dst.rtp, 6000);
	assert_int_equal(LIST_FIRST(&r->e->calls)->nbranch, 1);
	rig_free(r);
}

/* Phones that ring together are sealed by one stream, so with one key. */
static void test_forked_to_phones(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char uri[512], req[4096], key[128];

	(void)state;
	do_register(r, uri, sizeof(uri));
	hq_request(r, "INVITE", uri, "", 1, "in1", hq_offer);
	snprintf(req, sizeof(req), "%s", rig_next(r, false));
	phone_answers(r, req, 183, "p1", phone_sdp);
	snprintf(key, sizeof(key), "%s", rig_key(rig_next(r, true)));
	phone_answers(r, req, 183, "p2", phone_sdp);
	assert_string_equal(rig_key(rig_next(r, true)), key);
	phone_answers(r, req, 200, "p1", phone_sdp);
	assert_string_equal(rig_key(rig_next(r, true)), key);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->changed, 0);
	rig_free(r);
}

/*
 * Other branches of the INVITE end, each in its own way, and the call goes on: a phone
 * need not know what to do with a second answer.
 */
static void test_losing_branches(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *invite = establish(r);
	const char *s;

	(void)state;
	hq_answers(r, invite, 487, "b3", NULL);
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	rig_silence(r);
	assert_int_equal(r->nstream, 2);
	hq_answers(r, invite, 183, "b4", hq_answer);
	rig_silence(r);
	hq_answers(r, invite, 200, "b2", hq_answer);
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	s = rig_next(r, true);
	assert_memory_equal(s, "BYE ", 4);
	assert_non_null(strstr(rig_header(s, "To"), "tag=b2"));
	rig_hq_says(r, NULL, "SIP/2.0 200 OK\nVia: %s\nFrom: %s\nTo: %s\nCall-ID: %s\nCSeq: %s\n",
		    rig_header(s, "Via"), rig_header(s, "From"), rig_header(s, "To"),
		    rig_header(s, "Call-ID"), rig_header(s, "CSeq"));
	/* its 200 was repeated before the ACK arrived; the BYE is done */
	hq_answers(r, invite, 200, "b2", hq_answer);
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	rig_silence(r);
	/* the winner's comes again too */
	hq_answers(r, invite, 200, "bbb", hq_answer);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 200 ", 12);
	rig_wait(r, VW_TXN_MS + 200);
	rig_silence(r);
	assert_int_equal(r->e->ncall, 1);
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

/* The caller gives an early dialog up while its answer is under way (RFC 3261, 15). */
static void test_bye_crosses_answer(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 183, "bbb", hq_answer);
	rig_next(r, false);
	phone_in_dialog(r, "BYE", 11, "bye1", "bbb", NULL);
	s = rig_next(r, true);
	hq_answers(r, s, 200, "bbb", NULL);
	rig_next(r, false);
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(r->nstream, 0);
	for (int i = 0; i < 2; i++) {
		hq_answers(r, invite, 200, "bbb", hq_answer);
		assert_memory_equal(rig_next(r, true), "ACK ", 4);
		if (i)
			break;
		assert_memory_equal(rig_next(r, true), "BYE ", 4);
		s = rig_next(r, false);
		assert_memory_equal(s, "SIP/2.0 487 ", 12);
		assert_null(strstr(s, HQ_KEY));
	}
	rig_silence(r);
	assert_int_equal(r->nstream, 0);
	phone_in_dialog(r, "ACK", 10, "i1", "bbb", NULL);
	rig_silence(r);
	rig_free(r);
}

/* RFC 4568 7.1.4: another address and another key mean a new context, ours too. */
static void test_far_side_moves(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *invite = establish(r), req[4096], key[128];
	const char *s;

	(void)state;
	snprintf(key, sizeof(key), "%s", rig_key(invite));
	hq_in_call(r, "INVITE", 1, "m1", hq_moved);
	s = rig_next(r, false);
	assert_null(rig_header(s, "Route"));
	snprintf(req, sizeof(req), "%s", s);
	phone_answers(r, req, 200, "aaa", phone_sdp);
	s = rig_next(r, true);
	assert_string_not_equal(rig_key(s), key);
	assert_int_not_equal(rig_port(s), rig_port(invite));
	assert_int_equal(r->nstream, 2);
	assert_int_equal(r->added, 4);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->dst.rtp, 6666);
	/* the old port rests, the call holds no more than it needs */
	assert_int_equal(vw_ports_used(r->e->trunk[0]->ports), 1);
	rig_free(r);
}

/* The answer in an ACK is carried across, also where the ACK has the INVITE's branch. */
static void test_ack_with_old_branch(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", NULL, invite, sizeof(invite));
	hq_answers(r, invite, 200, "bbb", hq_offer);
	rig_next(r, false);
	phone_in_dialog(r, "ACK", 10, "i1", "bbb", phone_sdp);
	s = rig_next(r, true);
	assert_memory_equal(s, "ACK ", 4);
	assert_null(strstr(s, "RTP/AVP"));
	assert_non_null(rig_key(s));
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

/* Another phone that knows Call-ID and tags gets nowhere. */
static void test_not_its_dialog(void **state)
{
	static const char info[] =
		"INFO sip:2001@198.51.100.20:5060 SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 10.1.100.66:5060;branch=z9hG4bKx1\r\nMax-Forwards: 70\r\n"
		"From: <sip:1001@hq.example>;tag=aaa\r\nTo: <sip:2001@hq.example>;tag=bbb\r\n"
		"Call-ID: c1@10.1.100.11\r\nCSeq: 99 INFO\r\n"
		"Contact: <sip:1001@10.1.100.66>\r\nContent-Length: 0\r\n\r\n";
	const struct vw_endpoint other = { .addr = { 10, 1, 100, 66 }, .port = 5060, .family = 4 };
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	establish(r);
	vw_edge_input(r->e, NULL, &other, info, strlen(info));
	assert_memory_equal(rig_next(r, false), "SIP/2.0 481 ", 12);
	rig_silence(r);
	hq_in_call(r, "INVITE", 1, "m1", hq_moved);
	rig_next(r, false);
	assert_true(vw_endpoint_equal(&r->sent[(r->nread - 1) % RIG_MAX].to, &rig_phone));
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forked),
		cmocka_unit_test(test_forked_to_phones),
		cmocka_unit_test(test_losing_branches),
		cmocka_unit_test(test_bye_crosses_answer),
		cmocka_unit_test(test_far_side_moves),
		cmocka_unit_test(test_ack_with_old_branch),
		cmocka_unit_test(test_not_its_dialog),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
