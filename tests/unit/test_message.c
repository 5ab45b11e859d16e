// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages that are let in, and why the others aren't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../agent/sip/message.h"
#include "../../agent/sip/osip.h"

#define L_VIA	"Via: SIP/2.0/UDP 10.1.100.11;branch=z9hG4bKa\r\n"
#define L_FROM	"From: <sip:1001@a>;tag=1\r\n"
#define L_TO	"To: <sip:2001@a>\r\n"
#define L_CALL	"Call-ID: x@y\r\n"
#define L_CSEQ	"CSeq: 1 OPTIONS\r\n"
#define L_START	"OPTIONS sip:2001@a SIP/2.0\r\n"
#define L_ALL	L_VIA L_FROM L_TO L_CALL L_CSEQ

static const struct {
	const char *name;
	const char *text;
	enum vw_msg_fault fault;
} rows[] = {
	{ "request", L_START L_ALL "\r\n", VW_FAULT_NONE },
	{ "response", "SIP/2.0 200 OK\r\n" L_ALL "\r\n", VW_FAULT_NONE },
	{ "response without a phrase", "SIP/2.0 200 \r\n" L_ALL "\r\n", VW_FAULT_NONE },
	{ "compact names", L_START "v: SIP/2.0/UDP a;branch=b\r\nf: sip:a@b;tag=1\r\nt: sip:c@d\r\n"
	  "i: q\r\n" L_CSEQ "l: 0\r\n\r\n", VW_FAULT_NONE },
	{ "folded line", L_START L_ALL "Subject: a\r\n b\r\n\r\n", VW_FAULT_NONE },
	{ "IPv6", L_START "Via: SIP/2.0/UDP [fd00::1]:5060;branch=b\r\n" L_FROM L_TO L_CALL L_CSEQ "\r\n",
	  VW_FAULT_NONE },
	{ "Via with blanks and a fold", L_START "Via: SIP  / 2.0\r\n /UDP 10.1.100.11;branch = b\r\n" L_FROM
	  L_TO L_CALL L_CSEQ "\r\n", VW_FAULT_NONE },
	{ "Via with a quoted parameter", L_START "Via: SIP/2.0/UDP a;branch=b;x=\"y, z\"\r\n" L_FROM L_TO
	  L_CALL L_CSEQ "\r\n", VW_FAULT_NONE },
	{ "Via with an open quote", L_START "Via: SIP/2.0/UDP a;branch=b;x=\"y\r\n" L_FROM L_TO L_CALL
	  L_CSEQ "\r\n", VW_FAULT_SYNTAX },
	{ "Via whose port is a word", L_START "Via: SIP/2.0/UDP a:50P;branch=b\r\n" L_FROM L_TO L_CALL
	  L_CSEQ "\r\n", VW_FAULT_SYNTAX },
	{ "second Via with a blank in the branch", L_START L_VIA "Via: SIP/2.0/UDP b;branch=c d\r\n" L_FROM
	  L_TO L_CALL L_CSEQ "\r\n", VW_FAULT_SYNTAX },
	{ "credentials that nobody here reads", L_START L_ALL "Authorization: Digest e=\"c, uri\r\n\r\n",
	  VW_FAULT_NONE },
	{ "empty", "", VW_FAULT_START },
	{ "HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", VW_FAULT_START },
	{ "another version", "OPTIONS sip:a SIP/3.0\r\n" L_ALL "\r\n", VW_FAULT_START },
	{ "status out of range", "SIP/2.0 700 X\r\n" L_ALL "\r\n", VW_FAULT_START },
	{ "head without end", L_START L_ALL, VW_FAULT_TRUNCATED },
	{ "no Via", L_START L_FROM L_TO L_CALL L_CSEQ "\r\n", VW_FAULT_MISSING },
	{ "no From", L_START L_VIA L_TO L_CALL L_CSEQ "\r\n", VW_FAULT_MISSING },
	{ "no To", L_START L_VIA L_FROM L_CALL L_CSEQ "\r\n", VW_FAULT_MISSING },
	{ "no Call-ID", L_START L_VIA L_FROM L_TO L_CSEQ "\r\n", VW_FAULT_MISSING },
	{ "no CSeq", L_START L_VIA L_FROM L_TO L_CALL "\r\n", VW_FAULT_MISSING },
	{ "two From", L_START L_ALL L_FROM "\r\n", VW_FAULT_DUPLICATE },
	{ "two To", L_START L_ALL L_TO "\r\n", VW_FAULT_DUPLICATE },
	{ "two Call-ID, one compact", L_START L_ALL "i: z\r\n\r\n", VW_FAULT_DUPLICATE },
	{ "two CSeq", L_START L_ALL L_CSEQ "\r\n", VW_FAULT_DUPLICATE },
	{ "two Max-Forwards", L_START L_ALL "Max-Forwards: 1\r\nMax-Forwards: 2\r\n\r\n",
	  VW_FAULT_DUPLICATE },
	{ "two lengths", L_START L_ALL "Content-Length: 0\r\nl: 0\r\n\r\n", VW_FAULT_DUPLICATE },
	{ "two From tags", L_START L_VIA "From: <sip:a@b>;tag=1;tag=2\r\n" L_TO L_CALL L_CSEQ "\r\n",
	  VW_FAULT_DUPLICATE },
	{ "two To tags", L_START L_VIA L_FROM "To: <sip:a@b>;tag=1;tag=2\r\n" L_CALL L_CSEQ "\r\n",
	  VW_FAULT_DUPLICATE },
	{ "length too long", L_START L_ALL "Content-Length: 4\r\n\r\nabc", VW_FAULT_LENGTH },
	{ "length fits", L_START L_ALL "Content-Length: 3\r\n\r\nabc", VW_FAULT_NONE },
	{ "length shorter", L_START L_ALL "Content-Length: 2\r\n\r\nabc", VW_FAULT_NONE },
	{ "length negative", L_START L_ALL "Content-Length: -1\r\n\r\n", VW_FAULT_LENGTH },
	{ "length is a word", L_START L_ALL "Content-Length: x\r\n\r\n", VW_FAULT_LENGTH },
	{ "length overflows", L_START L_ALL "Content-Length: 4294967296\r\n\r\n", VW_FAULT_LENGTH },
	{ "CSeq of another method", L_START L_VIA L_FROM L_TO L_CALL "CSeq: 1 INVITE\r\n\r\n",
	  VW_FAULT_CSEQ },
	{ "CSeq 2^31", L_START L_VIA L_FROM L_TO L_CALL "CSeq: 2147483648 OPTIONS\r\n\r\n", VW_FAULT_CSEQ },
	{ "CSeq 2^31 - 1", L_START L_VIA L_FROM L_TO L_CALL "CSeq: 2147483647 OPTIONS\r\n\r\n",
	  VW_FAULT_NONE },
	{ "bare return", L_START L_ALL "X: a\rRoute: <sip:evil>\r\n\r\n", VW_FAULT_BYTES },
	{ "bare newline", L_START L_ALL "X: a\nRoute: <sip:evil>\r\n\r\n", VW_FAULT_BYTES },
	{ "bell", L_START L_ALL "X: \a\r\n\r\n", VW_FAULT_BYTES },
	{ "delete", L_START L_ALL "X: \x7f\r\n\r\n", VW_FAULT_BYTES },
	{ "no colon", L_START L_ALL "nonsense\r\n\r\n", VW_FAULT_SYNTAX },
	{ "folded start line", "OPTIONS sip:a SIP/2.0\r\n ;x\r\n" L_ALL "\r\n", VW_FAULT_SYNTAX },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vw_msg *m = NULL, *lines = NULL;
		enum vw_msg_fault f = vw_msg_parse(rows[i].text, strlen(rows[i].text), &m, &lines);

		if (f != rows[i].fault)
			print_error("%s: %s\n", rows[i].name, vw_fault_name(f));
		assert_int_equal(f, rows[i].fault);
		assert_int_equal(m != NULL, f == VW_FAULT_NONE);
		vw_msg_free(m);
		vw_msg_free(lines);
	}
}

