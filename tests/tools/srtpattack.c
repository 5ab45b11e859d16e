// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/* srtpattack: what an attacker does to a stream, and that the call goes on. */
#include "srtpcall.h"

/* What an attack may not change. */
static void same_state(const struct vw_genl_stream *before, const char *what)
{
	struct vw_genl_stream now = rig_stream(&rig, before->id);

	if (now.nssrcs != before->nssrcs || now.packets != before->packets ||
	    memcmp(now.ssrcs, before->ssrcs, sizeof(now.ssrcs)))
		die("%s: the stream's state has changed", what);
}

/* ---- attacks ---- */

static void case_flipped(void)
{
	struct vw_genl_stream before;
	struct pair p;
	size_t i;

	call_goes_on();
	before = rig_stream(&rig, OPEN_ID);
	p = hq_rtp();
	for (i = 1; i < p.sealed_len; i += i < 20 || i + 12 > p.sealed_len ? 1 : 40) {
		/* Another sequence number alone may be a replay; see far-ahead. */
		if (i == 2 || i == 3)
			continue;
		p.sealed[i] ^= 0x10;
		refused(p.sealed, p.sealed_len, "a flipped bit");
		p.sealed[i] ^= 0x10;
	}
	same_state(&before, "flipped bits");
	if (rig_stream(&rig, OPEN_ID).auth_failed < 20)
		die("authentication failures aren't counted");
	opens(&p, "the undamaged packet");
	call_goes_on();
}

static void case_far_ahead(void)
{
	struct vw_genl_stream before;
	struct pair p, forged;
	u32 jump;

	call_goes_on();
	before = rig_stream(&rig, OPEN_ID);
	p = hq_rtp();
	for (jump = 1; jump < 65536; jump = jump * 3 + 1) {
		forged = p;
		put_be16(forged.sealed + 2, (u32)next_seq + jump);
		refused(forged.sealed, forged.sealed_len, "a forged sequence number");
	}
	same_state(&before, "forged sequence numbers");
	opens(&p, "the true packet");
	call_goes_on();
}

static void case_replay(void)
{
	struct pair p = hq_rtp(), report = hq_rtcp();
	struct vw_genl_stream before;
	int i;

	opens(&p, "the first time");
	rig_expect(rig.hq[1], report.sealed, report.sealed_len, rig.phone[1], report.plain,
		   (ssize_t)report.plain_len, "the report, the first time");
	before = rig_stream(&rig, OPEN_ID);
	for (i = 0; i < 5; i++) {
		refused(p.sealed, p.sealed_len, "a replay");
		rig_expect(rig.hq[1], report.sealed, report.sealed_len, rig.phone[1], NULL, 0,
			   "a replayed report");
	}
	same_state(&before, "replays");
	if (rig_stream(&rig, OPEN_ID).replayed != 10)
		die("replays aren't counted");
	call_goes_on();
}

static void case_truncated(void)
{
	struct vw_genl_stream before;
	struct pair p, report;
	u8 got[PACKET_MAX];
	size_t len;

	call_goes_on();
	before = rig_stream(&rig, OPEN_ID);
	p = hq_rtp();
	report = hq_rtcp();
	for (len = 0; len < p.sealed_len; len++)
		rig_send(rig.hq[0], p.sealed, len);
	for (len = 0; len < report.sealed_len; len++)
		rig_send(rig.hq[1], report.sealed, len);
	if (rig_recv(rig.phone[0], got, 300) >= 0 || rig_recv(rig.phone[1], got, 100) >= 0)
		die("a truncated packet came through");
	same_state(&before, "truncated packets");
	/* Lengths that lie: sixteen CSRCs, an extension past the end. */
	p.sealed[0] |= 0x1f;
	refused(p.sealed, 20, "CSRCs past the end");
	put_be16(p.sealed + 12 + 60 + 2, 0xffff);
	refused(p.sealed, p.sealed_len, "an extension past the end");
	call_goes_on();
}

