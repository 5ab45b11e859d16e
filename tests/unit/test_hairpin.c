// SPDX-License-Identifier: GPL-2.0-or-later
/* 1001 calls 1002 beside it: by way of the PBX, so the call passes the edge twice. */
#include "edge_flow.h"

static const char beside_sdp[] =
	"v=0\no=1002 1 1 IN IP4 10.1.100.12\ns=-\nc=IN IP4 10.1.100.12\nt=0 0\n"
	"m=audio 4400 RTP/AVP 8\n";

static const char secure_sdp[] =
	"v=0\no=1001 1 %d IN IP4 10.1.100.11\ns=-\nc=IN IP4 10.1.100.11\nt=0 0\n"
	"m=audio 4000 RTP/SAVP 8\n"
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n";

static const struct vw_endpoint beside = {
	.addr = { 10, 1, 100, 12 }, .port = 5060, .family = 4
};

/* The description of a message, as the rig takes it. */
static char *sdp_of(const char *text, char *buf)
{
	const char *p = rig_body(text);
	char *q = buf;

	for (; *p; p++)
		if (*p != '\r')
			*q++ = *p;
	*q = '\0';
	return buf;
}

/* The stream for packets from a phone's own gateway port, or NULL. */
/* From a phone; a stream from the WAN may have drawn the same number. */
static const struct vw_genl_stream *stream_at(struct rig *r, unsigned int port)
{
	for (size_t i = 0; i < r->nstream; i++)
		if (r->stream[i].zone == VOXWALL_ZONE_VOICE && r->stream[i].local.rtp == port)
			return &r->stream[i];
	return NULL;
}

static void expect_relay(const struct vw_genl_stream *s, u8 from, u16 from_port, u8 to,
			 u16 to_port)
{
	assert_non_null(s);
	assert_int_equal(s->zone, VOXWALL_ZONE_VOICE);
	assert_int_equal(s->open.suite, VOXWALL_SUITE_NONE);
	assert_int_equal(s->seal.suite, VOXWALL_SUITE_NONE);
	assert_false(s->clear_wan);
	assert_int_equal(s->remote.addr[3], from);
	assert_int_equal(s->remote.rtp, from_port);
	assert_int_equal(s->dst.addr[3], to);
	assert_int_equal(s->dst.rtp, to_port);
	assert_int_equal(s->dst.rtcp, to_port + 1);
	/* the voice address of the gateway, 10.1.100.1 */
	assert_int_equal(s->local.addr[0], 10);
	assert_int_equal(s->src.addr[0], 10);
}

struct halves {
	struct rig *r;
	char out[4096];		/* INVITE of the first half, as the PBX gets it */
	char in[4096];		/* of the second, as the phone gets it */
	char answer[4096];	/* as the caller gets it */
	unsigned int port[2];	/* the gateway's, towards caller and callee */
};

/* @spoil: what the PBX does to the answer on its way; NULL: nothing. */
static void join_from(struct halves *h, enum vw_media_policy media, const char *offer,
		      void (*spoil)(char *sdp))
{
	struct rig *r = rig_new(media);
	char uri[512], sdp[4096];

	h->r = r;
	r->phone = beside;
	do_register(r, uri, sizeof(uri));
	r->phone = rig_phone;
	phone_invite(r, "i1", offer);
	snprintf(h->out, sizeof(h->out), "%s", rig_next(r, true));
	hq_request(r, "INVITE", uri, "", 1, "in1", sdp_of(h->out, sdp));
	snprintf(h->in, sizeof(h->in), "%s", rig_next(r, false));
	h->port[1] = rig_port(h->in);
	r->phone = beside;
	phone_answers(r, h->in, 200, "ppp", beside_sdp);
	r->phone = rig_phone;
	sdp_of(rig_next(r, true), sdp);
	/* one half alone has nowhere to send to */
	assert_int_equal(r->nstream, 0);
	if (spoil)
		spoil(sdp);
	hq_answers(r, h->out, 200, "bbb", sdp);
	snprintf(h->answer, sizeof(h->answer), "%s", rig_next(r, false));
	h->port[0] = rig_port(h->answer);
	hq_request(r, "ACK", "sip:1002@10.1.100.12:5060", "ppp", 1, "in2", NULL);
	rig_next(r, false);
	phone_in_dialog(r, "ACK", 10, "ack1", "bbb", NULL);
	rig_next(r, true);
}