/* Text in the head, and a bound one too many. */
static enum vw_msg_fault many(const char *what, int n)
{
	struct vw_msg *m = NULL;
	size_t cap = strlen(L_START L_ALL) + (size_t)n * strlen(what) + 16;
	char *text = malloc(cap), *p = text + sprintf(text, L_START L_ALL);
	enum vw_msg_fault f;

	for (int i = 0; i < n; i++)
		p = stpcpy(p, what);
	strcpy(p, "\r\n");
	f = vw_msg_parse(text, strlen(text), &m, NULL);
	vw_msg_free(m);
	free(text);
	return f;
}

static void test_bounds(void **state)
{
	char *big = malloc(VW_SIP_MAX_LEN + 2);
	struct vw_msg *m = NULL;
	size_t head = (size_t)sprintf(big, L_START L_ALL "\r\n");

	(void)state;
	assert_int_equal(many("X: y\r\n", VW_SIP_MAX_LINES - 5), VW_FAULT_NONE);
	assert_int_equal(many("X: y\r\n", VW_SIP_MAX_LINES - 4), VW_FAULT_LINES);
	assert_int_equal(many("X: ,,,,,,,,,,\r\n", 210), VW_FAULT_LINES);
	memset(big + head, 'a', VW_SIP_MAX_LEN + 1 - head);
	assert_int_equal(vw_msg_parse(big, VW_SIP_MAX_LEN, &m, NULL), VW_FAULT_NONE);
	assert_int_equal(m->body_len, VW_SIP_MAX_LEN - head);
	vw_msg_free(m);
	assert_int_equal(vw_msg_parse(big, VW_SIP_MAX_LEN + 1, &m, NULL), VW_FAULT_SIZE);
	free(big);
}

