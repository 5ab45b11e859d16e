// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "../../kmod/core/sipline.h"

#define LINE(s)	(s), sizeof(s) - 1

static const struct {
	const char *row;
	const char *p;
	size_t len;
	int err;
	struct vw_sipline want;
} rows[] = {
	{ "request", LINE("INVITE sip:bob@example.com SIP/2.0\r\nVia: x"), 0, { 0, 6, 34, true } },
	{ "sips", LINE("BYE sips:b SIP/2.0\r\n"), 0, { 0, 3, 18, true } },
	{ "tel", LINE("INVITE tel:+4930 SIP/2.0\r\n"), 0, { 0, 6, 24, true } },
	{ "urn", LINE("INVITE urn:service:sos SIP/2.0\r\n"), 0, { 0, 6, 30, true } },
	{ "scheme in capitals", LINE("INVITE SIP:b sip/2.0\r\n"), 0, { 0, 6, 20, true } },
	{ "a method nobody knows", LINE("x-Y.1!%*_+`'~ sip:b SIP/2.0\r\n"), 0, { 0, 13, 27, true } },
	{ "longest method", LINE("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF sip:b SIP/2.0\r\n"), 0,
	  { 0, 32, 46, true } },
	{ "method too long", LINE("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG sip:b SIP/2.0\r\n"), -EBADMSG, { } },
	{ "ends without CRLF", LINE("INVITE sip:b SIP/2.0"), 0, { 0, 6, 20, false } },
	{ "ends behind CR", LINE("INVITE sip:b SIP/2.0\r"), 0, { 0, 6, 20, false } },
	{ "response", LINE("SIP/2.0 200 OK\r\n"), 0, { 200, 0, 14, true } },
	{ "response, reason with UTF-8", LINE("SIP/2.0 486 besch\xc3\xa4" "ftigt\r\n"), 0,
	  { 486, 0, 24, true } },
	{ "response without a reason", LINE("SIP/2.0 180 \r\n"), 0, { 180, 0, 12, true } },
	{ "response in lower case", LINE("sip/2.0 100 t\r\n"), 0, { 100, 0, 13, true } },
	{ "status 99", LINE("SIP/2.0 099 x\r\n"), -EBADMSG, { } },
	{ "status 100", LINE("SIP/2.0 100 x\r\n"), 0, { 100, 0, 13, true } },
	{ "status 699", LINE("SIP/2.0 699 x\r\n"), 0, { 699, 0, 13, true } },
	{ "status 700", LINE("SIP/2.0 700 x\r\n"), -EBADMSG, { } },
	{ "status of four digits", LINE("SIP/2.0 2000 x\r\n"), -EBADMSG, { } },
	{ "status of two digits", LINE("SIP/2.0 20 x\r\n"), -EBADMSG, { } },
	{ "no space behind the status", LINE("SIP/2.0 200\r\n"), -EBADMSG, { } },
	{ "nothing", LINE(""), -ENODATA, { } },
	{ "part of a method", LINE("INV"), -ENODATA, { } },
	{ "part of a scheme", LINE("INVITE si"), -ENODATA, { } },
	{ "part of a URI", LINE("INVITE sip:bob@exa"), -ENODATA, { } },
	{ "part of the version", LINE("INVITE sip:b SIP/2"), -ENODATA, { } },
	{ "part of a response", LINE("SIP/2.0 20"), -ENODATA, { } },
	{ "HTTP request", LINE("GET / HTTP/1.1\r\n"), -EBADMSG, { } },
	{ "HTTP about SIP", LINE("GET sip:b HTTP/1.1\r\n"), -EBADMSG, { } },
	{ "HTTP response", LINE("HTTP/1.1 200 OK\r\n"), -EBADMSG, { } },
	{ "RTSP request", LINE("DESCRIBE rtsp://cam/1 RTSP/1.0\r\n"), -EBADMSG, { } },
	{ "RTSP response", LINE("RTSP/1.0 200 OK\r\n"), -EBADMSG, { } },
	{ "MSRP request", LINE("MSRP a786hjs2 SEND\r\n"), -EBADMSG, { } },
	{ "SIP 1.0", LINE("INVITE sip:b SIP/1.0\r\n"), -EBADMSG, { } },
	{ "SIP 2.00", LINE("INVITE sip:b SIP/2.00\r\n"), -EBADMSG, { } },
	{ "space behind the version", LINE("INVITE sip:b SIP/2.0 \r\n"), -EBADMSG, { } },
	{ "two spaces behind the method", LINE("INVITE  sip:b SIP/2.0\r\n"), -EBADMSG, { } },
	{ "two spaces behind the URI", LINE("INVITE sip:b  SIP/2.0\r\n"), -EBADMSG, { } },
	{ "tab for a space", LINE("INVITE\tsip:b SIP/2.0\r\n"), -EBADMSG, { } },
	{ "no method", LINE(" sip:b SIP/2.0\r\n"), -EBADMSG, { } },
	{ "no URI", LINE("INVITE SIP/2.0\r\n"), -EBADMSG, { } },
	{ "empty URI", LINE("INVITE sip: SIP/2.0\r\n"), -EBADMSG, { } },
	{ "other scheme", LINE("INVITE http://b SIP/2.0\r\n"), -EBADMSG, { } },
	{ "NUL in the URI", LINE("INVITE sip:\0b SIP/2.0\r\n"), -EBADMSG, { } },
	{ "NUL in the reason", LINE("SIP/2.0 200 O\0K\r\n"), -EBADMSG, { } },
	{ "LF without CR", LINE("SIP/2.0 200 OK\n"), -EBADMSG, { } },
	{ "CR without LF", LINE("SIP/2.0 200 OK\rx"), -EBADMSG, { } },
	{ "binary", LINE("\x80\x08\x12\x34\0\0\x01\x40"), -EBADMSG, { } },
};

