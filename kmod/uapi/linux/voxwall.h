/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * voxwall: the contract between the kernel module and user space.
 *
 * Generic netlink family "voxwall". All state belongs to the network namespace
 * of the socket that speaks; a namespace without ports costs nothing.
 *
 *   POLICY_SET   replaces the namespace's policy (VOXWALL_A_POLICY). What is
 *                absent takes its default, so a policy is always set whole.
 *   PORT_SET     guards an interface, or changes how it is guarded.
 *   PORT_DEL     stops guarding it and forgets its stations.
 *   STATION_SET  authorises a MAC address on a port, or changes what it may do.
 *   STATION_DEL  forgets it.
 *   STREAM_NEW   adds one direction of one media flow. The identifier is the
 *                caller's choice; one that is taken answers -EEXIST. A key must
 *                never be used for two streams or twice after a stream ended:
 *                index and rollover counter begin at 0 again.
 *   STREAM_SET   changes destination, remote, latch, timeout, way out or keys of a
 *                stream. Only what is present changes. Keys replace a slot; the
 *                rollover counter and the replay window stay (RFC 3711, 3.3.1).
 *                A packet is tried with the key in use, and then with the other.
 *                A remote, or another latch, makes the stream forget its source.
 *   STREAM_DEL   removes it. Packets in flight end before the keys are wiped.
 *   *_GET        one object, or all with NLM_F_DUMP. Keys are never returned.
 *   DROPS_GET    dump only: one message for each port, and one with ifindex 0
 *                for what could not be pinned on a port.
 *   EVENT        only sent, to the multicast group "events".
 *
 * Every change and every *_GET needs CAP_NET_ADMIN in the namespace's owner.
 * Every refusal carries a sentence in the extended ACK and changes nothing. A request
 * to STREAM_NEW or STREAM_SET is zeroed before it is answered: a refusal has no copy of
 * it, unless the netlink core refuses by itself (another family, these two as a listing).
 * Ports (UDP) and addresses travel in network byte order, everything else in
 * host order. Times are milliseconds unless the name says otherwise.
 */
#ifndef _UAPI_LINUX_VOXWALL_H
#define _UAPI_LINUX_VOXWALL_H

#include <linux/types.h>

#define VOXWALL_GENL_NAME	"voxwall"
#define VOXWALL_GENL_VERSION	1
#define VOXWALL_MCGRP_EVENTS	"events"

/* Hard bounds of one namespace. The policy may lower the first two. */
#define VOXWALL_MAX_STREAMS	65536
#define VOXWALL_MAX_STATIONS	8192
#define VOXWALL_MAX_PORTS	256
#define VOXWALL_MAX_SERVERS	16	/* provisioning servers */
#define VOXWALL_MAX_SIP_PEERS	16	/* trunks that may be reached in clear */
#define VOXWALL_MAX_VLANS	32	/* data VLANs of a trunk port */
#define VOXWALL_MAX_SSRCS	8	/* of one stream */
#define VOXWALL_LABEL_LEN	64	/* bytes, without the NUL */
#define VOXWALL_KEY_LEN		32	/* longest master key, bytes */
#define VOXWALL_SALT_LEN	14	/* longest master salt, bytes */
#define VOXWALL_MKI_LEN		8	/* longest master key identifier, bytes */

/*
 * skb->mark: voxwall owns the top byte. Bits 24..25 hold the zone that the
 * packet came from plus one (0: not seen by voxwall), bits 26..29 the class,
 * bit 30 is set on voice that a policy allowed on a data VLAN.
 */
#define VOXWALL_MARK_MASK		0x7f000000u
#define VOXWALL_MARK_ZONE_SHIFT		24
#define VOXWALL_MARK_ZONE_MASK		0x03000000u
#define VOXWALL_MARK_CLASS_SHIFT	26
#define VOXWALL_MARK_CLASS_MASK		0x3c000000u
#define VOXWALL_MARK_ROGUE		0x40000000u

