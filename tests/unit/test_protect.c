// SPDX-License-Identifier: GPL-2.0-or-later
/* What crypto attributes say (RFC 4568) and what streams are told of it. */
#include "edge_flow.h"

#define SUITE	"AES_CM_128_HMAC_SHA1_80"
#define KEY_A	"AAAAX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
#define KEY_B	"BBBBX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

static struct rig *rig_all_suites(void)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	struct vw_conf_trunk *t = &r->e->trunk[0]->conf;

	t->nsuites = 0;
	for (u16 suite = 1; suite < __VOXWALL_SUITE_MAX; suite++)
		t->suites[t->nsuites++] = suite;
	return r;
}

/* The far side's description with this crypto attribute. */
static const char *hq_with(const char *crypto)
{
	static char buf[2][1024];
	static int at;
	char *b = buf[at++ % 2];

	snprintf(b, 1024, "v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\n"
		 "t=0 0\nm=audio 6000 RTP/SAVP 8\na=rtpmap:8 PCMA/8000\na=crypto:%s\n", crypto);
	return b;
}

static void check_line(const char *sdp, unsigned int tag, const struct vw_suite *s, char *ret)
{
	size_t want = (s->key_len + s->salt_len + 2u) / 3 * 4, len;
	char head[80];
	const char *p;

	snprintf(head, sizeof(head), "a=crypto:%u %s inline:", tag, s->name);
	p = strstr(sdp, head);
	assert_non_null(p);
	p += strlen(head);
	len = strcspn(p, "\r");
	assert_int_equal(len, want);
	memcpy(ret, p, len);
	ret[len] = '\0';
}

/* Each of them is offered, and each of them can be the answer. */
static void test_suites(void **state)
{
	(void)state;
	for (u16 suite = 1; suite < __VOXWALL_SUITE_MAX; suite++) {
		const struct vw_suite *s = vw_suite_get(suite);
		struct rig *r = rig_all_suites();
		char invite[8192], key[128], crypto[256];

		phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
		for (u16 i = 1; i < __VOXWALL_SUITE_MAX; i++)
			check_line(invite, i, vw_suite_get(i), key);
		check_line(invite, suite, s, key);
		/* any key of the right length will do: why not this one */
		snprintf(crypto, sizeof(crypto), "%u %s inline:%s", suite, s->name, key);
		hq_answers(r, invite, 200, "bbb", hq_with(crypto));
		assert_memory_equal(rig_next(r, false), "SIP/2.0 200 ", 12);
		assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->open.suite, suite);
		assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->seal.suite, suite);
		assert_memory_equal(rig_stream(r, VOXWALL_ZONE_WAN)->open.key,
				    rig_stream(r, VOXWALL_ZONE_VOICE)->seal.key, s->key_len);
		/* only what the configuration names may leave in clear */
		assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->clear_wan,
				 s->cipher == VW_CIPHER_NULL);
		rig_free(r);
	}
}

/* A suite that the trunk doesn't name is neither offered nor taken. */
static void test_unnamed_suite(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char invite[4096];

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	assert_null(strstr(invite, "NULL_HMAC"));
	hq_answers(r, invite, 200, "bbb", hq_with("1 NULL_HMAC_SHA1_80 inline:" HQ_KEY));
	assert_memory_equal(rig_next(r, true), "ACK ", 4);
	assert_memory_equal(rig_next(r, true), "BYE ", 4);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 488 ", 12);
	assert_int_equal(r->added, 0);
	rig_free(r);
}

static void answered_with(struct rig *r, const char *crypto)
{
	char invite[4096];

	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 200, "bbb", hq_with(crypto));
	assert_memory_equal(rig_next(r, false), "SIP/2.0 200 ", 12);
	phone_in_dialog(r, "ACK", 10, "ack1", "bbb", NULL);
	rig_next(r, true);
}

/* The far side offers another description inside the call; the phone agrees. */
static void changed_to(struct rig *r, const char *crypto, unsigned int cseq, char *ret)
{
	char branch[16];

	snprintf(branch, sizeof(branch), "c%u", cseq);
	hq_in_call(r, "INVITE", cseq, branch, hq_with(crypto));
	phone_answers(r, rig_next(r, false), 200, "aaa", phone_sdp);
	snprintf(ret, 4096, "%s", rig_next(r, true));
	assert_memory_equal(ret, "SIP/2.0 200 ", 12);
	snprintf(branch, sizeof(branch), "d%u", cseq);
	hq_in_call(r, "ACK", cseq, branch, NULL);
	rig_next(r, false);
}

