// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/*
 * srtpdiff: the module's SRTP against libsrtp2, packet by packet.
 *
 *   srtpdiff [--lan 4|6] [--wan 4|6] [--mux] [--packets N] [--seed N] [--suite NAME]
 *	[--mki BYTES] [--ext] [--video]
 *
 * With --ext the header extensions are well-formed, and some elements of them encrypted.
 *
 * Runs in the namespaces of srtprig.h. A schedule of RTP and RTCP packets with
 * sizes 0 to 1,400, header extensions, CSRCs, several SSRCs, losses, jumps over
 * several rollovers, duplicates and late packets is sent from both sides. What
 * must come through is known from a naive model of a 128-packet window; each of
 * these must be byte for byte what libsrtp2 makes of it, everything else must not
 * arrive. A packet tap in the gateway must have seen every packet undamaged.
 */
#include <getopt.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "srtprig.h"

#define SSRCS		3
#define WINDOW		128
#define INDEXES		(1u << 22)
#define PAYLOAD_MAX	1400
#define LATE_MAX	600	/* positions */

/**
 * struct packet - one of the schedule
 * @plain: as the phone sees it
 * @sealed: as the head office sees it; of RTCP only from there
 * @index: the true one; of RTCP libsrtp2's
 */
struct packet {
	u8 plain[PACKET_MAX];
	u8 sealed[PACKET_MAX];
	size_t plain_len;
	size_t sealed_len;
	u64 index;
	u8 ssrc;
	bool rtcp;
};

/* A naive replay window: everything that was ever seen. */
struct model {
	u8 seen[INDEXES];
	u64 top;
	bool any;
};

static struct model rtp_model[SSRCS], rtcp_model[SSRCS];

static bool model_take(struct model *m, u64 index)
{
	if (index >= INDEXES)
		die("the schedule goes too far");
	if (m->seen[index] || (m->any && index + WINDOW <= m->top))
		return false;
	m->seen[index] = 1;
	if (!m->any || index > m->top)
		m->top = index;
	m->any = true;
	return true;
}

/* ---- the schedule ---- */

static const u32 ssrc_of[SSRCS] = { 0x11111111, 0xdeadbeef, 0x00000001 };

static size_t payload_size(void)
{
	switch (rig_random(8)) {
	case 0:
		return rig_random(20);
	case 1:
		return PAYLOAD_MAX - rig_random(4);
	case 2:
	case 3:
		return rig_random(PAYLOAD_MAX + 1);
	}
	return 160;
}

/* Where RTCP may come, with rtcp-mux or some day, payload types that look like it are
 * out (RFC 5761, 4). */
static u8 payload_type(void)
{
	u8 byte;

	do {
		byte = (u8)rig_random(256);
	} while (byte >= 192 && byte <= 223);
	return byte;
}

/* Elements up to @len bytes; libsrtp2 wants no padding in front. */
static void make_elements(u8 *p, size_t len)
{
	size_t n;

	memset(p, 0, len);
	for (; len > 2; p += n, len -= n) {
		n = 2 + rig_random(16);
		if (n > len)
			n = len;
		p[0] = (u8)((1 + rig_random(14)) << 4 | (n - 2));
		rig_random_bytes(p + 1, n - 1);
		if (rig_random(3) || n >= len)
			continue;
		p[n++] = 0;
	}
}

static size_t make_rtp(u8 *p, u32 ssrc, u64 index)
{
	size_t head = 12, room;
	u32 csrcs = rig_random(4) ? 0 : rig_random(16), words;

	rig_rtp(p, ssrc, (u16)index, 0);
	p[0] = (u8)(0x80 | (rig_random(8) ? 0 : 0x20) | csrcs);
	p[1] = payload_type();
	put_be32(p + 4, (u32)index * 160);
	rig_random_bytes(p + head, csrcs * 4);
	head += csrcs * 4;
	if (!rig_random(4)) {
		words = rig_random(9);
		p[0] |= 0x10;
		put_be16(p + head, 0xbede);
		put_be16(p + head + 2, words);
		if (rig_ext_count)
			make_elements(p + head + 4, words * 4);
		else
			rig_random_bytes(p + head + 4, words * 4);
		head += 4 + words * 4;
	}
	room = payload_size();
	if (head + room > 12 + PAYLOAD_MAX)
		room = 12 + PAYLOAD_MAX - head;
	rig_random_bytes(p + head, room);
	return head + room;
}

