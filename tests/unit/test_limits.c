// SPDX-License-Identifier: GPL-2.0-or-later
/* Every table and every byte has an end, and no sender gets there for all others. */
#include "edge_flow.h"

#include "../../agent/state.h"

static unsigned int warnings;
static bool strangers;	/* the phones aren't registered */

static void on_log(enum vw_log_level level, const char *text, void *arg)
{
	(void)text;
	(void)arg;
	warnings += level == VW_LOG_WARN;
}

static struct rig *begin(void)
{
	warnings = 0;
	vw_log_tap(on_log, NULL);
	return rig_new(VW_MEDIA_SRTP);
}

/* Everything that was taken has been given back. */
static void end(struct rig *r)
{
	for (int i = 0; i < __VW_GOOD_MAX; i++)
		assert_int_equal(r->e->budget.used[i], 0);
	assert_int_equal(r->e->ncall, 0);
	assert_int_equal(r->e->ntxn, 0);
	vw_log_tap(NULL, NULL);
	rig_free(r);
}

static struct vw_endpoint phone(unsigned int n)
{
	return (struct vw_endpoint){
		.addr = { 10, 1, (u8)(100 + (n >> 8)), (u8)n }, .port = 5060, .family = 4
	};
}

/* A request of its own; the status of the answer, 0: it was passed on. */
static int ask(struct rig *r, unsigned int who, const char *method, unsigned int n, size_t pad,
	       const char *sdp)
{
	struct vw_endpoint src = phone(who);
	bool met = vw_budget_held(&r->e->budget, &src, VW_GOOD_TXNS);
	char *text = malloc(pad + 4096), addr[VW_ENDPOINT_LEN], *body = strdup(sdp ? sdp : "");
	const struct rig_sent *s;
	size_t len;

	/* bare newlines do for SDP */
	vw_endpoint_addr(&src, addr);
	len = (size_t)sprintf(text, "%s sip:2001@hq.example SIP/2.0\r\n"
		"Via: SIP/2.0/UDP %s;branch=z9hG4bK%u;rport\r\nMax-Forwards: 70\r\n"
		"From: <sip:p@hq.example>;tag=t%u\r\nTo: <sip:2001@hq.example>\r\n"
		"Call-ID: c%u@%s\r\nCSeq: 1 %s\r\nContact: <sip:p@%s>\r\nX: %0*d\r\n"
		"%sContent-Length: %zu\r\n\r\n%s", method, addr, n, n, n, addr, method, addr,
		(int)pad, 1, sdp ? "Content-Type: application/sdp\r\n" : "", strlen(body), body);
	if (!strangers && !met)
		vw_budget_know(&r->e->budget, &src, true);
	vw_edge_input(r->e, NULL, &src, text, len);
	free(text);
	free(body);
	assert_int_equal(r->nsent, r->nread + 1);
	s = &r->sent[r->nread++ % RIG_MAX];
	if (s->wan)
		return 0;
	if (!strncmp(s->text, "SIP/2.0 503 ", 12))
		assert_string_equal(rig_header(s->text, "Retry-After"), "30");
	return atoi(s->text + 8);
}

/* Until it is refused with 503. */
static unsigned int flood(struct rig *r, unsigned int who, const char *method, size_t pad,
			  const char *sdp)
{
	unsigned int n = 0;
	int status;

	while (!(status = ask(r, who, method, 100000 * (who + 1) + n, pad, sdp)))
		n++;
	assert_int_equal(status, 503);
	return n;
}

/* Transactions time out, calls with them. */
static void let_pass(struct rig *r)
{
	rig_wait(r, 2 * VW_TXN_MS);
	r->nread = r->nsent;
}

