// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "../../kmod/core/classify.h"

/*
 * One flow under test. Packets are made by small functions of their number, so
 * a row is a protocol: how it counts, how fast, and what it must end as.
 */
struct flow_test {
	struct vw_flow flow;
	struct vw_frame f;
	u64 now;
	u32 rng;
};

static struct flow_test begin(u8 proto, u16 sport, u16 dport)
{
	return (struct flow_test){
		.f = { .family = 4, .proto = proto, .sport = sport, .dport = dport,
		       .l4 = 20, .payload = proto == VW_IPPROTO_UDP ? 28 : 40 },
		.now = 1000000,
		.rng = 12345,
	};
}

static enum voxwall_class feed(struct flow_test *t, const void *p, size_t len, u32 ms)
{
	u8 *copy = row_copy(p, len);
	enum voxwall_class class;

	t->f.payload_len = len;
	t->now += ms;
	class = vw_flow_step(&t->flow, &t->f, copy, len, t->now);
	free(copy);
	return class;
}

static u32 rnd(struct flow_test *t)
{
	t->rng = t->rng * 1664525 + 1013904223;
	return t->rng >> 8 ^ t->rng << 16;
}

static void put16(u8 *p, u32 v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(u8 *p, u32 v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

struct rtp {
	u8 pt;
	u16 seq;
	u32 ts;
	u32 ssrc;
};

static enum voxwall_class feed_rtp(struct flow_test *t, const struct rtp *r, u32 ms)
{
	u8 p[172] = { 0x80, r->pt };

	put16(p + 2, r->seq);
	put32(p + 4, r->ts);
	put32(p + 8, r->ssrc);
	return feed(t, p, sizeof(p), ms);
}

/* The next packet of 20 ms of G.711. */
static enum voxwall_class feed_next(struct flow_test *t, struct rtp *r)
{
	enum voxwall_class class = feed_rtp(t, r, 20);

	r->seq++;
	r->ts += 160;
	return class;
}

static const struct rtp call = { .pt = 8, .seq = 65534, .ts = 0xffffff00, .ssrc = 0xdeadbeef };

#define CLASS(c)	VOXWALL_CLASS_##c

static void rtp_is_proven_by_the_fourth(void **state)
{
	struct flow_test t = begin(17, 20000, 30000);
	struct rtp r = call;
	int i;

	(void)state;
	for (i = 1; i < 4; i++) {
		assert_int_equal(feed_next(&t, &r), CLASS(CANDIDATE));
		assert_int_equal(t.flow.class, CLASS(CANDIDATE));
		assert_int_equal(t.flow.why, VW_WHY_RTP_TOO_FEW);
	}
	assert_int_equal(feed_next(&t, &r), CLASS(RTP));
	assert_int_equal(t.flow.why, VW_WHY_RTP_PROVEN);
}

/* How a real sender may step, and an impostor: by packet. */
static void steps(void **state)
{
	static const struct {
		const char *row;
		int seq;	/* step of each packet */
		int ts;
		u32 ms;
		u32 ssrc;	/* step */
		u8 pt;
		u8 pt2;		/* of every second packet; 0: the same */
		bool rtp;	/* in the end */
	} rows[] = {
		{ "G.711, 20 ms", 1, 160, 20, 0, 0, 0, true },
		{ "G.711, 5 ms", 1, 40, 5, 0, 0, 0, true },
		{ "G.711, 60 ms", 1, 480, 60, 0, 8, 0, true },
		{ "G.722", 1, 160, 20, 0, 9, 0, true },
		{ "Opus, 20 ms", 1, 960, 20, 0, 111, 0, true },
		{ "video, 30 pictures", 1, 3000, 33, 0, 96, 0, true },
		{ "dynamic type 35", 1, 960, 20, 0, 35, 0, true },
		{ "unassigned type, found in the end", 1, 160, 20, 0, 80, 0, true },
		{ "two of three lost", 3, 480, 60, 0, 0, 0, true },
		{ "burst from a file", 1, 160, 0, 0, 0, 0, true },
		{ "wall clock slow", 1, 160, 38, 0, 0, 0, true },
		{ "SSRC steps", 1, 160, 20, 1, 0, 0, false },
		{ "sequence stands", 0, 160, 20, 0, 0, 0, false },
		{ "sequence falls", -1, 160, 20, 0, 0, 0, false },
		{ "sequence leaps", 101, 160, 20, 0, 0, 0, false },
		{ "sequence hops", 5, 160, 20, 0, 0, 0, false },
		{ "timestamp stands", 1, 0, 20, 0, 0, 0, false },
		{ "timestamp counts packets", 1, 1, 20, 0, 0, 0, false },
		{ "timestamp a little slow for voice", 1, 39, 4, 0, 0, 0, false },
		{ "timestamp in ms, 25 Hz", 1, 39, 39, 0, 0, 0, false },
		{ "timestamp in ms, 20 Hz", 1, 50, 50, 0, 0, 0, false },
		{ "timestamp in ms, 10 Hz", 1, 100, 100, 0, 0, 0, false },
		{ "timestamp falls", 1, -160, 20, 0, 0, 0, false },
		{ "timestamp races", 1, 1 << 28, 20, 0, 0, 0, false },
		{ "timestamp in us, 1 s", 1, 1000000, 1000, 0, 0, 0, false },
		{ "two types in turn", 1, 160, 20, 0, 0, 96, false },
	};
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct flow_test t = begin(17, 20000, 30000);
		struct rtp r = call;

		for (n = 0; n < 200; n++) {
			enum voxwall_class class;

			r.pt = n % 2 && rows[i].pt2 ? rows[i].pt2 : rows[i].pt;
			class = feed_rtp(&t, &r, rows[i].ms);
			if (n + 1 < VW_FLOW_PROOF)
				ROW_CHECK(rows[i].row, class != CLASS(RTP));
			r.seq += rows[i].seq;
			r.ts += rows[i].ts;
			r.ssrc += rows[i].ssrc;
		}
		ROW_EQ(rows[i].row, t.flow.class, rows[i].rtp ? CLASS(RTP) : CLASS(OTHER));
	}
}

/* For a guard: RTP's headers without its clock, and what is no RTP at all. */
static void what_may_be_rtp_all_the_same(void **state)
{
	static const struct {
		const char *row;
		int seq;	/* step of each packet */
		int ts;
		u32 ms;
		u32 ssrc;	/* step */
		bool may;
	} rows[] = {
		{ "G.711, 20 ms", 1, 160, 20, 0, true },
		{ "a 25th of the pace", 1, 160, 500, 0, true },
		{ "timestamp counts packets", 1, 1, 20, 0, true },
		{ "timestamp falls", 1, -160, 20, 0, true },
		{ "99 of 100 lost", 100, 160, 500, 0, true },
		{ "100 of 101 lost", 101, 160, 500, 0, false },
		{ "SSRC steps", 1, 160, 500, 1, false },
		{ "sequence stands", 0, 160, 500, 0, false },
		{ "sequence falls", -1, 160, 500, 0, false },
	};
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct flow_test t = begin(17, 20000, 30000);
		struct rtp r = call;

		for (n = 0; n < 100; n++) {
			feed_rtp(&t, &r, rows[i].ms);
			if (n)
				ROW_EQ(rows[i].row, vw_flow_may_be_rtp(&t.flow), rows[i].may);
			r.seq += rows[i].seq;
			r.ts += rows[i].ts;
			r.ssrc += rows[i].ssrc;
		}
		/* Once more a late one, and then what RTP never says. */
		r.seq -= 2 * rows[i].seq;
		r.ssrc -= 2 * rows[i].ssrc;
		feed_rtp(&t, &r, 1);
		feed(&t, "hello, world", 12, 1);
		ROW_CHECK(rows[i].row, !vw_flow_may_be_rtp(&t.flow));
	}
}

