// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/* srtplatch: sources that are latched, and strangers that aren't. */
#include <time.h>

#include "srtpcall.h"

/* What the module lets pass, ms: VOXWALL_LATCH_WINDOW_MS and the silence of a source. */
#define WINDOW_MS	VOXWALL_LATCH_WINDOW_MS
#define SILENCE_MS	1000
/* How far behind the module's clock may be on a busy machine, ms. */
#define LATE_MS		600

static u16 clear_seq = 100;

static void wait_ms(unsigned int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

/* A socket somewhere else, connected to the gateway's port of RTP or RTCP. */
static int from_phone(enum place at, u16 port, u16 to)
{
	return rig_socket("phone", rig.lan, at, port, LAN, to);
}

static int from_hq(enum place at, u16 port, u16 to)
{
	return rig_socket("hq", rig.wan, at, port, WAN, to);
}

/* ---- one packet ---- */

/* Authentic media from @hq comes to @phone. */
static void opens_to(int hq, int phone, const char *what)
{
	struct pair p = hq_rtp();

	rig_expect(hq, p.sealed, p.sealed_len, phone, p.plain, (ssize_t)p.plain_len, what);
}

/* Clear media from @phone comes to @hq, or with -1 nowhere. */
static void seals_to(int phone, int hq, const char *what)
{
	u8 p[PACKET_MAX], got[PACKET_MAX];
	size_t len = rig_rtp(p, SSRC, clear_seq, 160);
	ssize_t n;
	int open;

	rig_send(phone, p, len);
	if (hq < 0) {
		if (rig_recv(rig.hq[0], got, 150) >= 0)
			die("%s: got through", what);
		return;
	}
	clear_seq++;
	n = rig_recv(hq, got, 3000);
	open = (int)n;
	if (n < 0)
		die("%s: nothing came", what);
	if (rig_unprotect(hq_in, got, &open) || (size_t)open != len || memcmp(got, p, len))
		die("%s: not what was sent", what);
}

static void silent(int fd, const char *what)
{
	u8 got[PACKET_MAX];

	if (rig_recv(fd, got, 150) >= 0)
		die("%s", what);
}

/* ---- the latch itself ---- */

static void relatch(u32 id, u8 mode)
{
	struct vw_genl_stream s = { .id = id, .latch = mode };

	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_LATCH), "another latch");
}

/* 0: nothing. With rtcp-mux both have the port. */
static void latched(u32 id, u16 rtp, const char *what)
{
	struct vw_genl_stream s = rig_stream(&rig, id);

	if (s.latched.rtp != rtp)
		die("%s: latched to port %u, not %u", what, s.latched.rtp, rtp);
	if (!rtp != !s.latched.family)
		die("%s: an address without a port, or none with one", what);
}

/* A call whose phone is latched so. */
static void phone_latches(u8 mode)
{
	relatch(SEAL_ID, mode);
	latched(SEAL_ID, 0, "nothing has come");
	opens_to(rig.hq[0], rig.phone[0], "to where the SDP says");
}

/* ---- sources that authenticate ---- */

static u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

/*
 * Somebody who is faster with a copy: what it says is true, but not where it is. A
 * machine that stalls makes the real source fall silent: again then. Return: a packet
 * that nobody has sent yet.
 */
static struct pair faster_copy(int real, int stranger)
{
	struct pair old;
	u64 start;

	for (;;) {
		start = now_ms();
		old = hq_rtp();
		opens_to(real, rig.phone[0], "the call");
		opens_to(stranger, rig.phone[0], "a faster copy");
		if (now_ms() - start < SILENCE_MS)
			return old;
		wait_ms(SILENCE_MS + LATE_MS);
	}
}

