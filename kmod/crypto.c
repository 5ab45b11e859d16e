// SPDX-License-Identifier: GPL-2.0-or-later
#include <crypto/algapi.h>
#include <linux/slab.h>

#include "core/rtp.h"
#include "crypto.h"

static struct workqueue_struct *wiper;

/* Keys by kind of cipher, each with room for its transform: kmalloc() would round up. */
static struct kmem_cache *key_cache[VW_CIPHER_NULL + 1];

/* ---- keys ---- */

/* Ready for the packets of SRTP. */
static int rtp_init(struct vw_key *k, const struct vw_master *master, bool bulk)
{
	const struct vw_suite *s = k->suite;
	struct vw_session rtp;
	int err;

	vw_master_session(master, s, false, 0, &rtp);
	memcpy(k->salt, rtp.salt, s->salt_len);
	err = vw_cipher_init(&k->cipher, s->cipher, rtp.key, s->key_len, bulk,
			     (u8 *)k + vw_key_room(s->cipher));
	if (!err && s->auth_len)
		err = vw_hmac_init(k->hmac, rtp.auth, s->auth_len);
	memzero_explicit(&rtp, sizeof(rtp));
	return err;
}

static int rare_init(struct vw_key *k, const struct vw_key_conf *conf,
		     const struct vw_master *master)
{
	if (!conf->kdr && !conf->ext)
		return 0;
	k->rare = vw_rare_new(conf->suite, master, conf->kdr, conf->ext);
	return k->rare ? 0 : -ENOMEM;
}

static int key_init(struct vw_key *k, const struct vw_key_conf *conf)
{
	struct vw_master master;
	int err;

	err = vw_master_init(&master, k->suite, conf->key, conf->salt) ?:
	      rare_init(k, conf, &master);
	/* With a rate each packet brings session keys of its own. */
	k->cipher.kind = k->suite->cipher;
	if (!err && !conf->kdr) {
		vw_master_session(&master, k->suite, true, 0, &k->rtcp);
		err = rtp_init(k, &master, conf->bulk);
	}
	memzero_explicit(&master, sizeof(master));
	return err;
}

int vw_key_new(const struct vw_key_conf *conf, struct vw_key **ret)
{
	struct vw_key *k;
	int err;

	k = kmem_cache_zalloc(key_cache[conf->suite->cipher], GFP_KERNEL);
	if (!k)
		return -ENOMEM;
	k->suite = conf->suite;
	k->life[0].limit = conf->lifetime ?: VW_SRTP_LIFETIME;
	k->life[1].limit = min_t(u64, k->life[0].limit, VW_SRTCP_LIFETIME);
	k->mki_len = conf->mki_len;
	memcpy(k->mki, conf->mki, conf->mki_len);
	k->rtcp_clear = conf->rtcp_clear || conf->suite->cipher == VW_CIPHER_NULL;
	err = key_init(k, conf);
	if (err) {
		vw_key_free(k);
		return err;
	}
	*ret = k;
	return 0;
}

void vw_key_free(struct vw_key *key)
{
	struct kmem_cache *cache;

	if (!key)
		return;
	cache = key_cache[key->suite->cipher];
	vw_cipher_exit(&key->cipher);
	vw_rare_free(key->rare);
	memzero_explicit(key, kmem_cache_size(cache));
	kmem_cache_free(cache, key);
}

static void key_end(struct vw_end *end)
{
	vw_key_free(container_of(end, struct vw_key, end));
}

void vw_key_free_rcu(struct vw_key *key)
{
	if (key)
		vw_crypto_queue(&key->end, key_end);
}

void vw_key_driver(const struct vw_key *key, char *buf, size_t size)
{
	const char *cipher = vw_cipher_driver(&key->cipher);
	const char *hash = key->suite->auth_len ? vw_hmac_driver() : vw_gcm_hash(&key->cipher);

	if (hash)
		snprintf(buf, size, "%s, %s", cipher, hash);
	else
		snprintf(buf, size, "%s", cipher);
}

/*
 * What sealing adds: MKI and tag; with GCM the tag is part of the ciphertext, and so
 * comes first (RFC 7714, 8.2). In SRTCP the word with the index comes before the MKI.
 */
