/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys in SDP: the a=crypto attribute of RFC 4568. */
#ifndef VW_MEDIA_SDES_H
#define VW_MEDIA_SDES_H

#include "../secret.h"
#include "../../kmod/core/srtp.h"
#include "text.h"

#define VW_SDES_MASTER_MAX	(VOXWALL_KEY_LEN + VOXWALL_SALT_LEN)
#define VW_SDES_TAG_MAX		999999999u	/* 1*9DIGIT */

/**
 * struct vw_sdes - one usable crypto attribute
 * @tag: 0..VW_SDES_TAG_MAX
 * @suite: enum voxwall_suite
 * @len: bytes of @master
 * @master: master key, then master salt; the owner wipes it
 */
struct vw_sdes {
	u32 tag;
	u16 suite;
	u8 len;
	u8 master[VW_SDES_MASTER_MAX];
};

/**
 * vw_sdes_parse - read what follows "a=crypto:"
 * @p: the text, without line end
 * @len: its bytes
 * @ret: written on success; @ret->tag also with -EOPNOTSUPP
 *
 * Lifetimes are accepted. Return: 0; -EBADMSG: malformed (base64, key length,
 * numbers); -EOPNOTSUPP: well-formed, but of an unknown suite, or it asks for
 * what can't be done here (MKI, several keys, KDR, FEC, unencrypted or
 * unauthenticated streams, unknown mandatory parameters).
 */
int vw_sdes_parse(const char *p, size_t len, struct vw_sdes *ret);

/* Writes "TAG SUITE inline:BASE64"; @master holds key and salt of @suite. */
void vw_sdes_write(struct vw_text *t, u32 tag, u16 suite, const struct vw_secret *master);

/* Bytes of master key and salt together; 0: no such suite. */
size_t vw_sdes_master_len(u16 suite);

#endif
