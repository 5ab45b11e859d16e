// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "../../kmod/core/names.h"
#include "../../kmod/core/policy.h"

#define SERVER	"\x0a\1\x64\5"
#define PEER	"\xc6\x33\x64\x0a"
#define OTHER	"\x0a\1\x64\6"
#define SERVER6	"\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\5"

static struct vw_policy policy(void)
{
	struct vw_policy pol;

	vw_policy_init(&pol);
	pol.voice_vlan = 100;
	pol.nserver = 2;
	pol.server[0] = (struct vw_endpoint){ .addr = SERVER, .family = 4 };
	pol.server[1] = (struct vw_endpoint){ .addr = SERVER6, .family = 6 };
	pol.npeer = 2;
	pol.peer[0] = (struct vw_endpoint){ .addr = PEER, .port = 5060, .family = 4 };
	pol.peer[1] = (struct vw_endpoint){ .addr = "\xc6\x33\x64\x0b", .family = 4 };
	return pol;
}

static void defaults(void **state)
{
	struct vw_policy pol;

	(void)state;
	memset(&pol, 0xff, sizeof(pol));
	vw_policy_init(&pol);
	assert_int_equal(pol.services, VOXWALL_SERVICE_ALL);
	assert_int_equal(pol.rogue, VOXWALL_ROGUE_DROP);
	assert_int_equal(pol.dscp_rtp, 46);
	assert_int_equal(pol.dscp_sip, 24);
	assert_int_equal(pol.max_streams, VOXWALL_MAX_STREAMS);
	assert_int_equal(pol.max_stations, VOXWALL_MAX_STATIONS);
	assert_int_equal(pol.nserver + pol.npeer + pol.voice_vlan, 0);
}

static const struct vw_port_rule access_port = {
	.data_vlan = 10, .mode = VOXWALL_PORT_ACCESS, .voice = true };
static const struct vw_port_rule sealed_port = {
	.data_vlan = 0, .vlan = { 30 }, .nvlan = 1, .mode = VOXWALL_PORT_ACCESS };
static const struct vw_port_rule trunk_port = {
	.data_vlan = 10, .vlan = { 20, 30 }, .nvlan = 2, .mode = VOXWALL_PORT_TRUNK, .voice = true };
static const struct vw_port_rule twisted_port = {
	.data_vlan = 100, .mode = VOXWALL_PORT_ACCESS, .voice = true };
static const struct vw_port_rule uplink_port = { .mode = VOXWALL_PORT_UPLINK };

static void zones(void **state)
{
	static const struct {
		const char *row;
		const struct vw_port_rule *rule;
		u16 vid;
		bool nested;
		enum voxwall_drop want;
		enum voxwall_zone zone;
	} rows[] = {
		{ "access, untagged", &access_port, 0, false, VOXWALL_DROP_NONE, VOXWALL_ZONE_DATA },
		{ "access, voice", &access_port, 100, false, VOXWALL_DROP_NONE, VOXWALL_ZONE_VOICE },
		{ "access, voice - 1", &access_port, 99, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "access, voice + 1", &access_port, 101, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "access, its data VLAN tagged", &access_port, 10, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "access, reserved", &access_port, 4095, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "access, nested in voice", &access_port, 100, true, VOXWALL_DROP_VLAN_NESTED, 0 },
		{ "access, nested in priority", &access_port, 0, true, VOXWALL_DROP_VLAN_NESTED, 0 },
		{ "no data VLAN, untagged", &sealed_port, 0, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "no voice, tagged voice", &sealed_port, 100, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "access ignores a trunk's list", &sealed_port, 30, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "trunk, untagged", &trunk_port, 0, false, VOXWALL_DROP_NONE, VOXWALL_ZONE_DATA },
		{ "trunk, first", &trunk_port, 20, false, VOXWALL_DROP_NONE, VOXWALL_ZONE_DATA },
		{ "trunk, last", &trunk_port, 30, false, VOXWALL_DROP_NONE, VOXWALL_ZONE_DATA },
		{ "trunk, not listed", &trunk_port, 31, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "trunk, untagged one tagged", &trunk_port, 10, false, VOXWALL_DROP_VLAN_FOREIGN, 0 },
		{ "trunk, voice", &trunk_port, 100, false, VOXWALL_DROP_NONE, VOXWALL_ZONE_VOICE },
		{ "untagged voice is voice", &twisted_port, 0, false, VOXWALL_DROP_NONE, VOXWALL_ZONE_VOICE },
		{ "uplink", &uplink_port, 0, false, VOXWALL_DROP_NONE, VOXWALL_ZONE_WAN },
		{ "uplink, provider's tags", &uplink_port, 100, true, VOXWALL_DROP_NONE, VOXWALL_ZONE_WAN },
	};
	struct vw_policy pol = policy();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		enum voxwall_zone zone = 77;

		ROW_EQ(rows[i].row, vw_policy_zone(&pol, rows[i].rule, rows[i].vid,
						   rows[i].nested, &zone), rows[i].want);
		ROW_EQ(rows[i].row, zone, rows[i].want ? 77 : rows[i].zone);
	}
}

