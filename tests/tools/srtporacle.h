/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SRTP once more, from RFC 3711, 6188, 6904 and 7714 and with OpenSSL's ciphers: for key
 * derivation rates, which libsrtp2 doesn't have, and for header extensions with long heads.
 * It keeps nothing in between: whoever asks says which index.
 */
#ifndef SRTPORACLE_H
#define SRTPORACLE_H

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "srtprig.h"

/**
 * struct oracle - a master key and how it is used
 * @suite: which algorithms
 * @master: key, then salt
 * @rate: key derivation rate
 * @ext: header extensions that are encrypted
 */
struct oracle {
	const struct vw_suite *suite;
	u8 master[MASTER_LEN];
	u32 rate;
	struct vw_ext_ids ext;
};

/* Counter mode from @iv on, over @p. */
static inline void oracle_ctr(const u8 *key, size_t key_len, const u8 iv[16], u8 *p, size_t len)
{
	const EVP_CIPHER *c = key_len == 16 ? EVP_aes_128_ctr() :
			      key_len == 24 ? EVP_aes_192_ctr() : EVP_aes_256_ctr();
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	if (!ctx || EVP_EncryptInit_ex(ctx, c, NULL, key, iv) != 1 ||
	    EVP_EncryptUpdate(ctx, p, &n, p, (int)len) != 1)
		die("OpenSSL doesn't encrypt");
	EVP_CIPHER_CTX_free(ctx);
}

/* XOR @value into the bytes that end before @end, most significant first. */
static inline void oracle_xor(u8 *end, u64 value)
{
	for (; value; value >>= 8)
		*--end ^= (u8)value;
}

/* RFC 3711, 4.3: label and 48 bits of index DIV rate, aligned with the salt's end. */
static inline void oracle_derive(const struct oracle *o, u8 label, u64 index, u8 *out, size_t len)
{
	u64 r = o->rate ? index / o->rate : 0;
	u8 x[16] = { 0 };

	memcpy(x, o->master + o->suite->key_len, o->suite->salt_len);
	oracle_xor(x + 14, (u64)label << 48 | r);
	memset(out, 0, len);
	oracle_ctr(o->master, o->suite->key_len, x, out, len);
}

/* RFC 3711, 4.1.1: the salt, SSRC and index in their places, then 16 bits of zero. */
static inline void oracle_iv(u8 iv[16], const u8 *salt, size_t len, u32 ssrc, u64 index)
{
	memset(iv, 0, 16);
	memcpy(iv, salt, len);
	oracle_xor(iv + len, index);
	oracle_xor(iv + len - 6, ssrc);
}

static inline void oracle_gcm(const struct oracle *o, const u8 *key, const u8 *iv, const u8 *p,
			      size_t head, const u8 *more, size_t more_len, u8 *text, size_t len)
{
	const EVP_CIPHER *c = o->suite->key_len == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	if (!ctx || EVP_EncryptInit_ex(ctx, c, NULL, key, iv) != 1 ||
	    EVP_EncryptUpdate(ctx, NULL, &n, p, (int)head) != 1 ||
	    (more_len && EVP_EncryptUpdate(ctx, NULL, &n, more, (int)more_len) != 1) ||
	    (len && EVP_EncryptUpdate(ctx, text, &n, text, (int)len) != 1) ||
	    EVP_EncryptFinal_ex(ctx, text + len, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, 16, text + len) != 1)
		die("OpenSSL doesn't seal");
	EVP_CIPHER_CTX_free(ctx);
}

static inline size_t oracle_head(const u8 *p)
{
	size_t head = 12 + (p[0] & 15u) * 4u;

	return p[0] & 0x10 ? head + 4 + 4u * (p[head + 2] << 8 | p[head + 3]) : head;
}

