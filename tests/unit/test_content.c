// SPDX-License-Identifier: GPL-2.0-or-later
/* What says itself what it is: SIP, STUN and the rest, packet by packet. */
#include "flow_feed.h"

static const u8 invite[] = "INVITE sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP x\r\n";
static const u8 ok[] = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x\r\n";
static const u8 http[] = "GET / HTTP/1.1\r\nHost: x\r\n";

static void single_packets(void **state)
{
	static const struct {
		const char *row;
		u8 proto;
		u16 dport;
		const void *p;
		size_t len;
		enum voxwall_class class;
		enum voxwall_class flow;
		enum vw_why why;
	} rows[] = {
		{ "SIP request", 17, 5060, invite, 50, CLASS(SIP), CLASS(SIP), VW_WHY_SIP_REQUEST },
		{ "SIP on any port", 17, 40000, invite, 50, CLASS(SIP), CLASS(SIP), VW_WHY_SIP_REQUEST },
		{ "SIP on port 53", 17, 53, invite, 50, CLASS(SIP), CLASS(SIP), VW_WHY_SIP_REQUEST },
		{ "SIP response", 17, 5060, ok, 34, CLASS(SIP), CLASS(SIP), VW_WHY_SIP_RESPONSE },
		{ "SIP over TCP", 6, 40000, invite, 50, CLASS(SIP), CLASS(SIP), VW_WHY_SIP_REQUEST },
		{ "SIP behind empty lines", 17, 5060, "\r\n\r\nSIP/2.0 200 OK\r\n", 20, CLASS(SIP), CLASS(SIP), VW_WHY_SIP_RESPONSE },
		{ "start line that ends in the URI", 17, 5060, "INVITE sip:abcdefghijklmnopqrstuvwxyz01234567890", 48, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "start line cut by a segment", 6, 5060, "INVITE sip:abcdefghijklmnopqrstuvwxyz01234567890", 48, CLASS(SIP), CLASS(SIP), VW_WHY_SIP_REQUEST },
		{ "HTTP on TCP 5060", 6, 5060, http, 25, CLASS(OTHER), CLASS(OTHER), VW_WHY_HTTP },
		{ "HTTP on UDP 5060", 17, 5060, http, 25, CLASS(OTHER), CLASS(OTHER), VW_WHY_HTTP },
		{ "something on TCP 5060", 6, 5060, "\x16\3\1\2\0\1\0\1", 8, CLASS(OTHER), CLASS(OTHER), VW_WHY_SIP_NEVER_STARTED },
		{ "keep-alive", 17, 5060, "\r\n\r\n", 4, CLASS(SIP), CLASS(OTHER), VW_WHY_SIP_KEEPALIVE },
		{ "keep-alive elsewhere", 17, 5062, "\r\n\r\n", 4, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "receiver report", 17, 20001, "\x80\xc9\0\1\xde\xad\xbe\xef", 8, CLASS(RTCP), CLASS(RTCP), VW_WHY_RTCP_COMPOUND },
		{ "report shorter than its blocks", 17, 20001, "\x81\xc9\0\1\xde\xad\xbe\xef", 8, CLASS(CANDIDATE), CLASS(CANDIDATE), VW_WHY_RTP_TOO_FEW },
		{ "report on port 53", 17, 53, "\x80\xc9\0\1\xde\xad\xbe\xef", 8, CLASS(OTHER), CLASS(OTHER), VW_WHY_RTP_WELL_KNOWN_PORT },
		{ "sender report without its block", 17, 20001, "\x81\xc8\0\6\xde\xad\xbe\xef" "12345678901234567890", 28, CLASS(CANDIDATE), CLASS(CANDIDATE), VW_WHY_RTP_TOO_FEW },
		{ "sender report", 17, 20001, "\x80\xc8\0\6\xde\xad\xbe\xef" "12345678901234567890", 28, CLASS(RTCP), CLASS(RTCP), VW_WHY_RTCP_COMPOUND },
		{ "report on port 5353", 17, 5353, "\x80\xc9\0\1\xde\xad\xbe\xef", 8, CLASS(OTHER), CLASS(OTHER), VW_WHY_RTP_WELL_KNOWN_PORT },
		{ "reports that don't add up", 17, 20001, "\x80\xc9\0\2\xde\xad\xbe\xef", 8, CLASS(OTHER), CLASS(OTHER), VW_WHY_RTCP_MALFORMED },
		{ "source description first", 17, 20001, "\x80\xca\0\1\xde\xad\xbe\xef", 8, CLASS(OTHER), CLASS(OTHER), VW_WHY_RTCP_MALFORMED },
		{ "STUN", 17, 3478, "\0\1\0\0\x21\x12\xa4\x42" "123456789012", 20, CLASS(STUN), CLASS(STUN), VW_WHY_STUN_COOKIE },
		{ "STUN, wrong cookie", 17, 3478, "\0\1\0\0\x21\x12\xa4\x43" "123456789012", 20, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "STUN, wrong length", 17, 3478, "\0\1\0\4\x21\x12\xa4\x42" "123456789012", 20, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "DTLS", 17, 20000, "\x16\xfe\xff\0\0\0\0\0\0\0\0\0\1x", 14, CLASS(DTLS), CLASS(DTLS), VW_WHY_DTLS_RECORD },
		{ "DTLS, no version of it", 17, 20000, "\x16\xfe\xfe\0\0\0\0\0\0\0\0\0\1x", 14, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "DTLS, length past the end", 17, 20000, "\x16\xfe\xff\0\0\0\0\0\0\0\0\0\2x", 14, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "ZRTP", 17, 20000, "\x10\0\0\1ZRTP\1\2\3\4", 12, CLASS(ZRTP), CLASS(ZRTP), VW_WHY_ZRTP_COOKIE },
		{ "ZRTP, a byte short", 17, 20000, "\x10\0\0\1ZRTP\1\2\3", 11, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "TURN channel", 17, 3478, "\x40\1\0\4abcd", 8, CLASS(TURN), CLASS(TURN), VW_WHY_TURN_CHANNEL },
		{ "TURN channel elsewhere", 17, 3479, "\x40\1\0\4abcd", 8, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "QUIC", 17, 443, "\xc0\0\0\0\1\x08", 6, CLASS(OTHER), CLASS(OTHER), VW_WHY_QUIC },
		{ "no payload", 17, 5060, "", 0, CLASS(OTHER), CLASS(OTHER), VW_WHY_NO_PAYLOAD },
		{ "one byte of RTP", 17, 20000, "\x80", 1, CLASS(OTHER), CLASS(OTHER), VW_WHY_UNKNOWN_CONTENT },
		{ "11 bytes of RTP", 17, 20000, "\x80\x08\0\0\0\0\0\0\0\0\1", 11, CLASS(OTHER), CLASS(OTHER), VW_WHY_RTP_HEADER_LIES },
		{ "LLMNR", 17, 5355, "\x80\x12\0\0\0\1\0\0\0\0\0\0\1a", 14, CLASS(OTHER), CLASS(OTHER), VW_WHY_DNS },
		{ "type 2", 17, 20000, "\x80\2\0\0\0\0\0\0\0\0\0\1", 12, CLASS(OTHER), CLASS(OTHER), VW_WHY_RTP_PT_RESERVED },
		{ "type 3", 17, 20000, "\x80\3\0\0\0\0\0\0\0\0\0\1", 12, CLASS(CANDIDATE), CLASS(CANDIDATE), VW_WHY_RTP_TOO_FEW },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct flow_test t = flow_begin(rows[i].proto, 40123, rows[i].dport);

		ROW_EQ(rows[i].row, feed(&t, rows[i].p, rows[i].len, 0), rows[i].class);
		ROW_EQ(rows[i].row, t.flow.class, rows[i].flow);
		ROW_EQ(rows[i].row, t.flow.why, rows[i].why);
	}
}

