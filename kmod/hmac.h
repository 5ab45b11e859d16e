/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HMAC-SHA1 (RFC 2104) from states after both pads, so that a packet pays for itself
 * only. */
#ifndef VW_HMAC_H
#define VW_HMAC_H

#include <linux/types.h>

#define VW_HMAC_LEN	20
#define VW_HMAC_WORDS	5
#define VW_HMAC_ROOM	72	/* bytes behind a text that vw_hmac() may write */

/**
 * struct vw_hmac - a key, as states of SHA-1
 * @inner: after the inner pad
 * @outer: after the outer one
 */
struct vw_hmac {
	u32 inner[VW_HMAC_WORDS];
	u32 outer[VW_HMAC_WORDS];
};

int vw_hmac_module_init(void);
void vw_hmac_module_exit(void);

/* @key is at most 64 bytes. */
int vw_hmac_init(struct vw_hmac *h, const u8 *key, size_t len);
/* The VW_HMAC_ROOM bytes behind the text @p are lost. */
int vw_hmac(const struct vw_hmac *h, u8 *p, size_t len, u8 digest[VW_HMAC_LEN]);
/* From the key itself, without states: for what is rare. */
int vw_hmac_once(const u8 *key, size_t key_len, const u8 *p, size_t len,
		 u8 digest[VW_HMAC_LEN]);
/* The driver's name. */
const char *vw_hmac_driver(void);

#endif
