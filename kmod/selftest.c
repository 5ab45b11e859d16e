// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/rtp.h"
#include "crypto.h"
#include "selftest.h"

#define BLOCK	16

/* ---- RFC 3711, B.2: keystream of AES in counter mode ---- */

static const u8 b2_key[16] __initconst = {
	0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
	0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c,
};

static const u8 b2_salt[14] __initconst = {
	0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd,
};

/* Two runs of three blocks, the second across a carry of the counter. */
#define RUN	(3 * BLOCK)

static const struct b2_row {
	u16 block;
	u8 stream[RUN];
} b2[] __initconst = {
	{ 0x0000, {
		0xe0, 0x3e, 0xad, 0x09, 0x35, 0xc9, 0x5e, 0x80,
		0xe1, 0x66, 0xb1, 0x6d, 0xd9, 0x2b, 0x4e, 0xb4,
		0xd2, 0x35, 0x13, 0x16, 0x2b, 0x02, 0xd0, 0xf7,
		0x2a, 0x43, 0xa2, 0xfe, 0x4a, 0x5f, 0x97, 0xab,
		0x41, 0xe9, 0x5b, 0x3b, 0xb0, 0xa2, 0xe8, 0xdd,
		0x47, 0x79, 0x01, 0xe4, 0xfc, 0xa8, 0x94, 0xc0 } },
	{ 0xfeff, {
		0xec, 0x8c, 0xdf, 0x73, 0x98, 0x60, 0x7c, 0xb0,
		0xf2, 0xd2, 0x16, 0x75, 0xea, 0x9e, 0xa1, 0xe4,
		0x36, 0x2b, 0x7c, 0x3c, 0x67, 0x73, 0x51, 0x63,
		0x18, 0xa0, 0x77, 0xd7, 0xfc, 0x50, 0x73, 0xae,
		0x6a, 0x2c, 0xc3, 0x78, 0x78, 0x89, 0x37, 0x4f,
		0xbe, 0xb4, 0xc8, 0x1b, 0x17, 0xba, 0x6c, 0x44 } },
};

static int __init check(const void *got, const void *want, size_t len, const char *what)
{
	if (!memcmp(got, want, len))
		return 0;
	pr_err("voxwall: self-test failed: %s\n", what);
	return -EKEYREJECTED;
}

static int __init b2_run(const struct vw_cipher *c, u8 *stream, const char *what)
{
	u8 iv[BLOCK];
	int err = 0;
	size_t i;

	for (i = 0; !err && i < ARRAY_SIZE(b2); i++) {
		memset(stream, 0, RUN);
		vw_srtp_iv_cm(iv, b2_salt, 0, 0);
		put_unaligned_be16(b2[i].block, iv + 14);
		err = vw_cipher_crypt(c, iv, stream, RUN) ?:
		      check(stream, b2[i].stream, RUN, what);
	}
	return err;
}

static int __init test_keystream(bool fast, const char *what)
{
	struct vw_cipher c;
	u8 *stream;
	int err;

	stream = kmalloc(RUN, GFP_KERNEL);
	if (!stream)
		return -ENOMEM;
	err = vw_cipher_init(&c, b2_key, sizeof(b2_key), fast);
	if (!err) {
		err = b2_run(&c, stream, what);
		vw_cipher_exit(&c);
	}
	kfree(stream);
	return err;
}

/* ---- RFC 3711, B.3: key derivation ---- */

static const u8 b3_key[16] __initconst = {
	0xe1, 0xf9, 0x7a, 0x0d, 0x3e, 0x01, 0x8b, 0xe0,
	0xd6, 0x4f, 0xa3, 0x2c, 0x06, 0xde, 0x41, 0x39,
};

static const u8 b3_salt[14] __initconst = {
	0x0e, 0xc6, 0x75, 0xad, 0x49, 0x8a, 0xfe, 0xeb, 0xb6, 0x96, 0x0b, 0x3a, 0xab, 0xe6,
};

static const struct b3_row {
	const char *what;
	enum vw_srtp_label label;
	u8 len;
	u8 key[94];
} b3[] __initconst = {
	{ "RFC 3711 B.3, cipher key", VW_LABEL_RTP_KEY, 16, {
		0xc6, 0x1e, 0x7a, 0x93, 0x74, 0x4f, 0x39, 0xee,
		0x10, 0x73, 0x4a, 0xfe, 0x3f, 0xf7, 0xa0, 0x87 } },
	{ "RFC 3711 B.3, cipher salt", VW_LABEL_RTP_SALT, 14, {
		0x30, 0xcb, 0xbc, 0x08, 0x86, 0x3d, 0x8c, 0x85,
		0xd4, 0x9d, 0xb3, 0x4a, 0x9a, 0xe1 } },
	{ "RFC 3711 B.3, authentication key", VW_LABEL_RTP_AUTH, 94, {
		0xce, 0xbe, 0x32, 0x1f, 0x6f, 0xf7, 0x71, 0x6b,
		0x6f, 0xd4, 0xab, 0x49, 0xaf, 0x25, 0x6a, 0x15,
		0x6d, 0x38, 0xba, 0xa4, 0x8f, 0x0a, 0x0a, 0xcf,
		0x3c, 0x34, 0xe2, 0x35, 0x9e, 0x6c, 0xdb, 0xce,
		0xe0, 0x49, 0x64, 0x6c, 0x43, 0xd9, 0x32, 0x7a,
		0xd1, 0x75, 0x57, 0x8e, 0xf7, 0x22, 0x70, 0x98,
		0x63, 0x71, 0xc1, 0x0c, 0x9a, 0x36, 0x9a, 0xc2,
		0xf9, 0x4a, 0x8c, 0x5f, 0xbc, 0xdd, 0xdc, 0x25,
		0x6d, 0x6e, 0x91, 0x9a, 0x48, 0xb6, 0x10, 0xef,
		0x17, 0xc2, 0x04, 0x1e, 0x47, 0x40, 0x35, 0x76,
		0x6b, 0x68, 0x64, 0x2c, 0x59, 0xbb, 0xfc, 0x2f,
		0x34, 0xdb, 0x60, 0xdb, 0xdf, 0xb2 } },
};

