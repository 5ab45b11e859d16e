// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls and registrations through the edge, after the flows of RFC 3665. */
#include "edge_rig.h"

#define PHONE_VIA	"Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bK%s;rport\n"

static const char phone_sdp[] =
	"v=0\no=1001 1 1 IN IP4 10.1.100.11\ns=-\nc=IN IP4 10.1.100.11\nt=0 0\n"
	"m=audio 4000 RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\n"
	"a=rtpmap:101 telephone-event/8000\na=sendrecv\n";

#define HQ_KEY	"WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

static const char hq_answer[] =
	"v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
	"m=audio 6000 RTP/SAVP 8\na=rtpmap:8 PCMA/8000\n"
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "\na=sendrecv\n";

static const char hq_offer[] =
	"v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
	"m=audio 6000 RTP/SAVP 8\na=rtpmap:8 PCMA/8000\n"
	"a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "|2^20\na=sendrecv\n";

static void phone_invite(struct rig *r, const char *branch, const char *sdp)
{
	rig_phone_says(r, sdp,
		"INVITE sip:2001@hq.example SIP/2.0\n" PHONE_VIA
		"Max-Forwards: 70\nFrom: \"One\" <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>\nCall-ID: c1@10.1.100.11\nCSeq: 10 INVITE\n"
		"Contact: <sip:1001@10.1.100.11:5060>\nRoute: <sip:10.1.100.1;lr>\n"
		"X-Odd:   kept  as it is\n", branch);
}

/* A response of the far side to the request that the edge has sent. */
static void hq_answers(struct rig *r, const char *req, int status, const char *tag,
		       const char *sdp)
{
	const char *rr = rig_header(req, "Record-Route");
	const char *second = rr ? strstr(req, "Record-Route: ") : NULL;
	char more[512] = "";

	if (second) {
		second = strstr(second + 1, "Record-Route: ");
		snprintf(more, sizeof(more), "Record-Route: <sip:198.51.100.10;lr>\nRecord-Route: %s\n"
			 "Record-Route: %.*s\n", rr, (int)strcspn(second + 14, "\r"),
			 second + 14);
	}
	rig_hq_says(r, sdp,
		"SIP/2.0 %d Whatever\nVia: %s;received=192.0.2.2\nVia: %s\n%s"
		"From: %s\nTo: <sip:2001@hq.example>%s%s\nCall-ID: %s\nCSeq: %s\n"
		"Contact: <sip:2001@198.51.100.20:5060>\n",
		status, rig_header(req, "Via"),
		({ const char *v = strstr(strstr(req, "Via: ") + 5, "Via: ") + 5;
		   static char b[512]; snprintf(b, 512, "%.*s", (int)strcspn(v, "\r"), v); b; }),
		more, rig_header(req, "From"), tag[0] ? ";tag=" : "", tag,
		rig_header(req, "Call-ID"), rig_header(req, "CSeq"));
}

static void phone_in_dialog(struct rig *r, const char *method, unsigned int cseq,
			    const char *branch, const char *tag, const char *sdp)
{
	rig_phone_says(r, sdp,
		"%s sip:2001@198.51.100.20:5060 SIP/2.0\n" PHONE_VIA
		"Route: <sip:10.1.100.1:5060;lr>, <sip:192.0.2.2:5060;lr>\n"
		"Route: <sip:198.51.100.10;lr>\n"
		"Max-Forwards: 70\nFrom: \"One\" <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>;tag=%s\nCall-ID: c1@10.1.100.11\nCSeq: %u %s\n"
		"Contact: <sip:1001@10.1.100.11:5060>\n", method, branch, tag, cseq, method);
}

/* 1001 calls 2001 and is answered. */
static char *establish(struct rig *r)
{
	static char invite[4096];

	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
	hq_answers(r, invite, 180, "bbb", NULL);
	rig_next(r, false);
	hq_answers(r, invite, 200, "bbb", hq_answer);
	rig_next(r, false);
	phone_in_dialog(r, "ACK", 10, "ack1", "bbb", NULL);
	rig_next(r, true);
	rig_silence(r);
	return invite;
}

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

static void hq_request(struct rig *r, const char *method, const char *uri, const char *to_tag,
		       unsigned int cseq, const char *branch, const char *sdp)
{
	rig_hq_says(r, sdp,
		/* Kamailio writes its Record-Route above the Vias */
		"%s %s SIP/2.0\nRecord-Route: <sip:198.51.100.10;lr>\n"
		"Via: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bK%s\n"
		"Via: SIP/2.0/UDP 198.51.100.20:5060;branch=z9hG4bKx%s\n"
		"Max-Forwards: 69\nFrom: <sip:2001@hq.example>;tag=hhh\n"
		"To: <sip:1001@hq.example>%s%s\nCall-ID: c2\nCSeq: %u %s\n"
		"Contact: <sip:2001@198.51.100.20:5060>\n",
		method, uri, branch, branch, to_tag[0] ? ";tag=" : "", to_tag, cseq, method);
}

