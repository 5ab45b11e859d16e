// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/* srtplife: what happens to a stream in its life: moves, odd sizes, ends. */
#include <netinet/udp.h>

#include "srtpcall.h"

/* ---- changes while packets fly ---- */

/* Sent with @seq, it must arrive with @as; 0: not at all. */
static void seals_as(u16 seq, u16 as, const char *what)
{
	u8 p[PACKET_MAX], got[PACKET_MAX];
	size_t len = rig_rtp(p, SSRC, seq, 160);
	ssize_t n;
	int open;

	rig_send(rig.phone[0], p, len);
	n = rig_recv(rig.hq[0], got, as ? 3000 : 150);
	if (n < 0 && !as)
		return;
	open = (int)n;
	put_be16(p + 2, as);
	if (n < 0 || !as || rig_unprotect(hq_in, got, &open) || (size_t)open != len ||
	    memcmp(got, p, len))
		die("%s: %zd bytes came, and not what was expected", what, n);
}

/* A phone that begins anew with the same SSRC, for which no index may come twice. */
static void case_restart(void)
{
	u16 i;

	for (i = 0; i < 300; i++)
		seals(SSRC, (u16)(1000 + i), "the call");
	seals_as(500, 0, "one packet from far behind");
	seals_as(1300, 1300, "the call goes on");
	seals_as(10, 0, "a new beginning, not yet proven");
	for (i = 12; i < 15; i++)
		seals_as(i, 0, "not in a row, or not four");
	seals_as(15, 1301, "proven");
	for (i = 16; i < 63; i++)
		seals_as(i, (u16)(1301 + i - 15), "the new beginning");
	seals_as(62, 0, "again");
	for (i = 2; i < 8; i++)
		seals_as(i, 0, "within the window it is late only");
	for (i = 1; i < 200; i++)
		seals_as((u16)(62 + i), (u16)(1348 + i), "the new beginning");
	for (i = 5; i < 8; i++)
		seals_as(i, 0, "once more, or only late");
	seals_as(262, 1548, "the old sequence goes on: those were late");
	for (i = 8; i < 11; i++)
		seals_as(i, 0, "once more");
	seals_as(11, 1549, "once more, proven");
	if (rig_stream(&rig, SEAL_ID).ssrcs[0].roc)
		die("a new beginning has changed the rollover counter");
}

static void case_move(void)
{
	int phone = rig_socket("phone", rig.lan, PHONE, 4900, LAN, LAN_RTP);
	struct vw_genl_stream s = { .id = OPEN_ID };
	struct pair p;

	call_goes_on();
	s.dst = rig_leg(rig.lan, PHONE, 4900, rig.mux ? 4900 : 4901);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_DST), "another destination");
	p = hq_rtp();
	rig_expect(rig.hq[0], p.sealed, p.sealed_len, phone, p.plain, (ssize_t)p.plain_len,
		   "the phone's new port");
	s = (struct vw_genl_stream){ .id = OPEN_ID };
	s.remote = rig_leg(rig.wan, HQ, 5900, 0);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_REMOTE), "another remote");
	p = hq_rtp();
	rig_expect(rig.hq[0], p.sealed, p.sealed_len, phone, NULL, 0, "the old remote port");
	close(phone);
}

static void dst_refused(const char *addr, const char *what)
{
	struct vw_genl_stream s = { .id = SEAL_ID };
	u8 p[PACKET_MAX];
	size_t len = rig_rtp(p, SSRC, 9, 160);
	u64 dropped = rig_stream(&rig, SEAL_ID).dropped;

	s.dst = rig_leg(rig.wan, HQ, HQ_RTP, rig.mux ? HQ_RTP : HQ_RTP + 1);
	memset(s.dst.addr, 0, sizeof(s.dst.addr));
	if (inet_pton(rig.wan == 4 ? AF_INET : AF_INET6, addr, s.dst.addr) != 1)
		die("bad address %s", addr);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_DST), what);
	rig_expect(rig.phone[0], p, len, rig.hq[0], NULL, 0, what);
	if (rig_stream(&rig, SEAL_ID).dropped != dropped + 1)
		die("%s: not refused", what);
}

/* Where only the routing table knows what the address means. */
static void case_unroutable(void)
{
	struct vw_genl_stream s = { .id = SEAL_ID };

	dst_refused(rig_addr[WAN][rig.wan == 6], "the gateway itself");
	if (rig.wan == 4)
		dst_refused("192.0.2.255", "a network's broadcast address");
	else
		dst_refused("2001:db8::", "the routers' anycast address");
	s.dst = rig_leg(rig.wan, HQ, HQ_RTP, rig.mux ? HQ_RTP : HQ_RTP + 1);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_DST), "the head office");
	seals(SSRC, 10, "the call afterwards");
}

