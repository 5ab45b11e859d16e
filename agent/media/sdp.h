/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SDP as lines (RFC 4566, RFC 8866). What isn't understood is carried over byte
 * for byte and in place; only the lines that say where media goes and how it is
 * protected are written anew.
 */
#ifndef VW_MEDIA_SDP_H
#define VW_MEDIA_SDP_H

#include "codec.h"
#include "endpoint.h"
#include "sdes.h"
#include "text.h"

#define VW_SDP_MAX_LEN		32768
#define VW_SDP_MAX_LINES	768
#define VW_SDP_MAX_MEDIA	8
#define VW_SDP_MAX_KEYS		(__VOXWALL_SUITE_MAX - 1)	/* one of each suite */

/**
 * struct vw_sdp_line - one line of the text
 * @type: the letter before '='
 * @p: the value
 * @len: bytes of the value
 * @raw: the line with type and line end
 * @raw_len: its bytes
 */
struct vw_sdp_line {
	char type;
	const char *p;
	size_t len;
	const char *raw;
	size_t raw_len;
};

/* What the proto field says, as far as the gateway can carry it. */
enum vw_sdp_proto {
	VW_PROTO_OTHER,		/* not RTP over UDP, or keyed in another way */
	VW_PROTO_AVP,
	VW_PROTO_SAVP,
	VW_PROTO_AVPF,
	VW_PROTO_SAVPF,
};

/**
 * struct vw_sdp_media - one m= section
 * @first: index of its m= line
 * @end: index after its last line
 * @cline: index of its own c= line; -1: the session's
 * @proto: its profile
 * @handled: RTP with a literal address: the gateway carries it
 * @mux: a=rtcp-mux
 * @away: its address is 0.0.0.0 (the old way to hold) or ::
 * @inactive: a=sendonly, recvonly or inactive, its own or the session's
 * @rtp: address and port that media goes to
 * @rtcp: port that RTCP goes to without rtcp-mux
 * @clock: Hz of the first payload type's timestamps
 * @formats: dynamic payload types
 */
struct vw_sdp_media {
	int first;
	int end;
	int cline;
	enum vw_sdp_proto proto;
	bool handled;
	bool mux;
	bool away;
	bool inactive;
	struct vw_endpoint rtp;
	u16 rtcp;
	u32 clock;
	struct vw_formats formats;
};

/**
 * struct vw_sdp - a parsed session description; points into the text
 * @cline: index of the session's c= line; -1: none
 */
struct vw_sdp {
	struct vw_sdp_line line[VW_SDP_MAX_LINES];
	struct vw_sdp_media media[VW_SDP_MAX_MEDIA];
	int nline;
	int nmedia;
	int cline;
	bool inactive;
};

/* 0; -EBADMSG: malformed; -E2BIG: over a limit. The text must outlive @sdp. */
int vw_sdp_parse(const char *p, size_t len, struct vw_sdp *sdp);

/* RTP/SAVP or RTP/SAVPF */
bool vw_proto_secure(enum vw_sdp_proto proto);
/* The same profile with or without protection. */
enum vw_sdp_proto vw_proto_with(enum vw_sdp_proto proto, bool secure);

/**
 * vw_sdp_crypto - choose one of a media section's crypto attributes
 * @sdp: the description
 * @media: index of the section
 * @suites: what is allowed
 * @nsuites: how many
 * @ret: the first usable one, written on success; wipe it
 *
 * Return: 0; -ENODATA: there is no crypto attribute; -EOPNOTSUPP: none of them
 * can be used; -EBADMSG: two of them carry the same tag.
 */
int vw_sdp_crypto(const struct vw_sdp *sdp, int media, const u16 *suites, size_t nsuites,
		  struct vw_sdes *ret);

/* A key to be written. */
struct vw_sdp_key {
	u32 tag;
	u16 suite;
	const struct vw_secret *master;
	bool rtcp_clear;
};

/**
 * struct vw_sdp_out - how one media section is written
 * @keep: leave the section as it is
 * @port: 0: refuse or switch off
 * @rtcp: port of RTCP
 * @mux: keep a=rtcp-mux; it is never added
 * @away: write 0.0.0.0 (or ::) for the address
 * @proto: profile to write
 * @key: crypto attributes to write
 * @nkey: how many
 */
struct vw_sdp_out {
	bool keep;
	u16 port;
	u16 rtcp;
	bool mux;
	bool away;
	enum vw_sdp_proto proto;
	struct vw_sdp_key key[VW_SDP_MAX_KEYS];
	u8 nkey;
};

/**
 * vw_sdp_write - write the description for the other side
 * @sdp: the description
 * @out: one entry for each media section
 * @local: the gateway's address on the other side
 * @bump: added to the version in the o= line
 * @t: where to
 */
void vw_sdp_write(const struct vw_sdp *sdp, const struct vw_sdp_out *out,
		  const struct vw_endpoint *local, u64 bump, struct vw_text *t);

#endif
