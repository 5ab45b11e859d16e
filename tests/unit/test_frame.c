// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "../../kmod/core/frame.h"

#define MACS	"\x02\0\0\0\0\1\x02\0\0\0\0\2"
#define ETH4	MACS "\x08\x00"
#define ETH6	MACS "\x86\xdd"
#define TAG(v)	"\x81\x00\x00" v
#define STAG(v)	"\x88\xa8\x00" v

/* IPv4: version and length, total length, fragment word, protocol */
#define IP4(vihl, total, frag, proto) \
	vihl "\xb8" total "\0\1" frag "\x40" proto "\0\0" "\x0a\0\0\1" "\x0a\0\0\2"
#define A6	"\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define IP6(len, next) "\x6b\x80\0\0" len next "\x40" A6 "\1" A6 "\2"
#define UDP(len) "\x13\xc4\x4e\x20" len "\0\0"
#define TCP(doff, bits) "\x13\xc4\x4e\x20\0\0\0\1\0\0\0\0" doff bits "\0\0\0\0\0\0"

struct row {
	const char *row;
	const char *frame;
	size_t len;
	int err;
	struct vw_frame want;
};

#define FRAME(s)	(s), sizeof(s) - 1

static const struct row rows[] = {
	{ "ARP", FRAME(MACS "\x08\x06" "\0\1"), 0, { .ethertype = 0x0806, .l3 = 14 } },
	{ "802.3 length", FRAME(MACS "\0\3" "\x42\x42\3"), 0, { .ethertype = 3, .l3 = 14 } },
	{ "no EtherType", FRAME(MACS "\x08"), -EBADMSG, { } },
	{ "nothing", FRAME(""), -EBADMSG, { } },

	{ "UDP over IPv4", FRAME(ETH4 IP4("\x45", "\0\x1e", "\0\0", "\x11") UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 42,
	    .payload_len = 2, .family = 4, .proto = 17, .dscp = 46 } },
	{ "padding is no payload",
	  FRAME(ETH4 IP4("\x45", "\0\x1e", "\0\0", "\x11") UDP("\0\x0a") "hi" "\0\0\0\0"), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 42,
	    .payload_len = 2, .family = 4, .proto = 17, .dscp = 46 } },
	{ "no payload", FRAME(ETH4 IP4("\x45", "\0\x1c", "\0\0", "\x11") UDP("\0\x08")), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 42,
	    .family = 4, .proto = 17, .dscp = 46 } },
	{ "UDP shorter than IP says",
	  FRAME(ETH4 IP4("\x45", "\0\x1e", "\0\0", "\x11") UDP("\0\x09") "hi"), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 42,
	    .payload_len = 1, .family = 4, .proto = 17, .dscp = 46 } },
	{ "UDP longer than IP says",
	  FRAME(ETH4 IP4("\x45", "\0\x1e", "\0\0", "\x11") UDP("\0\x0b") "hi!"), -EBADMSG, { } },
	{ "UDP shorter than its header",
	  FRAME(ETH4 IP4("\x45", "\0\x1e", "\0\0", "\x11") UDP("\0\x07") "hi"), -EBADMSG, { } },
	{ "IPv4 longer than the wire",
	  FRAME(ETH4 IP4("\x45", "\0\x1f", "\0\0", "\x11") UDP("\0\x0a") "hi"), -EBADMSG, { } },
	{ "IPv4 shorter than its header",
	  FRAME(ETH4 IP4("\x45", "\0\x13", "\0\0", "\x11") UDP("\0\x0a") "hi"), -EBADMSG, { } },
	{ "IPv4 header of 16", FRAME(ETH4 IP4("\x44", "\0\x18", "\0\0", "\x32") "\1\2\3\4"),
	  -EBADMSG, { } },
	{ "IPv4 says version 5", FRAME(ETH4 IP4("\x55", "\0\x1e", "\0\0", "\x11") UDP("\0\x0a") "hi"),
	  -EBADMSG, { } },
	{ "IPv4 options",
	  FRAME(ETH4 IP4("\x46", "\0\x22", "\0\0", "\x11") "\x94\4\0\0" UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 38, .payload = 46,
	    .payload_len = 2, .family = 4, .proto = 17, .dscp = 46, .flags = VW_FRAME_OPTIONS } },
	{ "first fragment: UDP announces the whole",
	  FRAME(ETH4 IP4("\x45", "\0\x24", "\x20\0", "\x11") UDP("\x01\0") "12345678"), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 42,
	    .payload_len = 8, .family = 4, .proto = 17, .dscp = 46, .flags = VW_FRAME_FRAGMENT } },
	{ "later fragment has no ports",
	  FRAME(ETH4 IP4("\x45", "\0\x1c", "\0\1", "\x11") "12345678"), 0,
	  { .ethertype = 0x800, .l3 = 14, .family = 4, .proto = 17, .dscp = 46,
	    .flags = VW_FRAME_FRAGMENT | VW_FRAME_LATER } },
	{ "don't fragment is no fragment",
	  FRAME(ETH4 IP4("\x45", "\0\x1e", "\x40\0", "\x11") UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 42,
	    .payload_len = 2, .family = 4, .proto = 17, .dscp = 46 } },
	{ "first fragment too small for TCP",
	  FRAME(ETH4 IP4("\x45", "\0\x1c", "\x20\0", "\6") "\x13\xc4\x4e\x20\0\0\0\1"), -EBADMSG, { } },
	{ "ESP", FRAME(ETH4 IP4("\x45", "\0\x18", "\0\0", "\x32") "\1\2\3\4"), 0,
	  { .ethertype = 0x800, .l3 = 14, .l4 = 34, .family = 4, .proto = 50, .dscp = 46 } },
	{ "ICMP", FRAME(ETH4 IP4("\x45", "\0\x1c", "\0\0", "\1") "\3\1\0\0\0\0\0\0"), 0,
	  { .ethertype = 0x800, .l3 = 14, .l4 = 34, .family = 4, .proto = 1, .dscp = 46,
	    .icmp_type = 3 } },
	{ "ICMP too short", FRAME(ETH4 IP4("\x45", "\0\x17", "\0\0", "\1") "\3\1\0"), -EBADMSG, { } },

	{ "TCP opens", FRAME(ETH4 IP4("\x45", "\0\x28", "\0\0", "\6") TCP("\x50", "\2")), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 54,
	    .family = 4, .proto = 6, .dscp = 46, .flags = VW_FRAME_TCP_SYN } },
	{ "TCP answers", FRAME(ETH4 IP4("\x45", "\0\x28", "\0\0", "\6") TCP("\x50", "\x12")), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 54,
	    .family = 4, .proto = 6, .dscp = 46 } },
	{ "TCP options and content",
	  FRAME(ETH4 IP4("\x45", "\0\x2e", "\0\0", "\6") TCP("\x60", "\x10") "\1\1\1\1" "hi"), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 34, .payload = 58,
	    .payload_len = 2, .family = 4, .proto = 6, .dscp = 46 } },
	{ "TCP header of 16", FRAME(ETH4 IP4("\x45", "\0\x28", "\0\0", "\6") TCP("\x40", "\2")),
	  -EBADMSG, { } },
	{ "TCP header past the end", FRAME(ETH4 IP4("\x45", "\0\x28", "\0\0", "\6") TCP("\x60", "\2")),
	  -EBADMSG, { } },

	{ "one tag", FRAME(MACS TAG("\x64") "\x08\x06" "\0\1"), 0,
	  { .ethertype = 0x806, .l3 = 18, .vlan = { 100 }, .nvlan = 1 } },
	{ "priority bits are no VLAN", FRAME(MACS "\x81\0\xf0\x64" "\x08\x06" "\0\1"), 0,
	  { .ethertype = 0x806, .l3 = 18, .vlan = { 100 }, .nvlan = 1 } },
	{ "two tags", FRAME(MACS STAG("\x0a") TAG("\x64") "\x08\x06" "\0\1"), 0,
	  { .ethertype = 0x806, .l3 = 22, .vlan = { 10, 100 }, .nvlan = 2 } },
	{ "three tags", FRAME(MACS TAG("\1") TAG("\2") TAG("\3") "\x08\x06"), 0,
	  { .ethertype = 0x806, .l3 = 26, .vlan = { 1, 2 }, .nvlan = 3 } },
	{ "eight tags", FRAME(MACS TAG("\1") TAG("\1") TAG("\1") TAG("\1") TAG("\1") TAG("\1")
			      TAG("\1") TAG("\1") "\x08\x06"), 0,
	  { .ethertype = 0x806, .l3 = 46, .vlan = { 1, 1 }, .nvlan = 8 } },
	{ "nine tags", FRAME(MACS TAG("\1") TAG("\1") TAG("\1") TAG("\1") TAG("\1") TAG("\1")
			     TAG("\1") TAG("\1") TAG("\1") "\x08\x06"), -EBADMSG, { } },
	{ "tag without an EtherType", FRAME(MACS TAG("\x64") "\x08"), -EBADMSG, { } },
	{ "tagged UDP",
	  FRAME(MACS TAG("\x64") "\x08\0" IP4("\x45", "\0\x1e", "\0\0", "\x11") UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x800, .sport = 5060, .dport = 20000, .l3 = 18, .l4 = 38, .payload = 46,
	    .payload_len = 2, .vlan = { 100 }, .nvlan = 1, .family = 4, .proto = 17, .dscp = 46 } },

	{ "UDP over IPv6", FRAME(ETH6 IP6("\0\x0a", "\x11") UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x86dd, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 54, .payload = 62,
	    .payload_len = 2, .family = 6, .proto = 17, .dscp = 46 } },
	{ "IPv6 longer than the wire", FRAME(ETH6 IP6("\0\x0b", "\x11") UDP("\0\x0a") "hi"),
	  -EBADMSG, { } },
	{ "IPv6 says version 4", FRAME(ETH6 "\x45" "\0\0\0\0\0\x11\x40" A6 "\1" A6 "\2"), -EBADMSG, { } },
	{ "nothing follows IPv6", FRAME(ETH6 IP6("\0\0", "\x3b")), 0,
	  { .ethertype = 0x86dd, .l3 = 14, .family = 6, .proto = 59, .dscp = 46 } },
	{ "hop-by-hop, then UDP",
	  FRAME(ETH6 IP6("\0\x12", "\0") "\x11\0\1\4\0\0\0\0" UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x86dd, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 62, .payload = 70,
	    .payload_len = 2, .family = 6, .proto = 17, .dscp = 46, .flags = VW_FRAME_OPTIONS } },
	{ "authentication header, then UDP",
	  FRAME(ETH6 IP6("\0\x16", "\x33") "\x11\1\0\0\0\0\0\1\0\0\0\1" UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x86dd, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 66, .payload = 74,
	    .payload_len = 2, .family = 6, .proto = 17, .dscp = 46,
	    .flags = VW_FRAME_OPTIONS | VW_FRAME_PENDING } },
	{ "routing header at its end",
	  FRAME(ETH6 IP6("\0\x12", "\x2b") "\x11\0\4\0\0\0\0\0" UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x86dd, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 62, .payload = 70,
	    .payload_len = 2, .family = 6, .proto = 17, .dscp = 46, .flags = VW_FRAME_OPTIONS } },
	{ "routing header with a way to go",
	  FRAME(ETH6 IP6("\0\x12", "\x2b") "\x11\0\4\1\0\0\0\0" UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x86dd, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 62, .payload = 70,
	    .payload_len = 2, .family = 6, .proto = 17, .dscp = 46,
	    .flags = VW_FRAME_OPTIONS | VW_FRAME_PENDING } },
	{ "extension past the end", FRAME(ETH6 IP6("\0\x0f", "\0") "\x11\1\1\4\0\0\0\0" "1234567"),
	  -EBADMSG, { } },
	{ "whole packet with a fragment header",
	  FRAME(ETH6 IP6("\0\x12", "\x2c") "\x11\0\0\0\0\0\0\1" UDP("\0\x0a") "hi"), 0,
	  { .ethertype = 0x86dd, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 62, .payload = 70,
	    .payload_len = 2, .family = 6, .proto = 17, .dscp = 46, .flags = VW_FRAME_OPTIONS } },
	{ "first fragment, IPv6",
	  FRAME(ETH6 IP6("\0\x18", "\x2c") "\x11\0\0\1\0\0\0\1" UDP("\1\0") "12345678"), 0,
	  { .ethertype = 0x86dd, .sport = 5060, .dport = 20000, .l3 = 14, .l4 = 62, .payload = 70,
	    .payload_len = 8, .family = 6, .proto = 17, .dscp = 46,
	    .flags = VW_FRAME_OPTIONS | VW_FRAME_FRAGMENT } },
	{ "later fragment, IPv6",
	  FRAME(ETH6 IP6("\0\x10", "\x2c") "\x11\0\0\x08\0\0\0\1" "12345678"), 0,
	  { .ethertype = 0x86dd, .l3 = 14, .family = 6, .proto = 17, .dscp = 46,
	    .flags = VW_FRAME_OPTIONS | VW_FRAME_FRAGMENT | VW_FRAME_LATER } },
	{ "nine extensions", FRAME(ETH6 IP6("\0\x48", "\x3c") "\x3c\0\1\4\0\0\0\0" "\x3c\0\1\4\0\0\0\0"
		"\x3c\0\1\4\0\0\0\0" "\x3c\0\1\4\0\0\0\0" "\x3c\0\1\4\0\0\0\0" "\x3c\0\1\4\0\0\0\0"
		"\x3c\0\1\4\0\0\0\0" "\x3c\0\1\4\0\0\0\0" "\x3b\0\1\4\0\0\0\0"), -EBADMSG, { } },
	{ "neighbour solicitation", FRAME(ETH6 IP6("\0\x08", "\x3a") "\x87\0\0\0\0\0\0\0"), 0,
	  { .ethertype = 0x86dd, .l3 = 14, .l4 = 54, .family = 6, .proto = 58, .dscp = 46,
	    .icmp_type = 135 } },
};