/* The head office isn't where it said. */
static void case_authenticated(void)
{
	int real = from_hq(HQ2, 6000, WAN_RTP), stranger = from_hq(HQ2, 6600, WAN_RTP);
	struct pair p = hq_rtp(), old;

	relatch(OPEN_ID, VOXWALL_LATCH_AUTHENTICATED);
	seals_to(rig.phone[0], rig.hq[0], "to where the SDP says");
	p.sealed[20] ^= 1;
	rig_expect(stranger, p.sealed, p.sealed_len, rig.phone[0], NULL, 0, "a stranger first");
	latched(OPEN_ID, 0, "a stranger first");
	opens_to(real, rig.phone[0], "an authentic source");
	latched(OPEN_ID, 6000, "an authentic source");
	seals_to(rig.phone[0], real, "the way back");
	silent(rig.hq[0], "the way back has two ends");

	p = hq_rtp();
	rig_expect(real, p.sealed, p.sealed_len, rig.phone[0], p.plain, (ssize_t)p.plain_len,
		   "the call");
	rig_expect(stranger, p.sealed, p.sealed_len, rig.phone[0], NULL, 0, "a replay");
	p = hq_rtp();
	p.sealed[p.sealed_len - 1] ^= 1;
	rig_expect(stranger, p.sealed, p.sealed_len, rig.phone[0], NULL, 0, "the right SSRC");
	rig_expect(rig.hq[0], p.sealed, p.sealed_len, rig.phone[0], NULL, 0, "at the SDP's port");
	latched(OPEN_ID, 6000, "strangers later");

	old = faster_copy(real, stranger);
	latched(OPEN_ID, 6000, "a faster copy");
	seals_to(rig.phone[0], real, "the way back is where it was");

	/* It moves with a newer packet alone, once the old source has fallen silent. */
	wait_ms(SILENCE_MS + LATE_MS);
	rig_expect(stranger, old.sealed, old.sealed_len, rig.phone[0], old.plain,
		   (ssize_t)old.plain_len, "a late packet");
	rig_expect(stranger, p.sealed, p.sealed_len, rig.phone[0], NULL, 0, "a replay");
	latched(OPEN_ID, 6000, "a late packet");
	seals_to(rig.phone[0], real, "the way back after a late packet");
	opens_to(stranger, rig.phone[0], "another mapping of the NAT");
	latched(OPEN_ID, 6600, "another mapping of the NAT");
	seals_to(rig.phone[0], stranger, "the way back follows");
}

/* Only what authenticates, and is new, says that a source is still there. */
static void case_garbage(void)
{
	int real = from_hq(HQ2, 6000, WAN_RTP), next = from_hq(HQ2, 6600, WAN_RTP);
	struct pair p, replay;
	u64 start;

	relatch(OPEN_ID, VOXWALL_LATCH_AUTHENTICATED);
	replay = hq_rtp();
	rig_expect(real, replay.sealed, replay.sealed_len, rig.phone[0], replay.plain,
		   (ssize_t)replay.plain_len, "an authentic source");
	latched(OPEN_ID, 6000, "an authentic source");
	p = hq_rtp();
	p.sealed[20] ^= 1;
	for (start = now_ms(); now_ms() - start < SILENCE_MS + LATE_MS;) {
		rig_expect(real, p.sealed, p.sealed_len, rig.phone[0], NULL, 0, "garbage");
		rig_expect(real, replay.sealed, replay.sealed_len, rig.phone[0], NULL, 0,
			   "a replay");
	}
	opens_to(next, rig.phone[0], "another mapping of the NAT");
	latched(OPEN_ID, 6600, "after nothing but garbage");
	seals_to(rig.phone[0], next, "the way back follows");
}

/* The host's own protocols are for sources that are known. */
static void case_host(void)
{
	int stranger = from_hq(HQ2, 6000, WAN_RTP), host;
	u8 p[40] = { 20, 1, 0, 8 }, got[PACKET_MAX];

	host = rig_socket("gw", rig.wan, WAN, WAN_RTP, HQ, 0);
	relatch(OPEN_ID, VOXWALL_LATCH_AUTHENTICATED);
	host_gets(host, 20, true, "DTLS from where the SDP says");
	rig_send(stranger, p, sizeof(p));
	if (rig_recv(host, got, 150) >= 0)
		die("DTLS of a stranger has come to the host");
	opens_to(stranger, rig.phone[0], "an authentic source");
	rig_send(stranger, p, sizeof(p));
	if (rig_recv(host, got, 3000) != sizeof(p))
		die("DTLS of a latched source hasn't come to the host");
	close(host);
}

