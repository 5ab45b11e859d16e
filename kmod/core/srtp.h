/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic of SRTP (RFC 3711): suites, packet index, replay window, IVs
 * and key-derivation blocks. The ciphers themselves are the caller's.
 */
#ifndef VW_CORE_SRTP_H
#define VW_CORE_SRTP_H

#include "env.h"
#include "../uapi/linux/voxwall.h"

/* Packets that one master key may protect, RFC 3711 9.2 */
#define VW_SRTP_LIFETIME	(1ULL << 48)
#define VW_SRTCP_LIFETIME	(1ULL << 31)
#define VW_SRTP_WINDOW		128	/* packets, RFC 3711 3.3.2 asks for 64 */
#define VW_SRTP_HALF		0x8000u	/* of all sequence numbers */
#define VW_SRTP_INDEX_MAX	((1ULL << 48) - 1)
#define VW_SRTCP_INDEX_MAX	0x7fffffffu
#define VW_SRTCP_E_BIT		0x80000000u
#define VW_SRTP_MAX_TAG		16
#define VW_HMAC_TAG		10	/* the longest of HMAC-SHA1, bytes */
#define VW_SRTCP_TRAILER	4	/* E bit and index */
#define VW_SRTP_MAX_TAIL	(VW_SRTP_MAX_TAG + VW_SRTCP_TRAILER + VOXWALL_MKI_LEN)
#define VW_SRTP_KDR_MAX		(1u << 24)	/* RFC 3711 4.3.1 */
#define VW_GCM_SALT_LEN		12
#define VW_GCM_IV_LEN		12
#define VW_GCM_TAG_LEN		16

/* Key derivation labels, RFC 3711 4.3.1 and 4.3.2, RFC 6904 3.1.1 */
enum vw_srtp_label {
	VW_LABEL_RTP_KEY, VW_LABEL_RTP_AUTH, VW_LABEL_RTP_SALT,
	VW_LABEL_RTCP_KEY, VW_LABEL_RTCP_AUTH, VW_LABEL_RTCP_SALT,
	VW_LABEL_EXT_KEY, VW_LABEL_EXT_SALT,
};

enum vw_cipher_kind {
	VW_CIPHER_CM,	/* AES in counter mode, RFC 3711 4.1.1 and RFC 6188 */
	VW_CIPHER_GCM,	/* RFC 7714: encrypts and authenticates */
	VW_CIPHER_NULL,	/* RFC 3711 4.1.3: the HMAC alone protects */
};

/**
 * struct vw_suite - one row of the suite table
 * @name: as IANA registers it, used in SDP, configuration and listings
 * @id: enum voxwall_suite
 * @cipher: enum vw_cipher_kind
 * @key_len: master key and session key, bytes
 * @salt_len: master salt, bytes
 * @auth_len: session authentication key, bytes; 0 for AEAD
 * @rtp_tag: authentication tag of SRTP, bytes
 * @rtcp_tag: of SRTCP, bytes
 */
struct vw_suite {
	const char *name;
	u16 id;
	u8 cipher;
	u8 key_len;
	u8 salt_len;
	u8 auth_len;
	u8 rtp_tag;
	u8 rtcp_tag;
};

/* NULL when there is no such suite (VOXWALL_SUITE_NONE has none). */
const struct vw_suite *vw_suite_get(unsigned int id);
/* @name need not end in NUL; compared case-insensitively (RFC 4568 9.2 ABNF). */
const struct vw_suite *vw_suite_by_name(const char *name, size_t len);

/**
 * struct vw_replay - highest index and who was seen below it
 * @top: highest authenticated index (48 bits SRTP, 31 bits SRTCP); before there is one,
 *	what vw_srtp_index() goes by
 * @seen: bit n: index top - n was seen; bit 0 is top itself, so that it is set from the
 *	first commit on
 */
struct vw_replay {
	u64 top;
	u64 seen[VW_SRTP_WINDOW / 64];
};

_Static_assert(VW_SRTP_WINDOW == 128, "vw_replay_commit() shifts two words");

/* A sequence number that tells nothing: whatever comes is in the same cycle. */
#define VW_SRTP_SEQ_ANY		0x8000

/* Has there been a commit? */
static inline bool vw_replay_begun(const struct vw_replay *w)
{
	return w->seen[0] & 1;
}

