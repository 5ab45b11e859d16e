// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "../../kmod/core/rtcp.h"

#define BYTES(s)	(s), sizeof(s) - 1

#define ME	"\xde\xad\xbe\xef"
#define YOU	"\xca\xfe\0\1"
#define NTP	"\x11\x11\x22\x22\x33\x33\x44\x44"
#define INFO	NTP "\0\0\1\0" "\0\0\0\2" "\0\0\1\x40"
#define BLOCK	YOU "\x40" "\0\0\x0a" "\0\1\0\7" "\0\0\0\xa0" "\x55\x55\x66\x66" "\0\1\0\0"
#define SDES	"\x81\xca\0\2" ME "\1\1x\0"
#define BYE	"\x80\xcb\0\0"
#define RRT	"\4\0\0\2" NTP
#define DLRR	"\5\0\0\3" YOU "\x77\x77\x88\x88" "\0\0\x80\0"
#define VOIP	"\7\0\0\x08" YOU "\x08\x04\0\0" "\0\0\0\0" "\0\x96\0\x50" "\0\0\0\x10" \
		"\x5a\x7f\x29\x28" "\0\0\0\x28" "\0\x3c\0\x78"
#define FOUR(x)	x x x x

static void lengths(void **state)
{
	static const struct {
		const char *row;
		const char *p;
		size_t len;
		int err;
		int reports;
		int echoes;
		int stamps;
	} rows[] = {
		{ "nothing", BYTES(""), -EBADMSG, 0, 0, 0 },
		{ "3 bytes", BYTES("\x80\xcb\0"), -EBADMSG, 0, 0, 0 },
		{ "a bye of 4 bytes", BYTES(BYE), 0, 0, 0, 0 },
		{ "a byte behind it", BYTES(BYE "\x80"), -EBADMSG, 0, 0, 0 },
		{ "empty receiver report", BYTES("\x80\xc9\0\1" ME), 0, 0, 0, 0 },
		{ "a receiver report without an SSRC", BYTES("\x80\xc9\0\0"), -EBADMSG, 0, 0, 0 },
		{ "one block", BYTES("\x81\xc9\0\7" ME BLOCK), 0, 1, 1, 0 },
		{ "one block, two said", BYTES("\x82\xc9\0\7" ME BLOCK), -EBADMSG, 0, 0, 0 },
		{ "31 blocks said, 31 there", BYTES("\x9f\xc9\0\xbb" ME FOUR(BLOCK) FOUR(BLOCK)
			FOUR(BLOCK) FOUR(BLOCK) FOUR(BLOCK) FOUR(BLOCK) FOUR(BLOCK) BLOCK BLOCK BLOCK),
		  0, 8, 8, 0 },
		{ "31 blocks said, 30 there", BYTES("\x9f\xc9\0\xb5" ME FOUR(BLOCK) FOUR(BLOCK)
			FOUR(BLOCK) FOUR(BLOCK) FOUR(BLOCK) FOUR(BLOCK) FOUR(BLOCK) BLOCK BLOCK),
		  -EBADMSG, 0, 0, 0 },
		{ "longer than what is there", BYTES("\x80\xc9\0\2" ME), -EBADMSG, 0, 0, 0 },
		{ "longest length", BYTES("\x80\xc9\xff\xff" ME), -EBADMSG, 0, 0, 0 },
		{ "shorter than what is there", BYTES("\x81\xc9\0\6" ME BLOCK), -EBADMSG, 0, 0, 0 },
		{ "sender report", BYTES("\x80\xc8\0\6" ME INFO), 0, 0, 0, 1 },
		{ "sender report, a word short", BYTES("\x80\xc8\0\5" ME NTP "\0\0\1\0" "\0\0\0\2"),
		  -EBADMSG, 0, 0, 0 },
		{ "sender report with a block", BYTES("\x81\xc8\0\x0c" ME INFO BLOCK), 0, 1, 1, 1 },
		{ "sender info in place of a block", BYTES("\x81\xc8\0\7" ME BLOCK), -EBADMSG, 0, 0, 0 },
		{ "a profile's addition", BYTES("\x81\xc9\0\x08" ME BLOCK "more"), 0, 1, 1, 0 },
		{ "compound", BYTES("\x81\xc8\0\x0c" ME INFO BLOCK SDES BYE), 0, 1, 1, 1 },
		{ "its second packet lies", BYTES("\x81\xc8\0\x0c" ME INFO BLOCK
			"\x81\xca\0\3" ME "\1\1x\0"), -EBADMSG, 0, 0, 0 },
		{ "its second packet is version 1", BYTES("\x80\xc9\0\1" ME "\x40\xcb\0\0"),
		  -EBADMSG, 0, 0, 0 },
		{ "its second packet is no RTCP", BYTES("\x80\xc9\0\1" ME "\x80\xe0\0\0"),
		  -EBADMSG, 0, 0, 0 },
		{ "padded", BYTES("\xa0\xc9\0\2" ME "\0\0\0\4"), 0, 0, 0, 0 },
		{ "padded by nothing", BYTES("\xa0\xc9\0\2" ME "\0\0\0\0"), -EBADMSG, 0, 0, 0 },
		{ "padded by an odd number", BYTES("\xa0\xc9\0\2" ME "\0\0\0\3"), -EBADMSG, 0, 0, 0 },
		{ "padded into its SSRC", BYTES("\xa0\xc9\0\2" ME "\0\0\0\x08"), -EBADMSG, 0, 0, 0 },
		{ "padded by more than there is", BYTES("\xa0\xc9\0\2" ME "\0\0\0\xfc"), -EBADMSG, 0, 0, 0 },
		{ "padding that eats a block", BYTES("\xa1\xc9\0\7" ME YOU "\0\0\0\0" "\0\0\0\0"
			"\0\0\0\0" "\0\0\0\0" "\0\0\0\4"), -EBADMSG, 0, 0, 0 },
		{ "padded, but not the last", BYTES("\xa0\xc9\0\2" ME "\0\0\0\4" BYE), -EBADMSG, 0, 0, 0 },
		{ "24 packets", BYTES(FOUR(BYE BYE BYE BYE BYE BYE)), 0, 0, 0, 0 },
		{ "25 packets", BYTES(FOUR(BYE BYE BYE BYE BYE BYE) BYE), -E2BIG, 0, 0, 0 },
		{ "empty XR", BYTES("\x80\xcf\0\1" ME), 0, 0, 0, 0 },
		{ "XR without an SSRC", BYTES("\x80\xcf\0\0"), -EBADMSG, 0, 0, 0 },
		{ "receiver's time", BYTES("\x80\xcf\0\4" ME RRT), 0, 0, 0, 1 },
		{ "receiver's time, a word less", BYTES("\x80\xcf\0\3" ME "\4\0\0\1" "\1\1\1\1"),
		  -EBADMSG, 0, 0, 0 },
		{ "a block that leaves its packet", BYTES("\x80\xcf\0\4" ME "\4\0\0\3" NTP),
		  -EBADMSG, 0, 0, 0 },
		{ "an unknown block", BYTES("\x80\xcf\0\2" ME "\xfe\0\0\0"), 0, 0, 0, 0 },
		{ "an unknown block that lies", BYTES("\x80\xcf\0\2" ME "\xfe\0\xff\xff"), -EBADMSG, 0, 0, 0 },
		{ "an unknown block, a word too long", BYTES("\x80\xcf\0\2" ME "\xfe\0\0\1"),
		  -EBADMSG, 0, 0, 0 },
		{ "answer to a receiver's time", BYTES("\x80\xcf\0\5" ME DLRR), 0, 0, 1, 0 },
		{ "no answer in it", BYTES("\x80\xcf\0\2" ME "\5\0\0\0"), 0, 0, 0, 0 },
		{ "half an answer", BYTES("\x80\xcf\0\4" ME "\5\0\0\2" YOU "\1\1\1\1"), -EBADMSG, 0, 0, 0 },
		{ "VoIP metrics", BYTES("\x80\xcf\0\x0a" ME VOIP), 0, 0, 0, 0 },
		{ "VoIP metrics, a word more", BYTES("\x80\xcf\0\x0b" ME "\7\0\0\x09" YOU
			FOUR("\0\0\0\0" "\0\0\0\0")), -EBADMSG, 0, 0, 0 },
		{ "three blocks", BYTES("\x80\xcf\0\x11" ME RRT DLRR VOIP), 0, 0, 1, 1 },
		{ "23 blocks", BYTES("\x80\xcf\0\x18" ME FOUR("\1\0\0\0" "\1\0\0\0" "\1\0\0\0" "\1\0\0\0"
			"\1\0\0\0") "\1\0\0\0" "\1\0\0\0" "\1\0\0\0"), 0, 0, 0, 0 },
		{ "24 blocks", BYTES("\x80\xcf\0\x19" ME FOUR("\1\0\0\0" "\1\0\0\0" "\1\0\0\0" "\1\0\0\0"
			"\1\0\0\0" "\1\0\0\0")), -E2BIG, 0, 0, 0 },
		{ "three times given off", BYTES(
			"\x80\xc8\0\6" ME INFO "\x80\xc8\0\6" ME INFO "\x80\xc8\0\6" ME INFO), 0, 0, 0, 2 },
		{ "no clock", BYTES("\x80\xc8\0\6" ME "\1\1\0\0" "\0\0\1\1" "\0\0\1\0" "\0\0\0\2"
			"\0\0\1\x40"), 0, 0, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *p = row_copy(rows[i].p, rows[i].len);
		struct vw_rtcp_view v = { .nreport = 0xee };

		ROW_EQ(rows[i].row, vw_rtcp_read(p, rows[i].len, &v), rows[i].err);
		if (rows[i].err) {
			ROW_EQ(rows[i].row, v.nreport, 0xee);
		} else {
			ROW_EQ(rows[i].row, v.nreport, rows[i].reports);
			ROW_EQ(rows[i].row, v.necho, rows[i].echoes);
			ROW_EQ(rows[i].row, v.nstamp, rows[i].stamps);
		}
		free(p);
	}
}

/* No cut of a whole compound is whole. */
static void cuts(void **state)
{
	static const char all[] = "\x81\xc8\0\x0c" ME INFO BLOCK "\x80\xcf\0\x11" ME RRT DLRR VOIP;
	struct vw_rtcp_view v;
	size_t len;

	(void)state;
	assert_int_equal(vw_rtcp_read((const u8 *)all, sizeof(all) - 1, &v), 0);
	for (len = 0; len < sizeof(all) - 1; len++) {
		u8 *p = row_copy(all, len);

		/* the sender report alone is */
		assert_int_equal(vw_rtcp_read(p, len, &v), len == 52 ? 0 : -EBADMSG);
		free(p);
	}
}

static void values(void **state)
{
	static const char all[] = "\x81\xc8\0\x0c" ME INFO BLOCK "\x80\xcf\0\x11" ME RRT DLRR VOIP;
	struct vw_rtcp_view v;

	(void)state;
	assert_int_equal(vw_rtcp_read((const u8 *)all, sizeof(all) - 1, &v), 0);
	assert_int_equal(v.report[0].source, 0xcafe0001);
	assert_int_equal(v.report[0].fraction, 0x40);
	assert_int_equal(v.report[0].lost, 10);
	assert_int_equal(v.report[0].highest, 0x10007);
	assert_int_equal(v.report[0].jitter, 160);
	assert_int_equal(v.stamp[0].source, 0xdeadbeef);
	assert_int_equal(v.stamp[0].stamp, 0x22223333);
	assert_int_equal(v.stamp[1].source, 0xdeadbeef);
	assert_int_equal(v.stamp[1].stamp, 0x22223333);
	assert_int_equal(v.echo[0].source, 0xcafe0001);
	assert_int_equal(v.echo[0].stamp, 0x55556666);
	assert_int_equal(v.echo[0].delay, 0x10000);
	assert_int_equal(v.echo[1].source, 0xcafe0001);
	assert_int_equal(v.echo[1].stamp, 0x77778888);
	assert_int_equal(v.echo[1].delay, 0x8000);
	assert_true(v.has_voip);
	assert_int_equal(v.voip.source, 0xcafe0001);
	assert_int_equal(v.voip.loss, 8);
	assert_int_equal(v.voip.discard, 4);
	assert_int_equal(v.voip.round_trip, 150);
	assert_int_equal(v.voip.end_delay, 80);
	assert_int_equal(v.voip.r, 90);
	assert_int_equal(v.voip.mos_lq, 41);
	assert_int_equal(v.voip.mos_cq, 40);
}

/* 24 bits with a sign, and figures that no scale has. */
static void edges(void **state)
{
	static const struct { u32 raw; s32 lost; } lost[] = {
		{ 0, 0 }, { 1, 1 }, { 0x7fffff, 8388607 }, { 0x800000, -8388608 },
		{ 0xffffff, -1 }, { 0xfffffe, -2 },
	};
	static const struct { u8 r, mos, want_r, want_mos; } scales[] = {
		{ 0, 10, 0, 10 }, { 100, 50, 100, 50 }, { 101, 51, 127, 127 }, { 127, 127, 127, 127 },
		{ 255, 9, 127, 127 }, { 0, 0, 0, 127 },
	};
	u8 report[] = "\x81\xc9\0\7" ME BLOCK, xr[] = "\x80\xcf\0\x0a" ME VOIP;
	struct vw_rtcp_view v;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lost); i++) {
		report[13] = (u8)(lost[i].raw >> 16);
		report[14] = (u8)(lost[i].raw >> 8);
		report[15] = (u8)lost[i].raw;
		assert_int_equal(vw_rtcp_read(report, sizeof(report) - 1, &v), 0);
		assert_int_equal(v.report[0].lost, lost[i].lost);
		assert_int_equal(v.report[0].fraction, 0x40);
	}
	for (i = 0; i < 4; i++) {
		xr[8 + 28] = (u8)(i << 6 | 0x3f);
		assert_int_equal(vw_rtcp_read(xr, sizeof(xr) - 1, &v), 0);
		assert_int_equal(v.voip.bare, i == 1);
	}
	for (i = 0; i < ARRAY_SIZE(scales); i++) {
		xr[8 + 24] = scales[i].r;
		xr[8 + 26] = scales[i].mos;
		xr[8 + 27] = scales[i].mos;
		assert_int_equal(vw_rtcp_read(xr, sizeof(xr) - 1, &v), 0);
		assert_int_equal(v.voip.r, scales[i].want_r);
		assert_int_equal(v.voip.mos_lq, scales[i].want_mos);
		assert_int_equal(v.voip.mos_cq, scales[i].want_mos);
	}
}

