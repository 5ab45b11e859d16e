/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Streams: one direction of one media flow each, and the table of a namespace.
 *
 * The packet path asks vw_streams_media_port() about the destination port, one
 * bit, and only then vw_stream_rx(). Changes come through genl_stream.c.
 */
#ifndef VW_STREAM_H
#define VW_STREAM_H

#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/netfilter.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "core/frame.h"
#include "core/rtcp.h"
#include "core/srtp.h"
#include "crypto.h"
#include "diagnosis.h"
#include "uapi/linux/voxwall.h"

struct dst_entry;
struct sk_buff;
struct vw_latch;
struct vw_net;

#define VW_STREAM_BUCKETS	16384
#define VW_STREAM_SLOTS		2
/* Milliseconds between two events of one stream about abuse. */
#define VW_STREAM_ABUSE_MS	10000
/*
 * Packets refused in that time that are worth one. Below it stay honest ends that
 * send before they have keys, duplicates, and stragglers of a call before.
 */
#define VW_STREAM_ABUSE_MIN	8

/**
 * struct vw_leg - an address with its two media ports
 * @addr: unused bytes are zero
 * @rtp: port of RTP
 * @rtcp: port of RTCP; 0: none, or any in a remote leg
 * @family: 4 or 6
 */
struct vw_leg {
	union nf_inet_addr addr;
	__be16 rtp;
	__be16 rtcp;
	u8 family;
};

/* Is this the leg's address, in bytes as a header has them? */
static inline bool vw_leg_is(const struct vw_leg *leg, u8 family, const u8 *addr)
{
	if (leg->family != family)
		return false;
	return family == 4 ? !memcmp(&leg->addr, addr, 4) : !memcmp(&leg->addr, addr, 16);
}

/**
 * struct vw_route - a cached way to a destination
 * @dst: counted
 * @cookie: for dst_check()
 * @rcu: ends it
 */
struct vw_route {
	struct dst_entry *dst;
	u32 cookie;
	struct rcu_head rcu;
};

/**
 * struct vw_target - whom a stream believes and where it sends; replaced whole
 * @remote: where its packets must come from
 * @src: what they carry as their source when they leave
 * @dst: where they go, same family as @src
 * @route: the ways there, of RTP and of RTCP; RCU, changed under the stream's lock
 * @rcu: ends it, with its routes
 */
struct vw_target {
	struct vw_leg remote;
	struct vw_leg src;
	struct vw_leg dst;
	struct vw_route __rcu *route[2];
	struct rcu_head rcu;
};

/**
 * struct vw_side - how what arrives, or what leaves, is protected
 * @suite: NULL: not at all
 * @current_slot: of the key that seals, and that is tried first to open
 * @until: seconds since boot, when the key that is not the current one opens no more;
 *	0: it goes on
 * @slot: RCU, changed under vn->lock; NULL: no key
 * @born: epoch of the stream at which the slot got its key; vn->lock
 */
struct vw_side {
	const struct vw_suite *suite;
	u8 current_slot;
	u32 until;
	struct vw_key __rcu *slot[VW_STREAM_SLOTS];
	u32 born[VW_STREAM_SLOTS];
};

/* May the key that is not the current one open nothing any more? */
static inline bool vw_side_is_over(const struct vw_side *side)
{
	u32 until = READ_ONCE(side->until);

	return until && !time_after32(until, (u32)ktime_get_seconds());
}

/**
 * struct vw_ssrc - what is remembered of one synchronisation source
 * @id: stays until another source takes the place
 * @epoch: of the stream, when the last packet came: which keys it may have used
 * @ts: RTP timestamp of the last packet
 * @pt: its payload type
 * @rtp: packet indexes seen, of opening and sealing alike
 * @rtcp: SRTCP indexes seen
 * @rtcp_next: SRTCP index of the next packet that leaves; only ever grows
 * @sender: of clear packets: whether it has begun anew
 * @jitter: RFC 3550 A.8, 1/16 microseconds
 * @arrival: when the last packet came, ns; 0: no packet yet
 * @base: index that losses are counted from
 * @received: packets since @base
 * @lost: before @base
 * @packets: all
 */
struct vw_ssrc {
	u32 id;
	u32 epoch;
	u32 ts;
	u8 pt;
	struct vw_replay rtp;
	struct vw_replay rtcp;
	u32 rtcp_next;
	struct vw_sender sender;
	u32 jitter;
	u64 arrival;
	u64 base;
	u64 received;
	u64 lost;
	u64 packets;
};

/**
 * struct vw_report - what the end that gets a stream's packets says of them
 * @trail: timestamps that left with the stream, for the answers to them
 * @block: about the newest source
 * @voip: likewise
 * @seen: jiffies, of @block
 * @trip: round trip between here and the end, 1/65536 s
 * @has_block: there is one
 * @has_voip: likewise
 * @has_trip: likewise
 */
