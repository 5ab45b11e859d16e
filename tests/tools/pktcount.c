// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libpcap */
/*
 * pktcount: how many packets of a kind came through?
 *
 *   pktcount (-i IF [--seconds N] | --pcap FILE) [--filter BPF] [--marker HEX] [--ssrc SSRC]
 *            [--beyond FILE [--beyond-filter BPF]]
 *
 * On an interface it counts what arrives, until the time is up or a signal comes;
 * it prints "ready" on standard error when it listens. A packet counts when it
 * passes the filter and holds the marker's bytes anywhere and is RTP of this SSRC.
 *
 * --beyond counts RTP packets only as far as they are not accounted for in another
 * capture, by SSRC, sequence number and timestamp: what went in there legitimately.
 * An attacker's packet that came out though nobody sent it, or a copy, remains.
 *
 * Prints {"matched": N, "total": N}.
 */
#include <errno.h>
#include <getopt.h>
#include <netinet/ether.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARKER_MAX	64
#define RTP_HEADER	12

struct rtp_id {
	uint32_t ssrc, ts;
	uint16_t seq;
};

struct count {
	uint8_t marker[MARKER_MAX];
	size_t marker_len;
	bool with_ssrc, with_beyond;
	uint32_t ssrc;
	struct rtp_id *known;	/* sorted; of the capture to go beyond */
	bool *used;
	size_t known_len;
	long matched, total;
};

static pcap_t *listening;

static void __attribute__((noreturn)) die(const char *what, const char *why)
{
	fprintf(stderr, "pktcount: %s: %s\n", what, why);
	exit(2);
}

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* The UDP payload of an Ethernet frame with any number of VLAN tags. */
static const uint8_t *udp_payload(const uint8_t *p, size_t len, size_t *ret_len)
{
	size_t at = 12, udp;
	uint16_t type;

	while (at + 4 < len && (get16(p + at) == ETHERTYPE_VLAN || get16(p + at) == 0x88a8))
		at += 4;
	if (at + 2 > len)
		return NULL;
	type = get16(p + at);
	at += 2;
	if (type == ETHERTYPE_IP && at + 20 <= len && p[at + 9] == 17)
		udp = at + (size_t)(p[at] & 15) * 4;
	else if (type == ETHERTYPE_IPV6 && at + 40 <= len && p[at + 6] == 17)
		udp = at + 40;
	else
		return NULL;
	if (udp + 8 > len)
		return NULL;
	*ret_len = len - udp - 8;
	return p + udp + 8;
}

/* RTP, not RTCP: RFC 5761 4 keeps 64 to 95 of the second byte for RTCP's types. */
static bool rtp_view(const uint8_t *frame, size_t len, struct rtp_id *ret_id)
{
	size_t have;
	const uint8_t *p = udp_payload(frame, len, &have);
	uint8_t type;

	if (!p || have < RTP_HEADER || p[0] >> 6 != 2)
		return false;
	type = p[1] & 0x7f;
	if (type >= 64 && type <= 95)
		return false;
	*ret_id = (struct rtp_id){ get32(p + 8), get32(p + 4), get16(p + 2) };
	return true;
}

static int id_compare(const void *a, const void *b)
{
	const struct rtp_id *x = a, *y = b;

	if (x->ssrc != y->ssrc)
		return x->ssrc < y->ssrc ? -1 : 1;
	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return (int)x->seq - (int)y->seq;
}

/* Is the packet one of the known ones? Each of those accounts for one packet only. */
static bool known_take(struct count *count, const struct rtp_id *id)
{
	size_t low = 0, high = count->known_len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (id_compare(&count->known[middle], id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count->known_len && !id_compare(&count->known[low], id); low++) {
		if (!count->used[low]) {
			count->used[low] = true;
			return true;
		}
	}
	return false;
}

static void packet_count(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct count *count = (struct count *)user;
	struct rtp_id id;
	bool rtp = rtp_view(bytes, header->caplen, &id);

	count->total++;
	if (count->marker_len &&
	    !memmem(bytes, header->caplen, count->marker, count->marker_len))
		return;
	if (count->with_ssrc && (!rtp || id.ssrc != count->ssrc))
		return;
	if (count->with_beyond && (!rtp || known_take(count, &id)))
		return;
	count->matched++;
}

static void packet_know(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct count *count = (struct count *)user;
	struct rtp_id id;

	if (!rtp_view(bytes, header->caplen, &id))
		return;
	/* Grows by doubling, at lengths that are powers of two. */
	if (!(count->known_len & (count->known_len - 1))) {
		size_t room = count->known_len ? 2 * count->known_len : 1;

		count->known = realloc(count->known, room * sizeof(id));
		if (!count->known)
			die("memory", "exhausted");
	}
	count->known[count->known_len++] = id;
}

static void filter_set(pcap_t *pcap, const char *filter)
{
	struct bpf_program program;

	if (pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) ||
	    pcap_setfilter(pcap, &program))
		die(filter, pcap_geterr(pcap));
	pcap_freecode(&program);
}