/* RTCP has a port of its own, and the address of RTP. */
static void case_rtcp(void)
{
	int rtp = from_hq(HQ2, 6000, WAN_RTP), rtcp = from_hq(HQ2, 6123, WAN_RTCP);
	struct vw_genl_stream s;
	u8 p[64], got[PACKET_MAX];
	struct pair c;
	size_t len;

	if (rig.mux)
		return;
	relatch(OPEN_ID, VOXWALL_LATCH_AUTHENTICATED);
	c = hq_rtcp();
	rig_expect(rtcp, c.sealed, c.sealed_len, rig.phone[1], c.plain, (ssize_t)c.plain_len,
		   "RTCP before RTP");
	if (rig_stream(&rig, OPEN_ID).latched.family)
		die("RTCP alone has brought another address");
	opens_to(rtp, rig.phone[0], "RTP");
	c = hq_rtcp();
	rig_expect(rtcp, c.sealed, c.sealed_len, rig.phone[1], c.plain, (ssize_t)c.plain_len,
		   "RTCP");
	s = rig_stream(&rig, OPEN_ID);
	if (s.latched.rtp != 6000 || s.latched.rtcp != 6123)
		die("latched to %u and %u", s.latched.rtp, s.latched.rtcp);
	len = rig_rtcp(p, SSRC, 4);
	rig_send(rig.phone[1], p, len);
	if (rig_recv(rtcp, got, 3000) < 0)
		die("the way back of RTCP");
	seals_to(rig.phone[0], rtp, "the way back of RTP");
}

/* A stream without keys has nothing to authenticate with: nobody is believed. */
static void case_keyless(void)
{
	int other = from_phone(PHONE, 4900, LAN_RTP);

	phone_latches(VOXWALL_LATCH_AUTHENTICATED);
	seals_to(other, -1, "another port without a tag");
	seals_to(rig.phone[0], rig.hq[0], "the SDP's");
	latched(SEAL_ID, 0, "in clear");
}

/* ---- sources in clear ---- */

static void case_symmetric(void)
{
	int real = from_phone(PHONE, 4900, LAN_RTP), third = from_phone(PHONE, 4950, LAN_RTP);
	int stranger = from_phone(PHONE2, 4900, LAN_RTP);

	phone_latches(VOXWALL_LATCH_SYMMETRIC);
	seals_to(stranger, -1, "another address first");
	latched(SEAL_ID, 0, "another address first");
	seals_to(real, rig.hq[0], "another port");
	latched(SEAL_ID, 4900, "another port");
	opens_to(rig.hq[0], real, "the way back");
	silent(rig.phone[0], "the way back has two ends");
	seals_to(third, -1, "a third port");
	seals_to(stranger, -1, "another address later");
	wait_ms(WINDOW_MS + LATE_MS);
	seals_to(rig.phone[0], -1, "the SDP's port, too late");
	seals_to(real, rig.hq[0], "the call after a pause");
	latched(SEAL_ID, 4900, "for good");
	opens_to(rig.hq[0], real, "the way back at last");
}

/* Reports of somebody else don't move the way back of reports. */
static void case_reports(void)
{
	int real = from_phone(PHONE, 4900, LAN_RTP);
	int stranger = from_phone(PHONE2, 4901, rig.mux ? LAN_RTP : LAN_RTCP);
	u8 p[64];
	struct pair c;
	size_t len;

	phone_latches(VOXWALL_LATCH_SYMMETRIC);
	seals_to(real, rig.hq[0], "another port");
	len = rig_rtcp(p, SSRC, 4);
	rig_expect(stranger, p, len, rig.hq[1], NULL, 0, "a stranger's report");
	c = hq_rtcp();
	rig_expect(rig.hq[1], c.sealed, c.sealed_len, rig.mux ? real : rig.phone[1], c.plain,
		   (ssize_t)c.plain_len, "the way back of reports");
	silent(stranger, "the way back of reports has moved");
	latched(SEAL_ID, 4900, "a stranger's report");
}

/* Who was there before the phone has to go. */
static void case_taken_back(void)
{
	int stranger = from_phone(PHONE, 4900, LAN_RTP);

	phone_latches(VOXWALL_LATCH_SYMMETRIC);
	seals_to(stranger, rig.hq[0], "another port");
	opens_to(rig.hq[0], stranger, "the way back to it");
	seals_to(rig.phone[0], rig.hq[0], "the SDP's own port");
	latched(SEAL_ID, PHONE_RTP, "the SDP's own port");
	opens_to(rig.hq[0], rig.phone[0], "the way back is where it was");
	seals_to(stranger, -1, "the other port again");
	latched(SEAL_ID, PHONE_RTP, "for good");
}

