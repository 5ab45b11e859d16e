// SPDX-License-Identifier: GPL-2.0-or-later
/* How a call sounds at both its ends, in the listing. */
#include <math.h>

#include "edge_flow.h"

static const char phone_other[] =
	"v=0\no=1001 1 2 IN IP4 10.1.100.11\ns=-\nc=IN IP4 10.1.100.11\nt=0 0\n"
	"m=audio 4000 RTP/AVP 97 0 101\na=rtpmap:97 gsm-efr/8000\na=rtpmap:101 telephone-event/8000\n";

static const char hq_other[] =
	"v=0\no=2001 7 8 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
	"m=audio 6000 RTP/SAVP 98\na=rtpmap:98 GSM-EFR/8000\n"
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "\n";

/* @mos 0: not known */
static void hears(struct rig *r, const char *who, const char *codec, double mos)
{
	json_t *calls = vw_edge_calls_json(r->e);
	const json_t *q = json_object_get(json_array_get(calls, 0), who);
	const json_t *name = json_object_get(q, "codec"), *got = json_object_get(q, "mos");

	assert_true(json_is_object(q));
	if (codec)
		assert_string_equal(json_string_value(name), codec);
	else
		assert_true(json_is_null(name));
	if (!mos)
		assert_true(json_is_null(got));
	else if (fabs(json_number_value(got) - mos) > 0.01)
		fail_msg("%s: %.3f is not %.3f", who, json_number_value(got), mos);
	json_decref(calls);
}

static void test_heard(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	struct vw_genl_stream *to_hq, *to_phone;

	(void)state;
	establish(r);
	to_hq = rig_stream(r, VOXWALL_ZONE_VOICE);
	to_phone = rig_stream(r, VOXWALL_ZONE_WAN);
	to_hq->payload = to_phone->payload = 8;
	hears(r, "heard_by_phone", "PCMA", 0);
	to_hq->packets = 1000;
	to_phone->packets = 950;
	to_phone->lost = 50;
	/* 20 ms: R 92.53 and 76.75 */
	hears(r, "heard_by_trunk", "PCMA", 4.40);
	hears(r, "heard_by_phone", "PCMA", 3.896);
	to_phone->payload = 101;
	hears(r, "heard_by_phone", NULL, 0);
	rig_free(r);
}

/* The one who takes packets says what their types mean, also to an agent that is new. */
static void test_dynamic(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char re[4096];

	(void)state;
	establish(r);
	phone_in_dialog(r, "INVITE", 11, "re1", "bbb", phone_other);
	snprintf(re, sizeof(re), "%s", rig_next(r, true));
	hq_answers(r, re, 200, "bbb", hq_other);
	rig_next(r, false);
	phone_in_dialog(r, "ACK", 11, "ack2", "bbb", NULL);
	rig_next(r, true);
	for (int agents = 0; agents < 2; agents++) {
		for (size_t i = 0; i < r->nstream; i++) {
			r->stream[i].packets = 1000;
			r->stream[i].payload = 98;
		}
		hears(r, "heard_by_trunk", "GSM-EFR", 4.274);
		hears(r, "heard_by_phone", NULL, 0);
		rig_stream(r, VOXWALL_ZONE_WAN)->payload = 97;
		hears(r, "heard_by_phone", "GSM-EFR", 4.274);
		restart(r);
	}
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heard),
		cmocka_unit_test(test_dynamic),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