/* RFC 6904: one keystream over the whole extension, used where the mask has it. */
static inline void oracle_extensions(const struct oracle *o, u8 *p, u32 ssrc, u64 index)
{
	size_t at = 12 + (p[0] & 15u) * 4u + 4, end = oracle_head(p), i, len, head;
	u8 key[VOXWALL_KEY_LEN], salt[14] = { 0 }, iv[16], stream[PACKET_MAX] = { 0 };
	u16 profile = get_unaligned_be16(p + at - 4);
	bool wide = profile >> 4 == 0x100;

	if (!(p[0] & 0x10) || (!wide && profile != 0xbede))
		return;
	oracle_derive(o, 6, index, key, o->suite->key_len);
	oracle_derive(o, 7, index, salt, o->suite->salt_len);
	oracle_iv(iv, salt, sizeof(salt), ssrc, index);
	oracle_ctr(key, o->suite->key_len, iv, stream, end - at);
	for (i = at; i < end; i += head + len) {
		u8 id = wide ? p[i] : p[i] >> 4;

		head = len = 0;
		if (!p[i]) {
			head = 1;
			continue;
		}
		if (!wide && (!id || id == 15))
			return;
		head = wide ? 2 : 1;
		len = wide ? p[i + 1] : (p[i] & 15u) + 1u;
		for (size_t j = i + head; vw_ext_has(&o->ext, id) && j < i + head + len; j++)
			p[j] ^= stream[j - at];
	}
}

static inline size_t oracle_hmac(const struct oracle *o, u8 label, u64 index, const u8 *p,
				 size_t len, u8 *out, size_t tag)
{
	u8 auth[20], digest[20];
	unsigned int n = sizeof(digest);

	oracle_derive(o, label, index, auth, sizeof(auth));
	if (!HMAC(EVP_sha1(), auth, sizeof(auth), p, len, digest, &n))
		die("OpenSSL doesn't hash");
	memcpy(out, digest, tag);
	return tag;
}

/* Seal an RTP packet in place; returns its new length. */
static inline size_t oracle_rtp(const struct oracle *o, u8 *p, size_t len, u64 index)
{
	u32 ssrc = get_unaligned_be32(p + 8);
	u8 key[VOXWALL_KEY_LEN], salt[14], iv[16];
	size_t head = oracle_head(p);

	oracle_extensions(o, p, ssrc, index);
	oracle_derive(o, 0, index, key, o->suite->key_len);
	oracle_derive(o, 2, index, salt, o->suite->salt_len);
	oracle_iv(iv, salt, o->suite->salt_len, ssrc, index);
	if (o->suite->cipher == VW_CIPHER_GCM) {
		oracle_gcm(o, key, iv, p, head, NULL, 0, p + head, len - head);
		return len + 16;
	}
	if (o->suite->cipher == VW_CIPHER_CM)
		oracle_ctr(key, o->suite->key_len, iv, p + head, len - head);
	put_be32(p + len, (u32)(index >> 16));
	return len + oracle_hmac(o, 1, index, p, len + 4, p + len, o->suite->rtp_tag);
}

/* The same for RTCP. */
static inline size_t oracle_rtcp(const struct oracle *o, u8 *p, size_t len, u32 index)
{
	u32 ssrc = get_unaligned_be32(p + 4);
	bool clear = o->suite->cipher == VW_CIPHER_NULL;
	u8 key[VOXWALL_KEY_LEN], salt[14], iv[16], word[4];

	put_be32(word, index | (clear ? 0 : 0x80000000u));
	oracle_derive(o, 3, index, key, o->suite->key_len);
	oracle_derive(o, 5, index, salt, o->suite->salt_len);
	oracle_iv(iv, salt, o->suite->salt_len, ssrc, index);
	if (o->suite->cipher == VW_CIPHER_GCM) {
		oracle_gcm(o, key, iv, p, 8, word, 4, p + 8, len - 8);
		memcpy(p + len + 16, word, 4);
		return len + 20;
	}
	if (!clear)
		oracle_ctr(key, o->suite->key_len, iv, p + 8, len - 8);
	memcpy(p + len, word, 4);
	return len + 4 + oracle_hmac(o, 4, index, p, len + 4, p + len + 4, 10);
}

#endif
