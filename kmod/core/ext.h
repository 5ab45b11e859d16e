/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RTP header extensions: their elements (RFC 8285), and which bytes of them are
 * encrypted (RFC 6904). The cipher itself is the caller's.
 */
#ifndef VW_CORE_EXT_H
#define VW_CORE_EXT_H

#include "env.h"

#define VW_EXT_IDS	256
#define VW_EXT_BLOCK	16	/* bytes of keystream at a time */

/**
 * struct vw_ext_ids - a set of identifiers of header extensions
 * @bits: bit n % 8 of byte n / 8: n is in it; 0, which is padding, never
 */
struct vw_ext_ids {
	u8 bits[VW_EXT_IDS / 8];
};

static inline bool vw_ext_has(const struct vw_ext_ids *ids, u8 id)
{
	return ids->bits[id / 8] >> id % 8 & 1;
}

static inline void vw_ext_add(struct vw_ext_ids *ids, u8 id)
{
	ids->bits[id / 8] |= (u8)(1 << id % 8);
}

/**
 * struct vw_ext - a walk over the elements of one packet's extension
 * @p: what follows profile and length; the padding is part of it
 * @len: bytes of it
 * @at: where the next element begins
 * @head: bytes of an element's head, 1 or 2; 0: the profile has no elements
 */
struct vw_ext {
	const u8 *p;
	size_t len;
	size_t at;
	u8 head;
};

/**
 * struct vw_ext_element - one of them
 * @id: its identifier, 1..255
 * @at: where its data begin, from vw_ext.p on
 * @len: bytes of them, 0..255
 */
struct vw_ext_element {
	u8 id;
	size_t at;
	size_t len;
};

/* @rtp: a packet that vw_rtp_parse() has found good. */
void vw_ext_begin(struct vw_ext *e, const u8 *rtp);
/*
 * 1: *@ret is the next one; 0: there is none; -EBADMSG: it would end behind the extension.
 * Identifiers that mean "read no further" (15 in the short form, 0 with a length) end the
 * walk.
 */
int vw_ext_next(struct vw_ext *e, struct vw_ext_element *ret);
/* 0, or -EBADMSG when a length lies. */
int vw_ext_check(const u8 *rtp);

/**
 * vw_ext_crypt - encrypt or decrypt the data of some elements, RFC 6904 3.1.1
 * @rtp: a packet that vw_rtp_parse() has found good; changed in place
 * @ids: which elements
 * @block: block @n of the keystream that begins with vw_ext.p; good until the next call
 * @arg: for @block
 *
 * Identifiers and lengths stay in clear. Return: 0, or -EBADMSG with some elements changed.
 */
int vw_ext_crypt(u8 *rtp, const struct vw_ext_ids *ids,
		 const u8 *(*block)(void *arg, size_t n), void *arg);

#endif
