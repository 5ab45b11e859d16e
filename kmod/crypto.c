// SPDX-License-Identifier: GPL-2.0-or-later
#include <asm/simd.h>
#include <crypto/aes.h>
#include <crypto/algapi.h>
#include <crypto/hash.h>
#include <crypto/internal/simd.h>
#include <crypto/skcipher.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "core/rtp.h"
#include "crypto.h"

/* A small system would silently run the generic code without these. */
MODULE_SOFTDEP("pre: aesni_intel sha1_ssse3 ctr sha1");

#define HMAC_BLOCK	64

/*
 * What to ask the crypto API for, the fastest first. On x86 the fast driver of
 * ctr(aes) is an asynchronous wrapper before Linux 6.16, and asking for a
 * synchronous one yields a slow template. The inner driver is synchronous, but
 * needs the caller to look whether the vector registers are free.
 */
static const struct ctr_driver {
	const char *name;
	u32 flags;
	bool simd;
} ctr_drivers[] = {
	{ "__ctr(aes)", CRYPTO_ALG_INTERNAL, true },
	{ "ctr(aes)", 0, false },
};

/* The first that this machine has; asking for what is not there is slow. */
static unsigned int ctr_first;
static struct crypto_shash *sha1;
static struct workqueue_struct *wiper;

/* ---- AES in counter mode ---- */

static struct crypto_sync_skcipher *ctr_alloc(const struct ctr_driver *d)
{
	return crypto_alloc_sync_skcipher(d->name, d->flags, d->flags);
}

int vw_cipher_init(struct vw_cipher *c, const u8 *key, size_t len, bool fast)
{
	struct crypto_sync_skcipher *tfm;
	int err;

	memset(c, 0, sizeof(*c));
	if (fast && ctr_first < ARRAY_SIZE(ctr_drivers)) {
		tfm = ctr_alloc(&ctr_drivers[ctr_first]);
		if (IS_ERR(tfm))
			return PTR_ERR(tfm);
		err = crypto_sync_skcipher_setkey(tfm, key, len);
		if (err) {
			crypto_free_sync_skcipher(tfm);
			return err;
		}
		c->tfm = tfm;
		c->simd = ctr_drivers[ctr_first].simd;
	}
	memcpy(c->key, key, len);
	c->key_len = len;
	return 0;
}

void vw_cipher_exit(struct vw_cipher *c)
{
	if (c->tfm)
		crypto_free_sync_skcipher(c->tfm);
	memzero_explicit(c, sizeof(*c));
}

static noinline int ctr_driver(const struct vw_cipher *c, const u8 iv[16], u8 *p, size_t len)
{
	SYNC_SKCIPHER_REQUEST_ON_STACK(req, c->tfm);
	struct scatterlist sg;
	u8 counter[16];
	int err;

	memcpy(counter, iv, sizeof(counter));
	sg_init_one(&sg, p, len);
	skcipher_request_set_sync_tfm(req, c->tfm);
	skcipher_request_set_callback(req, 0, NULL, NULL);
	skcipher_request_set_crypt(req, &sg, &sg, len, counter);
	err = crypto_skcipher_encrypt(req);
	skcipher_request_zero(req);
	return err;
}

static noinline int ctr_library(const struct vw_cipher *c, const u8 iv[16], u8 *p, size_t len)
{
	u8 counter[AES_BLOCK_SIZE], stream[AES_BLOCK_SIZE];
	struct crypto_aes_ctx aes;
	size_t n;
	int err;

	err = aes_expandkey(&aes, c->key, c->key_len);
	memcpy(counter, iv, sizeof(counter));
	for (; !err && len; p += n, len -= n) {
		n = min_t(size_t, len, AES_BLOCK_SIZE);
		aes_encrypt(&aes, stream, counter);
		crypto_xor(p, stream, n);
		crypto_inc(counter, AES_BLOCK_SIZE);
	}
	memzero_explicit(&aes, sizeof(aes));
	memzero_explicit(stream, sizeof(stream));
	return err;
}

int vw_cipher_crypt(const struct vw_cipher *c, const u8 iv[16], u8 *p, size_t len)
{
	if (!len)
		return 0;
	if (c->tfm && (!c->simd || crypto_simd_usable()))
		return ctr_driver(c, iv, p, len);
	return ctr_library(c, iv, p, len);
}

int vw_cipher_derive(const struct vw_cipher *master, const u8 salt[VOXWALL_SALT_LEN],
		     enum vw_srtp_label label, u8 *out, size_t len)
{
	u8 iv[16];

	memset(out, 0, len);
	vw_srtp_iv_kdf(iv, salt, label);
	return vw_cipher_crypt(master, iv, out, len);
}

/* ---- HMAC-SHA1 ---- */