struct vw_report {
	struct vw_rtcp_trail trail;
	struct vw_rtcp_report block;
	struct vw_rtcp_voip voip;
	unsigned long seen;
	u32 trip;
	bool has_block;
	bool has_voip;
	bool has_trip;
};

/**
 * struct vw_node - one local port of a stream in the table
 * @node: RCU
 * @port: the port; 0: not in use
 * @rtcp: a port for RTCP alone, and its place in the stream
 * @mux: RTCP may come here too (RFC 5761)
 */
struct vw_node {
	struct hlist_node node;
	__be16 port;
	bool rtcp;
	bool mux;
};

/**
 * struct vw_stream_conf - what a stream is made of; keys apart
 * @id: not 0
 * @peer: of the other direction; 0: none
 * @timeout: ms without a good packet until it is removed; 0: never
 * @clock_rate: Hz, not 0
 * @zone: enum voxwall_zone
 * @clear_wan: may leave on an uplink unsealed
 * @fastpath: leaves straight to the neighbour, not through the stack's output
 * @local: what it matches
 * @label: the caller's, for listings; of a stream its own, NULL: empty
 */
struct vw_stream_conf {
	u32 id;
	u32 peer;
	u32 timeout;
	u32 clock_rate;
	u8 zone;
	bool clear_wan;
	bool fastpath;
	struct vw_leg local;
	const char *label;
};

/**
 * struct vw_stream - one direction of one media flow
 * @conf: immutable but for the timeout and the fast path
 * @vn: the namespace
 * @node: its local ports; the second one is unused with rtcp-mux or without RTCP
 * @target: RCU, changed under the lock of the streams; never NULL
 * @latch: likewise; NULL: nothing is latched, as VOXWALL_LATCH_SDP says
 * @open: what arrives
 * @seal: what leaves
 * @lock: serialises everything below up to @rtcp_packets; softirqs
 * @seq: lets readers copy a replay window without @lock
 * @ssrc: the first source that sent a good packet; see vw_ssrc_at()
 * @more: the others, in their order; NULL until there is a second one
 * @nssrc: how many; released after the new one is filled
 * @newest: position of the one that sent last
 * @sampled: a refused packet waits for its diagnosis, see diagnosis.c
 * @epoch: counts changes of keys
 * @floor: a source whose epoch is below has used no key that is still there
 * @lost: packets that sources lost which had to leave their place
 * @packets: RTP sent on
 * @bytes: of RTP as it came, headers included
 * @rtcp_packets: sent on
 * @ip_id: of the IPv4 packet before, modulo 2^16
 * @last_good: jiffies
 * @next_abuse: jiffies: when the next time of counting may begin
 * @abuse_at: when so many are @dropped, modulo 2^32, an event is due; 0: none is
 * @auth_failed: packets with a wrong tag
 * @replayed: packets with an index that was seen or is too old
 * @strangers: packets from a wrong source or zone
 * @dropped: for all reasons
 * @report: of the far end; under @lock
 * @end: after a grace period
 *
 * Death certificate. vw_stream_kill() takes a stream out of both tables under
 * vn->lock. After that these could still hold it:
 *  - the packet path: inside an RCU read section that began before;
 *  - a dump: inside an RCU read section too, it remembers identifiers only;
 *  - netlink, the idle work and the diagnosis: only under vn->lock, which the kill
 *    needs. A sample that waits for its diagnosis knows the stream by name only, and
 *    is wiped at the end.
 * None takes a reference out of its section, so the grace period is the end: it frees
 * the ciphers, which needs process context.
 */
struct vw_stream {
	struct vw_stream_conf conf;
	struct vw_net *vn;
	struct vw_node node[2];
	struct vw_target __rcu *target;
	struct vw_latch __rcu *latch;
	struct vw_side open;
	struct vw_side seal;
	spinlock_t lock;
	seqcount_spinlock_t seq;
	struct vw_ssrc ssrc;
	struct vw_ssrc *more;
	u8 nssrc;
	u8 newest;
	bool sampled;
	u32 epoch;
	u32 floor;
	atomic_t ip_id;
	u64 lost;
	u64 packets;
	u64 bytes;
	u64 rtcp_packets;
	unsigned long last_good;
	unsigned long next_abuse;
	u32 abuse_at;
	atomic64_t auth_failed;
	atomic64_t replayed;
	atomic64_t strangers;
	atomic64_t dropped;
	struct vw_report report;
	struct vw_end end;
};

static inline struct vw_stream *vw_node_stream(const struct vw_node *node)
{
	return container_of(node - node->rtcp, struct vw_stream, node[0]);
}

/* The source in place @i; under the stream's lock, or with a place that was acquired. */
static inline struct vw_ssrc *vw_ssrc_at(const struct vw_stream *st, unsigned int i)
{
	return i ? &st->more[i - 1] : (struct vw_ssrc *)&st->ssrc;
}

