// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libpcap */
/*
 * pktsend: put a counted number of frames on an interface, as an attacker would.
 *
 * Made up:   pktsend -i IF --dmac M --smac M [--vlan ID]... --src A --dst A
 *                    [--tcp] --sport P --dport P [--rtp SSRC] [--seq N] [--ts N] [--pt N]
 *                    [--marker HEX] [--text STRING | --file F] [--size N]
 * Captured:  pktsend -i IF --pcap F --filter BPF [--skip N] [--flip-tag] [--seq-add N]
 * Both:      [--count N] [--interval MS]
 *
 * Prints {"sent": N}. Addresses are IPv4 or IPv6; a second --vlan is the inner tag.
 * The payload is the RTP header, the marker, the text or file, then zeros up to --size.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAX	9000
#define VLANS_MAX	2
#define RTP_HEADER	12
#define TICKS		160	/* 20 ms at 8 kHz */

struct address {
	int family;
	size_t len;
	uint8_t bytes[16];
};

struct order {
	const char *interface, *pcap, *filter;
	struct ether_addr smac, dmac;
	uint16_t vlans[VLANS_MAX];
	int vlan_count;
	struct address src, dst;
	uint16_t sport, dport;
	bool tcp, rtp, flip_tag;
	uint32_t ssrc, ts;
	uint16_t seq, seq_add;
	uint8_t pt;
	uint8_t data[FRAME_MAX];	/* marker, then text or file */
	size_t data_len, size;
	long count, skip, interval_ms;
};

struct frame {
	uint8_t bytes[FRAME_MAX + 200];
	size_t len;
};

static void __attribute__((noreturn)) die(const char *what, const char *why)
{
	fprintf(stderr, "pktsend: %s: %s\n", what, why);
	exit(2);
}

/* ---- checksums ---- */

static uint32_t sum_add(uint32_t sum, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	if (len & 1)
		sum += (uint32_t)p[len - 1] << 8;
	return sum;
}

static uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
	put16(p, (uint16_t)(value >> 16));
	put16(p + 2, (uint16_t)value);
}

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* Over the pseudo header and the segment, whose own field is zero. */
static uint16_t segment_sum(const uint8_t *addresses, size_t addresses_len, uint8_t protocol,
			    const uint8_t *segment, size_t len)
{
	uint32_t sum = sum_add((uint32_t)protocol + (uint32_t)len, addresses, addresses_len);
	uint16_t folded = sum_fold(sum_add(sum, segment, len));

	return folded || protocol == IPPROTO_TCP ? folded : 0xffff;
}

/* ---- frames made up ---- */

static size_t payload_put(const struct order *order, long i, uint8_t *p)
{
	size_t len = 0;

	if (order->rtp) {
		p[0] = 0x80;
		p[1] = order->pt;
		put16(p + 2, (uint16_t)(order->seq + i));
		put32(p + 4, order->ts + (uint32_t)i * TICKS);
		put32(p + 8, order->ssrc);
		len = RTP_HEADER;
	}
	memcpy(p + len, order->data, order->data_len);
	len += order->data_len;
	if (len < order->size) {
		memset(p + len, 0, order->size - len);
		len = order->size;
	}
	return len;
}

static size_t segment_put(const struct order *order, long i, uint8_t *p)
{
	size_t header = order->tcp ? sizeof(struct tcphdr) : sizeof(struct udphdr);
	size_t len = header + payload_put(order, i, p + header);
	uint8_t addresses[32];

	memset(p, 0, header);
	put16(p, order->sport);
	put16(p + 2, order->dport);
	memcpy(addresses, order->src.bytes, order->src.len);
	memcpy(addresses + order->src.len, order->dst.bytes, order->dst.len);
	if (order->tcp) {
		put32(p + 4, 1000 + (uint32_t)i);
		p[12] = 5 << 4;
		p[13] = order->data_len ? 0x18 : 0x02;	/* PSH+ACK, or SYN */
		put16(p + 14, 0xffff);
	} else {
		put16(p + 4, (uint16_t)len);
	}
	put16(p + (order->tcp ? 16 : 6),
	      segment_sum(addresses, 2 * order->src.len, order->tcp ? IPPROTO_TCP : IPPROTO_UDP, p, len));
	return len;
}

