// SPDX-License-Identifier: GPL-2.0-or-later
/* AES-GCM, RFC 7714. */
#include <asm/simd.h>
#include <crypto/aead.h>
#include <crypto/aes.h>
#include <crypto/algapi.h>
#include <crypto/internal/simd.h>
#include <linux/scatterlist.h>

#include "cipher.h"
#include "core/ghash.h"

/* ---- by the library ---- */

static void library_tag(const struct crypto_aes_ctx *aes, const u8 first[AES_BLOCK_SIZE],
			const struct vw_gcm_text *t, u8 tag[VW_GCM_TAG_LEN])
{
	u8 block[AES_BLOCK_SIZE] = { };
	struct vw_ghash g;
	size_t i;

	aes_encrypt(aes, block, block);
	vw_ghash_init(&g, block);
	for (i = 0; i < ARRAY_SIZE(t->aad); i++)
		vw_ghash_update(&g, t->aad[i], t->aad_len[i]);
	vw_ghash_pad(&g);
	vw_ghash_update(&g, t->p, t->len);
	vw_ghash_final(&g, t->aad_len[0] + t->aad_len[1], t->len, tag);
	aes_encrypt(aes, block, first);
	crypto_xor(tag, block, VW_GCM_TAG_LEN);
	memzero_explicit(&g, sizeof(g));
	memzero_explicit(block, sizeof(block));
}

static noinline int library(const u8 *key, size_t key_len, const u8 iv[VW_GCM_IV_LEN],
			    const struct vw_gcm_text *t, bool seal)
{
	u8 first[AES_BLOCK_SIZE], counter[AES_BLOCK_SIZE], tag[VW_GCM_TAG_LEN];
	struct crypto_aes_ctx aes;
	int err;

	memcpy(first, iv, VW_GCM_IV_LEN);
	put_unaligned_be32(1, first + VW_GCM_IV_LEN);
	memcpy(counter, iv, VW_GCM_IV_LEN);
	put_unaligned_be32(2, counter + VW_GCM_IV_LEN);
	err = aes_expandkey(&aes, key, key_len);
	if (err)
		return err;
	if (seal) {
		vw_cipher_ctr(&aes, counter, t->p, t->len);
		library_tag(&aes, first, t, t->tag);
	} else {
		library_tag(&aes, first, t, tag);
		if (crypto_memneq(tag, t->tag, sizeof(tag)))
			err = -EKEYREJECTED;
		else
			vw_cipher_ctr(&aes, counter, t->p, t->len);
	}
	memzero_explicit(&aes, sizeof(aes));
	return err;
}

int vw_gcm_library_seal(const u8 *key, size_t key_len, const u8 iv[VW_GCM_IV_LEN],
			const struct vw_gcm_text *t)
{
	return library(key, key_len, iv, t, true);
}

int vw_gcm_library_open(const u8 *key, size_t key_len, const u8 iv[VW_GCM_IV_LEN],
			const struct vw_gcm_text *t)
{
	return library(key, key_len, iv, t, false);
}

/* ---- by a driver ---- */

static bool has_driver(const struct vw_cipher *c)
{
	return c->gcm && (!c->simd || crypto_simd_usable());
}

/* The request has nothing behind it: see gcm_alloc(). */
static noinline int driver(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p,
			   size_t head, size_t len, bool seal)
{
	struct aead_request req __uninitialized;
	/* The tag by itself: the API finds it faster where a piece begins. */
	struct scatterlist sg[2] = { };
	u8 nonce[VW_GCM_IV_LEN] __uninitialized;
	int err;

	memcpy(nonce, iv, sizeof(nonce));
	sg_mark_end(&sg[1]);
	sg_set_buf(&sg[0], p, len);
	sg_set_buf(&sg[1], p + len, VW_GCM_TAG_LEN);
	aead_request_set_tfm(&req, c->gcm);
	aead_request_set_callback(&req, 0, NULL, NULL);
	aead_request_set_ad(&req, head);
	if (seal) {
		aead_request_set_crypt(&req, sg, sg, len - head, nonce);
		return crypto_aead_encrypt(&req);
	}
	aead_request_set_crypt(&req, sg, sg, len - head + VW_GCM_TAG_LEN, nonce);
	err = crypto_aead_decrypt(&req);
	return err == -EBADMSG ? -EKEYREJECTED : err;
}

int vw_gcm_seal(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p, size_t head,
		size_t len)
{
	struct vw_gcm_text t;

	if (likely(has_driver(c)))
		return driver(c, iv, p, head, len, true);
	t = vw_gcm_text_of(p, head, len);
	return library(c->key, c->key_len, iv, &t, true);
}

/*
 * Drivers decrypt and compare in one pass, so the text of a packet that fails is no
 * ciphertext any more. Encrypting it again gives that back. A driver that compares
 * first has left it alone, which its first bytes tell.
 */
static noinline int open_and_keep(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p,
				  size_t head, size_t len)
{
	size_t n = min_t(size_t, len - head, AES_BLOCK_SIZE);
	u8 tag[VW_GCM_TAG_LEN], start[AES_BLOCK_SIZE];
	int err;

	memcpy(tag, p + len, sizeof(tag));
	memcpy(start, p + head, n);
	err = driver(c, iv, p, head, len, false);
	if (!err)
		return 0;
	if (memcmp(start, p + head, n) && driver(c, iv, p, head, len, true))
		return -EIO;
	memcpy(p + len, tag, sizeof(tag));
	return err;
}

int vw_gcm_open(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p, size_t head,
		size_t len, bool keep)
{
	struct vw_gcm_text t;

	if (likely(has_driver(c)))
		return keep ? open_and_keep(c, iv, p, head, len) :
			      driver(c, iv, p, head, len, false);
	t = vw_gcm_text_of(p, head, len);
	return library(c->key, c->key_len, iv, &t, false);
}