static struct packet *schedule_make(const struct rig *rig, size_t n)
{
	struct packet *all = calloc(n, sizeof(*all));
	srtp_t out = rig_srtp(rig->open, false);
	u64 index[SSRCS], reports[SSRCS] = { };
	size_t i;
	int len;

	if (!all)
		die("out of memory");
	for (i = 0; i < SSRCS; i++)
		index[i] = 65000 + rig_random(500);
	for (i = 0; i < n; i++) {
		struct packet *p = &all[i];

		/* Each source begins with RTP of its first cycle: see order_make(). */
		p->ssrc = (u8)(i < SSRCS ? i : rig_random(SSRCS));
		p->rtcp = i >= SSRCS && !rig_random(8);
		if (p->rtcp) {
			p->plain_len = rig_rtcp(p->plain, ssrc_of[p->ssrc], rig_random(340));
			p->index = ++reports[p->ssrc];
		} else {
			index[p->ssrc] += rig_random(10) ? 1 : 1 + rig_random(1000);
			p->index = index[p->ssrc];
			p->plain_len = make_rtp(p->plain, ssrc_of[p->ssrc], p->index);
		}
		memcpy(p->sealed, p->plain, p->plain_len);
		len = (int)p->plain_len;
		if (p->rtcp ? rig_protect_rtcp(out, p->sealed, &len) :
			      rig_protect(out, p->sealed, &len))
			die("libsrtp2 doesn't seal packet %zu", i);
		p->sealed_len = (size_t)len;
	}
	srtp_dealloc(out);
	return all;
}

/**
 * struct order - in which order packets are sent
 * @at: numbers of packets, some missing, some twice
 * @n: used entries of @at
 */
struct order {
	size_t *at;
	size_t n;
};

static void swap_late(struct order *o, size_t i)
{
	size_t late = 1 + rig_random(rig_random(4) ? 20 : LATE_MAX);
	size_t moved = o->at[i];

	if (i + late >= o->n)
		return;
	memmove(&o->at[i], &o->at[i + 1], late * sizeof(*o->at));
	o->at[i + late] = moved;
}

/* What comes first says which cycle it is (RFC 3711, 3.3.1), so that is neither
 * lost nor late. */
static struct order order_make(size_t n)
{
	struct order o = { calloc(2 * n, sizeof(*o.at)), 0 };
	size_t i;

	if (!o.at)
		die("out of memory");
	for (i = 0; i < n; i++) {
		if (i >= SSRCS && !rig_random(20))
			continue;		/* lost */
		o.at[o.n++] = i;
		if (!rig_random(15))
			o.at[o.n++] = i;	/* twice */
	}
	for (i = 2 * SSRCS; i < o.n; i++)
		if (!rig_random(10))
			swap_late(&o, i);
	return o;
}

/* ---- taps ---- */

/* What a tap holds must be what was sent: @p, from UDP's payload on. */
static int tap_open(const char *netns, const char *device)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd, size = 4 << 20;

	rig_enter(netns);
	addr.sll_ifindex = (int)if_nametoindex(device);
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("tap on %s: %s", device, strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd;
}

/* The next packet to or from the device that is ours; others are skipped. *@ret_ip
 * is its IP header. */
static void tap_expect(int fd, int family, u8 type, u16 dport, const u8 *p, size_t len,
		       u8 ret_ip[40])
{
	size_t head = (family == 4 ? 20 : 40) + 8;
	struct sockaddr_ll from;
	u8 got[PACKET_MAX];

	for (;;) {
		socklen_t from_len = sizeof(from);
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (poll(&pfd, 1, 3000) != 1)
			die("the tap missed a packet");
		n = recvfrom(fd, got, sizeof(got), 0, (struct sockaddr *)&from, &from_len);
		if (n < (ssize_t)head || from.sll_pkttype != type ||
		    got[head - 6] != dport >> 8 || got[head - 5] != (dport & 0xff))
			continue;
		if ((size_t)n != head + len || memcmp(got + head, p, len))
			die("the tap on the way holds a damaged packet");
		memcpy(ret_ip, got, 40);
		return;
	}
}

