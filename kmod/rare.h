/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What few keys have: a key derivation rate other than 0, encrypted header extensions.
 * It lies apart, so that the others pay neither memory nor time for it.
 *
 * A key with a rate has no session keys in store. They are derived for each packet from
 * the index that it has, and forgotten with it: no packet, late, early or forged, finds
 * anything but its own interval or changes what another one finds, so there is nothing
 * to lock. A forged packet costs a derivation more than elsewhere, as a good one does.
 */
#ifndef VW_RARE_H
#define VW_RARE_H

#include "core/ext.h"
#include "master.h"

/**
 * struct vw_ext_key - encrypts header extensions, RFC 6904
 * @aes: in counter mode, whatever the suite encrypts the payload with (RFC 7714, 8.3)
 * @salt: session salt
 */
struct vw_ext_key {
	struct crypto_aes_ctx aes;
	u8 salt[VOXWALL_SALT_LEN];
};

/**
 * struct vw_rare - it; immutable
 * @kdr: key derivation rate, packets; 0: derived once
 * @has_ids: @ids isn't empty
 * @ids: header extensions that are encrypted
 * @ext: encrypts them, when @kdr is 0
 * @master: kept when @kdr isn't 0
 */
struct vw_rare {
	u32 kdr;
	bool has_ids;
	struct vw_ext_ids ids;
	union {
		struct vw_ext_key ext;
		struct vw_master master;
	};
};

/* Process context; @ids NULL: none. NULL: no memory. */
struct vw_rare *vw_rare_new(const struct vw_suite *suite, const struct vw_master *master, u32 kdr,
			    const struct vw_ext_ids *ids);
/* Wipe and free it; NULL is fine. */
void vw_rare_free(struct vw_rare *r);

/* The session keys of a packet, the caller's to wipe. False: the key's own will do. */
bool vw_rare_derive(const struct vw_rare *r, const struct vw_suite *suite, bool rtcp, u64 index,
		    struct vw_session *ret);

/* See vw_key_takes(). */
bool vw_rare_takes(const struct vw_rare *r, const u8 *rtp);
/* Encrypt or decrypt the header extensions that are in the set. 0 or -EBADMSG. */
int vw_rare_extensions(const struct vw_rare *r, const struct vw_suite *suite, u8 *rtp, u32 ssrc,
		       u64 index);

#endif
