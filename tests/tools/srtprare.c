// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/*
 * srtprare: what few calls have: key derivation rates, encrypted header extensions, a source
 * that began before the stream. The module against an implementation of our own, which is in
 * srtporacle.h.
 */
#include "srtpcall.h"
#include "srtporacle.h"

static struct oracle hq, phone_side;	/* what stream 2 opens; what stream 1 makes */

static struct oracle oracle_of(const u8 *master, u32 rate, const u8 *ids)
{
	struct oracle o = { .suite = rig_suite, .rate = rate };

	memcpy(o.master, master, MASTER_LEN);
	for (; ids && *ids; ids++)
		vw_ext_add(&o.ext, *ids);
	return o;
}

/* Begin both streams anew, with fresh keys; the first source is at @roc, @seq. */
static void call_of(u32 rate, const char *ids, u32 roc, int seq)
{
	struct vw_genl_stream seal, open, *both[] = { &seal, &open };
	struct oracle *oracles[] = { &phone_side, &hq };
	int i;

	rig_random_bytes(rig.seal, MASTER_LEN);
	rig_random_bytes(rig.open, MASTER_LEN);
	rig_describe(&rig, &seal, &open);
	for (i = 0; i < 2; i++) {
		struct vw_genl_crypto *c = i ? &open.open : &seal.seal;

		*oracles[i] = oracle_of(i ? rig.open : rig.seal, rate, (const u8 *)ids);
		c->kdr = rate;
		c->ext = oracles[i]->ext;
		both[i]->has_roc = roc || seq >= 0;
		both[i]->roc = roc;
		both[i]->has_seq = seq >= 0;
		both[i]->seq = (u16)seq;
		remake(both[i]->id, both[i]);
	}
}

/* ---- one packet each ---- */

static size_t with_extension(u8 *p, u64 index, size_t payload, const u8 *ext, size_t words)
{
	size_t len = rig_rtp(p, SSRC, (u16)index, 0);

	if (ext) {
		p[0] |= 0x10;
		memcpy(p + len, ext, 4 + 4 * words);
		len += 4 + 4 * words;
	}
	rig_random_bytes(p + len, payload);
	return len + payload;
}

static void rtp_opens(const struct oracle *o, u64 index, bool passes, const char *what)
{
	u8 plain[PACKET_MAX], sealed[PACKET_MAX];
	size_t len = with_extension(plain, index, 20 + (size_t)index % 200, NULL, 0), sealed_len;

	memcpy(sealed, plain, len);
	sealed_len = oracle_rtp(o, sealed, len, index);
	rig_expect(rig.hq[0], sealed, sealed_len, rig.phone[0], passes ? plain : NULL,
		   (ssize_t)len, what);
}

static void rtcp_opens(const struct oracle *o, u32 index, bool passes, const char *what)
{
	u8 plain[PACKET_MAX], sealed[PACKET_MAX];
	size_t len = rig_rtcp(plain, SSRC, 12), sealed_len;

	memcpy(sealed, plain, len);
	sealed_len = oracle_rtcp(o, sealed, len, index);
	rig_expect(rig.hq[1], sealed, sealed_len, rig.phone[1], passes ? plain : NULL,
		   (ssize_t)len, what);
}

static void rtp_seals(const struct oracle *o, u64 index, const char *what)
{
	u8 plain[PACKET_MAX], sealed[PACKET_MAX];
	size_t len = with_extension(plain, index, 20 + (size_t)index % 200, NULL, 0);

	memcpy(sealed, plain, len);
	rig_expect(rig.phone[0], plain, len, rig.hq[0], sealed,
		   (ssize_t)oracle_rtp(o, sealed, len, index), what);
}

static void rtcp_seals(const struct oracle *o, u32 index, const char *what)
{
	u8 plain[PACKET_MAX], sealed[PACKET_MAX];
	size_t len = rig_rtcp(plain, SSRC, 12);

	memcpy(sealed, plain, len);
	rig_expect(rig.phone[1], plain, len, rig.hq[1], sealed,
		   (ssize_t)oracle_rtcp(o, sealed, len, index), what);
}

/* ---- key derivation rates ---- */

/* Small ones, one that is a cycle, and ones whose edges are cycles apart. */
static const u32 rates[] = { 1, 2, 16, 1 << 15, 1 << 16, 1 << 17, 1 << 24 };

/* Where an interval begins, in the cycle before the one that begins with it. */
static u64 an_edge(u32 rate)
{
	u64 edge = 3ULL << 16 | 40000;

	return rate < 0x10000 ? edge - edge % rate : 5ULL * rate;
}

