// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/* srtpwhy: packets that don't open, and what the module says of them. */
#include "../../kmod/core/names.h"
#include "srtpcall.h"

/* The module looks at one packet of a stream a second, at most. */
#define PATIENCE	300

static struct vw_genl_diagnosis now(void)
{
	return rig_stream(&rig, OPEN_ID).diagnosis;
}

/* Refused, and the sample of it gets this verdict; -1: it is refused, no more. */
static struct vw_genl_diagnosis found(int from, const u8 *p, size_t len, int want,
				      const char *what)
{
	u64 before = want < 0 ? 0 : now().counts[want];
	struct vw_genl_diagnosis d;
	int i;

	for (i = 0; i < PATIENCE; i++) {
		/* The next one may find the one before still waiting. */
		if (!(i % 20))
			rig_expect(from, p, len, rig.phone[0], NULL, 0, what);
		d = now();
		if (want >= 0 && d.counts[want] > before)
			break;
		usleep(20000);
	}
	if (want < 0)
		return d;
	if (i == PATIENCE || !d.known || d.verdict != want)
		die("%s: %s", what, d.known ? vw_diagnosis_name(d.verdict) : "no verdict");
	return d;
}

static struct vw_genl_diagnosis rtp_found(const struct pair *p, int want, const char *what)
{
	return found(rig.hq[0], p->sealed, p->sealed_len, want, what);
}

/* The stream's rollover counter becomes @roc, by packets that open. */
static void roll(u32 roc)
{
	u32 i, n = roc << 16;

	for (i = 0; i <= n; i += 32000) {
		struct pair p = sealed_at(rig.open, SSRC, i >> 16, (u16)i);

		opens(&p, "on the way");
	}
	if (rig_stream(&rig, OPEN_ID).ssrcs[0].roc != (i - 32000) >> 16)
		die("the rollover counter is %u", rig_stream(&rig, OPEN_ID).ssrcs[0].roc);
}

static void same_windows(const struct vw_genl_stream *before, const char *what)
{
	struct vw_genl_stream s = rig_stream(&rig, before->id);

	if (s.nssrcs != before->nssrcs || s.packets != before->packets ||
	    memcmp(s.ssrcs, before->ssrcs, sizeof(s.ssrcs)))
		die("%s: a window has moved", what);
}

static void case_key(void)
{
	u8 other[MASTER_LEN];
	struct vw_genl_diagnosis d;
	struct pair p, good = hq_rtp();

	if (now().known)
		die("a diagnosis of a stream without packets");
	rig_random_bytes(other, sizeof(other));
	p = sealed_at(other, 77, 0, 5);
	d = rtp_found(&p, VOXWALL_DIAGNOSIS_WRONG_KEY, "the first source, with another key");
	if (d.ssrc != 77 || d.rtcp || d.has_roc)
		die("not about that packet");
	opens(&good, "the true sender");
	p = sealed_at(other, SSRC, 0, 500);
	rtp_found(&p, VOXWALL_DIAGNOSIS_WRONG_KEY, "a known source, with another key");
	p = sealed_at(other, 78, 0, 5);
	d = rtp_found(&p, VOXWALL_DIAGNOSIS_UNKNOWN_SSRC, "another source, with another key");
	if (d.ssrc != 78)
		die("not about that source");
	call_goes_on();
}

static void case_roc(void)
{
	struct vw_genl_stream before;
	struct vw_genl_diagnosis d;
	struct pair p;

	roll(2);
	before = rig_stream(&rig, OPEN_ID);
	static const struct {
		u32 roc;
		int want;
	} rows[] = {
		{ 0, VOXWALL_DIAGNOSIS_ROC_OFF }, { 1, VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE },
		{ 3, VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE }, { 4, VOXWALL_DIAGNOSIS_ROC_OFF },
		{ 7, VOXWALL_DIAGNOSIS_ROC_OFF }, { 8, VOXWALL_DIAGNOSIS_WRONG_KEY },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char what[32];

		snprintf(what, sizeof(what), "rollover counter %u", rows[i].roc);
		p = sealed_at(rig.open, SSRC, rows[i].roc, 12000);
		d = rtp_found(&p, rows[i].want, what);
		if (rows[i].want != VOXWALL_DIAGNOSIS_WRONG_KEY &&
		    (!d.has_roc || d.roc != rows[i].roc || d.expected != 2))
			die("%s: said to be %u, not %u", what, d.roc, d.expected);
	}
	same_windows(&before, "other rollover counters");
	p = sealed_at(rig.open, SSRC, 2, 12000);
	opens(&p, "the right one");
}

/* A stream that is made in the middle of a call. */
static void case_late(void)
{
	struct vw_genl_diagnosis d;
	struct pair p = sealed_at(rig.open, SSRC, 1, 300);

	d = rtp_found(&p, VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE, "a call in its second round");
	if (d.roc != 1 || d.expected)
		die("%u, not %u", d.roc, d.expected);
}

/* What is too old to be looked at may be too new in truth. */
static void case_replayed(void)
{
	struct vw_genl_stream before;
	struct pair p[3];
	u8 other[MASTER_LEN];

	for (int i = 0; i < 3; i++) {
		p[i] = sealed_at(rig.open, SSRC, 0, (u16)(1000 * (i + 1)));
		opens(&p[i], "the call");
	}
	before = rig_stream(&rig, OPEN_ID);
	rtp_found(&p[2], VOXWALL_DIAGNOSIS_REPLAYED, "seen before");
	rtp_found(&p[0], VOXWALL_DIAGNOSIS_REPLAYED, "too old");
	p[0] = sealed_at(rig.open, SSRC, 1, 1000);
	rtp_found(&p[0], VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE, "only seems too old");
	rig_random_bytes(other, sizeof(other));
	p[0] = sealed_at(other, SSRC, 0, 1000);
	rtp_found(&p[0], VOXWALL_DIAGNOSIS_WRONG_KEY, "too old, with another key");
	same_windows(&before, "replays");
}