enum voxwall_cmd {
	VOXWALL_CMD_UNSPEC,
	VOXWALL_CMD_POLICY_SET,
	VOXWALL_CMD_POLICY_GET,
	VOXWALL_CMD_PORT_SET,
	VOXWALL_CMD_PORT_DEL,
	VOXWALL_CMD_PORT_GET,
	VOXWALL_CMD_STATION_SET,
	VOXWALL_CMD_STATION_DEL,
	VOXWALL_CMD_STATION_GET,
	VOXWALL_CMD_STREAM_NEW,
	VOXWALL_CMD_STREAM_SET,
	VOXWALL_CMD_STREAM_DEL,
	VOXWALL_CMD_STREAM_GET,
	VOXWALL_CMD_DROPS_GET,
	VOXWALL_CMD_EVENT,
	__VOXWALL_CMD_MAX
};
#define VOXWALL_CMD_MAX (__VOXWALL_CMD_MAX - 1)

/* Where a packet comes from or goes to. */
enum voxwall_zone {
	VOXWALL_ZONE_VOICE,
	VOXWALL_ZONE_DATA,
	VOXWALL_ZONE_WAN,
	__VOXWALL_ZONE_MAX
};

/* What a packet or a flow is, judged by content. */
enum voxwall_class {
	VOXWALL_CLASS_OTHER,
	VOXWALL_CLASS_CANDIDATE,	/* looks like RTP, too little seen */
	VOXWALL_CLASS_SIP,
	VOXWALL_CLASS_RTP,
	VOXWALL_CLASS_RTCP,
	VOXWALL_CLASS_STUN,
	VOXWALL_CLASS_DTLS,
	VOXWALL_CLASS_ZRTP,
	VOXWALL_CLASS_TURN,		/* TURN channel data, RFC 7983 */
	__VOXWALL_CLASS_MAX
};

enum voxwall_port_mode {
	VOXWALL_PORT_ACCESS,	/* untagged data VLAN, tagged voice VLAN */
	VOXWALL_PORT_TRUNK,	/* several tagged data VLANs, tagged voice VLAN */
	VOXWALL_PORT_UPLINK,	/* a WAN interface */
	__VOXWALL_PORT_MODE_MAX
};

/* How a station got its authorisation. */
enum voxwall_method {
	VOXWALL_METHOD_STATIC,
	VOXWALL_METHOD_DOT1X,
	VOXWALL_METHOD_MAB,
	VOXWALL_METHOD_CRITICAL,
	__VOXWALL_METHOD_MAX
};

/* Bits of STATION_ALLOW and PORT_AUTHORISE: one for each LAN zone. */
#define VOXWALL_ALLOW_VOICE	(1u << VOXWALL_ZONE_VOICE)
#define VOXWALL_ALLOW_DATA	(1u << VOXWALL_ZONE_DATA)

/* What to do with voice on a data VLAN. */
enum voxwall_rogue {
	VOXWALL_ROGUE_DROP,
	VOXWALL_ROGUE_MARK,
	VOXWALL_ROGUE_ALLOW,
	__VOXWALL_ROGUE_MAX
};

/* Bits of POLICY_SERVICES: what the voice VLAN carries besides ARP and ND. */
#define VOXWALL_SERVICE_SIP	(1u << 0)
#define VOXWALL_SERVICE_RTP	(1u << 1)	/* media of known streams */
#define VOXWALL_SERVICE_DHCP	(1u << 2)
#define VOXWALL_SERVICE_DNS	(1u << 3)
#define VOXWALL_SERVICE_NTP	(1u << 4)
#define VOXWALL_SERVICE_ICMP	(1u << 5)	/* echo and errors */
#define VOXWALL_SERVICE_ALL	0x3fu

/* SRTP protection profiles; the names are IANA's ("SRTP Crypto Suite"). */
enum voxwall_suite {
	VOXWALL_SUITE_NONE,			/* plain RTP */
	VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80,	/* RFC 3711, RFC 4568 6.2.1 */
	VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_32,	/* RFC 4568 6.2.2 */
	VOXWALL_SUITE_AES_192_CM_HMAC_SHA1_80,	/* RFC 6188 */
	VOXWALL_SUITE_AES_192_CM_HMAC_SHA1_32,
	VOXWALL_SUITE_AES_256_CM_HMAC_SHA1_80,
	VOXWALL_SUITE_AES_256_CM_HMAC_SHA1_32,
	VOXWALL_SUITE_AEAD_AES_128_GCM,		/* RFC 7714 */
	VOXWALL_SUITE_AEAD_AES_256_GCM,
	VOXWALL_SUITE_NULL_HMAC_SHA1_80,	/* RFC 5764: authenticated, in clear; */
	VOXWALL_SUITE_NULL_HMAC_SHA1_32,	/* for who asks for just that */
	__VOXWALL_SUITE_MAX
};

