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

#define NO_SECRETS(s) do { \
		assert_null(strstr(s, "inline:")); \
		assert_null(strstr(s, "198.51.100.20\r\ns=")); \
		assert_null(strstr(s, "IN IP4 10.1.100.11")); \
	} while (0)

/* Outside of offer and answer nobody carries it across: it stays here. */
static void test_sdp_elsewhere(void **state)
{
	static const char *const methods[] = { "INFO", "MESSAGE", "BYE", "OPTIONS", "NOTIFY" };
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char req[4096];
	const char *s;

	(void)state;
	establish(r);
	for (unsigned int i = 0; i < ARRAY_SIZE(methods); i++) {
		char branch[16];

		snprintf(branch, sizeof(branch), "e%u", i);
		hq_in_call(r, methods[i], 20 + i, branch, hq_answer);
		s = rig_next(r, false);
		assert_memory_equal(s, methods[i], strlen(methods[i]));
		assert_string_equal(rig_body(s), "");
		assert_string_equal(rig_header(s, "Content-Length"), "0");
		assert_null(rig_header(s, "Content-Type"));
		NO_SECRETS(s);
		snprintf(req, sizeof(req), "%s", s);
		phone_answers(r, req, 405, "aaa", phone_sdp);
		s = rig_next(r, true);
		assert_memory_equal(s, "SIP/2.0 405 ", 12);
		assert_string_equal(rig_body(s), "");
		NO_SECRETS(s);
	}
	assert_int_equal(r->e->stat[VW_STAT_SDP_REFUSED], 2 * ARRAY_SIZE(methods));
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

/* RFC 3261, 21.4.26: what would have been acceptable, with addresses and keys. */
static void test_sdp_in_refusal(void **state)
{
	static const int status[] = { 300, 415, 488, 500, 606 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(status); i++) {
		struct rig *r = rig_new(VW_MEDIA_SRTP);
		char invite[4096];
		const char *s;

		phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
		hq_answers(r, invite, status[i], "bbb", hq_answer);
		s = rig_next(r, false);
		assert_memory_equal(s, "SIP/2.0 ", 8);
		assert_string_equal(rig_body(s), "");
		assert_null(rig_header(s, "Content-Type"));
		NO_SECRETS(s);
		rig_free(r);
	}
}

/* The parts beside it, and words of people, are left as they are. */
static void test_not_sdp(void **state)
{
	static const char talk[] = "v=0\nis how application/sdp begins\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char body[4096];
	const char *s;

	(void)state;
	establish(r);
	snprintf(body, sizeof(body), "--b\nContent-Type: application/isup\n\nkeep me\n"
		 "--b\nContent-Type: application/sdp\n\n%s\n--b--\n", hq_answer);
	rig_hq_says(r, body,
		"INFO sip:1001@10.1.100.11:5060 SIP/2.0\n"
		"Via: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bKm1\n"
		"From: <sip:2001@hq.example>;tag=bbb\n"
		"To: \"One\" <sip:1001@hq.example>;tag=aaa\nCall-ID: c1@10.1.100.11\n"
		"CSeq: 30 INFO\n" MULTI);
	s = rig_next(r, false);
	assert_non_null(strstr(s, "\r\n\r\nkeep me\r\n--b\r\n"));
	NO_SECRETS(s);
	assert_int_equal(strlen(rig_body(s)), atoi(rig_header(s, "Content-Length")));
	rig_hq_says(r, talk,
		"MESSAGE sip:1001@10.1.100.11:5060 SIP/2.0\n"
		"Via: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bKm2\n"
		"From: <sip:2001@hq.example>;tag=bbb\n"
		"To: \"One\" <sip:1001@hq.example>;tag=aaa\nCall-ID: c1@10.1.100.11\n"
		"CSeq: 31 MESSAGE\nContent-Type: text/plain\n");
	s = rig_next(r, false);
	assert_non_null(strstr(s, "is how application/sdp begins"));
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
		cmocka_unit_test(test_sdp_elsewhere),
		cmocka_unit_test(test_sdp_in_refusal),
		cmocka_unit_test(test_not_sdp),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
