// SPDX-License-Identifier: GPL-2.0-or-later
/* Registrations: what registrars make of a Contact, and which phone is behind it. */
#include "edge_flow.h"

/* 1001 registers at @domain. Return: the Contact that the registrar gets, without brackets. */
static char *ask(struct rig *r, const char *domain, const char *branch, char *via)
{
	static char uri[4][256];
	static int at;
	char *contact, *u = uri[at++ % 4];
	const char *s;

	rig_phone_says(r, NULL,
		"REGISTER sip:%s SIP/2.0\nVia: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bK%s\n"
		"From: <sip:1001@%s>;tag=r\nTo: <sip:1001@%s>\nCall-ID: %s\n"
		"CSeq: 1 REGISTER\nContact: <sip:1001@10.1.100.11:5060>\nExpires: 600\n",
		domain, branch, domain, domain, branch);
	s = rig_next(r, true);
	strcpy(via, rig_header(s, "Via"));
	contact = rig_header(s, "Contact");
	snprintf(u, 256, "%.*s", (int)strcspn(contact + 1, ">"), contact + 1);
	return u;
}

static void grant(struct rig *r, const char *domain, const char *branch, const char *via,
		  const char *more)
{
	rig_hq_says(r, NULL,
		"SIP/2.0 200 OK\nVia: %s\n"
		"Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bK%s\n"
		"From: <sip:1001@%s>;tag=r\nTo: <sip:1001@%s>;tag=t\nCall-ID: %s\n"
		"CSeq: 1 REGISTER\n%s", via, branch, domain, domain, branch, more);
}

/* What comes back is never quite what was sent; a call must find the phone all the same. */
static void test_registrars(void **state)
{
	static const struct {
		const char *name;
		const char *contact;	/* "%s": the user part that was sent */
		bool bound;
		int seconds;
	} rows[] = {
		{ "as it was", "Contact: <sip:%s@192.0.2.2:5060>;expires=300\n", true, 300 },
		{ "with parameters of its own",
		  "Contact: <sip:%s@192.0.2.2:5060;x-ast=1>;q=0.5;expires=60\n", true, 60 },
		{ "without a port", "Contact: \"x\" <sip:%s@192.0.2.2>;expires=60\n", true, 60 },
		{ "seen from its own side", "Contact: <sip:%s@203.0.113.7:1024>;expires=60\n", true, 60 },
		{ "no Contact at all", "", true, 600 },
		{ "no Contact, but a time", "Expires: 100\n", true, 100 },
		{ "not kept", "Contact: <sip:%.4s@203.0.113.7>;expires=60\n", false, 0 },
		{ "only somebody else's",
		  "Contact: <sip:%.4s_0123456789abcdef@192.0.2.2>;expires=60\n", false, 0 },
		{ "for no time", "Contact: <sip:%s@192.0.2.2>;expires=0\n", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig *r = rig_new(VW_MEDIA_SRTP);
		char via[256], more[512], user[128], *uri;
		const char *s;

		print_message("# %s\n", rows[i].name);
		uri = ask(r, "hq.example", "b1", via);
		snprintf(user, sizeof(user), "%.*s", (int)strcspn(uri + 4, "@"), uri + 4);
		snprintf(more, sizeof(more), rows[i].contact, user);
		grant(r, "hq.example", "b1", via, more);
		s = rig_next(r, false);
		assert_int_equal(r->e->nbinding, rows[i].bound);
		if (rows[i].bound) {
			assert_int_equal(LIST_FIRST(&r->e->bindings)->until,
					 r->now + rows[i].seconds * 1000);
			if (strstr(s, "\r\nContact: "))
				assert_non_null(strstr(s, "<sip:1001@10.1.100.11:5060>"));
			/* the PBX calls what it has kept, in its own words */
			snprintf(more, sizeof(more), "sip:%s@192.0.2.2", user);
			hq_request(r, "INVITE", more, "", 1, "in1", hq_offer);
			assert_memory_equal(rig_next(r, false),
					    "INVITE sip:1001@10.1.100.11:5060 SIP/2.0\r\n", 41);
		}
		rig_free(r);
	}
}

/* One phone, two trunks: each has its own binding, and its calls find the phone. */
static void test_two_trunks(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char via[256], more[512], first[256], second[256];

	(void)state;
	rig_add_trunk(r, "provider", "203.0.113.20", "192.0.2.2");
	strcpy(first, ask(r, "hq.example", "b1", via));
	snprintf(more, sizeof(more), "Contact: <%s>;expires=300\n", first);
	grant(r, "hq.example", "b1", via, more);
	rig_next(r, false);
	strcpy(second, ask(r, "provider.example", "b2", via));
	assert_string_not_equal(first, second);
	r->at = 1;
	snprintf(more, sizeof(more), "Contact: <%s>;expires=300\n", second);
	grant(r, "provider.example", "b2", via, more);
	rig_next(r, false);
	assert_int_equal(r->e->nbinding, 2);
	r->at = 0;
	hq_request(r, "INVITE", "sip:1001@192.0.2.2", "", 1, "in1", hq_offer);
	assert_memory_equal(rig_next(r, false), "INVITE sip:1001@10.1.100.11:5060 ", 33);
	/* even where both know it by the same name */
	strcpy(first, ask(r, "hq.example", "b3", via));
	rig_phone_says(r, NULL,
		"REGISTER sip:203.0.113.20 SIP/2.0\n"
		"Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bKb4\n"
		"From: <sip:1001@hq.example>;tag=r\nTo: <sip:1001@hq.example>\nCall-ID: b4\n"
		"CSeq: 1 REGISTER\nContact: <sip:1001@10.1.100.11:5060>\n");
	assert_null(strstr(rig_next(r, true), first));
	rig_free(r);
}

/* It ends by the clock that runs from boot: when the wall clock is set, nobody is forgotten. */
static void test_end(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char via[256];

	(void)state;
	ask(r, "hq.example", "b1", via);
	grant(r, "hq.example", "b1", via, "");
	rig_wait(r, 300000);
	restart(r);
	assert_int_equal(r->e->nbinding, 1);
	rig_wait(r, 299000);
	assert_int_equal(r->e->nbinding, 1);
	rig_wait(r, 1000);
	assert_int_equal(r->e->nbinding, 0);
	rig_free(r);
}

/* A state file of another boot can't keep one for longer than a registrar may. */
static void test_another_boot(void **state)
{
	struct rig *r = rig_new(VW_MEDIA_SRTP);
	char via[256];

	(void)state;
	ask(r, "hq.example", "b1", via);
	grant(r, "hq.example", "b1", via, "");
	LIST_FIRST(&r->e->bindings)->until = r->now + 1000ull * 86400 * 365;
	restart(r);
	assert_int_equal(LIST_FIRST(&r->e->bindings)->until, r->now + 86400 * 1000ull);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registrars),
		cmocka_unit_test(test_two_trunks),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_another_boot),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