/* Why a packet was refused. Names: the word after DROP_ in lower case, '-' for '_'. */
enum voxwall_drop {
	VOXWALL_DROP_NONE,
	VOXWALL_DROP_MALFORMED,		/* headers that lie or end early */
	VOXWALL_DROP_VLAN_NESTED,	/* more than one VLAN tag */
	VOXWALL_DROP_VLAN_FOREIGN,	/* a VLAN that the port doesn't carry */
	VOXWALL_DROP_STATION_UNKNOWN,	/* MAC not authorised for this zone */
	VOXWALL_DROP_STATION_MOVED,	/* MAC authorised on another port */
	VOXWALL_DROP_NOT_VOICE,		/* not a service of the voice VLAN */
	VOXWALL_DROP_FRAGMENT,		/* fragment where none can be judged */
	VOXWALL_DROP_ROGUE_VOICE,	/* voice on a data VLAN */
	VOXWALL_DROP_ZONE_CROSSING,	/* between voice and another zone */
	VOXWALL_DROP_LEAK_RTP,		/* clear media towards an uplink */
	VOXWALL_DROP_LEAK_SIP,		/* clear signalling towards an uplink */
	VOXWALL_DROP_STREAM_UNKNOWN,	/* media port without a stream */
	VOXWALL_DROP_STREAM_ZONE,	/* a stream's port, from another zone */
	VOXWALL_DROP_STREAM_SOURCE,	/* a stream's port, from a stranger */
	VOXWALL_DROP_STREAM_CONTENT,	/* neither RTP nor RTCP */
	VOXWALL_DROP_AUTH,		/* authentication tag is wrong */
	VOXWALL_DROP_REPLAY,		/* index seen before or too old */
	VOXWALL_DROP_SSRC_LIMIT,	/* more SSRCs than a stream may have */
	VOXWALL_DROP_KEY_LIMIT,		/* key has no packets left, RFC 3711 9.2 */
	VOXWALL_DROP_NO_KEY,		/* stream without the key it needs */
	VOXWALL_DROP_NO_ROUTE,		/* no way to the stream's destination */
	VOXWALL_DROP_TOO_BIG,		/* larger than the MTU or than IP allows */
	VOXWALL_DROP_NO_MEMORY,
	VOXWALL_DROP_TABLE_FULL,
	VOXWALL_DROP_MKI,		/* its MKI names no key of the stream */
	__VOXWALL_DROP_MAX
};

/*
 * Why packets of a stream didn't open, found out on a sample of them. Names: the word
 * after DIAGNOSIS_ in lower case, '-' for '_'.
 */
enum voxwall_diagnosis {
	VOXWALL_DIAGNOSIS_WRONG_KEY,	/* no key fits, with no likely rollover counter */
	VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE, /* a key fits, with one rollover more or less */
	VOXWALL_DIAGNOSIS_ROC_OFF,	/* likewise, but the difference is larger */
	VOXWALL_DIAGNOSIS_REPLAYED,	/* authentic, but seen before or too old */
	VOXWALL_DIAGNOSIS_UNKNOWN_SSRC,	/* no key fits, only other SSRCs were authentic */
	VOXWALL_DIAGNOSIS_SSRC_LIMIT,	/* authentic, but VOXWALL_MAX_SSRCS others were, too */
	__VOXWALL_DIAGNOSIS_MAX
};