static void headers_are_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *r = &rows[i];
		u8 *p = row_copy(r->frame, r->len);
		struct vw_frame f = { .proto = 0xee };

		ROW_EQ(r->row, vw_frame_parse(p, r->len, r->len, &f), r->err);
		if (r->err) {
			ROW_EQ(r->row, f.proto, 0xee);
			free(p);
			continue;
		}
		ROW_EQ(r->row, f.ethertype, r->want.ethertype);
		ROW_EQ(r->row, f.sport, r->want.sport);
		ROW_EQ(r->row, f.dport, r->want.dport);
		ROW_EQ(r->row, f.l3, r->want.l3);
		ROW_EQ(r->row, f.l4, r->want.l4);
		ROW_EQ(r->row, f.payload, r->want.payload);
		ROW_EQ(r->row, f.payload_len, r->want.payload_len);
		ROW_EQ(r->row, f.vlan[0], r->want.vlan[0]);
		ROW_EQ(r->row, f.vlan[1], r->want.vlan[1]);
		ROW_EQ(r->row, f.nvlan, r->want.nvlan);
		ROW_EQ(r->row, f.family, r->want.family);
		ROW_EQ(r->row, f.proto, r->want.proto);
		ROW_EQ(r->row, f.dscp, r->want.dscp);
		ROW_EQ(r->row, f.flags, r->want.flags);
		ROW_EQ(r->row, f.icmp_type, r->want.icmp_type);
		if (f.family) {
			size_t size = f.family == 4 ? 4 : 16;

			ROW_EQ(r->row, f.saddr - p, f.l3 + (f.family == 4 ? 12 : 8));
			ROW_EQ(r->row, f.daddr - f.saddr, size);
		}
		free(p);
	}
}

