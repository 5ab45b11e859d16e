// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/slab.h>

#include "cipher.h"
#include "rare.h"

static int ext_key_init(struct vw_ext_key *k, const struct vw_master *master,
			const struct vw_suite *suite, u64 interval)
{
	u8 key[VOXWALL_KEY_LEN];
	int err;

	vw_master_derive(master, VW_LABEL_EXT_KEY, interval, key, suite->key_len);
	/* As long as the payload's, RFC 6904 3.1: GCM's is filled up with zeros. */
	memset(k->salt, 0, sizeof(k->salt));
	vw_master_derive(master, VW_LABEL_EXT_SALT, interval, k->salt, suite->salt_len);
	err = aes_expandkey(&k->aes, key, suite->key_len);
	memzero_explicit(key, sizeof(key));
	return err;
}

struct vw_rare *vw_rare_new(const struct vw_suite *suite, const struct vw_master *master, u32 kdr,
			    const struct vw_ext_ids *ids)
{
	struct vw_rare *r = kzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);

	if (!r)
		return NULL;
	r->kdr = kdr;
	if (ids) {
		r->ids = *ids;
		r->has_ids = memchr_inv(ids, 0, sizeof(*ids));
	}
	if (kdr)
		r->master = *master;
	else if (ext_key_init(&r->ext, master, suite, 0))
		goto err_free;
	return r;

err_free:
	vw_rare_free(r);
	return NULL;
}

void vw_rare_free(struct vw_rare *r)
{
	kfree_sensitive(r);
}

bool vw_rare_derive(const struct vw_rare *r, const struct vw_suite *suite, bool rtcp, u64 index,
		    struct vw_session *ret)
{
	if (!r->kdr)
		return false;
	vw_master_session(&r->master, suite, rtcp, vw_srtp_interval(index, r->kdr), ret);
	return true;
}

/* ---- header extensions ---- */

bool vw_rare_takes(const struct vw_rare *r, const u8 *rtp)
{
	return !r->has_ids || !vw_ext_check(rtp);
}

/**
 * struct stream - the keystream of one packet's header extension
 * @key: makes it
 * @iv: its first counter block
 * @n: block that is in @bytes
 * @bytes: of it
 * @any: there is one
 */
struct stream {
	const struct vw_ext_key *key;
	u8 iv[AES_BLOCK_SIZE];
	size_t n;
	u8 bytes[AES_BLOCK_SIZE];
	bool any;
};

/* Elements that share a block come one after the other. */
static const u8 *stream_block(void *arg, size_t n)
{
	u8 counter[AES_BLOCK_SIZE];
	struct stream *s = arg;

	if (s->any && s->n == n)
		return s->bytes;
	s->any = true;
	s->n = n;
	memcpy(counter, s->iv, sizeof(counter));
	/* An extension has 16,384 blocks at most, and the IV ends in 16 bits of zero. */
	put_unaligned_be16(n, counter + 14);
	aes_encrypt(&s->key->aes, s->bytes, counter);
	return s->bytes;
}

static int crypt_with(const struct vw_ext_key *key, const struct vw_ext_ids *ids, u8 *rtp,
		      u32 ssrc, u64 index)
{
	struct stream s = { .key = key };
	int err;

	vw_srtp_iv_cm(s.iv, key->salt, ssrc, index);
	err = vw_ext_crypt(rtp, ids, stream_block, &s);
	memzero_explicit(&s, sizeof(s));
	return err;
}

static noinline int crypt_derived(const struct vw_rare *r, const struct vw_suite *suite, u8 *rtp,
				  u32 ssrc, u64 index)
{
	struct vw_ext_key key;
	int err;

	err = ext_key_init(&key, &r->master, suite, vw_srtp_interval(index, r->kdr)) ?:
	      crypt_with(&key, &r->ids, rtp, ssrc, index);
	memzero_explicit(&key, sizeof(key));
	return err;
}

int vw_rare_extensions(const struct vw_rare *r, const struct vw_suite *suite, u8 *rtp, u32 ssrc,
		       u64 index)
{
	if (!r->has_ids)
		return 0;
	if (r->kdr)
		return crypt_derived(r, suite, rtp, ssrc, index);
	return crypt_with(&r->ext, &r->ids, rtp, ssrc, index);
}