static void file_read(const char *file, const char *filter, pcap_handler handler,
		      struct count *count)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(file, error);

	if (!pcap)
		die(file, error);
	if (pcap_datalink(pcap) != DLT_EN10MB)
		die(file, "not an Ethernet capture");
	filter_set(pcap, filter);
	/* A last record that is cut short ends the capture; any other fault is one. */
	if (pcap_loop(pcap, -1, handler, (u_char *)count) == PCAP_ERROR &&
	    !strstr(pcap_geterr(pcap), "truncated"))
		die(file, pcap_geterr(pcap));
	pcap_close(pcap);
}

static void known_load(struct count *count, const char *file, const char *filter)
{
	count->with_beyond = true;
	file_read(file, filter, packet_know, count);
	if (count->known_len)
		qsort(count->known, count->known_len, sizeof(*count->known), id_compare);
	count->used = calloc(count->known_len + 1, sizeof(*count->used));
	if (!count->used)
		die("memory", "exhausted");
}

static void on_signal(int number)
{
	(void)number;
	pcap_breakloop(listening);
}

static void listen_on(const char *interface, const char *filter, unsigned int seconds,
		      struct count *count)
{
	struct sigaction action = { .sa_handler = on_signal };
	char error[PCAP_ERRBUF_SIZE];

	listening = pcap_create(interface, error);
	if (!listening)
		die(interface, error);
	pcap_set_snaplen(listening, 65535);
	pcap_set_immediate_mode(listening, 1);
	pcap_set_buffer_size(listening, 8 << 20);
	pcap_set_timeout(listening, 50);
	if (pcap_activate(listening) < 0)
		die(interface, pcap_geterr(listening));
	if (pcap_setdirection(listening, PCAP_D_IN))
		die(interface, pcap_geterr(listening));
	filter_set(listening, filter);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	alarm(seconds);
	fprintf(stderr, "ready\n");
	if (pcap_loop(listening, -1, packet_count, (u_char *)count) == PCAP_ERROR)
		die(interface, pcap_geterr(listening));
	pcap_close(listening);
}

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

static void marker_parse(struct count *count, const char *hex)
{
	unsigned int byte;

	for (; *hex; hex += 2) {
		if (count->marker_len == MARKER_MAX || !hex[1] || sscanf(hex, "%2x", &byte) != 1)
			die(hex, "not a marker");
		count->marker[count->marker_len++] = (uint8_t)byte;
	}
}

enum option_code { O_SECONDS = 1, O_PCAP, O_FILTER, O_MARKER, O_SSRC, O_BEYOND, O_BEYOND_FILTER };

static const struct option options[] = {
	{ "seconds", 1, NULL, O_SECONDS }, { "pcap", 1, NULL, O_PCAP },
	{ "filter", 1, NULL, O_FILTER }, { "marker", 1, NULL, O_MARKER },
	{ "ssrc", 1, NULL, O_SSRC }, { "beyond", 1, NULL, O_BEYOND },
	{ "beyond-filter", 1, NULL, O_BEYOND_FILTER }, { NULL, 0, NULL, 0 }
};

int main(int argc, char **argv)
{
	const char *interface = NULL, *pcap = NULL, *filter = "", *beyond = NULL, *beyond_filter = "";
	unsigned int seconds = 60;
	struct count count = { 0 };
	int code;

	while ((code = getopt_long(argc, argv, "i:", options, NULL)) != -1) {
		switch (code) {
		case 'i': interface = optarg; break;
		case O_SECONDS: seconds = (unsigned int)number(optarg, 86400); break;
		case O_PCAP: pcap = optarg; break;
		case O_FILTER: filter = optarg; break;
		case O_MARKER: marker_parse(&count, optarg); break;
		case O_SSRC:
			count.with_ssrc = true;
			count.ssrc = (uint32_t)number(optarg, UINT32_MAX);
			break;
		case O_BEYOND: beyond = optarg; break;
		case O_BEYOND_FILTER: beyond_filter = optarg; break;
		default: return 2;
		}
	}
	if (!interface == !pcap || optind != argc)
		die("usage", "see the comment on top of pktcount.c");
	if (beyond)
		known_load(&count, beyond, beyond_filter);
	if (pcap)
		file_read(pcap, filter, packet_count, &count);
	else
		listen_on(interface, filter, seconds, &count);
	printf("{\"matched\": %ld, \"total\": %ld}\n", count.matched, count.total);
	free(count.known);
	free(count.used);
	return 0;
}
