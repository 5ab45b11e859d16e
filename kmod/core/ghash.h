/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GHASH (NIST SP 800-38D, 6.4) in portable code, for where no driver may run. No
 * table and no branch depends on secrets: the time taken tells nothing, as long as
 * the processor multiplies in constant time.
 */
#ifndef VW_CORE_GHASH_H
#define VW_CORE_GHASH_H

#include "env.h"

#define VW_GHASH_BLOCK	16

/**
 * struct vw_ghash - a hash in the making
 * @h: the hash key, most significant half first
 * @y: the state, likewise
 * @buf: bytes of a block that isn't full yet
 * @fill: how many
 */
struct vw_ghash {
	u64 h[2];
	u64 y[2];
	u8 buf[VW_GHASH_BLOCK];
	u8 fill;
};

void vw_ghash_init(struct vw_ghash *g, const u8 h[VW_GHASH_BLOCK]);
void vw_ghash_update(struct vw_ghash *g, const u8 *p, size_t len);
/* Fill the present block up with zeros. */
void vw_ghash_pad(struct vw_ghash *g);
/* Hash the lengths (bytes) of associated data and text, and tell the result. */
void vw_ghash_final(struct vw_ghash *g, u64 aad_len, u64 len, u8 out[VW_GHASH_BLOCK]);

#endif
