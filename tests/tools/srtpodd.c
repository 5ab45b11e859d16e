// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/*
 * srtpodd: frames that no socket would send, and packets from two CPUs at once.
 * Frames go out by a packet socket, which also leaves the headers unaligned.
 */
#include <pthread.h>

#include "srtpcall.h"
#include "srtpframe.h"

#define RACE_PACKETS	4000

/* ---- frames by hand, IPv4 from the phone ---- */

static void frame_goes(struct frame f, u16 seq, size_t payload, bool passes, const char *what)
{
	static int fd = -1;
	u8 p[PACKET_MAX], got[PACKET_MAX];
	size_t len = rig_rtp(p, SSRC, seq, payload);
	ssize_t n;
	int open;

	if (fd < 0)
		fd = raw_open("eth0.100");
	frame_make(&f, p, len);
	rig_send(fd, f.b, f.len);
	n = rig_recv(rig.hq[0], got, passes ? 3000 : 150);
	if (!passes && n >= 0)
		die("%s: got through", what);
	if (!passes)
		return;
	open = (int)n;
	if (n < 0 || rig_unprotect(hq_in, got, &open))
		die("%s: %zd bytes that libsrtp2 doesn't open", what, n);
	if ((size_t)open != len || memcmp(got, p, len))
		die("%s: not what was sent", what);
}

static void case_frames(void)
{
	static const struct {
		struct frame f;
		bool passes;
		const char *what;
	} rows[] = {
		{ { .trailer = 0 }, true, "a plain frame" },
		{ { .trailer = 1 }, true, "one byte of padding" },
		{ { .trailer = 46 }, true, "Ethernet's padding" },
		{ { .trailer = 600 }, true, "much padding" },
		{ { .options = 4 }, true, "IP options" },
		{ { .options = 40 }, true, "all the IP options there may be" },
		{ { .no_sum = true }, true, "no UDP checksum" },
		{ { .bad_sum = true }, false, "a wrong UDP checksum" },
		{ { .bad_ip_sum = true }, false, "a wrong IP checksum" },
		{ { .udp_more = 1 }, false, "UDP longer than IP" },
		{ { .udp_more = -1 }, false, "UDP shorter than IP" },
		{ { .udp_more = 1, .trailer = 8 }, false, "UDP into the padding" },
		{ { .ip_more = 1 }, false, "IP longer than the frame" },
		{ { .ip_more = -1 }, false, "IP shorter than UDP" },
		{ { .ip_more = 8, .trailer = 8 }, false, "IP into the padding" },
		{ { .fragment = true }, false, "a first fragment" },
	};
	size_t i, size;
	u16 seq = 1;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		frame_goes(rows[i].f, seq++, 160, rows[i].passes, rows[i].what);
	for (size = 0; size < 70; size++)
		frame_goes(rows[0].f, seq++, size, true, "an unaligned frame");
	seals(SSRC, seq, "the call afterwards");
}

/* ---- IPv6 headers by hand, from the phone ---- */