static void case_kdr_open(void)
{
	size_t i;
	u64 e;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		e = an_edge(rates[i]);
		call_of(rates[i], NULL, (u32)((e - 5) >> 16), (u16)(e - 5));
		rtp_opens(&hq, e - 4, true, "before the edge");
		rtp_opens(&hq, e - 1, true, "edge - 1, after a loss");
		rtp_opens(&hq, e, true, "edge");
		rtp_opens(&hq, e + 1, true, "edge + 1");
		rtp_opens(&hq, e - 2, true, "late, of the interval before");
		rtp_opens(&hq, e - 2, false, "a replay of the interval before");
		rtp_opens(&hq, e, false, "a replay of the edge");
		rtp_opens(&hq, e + 40, true, "after a loss");
		rtp_opens(&hq, e - 3, true, "very late, of the interval before");
		rtp_opens(&hq, e + 39, true, "late");
		/* A whole interval lost, as far as an index can be guessed. */
		if (rates[i] < 0x8000)
			rtp_opens(&hq, e + 41 + 2 * rates[i], true, "an interval lost");
	}
}

static void case_kdr_open_rollover(void)
{
	u64 wrap = 9ULL << 16;
	size_t i;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		call_of(rates[i], NULL, 8, 65000);
		rtp_opens(&hq, wrap - 2, true, "wrap - 2");
		rtp_opens(&hq, wrap, true, "wrap");
		rtp_opens(&hq, wrap - 1, true, "wrap - 1, late");
		rtp_opens(&hq, wrap + 1, true, "wrap + 1");
		rtp_opens(&hq, wrap - 1, false, "wrap - 1, replayed");
		rtp_opens(&hq, wrap + 30000, true, "a jump");
		rtp_opens(&hq, wrap + 60000, true, "a jump");
		rtp_opens(&hq, wrap + 0x10000 + 5, true, "the next wrap, within a loss");
	}
}

static void case_kdr_open_rtcp(void)
{
	size_t i;
	u32 e;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		e = 6 * rates[i];
		call_of(rates[i], NULL, 0, -1);
		if (e > 3)
			rtcp_opens(&hq, e - 3, true, "edge - 3");
		rtcp_opens(&hq, e - 1, true, "edge - 1");
		rtcp_opens(&hq, e, true, "edge");
		rtcp_opens(&hq, e + 1, true, "edge + 1");
		rtcp_opens(&hq, e - 2, true, "late, of the interval before");
		rtcp_opens(&hq, e - 2, false, "a replay");
		rtcp_opens(&hq, 0x7fffffff, true, "the last index there is");
		rtcp_opens(&hq, 0x7ffffffe, true, "the last but one");
	}
}

static void case_kdr_seal(void)
{
	size_t i;
	u64 e;
	u32 n;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		e = an_edge(rates[i]);
		call_of(rates[i], NULL, (u32)((e - 5) >> 16), (u16)(e - 5));
		rtp_seals(&phone_side, e - 4, "before the edge");
		rtp_seals(&phone_side, e - 1, "edge - 1");
		rtp_seals(&phone_side, e, "edge");
		rtp_seals(&phone_side, e - 2, "late, of the interval before");
		rtp_seals(&phone_side, e + 1, "edge + 1");
		rtp_seals(&phone_side, e + 40, "after a loss");
		for (n = 0; n < 2 * (rates[i] < 20 ? rates[i] : 5) + 2; n++)
			rtcp_seals(&phone_side, n, "a report");
		rtp_seals(&phone_side, e + 41, "RTP goes on");
	}
}

/* Whoever doesn't know the key moves nothing, whatever interval he asks for. */
static void case_kdr_forged(void)
{
	struct oracle wrong;
	u8 other[MASTER_LEN];
	u64 i;

	rig_random_bytes(other, sizeof(other));
	wrong = oracle_of(other, 16, NULL);
	call_of(16, NULL, 2, 100);
	for (i = 0; i < 40; i++) {
		rtp_opens(&hq, (2ULL << 16) + 100 + i, true, "the call");
		rtcp_opens(&hq, (u32)i, true, "its reports");
		if (i % 8)
			continue;
		rtp_opens(&wrong, (2ULL << 16) + 20000 + i * 100, false, "a forged packet far ahead");
		rtp_opens(&wrong, (2ULL << 16) + 101 + i, false, "a forged packet");
		rtcp_opens(&wrong, 0x7fffff00 + (u32)i, false, "a forged report");
	}
	if (rig_stream(&rig, OPEN_ID).ssrcs[0].seq != 139)
		die("a forger has moved the window");
}

