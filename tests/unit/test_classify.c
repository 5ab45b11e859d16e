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

/* Not "too few packets" when it is the clock that is missing. */
static void a_standing_timestamp_is_told(void **state)
{
	struct flow_test t = flow_begin(17, 20000, 30000);
	struct rtp r = call;
	int n;

	(void)state;
	for (n = 1; n < 128; n++) {
		assert_int_equal(feed_rtp(&t, &r, 20), CLASS(CANDIDATE));
		assert_int_equal(t.flow.why, n < VW_FLOW_PROOF ? VW_WHY_RTP_TOO_FEW :
							     VW_WHY_RTP_TIME_STANDS);
		r.seq++;
	}
	assert_int_equal(feed_rtp(&t, &r, 20), CLASS(OTHER));
	assert_int_equal(t.flow.why, VW_WHY_RTP_TIME_STANDS);
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

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(rtp_is_proven_by_the_fourth),
	cmocka_unit_test(steps),
	cmocka_unit_test(a_standing_timestamp_is_told),
	cmocka_unit_test(what_may_be_rtp_all_the_same),
	cmocka_unit_test(disturbed_calls),
	cmocka_unit_test(new_ssrc_in_a_proven_flow),
	cmocka_unit_test(ports_are_used_again),
	cmocka_unit_test(hidden_rtp_is_found),
	cmocka_unit_test(srtcp_on_its_own_port),
	cmocka_unit_test(srtcp_whose_index_leaps_is_none),
	cmocka_unit_test(one_gap),
};

ROW_MAIN(tests)
