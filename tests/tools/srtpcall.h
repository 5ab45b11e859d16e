/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call for the tests that do one awkward thing to it, and their main():
 *
 *   PROGRAM NAME [--lan 4|6] [--wan 4|6] [--mux] [--stack] [--suite NAME]
 *		[--uplink DEV]
 *
 * runs the case of that name in the namespaces of srtprig.h; without a name it
 * lists the names. A case that fails says so and exits 1.
 */
#ifndef SRTPCALL_H
#define SRTPCALL_H

#include <getopt.h>

#include "srtprig.h"

#define SSRC	0x5eed5eed

static struct rig rig = { .lan = 4, .wan = 4 };
static srtp_t hq_out, hq_in;
static u16 next_seq = 65530;

/* A packet from the head office: @plain and what it is on the wire. */
struct pair {
	u8 plain[PACKET_MAX];
	u8 sealed[PACKET_MAX];
	size_t plain_len;
	size_t sealed_len;
};

static inline struct pair hq_rtp_by(srtp_t out, u32 ssrc, u16 seq, size_t payload)
{
	struct pair p;
	int len;

	p.plain_len = rig_rtp(p.plain, ssrc, seq, payload);
	memcpy(p.sealed, p.plain, p.plain_len);
	len = (int)p.plain_len;
	if (rig_protect(out, p.sealed, &len))
		die("libsrtp2 doesn't seal");
	p.sealed_len = (size_t)len;
	return p;
}

static inline struct pair hq_rtp(void)
{
	return hq_rtp_by(hq_out, SSRC, next_seq++, 160);
}

/* By a session that begins with this rollover counter, like a sender that has it. */
static inline struct pair sealed_at(const u8 *master, u32 ssrc, u32 roc, u16 seq)
{
	srtp_t s = rig_srtp(master, false);
	struct pair p = hq_rtp_by(s, ssrc, seq, 160);

	if (roc && srtp_set_stream_roc(s, ssrc, roc))
		die("libsrtp2 takes no rollover counter");
	p = hq_rtp_by(s, ssrc, seq, 160);
	srtp_dealloc(s);
	return p;
}

static inline struct pair hq_rtcp(void)
{
	struct pair p;
	int len;

	p.plain_len = rig_rtcp(p.plain, SSRC, 12);
	memcpy(p.sealed, p.plain, p.plain_len);
	len = (int)p.plain_len;
	if (rig_protect_rtcp(hq_out, p.sealed, &len))
		die("libsrtp2 doesn't seal RTCP");
	p.sealed_len = (size_t)len;
	return p;
}

static inline void opens(const struct pair *p, const char *what)
{
	rig_expect(rig.hq[0], p->sealed, p->sealed_len, rig.phone[0], p->plain,
		   (ssize_t)p->plain_len, what);
}

static inline void refused(const u8 *p, size_t len, const char *what)
{
	rig_expect(rig.hq[0], p, len, rig.phone[0], NULL, 0, what);
}

/* Clear in at the phone, and out at the head office as libsrtp2 opens it. */
static inline void seals_by(srtp_t in, const u8 *p, size_t len, const char *what)
{
	u8 got[PACKET_MAX];
	ssize_t n;
	int open;

	rig_send(rig.phone[0], p, len);
	n = rig_recv(rig.hq[0], got, 3000);
	if (n < 0)
		die("%s: nothing came", what);
	open = (int)n;
	if (rig_unprotect(in, got, &open))
		die("%s: libsrtp2 doesn't open it", what);
	if ((size_t)open != len || memcmp(got, p, len))
		die("%s: not what was sent", what);
}

/* What was sent in an odd way arrives at head office, sealed and whole, or not at all. */
static inline void meets(const u8 *p, size_t len, bool passes, const char *what)
{
	u8 got[PACKET_MAX];
	ssize_t n = rig_recv(rig.hq[0], got, passes ? 3000 : 150);
	int open = (int)n;

	if (!passes && n < 0)
		return;
	if (!passes || n < 0 || rig_unprotect(hq_in, got, &open) || (size_t)open != len ||
	    memcmp(got, p, len))
		die("%s: %zd bytes came, and not what was expected", what, n);
}

static inline void seals(u32 ssrc, u16 seq, const char *what)
{
	u8 p[PACKET_MAX];
	size_t len = rig_rtp(p, ssrc, seq, 160);

	seals_by(hq_in, p, len, what);
}

static inline void call_goes_on(void)
{
	struct pair p = hq_rtp();

	opens(&p, "the call afterwards");
}

/* Does the host itself get a packet from the head office that begins like this? */
static inline void host_gets(int host, u8 first, bool wanted, const char *what)
{
	u8 p[40] = { first, 1, 0, 8 }, got[PACKET_MAX];
	ssize_t n;

	rig_send(rig.hq[0], p, sizeof(p));
	n = rig_recv(host, got, wanted ? 3000 : 150);
	if ((n == sizeof(p) && !memcmp(p, got, sizeof(p))) != wanted)
		die("%s: the host got %zd bytes", what, n);
}

static inline void remake(u32 id, const struct vw_genl_stream *s)
{
	rig_check(&rig, vw_genl_stream_del(rig.genl, id), "removing a stream");
	rig_check(&rig, vw_genl_stream_new(rig.genl, s), "adding a stream");
}

struct call_case {
	const char *name;
	void (*run)(void);
	bool stays;	/* leaves its streams behind */
};

static inline void call_run(const struct call_case *one, u32 seed)
{
	rig_up(&rig, seed);
	hq_out = rig_srtp(rig.open, false);
	hq_in = rig_srtp(rig.seal, true);
	one->run();
	if (!one->stays)
		rig_down(&rig);
}

static inline int call_main(int argc, char **argv, const struct call_case *cases, size_t n)
{
	static const struct option options[] = {
		{ "lan", required_argument, NULL, 'l' }, { "wan", required_argument, NULL, 'w' },
		{ "mux", no_argument, NULL, 'm' }, { "video", no_argument, NULL, 'v' },
		{ "stack", no_argument, NULL, 's' },
		{ "suite", required_argument, NULL, 'S' },
		{ "uplink", required_argument, NULL, 'u' }, { },
	};
	size_t i;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l': rig.lan = atoi(optarg); break;
		case 'w': rig.wan = atoi(optarg); break;
		case 'm': rig.mux = true; break;
		case 'v': rig.video = true; break;
		case 's': rig.stack = true; break;
		case 'S': rig_choose(optarg); break;
		case 'u': rig.uplink = optarg; break;
		default: return 2;
		}
	}
	for (i = 0; i < n; i++) {
		if (optind == argc) {
			puts(cases[i].name);
		} else if (!strcmp(cases[i].name, argv[optind])) {
			call_run(&cases[i], 1 + (u32)i);
			return 0;
		}
	}
	return optind == argc ? 0 : 2;
}

#endif
