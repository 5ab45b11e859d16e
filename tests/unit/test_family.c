// SPDX-License-Identifier: GPL-2.0-or-later
/* Phones speak IPv4, the trunk IPv6; and several trunks at once. */
#include "edge_flow.h"

#define PROXY	"2001:db8::1"
#define LOCAL	"2001:db8::2"

static const char six_sdp[] =
	"v=0\no=2001 7 7 IN IP6 2001:db8::20\ns=-\nc=IN IP6 2001:db8::20\nt=0 0\n"
	"m=audio 6000 RTP/SAVP 8\na=rtcp:6005 IN IP6 2001:db8::20\n"
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "\n";

static struct rig *rig_six(void)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);

	rig_add_trunk(r, "six", PROXY, LOCAL);
	r->at = 1;
	return r;
}

static void expect_streams(struct rig *r)
{
	const struct vw_genl_stream *up = rig_stream(r, VOXWALL_ZONE_VOICE);
	const struct vw_genl_stream *down = rig_stream(r, VOXWALL_ZONE_WAN);
	struct vw_endpoint ep = { .family = 0 };

	assert_int_equal(r->nstream, 2);
	assert_int_equal(up->local.family, 4);
	assert_int_equal(up->src.family, 6);
	assert_int_equal(up->dst.family, 6);
	vw_endpoint_parse("2001:db8::20", 12, &ep);
	assert_memory_equal(up->dst.addr, ep.addr, 16);
	assert_int_equal(up->dst.rtcp, 6005);
	assert_int_equal(down->local.family, 6);
	vw_endpoint_parse(LOCAL, strlen(LOCAL), &ep);
	assert_memory_equal(down->local.addr, ep.addr, 16);
	assert_int_equal(down->dst.family, 4);
	assert_int_equal(down->dst.rtp, 4000);
}

/* @uri: what the phone calls; any way to write the proxy's address finds the trunk. */
static void call_out(const char *uri)
{
	struct rig *r = rig_six();
	char invite[4096], via[512];
	const char *s;

	rig_phone_says(r, phone_sdp,
		"INVITE %s SIP/2.0\n" PHONE_VIA
		"Max-Forwards: 70\nFrom: <sip:1001@six.example>;tag=aaa\n"
		"To: <sip:2001@six.example>\nCall-ID: c1@10.1.100.11\nCSeq: 10 INVITE\n"
		"Contact: <sip:1001@10.1.100.11:5060>\n", uri, "i1");
	s = rig_next(r, true);
	snprintf(invite, sizeof(invite), "%s", s);
	assert_ptr_equal(r->sent[(r->nread - 1) % RIG_MAX].trunk, r->e->trunk[1]);
	snprintf(via, sizeof(via), "%s", rig_header(s, "Via"));
	assert_memory_equal(via, "SIP/2.0/UDP [" LOCAL "]:5060;branch=", 37);
	assert_non_null(strstr(s, "Record-Route: <sip:[" LOCAL "]:5060;lr>\r\n"
			       "Record-Route: <sip:10.1.100.1:5060;lr>\r\n"));
	assert_non_null(strstr(s, "o=1001 1 1 IN IP6 " LOCAL "\r\n"));
	assert_non_null(strstr(s, "c=IN IP6 " LOCAL "\r\n"));
	assert_null(strstr(rig_body(s), "10.1.100"));
	rig_hq_says(r, six_sdp,
		"SIP/2.0 200 OK\nVia: %s;received=" LOCAL "\n"
		"Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bKi1;rport=5060\n"
		"Record-Route: <sip:[" PROXY "];lr>\n"
		"Record-Route: <sip:[" LOCAL "]:5060;lr>\nRecord-Route: <sip:10.1.100.1:5060;lr>\n"
		"From: <sip:1001@six.example>;tag=aaa\nTo: <sip:2001@six.example>;tag=bbb\n"
		"Call-ID: c1@10.1.100.11\nCSeq: 10 INVITE\n"
		"Contact: <sip:2001@[2001:db8::20]:5060>\n", via);
	s = rig_next(r, false);
	assert_memory_equal(s, "SIP/2.0 200 ", 12);
	assert_non_null(strstr(s, "c=IN IP4 10.1.100.1\r\n"));
	assert_null(strstr(rig_body(s), "2001:db8"));
	expect_streams(r);
	rig_phone_says(r, NULL,
		"BYE sip:2001@[2001:db8::20]:5060 SIP/2.0\n" PHONE_VIA
		"Route: <sip:10.1.100.1:5060;lr>, <sip:[" LOCAL "]:5060;lr>, <sip:[" PROXY "];lr>\n"
		"Max-Forwards: 70\nFrom: <sip:1001@six.example>;tag=aaa\n"
		"To: <sip:2001@six.example>;tag=bbb\nCall-ID: c1@10.1.100.11\nCSeq: 11 BYE\n", "b1");
	s = rig_next(r, true);
	assert_memory_equal(s, "BYE sip:2001@[2001:db8::20]:5060 SIP/2.0\r\n", 42);
	assert_string_equal(rig_header(s, "Route"), "<sip:[" PROXY "];lr>");
	rig_free(r);
}