/* Another key with another rate; the old one opens what is in flight. */
static void case_kdr_rekey(void)
{
	struct vw_genl_stream s = { .id = OPEN_ID };
	u8 next[MASTER_LEN];
	struct oracle fresh;
	u64 at = 4ULL << 16;

	call_of(16, NULL, 3, 65535);
	rtp_opens(&hq, at - 1, true, "the first key");
	rig_random_bytes(next, sizeof(next));
	fresh = oracle_of(next, 2, NULL);
	s.open = rig_crypto(next);
	s.open.kdr = 2;
	s.open.slot = 1;
	s.open.use = true;
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_OPEN), "the next key");
	rtp_opens(&fresh, at + 1, true, "the next key");
	rtp_opens(&hq, at, true, "the first one, late");
	rtp_opens(&fresh, at + 16, true, "the next one, in another interval of both");
	rtp_opens(&hq, at + 15, true, "the first one");
	rtp_opens(&hq, at + 15, false, "a replay across keys");
	if (rig_stream(&rig, OPEN_ID).open.kdr != 2)
		die("the listing doesn't tell the rate");
}

/* ---- header extensions ---- */

static const u8 ext_short[] = {		/* 1, 5 (16 bytes), 15 which ends it */
	0xbe, 0xde, 0, 7, 0x10, 0xaa, 0, 0x5f, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 0x33, 1, 2, 3, 4, 0xf0, 0x11, 0x22,
};

static const u8 ext_long[] = {		/* 200 (9 bytes), 1, empty 2, 15 */
	0x10, 0, 0, 5, 200, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 1, 0xaa, 2, 0, 15, 1, 0xbb,
};

static const u8 ext_other[] = { 0x12, 0x34, 0, 1, 0x10, 1, 2, 3 };
static const u8 ext_lies[] = { 0xbe, 0xde, 0, 1, 0x1f, 1, 2, 3 };
static const u8 ext_lies_long[] = { 0x10, 0, 0, 1, 1, 3, 2, 3 };

static const struct {
	const char *what;
	const u8 *ext;
	bool good;
} ext_rows[] = {
	{ "short heads", ext_short, true },
	{ "long heads", ext_long, true },
	{ "another profile", ext_other, true },
	{ "no extension", NULL, true },
	{ "a short one that lies", ext_lies, false },
	{ "a long one that lies", ext_lies_long, false },
};

static void ext_seals(size_t i, u64 index)
{
	const u8 *ext = ext_rows[i].ext;
	u8 plain[PACKET_MAX], sealed[PACKET_MAX];
	size_t len = with_extension(plain, index, 50, ext, ext ? ext[3] : 0), sealed_len = 0;

	memcpy(sealed, plain, len);
	if (ext_rows[i].good)
		sealed_len = oracle_rtp(&phone_side, sealed, len, index);
	rig_expect(rig.phone[0], plain, len, rig.hq[0], ext_rows[i].good ? sealed : NULL,
		   (ssize_t)sealed_len, ext_rows[i].what);
}

static void ext_opens(size_t i, u64 index)
{
	const u8 *ext = ext_rows[i].ext;
	u8 plain[PACKET_MAX], sealed[PACKET_MAX];
	size_t len = with_extension(plain, index, 50, ext, ext ? ext[3] : 0);
	u64 failed = rig_stream(&rig, OPEN_ID).auth_failed;
	struct oracle o = hq;

	/* A liar may know the key. */
	if (!ext_rows[i].good)
		memset(&o.ext, 0, sizeof(o.ext));
	memcpy(sealed, plain, len);
	rig_expect(rig.hq[0], sealed, oracle_rtp(&o, sealed, len, index), rig.phone[0],
		   ext_rows[i].good ? plain : NULL, (ssize_t)len, ext_rows[i].what);
	if (rig_stream(&rig, OPEN_ID).auth_failed != failed)
		die("%s: refused for its tag", ext_rows[i].what);
}

static void extensions(u32 rate)
{
	size_t i;
	u64 index;

	call_of(rate, "\1\5\xc8\x0f", 6, 65520);
	for (index = (6ULL << 16) + 65530; index < (7ULL << 16) + 30; index++) {
		ext_seals(index % 4, index);
		ext_opens(index % 4, index);
	}
	for (i = 4; i < 6; i++) {
		ext_seals(i, index);
		ext_opens(i, index++);
	}
	/* They have used no index up. */
	ext_seals(0, index - 2);
	ext_opens(0, index - 2);
	if (rig_stream(&rig, OPEN_ID).open.ext.bits[25] != 1)
		die("the listing doesn't tell which extensions are encrypted");
}