static void test_bytes(void **state)
{
	struct rig *r = begin();
	const size_t *held = r->e->budget.used;
	unsigned int n;

	(void)state;
	r->e->budget.limit[VW_GOOD_BYTES] = 4u << 20;
	n = flood(r, 1, "INVITE", 12000, NULL);
	/* request, copy, call: each costs more than its text three times over */
	assert_in_range(n, 20, (2u << 20) / 36000);
	assert_in_range(held[VW_GOOD_BYTES], (2u << 20) - 50000, (2u << 20) + 50000);
	assert_int_equal(r->e->stat[VW_STAT_SHARE], 1);
	assert_int_equal(warnings, 1);
	/* told once, counted each time; the other methods cost too */
	for (unsigned int i = 0; i < 50; i++)
		assert_int_equal(ask(r, 1, "MESSAGE", i, 14000, NULL), 503);
	assert_int_equal(warnings, 1);
	assert_int_equal(r->e->stat[VW_STAT_SHARE], 51);
	/* others aren't hindered, however many are greedy */
	assert_in_range(flood(r, 2, "INVITE", 12000, NULL), n / 3, n);
	assert_in_range(flood(r, 3, "INVITE", 12000, NULL), n / 6, n);
	assert_int_equal(ask(r, 4, "INVITE", 1, 1000, NULL), 0);
	assert_true(held[VW_GOOD_BYTES] < r->e->budget.limit[VW_GOOD_BYTES]);
	let_pass(r);
	assert_int_equal(ask(r, 1, "INVITE", 7, 12000, NULL), 0);
	let_pass(r);
	end(r);
}

static void test_early_calls(void **state)
{
	struct rig *r = begin();

	(void)state;
	assert_int_equal(flood(r, 1, "INVITE", 1, NULL), VW_PHONE_EARLY);
	assert_int_equal(r->e->stat[VW_STAT_SHARE], 1);
	assert_int_equal(ask(r, 2, "INVITE", 1, 1, NULL), 0);
	/* all together */
	r->e->budget.limit[VW_GOOD_EARLY] = VW_PHONE_EARLY + 1;
	assert_int_equal(ask(r, 3, "INVITE", 1, 1, NULL), 503);
	assert_int_equal(r->e->stat[VW_STAT_FULL], 1);
	let_pass(r);
	end(r);
}

/* An offer inside a call that is turned away for want of room leaves nothing open. */
static void test_refused_offer(void **state)
{
	struct rig *r = begin();

	(void)state;
	establish(r);
	r->e->budget.limit[VW_GOOD_TXNS] = 0;
	phone_in_dialog(r, "UPDATE", 11, "i2", "bbb", phone_sdp);
	assert_memory_equal(rig_next(r, false), "SIP/2.0 503 ", 12);
	r->e->budget.limit[VW_GOOD_TXNS] = VW_MAX_TXNS;
	phone_in_dialog(r, "UPDATE", 12, "i3", "bbb", phone_sdp);
	assert_memory_equal(rig_next(r, true), "UPDATE ", 7);
	phone_in_dialog(r, "BYE", 13, "y1", "bbb", NULL);
	hq_answers(r, rig_next(r, true), 200, "bbb", NULL);
	rig_next(r, false);
	let_pass(r);
	end(r);
}

/* Calls that fail leave pairs that rest: nobody can keep all others from theirs so. */
static void test_resting_ports(void **state)
{
	struct rig *r = begin();
	unsigned int n = 0;
	char req[4096];

	(void)state;
	for (size_t i = 0; i < 2 * vw_ports_count(r->e->ports); i++) {
		assert_int_equal(ask(r, 1, "INVITE", n++, 1, phone_sdp), 0);
		snprintf(req, sizeof(req), "%s", r->sent[(r->nread - 1) % RIG_MAX].text);
		hq_answers(r, req, 404, "x", NULL);
		r->nread = r->nsent;
	}
	assert_int_equal(vw_ports_used(r->e->ports), 0);
	assert_int_equal(ask(r, 2, "INVITE", n++, 1, phone_sdp), 0);
	let_pass(r);
	end(r);
}

