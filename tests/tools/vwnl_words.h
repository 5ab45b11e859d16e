/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of vwnl.h: an attribute or a command each, and what its value looks like. */
#ifndef VWNL_WORDS_H
#define VWNL_WORDS_H

#include "../../kmod/core/names.h"

enum kind { U8, U16, U32, U64, BE16, TEXT, HEX, FLAG, MAC, NEST, COUNTS, CLASSES, DIAGNOSES };

struct word {
	const char *name;
	int number;
	enum kind kind;
	const struct word *inner;
};

static const struct word list_words[] = {
	{ "addr", VOXWALL_A_LIST_ADDR, HEX, NULL },
	{ "endpoint", VOXWALL_A_LIST_ENDPOINT, HEX, NULL },
	{ "vlan", VOXWALL_A_LIST_VLAN, U16, NULL },
	{ 0 },
};

static const struct word policy_words[] = {
	{ "voice-vlan", VOXWALL_A_POLICY_VOICE_VLAN, U16, NULL },
	{ "services", VOXWALL_A_POLICY_SERVICES, U32, NULL },
	{ "rogue", VOXWALL_A_POLICY_ROGUE_VOICE, U8, NULL },
	{ "dscp-rtp", VOXWALL_A_POLICY_DSCP_RTP, U8, NULL },
	{ "dscp-sip", VOXWALL_A_POLICY_DSCP_SIP, U8, NULL },
	{ "provisioning", VOXWALL_A_POLICY_PROVISIONING, NEST, list_words },
	{ "peers", VOXWALL_A_POLICY_SIP_PEERS, NEST, list_words },
	{ "max-streams", VOXWALL_A_POLICY_MAX_STREAMS, U32, NULL },
	{ "max-stations", VOXWALL_A_POLICY_MAX_STATIONS, U32, NULL },
	{ 0 },
};

static const struct word port_words[] = {
	{ "ifindex", VOXWALL_A_PORT_IFINDEX, U32, NULL },
	{ "ifname", VOXWALL_A_PORT_IFNAME, TEXT, NULL },
	{ "mode", VOXWALL_A_PORT_MODE, U8, NULL },
	{ "data-vlan", VOXWALL_A_PORT_DATA_VLAN, U16, NULL },
	{ "vlans", VOXWALL_A_PORT_VLANS, NEST, list_words },
	{ "authorise", VOXWALL_A_PORT_AUTHORISE, U8, NULL },
	{ "no-voice", VOXWALL_A_PORT_NO_VOICE, FLAG, NULL },
	{ "allow-clear", VOXWALL_A_PORT_ALLOW_CLEAR, FLAG, NULL },
	{ "rx", VOXWALL_A_PORT_RX_PACKETS, U64, NULL },
	{ "dropped", VOXWALL_A_PORT_DROPPED, U64, NULL },
	{ 0 },
};

static const struct word station_words[] = {
	{ "mac", VOXWALL_A_STATION_MAC, MAC, NULL },
	{ "ifindex", VOXWALL_A_STATION_IFINDEX, U32, NULL },
	{ "allow", VOXWALL_A_STATION_ALLOW, U8, NULL },
	{ "method", VOXWALL_A_STATION_METHOD, U8, NULL },
	{ "packets", VOXWALL_A_STATION_PACKETS, U64, NULL },
	{ "idle", VOXWALL_A_STATION_IDLE, U64, NULL },
	{ 0 },
};

static const struct word crypto_words[] = {
	{ "suite", VOXWALL_A_CRYPTO_SUITE, U16, NULL },
	{ "slot", VOXWALL_A_CRYPTO_SLOT, U8, NULL },
	{ "key", VOXWALL_A_CRYPTO_KEY, HEX, NULL },
	{ "salt", VOXWALL_A_CRYPTO_SALT, HEX, NULL },
	{ "use", VOXWALL_A_CRYPTO_USE, U8, NULL },
	{ "grace", VOXWALL_A_CRYPTO_GRACE, U32, NULL },
	{ "driver", VOXWALL_A_CRYPTO_DRIVER, TEXT, NULL },
	{ "slots", VOXWALL_A_CRYPTO_SLOTS, U8, NULL },
	{ "kdr", VOXWALL_A_CRYPTO_KDR, U32, NULL },
	{ "ext-ids", VOXWALL_A_CRYPTO_EXT_IDS, HEX, NULL },
	{ 0 },
};

static const struct word diagnosis_words[] = {
	{ "verdict", VOXWALL_A_DIAGNOSIS_VERDICT, U8, NULL },
	{ "age", VOXWALL_A_DIAGNOSIS_AGE, U64, NULL },
	{ "ssrc", VOXWALL_A_DIAGNOSIS_SSRC, U32, NULL },
	{ "roc", VOXWALL_A_DIAGNOSIS_ROC, U32, NULL },
	{ "expected-roc", VOXWALL_A_DIAGNOSIS_EXPECTED_ROC, U32, NULL },
	{ "rtcp", VOXWALL_A_DIAGNOSIS_RTCP, FLAG, NULL },
	{ "counts", VOXWALL_A_DIAGNOSIS_COUNTS, DIAGNOSES, NULL },
	{ 0 },
};

