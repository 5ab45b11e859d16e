// SPDX-License-Identifier: GPL-2.0-or-later
/* The agent has gone and come back; streams have gone and not come back. */
#include "edge_flow.h"

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

/* Written down before the far ends count on it, and only then. */
static void test_saved_in_time(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	struct vw_edge_io io = r->e->io;
	char req[4096], err[256];

	(void)state;
	phone_calls(r, "i1", phone_sdp, req, sizeof(req));
	hq_answers(r, req, 183, "bbb", hq_answer);
	rig_next(r, false);
	assert_int_equal(r->saves, 0);
	hq_answers(r, req, 200, "bbb", hq_answer);
	assert_int_equal(r->saves, 1);
	assert_int_equal(r->saved_at, r->nsent - 1);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 200 ", 12);
	hq_answers(r, req, 200, "bbb", hq_answer);
	rig_next(r, false);
	phone_in_dialog(r, "ACK", 10, "ack1", "bbb", NULL);
	rig_next(r, true);
	assert_int_equal(r->saves, 1);
	phone_in_dialog(r, "UPDATE", 11, "u1", "bbb", phone_sdp);
	snprintf(req, sizeof(req), "%s", rig_next(r, true));
	hq_answers(r, req, 200, "bbb", hq_answer);
	assert_int_equal(r->saves, 2);
	assert_int_equal(r->saved_at, r->nsent - 1);
	/* killed now: no state file, but the line; read twice it is still one call */
	vw_edge_core_free(r->e);
	r->e = vw_edge_core_new(&r->conf, &io, err, sizeof(err));
	r->e->generation = 1;
	vw_call_from_json(r->e, r->saved);
	assert_int_equal(r->e->ncall, 0);
	r->e->generation = 0;
	vw_call_from_json(r->e, r->saved);
	vw_call_from_json(r->e, r->saved);
	assert_int_equal(r->e->ncall, 1);
	assert_int_equal(vw_streams_count(&LIST_FIRST(&r->e->calls)->streams), 2);
	assert_int_equal(r->nstream, 2);
	assert_int_equal(r->removed, 0);
	assert_int_equal(vw_ports_used(r->e->ports), 1);
	rig_free(r);
}

/* What doesn't fit is left out, calls last. */
static void test_bounded_file(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char uri[512], **target;
	size_t calls = 0;

	(void)state;
	do_register(r, uri, sizeof(uri));
	establish(r);
	/* bytes that take two each */
	for (int i = 0; i < VW_SIDES; i++) {
		target = &LIST_FIRST(&r->e->calls)->active->party[i].target;
		*target = realloc(*target, 4001);
		memset(*target, '"', 4000);
		(*target)[4000] = '\0';
	}
	for (size_t room = 1024; room < 40000; room += 100) {
		json_t *saved = vw_edge_to_json(r->e, room);
		char *dump = json_dumps(saved, JSON_COMPACT);

		assert_true(strlen(dump) <= room);
		calls = json_array_size(json_object_get(saved, "calls"));
		free(dump);
		json_decref(saved);
	}
	assert_int_equal(calls, 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_saved_in_time),
		cmocka_unit_test(test_bounded_file),
		cmocka_unit_test(test_gone_while_away),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_one_silent_direction),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
