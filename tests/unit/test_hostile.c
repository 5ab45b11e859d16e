// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages from strangers, broken ones, and ones that go round. */
#include "edge_flow.h"

static void test_strangers(void **state)
{
	static const struct vw_endpoint stranger = {
		.addr = { 203, 0, 113, 66 }, .port = 5060, .family = 4
	};
	static const char bye[] = "BYE sip:1001@192.0.2.2 SIP/2.0\r\n\r\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	vw_edge_input(r->e, r->e->trunk[0], &stranger, bye, strlen(bye));
	rig_silence(r);
	assert_int_equal(r->e->stat[VW_STAT_STRANGER], 1);
	hq_request(r, "INVITE", "sip:nobody@192.0.2.2", "", 1, "in1", hq_offer);
	assert_memory_equal(rig_next(r, true), "SIP/2.0 404 ", 12);
	hq_request(r, "BYE", "sip:1001@10.1.100.11", "zzz", 1, "in2", NULL);
	assert_memory_equal(rig_next(r, true), "SIP/2.0 481 ", 12);
	/* ACKs are never answered */
	hq_request(r, "ACK", "sip:1001@10.1.100.11", "zzz", 1, "in3", NULL);
	rig_silence(r);
	rig_free(r);
}

/* What can be answered is answered with 400, everything else with silence. */
static void test_bad_messages(void **state)
{
	static const char via[] = "Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bKx\r\n";
	static const char rest[] = "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: q\r\n";
	static const struct {
		const char *name;
		const char *start;
		const char *more;
		bool answered;
	} rows[] = {
		{ "length too long", "OPTIONS sip:c@d SIP/2.0\r\n",
		  "CSeq: 1 OPTIONS\r\nContent-Length: 5\r\n\r\nabc", true },
		{ "method mismatch", "OPTIONS sip:c@d SIP/2.0\r\n", "CSeq: 1 INVITE\r\n\r\n", true },
		{ "no CSeq", "OPTIONS sip:c@d SIP/2.0\r\n", "\r\n", false },
		{ "two CSeq", "OPTIONS sip:c@d SIP/2.0\r\n",
		  "CSeq: 1 OPTIONS\r\nCSeq: 1 OPTIONS\r\n\r\n", true },
		{ "an ACK", "ACK sip:c@d SIP/2.0\r\n", "CSeq: 1 INVITE\r\n\r\n", false },
		{ "a response", "SIP/2.0 200 OK\r\n", "CSeq: x INVITE\r\n\r\n", false },
		{ "a stray response", "SIP/2.0 200 OK\r\n", "CSeq: 1 INVITE\r\n\r\n", false },
		{ "no end", "OPTIONS sip:c@d SIP/2.0\r\n", "CSeq: 1 OPTIONS\r\n", false },
		{ "a bell", "OPTIONS sip:c@d SIP/2.0\r\n", "CSeq: 1 OPTIONS\r\nX: \a\r\n\r\n", false },
		{ "RTP", "\x80\x08\x12\x34", "", false },
		{ "HTTP", "GET / HTTP/1.1\r\n", "\r\n", false },
	};
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[1024];
		int n = snprintf(text, sizeof(text), "%s%s%s%s", rows[i].start, via, rest,
				 rows[i].more);

		vw_edge_input(r->e, NULL, &rig_phone, text, (size_t)n);
		if (rows[i].answered)
			assert_memory_equal(rig_next(r, false), "SIP/2.0 400 ", 12);
		if (r->nread != r->nsent)
			print_error("%s\n", rows[i].name);
		rig_silence(r);
	}
	rig_free(r);
}

/* More than the edge keeps or passes on. */
static void test_too_large(void **state)
{
	static const char rest[] =
		"Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\n"
		"To: <sip:c@d>\r\nCall-ID: q\r\nCSeq: 1 OPTIONS\r\n";
	static const struct {
		const char *start;
		size_t name;
		size_t body;
		const char *answer;
	} rows[] = {
		{ "OPTIONS sip:c@hq.example SIP/2.0", 0, 60000, "SIP/2.0 513 " },
		{ "SIP/2.0 200 OK", 0, 60000, NULL },
		{ "OPTIONS sip:c@hq.example SIP/2.0", 2000, 0, "SIP/2.0 400 " },
	};
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *text = malloc(70000);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int n = sprintf(text, "%s\r\n%sContact: <sip:%0*d@b>\r\n"
				"Content-Length: %zu\r\n\r\n%0*d", rows[i].start, rest,
				(int)rows[i].name, 1, rows[i].body, (int)rows[i].body, 1);

		vw_edge_input(r->e, NULL, &rig_phone, text, (size_t)n);
		if (rows[i].answer)
			assert_memory_equal(rig_next(r, false), rows[i].answer, 12);
		rig_silence(r);
	}
	assert_int_equal(r->e->fault[VW_FAULT_SIZE], 2);
	assert_int_equal(r->e->fault[VW_FAULT_LONG], 1);
	free(text);
	rig_free(r);
}

