// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow_feed.h"

static void rtp_is_proven_by_the_fourth(void **state)
{
	struct flow_test t = flow_begin(17, 20000, 30000);
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
		struct flow_test t = flow_begin(17, 20000, 30000);
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
		struct flow_test t = flow_begin(17, 20000, 30000);
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
		struct flow_test t = flow_begin(17, 20000, 30000);
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
	struct flow_test t = flow_begin(17, 20000, 30000);
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
	struct flow_test t = flow_begin(17, 20000, 30000);
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
		struct flow_test t = flow_begin(17, 20000, rows[i].dport);
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
		struct flow_test t = flow_begin(17, 20001, 30001);

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
		struct flow_test t = flow_begin(17, 20001, 30001);

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
		struct flow_test t = flow_begin(17, 20000, 30000);
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
		{ "text that a control ends", 17, 4000, IS("REG\x1f sip:a SIP/2.0\r\n"), true },
		{ "RTP", 17, 4000, IS("\x80\x00\x00\x01\x00\x00\x00\xa0\x00\x00\x00\x07"), false },
		{ "RTCP", 17, 4000, IS("\x80\xc9\x00\x01\x00\x00\x00\x07"), false },
		{ "STUN", 17, 4000, IS("\x00\x01\x00\x00\x21\x12\xa4\x42"
				      "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"), false },
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
	cmocka_unit_test(rtp_is_proven_by_the_fourth),
	cmocka_unit_test(steps),
	cmocka_unit_test(what_may_be_rtp_all_the_same),
	cmocka_unit_test(disturbed_calls),
	cmocka_unit_test(new_ssrc_in_a_proven_flow),
	cmocka_unit_test(ports_are_used_again),
	cmocka_unit_test(hidden_rtp_is_found),
	cmocka_unit_test(single_packets),
	cmocka_unit_test(sip_over_tcp),
	cmocka_unit_test(srtcp_on_its_own_port),
	cmocka_unit_test(srtcp_whose_index_leaps_is_none),
	cmocka_unit_test(one_gap),
	cmocka_unit_test(companions),
	cmocka_unit_test(cut_packets),
	cmocka_unit_test(what_passes_unasked),
	cmocka_unit_test(every_reason_has_words),
};

ROW_MAIN(tests)
