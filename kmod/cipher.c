// SPDX-License-Identifier: GPL-2.0-or-later
#include <asm/simd.h>
#include <crypto/aead.h>
#include <crypto/aes.h>
#include <crypto/algapi.h>
#include <crypto/hash.h>
#include <crypto/internal/aead.h>
#include <crypto/internal/hash.h>
#include <crypto/internal/simd.h>
#include <crypto/internal/skcipher.h>
#include <crypto/skcipher.h>
#include <linux/module.h>
#include <linux/scatterlist.h>

#include "cipher.h"

/* A small system would silently run the generic code without these. */
MODULE_SOFTDEP("pre: aesni_intel ghash_clmulni_intel ctr");

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

/*
 * For GCM, counter mode and GHASH can also be asked for one by one. For voice that is
 * cheaper than the first driver of x86, which makes the powers of the hash key anew for
 * every packet and takes the vector registers three times, but hashes more blocks at
 * once. The later ones, which are better at both, have more than its priority.
 */
static const struct driver ghash_driver = { "__ghash", CRYPTO_ALG_INTERNAL, true };

#define GCM_PRIORITY	400

/**
 * struct model - the first driver of a kind that this machine has
 * @ctr: a transform without a key
 * @gcm: likewise
 * @ghash: likewise
 * @driver: what to ask for another one; NULL: the library does it
 * @room: bytes that a copy takes; 0: it can't be copied
 */
struct model {
	union {
		struct crypto_sync_skcipher *ctr;
		struct crypto_aead *gcm;
		struct crypto_shash *ghash;
	};
	const struct driver *driver;
	size_t room;
};

/* Asking for what is not there is slow, so that is done once. GHASH is here if it is
 * worth while together with counter mode. */
static struct model ctr_model, gcm_model, ghash_model;

#define CTR_HEAD	offsetof(struct crypto_sync_skcipher, base.base.__crt_ctx)
#define GCM_HEAD	offsetof(struct crypto_aead, base.__crt_ctx)
#define GHASH_HEAD	offsetof(struct crypto_shash, base.__crt_ctx)

/* Where GHASH lies behind counter mode. */
#define GHASH_AT	round_up(ctr_model.room, CRYPTO_MINALIGN)

/*
 * A transform lies in the memory of its owner where it can: by itself it would take a
 * kilobyte. It can when there is nothing to it but a head, the same for all, and what
 * setting a key writes: when the driver has neither init nor exit.
 */
static size_t room_of(const struct crypto_alg *alg, bool plain, size_t head)
{
	if (!plain || alg->cra_init || alg->cra_exit)
		return 0;
	return head + alg->cra_ctxsize + (alg->cra_alignmask & ~(crypto_tfm_ctx_alignment() - 1));
}

static size_t ctr_room(struct crypto_sync_skcipher *tfm)
{
	const struct skcipher_alg *alg = crypto_skcipher_alg(&tfm->base);

	return room_of(&alg->base, !alg->init && !alg->exit, CTR_HEAD);
}

static size_t gcm_room(struct crypto_aead *tfm)
{
	const struct aead_alg *alg = crypto_aead_alg(tfm);

	return room_of(&alg->base, !alg->init && !alg->exit, GCM_HEAD);
}

static size_t ghash_room(struct crypto_shash *tfm)
{
	const struct shash_alg *alg = crypto_shash_alg(tfm);

	return room_of(&alg->base, !alg->init_tfm && !alg->exit_tfm, GHASH_HEAD);
}

size_t vw_cipher_room(enum vw_cipher_kind kind)
{
	switch (kind) {
	case VW_CIPHER_CM:
		return ctr_model.room;
	case VW_CIPHER_GCM:
		return max(ghash_model.driver ? GHASH_AT + ghash_model.room : 0, gcm_model.room);
	case VW_CIPHER_NULL:
		break;
	}
	return 0;
}

static struct crypto_sync_skcipher *ctr_alloc(const struct driver *d)
{
	return crypto_alloc_sync_skcipher(d->name, d->flags, d->flags);
}

/* A driver with a request of its own size is a template: it wants its requests, and
 * what it points to, off the stack. */
static struct crypto_aead *gcm_alloc(const struct driver *d)
{
	struct crypto_aead *tfm;
	int err;