static void test_lifetime_and_mki(void **state)
{
	static const u8 mki[] = { 0x01, 0x02 };
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	const struct vw_genl_stream *in, *out;

	(void)state;
	answered_with(r, "1 " SUITE " inline:" KEY_A "|2^20|258:2");
	in = rig_stream(r, VOXWALL_ZONE_WAN);
	out = rig_stream(r, VOXWALL_ZONE_VOICE);
	assert_int_equal(in->open.lifetime, 1 << 20);
	assert_int_equal(in->open.mki_len, 2);
	assert_memory_equal(in->open.mki, mki, 2);
	/* they are about the far side's packets, and say nothing about ours */
	assert_int_equal(out->seal.lifetime, 0);
	assert_int_equal(out->seal.mki_len, 0);
	rig_free(r);
}

/* The rate is part of what a key is: another rate is another key. */
static void test_derivation_rate(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char ans[4096];

	(void)state;
	answered_with(r, "1 " SUITE " inline:" KEY_A " KDR=10");
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->open.kdr, 1024);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_VOICE)->seal.kdr, 0);
	changed_to(r, "1 " SUITE " inline:" KEY_A " KDR=11", 1, ans);
	assert_int_equal(rig_stream(r, VOXWALL_ZONE_WAN)->open.kdr, 2048);
	assert_int_equal(r->nopened, 2);
	/* it is about the sender's packets only: the answer has none */
	assert_null(strstr(ans, "KDR"));
	rig_free(r);
}

/* Another key goes beside the old one, whose last packets are still under way. */
static void test_slots(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	const struct vw_genl_stream *in;
	char ans[4096];

	(void)state;
	answered_with(r, "1 " SUITE " inline:" KEY_A);
	in = rig_stream(r, VOXWALL_ZONE_WAN);
	assert_int_equal(in->open.slot, 0);
	for (unsigned int i = 1; i <= 4; i++) {
		changed_to(r, i % 2 ? "1 " SUITE " inline:" KEY_B : "1 " SUITE " inline:" KEY_A, i,
			   ans);
		in = rig_stream(r, VOXWALL_ZONE_WAN);
		assert_int_equal(in->open.slot, i % 2);
		assert_true(in->open.use);
		assert_int_equal(r->nopened, i + 1);
		assert_int_equal(r->opened[i].grace_ms, 32000);
		/* what isn't told to open anew, as on hold, leaves the slots alone */
		changed_to(r, i % 2 ? "2 " SUITE " inline:" KEY_B : "2 " SUITE " inline:" KEY_A,
			   10 + i, ans);
		assert_int_equal(r->nopened, i + 1);
		if (i == 2)
			restart(r);
	}
	assert_int_equal(r->added, 2);
	rig_free(r);
}

static void test_two_keys(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char ans[4096];

	(void)state;
	answered_with(r, "1 " SUITE " inline:" KEY_A "|2^20|1:1;inline:" KEY_B "|2^30|2:1");
	assert_int_equal(r->nopened, 2);
	assert_int_equal(r->opened[0].slot, 0);
	assert_true(r->opened[0].use);
	assert_int_equal(r->opened[0].mki[0], 1);
	assert_int_equal(r->opened[1].slot, 1);
	assert_false(r->opened[1].use);
	assert_int_equal(r->opened[1].mki[0], 2);
	assert_int_equal(r->opened[1].lifetime, 1 << 30);
	assert_memory_not_equal(r->opened[0].key, r->opened[1].key, 16);
	/* the second one changes: it is another pair */
	changed_to(r, "1 " SUITE " inline:" KEY_A "|2^20|1:1;inline:" HQ_KEY "|2^30|3:1", 1, ans);
	assert_int_equal(r->nopened, 4);
	assert_int_equal(r->opened[3].mki[0], 3);
	assert_int_not_equal(r->opened[3].slot, r->opened[2].slot);
	assert_int_equal(r->added, 2);
	rig_free(r);
}

