// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/*
 * srtpodd: frames that no socket would send, and packets from two CPUs at once.
 * Frames go out by a packet socket, which also leaves the headers unaligned.
 */
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <pthread.h>
#include <sys/ioctl.h>

#include "srtpcall.h"

#define RACE_PACKETS	4000

/* ---- frames by hand, IPv4 from the phone ---- */

static u8 gateway_mac[6], phone_mac[6];

static void read_mac(const char *netns, const char *device, u8 mac[6])
{
	struct ifreq ifr = { };
	int fd;

	rig_enter(netns);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", device);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("%s: %s", device, strerror(errno));
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	close(fd);
}

static int raw_open(const char *device)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	int fd;

	read_mac("gw", "lan0", gateway_mac);
	read_mac("phone", "eth0", phone_mac);
	addr.sll_ifindex = (int)if_nametoindex(device);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("packet socket: %s", strerror(errno));
	return fd;
}

static u32 sum(const u8 *p, size_t len, u32 s)
{
	for (; len > 1; p += 2, len -= 2)
		s += (u32)(p[0] << 8 | p[1]);
	return len ? s + (u32)(p[0] << 8) : s;
}

static u16 fold(u32 s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (u16)~s;
}

/**
 * struct frame - one made by hand, and what to spoil in it
 * @options: bytes of IPv4 options, a multiple of 4
 * @trailer: bytes behind the IP packet
 * @udp_more: added to the UDP length
 * @ip_more: added to the IP length
 * @no_sum: UDP checksum 0
 * @bad_sum: a wrong one
 * @bad_ip_sum: of the IP header
 * @fragment: the more-fragments bit
 */
struct frame {
	u8 b[PACKET_MAX];
	size_t len;
	size_t options, trailer;
	int udp_more, ip_more;
	bool no_sum, bad_sum, bad_ip_sum, fragment;
};

static void frame_ip(struct frame *f, u8 *ip, size_t total)
{
	size_t head = 20 + f->options;
	u16 check;

	memset(ip, 0, 20);
	memset(ip + 20, 1, f->options);
	ip[0] = (u8)(0x40 | head / 4);
	put_be16(ip + 2, (u32)((int)total + f->ip_more));
	ip[6] = f->fragment ? 0x20 : 0;
	ip[8] = 64;
	ip[9] = IPPROTO_UDP;
	inet_pton(AF_INET, rig_addr[PHONE][0], ip + 12);
	inet_pton(AF_INET, rig_addr[LAN][0], ip + 16);
	check = fold(sum(ip, head, 0));
	put_be16(ip + 10, f->bad_ip_sum ? check ^ 1 : check);
}

static void frame_udp(const struct frame *f, const u8 *ip, u8 *udp, size_t len)
{
	u16 check;

	put_be16(udp, PHONE_RTP);
	put_be16(udp + 2, LAN_RTP);
	put_be16(udp + 4, (u32)((int)len + f->udp_more));
	put_be16(udp + 6, 0);
	check = fold(sum(udp, len, sum(ip + 12, 8, IPPROTO_UDP + (u32)len)));
	if (!f->no_sum)
		put_be16(udp + 6, f->bad_sum ? check ^ 0x0100 : check);
}

static void frame_make(struct frame *f, const u8 *payload, size_t len)
{
	u8 *ip = f->b + 14, *udp = ip + 20 + f->options;

	memcpy(f->b, gateway_mac, 6);
	memcpy(f->b + 6, phone_mac, 6);
	put_be16(f->b + 12, 0x0800);
	memcpy(udp + 8, payload, len);
	frame_ip(f, ip, 28 + f->options + len);
	frame_udp(f, ip, udp, 8 + len);
	rig_random_bytes(udp + 8 + len, f->trailer);
	f->len = 14 + 28 + f->options + len + f->trailer;
}

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

/* ---- fragments by hand ---- */

/**
 * struct part - some of a datagram's bytes
 * @from: the first one, a multiple of 8
 * @to: behind the last one
 * @pad: bytes behind the IP packet
 * @bad_sum: a wrong checksum of the IP header
 * @untagged: it comes on the untagged VLAN, from another zone
 */
struct part {
	size_t from, to, pad;
	bool bad_sum, untagged;
};

#define DATAGRAM	(8 + 12 + 160)

static void part_send(const int fd[2], const struct frame *whole, const struct part *part, u16 id)
{
	size_t len = part->to - part->from;
	u8 b[PACKET_MAX], *ip = b + 14;

	memcpy(b, whole->b, 34);
	memcpy(ip + 20, whole->b + 34 + part->from, len);
	rig_random_bytes(ip + 20 + len, part->pad);
	put_be16(ip + 2, (u32)(20 + len));
	put_be16(ip + 4, id);
	put_be16(ip + 6, (u32)(part->from / 8) | (part->to == DATAGRAM ? 0 : 0x2000));
	put_be16(ip + 10, 0);
	put_be16(ip + 10, fold(sum(ip, 20, 0)) ^ part->bad_sum);
	rig_send(fd[part->untagged], b, 34 + len + part->pad);
}

/* Without a data VLAN the untagged ones would end at the port. */
static void carry_data(void)
{
	struct vw_genl_port port = {
		.name = "lan0",
		.rule = { .mode = VOXWALL_PORT_ACCESS, .voice = true, .data_vlan = 10 },
	};

	rig_enter("gw");
	port.ifindex = if_nametoindex(port.name);
	rig_check(&rig, vw_genl_port_set(rig.genl, &port), port.name);
}