/*
 * Whom a stream believes, besides its remote, of its zone. The source of a packet that
 * is accepted from elsewhere is latched: it is the stream's remote from then on, and the
 * other direction (which arrives where this one leaves from, and leaves from where this
 * one arrives) sends there. RTP and RTCP have a source each, of one address; with
 * rtcp-mux (remote or destination has one port for both) they have one together.
 *
 * SDP                  nobody: nothing is latched.
 * AUTHENTICATED        a stream that opens: any source, for each packet that authenticates
 *                      and is no replay. The first one is latched. Another one is,
 *                      instead, only when it sends a packet newer than all before of its
 *                      SSRC, and nothing authentic has come from the latched one for 1 s
 *                      (RTCP: 20 s): an address that changed, and nobody who copies
 *                      packets. A stream that doesn't open: nobody.
 * FIRST_WITHIN         the first source of RTP, VOXWALL_LATCH_WINDOW_MS from when the
 *                      stream was made, got its remote, or its latch again; with
 *                      LATCH_FROM only that address and the remote's. Nobody later.
 * SYMMETRIC            the remote's address, any port: the first one that sends RTP.
 *
 * In the last two a latch is final, but for one thing: for VOXWALL_LATCH_WINDOW_MS a
 * packet from the remote itself, if it has a port, takes it back for good. RTCP is
 * latched when it comes from the address that RTP is believed from.
 */
enum voxwall_latch {
	VOXWALL_LATCH_SDP,
	VOXWALL_LATCH_AUTHENTICATED,
	VOXWALL_LATCH_FIRST_WITHIN,
	VOXWALL_LATCH_SYMMETRIC,
	__VOXWALL_LATCH_MAX
};

#define VOXWALL_LATCH_WINDOW_MS	2000

enum voxwall_event {
	VOXWALL_EVENT_STATION_UNKNOWN,	/* ifindex, mac, vlan */
	VOXWALL_EVENT_STATION_MOVED,	/* ifindex (where seen), mac, vlan */
	VOXWALL_EVENT_STREAM_IDLE,	/* stream id; the stream is gone */
	VOXWALL_EVENT_STREAM_ABUSE,	/* stream id, drop reason: many in 10 s */
	VOXWALL_EVENT_ROGUE_VOICE,	/* ifindex, mac, vlan, class */
	VOXWALL_EVENT_LEAK,		/* ifindex, class */
	VOXWALL_EVENT_PORT_GONE,	/* ifindex: the device disappeared */
	VOXWALL_EVENT_KEY_EXPIRES,	/* stream id: a key has spent 90 % of its lifetime */
	__VOXWALL_EVENT_MAX
};

/* Top level: one nest for each noun. */
enum voxwall_attr {
	VOXWALL_A_UNSPEC,
	VOXWALL_A_POLICY,	/* nested VOXWALL_A_POLICY_* */
	VOXWALL_A_PORT,		/* nested VOXWALL_A_PORT_* */
	VOXWALL_A_STATION,	/* nested VOXWALL_A_STATION_* */
	VOXWALL_A_STREAM,	/* nested VOXWALL_A_STREAM_* */
	VOXWALL_A_DROPS,	/* nested VOXWALL_A_DROPS_* */
	VOXWALL_A_EVENT,	/* nested VOXWALL_A_EVENT_* */
	__VOXWALL_A_MAX
};
#define VOXWALL_A_MAX (__VOXWALL_A_MAX - 1)

enum voxwall_attr_policy {
	VOXWALL_A_POLICY_UNSPEC,
	VOXWALL_A_POLICY_PAD,
	VOXWALL_A_POLICY_VOICE_VLAN,	/* u16, 1..4094; required */
	VOXWALL_A_POLICY_SERVICES,	/* u32, VOXWALL_SERVICE_*; default all */
	VOXWALL_A_POLICY_ROGUE_VOICE,	/* u8, enum voxwall_rogue; default drop */
	VOXWALL_A_POLICY_DSCP_RTP,	/* u8, 0..63; default 46 (EF) */
	VOXWALL_A_POLICY_DSCP_SIP,	/* u8, 0..63; default 24 (CS3) */
	VOXWALL_A_POLICY_PROVISIONING,	/* nest of VOXWALL_A_LIST_ADDR */
	VOXWALL_A_POLICY_SIP_PEERS,	/* nest of VOXWALL_A_LIST_ENDPOINT: where the
					 * gateway's own SIP may leave to in clear */
	VOXWALL_A_POLICY_MAX_STREAMS,	/* u32 */
	VOXWALL_A_POLICY_MAX_STATIONS,	/* u32 */
	__VOXWALL_A_POLICY_MAX
};
#define VOXWALL_A_POLICY_MAX (__VOXWALL_A_POLICY_MAX - 1)