static void disturbed_calls(void **state)
{
	enum what { LOSS, SWAP, TWICE, DTMF, NOISE, SILENCE, PICTURE, RTCP_MUX, STUN, NPLOTS };
	static const char *const names[NPLOTS] = {
		"every fourth lost", "pairs swapped", "every packet twice", "events",
		"comfort noise", "silence of 5 s", "picture of 60 packets", "rtcp-mux", "STUN between" };
	static const u8 report[] = "\x80\xc9\0\1\xde\xad\xbe\xef\x81\xca\0\2\xde\xad\xbe\xef\1\1a";
	static const u8 stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
	int plot, n;

	(void)state;
	for (plot = 0; plot < NPLOTS; plot++) {
		struct flow_test t = begin(17, 20000, 30000);
		enum voxwall_class class = CLASS(OTHER);
		struct rtp r = call;

		for (n = 0; n < 40; n++) {
			struct rtp now = { r.pt, r.seq + n, r.ts + n * 160, r.ssrc };
			u32 ms = 20;

			if (plot == LOSS && n % 4 == 3)
				continue;
			if (plot == SWAP)
				now = (struct rtp){ r.pt, r.seq + (n ^ 1), r.ts + (n ^ 1) * 160, r.ssrc };
			if (plot == DTMF && n % 10 > 6)
				now = (struct rtp){ 101, now.seq, r.ts + n / 10 * 10 * 160 + 1120, r.ssrc };
			if (plot == NOISE && n % 10 == 9)
				now.pt = 13;
			if (plot == SILENCE && n >= 20)
				now.ts += 40000;
			if (plot == SILENCE && n == 20)
				ms = 5000;
			if (plot == PICTURE) {
				now.ts = r.ts + n / 10 * 3000;
				ms = n % 10 ? 0 : 33;
			}
			class = feed_rtp(&t, &now, ms);
			if (plot == TWICE)
				class = feed_rtp(&t, &now, 0);
			if (plot == RTCP_MUX && n % 5 == 1)
				assert_int_equal(feed(&t, report, 20, 1), CLASS(RTCP));
			if (plot == STUN && n % 5 == 0)
				assert_int_equal(feed(&t, stun, 20, 1), CLASS(STUN));
		}
		ROW_EQ(names[plot], class, CLASS(RTP));
		ROW_EQ(names[plot], t.flow.class, CLASS(RTP));
		ROW_EQ(names[plot], t.flow.odd, false);
	}
}

