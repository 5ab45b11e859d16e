// SPDX-License-Identifier: GPL-2.0-or-later
#include <crypto/algapi.h>
#include <linux/slab.h>

#include "core/rtp.h"
#include "crypto.h"

static struct workqueue_struct *wiper;

/* Keys by kind of cipher, each with room for its transform: kmalloc() would round up. */
static struct kmem_cache *key_cache[VW_CIPHER_NULL + 1];

/* ---- keys ---- */

int vw_key_derive(const struct vw_cipher *master, const u8 salt[VOXWALL_SALT_LEN],
		  enum vw_srtp_label label, u8 *out, size_t len)
{
	u8 iv[16];

	memset(out, 0, len);
	vw_srtp_iv_kdf(iv, salt, label);
	return vw_cipher_crypt(master, iv, out, len);
}

static int rtp_init(struct vw_key *k, const struct vw_cipher *master, const u8 *salt)
{
	const struct vw_suite *s = k->suite;
	u8 key[VOXWALL_KEY_LEN], auth[VW_AUTH_LEN];
	int err;

	err = vw_key_derive(master, salt, VW_LABEL_RTP_KEY, key, s->key_len) ?:
	      vw_key_derive(master, salt, VW_LABEL_RTP_SALT, k->salt, s->salt_len) ?:
	      vw_cipher_init(&k->cipher, s->cipher, key, s->key_len, k->room);
	if (!err && s->auth_len)
		err = vw_key_derive(master, salt, VW_LABEL_RTP_AUTH, auth, s->auth_len) ?:
		      vw_hmac_init(&k->hmac, auth, s->auth_len);
	memzero_explicit(key, sizeof(key));
	memzero_explicit(auth, sizeof(auth));
	return err;
}

static int rtcp_init(struct vw_key *k, const struct vw_cipher *master, const u8 *salt)
{
	const struct vw_suite *s = k->suite;

	return vw_key_derive(master, salt, VW_LABEL_RTCP_KEY, k->rtcp.key, s->key_len) ?:
	       vw_key_derive(master, salt, VW_LABEL_RTCP_SALT, k->rtcp.salt, s->salt_len) ?:
	       vw_key_derive(master, salt, VW_LABEL_RTCP_AUTH, k->rtcp.auth, s->auth_len);
}

int vw_key_new(const struct vw_key_conf *conf, struct vw_key **ret)
{
	u8 padded[VOXWALL_SALT_LEN] = { };
	struct vw_cipher master;
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
	/* RFC 7714, 11: a shorter salt is filled up with zeros. */
	memcpy(padded, conf->salt, conf->suite->salt_len);
	err = vw_cipher_init(&master, VW_CIPHER_CM, conf->key, conf->suite->key_len, NULL) ?:
	      rtp_init(k, &master, padded) ?: rtcp_init(k, &master, padded);
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
	struct kmem_cache *cache;

	if (!key)
		return;
	cache = key_cache[key->suite->cipher];
	vw_cipher_exit(&key->cipher);
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

	if (key->suite->auth_len)
		snprintf(buf, size, "%s, %s", cipher, vw_hmac_driver());
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
	u8 iv[16];

	vw_srtp_iv_cm(iv, key->salt, ssrc, index);
	return vw_cipher_crypt(&key->cipher, iv, p, len);
}

#define ROC_LEN	4

/* The rollover counter is authenticated as if it followed the packet (RFC 3711,
 * 4.2), so it lies where MKI and tag will be: one pass instead of two. */
static int rtp_mac(const struct vw_key *key, u8 *p, size_t len, u64 index, u8 *digest)
{
	put_unaligned_be32(index >> 16, p + len);
	return vw_hmac(&key->hmac, p, len + ROC_LEN, digest);
}

int vw_rtp_seal(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index)
{
	u8 digest[VW_HMAC_LEN], iv[VW_GCM_IV_LEN];
	int err;

	if (key->suite->cipher == VW_CIPHER_GCM) {
		vw_srtp_iv_gcm(iv, key->salt, ssrc, index);
		memcpy(p + len + VW_GCM_TAG_LEN, key->mki, key->mki_len);
		return vw_gcm_seal(&key->cipher, iv, p, head, len);
	}
	err = rtp_crypt(key, p + head, len - head, ssrc, index) ?:
	      rtp_mac(key, p, len, index, digest);
	if (err)
		return err;
	memcpy(p + len, key->mki, key->mki_len);
	memcpy(p + len + key->mki_len, digest, key->suite->rtp_tag);
	return 0;
}

