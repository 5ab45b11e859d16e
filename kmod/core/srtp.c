// SPDX-License-Identifier: GPL-2.0-or-later
#include "srtp.h"

#define WORDS	(VW_SRTP_WINDOW / 64)

/* So many packets in a row prove that a clear sender has begun anew. */
#define RESTART_RUN	4u

/* RFC 3711 and RFC 6188. The tag of SRTCP stays whole: RFC 4568 6.2.2, RFC 6188 6. */
#define SUITE_CM(text, number, key, tag) {				\
	.name = text,							\
	.id = VOXWALL_SUITE_##number,					\
	.cipher = VW_CIPHER_CM,						\
	.key_len = key,							\
	.salt_len = 14,							\
	.auth_len = 20,							\
	.rtp_tag = tag,							\
	.rtcp_tag = 10,							\
}

#define SUITE_GCM(text, number, key) {					\
	.name = text,							\
	.id = VOXWALL_SUITE_##number,					\
	.cipher = VW_CIPHER_GCM,					\
	.key_len = key,							\
	.salt_len = VW_GCM_SALT_LEN,					\
	.rtp_tag = VW_GCM_TAG_LEN,					\
	.rtcp_tag = VW_GCM_TAG_LEN,					\
}

/* RFC 5764 4.1.2; the master key is AES's, for the derivation. */
#define SUITE_NULL(text, number, tag) {					\
	.name = text,							\
	.id = VOXWALL_SUITE_##number,					\
	.cipher = VW_CIPHER_NULL,					\
	.key_len = 16,							\
	.salt_len = 14,							\
	.auth_len = 20,							\
	.rtp_tag = tag,							\
	.rtcp_tag = 10,							\
}

static const struct vw_suite suites[] = {
	SUITE_CM("AES_CM_128_HMAC_SHA1_80", AES_CM_128_HMAC_SHA1_80, 16, 10),
	SUITE_CM("AES_CM_128_HMAC_SHA1_32", AES_CM_128_HMAC_SHA1_32, 16, 4),
	SUITE_CM("AES_192_CM_HMAC_SHA1_80", AES_192_CM_HMAC_SHA1_80, 24, 10),
	SUITE_CM("AES_192_CM_HMAC_SHA1_32", AES_192_CM_HMAC_SHA1_32, 24, 4),
	SUITE_CM("AES_256_CM_HMAC_SHA1_80", AES_256_CM_HMAC_SHA1_80, 32, 10),
	SUITE_CM("AES_256_CM_HMAC_SHA1_32", AES_256_CM_HMAC_SHA1_32, 32, 4),
	SUITE_GCM("AEAD_AES_128_GCM", AEAD_AES_128_GCM, 16),
	SUITE_GCM("AEAD_AES_256_GCM", AEAD_AES_256_GCM, 32),
	SUITE_NULL("NULL_HMAC_SHA1_80", NULL_HMAC_SHA1_80, 10),
	SUITE_NULL("NULL_HMAC_SHA1_32", NULL_HMAC_SHA1_32, 4),
};

const struct vw_suite *vw_suite_get(unsigned int id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		if (suites[i].id == id)
			return &suites[i];
	return NULL;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static bool same_name(const char *ours, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!ours[i] || upper(name[i]) != ours[i])
			return false;
	return !ours[len];
}

const struct vw_suite *vw_suite_by_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		if (same_name(suites[i].name, name, len))
			return &suites[i];
	return NULL;
}

/* Make everything @by indexes older: by whole words, then by bits. */
static void age_all(struct vw_replay *w, u64 by)
{
	size_t i;

	if (by >= VW_SRTP_WINDOW) {
		memset(w->seen, 0, sizeof(w->seen));
		return;
	}
	for (; by >= 64; by -= 64) {
		for (i = WORDS - 1; i > 0; i--)
			w->seen[i] = w->seen[i - 1];
		w->seen[0] = 0;
	}
	if (!by)
		return;
	for (i = WORDS - 1; i > 0; i--)
		w->seen[i] = w->seen[i] << by | w->seen[i - 1] >> (64 - by);
	w->seen[0] <<= by;
}

void vw_replay_commit_any(struct vw_replay *w, u64 index)
{
	u64 age = 0;

	if (!vw_replay_begun(w)) {
		memset(w, 0, sizeof(*w));
		w->top = index;
	} else if (index > w->top) {
		age_all(w, index - w->top);
		w->top = index;
	} else {
		age = w->top - index;
	}
	if (age < VW_SRTP_WINDOW)
		w->seen[age / 64] |= 1ULL << age % 64;
}

/*
 * A clear sender that begins anew with the same SSRC comes from far behind, several times
 * in a row and with nothing of the old sequence in between (RFC 3550, A.1, which is content
 * with two; but two late packets of the old one can be neighbours). Its old indexes are used
 * up with this key, so from then on its sequence numbers are raised to go on where they were.
 */
static bool begins_anew(struct vw_sender *s, u16 seq)
{
	u32 run = s->restart >> 16 && (u16)s->restart == seq ? (s->restart >> 16) + 1 : 1;

	s->restart = run < RESTART_RUN ? run << 16 | (u16)(seq + 1) : 0;
	return !s->restart;
}

int vw_sender_index_any(struct vw_sender *s, const struct vw_replay *w, u16 seq, u64 *ret)
{
	int err;

	*ret = vw_srtp_index(w, seq + s->shift);
	err = vw_replay_check(w, *ret);
	if (!err) {
		s->restart = 0;
	} else if (err == -ESTALE && begins_anew(s, seq)) {
		*ret = w->top + 1;
		s->shift = (u16)*ret - seq;
		err = 0;
	}
	return !err && *ret > VW_SRTP_INDEX_MAX ? -EOVERFLOW : err;
}

static void xor_be32(u8 *p, u32 value)
{
	put_unaligned_be32(get_unaligned_be32(p) ^ value, p);
}

static void xor_be48(u8 *p, u64 value)
{
	p[0] ^= (u8)(value >> 40);
	p[1] ^= (u8)(value >> 32);
	xor_be32(p + 2, (u32)value);
}

void vw_srtp_iv_cm(u8 iv[16], const u8 salt[14], u32 ssrc, u64 index)
{
	memcpy(iv, salt, 14);
	xor_be32(iv + 4, ssrc);
	xor_be48(iv + 8, index);
	iv[14] = 0;
	iv[15] = 0;
}

void vw_srtp_iv_gcm(u8 iv[VW_GCM_IV_LEN], const u8 salt[VW_GCM_SALT_LEN], u32 ssrc, u64 index)
{
	memcpy(iv, salt, VW_GCM_IV_LEN);
	xor_be32(iv + 2, ssrc);
	xor_be48(iv + 6, index);
}

bool vw_srtp_kdr_valid(u32 rate)
{
	return rate <= VW_SRTP_KDR_MAX && !(rate & (rate - 1));
}

u64 vw_srtp_interval(u64 index, u32 rate)
{
	if (!rate)
		return 0;
	for (; rate > 1; rate >>= 1)
		index >>= 1;
	return index;
}

void vw_srtp_iv_kdf(u8 iv[16], const u8 salt[14], enum vw_srtp_label label, u64 interval)
{
	memcpy(iv, salt, 14);
	/* The label precedes 48 bits of index: of SRTCP's, too (erratum 3712). */
	iv[7] ^= (u8)label;
	xor_be48(iv + 8, interval);
	iv[14] = 0;
	iv[15] = 0;
}