static void sip_over_tcp(void **state)
{
	struct flow_test t = flow_begin(6, 40123, 5060);

	(void)state;
	t.f.flags = VW_FRAME_TCP_SYN;
	assert_int_equal(feed(&t, "", 0, 0), CLASS(OTHER));
	t.f.flags = 0;
	assert_int_equal(feed(&t, invite, 50, 0), CLASS(SIP));
	assert_int_equal(feed(&t, "body of a message", 17, 0), CLASS(SIP));
	assert_int_equal(feed(&t, "", 0, 0), CLASS(SIP));
	/* Another connection of the same ports begins anew. */
	t.f.flags = VW_FRAME_TCP_SYN;
	feed(&t, "", 0, 0);
	t.f.flags = 0;
	assert_int_equal(feed(&t, http, 25, 0), CLASS(OTHER));
	assert_int_equal(t.flow.why, VW_WHY_HTTP);
	/* Seen in its middle: the second beginning of a message decides. */
	assert_int_equal(feed(&t, invite, 50, 0), CLASS(OTHER));
	assert_int_equal(feed(&t, "rest", 4, 0), CLASS(OTHER));
	assert_int_equal(feed(&t, ok, 34, 0), CLASS(SIP));
	assert_int_equal(t.flow.class, CLASS(SIP));
}

