/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module as user space sees it: the only user of libnl-genl and the uapi's
 * attributes. Used by the agent and by the CLI alike. Every call is synchronous
 * and answers 0 or -errno; vw_genl_error() then has the sentence, the kernel's
 * own where it gave one.
 */
#ifndef VW_AGENT_GENL_H
#define VW_AGENT_GENL_H

#include <stdio.h>

#include "../../kmod/core/ext.h"
#include "../../kmod/core/policy.h"
#include "../../kmod/core/names.h"

struct vw_genl;

/* -ENOENT: the module isn't loaded. When opening fails the sentence is in
 * vw_genl_error(NULL). */
int vw_genl_open(struct vw_genl **ret);
void vw_genl_close(struct vw_genl *g);
const char *vw_genl_error(const struct vw_genl *g);

/* ---- policy, ports, stations ---- */

struct vw_genl_port {
	unsigned int ifindex;
	char name[32];
	struct vw_port_rule rule;
	bool allow_clear;
	u64 rx_packets;		/* read only */
	u64 dropped;		/* read only */
};

struct vw_genl_station {
	u8 mac[6];
	unsigned int ifindex;
	u8 allow;
	u8 method;
	u64 packets;		/* read only */
	u64 idle_ms;		/* read only; UINT64_MAX: never seen */
};

int vw_genl_policy_set(struct vw_genl *g, const struct vw_policy *pol);
int vw_genl_policy_get(struct vw_genl *g, struct vw_policy *ret);
int vw_genl_port_set(struct vw_genl *g, const struct vw_genl_port *port);
int vw_genl_port_del(struct vw_genl *g, unsigned int ifindex);
int vw_genl_station_set(struct vw_genl *g, const struct vw_genl_station *st);
int vw_genl_station_del(struct vw_genl *g, const u8 mac[6]);

/* Dumps call @cb for each object; a non-zero answer ends the walk and is returned.
 * The kernel has told everything by then: @cb may use @g itself. */
int vw_genl_port_dump(struct vw_genl *g,
		      int (*cb)(const struct vw_genl_port *, void *), void *arg);
int vw_genl_station_dump(struct vw_genl *g,
			 int (*cb)(const struct vw_genl_station *, void *), void *arg);

/* ---- streams ---- */

/**
 * struct vw_genl_crypto - how one side of a stream is protected
 * @suite: VOXWALL_SUITE_NONE: plain
 * @slot: key slot that @key goes into
 * @use: make @slot the current one
 * @grace_ms: with @use: how long the other slot's key goes on to open; 0: until it is
 *	replaced
 * @key: master key; wipe after use (vw_genl wipes its own copies)
 * @rtcp_clear: SRTCP is authenticated only, and accepted so (UNENCRYPTED_SRTCP)
 * @mki: master key identifier of @key; read: of the current key
 * @mki_len: bytes of @mki; 0: none
 * @lifetime: SRTP packets that @key may protect; 0: as many as RFC 3711 allows
 * @kdr: key derivation rate of @key: 0 or 2^n, n <= 24; read: of the current key
 * @ext: RTP header extensions that @key encrypts (RFC 6904), by their identifiers in
 *	the session; read: of the current key
 * @used: read only: how many it has
 * @driver: read only
 * @slots: read only: bit n: slot n has a key
 */
struct vw_genl_crypto {
	u16 suite;
	u8 slot;
	bool use;
	u32 grace_ms;
	bool rtcp_clear;
	u8 key[VOXWALL_KEY_LEN];
	u8 salt[VOXWALL_SALT_LEN];
	u8 mki[VOXWALL_MKI_LEN];
	u8 mki_len;
	u64 lifetime;
	u32 kdr;
	struct vw_ext_ids ext;
	u64 used;
	char driver[64];
	u8 slots;
};

/* One leg of the addresses of a stream; ports in host order; rtcp 0: none. */
struct vw_genl_leg {
	u8 family;		/* 4 or 6 */
	u8 addr[16];
	u16 rtp;
	u16 rtcp;
};

struct vw_genl_ssrc {
	u32 id;
	u32 roc;
	u16 seq;
	u64 packets;
};

/**
 * struct vw_genl_report - what the end that a stream sends to says of it
 * @has_block: @source to @jitter_us were told
 * @source: SSRC
 * @age_ms: since it was told
 * @fraction: lost of late, 1/256
 * @lost: since the beginning; duplicates count against it
 * @jitter_us: as the end sees it
 * @has_trip: @trip_us has been measured
 * @trip_us: from the gateway to the end and back
 * @has_voip: the rest was told
 * @voip_loss: since the beginning, 1/256
 * @voip_discard: late for the jitter buffer, 1/256
 * @voip_delay_ms: in the end itself; 0: not told
 * @voip_r: 255: not told
 * @voip_mos_lq: times ten; 0: not told
 * @voip_mos_cq: likewise
 * @voip_bare: losses aren't concealed
 */