/* An answered call makes room for another that rings. */
static void test_answered_is_not_early(void **state)
{
	struct rig *r = begin();

	(void)state;
	establish(r);
	assert_int_equal(r->e->budget.used[VW_GOOD_EARLY], 0);
	assert_int_equal(r->e->budget.used[VW_GOOD_CALLS], 1);
	assert_int_equal(r->e->budget.used[VW_GOOD_PORTS], 1);
	phone_in_dialog(r, "BYE", 11, "y1", "bbb", NULL);
	hq_answers(r, rig_next(r, true), 200, "bbb", NULL);
	rig_next(r, false);
	let_pass(r);
	end(r);
}

/* 50 pairs: one phone gets half of them, the next one half of the rest. */
static void test_ports(void **state)
{
	struct rig *r = begin();

	(void)state;
	assert_int_equal(flood(r, 1, "INVITE", 1, phone_sdp), 25);
	assert_int_equal(vw_ports_used(r->e->ports), 25);
	assert_int_equal(vw_ports_used(r->e->trunk[0]->ports), 25);
	assert_int_equal(flood(r, 2, "INVITE", 1, phone_sdp), 13);
	assert_int_equal(ask(r, 3, "INVITE", 1, 1, phone_sdp), 0);
	let_pass(r);
	end(r);
}

static void test_transactions(void **state)
{
	struct rig *r = begin();

	(void)state;
	assert_int_equal(flood(r, 1, "OPTIONS", 1, NULL), VW_MAX_TXNS / 2);
	for (unsigned int i = 0; r->e->ntxn < VW_MAX_TXNS; i++)
		assert_int_equal(ask(r, 2 + i % 4096, "OPTIONS", i, 1, NULL), 0);
	assert_int_equal(r->e->stat[VW_STAT_FULL], 0);
	assert_int_equal(ask(r, 9999, "OPTIONS", 1, 1, NULL), 503);
	assert_int_equal(r->e->stat[VW_STAT_FULL], 1);
	let_pass(r);
	end(r);
}

static void test_calls(void **state)
{
	struct rig *r = begin();

	(void)state;
	r->e->budget.limit[VW_GOOD_EARLY] = 2 * VW_MAX_CALLS;
	for (unsigned int i = 0; i < VW_MAX_CALLS; i++)
		assert_int_equal(ask(r, i, "INVITE", i, 1, NULL), 0);
	assert_int_equal(r->e->ncall, VW_MAX_CALLS);
	assert_int_equal(r->e->stat[VW_STAT_FULL], 0);
	assert_int_equal(ask(r, 1, "INVITE", 9999, 1, NULL), 503);
	assert_int_equal(r->e->stat[VW_STAT_FULL], 1);
	let_pass(r);
	end(r);
}

/* A phone that forges addresses takes from those who aren't registered, not from the rest. */
static void test_forged_addresses(void **state)
{
	struct rig *r = begin();
	unsigned int n = 0, i;

	(void)state;
	strangers = true;
	for (i = 1000; i < 6000; i++)
		n += !ask(r, i, "OPTIONS", i, 1, NULL);
	assert_in_range(n, VW_MAX_TXNS / 2 - 100, VW_MAX_TXNS / 2);
	strangers = false;
	for (i = 0; i < 1000; i++)
		assert_int_equal(ask(r, 1, "OPTIONS", 10000 + i, 1, NULL), 0);
	let_pass(r);
	end(r);
}

