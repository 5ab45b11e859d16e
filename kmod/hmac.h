/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HMAC-SHA1 (RFC 2104) from states after both pads, so that a packet pays for itself
 * only. */
#ifndef VW_HMAC_H
#define VW_HMAC_H

#include <linux/types.h>

#define VW_HMAC_LEN	20

int vw_hmac_module_init(void);
void vw_hmac_module_exit(void);

/* Bytes of an exported state. */
unsigned int vw_hmac_statesize(void);
/* The states after both pads; @key is at most 64 bytes. */
int vw_hmac_init(const u8 *key, size_t len, u8 *inner, u8 *outer);
int vw_hmac(const u8 *inner, const u8 *outer, const u8 *p, size_t len,
	    u8 digest[VW_HMAC_LEN]);
/* From the key itself, without states: for what is rare. */
int vw_hmac_once(const u8 *key, size_t key_len, const u8 *p, size_t len,
		 u8 digest[VW_HMAC_LEN]);
/* The driver's name. */
const char *vw_hmac_driver(void);

#endif
