// SPDX-License-Identifier: GPL-2.0-or-later
/* Make frames, let the kernel's side of the bench take them, print what it counted. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench.h"
#include "kmod/vwbench.h"

#define RTP_HEADER	12
#define TICKS		160
#define PAYLOAD_MAX	1400

/**
 * struct plan - what the options ask for
 * @device: where frames arrive
 * @from: who sends
 * @to: whom to
 * @family: 4 or 6
 * @dport: of the first stream
 * @sport: of the sender; in all streams
 * @payload: bytes behind the RTP header
 * @streams: how many take turns
 * @warmup: frames of each stream that don't count
 * @rounds: frames of each stream that do
 * @seq: RTP sequence number of the first
 * @vlan: tagged
 * @forge: with a wrong tag
 * @drop: expected to end here
 * @text: no RTP
 * @allocs: count allocations
 * @hooks: VWBENCH_HOOK_*
 * @suite: sealed; NULL: clear
 * @key: master key and salt in hex; NULL: peer_key()
 * @gate: a file to make when all is ready; frames arrive once it is gone
 */
struct plan {
	const char *device;
	enum place from;
	enum place to;
	int family;
	unsigned int dport;
	unsigned int sport;
	unsigned int payload;
	unsigned int streams;
	unsigned int warmup;
	unsigned int rounds;
	unsigned int seq;
	bool vlan;
	bool forge;
	bool drop;
	bool text;
	bool allocs;
	unsigned int hooks;
	const struct suite *suite;
	const char *key;
	const char *gate;
};

/* ---- the datagram's content ---- */

static void read_key(const char *hex, u8 *ret, size_t max)
{
	unsigned int byte;
	size_t i;

	for (i = 0; hex[0] && hex[1] && i < max; i++, hex += 2) {
		if (sscanf(hex, "%2x", &byte) != 1)
			die("the key is no hex");
		ret[i] = (u8)byte;
	}
}

static srtp_t sealer(const struct plan *p)
{
	u8 key[SRTP_MAX_KEY_LEN] = { 0 };
	srtp_policy_t policy = {
		.ssrc.type = ssrc_any_outbound,
		.key = key,
		.window_size = 128,
	};
	srtp_t session;

	if (!p->suite)
		return NULL;
	p->suite->policy(&policy.rtp);
	p->suite->policy(&policy.rtcp);
	if (p->key)
		read_key(p->key, key, sizeof(key));
	else
		peer_key(key, (size_t)policy.rtp.cipher_key_len);
	if (srtp_init() || srtp_create(&session, &policy))
		die("libsrtp2 refuses %s", p->suite->name);
	return session;
}

static void put16(u8 *p, unsigned int value)
{
	p[0] = (u8)(value >> 8);
	p[1] = (u8)value;
}

static size_t content(const struct plan *p, srtp_t session, unsigned int seq, u8 *buf)
{
	int len = RTP_HEADER + (int)p->payload;

	memset(buf, 0xd5, (size_t)len);
	if (p->text) {
		/* As the packets of a QUIC connection begin. */
		buf[0] = 0x4b;
		return (size_t)len;
	}
	buf[0] = 0x80;
	buf[1] = 0;
	put16(buf + 2, seq);
	put16(buf + 4, seq * TICKS >> 16);
	put16(buf + 6, seq * TICKS);
	put16(buf + 8, BENCH_SSRC >> 16);
	put16(buf + 10, BENCH_SSRC);
	if (session && srtp_protect(session, buf, &len))
		die("libsrtp2 doesn't seal");
	if (p->forge)
		buf[len - 1] ^= 1;
	return (size_t)len;
}

/* ---- headers ---- */

