/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Offer and answer (RFC 3264) across the gateway: SDP of one side goes in, SDP
 * for the other side comes out, and what was agreed is kept as a pact. Pure:
 * ports come from the caller, streams are derived from a pact in streams.c.
 */
#ifndef VW_MEDIA_SESSION_H
#define VW_MEDIA_SESSION_H

#include "../conf.h"
#include "sdp.h"

/* The two sides of the gateway. */
enum vw_side { VW_VOICE, VW_WAN };
#define VW_SIDES	2

static inline enum vw_side vw_other(enum vw_side s)
{
	return s == VW_VOICE ? VW_WAN : VW_VOICE;
}

#define VW_KEY_PRINT	16	/* bytes of a key's fingerprint */

/* Our own key for one suite; used: a stream has sealed with it. */
struct vw_own_key {
	bool used;
	u32 tag;
	u16 suite;
	struct vw_secret *master;
	u8 print[VW_KEY_PRINT];
};

/* A key that the peer seals with; see struct vw_sdes_key. */
struct vw_peer_key {
	struct vw_secret *master;
	u64 lifetime;
	u8 mki[VOXWALL_MKI_LEN];
	u8 mki_len;
};

/**
 * struct vw_leg - one media section as one side sees it
 * @port: the gateway's own RTP port on this side; RTCP is the next; 0: none
 * @nown: used entries of @own
 * @own: keys offered to or used towards this side
 * @lost: the own keys can't be told again: the agent was restarted and the kernel
 *	alone has them, or the stream that sealed with them is gone
 * @rtp: where the peer wants its media; family 0: not known yet
 * @rtcp: its RTCP port without rtcp-mux
 * @mux: the peer takes RTP and RTCP on one port
 * @away: the peer holds with 0.0.0.0
 * @inactive: the peer said sendonly, recvonly or inactive
 * @formats: the dynamic payload types that it takes
 * @secure: this side speaks SRTP
 * @proto: profile in its SDP
 * @tag: of the crypto attribute in use
 * @suite: enum voxwall_suite in use; VOXWALL_SUITE_NONE: plain
 * @rtcp_clear: SRTCP of both directions is authenticated only
 * @kdr: key derivation rate of the peer's keys
 * @key: the peer's; no masters when plain, or after a restart
 * @print: fingerprint of the peer's keys
 */
struct vw_leg {
	u16 port;
	u8 nown;
	struct vw_own_key own[VW_MAX_SUITES];
	bool lost;
	struct vw_endpoint rtp;
	u16 rtcp;
	bool mux;
	bool away;
	bool inactive;
	struct vw_formats formats;
	bool secure;
	enum vw_sdp_proto proto;
	u32 tag;
	u16 suite;
	bool rtcp_clear;
	u32 kdr;
	struct vw_peer_key key[VW_SDES_KEYS];
	u8 print[VW_KEY_PRINT];
};

enum vw_lane_kind {
	VW_LANE_KEEP,	/* not the gateway's: passed as it is */
	VW_LANE_OFF,	/* port 0 */
	VW_LANE_ON,
};

/* One media section. */
struct vw_lane {
	enum vw_lane_kind kind;
	u32 clock;
	bool mux;		/* agreed by both sides */
	struct vw_leg leg[VW_SIDES];
};

/**
 * struct vw_pact - what was offered, or agreed
 * @nlane: media sections
 * @bump: added to the version of the descriptions written for a side
 */
struct vw_pact {
	int nlane;
	u64 bump[VW_SIDES];
	struct vw_lane lane[VW_SDP_MAX_MEDIA];
};

/**
 * struct vw_media_env - what a session needs to know of the world
 * @addr: the gateway's media address on each side
 * @policy: of the trunk
 * @suites: of the trunk, most wanted first
 * @nsuites: how many
 * @clear: offer the trunk plain RTP: the second try of srtp-preferred
 * @print_key: secret of the fingerprints, 32 bytes
 * @take_port: a free pair on a side, or 0
 * @arg: for @take_port
 */
struct vw_media_env {
	struct vw_endpoint addr[VW_SIDES];
	enum vw_media_policy policy;
	const u16 *suites;
	size_t nsuites;
	bool clear;
	const u8 *print_key;
	u16 (*take_port)(void *arg, enum vw_side side);
	void *arg;
};

/**
 * vw_media_offer - carry an offer across
 * @env: the world
 * @cur: what is in force; NULL at first
 * @from: the side that offers
 * @sdp: its description
 * @len: bytes
 * @ret: the pact of the offer, written on success; vw_pact_free() it
 * @out: the description for the other side, appended on success
 *
 * Return: 0; -EBADMSG or -E2BIG: not SDP; -ENODATA: no media in it; -EACCES:
 * what the trunk's policy refuses (clear media, no usable key); -ENOSPC: no
 * port left; -ENOMEM.
 */
int vw_media_offer(const struct vw_media_env *env, const struct vw_pact *cur, enum vw_side from,
		   const char *sdp, size_t len, struct vw_pact **ret, struct vw_text *out);

/**
 * vw_media_answer - carry the answer back
 * @env: the world
 * @offer: the pact that vw_media_offer() made
 * @from: the side that answers
 * @sdp: its description
 * @len: bytes
 * @ret: the agreed pact, written on success
 * @out: the description for the side that offered, appended on success
 *
 * Return: as vw_media_offer(); -EACCES: the answer refuses protection.
 */
int vw_media_answer(const struct vw_media_env *env, const struct vw_pact *offer,
		    enum vw_side from, const char *sdp, size_t len, struct vw_pact **ret,
		    struct vw_text *out);

/* False: no memory for its keys; the leg is good for nothing but to be freed then. */
bool vw_leg_replace(struct vw_leg *leg, const struct vw_leg *with);
struct vw_pact *vw_pact_copy(const struct vw_pact *p);
void vw_pact_free(struct vw_pact *p);
/* Is this port of the side in the pact? */
bool vw_pact_uses(const struct vw_pact *p, enum vw_side side, u16 port);
/* Some lane is held by some side. */
bool vw_pact_held(const struct vw_pact *p);
/* Suite in use towards the trunk; VOXWALL_SUITE_NONE: plain or no media. */
u16 vw_pact_suite(const struct vw_pact *p);
bool vw_pact_active(const struct vw_pact *p);

#endif