static void case_first(void)
{
	int real = from_phone(PHONE2, 4800, LAN_RTP), third = from_phone(PHONE2, 4850, LAN_RTP);
	u8 junk[200] = { 0x80, 8 }, rtcp[64];

	phone_latches(VOXWALL_LATCH_FIRST_WITHIN);
	junk[0] = 0x8f;
	rig_expect(third, junk, 20, rig.hq[0], NULL, 0, "no RTP");
	latched(SEAL_ID, 0, "no RTP");
	if (rig.mux)
		rig_expect(third, rtcp, rig_rtcp(rtcp, SSRC, 4), rig.hq[0], NULL, 0, "RTCP");
	latched(SEAL_ID, 0, "RTCP alone");
	relatch(SEAL_ID, VOXWALL_LATCH_FIRST_WITHIN);
	seals_to(real, rig.hq[0], "the first source");
	latched(SEAL_ID, 4800, "the first source");
	opens_to(rig.hq[0], real, "the way back");
	seals_to(third, -1, "the second source");
	latched(SEAL_ID, 4800, "the second source");
	wait_ms(WINDOW_MS + LATE_MS);
	seals_to(rig.phone[0], -1, "the SDP's, too late");
	seals_to(real, rig.hq[0], "the call after a pause");
	opens_to(rig.hq[0], real, "the way back at last");
}

static void case_first_late(void)
{
	int other = from_phone(PHONE2, 4800, LAN_RTP);

	phone_latches(VOXWALL_LATCH_FIRST_WITHIN);
	wait_ms(WINDOW_MS + LATE_MS);
	seals_to(other, -1, "too late");
	seals_to(rig.phone[0], rig.hq[0], "the SDP's");
	latched(SEAL_ID, 0, "too late");
	relatch(SEAL_ID, VOXWALL_LATCH_FIRST_WITHIN);
	seals_to(other, rig.hq[0], "the wait anew");
	latched(SEAL_ID, 4800, "the wait anew");
	relatch(SEAL_ID, VOXWALL_LATCH_FIRST_WITHIN);
	latched(SEAL_ID, 4800, "once more");
	opens_to(rig.hq[0], other, "the way back");
}

/* The phone's signalling says where it is. */
static void case_first_from(void)
{
	struct vw_genl_stream s = { .id = SEAL_ID, .latch = VOXWALL_LATCH_FIRST_WITHIN };
	int real = from_phone(PHONE2, 4800, LAN_RTP), near = from_phone(PHONE, 4900, LAN_RTP);

	s.latch_from = rig_leg(rig.lan, LAN, 0, 0);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_LATCH), "an address");
	seals_to(real, -1, "another address than that of the signalling");
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_LATCH), "once more");
	seals_to(near, rig.hq[0], "the SDP's, and another port");
	latched(SEAL_ID, 4900, "the SDP's, and another port");
	relatch(SEAL_ID, VOXWALL_LATCH_SDP);
	s.latch_from = rig_leg(rig.lan, PHONE2, 0, 0);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_LATCH), "an address");
	seals_to(real, rig.hq[0], "that of the signalling");
	latched(SEAL_ID, 4800, "that of the signalling");
}

/* ---- changes ---- */

static void set_remote(u32 id, enum place at, u16 port, unsigned int parts)
{
	int family = id == SEAL_ID ? rig.lan : rig.wan;
	struct vw_genl_stream s = { .id = id };

	s.remote = rig_leg(family, at, port, rig.mux ? port : (u16)(port + 1));
	s.dst = s.remote;
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, parts), "another SDP");
}

/* A new SDP of the phone: remote of one direction, destination of the other. */
static void case_anew(void)
{
	int real = from_phone(PHONE, 4900, LAN_RTP), next = from_phone(PHONE2, 4200, LAN_RTP);

	phone_latches(VOXWALL_LATCH_SYMMETRIC);
	seals_to(real, rig.hq[0], "another port");
	opens_to(rig.hq[0], real, "the way back");
	set_remote(SEAL_ID, PHONE2, 4300, VW_STREAM_REMOTE);
	latched(SEAL_ID, 0, "another SDP");
	opens_to(rig.hq[0], rig.phone[0], "the way back as it was told");
	seals_to(real, -1, "the source of the old SDP");
	/* In between the new source may have come. */
	seals_to(next, rig.hq[0], "the source of the new SDP");
	set_remote(OPEN_ID, PHONE2, 4300, VW_STREAM_DST);
	opens_to(rig.hq[0], next, "a latch is closer than the destination");
	relatch(SEAL_ID, VOXWALL_LATCH_SDP);
	latched(SEAL_ID, 0, "no latch");
	seals_to(next, -1, "without a latch");
	close(real);
	close(next);
	next = from_phone(PHONE2, 4300, LAN_RTP);
	opens_to(rig.hq[0], next, "the destination without a latch");
	seals_to(next, rig.hq[0], "the remote without a latch");
}