static size_t ipv4_put(const struct order *order, long i, uint8_t *p)
{
	size_t len = 20 + segment_put(order, i, p + 20);

	memset(p, 0, 20);
	p[0] = 0x45;
	put16(p + 2, (uint16_t)len);
	put16(p + 4, (uint16_t)i);
	p[6] = 0x40;
	p[8] = 64;
	p[9] = order->tcp ? IPPROTO_TCP : IPPROTO_UDP;
	memcpy(p + 12, order->src.bytes, 4);
	memcpy(p + 16, order->dst.bytes, 4);
	put16(p + 10, sum_fold(sum_add(0, p, 20)));
	return len;
}

static size_t ipv6_put(const struct order *order, long i, uint8_t *p)
{
	size_t len = segment_put(order, i, p + 40);

	memset(p, 0, 40);
	p[0] = 0x60;
	put16(p + 4, (uint16_t)len);
	p[6] = order->tcp ? IPPROTO_TCP : IPPROTO_UDP;
	p[7] = 64;
	memcpy(p + 8, order->src.bytes, 16);
	memcpy(p + 24, order->dst.bytes, 16);
	return 40 + len;
}

static void frame_make(const struct order *order, long i, struct frame *frame)
{
	uint8_t *p = frame->bytes;

	memcpy(p, &order->dmac, ETH_ALEN);
	memcpy(p + 6, &order->smac, ETH_ALEN);
	p += 12;
	for (int v = 0; v < order->vlan_count; v++, p += 4) {
		put16(p, ETHERTYPE_VLAN);
		put16(p + 2, order->vlans[v]);
	}
	put16(p, order->src.family == AF_INET ? ETHERTYPE_IP : ETHERTYPE_IPV6);
	p += 2;
	p += order->src.family == AF_INET ? ipv4_put(order, i, p) : ipv6_put(order, i, p);
	frame->len = (size_t)(p - frame->bytes);
}

/* ---- frames from a capture ---- */

struct view {
	size_t addresses, addresses_len, udp, udp_len;
};

static bool view_udp(const struct frame *frame, struct view *ret_view)
{
	const uint8_t *p = frame->bytes;
	size_t at = 12;
	uint16_t type;

	while (at + 4 < frame->len && get16(p + at) == ETHERTYPE_VLAN)
		at += 4;
	type = get16(p + at);
	at += 2;
	if (type == ETHERTYPE_IP && at + 28 <= frame->len && p[at + 9] == IPPROTO_UDP) {
		*ret_view = (struct view){ at + 12, 8, at + (size_t)(p[at] & 15) * 4, 0 };
	} else if (type == ETHERTYPE_IPV6 && at + 48 <= frame->len && p[at + 6] == IPPROTO_UDP) {
		*ret_view = (struct view){ at + 8, 32, at + 40, 0 };
	} else {
		return false;
	}
	if (ret_view->udp + 8 > frame->len)
		return false;
	ret_view->udp_len = get16(p + ret_view->udp + 4);
	return ret_view->udp_len >= 8 + RTP_HEADER && ret_view->udp + ret_view->udp_len <= frame->len;
}

/* A capture on the sending machine holds checksums not yet computed: always do it here. */
static bool frame_doctor(const struct order *order, struct frame *frame)
{
	struct view view;
	uint8_t *udp;

	if (!view_udp(frame, &view))
		return false;
	udp = frame->bytes + view.udp;
	put16(udp + 10, (uint16_t)(get16(udp + 10) + order->seq_add));
	if (order->flip_tag)
		udp[view.udp_len - 1] ^= 1;
	put16(udp + 6, 0);
	put16(udp + 6, segment_sum(frame->bytes + view.addresses, view.addresses_len, IPPROTO_UDP,
				   udp, view.udp_len));
	return true;
}