static void case_report(void)
{
	struct pair report = hq_rtcp(), forged;
	size_t i;

	for (i = 0; i < report.sealed_len; i += 5) {
		forged = report;
		forged.sealed[i] ^= 1;
		rig_expect(rig.hq[1], forged.sealed, forged.sealed_len, rig.phone[1], NULL, 0,
			   "a forged report");
	}
	/* The E bit, and with it a claim not to be encrypted. */
	forged = report;
	forged.sealed[report.plain_len] ^= 0x80;
	rig_expect(rig.hq[1], forged.sealed, forged.sealed_len, rig.phone[1], NULL, 0,
		   "a report that says it is clear");
	rig_expect(rig.hq[1], report.plain, report.plain_len, rig.phone[1], NULL, 0,
		   "a clear report");
	rig_expect(rig.hq[1], report.sealed, report.sealed_len, rig.phone[1], report.plain,
		   (ssize_t)report.plain_len, "the true report");
}

static void case_stranger(void)
{
	int other = rig_socket("hq", rig.wan, HQ, 5999, WAN, WAN_RTP);
	int inside = rig_socket("phone", rig.lan, PHONE, 4999, WAN, WAN_RTP);
	struct vw_genl_stream before;
	struct pair p;

	call_goes_on();
	before = rig_stream(&rig, OPEN_ID);
	p = hq_rtp();
	rig_expect(other, p.sealed, p.sealed_len, rig.phone[0], NULL, 0, "another port");
	/* Clear RTP from the phone's side to the port for the WAN: wrong zone. */
	if (rig.lan == rig.wan)
		rig_expect(inside, p.sealed, p.sealed_len, rig.phone[0], NULL, 0, "another zone");
	same_state(&before, "strangers");
	if (rig_stream(&rig, OPEN_ID).strangers != (rig.lan == rig.wan ? 2 : 1))
		die("strangers aren't counted");
	opens(&p, "the true sender");
	close(other);
	close(inside);
}

static void case_ssrcs(void)
{
	struct pair p;
	u32 i;

	call_goes_on();
	/* Who doesn't authenticate takes no place. */
	for (i = 0; i < 50; i++) {
		p = hq_rtp_by(hq_out, 1000 + i, 5, 100);
		p.sealed[p.sealed_len - 1] ^= 1;
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
	}
	refused(p.sealed, p.sealed_len, "a forged source");
	if (rig_stream(&rig, OPEN_ID).nssrcs != 1)
		die("a forged source took a place");
	for (i = 1; i < VOXWALL_MAX_SSRCS; i++) {
		p = hq_rtp_by(hq_out, 2000 + i, 5, 100);
		opens(&p, "a new source");
		seals(2000 + i, 5, "a new source to seal");
	}
	p = hq_rtp_by(hq_out, 3000, 5, 100);
	refused(p.sealed, p.sealed_len, "one source too many");
	seals(SSRC, 5, "the eighth source to seal");
	rig_expect(rig.phone[0], p.plain, p.plain_len, rig.hq[0], NULL, 0,
		   "one source too many to seal");
	call_goes_on();
}

/* ---- what shares the port ---- */

static void case_content(void)
{
	int host = rig_socket("gw", rig.wan, WAN, WAN_RTP, HQ, 0);
	u8 got[PACKET_MAX];

	host_gets(host, 0, true, "STUN");
	host_gets(host, 1, true, "STUN");
	host_gets(host, 16, true, "ZRTP");
	host_gets(host, 22, true, "DTLS");
	host_gets(host, 64, false, "TURN");
	host_gets(host, 4, false, "rubbish");
	host_gets(host, 200, false, "rubbish");
	host_gets(host, 0x80, false, "forged RTP");
	call_goes_on();
	if (rig_recv(host, got, 100) >= 0)
		die("media reached the host");
	close(host);
}

static const struct call_case cases[] = {
	{ "flipped", case_flipped, false },
	{ "far-ahead", case_far_ahead, false },
	{ "replay", case_replay, false },
	{ "truncated", case_truncated, false },
	{ "report", case_report, false },
	{ "stranger", case_stranger, false },
	{ "ssrcs", case_ssrcs, false },
	{ "content", case_content, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