/* What shares the ports says what it is and changes nothing. */
static void companions(void **state)
{
	static const u8 stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
	struct flow_test t = flow_begin(17, 20000, 30000);
	struct rtp r = call;

	(void)state;
	assert_int_equal(feed(&t, stun, 20, 0), CLASS(STUN));
	assert_int_equal(t.flow.class, CLASS(STUN));
	assert_int_equal(feed_next(&t, &r), CLASS(CANDIDATE));
	assert_int_equal(feed(&t, stun, 20, 0), CLASS(STUN));
	assert_int_equal(t.flow.class, CLASS(CANDIDATE));
	t = flow_begin(17, 40123, 5060);
	feed(&t, invite, 50, 0);
	assert_int_equal(feed(&t, stun, 20, 0), CLASS(STUN));
	assert_int_equal(feed(&t, "\r\n\r\n", 4, 0), CLASS(SIP));
	assert_int_equal(t.flow.class, CLASS(SIP));
	assert_int_equal(t.flow.why, VW_WHY_SIP_REQUEST);
}

static void cut_packets(void **state)
{
	struct flow_test t = flow_begin(17, 40123, 5060);

	(void)state;
	t.f.payload_len = 600;
	assert_int_equal(vw_flow_step(&t.flow, &t.f, (const u8 *)"INVITE sip:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
				      40, 0), CLASS(SIP));
	t = flow_begin(17, 40123, 5060);
	t.f.payload_len = 600;
	assert_int_equal(vw_flow_step(&t.flow, &t.f, (const u8 *)"", 0, 0), CLASS(OTHER));
	assert_int_equal(t.flow.why, VW_WHY_FRAGMENT);
}

