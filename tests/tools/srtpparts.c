// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/*
 * srtpparts: datagrams in fragments made by hand, media for a stream and others for
 * whoever is behind the gateway's address translation.
 */
#include "srtpcall.h"
#include "srtpframe.h"

/* ---- fragments by hand ---- */

/**
 * struct part - some of a datagram's bytes
 * @from: the first one, a multiple of 8
 * @to: behind the last one
 * @pad: bytes behind the IP packet
 * @bad_sum: a wrong checksum of the IP header
 * @untagged: it comes on the untagged VLAN, from another zone
 * @df: it may not become smaller parts
 */
struct part {
	size_t from, to, pad;
	bool bad_sum, untagged, df;
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
	put_be16(ip + 6, (u32)(part->from / 8) | (34 + part->to < whole->len ? 0x2000 : 0) |
		 (part->df ? 0x4000 : 0));
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
		u8 p[PACKET_MAX];
		size_t len = rig_rtp(p, SSRC, (u16)(i + 1), 160);
		struct frame whole = { };

		frame_make(&whole, p, len);
		for (j = 0; j < 4 && rows[i].part[j].to; j++)
			part_send(fd, &whole, &rows[i].part[j], (u16)(1000 + i));
		meets(p, len, rows[i].passes, rows[i].what);
	}
	seals(SSRC, (u16)(i + 1), "the call afterwards");
}

/* ---- IPv6 ---- */

/**
 * struct part6 - some of the bytes behind a fragment header
 * @from: the first one, a multiple of 8
 * @to: behind the last one; 0: the end
 */
struct part6 {
	size_t from, to;
};

/* @head: bytes of the frame up to and including the fragment header. */
static void part6_send(int fd, const u8 *b, size_t head, size_t len, const struct part6 *part, u32 id)
{
	size_t to = part->to ?: len - head;
	u8 f[PACKET_MAX];

	memcpy(f, b, head);
	memcpy(f + head, b + head + part->from, to - part->from);
	put_be16(f + 14 + 4, (u32)(head - 14 - 40 + to - part->from));
	put_be16(f + head - 6, (u32)part->from | (to < len - head));
	put_be32(f + head - 4, id);
	rig_send(fd, f, head + to - part->from);
}

static size_t head_of(const struct chain *c)
{
	size_t i = 0;

	while (c->ext[i] != IPPROTO_FRAGMENT)
		i++;
	return 14 + 40 + 8 * (i + 1);
}

static void case_fragments6(void)
{
	enum { HOP = 0, FRAG = IPPROTO_FRAGMENT, DST = IPPROTO_DSTOPTS, RT = IPPROTO_ROUTING };
	static const struct {
		struct chain c;
		struct part6 part[3];
		bool passes;
		const char *what;
	} rows[] = {
		{ { .ext = { FRAG }, .n = 1 }, { { 0, 96 }, { 96, 0 } }, true, "two in order" },
		{ { .ext = { FRAG }, .n = 1 }, { { 96, 0 }, { 0, 96 } }, true, "the last first" },
		{ { .ext = { DST, FRAG }, .n = 2 }, { { 0, 96 }, { 96, 0 } }, true,
		  "options in front of each part" },
		{ { .ext = { FRAG, DST }, .n = 2 }, { { 0, 96 }, { 96, 0 } }, true,
		  "options in front of the whole" },
		{ { .ext = { FRAG, DST }, .n = 2 }, { { 96, 0 }, { 0, 96 } }, true,
		  "options in front of the whole, the last part first" },
		{ { .ext = { HOP, DST, RT, FRAG, DST, DST }, .n = 6 },
		  { { 0, 96 }, { 96, 104 }, { 104, 0 } }, true, "options everywhere" },
		{ { .ext = { FRAG, DST }, .n = 2 }, { { 0, 96 } }, false, "the first alone" },
		{ { .ext = { FRAG, DST }, .n = 2 }, { { 96, 0 } }, false, "the last alone" },
		{ { .ext = { FRAG, DST }, .n = 2 }, { { 0, 8 }, { 8, 0 } }, false,
		  "a first part that ends before UDP (RFC 7112)" },
		{ { .ext = { FRAG, DST }, .n = 2 }, { { 0, 96 }, { 48, 0 } }, false, "an overlap" },
		{ { .ext = { FRAG, HOP }, .n = 2 }, { { 0, 96 }, { 96, 0 } }, false,
		  "hop-by-hop options in the whole" },
	};
	int fd = raw_open("eth0.100");
	size_t i, j, len, n;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		u8 p[PACKET_MAX], b[PACKET_MAX];

		len = rig_rtp(p, SSRC, (u16)(i + 1), 160);
		n = chain_frame(&rows[i].c, b, p, len);
		for (j = 0; j < 3 && (rows[i].part[j].from || rows[i].part[j].to); j++)
			part6_send(fd, b, head_of(&rows[i].c), n, &rows[i].part[j],
				   (u32)(1000 + i));
		meets(p, len, rows[i].passes, rows[i].what);
	}
	seals(SSRC, (u16)(i + 1), "the call afterwards");
}