static void test_call_out(void **state)
{
	(void)state;
	call_out("sip:2001@six.example");
	call_out("sip:2001@[" PROXY "]");
	call_out("sip:2001@[2001:DB8:0::0:1]:5060");
}

static void test_call_in(void **state)
{
	struct rig *r = rig_six();
	char via[512], contact[512], uri[256];
	const char *s;

	(void)state;
	rig_phone_says(r, NULL,
		"REGISTER sip:six.example SIP/2.0\n" PHONE_VIA
		"From: <sip:1001@six.example>;tag=r\nTo: <sip:1001@six.example>\nCall-ID: reg1\n"
		"CSeq: 1 REGISTER\nContact: <sip:1001@10.1.100.11:5060>\n", "r1");
	s = rig_next(r, true);
	snprintf(via, sizeof(via), "%s", rig_header(s, "Via"));
	snprintf(contact, sizeof(contact), "%s", rig_header(s, "Contact"));
	assert_non_null(strstr(contact, "@[" LOCAL "]:5060>"));
	rig_hq_says(r, NULL,
		"SIP/2.0 200 OK\nVia: %s\nVia: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bKr1\n"
		"From: <sip:1001@six.example>;tag=r\nTo: <sip:1001@six.example>;tag=t\n"
		"Call-ID: reg1\nCSeq: 1 REGISTER\nContact: %s;expires=500\n", via, contact);
	assert_string_equal(rig_header(rig_next(r, false), "Contact"),
			    "<sip:1001@10.1.100.11:5060>;expires=500");
	snprintf(uri, sizeof(uri), "%.*s", (int)strcspn(contact + 1, ">"), contact + 1);
	rig_hq_says(r, six_sdp,
		"INVITE %s SIP/2.0\nVia: SIP/2.0/UDP [" PROXY "];branch=z9hG4bKin1\n"
		"Max-Forwards: 69\nFrom: <sip:2001@six.example>;tag=hhh\n"
		"To: <sip:1001@six.example>\nCall-ID: c2\nCSeq: 1 INVITE\n"
		"Contact: <sip:2001@[2001:db8::20]:5060>\n", uri);
	s = rig_next(r, false);
	assert_memory_equal(s, "INVITE sip:1001@10.1.100.11:5060 SIP/2.0\r\n", 42);
	assert_non_null(strstr(s, "Via: SIP/2.0/UDP [" PROXY "];branch=z9hG4bKin1\r\n"));
	assert_null(strstr(rig_body(s), "2001:db8"));
	phone_answers(r, s, 200, "ppp", phone_sdp);
	s = rig_next(r, true);
	assert_non_null(strstr(s, "c=IN IP6 " LOCAL "\r\n"));
	assert_true(vw_endpoint_same_addr(&r->sent[(r->nread - 1) % RIG_MAX].to,
					  &r->e->trunk[1]->proxy));
	expect_streams(r);
	rig_free(r);
}

/* What one trunk knows is no pass to the calls of another. */
static void test_other_trunk(void **state)
{
	struct rig *r = rig_six();

	(void)state;
	r->at = 0;
	establish(r);
	r->at = 1;
	hq_in_call(r, "BYE", 1, "b1", NULL);
	assert_memory_equal(rig_next(r, true), "SIP/2.0 481 ", 12);
	assert_int_equal(r->e->ncall, 1);
	assert_int_equal(r->nstream, 2);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_out),
		cmocka_unit_test(test_call_in),
		cmocka_unit_test(test_other_trunk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