static void new_ssrc_in_a_proven_flow(void **state)
{
	struct flow_test t = begin(17, 20000, 30000);
	struct rtp r = call;
	int i;

	(void)state;
	for (i = 0; i < 10; i++)
		feed_next(&t, &r);
	r = (struct rtp){ .pt = 0, .seq = 3, .ts = 77, .ssrc = 0x1234567 };
	for (i = 0; i < 40; i++)
		assert_int_equal(feed_next(&t, &r), CLASS(RTP));
	assert_int_equal(t.flow.bad, 0);
}

/* What follows on the same ports when the call is over isn't voice for ever. */
static void ports_are_used_again(void **state)
{
	struct flow_test t = begin(17, 20000, 30000);
	struct rtp r = call;
	int i;

	(void)state;
	for (i = 0; i < 10; i++)
		feed_next(&t, &r);
	for (i = 0; i < 20; i++)
		assert_int_equal(feed(&t, "d1:ad2:id20:", 12, 20), CLASS(OTHER));
	assert_int_equal(t.flow.class, CLASS(OTHER));
}

/* Hostile: one odd packet in front, or between, or a port that isn't judged. */
static void hidden_rtp_is_found(void **state)
{
	static const struct {
		const char *row;
		u16 dport;
		bool in_front;
		int every;	/* an odd packet before each nth */
		bool alike;	/* the odd one has an RTP header and another SSRC */
		int by;		/* found by this packet of RTP */
	} rows[] = {
		{ "odd packet in front", 30000, true, 0, false, VW_FLOW_REVISE },
		{ "RTP-like packet in front", 30000, true, 0, true, VW_FLOW_REVISE },
		{ "odd packets between", 30000, true, 1, false, VW_FLOW_REVISE },
		{ "RTP-like packets between", 30000, true, 1, true, VW_FLOW_REVISE + 2 },
		{ "on port 53", 53, false, 0, false, VW_FLOW_REVISE },
		{ "on port 443", 443, true, 0, false, VW_FLOW_REVISE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct flow_test t = begin(17, 20000, rows[i].dport);
		struct rtp r = call;
		int n;

		for (n = 1; n <= rows[i].by; n++) {
			struct rtp other = { 8, (u16)rnd(&t), rnd(&t), rnd(&t) };
			bool odd = n == 1 ? rows[i].in_front : rows[i].every != 0;

			if (odd && rows[i].alike)
				feed_rtp(&t, &other, 0);
			else if (odd)
				feed(&t, "\xff\xff\xff\xffxyz", 7, 0);
			feed_next(&t, &r);
			if (n < VW_FLOW_REVISE)
				ROW_CHECK(rows[i].row, t.flow.class != CLASS(RTP));
		}
		ROW_EQ(rows[i].row, t.flow.class, CLASS(RTP));
	}
}

typedef size_t maker(struct flow_test *t, u8 *p, u32 n);

static size_t fill(struct flow_test *t, u8 *p, size_t from, size_t len)
{
	for (; from < len; from++)
		p[from] = rnd(t) >> 16;
	return len;
}

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
		struct flow_test t = begin(rows[i].proto, 40123, rows[i].dport);
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
		struct flow_test t = begin(rows[i].proto, 40123, rows[i].dport);

		ROW_EQ(rows[i].row, feed(&t, rows[i].p, rows[i].len, 0), rows[i].class);
		ROW_EQ(rows[i].row, t.flow.class, rows[i].flow);
		ROW_EQ(rows[i].row, t.flow.why, rows[i].why);
	}
}

