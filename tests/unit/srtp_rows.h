/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of SRTP's arithmetic, for the unit tests and those in the kernel. */
#ifndef TESTS_UNIT_SRTP_ROWS_H
#define TESTS_UNIT_SRTP_ROWS_H

#include "../../kmod/core/srtp.h"

#define ROC(n, seq)	((u64)(n) << 16 | (seq))

/* RFC 3711, 3.3.1: every edge of the guess, minus one, zero, plus one. */
static const struct {
	const char *row;
	u64 top;
	u16 seq;
	u64 want;
} index_rows[] = {
	{ "next", ROC(0, 10), 11, ROC(0, 11) },
	{ "same", ROC(7, 10), 10, ROC(7, 10) },
	{ "late", ROC(7, 10), 9, ROC(7, 9) },
	{ "wrap", ROC(0, 65535), 0, ROC(1, 0) },
	{ "wrap after a gap", ROC(3, 65000), 100, ROC(4, 100) },
	{ "late after the wrap", ROC(4, 0), 65535, ROC(3, 65535) },
	{ "late after the first wrap", ROC(1, 5), 65530, ROC(0, 65530) },
	{ "negative cycle stays in this one", ROC(0, 5), 65530, ROC(0, 65530) },
	{ "low half, ahead by half - 1", ROC(2, 100), 32867, ROC(2, 32867) },
	{ "low half, ahead by half", ROC(2, 100), 32868, ROC(2, 32868) },
	{ "low half, ahead by half + 1", ROC(2, 100), 32869, ROC(1, 32869) },
	{ "high half, behind by half - 1", ROC(2, 40000), 7233, ROC(2, 7233) },
	{ "high half, behind by half", ROC(2, 40000), 7232, ROC(2, 7232) },
	{ "high half, behind by half + 1", ROC(2, 40000), 7231, ROC(3, 7231) },
	{ "last of the low half", ROC(2, 32767), 65535, ROC(2, 65535) },
	{ "first of the high half", ROC(2, 32768), 0, ROC(2, 0) },
	{ "second of the high half", ROC(2, 32769), 0, ROC(3, 0) },
	{ "last cycle", ROC(0xffffffff, 9), 10, ROC(0xffffffff, 10) },
	{ "key exhausted", VW_SRTP_INDEX_MAX, 0, VW_SRTP_INDEX_MAX + 1 },
};

/* The same for the first packet, when it is known where the source was. */
static const struct {
	const char *row;
	u64 expected;
	u16 seq;
	u64 want;
} first_rows[] = {
	{ "nothing is known, first", ROC(0, 0), 0, ROC(0, 0) },
	{ "nothing is known, half - 1", ROC(0, 0), 32767, ROC(0, 32767) },
	{ "nothing is known, half", ROC(0, 0), 32768, ROC(0, 32768) },
	{ "nothing is known, half + 1", ROC(0, 0), 32769, ROC(0, 32769) },
	{ "nothing is known, last", ROC(0, 0), 65535, ROC(0, 65535) },
	{ "the cycle only, first", ROC(7, VW_SRTP_SEQ_ANY), 0, ROC(7, 0) },
	{ "the cycle only, second", ROC(7, VW_SRTP_SEQ_ANY), 1, ROC(7, 1) },
	{ "the cycle only, half - 1", ROC(7, VW_SRTP_SEQ_ANY), 32767, ROC(7, 32767) },
	{ "the cycle only, half", ROC(7, VW_SRTP_SEQ_ANY), 32768, ROC(7, 32768) },
	{ "the cycle only, half + 1", ROC(7, VW_SRTP_SEQ_ANY), 32769, ROC(7, 32769) },
	{ "the cycle only, last", ROC(7, VW_SRTP_SEQ_ANY), 65535, ROC(7, 65535) },
	{ "just before the wrap, same", ROC(7, 65535), 65535, ROC(7, 65535) },
	{ "just before the wrap, after it", ROC(7, 65535), 0, ROC(8, 0) },
	{ "just before the wrap, ahead by half", ROC(7, 65535), 32767, ROC(7, 32767) },
	{ "just before the wrap, ahead by half - 1", ROC(7, 65535), 32766, ROC(8, 32766) },
	{ "just after the wrap, same", ROC(8, 0), 0, ROC(8, 0) },
	{ "just after the wrap, before it", ROC(8, 1), 65535, ROC(7, 65535) },
	{ "just after the wrap, ahead by half", ROC(8, 0), 32768, ROC(8, 32768) },
	{ "just after the wrap, ahead by half + 1", ROC(8, 0), 32769, ROC(7, 32769) },
	{ "last cycle", ROC(0xffffffff, VW_SRTP_SEQ_ANY), 0, ROC(0xffffffff, 0) },
	{ "key exhausted", VW_SRTP_INDEX_MAX, 0, VW_SRTP_INDEX_MAX + 1 },
};

