// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls and registrations through the edge, after the flows of RFC 3665. */
#include "edge_flow.h"

static void test_call_out(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	struct vw_genl_stream *up, *down;
	const char *s;
	char invite[4096];

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	s = rig_next(r, true);
	snprintf(invite, sizeof(invite), "%s", s);
	assert_string_equal(rig_header(s, "Record-Route"), "<sip:192.0.2.2:5060;lr>");
	assert_null(rig_header(s, "Route"));
	assert_non_null(strstr(s, "X-Odd:   kept  as it is\r\n"));
	assert_string_equal(rig_header(s, "Max-Forwards"), "69");
	assert_non_null(strstr(s, "RTP/SAVP 8 101\r\n"));
	assert_null(strstr(s, "c=IN IP4 10.1.100.11"));
	assert_non_null(rig_key(s));
	assert_int_equal(r->nstream, 0);

	hq_answers(r, invite, 200, "bbb", hq_answer);
	s = rig_next(r, false);
	assert_null(strstr(s, "crypto"));
	assert_null(strstr(s, HQ_KEY));
	assert_non_null(strstr(s, "RTP/AVP 8\r\n"));
	assert_non_null(strstr(s, "c=IN IP4 10.1.100.1\r\n"));
	assert_int_equal(r->nstream, 2);
	up = rig_stream(r, VOXWALL_ZONE_VOICE);
	down = rig_stream(r, VOXWALL_ZONE_WAN);
	assert_int_equal(up->local.rtp, rig_port(s));
	assert_int_equal(up->remote.rtp, 4000);
	assert_int_equal(up->dst.rtp, 6000);
	assert_int_equal(up->dst.rtcp, 6001);
	assert_int_equal(up->seal.suite, VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80);
	assert_int_equal(up->open.suite, VOXWALL_SUITE_NONE);
	assert_int_equal(down->open.suite, VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80);
	assert_int_equal(down->local.rtp, rig_port(invite));
	assert_int_equal(down->dst.rtp, 4000);
	assert_false(up->clear_wan);

	phone_in_dialog(r, "ACK", 10, "ack1", "bbb", NULL);
	s = rig_next(r, true);
	assert_string_equal(rig_header(s, "Route"), "<sip:198.51.100.10;lr>");
	phone_in_dialog(r, "BYE", 11, "bye1", "bbb", NULL);
	s = rig_next(r, true);
	assert_int_equal(r->nstream, 2);
	hq_answers(r, s, 200, "bbb", NULL);
	rig_next(r, false);
	assert_int_equal(r->nstream, 0);
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(vw_ports_used(r->e->ports), 0);
	rig_silence(r);
	rig_free(r);
}

/* Who names a suite that only authenticates has said yes to speech in clear. */
static void test_without_cipher(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];

	(void)state;
	r->e->trunk[0]->conf.suites[0] = VOXWALL_SUITE_NULL_HMAC_SHA1_80;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 200, "bbb",
		   "v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
		   "m=audio 6000 RTP/SAVP 8\na=rtpmap:8 PCMA/8000\n"
		   "a=crypto:1 NULL_HMAC_SHA1_80 inline:" HQ_KEY "\na=sendrecv\n");
	rig_next(r, false);
	assert_int_equal(r->nstream, 2);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->seal.suite,
			 VOXWALL_SUITE_NULL_HMAC_SHA1_80);
	assert_true(rig_stream(r, VOXWALL_ZONE_VOICE)->clear_wan);
	assert_false(rig_stream(r, VOXWALL_ZONE_WAN)->clear_wan);
	rig_free(r);
}

static void test_retransmissions(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *first, *again, invite[4096];

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	first = strdup(rig_next(r, true));
	snprintf(invite, sizeof(invite), "%s", first);
	phone_invite(r, "i1", phone_sdp);
	again = strdup(rig_next(r, true));
	assert_string_equal(first, again);
	free(first);
	free(again);
	hq_answers(r, invite, 183, "bbb", hq_answer);
	rig_next(r, false);
	hq_answers(r, invite, 200, "bbb", hq_answer);
	first = strdup(rig_next(r, false));
	hq_answers(r, invite, 200, "bbb", hq_answer);
	again = strdup(rig_next(r, false));
	assert_string_equal(first, again);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->changed, 0);
	free(first);
	free(again);
	rig_free(r);
}

static void test_hold_and_resume(void **state)
{
	static const char held[] =
		"v=0\no=1001 1 2 IN IP4 10.1.100.11\ns=-\nc=IN IP4 0.0.0.0\nt=0 0\n"
		"m=audio 4000 RTP/AVP 8\na=sendonly\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char key[128], *invite, re[4096];
	unsigned int port;

	(void)state;
	invite = establish(r);
	snprintf(key, sizeof(key), "%s", rig_key(invite));
	port = rig_port(invite);
	phone_in_dialog(r, "INVITE", 11, "re1", "bbb", held);
	snprintf(re, sizeof(re), "%s", rig_next(r, true));
	assert_string_equal(rig_key(re), key);
	assert_int_equal(rig_port(re), port);
	assert_non_null(strstr(re, "c=IN IP4 0.0.0.0\r\n"));
	hq_answers(r, re, 200, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->nstream, 2);
	assert_int_equal(r->added, 2);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->timeout_ms, 0);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->dst.rtp, 4000);
	phone_in_dialog(r, "ACK", 11, "ack2", "bbb", NULL);
	rig_next(r, true);
	phone_in_dialog(r, "INVITE", 12, "re2", "bbb", phone_sdp);
	snprintf(re, sizeof(re), "%s", rig_next(r, true));
	assert_string_equal(rig_key(re), key);
	hq_answers(r, re, 200, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->removed, 0);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->timeout_ms, 60000);
	rig_free(r);
}