static const struct word stream_words[] = {
	{ "id", VOXWALL_A_STREAM_ID, U32, NULL },
	{ "label", VOXWALL_A_STREAM_LABEL, TEXT, NULL },
	{ "peer", VOXWALL_A_STREAM_PEER, U32, NULL },
	{ "zone", VOXWALL_A_STREAM_ZONE, U8, NULL },
	{ "local-addr", VOXWALL_A_STREAM_LOCAL_ADDR, HEX, NULL },
	{ "local-port", VOXWALL_A_STREAM_LOCAL_PORT, BE16, NULL },
	{ "local-rtcp", VOXWALL_A_STREAM_LOCAL_RTCP, BE16, NULL },
	{ "remote-addr", VOXWALL_A_STREAM_REMOTE_ADDR, HEX, NULL },
	{ "remote-port", VOXWALL_A_STREAM_REMOTE_PORT, BE16, NULL },
	{ "remote-rtcp", VOXWALL_A_STREAM_REMOTE_RTCP, BE16, NULL },
	{ "src-addr", VOXWALL_A_STREAM_SRC_ADDR, HEX, NULL },
	{ "src-port", VOXWALL_A_STREAM_SRC_PORT, BE16, NULL },
	{ "src-rtcp", VOXWALL_A_STREAM_SRC_RTCP, BE16, NULL },
	{ "dst-addr", VOXWALL_A_STREAM_DST_ADDR, HEX, NULL },
	{ "dst-port", VOXWALL_A_STREAM_DST_PORT, BE16, NULL },
	{ "dst-rtcp", VOXWALL_A_STREAM_DST_RTCP, BE16, NULL },
	{ "open", VOXWALL_A_STREAM_OPEN, NEST, crypto_words },
	{ "seal", VOXWALL_A_STREAM_SEAL, NEST, crypto_words },
	{ "clear-wan", VOXWALL_A_STREAM_CLEAR_WAN, FLAG, NULL },
	{ "clock-rate", VOXWALL_A_STREAM_CLOCK_RATE, U32, NULL },
	{ "timeout", VOXWALL_A_STREAM_TIMEOUT, U32, NULL },
	{ "roc", VOXWALL_A_STREAM_ROC, U32, NULL },
	{ "seq", VOXWALL_A_STREAM_SEQ, U16, NULL },
	{ "fastpath", VOXWALL_A_STREAM_FASTPATH, U8, NULL },
	{ "latch", VOXWALL_A_STREAM_LATCH, U8, NULL },
	{ "latch-from", VOXWALL_A_STREAM_LATCH_FROM, HEX, NULL },
	{ "latched-port", VOXWALL_A_STREAM_LATCHED_PORT, BE16, NULL },
	{ "packets", VOXWALL_A_STREAM_PACKETS, U64, NULL },
	{ "dropped", VOXWALL_A_STREAM_DROPPED, U64, NULL },
	{ "diagnosis", VOXWALL_A_STREAM_DIAGNOSIS, NEST, diagnosis_words },
	{ 0 },
};

static const struct word drops_words[] = {
	{ "ifindex", VOXWALL_A_DROPS_IFINDEX, U32, NULL },
	{ "counts", VOXWALL_A_DROPS_COUNTS, COUNTS, NULL },
	{ "classes", VOXWALL_A_DROPS_CLASSES, CLASSES, NULL },
	{ 0 },
};

static const struct word event_words[] = {
	{ "type", VOXWALL_A_EVENT_TYPE, U8, NULL },
	{ "ifindex", VOXWALL_A_EVENT_IFINDEX, U32, NULL },
	{ "mac", VOXWALL_A_EVENT_MAC, MAC, NULL },
	{ "vlan", VOXWALL_A_EVENT_VLAN, U16, NULL },
	{ "stream", VOXWALL_A_EVENT_STREAM, U32, NULL },
	{ "drop", VOXWALL_A_EVENT_DROP, U8, NULL },
	{ "class", VOXWALL_A_EVENT_CLASS, U8, NULL },
	{ "suppressed", VOXWALL_A_EVENT_SUPPRESSED, U32, NULL },
	{ 0 },
};

static const struct word top_words[] = {
	{ "policy", VOXWALL_A_POLICY, NEST, policy_words },
	{ "port", VOXWALL_A_PORT, NEST, port_words },
	{ "station", VOXWALL_A_STATION, NEST, station_words },
	{ "stream", VOXWALL_A_STREAM, NEST, stream_words },
	{ "drops", VOXWALL_A_DROPS, NEST, drops_words },
	{ "event", VOXWALL_A_EVENT, NEST, event_words },
	{ 0 },
};

static const struct word commands[] = {
	{ "policy-set", VOXWALL_CMD_POLICY_SET, FLAG, NULL },
	{ "policy-get", VOXWALL_CMD_POLICY_GET, FLAG, NULL },
	{ "port-set", VOXWALL_CMD_PORT_SET, FLAG, NULL },
	{ "port-del", VOXWALL_CMD_PORT_DEL, FLAG, NULL },
	{ "port-get", VOXWALL_CMD_PORT_GET, FLAG, NULL },
	{ "station-set", VOXWALL_CMD_STATION_SET, FLAG, NULL },
	{ "station-del", VOXWALL_CMD_STATION_DEL, FLAG, NULL },
	{ "station-get", VOXWALL_CMD_STATION_GET, FLAG, NULL },
	{ "stream-new", VOXWALL_CMD_STREAM_NEW, FLAG, NULL },
	{ "stream-set", VOXWALL_CMD_STREAM_SET, FLAG, NULL },
	{ "stream-del", VOXWALL_CMD_STREAM_DEL, FLAG, NULL },
	{ "stream-get", VOXWALL_CMD_STREAM_GET, FLAG, NULL },
	{ "drops-get", VOXWALL_CMD_DROPS_GET, FLAG, NULL },
	{ 0 },
};

#endif