/* Members of lists. */
enum voxwall_attr_list {
	VOXWALL_A_LIST_UNSPEC,
	VOXWALL_A_LIST_ADDR,		/* binary, 4 or 16 bytes */
	VOXWALL_A_LIST_ENDPOINT,	/* binary, address then port: 6 or 18 bytes */
	VOXWALL_A_LIST_VLAN,		/* u16 */
	VOXWALL_A_LIST_SSRC,		/* nested VOXWALL_A_SSRC_* */
	__VOXWALL_A_LIST_MAX
};
#define VOXWALL_A_LIST_MAX (__VOXWALL_A_LIST_MAX - 1)

enum voxwall_attr_port {
	VOXWALL_A_PORT_UNSPEC,
	VOXWALL_A_PORT_PAD,
	VOXWALL_A_PORT_IFINDEX,		/* u32; this or the name is required */
	VOXWALL_A_PORT_IFNAME,		/* string */
	VOXWALL_A_PORT_MODE,		/* u8, enum voxwall_port_mode; required in SET */
	VOXWALL_A_PORT_DATA_VLAN,	/* u16: of untagged frames; 0 or absent: refused */
	VOXWALL_A_PORT_VLANS,		/* trunk: nest of VOXWALL_A_LIST_VLAN: tagged data */
	VOXWALL_A_PORT_AUTHORISE,	/* u8, VOXWALL_ALLOW_*: where stations need it; default voice */
	VOXWALL_A_PORT_NO_VOICE,	/* flag: the port doesn't carry the voice VLAN */
	VOXWALL_A_PORT_ALLOW_CLEAR,	/* flag, uplink: the host's own clear voice may leave */
	VOXWALL_A_PORT_RX_PACKETS,	/* u64, read only */
	VOXWALL_A_PORT_DROPPED,		/* u64, read only */
	__VOXWALL_A_PORT_MAX
};
#define VOXWALL_A_PORT_MAX (__VOXWALL_A_PORT_MAX - 1)

enum voxwall_attr_station {
	VOXWALL_A_STATION_UNSPEC,
	VOXWALL_A_STATION_PAD,
	VOXWALL_A_STATION_MAC,		/* binary, 6 bytes; required, unicast */
	VOXWALL_A_STATION_IFINDEX,	/* u32; required in SET */
	VOXWALL_A_STATION_ALLOW,	/* u8, VOXWALL_ALLOW_* */
	VOXWALL_A_STATION_METHOD,	/* u8, enum voxwall_method; default static */
	VOXWALL_A_STATION_PACKETS,	/* u64, read only: accepted */
	VOXWALL_A_STATION_IDLE,		/* u64, read only: ms since then; absent: none yet */
	__VOXWALL_A_STATION_MAX
};
#define VOXWALL_A_STATION_MAX (__VOXWALL_A_STATION_MAX - 1)

