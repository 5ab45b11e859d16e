// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptions across the gateway: what is written anew, and what isn't touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../agent/media/session.h"

#define KEY	"WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
#define HEAD	"v=0\r\no=u 1 5 IN IP4 10.1.100.11\r\ns=-\r\nc=IN IP4 10.1.100.11\r\nt=0 0\r\n"
#define CRYPTO	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n"

static const u16 suites[] = { VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80 };
static const u8 print_key[32] = { 1 };
static u16 next_port[VW_SIDES];

static u16 take_port(void *arg, enum vw_side side)
{
	(void)arg;
	return next_port[side] += 2;
}

static struct vw_media_env env_for(enum vw_media_policy policy)
{
	struct vw_media_env env = {
		.policy = policy, .suites = suites, .nsuites = 1, .print_key = print_key,
		.take_port = take_port,
	};

	next_port[VW_VOICE] = 19998;
	next_port[VW_WAN] = 29998;
	vw_endpoint_parse("10.1.100.1", 10, &env.addr[VW_VOICE]);
	vw_endpoint_parse("192.0.2.2", 9, &env.addr[VW_WAN]);
	return env;
}

/* What the trunk is offered, with "KEY" for the key. */
static const struct {
	const char *name;
	const char *in;
	const char *out;
} offers[] = {
	{ "an ordinary call",
	  HEAD "m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n",
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
	  "m=audio 30000 RTP/SAVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
	  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
	{ "bare newlines, unknown lines and order stay",
	  "v=0\no=u 1 5 IN IP4 10.1.100.11\ns=a b  c\ni=\xc3\xa9\nc=IN IP4 10.1.100.11\nt=0 0\n"
	  "a=x-odd: y \nm=audio 4000 RTP/AVP 8\nb=AS:64\na=ptime:20\na=y\n",
	  "v=0\no=u 1 5 IN IP4 192.0.2.2\r\ns=a b  c\ni=\xc3\xa9\nc=IN IP4 192.0.2.2\r\nt=0 0\n"
	  "a=x-odd: y \nm=audio 30000 RTP/SAVP 8\r\nb=AS:64\na=ptime:20\na=y\n"
	  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
	{ "addresses of the media, feedback profile, rtcp",
	  "v=0\r\no=u 1 5 IN IP4 10.1.100.11\r\ns=-\r\nt=0 0\r\n"
	  "m=audio 4000 RTP/AVPF 0 8\r\nc=IN IP4 10.1.100.11\r\na=rtcp:4009 IN IP4 10.1.100.11\r\n",
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nt=0 0\r\n"
	  "m=audio 30000 RTP/SAVPF 0 8\r\nc=IN IP4 192.0.2.2\r\na=rtcp:30001\r\n"
	  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
	{ "rtcp-mux, ICE and DTLS",
	  HEAD "a=ice-lite\r\na=fingerprint:sha-1 00\r\nm=audio 4000 RTP/AVP 8\r\na=rtcp-mux\r\n"
	  "a=candidate:1 1 UDP 1 10.1.100.11 4000 typ host\r\na=ice-ufrag:x\r\na=ice-pwd:y\r\n"
	  "a=setup:actpass\r\na=sendrecv\r\n",
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
	  "m=audio 30000 RTP/SAVP 8\r\na=rtcp-mux\r\na=sendrecv\r\na=rtcp:30000\r\n"
	  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
	{ "held the old way",
	  "v=0\r\no=u 1 5 IN IP4 10.1.100.11\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
	  "m=audio 4000 RTP/AVP 8\r\n",
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
	  "m=audio 30000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
	{ "a fax beside it is left alone, address and all",
	  HEAD "m=audio 4000 RTP/AVP 8\r\nm=image 4002 udptl t38\r\na=T38FaxVersion:0\r\n",
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 10.1.100.11\r\nt=0 0\r\n"
	  "m=audio 30000 RTP/SAVP 8\r\nc=IN IP4 192.0.2.2\r\n"
	  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n"
	  "m=image 4002 udptl t38\r\na=T38FaxVersion:0\r\n" },
	{ "a section that is switched off",
	  HEAD "m=audio 0 RTP/AVP 8\r\nm=audio 4002 RTP/AVP 8\r\n",
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
	  "m=audio 0 RTP/AVP 8\r\nm=audio 30000 RTP/SAVP 8\r\n"
	  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
	{ "two sections, no line end at the end",
	  HEAD "m=audio 4000 RTP/AVP 8\r\nm=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000",
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
	  "m=audio 30000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n"
	  "m=video 30002 RTP/SAVP 96\r\na=rtpmap:96 H264/90000\r\n"
	  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
	{ "header extensions stay, but for encrypted ones",
	  HEAD "a=extmap:9 URN:ietf:params:rtp-hdrext:encrypt urn:x\r\n"
	  "a=extmap:8 urn:ietf:params:rtp-hdrext:encrypted\r\nm=audio 4000 RTP/AVP 8\r\n"
	  "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
	  "a=extmap:2/sendonly urn:ietf:params:rtp-hdrext:encrypt urn:x 25@600\r\n"
	  "a=extmap:3 urn:x urn:ietf:params:rtp-hdrext:encrypt\r\na=extmap:4\r\n",
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
	  "a=extmap:8 urn:ietf:params:rtp-hdrext:encrypted\r\nm=audio 30000 RTP/SAVP 8\r\n"
	  "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
	  "a=extmap:3 urn:x urn:ietf:params:rtp-hdrext:encrypt\r\na=extmap:4\r\n"
	  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
	{ "a phone's own SRTP is not passed on",
	  HEAD "m=audio 4000 RTP/SAVP 8\r\n" CRYPTO,
	  "v=0\r\no=u 1 5 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
	  "m=audio 30000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n" },
};

static void hide_keys(char *s)
{
	char *p;

	while ((p = strstr(s, "inline:")) && strncmp(p + 7, "KEY", 3)) {
		memcpy(p + 7, "KEY", 3);
		memmove(p + 10, p + 47, strlen(p + 47) + 1);
		s = p + 10;
	}
}

static void test_offers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(offers); i++) {
		struct vw_media_env env = env_for(VW_MEDIA_SRTP);
		struct vw_text out = { .len = 0 };
		struct vw_pact *pact;
		int err;

		err = vw_media_offer(&env, NULL, VW_VOICE, offers[i].in, strlen(offers[i].in),
				     &pact, &out);
		if (err)
			print_error("%s: %d\n", offers[i].name, err);
		assert_int_equal(err, 0);
		assert_null(strstr(out.p, KEY));
		hide_keys(out.p);
		if (strcmp(out.p, offers[i].out))
			print_error("%s\n", offers[i].name);
		assert_string_equal(out.p, offers[i].out);
		vw_text_free(&out);
		vw_pact_free(pact);
	}
}

static const struct {
	const char *name;
	const char *in;
	int err;
} bad[] = {
	{ "empty", "", -EBADMSG },
	{ "no version", "o=u 1 1 IN IP4 1.2.3.4\r\ns=-\r\n", -EBADMSG },
	{ "another version", "v=1\r\no=u 1 1 IN IP4 1.2.3.4\r\ns=-\r\n", -EBADMSG },
	{ "no origin", "v=0\r\ns=-\r\n", -EBADMSG },
	{ "no media", HEAD, -ENODATA },
	{ "no equals sign", HEAD "maudio 4000 RTP/AVP 8\r\n", -EBADMSG },
	{ "capital letter", HEAD "M=audio 4000 RTP/AVP 8\r\n", -EBADMSG },
	{ "empty line in the middle", HEAD "\r\nm=audio 4000 RTP/AVP 8\r\n", -EBADMSG },
	{ "no format", HEAD "m=audio 4000 RTP/AVP\r\n", -EBADMSG },
	{ "port out of range", HEAD "m=audio 65536 RTP/AVP 8\r\n", -EBADMSG },
	{ "port is no number", HEAD "m=audio x RTP/AVP 8\r\n", -EBADMSG },
	{ "payload type out of range", HEAD "m=audio 4000 RTP/AVP 128\r\n", -EBADMSG },
	{ "no address", "v=0\r\no=u 1 1 IN IP4 1.2.3.4\r\ns=-\r\nm=audio 4000 RTP/AVP 8\r\n",
	  -EBADMSG },
	{ "two addresses", HEAD "m=audio 4000 RTP/AVP 8\r\nc=IN IP4 1.1.1.1\r\nc=IN IP4 1.1.1.2\r\n",
	  -EBADMSG },
	{ "rtcp port out of range", HEAD "m=audio 4000 RTP/AVP 8\r\na=rtcp:65536\r\n", -EBADMSG },
	{ "a return inside a line", HEAD "m=audio 4000 RTP/AVP 8\ra=x\r\n", -EBADMSG },
	{ "SAVP without a key", HEAD "m=audio 4000 RTP/SAVP 8\r\n", -EACCES },
	{ "SAVP with a bad key",
	  HEAD "m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xx\r\n",
	  -EACCES },
	{ "the same tag twice", HEAD "m=audio 4000 RTP/SAVP 8\r\n" CRYPTO CRYPTO, -EACCES },
	{ "nine sections", HEAD "m=audio 2 RTP/AVP 8\r\nm=audio 4 RTP/AVP 8\r\n"
	  "m=audio 6 RTP/AVP 8\r\nm=audio 8 RTP/AVP 8\r\nm=audio 10 RTP/AVP 8\r\n"
	  "m=audio 12 RTP/AVP 8\r\nm=audio 14 RTP/AVP 8\r\nm=audio 16 RTP/AVP 8\r\n"
	  "m=audio 18 RTP/AVP 8\r\n", -E2BIG },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct vw_media_env env = env_for(VW_MEDIA_SRTP);
		struct vw_text out = { .len = 0 };
		struct vw_pact *pact = NULL;
		int err;

		err = vw_media_offer(&env, NULL, VW_VOICE, bad[i].in, strlen(bad[i].in), &pact,
				     &out);
		if (err != bad[i].err)
			print_error("%s: %d\n", bad[i].name, err);
		assert_int_equal(err, bad[i].err);
		assert_null(pact);
		assert_int_equal(out.len, 0);
		vw_text_free(&out);
	}
}

static void test_crypto_choice(void **state)
{
	static const struct {
		const char *name;
		const char *lines;
		int err;
		u32 tag;
	} rows[] = {
		{ "none", "", -ENODATA, 0 },
		{ "first of two", "a=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n"
		  "a=crypto:6 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n", 0, 5 },
		{ "unknown suite skipped", "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" KEY "\r\n"
		  "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n", 0, 2 },
		{ "clear speech skipped",
		  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " UNENCRYPTED_SRTP\r\n"
		  "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n", 0, 2 },
		{ "malformed skipped", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n"
		  "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n", 0, 2 },
		{ "a long MKI only", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|1:9\r\n",
		  -EOPNOTSUPP, 0 },
		{ "one tag twice", "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" KEY "\r\n"
		  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n", -EBADMSG, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vw_sdp *sdp = malloc(sizeof(*sdp));
		struct vw_sdes sdes = { .tag = 0 };
		char text[1024];
		int err;

		snprintf(text, sizeof(text), "%sm=audio 4000 RTP/SAVP 8\r\n%s", HEAD, rows[i].lines);
		assert_int_equal(vw_sdp_parse(text, strlen(text), sdp), 0);
		err = vw_sdp_crypto(sdp, 0, suites, 1, &sdes);
		if (err != rows[i].err)
			print_error("%s: %d\n", rows[i].name, err);
		assert_int_equal(err, rows[i].err);
		assert_int_equal(sdes.tag, rows[i].tag);
		free(sdp);
	}
}

/* A section may be refused in the answer while another one goes on. */
static void test_partial_answer(void **state)
{
	static const char offer[] = HEAD "m=audio 4000 RTP/AVP 8\r\nm=video 4002 RTP/AVP 96\r\n";
	static const char answer[] =
		"v=0\r\no=h 1 1 IN IP4 198.51.100.20\r\ns=-\r\nc=IN IP4 198.51.100.20\r\nt=0 0\r\n"
		"m=audio 6000 RTP/SAVP 8\r\n" CRYPTO "a=extmap:1 urn:x\r\n"
		"a=extmap:2 urn:ietf:params:rtp-hdrext:encrypt urn:x\r\nm=video 0 RTP/SAVP 96\r\n";
	struct vw_media_env env = env_for(VW_MEDIA_SRTP);
	struct vw_text out = { .len = 0 }, back = { .len = 0 };
	struct vw_pact *a, *b;

	(void)state;
	assert_int_equal(vw_media_offer(&env, NULL, VW_VOICE, offer, strlen(offer), &a, &out), 0);
	assert_int_equal(vw_media_answer(&env, a, VW_WAN, answer, strlen(answer), &b, &back), 0);
	assert_non_null(strstr(back.p, "m=audio 20000 RTP/AVP 8\r\n"));
	assert_non_null(strstr(back.p, "m=video 0 RTP/AVP 96\r\n"));
	assert_null(strstr(back.p, "crypt"));
	assert_non_null(strstr(back.p, "a=extmap:1 urn:x\r\n"));
	assert_int_equal(b->lane[0].kind, VW_LANE_ON);
	assert_int_equal(b->lane[1].kind, VW_LANE_OFF);
	assert_int_equal(vw_pact_suite(b), VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80);
	vw_text_free(&out);
	vw_text_free(&back);
	vw_pact_free(a);
	vw_pact_free(b);
}

static void test_policies(void **state)
{
	static const char plain[] = HEAD "m=audio 4000 RTP/AVP 8\r\n";
	static const struct {
		enum vw_media_policy policy;
		enum vw_side from;
		int err;
		const char *has;
	} rows[] = {
		{ VW_MEDIA_SRTP, VW_VOICE, 0, "RTP/SAVP" },
		{ VW_MEDIA_SRTP_PREFERRED, VW_VOICE, 0, "RTP/SAVP" },
		{ VW_MEDIA_RTP, VW_VOICE, 0, "RTP/AVP" },
		{ VW_MEDIA_SRTP, VW_WAN, -EACCES, NULL },
		{ VW_MEDIA_SRTP_PREFERRED, VW_WAN, 0, "RTP/AVP" },
		{ VW_MEDIA_RTP, VW_WAN, 0, "RTP/AVP" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vw_media_env env = env_for(rows[i].policy);
		struct vw_text out = { .len = 0 };
		struct vw_pact *pact = NULL;

		assert_int_equal(vw_media_offer(&env, NULL, rows[i].from, plain, strlen(plain),
						&pact, &out), rows[i].err);
		if (rows[i].has)
			assert_non_null(strstr(out.p, rows[i].has));
		vw_text_free(&out);
		vw_pact_free(pact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offers),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_crypto_choice),
		cmocka_unit_test(test_partial_answer),
		cmocka_unit_test(test_policies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
