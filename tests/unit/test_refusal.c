// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls that fail: far sides that refuse, media without protection, modules that are full. */
#include "edge_flow.h"

static void test_far_side_refuses(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 606, "bbb", NULL);
	s = rig_next(r, false);
	assert_memory_equal(s, "SIP/2.0 488 ", 12);
	/* its ACK follows the INVITE's branch to the far side */
	phone_in_dialog(r, "ACK", 10, "i1", "bbb", NULL);
	s = rig_next(r, true);
	assert_string_equal(rig_header(s, "Via"), rig_header(invite, "Via"));
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(vw_ports_used(r->e->ports), 0);
	rig_silence(r);
	rig_free(r);
}

/* Port 0, plain RTP, a key that was never offered: none of them is SRTP. */
static void test_answer_without_protection(void **state)
{
	static const struct {
		const char *name;
		const char *media;
	} rows[] = {
		{ "port 0", "m=audio 0 RTP/SAVP 8\n" },
		{ "plain RTP", "m=audio 6000 RTP/AVP 8\n" },
		{ "no key", "m=audio 6000 RTP/SAVP 8\n" },
		{ "another tag", "m=audio 6000 RTP/SAVP 8\n"
		  "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "\n" },
		{ "another suite", "m=audio 6000 RTP/SAVP 8\n"
		  "a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" HQ_KEY "\n" },
		{ "short key", "m=audio 6000 RTP/SAVP 8\n"
		  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19z\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig *r = rig_new(VW_MEDIA_SRTP);
		char invite[4096], sdp[1024];
		const char *s;

		print_message("# %s\n", rows[i].name);
		phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
		snprintf(sdp, sizeof(sdp), "v=0\no=h 1 1 IN IP4 198.51.100.20\ns=-\n"
			 "c=IN IP4 198.51.100.20\nt=0 0\n%s", rows[i].media);
		hq_answers(r, invite, 200, "bbb", sdp);
		s = rig_next(r, true);
		assert_memory_equal(s, "ACK sip:2001@198.51.100.20:5060 SIP/2.0\r\n", 41);
		assert_string_equal(rig_header(s, "CSeq"), "10 ACK");
		assert_non_null(strstr(rig_header(s, "To"), "tag=bbb"));
		s = rig_next(r, true);
		assert_memory_equal(s, "BYE ", 4);
		assert_string_equal(rig_header(s, "CSeq"), "11 BYE");
		s = rig_next(r, false);
		assert_memory_equal(s, "SIP/2.0 488 ", 12);
		assert_int_equal(r->nstream, 0);
		assert_int_equal(r->e->ncall, 0);
		/* until the phone has acknowledged it */
		rig_wait(r, 600);
		assert_memory_equal(rig_next(r, true), "BYE ", 4);
		assert_memory_equal(rig_next(r, false), "SIP/2.0 488 ", 12);
		phone_in_dialog(r, "ACK", 10, "i1", "x", NULL);
		rig_silence(r);
		/* the far side's 200 comes again: ACK it, the BYE is under way */
		hq_answers(r, invite, 200, "bbb", sdp);
		assert_memory_equal(rig_next(r, true), "ACK ", 4);
		rig_silence(r);
		rig_free(r);
	}
}

static void test_clear_offer_from_the_trunk(void **state)
{
	static const char *const sdps[] = {
		"v=0\no=h 1 1 IN IP4 1.2.3.4\ns=-\nc=IN IP4 1.2.3.4\nt=0 0\nm=audio 6000 RTP/AVP 8\n",
		"v=0\no=h 1 1 IN IP4 1.2.3.4\ns=-\nc=IN IP4 1.2.3.4\nt=0 0\nm=audio 6000 RTP/SAVP 8\n",
		"v=0\no=h 1 1 IN IP4 1.2.3.4\ns=-\nc=IN IP4 1.2.3.4\nt=0 0\n",
		"v=0\no=h 1 1 IN IP4 1.2.3.4\ns=-\nc=IN IP4 1.2.3.4\nt=0 0\nm=audio 6000 RTP/SAVP 8\n"
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "\n"
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "\n",
		/* a name can't be anchored, and intact it would take the key along */
		"v=0\no=h 1 1 IN IP4 hq\ns=-\nc=IN IP4 hq.example\nt=0 0\nm=audio 6000 RTP/SAVP 8\n"
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sdps); i++) {
		struct rig *r = rig_new(VW_MEDIA_SRTP);
		char uri[512];

		do_register(r, uri, sizeof(uri));
		hq_request(r, "INVITE", uri, "", 1, "in1", sdps[i]);
		assert_memory_equal(rig_next(r, true), "SIP/2.0 488 ", 12);
		assert_int_equal(r->e->ncall, 0);
		rig_silence(r);
		rig_free(r);
	}
}

static void test_removed_trunk(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char uri[512];

	(void)state;
	do_register(r, uri, sizeof(uri));
	r->e->trunk[0]->gone = true;
	hq_request(r, "INVITE", uri, "", 1, "in1", hq_offer);
	assert_memory_equal(rig_next(r, true), "SIP/2.0 403 ", 12);
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(r->nstream, 0);
	rig_silence(r);
	rig_free(r);
}

/* Its calls are for its successor to end, not for whoever else is a trunk. */
static void test_calls_of_a_removed_trunk(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	establish(r);
	r->e->trunk[0]->gone = true;
	rig_add_trunk(r, "lab", "198.51.100.30", "192.0.2.3");
	rig_add_trunk(r, "hq", "198.51.100.31", "192.0.2.2");
	r->at = 1;
	hq_in_call(r, "BYE", 11, "b1", NULL);
	assert_memory_equal(rig_next(r, true), "SIP/2.0 481 ", 12);
	rig_silence(r);
	r->at = 2;
	hq_in_call(r, "BYE", 12, "b2", NULL);
	assert_memory_equal(rig_next(r, false), "BYE ", 4);
	rig_free(r);
}

static void test_fall_back(void **state)
{
	static const char plain[] =
		"v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
		"m=audio 6000 RTP/AVP 8\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP_PREFERRED);
	char invite[4096], second[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	assert_non_null(strstr(invite, "RTP/SAVP"));
	hq_answers(r, invite, 488, "bbb", NULL);
	s = rig_next(r, true);
	assert_memory_equal(s, "ACK sip:2001@hq.example SIP/2.0\r\n", 33);
	assert_string_equal(rig_header(s, "Via"), rig_header(invite, "Via"));
	assert_string_equal(rig_header(s, "CSeq"), "10 ACK");
	s = rig_next(r, true);
	snprintf(second, sizeof(second), "%s", s);
	assert_non_null(strstr(s, "RTP/AVP 8 101\r\n"));
	assert_null(strstr(s, "crypto"));
	assert_string_equal(rig_header(s, "CSeq"), "11 INVITE");
	assert_string_not_equal(rig_header(s, "Via"), rig_header(invite, "Via"));
	/* ours to repeat: the phone has stopped */
	rig_wait(r, 600);
	assert_string_equal(rig_next(r, true), second);
	hq_answers(r, second, 200, "ccc", plain);
	s = rig_next(r, false);
	assert_string_equal(rig_header(s, "CSeq"), "10 INVITE");
	assert_int_equal(r->nstream, 2);
	assert_true(rig_stream(r, VOXWALL_ZONE_VOICE)->clear_wan);
	phone_in_dialog(r, "ACK", 10, "ack1", "ccc", NULL);
	assert_string_equal(rig_header(rig_next(r, true), "CSeq"), "11 ACK");
	phone_in_dialog(r, "BYE", 11, "bye1", "ccc", NULL);
	s = rig_next(r, true);
	assert_string_equal(rig_header(s, "CSeq"), "12 BYE");
	hq_answers(r, s, 200, "ccc", NULL);
	assert_string_equal(rig_header(rig_next(r, false), "CSeq"), "11 BYE");
	assert_int_equal(r->nstream, 0);
	rig_wait(r, 40000);
	rig_silence(r);
	rig_free(r);
}

/* The caller counts one less than the far side, also in what it acknowledges. */
static void test_prack_after_fall_back(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP_PREFERRED);
	char second[4096];
	const char *s;

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	hq_answers(r, rig_next(r, true), 488, "bbb", NULL);
	rig_next(r, true);
	snprintf(second, sizeof(second), "%s", rig_next(r, true));
	hq_answers(r, second, 183, "ccc", NULL);
	rig_next(r, false);
	rig_phone_says(r, NULL,
		"PRACK sip:2001@198.51.100.20:5060 SIP/2.0\n" PHONE_VIA
		"Max-Forwards: 70\nFrom: \"One\" <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>;tag=ccc\nCall-ID: c1@10.1.100.11\nCSeq: 11 PRACK\n"
		"RAck: 7 10 INVITE\n", "p1");
	s = rig_next(r, true);
	assert_string_equal(rig_header(s, "CSeq"), "12 PRACK");
	assert_string_equal(rig_header(s, "RAck"), "7 11 INVITE");
	rig_free(r);
}

/* A caller that has given up gets no second try. */
static void test_cancelled_before_fall_back(void **state)
{
	static const char clear[] =
		"v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
		"m=audio 6000 RTP/AVP 8\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP_PREFERRED);
	char invite[4096];

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	rig_phone_says(r, NULL,
		"CANCEL sip:2001@hq.example SIP/2.0\n" PHONE_VIA
		"Max-Forwards: 70\nFrom: \"One\" <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>\nCall-ID: c1@10.1.100.11\nCSeq: 10 CANCEL\n", "i1");
	rig_next(r, true);
	hq_answers(r, invite, 200, "bbb", clear);
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	assert_memory_equal(rig_next(r, true), "BYE ", 4);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 488 ", 12);
	rig_silence(r);
	assert_int_equal(r->e->ncall, 0);
	rig_free(r);
}

static void test_never_answered(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 180, "bbb", NULL);
	rig_next(r, false);
	rig_wait(r, 181000);
	s = rig_next(r, true);
	assert_memory_equal(s, "CANCEL sip:2001@hq.example ", 27);
	assert_string_equal(rig_header(s, "Via"), rig_header(invite, "Via"));
	s = rig_next(r, false);
	assert_memory_equal(s, "SIP/2.0 408 ", 12);
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(vw_ports_used(r->e->trunk[0]->ports), 0);
	rig_free(r);
}

static void test_module_refuses(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	r->fail_add = -ENOSPC;
	hq_answers(r, invite, 200, "bbb", hq_answer);
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	assert_memory_equal(rig_next(r, true), "BYE ", 4);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 503 ", 12);
	assert_int_equal(r->e->ncall, 0);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_far_side_refuses),
		cmocka_unit_test(test_answer_without_protection),
		cmocka_unit_test(test_clear_offer_from_the_trunk),
		cmocka_unit_test(test_removed_trunk),
		cmocka_unit_test(test_calls_of_a_removed_trunk),
		cmocka_unit_test(test_fall_back),
		cmocka_unit_test(test_prack_after_fall_back),
		cmocka_unit_test(test_cancelled_before_fall_back),
		cmocka_unit_test(test_never_answered),
		cmocka_unit_test(test_module_refuses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