static void case_ext(void)
{
	if (rig_suite->cipher != VW_CIPHER_NULL)
		extensions(0);
}

static void case_ext_kdr(void)
{
	if (rig_suite->cipher != VW_CIPHER_NULL)
		extensions(4);
}

/* ---- a source that began before us ---- */

static void case_join(void)
{
	static const struct {
		const char *what;
		u32 roc;
		int seq;
		u64 first;
		bool passes;
	} rows[] = {
		{ "nothing is told, the first cycle", 0, -1, 40000, true },
		{ "nothing is told, another cycle", 0, -1, 1ULL << 16, false },
		{ "a cycle, its first", 7, -1, 7ULL << 16, true },
		{ "a cycle, half - 1", 7, -1, (7ULL << 16) + 32767, true },
		{ "a cycle, half", 7, -1, (7ULL << 16) + 32768, true },
		{ "a cycle, half + 1", 7, -1, (7ULL << 16) + 32769, true },
		{ "a cycle, its last", 7, -1, (7ULL << 16) + 65535, true },
		{ "the cycle before", 7, -1, (6ULL << 16) + 65535, false },
		{ "the cycle behind", 7, -1, 8ULL << 16, false },
		{ "near the end, and behind it", 7, 65534, 8ULL << 16, true },
		{ "near the beginning, and before it", 8, 1, (7ULL << 16) + 65535, true },
		{ "half a cycle behind the end - 1", 7, 65535, (8ULL << 16) + 32766, true },
		{ "half a cycle behind the end", 7, 65535, (8ULL << 16) + 32767, false },
		{ "the last cycle", 0xffffffff, -1, (1ULL << 48) - 3, true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		call_of(0, NULL, rows[i].roc, rows[i].seq);
		if (rig_stream(&rig, OPEN_ID).has_roc != (rows[i].roc > 0))
			die("%s: not listed", rows[i].what);
		rtp_opens(&hq, rows[i].first, rows[i].passes, rows[i].what);
		if (!rows[i].passes)
			continue;
		rtp_seals(&phone_side, rows[i].first, rows[i].what);
		rtp_opens(&hq, rows[i].first, false, "a replay of the first");
		rtp_opens(&hq, rows[i].first + 1, true, "the second");
		if (rig_stream(&rig, OPEN_ID).has_roc ||
		    rig_stream(&rig, OPEN_ID).ssrcs[0].roc != (rows[i].first + 1) >> 16)
			die("%s: another rollover counter", rows[i].what);
	}
}

static void case_join_changed(void)
{
	struct vw_genl_stream s = { .id = OPEN_ID, .has_roc = true, .roc = 3 };

	call_of(0, NULL, 2, -1);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_ROC), "another cycle");
	rtp_opens(&hq, 2ULL << 16, false, "the one before");
	rtp_opens(&hq, 3ULL << 16, true, "another cycle");
	if (vw_genl_stream_set(rig.genl, &s, VW_STREAM_ROC) != -EBUSY)
		die("the cycle of a source that has been heard can change");
	s.has_roc = false;
	s.has_seq = true;
	if (vw_genl_stream_set(rig.genl, &s, VW_STREAM_ROC) != -EINVAL)
		die("a sequence number without its cycle is taken");
}

static void refuses_key(u32 rate, const char *what)
{
	struct vw_genl_stream seal, open;

	rig_describe(&rig, &seal, &open);
	seal.id = 77;
	seal.local.rtp = 21000;
	seal.local.rtcp = 21001;
	seal.seal.kdr = rate;
	if (vw_genl_stream_new(rig.genl, &seal) != -EINVAL ||
	    !strstr(vw_genl_error(rig.genl), "power of two"))
		die("%s: %s", what, vw_genl_error(rig.genl));
}

static void case_kdr_refusals(void)
{
	refuses_key(3, "no power of two");
	refuses_key((1 << 24) + 1, "the largest + 1");
	refuses_key(1 << 25, "too large");
	refuses_key(0x80000000u, "the largest number");
}

static const struct call_case cases[] = {
	{ "kdr-open", case_kdr_open, false },
	{ "kdr-open-rollover", case_kdr_open_rollover, false },
	{ "kdr-open-rtcp", case_kdr_open_rtcp, false },
	{ "kdr-seal", case_kdr_seal, false },
	{ "kdr-forged", case_kdr_forged, false },
	{ "kdr-rekey", case_kdr_rekey, false },
	{ "kdr-refusals", case_kdr_refusals, false },
	{ "extensions", case_ext, false },
	{ "extensions-kdr", case_ext_kdr, false },
	{ "join", case_join, false },
	{ "join-changed", case_join_changed, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