unsigned int vw_hmac_statesize(void)
{
	return crypto_shash_statesize(sha1);
}

static int hmac_pad(const u8 *key, size_t len, u8 pad, u8 *ret_state)
{
	SHASH_DESC_ON_STACK(desc, sha1);
	u8 block[HMAC_BLOCK];
	size_t i;
	int err;

	memset(block, pad, sizeof(block));
	for (i = 0; i < len; i++)
		block[i] ^= key[i];
	desc->tfm = sha1;
	err = crypto_shash_init(desc) ?:
	      crypto_shash_update(desc, block, sizeof(block)) ?:
	      crypto_shash_export(desc, ret_state);
	memzero_explicit(block, sizeof(block));
	shash_desc_zero(desc);
	return err;
}

int vw_hmac_init(const u8 *key, size_t len, u8 *inner, u8 *outer)
{
	if (len > HMAC_BLOCK)
		return -EINVAL;
	return hmac_pad(key, len, 0x36, inner) ?: hmac_pad(key, len, 0x5c, outer);
}

noinline int vw_hmac(const u8 *inner, const u8 *outer, const u8 *p, size_t len,
		     u8 digest[VW_HMAC_LEN])
{
	SHASH_DESC_ON_STACK(desc, sha1);
	u8 hash[VW_HMAC_LEN];

	desc->tfm = sha1;
	return crypto_shash_import(desc, inner) ?:
	       crypto_shash_finup(desc, p, len, hash) ?:
	       crypto_shash_import(desc, outer) ?:
	       crypto_shash_finup(desc, hash, sizeof(hash), digest);
}

static int mac(const struct vw_session *s, const u8 *p, size_t len, u8 digest[VW_HMAC_LEN])
{
	return vw_hmac(s->inner, s->outer, p, len, digest);
}

/* ---- keys ---- */

struct labels {
	enum vw_srtp_label key, auth, salt;
};

static const struct labels rtp_labels = {
	VW_LABEL_RTP_KEY, VW_LABEL_RTP_AUTH, VW_LABEL_RTP_SALT
};

static const struct labels rtcp_labels = {
	VW_LABEL_RTCP_KEY, VW_LABEL_RTCP_AUTH, VW_LABEL_RTCP_SALT
};

static int session_init(struct vw_session *s, const struct vw_suite *suite,
			const struct vw_cipher *master, const u8 *salt,
			const struct labels *labels, bool fast)
{
	u8 key[VOXWALL_KEY_LEN], auth[HMAC_BLOCK];
	int err;

	err = vw_cipher_derive(master, salt, labels->key, key, suite->key_len) ?:
	      vw_cipher_derive(master, salt, labels->auth, auth, suite->auth_len) ?:
	      vw_cipher_derive(master, salt, labels->salt, s->salt, suite->salt_len) ?:
	      vw_hmac_init(auth, suite->auth_len, s->inner, s->outer) ?:
	      vw_cipher_init(&s->cipher, key, suite->key_len, fast);
	memzero_explicit(key, sizeof(key));
	memzero_explicit(auth, sizeof(auth));
	return err;
}

int vw_key_new(const struct vw_suite *suite, const u8 *key, const u8 *salt,
	       struct vw_key **ret)
{
	unsigned int state = vw_hmac_statesize();
	u8 padded[VOXWALL_SALT_LEN] = { };
	struct vw_cipher master;
	struct vw_key *k;
	int err;

	k = kzalloc(struct_size(k, state, 4 * state), GFP_KERNEL_ACCOUNT);
	if (!k)
		return -ENOMEM;
	k->suite = suite;
	k->rtp.inner = k->state;
	k->rtp.outer = k->rtp.inner + state;
	k->rtcp.inner = k->rtp.outer + state;
	k->rtcp.outer = k->rtcp.inner + state;

	memcpy(padded, salt, suite->salt_len);
	err = vw_cipher_init(&master, key, suite->key_len, false) ?:
	      session_init(&k->rtp, suite, &master, padded, &rtp_labels, true) ?:
	      session_init(&k->rtcp, suite, &master, padded, &rtcp_labels, false);
	vw_cipher_exit(&master);
	memzero_explicit(padded, sizeof(padded));
	if (err) {
		vw_key_free(k);
		return err;
	}
	*ret = k;
	return 0;
}

void vw_key_free(struct vw_key *key)
{
	if (!key)
		return;
	vw_cipher_exit(&key->rtp.cipher);
	vw_cipher_exit(&key->rtcp.cipher);
	kfree_sensitive(key);
}

static void key_free_work(struct work_struct *work)
{
	vw_key_free(container_of(to_rcu_work(work), struct vw_key, free));
}