static u32 sum16(const u8 *p, size_t len, u32 sum)
{
	for (; len > 1; p += 2, len -= 2)
		sum += get_unaligned_be16(p);
	if (len)
		sum += (u32)*p << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static size_t ip_header(const struct plan *p, u8 *buf, size_t len)
{
	struct iphdr ip = {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
		.tot_len = htons((u16)(sizeof(ip) + len)), .frag_off = htons(IP_DF),
	};
	struct ip6_hdr ip6 = {
		.ip6_flow = htonl(6u << 28), .ip6_plen = htons((u16)len),
		.ip6_nxt = IPPROTO_UDP, .ip6_hlim = 64,
	};

	if (p->family == 4) {
		place_addr(4, p->from, (u8 *)&ip.saddr);
		place_addr(4, p->to, (u8 *)&ip.daddr);
		ip.check = htons((u16)~sum16((u8 *)&ip, sizeof(ip), 0));
		memcpy(buf, &ip, sizeof(ip));
		return sizeof(ip);
	}
	place_addr(6, p->from, (u8 *)&ip6.ip6_src);
	place_addr(6, p->to, (u8 *)&ip6.ip6_dst);
	memcpy(buf, &ip6, sizeof(ip6));
	return sizeof(ip6);
}

static void udp_header(const struct plan *p, u8 *buf, u16 dport, const u8 *data, size_t len)
{
	struct udphdr uh = {
		.source = htons((u16)p->sport), .dest = htons(dport),
		.len = htons((u16)(sizeof(uh) + len)),
	};
	size_t alen = p->family == 4 ? 4 : 16;
	u32 sum = IPPROTO_UDP + (u32)(sizeof(uh) + len);
	u8 addr[32];

	place_addr(p->family, p->from, addr);
	place_addr(p->family, p->to, addr + alen);
	sum = sum16(addr, 2 * alen, sum);
	sum = sum16((u8 *)&uh, sizeof(uh), sum);
	uh.check = htons((u16)~sum16(data, len, sum));
	if (!uh.check)
		uh.check = 0xffff;
	memcpy(buf, &uh, sizeof(uh));
}

static void device_mac(const char *name, u8 *ret)
{
	struct ifreq ifr = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("device %s: %s", name, strerror(errno));
	memcpy(ret, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	close(fd);
}

/* The frame with its head for the kernel; returns the bytes of both. */
static size_t frame(const struct plan *p, const u8 mac[ETH_ALEN], unsigned int stream,
		    const u8 *data, size_t len, u8 *buf)
{
	static const u8 sender[ETH_ALEN] = { 2, 0, 0, 0, 1, 1 };
	struct vwbench_frame head = { .vlan = p->vlan ? BENCH_VLAN : 0 };
	u8 *at = buf + sizeof(head);
	u8 *start = at;

	memcpy(at, mac, ETH_ALEN);
	memcpy(at + ETH_ALEN, sender, ETH_ALEN);
	put16(at + 2 * ETH_ALEN, p->family == 4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
	at += ETH_HLEN;
	at += ip_header(p, at, sizeof(struct udphdr) + len);
	udp_header(p, at, (u16)(p->dport + BENCH_STEP * stream), data, len);
	at += sizeof(struct udphdr);
	memcpy(at, data, len);
	head.len = (u16)(at + len - start);
	memcpy(buf, &head, sizeof(head));
	return sizeof(head) + head.len;
}

/* ---- the run ---- */

static u8 *make_run(const struct plan *p, size_t *ret_len)
{
	unsigned int rounds = p->warmup + p->rounds, r, i;
	struct vwbench_run run = {
		.ifindex = if_nametoindex(p->device),
		.frames = rounds * p->streams,
		.warmup = p->warmup * p->streams,
		.flags = (p->drop ? VWBENCH_DROPPED : 0) | (p->allocs ? VWBENCH_ALLOCS : 0) |
			 p->hooks,
	};
	size_t one = sizeof(struct vwbench_frame) + ETH_HLEN + 48 + RTP_HEADER + p->payload +
		     SRTP_MAX_TRAILER_LEN;
	u8 *buf = malloc(sizeof(run) + one * run.frames), *at = buf + sizeof(run);
	u8 data[RTP_HEADER + PAYLOAD_MAX + SRTP_MAX_TRAILER_LEN], mac[ETH_ALEN];
	srtp_t session = sealer(p);
	size_t len;

	if (!buf)
		die("out of memory");
	device_mac(p->device, mac);
	memcpy(buf, &run, sizeof(run));
	for (r = 0; r < rounds; r++) {
		len = content(p, session, p->seq + r, data);
		for (i = 0; i < p->streams; i++)
			at += frame(p, mac, i, data, len, at);
	}
	*ret_len = (size_t)(at - buf);
	return buf;
}

/* Whoever watches the processor wants to see the frames and nothing before. */
static void wait_at(const char *gate)
{
	int fd = open(gate, O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		die("%s: %s", gate, strerror(errno));
	close(fd);
	while (!access(gate, F_OK))
		usleep(100000);
}

static void let_arrive(const struct plan *p, struct vwbench_result *ret)
{
	int fd = open("/dev/vwbench", O_RDWR | O_CLOEXEC);
	size_t len;
	u8 *buf = make_run(p, &len);

	if (fd < 0)
		die("/dev/vwbench: %s", strerror(errno));
	if (p->gate)
		wait_at(p->gate);
	if (write(fd, buf, len) != (ssize_t)len)
		die("the bench refuses: %s", strerror(errno));
	if (read(fd, ret, sizeof(*ret)) != sizeof(*ret))
		die("the bench doesn't answer: %s", strerror(errno));
	close(fd);
	free(buf);
}

/* Every frame must have come to the expected end. */
static int judge(const struct plan *p, const struct vwbench_result *r)
{
	printf("{\"instructions_per_packet\": %u, \"mean\": %u, \"min\": %u, \"max\": %u, "
	       "\"packets\": %u, \"out_len\": %u, \"allocs\": %u}\n", r->median, r->mean, r->min, r->max,
	       r->measured, r->out_len, r->allocs);
	if (r->measured == p->rounds * p->streams && !r->astray)
		return 0;
	fprintf(stderr, "vwbench: %u frames were to be %s, %u were; %u went astray\n",
		p->rounds * p->streams, p->drop ? "dropped" : "sent on", r->measured, r->astray);
	return 1;
}

static void set_road(struct plan *p, const char *road)
{
	static const struct {
		const char *name, *device;
		enum place from, to;
		unsigned int sport;
		bool vlan;
	} roads[] = {
		{ "up", "lan0", PHONE, LAN, BENCH_PHONE, true },
		{ "down", "wan0", HQ, WAN, BENCH_HQ, false },
		{ "across", "lan1", PHONE, HQ, BENCH_PHONE, false },
		{ "phone", "lan1", PHONE, LAN, BENCH_PHONE, false },
		{ "back", "wan0", HQ, PHONE, BENCH_HQ, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roads); i++) {
		if (strcmp(roads[i].name, road))
			continue;
		p->device = roads[i].device;
		p->from = roads[i].from;
		p->to = roads[i].to;
		p->sport = roads[i].sport;
		p->vlan = roads[i].vlan;
		return;
	}
	die("no road %s", road);
}

static const struct option options[] = {
	{ "road", required_argument, NULL, 'r' },
	{ "device", required_argument, NULL, 'i' },
	{ "family", required_argument, NULL, 'f' },
	{ "payload", required_argument, NULL, 'p' },
	{ "streams", required_argument, NULL, 'n' },
	{ "warmup", required_argument, NULL, 'w' },
	{ "rounds", required_argument, NULL, 'c' },
	{ "seq", required_argument, NULL, 'q' },
	{ "dport", required_argument, NULL, 'd' },
	{ "suite", required_argument, NULL, 's' },
	{ "key", required_argument, NULL, 'k' },
	{ "gate", required_argument, NULL, 'g' },
	{ "untagged", no_argument, NULL, 'u' },
	{ "forge", no_argument, NULL, 'F' },
	{ "drop", no_argument, NULL, 'D' },
	{ "text", no_argument, NULL, 'T' },
	{ "allocs", no_argument, NULL, 'A' },
	{ "hook-in", no_argument, NULL, 'I' },
	{ "hook-out", no_argument, NULL, 'O' },
	{ NULL, 0, NULL, 0 },
};

static void set_number(struct plan *p, int option, unsigned int number)
{
	switch (option) {
	case 'f': p->family = (int)number; return;
	case 'p': p->payload = number; return;
	case 'n': p->streams = number; return;
	case 'w': p->warmup = number; return;
	case 'c': p->rounds = number; return;
	case 'q': p->seq = number; return;
	case 'd': p->dport = number; return;
	}
	die("see the head of tests/bench/main.c");
}

static void set_option(struct plan *p, int option, const char *value)
{
	switch (option) {
	case 'r': set_road(p, value); return;
	case 'i': p->device = value; return;
	case 's': p->suite = suite_by_name(value); return;
	case 'k': p->key = value; return;
	case 'g': p->gate = value; return;
	case 'u': p->vlan = false; return;
	case 'F': p->forge = true; return;
	case 'D': p->drop = true; return;
	case 'T': p->text = true; return;
	case 'A': p->allocs = true; return;
	case 'I': p->hooks |= VWBENCH_HOOK_IN; return;
	case 'O': p->hooks |= VWBENCH_HOOK_OUT; return;
	}
	set_number(p, option, value ? (unsigned int)strtoul(value, NULL, 10) : 0);
}

int do_feed(int argc, char **argv)
{
	struct plan p = {
		.family = 4, .dport = BENCH_PORT, .payload = 160, .streams = 1,
		.warmup = 64, .rounds = 256, .seq = 1,
	};
	struct vwbench_result result;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		set_option(&p, option, optarg);
	if (!p.device || p.payload > PAYLOAD_MAX || (p.family != 4 && p.family != 6))
		die("feed wants a --road, a payload of at most %d bytes, family 4 or 6",
		    PAYLOAD_MAX);
	let_arrive(&p, &result);
	return judge(&p, &result);
}
