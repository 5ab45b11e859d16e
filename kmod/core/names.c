// SPDX-License-Identifier: GPL-2.0-or-later
#include "names.h"

struct words {
	const char *name;
	const char *text;
};

static const struct words drops[__VOXWALL_DROP_MAX] = {
	[VOXWALL_DROP_NONE] = {
		"none", "accepted" },
	[VOXWALL_DROP_MALFORMED] = {
		"malformed", "headers contradict themselves or end early" },
	[VOXWALL_DROP_VLAN_NESTED] = {
		"vlan-nested", "the frame has more than one VLAN tag" },
	[VOXWALL_DROP_VLAN_FOREIGN] = {
		"vlan-foreign", "the port does not carry this VLAN" },
	[VOXWALL_DROP_STATION_UNKNOWN] = {
		"station-unknown", "the MAC address is not authorised for this zone" },
	[VOXWALL_DROP_STATION_MOVED] = {
		"station-moved", "the MAC address is authorised on another port" },
	[VOXWALL_DROP_NOT_VOICE] = {
		"not-voice", "not a service that the voice VLAN carries" },
	[VOXWALL_DROP_FRAGMENT] = {
		"fragment", "a fragment whose content cannot be judged" },
	[VOXWALL_DROP_ROGUE_VOICE] = {
		"rogue-voice", "voice on a data VLAN" },
	[VOXWALL_DROP_ZONE_CROSSING] = {
		"zone-crossing", "routed between the voice zone and another one" },
	[VOXWALL_DROP_LEAK_RTP] = {
		"leak-rtp", "clear media on its way out of an uplink" },
	[VOXWALL_DROP_LEAK_SIP] = {
		"leak-sip", "clear signalling on its way out of an uplink" },
	[VOXWALL_DROP_STREAM_UNKNOWN] = {
		"stream-unknown", "media for the gateway that belongs to no stream" },
	[VOXWALL_DROP_STREAM_ZONE] = {
		"stream-zone", "a stream's port was addressed from the wrong zone" },
	[VOXWALL_DROP_STREAM_SOURCE] = {
		"stream-source", "a stream's port was addressed by a stranger" },
	[VOXWALL_DROP_STREAM_CONTENT] = {
		"stream-content", "neither RTP nor RTCP on a stream's port" },
	[VOXWALL_DROP_AUTH] = {
		"auth", "the authentication tag is wrong" },
	[VOXWALL_DROP_REPLAY] = {
		"replay", "the packet was seen before or is too old" },
	[VOXWALL_DROP_SSRC_LIMIT] = {
		"ssrc-limit", "the stream has all the SSRCs that it may have" },
	[VOXWALL_DROP_KEY_LIMIT] = {
		"key-limit", "the key has no packets left and must be renewed" },
	[VOXWALL_DROP_NO_KEY] = {
		"no-key", "the stream lacks the key that it needs" },
	[VOXWALL_DROP_NO_ROUTE] = {
		"no-route", "there is no way to the stream's destination" },
	[VOXWALL_DROP_TOO_BIG] = {
		"too-big", "larger than the MTU or than IP allows" },
	[VOXWALL_DROP_NO_MEMORY] = {
		"no-memory", "the kernel had no memory for the packet" },
	[VOXWALL_DROP_TABLE_FULL] = {
		"table-full", "a table has reached its limit" },
	[VOXWALL_DROP_MKI] = {
		"mki", "SRTP whose MKI names no key of the stream" },
};

static const struct words diagnoses[__VOXWALL_DIAGNOSIS_MAX] = {
	[VOXWALL_DIAGNOSIS_WRONG_KEY] = {
		"wrong-key", "no key of the stream fits" },
	[VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE] = {
		"roc-off-by-one", "the key fits, but the sender's rollover counter is off by one" },
	[VOXWALL_DIAGNOSIS_ROC_OFF] = {
		"roc-off", "the key fits, but the sender's rollover counter is another" },
	[VOXWALL_DIAGNOSIS_REPLAYED] = {
		"replayed", "authentic, but seen before or too old" },
	[VOXWALL_DIAGNOSIS_UNKNOWN_SSRC] = {
		"unknown-ssrc", "no key fits, and the SSRC is none that the stream knows" },
	[VOXWALL_DIAGNOSIS_SSRC_LIMIT] = {
		"ssrc-limit", "authentic, but the stream has all the SSRCs that it may have" },
};

static const char *const classes[__VOXWALL_CLASS_MAX] = {
	[VOXWALL_CLASS_OTHER] = "other",
	[VOXWALL_CLASS_CANDIDATE] = "candidate",
	[VOXWALL_CLASS_SIP] = "sip",
	[VOXWALL_CLASS_RTP] = "rtp",
	[VOXWALL_CLASS_RTCP] = "rtcp",
	[VOXWALL_CLASS_STUN] = "stun",
	[VOXWALL_CLASS_DTLS] = "dtls",
	[VOXWALL_CLASS_ZRTP] = "zrtp",
	[VOXWALL_CLASS_TURN] = "turn",
};