#define UDP	.family = 4, .proto = 17, .l4 = 20, .payload = 28, .saddr = (u8 *)OTHER
#define UDP6	.family = 6, .proto = 17, .l4 = 40, .payload = 48, .saddr = (u8 *)SERVER6
#define TCP	.family = 4, .proto = 6, .l4 = 20, .payload = 40, .saddr = (u8 *)OTHER
#define TO(a)	.daddr = (u8 *)(a)
#define C(name)	VOXWALL_CLASS_##name
#define S(name)	VOXWALL_SERVICE_##name
#define NO	VOXWALL_DROP_NOT_VOICE
#define YES	VOXWALL_DROP_NONE

/* On the voice VLAN. */
static const struct voice_row {
	const char *row;
	struct vw_frame f;
	enum voxwall_class class;
	bool to_us;
	enum voxwall_drop want;
	u32 service;	/* without it: NOT_VOICE */
} voice_rows[] = {
	{ "ARP", { .ethertype = 0x806 }, C(OTHER), false, YES, 0 },
	{ "RARP", { .ethertype = 0x8035 }, C(OTHER), false, NO, 0 },
	{ "802.3", { .ethertype = 3 }, C(OTHER), false, NO, 0 },

	{ "SIP to us", { UDP, TO(OTHER), .dport = 5060, .payload_len = 400 }, C(SIP), true, YES, S(SIP) },
	{ "SIP to any port", { UDP, TO(OTHER), .dport = 9999, .payload_len = 400 }, C(SIP), false, YES, S(SIP) },
	{ "SIP port, other content", { UDP, TO(OTHER), .dport = 5060, .payload_len = 400 }, C(OTHER), true, NO, 0 },
	{ "SIP over TCP", { TCP, TO(OTHER), .dport = 5060, .payload_len = 400 }, C(SIP), true, YES, S(SIP) },
	{ "SYN to 5060", { TCP, TO(OTHER), .dport = 5060, .flags = VW_FRAME_TCP_SYN }, C(OTHER), true, YES, S(SIP) },
	{ "ACK from 5060", { TCP, TO(OTHER), .sport = 5060, .dport = 4000 }, C(OTHER), false, YES, S(SIP) },
	{ "FIN to 5061", { TCP, TO(OTHER), .dport = 5061 }, C(OTHER), true, YES, S(SIP) },
	{ "SYN to 5059", { TCP, TO(OTHER), .dport = 5059 }, C(OTHER), true, NO, 0 },
	{ "SYN to 5062", { TCP, TO(OTHER), .dport = 5062 }, C(OTHER), true, NO, 0 },
	{ "HTTP on TCP 5060", { TCP, TO(OTHER), .dport = 5060, .payload_len = 1 }, C(OTHER), true, NO, 0 },
	{ "HTTP on TCP 80", { TCP, TO(OTHER), .dport = 80, .payload_len = 90 }, C(OTHER), false, NO, 0 },
	{ "SYN to 80", { TCP, TO(OTHER), .dport = 80 }, C(OTHER), true, NO, 0 },
	{ "empty UDP to 5060", { UDP, TO(OTHER), .dport = 5060 }, C(OTHER), true, NO, 0 },

	{ "RTP to us, no stream", { UDP, TO(OTHER), .dport = 20000, .payload_len = 172 }, C(RTP), true, VOXWALL_DROP_STREAM_UNKNOWN, 0 },
	{ "RTP between phones", { UDP, TO(OTHER), .dport = 20000, .payload_len = 172 }, C(RTP), false, NO, 0 },
	{ "candidate to us", { UDP, TO(OTHER), .dport = 20000, .payload_len = 172 }, C(CANDIDATE), true, VOXWALL_DROP_STREAM_UNKNOWN, 0 },
	{ "candidate between phones", { UDP, TO(OTHER), .dport = 20000, .payload_len = 172 }, C(CANDIDATE), false, NO, 0 },
	{ "RTCP to us, no stream", { UDP, TO(OTHER), .dport = 20001, .payload_len = 80 }, C(RTCP), true, VOXWALL_DROP_STREAM_UNKNOWN, 0 },
	{ "RTP to a server", { UDP, TO(SERVER), .dport = 20000, .payload_len = 172 }, C(RTP), false, NO, 0 },
	{ "RTP to port 53", { UDP, TO(OTHER), .dport = 53, .payload_len = 172 }, C(RTP), false, NO, 0 },
	{ "STUN to us", { UDP, TO(OTHER), .dport = 20000, .payload_len = 20 }, C(STUN), true, YES, S(RTP) },
	{ "STUN to others", { UDP, TO(OTHER), .dport = 20000, .payload_len = 20 }, C(STUN), false, NO, 0 },
	{ "DTLS to us", { UDP, TO(OTHER), .dport = 20000, .payload_len = 99 }, C(DTLS), true, YES, S(RTP) },
	{ "DTLS to others", { UDP, TO(OTHER), .dport = 20000, .payload_len = 99 }, C(DTLS), false, NO, 0 },
	{ "ZRTP to us", { UDP, TO(OTHER), .dport = 20000, .payload_len = 99 }, C(ZRTP), true, YES, S(RTP) },
	{ "ZRTP to others", { UDP, TO(OTHER), .dport = 20000, .payload_len = 99 }, C(ZRTP), false, NO, 0 },
	{ "TURN to us", { UDP, TO(OTHER), .dport = 20000, .payload_len = 99 }, C(TURN), true, NO, 0 },

	{ "DHCP", { UDP, TO("\xff\xff\xff\xff"), .sport = 68, .dport = 67, .payload_len = 300 }, C(OTHER), false, YES, S(DHCP) },
	{ "DHCP server on a port", { UDP, TO("\xff\xff\xff\xff"), .sport = 67, .dport = 68, .payload_len = 300 }, C(OTHER), false, NO, 0 },
	{ "DHCPv6", { UDP6, TO("\xff\2\0\0\0\0\0\0\0\0\0\0\0\1\0\2"), .sport = 546, .dport = 547, .payload_len = 60 }, C(OTHER), false, YES, S(DHCP) },
	{ "DHCPv6 server on a port", { UDP6, TO("\xff\2\0\0\0\0\0\0\0\0\0\0\0\1\0\2"), .sport = 547, .dport = 546, .payload_len = 60 }, C(OTHER), false, NO, 0 },
	{ "DHCP's port over IPv6", { UDP6, TO("\xff\2\0\0\0\0\0\0\0\0\0\0\0\1\0\2"), .dport = 67, .payload_len = 60 }, C(OTHER), true, NO, 0 },
	{ "DHCPv6's port over IPv4", { UDP, TO(OTHER), .dport = 547, .payload_len = 60 }, C(OTHER), true, NO, 0 },
	{ "TCP to 67", { TCP, TO(OTHER), .dport = 67, .payload_len = 60 }, C(OTHER), true, NO, 0 },
	{ "DNS", { UDP, TO(OTHER), .dport = 53, .payload_len = 30 }, C(OTHER), false, YES, S(DNS) },
	{ "DNS over TCP", { TCP, TO(OTHER), .dport = 53, .payload_len = 30 }, C(OTHER), false, YES, S(DNS) },
	{ "DNS server on a port", { UDP, TO(OTHER), .sport = 53, .dport = 4000, .payload_len = 30 }, C(OTHER), false, NO, 0 },
	{ "NTP", { UDP, TO(OTHER), .dport = 123, .payload_len = 48 }, C(OTHER), false, YES, S(NTP) },
	{ "NTP over TCP", { TCP, TO(OTHER), .dport = 123, .payload_len = 48 }, C(OTHER), false, NO, 0 },
	{ "port 122", { UDP, TO(OTHER), .dport = 122, .payload_len = 48 }, C(OTHER), true, NO, 0 },
	{ "provisioning", { TCP, TO(SERVER), .dport = 443, .payload_len = 500 }, C(OTHER), false, YES, 0 },
	{ "provisioning, IPv6", { UDP6, TO(SERVER6), .dport = 69, .payload_len = 30 }, C(OTHER), false, YES, 0 },
	{ "beside the server", { TCP, TO(OTHER), .dport = 443, .payload_len = 500 }, C(OTHER), false, NO, 0 },
	{ "as if from a server", { .family = 4, .proto = 6, .payload = 40, TO(OTHER), .saddr = (u8 *)SERVER, .sport = 443, .payload_len = 9 }, C(OTHER), false, NO, 0 },

	{ "echo", { .family = 4, .proto = 1, .l4 = 20, .icmp_type = 8, TO(OTHER) }, C(OTHER), true, YES, S(ICMP) },
	{ "echo reply", { .family = 4, .proto = 1, .l4 = 20, .icmp_type = 0, TO(OTHER) }, C(OTHER), true, YES, S(ICMP) },
	{ "unreachable", { .family = 4, .proto = 1, .l4 = 20, .icmp_type = 3, TO(OTHER) }, C(OTHER), true, YES, S(ICMP) },
	{ "redirect", { .family = 4, .proto = 1, .l4 = 20, .icmp_type = 5, TO(OTHER) }, C(OTHER), true, NO, 0 },
	{ "router advertisement, IPv4", { .family = 4, .proto = 1, .l4 = 20, .icmp_type = 9, TO(OTHER) }, C(OTHER), true, NO, 0 },
	{ "ICMPv6 in IPv4", { .family = 4, .proto = 58, .l4 = 20, .icmp_type = 135, TO(OTHER) }, C(OTHER), true, NO, 0 },
	{ "echo, IPv6", { .family = 6, .proto = 58, .l4 = 40, .icmp_type = 128, TO(SERVER6) }, C(OTHER), true, YES, S(ICMP) },
	{ "too big", { .family = 6, .proto = 58, .l4 = 40, .icmp_type = 2, TO(SERVER6) }, C(OTHER), true, YES, S(ICMP) },
	{ "type 5", { .family = 6, .proto = 58, .l4 = 40, .icmp_type = 5, TO(SERVER6) }, C(OTHER), true, NO, 0 },
	{ "router solicitation", { .family = 6, .proto = 58, .l4 = 40, .icmp_type = 133, TO(SERVER6) }, C(OTHER), false, YES, 0 },
	{ "router advertisement", { .family = 6, .proto = 58, .l4 = 40, .icmp_type = 134, TO(SERVER6) }, C(OTHER), false, NO, 0 },
	{ "neighbour solicitation", { .family = 6, .proto = 58, .l4 = 40, .icmp_type = 135, TO(SERVER6) }, C(OTHER), false, YES, 0 },
	{ "neighbour advertisement", { .family = 6, .proto = 58, .l4 = 40, .icmp_type = 136, TO(SERVER6) }, C(OTHER), false, YES, 0 },
	{ "redirect, IPv6", { .family = 6, .proto = 58, .l4 = 40, .icmp_type = 137, TO(SERVER6) }, C(OTHER), false, NO, 0 },
	{ "neighbour solicitation in fragments", { .family = 6, .proto = 58, .l4 = 48, .icmp_type = 135, .flags = VW_FRAME_FRAGMENT, TO(SERVER6) }, C(OTHER), false, NO, 0 },
	{ "MLD report", { .family = 6, .proto = 58, .l4 = 48, .icmp_type = 131, TO(SERVER6) }, C(OTHER), false, YES, 0 },
	{ "MLDv2 report", { .family = 6, .proto = 58, .l4 = 48, .icmp_type = 143, TO(SERVER6) }, C(OTHER), false, YES, 0 },
	{ "IGMP", { .family = 4, .proto = 2, .l4 = 24, TO(OTHER) }, C(OTHER), false, YES, 0 },
	{ "GRE", { .family = 4, .proto = 47, .l4 = 20, TO(OTHER) }, C(OTHER), true, NO, 0 },
	{ "GRE to a server", { .family = 4, .proto = 47, .l4 = 20, TO(SERVER) }, C(OTHER), false, NO, 0 },

	{ "later fragment to us", { .family = 4, .proto = 17, .flags = VW_FRAME_FRAGMENT | VW_FRAME_LATER, TO(OTHER) }, C(OTHER), true, YES, 0 },
	{ "later fragment to others", { .family = 4, .proto = 17, .flags = VW_FRAME_FRAGMENT | VW_FRAME_LATER, TO(SERVER) }, C(OTHER), false, VOXWALL_DROP_FRAGMENT, 0 },
	{ "first fragment of SIP", { UDP, TO(OTHER), .dport = 5060, .payload_len = 1400, .flags = VW_FRAME_FRAGMENT }, C(SIP), true, YES, S(SIP) },
	{ "first fragment of 11 bytes", { UDP, TO(OTHER), .dport = 53, .payload_len = 11, .flags = VW_FRAME_FRAGMENT }, C(OTHER), true, VOXWALL_DROP_FRAGMENT, 0 },
	{ "first fragment of 12 bytes", { UDP, TO(OTHER), .dport = 53, .payload_len = 12, .flags = VW_FRAME_FRAGMENT }, C(OTHER), true, YES, S(DNS) },
};