#define SEC VW_RTCP_SECOND

static void trips(void **state)
{
	static const struct {
		const char *row;
		u32 left;
		struct vw_rtcp_echo echo;
		u32 now;
		int err;
		u32 trip;
	} rows[] = {
		/* RFC 3550, figure 2: A 0xb710:8000, DLSR 5.25 s, LSR 0xb705:2000; 6.125 s */
		{ "the standard's example", 0xb7052000, { 7, 9, 0x00054000 }, 0xb7108000, 0, 0x00062000 },
		{ "nothing kept, nothing taken", 5, { 7, 9, 0 }, 5, 0, 0 },
		{ "a tick", 5, { 7, 9, 0 }, 6, 0, 1 },
		{ "1 ms below nothing: two clocks' steps", 100 * SEC, { 7, 9, SEC + 65 }, 101 * SEC, 0, 0 },
		{ "more than that", 100 * SEC, { 7, 9, SEC + 66 }, 101 * SEC, -EBADMSG, 0 },
		{ "30 s", 0, { 7, 9, SEC }, 31 * SEC, 0, 30 * SEC },
		{ "more than that can't be", 0, { 7, 9, SEC }, 31 * SEC + 1, -EBADMSG, 0 },
		{ "our clock begins anew on the way", 0xffffff00, { 7, 9, 0x100 }, 0x100, 0, 0x100 },
		{ "an end that took 18 hours", 5, { 7, 9, 0xffffffff }, 6, 0, 2 },
		{ "another source", 5, { 8, 9, 0 }, 6, -ENODATA, 0 },
		{ "another timestamp", 5, { 7, 8, 0 }, 6, -ENODATA, 0 },
		{ "no timestamp", 5, { 7, 0, 0 }, 6, -ENODATA, 0 },
		{ "an empty place", 5, { 0, 0, 0 }, 6, -ENODATA, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		static const struct vw_rtcp_stamp stamp = { 7, 9 };
		struct vw_rtcp_trail t = { };
		u32 trip = 0xeeee;

		vw_rtcp_trail_add(&t, &stamp, rows[i].left);
		ROW_EQ(rows[i].row, vw_rtcp_trail_trip(&t, &rows[i].echo, rows[i].now, &trip),
		       rows[i].err);
		ROW_EQ(rows[i].row, trip, rows[i].err ? 0xeeee : rows[i].trip);
	}
}

/* The last four are remembered, and what passes again takes no second place. */
static void trail(void **state)
{
	struct vw_rtcp_stamp stamp = { .source = 7 };
	struct vw_rtcp_echo echo = { .source = 7 };
	struct vw_rtcp_trail t = { };
	u32 trip, i;

	(void)state;
	for (i = 1; i <= 6; i++) {
		stamp.stamp = i;
		vw_rtcp_trail_add(&t, &stamp, 100 * i);
	}
	stamp.stamp = 5;
	vw_rtcp_trail_add(&t, &stamp, 550);
	for (i = 1; i <= 6; i++) {
		echo.stamp = i;
		assert_int_equal(vw_rtcp_trail_trip(&t, &echo, 1000, &trip), i < 3 ? -ENODATA : 0);
		if (i >= 3)
			assert_int_equal(trip, i == 5 ? 450 : 1000 - 100 * i);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(lengths),
	cmocka_unit_test(cuts),
	cmocka_unit_test(values),
	cmocka_unit_test(edges),
	cmocka_unit_test(trips),
	cmocka_unit_test(trail),
};

ROW_MAIN(tests)