/* ---- four jobs ---- */

static void case_relay(void)
{
	struct vw_genl_stream seal, open;
	u8 p[PACKET_MAX];
	size_t len;
	u32 i;

	rig_describe(&rig, &seal, &open);
	seal.seal.suite = VOXWALL_SUITE_NONE;
	remake(SEAL_ID, &seal);
	len = rig_rtp(p, SSRC, 7, 160);
	rig_expect(rig.phone[0], p, len, rig.hq[0], NULL, 0, "clear RTP towards an uplink");
	seal.clear_wan = true;
	remake(SEAL_ID, &seal);
	rig_expect(rig.phone[0], p, len, rig.hq[0], p, (ssize_t)len, "clear RTP that may");
	rig_expect(rig.phone[0], p, len, rig.hq[0], p, (ssize_t)len, "a duplicate of it");
	len = rig_rtp(p, SSRC, 30000, 160);
	rig_expect(rig.phone[0], p, len, rig.hq[0], p, (ssize_t)len, "a jump");
	len = rig_rtp(p, SSRC, 100, 160);
	rig_expect(rig.phone[0], p, len, rig.hq[0], p, (ssize_t)len, "a restart");
	for (i = 0; i < 2 * VOXWALL_MAX_SSRCS; i++) {
		len = rig_rtp(p, 100 + i, 1, 160);
		rig_expect(rig.phone[0], p, len, rig.hq[0], p, (ssize_t)len, "one of many sources");
	}
}

/* A tag hides nothing: what isn't encrypted is as clear as RTP. */
static void case_bare(void)
{
	struct vw_genl_stream seal, open;
	u8 p[PACKET_MAX], got[PACKET_MAX];
	size_t len = rig_rtp(p, SSRC, 7, 160);

	rig_describe(&rig, &seal, &open);
	seal.seal.suite = VOXWALL_SUITE_NULL_HMAC_SHA1_80;
	remake(SEAL_ID, &seal);
	rig_expect(rig.phone[0], p, len, rig.hq[0], NULL, 0, "RTP with a tag towards an uplink");
	seal.clear_wan = true;
	remake(SEAL_ID, &seal);
	rig_send(rig.phone[0], p, len);
	if (rig_recv(rig.hq[0], got, 3000) != (ssize_t)len + 10 || memcmp(p, got, len))
		die("RTP with a tag that may leave doesn't come");
}

/* Clear RTP that only IPsec may carry over the uplink. */
static void case_covered(void)
{
	struct vw_genl_stream seal, open;
	u8 p[PACKET_MAX];
	size_t len;

	rig_describe(&rig, &seal, &open);
	seal.seal.suite = VOXWALL_SUITE_NONE;
	remake(SEAL_ID, &seal);
	len = rig_rtp(p, SSRC, 7, 160);
	rig_expect(rig.phone[0], p, len, rig.hq[0], p, (ssize_t)len, "RTP inside of ESP");
}

/* SRTP on both sides, with keys of its own each. */
static void case_both(void)
{
	struct vw_genl_stream seal, open;
	u8 master[MASTER_LEN], got[PACKET_MAX];
	srtp_t phone;
	int i;

	rig_random_bytes(master, sizeof(master));
	phone = rig_srtp(master, false);
	rig_describe(&rig, &seal, &open);
	seal.open = rig_crypto(master);
	remake(SEAL_ID, &seal);
	for (i = 0; i < 200; i++) {
		struct pair p = hq_rtp_by(phone, SSRC, (u16)(65400 + i), (size_t)i * 7);
		ssize_t n;
		int len;

		rig_send(rig.phone[0], p.sealed, p.sealed_len);
		n = rig_recv(rig.hq[0], got, 3000);
		len = (int)n;
		if (n < 0 || rig_unprotect(hq_in, got, &len) || (size_t)len != p.plain_len ||
		    memcmp(got, p.plain, p.plain_len))
			die("packet %d doesn't come through both", i);
		if (i % 50)
			continue;
		rig_expect(rig.phone[0], p.plain, p.plain_len, rig.hq[0], NULL, 0,
			   "clear RTP where SRTP is due");
	}
	srtp_dealloc(phone);
}

/* ---- sizes ---- */

