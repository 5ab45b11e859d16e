// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../agent/media/sdes.h"

#define SUITE	"AES_CM_128_HMAC_SHA1_80"
/* 30 bytes, 40 characters: no padding is due */
#define KEY	"WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
#define KEY2	"AAAAX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
#define KEY39	"WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGV"

static const struct {
	const char *name;
	const char *text;
	int want;
	u32 tag;
} rows[] = {
	{ "plain", "1 " SUITE " inline:" KEY, 0, 1 },
	{ "suite in lower case", "1 aes_cm_128_hmac_sha1_80 inline:" KEY, 0, 1 },
	{ "tag 0", "0 " SUITE " inline:" KEY, 0, 0 },
	{ "tag of nine digits", "999999999 " SUITE " inline:" KEY, 0, 999999999 },
	{ "tag of ten digits", "1000000000 " SUITE " inline:" KEY, -EBADMSG, 0 },
	{ "tag is no number", "x " SUITE " inline:" KEY, -EBADMSG, 0 },
	{ "no tag", SUITE " inline:" KEY, -EBADMSG, 0 },
	{ "two blanks", "1  " SUITE "  inline:" KEY, 0, 1 },
	{ "lifetime 2^49", "1 " SUITE " inline:" KEY "|2^49", -EBADMSG, 1 },
	{ "a packet more", "1 " SUITE " inline:" KEY "|281474976710657", -EBADMSG, 1 },
	{ "lifetime 0", "1 " SUITE " inline:" KEY "|0", -EBADMSG, 1 },
	{ "lifetime is a word", "1 " SUITE " inline:" KEY "|long", -EBADMSG, 1 },
	{ "an empty lifetime", "1 " SUITE " inline:" KEY "||1:4", -EBADMSG, 1 },
	{ "MKI that needs two", "1 " SUITE " inline:" KEY "|256:1", -EBADMSG, 1 },
	{ "MKI that needs nine", "1 " SUITE " inline:" KEY "|18446744073709551616:8", -EBADMSG, 1 },
	{ "MKI of nine bytes", "1 " SUITE " inline:" KEY "|1:9", -EOPNOTSUPP, 1 },
	{ "MKI of length 0", "1 " SUITE " inline:" KEY "|1:0", -EBADMSG, 1 },
	{ "MKI of length 129", "1 " SUITE " inline:" KEY "|1:129", -EBADMSG, 1 },
	{ "MKI without a value", "1 " SUITE " inline:" KEY "|:4", -EBADMSG, 1 },
	{ "MKI that is a word", "1 " SUITE " inline:" KEY "|x:4", -EBADMSG, 1 },
	{ "something behind the MKI", "1 " SUITE " inline:" KEY "|1:4|2^20", -EBADMSG, 1 },
	{ "two keys, one MKI", "1 " SUITE " inline:" KEY "|1:4;inline:" KEY2 "|1:4", -EBADMSG, 1 },
	{ "two keys, two lengths", "1 " SUITE " inline:" KEY "|1:4;inline:" KEY2 "|2:2", -EBADMSG, 1 },
	{ "two keys, the second bare", "1 " SUITE " inline:" KEY "|1:4;inline:" KEY2, -EBADMSG, 1 },
	{ "two keys, the first bare", "1 " SUITE " inline:" KEY ";inline:" KEY2 "|1:4", -EBADMSG, 1 },
	{ "two keys without MKIs", "1 " SUITE " inline:" KEY ";inline:" KEY2, -EBADMSG, 1 },
	{ "three keys", "1 " SUITE " inline:" KEY "|1:4;inline:" KEY2 "|2:4;inline:" KEY "|3:4", -EOPNOTSUPP, 1 },
	{ "key of 29 bytes", "1 " SUITE " inline:" KEY39 "=", -EBADMSG, 1 },
	{ "one character short", "1 " SUITE " inline:" KEY39, -EBADMSG, 1 },
	{ "padding that isn't due", "1 " SUITE " inline:" KEY "==", -EBADMSG, 1 },
	{ "key of 31 bytes", "1 " SUITE " inline:" KEY "AA", -EBADMSG, 1 },
	{ "bad base64", "1 " SUITE " inline:" KEY39 "*", -EBADMSG, 1 },
	{ "blank in base64", "1 " SUITE " inline:" KEY39 " s", -EBADMSG, 1 },
	{ "empty key", "1 " SUITE " inline:", -EBADMSG, 1 },
	{ "another key method", "1 " SUITE " outline:" KEY, -EBADMSG, 1 },
	{ "no key", "1 " SUITE, -EBADMSG, 1 },
	{ "unknown suite", "1 F8_128_HMAC_SHA1_80 inline:" KEY, -EOPNOTSUPP, 1 },
	{ "KDR twice", "1 " SUITE " inline:" KEY " KDR=1 KDR=2", -EBADMSG, 1 },
	{ "KDR 0", "1 " SUITE " inline:" KEY " KDR=0", -EBADMSG, 1 },
	{ "KDR out of range", "1 " SUITE " inline:" KEY " KDR=25", -EBADMSG, 1 },
	{ "unencrypted", "1 " SUITE " inline:" KEY " UNENCRYPTED_SRTP", -EOPNOTSUPP, 1 },
	{ "a longer word", "1 " SUITE " inline:" KEY " UNENCRYPTED_SRTCPX", -EOPNOTSUPP, 1 },
	{ "both unencrypted", "1 " SUITE " inline:" KEY " UNENCRYPTED_SRTCP UNENCRYPTED_SRTP", -EOPNOTSUPP, 1 },
	{ "unauthenticated", "1 " SUITE " inline:" KEY " UNAUTHENTICATED_SRTP", -EOPNOTSUPP, 1 },
	{ "FEC first", "1 " SUITE " inline:" KEY " FEC_ORDER=FEC_SRTP", 0, 1 },
	{ "FEC last", "1 " SUITE " inline:" KEY " FEC_ORDER=SRTP_FEC", -EOPNOTSUPP, 1 },
	{ "FEC with a key", "1 " SUITE " inline:" KEY " FEC_KEY=inline:" KEY, -EOPNOTSUPP, 1 },
	{ "window size hint", "1 " SUITE " inline:" KEY " WSH=64", 0, 1 },
	{ "window too small", "1 " SUITE " inline:" KEY " WSH=63", -EBADMSG, 1 },
	{ "parameter that may be ignored", "1 " SUITE " inline:" KEY " -x=y WSH=128", 0, 1 },
	{ "parameter that may not", "1 " SUITE " inline:" KEY " -x=y z", -EOPNOTSUPP, 1 },
	{ "empty", "", -EBADMSG, 0 },
	{ "blanks", "   ", -EBADMSG, 0 },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vw_sdes s = { .tag = 0 };
		int err = vw_sdes_parse(rows[i].text, strlen(rows[i].text), &s);

		if (err != rows[i].want)
			print_error("%s: %d\n", rows[i].name, err);
		assert_int_equal(err, rows[i].want);
		if (!err || err == -EOPNOTSUPP)
			assert_int_equal(s.tag, rows[i].tag);
		if (!err) {
			assert_int_equal(s.len, 30);
			assert_memory_equal(s.key[0].master, "YS___semctl () {\t220;}\n}\nunles", 30);
		}
	}
}