static pcap_t *capture_open(const struct order *order)
{
	char error[PCAP_ERRBUF_SIZE];
	struct bpf_program program;
	pcap_t *pcap = pcap_open_offline(order->pcap, error);

	if (!pcap)
		die(order->pcap, error);
	if (pcap_datalink(pcap) != DLT_EN10MB)
		die(order->pcap, "not an Ethernet capture");
	if (pcap_compile(pcap, &program, order->filter, 1, PCAP_NETMASK_UNKNOWN) ||
	    pcap_setfilter(pcap, &program))
		die(order->filter, pcap_geterr(pcap));
	pcap_freecode(&program);
	return pcap;
}

static bool frame_next(pcap_t *pcap, struct frame *frame)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;

	/* Ends at the end of the file, and at a last record still being written. */
	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		if (header->caplen != header->len || header->len > FRAME_MAX)
			continue;
		memcpy(frame->bytes, bytes, header->len);
		frame->len = header->len;
		return true;
	}
	return false;
}

/* ---- sending ---- */

static int socket_open(const char *interface)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0)
		die("packet socket", strerror(errno));
	address.sll_ifindex = (int)if_nametoindex(interface);
	if (!address.sll_ifindex)
		die(interface, strerror(errno));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die(interface, strerror(errno));
	return fd;
}

static void frame_send(const struct order *order, int fd, const struct frame *frame)
{
	struct timespec pause = { order->interval_ms / 1000, order->interval_ms % 1000 * 1000000 };

	if (send(fd, frame->bytes, frame->len, 0) != (ssize_t)frame->len)
		die(order->interface, strerror(errno));
	if (order->interval_ms)
		nanosleep(&pause, NULL);
}

static long send_captured(const struct order *order, int fd)
{
	pcap_t *pcap = capture_open(order);
	struct frame frame;
	long sent = 0, seen = 0;

	while (sent < order->count && frame_next(pcap, &frame)) {
		if (seen++ < order->skip || !frame_doctor(order, &frame))
			continue;
		frame_send(order, fd, &frame);
		sent++;
	}
	pcap_close(pcap);
	return sent;
}

static long send_made(const struct order *order, int fd)
{
	struct frame frame;

	for (long i = 0; i < order->count; i++) {
		frame_make(order, i, &frame);
		frame_send(order, fd, &frame);
	}
	return order->count;
}

/* ---- the command line ---- */

static unsigned long number(const char *text, unsigned long max)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || end == text || *end || value > max)
		die(text, "not a number in range");
	return value;
}

static struct address address_parse(const char *text)
{
	struct address address = { .family = AF_INET, .len = 4 };

	if (inet_pton(AF_INET, text, address.bytes) == 1)
		return address;
	address.family = AF_INET6;
	address.len = 16;
	if (inet_pton(AF_INET6, text, address.bytes) != 1)
		die(text, "not an address");
	return address;
}

static struct ether_addr mac_parse(const char *text)
{
	struct ether_addr mac;

	if (!ether_aton_r(text, &mac))
		die(text, "not a MAC address");
	return mac;
}

static void data_add(struct order *order, const void *data, size_t len)
{
	if (order->data_len + len > sizeof(order->data) - 100)
		die("payload", "too long");
	memcpy(order->data + order->data_len, data, len);
	order->data_len += len;
}

static void marker_add(struct order *order, const char *hex)
{
	unsigned int byte;

	for (; *hex; hex += 2) {
		if (sscanf(hex, "%2x", &byte) != 1 || !hex[1])
			die(hex, "not hexadecimal");
		data_add(order, &(uint8_t){ (uint8_t)byte }, 1);
	}
}

static void file_add(struct order *order, const char *name)
{
	static uint8_t buffer[FRAME_MAX];
	FILE *file = fopen(name, "rb");

	if (!file)
		die(name, strerror(errno));
	data_add(order, buffer, fread(buffer, 1, sizeof(buffer), file));
	fclose(file);
}

enum option_code {
	O_SMAC = 1, O_DMAC, O_VLAN, O_SRC, O_DST, O_TCP, O_SPORT, O_DPORT, O_RTP, O_SEQ, O_TS,
	O_PT, O_MARKER, O_TEXT, O_FILE, O_SIZE, O_PCAP, O_FILTER, O_SKIP, O_FLIP, O_SEQ_ADD,
	O_COUNT, O_INTERVAL,
};

