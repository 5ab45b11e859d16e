// SPDX-License-Identifier: GPL-2.0-or-later
/* Offers and answers in the wrong place, too many, or at the wrong time. */
#include "edge_flow.h"

#define MULTI	"Content-Type: multipart/mixed;boundary=b\n"

/* The same description twice, as the two parts of a body. */
static char *two_parts(const char *sdp)
{
	static char buf[4096];

	snprintf(buf, sizeof(buf), "--b\nContent-Type: application/sdp\n\n%s\n"
		 "--b\nContent-Type: application/sdp\n\n%s\n--b--\n", sdp, sdp);
	return buf;
}

static void test_two_offers_in_one(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	rig_phone_says(r, two_parts(phone_sdp),
		"INVITE sip:2001@hq.example SIP/2.0\n" PHONE_VIA
		"Max-Forwards: 70\nFrom: <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>\nCall-ID: c1@10.1.100.11\nCSeq: 10 INVITE\n"
		"Contact: <sip:1001@10.1.100.11:5060>\n" MULTI, "i1");
	assert_memory_equal(rig_next(r, false), "SIP/2.0 400 ", 12);
	assert_int_equal(r->e->ncall, 0);
	rig_silence(r);
	rig_free(r);
}

static void test_two_answers_in_one(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char via[512];
	const char *s;

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	snprintf(via, sizeof(via), "%s", rig_header(rig_next(r, true), "Via"));
	rig_hq_says(r, two_parts(hq_answer),
		"SIP/2.0 200 OK\nVia: %s\n" PHONE_VIA
		"From: \"One\" <sip:1001@hq.example>;tag=aaa\nTo: <sip:2001@hq.example>;tag=bbb\n"
		"Call-ID: c1@10.1.100.11\nCSeq: 10 INVITE\n"
		"Contact: <sip:2001@198.51.100.20:5060>\n" MULTI, via, "i1");
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	assert_memory_equal(rig_next(r, true), "BYE ", 4);
	s = rig_next(r, false);
	assert_memory_equal(s, "SIP/2.0 488 ", 12);
	assert_null(strstr(s, HQ_KEY));
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(r->nstream, 0);
	rig_silence(r);
	rig_free(r);
}

/* Nobody has asked for it: it goes no further, and the call goes on. */
static void test_answer_to_nothing(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 200, "bbb", hq_answer);
	rig_next(r, false);
	phone_in_dialog(r, "ACK", 10, "ack1", "bbb", phone_sdp);
	s = rig_next(r, true);
	assert_memory_equal(s, "ACK ", 4);
	assert_string_equal(rig_body(s), "");
	assert_string_equal(rig_header(s, "Content-Length"), "0");
	assert_null(rig_header(s, "Content-Type"));
	rig_silence(r);
	assert_int_equal(r->e->ncall, 1);
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

/* RFC 3261 14.2: both want to change the session; each hears it from the edge. */
static void test_glare(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char req[4096];
	const char *s;

	(void)state;
	establish(r);
	hq_in_call(r, "INVITE", 11, "g1", hq_answer);
	snprintf(req, sizeof(req), "%s", rig_next(r, false));
	phone_in_dialog(r, "INVITE", 11, "g2", "bbb", phone_sdp);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 491 ", 12);
	phone_in_dialog(r, "INVITE", 12, "g3", "bbb", NULL);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 491 ", 12);
	phone_in_dialog(r, "UPDATE", 13, "g4", "bbb", phone_sdp);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 491 ", 12);
	/* the one that was first goes on */
	hq_in_call(r, "UPDATE", 12, "g5", hq_answer);
	s = rig_next(r, true);
	assert_memory_equal(s, "SIP/2.0 500 ", 12);
	assert_in_range(atoi(rig_header(s, "Retry-After")), 0, 10);
	phone_answers(r, req, 200, "aaa", phone_sdp);
	assert_memory_equal(rig_next(r, true), "SIP/2.0 200 ", 12);
	rig_silence(r);
	assert_int_equal(r->nstream, 2);
	assert_int_equal(r->e->ncall, 1);
	phone_in_dialog(r, "UPDATE", 14, "g6", "bbb", phone_sdp);
	assert_memory_equal(rig_next(r, true), "UPDATE ", 7);
	rig_free(r);
}

/* An offer that is never answered doesn't block the call for ever. */
static void test_offers_end(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char req[4096];

	(void)state;
	establish(r);
	phone_in_dialog(r, "UPDATE", 11, "u1", "bbb", phone_sdp);
	hq_answers(r, rig_next(r, true), 200, "bbb", NULL);
	rig_next(r, false);
	phone_in_dialog(r, "UPDATE", 12, "u2", "bbb", phone_sdp);
	hq_answers(r, rig_next(r, true), 500, "bbb", NULL);
	rig_next(r, false);
	phone_in_dialog(r, "UPDATE", 13, "u3", "bbb", phone_sdp);
	rig_next(r, true);
	rig_wait(r, VW_TXN_MS + 100);
	/* a late offer, and an ACK that doesn't answer it */
	phone_in_dialog(r, "INVITE", 14, "u4", "bbb", NULL);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	hq_answers(r, req, 200, "bbb", hq_offer);
	rig_next(r, false);
	phone_in_dialog(r, "ACK", 14, "u5", "bbb", NULL);
	rig_next(r, true);
	hq_in_call(r, "UPDATE", 14, "u6", hq_answer);
	assert_memory_equal(rig_next(r, false), "UPDATE ", 7);
	/* the ACK comes again: it isn't what the UPDATE waits for */
	phone_in_dialog(r, "ACK", 14, "u5", "bbb", NULL);
	rig_next(r, true);
	phone_in_dialog(r, "UPDATE", 15, "u7", "bbb", phone_sdp);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 491 ", 12);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_offers_in_one),
		cmocka_unit_test(test_two_answers_in_one),
		cmocka_unit_test(test_answer_to_nothing),
		cmocka_unit_test(test_glare),
		cmocka_unit_test(test_offers_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