static void join(struct halves *h, void (*spoil)(char *sdp))
{
	join_from(h, VW_MEDIA_SRTP, phone_sdp, spoil);
}

static void test_phone_to_phone(void **state)
{
	struct halves h;

	(void)state;
	join(&h, NULL);
	assert_int_equal(h.r->nstream, 2);
	assert_int_equal(h.r->nsealed, 0);
	expect_relay(stream_at(h.r, h.port[0]), 11, 4000, 12, 4400);
	expect_relay(stream_at(h.r, h.port[1]), 12, 4400, 11, 4000);
	/* one of them is silent: the other one keeps its stream */
	h.r->silent = (u16)h.port[0];
	h.r->idle[1] = 40000;
	rig_wait(h.r, 8000);
	assert_int_equal(stream_at(h.r, h.port[0])->timeout_ms, 100000);
	assert_int_equal(stream_at(h.r, h.port[1])->timeout_ms, 60000);
	/* and were it gone, the call */
	rig_idle(h.r, VOXWALL_ZONE_VOICE);
	rig_wait(h.r, 8000);
	assert_int_equal(h.r->e->ncall, 2);
	rig_free(h.r);
}

/* One half ends: the other one's phone talks to nobody, until its BYE comes too. */
static void test_one_half_ends(void **state)
{
	struct halves h;

	(void)state;
	join(&h, NULL);
	phone_in_dialog(h.r, "BYE", 11, "bye1", "bbb", NULL);
	hq_answers(h.r, rig_next(h.r, true), 200, "bbb", NULL);
	rig_next(h.r, false);
	assert_int_equal(h.r->e->ncall, 1);
	assert_int_equal(h.r->nstream, 0);
	/* what is left ends without the one that has gone */
	rig_wait(h.r, 20000);
	vw_call_free(h.r->e, LIST_FIRST(&h.r->e->calls));
	assert_int_equal(h.r->e->ncall, 0);
	rig_free(h.r);
}

/* The callee is moved on to the far side: its half becomes an ordinary call. */
static void test_transferred(void **state)
{
	struct halves h;
	char req[4096];

	(void)state;
	join(&h, NULL);
	hq_in_call(h.r, "INVITE", 1, "t1", hq_moved);
	snprintf(req, sizeof(req), "%s", rig_next(h.r, false));
	phone_answers(h.r, req, 200, "aaa", phone_sdp);
	assert_non_null(rig_key(rig_next(h.r, true)));
	/* the half that stays behind sends nothing any more */
	assert_int_equal(h.r->nstream, 2);
	assert_int_equal(stream_at(h.r, h.port[0])->seal.suite,
			 VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80);
	assert_int_equal(stream_at(h.r, h.port[0])->dst.rtp, 6666);
	assert_null(stream_at(h.r, h.port[1]));
	rig_free(h.r);
}

/* The PBX asks the caller for an offer, and takes it to the callee. */
static void join_again(struct halves *h)
{
	char req[4096], sdp[4096], offer[512];
	struct rig *r = h->r;

	hq_in_call(r, "ACK", 1, "t2", NULL);
	rig_next(r, false);
	hq_in_call(r, "INVITE", 2, "t3", NULL);
	snprintf(req, sizeof(req), "%s", rig_next(r, false));
	snprintf(offer, sizeof(offer), secure_sdp, 3);
	phone_answers(r, req, 200, "aaa", offer);
	hq_request(r, "INVITE", "sip:1002@10.1.100.12:5060", "ppp", 2, "in3",
		   sdp_of(rig_next(r, true), sdp));
	snprintf(req, sizeof(req), "%s", rig_next(r, false));
	r->phone = beside;
	phone_answers(r, req, 200, "ppp", beside_sdp);
	r->phone = rig_phone;
	hq_in_call(r, "ACK", 2, "t4", sdp_of(rig_next(r, true), sdp));
	assert_non_null(rig_key(rig_next(r, false)));
}

