// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls that change at random: held, moved, muxed, with new keys and old ones, idle,
 * restarted. Whatever comes, the rig sees that no own key seals twice; here is seen
 * that both ends know the keys that are in use, and that calls survive.
 */
#include <openssl/evp.h>

#include "edge_flow.h"

#define CALLS	300
#define STEPS	12

/* What an end says about its media, one of each. */
struct walk {
	struct rig *r;
	u64 random;
	bool phone_srtp;
	bool phone_muxes;
	unsigned int phone_cseq, hq_cseq, branch;
	unsigned int lost;	/* calls that ended on the way */
	bool idled;
};

static unsigned int dice(struct walk *w, unsigned int n)
{
	w->random = w->random * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned int)(w->random >> 33) % n;
}

static const char *const hold[] = { "a=sendrecv\n", "a=sendrecv\n", "a=sendonly\n", "a=inactive\n" };
static const char *const keys[] = {
	HQ_KEY, "AAAAX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz",
	"BBBBX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz",
};

/* @tag: of the gateway's offer; 0: this is an offer itself. */
static const char *describe(struct walk *w, bool hq, unsigned int tag, bool mux)
{
	static char buf[2][1024];
	static int at;
	char *b = buf[at++ % 2], crypto[128] = "";
	bool secure = hq || w->phone_srtp;
	const char *addr = hq ? "198.51.100.20" : "10.1.100.11";

	if (secure)
		snprintf(crypto, sizeof(crypto), "a=crypto:%u AES_CM_128_HMAC_SHA1_80 inline:%s\n",
			 tag ? tag : 1 + dice(w, 3), keys[dice(w, 3)]);
	snprintf(b, 1024, "v=0\no=x 1 %u IN IP4 %s\ns=-\nc=IN IP4 %s\nt=0 0\n"
		 "m=audio %u RTP/%s 8\n%s%s%s", w->branch, addr, dice(w, 6) ? addr : "0.0.0.0",
		 6000 + 2 * dice(w, 2), secure ? "SAVP" : "AVP", crypto, mux ? "a=rtcp-mux\n" : "",
		 hold[dice(w, ARRAY_SIZE(hold))]);
	return b;
}

static unsigned int offered_tag(const char *text)
{
	const char *p = strstr(text, "a=crypto:");

	return p ? (unsigned int)atoi(p + 9) : 0;
}

/* The key that was told is the key that seals. */
static void check_told(struct walk *w, const char *text, u8 zone)
{
	const struct vw_genl_stream *s = rig_stream(w->r, zone);
	char *b64 = rig_key(text);
	u8 key[48] = { 0 };

	if (!s || !b64)
		return;
	EVP_DecodeBlock(key, (const u8 *)b64, (int)strlen(b64));
	assert_memory_equal(key, s->seal.key, 16);
}

static bool next_is(struct walk *w, bool wan, const char *begin, char *ret)
{
	struct rig *r = w->r;
	const struct rig_sent *s = &r->sent[r->nread % RIG_MAX];

	if (r->nread == r->nsent || s->wan != wan || strncmp(s->text, begin, strlen(begin)))
		return false;
	snprintf(ret, 4096, "%s", rig_next(r, wan));
	return true;
}

static void phone_changes(struct walk *w)
{
	char branch[16], req[4096], ans[4096];
	bool mux = w->phone_muxes && dice(w, 2);

	snprintf(branch, sizeof(branch), "w%u", ++w->branch);
	phone_in_dialog(w->r, "INVITE", ++w->phone_cseq, branch, "bbb",
			describe(w, false, 0, mux));
	if (!next_is(w, true, "INVITE ", req))
		return;
	if (!dice(w, 6)) {
		hq_answers(w->r, req, 488, "bbb", NULL);
		return;
	}
	mux = strstr(req, "a=rtcp-mux") && dice(w, 2);
	hq_answers(w->r, req, 200, "bbb", describe(w, true, offered_tag(req), mux));
	if (!next_is(w, false, "SIP/2.0 200", ans))
		return;
	check_told(w, req, VOXWALL_ZONE_VOICE);
	check_told(w, ans, VOXWALL_ZONE_WAN);
	snprintf(branch, sizeof(branch), "w%u", ++w->branch);
	phone_in_dialog(w->r, "ACK", w->phone_cseq, branch, "bbb", NULL);
}

