/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SRTP keys and what is done with them (RFC 3711): one vw_key is one master key
 * with its session keys, cipher and HMAC states, ready for the packet path.
 *
 * Packet functions work on linear memory in place, in any context, allocate
 * nothing and take no lock.
 */
#ifndef VW_CRYPTO_H
#define VW_CRYPTO_H

#include <linux/types.h>
#include <linux/workqueue.h>

#include "core/srtp.h"

struct crypto_sync_skcipher;

/**
 * struct vw_cipher - AES in counter mode with one key
 * @tfm: the kernel's driver; NULL: block by block with the AES library
 * @simd: @tfm needs the vector registers, see crypto_simd_usable()
 * @key_len: bytes of @key, 16..32
 * @key: for the library, which also steps in while the registers are taken
 */
struct vw_cipher {
	struct crypto_sync_skcipher *tfm;
	bool simd;
	u8 key_len;
	u8 key[VOXWALL_KEY_LEN];
};

/**
 * struct vw_session - the session keys of SRTP or of SRTCP
 * @cipher: encrypts
 * @salt: session salt
 * @inner: exported SHA-1 state after the inner pad of the HMAC
 * @outer: after the outer pad
 */
struct vw_session {
	struct vw_cipher cipher;
	u8 salt[VOXWALL_SALT_LEN];
	u8 *inner;
	u8 *outer;
};

/**
 * struct vw_key - a master key, derived and ready; immutable
 * @suite: what it is for
 * @rtp: session keys of SRTP
 * @rtcp: of SRTCP; rare packets, so its cipher is the library's and costs no memory
 * @free: ends it after a grace period
 * @state: what the HMAC pointers of @rtp and @rtcp point into
 */
struct vw_key {
	const struct vw_suite *suite;
	struct vw_session rtp;
	struct vw_session rtcp;
	struct rcu_work free;
	u8 state[];
};

int vw_crypto_init(void);
/* Waits until everything that was queued has run. */
void vw_crypto_exit(void);
/* Run work that frees keys, after a grace period; any context. */
void vw_crypto_queue(struct rcu_work *work);
/* Wait for what has been queued, and for RCU callbacks. */
void vw_crypto_flush(void);

/**
 * vw_key_new - derive the session keys and set the ciphers up
 * @suite: which algorithms
 * @key: master key, @suite->key_len bytes
 * @salt: master salt, @suite->salt_len bytes
 * @ret: the key, on success
 *
 * Process context. Return: 0, -ENOMEM, or what the crypto API answered.
 */
int vw_key_new(const struct vw_suite *suite, const u8 *key, const u8 *salt,
	       struct vw_key **ret);
/* Wipe and free a key that no packet can see; process context; NULL is fine. */
void vw_key_free(struct vw_key *key);
/* The same for one that packets may still see; any context; NULL is fine. */
void vw_key_free_rcu(struct vw_key *key);
/* The drivers in words, "cipher, hash", for listings. */
void vw_key_driver(const struct vw_key *key, char *buf, size_t size);

/**
 * vw_cipher_init - set a cipher up
 * @c: the cipher
 * @key: its key, copied
 * @len: bytes of @key
 * @fast: look for a driver; else use the library only
 */
int vw_cipher_init(struct vw_cipher *c, const u8 *key, size_t len, bool fast);
void vw_cipher_exit(struct vw_cipher *c);
/* Encrypt or decrypt @len bytes from counter block @iv on, in place. @p must be
 * in the linear mapping (not on the stack) when @c has a driver. */
int vw_cipher_crypt(const struct vw_cipher *c, const u8 iv[16], u8 *p, size_t len);
/* One derived key, RFC 3711 4.3.1, at key derivation rate 0. @master is without
 * a driver, so that @out may be anywhere. */
int vw_cipher_derive(const struct vw_cipher *master, const u8 salt[VOXWALL_SALT_LEN],
		     enum vw_srtp_label label, u8 *out, size_t len);

#define VW_HMAC_LEN	20
/* Bytes of an exported state. */
unsigned int vw_hmac_statesize(void);
/* The states after both pads; @key is at most 64 bytes. */
int vw_hmac_init(const u8 *key, size_t len, u8 *inner, u8 *outer);
int vw_hmac(const u8 *inner, const u8 *outer, const u8 *p, size_t len,
	    u8 digest[VW_HMAC_LEN]);

/**
 * vw_rtp_seal - make an SRTP packet
 * @key: the key
 * @p: the RTP packet; its tag is written behind it
 * @head: bytes that stay in clear
 * @len: bytes of the RTP packet
 * @ssrc: from its header
 * @index: packet index that has never been used with this SSRC and key
 *
 * Return: 0, or an error after which @p must not leave.
 */
int vw_rtp_seal(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index);
/* Does the tag behind the @len bytes of @p fit? 0, -EKEYREJECTED, or an error of
 * the hash. @p and the tag are unchanged afterwards. */
int vw_rtp_verify(const struct vw_key *key, u8 *p, size_t len, u64 index);
/* Decrypt what vw_rtp_verify() has approved. */
int vw_rtp_open(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index);

/* The same for SRTCP: E bit and index lie between the packet and its tag; the
 * first 8 bytes stay in clear. @index has 31 bits. */
int vw_rtcp_seal(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index);
int vw_rtcp_verify(const struct vw_key *key, const u8 *p, size_t len);
int vw_rtcp_open(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index);

#endif