/* Of a flow that is none of voice, what is let by unasked; the rest might be voice. */
static void what_passes_unasked(void **state)
{
	static const struct {
		const char *row;
		u8 proto;
		u16 dport;
		const char *p;
		size_t len;
		bool passes;
	} rows[] = {
#define IS(bytes) bytes, sizeof(bytes) - 1
		{ "noise", 17, 4000, IS("\xc3\x11\x22\x33\x44\x55\x66\x77"), true },
		{ "QUIC", 17, 443, IS("\x4b\xd5\xd5\xd5\xd5\xd5\xd5\xd5"), true },
		{ "the first byte after RTP's", 17, 4000, IS("\xc0\x00\x00\x01\x00\x00\x00\xa0\x00\x00\x00\x07"), true },
		{ "a type before DTLS", 17, 4000, IS("\x13\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01"), true },
		{ "a type after DTLS", 17, 4000, IS("\x1b\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01"), true },
		{ "a channel, not on TURN's port", 17, 4000, IS("\x40\x00\x00\x04\x80\x00\x00\x01"), true },
		{ "noise on TURN's port", 17, 3478, IS("\x51\x11\x22\x33\x44\x55\x66\x77"), true },
		{ "STUN's cookie, behind what begins no STUN", 17, 4000, IS("\xc0\x00\x00\x00\x21\x12\xa4\x42"), true },
		{ "ZRTP's cookie, behind what begins no ZRTP", 17, 4000, IS("\x51\x00\x00\x01ZRTP\x00\x00\x00\x07"), true },
		{ "text that a control ends", 17, 4000, IS("REG\x1f sip:a SIP/2.0\r\n"), true },
		{ "RTP", 17, 4000, IS("\x80\x00\x00\x01\x00\x00\x00\xa0\x00\x00\x00\x07"), false },
		{ "RTCP", 17, 4000, IS("\x80\xc9\x00\x01\x00\x00\x00\x07"), false },
		{ "STUN", 17, 4000, IS("\x00\x01\x00\x00\x21\x12\xa4\x42"
				      "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"), false },
		{ "RTP, its last first byte", 17, 4000, IS("\xbf\x00\x00\x01\x00\x00\x00\xa0\x00\x00\x00\x07"), false },
		{ "STUN, the last of its first bytes", 17, 4000, IS("\x03\x01\x00\x00\x21\x12\xa4\x42"
				      "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"), false },
		{ "ZRTP, the last of its first bytes", 17, 4000, IS("\x1f\x00\x00\x01ZRTP\x00\x00\x00\x07"), false },
		{ "ZRTP, where DTLS might begin", 17, 4000, IS("\x1b\x00\x00\x01ZRTP\x00\x00\x00\x07"), false },
		{ "DTLS", 17, 4000, IS("\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01"), false },
		{ "DTLS, the last type", 17, 4000, IS("\x1a\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01"), false },
		{ "DTLS, the first type", 17, 4000, IS("\x14\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01"), false },
		{ "ZRTP", 17, 4000, IS("\x10\x00\x00\x01ZRTP\x00\x00\x00\x07"), false },
		{ "TURN", 17, 3478, IS("\x40\x00\x00\x04\x80\x00\x00\x01"), false },
		{ "SIP", 17, 4000, IS("A sip:b SIP/2.0\r\n"), false },
		{ "SIP, its answer", 17, 4000, IS("SIP/2.0 200 OK\r\n"), false },
		{ "SIP, empty lines first", 17, 4000, IS("\r\n\r\nA sip:b SIP/2.0\r\n"), false },
		{ "SIP over TCP", 6, 4000, IS("A sip:b SIP/2.0\r\n"), false },
		{ "SIP over TCP, empty lines first", 6, 4000, IS("\r\nA sip:b SIP/2.0\r\n"), false },
		{ "TLS", 6, 443, IS("\x17\x03\x03\x00\x20\x01\x02\x03"), true },
		{ "what is RTP over UDP", 6, 4000, IS("\x80\x00\x00\x01\x00\x00\x00\xa0"), true },
#undef IS
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct flow_test t = flow_begin(rows[i].proto, 20000, rows[i].dport);
		const u8 *p = (const u8 *)rows[i].p;

		ROW_EQ(rows[i].row, vw_flow_is_settled(&t.flow), false);
		feed(&t, "\xc3\x11\x22\x33\x44\x55\x66\x77", 8, 20);
		ROW_EQ(rows[i].row, vw_flow_is_settled(&t.flow), true);
		ROW_EQ(rows[i].row, rows[i].proto == 6 ? vw_flow_passes_tcp(p) :
		       vw_flow_passes_udp(p, 20000, rows[i].dport), rows[i].passes);
		ROW_EQ(rows[i].row, vw_flow_passes_udp(p, rows[i].dport, 20000) && rows[i].proto == 17,
		       rows[i].passes && rows[i].proto == 17);
		if (rows[i].passes)
			ROW_EQ(rows[i].row, feed(&t, p, rows[i].len, 20), CLASS(OTHER));
	}
}

static void every_reason_has_words(void **state)
{
	int why;

	(void)state;
	for (why = 0; why < __VW_WHY_MAX; why++)
		assert_string_not_equal(vw_why_text((enum vw_why)why), "unknown");
	assert_string_equal(vw_why_text(__VW_WHY_MAX), "unknown");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(single_packets),
	cmocka_unit_test(sip_over_tcp),
	cmocka_unit_test(companions),
	cmocka_unit_test(cut_packets),
	cmocka_unit_test(what_passes_unasked),
	cmocka_unit_test(every_reason_has_words),
};

ROW_MAIN(tests)