static void phone_answers(struct rig *r, const char *req, int status, const char *tag,
			  const char *sdp)
{
	const char *v = strstr(req, "Via: ");
	char vias[2048] = "";

	for (; v; v = strstr(v + 1, "\r\nVia: ") ? strstr(v + 1, "\r\nVia: ") + 2 : NULL) {
		size_t n = strlen(vias);

		snprintf(vias + n, sizeof(vias) - n, "%.*s\n", (int)strcspn(v, "\r"), v);
	}
	rig_phone_says(r, sdp, "SIP/2.0 %d Whatever\n%sFrom: %s\nTo: %.*s;tag=%s\nCall-ID: %s\n"
		       "CSeq: %s\nContact: <sip:1001@10.1.100.11:5060>\n", status, vias,
		       rig_header(req, "From"), (int)strcspn(rig_header(req, "To"), ";"),
		       rig_header(req, "To"), tag, rig_header(req, "Call-ID"),
		       rig_header(req, "CSeq"));
}

/* The phone registers; the URI that the far side will call goes to @uri. */
static void do_register(struct rig *r, char *uri, size_t size)
{
	const char *s;
	char contact[512], sent[4096];

	rig_phone_says(r, NULL,
		"REGISTER sip:hq.example SIP/2.0\n" PHONE_VIA
		"From: <sip:1001@hq.example>;tag=r\nTo: <sip:1001@hq.example>\n"
		"Call-ID: reg1\nCSeq: 1 REGISTER\n"
		"Contact: <sip:1001@10.1.100.11:5060;transport=udp>;+sip.instance=\"<urn:x>\"\n"
		"Authorization: Digest username=\"1001\", odd=\"a,b\",response=\"00\"\n"
		"Expires: 600\n", "r1");
	s = rig_next(r, true);
	snprintf(sent, sizeof(sent), "%s", s);
	snprintf(contact, sizeof(contact), "%s", rig_header(s, "Contact"));
	assert_non_null(strstr(contact, "<sip:1001@192.0.2.2:5060;vw="));
	assert_non_null(strstr(contact, "+sip.instance=\"<urn:x>\""));
	assert_non_null(strstr(s, "Authorization: Digest username=\"1001\", odd=\"a,b\",response=\"00\"\r\n"));
	snprintf(uri, size, "%.*s", (int)(strchr(contact, '>') - contact) - 1, contact + 1);
	rig_hq_says(r, NULL,
		"SIP/2.0 200 OK\nVia: %s;received=192.0.2.2\n"
		"Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bKr1;rport=5060\n"
		"From: <sip:1001@hq.example>;tag=r\nTo: <sip:1001@hq.example>;tag=t\n"
		"Call-ID: reg1\nCSeq: 1 REGISTER\n"
		"Contact: <sip:1001@203.0.113.9>;expires=100, %s;expires=500\n",
		rig_header(sent, "Via"), contact);
	s = rig_next(r, false);
	assert_string_equal(rig_header(s, "Contact"), "<sip:1001@203.0.113.9>;expires=100, "
			    "<sip:1001@10.1.100.11:5060;transport=udp>;"
			    "+sip.instance=\"<urn:x>\";expires=500");
	assert_int_equal(r->e->nbinding, 1);
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

static void test_far_side_refuses(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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
		phone_invite(r, "i1", phone_sdp);
		snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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
		/* the far side's 200 comes again: ACK and BYE once more */
		hq_answers(r, invite, 200, "bbb", sdp);
		assert_memory_equal(rig_next(r, true), "ACK ", 4);
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

static void test_fall_back(void **state)
{
	static const char plain[] =
		"v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
		"m=audio 6000 RTP/AVP 8\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP_PREFERRED);
	char invite[4096], second[4096];
	const char *s;

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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

static void test_cancel_and_busy(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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

	phone_invite(r, "i2", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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
	phone_invite(r, "i1", NULL);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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

static void test_prack_and_update(void **state)
{
	static const char moved[] =
		"v=0\no=1001 1 2 IN IP4 10.1.100.11\ns=-\nc=IN IP4 10.1.100.11\nt=0 0\n"
		"m=audio 4444 RTP/AVP 8\n";
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096], req[4096];
	const char *s;

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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

static const char hq_moved[] =
	"v=0\no=2001 7 8 IN IP4 198.51.100.21\ns=-\nc=IN IP4 198.51.100.21\nt=0 0\n"
	"m=audio 6666 RTP/SAVP 8\n"
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:BBBBX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n";

static void hq_in_call(struct rig *r, const char *method, unsigned int cseq, const char *branch,
		       const char *sdp)
{
	rig_hq_says(r, sdp,
		"%s sip:1001@10.1.100.11:5060 SIP/2.0\n"
		"Via: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bK%s\n"
		"Via: SIP/2.0/UDP 198.51.100.20:5060;branch=z9hG4bKx%s\n"
		"Route: <sip:192.0.2.2:5060;lr>\nRoute: <sip:10.1.100.1:5060;lr>\n"
		"Max-Forwards: 69\nFrom: <sip:2001@hq.example>;tag=bbb\n"
		"To: \"One\" <sip:1001@hq.example>;tag=aaa\nCall-ID: c1@10.1.100.11\n"
		"CSeq: %u %s\nContact: <sip:2001@198.51.100.20:5060>\n",
		method, branch, branch, cseq, method);
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
	phone_invite(r, "i1", NULL);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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

/* Other branches of the INVITE end, each in its own way; the call goes on. */
static void test_losing_branches(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *invite = establish(r);

	(void)state;
	hq_answers(r, invite, 487, "b3", NULL);
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	rig_silence(r);
	assert_int_equal(r->nstream, 2);
	hq_answers(r, invite, 200, "b2", hq_answer);
	rig_next(r, false);
	phone_in_dialog(r, "BYE", 11, "bye2", "b2", NULL);
	rig_next(r, true);
	rig_wait(r, VW_TXN_MS + 200);
	assert_int_equal(r->e->ncall, 1);
	assert_int_equal(r->nstream, 2);
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
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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

static struct rig *restart(struct rig *r)
{
	json_t *state = vw_edge_to_json(r->e);
	struct vw_edge_io io = r->e->io;
	char err[256], *dump = json_dumps(state, 0);

	/* keys stay in the kernel: neither ours nor theirs is written down */
	assert_null(strstr(dump, "inline"));
	assert_null(strstr(dump, HQ_KEY));
	free(dump);
	vw_edge_core_free(r->e);
	r->e = vw_edge_core_new(&r->conf, &io, err, sizeof(err));
	assert_int_equal(vw_edge_from_json(r->e, state), 0);
	json_decref(state);
	r->e->trunk[0]->next_ping = r->now + 1000000000;
	return r;
}

static void test_restart(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *invite = establish(r), re[4096], key[128];
	unsigned int port = rig_port(invite);
	const char *s;

	(void)state;
	snprintf(key, sizeof(key), "%s", rig_key(invite));
	restart(r);
	assert_int_equal(r->nstream, 2);
	assert_int_equal(r->removed, 0);
	assert_int_equal(r->e->ncall, 1);
	phone_in_dialog(r, "INVITE", 11, "re1", "bbb", phone_sdp);
	snprintf(re, sizeof(re), "%s", rig_next(r, true));
	assert_int_equal(rig_port(re), port);
	assert_non_null(rig_key(re));
	assert_string_not_equal(rig_key(re), key);
	/* a new key is a new description, whatever the phone counts */
	assert_non_null(strstr(re, "o=1001 1 2 IN IP4 192.0.2.2\r\n"));
	hq_answers(r, re, 200, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->added, 2);
	assert_int_equal(r->changed, 1);
	assert_int_equal(r->parts, VW_STREAM_SEAL);
	phone_in_dialog(r, "ACK", 11, "ack2", "bbb", NULL);
	rig_next(r, true);
	restart(r);
	hq_in_call(r, "BYE", 1, "b1", NULL);
	s = rig_next(r, false);
	phone_answers(r, s, 200, "aaa", NULL);
	rig_next(r, true);
	assert_int_equal(r->nstream, 0);
	assert_int_equal(vw_ports_used(r->e->ports), 0);
	rig_free(r);
}

/* The module has removed the streams while no agent was there to hear of it. */
static void test_gone_while_away(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	establish(r);
	restart(r);
	r->nstream = 0;
	rig_wait(r, 60000);
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(vw_ports_used(r->e->ports), 0);
	rig_free(r);
}

static void test_idle(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	struct vw_call *c;
	const char *s;

	(void)state;
	establish(r);
	c = LIST_FIRST(&r->e->calls);
	vw_call_idle(r->e, c);
	assert_int_equal(r->e->ncall, 1);
	memset(c->streams.dir, 0, sizeof(c->streams.dir));
	vw_call_idle(r->e, c);
	s = rig_next(r, false);
	assert_memory_equal(s, "BYE sip:1001@10.1.100.11:5060 SIP/2.0\r\n", 39);
	assert_string_equal(rig_header(s, "From"), "<sip:2001@hq.example>;tag=bbb");
	assert_string_equal(rig_header(s, "To"), "\"One\" <sip:1001@hq.example>;tag=aaa");
	s = rig_next(r, true);
	assert_memory_equal(s, "BYE sip:2001@198.51.100.20:5060 SIP/2.0\r\n", 41);
	assert_string_equal(rig_header(s, "CSeq"), "11 BYE");
	assert_string_equal(rig_header(s, "Route"), "<sip:198.51.100.10;lr>");
	assert_int_equal(r->e->ncall, 0);
	rig_free(r);
}

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
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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

/* RTCP on the port of RTP, or no more: the module has to make the streams anew. */
static void test_key_when_ports_join(void **state)
{
	static const char phone_mux[] =
		"v=0\no=1001 1 2 IN IP4 10.1.100.11\ns=-\nc=IN IP4 10.1.100.11\nt=0 0\n"
		"m=audio 4000 RTP/AVP 8\na=rtcp-mux\n";
	char hq_mux[sizeof(hq_answer) + 16], key[128], req[4096];
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char *invite = establish(r);

	(void)state;
	snprintf(hq_mux, sizeof(hq_mux), "%sa=rtcp-mux\n", hq_answer);
	phone_in_dialog(r, "INVITE", 11, "re1", "bbb", phone_mux);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	snprintf(key, sizeof(key), "%s", rig_key(req));
	assert_string_not_equal(key, rig_key(invite));
	hq_answers(r, req, 200, "bbb", hq_mux);
	rig_next(r, false);
	assert_int_equal(r->added, 4);
	assert_int_equal(r->nstream, 2);
	phone_in_dialog(r, "ACK", 11, "ack2", "bbb", NULL);
	rig_next(r, true);
	/* offered as it was, so with the same key; the answer undoes it: no new stream */
	phone_in_dialog(r, "INVITE", 12, "re2", "bbb", phone_mux);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	assert_string_equal(rig_key(req), key);
	hq_answers(r, req, 200, "bbb", hq_answer);
	assert_int_equal(r->added, 4);
	assert_int_equal(r->nstream, 0);
	assert_int_equal(r->e->ncall, 0);
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

/* A muted phone without RTCP doesn't end the call while the other side talks. */
static void test_one_silent_direction(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	(void)state;
	establish(r);
	r->idle[0] = 29999;
	rig_wait(r, 8000);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->timeout_ms, 60000);
	r->idle[0] = 40000;
	rig_wait(r, 8000);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->timeout_ms, 100000);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->timeout_ms, 60000);
	/* both silent: they run out */
	r->idle[0] = r->idle[1] = 90000;
	rig_wait(r, 8000);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->timeout_ms, 100000);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->timeout_ms, 60000);
	rig_free(r);
}

static void test_never_answered(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];
	const char *s;

	(void)state;
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
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
	phone_invite(r, "i1", phone_sdp);
	snprintf(invite, sizeof(invite), "%s", rig_next(r, true));
	r->fail_add = -ENOSPC;
	hq_answers(r, invite, 200, "bbb", hq_answer);
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	assert_memory_equal(rig_next(r, true), "BYE ", 4);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 503 ", 12);
	assert_int_equal(r->e->ncall, 0);
	rig_free(r);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_out),
		cmocka_unit_test(test_retransmissions),
		cmocka_unit_test(test_hold_and_resume),
		cmocka_unit_test(test_call_in),
		cmocka_unit_test(test_far_side_refuses),
		cmocka_unit_test(test_answer_without_protection),
		cmocka_unit_test(test_clear_offer_from_the_trunk),
		cmocka_unit_test(test_removed_trunk),
		cmocka_unit_test(test_fall_back),
		cmocka_unit_test(test_cancel_and_busy),
		cmocka_unit_test(test_late_offer),
		cmocka_unit_test(test_forked),
		cmocka_unit_test(test_prack_and_update),
		cmocka_unit_test(test_far_side_moves),
		cmocka_unit_test(test_ack_with_old_branch),
		cmocka_unit_test(test_not_its_dialog),
		cmocka_unit_test(test_losing_branches),
		cmocka_unit_test(test_cancelled_before_fall_back),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_gone_while_away),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_key_of_an_ended_stream),
		cmocka_unit_test(test_key_of_a_living_stream),
		cmocka_unit_test(test_key_gone_before_the_call),
		cmocka_unit_test(test_key_when_ports_join),
		cmocka_unit_test(test_forked_to_phones),
		cmocka_unit_test(test_one_silent_direction),
		cmocka_unit_test(test_never_answered),
		cmocka_unit_test(test_module_refuses),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_bad_messages),
		cmocka_unit_test(test_hops_and_loops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