static void start_lines(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *p = row_copy(rows[i].p, rows[i].len);
		struct vw_sipline line = { };

		ROW_EQ(rows[i].row, vw_sipline_parse(p, rows[i].len, &line), rows[i].err);
		ROW_EQ(rows[i].row, line.status, rows[i].want.status);
		ROW_EQ(rows[i].row, line.method_len, rows[i].want.method_len);
		ROW_EQ(rows[i].row, line.line_len, rows[i].want.line_len);
		ROW_EQ(rows[i].row, line.complete, rows[i].want.complete);
		free(p);
	}
}

/* A beginning of a good line is never refused. */
static void every_beginning(void **state)
{
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (n = 0; !rows[i].err && n < rows[i].len; n++) {
			u8 *p = row_copy(rows[i].p, n);
			struct vw_sipline line;
			int err = vw_sipline_parse(p, n, &line);

			ROW_CHECK(rows[i].row, err != -EBADMSG);
			free(p);
		}
	}
}

/* 2,048 bytes are looked at: the URI must end in them. */
static void long_lines(void **state)
{
	static const struct {
		const char *row;
		size_t uri;
		int err;
	} longs[] = {
		{ "version ends at 2,047", 2047 - 7 - 8, 0 },
		{ "version ends at 2,048", 2048 - 7 - 8, 0 },
		{ "version ends at 2,049", 2049 - 7 - 8, -EBADMSG },
		{ "endless", 60000, -EBADMSG },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(longs); i++) {
		size_t len = 7 + longs[i].uri + 8;
		u8 *p = malloc(len);
		struct vw_sipline line;

		assert_non_null(p);
		memset(p, 'a', len);
		memcpy(p, "INVITE sip:", 11);
		memcpy(p + len - 8, " SIP/2.0", 8);
		ROW_EQ(longs[i].row, vw_sipline_parse(p, len, &line), longs[i].err);
		free(p);
	}
}

static void keepalives(void **state)
{
	static const struct {
		const char *row;
		const char *p;
		size_t len;
		bool want;
	} pings[] = {
		{ "CRLF", LINE("\r\n"), true },
		{ "two CRLF", LINE("\r\n\r\n"), true },
		{ "three CRLF", LINE("\r\n\r\n\r\n"), false },
		{ "CR", LINE("\r"), false },
		{ "LF CR", LINE("\n\r"), false },
		{ "CRLF and something", LINE("\r\nxy"), false },
		{ "nothing", LINE(""), false },
		{ "one NUL", LINE("\0"), true },
		{ "four NUL", LINE("\0\0\0\0"), true },
		{ "five NUL", LINE("\0\0\0\0\0"), false },
		{ "NUL and something", LINE("\0\0x"), false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(pings); i++) {
		u8 *p = row_copy(pings[i].p, pings[i].len);

		ROW_EQ(pings[i].row, vw_sipline_keepalive(p, pings[i].len), pings[i].want);
		free(p);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(start_lines),
	cmocka_unit_test(every_beginning),
	cmocka_unit_test(long_lines),
	cmocka_unit_test(keepalives),
};

ROW_MAIN(tests)