bool vw_key_is_named(const struct vw_key *key, const u8 *p, size_t len, bool rtcp)
{
	size_t behind = rtcp ? key->suite->rtcp_tag : key->suite->rtp_tag;

	if (key->suite->cipher == VW_CIPHER_GCM)
		behind = 0;
	return len >= vw_key_tail(key, rtcp) &&
	       !memcmp(p + len - behind - key->mki_len, key->mki, key->mki_len);
}

/* ---- SRTP ---- */

static int rtp_crypt(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u64 index)
{
	u8 iv[16] __uninitialized;

	vw_srtp_iv_cm(iv, key->salt, ssrc, index);
	return vw_cipher_crypt(&key->cipher, iv, p, len);
}

#define ROC_LEN	4

/* The rollover counter is authenticated as if it followed the packet (RFC 3711,
 * 4.2), so it lies where MKI and tag will be: one pass instead of two. */
static int rtp_mac(const struct vw_key *key, u8 *p, size_t len, u64 index, u8 *digest)
{
	put_unaligned_be32(index >> 16, p + len);
	return vw_hmac(key->hmac, p, len + ROC_LEN, digest);
}

static int ready_seal(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc,
		      u64 index)
{
	u8 digest[VW_HMAC_LEN] __uninitialized, iv[VW_GCM_IV_LEN] __uninitialized;
	int err;

	if (key->suite->cipher == VW_CIPHER_GCM) {
		vw_srtp_iv_gcm(iv, key->salt, ssrc, index);
		err = vw_gcm_seal(&key->cipher, iv, p, head, len);
		if (key->mki_len)
			memcpy(p + len + VW_GCM_TAG_LEN, key->mki, key->mki_len);
		return err;
	}
	err = rtp_crypt(key, p + head, len - head, ssrc, index) ?:
	      rtp_mac(key, p, len, index, digest);
	if (err)
		return err;
	if (key->mki_len)
		memcpy(p + len, key->mki, key->mki_len);
	/* As much as the longest has, which is quick; what is too much stays behind. */
	memcpy(p + len + key->mki_len, digest, VW_HMAC_TAG);
	return 0;
}

static int rtp_verify(const struct vw_key *key, u8 *p, size_t len, u64 index)
{
	u8 digest[VW_HMAC_LEN] __uninitialized, covered[VW_SRTP_MAX_TAIL] __uninitialized;
	int err;

	/* The key that is tried next will want them. */
	memcpy(covered, p + len, sizeof(covered));
	err = rtp_mac(key, p, len, index, digest);
	memcpy(p + len, covered, sizeof(covered));
	if (!err && crypto_memneq(p + len + key->mki_len, digest, key->suite->rtp_tag))
		err = -EKEYREJECTED;
	return err;
}

static int ready_open(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc,
		      u64 index, bool keep)
{
	u8 iv[VW_GCM_IV_LEN] __uninitialized;

	if (key->suite->cipher == VW_CIPHER_GCM) {
		vw_srtp_iv_gcm(iv, key->salt, ssrc, index);
		return vw_gcm_open(&key->cipher, iv, p, head, len, keep);
	}
	return rtp_verify(key, p, len, index) ?:
	       rtp_crypt(key, p + head, len - head, ssrc, index);
}

/* What is authenticated is the header extension as it travels. */
static noinline int rare_seal(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc,
			      u64 index)
{
	struct vw_session s = { };
	int err;

	err = vw_rare_extensions(key->rare, key->suite, p, ssrc, index);
	if (err)
		return err;
	if (!vw_rare_derive(key->rare, key->suite, false, index, &s))
		return ready_seal(key, p, head, len, ssrc, index);
	err = vw_session_rtp_seal(key, &s, p, head, len, ssrc, index);
	memzero_explicit(&s, sizeof(s));
	return err;
}

static noinline int rare_open(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc,
			      u64 index, bool keep)
{
	struct vw_session s = { };
	int err;

	if (vw_rare_derive(key->rare, key->suite, false, index, &s))
		err = vw_session_rtp_open(key, &s, p, head, len, ssrc, index);
	else
		err = ready_open(key, p, head, len, ssrc, index, keep);
	memzero_explicit(&s, sizeof(s));
	return err ?: vw_rare_extensions(key->rare, key->suite, p, ssrc, index);
}