static void case_chains(void)
{
	enum { HOP = 0, RT = IPPROTO_ROUTING, FRAG = IPPROTO_FRAGMENT, DST = IPPROTO_DSTOPTS };
	static const struct {
		struct chain c;
		bool passes;
		const char *what;
	} rows[] = {
		{ { .n = 0 }, true, "no extension header" },
		{ { .ext = { HOP }, .n = 1 }, true, "hop-by-hop options" },
		{ { .ext = { DST }, .n = 1 }, true, "destination options" },
		{ { .ext = { HOP, DST, RT, FRAG, DST }, .n = 5 }, true, "one of each" },
		{ { .ext = { FRAG }, .n = 1 }, true, "a fragment header on a whole packet" },
		{ { .ext = { HOP, DST, DST, DST, DST, DST, DST, DST }, .n = 8 }, true, "eight" },
		{ { .ext = { HOP, DST, DST, DST, DST, DST, DST, DST, DST }, .n = 9 }, false, "nine" },
		{ { .ext = { DST }, .n = 1, .lie = 1 }, false, "options into the UDP header" },
		{ { .ext = { DST }, .n = 1, .lie = 100 }, false, "options past the end" },
		{ { .ext = { RT }, .n = 1, .left = 1 }, false, "a route with a way to go" },
		{ { .no_sum = true }, false, "no UDP checksum" },
		{ { .bad_sum = true }, false, "a wrong UDP checksum" },
		{ { .ext = { HOP, DST }, .n = 2, .bad_sum = true }, false, "a wrong one behind options" },
	};
	int fd = raw_open("eth0.100");
	size_t i, len, n;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		u8 p[PACKET_MAX], b[PACKET_MAX];

		len = rig_rtp(p, SSRC, (u16)(i + 1), 160);
		n = chain_frame(&rows[i].c, b, p, len);
		rig_send(fd, b, n);
		meets(p, len, rows[i].passes, rows[i].what);
	}
	seals(SSRC, (u16)(i + 1), "the call afterwards");
}

/* ---- two CPUs ---- */

struct racer {
	pthread_t thread;
	int fd;
	int cpu;
};

static unsigned int race_seq[2];

/* Both send every sequence number, with different contents: the same keystream
 * for both would give the speech away. */
static void *race_run(void *arg)
{
	struct racer *r = arg;
	cpu_set_t cpus;
	u8 p[PACKET_MAX];
	unsigned int i;
	size_t len;

	CPU_ZERO(&cpus);
	CPU_SET(r->cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	for (i = 0; i < RACE_PACKETS; i++) {
		/*
		 * Neither may run far ahead: the window has 128 places, and who is behind
		 * it for a while has begun anew, with new indexes.
		 */
		while (__atomic_load_n(&race_seq[!r->cpu], __ATOMIC_RELAXED) + 30 < i)
			sched_yield();
		len = rig_rtp(p, SSRC, (u16)(60000 + i), 0);
		memset(p + len, r->cpu, 100);
		send(r->fd, p, len + 100, 0);
		__atomic_store_n(&race_seq[r->cpu], i, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void race_stream(void)
{
	struct vw_genl_stream seal, open;

	rig_describe(&rig, &seal, &open);
	seal.remote.rtp = 0;
	rig_check(&rig, vw_genl_stream_del(rig.genl, SEAL_ID), "removing the stream");
	rig_check(&rig, vw_genl_stream_new(rig.genl, &seal), "a stream for two");
}

static void case_race(void)
{
	struct racer racers[2];
	unsigned int got[2] = { };
	u8 p[PACKET_MAX];
	ssize_t n;
	int i, len;

	race_stream();
	for (i = 0; i < 2; i++) {
		racers[i].cpu = i;
		racers[i].fd = rig_socket("phone", rig.lan, PHONE, (u16)(4800 + i), LAN, LAN_RTP);
		if (pthread_create(&racers[i].thread, NULL, race_run, &racers[i]))
			die("no thread");
	}
	while ((n = rig_recv(rig.hq[0], p, 1500)) >= 0) {
		len = (int)n;
		/* The window of libsrtp2 would also see an index that comes twice. */
		if (rig_unprotect(hq_in, p, &len))
			die("an index was used twice, or a tag is wrong");
		if (len != 112 || p[12] > 1 || p[111] != p[12])
			die("a packet is a mix of two");
		got[p[12]]++;
	}
	for (i = 0; i < 2; i++)
		pthread_join(racers[i].thread, NULL);
	if (got[0] + got[1] < RACE_PACKETS * 9 / 10 || got[0] + got[1] > RACE_PACKETS)
		die("%u and %u packets came of %u", got[0], got[1], RACE_PACKETS);
	printf("%u packets of one CPU, %u of the other\n", got[0], got[1]);
}

static const struct call_case cases[] = {
	{ "frames", case_frames, false },
	{ "chains", case_chains, false },
	{ "race", case_race, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
