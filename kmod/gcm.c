// SPDX-License-Identifier: GPL-2.0-or-later
/* AES-GCM, RFC 7714. */
#include <asm/simd.h>
#include <crypto/aead.h>
#include <crypto/aes.h>
#include <crypto/algapi.h>
#include <crypto/hash.h>
#include <crypto/internal/simd.h>
#include <linux/scatterlist.h>

#include "cipher.h"
#include "core/ghash.h"
#include "core/rtp.h"

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

/* The request has nothing behind it: see gcm_alloc() in cipher.c. */
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

/* ---- by a pair of drivers ---- */

/**
 * struct places - a packet laid out for GHASH: each part ends with a block
 * @p: the packet
 * @head: bytes of its head
 * @from: the head, moved to lower addresses to end in front of the text with its zeros
 * @text: what is encrypted
 * @len: bytes of it
 * @end: behind the text, its zeros and the lengths
 * @before: what lay in front of the packet
 * @behind: and behind it
 */
struct places {
	u8 *p;
	size_t head;
	u8 *from;
	u8 *text;
	size_t len;
	u8 *end;
	u8 before[AES_BLOCK_SIZE];
	u8 behind[VW_GCM_ROOM];
};

/* The length of nearly all heads is worth a copy without a loop. */
static __always_inline void move(u8 *to, const u8 *from, size_t len)
{
	u8 plain[VW_RTP_HDR_LEN] __uninitialized;

	if (unlikely(len != VW_RTP_HDR_LEN)) {
		memmove(to, from, len);
		return;
	}
	memcpy(plain, from, sizeof(plain));
	memcpy(to, plain, sizeof(plain));
}

static __always_inline void lay_out(struct places *l, u8 *p, size_t head, size_t len)
{
	size_t text_pad = -(len - head) % AES_BLOCK_SIZE;

	l->p = p;
	l->head = head;
	l->text = p + head;
	l->len = len - head;
	l->from = p - -head % AES_BLOCK_SIZE;
	l->end = p + len + text_pad + AES_BLOCK_SIZE;
	memcpy(l->before, p - AES_BLOCK_SIZE, sizeof(l->before));
	memcpy(l->behind, p + len, sizeof(l->behind));
	move(l->from, p, head);
	memset(l->from + head, 0, p - l->from);
	memset(p + len, 0, AES_BLOCK_SIZE);
	put_unaligned_be64((u64)head * 8, l->end - 16);
	put_unaligned_be64((u64)l->len * 8, l->end - 8);
}

static __always_inline void put_back(const struct places *l)
{
	move(l->p, l->from, l->head);
	memcpy(l->p - AES_BLOCK_SIZE, l->before, sizeof(l->before));
	memcpy(l->text + l->len, l->behind, sizeof(l->behind));
}

static int pair_hash(const struct vw_cipher *c, const struct places *l, u8 digest[VW_GCM_TAG_LEN])
{
	char room[sizeof(struct shash_desc) + VW_GHASH_DESC]
		__aligned(__alignof__(struct shash_desc)) __uninitialized;
	struct shash_desc *desc = (struct shash_desc *)room;
	int err;

	desc->tfm = vw_cipher_ghash(c);
	err = crypto_shash_digest(desc, l->from, l->end - l->from, digest);
	/* Together with the tag it would tell the mask, and that something of the key. */
	memzero_explicit(room, sizeof(room));
	return err;
}

/*
 * One pass of counter mode: the block in front of the text takes the stream that makes a
 * tag of the digest, and then is as it was.
 */
static int pair_crypt(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *text, size_t len,
		      u8 mask[VW_GCM_TAG_LEN])
{
	u8 *lent = text - AES_BLOCK_SIZE, before[AES_BLOCK_SIZE] __uninitialized;
	u8 counter[AES_BLOCK_SIZE] __uninitialized;
	int err;

	memcpy(counter, iv, VW_GCM_IV_LEN);
	put_unaligned_be32(1, counter + VW_GCM_IV_LEN);
	memcpy(before, lent, sizeof(before));
	err = vw_cipher_drive(c, counter, lent, AES_BLOCK_SIZE + len);
	crypto_xor_cpy(mask, lent, before, AES_BLOCK_SIZE);
	memcpy(lent, before, sizeof(before));
	return err;
}

static noinline int pair_seal(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p,
			      size_t head, size_t len)
{
	u8 mask[VW_GCM_TAG_LEN] __uninitialized, tag[VW_GCM_TAG_LEN] __uninitialized;
	struct places l __uninitialized;
	int err;

	lay_out(&l, p, head, len);
	err = pair_crypt(c, iv, l.text, l.len, mask) ?: pair_hash(c, &l, tag);
	put_back(&l);
	if (!err)
		crypto_xor_cpy(p + len, tag, mask, VW_GCM_TAG_LEN);
	memzero_explicit(tag, sizeof(tag));
	memzero_explicit(mask, sizeof(mask));
	return err;
}

static noinline int pair_open(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p,
			      size_t head, size_t len, bool keep)
{
	u8 mask[VW_GCM_TAG_LEN] __uninitialized, tag[VW_GCM_TAG_LEN] __uninitialized;
	struct places l __uninitialized;
	int err;

	lay_out(&l, p, head, len);
	err = pair_hash(c, &l, tag) ?: pair_crypt(c, iv, l.text, l.len, mask);
	put_back(&l);
	if (!err) {
		crypto_xor(tag, mask, VW_GCM_TAG_LEN);
		err = crypto_memneq(tag, p + len, VW_GCM_TAG_LEN) ? -EKEYREJECTED : 0;
	}
	if (unlikely(err == -EKEYREJECTED && keep))
		err = pair_crypt(c, iv, l.text, l.len, mask) ?: err;
	memzero_explicit(tag, sizeof(tag));
	memzero_explicit(mask, sizeof(mask));
	return err;
}

const char *vw_gcm_hash(const struct vw_cipher *c)
{
	return c->ghash_at ? crypto_shash_driver_name(vw_cipher_ghash(c)) : NULL;
}

/* ---- whichever there is ---- */

int vw_gcm_seal(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p, size_t head,
		size_t len)
{
	struct vw_gcm_text t;

	if (likely(has_driver(c)))
		return c->ghash_at ? pair_seal(c, iv, p, head, len) :
				     driver(c, iv, p, head, len, true);
	t = vw_gcm_text_of(p, head, len);
	return library(c->key, c->key_len, iv, &t, true);
}

int vw_gcm_open(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p, size_t head,
		size_t len, bool keep)
{
	struct vw_gcm_text t;

	if (likely(has_driver(c)) && c->ghash_at)
		return pair_open(c, iv, p, head, len, keep);
	if (likely(has_driver(c)))
		return keep ? open_and_keep(c, iv, p, head, len) :
			      driver(c, iv, p, head, len, false);
	t = vw_gcm_text_of(p, head, len);
	return library(c->key, c->key_len, iv, &t, false);
}