static int rtp_verify(const struct vw_key *key, u8 *p, size_t len, u64 index)
{
	u8 digest[VW_HMAC_LEN], covered[VW_SRTP_MAX_TAIL];
	int err;

	/* The key that is tried next will want them. */
	memcpy(covered, p + len, sizeof(covered));
	err = rtp_mac(key, p, len, index, digest);
	memcpy(p + len, covered, sizeof(covered));
	if (!err && crypto_memneq(p + len + key->mki_len, digest, key->suite->rtp_tag))
		err = -EKEYREJECTED;
	return err;
}

int vw_rtp_open(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index,
		bool keep)
{
	u8 iv[VW_GCM_IV_LEN];

	if (key->suite->cipher == VW_CIPHER_GCM) {
		vw_srtp_iv_gcm(iv, key->salt, ssrc, index);
		return vw_gcm_open(&key->cipher, iv, p, head, len, keep);
	}
	return rtp_verify(key, p, len, index) ?:
	       rtp_crypt(key, p + head, len - head, ssrc, index);
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

static int rtcp_crypt(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index)
{
	struct vw_cipher c;
	u8 iv[16];
	int err;

	vw_srtp_iv_cm(iv, key->rtcp.salt, ssrc, index);
	err = vw_cipher_init(&c, key->suite->cipher, key->rtcp.key, key->suite->key_len, NULL) ?:
	      vw_cipher_crypt(&c, iv, p + VW_RTCP_HDR_LEN, len - VW_RTCP_HDR_LEN);
	vw_cipher_exit(&c);
	return err;
}

static int rtcp_mac(const struct vw_key *key, const u8 *p, size_t len, u8 *digest)
{
	return vw_hmac_once(key->rtcp.auth, key->suite->auth_len, p, len + VW_SRTCP_TRAILER,
			    digest);
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

static int rtcp_seal_cm(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index)
{
	u8 digest[VW_HMAC_LEN];
	int err = 0;

	if (!key->rtcp_clear)
		err = rtcp_crypt(key, p, len, ssrc, index);
	err = err ?: rtcp_mac(key, p, len, digest);
	p += len + VW_SRTCP_TRAILER;
	memcpy(p, key->mki, key->mki_len);
	if (!err)
		memcpy(p + key->mki_len, digest, key->suite->rtcp_tag);
	return err;
}

int vw_rtcp_seal(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index)
{
	u32 word = index | (key->rtcp_clear ? 0 : VW_SRTCP_E_BIT);
	u8 iv[VW_GCM_IV_LEN];
	struct vw_gcm_text t;

	put_unaligned_be32(word, rtcp_word_at(key, p, len));
	if (key->suite->cipher != VW_CIPHER_GCM)
		return rtcp_seal_cm(key, p, len, ssrc, index);
	vw_srtp_iv_gcm(iv, key->rtcp.salt, ssrc, index);
	t = rtcp_text(key, p, len, key->rtcp_clear);
	memcpy(rtcp_word_at(key, p, len) + VW_SRTCP_TRAILER, key->mki, key->mki_len);
	return vw_gcm_library_seal(key->rtcp.key, key->suite->key_len, iv, &t);
}

static int rtcp_open_cm(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 word)
{
	u8 digest[VW_HMAC_LEN];
	int err;

	err = rtcp_mac(key, p, len, digest);
	if (err)
		return err;
	if (crypto_memneq(p + len + VW_SRTCP_TRAILER + key->mki_len, digest,
			  key->suite->rtcp_tag))
		return -EKEYREJECTED;
	return word & VW_SRTCP_E_BIT ?
	       rtcp_crypt(key, p, len, ssrc, word & VW_SRTCP_INDEX_MAX) : 0;
}

int vw_rtcp_open(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 word)
{
	u8 iv[VW_GCM_IV_LEN];
	struct vw_gcm_text t;

	if (!(word & VW_SRTCP_E_BIT) && !key->rtcp_clear)
		return -EKEYREJECTED;
	if (key->suite->cipher != VW_CIPHER_GCM)
		return rtcp_open_cm(key, p, len, ssrc, word);
	vw_srtp_iv_gcm(iv, key->rtcp.salt, ssrc, word & VW_SRTCP_INDEX_MAX);
	t = rtcp_text(key, p, len, !(word & VW_SRTCP_E_BIT));
	return vw_gcm_library_open(key->rtcp.key, key->suite->key_len, iv, &t);
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

	for (kind = 0; kind < ARRAY_SIZE(key_cache); kind++)
		kmem_cache_destroy(key_cache[kind]);
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
		key_cache[kind] = kmem_cache_create(names[kind], sizeof(struct vw_key) +
						    vw_cipher_room(kind), __alignof__(struct vw_key),
						    SLAB_ACCOUNT, NULL);
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