/* Negotiated: both directions, in the answer too, and as long as nobody changes it. */
static void test_clear_rtcp(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char ans[4096], req[4096];

	(void)state;
	answered_with(r, "1 " SUITE " inline:" KEY_A);
	changed_to(r, "1 " SUITE " inline:" KEY_B " UNENCRYPTED_SRTCP", 1, ans);
	assert_non_null(strstr(ans, " UNENCRYPTED_SRTCP\r\n"));
	assert_true(rig_stream(r, VOXWALL_ZONE_WAN)->open.rtcp_clear);
	assert_true(rig_stream(r, VOXWALL_ZONE_VOICE)->seal.rtcp_clear);
	assert_false(rig_stream(r, VOXWALL_ZONE_VOICE)->open.rtcp_clear);
	/* other streams, and so other keys of ours: the rig looks after that */
	assert_int_equal(r->added, 4);
	restart(r);
	phone_in_dialog(r, "INVITE", 11, "re1", "bbb", phone_sdp);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	assert_non_null(strstr(req, " UNENCRYPTED_SRTCP\r\n"));
	hq_answers(r, req, 200, "bbb", hq_with("1 " SUITE " inline:" KEY_B " UNENCRYPTED_SRTCP"));
	assert_memory_equal(rig_next(r, false), "SIP/2.0 200 ", 12);
	phone_in_dialog(r, "ACK", 11, "ack2", "bbb", NULL);
	rig_next(r, true);
	changed_to(r, "1 " SUITE " inline:" KEY_A, 2, ans);
	assert_null(strstr(ans, "UNENCRYPTED_SRTCP"));
	assert_false(rig_stream(r, VOXWALL_ZONE_WAN)->open.rtcp_clear);
	rig_free(r);
}

/* An answer doesn't take protection away that was offered. */
static void test_answer_weakens(void **state)
{
	static const char *const weaker[] = { "UNENCRYPTED_SRTCP", "UNENCRYPTED_SRTP",
					      "UNAUTHENTICATED_SRTP" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(weaker); i++) {
		struct rig *r = rig_new(VW_MEDIA_SRTP);
		char invite[4096], crypto[256];

		phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
		snprintf(crypto, sizeof(crypto), "1 " SUITE " inline:" KEY_A " %s", weaker[i]);
		hq_answers(r, invite, 200, "bbb", hq_with(crypto));
		assert_memory_equal(rig_next(r, true), "ACK ", 4);
		assert_memory_equal(rig_next(r, true), "BYE ", 4);
		assert_memory_equal(rig_next(r, false), "SIP/2.0 488 ", 12);
		assert_int_equal(r->added, 0);
		rig_free(r);
	}
}

static size_t expiring(struct rig *r)
{
	json_t *calls = vw_edge_calls_json(r->e);
	size_t n = json_array_size(json_object_get(json_array_get(calls, 0), "keys_expire"));

	json_decref(calls);
	return n;
}

/* Told in the listing until there is another key. */
static void test_key_expires(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char ans[4096];

	(void)state;
	answered_with(r, "1 " SUITE " inline:" KEY_A "|1000");
	assert_int_equal(expiring(r), 0);
	/* the module speaks of another one, which is in use no more */
	rig_stream(r, VOXWALL_ZONE_WAN)->open.used = 20;
	vw_call_key_expires(r->e, LIST_FIRST(&r->e->calls), 0, VW_WAN);
	assert_int_equal(expiring(r), 0);
	rig_stream(r, VOXWALL_ZONE_WAN)->open.used = 900;
	vw_call_key_expires(r->e, LIST_FIRST(&r->e->calls), 0, VW_WAN);
	assert_int_equal(expiring(r), 1);
	/* the same key again, for longer: it has still sealed as much */
	changed_to(r, "1 " SUITE " inline:" KEY_A "|2^20", 1, ans);
	assert_int_equal(expiring(r), 1);
	assert_int_equal(r->nopened, 1);
	changed_to(r, "1 " SUITE " inline:" KEY_B "|1000", 2, ans);
	assert_int_equal(expiring(r), 0);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suites),
		cmocka_unit_test(test_unnamed_suite),
		cmocka_unit_test(test_lifetime_and_mki),
		cmocka_unit_test(test_derivation_rate),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_two_keys),
		cmocka_unit_test(test_clear_rtcp),
		cmocka_unit_test(test_answer_weakens),
		cmocka_unit_test(test_key_expires),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