/**
 * vw_srtp_index - estimate the 48-bit index of a packet (RFC 3711 3.3.1, App. A)
 * @w: the SSRC's window; not changed
 * @seq: sequence number from the header
 *
 * Before the first commit @w->top is where the source is expected to be, and all zeros
 * say that the rollover counter starts at 0. An estimate that would be negative is taken in the current cycle. Return: the
 * estimate, which may exceed VW_SRTP_INDEX_MAX by one cycle (key exhausted).
 */
static inline u64 vw_srtp_index(const struct vw_replay *w, u16 seq)
{
	u16 last = (u16)w->top;
	u64 roc = w->top >> 16;

	if (last < VW_SRTP_HALF) {
		if (seq > last + VW_SRTP_HALF && roc)
			roc--;
	} else if (seq < last - VW_SRTP_HALF) {
		roc++;
	}
	return roc << 16 | seq;
}

/* 0: new; -EEXIST: seen before; -ESTALE: below the window. Changes nothing. */
static inline int vw_replay_check(const struct vw_replay *w, u64 index)
{
	u64 age = w->top - index;

	if (!vw_replay_begun(w) || index > w->top)
		return 0;
	if (age >= VW_SRTP_WINDOW)
		return -ESTALE;
	return w->seen[age / 64] >> age % 64 & 1 ? -EEXIST : 0;
}

/* vw_replay_commit() of any index. */
void vw_replay_commit_any(struct vw_replay *w, u64 index);

/* Record an index that vw_replay_check() allowed and that has authenticated. */
static inline void vw_replay_commit(struct vw_replay *w, u64 index)
{
	/* Nearly always it is the next one. */
	if (!vw_replay_begun(w) || index != w->top + 1) {
		vw_replay_commit_any(w, index);
		return;
	}
	w->top = index;
	w->seen[1] = w->seen[1] << 1 | w->seen[0] >> 63;
	w->seen[0] = w->seen[0] << 1 | 1;
}

/**
 * struct vw_sender - how the sequence of a clear sender becomes that of sealed packets
 * @restart: sequence number that would help to prove that it has begun anew, and in the
 *	upper half how many in a row have; 0: no sign of it
 * @shift: what its sequence numbers are raised by since then
 */
struct vw_sender {
	u32 restart;
	u16 shift;
};

/* vw_sender_index(), the long way. */
int vw_sender_index_any(struct vw_sender *s, const struct vw_replay *w, u16 seq, u64 *ret);

/**
 * vw_sender_index - the index that a clear packet will be sealed with
 * @s: what is known of its sender
 * @w: the indexes that have been used; not changed
 * @seq: sequence number from the header
 * @ret: the index; its low half is the sequence number to leave with
 *
 * No index comes twice. Return: 0; -EEXIST, -ESTALE: it may have been used, see
 * vw_replay_check(); -EOVERFLOW: the key has none left.
 */
static inline int vw_sender_index(struct vw_sender *s, const struct vw_replay *w, u16 seq,
				  u64 *ret)
{
	u64 next = w->top + 1;

	/* Nearly always it is that one. */
	if (!vw_replay_begun(w) || (u16)(seq + s->shift) != (u16)next || next > VW_SRTP_INDEX_MAX)
		return vw_sender_index_any(s, w, seq, ret);
	s->restart = 0;
	*ret = next;
	return 0;
}

/* IV of AES counter mode, RFC 3711 4.1.1; @salt is the 14-byte session salt. */
void vw_srtp_iv_cm(u8 iv[16], const u8 salt[14], u32 ssrc, u64 index);
/* IV of AES-GCM, RFC 7714 8.1 and 9.1: the same for SRTP's index of 48 bits and
 * SRTCP's of 31; @salt is the 12-byte session salt. */
void vw_srtp_iv_gcm(u8 iv[VW_GCM_IV_LEN], const u8 salt[VW_GCM_SALT_LEN], u32 ssrc, u64 index);

/* Is @rate a key derivation rate: 0 or a power of two up to VW_SRTP_KDR_MAX? */
bool vw_srtp_kdr_valid(u32 rate);
/* index DIV rate, RFC 3711 4.3.1: which session keys a packet has; always 0 at rate 0. */
u64 vw_srtp_interval(u64 index, u32 rate);
/* Counter block that starts the derivation of a key, RFC 3711 4.3.1 and 4.3.3; @salt
 * is the master salt, zero-padded to 14. */
void vw_srtp_iv_kdf(u8 iv[16], const u8 salt[14], enum vw_srtp_label label, u64 interval);

#endif