int vw_rtp_seal(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index)
{
	if (unlikely(key->rare))
		return rare_seal(key, p, head, len, ssrc, index);
	return ready_seal(key, p, head, len, ssrc, index);
}

int vw_rtp_open(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index,
		bool keep)
{
	if (unlikely(key->rare))
		return rare_open(key, p, head, len, ssrc, index, keep);
	return ready_open(key, p, head, len, ssrc, index, keep);
}

/* ---- SRTCP ---- */

/* The session keys of a packet; @derived is where they lie when they are made for it. */
static const struct vw_session *rtcp_session(const struct vw_key *key, u32 index,
					     struct vw_session *derived)
{
	if (likely(!key->rare) || !vw_rare_derive(key->rare, key->suite, true, index, derived))
		return &key->rtcp;
	return derived;
}

int vw_rtcp_seal(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index)
{
	struct vw_session derived = { };
	int err;

	err = vw_session_rtcp_seal(key, rtcp_session(key, index, &derived), p, len, ssrc, index);
	memzero_explicit(&derived, sizeof(derived));
	return err;
}

int vw_rtcp_open(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 word)
{
	u32 index = word & VW_SRTCP_INDEX_MAX;
	struct vw_session derived = { };
	int err;

	if (!(word & VW_SRTCP_E_BIT) && !key->rtcp_clear)
		return -EKEYREJECTED;
	err = vw_session_rtcp_open(key, rtcp_session(key, index, &derived), p, len, ssrc, word);
	memzero_explicit(&derived, sizeof(derived));
	return err;
}

/* ---- ends: a grace period, then process context ---- */

static LLIST_HEAD(ends);

static void ends_come(struct work_struct *work)
{
	struct vw_end *end, *next;

	llist_for_each_entry_safe(end, next, llist_del_all(&ends), node)
		end->run(end);
}

static DECLARE_WORK(ends_work, ends_come);

static void end_ripens(struct rcu_head *rcu)
{
	struct vw_end *end = container_of(rcu, struct vw_end, rcu);

	if (llist_add(&end->node, &ends))
		queue_work(wiper, &ends_work);
}

void vw_crypto_queue(struct vw_end *end, void (*run)(struct vw_end *end))
{
	end->run = run;
	call_rcu(&end->rcu, end_ripens);
}

void vw_crypto_flush(void)
{
	rcu_barrier();
	flush_workqueue(wiper);
}

/* ---- module ---- */

static void caches_exit(void)
{
	size_t kind;

	/* The next init, after that of the self-test, may fail half way. */
	for (kind = 0; kind < ARRAY_SIZE(key_cache); kind++) {
		kmem_cache_destroy(key_cache[kind]);
		key_cache[kind] = NULL;
	}
}

static int caches_init(void)
{
	static const char *const names[] = {
		[VW_CIPHER_CM] = "voxwall_key_cm",
		[VW_CIPHER_GCM] = "voxwall_key_gcm",
		[VW_CIPHER_NULL] = "voxwall_key_null",
	};
	size_t kind;

	for (kind = 0; kind < ARRAY_SIZE(key_cache); kind++) {
		key_cache[kind] = kmem_cache_create(names[kind], vw_key_size(kind),
						    CRYPTO_MINALIGN, SLAB_ACCOUNT, NULL);
		if (!key_cache[kind]) {
			caches_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

int vw_crypto_init(void)
{
	int err = vw_hmac_module_init();

	if (err)
		return err;
	vw_cipher_module_init();
	err = caches_init();
	if (err)
		goto err_cipher;
	wiper = alloc_workqueue("voxwall", 0, 0);
	if (wiper)
		return 0;
	err = -ENOMEM;
	caches_exit();

err_cipher:
	vw_cipher_module_exit();
	vw_hmac_module_exit();
	return err;
}

void vw_crypto_exit(void)
{
	vw_crypto_flush();
	destroy_workqueue(wiper);
	caches_exit();
	vw_cipher_module_exit();
	vw_hmac_module_exit();
}
