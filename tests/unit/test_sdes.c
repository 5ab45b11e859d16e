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
	{ "lifetime as a power", "1 " SUITE " inline:" KEY "|2^20", 0, 1 },
	{ "lifetime 2^48", "1 " SUITE " inline:" KEY "|2^48", 0, 1 },
	{ "lifetime 2^49", "1 " SUITE " inline:" KEY "|2^49", -EBADMSG, 1 },
	{ "lifetime as a number", "1 " SUITE " inline:" KEY "|1048576", 0, 1 },
	{ "lifetime 0", "1 " SUITE " inline:" KEY "|0", -EBADMSG, 1 },
	{ "lifetime is a word", "1 " SUITE " inline:" KEY "|long", -EBADMSG, 1 },
	{ "MKI", "1 " SUITE " inline:" KEY "|2^20|1:4", -EOPNOTSUPP, 1 },
	{ "MKI without lifetime", "1 " SUITE " inline:" KEY "|1:4", -EOPNOTSUPP, 1 },
	{ "MKI of length 0", "1 " SUITE " inline:" KEY "|1:0", -EBADMSG, 1 },
	{ "MKI of length 129", "1 " SUITE " inline:" KEY "|1:129", -EBADMSG, 1 },
	{ "two keys", "1 " SUITE " inline:" KEY "|1:4;inline:" KEY "|2:4", -EOPNOTSUPP, 1 },
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
	{ "KDR", "1 " SUITE " inline:" KEY " KDR=1", -EOPNOTSUPP, 1 },
	{ "KDR out of range", "1 " SUITE " inline:" KEY " KDR=25", -EBADMSG, 1 },
	{ "unencrypted", "1 " SUITE " inline:" KEY " UNENCRYPTED_SRTP", -EOPNOTSUPP, 1 },
	{ "unencrypted RTCP", "1 " SUITE " inline:" KEY " UNENCRYPTED_SRTCP", -EOPNOTSUPP, 1 },
	{ "unauthenticated", "1 " SUITE " inline:" KEY " UNAUTHENTICATED_SRTP", -EOPNOTSUPP, 1 },
	{ "FEC", "1 " SUITE " inline:" KEY " FEC_ORDER=FEC_SRTP", -EOPNOTSUPP, 1 },
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
			assert_memory_equal(s.master, "YS___semctl () {\t220;}\n}\nunles", 30);
		}
	}
}

/* Every beginning of a good line is read without looking past its end. */
static void test_truncated(void **state)
{
	static const char text[] = "1 " SUITE " inline:" KEY "|2^20 WSH=64";

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

		vw_sdes_write(&t, 7, VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80, key);
		assert_int_equal(vw_sdes_parse(t.p, t.len, &s), 0);
		assert_int_equal(s.tag, 7);
		assert_memory_equal(s.master, key->data, 30);
		vw_text_free(&t);
		vw_secret_free(key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_round_trip),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