/* Marked as voice, fresh, and numbered: fragments of two must not be mixed up. */
static void check_header(int family, const u8 ip[40], int *last_id)
{
	int id = ip[4] << 8 | ip[5];

	if (family == 6) {
		if ((ip[0] & 0x0f) != 0x0b || (ip[1] & 0xf0) != 0x80 || ip[7] != 64)
			die("an IPv6 header isn't what it should be");
		return;
	}
	if (ip[0] != 0x45 || ip[1] != 0xb8 || ip[6] || ip[7] || ip[8] != 64)
		die("an IPv4 header isn't what it should be");
	if (*last_id >= 0 && id != (*last_id + 1) % 65536)
		die("IPv4 identification %d follows %d", id, *last_id);
	*last_id = id;
}

/* ---- running it ---- */

struct tally {
	size_t passed;
	size_t refused;
};

static bool must_pass(const struct packet *p, bool sealing)
{
	/* Every clear report is a new one to the side that seals. */
	if (p->rtcp && sealing)
		return true;
	return model_take(p->rtcp ? &rtcp_model[p->ssrc] : &rtp_model[p->ssrc], p->index);
}

static void receive(int fd, u8 *got, size_t *len, size_t number)
{
	ssize_t n = rig_recv(fd, got, 3000);

	if (n < 0)
		die("packet %zu didn't come", number);
	*len = (size_t)n;
}

static void compare(const u8 *got, size_t len, const u8 *want, size_t want_len, size_t number)
{
	size_t i;

	for (i = 0; i < len && i < want_len && got[i] == want[i];)
		i++;
	if (len != want_len || i != len)
		die("packet %zu: %zu bytes, %zu expected; byte %zu is wrong", number, len,
		    want_len, i);
}

/* What arrived at the head office, by libsrtp2 in both directions. */
static void judge_sealed(const struct packet *p, u8 *got, size_t len, srtp_t in, srtp_t out,
			 size_t number)
{
	u8 want[PACKET_MAX];
	int n = (int)p->plain_len;

	if (!p->rtcp) {
		memcpy(want, p->plain, p->plain_len);
		if (rig_protect(out, want, &n))
			die("libsrtp2 doesn't seal packet %zu", number);
		compare(got, len, want, (size_t)n, number);
	}
	n = (int)len;
	if (p->rtcp ? rig_unprotect_rtcp(in, got, &n) : rig_unprotect(in, got, &n))
		die("libsrtp2 doesn't open packet %zu", number);
	compare(got, (size_t)n, p->plain, p->plain_len, number);
}

static struct tally run_seal(const struct rig *rig, const struct packet *all,
			     const struct order *o)
{
	srtp_t in = rig_srtp(rig->seal, true), out = rig_srtp(rig->seal, false);
	int sent_tap = tap_open("phone", "eth0.100"), tap = tap_open("gw", "lan0");
	int out_tap = tap_open("hq", "eth0"), last_id = -1;
	u8 got[PACKET_MAX], sealed[PACKET_MAX], ip[40];
	struct tally t = { };
	size_t i, len;

	for (i = 0; i < o->n; i++) {
		const struct packet *p = &all[o->at[i]];
		u16 to = (u16)(HQ_RTP + (p->rtcp && !rig->mux));
		u16 port = (u16)(LAN_RTP + (p->rtcp && !rig->mux));

		rig_send(rig->phone[p->rtcp], p->plain, p->plain_len);
		if (must_pass(p, true)) {
			receive(rig->hq[p->rtcp], got, &len, o->at[i]);
			memcpy(sealed, got, len);
			tap_expect(out_tap, rig->wan, PACKET_HOST, to, sealed, len, ip);
			check_header(rig->wan, ip, &last_id);
			judge_sealed(p, got, len, in, out, o->at[i]);
			t.passed++;
		} else {
			t.refused++;
		}
		tap_expect(sent_tap, rig->lan, PACKET_OUTGOING, port, p->plain, p->plain_len,
			   ip);
		tap_expect(tap, rig->lan, PACKET_HOST, port, p->plain, p->plain_len, ip);
	}
	srtp_dealloc(in);
	srtp_dealloc(out);
	close(out_tap);
	close(tap);
	close(sent_tap);
	return t;
}