static const struct option options[] = {
	{ "smac", 1, NULL, O_SMAC }, { "dmac", 1, NULL, O_DMAC }, { "vlan", 1, NULL, O_VLAN },
	{ "src", 1, NULL, O_SRC }, { "dst", 1, NULL, O_DST }, { "tcp", 0, NULL, O_TCP },
	{ "sport", 1, NULL, O_SPORT }, { "dport", 1, NULL, O_DPORT }, { "rtp", 1, NULL, O_RTP },
	{ "seq", 1, NULL, O_SEQ }, { "ts", 1, NULL, O_TS }, { "pt", 1, NULL, O_PT },
	{ "marker", 1, NULL, O_MARKER }, { "text", 1, NULL, O_TEXT }, { "file", 1, NULL, O_FILE },
	{ "size", 1, NULL, O_SIZE }, { "pcap", 1, NULL, O_PCAP }, { "filter", 1, NULL, O_FILTER },
	{ "skip", 1, NULL, O_SKIP }, { "flip-tag", 0, NULL, O_FLIP },
	{ "seq-add", 1, NULL, O_SEQ_ADD }, { "count", 1, NULL, O_COUNT },
	{ "interval", 1, NULL, O_INTERVAL }, { NULL, 0, NULL, 0 }
};

static void vlan_add(struct order *order, const char *text)
{
	if (order->vlan_count == VLANS_MAX)
		die(text, "more than two VLAN tags");
	order->vlans[order->vlan_count++] = (uint16_t)number(text, 4095);
}

static void option_take(struct order *order, int code, const char *arg)
{
	switch (code) {
	case 'i': order->interface = arg; break;
	case O_SMAC: order->smac = mac_parse(arg); break;
	case O_DMAC: order->dmac = mac_parse(arg); break;
	case O_VLAN: vlan_add(order, arg); break;
	case O_SRC: order->src = address_parse(arg); break;
	case O_DST: order->dst = address_parse(arg); break;
	case O_TCP: order->tcp = true; break;
	case O_SPORT: order->sport = (uint16_t)number(arg, 65535); break;
	case O_DPORT: order->dport = (uint16_t)number(arg, 65535); break;
	case O_RTP: order->rtp = true; order->ssrc = (uint32_t)number(arg, UINT32_MAX); break;
	case O_SEQ: order->seq = (uint16_t)number(arg, 65535); break;
	case O_TS: order->ts = (uint32_t)number(arg, UINT32_MAX); break;
	case O_PT: order->pt = (uint8_t)number(arg, 127); break;
	case O_MARKER: marker_add(order, arg); break;
	case O_TEXT: data_add(order, arg, strlen(arg)); break;
	case O_FILE: file_add(order, arg); break;
	case O_SIZE: order->size = number(arg, FRAME_MAX - 100); break;
	case O_PCAP: order->pcap = arg; break;
	case O_FILTER: order->filter = arg; break;
	case O_SKIP: order->skip = (long)number(arg, 1u << 30); break;
	case O_FLIP: order->flip_tag = true; break;
	case O_SEQ_ADD: order->seq_add = (uint16_t)number(arg, 65535); break;
	case O_COUNT: order->count = (long)number(arg, 1u << 30); break;
	case O_INTERVAL: order->interval_ms = (long)number(arg, 60000); break;
	default: exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct order order = { .filter = "udp", .count = 1, .pt = 8 };
	int code, fd;

	while ((code = getopt_long(argc, argv, "i:", options, NULL)) != -1)
		option_take(&order, code, optarg);
	if (!order.interface || optind != argc)
		die("usage", "see the comment on top of pktsend.c");
	if (!order.pcap && (!order.src.family || order.src.family != order.dst.family))
		die("--src, --dst", "two addresses of one family are wanted");
	fd = socket_open(order.interface);
	printf("{\"sent\": %ld}\n", order.pcap ? send_captured(&order, fd) : send_made(&order, fd));
	close(fd);
	return 0;
}
