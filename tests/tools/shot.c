/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Send made-up frames in one network namespace and count those that arrive in
 * another one: the marksman of the network tests.
 *
 *   shot NETNS:INTERFACE NETNS:INTERFACE [options]     prints how many arrived
 *
 *   --count N            frames (default 5)
 *   --src MAC --dst MAC  --ethertype HEX
 *   --vlan VID           once for each tag, outermost first; VID/HEX names the type
 *   --from ADDR --to ADDR   IPv4 or IPv6
 *   --udp S:D  --tcp S:D[:FLAGS]  --proto N[:TYPE]   FLAGS in hex, TYPE of ICMP
 *   --rtp SSRC  --pt N  --seq N     --rtcp SSRC
 *   --text STRING        payload, with \r, \n, \0 and \xHH
 *   --size N             payload bytes, filled up with zeros
 *   --frag OFFSET[+]     fragment at OFFSET (bytes); + means more follow
 *   --ext                IPv6 destination options; IPv4: no-operation options
 *   --iplen N --udplen N length fields that lie
 *   --cut                send every truncation of the frame once
 *   --socket             send by a UDP socket instead, as the host itself does
 *   --glued              all --size bytes long, as one segmented datagram, which begins
 *                        with one of noise
 *   --every MS           pause between the frames
 *   --dscp               print the DSCP of the last one that arrived as well
 *   --wait MS            how long nothing may arrive until it gives up (default 150)
 *
 * Each payload carries a mark of this run, which is what the receiver looks for.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <net/if.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "shot_frame.h"

/* ---- sending and receiving ---- */

/* Enters the namespace of "NETNS:INTERFACE"; returns the interface's name. */
static const char *enter(const char *where)
{
	const char *colon = strchr(where, ':');
	char path[256];
	int fd;

	if (!colon)
		usage("NETNS:INTERFACE, please");
	snprintf(path, sizeof(path), "/run/netns/%.*s", (int)(colon - where), where);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
	return colon + 1;
}

static int packet_socket(const char *where, int protocol)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons((uint16_t)protocol) };
	const char *name = enter(where);
	int size = 4 << 20;
	int fd;

	ll.sll_ifindex = (int)if_nametoindex(name);
	if (!ll.sll_ifindex)
		die(name);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&ll, sizeof(ll)))
		die(where);
	return fd;
}

static void fire_frames(const struct shot *s, int fd)
{
	static struct buf o;
	int n;

	for (n = 0; n < s->count; n++) {
		build(s, &o, n);
		if (n && s->every)
			usleep((useconds_t)s->every * 1000);
		if (s->cut) {
			/* The device itself refuses less than an Ethernet header. */
			for (size_t len = 14; len < o.len; len++)
				if (send(fd, o.b, len, 0) < 0)
					die("send");
		} else if (send(fd, o.b, o.len, 0) < 0) {
			die("send");
		}
	}
}

static void fill(const struct shot *s, struct sockaddr_storage *ss, const uint8_t *addr,
		 uint16_t port)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *in = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	if (s->family == 4) {
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, addr, 4);
	} else {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		memcpy(&in6->sin6_addr, addr, 16);
	}
}

static int udp_socket(const struct shot *s)
{
	int fd = socket(s->family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage from;

	fill(s, &from, s->from, s->sport);
	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)))
		die("UDP socket");
	return fd;
}

/*
 * Not connected: an ICMP error would swallow the next datagram. A guard that
 * refuses answers with EPERM, and IPsec without an SA with EAGAIN.
 */
static void fire_datagrams(const struct shot *s, int fd)
{
	struct sockaddr_storage to;
	static struct buf o;
	int n;

	fill(s, &to, s->to, s->dport);
	for (n = 0; n < s->count; n++) {
		o.len = 0;
		payload(s, &o, n);
		if (n)
			usleep((useconds_t)s->every * 1000);
		if (sendto(fd, o.b, o.len, 0, (struct sockaddr *)&to, sizeof(to)) < 0 &&
		    errno != EPERM && errno != EAGAIN)
			die("send");
	}
}