	tfm = crypto_alloc_aead(d->name, d->flags, d->flags | CRYPTO_ALG_ASYNC);
	if (IS_ERR(tfm))
		return tfm;
	err = crypto_aead_reqsize(tfm) ? -ENOENT :
	      crypto_aead_setauthsize(tfm, VW_GCM_TAG_LEN);
	if (!err)
		return tfm;
	crypto_free_aead(tfm);
	return ERR_PTR(err);
}

static int ctr_init(struct vw_cipher *c, const u8 *key, size_t len, void *room)
{
	const struct model *m = &ctr_model;

	c->owned = !m->room;
	c->ctr = m->room ? memcpy(room, m->ctr, CTR_HEAD) : ctr_alloc(m->driver);
	if (IS_ERR(c->ctr))
		return PTR_ERR(c->ctr);
	c->simd = m->driver->simd;
	return crypto_sync_skcipher_setkey(c->ctr, key, len);
}

static int gcm_init(struct vw_cipher *c, const u8 *key, size_t len, void *room)
{
	const struct model *m = &gcm_model;

	c->owned = !m->room;
	c->gcm = m->room ? memcpy(room, m->gcm, GCM_HEAD) : gcm_alloc(m->driver);
	if (IS_ERR(c->gcm))
		return PTR_ERR(c->gcm);
	c->simd = m->driver->simd;
	return crypto_aead_setkey(c->gcm, key, len);
}

static int pair_init(struct vw_cipher *c, const u8 *key, size_t len, void *room)
{
	struct crypto_aes_ctx aes;
	u8 h[AES_BLOCK_SIZE] = { };
	int err;

	c->ghash_at = GHASH_AT;
	memcpy(room + c->ghash_at, ghash_model.ghash, GHASH_HEAD);
	err = aes_expandkey(&aes, key, len);
	if (!err) {
		aes_encrypt(&aes, h, h);
		err = crypto_shash_setkey(vw_cipher_ghash(c), h, sizeof(h));
	}
	memzero_explicit(&aes, sizeof(aes));
	memzero_explicit(h, sizeof(h));
	return err;
}

int vw_cipher_init(struct vw_cipher *c, enum vw_cipher_kind kind, const u8 *key, size_t len,
		   bool bulk, void *room)
{
	bool pair = ghash_model.driver && !(bulk && gcm_model.driver);
	int err = 0;

	memset(c, 0, sizeof(*c));
	c->kind = kind;
	if (room && kind == VW_CIPHER_CM && ctr_model.driver)
		err = ctr_init(c, key, len, room);
	else if (room && kind == VW_CIPHER_GCM && pair)
		err = ctr_init(c, key, len, room) ?: pair_init(c, key, len, room);
	else if (room && kind == VW_CIPHER_GCM && gcm_model.driver)
		err = gcm_init(c, key, len, room);
	if (err) {
		vw_cipher_exit(c);
		return err;
	}
	memcpy(c->key, key, len);
	c->key_len = len;
	return 0;
}

void vw_cipher_exit(struct vw_cipher *c)
{
	if (c->owned && c->kind == VW_CIPHER_CM && !IS_ERR(c->ctr))
		crypto_free_sync_skcipher(c->ctr);
	else if (c->owned && c->kind == VW_CIPHER_GCM && !IS_ERR(c->gcm))
		crypto_free_aead(c->gcm);
	memzero_explicit(c, sizeof(*c));
}

const char *vw_cipher_driver(const struct vw_cipher *c)
{
	if (c->kind == VW_CIPHER_NULL)
		return "none";
	if ((c->kind == VW_CIPHER_CM || c->ghash_at) && c->ctr)
		return crypto_tfm_alg_driver_name(crypto_skcipher_tfm(&c->ctr->base));
	if (c->kind == VW_CIPHER_GCM && c->gcm)
		return crypto_tfm_alg_driver_name(crypto_aead_tfm(c->gcm));
	return "aes library";
}

/* ---- counter mode ---- */