/* What stands behind the key. */
static const struct {
	const char *name;
	const char *text;
	u64 lifetime;
	u64 mki;
	u8 mki_len;
	u8 nkey;
	bool rtcp_clear;
	u32 kdr;
} good[] = {
	{ "lifetime as a power", "|2^20", 1 << 20, 0, 0, 1, false, 0 },
	{ "lifetime 2^0", "|2^0", 1, 0, 0, 1, false, 0 },
	{ "lifetime 2^48", "|2^48", 1ull << 48, 0, 0, 1, false, 0 },
	{ "lifetime as a number", "|1048576", 1048576, 0, 0, 1, false, 0 },
	{ "the longest lifetime", "|281474976710656", 1ull << 48, 0, 0, 1, false, 0 },
	{ "MKI", "|2^20|1:4", 1 << 20, 1, 4, 1, false, 0 },
	{ "MKI without lifetime", "|1066:4", 0, 1066, 4, 1, false, 0 },
	{ "MKI of one byte", "|255:1", 0, 255, 1, 1, false, 0 },
	{ "MKI of eight bytes", "|18446744073709551615:8", 0, UINT64_MAX, 8, 1, false, 0 },
	{ "two keys", "|1:4;inline:" KEY2 "|2:4", 0, 1, 4, 2, false, 0 },
	{ "unencrypted RTCP", " UNENCRYPTED_SRTCP", 0, 0, 0, 1, true, 0 },
	{ "the same in lower case", " unencrypted_srtcp", 0, 0, 0, 1, true, 0 },
	{ "KDR", " KDR=1", 0, 0, 0, 1, false, 2 },
	{ "the largest KDR", "|2^20 KDR=24 UNENCRYPTED_SRTCP", 1 << 20, 0, 0, 1, true, 1 << 24 },
};