static void test_call_in(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char uri[512], req[4096];
	const char *s;

	(void)state;
	do_register(r, uri, sizeof(uri));
	hq_request(r, "INVITE", uri, "", 1, "in1", hq_offer);
	s = rig_next(r, false);
	snprintf(req, sizeof(req), "%s", s);
	assert_memory_equal(s, "INVITE sip:1001@10.1.100.11:5060;transport=udp SIP/2.0\r\n", 56);
	assert_null(strstr(s, "crypto"));
	assert_non_null(strstr(s, "m=audio"));
	assert_non_null(strstr(s, "RTP/AVP 8\r\n"));
	assert_non_null(strstr(s, "Record-Route: <sip:10.1.100.1:5060;lr>\r\n"
			       "Record-Route: <sip:192.0.2.2:5060;lr>\r\n"));
	assert_true(strstr(s, "192.0.2.2:5060;lr") < strstr(s, "<sip:198.51.100.10;lr>"));
	phone_answers(r, req, 200, "ppp", phone_sdp);
	s = rig_next(r, true);
	assert_non_null(strstr(s, "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:"));
	assert_null(strstr(s, HQ_KEY));
	assert_non_null(strstr(s, "RTP/SAVP 8 101\r\n"));
	assert_non_null(strstr(s, "c=IN IP4 192.0.2.2\r\n"));
	assert_int_equal(r->nstream, 2);
	hq_request(r, "ACK", "sip:1001@10.1.100.11:5060", "ppp", 1, "in2", NULL);
	s = rig_next(r, false);
	hq_request(r, "BYE", "sip:1001@10.1.100.11:5060", "ppp", 2, "in3", NULL);
	s = rig_next(r, false);
	snprintf(req, sizeof(req), "%s", s);
	phone_answers(r, req, 200, "ppp", NULL);
	rig_next(r, true);
	assert_int_equal(r->nstream, 0);
	assert_int_equal(r->e->ncall, 0);
	rig_silence(r);
	rig_free(r);
}

static void test_cancel_and_busy(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 180, "bbb", NULL);
	rig_next(r, false);
	rig_phone_says(r, NULL,
		"CANCEL sip:2001@hq.example SIP/2.0\n" PHONE_VIA
		"Max-Forwards: 70\nFrom: \"One\" <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>\nCall-ID: c1@10.1.100.11\nCSeq: 10 CANCEL\n"
		"Route: <sip:10.1.100.1;lr>\n", "i1");
	s = rig_next(r, true);
	assert_memory_equal(s, "CANCEL sip:2001@hq.example ", 27);
	assert_string_equal(rig_header(s, "Via"), rig_header(invite, "Via"));
	hq_answers(r, s, 200, "bbb", NULL);
	assert_string_equal(rig_header(rig_next(r, false), "CSeq"), "10 CANCEL");
	hq_answers(r, invite, 487, "bbb", NULL);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 487 ", 12);
	phone_in_dialog(r, "ACK", 10, "i1", "bbb", NULL);
	rig_next(r, true);
	assert_int_equal(r->e->ncall, 0);

	phone_calls(r, "i2", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 486, "ddd", NULL);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 486 ", 12);
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(vw_ports_used(r->e->ports), 0);
	rig_free(r);
}

static void test_late_offer(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", NULL, invite, sizeof(invite));
	hq_answers(r, invite, 200, "bbb", hq_offer);
	s = rig_next(r, false);
	assert_non_null(strstr(s, "RTP/AVP 8\r\n"));
	assert_null(strstr(s, "crypto"));
	assert_int_equal(r->nstream, 0);
	phone_in_dialog(r, "ACK", 10, "ack1", "bbb", phone_sdp);
	s = rig_next(r, true);
	assert_non_null(strstr(s, "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:"));
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

static void test_prack_and_update(void **state)
{
	static const char moved[] =
		"v=0\no=1001 1 2 IN IP4 10.1.100.11\ns=-\nc=IN IP4 10.1.100.11\nt=0 0\n"
		"m=audio 4444 RTP/AVP 8\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096], req[4096];
	const char *s;

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 183, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->nstream, 2);
	phone_in_dialog(r, "PRACK", 11, "p1", "bbb", NULL);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	hq_answers(r, req, 200, "bbb", NULL);
	rig_next(r, false);
	phone_in_dialog(r, "UPDATE", 12, "u1", "bbb", moved);
	s = rig_next(r, true);
	snprintf(req, sizeof(req), "%s", s);
	assert_string_equal(rig_key(req), rig_key(invite));
	hq_answers(r, req, 200, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->dst.rtp, 4444);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->remote.rtp, 4444);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->removed, 0);
	/* an UPDATE that fails changes nothing */
	phone_in_dialog(r, "UPDATE", 13, "u2", "bbb", phone_sdp);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	hq_answers(r, req, 491, "bbb", NULL);
	rig_next(r, false);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->dst.rtp, 4444);
	/* the 200 to the INVITE repeats the first answer; the UPDATE's result stays */
	hq_answers(r, invite, 200, "bbb", hq_answer);
	s = rig_next(r, false);
	assert_memory_equal(s, "SIP/2.0 200 ", 12);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->dst.rtp, 4444);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_out),
		cmocka_unit_test(test_without_cipher),
		cmocka_unit_test(test_retransmissions),
		cmocka_unit_test(test_hold_and_resume),
		cmocka_unit_test(test_call_in),
		cmocka_unit_test(test_cancel_and_busy),
		cmocka_unit_test(test_late_offer),
		cmocka_unit_test(test_prack_and_update),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