static noinline int ctr_request(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len)
{
	char room[sizeof(struct skcipher_request) + MAX_SYNC_SKCIPHER_REQSIZE]
		CRYPTO_MINALIGN_ATTR __uninitialized;
	struct skcipher_request *req = (struct skcipher_request *)room;
	struct scatterlist sg = { };

	sg_mark_end(&sg);
	sg_set_buf(&sg, p, len);
	skcipher_request_set_sync_tfm(req, c->ctr);
	skcipher_request_set_callback(req, 0, NULL, NULL);
	skcipher_request_set_crypt(req, &sg, &sg, len, counter);
	/* Nothing in the request is secret: it points to the key. */
	return crypto_skcipher_encrypt(req);
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

static noinline int ctr_in_parts(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len)
{
	int err = 0;
	size_t n;

	for (; len && !err; p += n, len -= n) {
		n = ctr_whole(p, len);
		if (n) {
			err = ctr_request(c, counter, p, n);
			continue;
		}
		n = min_t(size_t, len, AES_BLOCK_SIZE);
		err = ctr_straddling(c, counter, p, n);
	}
	return err;
}

int vw_cipher_drive(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len)
{
	if (likely(len <= PAGE_SIZE - offset_in_page(p)))
		return ctr_request(c, counter, p, len);
	return ctr_in_parts(c, counter, p, len);
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

static noinline int ctr_by_library(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len)
{
	struct crypto_aes_ctx aes;
	int err;

	err = aes_expandkey(&aes, c->key, c->key_len);
	if (!err)
		vw_cipher_ctr(&aes, counter, p, len);
	memzero_explicit(&aes, sizeof(aes));
	return err;
}

int vw_cipher_crypt(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len)
{
	if (!len || c->kind == VW_CIPHER_NULL)
		return 0;
	if (c->ctr && (!c->simd || crypto_simd_usable()))
		return vw_cipher_drive(c, counter, p, len);
	return ctr_by_library(c, counter, p, len);
}

/* ---- module ---- */

static void find_ctr(const struct driver *d)
{
	struct crypto_sync_skcipher *tfm = ctr_alloc(d);

	if (IS_ERR(tfm))
		return;
	ctr_model = (struct model){ .ctr = tfm, .driver = d, .room = ctr_room(tfm) };
}

static void find_gcm(const struct driver *d)
{
	struct crypto_aead *tfm = gcm_alloc(d);

	if (IS_ERR(tfm))
		return;
	gcm_model = (struct model){ .gcm = tfm, .driver = d, .room = gcm_room(tfm) };
}

static int gcm_priority(void)
{
	return gcm_model.driver ? crypto_aead_alg(gcm_model.gcm)->base.cra_priority : 0;
}

/* Nothing of it is asked for its own sake, so it must come with a fast counter mode. */
static void find_pair(void)
{
	const struct driver *d = &ghash_driver;
	struct crypto_shash *tfm;

	if (!ctr_model.room || !ctr_model.driver->simd || gcm_priority() > GCM_PRIORITY)
		return;
	tfm = crypto_alloc_shash(d->name, d->flags, d->flags);
	if (IS_ERR(tfm))
		return;
	ghash_model = (struct model){ .ghash = tfm, .driver = d, .room = ghash_room(tfm) };
	if (ghash_model.room && crypto_shash_descsize(tfm) <= VW_GHASH_DESC)
		return;
	crypto_free_shash(tfm);
	memset(&ghash_model, 0, sizeof(ghash_model));
}

void vw_cipher_module_init(void)
{
	size_t i;

	for (i = 0; !ctr_model.driver && i < ARRAY_SIZE(ctr_drivers); i++)
		find_ctr(&ctr_drivers[i]);
	for (i = 0; !gcm_model.driver && i < ARRAY_SIZE(gcm_drivers); i++)
		find_gcm(&gcm_drivers[i]);
	find_pair();
}

void vw_cipher_module_exit(void)
{
	if (ctr_model.driver)
		crypto_free_sync_skcipher(ctr_model.ctr);
	if (gcm_model.driver)
		crypto_free_aead(gcm_model.gcm);
	if (ghash_model.driver)
		crypto_free_shash(ghash_model.ghash);
	memset(&ctr_model, 0, sizeof(ctr_model));
	memset(&gcm_model, 0, sizeof(gcm_model));
	memset(&ghash_model, 0, sizeof(ghash_model));
}