/* What the wire still had is -ENODATA, what it lacked is -EBADMSG. */
static void every_truncation(void **state)
{
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *r = &rows[i];

		for (n = 0; !r->err && n < r->len; n++) {
			u8 *p = row_copy(r->frame, n);
			struct vw_frame f;
			int err = vw_frame_parse(p, n, r->len, &f);

			ROW_CHECK(r->row, err == 0 || err == -ENODATA);
			if (!err)
				ROW_CHECK(r->row, vw_frame_have(&f, n) <= f.payload_len);
			if (!err && f.payload)
				ROW_CHECK(r->row, f.payload + vw_frame_have(&f, n) <=
					  (n > f.payload ? n : f.payload));
			err = vw_frame_parse(p, n, n, &f);
			ROW_CHECK(r->row, err == 0 || err == -EBADMSG);
			free(p);
		}
	}
}

static void from_the_network_header(void **state)
{
	static const char ip[] = IP4("\x45", "\0\x1e", "\0\0", "\x11") UDP("\0\x0a") "hi";
	struct vw_frame f;

	(void)state;
	assert_int_equal(vw_frame_parse_l3((u8 *)ip, 30, 30, VW_ETH_P_IP, &f), 0);
	assert_int_equal(f.l3, 0);
	assert_int_equal(f.payload, 28);
	assert_int_equal(f.nvlan, 0);
	assert_int_equal(vw_frame_parse_l3((u8 *)ip, 30, 30, VW_ETH_P_IPV6, &f), -EBADMSG);
	assert_int_equal(vw_frame_parse_l3((u8 *)ip, 0, 0, VW_ETH_P_ARP, &f), 0);
	assert_int_equal(f.family, 0);
	/* A wire shorter than the input is believed. */
	assert_int_equal(vw_frame_parse_l3((u8 *)ip, 30, 29, VW_ETH_P_IP, &f), -EBADMSG);
}

