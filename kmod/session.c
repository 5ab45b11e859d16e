// SPDX-License-Identifier: GPL-2.0-or-later
#include <crypto/algapi.h>

#include "core/rtp.h"
#include "crypto.h"

static int crypt(const struct vw_suite *suite, const struct vw_session *s, u8 iv[16], u8 *p,
		 size_t len)
{
	struct vw_cipher c;
	int err;

	err = vw_cipher_init(&c, suite->cipher, s->key, suite->key_len, false, NULL) ?:
	      vw_cipher_crypt(&c, iv, p, len);
	vw_cipher_exit(&c);
	return err;
}

/* ---- SRTP ---- */

static int rtp_crypt(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
		     u32 ssrc, u64 index)
{
	u8 iv[16];

	vw_srtp_iv_cm(iv, s->salt, ssrc, index);
	return crypt(key->suite, s, iv, p, len);
}

/* The rollover counter is authenticated as if it followed the packet, RFC 3711 4.2; what
 * lies there stays. */
static int rtp_mac(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
		   u64 index, u8 *digest)
{
	u32 covered = get_unaligned_be32(p + len);
	int err;

	put_unaligned_be32(index >> 16, p + len);
	err = vw_hmac_once(s->auth, key->suite->auth_len, p, len + sizeof(u32), digest);
	put_unaligned_be32(covered, p + len);
	return err;
}

int vw_session_rtp_seal(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t head,
			size_t len, u32 ssrc, u64 index)
{
	u8 digest[VW_HMAC_LEN], iv[VW_GCM_IV_LEN];
	struct vw_gcm_text t;
	int err;

	if (key->suite->cipher == VW_CIPHER_GCM) {
		vw_srtp_iv_gcm(iv, s->salt, ssrc, index);
		t = vw_gcm_text_of(p, head, len);
		memcpy(p + len + VW_GCM_TAG_LEN, key->mki, key->mki_len);
		return vw_gcm_library_seal(s->key, key->suite->key_len, iv, &t);
	}
	err = rtp_crypt(key, s, p + head, len - head, ssrc, index) ?:
	      rtp_mac(key, s, p, len, index, digest);
	memcpy(p + len, key->mki, key->mki_len);
	if (!err)
		memcpy(p + len + key->mki_len, digest, key->suite->rtp_tag);
	return err;
}

int vw_session_rtp_open(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t head,
			size_t len, u32 ssrc, u64 index)
{
	u8 digest[VW_HMAC_LEN], iv[VW_GCM_IV_LEN];
	struct vw_gcm_text t;
	int err;

	if (key->suite->cipher == VW_CIPHER_GCM) {
		vw_srtp_iv_gcm(iv, s->salt, ssrc, index);
		t = vw_gcm_text_of(p, head, len);
		return vw_gcm_library_open(s->key, key->suite->key_len, iv, &t);
	}
	err = rtp_mac(key, s, p, len, index, digest);
	if (!err && crypto_memneq(p + len + key->mki_len, digest, key->suite->rtp_tag))
		err = -EKEYREJECTED;
	return err ?: rtp_crypt(key, s, p + head, len - head, ssrc, index);
}

/* ---- SRTCP ---- */

/*
 * Behind the packet come E bit with index, then the tag; with GCM the tag comes
 * first (RFC 7714, 9.2).
 */
static u8 *rtcp_word_at(const struct vw_key *key, u8 *p, size_t len)
{
	return p + len + (key->suite->cipher == VW_CIPHER_GCM ? VW_GCM_TAG_LEN : 0);
}

u32 vw_rtcp_word(const struct vw_key *key, const u8 *p, size_t len)
{
	return get_unaligned_be32(rtcp_word_at(key, (u8 *)p, len));
}

static int rtcp_crypt(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
		      u32 ssrc, u32 index)
{
	u8 iv[16];

	vw_srtp_iv_cm(iv, s->salt, ssrc, index);
	return crypt(key->suite, s, iv, p + VW_RTCP_HDR_LEN, len - VW_RTCP_HDR_LEN);
}

static int rtcp_mac(const struct vw_key *key, const struct vw_session *s, const u8 *p, size_t len,
		    u8 *digest)
{
	return vw_hmac_once(s->auth, key->suite->auth_len, p, len + VW_SRTCP_TRAILER, digest);
}

/* In clear, the packet is all associated data; the word is always its end. */
static struct vw_gcm_text rtcp_text(const struct vw_key *key, u8 *p, size_t len, bool clear)
{
	size_t head = clear ? len : VW_RTCP_HDR_LEN;

	return (struct vw_gcm_text){
		.aad = { p, rtcp_word_at(key, p, len) },
		.aad_len = { head, VW_SRTCP_TRAILER },
		.p = p + head,
		.len = len - head,
		.tag = p + len,
	};
}

static int rtcp_seal_cm(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
			u32 ssrc, u32 index)
{
	u8 digest[VW_HMAC_LEN];
	int err = 0;

	if (!key->rtcp_clear)
		err = rtcp_crypt(key, s, p, len, ssrc, index);
	err = err ?: rtcp_mac(key, s, p, len, digest);
	p += len + VW_SRTCP_TRAILER;
	memcpy(p, key->mki, key->mki_len);
	if (!err)
		memcpy(p + key->mki_len, digest, key->suite->rtcp_tag);
	return err;
}

int vw_session_rtcp_seal(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
			 u32 ssrc, u32 index)
{
	u32 word = index | (key->rtcp_clear ? 0 : VW_SRTCP_E_BIT);
	u8 iv[VW_GCM_IV_LEN];
	struct vw_gcm_text t;

	put_unaligned_be32(word, rtcp_word_at(key, p, len));
	if (key->suite->cipher != VW_CIPHER_GCM)
		return rtcp_seal_cm(key, s, p, len, ssrc, index);
	vw_srtp_iv_gcm(iv, s->salt, ssrc, index);
	t = rtcp_text(key, p, len, key->rtcp_clear);
	memcpy(rtcp_word_at(key, p, len) + VW_SRTCP_TRAILER, key->mki, key->mki_len);
	return vw_gcm_library_seal(s->key, key->suite->key_len, iv, &t);
}

static int rtcp_open_cm(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
			u32 ssrc, u32 word)
{
	u8 digest[VW_HMAC_LEN];
	int err;

	err = rtcp_mac(key, s, p, len, digest);
	if (err)
		return err;
	if (crypto_memneq(p + len + VW_SRTCP_TRAILER + key->mki_len, digest,
			  key->suite->rtcp_tag))
		return -EKEYREJECTED;
	return word & VW_SRTCP_E_BIT ?
	       rtcp_crypt(key, s, p, len, ssrc, word & VW_SRTCP_INDEX_MAX) : 0;
}

int vw_session_rtcp_open(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
			 u32 ssrc, u32 word)
{
	u8 iv[VW_GCM_IV_LEN];
	struct vw_gcm_text t;

	if (key->suite->cipher != VW_CIPHER_GCM)
		return rtcp_open_cm(key, s, p, len, ssrc, word);
	vw_srtp_iv_gcm(iv, s->salt, ssrc, word & VW_SRTCP_INDEX_MAX);
	t = rtcp_text(key, p, len, !(word & VW_SRTCP_E_BIT));
	return vw_gcm_library_open(s->key, key->suite->key_len, iv, &t);
}