void vw_key_free_rcu(struct vw_key *key)
{
	if (!key)
		return;
	INIT_RCU_WORK(&key->free, key_free_work);
	vw_crypto_queue(&key->free);
}

void vw_key_driver(const struct vw_key *key, char *buf, size_t size)
{
	const char *name = "aes library";

	if (key->rtp.cipher.tfm)
		name = crypto_tfm_alg_driver_name(crypto_skcipher_tfm(&key->rtp.cipher.tfm->base));
	snprintf(buf, size, "%s, %s", name, crypto_shash_driver_name(sha1));
}

/* ---- packets ---- */

static int crypt(const struct vw_session *s, u8 *p, size_t len, u32 ssrc, u64 index)
{
	u8 iv[16];

	vw_srtp_iv_cm(iv, s->salt, ssrc, index);
	return vw_cipher_crypt(&s->cipher, iv, p, len);
}

/* The rollover counter is authenticated as if it followed the packet (RFC 3711,
 * 4.2), so it lies where the tag will be: one pass instead of two. */
static int rtp_mac(const struct vw_key *key, u8 *p, size_t len, u64 index, u8 *digest)
{
	put_unaligned_be32(index >> 16, p + len);
	return mac(&key->rtp, p, len + 4, digest);
}

int vw_rtp_seal(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index)
{
	u8 digest[VW_HMAC_LEN];
	int err;

	err = crypt(&key->rtp, p + head, len - head, ssrc, index) ?:
	      rtp_mac(key, p, len, index, digest);
	if (!err)
		memcpy(p + len, digest, key->suite->rtp_tag);
	return err;
}

int vw_rtp_verify(const struct vw_key *key, u8 *p, size_t len, u64 index)
{
	u8 digest[VW_HMAC_LEN], tag[VW_SRTP_MAX_TAG];
	size_t tag_len = key->suite->rtp_tag;
	int err;

	memcpy(tag, p + len, tag_len);
	err = rtp_mac(key, p, len, index, digest);
	memcpy(p + len, tag, tag_len);
	if (!err && crypto_memneq(tag, digest, tag_len))
		err = -EKEYREJECTED;
	return err;
}

int vw_rtp_open(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index)
{
	return crypt(&key->rtp, p + head, len - head, ssrc, index);
}

int vw_rtcp_seal(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index)
{
	u8 digest[VW_HMAC_LEN];
	int err;

	err = crypt(&key->rtcp, p + VW_RTCP_HDR_LEN, len - VW_RTCP_HDR_LEN, ssrc, index);
	if (err)
		return err;
	put_unaligned_be32(VW_SRTCP_E_BIT | index, p + len);
	len += VW_SRTCP_TRAILER;
	err = mac(&key->rtcp, p, len, digest);
	if (!err)
		memcpy(p + len, digest, key->suite->rtcp_tag);
	return err;
}

int vw_rtcp_verify(const struct vw_key *key, const u8 *p, size_t len)
{
	u8 digest[VW_HMAC_LEN];
	int err;

	len += VW_SRTCP_TRAILER;
	err = mac(&key->rtcp, p, len, digest);
	if (!err && crypto_memneq(p + len, digest, key->suite->rtcp_tag))
		err = -EKEYREJECTED;
	return err;
}

int vw_rtcp_open(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index)
{
	return crypt(&key->rtcp, p + VW_RTCP_HDR_LEN, len - VW_RTCP_HDR_LEN, ssrc, index);
}

/* ---- module ---- */

static void ctr_choose(void)
{
	struct crypto_sync_skcipher *tfm;

	for (ctr_first = 0; ctr_first < ARRAY_SIZE(ctr_drivers); ctr_first++) {
		tfm = ctr_alloc(&ctr_drivers[ctr_first]);
		if (!IS_ERR(tfm)) {
			crypto_free_sync_skcipher(tfm);
			return;
		}
	}
}

int vw_crypto_init(void)
{
	int err;

	sha1 = crypto_alloc_shash("sha1", 0, 0);
	if (IS_ERR(sha1))
		return PTR_ERR(sha1);
	err = -EOPNOTSUPP;
	if (crypto_shash_digestsize(sha1) != VW_HMAC_LEN)
		goto err_sha1;
	err = -ENOMEM;
	wiper = alloc_workqueue("voxwall", 0, 0);
	if (!wiper)
		goto err_sha1;
	ctr_choose();
	return 0;

err_sha1:
	crypto_free_shash(sha1);
	return err;
}

void vw_crypto_queue(struct rcu_work *work)
{
	queue_rcu_work(wiper, work);
}

void vw_crypto_flush(void)
{
	rcu_barrier();
	flush_workqueue(wiper);
}

void vw_crypto_exit(void)
{
	vw_crypto_flush();
	destroy_workqueue(wiper);
	crypto_free_shash(sha1);
}