/* ---- for whoever is behind the gateway's address translation ---- */

#define TRANSLATED	30000	/* its UDP port, there and here */
#define LARGE		1900	/* more than a link holds, of payload */

static const char *const behind[] = { "10.1.10.11", "fd00:10::11" };

/* From the head office to the gateway's own address, with the ports of no stream. */
static void readdress(u8 *addr, size_t len, u8 *udp, int family)
{
	inet_pton(family == 4 ? AF_INET : AF_INET6, rig_addr[HQ][family == 6], addr);
	inet_pton(family == 4 ? AF_INET : AF_INET6, rig_addr[WAN][family == 6],
		  addr + (family == 4 ? 4 : 16));
	put_be16(udp, TRANSLATED);
	put_be16(udp + 2, TRANSLATED);
	put_be16(udp + 6, 0);
	if (family == 6)
		put_be16(udp + 6, fold(sum(udp, len, sum(addr, 32, IPPROTO_UDP + (u32)len))));
}

static int host_behind(int family)
{
	struct sockaddr_in6 a6 = { .sin6_family = AF_INET6, .sin6_port = htons(TRANSLATED) };
	struct sockaddr_in a4 = { .sin_family = AF_INET, .sin_port = htons(TRANSLATED) };
	int fd;

	rig_enter("phone");
	inet_pton(AF_INET, behind[0], &a4.sin_addr);
	inet_pton(AF_INET6, behind[1], &a6.sin6_addr);
	fd = socket(family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, family == 4 ? (struct sockaddr *)&a4 : (struct sockaddr *)&a6,
			   family == 4 ? sizeof(a4) : sizeof(a6)))
		die("socket in phone: %s", strerror(errno));
	return fd;
}

static void send_large4(int fd, const u8 *payload, bool df)
{
	struct part part[2] = { { .from = 0, .to = 1000, .df = df },
				{ .from = 1000, .to = 8 + LARGE, .df = df } };
	struct frame whole = { .no_sum = true };
	const int both[2] = { fd, fd };

	frame_make(&whole, payload, LARGE);
	readdress(whole.b + 14 + 12, 8 + LARGE, whole.b + 34, 4);
	part_send(both, &whole, &part[0], 2000 + df);
	part_send(both, &whole, &part[1], 2000 + df);
}

static void send_large6(int fd, const u8 *payload)
{
	static const struct part6 part[2] = { { 0, 1000 }, { 1000, 0 } };
	struct chain c = { .ext = { IPPROTO_FRAGMENT }, .n = 1 };
	u8 b[PACKET_MAX];
	size_t len = chain_frame(&c, b, payload, LARGE);

	readdress(b + 14 + 8, 8 + LARGE, b + 14 + 48, 6);
	part6_send(fd, b, head_of(&c), len, &part[0], 2000);
	part6_send(fd, b, head_of(&c), len, &part[1], 2000);
}

static void case_translated(void)
{
	static const char *const rows[] = { "IPv4", "IPv4 with DF", "IPv6" };
	u8 payload[LARGE], got[PACKET_MAX];
	int fd, host, i;
	ssize_t n;

	carry_data();
	fd = raw_open_at("hq", "eth0", "wan0");
	for (i = 0; i < 3; i++) {
		host = host_behind(i < 2 ? 4 : 6);
		rig_random_bytes(payload, LARGE);
		if (i < 2)
			send_large4(fd, payload, i);
		else
			send_large6(fd, payload);
		n = rig_recv(host, got, 3000);
		if (n != LARGE || memcmp(got, payload, LARGE))
			die("%s: %zd bytes came, and not what was sent", rows[i], n);
		close(host);
	}
	seals(SSRC, 1, "the call afterwards");
}

static const struct call_case cases[] = {
	{ "fragments", case_fragments, false },
	{ "fragments6", case_fragments6, false },
	{ "translated", case_translated, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
