/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SRTP keys and what is done with them (RFC 3711, 6188, 7714): one vw_key is one
 * master key with its session keys, cipher and HMAC states, ready for the packet
 * path.
 *
 * Packet functions work on linear memory in place, in any context, allocate nothing and
 * take no lock. Of the VW_GCM_FRONT bytes in front of an RTP packet nobody else may use
 * any as long; they stay as they are.
 */
#ifndef VW_CRYPTO_H
#define VW_CRYPTO_H

#include <linux/atomic.h>
#include <linux/crypto.h>
#include <linux/llist.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "cipher.h"
#include "core/srtp.h"
#include "hmac.h"
#include "rare.h"
#include "session.h"

/* Behind a packet, bytes. */
#define VW_RTP_ROOM	(sizeof(u32) + VW_HMAC_ROOM)
static_assert(VW_RTP_ROOM >= VW_GCM_ROOM);

/**
 * struct vw_end - the end of what keys belong to
 * @rcu: waits until no packet sees it any more
 * @node: then waits for process context
 * @run: wipes and frees it
 */
struct vw_end {
	union {
		struct rcu_head rcu;
		struct llist_node node;
	};
	void (*run)(struct vw_end *end);
};

/**
 * struct vw_life - how long a master key lasts
 * @used: packets that it has protected, or that it has authenticated
 * @limit: no packet more
 */
struct vw_life {
	atomic64_t used;
	u64 limit;
};

/**
 * struct vw_key - a master key, derived and ready; immutable but for its lives
 * @suite: what it is for
 * @rare: what few keys have; NULL: nothing of it
 * @cipher: encrypts SRTP
 * @salt: session salt of SRTP
 * @rtcp_clear: SRTCP is authenticated only, RFC 3711 3.4
 * @mki_len: bytes of @mki; 0: packets carry none
 * @mki: says in a packet which key is meant
 * @life: of SRTP, and of SRTCP
 * @rtcp: session keys of SRTCP, for which ciphers and HMAC states are made each time:
 *	reports are rare, and so they cost no memory in between
 * @end: after a grace period
 * @hmac: of SRTP: one, or none with GCM; behind it is the room of the cipher's driver
 */
struct vw_key {
	const struct vw_suite *suite;
	struct vw_rare *rare;
	struct vw_cipher cipher;
	u8 salt[VOXWALL_SALT_LEN];
	bool rtcp_clear;
	u8 mki_len;
	u8 mki[VOXWALL_MKI_LEN];
	struct vw_life life[2];
	struct vw_session rtcp;
	struct vw_end end;
	struct vw_hmac hmac[];
};

/* Where in a key of this kind the room of its cipher's driver begins. */
static inline size_t vw_key_room(enum vw_cipher_kind kind)
{
	return ALIGN(offsetof(struct vw_key, hmac) +
		     (kind == VW_CIPHER_GCM ? 0 : sizeof(struct vw_hmac)), CRYPTO_MINALIGN);
}

/* Bytes of a key of this kind. */
static inline size_t vw_key_size(enum vw_cipher_kind kind)
{
	return max(sizeof(struct vw_key), vw_key_room(kind) + vw_cipher_room(kind));
}

/**
 * struct vw_key_conf - what a key is made of
 * @suite: which algorithms
 * @key: master key, @suite->key_len bytes
 * @salt: master salt, @suite->salt_len bytes
 * @mki: its identifier
 * @mki_len: bytes of @mki, 0..VOXWALL_MKI_LEN
 * @lifetime: packets that it may protect; 0: as many as RFC 3711 allows
 * @rtcp_clear: SRTCP is authenticated only
 * @kdr: key derivation rate, as vw_srtp_kdr_valid() has it
 * @ext: header extensions that are encrypted; NULL: none. Not with VW_CIPHER_NULL
 * @bulk: see vw_cipher_init()
 */
struct vw_key_conf {
	const struct vw_suite *suite;
	const u8 *key;
	const u8 *salt;
	const u8 *mki;
	u8 mki_len;
	u64 lifetime;
	bool rtcp_clear;
	bool bulk;
	u32 kdr;
	const struct vw_ext_ids *ext;
};

int vw_crypto_init(void);
/* Waits until everything that was queued has run. */
void vw_crypto_exit(void);
/* Run @run, which frees keys, in process context after a grace period; any context. */
void vw_crypto_queue(struct vw_end *end, void (*run)(struct vw_end *end));
/* Wait for what has been queued, and for RCU callbacks. */
void vw_crypto_flush(void);

/**
 * vw_key_new - derive the session keys and set the ciphers up
 * @conf: what it is made of
 * @ret: the key, on success
 *
 * Process context. Return: 0, -ENOMEM, or what the crypto API answered.
 */
int vw_key_new(const struct vw_key_conf *conf, struct vw_key **ret);
/* Wipe and free a key that no packet can see; process context; NULL is fine. */
void vw_key_free(struct vw_key *key);
/* The same for one that packets may still see; any context; NULL is fine. */
void vw_key_free_rcu(struct vw_key *key);
/* The drivers in words, "cipher, hash", for listings. */
void vw_key_driver(const struct vw_key *key, char *buf, size_t size);
/* Is it an RTP packet that the key can seal or open? One whose header extension lies
 * about its lengths isn't, if any of it is to be encrypted. */
static inline bool vw_key_takes(const struct vw_key *key, const u8 *rtp)
{
	return likely(!key->rare) || vw_rare_takes(key->rare, rtp);
}

/* When a key has protected nine packets of ten, it is time for another one. */
static inline u64 vw_life_warning(const struct vw_life *life)
{
	return life->limit - div_u64(life->limit, 10);
}

/* Bytes that sealing adds behind a packet. */
static inline size_t vw_key_tail(const struct vw_key *key, bool rtcp)
{
	return key->mki_len +
	       (rtcp ? key->suite->rtcp_tag + VW_SRTCP_TRAILER : key->suite->rtp_tag);
}

/* Does a sealed packet of @len bytes carry the key's MKI? */
bool vw_key_is_named(const struct vw_key *key, const u8 *p, size_t len, bool rtcp);

/**
 * vw_rtp_seal - make an SRTP packet
 * @key: the key
 * @p: the RTP packet; its tag is written behind it, where VW_RTP_ROOM bytes are lost
 * @head: bytes that stay in clear
 * @len: bytes of the RTP packet
 * @ssrc: from its header
 * @index: packet index that has never been used with this SSRC and key
 *
 * Return: 0, or an error after which @p must not leave.
 */
int vw_rtp_seal(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index);
/**
 * vw_rtp_open - make it an RTP packet again, if its tag fits
 * @len: bytes without what sealing has added; VW_RTP_ROOM bytes are there behind them
 * @keep: leave the packet as it was when its tag doesn't fit
 *
 * The others as above. Return: 0, -EKEYREJECTED, or an error of cipher or hash.
 */
int vw_rtp_open(const struct vw_key *key, u8 *p, size_t head, size_t len, u32 ssrc, u64 index,
		bool keep);

/* The same for SRTCP; the first 8 bytes stay in clear. @index has 31 bits. */
int vw_rtcp_seal(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 index);
/* @word: from vw_rtcp_word(). A packet whose tag doesn't fit is left as it was. */
int vw_rtcp_open(const struct vw_key *key, u8 *p, size_t len, u32 ssrc, u32 word);
/* E bit and index of a packet that is @len bytes without what sealing has added. */
u32 vw_rtcp_word(const struct vw_key *key, const u8 *p, size_t len);

#endif
