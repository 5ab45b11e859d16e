/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Session keys as they are derived, and packets protected with nothing else: ciphers
 * and HMAC states are made for each packet, by the library. For what is rare: SRTCP,
 * and SRTP whose session keys change all the time.
 */
#ifndef VW_SESSION_H
#define VW_SESSION_H

#include <linux/types.h>

#include "core/srtp.h"

#define VW_AUTH_LEN	20	/* longest session authentication key, bytes */

struct vw_key;

/**
 * struct vw_session - session keys
 * @key: encrypts
 * @salt: session salt
 * @auth: of the HMAC
 */
struct vw_session {
	u8 key[VOXWALL_KEY_LEN];
	u8 salt[VOXWALL_SALT_LEN];
	u8 auth[VW_AUTH_LEN];
};

/*
 * As vw_rtp_seal() and its like in crypto.h, but with the session keys @s and on any
 * memory. @key says the rest: suite, MKI, and whether SRTCP is encrypted.
 */
int vw_session_rtp_seal(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t head,
			size_t len, u32 ssrc, u64 index);
/* A packet whose tag doesn't fit is left as it was. */
int vw_session_rtp_open(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t head,
			size_t len, u32 ssrc, u64 index);
int vw_session_rtcp_seal(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
			 u32 ssrc, u32 index);
int vw_session_rtcp_open(const struct vw_key *key, const struct vw_session *s, u8 *p, size_t len,
			 u32 ssrc, u32 word);

#endif