static void fire_glued(const struct shot *s, int fd)
{
	static struct shot first;
	struct sockaddr_storage to;
	static struct buf o;
	int n, size = (int)s->size;

	first = *s;
	first.rtp = false;
	first.text_len = (size_t)snprintf(first.text, sizeof(first.text), "\xc3\x11\x22");
	payload(&first, &o, 0);
	for (n = 0; n < s->count; n++)
		payload(s, &o, n);
	fill(s, &to, s->to, s->dport);
	if (setsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)) ||
	    sendto(fd, o.b, o.len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		die("send segments");
}

static int dscp_of(const uint8_t *p, size_t len)
{
	size_t at = 12;

	while (at + 4 < len && (!memcmp(p + at, "\x81\x00", 2) || !memcmp(p + at, "\x88\xa8", 2)))
		at += 4;
	if (at + 4 > len)
		return -1;
	if (!memcmp(p + at, "\x08\x00", 2))
		return p[at + 3] >> 2;
	if (!memcmp(p + at, "\x86\xdd", 2))
		return (p[at + 2] << 8 | p[at + 3]) >> 6 & 0x3f;
	return -1;
}

static int collect(const struct shot *s, int fd, int *ret_dscp)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct sockaddr_ll from;
	static uint8_t b[65536];
	socklen_t len;
	int got = 0;
	ssize_t n;

	while (got < s->count + s->glued && poll(&p, 1, s->wait) > 0) {
		len = sizeof(from);
		n = recvfrom(fd, b, sizeof(b), 0, (struct sockaddr *)&from, &len);
		if (n < 0 || from.sll_pkttype == PACKET_OUTGOING ||
		    !memmem(b, (size_t)n, s->mark, MARK_LEN))
			continue;
		*ret_dscp = dscp_of(b, (size_t)n);
		got++;
	}
	return got;
}

/* ---- options ---- */

static void read_mac(uint8_t *mac, const char *text)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3,
		   mac + 4, mac + 5) != 6)
		usage("that is no MAC address");
}

static void read_addr(struct shot *s, uint8_t *addr, const char *text)
{
	s->family = strchr(text, ':') ? 6 : 4;
	if (inet_pton(s->family == 4 ? AF_INET : AF_INET6, text, addr) != 1)
		usage("that is no address");
}

static void read_ports(struct shot *s, uint8_t proto, const char *text)
{
	unsigned int sport, dport, flags = 0x18;

	if (sscanf(text, "%u:%u:%x", &sport, &dport, &flags) < 2)
		usage("SPORT:DPORT, please");
	s->proto = proto;
	s->sport = (uint16_t)sport;
	s->dport = (uint16_t)dport;
	s->tcp_flags = (uint8_t)flags;
}

static void read_vlan(struct shot *s, const char *text)
{
	unsigned int vid, tpid = 0x8100;

	if (s->nvlan == TAGS_MAX || sscanf(text, "%u/%x", &vid, &tpid) < 1)
		usage("VID or VID/TYPE, four at most");
	s->vlan[s->nvlan] = (uint16_t)vid;
	s->tpid[s->nvlan++] = (uint16_t)tpid;
}

static void read_text(struct shot *s, const char *text)
{
	unsigned int byte;

	for (; *text; text++) {
		char c = *text;

		if (s->text_len == sizeof(s->text))
			usage("the text is too long");
		if (c == '\\' && text[1]) {
			c = *++text;
			if (c == 'x' && sscanf(text + 1, "%2x", &byte) == 1) {
				c = (char)byte;
				text += 2;
			} else {
				c = c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c;
			}
		}
		s->text[s->text_len++] = c;
	}
}

static void read_proto(struct shot *s, const char *text)
{
	unsigned int proto, type = 8;

	if (sscanf(text, "%u:%u", &proto, &type) < 1)
		usage("PROTO or PROTO:TYPE, please");
	s->proto = (uint8_t)proto;
	s->icmp_type = (uint8_t)type;
}

enum { COUNT = 256, SRC, DST, TYPE, VLAN, FROM, TO, UDP, TCP, PROTO, RTP, PT, SEQ, RTCP,
       TEXT, SIZE, FRAG, EXT, IPLEN, UDPLEN, CUT, SOCKET, GLUED, DSCP, WAIT, EVERY };