static void case_fragments(void)
{
	static const struct {
		struct part part[4];
		bool passes;
		const char *what;
	} rows[] = {
		{ { { .from = 0, .to = 96 }, { .from = 96, .to = DATAGRAM } }, true, "two in order" },
		{ { { .from = 96, .to = DATAGRAM }, { .from = 0, .to = 96 } }, true, "the last first" },
		{ { { .from = 0, .to = 8 }, { .from = 8, .to = 176 },
		    { .from = 176, .to = DATAGRAM, .pad = 22 } }, true, "three, and Ethernet's padding" },
		{ { { .from = 0, .to = 96 }, { .from = 0, .to = 96 },
		    { .from = 96, .to = DATAGRAM } }, true, "one twice" },
		{ { { .from = 0, .to = 96 } }, false, "the first alone" },
		{ { { .from = 96, .to = DATAGRAM } }, false, "the last alone" },
		{ { { .from = 0, .to = 96 }, { .from = 48, .to = DATAGRAM } }, false, "an overlap" },
		{ { { .from = 0, .to = 96 }, { .from = 96, .to = DATAGRAM, .bad_sum = true } }, false,
		  "a header that lies" },
		{ { { .from = 0, .to = 96 }, { .from = 96, .to = DATAGRAM, .untagged = true } }, false,
		  "the rest from another zone" },
		{ { { .from = 96, .to = DATAGRAM, .untagged = true }, { .from = 0, .to = 96 } }, false,
		  "the rest from another zone, first" },
	};
	int fd[2] = { raw_open("eth0.100"), raw_open("eth0") };
	size_t i, j;

	carry_data();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		u8 p[PACKET_MAX], got[PACKET_MAX];
		size_t len = rig_rtp(p, SSRC, (u16)(i + 1), 160);
		struct frame whole = { };
		ssize_t n;
		int open;

		frame_make(&whole, p, len);
		for (j = 0; j < 4 && rows[i].part[j].to; j++)
			part_send(fd, &whole, &rows[i].part[j], (u16)(1000 + i));
		n = rig_recv(rig.hq[0], got, rows[i].passes ? 3000 : 150);
		open = (int)n;
		if (!rows[i].passes && n < 0)
			continue;
		if (!rows[i].passes || n < 0 || rig_unprotect(hq_in, got, &open) ||
		    (size_t)open != len || memcmp(got, p, len))
			die("%s: %zd bytes came, and not what was expected", rows[i].what, n);
	}
	seals(SSRC, (u16)(i + 1), "the call afterwards");
}

/* ---- IPv6 headers by hand, from the phone ---- */

/**
 * struct chain - extension headers in front of UDP
 * @ext: their numbers, in order; the first 0 behind @n
 * @n: how many
 * @lie: the last one says that it is so many units longer
 * @left: segments left, of a routing header
 * @no_sum: UDP checksum 0
 * @bad_sum: a wrong one
 */
struct chain {
	u8 ext[9];
	size_t n;
	u8 lie, left;
	bool no_sum, bad_sum;
};

/* Each is 8 bytes long and says nothing: padding, a route that was taken, a whole packet. */
static size_t chain_put(const struct chain *c, u8 *p)
{
	size_t i;

	memset(p, 0, 8 * c->n);
	for (i = 0; i < c->n; i++, p += 8) {
		p[0] = i + 1 < c->n ? c->ext[i + 1] : IPPROTO_UDP;
		if (i + 1 == c->n)
			p[1] = c->lie;
		if (c->ext[i] == IPPROTO_ROUTING)
			p[2] = 253, p[3] = c->left;
		else if (c->ext[i] != IPPROTO_FRAGMENT)
			p[2] = 1, p[3] = 4;
	}
	return 8 * c->n;
}

static size_t chain_frame(const struct chain *c, u8 *b, const u8 *payload, size_t len)
{
	u8 *ip = b + 14, *udp = ip + 40;
	u16 check;

	memcpy(b, gateway_mac, 6);
	memcpy(b + 6, phone_mac, 6);
	put_be16(b + 12, 0x86dd);
	memset(ip, 0, 40);
	ip[0] = 0x60;
	ip[6] = c->n ? c->ext[0] : IPPROTO_UDP;
	ip[7] = 64;
	inet_pton(AF_INET6, rig_addr[PHONE][1], ip + 8);
	inet_pton(AF_INET6, rig_addr[LAN][1], ip + 24);
	udp += chain_put(c, udp);
	put_be16(ip + 4, (u32)(udp - ip - 40) + 8 + (u32)len);
	put_be16(udp, PHONE_RTP);
	put_be16(udp + 2, LAN_RTP);
	put_be16(udp + 4, (u32)len + 8);
	put_be16(udp + 6, 0);
	memcpy(udp + 8, payload, len);
	check = fold(sum(udp, len + 8, sum(ip + 8, 32, IPPROTO_UDP + (u32)len + 8)));
	if (!c->no_sum)
		put_be16(udp + 6, c->bad_sum ? check ^ 0x0100 : check);
	return (size_t)(udp - b) + 8 + len;
}

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
	int fd = raw_open("eth0.100"), open;
	size_t i, len, n;
	ssize_t came;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		u8 p[PACKET_MAX], b[PACKET_MAX], got[PACKET_MAX];

		len = rig_rtp(p, SSRC, (u16)(i + 1), 160);
		n = chain_frame(&rows[i].c, b, p, len);
		rig_send(fd, b, n);
		came = rig_recv(rig.hq[0], got, rows[i].passes ? 3000 : 150);
		open = (int)came;
		if (!rows[i].passes && came < 0)
			continue;
		if (!rows[i].passes || came < 0 || rig_unprotect(hq_in, got, &open) ||
		    (size_t)open != len || memcmp(got, p, len))
			die("%s: %zd bytes came, and not what was expected", rows[i].what, came);
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
	{ "fragments", case_fragments, false },
	{ "chains", case_chains, false },
	{ "race", case_race, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
