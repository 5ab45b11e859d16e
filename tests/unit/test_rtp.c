// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "../../kmod/core/rtp.h"

#define TAIL	"\x12\x34" "\0\0\x01\x40" "\xde\xad\xbe\xef"
#define FRAME(s)	(s), sizeof(s) - 1

static void rtp_headers(void **state)
{
	static const struct {
		const char *row;
		const char *p;
		size_t len;
		size_t wire;
		int err;
		u16 hdr_len;
		u16 payload_len;
	} rows[] = {
		{ "nothing", FRAME(""), 0, -EBADMSG, 0, 0 },
		{ "11 bytes", FRAME("\x80\x08\x12\x34\0\0\x01\x40\xde\xad\xbe"), 11, -EBADMSG, 0, 0 },
		{ "11 of 12 bytes", FRAME("\x80\x08\x12\x34\0\0\x01\x40\xde\xad\xbe"), 12, -ENODATA, 0, 0 },
		{ "12 bytes", FRAME("\x80\x08" TAIL), 12, 0, 12, 0 },
		{ "payload", FRAME("\x80\x08" TAIL "abc"), 15, 0, 12, 3 },
		{ "payload that was cut", FRAME("\x80\x08" TAIL), 172, 0, 12, 160 },
		{ "version 1", FRAME("\x40\x08" TAIL), 12, -EBADMSG, 0, 0 },
		{ "version 3", FRAME("\xc0\x08" TAIL), 12, -EBADMSG, 0, 0 },
		{ "one CSRC", FRAME("\x81\x08" TAIL "1234"), 16, 0, 16, 0 },
		{ "one CSRC, a byte short", FRAME("\x81\x08" TAIL "123"), 15, -EBADMSG, 0, 0 },
		{ "15 CSRCs that were cut", FRAME("\x8f\x08" TAIL), 72, -ENODATA, 0, 0 },
		{ "15 CSRCs that lie", FRAME("\x8f\x08" TAIL), 71, -EBADMSG, 0, 0 },
		{ "empty extension", FRAME("\x90\x08" TAIL "\xbe\xde\0\0"), 16, 0, 16, 0 },
		{ "extension header a byte short", FRAME("\x90\x08" TAIL "\xbe\xde\0"), 15, -EBADMSG, 0, 0 },
		{ "extension", FRAME("\x90\x08" TAIL "\xbe\xde\0\1" "1234" "x"), 21, 0, 20, 1 },
		{ "extension a byte short", FRAME("\x90\x08" TAIL "\xbe\xde\0\1" "123"), 19, -EBADMSG, 0, 0 },
		{ "extension of 256 KiB", FRAME("\x90\x08" TAIL "\xbe\xde\xff\xff"), 1400, -EBADMSG, 0, 0 },
		{ "CSRC and extension", FRAME("\x91\x08" TAIL "1234" "\xbe\xde\0\1" "1234"), 24, 0, 24, 0 },
		{ "longer than UDP can be", FRAME("\x80\x08" TAIL), 65536, -EBADMSG, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *p = row_copy(rows[i].p, rows[i].len);
		struct vw_rtp rtp = { .hdr_len = 0xeeee };

		ROW_EQ(rows[i].row, vw_rtp_parse(p, rows[i].len, rows[i].wire, &rtp), rows[i].err);
		if (rows[i].err) {
			ROW_EQ(rows[i].row, rtp.hdr_len, 0xeeee);
		} else {
			ROW_EQ(rows[i].row, rtp.hdr_len, rows[i].hdr_len);
			ROW_EQ(rows[i].row, rtp.payload_len, rows[i].payload_len);
			ROW_EQ(rows[i].row, rtp.ssrc, 0xdeadbeef);
			ROW_EQ(rows[i].row, rtp.ts, 320);
			ROW_EQ(rows[i].row, rtp.seq, 0x1234);
			ROW_EQ(rows[i].row, rtp.pt, 8);
		}
		free(p);
	}
}

static void rtp_bits(void **state)
{
	struct vw_rtp rtp;

	(void)state;
	assert_int_equal(vw_rtp_parse((u8 *)"\xa0\xff" TAIL, 12, 12, &rtp), 0);
	assert_true(rtp.padding);
	assert_true(rtp.marker);
	assert_int_equal(rtp.pt, 127);
	assert_int_equal(vw_rtp_parse((u8 *)"\x80\x7f" TAIL, 12, 12, &rtp), 0);
	assert_false(rtp.padding);
	assert_false(rtp.marker);
}

static void rtcp_headers(void **state)
{
	static const struct {
		const char *row;
		const char *p;
		size_t len;
		size_t wire;
		int err;
		u16 own;
	} rows[] = {
		{ "empty receiver report", FRAME("\x80\xc9\0\1\xde\xad\xbe\xef"), 8, 0, 8 },
		{ "7 bytes", FRAME("\x80\xc9\0\1\xde\xad\xbe"), 7, -EBADMSG, 0 },
		{ "7 of 8 bytes", FRAME("\x80\xc9\0\1\xde\xad\xbe"), 8, -ENODATA, 0 },
		{ "type 191", FRAME("\x80\xbf\0\1\xde\xad\xbe\xef"), 8, -EBADMSG, 0 },
		{ "type 192", FRAME("\x80\xc0\0\1\xde\xad\xbe\xef"), 8, 0, 8 },
		{ "type 223", FRAME("\x80\xdf\0\1\xde\xad\xbe\xef"), 8, 0, 8 },
		{ "type 224", FRAME("\x80\xe0\0\1\xde\xad\xbe\xef"), 8, -EBADMSG, 0 },
		{ "version 1", FRAME("\x40\xc9\0\1\xde\xad\xbe\xef"), 8, -EBADMSG, 0 },
		{ "shorter than its SSRC", FRAME("\x80\xc9\0\0\xde\xad\xbe\xef"), 8, -EBADMSG, 0 },
		{ "SRTCP: longer than what is clear", FRAME("\x81\xc8\0\x0c\xde\xad\xbe\xef"), 94, 0, 52 },
		{ "longest", FRAME("\x81\xc8\x3f\xfe\xde\xad\xbe\xef"), 94, 0, 65532 },
		{ "past 64 KiB", FRAME("\x81\xc8\x3f\xff\xde\xad\xbe\xef"), 94, -EBADMSG, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *p = row_copy(rows[i].p, rows[i].len);
		struct vw_rtcp rtcp = { };

		ROW_EQ(rows[i].row, vw_rtcp_parse(p, rows[i].len, rows[i].wire, &rtcp), rows[i].err);
		ROW_EQ(rows[i].row, rtcp.len, rows[i].own);
		if (!rows[i].err)
			ROW_EQ(rows[i].row, rtcp.ssrc, 0xdeadbeef);
		free(p);
	}
}

/* RFC 7983, figure 3, and RFC 5761, 4: both sides of every border. */
static void demultiplexing(void **state)
{
	static const struct {
		u8 first;
		u8 second;
		enum voxwall_class want;
	} rows[] = {
		{ 0, 0, VOXWALL_CLASS_STUN }, { 3, 0, VOXWALL_CLASS_STUN },
		{ 4, 0, VOXWALL_CLASS_OTHER }, { 15, 0, VOXWALL_CLASS_OTHER },
		{ 16, 0, VOXWALL_CLASS_ZRTP }, { 19, 0, VOXWALL_CLASS_ZRTP },
		{ 20, 0, VOXWALL_CLASS_DTLS }, { 63, 0, VOXWALL_CLASS_DTLS },
		{ 64, 0, VOXWALL_CLASS_TURN }, { 79, 0, VOXWALL_CLASS_TURN },
		{ 80, 0, VOXWALL_CLASS_OTHER }, { 127, 0, VOXWALL_CLASS_OTHER },
		{ 128, 0, VOXWALL_CLASS_RTP }, { 191, 0, VOXWALL_CLASS_RTP },
		{ 192, 0, VOXWALL_CLASS_OTHER }, { 255, 0, VOXWALL_CLASS_OTHER },
		{ 128, 191, VOXWALL_CLASS_RTP }, { 128, 192, VOXWALL_CLASS_RTCP },
		{ 128, 223, VOXWALL_CLASS_RTCP }, { 128, 224, VOXWALL_CLASS_RTP },
		{ 191, 200, VOXWALL_CLASS_RTCP }, { 192, 200, VOXWALL_CLASS_OTHER },
	};
	size_t i;

	(void)state;
	assert_int_equal(vw_rtp_demux((u8 *)"", 0), VOXWALL_CLASS_OTHER);
	assert_int_equal(vw_rtp_demux((u8 *)"\x80", 1), VOXWALL_CLASS_OTHER);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 p[2] = { rows[i].first, rows[i].second };
		char row[32];

		snprintf(row, sizeof(row), "bytes %u %u", p[0], p[1]);
		ROW_EQ(row, vw_rtp_demux(p, 2), rows[i].want);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(rtp_headers),
	cmocka_unit_test(rtp_bits),
	cmocka_unit_test(rtcp_headers),
	cmocka_unit_test(demultiplexing),
};

ROW_MAIN(tests)
