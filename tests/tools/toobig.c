// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * toobig: ICMPv6 "packet too big", as a router says it or as somebody makes it up.
 *
 *   toobig NETNS TO MTU SADDR SPORT DADDR DPORT [udp|tcp|first|later|broken|problem]
 *
 * NETNS says to TO that a datagram from SADDR to DADDR didn't fit a link of MTU bytes:
 * a whole one (udp), a segment (tcp), or the first or a later fragment of a datagram.
 * What is broken has no checksum, and DADDR says it. A problem is one with a parameter,
 * and MTU where.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUOTED	1200

static void fail(const char *what)
{
	fprintf(stderr, "toobig: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct in6_addr address(const char *text)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		fail(text);
	return a;
}

static void enter(const char *netns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		fail(netns);
	close(fd);
}

/* The packet that is said to have been too large; returns how much of it is quoted. */
static size_t quote(uint8_t *p, char **flow, const char *kind)
{
	int part = !strcmp(kind, "first") ? 1 : !strcmp(kind, "later") ? 2 : 0;
	struct ip6_frag frag = {
		.ip6f_nxt = IPPROTO_UDP,
		.ip6f_offlg = part == 2 ? htons(1000) : IP6F_MORE_FRAG,
	};
	struct udphdr udp = {
		.uh_sport = htons((uint16_t)atoi(flow[1])),
		.uh_dport = htons((uint16_t)atoi(flow[3])),
		.uh_ulen = htons(QUOTED + 200),
	};
	struct ip6_hdr ip = {
		.ip6_flow = htonl(0x60000000),
		.ip6_plen = htons(QUOTED + 200),
		.ip6_nxt = part ? IPPROTO_FRAGMENT :
			   !strcmp(kind, "tcp") ? IPPROTO_TCP : IPPROTO_UDP,
		.ip6_hlim = 60,
		.ip6_src = address(flow[0]),
		.ip6_dst = address(flow[2]),
	};
	size_t at = sizeof(ip);

	memset(p, 0x55, QUOTED);
	memcpy(p, &ip, sizeof(ip));
	if (part) {
		memcpy(p + at, &frag, sizeof(frag));
		at += sizeof(frag);
	}
	memcpy(p + at, &udp, sizeof(udp));
	return QUOTED;
}

static void transmit(int proto, const uint8_t *p, size_t len, const struct sockaddr_in6 *to)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, proto);

	if (fd < 0 || sendto(fd, p, len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0)
		fail("send");
	close(fd);
}

/* With a header of our own, and so without the kernel's checksum. */
static void send_broken(const uint8_t *icmp, size_t len, const struct sockaddr_in6 *to,
			const char *from)
{
	struct ip6_hdr ip = {
		.ip6_flow = htonl(0x60000000),
		.ip6_plen = htons((uint16_t)len),
		.ip6_nxt = IPPROTO_ICMPV6,
		.ip6_hlim = 60,
		.ip6_src = address(from),
		.ip6_dst = to->sin6_addr,
	};
	uint8_t b[sizeof(ip) + sizeof(struct icmp6_hdr) + QUOTED];

	memcpy(b, &ip, sizeof(ip));
	memcpy(b + sizeof(ip), icmp, len);
	transmit(IPPROTO_RAW, b, sizeof(ip) + len, to);
}

int main(int argc, char **argv)
{
	const char *kind = argc > 8 ? argv[8] : "udp";
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	uint8_t b[sizeof(struct icmp6_hdr) + QUOTED];
	struct icmp6_hdr icmp = { .icmp6_type = ICMP6_PACKET_TOO_BIG };
	size_t len;

	if (argc < 8)
		return 2;
	if (!strcmp(kind, "problem"))
		icmp.icmp6_type = ICMP6_PARAM_PROB;
	to.sin6_addr = address(argv[2]);
	icmp.icmp6_mtu = htonl((uint32_t)atoi(argv[3]));
	memcpy(b, &icmp, sizeof(icmp));
	len = sizeof(icmp) + quote(b + sizeof(icmp), argv + 4, kind);
	enter(argv[1]);
	if (!strcmp(kind, "broken"))
		send_broken(b, len, &to, argv[6]);
	else
		transmit(IPPROTO_ICMPV6, b, len, &to);
	return 0;
}