enum voxwall_attr_stream {
	VOXWALL_A_STREAM_UNSPEC,
	VOXWALL_A_STREAM_PAD,
	VOXWALL_A_STREAM_ID,		/* u32, not 0; required */
	VOXWALL_A_STREAM_LABEL,		/* string, VOXWALL_LABEL_LEN: the caller's */
	VOXWALL_A_STREAM_PEER,		/* u32: the other direction's id, for listings */
	VOXWALL_A_STREAM_ZONE,		/* u8: where its packets must come from */
	/* what it matches: the gateway's own address and ports */
	VOXWALL_A_STREAM_LOCAL_ADDR,	/* binary, 4 or 16 bytes; required in NEW */
	VOXWALL_A_STREAM_LOCAL_PORT,	/* be16; required in NEW */
	VOXWALL_A_STREAM_LOCAL_RTCP,	/* be16; absent: no RTCP; PORT takes it too */
	/* whom it believes */
	VOXWALL_A_STREAM_REMOTE_ADDR,	/* binary, same length; required in NEW */
	VOXWALL_A_STREAM_REMOTE_PORT,	/* be16; 0: any port */
	VOXWALL_A_STREAM_REMOTE_RTCP,	/* be16; 0 or absent: any port */
	/* what it sends: may be of the other family */
	VOXWALL_A_STREAM_SRC_ADDR,	/* binary; required in NEW */
	VOXWALL_A_STREAM_SRC_PORT,	/* be16; required in NEW */
	VOXWALL_A_STREAM_SRC_RTCP,	/* be16 */
	VOXWALL_A_STREAM_DST_ADDR,	/* binary, as SRC_ADDR; required in NEW; read: if the
					 * other direction has latched, where */
	VOXWALL_A_STREAM_DST_PORT,	/* be16; required in NEW */
	VOXWALL_A_STREAM_DST_RTCP,	/* be16 */
	VOXWALL_A_STREAM_OPEN,		/* nested VOXWALL_A_CRYPTO_*: for what arrives */
	VOXWALL_A_STREAM_SEAL,		/* nested VOXWALL_A_CRYPTO_*: for what leaves */
	VOXWALL_A_STREAM_CLEAR_WAN,	/* flag: may leave on an uplink in clear */
	VOXWALL_A_STREAM_CLOCK_RATE,	/* u32, Hz of the RTP timestamps; default 8000 */
	VOXWALL_A_STREAM_TIMEOUT,	/* u32, ms that it lives without a good packet; 0:
					 * for ever; default 300,000 */
	/* read only */
	VOXWALL_A_STREAM_IDLE,		/* u64, ms since the last good packet */
	VOXWALL_A_STREAM_PACKETS,	/* u64, RTP that was sent on */
	VOXWALL_A_STREAM_BYTES,		/* u64, RTP bytes received (header included) */
	VOXWALL_A_STREAM_RTCP_PACKETS,	/* u64 */
	VOXWALL_A_STREAM_LOST,		/* u64, RFC 3550 A.3, over all SSRCs */
	VOXWALL_A_STREAM_JITTER,	/* u32, microseconds, RFC 3550 A.8, newest SSRC */
	VOXWALL_A_STREAM_AUTH_FAILED,	/* u64 */
	VOXWALL_A_STREAM_REPLAYED,	/* u64 */
	VOXWALL_A_STREAM_STRANGERS,	/* u64, packets from a wrong source or zone */
	VOXWALL_A_STREAM_DROPPED,	/* u64, for every reason together */
	VOXWALL_A_STREAM_SSRCS,		/* nest of VOXWALL_A_LIST_SSRC */
	VOXWALL_A_STREAM_PAYLOAD,	/* u8, RTP payload type of the last packet */
	VOXWALL_A_STREAM_REPORT,	/* nested VOXWALL_A_REPORT_* */
	VOXWALL_A_STREAM_DIAGNOSIS,	/* nested VOXWALL_A_DIAGNOSIS_*; absent: none yet */
	/* may be set until a source has been heard, and is read until then */
	VOXWALL_A_STREAM_ROC,		/* u32: rollover counter (RFC 3711 3.3.1) of the
					 * first source, which began without us; default 0 */
	VOXWALL_A_STREAM_SEQ,		/* u16, with ROC: where the source was then: what comes
					 * first is in the nearest cycle; absent: in ROC's */
	VOXWALL_A_STREAM_FASTPATH,	/* u8: 1 (default): packets go straight to the
					 * neighbour; 0: through the stack's output, where
					 * netfilter (OUTPUT, POSTROUTING) sees them */
	VOXWALL_A_STREAM_LATCH,		/* u8, enum voxwall_latch; default SDP */
	VOXWALL_A_STREAM_LATCH_FROM,	/* binary, 4 or 16 bytes: with FIRST_WITHIN the one
					 * address besides the remote's; comes with LATCH */
	/* read only: the source that is latched; absent: none is */
	VOXWALL_A_STREAM_LATCHED_ADDR,	/* binary, as REMOTE_ADDR */
	VOXWALL_A_STREAM_LATCHED_PORT,	/* be16; absent: RTP has no source yet */
	VOXWALL_A_STREAM_LATCHED_RTCP,	/* be16; absent: RTCP has none yet */
	__VOXWALL_A_STREAM_MAX
};
#define VOXWALL_A_STREAM_MAX (__VOXWALL_A_STREAM_MAX - 1)