/* What offloads glue together may be larger than the length fields can say. */
static void larger_than_its_fields(void **state)
{
	static const struct {
		const char *row;
		const char *head;
		size_t head_len;
		size_t len;
		int err;
		u16 payload_len;
	} big[] = {
		{ "IPv4, UDP", FRAME(ETH4 IP4("\x45", "\0\0", "\0\0", "\x11") UDP("\xff\xec")),
		  14 + 65536, 0, 65508 },
		{ "IPv4, UDP too large as well",
		  FRAME(ETH4 IP4("\x45", "\0\0", "\0\0", "\x11") UDP("\0\0")), 14 + 80000, 0, 65527 },
		{ "IPv4, UDP, one byte less",
		  FRAME(ETH4 IP4("\x45", "\0\0", "\0\0", "\x11") UDP("\0\0")), 14 + 65535,
		  -EBADMSG, 0 },
		{ "IPv4, TCP", FRAME(ETH4 IP4("\x45", "\0\0", "\0\0", "\6") TCP("\x50", "\x10")),
		  14 + 80000, 0, 65535 },
		{ "IPv6, UDP", FRAME(ETH6 IP6("\0\0", "\x11") UDP("\0\0")), 54 + 65544, 0, 65527 },
		{ "IPv6, UDP, small", FRAME(ETH6 IP6("\0\0", "\x11") UDP("\0\0")), 54 + 65535,
		  -EBADMSG, 0 },
	};
	struct vw_frame f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(big); i++) {
		u8 *p = calloc(1, big[i].len);

		memcpy(p, big[i].head, big[i].head_len);
		ROW_EQ(big[i].row, vw_frame_parse(p, big[i].len, big[i].len, &f), big[i].err);
		if (!big[i].err)
			ROW_EQ(big[i].row, f.payload_len, big[i].payload_len);
		free(p);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(headers_are_found),
	cmocka_unit_test(every_truncation),
	cmocka_unit_test(from_the_network_header),
	cmocka_unit_test(larger_than_its_fields),
};

ROW_MAIN(tests)