static void test_parameters(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct vw_sdes s = { .tag = 0 };
		char text[512];
		u64 mki = 0;

		snprintf(text, sizeof(text), "1 " SUITE " inline:" KEY "%s", good[i].text);
		if (vw_sdes_parse(text, strlen(text), &s))
			fail_msg("%s", good[i].name);
		for (u8 n = 0; n < s.key[0].mki_len; n++)
			mki = mki << 8 | s.key[0].mki[n];
		assert_int_equal(s.key[0].lifetime, good[i].lifetime);
		assert_int_equal(s.key[0].mki_len, good[i].mki_len);
		assert_int_equal(mki, good[i].mki);
		assert_int_equal(s.nkey, good[i].nkey);
		assert_int_equal(s.rtcp_clear, good[i].rtcp_clear);
		assert_int_equal(s.kdr, good[i].kdr);
		if (s.nkey == 2)
			assert_memory_not_equal(s.key[1].master, s.key[0].master, 30);
	}
}

/* Every beginning of a good line is read without looking past its end. */
static void test_truncated(void **state)
{
	static const char text[] = "1 " SUITE " inline:" KEY "|2^20|1:4;inline:" KEY2
		"|2^20|2:4 WSH=64";

	(void)state;
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		char *copy = malloc(n ? n : 1);
		struct vw_sdes s;

		memcpy(copy, text, n);
		vw_sdes_parse(copy, n, &s);
		free(copy);
	}
}

static void test_round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		struct vw_secret *key = vw_secret_random(30);
		struct vw_text t = { .len = 0 };
		struct vw_sdes s;

		vw_sdes_write(&t, 7, VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80, key, i % 2);
		assert_int_equal(vw_sdes_parse(t.p, t.len, &s), 0);
		assert_int_equal(s.tag, 7);
		assert_int_equal(s.rtcp_clear, i % 2);
		assert_memory_equal(s.key[0].master, key->data, 30);
		vw_text_free(&t);
		vw_secret_free(key);
	}
}

/* Of every suite: its name, and a key with padding and without. */
static void test_suites(void **state)
{
	(void)state;
	for (u16 suite = 1; suite < __VOXWALL_SUITE_MAX; suite++) {
		size_t len = vw_sdes_master_len(suite);
		struct vw_secret *key = vw_secret_random(len);
		struct vw_text t = { .len = 0 };
		struct vw_sdes s;

		vw_sdes_write(&t, 1, suite, key, false);
		for (int pad = 0; pad < 2; pad++) {
			assert_int_equal(vw_sdes_parse(t.p, t.len, &s), 0);
			assert_int_equal(s.suite, suite);
			assert_int_equal(s.len, len);
			assert_memory_equal(s.key[0].master, key->data, len);
			while (t.p[t.len - 1] == '=')
				t.len--;
		}
		vw_text_free(&t);
		vw_secret_free(key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_suites),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