static void test_bindings(void **state)
{
	struct rig *r = begin();
	struct vw_endpoint greedy = { .family = 4, .addr = { 10, 1, 100, 99 }, .port = 5060 };
	char token[16], uri[512];

	(void)state;
	do_register(r, uri, sizeof(uri));
	/* one alone gets half and no more */
	for (unsigned int i = 0; i < VW_MAX_BINDINGS / 2; i++) {
		snprintf(token, sizeof(token), "%u", i);
		greedy.port = (u16)(i & 1);
		assert_non_null(vw_binding_add(r->e, token, "sip:a@b", "sip:c@d", &greedy));
	}
	assert_null(vw_binding_add(r->e, "more", "sip:a@b", "sip:c@d", &greedy));
	assert_int_equal(r->e->stat[VW_STAT_SHARE], 1);
	/* the others still find room, until there is none */
	for (unsigned int i = 1; i < VW_MAX_BINDINGS / 2; i++) {
		snprintf(token, sizeof(token), "o%u", i);
		memcpy(&greedy.addr[2], &i, 2);
		assert_non_null(vw_binding_add(r->e, token, "sip:a@b", "sip:c@d", &greedy));
	}
	assert_null(vw_binding_add(r->e, "one", "sip:a@b", "sip:c@d", &greedy));
	assert_int_equal(r->e->stat[VW_STAT_FULL], 1);
	assert_int_equal(ask(r, 1, "REGISTER", 1, 1, NULL), 503);
	assert_int_equal(r->e->stat[VW_STAT_FULL], 2);
	/* one that is there is refreshed */
	rig_phone_says(r, NULL,
		"REGISTER sip:hq.example SIP/2.0\n" PHONE_VIA
		"From: <sip:1001@hq.example>;tag=r\nTo: <sip:1001@hq.example>\n"
		"Call-ID: reg1\nCSeq: 2 REGISTER\n"
		"Contact: <sip:1001@10.1.100.11:5060;transport=udp>\n", "r2");
	rig_next(r, true);
	vw_log_tap(NULL, NULL);
	rig_free(r);
}

static void test_branches(void **state)
{
	struct rig *r = begin();
	char invite[4096], tag[16];

	(void)state;
	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	for (int i = 0; i < VW_MAX_BRANCHES; i++) {
		snprintf(tag, sizeof(tag), "b%d", i);
		hq_answers(r, invite, 183, tag, hq_answer);
		rig_next(r, false);
	}
	assert_int_equal(r->e->stat[VW_STAT_FULL], 0);
	/* SDP that can't be carried across isn't passed on */
	hq_answers(r, invite, 183, "more", hq_answer);
	rig_silence(r);
	assert_int_equal(LIST_FIRST(&r->e->calls)->nbranch, VW_MAX_BRANCHES);
	assert_int_equal(r->e->stat[VW_STAT_FULL], 1);
	hq_answers(r, invite, 486, "b0", NULL);
	let_pass(r);
	end(r);
}

/* A call of a former life counts, and is given back by its end. */
static void test_restored(void **state)
{
	struct rig *r = begin();
	struct vw_edge_io io;
	json_t *saved;
	char err[256];

	(void)state;
	establish(r);
	io = r->e->io;
	saved = vw_edge_to_json(r->e, VW_STATE_MAX);
	vw_edge_core_free(r->e);
	r->e = vw_edge_core_new(&r->conf, &io, err, sizeof(err));
	assert_int_equal(vw_edge_from_json(r->e, saved), 0);
	json_decref(saved);
	r->e->trunk[0]->next_ping = r->now + 1000000000;
	assert_int_equal(vw_budget_held(&r->e->budget, &rig_phone, VW_GOOD_CALLS), 1);
	assert_int_equal(vw_budget_held(&r->e->budget, &rig_phone, VW_GOOD_PORTS), 1);
	assert_true(vw_budget_held(&r->e->budget, &rig_phone, VW_GOOD_BYTES) >
		    sizeof(struct vw_call) + sizeof(struct vw_pact));
	phone_in_dialog(r, "BYE", 11, "y1", "bbb", NULL);
	hq_answers(r, rig_next(r, true), 200, "bbb", NULL);
	rig_next(r, false);
	let_pass(r);
	end(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_early_calls),
		cmocka_unit_test(test_resting_ports),
		cmocka_unit_test(test_refused_offer),
		cmocka_unit_test(test_answered_is_not_early),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_transactions),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_forged_addresses),
		cmocka_unit_test(test_bindings),
		cmocka_unit_test(test_branches),
		cmocka_unit_test(test_restored),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