/* The other order: the destination first. */
static void case_anew_back(void)
{
	int real = from_phone(PHONE, 4900, LAN_RTP), next = from_phone(PHONE2, 4300, LAN_RTP);

	phone_latches(VOXWALL_LATCH_SYMMETRIC);
	seals_to(real, rig.hq[0], "another port");
	set_remote(OPEN_ID, PHONE2, 4300, VW_STREAM_DST);
	opens_to(rig.hq[0], real, "a latch is closer than the destination");
	set_remote(SEAL_ID, PHONE2, 4300, VW_STREAM_REMOTE);
	opens_to(rig.hq[0], next, "another SDP");
	seals_to(next, rig.hq[0], "its source");
}

/* A direction that is made later finds what the other one has latched. */
static void case_follow(void)
{
	int real = from_phone(PHONE, 4900, LAN_RTP);
	struct vw_genl_stream seal, open;

	rig_describe(&rig, &seal, &open);
	phone_latches(VOXWALL_LATCH_SYMMETRIC);
	seals_to(real, rig.hq[0], "another port");
	rig_check(&rig, vw_genl_stream_del(rig.genl, OPEN_ID), "removing a stream");
	seals_to(real, rig.hq[0], "one direction alone");
	rig_random_bytes(rig.open, MASTER_LEN);
	open.open = rig_crypto(rig.open);
	rig_check(&rig, vw_genl_stream_new(rig.genl, &open), "adding it again");
	hq_out = rig_srtp(rig.open, false);
	opens_to(rig.hq[0], real, "made later");
}

/* What a direction has latched ends with it: the other one sends where it was told. */
static void case_end(void)
{
	int real = from_phone(PHONE, 4900, LAN_RTP);
	struct vw_genl_stream seal, open;

	rig_describe(&rig, &seal, &open);
	phone_latches(VOXWALL_LATCH_SYMMETRIC);
	seals_to(real, rig.hq[0], "another port");
	opens_to(rig.hq[0], real, "the way back");
	rig_check(&rig, vw_genl_stream_del(rig.genl, SEAL_ID), "removing a stream");
	opens_to(rig.hq[0], rig.phone[0], "the way back after the end");
	silent(real, "the way back has two ends");
	rig_random_bytes(rig.seal, MASTER_LEN);
	seal.seal = rig_crypto(rig.seal);
	rig_check(&rig, vw_genl_stream_new(rig.genl, &seal), "adding it again");
	hq_in = rig_srtp(rig.seal, true);
	seals_to(rig.phone[0], rig.hq[0], "the SDP's, then");
	opens_to(rig.hq[0], rig.phone[0], "the way back at last");
}

static void refuses(const struct vw_genl_stream *s, int err, const char *what)
{
	int got = vw_genl_stream_set(rig.genl, s, VW_STREAM_LATCH);

	if (got != err)
		die("%s: %d, not %d (%s)", what, got, err, vw_genl_error(rig.genl));
}

static void case_refusals(void)
{
	struct vw_genl_stream s = { .id = SEAL_ID, .latch = __VOXWALL_LATCH_MAX };

	refuses(&s, -ERANGE, "no such latch");
	s.latch = VOXWALL_LATCH_FIRST_WITHIN;
	s.latch_from = rig_leg(10 - rig.lan, PHONE, 0, 0);
	refuses(&s, -EINVAL, "an address of the other family");
	memset(s.latch_from.addr, 0xff, 16);
	s.latch_from.family = (u8)rig.lan;
	refuses(&s, -EINVAL, "a multicast or broadcast address");
	if (rig_stream(&rig, SEAL_ID).latch != VOXWALL_LATCH_SDP)
		die("a refusal has changed something");
}

static const struct call_case cases[] = {
	{ "authenticated", case_authenticated, false },
	{ "garbage", case_garbage, false },
	{ "host", case_host, false },
	{ "rtcp", case_rtcp, false },
	{ "keyless", case_keyless, false },
	{ "symmetric", case_symmetric, false },
	{ "reports", case_reports, false },
	{ "taken-back", case_taken_back, false },
	{ "first", case_first, false },
	{ "first-late", case_first_late, false },
	{ "first-from", case_first_from, false },
	{ "anew", case_anew, false },
	{ "anew-back", case_anew_back, false },
	{ "follow", case_follow, false },
	{ "end", case_end, false },
	{ "refusals", case_refusals, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