static void case_ssrcs(void)
{
	struct vw_genl_diagnosis d;
	struct pair p;

	for (u32 i = 0; i < VOXWALL_MAX_SSRCS; i++) {
		p = sealed_at(rig.open, 100 + i, 0, 5);
		opens(&p, "a source that has a place");
	}
	p = sealed_at(rig.open, 200, 0, 5);
	d = rtp_found(&p, VOXWALL_DIAGNOSIS_SSRC_LIMIT, "one source too many");
	if (d.ssrc != 200)
		die("not about that source");
	p.sealed[20] ^= 1;
	rtp_found(&p, VOXWALL_DIAGNOSIS_UNKNOWN_SSRC, "one that isn't authentic");
}

static void case_report(void)
{
	struct pair good = hq_rtcp(), p = good;
	struct vw_genl_diagnosis d;

	p.sealed[p.sealed_len - 1] ^= 1;
	if (!found(rig.hq[1], p.sealed, p.sealed_len, VOXWALL_DIAGNOSIS_WRONG_KEY,
		   "a damaged report").rtcp)
		die("not about a report");
	rig_expect(rig.hq[1], good.sealed, good.sealed_len, rig.phone[1], good.plain,
		   (ssize_t)good.plain_len, "the report itself");
	if (!found(rig.hq[1], good.sealed, good.sealed_len, VOXWALL_DIAGNOSIS_REPLAYED,
		   "the report again").rtcp)
		die("not about a report");
	/* That it is in clear is only what it says, and it may be damaged. */
	p = hq_rtcp();
	p.sealed[p.plain_len + (rig_suite->cipher == VW_CIPHER_GCM ? 16 : 0)] ^= 0x80;
	d = found(rig.hq[1], p.sealed, p.sealed_len, -1, "a clear report");
	if (d.counts[VOXWALL_DIAGNOSIS_WRONG_KEY] != 1)
		die("a report that says to be in clear got a verdict");
}

/* In the other slot is a key, too, with its own rollover counters to try. */
static void case_rekey(void)
{
	struct vw_genl_stream s = { .id = OPEN_ID };
	u8 next[MASTER_LEN];
	struct pair p;

	roll(1);
	rig_random_bytes(next, sizeof(next));
	s.open = rig_crypto(next);
	s.open.slot = 1;
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_OPEN), "the next key");
	p = sealed_at(next, SSRC, 0, 12000);
	rtp_found(&p, VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE, "a re-key that began with 0");
	p = sealed_at(next, SSRC, 1, 12000);
	opens(&p, "a re-key that didn't");
	p = sealed_at(rig.open, SSRC, 2, 12000);
	rtp_found(&p, VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE, "the key before, one ahead");
}

/* Who floods a stream gets one sample a second looked at, and no more memory. */
static void case_flood(void)
{
	struct vw_genl_stream before;
	struct vw_genl_diagnosis d;
	struct pair p;
	u64 took = 0;
	int i;

	call_goes_on();
	p = hq_rtp();
	before = rig_stream(&rig, OPEN_ID);
	p.sealed[p.sealed_len - 1] ^= 1;
	for (i = 0; i < 2000; i++)
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
	d = rtp_found(&p, VOXWALL_DIAGNOSIS_WRONG_KEY, "a flood");
	for (i = 0; i < __VOXWALL_DIAGNOSIS_MAX; i++)
		took += d.counts[i];
	if (rig_stream(&rig, OPEN_ID).auth_failed < 2000 || took > 100)
		die("%llu samples", (unsigned long long)took);
	same_windows(&before, "a flood");
	call_goes_on();
}

/* Streams and samples come and go together, in whichever order. */
static void case_gone(void)
{
	struct vw_genl_stream seal, open;
	struct pair p = hq_rtp();

	p.sealed[p.sealed_len - 1] ^= 1;
	for (int i = 0; i < 60; i++) {
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
		rig_describe(&rig, &seal, &open);
		rig_check(&rig, vw_genl_stream_del(rig.genl, OPEN_ID), "removing a stream");
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
		rig_check(&rig, vw_genl_stream_new(rig.genl, &open), "adding a stream");
		if (now().known)
			die("a new stream has the diagnosis of the one before");
	}
	rtp_found(&p, VOXWALL_DIAGNOSIS_WRONG_KEY, "the last of them");
	call_goes_on();
}

/* A sample waits for its second when the namespace ends, or the module. */
static void case_leave(void)
{
	struct pair p = hq_rtp();

	p.sealed[p.sealed_len - 1] ^= 1;
	rtp_found(&p, VOXWALL_DIAGNOSIS_WRONG_KEY, "a forged packet");
	for (int i = 0; i < 5; i++)
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
}

static const struct call_case cases[] = {
	{ "why-key", case_key, false },
	{ "why-roc", case_roc, false },
	{ "why-late", case_late, false },
	{ "why-replayed", case_replayed, false },
	{ "why-ssrcs", case_ssrcs, false },
	{ "why-report", case_report, false },
	{ "why-rekey", case_rekey, false },
	{ "why-flood", case_flood, false },
	{ "why-gone", case_gone, false },
	{ "why-leave", case_leave, true },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