static void voice(void **state)
{
	struct vw_policy all = policy();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(voice_rows); i++) {
		const struct voice_row *r = &voice_rows[i];
		struct vw_policy without = all;
		struct vw_policy none = all;

		ROW_EQ(r->row, vw_policy_voice(&all, &r->f, r->class, r->to_us), r->want);
		without.services &= ~r->service;
		ROW_EQ(r->row, vw_policy_voice(&without, &r->f, r->class, r->to_us),
		       r->service ? NO : r->want);
		none.services = r->service;
		ROW_EQ(r->row, vw_policy_voice(&none, &r->f, r->class, r->to_us), r->want);
	}
}

static void data(void **state)
{
	static const struct {
		const char *row;
		enum voxwall_class class;
		enum voxwall_drop drop;
		bool mark;
	} rows[] = {
		{ "other", C(OTHER), YES, false },
		{ "candidate", C(CANDIDATE), VOXWALL_DROP_ROGUE_VOICE, false },
		{ "SIP", C(SIP), VOXWALL_DROP_ROGUE_VOICE, true },
		{ "RTP", C(RTP), VOXWALL_DROP_ROGUE_VOICE, true },
		{ "RTCP", C(RTCP), VOXWALL_DROP_ROGUE_VOICE, true },
		{ "STUN", C(STUN), YES, false },
		{ "DTLS", C(DTLS), YES, false },
		{ "ZRTP", C(ZRTP), VOXWALL_DROP_ROGUE_VOICE, true },
		{ "TURN", C(TURN), YES, false },
	};
	static const struct vw_frame f = { UDP, TO(OTHER), .dport = 20000, .payload_len = 172 };
	static const struct vw_frame blind = { UDP, TO(OTHER), .dport = 20000, .payload_len = 8,
					       .flags = VW_FRAME_FRAGMENT };
	struct vw_policy pol = policy();
	bool mark;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		pol.rogue = VOXWALL_ROGUE_DROP;
		mark = true;
		ROW_EQ(rows[i].row, vw_policy_data(&pol, &f, rows[i].class, &mark), rows[i].drop);
		ROW_EQ(rows[i].row, mark, false);
		pol.rogue = VOXWALL_ROGUE_MARK;
		ROW_EQ(rows[i].row, vw_policy_data(&pol, &f, rows[i].class, &mark), YES);
		ROW_EQ(rows[i].row, mark, rows[i].mark);
		pol.rogue = VOXWALL_ROGUE_ALLOW;
		mark = true;
		ROW_EQ(rows[i].row, vw_policy_data(&pol, &f, rows[i].class, &mark), YES);
		ROW_EQ(rows[i].row, mark, false);
	}
	pol.rogue = VOXWALL_ROGUE_DROP;
	assert_int_equal(vw_policy_data(&pol, &blind, C(OTHER), &mark), VOXWALL_DROP_FRAGMENT);
	pol.rogue = VOXWALL_ROGUE_MARK;
	assert_int_equal(vw_policy_data(&pol, &blind, C(OTHER), &mark), YES);
}

