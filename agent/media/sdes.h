/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys in SDP: the a=crypto attribute of RFC 4568. */
#ifndef VW_MEDIA_SDES_H
#define VW_MEDIA_SDES_H

#include "../secret.h"
#include "../../kmod/core/srtp.h"
#include "text.h"

#define VW_SDES_MASTER_MAX	(VOXWALL_KEY_LEN + VOXWALL_SALT_LEN)
#define VW_SDES_TAG_MAX		999999999u	/* 1*9DIGIT */

#define VW_SDES_KEYS	2	/* of one attribute: as many as a stream has slots */

/**
 * struct vw_sdes_key - one "inline:" of an attribute
 * @lifetime: packets that it may protect; 0: it doesn't say
 * @mki: master key identifier, as in the packets
 * @mki_len: bytes of it; 0: none
 * @master: master key, then master salt; the owner wipes it
 */
struct vw_sdes_key {
	u64 lifetime;
	u8 mki[VOXWALL_MKI_LEN];
	u8 mki_len;
	u8 master[VW_SDES_MASTER_MAX];
};

/**
 * struct vw_sdes - one usable crypto attribute
 * @tag: 0..VW_SDES_TAG_MAX
 * @suite: enum voxwall_suite
 * @rtcp_clear: UNENCRYPTED_SRTCP: authenticated, but not encrypted
 * @kdr: key derivation rate in packets, a power of two; 0: keys are derived once
 * @len: bytes of each master
 * @nkey: used entries of @key
 * @key: told apart by their MKIs
 */
struct vw_sdes {
	u32 tag;
	u16 suite;
	bool rtcp_clear;
	u32 kdr;
	u8 len;
	u8 nkey;
	struct vw_sdes_key key[VW_SDES_KEYS];
};

/**
 * vw_sdes_parse - read what follows "a=crypto:"
 * @p: the text, without line end
 * @len: its bytes
 * @ret: written on success; @ret->tag also with -EOPNOTSUPP
 *
 * Of the session parameters (RFC 4568, 6.3) the window size hint is below what the
 * module keeps or may be passed over, FEC before SRTP is what happens anyway, and
 * KDR and UNENCRYPTED_SRTCP can be done. UNENCRYPTED_SRTP and UNAUTHENTICATED_SRTP never are:
 * a suite that protects less is chosen by its name, in the configuration.
 *
 * Return: 0; -EBADMSG: malformed (base64, key length, numbers, several keys that
 * aren't told apart); -EOPNOTSUPP: well-formed, but of an unknown suite, or it asks
 * for what isn't done here (longer MKIs, more keys, FEC after SRTP or with keys
 * of its own, clear or unauthenticated speech, unknown mandatory parameters).
 */
int vw_sdes_parse(const char *p, size_t len, struct vw_sdes *ret);

/**
 * vw_sdes_write - write "TAG SUITE inline:BASE64" and the session parameters
 * @t: where to
 * @tag: the tag
 * @suite: enum voxwall_suite
 * @master: key and salt of @suite
 * @rtcp_clear: with UNENCRYPTED_SRTCP
 */
void vw_sdes_write(struct vw_text *t, u32 tag, u16 suite, const struct vw_secret *master,
		   bool rtcp_clear);

/* Bytes of master key and salt together; 0: no such suite. */
size_t vw_sdes_master_len(u16 suite);

#endif