static const struct option options[] = {
	{ "count", 1, 0, COUNT }, { "src", 1, 0, SRC }, { "dst", 1, 0, DST },
	{ "ethertype", 1, 0, TYPE }, { "vlan", 1, 0, VLAN }, { "from", 1, 0, FROM },
	{ "to", 1, 0, TO }, { "udp", 1, 0, UDP }, { "tcp", 1, 0, TCP },
	{ "proto", 1, 0, PROTO }, { "rtp", 1, 0, RTP }, { "pt", 1, 0, PT },
	{ "seq", 1, 0, SEQ }, { "rtcp", 1, 0, RTCP }, { "text", 1, 0, TEXT },
	{ "size", 1, 0, SIZE }, { "frag", 1, 0, FRAG }, { "ext", 0, 0, EXT },
	{ "iplen", 1, 0, IPLEN }, { "udplen", 1, 0, UDPLEN }, { "cut", 0, 0, CUT },
	{ "socket", 0, 0, SOCKET }, { "glued", 0, 0, GLUED }, { "dscp", 0, 0, DSCP },
	{ "wait", 1, 0, WAIT }, { "every", 1, 0, EVERY },
	{ 0, 0, 0, 0 },
};

static void read_option(struct shot *s, int option, const char *arg)
{
	switch (option) {
	case COUNT: s->count = atoi(arg); break;
	case SRC: read_mac(s->src, arg); break;
	case DST: read_mac(s->dst, arg); break;
	case TYPE: s->ethertype = (uint16_t)strtoul(arg, NULL, 16); break;
	case VLAN: read_vlan(s, arg); break;
	case FROM: read_addr(s, s->from, arg); break;
	case TO: read_addr(s, s->to, arg); break;
	case UDP: read_ports(s, IPPROTO_UDP, arg); break;
	case TCP: read_ports(s, IPPROTO_TCP, arg); break;
	case PROTO: read_proto(s, arg); break;
	case RTP: s->rtp = true; s->ssrc = (uint32_t)strtoul(arg, NULL, 0); break;
	case PT: s->pt = (uint8_t)atoi(arg); break;
	case SEQ: s->seq = (uint16_t)atoi(arg); break;
	case RTCP: s->rtcp = true; s->ssrc = (uint32_t)strtoul(arg, NULL, 0); break;
	case TEXT: read_text(s, arg); break;
	case SIZE: s->size = (size_t)atoi(arg); break;
	case FRAG: s->frag = atoi(arg); s->more = strchr(arg, '+'); break;
	case EXT: s->ext = true; break;
	case IPLEN: s->iplen = atoi(arg); break;
	case UDPLEN: s->udplen = atoi(arg); break;
	case CUT: s->cut = true; break;
	case SOCKET: s->socket = true; break;
	case GLUED: s->socket = s->glued = true; break;
	case DSCP: s->dscp = true; break;
	case WAIT: s->wait = atoi(arg); break;
	case EVERY: s->every = atoi(arg); break;
	default: usage("see the head of tests/tools/shot.c");
	}
}

int main(int argc, char **argv)
{
	static struct shot s = { .count = 5, .wait = 150, .frag = -1, .pt = 8, .seq = 100,
				 .ethertype = 0x88b5, .proto = IPPROTO_UDP };
	int option, tx, rx, got, dscp = -1;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		read_option(&s, option, optarg);
	if (argc - optind != 2)
		usage("NETNS:INTERFACE NETNS:INTERFACE [options]");
	if (getrandom(s.mark, MARK_LEN, 0) != MARK_LEN)
		die("getrandom");
	rx = packet_socket(argv[optind + 1], 0x0003);
	if (s.socket) {
		enter(argv[optind]);
		tx = udp_socket(&s);
		if (s.glued)
			fire_glued(&s, tx);
		else
			fire_datagrams(&s, tx);
	} else {
		tx = packet_socket(argv[optind], 0);
		fire_frames(&s, tx);
	}
	got = collect(&s, rx, &dscp);
	if (s.dscp)
		printf("%d %d\n", got, dscp);
	else
		printf("%d\n", got);
	return 0;
}