static enum vw_msg_fault with(const char *before, size_t n, const char *after)
{
	char *line = malloc(strlen(before) + n + strlen(after) + 1), *p = stpcpy(line, before);
	enum vw_msg_fault f;

	memset(p, 'a', n);
	strcpy(p + n, after);
	f = many(line, 1);
	free(line);
	return f;
}

/* What a call keeps of a message. */
static void test_kept_lengths(void **state)
{
	static const char start[] = "Contact: <sip:", rr[] = "Record-Route: <sip:";

	(void)state;
	assert_int_equal(with(start, VW_SIP_MAX_NAME - 4, ">\r\n"), VW_FAULT_NONE);
	assert_int_equal(with(start, VW_SIP_MAX_NAME - 3, ">\r\n"), VW_FAULT_LONG);
	assert_int_equal(with("Contact: <sip:c@b>, <sip:c@", VW_SIP_MAX_NAME - 5, ">\r\n"),
			 VW_FAULT_LONG);
	assert_int_equal(with(rr, VW_SIP_MAX_ROUTE - 6, ">\r\n"), VW_FAULT_NONE);
	assert_int_equal(with(rr, VW_SIP_MAX_ROUTE - 5, ">\r\n"), VW_FAULT_LONG);
	assert_int_equal(with("X: ", VW_SIP_MAX_LEN - 512, "\r\n"), VW_FAULT_NONE);
}

/* A message says what memory it takes; when it is gone libosip2 holds nothing for it. */
static void test_cost(void **state)
{
	static const char text[] = L_START L_ALL "Content-Length: 0\r\n\r\n";
	size_t before = vw_osip_held();
	struct vw_msg *m = NULL;

	(void)state;
	assert_int_equal(vw_msg_parse(text, strlen(text), &m, NULL), VW_FAULT_NONE);
	assert_true(vw_osip_held() > before);
	assert_true(m->cost >= sizeof(*m) + m->len + vw_osip_held() - before);
	assert_true(m->cost < 8192);
	vw_msg_free(m);
	assert_int_equal(vw_osip_held(), before);
}

static void test_every_truncation(void **state)
{
	static const char text[] = L_START L_ALL "Content-Type: application/sdp\r\n"
		"Content-Length: 5\r\n\r\nv=0\r\n";

	(void)state;
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		struct vw_msg *m = NULL, *lines = NULL;
		char *copy = malloc(n ? n : 1);

		memcpy(copy, text, n);
		assert_int_not_equal(vw_msg_parse(copy, n, &m, &lines), VW_FAULT_NONE);
		vw_msg_free(lines);
		free(copy);
	}
}

