// SPDX-License-Identifier: GPL-2.0-or-later
#include <asm/unaligned.h>
#include <crypto/hash.h>
#include <crypto/sha1.h>
#include <linux/module.h>

#include "hmac.h"

/* A small system would silently run the generic code without these. */
MODULE_SOFTDEP("pre: sha1_ssse3 sha1");

#define BLOCK	SHA1_BLOCK_SIZE

static struct crypto_shash *sha1;

/* A description that is the state and nothing else can be begun in the middle. */
static struct crypto_shash *plain_sha1(const char *name)
{
	struct crypto_shash *tfm = crypto_alloc_shash(name, 0, 0);

	if (IS_ERR(tfm) || (crypto_shash_descsize(tfm) == sizeof(struct sha1_state) &&
			    crypto_shash_statesize(tfm) == sizeof(struct sha1_state)))
		return tfm;
	crypto_free_shash(tfm);
	return ERR_PTR(-EOPNOTSUPP);
}

int vw_hmac_module_init(void)
{
	/* The fastest, and the one that is always as it should be. */
	sha1 = plain_sha1("sha1");
	if (IS_ERR(sha1))
		sha1 = plain_sha1("sha1-generic");
	return PTR_ERR_OR_ZERO(sha1);
}

void vw_hmac_module_exit(void)
{
	crypto_free_shash(sha1);
}

const char *vw_hmac_driver(void)
{
	return crypto_shash_driver_name(sha1);
}

static int pad(const u8 *key, size_t len, u8 byte, u32 ret_state[VW_HMAC_WORDS])
{
	SHASH_DESC_ON_STACK(desc, sha1);
	u8 block[BLOCK];
	size_t i;
	int err;

	memset(block, byte, sizeof(block));
	for (i = 0; i < len; i++)
		block[i] ^= key[i];
	desc->tfm = sha1;
	err = crypto_shash_init(desc) ?: crypto_shash_update(desc, block, sizeof(block));
	memcpy(ret_state, ((struct sha1_state *)shash_desc_ctx(desc))->state,
	       VW_HMAC_WORDS * sizeof(u32));
	memzero_explicit(block, sizeof(block));
	shash_desc_zero(desc);
	return err;
}

int vw_hmac_init(struct vw_hmac *h, const u8 *key, size_t len)
{
	if (len > BLOCK)
		return -EINVAL;
	return pad(key, len, 0x36, h->inner) ?: pad(key, len, 0x5c, h->outer);
}

/* A description with its state; all that is read of it is written first. */
#define SHA1_DESC_ON_STACK(desc)						\
	char desc##_room[sizeof(struct shash_desc) + sizeof(struct sha1_state)]	\
		__aligned(__alignof__(struct shash_desc)) __uninitialized;	\
	struct shash_desc *desc = (struct shash_desc *)desc##_room

/* As if the block with the pad had just been hashed. */
static __always_inline struct sha1_state *resume(struct shash_desc *desc, const u32 state[VW_HMAC_WORDS])
{
	struct sha1_state *s = shash_desc_ctx(desc);

	desc->tfm = sha1;
	memcpy(s->state, state, sizeof(s->state));
	s->count = BLOCK;
	return s;
}

/* What ends a hash of @len bytes behind the pad, up to whole blocks. Return: all bytes. */
static size_t end_message(u8 *p, size_t len)
{
	size_t whole = round_up(len + 1 + sizeof(u64), BLOCK), i;

	p[len] = 0x80;
	for (i = len + 1; i < whole - sizeof(u64); i += sizeof(u64))
		put_unaligned((u64)0, (u64 *)(p + i));
	put_unaligned_be64((BLOCK + len) * 8, p + whole - sizeof(u64));
	return whole;
}

static __always_inline void write_state(const struct sha1_state *s, u8 *p)
{
	put_unaligned_be32(s->state[0], p);
	put_unaligned_be32(s->state[1], p + 4);
	put_unaligned_be32(s->state[2], p + 8);
	put_unaligned_be32(s->state[3], p + 12);
	put_unaligned_be32(s->state[4], p + 16);
}

/* Both hashes end in whole blocks, so that the driver is called once for each and
 * neither buffers nor pads. */
noinline int vw_hmac(const struct vw_hmac *h, u8 *p, size_t len, u8 digest[VW_HMAC_LEN])
{
	SHA1_DESC_ON_STACK(desc);
	struct sha1_state *s = resume(desc, h->inner);
	u8 block[BLOCK] __uninitialized;
	int err;

	err = crypto_shash_update(desc, p, end_message(p, len));
	if (err)
		return err;
	write_state(s, block);
	resume(desc, h->outer);
	err = crypto_shash_update(desc, block, end_message(block, VW_HMAC_LEN));
	write_state(s, digest);
	return err;
}

static int finish(const u32 state[VW_HMAC_WORDS], const u8 *p, size_t len, u8 *hash)
{
	SHASH_DESC_ON_STACK(desc, sha1);

	resume(desc, state);
	return crypto_shash_finup(desc, p, len, hash);
}

noinline int vw_hmac_once(const u8 *key, size_t key_len, const u8 *p, size_t len,
			  u8 digest[VW_HMAC_LEN])
{
	u8 hash[VW_HMAC_LEN];
	struct vw_hmac h;
	int err;

	err = vw_hmac_init(&h, key, key_len) ?:
	      finish(h.inner, p, len, hash) ?: finish(h.outer, hash, sizeof(hash), digest);
	memzero_explicit(&h, sizeof(h));
	return err;
}