static void test_hops_and_loops(void **state)
{
	static const char common[] =
		"From: <sip:1001@hq.example>;tag=q\nTo: <sip:x@hq.example>\nCall-ID: l1\n"
		"CSeq: 1 OPTIONS\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char via[256];

	(void)state;
	rig_phone_says(r, NULL, "OPTIONS sip:x@hq.example SIP/2.0\n" PHONE_VIA
		       "Max-Forwards: 0\n%s", "h0", common);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 483 ", 12);
	rig_phone_says(r, NULL, "OPTIONS sip:x@hq.example SIP/2.0\n" PHONE_VIA
		       "Max-Forwards: 1\n%s", "h1", common);
	snprintf(via, sizeof(via), "%s", rig_header(rig_next(r, true), "Via"));
	rig_phone_says(r, NULL, "OPTIONS sip:x@hq.example SIP/2.0\n" PHONE_VIA
		       "Via: %s\nMax-Forwards: 9\n%s", "h2", via, common);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 482 ", 12);
	rig_phone_says(r, NULL, "OPTIONS sip:10.1.100.1 SIP/2.0\n" PHONE_VIA
		       "Max-Forwards: 9\n%s", "h3", common);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 200 ", 12);
	rig_free(r);
}

/* A phone that has seen another one's INVITE can't answer it, also not after a restart. */
static void test_answer_of_another_phone(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char uri[512], req[4096];

	(void)state;
	do_register(r, uri, sizeof(uri));
	hq_request(r, "INVITE", uri, "", 1, "in1", hq_offer);
	snprintf(req, sizeof(req), "%s", rig_next(r, false));
	r->phone.addr[3] = 66;
	phone_answers(r, req, 200, "ppp", phone_sdp);
	phone_answers(r, req, 486, "ppp", NULL);
	rig_silence(r);
	assert_int_equal(r->e->stat[VW_STAT_STRANGER], 2);
	assert_int_equal(r->nstream, 0);
	restart(r);
	phone_answers(r, req, 486, "ppp", NULL);
	rig_silence(r);
	assert_int_equal(r->e->stat[VW_STAT_STRANGER], 1);
	/* its own answer may come from another port */
	r->phone = rig_phone;
	r->phone.port = 33333;
	phone_answers(r, req, 486, "ppp", NULL);
	assert_memory_equal(rig_next(r, true), "SIP/2.0 486 ", 12);
	rig_free(r);
}

/* Nor can it cancel what another one has begun, though it knows all that is in it. */
static void test_cancel_of_another_phone(void **state)
{
	static const char cancel[] =
		"CANCEL sip:2001@hq.example SIP/2.0\n" PHONE_VIA
		"Max-Forwards: 70\nFrom: \"One\" <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>\nCall-ID: c1@10.1.100.11\nCSeq: 10 CANCEL\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	r->phone.addr[3] = 66;
	rig_phone_says(r, NULL, cancel, "i1");
	assert_memory_equal(rig_next(r, false), "SIP/2.0 481 ", 12);
	rig_silence(r);
	assert_int_equal(r->e->stat[VW_STAT_STRANGER], 1);
	r->phone = rig_phone;
	r->phone.port = 33333;
	rig_phone_says(r, NULL, cancel, "i1");
	assert_memory_equal(rig_next(r, true), "CANCEL ", 7);
	rig_free(r);
}

/* A forged source and a Via that only looks like ours send nothing on and prove nothing. */
static void test_forged_answer(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char req[4096];

	(void)state;
	rig_hq_says(r, NULL, "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKvw%032d\n"
		    "Via: SIP/2.0/UDP 10.1.100.99:9;branch=z9hG4bKq\nFrom: <sip:a@b>;tag=1\n"
		    "To: <sip:c@d>;tag=2\nCall-ID: q\nCSeq: 1 MESSAGE\n", 0);
	rig_silence(r);
	assert_int_equal(r->e->stat[VW_STAT_STRAY], 1);
	assert_int_equal(r->e->trunk[0]->reachable, -1);
	/* the answer of a request from before a restart still finds its way */
	rig_phone_says(r, NULL, "MESSAGE sip:2001@hq.example SIP/2.0\n" PHONE_VIA
		       "From: <sip:1001@hq.example>;tag=aaa\nTo: <sip:2001@hq.example>\n"
		       "Call-ID: m1\nCSeq: 1 MESSAGE\n", "m1");
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	restart(r);
	hq_answers(r, req, 200, "bbb", NULL);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 200 ", 12);
	assert_int_equal(r->e->trunk[0]->reachable, 1);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_of_another_phone),
		cmocka_unit_test(test_cancel_of_another_phone),
		cmocka_unit_test(test_forged_answer),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_bad_messages),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_hops_and_loops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
