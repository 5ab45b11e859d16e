// SPDX-License-Identifier: GPL-2.0-or-later
#include <asm/simd.h>
#include <crypto/aead.h>
#include <crypto/aes.h>
#include <crypto/algapi.h>
#include <crypto/internal/simd.h>
#include <crypto/skcipher.h>
#include <linux/module.h>
#include <linux/scatterlist.h>

#include "cipher.h"

/* A small system would silently run the generic code without these. */
MODULE_SOFTDEP("pre: aesni_intel ctr");

/*
 * What to ask the crypto API for, the fastest first. On x86 the fast drivers of
 * ctr(aes) and gcm(aes) are asynchronous wrappers before Linux 6.16, and asking for
 * synchronous ones yields slow templates. The inner drivers are synchronous, but
 * need the caller to look whether the vector registers are free.
 */
struct driver {
	const char *name;
	u32 flags;
	bool simd;
};

static const struct driver ctr_drivers[] = {
	{ "__ctr(aes)", CRYPTO_ALG_INTERNAL, true },
	{ "ctr(aes)", 0, false },
};

static const struct driver gcm_drivers[] = {
	{ "__gcm(aes)", CRYPTO_ALG_INTERNAL, true },
	{ "gcm(aes)", 0, false },
};

/* The first that this machine has; asking for what is not there is slow. */
static const struct driver *ctr_driver, *gcm_driver;

static struct crypto_sync_skcipher *ctr_alloc(const struct driver *d)
{
	return crypto_alloc_sync_skcipher(d->name, d->flags, d->flags);
}

/* A driver with a request of its own size is a template: it wants its requests, and
 * what it points to, off the stack. */
static struct crypto_aead *gcm_alloc(const struct driver *d)
{
	struct crypto_aead *tfm;

	tfm = crypto_alloc_aead(d->name, d->flags, d->flags | CRYPTO_ALG_ASYNC);
	if (!IS_ERR(tfm) && crypto_aead_reqsize(tfm)) {
		crypto_free_aead(tfm);
		return ERR_PTR(-ENOENT);
	}
	return tfm;
}

static int ctr_init(struct vw_cipher *c, const u8 *key, size_t len)
{
	struct crypto_sync_skcipher *tfm = ctr_alloc(ctr_driver);
	int err;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	err = crypto_sync_skcipher_setkey(tfm, key, len);
	if (err) {
		crypto_free_sync_skcipher(tfm);
		return err;
	}
	c->ctr = tfm;
	c->simd = ctr_driver->simd;
	return 0;
}

static int gcm_init(struct vw_cipher *c, const u8 *key, size_t len)
{
	struct crypto_aead *tfm = gcm_alloc(gcm_driver);
	int err;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	err = crypto_aead_setkey(tfm, key, len) ?:
	      crypto_aead_setauthsize(tfm, VW_GCM_TAG_LEN);
	if (err) {
		crypto_free_aead(tfm);
		return err;
	}
	c->gcm = tfm;
	c->simd = gcm_driver->simd;
	return 0;
}

int vw_cipher_init(struct vw_cipher *c, enum vw_cipher_kind kind, const u8 *key, size_t len,
		   bool fast)
{
	int err = 0;

	memset(c, 0, sizeof(*c));
	c->kind = kind;
	if (fast && kind == VW_CIPHER_CM && ctr_driver)
		err = ctr_init(c, key, len);
	else if (fast && kind == VW_CIPHER_GCM && gcm_driver)
		err = gcm_init(c, key, len);
	if (err)
		return err;
	memcpy(c->key, key, len);
	c->key_len = len;
	return 0;
}

void vw_cipher_exit(struct vw_cipher *c)
{
	if (c->kind == VW_CIPHER_CM && c->ctr)
		crypto_free_sync_skcipher(c->ctr);
	else if (c->kind == VW_CIPHER_GCM && c->gcm)
		crypto_free_aead(c->gcm);
	memzero_explicit(c, sizeof(*c));
}

const char *vw_cipher_driver(const struct vw_cipher *c)
{
	if (c->kind == VW_CIPHER_NULL)
		return "none";
	if (c->kind == VW_CIPHER_CM && c->ctr)
		return crypto_tfm_alg_driver_name(crypto_skcipher_tfm(&c->ctr->base));
	if (c->kind == VW_CIPHER_GCM && c->gcm)
		return crypto_tfm_alg_driver_name(crypto_aead_tfm(c->gcm));
	return "aes library";
}

