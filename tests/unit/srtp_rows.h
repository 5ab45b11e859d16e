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

/*
 * What RTP does in its life, as its receiver sees it: each row is a packet, and meets the
 * windows that the rows before it have left. A row that names a life begins with a stream
 * that has seen nothing. @index is the sender's; how the receiver takes it is @want: 0: it
 * opens; -EEXIST, -ESTALE: a replay, or so it seems; -EKEYREJECTED: it is taken for
 * another index, and can't authenticate.
 */
static const struct life_row {
	const char *life;
	const char *row;
	u32 ssrc;
	u64 index;
	int want;
} life_rows[] = {
	{ "rollover", "last but one", 1, ROC(0, 65534), 0 },
	{ NULL, "last", 1, ROC(0, 65535), 0 },
	{ NULL, "first of the next round", 1, ROC(1, 0), 0 },
	{ NULL, "second", 1, ROC(1, 1), 0 },
	{ NULL, "the last again", 1, ROC(0, 65535), -EEXIST },
	{ NULL, "the first again", 1, ROC(1, 0), -EEXIST },
	{ NULL, "first, of the round before", 1, ROC(0, 0), -EEXIST },
	{ NULL, "first, of the round after", 1, ROC(2, 0), -EEXIST },
	{ NULL, "third, of the round before", 1, ROC(0, 2), -EKEYREJECTED },
	{ NULL, "third, of the round after", 1, ROC(2, 2), -EKEYREJECTED },
	{ NULL, "third", 1, ROC(1, 2), 0 },

	{ "reordering across the rollover", "before it", 1, ROC(0, 65530), 0 },
	{ NULL, "after it", 1, ROC(1, 2), 0 },
	{ NULL, "last, late", 1, ROC(0, 65535), 0 },
	{ NULL, "first, late", 1, ROC(1, 0), 0 },
	{ NULL, "last but one, later", 1, ROC(0, 65534), 0 },
	{ NULL, "second, later", 1, ROC(1, 1), 0 },
	{ NULL, "last, again", 1, ROC(0, 65535), -EEXIST },
	{ NULL, "edge of the window - 1", 1, ROC(0, 65536 + 2 - VW_SRTP_WINDOW), -ESTALE },
	{ NULL, "edge of the window", 1, ROC(0, 65536 + 3 - VW_SRTP_WINDOW), 0 },
	{ NULL, "edge of the window + 1", 1, ROC(0, 65536 + 4 - VW_SRTP_WINDOW), 0 },
	{ NULL, "third", 1, ROC(1, 3), 0 },

	{ "overtaken in the first round", "first of the next round", 1, ROC(1, 0), -EKEYREJECTED },
	{ NULL, "last of the first", 1, ROC(0, 65535), 0 },
	{ NULL, "first of the next", 1, ROC(1, 0), 0 },

	/* from the upper half of a round a loss ends in the next */
	{ "rollover within loss", "before it", 1, ROC(0, 65000), 0 },
	{ NULL, "loss of half a round + 1", 1, ROC(0, 65000) + 0x8001, -ESTALE },
	{ NULL, "loss of half a round", 1, ROC(0, 65000) + 0x8000, -ESTALE },
	{ NULL, "loss of half a round - 1", 1, ROC(0, 65000) + 0x7fff, 0 },
	{ NULL, "a small one", 1, ROC(1, 32300), 0 },
	{ NULL, "to the edge of the half - 1", 1, ROC(1, 32766), 0 },
	{ NULL, "to the edge of the half", 1, ROC(1, 32767), 0 },
	{ NULL, "half a round + 1 from the lower", 1, ROC(2, 0), -ESTALE },
	{ NULL, "half a round from the lower", 1, ROC(1, 65535), 0 },
	{ NULL, "the next round's first", 1, ROC(2, 0), 0 },

	{ "loss in one round", "before it", 1, ROC(0, 65535), 0 },
	{ NULL, "the lower half begins", 1, ROC(1, 100), 0 },
	{ NULL, "half a round + 1", 1, ROC(1, 100) + 0x8001, -ESTALE },
	{ NULL, "half a round", 1, ROC(1, 100) + 0x8000, 0 },
	{ NULL, "the upper half: half a round", 1, ROC(1, 32868) + 0x8000, -ESTALE },
	{ NULL, "half a round - 1", 1, ROC(1, 32868) + 0x7fff, 0 },

	/* RFC 3711 has no round before the first */
	{ "loss in the first round", "the beginning", 1, ROC(0, 100), 0 },
	{ NULL, "half a round + 1", 1, ROC(0, 100) + 0x8001, 0 },

	{ "64 k jump", "before it", 1, ROC(0, 1000), 0 },
	{ NULL, "64 k - 1", 1, ROC(0, 1000) + 0xffff, -EKEYREJECTED },
	{ NULL, "64 k", 1, ROC(0, 1000) + 0x10000, -EEXIST },
	{ NULL, "64 k + 1", 1, ROC(0, 1000) + 0x10001, -EKEYREJECTED },
	{ NULL, "32 k", 1, ROC(0, 1000) + 0x8000, 0 },
	{ NULL, "another 32 k - 1", 1, ROC(0, 1000) + 0xffff, 0 },
	{ NULL, "64 k at last", 1, ROC(0, 1000) + 0x10000, 0 },
	{ NULL, "128 k", 1, ROC(0, 1000) + 0x20000, -EEXIST },

	{ "sequence restart", "before it", 1, ROC(0, 5000), 0 },
	{ NULL, "far behind", 1, ROC(0, 10), -ESTALE },
	{ NULL, "behind the edge of the window", 1, ROC(0, 5000) - VW_SRTP_WINDOW, -ESTALE },
	{ NULL, "on the edge of the window", 1, ROC(0, 5000) - VW_SRTP_WINDOW + 1, 0 },
	{ NULL, "the same again", 1, ROC(0, 5000), -EEXIST },
	{ NULL, "one ahead", 1, ROC(0, 5001), 0 },
	{ NULL, "far ahead", 1, ROC(0, 30000), 0 },
	{ NULL, "half a round ahead", 1, ROC(0, 30000) + 0x8000, 0 },
	{ NULL, "in the next round", 1, ROC(1, 10), 0 },
	{ NULL, "with a counter of 0", 1, ROC(0, 11), -EKEYREJECTED },

	{ "changed SSRC, same key", "the first one", 1, ROC(0, 1000), 0 },
	{ NULL, "the second one", 2, ROC(0, 7), 0 },
	{ NULL, "the first one goes on", 1, ROC(0, 1001), 0 },
	{ NULL, "the second one, again", 2, ROC(0, 7), -EEXIST },
	{ NULL, "the first one's number", 2, ROC(0, 1000), 0 },
	{ NULL, "the third one's last", 3, ROC(0, 65535), 0 },
	{ NULL, "the third one's next round", 3, ROC(1, 0), 0 },
	{ NULL, "a fourth one in its second round", 4, ROC(1, 5), -EKEYREJECTED },
	{ NULL, "a fourth one", 4, ROC(0, 5), 0 },

	{ "SSRC that comes back", "before the hold", 1, ROC(0, 65534), 0 },
	{ NULL, "music on hold", 2, ROC(0, 1), 0 },
	{ NULL, "more of it", 2, ROC(0, 2), 0 },
	{ NULL, "before the hold, again", 1, ROC(0, 65534), -EEXIST },
	{ NULL, "back, half a round + 1 on", 1, ROC(0, 65534) + 0x8001, -ESTALE },
	{ NULL, "back, half a round on", 1, ROC(0, 65534) + 0x8000, -ESTALE },
	{ NULL, "back, where it was", 1, ROC(0, 65535), 0 },
	{ NULL, "music for a while", 2, ROC(0, 32000), 0 },
	{ NULL, "back, half a round - 1 on", 1, ROC(0, 65535) + 0x7fff, 0 },
	{ NULL, "back with a counter of 0", 1, ROC(0, 32767), -EKEYREJECTED },
	{ NULL, "the music goes on", 2, ROC(0, 32001), 0 },
};