static struct tally run_open(const struct rig *rig, const struct packet *all,
			     const struct order *o)
{
	int tap = tap_open("gw", "wan0");
	u8 got[PACKET_MAX], ip[40];
	struct tally t = { };
	size_t i, len;

	for (i = 0; i < o->n; i++) {
		const struct packet *p = &all[o->at[i]];
		u16 port = (u16)(WAN_RTP + (p->rtcp && !rig->mux));

		rig_send(rig->hq[p->rtcp], p->sealed, p->sealed_len);
		if (must_pass(p, false)) {
			receive(rig->phone[p->rtcp], got, &len, o->at[i]);
			compare(got, len, p->plain, p->plain_len, o->at[i]);
			t.passed++;
		} else {
			t.refused++;
		}
		tap_expect(tap, rig->wan, PACKET_HOST, port, p->sealed, p->sealed_len, ip);
	}
	close(tap);
	return t;
}

/* Nothing may be left over, and the module must have counted as we did. */
static void check_end(const struct rig *rig, u32 id, const int fds[2], struct tally t)
{
	struct vw_genl_stream s = rig_stream(rig, id);
	u8 got[PACKET_MAX];
	int i;

	for (i = 0; i < 2; i++)
		if (rig_recv(fds[i], got, 200) >= 0)
			die("a packet came through that must not");
	if (s.packets + s.rtcp_packets != t.passed || s.replayed != t.refused ||
	    s.dropped != t.refused || s.nssrcs != SSRCS)
		die("stream %u counts %llu + %llu packets, %llu replays, %u SSRCs; wanted %zu, %zu, %u",
		    id, (unsigned long long)s.packets, (unsigned long long)s.rtcp_packets,
		    (unsigned long long)s.replayed, s.nssrcs, t.passed, t.refused, SSRCS);
	printf("stream %u: %zu packets passed, %zu replays refused, ROC %u %u %u\n", id, t.passed,
	       t.refused, s.ssrcs[0].roc, s.ssrcs[1].roc, s.ssrcs[2].roc);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "lan", required_argument, NULL, 'l' }, { "wan", required_argument, NULL, 'w' },
		{ "mux", no_argument, NULL, 'm' }, { "packets", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' }, { "video", no_argument, NULL, 'v' },
		{ "suite", required_argument, NULL, 'S' },
		{ "mki", required_argument, NULL, 'M' }, { "ext", no_argument, NULL, 'e' }, { },
	};
	struct rig rig = { .lan = 4, .wan = 4 };
	size_t packets = 2000;
	struct packet *all;
	struct order order;
	u32 seed = 1;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l': rig.lan = atoi(optarg); break;
		case 'w': rig.wan = atoi(optarg); break;
		case 'm': rig.mux = true; break;
		case 'v': rig.video = true; break;
		case 'n': packets = strtoul(optarg, NULL, 10); break;
		case 'S': rig_choose(optarg); break;
		case 'M': rig_mki_len = (u8)atoi(optarg); break;
		case 'e':
			for (rig_ext_count = 0; rig_ext_count < 7; rig_ext_count++)
				rig_ext[rig_ext_count] = 2 * rig_ext_count + 1;
			break;
		case 's': seed = (u32)strtoul(optarg, NULL, 10); break;
		default: return 2;
		}
	}
	rig_up(&rig, seed);
	all = schedule_make(&rig, packets);
	order = order_make(packets);
	check_end(&rig, SEAL_ID, rig.hq, run_seal(&rig, all, &order));
	memset(rtp_model, 0, sizeof(rtp_model));
	check_end(&rig, OPEN_ID, rig.phone, run_open(&rig, all, &order));
	rig_down(&rig);
	free(order.at);
	free(all);
	return 0;
}