static const char *const zones[__VOXWALL_ZONE_MAX] = {
	[VOXWALL_ZONE_VOICE] = "voice",
	[VOXWALL_ZONE_DATA] = "data",
	[VOXWALL_ZONE_WAN] = "wan",
};

static const char *const modes[__VOXWALL_PORT_MODE_MAX] = {
	[VOXWALL_PORT_ACCESS] = "access",
	[VOXWALL_PORT_TRUNK] = "trunk",
	[VOXWALL_PORT_UPLINK] = "uplink",
};

static const char *const methods[__VOXWALL_METHOD_MAX] = {
	[VOXWALL_METHOD_STATIC] = "static",
	[VOXWALL_METHOD_DOT1X] = "dot1x",
	[VOXWALL_METHOD_MAB] = "mab",
	[VOXWALL_METHOD_CRITICAL] = "critical",
};

static const char *const latches[__VOXWALL_LATCH_MAX] = {
	[VOXWALL_LATCH_SDP] = "sdp",
	[VOXWALL_LATCH_AUTHENTICATED] = "authenticated",
	[VOXWALL_LATCH_FIRST_WITHIN] = "first-within",
	[VOXWALL_LATCH_SYMMETRIC] = "symmetric-then-lock",
};

static const char *const rogues[__VOXWALL_ROGUE_MAX] = {
	[VOXWALL_ROGUE_DROP] = "drop",
	[VOXWALL_ROGUE_MARK] = "mark",
	[VOXWALL_ROGUE_ALLOW] = "allow",
};

static const char *const events[__VOXWALL_EVENT_MAX] = {
	[VOXWALL_EVENT_STATION_UNKNOWN] = "station-unknown",
	[VOXWALL_EVENT_STATION_MOVED] = "station-moved",
	[VOXWALL_EVENT_STREAM_IDLE] = "stream-idle",
	[VOXWALL_EVENT_STREAM_ABUSE] = "stream-abuse",
	[VOXWALL_EVENT_ROGUE_VOICE] = "rogue-voice",
	[VOXWALL_EVENT_LEAK] = "leak",
	[VOXWALL_EVENT_PORT_GONE] = "port-gone",
	[VOXWALL_EVENT_KEY_EXPIRES] = "key-expires",
};

static const char *word(const char *const *table, size_t size, unsigned int n)
{
	return n < size && table[n] ? table[n] : "unknown";
}

/* The word for an enum voxwall_drop */
const char *vw_drop_name(unsigned int drop)
{
	return drop < ARRAY_SIZE(drops) && drops[drop].name ?
	       drops[drop].name : "unknown";
}

/* A sentence for an enum voxwall_drop */
const char *vw_drop_text(unsigned int drop)
{
	return drop < ARRAY_SIZE(drops) && drops[drop].text ?
	       drops[drop].text : "unknown";
}

/* The word for an enum voxwall_diagnosis */
const char *vw_diagnosis_name(unsigned int diagnosis)
{
	return diagnosis < ARRAY_SIZE(diagnoses) && diagnoses[diagnosis].name ?
	       diagnoses[diagnosis].name : "unknown";
}

/* A sentence for an enum voxwall_diagnosis */
const char *vw_diagnosis_text(unsigned int diagnosis)
{
	return diagnosis < ARRAY_SIZE(diagnoses) && diagnoses[diagnosis].text ?
	       diagnoses[diagnosis].text : "unknown";
}

/* The word for an enum voxwall_class */
const char *vw_class_name(unsigned int class)
{
	return word(classes, ARRAY_SIZE(classes), class);
}

/* The word for an enum voxwall_zone */
const char *vw_zone_name(unsigned int zone)
{
	return word(zones, ARRAY_SIZE(zones), zone);
}

/* The word for an enum voxwall_port_mode */
const char *vw_mode_name(unsigned int mode)
{
	return word(modes, ARRAY_SIZE(modes), mode);
}

/* The word for an enum voxwall_method */
const char *vw_method_name(unsigned int method)
{
	return word(methods, ARRAY_SIZE(methods), method);
}

/* The word for an enum voxwall_latch */
const char *vw_latch_name(unsigned int latch)
{
	return word(latches, ARRAY_SIZE(latches), latch);
}

/* The word for an enum voxwall_rogue */
const char *vw_rogue_name(unsigned int rogue)
{
	return word(rogues, ARRAY_SIZE(rogues), rogue);
}

/* The word for an enum voxwall_event */
const char *vw_event_name(unsigned int event)
{
	return word(events, ARRAY_SIZE(events), event);
}