static int __init test_derivation(void)
{
	struct vw_cipher master;
	u8 out[94];
	size_t i;
	int err;

	err = vw_cipher_init(&master, b3_key, sizeof(b3_key), false);
	for (i = 0; !err && i < ARRAY_SIZE(b3); i++)
		err = vw_cipher_derive(&master, b3_salt, b3[i].label, out, b3[i].len) ?:
		      check(out, b3[i].key, b3[i].len, b3[i].what);
	vw_cipher_exit(&master);
	return err;
}

/* ---- RFC 2202, 3: HMAC-SHA1 ---- */

static const struct hmac_row {
	const char *what;
	const char *data;
	const char *key;
	u8 digest[VW_HMAC_LEN];
} hmac[] __initconst = {
	{ "RFC 2202, HMAC-SHA1 case 1", "Hi There",
	  "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", {
		0xb6, 0x17, 0x31, 0x86, 0x55, 0x05, 0x72, 0x64, 0xe2, 0x8b,
		0xc0, 0xb6, 0xfb, 0x37, 0x8c, 0x8e, 0xf1, 0x46, 0xbe, 0x00 } },
	{ "RFC 2202, HMAC-SHA1 case 2", "what do ya want for nothing?", "Jefe", {
		0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2, 0x74,
		0x16, 0xd5, 0xf1, 0x84, 0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79 } },
};

static int __init test_hmac(void)
{
	unsigned int size = vw_hmac_statesize();
	u8 *inner = kmalloc(2 * size, GFP_KERNEL);
	u8 digest[VW_HMAC_LEN];
	int err = 0;
	size_t i;

	if (!inner)
		return -ENOMEM;
	for (i = 0; !err && i < ARRAY_SIZE(hmac); i++)
		err = vw_hmac_init(hmac[i].key, strlen(hmac[i].key), inner, inner + size) ?:
		      vw_hmac(inner, inner + size, hmac[i].data, strlen(hmac[i].data), digest) ?:
		      check(digest, hmac[i].digest, sizeof(digest), hmac[i].what);
	kfree(inner);
	return err;
}

/* ---- a packet there and back ---- */

#define TRIP_LEN	160	/* bytes of a packet, its header included */
#define TRIP_SSRC	0x01020304
#define TRIP_INDEX	0x123456789abcULL

static int __init trip_rtp(const struct vw_key *key, u8 *p, const u8 *plain)
{
	int err;

	err = vw_rtp_seal(key, p, VW_RTP_HDR_LEN, TRIP_LEN, TRIP_SSRC, TRIP_INDEX) ?:
	      vw_rtp_verify(key, p, TRIP_LEN, TRIP_INDEX);
	if (err || vw_rtp_verify(key, p, TRIP_LEN, TRIP_INDEX + 0x10000) != -EKEYREJECTED)
		return err ?: check("", "!", 1, "SRTP with a wrong rollover counter");
	return vw_rtp_open(key, p, VW_RTP_HDR_LEN, TRIP_LEN, TRIP_SSRC, TRIP_INDEX) ?:
	       check(p, plain, TRIP_LEN, "SRTP there and back");
}

static int __init trip_rtcp(const struct vw_key *key, u8 *p, const u8 *plain)
{
	int err;

	err = vw_rtcp_seal(key, p, TRIP_LEN, TRIP_SSRC, VW_SRTCP_INDEX_MAX) ?:
	      vw_rtcp_verify(key, p, TRIP_LEN);
	if (err)
		return err;
	return vw_rtcp_open(key, p, TRIP_LEN, TRIP_SSRC, VW_SRTCP_INDEX_MAX) ?:
	       check(p, plain, TRIP_LEN, "SRTCP there and back");
}

static int __init test_trip(void)
{
	size_t room = TRIP_LEN + VW_SRTCP_TRAILER + VW_SRTP_MAX_TAG;
	u8 *p = kmalloc(TRIP_LEN + room, GFP_KERNEL);
	u8 *plain = p + room;
	struct vw_key *key;
	size_t i;
	int err;

	if (!p)
		return -ENOMEM;
	for (i = 0; i < TRIP_LEN; i++)
		plain[i] = i;
	memcpy(p, plain, TRIP_LEN);
	err = vw_key_new(vw_suite_get(VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80), b3_key, b3_salt,
			 &key);
	if (!err) {
		err = trip_rtp(key, p, plain) ?: trip_rtcp(key, p, plain);
		vw_key_free(key);
	}
	kfree(p);
	return err;
}

int __init vw_selftest(void)
{
	int err = vw_crypto_init();

	if (err) {
		pr_err("voxwall: the kernel lacks SHA-1 or memory: %d\n", err);
		return err;
	}
	err = test_keystream(true, "RFC 3711 B.2, keystream of the driver") ?:
	      test_keystream(false, "RFC 3711 B.2, keystream of the library") ?:
	      test_derivation() ?: test_hmac() ?: test_trip();
	vw_crypto_exit();
	return err;
}
