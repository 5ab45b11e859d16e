// SPDX-License-Identifier: GPL-2.0-or-later
#include <crypto/hash.h>
#include <linux/module.h>

#include "hmac.h"

/* A small system would silently run the generic code without these. */
MODULE_SOFTDEP("pre: sha1_ssse3 sha1");

#define BLOCK		64
#define STATE_MAX	128	/* of any SHA-1 driver: 20 bytes, a length, a block */

static struct crypto_shash *sha1;

int vw_hmac_module_init(void)
{
	sha1 = crypto_alloc_shash("sha1", 0, 0);
	if (IS_ERR(sha1))
		return PTR_ERR(sha1);
	if (crypto_shash_digestsize(sha1) == VW_HMAC_LEN &&
	    crypto_shash_statesize(sha1) <= STATE_MAX)
		return 0;
	crypto_free_shash(sha1);
	return -EOPNOTSUPP;
}

void vw_hmac_module_exit(void)
{
	crypto_free_shash(sha1);
}

unsigned int vw_hmac_statesize(void)
{
	return crypto_shash_statesize(sha1);
}

const char *vw_hmac_driver(void)
{
	return crypto_shash_driver_name(sha1);
}

static int pad(const u8 *key, size_t len, u8 byte, u8 *ret_state)
{
	SHASH_DESC_ON_STACK(desc, sha1);
	u8 block[BLOCK];
	size_t i;
	int err;

	memset(block, byte, sizeof(block));
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
	if (len > BLOCK)
		return -EINVAL;
	return pad(key, len, 0x36, inner) ?: pad(key, len, 0x5c, outer);
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

noinline int vw_hmac_once(const u8 *key, size_t key_len, const u8 *p, size_t len,
			  u8 digest[VW_HMAC_LEN])
{
	u8 state[2][STATE_MAX] __aligned(8);
	int err;

	err = vw_hmac_init(key, key_len, state[0], state[1]) ?:
	      vw_hmac(state[0], state[1], p, len, digest);
	memzero_explicit(state, sizeof(state));
	return err;
}
