/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A master key, and what is derived from it (RFC 3711 4.3). */
#ifndef VW_MASTER_H
#define VW_MASTER_H

#include <crypto/aes.h>

#include "core/srtp.h"
#include "session.h"

/**
 * struct vw_master - a master key, ready to derive from
 * @aes: its schedule, RFC 3711 4.3.3 and RFC 6188 3
 * @salt: master salt, filled up with zeros (RFC 7714, 11)
 */
struct vw_master {
	struct crypto_aes_ctx aes;
	u8 salt[VOXWALL_SALT_LEN];
};

/* @key, @salt: of the suite's lengths, copied. Return: 0 or -EINVAL. */
int vw_master_init(struct vw_master *m, const struct vw_suite *suite, const u8 *key,
		   const u8 *salt);
/* One key of @len bytes; @interval from vw_srtp_interval(). */
void vw_master_derive(const struct vw_master *m, enum vw_srtp_label label, u64 interval, u8 *out,
		      size_t len);
/* The session keys of SRTP or of SRTCP. */
void vw_master_session(const struct vw_master *m, const struct vw_suite *suite, bool rtcp,
		       u64 interval, struct vw_session *ret);

#endif
