// SPDX-License-Identifier: GPL-2.0-or-later
/* What looks like voice and is none, by protocol. */
#include "flow_feed.h"

typedef size_t maker(struct flow_test *t, u8 *p, u32 n);

/* Identifier at random, query flags, one question. */
static size_t make_dns(struct flow_test *t, u8 *p, u32 n)
{
	put16(p, 0x8000 | (rnd(t) & 0x3fff));
	memcpy(p + 2, "\1\0\0\1\0\0\0\0\0\0\3www\7example\3com\0\0\1\0\1", 31);
	(void)n;
	return 33;
}

static size_t make_quic_greased(struct flow_test *t, u8 *p, u32 n)
{
	p[0] = 0x80 | (rnd(t) & 0x3f);
	put32(p + 1, 1);
	p[5] = 8;
	(void)n;
	return fill(t, p, 6, 1200);
}

static size_t make_quic_short(struct flow_test *t, u8 *p, u32 n)
{
	p[0] = 0x40 | (rnd(t) & 0x3f);
	memcpy(p + 1, "\x12\x34\x56\x78\x9a\xbc\xde\xf0", 8);
	(void)n;
	return fill(t, p, 9, 900);
}

/* SPI that looks like version 2, then a number that goes up, then ciphertext. */
static size_t make_esp(struct flow_test *t, u8 *p, u32 n)
{
	put32(p, 0x80081234);
	put32(p + 4, n);
	return fill(t, p, 8, 132);
}

/* The same with a null-cipher constant behind: only the sequence is wrong. */
static size_t make_esp_null(struct flow_test *t, u8 *p, u32 n)
{
	make_esp(t, p, n * 160);
	put32(p + 8, 0xdeadbeef);
	return 132;
}

static size_t make_random(struct flow_test *t, u8 *p, u32 n)
{
	(void)n;
	return fill(t, p, 0, 100);
}

static size_t make_random_v2(struct flow_test *t, u8 *p, u32 n)
{
	make_random(t, p, n);
	p[0] = 0x80;
	p[1] = 0;
	return 100;
}

/* A 64-bit counter whose top bit is the direction. */
static size_t make_mosh(struct flow_test *t, u8 *p, u32 n)
{
	memset(p, 0, 8);
	p[0] = 0x80;
	put32(p + 4, n);
	return fill(t, p, 8, 80);
}

/* Peer and flags, time in ms, then a reliable command with its own count. */
static size_t make_enet(struct flow_test *t, u8 *p, u32 n)
{
	put16(p, 0x8001);
	put16(p + 2, t->now);
	put16(p + 4, 0x0601);
	put16(p + 6, n);
	put16(p + 8, 40);
	return fill(t, p, 10, 50);
}

static size_t make_iax(struct flow_test *t, u8 *p, u32 n)
{
	put16(p, 0x8123);
	put16(p + 2, 0x0456);
	put32(p + 4, n * 20);
	p[8] = n;
	p[9] = n;
	return fill(t, p, 10, 12);
}

/* A game's: fixed type, 16-bit count, milliseconds, fixed session. */
static size_t make_game(struct flow_test *t, u8 *p, u32 n)
{
	put16(p, 0x8005);
	put16(p + 2, n);
	put32(p + 4, t->now);
	put32(p + 8, 0xcafe);
	return fill(t, p, 12, 60);
}

static size_t make_utp(struct flow_test *t, u8 *p, u32 n)
{
	put16(p, 0x0100);
	put16(p + 2, 0x8001);
	put32(p + 4, t->now * 1000);
	put32(p + 8, 5000);
	put32(p + 12, 0x100000);
	put16(p + 16, n);
	return fill(t, p, 18, 1400);
}

/* Eight bytes of another protocol, then RTP as it should be. */
static size_t make_wrapped(struct flow_test *t, u8 *p, u32 n)
{
	memcpy(p, "\5\x10\1\0\0\0\0\0", 8);
	put16(p + 8, 0x8070);
	put16(p + 10, n);
	put32(p + 12, n * 960);
	put32(p + 16, 0x01000401);
	return fill(t, p, 20, 180);
}

static size_t make_ntp(struct flow_test *t, u8 *p, u32 n)
{
	p[0] = 0x23;
	(void)n;
	return fill(t, p, 1, 48);
}