static void sip_over_tcp(void **state)
{
	struct flow_test t = begin(6, 40123, 5060);

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

static enum voxwall_class feed_srtcp(struct flow_test *t, u32 index, size_t tail)
{
	u8 p[96];
	size_t len = 76 + tail;

	fill(t, p, 0, len);
	memcpy(p, "\x81\xc8\0\x0c\xde\xad\xbe\xef", 8);
	put32(p + 76, 0x80000000 | index);
	return feed(t, p, len, 5000);
}

static void srtcp_on_its_own_port(void **state)
{
	static const size_t tails[] = { 14, 4 };
	size_t k;
	int i;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(tails); k++) {
		struct flow_test t = begin(17, 20001, 30001);

		for (i = 1; i < VW_FLOW_PROOF; i++)
			assert_int_equal(feed_srtcp(&t, i, tails[k]), CLASS(CANDIDATE));
		assert_int_equal(feed_srtcp(&t, 4, tails[k]), CLASS(RTCP));
		assert_int_equal(t.flow.class, CLASS(RTCP));
	}
}

static void srtcp_whose_index_leaps_is_none(void **state)
{
	static const u32 index[][2] = { { 5, 5 }, { 5, 4 }, { 5, 106 } };
	size_t k;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(index); k++) {
		struct flow_test t = begin(17, 20001, 30001);

		assert_int_equal(feed_srtcp(&t, index[k][0], 14), CLASS(CANDIDATE));
		assert_int_equal(feed_srtcp(&t, index[k][1], 14), CLASS(OTHER));
		assert_int_equal(t.flow.class, CLASS(OTHER));
	}
}

/* A gap that loss explains, and one packet more. */
static void one_gap(void **state)
{
	static const struct {
		int by;
		enum voxwall_class want;
	} gaps[] = {
		{ 99, CLASS(CANDIDATE) }, { 100, CLASS(CANDIDATE) }, { 101, CLASS(OTHER) },
		{ -99, CLASS(CANDIDATE) }, { -100, CLASS(CANDIDATE) }, { -101, CLASS(OTHER) },
	};
	size_t k;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(gaps); k++) {
		struct flow_test t = begin(17, 20000, 30000);
		struct rtp r = call;

		feed_rtp(&t, &r, 20);
		r.seq += gaps[k].by;
		r.ts += gaps[k].by * 160;
		assert_int_equal(feed_rtp(&t, &r, 20), gaps[k].want);
	}
}

/* What shares the ports says what it is and changes nothing. */
static void companions(void **state)
{
	static const u8 stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
	struct flow_test t = begin(17, 20000, 30000);
	struct rtp r = call;

	(void)state;
	assert_int_equal(feed(&t, stun, 20, 0), CLASS(STUN));
	assert_int_equal(t.flow.class, CLASS(STUN));
	assert_int_equal(feed_next(&t, &r), CLASS(CANDIDATE));
	assert_int_equal(feed(&t, stun, 20, 0), CLASS(STUN));
	assert_int_equal(t.flow.class, CLASS(CANDIDATE));
	t = begin(17, 40123, 5060);
	feed(&t, invite, 50, 0);
	assert_int_equal(feed(&t, stun, 20, 0), CLASS(STUN));
	assert_int_equal(feed(&t, "\r\n\r\n", 4, 0), CLASS(SIP));
	assert_int_equal(t.flow.class, CLASS(SIP));
	assert_int_equal(t.flow.why, VW_WHY_SIP_REQUEST);
}

static void cut_packets(void **state)
{
	struct flow_test t = begin(17, 40123, 5060);

	(void)state;
	t.f.payload_len = 600;
	assert_int_equal(vw_flow_step(&t.flow, &t.f, (const u8 *)"INVITE sip:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
				      40, 0), CLASS(SIP));
	t = begin(17, 40123, 5060);
	t.f.payload_len = 600;
	assert_int_equal(vw_flow_step(&t.flow, &t.f, (const u8 *)"", 0, 0), CLASS(OTHER));
	assert_int_equal(t.flow.why, VW_WHY_FRAGMENT);
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
	cmocka_unit_test(rtp_is_proven_by_the_fourth),
	cmocka_unit_test(steps),
	cmocka_unit_test(what_may_be_rtp_all_the_same),
	cmocka_unit_test(disturbed_calls),
	cmocka_unit_test(new_ssrc_in_a_proven_flow),
	cmocka_unit_test(ports_are_used_again),
	cmocka_unit_test(hidden_rtp_is_found),
	cmocka_unit_test(what_looks_alike_is_no_voice),
	cmocka_unit_test(single_packets),
	cmocka_unit_test(sip_over_tcp),
	cmocka_unit_test(srtcp_on_its_own_port),
	cmocka_unit_test(srtcp_whose_index_leaps_is_none),
	cmocka_unit_test(one_gap),
	cmocka_unit_test(companions),
	cmocka_unit_test(cut_packets),
	cmocka_unit_test(every_reason_has_words),
};

ROW_MAIN(tests)