/* RFC 3711, 4.3.1: index DIV rate, at the edges of intervals. */
static const struct {
	const char *row;
	u32 rate;
	u64 index;
	u64 want;
} interval_rows[] = {
	{ "rate 0", 0, VW_SRTP_INDEX_MAX, 0 },
	{ "rate 1", 1, 0, 0 },
	{ "rate 1, next", 1, 1, 1 },
	{ "rate 1, the last index", 1, VW_SRTP_INDEX_MAX, VW_SRTP_INDEX_MAX },
	{ "rate 2, edge - 1", 2, 1, 0 },
	{ "rate 2, edge", 2, 2, 1 },
	{ "rate 2, edge + 1", 2, 3, 1 },
	{ "rate 2^16, edge - 1", 0x10000, ROC(0, 65535), 0 },
	{ "rate 2^16, edge", 0x10000, ROC(1, 0), 1 },
	{ "rate 2^16, edge + 1", 0x10000, ROC(1, 1), 1 },
	{ "rate 2^24, edge - 1", 1 << 24, ROC(255, 65535), 0 },
	{ "rate 2^24, edge", 1 << 24, ROC(256, 0), 1 },
	{ "rate 2^24, edge + 1", 1 << 24, ROC(256, 1), 1 },
	{ "rate 2^24, the last index", 1 << 24, VW_SRTP_INDEX_MAX, 0xffffff },
	{ "rate 2^24, SRTCP's last index", 1 << 24, VW_SRTCP_INDEX_MAX, 127 },
};

/* Each row offers an index to the window that the rows before it have made. */
static const struct {
	const char *row;
	u64 index;
	int want;
} replay_rows[] = {
	{ "first of all", 1000, 0 },
	{ "itself again", 1000, -EEXIST },
	{ "next", 1001, 0 },
	{ "gap of one", 1003, 0 },
	{ "fills the gap", 1002, 0 },
	{ "and again", 1002, -EEXIST },
	{ "before the first", 999, 0 },
	{ "edge - 1", 1003 - VW_SRTP_WINDOW + 2, 0 },
	{ "edge", 1003 - VW_SRTP_WINDOW + 1, 0 },
	{ "edge again", 1003 - VW_SRTP_WINDOW + 1, -EEXIST },
	{ "edge + 1", 1003 - VW_SRTP_WINDOW, -ESTALE },
	{ "zero", 0, -ESTALE },
	{ "jump by 63", 1066, 0 },
	{ "old top, 63 below", 1003, -EEXIST },
	{ "jump by 64", 1130, 0 },
	{ "old top, 64 below", 1066, -EEXIST },
	{ "64 and 63 below", 1003, -EEXIST },
	{ "128 below", 1002, -ESTALE },
	{ "jump by 65", 1195, 0 },
	{ "old top, 65 below", 1130, -EEXIST },
	{ "jump by window - 1", 1195 + VW_SRTP_WINDOW - 1, 0 },
	{ "old top on the edge", 1195, -EEXIST },
	{ "jump by window", 1322 + VW_SRTP_WINDOW, 0 },
	{ "old top past the edge", 1322, -ESTALE },
	{ "nobody was seen in between", 1323, 0 },
	{ "jump by 2^32", 1450 + (1ULL << 32), 0 },
	{ "16 bits of it were seen, not all", 1450 + (1ULL << 32) - 1, 0 },
	{ "old top is far off", 1450, -ESTALE },
	{ "the last index", VW_SRTP_INDEX_MAX, 0 },
	{ "the last again", VW_SRTP_INDEX_MAX, -EEXIST },
};

#endif