static size_t make_wireguard(struct flow_test *t, u8 *p, u32 n)
{
	memcpy(p, "\4\0\0\0\1\2\3\4", 8);
	put32(p + 8, n);
	return fill(t, p, 12, 148);
}

static size_t make_openvpn(struct flow_test *t, u8 *p, u32 n)
{
	put32(p, 0x48000001);
	put32(p + 4, n);
	return fill(t, p, 8, 140);
}

static size_t make_http(struct flow_test *t, u8 *p, u32 n)
{
	memcpy(p, n ? "body body body body" : "GET / HTTP/1.1\r\nHos", 19);
	(void)t;
	return 19;
}

static size_t make_tls(struct flow_test *t, u8 *p, u32 n)
{
	memcpy(p, "\x16\3\1\2\0\1", 6);
	(void)n;
	return fill(t, p, 6, 300);
}

/* An RTP header on top of something whose lengths can't be. */
static size_t make_lies(struct flow_test *t, u8 *p, u32 n)
{
	put16(p, 0x9f08);
	put16(p + 2, n);
	put32(p + 4, n * 160);
	put32(p + 8, 0xdeadbeef);
	return fill(t, p, 12, 40);
}

/* Byte for byte an RTCP header, but lengths that don't add up. */
static size_t make_rtcp_like(struct flow_test *t, u8 *p, u32 n)
{
	put16(p, 0x80c8);
	put16(p + 2, 0xffff - n);
	return fill(t, p, 4, 90);
}

static void what_looks_alike_is_no_voice(void **state)
{
	static const struct {
		const char *row;
		maker *make;
		u8 proto;
		u16 dport;
		u32 ms;
	} rows[] = {
		{ "DNS", make_dns, 17, 53, 100 },
		{ "LLMNR", make_dns, 17, 5355, 100 },
		{ "DNS elsewhere", make_dns, 17, 5300, 100 },
		{ "QUIC, greased fixed bit", make_quic_greased, 17, 443, 5 },
		{ "QUIC elsewhere", make_quic_greased, 17, 4433, 5 },
		{ "QUIC, short header", make_quic_short, 17, 443, 5 },
		{ "ESP in UDP", make_esp, 17, 4500, 20 },
		{ "ESP without a cipher", make_esp_null, 17, 4500, 20 },
		{ "random bytes", make_random, 17, 40000, 10 },
		{ "random bytes behind version 2", make_random_v2, 17, 40000, 10 },
		{ "mosh", make_mosh, 17, 60001, 50 },
		{ "ENet", make_enet, 17, 7777, 33 },
		{ "IAX2 full frames", make_iax, 17, 4569, 20 },
		{ "game, 60 Hz", make_game, 17, 27015, 16 },
		{ "game, 20 Hz", make_game, 17, 27015, 50 },
		{ "game, 10 Hz", make_game, 17, 27015, 100 },
		{ "uTP", make_utp, 17, 6881, 5 },
		{ "RTP in another wrap", make_wrapped, 17, 8801, 20 },
		{ "NTP", make_ntp, 17, 123, 1000 },
		{ "WireGuard", make_wireguard, 17, 51820, 10 },
		{ "OpenVPN", make_openvpn, 17, 1194, 10 },
		{ "HTTP on 5060", make_http, 6, 5060, 10 },
		{ "HTTP", make_http, 6, 80, 10 },
		{ "TLS on 5061", make_tls, 6, 5061, 10 },
		{ "lengths that lie", make_lies, 17, 20000, 20 },
		{ "RTCP-like", make_rtcp_like, 17, 20001, 1000 },
	};
	size_t i;
	u32 n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct flow_test t = flow_begin(rows[i].proto, 40123, rows[i].dport);
		u8 p[1500];

		for (n = 0; n < 3000; n++) {
			enum voxwall_class class;

			class = feed(&t, p, rows[i].make(&t, p, n), rows[i].ms);
			ROW_CHECK(rows[i].row, class == CLASS(OTHER) || class == CLASS(CANDIDATE));
			if (n > 16)
				ROW_EQ(rows[i].row, t.flow.class, CLASS(OTHER));
		}
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_looks_alike_is_no_voice),
};

ROW_MAIN(tests)
