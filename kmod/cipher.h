/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AES with one key: in counter mode here, as GCM in gcm.c. A driver of the kernel
 * does it where one is synchronous, allocates nothing for a packet and may run;
 * else the AES library, block by block.
 */
#ifndef VW_CIPHER_H
#define VW_CIPHER_H

#include <linux/types.h>

#include "core/srtp.h"

struct crypto_aead;
struct crypto_aes_ctx;
struct crypto_shash;
struct crypto_sync_skcipher;

#define VW_GHASH_DESC	32	/* bytes of a state of GHASH */

/**
 * struct vw_cipher - AES with one key
 * @ctr: the driver of VW_CIPHER_CM; NULL: the library
 * @gcm: of VW_CIPHER_GCM, likewise
 * @ghash_at: the driver of VW_CIPHER_GCM is a pair: @ctr, and so many bytes behind it
 *	GHASH; 0: it is @gcm
 * @kind: enum vw_cipher_kind
 * @simd: the driver needs the vector registers, see crypto_simd_usable()
 * @owned: the driver's transform is not in the room that was given
 * @key_len: bytes of @key, 16..32
 * @key: for the library, which also steps in while the registers are taken
 */
struct vw_cipher {
	union {
		struct crypto_sync_skcipher *ctr;
		struct crypto_aead *gcm;
	};
	u8 kind;
	bool simd;
	bool owned;
	u8 key_len;
	u16 ghash_at;
	u8 key[VOXWALL_KEY_LEN];
};

/* Of a pair. */
static inline struct crypto_shash *vw_cipher_ghash(const struct vw_cipher *c)
{
	return (void *)c->ctr + c->ghash_at;
}

/* Find the drivers that this machine has. */
void vw_cipher_module_init(void);
void vw_cipher_module_exit(void);

/* Bytes of memory that a cipher of this kind asks of its owner, aligned to
 * CRYPTO_MINALIGN; 0 is a possible answer. */
size_t vw_cipher_room(enum vw_cipher_kind kind);

/**
 * vw_cipher_init - set a cipher up
 * @c: the cipher
 * @kind: what it is for
 * @key: its key, copied
 * @len: bytes of @key
 * @bulk: it is for packets that are long, as those of pictures
 * @room: vw_cipher_room() bytes, all zeros, that stay while @c does and are the owner's
 *	to wipe; NULL: use the library only
 */
int vw_cipher_init(struct vw_cipher *c, enum vw_cipher_kind kind, const u8 *key, size_t len,
		   bool bulk, void *room);
/* Wipe it and give its driver back, in process context; one that is all zeros is fine. */
void vw_cipher_exit(struct vw_cipher *c);
/* Encrypt or decrypt @len bytes from the block @counter on, which moves on, in place,
 * unless the kind is VW_CIPHER_NULL. When @c has a driver, @p must be in the linear mapping (not on the
 * stack), and so must 16 bytes before it that are nobody else's for as long; they stay
 * as they are. */
int vw_cipher_crypt(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len);
/* The same with the driver that @c has; its vector registers are free. */
int vw_cipher_drive(const struct vw_cipher *c, u8 counter[16], u8 *p, size_t len);
/* The driver's name, or what stands in for it; of a pair that of counter mode. */
const char *vw_cipher_driver(const struct vw_cipher *c);

/* The library's counter mode, with a key schedule; @counter moves on. */
void vw_cipher_ctr(const struct crypto_aes_ctx *aes, u8 counter[16], u8 *p, size_t len);

/* ---- a packet's GCM ---- */

/*
 * The linear mapping again. Nobody else may use any of the 32 bytes before the text, of
 * which the head is a part, of the 16 before the head, and of the VW_GCM_ROOM behind the
 * text as long; what is in front stays as it is. With an RTP header that makes
 * VW_GCM_FRONT bytes in front of the packet.
 */
#define VW_GCM_FRONT	20
#define VW_GCM_ROOM	32

/* The first @head of @len bytes are authenticated, the rest is encrypted, too; the
 * tag is written behind it. */
int vw_gcm_seal(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p, size_t head,
		size_t len);
/* The reverse; what is behind the text stays. 0, -EKEYREJECTED, or an error of the
 * driver. When it fails, the text is garbled unless @keep asks to have it back. */
int vw_gcm_open(const struct vw_cipher *c, const u8 iv[VW_GCM_IV_LEN], u8 *p, size_t head,
		size_t len, bool keep);

/* The driver of GHASH where it is one by itself; else NULL. */
const char *vw_gcm_hash(const struct vw_cipher *c);

/**
 * struct vw_gcm_text - what one GCM operation works on, in parts
 * @aad: two pieces of associated data, as if they were one
 * @aad_len: bytes of each
 * @p: what is encrypted in place
 * @len: bytes of it
 * @tag: VW_GCM_TAG_LEN bytes, written or compared
 */
struct vw_gcm_text {
	const u8 *aad[2];
	size_t aad_len[2];
	u8 *p;
	size_t len;
	u8 *tag;
};

/* A packet as vw_gcm_seal() and vw_gcm_open() take it. */
static inline struct vw_gcm_text vw_gcm_text_of(u8 *p, size_t head, size_t len)
{
	return (struct vw_gcm_text){
		.aad = { p, p },
		.aad_len = { head, 0 },
		.p = p + head,
		.len = len - head,
		.tag = p + len,
	};
}

/* The library's way, from the key, for what is rare. Opening leaves @t as it was
 * unless the tag fits; 0 or -EKEYREJECTED. */
int vw_gcm_library_seal(const u8 *key, size_t key_len, const u8 iv[VW_GCM_IV_LEN],
			const struct vw_gcm_text *t);
int vw_gcm_library_open(const u8 *key, size_t key_len, const u8 iv[VW_GCM_IV_LEN],
			const struct vw_gcm_text *t);

#endif