/* ---- counter mode ---- */

static noinline int ctr_request(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len)
{
	SYNC_SKCIPHER_REQUEST_ON_STACK(req, c->ctr);
	struct scatterlist sg;
	int err;

	sg_init_one(&sg, p, len);
	skcipher_request_set_sync_tfm(req, c->ctr);
	skcipher_request_set_callback(req, 0, NULL, NULL);
	skcipher_request_set_crypt(req, &sg, &sg, len, counter);
	err = crypto_skcipher_encrypt(req);
	skcipher_request_zero(req);
	return err;
}

/*
 * For a block that lies on two pages the API would allocate a buffer. Instead the
 * block before it, which is on one page, lends its place.
 */
static int ctr_straddling(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len)
{
	u8 *place = p - AES_BLOCK_SIZE, lent[AES_BLOCK_SIZE];
	int err;

	memcpy(lent, place, sizeof(lent));
	memcpy(place, p, len);
	err = ctr_request(c, counter, place, len);
	memcpy(p, place, len);
	memcpy(place, lent, sizeof(lent));
	return err;
}

/* Bytes from @p on without a block that lies on two pages; 0: the first one does. */
static size_t ctr_whole(const u8 *p, size_t len)
{
	size_t room = PAGE_SIZE - offset_in_page(p);

	if (len <= room || IS_ALIGNED(room, AES_BLOCK_SIZE))
		return len;
	return round_down(room, AES_BLOCK_SIZE);
}

static int ctr_by_driver(const struct vw_cipher *c, const u8 iv[16], u8 *p, size_t len)
{
	u8 counter[16];
	int err = 0;
	size_t n;

	memcpy(counter, iv, sizeof(counter));
	for (; len && !err; p += n, len -= n) {
		n = ctr_whole(p, len);
		if (likely(n)) {
			err = ctr_request(c, counter, p, n);
			continue;
		}
		n = min_t(size_t, len, AES_BLOCK_SIZE);
		err = ctr_straddling(c, counter, p, n);
	}
	return err;
}

void vw_cipher_ctr(const struct crypto_aes_ctx *aes, u8 counter[16], u8 *p, size_t len)
{
	u8 stream[AES_BLOCK_SIZE];
	size_t n;

	for (; len; p += n, len -= n) {
		n = min_t(size_t, len, AES_BLOCK_SIZE);
		aes_encrypt(aes, stream, counter);
		crypto_xor(p, stream, n);
		crypto_inc(counter, AES_BLOCK_SIZE);
	}
	memzero_explicit(stream, sizeof(stream));
}

static noinline int ctr_by_library(const struct vw_cipher *c, const u8 iv[16], u8 *p, size_t len)
{
	u8 counter[AES_BLOCK_SIZE];
	struct crypto_aes_ctx aes;
	int err;

	err = aes_expandkey(&aes, c->key, c->key_len);
	memcpy(counter, iv, sizeof(counter));
	if (!err)
		vw_cipher_ctr(&aes, counter, p, len);
	memzero_explicit(&aes, sizeof(aes));
	return err;
}

int vw_cipher_crypt(const struct vw_cipher *c, const u8 iv[16], u8 *p, size_t len)
{
	if (!len || c->kind == VW_CIPHER_NULL)
		return 0;
	if (c->ctr && (!c->simd || crypto_simd_usable()))
		return ctr_by_driver(c, iv, p, len);
	return ctr_by_library(c, iv, p, len);
}

/* ---- module ---- */

void vw_cipher_module_init(void)
{
	struct crypto_sync_skcipher *ctr;
	struct crypto_aead *gcm;
	size_t i;

	ctr_driver = NULL;
	gcm_driver = NULL;
	for (i = 0; !ctr_driver && i < ARRAY_SIZE(ctr_drivers); i++) {
		ctr = ctr_alloc(&ctr_drivers[i]);
		if (IS_ERR(ctr))
			continue;
		crypto_free_sync_skcipher(ctr);
		ctr_driver = &ctr_drivers[i];
	}
	for (i = 0; !gcm_driver && i < ARRAY_SIZE(gcm_drivers); i++) {
		gcm = gcm_alloc(&gcm_drivers[i]);
		if (IS_ERR(gcm))
			continue;
		crypto_free_aead(gcm);
		gcm_driver = &gcm_drivers[i];
	}
}