/* Segments of one super-packet, as GRO or UDP_SEGMENT make it. */
static void case_segments(void)
{
	u8 all[20][172], got[PACKET_MAX], want[PACKET_MAX];
	int size = sizeof(all[0]), i, len;
	ssize_t n;

	for (i = 0; i < 20; i++)
		rig_rtp(all[i], SSRC, (u16)(65530 + i), 160);
	if (setsockopt(rig.phone[0], SOL_UDP, UDP_SEGMENT, &size, sizeof(size)))
		die("UDP_SEGMENT: %s", strerror(errno));
	rig_send(rig.phone[0], all[0], sizeof(all));
	for (i = 0; i < 20; i++) {
		n = rig_recv(rig.hq[0], got, 3000);
		len = (int)n;
		if (n < 0 || rig_unprotect(hq_in, got, &len))
			die("segment %d: %zd bytes that libsrtp2 doesn't open", i, n);
		if (len != size || memcmp(got, all[i], (size_t)len))
			die("segment %d isn't what was sent", i);
	}
	if (rig_recv(rig.hq[0], want, 150) >= 0)
		die("more came than was sent");
}

/* Up to what the sender's MTU holds; past it once the tag is there. */
static void case_large(void)
{
	size_t most = (rig.lan == 4 ? 1472 : 1452) - 12, size;
	u8 p[PACKET_MAX];
	struct pair back;
	size_t len;

	for (size = most - 24; size <= most; size++) {
		len = rig_rtp(p, SSRC, (u16)(200 + size), size);
		seals_by(hq_in, p, len, "a large packet");
		back = hq_rtp_by(hq_out, SSRC, next_seq++, size - rig_suite->rtp_tag - (rig.wan == 4 ? 0 : 20));
		opens(&back, "a large packet back");
	}
}

/* The most that IPv4 holds, on links that carry it; sealed it must still fit. */
static void case_huge(void)
{
	static u8 p[65507], got[65536];
	static const struct {
		size_t len;
		bool passes;
	} rows[] = { { 65507, false }, { 65480, false }, { 65479, true } };
	size_t i;
	ssize_t n;
	int len;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rig_rtp(p, SSRC, (u16)(i + 1), rows[i].len - 12);
		rig_send(rig.phone[0], p, rows[i].len);
		n = rig_recv_into(rig.hq[0], got, sizeof(got), rows[i].passes ? 3000 : 300);
		if (!rows[i].passes && n >= 0)
			die("%zu bytes got through", rows[i].len);
		if (!rows[i].passes)
			continue;
		len = (int)n;
		if (n < 0 || rig_unprotect(hq_in, got, &len) || (size_t)len != rows[i].len ||
		    memcmp(got, p, rows[i].len))
			die("%zu bytes: %zd came, and not what was sent", rows[i].len, n);
	}
}

/* ---- life ---- */

static u32 idle_id;
static u8 abuse_drop;
static int n_abuse;

static void note_event(const struct vw_genl_event *ev, void *arg)
{
	(void)arg;
	if (ev->type == VOXWALL_EVENT_STREAM_IDLE)
		idle_id = ev->stream;
	if (ev->type == VOXWALL_EVENT_STREAM_ABUSE) {
		abuse_drop = ev->drop;
		n_abuse++;
	}
}

static struct vw_genl *listen_events(void)
{
	struct vw_genl *g;

	rig_enter("gw");
	if (vw_genl_events_open(&g, note_event, NULL))
		die("events: %s", vw_genl_error(NULL));
	return g;
}

static void case_idle(void)
{
	struct vw_genl_stream s = { .id = OPEN_ID, .timeout_ms = 1500 };
	struct vw_genl *events = listen_events();
	int host, i;

	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_TIMEOUT), "a short timeout");
	for (i = 0; i < 5; i++) {
		usleep(700000);
		call_goes_on();
	}
	for (i = 0; i < 60 && !idle_id; i++) {
		usleep(100000);
		vw_genl_events_read(events);
	}
	if (idle_id != OPEN_ID || vw_genl_stream_get(rig.genl, OPEN_ID, &s) != -ENOENT)
		die("the silent stream isn't gone");
	/* Its port is the host's again. */
	host = rig_socket("gw", rig.wan, WAN, WAN_RTP, HQ, 0);
	host_gets(host, 0x80, true, "RTP to a port that was a stream's");
	close(host);
	vw_genl_close(events);
	rig_streams(&rig);
}