/*
 * A caller that speaks SRTP: what is sealed for it comes from a stream of the other
 * half. Whichever half has used a key, no stream of the other one gets it again.
 */
static void round_trip(enum vw_media_policy media, const char *away)
{
	char offer[512], req[4096], key[64];
	struct halves h;

	snprintf(offer, sizeof(offer), secure_sdp, 1);
	join_from(&h, media, offer, NULL);
	assert_int_equal(h.r->nstream, 2);
	assert_int_equal(h.r->nsealed, 1);
	snprintf(key, sizeof(key), "%s", rig_key(h.answer));
	hq_in_call(h.r, "INVITE", 1, "t1", away);
	snprintf(req, sizeof(req), "%s", rig_next(h.r, false));
	assert_string_not_equal(rig_key(req), key);
	snprintf(offer, sizeof(offer), secure_sdp, 2);
	phone_answers(h.r, req, 200, "aaa", offer);
	assert_int_equal(rig_port(rig_next(h.r, true)) > 0, 1);
	assert_int_equal(h.r->nstream, 2);
	join_again(&h);
	assert_int_equal(h.r->nstream, 2);
	assert_non_null(stream_at(h.r, h.port[1]));
	rig_free(h.r);
}

static void test_key_of_the_other_half(void **state)
{
	static const char away[] =
		"v=0\no=2001 7 8 IN IP4 198.51.100.21\ns=-\nc=IN IP4 198.51.100.21\nt=0 0\n"
		"m=audio 6666 RTP/AVP 8\n";

	(void)state;
	round_trip(VW_MEDIA_SRTP, hq_moved);
	/* where nothing but the address tells that the media changes hands */
	round_trip(VW_MEDIA_RTP, away);
}

/*
 * The agent comes back: what runs goes on in both halves, and as their calls are
 * refreshed nothing is made anew, which it could not without the keys.
 */
static void test_restart(void **state)
{
	char offer[512];
	struct halves h;

	(void)state;
	snprintf(offer, sizeof(offer), secure_sdp, 1);
	join_from(&h, VW_MEDIA_SRTP, offer, NULL);
	restart(h.r);
	assert_int_equal(h.r->nstream, 2);
	assert_int_equal(h.r->removed, 0);
	rig_wait(h.r, 8000);
	assert_int_equal(h.r->e->ncall, 2);
	for (struct vw_call *c = LIST_FIRST(&h.r->e->calls); c; c = LIST_NEXT(c, list))
		assert_int_equal(vw_call_apply(h.r->e, c), 0);
	assert_int_equal(h.r->nstream, 2);
	assert_int_equal(h.r->removed, 0);
	rig_free(h.r);
}

/* A line of the log takes the place of one half: the other one's stream is not its own. */
static void test_half_from_log(void **state)
{
	struct vw_call *c;
	struct halves h;
	json_t *line;

	(void)state;
	join(&h, NULL);
	c = LIST_FIRST(&h.r->e->calls);
	line = vw_call_to_json(h.r->e, c);
	vw_call_from_json(h.r->e, line);
	json_decref(line);
	assert_int_equal(h.r->e->ncall, 2);
	assert_int_equal(h.r->removed, 0);
	for (c = LIST_FIRST(&h.r->e->calls); c; c = LIST_NEXT(c, list))
		assert_int_equal(vw_call_apply(h.r->e, c), 0);
	assert_int_equal(h.r->removed, 0);
	assert_int_equal(h.r->nstream, 2);
	rig_free(h.r);
}

static void other_key(char *sdp)
{
	memcpy(strstr(sdp, "inline:") + 7, HQ_KEY, strlen(HQ_KEY));
}

/* Ports alone are no proof: who names another call's port must know its key too. */
static void test_stolen_port(void **state)
{
	struct halves h;

	(void)state;
	join(&h, other_key);
	assert_int_equal(h.r->nstream, 0);
	rig_free(h.r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phone_to_phone),
		cmocka_unit_test(test_one_half_ends),
		cmocka_unit_test(test_transferred),
		cmocka_unit_test(test_key_of_the_other_half),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_half_from_log),
		cmocka_unit_test(test_stolen_port),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