/**
 * struct vw_streams - the streams of one namespace
 * @ports: bit n is set while some stream's local port, taken as the raw
 *	big-endian number, is n
 * @bucket: struct vw_node by local port: the bucket is the port's low bits, so
 *	that nobody can choose collisions; RCU, changed under vn->lock
 * @by_id: struct vw_stream; RCU, changed under vn->lock
 * @count: how many
 * @lock: serialises changes of targets and latches, in vn->lock where both are held;
 *	softirqs
 * @idle: removes streams that have fallen silent
 * @diagnoses: why their packets were refused
 * @vn: the namespace
 */
struct vw_streams {
	unsigned long ports[BITS_TO_LONGS(65536)];
	struct hlist_head bucket[VW_STREAM_BUCKETS];
	struct xarray by_id;
	u32 count;
	spinlock_t lock;
	struct delayed_work idle;
	struct vw_diagnoses diagnoses;
	struct vw_net *vn;
};

/**
 * vw_streams_media_port - may a packet to this UDP port belong to a stream?
 * @s: the namespace's streams
 * @dport: destination port
 *
 * Any context. A clear bit means no; a set one means vw_stream_rx() knows.
 */
static inline bool vw_streams_media_port(const struct vw_streams *s, __be16 dport)
{
	return test_bit((__force u16)dport, s->ports);
}

/* Make the namespace's table; vn->lock is held. Nothing when it exists. */
int vw_streams_init(struct vw_net *vn);
/* Remove every stream; the ports are gone and no packet is on its way. Sleeps
 * for a grace period; vn->lock is held. Nothing when there is no table. */
void vw_streams_exit(struct vw_net *vn);

/* Once per module, around everything else of streams and the self-test. */
int vw_stream_module_init(void);
void vw_stream_module_exit(void);

/**
 * vw_stream_rx - take a UDP packet to a media port, if it is a stream's
 * @vn: the namespace
 * @skb: not shared, its data at the network header, headers linear up to 128 bytes
 * @f: the headers, parsed from the network header on
 * @zone: where it came from
 * @ret_drop: the reason, written when the answer is NF_DROP
 *
 * Softirq, under RCU. Return: NF_STOLEN: it has been taken and sent on;
 * NF_ACCEPT: not a stream's, or STUN, DTLS or ZRTP for the host, and untouched;
 * NF_DROP: the caller counts and drops it (its headers may be gone, @f with them).
 */
unsigned int vw_stream_rx(struct vw_net *vn, struct sk_buff *skb, const struct vw_frame *f,
			  enum voxwall_zone zone, enum voxwall_drop *ret_drop);

/* Under RCU: whose local address and port are these? NULL: nobody's. */
static inline const struct vw_node *vw_stream_lookup(const struct vw_streams *s, u8 family,
						     const u8 *addr, __be16 port)
{
	const struct hlist_head *head = &s->bucket[ntohs(port) % VW_STREAM_BUCKETS];
	const struct vw_node *node;

	hlist_for_each_entry_rcu(node, head, node)
		if (node->port == port && vw_leg_is(&vw_node_stream(node)->conf.local, family, addr))
			return node;
	return NULL;
}

/* Under RCU: the other direction of a stream with this target, which arrives where this one
 * leaves from and the other way round; NULL: there is none. */
struct vw_stream *vw_stream_other(const struct vw_stream *st, const struct vw_target *target);
/* Under RCU or vn->lock. */
struct vw_stream *vw_stream_find(const struct vw_net *vn, u32 id);

/**
 * vw_stream_new - add a stream; vn->lock is held
 * @vn: the namespace, whose table exists
 * @conf: copied
 * @target: taken over on success
 * @latch: likewise; may be NULL
 * @open: with its keys, taken over on success
 * @seal: likewise
 * @first: see vw_ssrc_expect(); 0: nothing is known
 *
 * Return: 0; -EEXIST: the identifier is taken; -EADDRINUSE: a local port is;
 * -ENOMEM.
 */
int vw_stream_new(struct vw_net *vn, const struct vw_stream_conf *conf,
		  struct vw_target *target, struct vw_latch *latch,
		  const struct vw_side *open, const struct vw_side *seal, u64 first);
/* Remove it; vn->lock is held. */
void vw_stream_kill(struct vw_stream *st);
/* Believe and send elsewhere from now on; @target is taken over; the lock of the streams
 * is held. */
void vw_stream_retarget(struct vw_stream *st, struct vw_target *target);

/* One that is all zeros; NULL: no memory. */
struct vw_target *vw_target_alloc(gfp_t gfp);
/* Free a target that no packet has seen, with its routes. */
void vw_target_free(struct vw_target *target);

#endif