static void case_abuse(void)
{
	struct vw_genl *events = listen_events();
	struct pair p = hq_rtp();
	int i;

	p.sealed[p.sealed_len - 1] ^= 1;
	/* an end that has no key yet is no attacker */
	for (i = 0; i < 4; i++)
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
	refused(p.sealed, p.sealed_len, "a forged packet");
	vw_genl_events_read(events);
	if (n_abuse)
		die("%d events about a few packets", n_abuse);
	for (i = 0; i < 100; i++)
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
	refused(p.sealed, p.sealed_len, "a forged packet");
	vw_genl_events_read(events);
	if (n_abuse != 1 || abuse_drop != VOXWALL_DROP_AUTH)
		die("%d events about a flood of forged packets", n_abuse);
	vw_genl_close(events);
}

static void refuses(const struct vw_genl_stream *s, int want, const char *what)
{
	int err = vw_genl_stream_new(rig.genl, s);

	if (err != want)
		die("%s: %d (%s), not %d", what, err, err ? vw_genl_error(rig.genl) : "done", want);
	if (strlen(vw_genl_error(rig.genl)) < 10)
		die("%s: refused without a sentence", what);
}

static void case_refusals(void)
{
	struct vw_genl_stream a, b, good;

	rig_describe(&rig, &good, &b);
	good.id = 77;
	good.local.rtp = 21000;
	good.local.rtcp = 21001;
	a = good, a.id = SEAL_ID;
	refuses(&a, -EEXIST, "an identifier that is taken");
	a = good, a.local.rtcp = LAN_RTP;
	refuses(&a, -EADDRINUSE, "a port that is taken");
	a = good, a.local.rtp = LAN_RTP, a.local.rtcp = 0;
	refuses(&a, -EADDRINUSE, "a port that is taken");
	a = good, a.local = rig_leg(rig.lan, PHONE, 21000, 21001);
	refuses(&a, -EADDRNOTAVAIL, "somebody else's address");
	a = good, a.src = rig_leg(rig.wan, HQ, 21000, 21001);
	refuses(&a, -EADDRNOTAVAIL, "somebody else's source address");
	a = good, a.id = 0;
	refuses(&a, -ERANGE, "no identifier");
	a = good, a.local.rtp = 0;
	refuses(&a, -EINVAL, "no local port");
	a = good, a.dst.rtp = 0;
	refuses(&a, -EINVAL, "no destination port");
	a = good, a.dst.rtcp = 0;
	refuses(&a, -EINVAL, "RTCP that goes nowhere");
	a = good, a.remote = rig_leg(10 - rig.lan, HQ, 1, 2);
	refuses(&a, -EINVAL, "a remote of the other family");
	a = good, a.dst = rig_leg(10 - rig.wan, HQ, 1, 2);
	refuses(&a, -EINVAL, "a destination of the other family");
	a = good, memset(a.dst.addr, 0xff, 16);
	refuses(&a, -EINVAL, "a multicast or broadcast destination");
	a = good, a.zone = 9;
	refuses(&a, -ERANGE, "no such zone");
	a = good, a.clock_rate = 2000000;
	refuses(&a, -ERANGE, "no such clock");
	a = good, a.seal.slot = 2;
	refuses(&a, -ERANGE, "no such slot");
	rig_check(&rig, vw_genl_stream_new(rig.genl, &good), "what is right");
	rig_check(&rig, vw_genl_stream_del(rig.genl, 77), "removing it");
	if (vw_genl_stream_del(rig.genl, 77) != -ENOENT)
		die("a stream can be removed twice");
	if (vw_genl_stream_set(rig.genl, &good, VW_STREAM_TIMEOUT) != -ENOENT)
		die("a stream that is gone can be changed");
}

/* Leaves its streams behind, for what ends with them in use, and tells a key. */
static void case_leave(void)
{
	int i;

	for (i = 0; i < 16; i++)
		printf("%02x", rig.seal[i]);
	putchar('\n');
	call_goes_on();
	seals(SSRC, 1, "the other way");
}

static const struct call_case cases[] = {
	{ "restart", case_restart, false },
	{ "move", case_move, false },
	{ "unroutable", case_unroutable, false },
	{ "relay", case_relay, false },
	{ "bare", case_bare, false },
	{ "both", case_both, false },
	{ "covered", case_covered, false },
	{ "segments", case_segments, false },
	{ "large", case_large, false },
	{ "huge", case_huge, false },
	{ "idle", case_idle, false },
	{ "abuse", case_abuse, false },
	{ "refusals", case_refusals, false },
	{ "leave", case_leave, true },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
