// SPDX-License-Identifier: GPL-2.0-or-later
/* Offers of several suites: each crypto attribute has a tag of its own (RFC 4568, 4.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../agent/media/session.h"

#define HEAD	"v=0\r\no=u 1 5 IN IP4 10.1.100.11\r\ns=-\r\nc=IN IP4 10.1.100.11\r\nt=0 0\r\n"
#define KEY	"WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

static const struct vw_suite table[] = {
	{ .name = "ONE", .id = 1, .key_len = 16, .salt_len = 14 },
	{ .name = "TWO", .id = 2, .key_len = 16, .salt_len = 14 },
	{ .name = "THREE", .id = 3, .key_len = 16, .salt_len = 14 },
};
static const u16 suites[] = { 1, 2, 3 };
static const u8 print_key[32] = { 1 };

const struct vw_suite *vw_suite_get(unsigned int id)
{
	return id && id <= ARRAY_SIZE(table) ? &table[id - 1] : NULL;
}

const struct vw_suite *vw_suite_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strlen(table[i].name) == len && !memcmp(table[i].name, name, len))
			return &table[i];
	return NULL;
}

static u16 take_port(void *arg, enum vw_side side)
{
	static u16 port = 20000;

	(void)arg;
	(void)side;
	return port += 2;
}

static const char plain[] = HEAD "m=audio 4000 RTP/AVP 8\r\n";

/* The tag of a suite's line; fails when two lines share a tag. */
static unsigned int tag_of(const char *sdp, const char *suite)
{
	unsigned int seen[8], n = 0, found = 0;
	char name[16];

	for (const char *p = strstr(sdp, "a=crypto:"); p; p = strstr(p + 1, "a=crypto:")) {
		assert_int_equal(sscanf(p, "a=crypto:%u %15s", &seen[n], name), 2);
		for (unsigned int i = 0; i < n; i++)
			assert_int_not_equal(seen[i], seen[n]);
		if (!strcmp(name, suite))
			found = seen[n];
		n++;
	}
	assert_true(found);
	return found;
}

/* The trunk's offer is answered with its own tag; then the gateway offers them all. */
static void test_offer_after_answer(void **state)
{
	(void)state;
	for (unsigned int suite = 0; suite < ARRAY_SIZE(table); suite++) {
		for (unsigned int tag = 1; tag <= 4; tag++) {
			struct vw_media_env env = {
				.policy = VW_MEDIA_SRTP, .suites = suites, .nsuites = 3,
				.print_key = print_key, .take_port = take_port,
			};
			struct vw_text out[3] = { { .len = 0 } };
			struct vw_pact *offer, *first, *second;
			char sdp[512];

			vw_endpoint_parse("10.1.100.1", 10, &env.addr[VW_VOICE]);
			vw_endpoint_parse("192.0.2.2", 9, &env.addr[VW_WAN]);
			snprintf(sdp, sizeof(sdp), HEAD "m=audio 6000 RTP/SAVP 8\r\n"
				 "a=crypto:%u %s inline:" KEY "\r\n", tag, table[suite].name);
			assert_int_equal(vw_media_offer(&env, NULL, VW_WAN, sdp, strlen(sdp),
							&offer, &out[0]), 0);
			assert_int_equal(vw_media_answer(&env, offer, VW_VOICE, plain,
							 strlen(plain), &first, &out[1]), 0);
			assert_int_equal(tag_of(out[1].p, table[suite].name), tag);
			assert_int_equal(vw_media_offer(&env, first, VW_VOICE, plain,
							strlen(plain), &second, &out[2]), 0);
			for (size_t i = 0; i < ARRAY_SIZE(table); i++)
				tag_of(out[2].p, table[i].name);
			vw_pact_free(offer);
			vw_pact_free(first);
			vw_pact_free(second);
			for (size_t i = 0; i < ARRAY_SIZE(out); i++)
				vw_text_free(&out[i]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offer_after_answer),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