#define Z(name)	VOXWALL_ZONE_##name
#define CROSS	VOXWALL_DROP_ZONE_CROSSING

static void crossing(void **state)
{
	static const struct {
		const char *row;
		struct vw_frame f;
		enum voxwall_zone from, to;
		enum voxwall_drop want;
	} rows[] = {
		{ "within voice", { TCP, TO(OTHER), .dport = 80 }, Z(VOICE), Z(VOICE), YES },
		{ "data to WAN", { TCP, TO(OTHER), .dport = 80 }, Z(DATA), Z(WAN), YES },
		{ "WAN to data", { TCP, TO(OTHER), .dport = 80 }, Z(WAN), Z(DATA), YES },
		{ "voice to WAN", { TCP, TO(OTHER), .dport = 80 }, Z(VOICE), Z(WAN), CROSS },
		{ "voice to data", { TCP, TO(OTHER), .dport = 80 }, Z(VOICE), Z(DATA), CROSS },
		{ "data to voice", { TCP, TO(OTHER), .dport = 80 }, Z(DATA), Z(VOICE), CROSS },
		{ "WAN to voice", { TCP, TO(OTHER), .dport = 80 }, Z(WAN), Z(VOICE), CROSS },
		{ "DNS", { UDP, TO(OTHER), .sport = 4000, .dport = 53 }, Z(VOICE), Z(WAN), YES },
		{ "DNS over TCP", { TCP, TO(OTHER), .sport = 4000, .dport = 53 }, Z(VOICE), Z(WAN), YES },
		{ "DNS into voice", { UDP, TO(OTHER), .sport = 4000, .dport = 53 }, Z(DATA), Z(VOICE), CROSS },
		{ "DNS answer", { UDP, TO(OTHER), .sport = 53, .dport = 4000 }, Z(WAN), Z(VOICE), YES },
		{ "DNS answer to 1023", { UDP, TO(OTHER), .sport = 53, .dport = 1023 }, Z(WAN), Z(VOICE), CROSS },
		{ "DNS answer to 1024", { UDP, TO(OTHER), .sport = 53, .dport = 1024 }, Z(WAN), Z(VOICE), YES },
		{ "DNS answer to SIP", { UDP, TO(OTHER), .sport = 53, .dport = 5060 }, Z(WAN), Z(VOICE), CROSS },
		{ "port 53 opens TCP", { TCP, TO(OTHER), .sport = 53, .dport = 4000, .flags = VW_FRAME_TCP_SYN }, Z(WAN), Z(VOICE), CROSS },
		{ "port 53 out of voice", { UDP, TO(OTHER), .sport = 53, .dport = 4000 }, Z(VOICE), Z(WAN), CROSS },
		{ "NTP", { UDP, TO(OTHER), .sport = 123, .dport = 123 }, Z(VOICE), Z(WAN), YES },
		{ "NTP answer", { UDP, TO(OTHER), .sport = 123, .dport = 123 }, Z(WAN), Z(VOICE), YES },
		{ "NTP over TCP", { TCP, TO(OTHER), .dport = 123 }, Z(VOICE), Z(WAN), CROSS },
		{ "provisioning", { TCP, TO(SERVER), .dport = 443, .flags = VW_FRAME_TCP_SYN }, Z(VOICE), Z(DATA), YES },
		{ "provisioning, GRE", { .family = 4, .proto = 47, TO(SERVER) }, Z(VOICE), Z(DATA), CROSS },
		{ "server's answer", { .family = 4, .proto = 6, .saddr = (u8 *)SERVER, TO(OTHER), .sport = 443, .dport = 4000 }, Z(DATA), Z(VOICE), YES },
		{ "server opens TCP", { .family = 4, .proto = 6, .saddr = (u8 *)SERVER, TO(OTHER), .flags = VW_FRAME_TCP_SYN }, Z(DATA), Z(VOICE), CROSS },
		{ "voice to data as a server", { .family = 4, .proto = 6, .saddr = (u8 *)SERVER, TO(OTHER) }, Z(VOICE), Z(DATA), CROSS },
		{ "later fragment", { .family = 4, .proto = 17, .saddr = (u8 *)OTHER, TO(OTHER), .flags = VW_FRAME_LATER | VW_FRAME_FRAGMENT }, Z(VOICE), Z(WAN), CROSS },
		{ "ICMP", { .family = 4, .proto = 1, .icmp_type = 8, TO(OTHER) }, Z(VOICE), Z(WAN), CROSS },
	};
	struct vw_policy pol = policy();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ROW_EQ(rows[i].row, vw_policy_cross(&pol, &rows[i].f, rows[i].from, rows[i].to),
		       rows[i].want);
	pol.services = 0;
	assert_int_equal(vw_policy_cross(&pol, &rows[7].f, Z(VOICE), Z(WAN)), CROSS);
	assert_int_equal(vw_policy_cross(&pol, &rows[10].f, Z(WAN), Z(VOICE)), CROSS);
}