struct vw_genl_report {
	bool has_block;
	u32 source;
	u64 age_ms;
	u8 fraction;
	s32 lost;
	u32 jitter_us;
	bool has_trip;
	u32 trip_us;
	bool has_voip;
	u8 voip_loss;
	u8 voip_discard;
	u16 voip_delay_ms;
	u8 voip_r;
	u8 voip_mos_lq;
	u8 voip_mos_cq;
	bool voip_bare;
};

/**
 * struct vw_genl_diagnosis - why packets of a stream didn't open, by samples
 * @known: there has been one; nothing else is filled otherwise
 * @verdict: enum voxwall_diagnosis of the last one
 * @age_ms: since then
 * @rtcp: it was SRTCP
 * @ssrc: of the packet
 * @has_roc: @roc and @expected are what the verdict is about
 * @roc: rollover counter of the sender
 * @expected: and the one that was expected
 * @counts: samples by verdict
 */
struct vw_genl_diagnosis {
	bool known;
	u8 verdict;
	u64 age_ms;
	bool rtcp;
	u32 ssrc;
	bool has_roc;
	u32 roc;
	u32 expected;
	u64 counts[__VOXWALL_DIAGNOSIS_MAX];
};

struct vw_genl_stream {
	u32 id;
	u32 peer;
	char label[VOXWALL_LABEL_LEN + 1];
	u8 zone;
	struct vw_genl_leg local;
	struct vw_genl_leg remote;
	struct vw_genl_leg src;
	struct vw_genl_leg dst;
	struct vw_genl_crypto open;
	struct vw_genl_crypto seal;
	bool clear_wan;
	bool fastpath_off;	/* leaves through the stack's output */
	u32 clock_rate;
	u32 timeout_ms;
	/* where the first source was when we came to it; until it has been heard */
	bool has_roc;
	bool has_seq;		/* not without @has_roc */
	u32 roc;		/* its rollover counter, RFC 3711 3.3.1 */
	u16 seq;		/* the highest sequence number of it */
	u8 latch;		/* enum voxwall_latch */
	struct vw_genl_leg latch_from;	/* address only; family 0: any */
	/* read only */
	u64 idle_ms, packets, bytes, rtcp_packets, lost;
	u32 jitter_us;
	u64 auth_failed, replayed, strangers, dropped;
	struct vw_genl_ssrc ssrcs[VOXWALL_MAX_SSRCS];
	u8 nssrcs;
	struct vw_genl_leg latched;	/* family 0: nothing is; a port of 0: not that */
	u8 payload;		/* type of the last RTP packet; 255: none yet */
	struct vw_genl_report report;
	struct vw_genl_diagnosis diagnosis;
};

/* Parts of a stream that vw_genl_stream_set() changes. */
#define VW_STREAM_REMOTE	0x01
#define VW_STREAM_DST		0x02
#define VW_STREAM_OPEN		0x04
#define VW_STREAM_SEAL		0x08
#define VW_STREAM_TIMEOUT	0x10
#define VW_STREAM_ROC		0x20
#define VW_STREAM_FASTPATH	0x40
#define VW_STREAM_LATCH		0x80

int vw_genl_stream_new(struct vw_genl *g, const struct vw_genl_stream *s);
int vw_genl_stream_set(struct vw_genl *g, const struct vw_genl_stream *s, unsigned int parts);
int vw_genl_stream_del(struct vw_genl *g, u32 id);
int vw_genl_stream_get(struct vw_genl *g, u32 id, struct vw_genl_stream *ret);
int vw_genl_stream_dump(struct vw_genl *g,
			int (*cb)(const struct vw_genl_stream *, void *), void *arg);

/* ---- counters and events ---- */

struct vw_genl_drops {
	unsigned int ifindex;	/* 0: no port */
	u64 counts[__VOXWALL_DROP_MAX];
	u64 classes[__VOXWALL_CLASS_MAX];
};

struct vw_genl_event {
	u8 type;
	unsigned int ifindex;
	u8 mac[6];
	u16 vlan;
	u32 stream;
	u8 drop;
	u8 class;
	u32 suppressed;
};

int vw_genl_drops_dump(struct vw_genl *g,
		       int (*cb)(const struct vw_genl_drops *, void *), void *arg);

/* A second socket that listens to the events; poll its descriptor. */
int vw_genl_events_open(struct vw_genl **ret, void (*cb)(const struct vw_genl_event *, void *),
			void *arg);
int vw_genl_events_fd(const struct vw_genl *g);
/*
 * Deliver what has come; never blocks. -ENOBUFS: some were lost, go on reading.
 * -ENODEV: the module was unloaded, or unloaded and loaded: vw_genl_renew().
 */
int vw_genl_events_read(struct vw_genl *g);
/*
 * A module that was loaded again has another number: find it, for both sockets.
 * -ENOENT: it isn't loaded.
 */
int vw_genl_renew(struct vw_genl *g, struct vw_genl *events);

#endif