enum voxwall_attr_ssrc {
	VOXWALL_A_SSRC_UNSPEC,
	VOXWALL_A_SSRC_PAD,
	VOXWALL_A_SSRC_ID,		/* u32 */
	VOXWALL_A_SSRC_ROC,		/* u32 */
	VOXWALL_A_SSRC_SEQ,		/* u16, highest seen */
	VOXWALL_A_SSRC_PACKETS,		/* u64 */
	__VOXWALL_A_SSRC_MAX
};
#define VOXWALL_A_SSRC_MAX (__VOXWALL_A_SSRC_MAX - 1)

/*
 * What the end to which a stream sends has said of what it got, in RTCP that the
 * stream's other direction carried. Believed is what authenticated, and in clear
 * what came from the one address and port. All of it is the end's word, but for the
 * round trip; what the end hasn't said is absent.
 */
enum voxwall_attr_report {
	VOXWALL_A_REPORT_UNSPEC,
	VOXWALL_A_REPORT_PAD,
	/* the last report block about the newest SSRC, RFC 3550 6.4.1 */
	VOXWALL_A_REPORT_SOURCE,	/* u32 */
	VOXWALL_A_REPORT_AGE,		/* u64, ms since it passed */
	VOXWALL_A_REPORT_FRACTION,	/* u8, 1/256: lost since the report before */
	VOXWALL_A_REPORT_LOST,		/* s32: lost since the beginning */
	VOXWALL_A_REPORT_JITTER,	/* u32, microseconds */
	/* u32, microseconds: from a timestamp's passing (SR, or XR receiver reference
	 * time) to its answer's, less the time that the end kept it: from the gateway to
	 * that end and back, by the gateway's clock alone */
	VOXWALL_A_REPORT_ROUND_TRIP,
	/* the last VoIP metrics about the newest SSRC, RFC 3611 4.7 */
	VOXWALL_A_REPORT_VOIP_LOSS,	/* u8, 1/256 */
	VOXWALL_A_REPORT_VOIP_DISCARD,	/* u8, 1/256: came, but too late to be played */
	VOXWALL_A_REPORT_VOIP_DELAY,	/* u16, ms, in the end itself */
	VOXWALL_A_REPORT_VOIP_R,	/* u8, 0..100 */
	VOXWALL_A_REPORT_VOIP_MOS_LQ,	/* u8, listening, times ten */
	VOXWALL_A_REPORT_VOIP_MOS_CQ,	/* u8, conversation, times ten */
	VOXWALL_A_REPORT_VOIP_BARE,	/* flag: losses aren't concealed */
	__VOXWALL_A_REPORT_MAX
};
#define VOXWALL_A_REPORT_MAX (__VOXWALL_A_REPORT_MAX - 1)

/* Of packets that didn't open; one a second is tried again with what else might fit. */
enum voxwall_attr_diagnosis {
	VOXWALL_A_DIAGNOSIS_UNSPEC,
	VOXWALL_A_DIAGNOSIS_PAD,
	VOXWALL_A_DIAGNOSIS_VERDICT,	/* u8, enum voxwall_diagnosis, of the last one */
	VOXWALL_A_DIAGNOSIS_AGE,	/* u64, ms since it was found */
	VOXWALL_A_DIAGNOSIS_SSRC,	/* u32, of the packet */
	VOXWALL_A_DIAGNOSIS_ROC,	/* u32: its sender's, where the verdict is about that */
	VOXWALL_A_DIAGNOSIS_EXPECTED_ROC,	/* u32, likewise: the one expected here */
	VOXWALL_A_DIAGNOSIS_RTCP,	/* flag: it was SRTCP */
	VOXWALL_A_DIAGNOSIS_COUNTS,	/* binary: u64 [__VOXWALL_DIAGNOSIS_MAX], of samples */
	__VOXWALL_A_DIAGNOSIS_MAX
};
#define VOXWALL_A_DIAGNOSIS_MAX (__VOXWALL_A_DIAGNOSIS_MAX - 1)