static void leaks(void **state)
{
	static const struct {
		const char *row;
		struct vw_frame f;
		enum voxwall_class class;
		bool local;
		enum voxwall_drop want;
	} rows[] = {
		{ "RTP", { UDP, TO(PEER), .payload_len = 172 }, C(RTP), true, VOXWALL_DROP_LEAK_RTP },
		{ "candidate", { UDP, TO(PEER), .payload_len = 172 }, C(CANDIDATE), true, VOXWALL_DROP_LEAK_RTP },
		{ "RTCP", { UDP, TO(PEER), .payload_len = 80 }, C(RTCP), false, VOXWALL_DROP_LEAK_RTP },
		{ "SIP to a peer", { UDP, TO(PEER), .dport = 5060, .payload_len = 80 }, C(SIP), true, YES },
		{ "SIP to a peer's other port", { UDP, TO(PEER), .dport = 5062, .payload_len = 80 }, C(SIP), true, VOXWALL_DROP_LEAK_SIP },
		{ "a phone's SIP to a peer", { UDP, TO(PEER), .dport = 5060, .payload_len = 80 }, C(SIP), false, VOXWALL_DROP_LEAK_SIP },
		{ "SIP to a peer of any port", { UDP, TO("\xc6\x33\x64\x0b"), .dport = 9, .payload_len = 80 }, C(SIP), true, YES },
		{ "SIP to a stranger", { UDP, TO(OTHER), .dport = 5060, .payload_len = 80 }, C(SIP), true, VOXWALL_DROP_LEAK_SIP },
		{ "DTLS", { UDP, TO(OTHER), .payload_len = 80 }, C(DTLS), true, YES },
		{ "DNS", { UDP, TO(OTHER), .dport = 53, .payload_len = 30 }, C(OTHER), false, YES },
		{ "tiny first fragment", { UDP, TO(OTHER), .payload_len = 8, .flags = VW_FRAME_FRAGMENT }, C(OTHER), false, VOXWALL_DROP_FRAGMENT },
	};
	struct vw_policy pol = policy();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ROW_EQ(rows[i].row, vw_policy_leak(&pol, &rows[i].f, rows[i].class, rows[i].local),
		       rows[i].want);
}

static void leaks_are_voice(void **state)
{
	struct vw_frame f = { UDP, TO(OTHER), .payload_len = 172 };
	struct vw_policy pol = policy();
	unsigned int class;

	(void)state;
	for (class = 0; class < __VOXWALL_CLASS_MAX; class++)
		ROW_EQ(vw_class_name(class), vw_policy_is_voice(class),
		       vw_policy_leak(&pol, &f, class, true) != VOXWALL_DROP_NONE);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(defaults),
	cmocka_unit_test(zones),
	cmocka_unit_test(voice),
	cmocka_unit_test(data),
	cmocka_unit_test(crossing),
	cmocka_unit_test(leaks),
	cmocka_unit_test(leaks_are_voice),
};

ROW_MAIN(tests)