static void hq_changes(struct walk *w)
{
	char branch[16], req[4096], ans[4096];
	bool mux = dice(w, 2);

	snprintf(branch, sizeof(branch), "w%u", ++w->branch);
	hq_in_call(w->r, "INVITE", ++w->hq_cseq, branch, describe(w, true, 0, mux));
	if (!next_is(w, false, "INVITE ", req))
		return;
	if (!dice(w, 6)) {
		phone_answers(w->r, req, 488, "aaa", NULL);
		return;
	}
	mux = strstr(req, "a=rtcp-mux") && w->phone_muxes;
	phone_answers(w->r, req, 200, "aaa", describe(w, false, offered_tag(req), mux));
	if (!next_is(w, true, "SIP/2.0 200", ans))
		return;
	check_told(w, req, VOXWALL_ZONE_WAN);
	check_told(w, ans, VOXWALL_ZONE_VOICE);
	snprintf(branch, sizeof(branch), "w%u", ++w->branch);
	hq_in_call(w->r, "ACK", w->hq_cseq, branch, NULL);
}

static void idle_one(struct walk *w)
{
	u8 zone = dice(w, 2) ? VOXWALL_ZONE_VOICE : VOXWALL_ZONE_WAN;

	if (w->r->nstream == 2)
		rig_idle(w->r, zone);
}

static void step(struct walk *w)
{
	switch (dice(w, 8)) {
	case 0:
		restart(w->r);
		break;
	case 1:
		idle_one(w);
		break;
	case 2: case 3: case 4:
		hq_changes(w);
		break;
	default:
		phone_changes(w);
	}
	w->r->nread = w->r->nsent;
}

static bool begin(struct walk *w)
{
	char req[4096], ans[4096];

	phone_invite(w->r, "i1", describe(w, false, 0, w->phone_muxes));
	assert_true(next_is(w, true, "INVITE ", req));
	/* early dialogs of two places that disagree */
	if (!dice(w, 2)) {
		hq_answers(w->r, req, 183, "ccc", describe(w, true, offered_tag(req),
			   strstr(req, "a=rtcp-mux") && dice(w, 2)));
		w->r->nread = w->r->nsent;
	}
	hq_answers(w->r, req, 200, "bbb", describe(w, true, offered_tag(req),
		   strstr(req, "a=rtcp-mux") && dice(w, 2)));
	if (!next_is(w, false, "SIP/2.0 200", ans))
		return false;
	check_told(w, req, VOXWALL_ZONE_VOICE);
	check_told(w, ans, VOXWALL_ZONE_WAN);
	phone_in_dialog(w->r, "ACK", 10, "ack1", "bbb", NULL);
	w->r->nread = w->r->nsent;
	return true;
}

static void test_walk(void **state)
{
	unsigned int lost = 0;

	(void)state;
	for (unsigned int i = 0; i < CALLS; i++) {
		struct walk w = { .r = rig_new(VW_MEDIA_SRTP), .random = i, .phone_cseq = 10 };

		w.phone_srtp = dice(&w, 2);
		w.phone_muxes = dice(&w, 2);
		if (!begin(&w))
			lost++;
		for (int j = 0; j < STEPS && w.r->e->ncall; j++) {
			step(&w);
			if (!w.r->e->ncall) {
				print_message("# call %u ends at step %d\n", i, j);
				lost++;
			}
		}
		rig_free(w.r);
	}
	assert_int_equal(lost, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