enum voxwall_attr_crypto {
	VOXWALL_A_CRYPTO_UNSPEC,
	VOXWALL_A_CRYPTO_SUITE,		/* u16, enum voxwall_suite; required */
	VOXWALL_A_CRYPTO_SLOT,		/* u8: 0 current (default), 1 next */
	VOXWALL_A_CRYPTO_KEY,		/* binary, the suite's length; write only */
	VOXWALL_A_CRYPTO_SALT,		/* binary, the suite's length; write only */
	VOXWALL_A_CRYPTO_USE,		/* u8: make this slot the current one */
	VOXWALL_A_CRYPTO_DRIVER,	/* string, read only: the kernel's driver */
	VOXWALL_A_CRYPTO_SLOTS,		/* u8, read only: bit n: slot n has a key */
	VOXWALL_A_CRYPTO_RTCP_CLEAR,	/* flag: SRTCP is sent without E bit, and may come so */
	VOXWALL_A_CRYPTO_MKI,		/* binary, 1..VOXWALL_MKI_LEN bytes, RFC 3711 3.1:
					 * of the key; read: of the current one's */
	VOXWALL_A_CRYPTO_LIFETIME,	/* u64, packets that the key may protect, of SRTP and
					 * of SRTCP each, RFC 3711 9.2: 1..2^48, and 2^31
					 * at most for SRTCP; default: as many; read: of
					 * the current key */
	VOXWALL_A_CRYPTO_USED,		/* u64, read only: SRTP packets so far */
	VOXWALL_A_CRYPTO_PAD,
	VOXWALL_A_CRYPTO_KDR,		/* u32, packets: key derivation rate of the key, RFC
					 * 3711 4.3.1: 0 (default) or 2^n, n <= 24; read: of
					 * the current one's, absent: 0 */
	VOXWALL_A_CRYPTO_EXT_IDS,	/* binary, a byte each: identifiers (RFC 8285) of the
					 * RTP header extensions that travel encrypted, RFC
					 * 6904: of the key; not with NULL suites */
	VOXWALL_A_CRYPTO_GRACE,		/* u32, ms, in steps of a second; with USE, of what
					 * arrives: so long, at least, the other slot's key
					 * goes on to open; 0: no packet more; default: until
					 * it is replaced */
	__VOXWALL_A_CRYPTO_MAX
};
#define VOXWALL_A_CRYPTO_MAX (__VOXWALL_A_CRYPTO_MAX - 1)

enum voxwall_attr_drops {
	VOXWALL_A_DROPS_UNSPEC,
	VOXWALL_A_DROPS_PAD,
	VOXWALL_A_DROPS_IFINDEX,	/* u32; 0: no port */
	VOXWALL_A_DROPS_COUNTS,		/* binary: u64 [__VOXWALL_DROP_MAX], by reason */
	VOXWALL_A_DROPS_CLASSES,	/* binary: u64 [__VOXWALL_CLASS_MAX], accepted */
	__VOXWALL_A_DROPS_MAX
};
#define VOXWALL_A_DROPS_MAX (__VOXWALL_A_DROPS_MAX - 1)

enum voxwall_attr_event {
	VOXWALL_A_EVENT_UNSPEC,
	VOXWALL_A_EVENT_TYPE,		/* u8, enum voxwall_event */
	VOXWALL_A_EVENT_IFINDEX,	/* u32 */
	VOXWALL_A_EVENT_MAC,		/* binary, 6 bytes */
	VOXWALL_A_EVENT_VLAN,		/* u16 */
	VOXWALL_A_EVENT_STREAM,		/* u32 */
	VOXWALL_A_EVENT_DROP,		/* u8, enum voxwall_drop */
	VOXWALL_A_EVENT_CLASS,		/* u8, enum voxwall_class */
	VOXWALL_A_EVENT_SUPPRESSED,	/* u32: events lost to the rate limit before */
	__VOXWALL_A_EVENT_MAX
};
#define VOXWALL_A_EVENT_MAX (__VOXWALL_A_EVENT_MAX - 1)

#endif /* _UAPI_LINUX_VOXWALL_H */