/* What a receiver makes of the packet. */
static inline int life_meets(struct vw_replay *w, u64 index)
{
	u64 guess = vw_srtp_index(w, (u16)index);
	int err = vw_replay_check(w, guess);

	if (err)
		return err;
	if (guess != index)
		return -EKEYREJECTED;
	vw_replay_commit(w, guess);
	return 0;
}

/* SSRCs of a life are counted from 1. */
#define LIFE_SSRCS	4

/*
 * The same of a phone's clear packets, which are to be sealed: @want 0: with @index, whose
 * low half is the sequence number that the packet leaves with; else it can't be.
 */
static const struct sender_row {
	const char *life;
	const char *row;
	u16 seq;
	int want;
	u64 index;
} sender_rows[] = {
	{ "rollover", "last but one", 65534, 0, ROC(0, 65534) },
	{ NULL, "last", 65535, 0, ROC(0, 65535) },
	{ NULL, "first of the next round", 0, 0, ROC(1, 0) },
	{ NULL, "last, again", 65535, -EEXIST, 0 },
	{ NULL, "second", 1, 0, ROC(1, 1) },

	{ "reordering across the rollover", "before it", 65533, 0, ROC(0, 65533) },
	{ NULL, "after it", 1, 0, ROC(1, 1) },
	{ NULL, "last, late", 65535, 0, ROC(0, 65535) },
	{ NULL, "first, late", 0, 0, ROC(1, 0) },
	{ NULL, "last but one, later", 65534, 0, ROC(0, 65534) },
	{ NULL, "last, again", 65535, -EEXIST, 0 },

	{ "gap from the upper half", "before it", 65000, 0, ROC(0, 65000) },
	{ NULL, "half a round: one of long ago", 32232, -ESTALE, 0 },
	{ NULL, "half a round - 1", 32231, 0, ROC(1, 32231) },

	{ "gap from the lower half", "before it", 100, 0, ROC(0, 100) },
	{ NULL, "half a round", 32868, 0, ROC(0, 32868) },

	{ "sequence restart", "before it", 1299, 0, ROC(0, 1299) },
	{ NULL, "first of the new ones", 10, -ESTALE, 0 },
	{ NULL, "not the second", 12, -ESTALE, 0 },
	{ NULL, "two in a row", 13, -ESTALE, 0 },
	{ NULL, "three in a row", 14, -ESTALE, 0 },
	{ NULL, "four in a row: proven", 15, 0, ROC(0, 1300) },
	{ NULL, "and on", 16, 0, ROC(0, 1301) },
	{ NULL, "a gap", 18, 0, ROC(0, 1303) },
	{ NULL, "that fills", 17, 0, ROC(0, 1302) },
	{ NULL, "again", 17, -EEXIST, 0 },

	{ "late packets are no restart", "before them", 1299, 0, ROC(0, 1299) },
	{ NULL, "one of long ago", 10, -ESTALE, 0 },
	{ NULL, "its neighbour", 11, -ESTALE, 0 },
	{ NULL, "and the next", 12, -ESTALE, 0 },
	{ NULL, "the sequence goes on", 1300, 0, ROC(0, 1300) },
	{ NULL, "another of long ago", 13, -ESTALE, 0 },
	{ NULL, "its neighbour", 14, -ESTALE, 0 },
	{ NULL, "and the next", 15, -ESTALE, 0 },
	{ NULL, "seen before, which proves nothing", 1300, -EEXIST, 0 },
	{ NULL, "and the fourth does", 16, 0, ROC(0, 1301) },

	{ "restart near the window", "before it", 5000, 0, ROC(0, 5000) },
	{ NULL, "edge - 1", 5000 - VW_SRTP_WINDOW, -ESTALE, 0 },
	{ NULL, "edge: only late", 5000 - VW_SRTP_WINDOW + 1, 0, ROC(0, 5001 - VW_SRTP_WINDOW) },
	{ NULL, "edge + 1: only late", 5000 - VW_SRTP_WINDOW + 2, 0, ROC(0, 5002 - VW_SRTP_WINDOW) },

	{ "restart that looks like a rollover", "before it", 65000, 0, ROC(0, 65000) },
	{ NULL, "a small number", 10, 0, ROC(1, 10) },
	{ NULL, "and on", 11, 0, ROC(1, 11) },

	{ "restart shortly before the rollover", "before it", 65530, 0, ROC(0, 65530) },
	{ NULL, "one in a row", 40000, -ESTALE, 0 },
	{ NULL, "two", 40001, -ESTALE, 0 },
	{ NULL, "three", 40002, -ESTALE, 0 },
	{ NULL, "four: proven", 40003, 0, ROC(0, 65531) },
	{ NULL, "the last of the round", 40007, 0, ROC(0, 65535) },
	{ NULL, "the first of the next", 40008, 0, ROC(1, 0) },
	{ NULL, "late", 40006, 0, ROC(0, 65534) },
	{ NULL, "the sender's own rollover", 65535, 0, ROC(1, 25527) },
	{ NULL, "and after it", 0, 0, ROC(1, 25528) },

	{ "restart in the middle of a restart", "before it", 1000, 0, ROC(0, 1000) },
	{ NULL, "one", 10, -ESTALE, 0 },
	{ NULL, "another one", 500, -ESTALE, 0 },
	{ NULL, "its second", 501, -ESTALE, 0 },
	{ NULL, "its third", 502, -ESTALE, 0 },
	{ NULL, "its fourth", 503, 0, ROC(0, 1001) },
	{ NULL, "far on", 900, 0, ROC(0, 1398) },
	{ NULL, "a third one", 20, -ESTALE, 0 },
	{ NULL, "its second", 21, -ESTALE, 0 },
	{ NULL, "its third", 22, -ESTALE, 0 },
	{ NULL, "its fourth", 23, 0, ROC(0, 1399) },
};

/* What happens to the packet; 0: it is sealed with *@ret. */
static inline int sender_meets(struct vw_replay *w, struct vw_sender *s, u16 seq, u64 *ret)
{
	int err = vw_sender_index(s, w, seq, ret);

	if (!err)
		vw_replay_commit(w, *ret);
	return err;
}

#endif