static void test_multipart(void **state)
{
	static const char text[] = L_START L_ALL
		"Content-Type: multipart/mixed;boundary=\"b b\"\r\n\r\n"
		"preamble\r\n--b b\r\nContent-Type: text/plain\r\n\r\nv=1\r\n"
		"--b b\r\nContent-Disposition: session\r\ncontent-type:  application/SDP\r\n\r\n"
		"v=0\r\no=x\r\n--b b--\r\n";
	struct vw_msg *m = NULL;

	(void)state;
	assert_int_equal(vw_msg_parse(text, strlen(text), &m, NULL), VW_FAULT_NONE);
	assert_int_equal(m->sdp_len, 8);
	assert_memory_equal(m->sdp, "v=0\r\no=x", 8);
	vw_msg_free(m);
}

#define PART	"Content-Type: application/sdp\r\n\r\nv=0\r\no=x\r\n"

/* What another parser could take for a second description, or for the only one. */
static void test_sdp_beside(void **state)
{
	static const struct {
		const char *name;
		const char *type;
		const char *body;
		bool sdp;
		bool beside;
	} bodies[] = {
		{ "one part", "multipart/mixed;boundary=b", "--b\r\n" PART "--b--\r\n", true, false },
		{ "two parts", "multipart/mixed;boundary=b",
		  "--b\r\n" PART "--b\r\n" PART "--b--\r\n", true, true },
		{ "after the end", "multipart/mixed;boundary=b",
		  "--b\r\n" PART "--b--\r\n" PART, true, true },
		{ "before the beginning", "multipart/mixed;boundary=b",
		  PART "--b\r\n" PART "--b--\r\n", true, true },
		{ "nested", "multipart/mixed;boundary=b",
		  "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\n" PART
		  "--c--\r\n--b--\r\n", true, true },
		{ "folded", "multipart/mixed;boundary=b",
		  "--b\r\nContent-Type:\r\n application/sdp\r\n\r\nv=0\r\n--b--\r\n", true, true },
		{ "abbreviated", "multipart/mixed;boundary=b",
		  "--b\r\nc: application/sdp\r\n\r\nx=0\r\n--b--\r\n", true, true },
		{ "without a type", "multipart/mixed;boundary=b",
		  "--b\r\n\r\nv=0\r\no=x\r\n--b--\r\n", true, true },
		{ "a delimiter in a line", "multipart/mixed;boundary=b",
		  "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\na=x--b\r\no=x\r\n--b--\r\n",
		  true, false },
		{ "no boundary", "multipart/mixed", "--b\r\n" PART "--b--\r\n", true, true },
		{ "a message in it", "message/sip", "INVITE x\r\n" PART, true, true },
		{ "no type at all", NULL, "v=0\r\no=x\r\n", true, true },
		{ "another type", "multipart/mixed;boundary=b",
		  "--b\r\nContent-Type: application/sdpx\r\n\r\nv=01\r\n--b--\r\n", false, false },
		{ "text", "text/plain", "v=0.1 av=0\r\n", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct vw_msg *m = NULL;
		char text[1024];

		snprintf(text, sizeof(text), L_START L_ALL "%s%s%s\r\n%s",
			 bodies[i].type ? "Content-Type: " : "", bodies[i].type ? bodies[i].type : "",
			 bodies[i].type ? "\r\n" : "", bodies[i].body);
		assert_int_equal(vw_msg_parse(text, strlen(text), &m, NULL), VW_FAULT_NONE);
		if (!!m->sdp != bodies[i].sdp || m->sdp_beside != bodies[i].beside)
			print_error("%s\n", bodies[i].name);
		assert_int_equal(!!m->sdp, bodies[i].sdp);
		assert_int_equal(m->sdp_beside, bodies[i].beside);
		vw_msg_free(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_kept_lengths),
		cmocka_unit_test(test_cost),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_multipart),
		cmocka_unit_test(test_sdp_beside),
	};

	vw_osip_init();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
