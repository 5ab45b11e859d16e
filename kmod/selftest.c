// SPDX-License-Identifier: GPL-2.0-or-later
/* The vectors of the standards, through the very code that packets use. */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/rtp.h"
#include "crypto.h"
#include "hmac.h"
#include "selftest.h"

#define BLOCK	16
#define LONGEST	VW_SELFTEST_LONGEST

static int __init check(const void *got, const void *want, size_t len, const char *what)
{
	if (!memcmp(got, want, len))
		return 0;
	pr_err("voxwall: self-test failed: %s\n", what);
	return -EKEYREJECTED;
}

size_t __init vw_selftest_bytes(u8 *out, const char *hex)
{
	size_t len = strlen(hex) / 2;

	if (len > LONGEST || hex2bin(out, hex, len))
		return 0;
	return len;
}

/* ---- RFC 3711 B.2, RFC 6188 7.1 and 7.3: keystreams of AES in counter mode ---- */

#define SALT	"f0f1f2f3f4f5f6f7f8f9fafbfcfd"

/* Runs of three blocks; the second of each key crosses a carry of the counter. */
#define RUN	(3 * BLOCK)

static const struct stream_row {
	const char *what;
	const char *key;
	u16 block;
	const char *stream;
} stream_rows[] __initconst = {
	{ "RFC 3711 B.2, AES-128 keystream", "2b7e151628aed2a6abf7158809cf4f3c", 0x0000,
	  "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab"
	  "41e95b3bb0a2e8dd477901e4fca894c0" },
	{ "RFC 3711 B.2, AES-128 keystream with a carry", "2b7e151628aed2a6abf7158809cf4f3c",
	  0xfeff,
	  "ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae"
	  "6a2cc3787889374fbeb4c81b17ba6c44" },
	{ "RFC 6188 7.1, AES-256 keystream",
	  "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98", 0x0000,
	  "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac"
	  "63c4868b7096d88421b563b8c94c9a31" },
	{ "RFC 6188 7.1, AES-256 keystream with a carry",
	  "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98", 0xfeff,
	  "cea518c90fd91ced9cbb18c078a547113dbc4814f4da5f00a08772b63c6a046d"
	  "6eb246913062a16891433e97dd01a57f" },
	{ "RFC 6188 7.3, AES-192 keystream",
	  "eab234764e517b2d3d160d587d8c86219740f65f99b6bcf7", 0x0000,
	  "35096cba4610028dc1b57503804ce37c5de986291dcce161d5165ec4568f5c9a"
	  "474a40c77894bc17180202272a4c264d" },
	{ "RFC 6188 7.3, AES-192 keystream with a carry",
	  "eab234764e517b2d3d160d587d8c86219740f65f99b6bcf7", 0xfeff,
	  "d108d1a31a00bad6367ec23eb044b415c8f57129fdeb970b59f917b257662d4c"
	  "a5dab625811034e8cebdfeb6dc158dd3" },
};

static int __init run_stream(const struct stream_row *row, u8 *p, bool fast)
{
	u8 key[VOXWALL_KEY_LEN], salt[VOXWALL_SALT_LEN], want[RUN], iv[BLOCK];
	void *room = fast ? kzalloc(vw_cipher_room(VW_CIPHER_CM), GFP_KERNEL) : NULL;
	struct vw_cipher c;
	int err;

	if (fast && !room)
		return -ENOMEM;
	vw_selftest_bytes(salt, SALT);
	vw_selftest_bytes(want, row->stream);
	err = vw_cipher_init(&c, VW_CIPHER_CM, key, vw_selftest_bytes(key, row->key), false,
			     room);
	if (err)
		goto err_room;
	memset(p - BLOCK, 0, BLOCK + RUN);
	vw_srtp_iv_cm(iv, salt, 0, 0);
	put_unaligned_be16(row->block, iv + 14);
	err = vw_cipher_crypt(&c, iv, p, RUN) ?: check(p, want, RUN, row->what);
	if (!err && memchr_inv(p - BLOCK, 0, BLOCK))
		err = check("", "!", 1, "bytes before a run of AES");
	vw_cipher_exit(&c);

err_room:
	kfree(room);
	return err;
}

static int __init test_streams(u8 *p, bool fast)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(stream_rows); i++)
		err = run_stream(&stream_rows[i], p, fast);
	return err;
}

/* Wherever the edge between two pages cuts a run. */
static int __init test_edges(u8 *edge)
{
	size_t i;
	int err = 0;

	for (i = 1; !err && i < RUN; i++)
		err = test_streams(edge - i, true);
	return err;
}

/* ---- RFC 3711 B.3, RFC 6188 7.2 and 7.4: key derivation ---- */

#define B3_KEY	"e1f97a0d3e018be0d64fa32c06de4139"
#define B3_SALT	"0ec675ad498afeebb6960b3aabe6"
#define KEY_192	"73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1"
#define SALT_192	"c8522f3acd4ce86d5add78edbb11"
#define KEY_256	"f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6"
#define SALT_256	"3b04803de51ee7c96423ab5b78d2"

#define KDR1_KEY	"8c307f105f79d5d2c26b1a933ae22cd5"
#define KDR1_SALT	"563b4c15458d977b68080242cee1"
#define KDR2_KEY	"127a535f66d5d43135e5db87f04af2db"
#define KDR2_SALT	"82d0d04dc693e29e0fe7fecbf041"
#define KDR8_KEY	"cf08f8159fcf18da8108a3fe3b707c2b"
#define KDR8_SALT	"4af8352708e0a164c6645a63e5bb"

static const struct derive_row {
	const char *what;
	const char *key;
	const char *salt;
	enum vw_srtp_label label;
	const char *want;
	u64 interval;
} derive_rows[] __initconst = {
	{ "RFC 3711 B.3, cipher key", B3_KEY, B3_SALT, VW_LABEL_RTP_KEY,
	  "c61e7a93744f39ee10734afe3ff7a087" },
	{ "RFC 3711 B.3, cipher salt", B3_KEY, B3_SALT, VW_LABEL_RTP_SALT,
	  "30cbbc08863d8c85d49db34a9ae1" },
	{ "RFC 3711 B.3, authentication key", B3_KEY, B3_SALT, VW_LABEL_RTP_AUTH,
	  "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbce"
	  "e049646c43d9327ad175578ef72270986371c10c9a369ac2f94a8c5fbcdddc25"
	  "6d6e919a48b610ef17c2041e474035766b68642c59bbfc2f34db60dbdfb2" },
	{ "RFC 6188 7.2, AES-256 cipher key", KEY_256, SALT_256, VW_LABEL_RTP_KEY,
	  "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4" },
	{ "RFC 6188 7.2, AES-256 cipher salt", KEY_256, SALT_256, VW_LABEL_RTP_SALT,
	  "fa31791685ca444a9e07c6c64e93" },
	{ "RFC 6188 7.2, AES-256 authentication key", KEY_256, SALT_256, VW_LABEL_RTP_AUTH,
	  "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05" },
	{ "RFC 6188 7.4, AES-192 cipher key", KEY_192, SALT_192, VW_LABEL_RTP_KEY,
	  "31874736a8f1143870c26e4857d8a5b2c4a354407faadabb" },
	{ "RFC 6188 7.4, AES-192 cipher salt", KEY_192, SALT_192, VW_LABEL_RTP_SALT,
	  "2372b82d639b6d8503a47adc0a6c" },
	{ "RFC 6188 7.4, AES-192 authentication key", KEY_192, SALT_192, VW_LABEL_RTP_AUTH,
	  "355b10973cd95b9eacf4061c7e1a7151e7cfbfcb" },
	{ "RFC 6904 A.1, header extension cipher key", B3_KEY, B3_SALT, VW_LABEL_EXT_KEY,
	  "549752054d6fb708622c4a2e596a1b93" },
	{ "RFC 6904 A.1, header extension salt", B3_KEY, B3_SALT, VW_LABEL_EXT_SALT,
	  "ab01818174c40d39a3781f7c2d27" },
	/* NIST's examples of SP 800-135, 5.3, with rates of 1, 2 and 8. */
	{ "key derivation rate 1, cipher key", KDR1_KEY, KDR1_SALT, VW_LABEL_RTP_KEY,
	  "a920df50eaa111d03fbe9b203121c07d", 0x08284b49f520 },
	{ "key derivation rate 1, authentication key", KDR1_KEY, KDR1_SALT, VW_LABEL_RTP_AUTH,
	  "a337dc070c0dafa942f1e3a27acd3c9917ce4b4d", 0x08284b49f520 },
	{ "key derivation rate 2, cipher key", KDR2_KEY, KDR2_SALT, VW_LABEL_RTP_KEY,
	  "a2f4d858ccdf585d9c5ca787c5a3031f", 0x3d6fecdce1be / 2 },
	{ "key derivation rate 8, authentication key", KDR8_KEY, KDR8_SALT, VW_LABEL_RTP_AUTH,
	  "f9f246054b3d4aa2520ce2612192749aa6970bb0", 0xf4ee616415b9 / 8 },
	{ "key derivation rate 8, cipher salt", KDR8_KEY, KDR8_SALT, VW_LABEL_RTP_SALT,
	  "18ea8ea36a90617224fbfbcb849a", 0xf4ee616415b9 / 8 },
};

static int __init run_derive(const struct derive_row *row)
{
	u8 key[VOXWALL_KEY_LEN], salt[VOXWALL_SALT_LEN], want[94], out[94];
	size_t len = vw_selftest_bytes(want, row->want);
	struct vw_suite suite = { .key_len = vw_selftest_bytes(key, row->key) };
	struct vw_master master;
	int err;

	suite.salt_len = vw_selftest_bytes(salt, row->salt);
	err = vw_master_init(&master, &suite, key, salt);
	if (err)
		return err;
	vw_master_derive(&master, row->label, row->interval, out, len);
	return check(out, want, len, row->what);
}

static int __init test_derivation(void)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(derive_rows); i++)
		err = run_derive(&derive_rows[i]);
	return err;
}

/* ---- RFC 2202, 3: HMAC-SHA1 ---- */

static const struct hmac_row {
	const char *what;
	const char *key;
	const char *data;
	const char *digest;
} hmac_rows[] __initconst = {
	{ "RFC 2202, HMAC-SHA1 case 1", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
	  "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00" },
	{ "RFC 2202, HMAC-SHA1 case 2", "4a656665",
	  "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
};

static int __init run_hmac(const struct hmac_row *row)
{
	u8 key[BLOCK + 4], want[VW_HMAC_LEN], digest[VW_HMAC_LEN];
	size_t len = vw_selftest_bytes(key, row->key);

	vw_selftest_bytes(want, row->digest);
	return vw_hmac_once(key, len, row->data, strlen(row->data), digest) ?:
	       check(digest, want, sizeof(want), row->what);
}

/* What packets use, which ends a text by itself, is held against what the API makes. */
static int __init run_packet_hmac(u8 *p, size_t len)
{
	u8 want[VW_HMAC_LEN], digest[VW_HMAC_LEN];
	struct vw_hmac h;

	memset(p, 0xa5, len);
	return vw_hmac_once(SALT, strlen(SALT), p, len, want) ?:
	       vw_hmac_init(&h, SALT, strlen(SALT)) ?: vw_hmac(&h, p, len, digest) ?:
	       check(digest, want, sizeof(want), "HMAC-SHA1 of a packet");
}

static int __init test_hmac(u8 *p)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(hmac_rows); i++)
		err = run_hmac(&hmac_rows[i]);
	for (i = 0; !err && i < 3 * 64; i++)
		err = run_packet_hmac(p, i);
	return err;
}

/* ---- RFC 7714, 16 and 17: whole packets with GCM ---- */

#define GCM_SALT	"517569642070726f2071756f"
#define GCM_RTP		"8040f17b8041f8d35501a0b2"					\
			"47616c6c696120657374206f6d6e6973206469766973612069"		\
			"6e207061727465732074726573"
#define GCM_RTCP	"81c8000d4d617273"						\
			"4e5450314e545032525450200000042a0000e9304c756e61"		\
			"deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"
#define GCM_128		"000102030405060708090a0b0c0d0e0f"
#define GCM_256		GCM_128 "101112131415161718191a1b1c1d1e1f"
#define GCM_INDEX	0x5d4

static const struct gcm_row {
	const char *what;
	unsigned int suite;
	const char *key;
	bool rtcp;
	bool clear;
	const char *tail;	/* from the first encrypted byte on, or behind the packet */
} gcm_rows[] __initconst = {
	{ "RFC 7714 16.1, SRTP with AES-128", VOXWALL_SUITE_AEAD_AES_128_GCM, GCM_128, false, false,
	  "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
	  "899d7f27beb16a9152cf765ee4390cce" },
	{ "RFC 7714 16.2, SRTP with AES-256", VOXWALL_SUITE_AEAD_AES_256_GCM, GCM_256, false, false,
	  "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
	  "7aa3db36dfffd6b0f9bb7878d7a76c13" },
	{ "RFC 7714 17.1, SRTCP with AES-128", VOXWALL_SUITE_AEAD_AES_128_GCM, GCM_128, true, false,
	  "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
	  "c84aa45896cf4d2fc5abf87245d9eade800005d4" },
	{ "RFC 7714 17.2, SRTCP with AES-256", VOXWALL_SUITE_AEAD_AES_256_GCM, GCM_256, true, false,
	  "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad"
	  "1d1eb30c4446839f57ff6f6cb26ac3be800005d4" },
	{ "RFC 7714 17.3, SRTCP in clear with AES-128", VOXWALL_SUITE_AEAD_AES_128_GCM, GCM_128,
	  true, true, "841dd9683dd78ec92ae58790125f62b3000005d4" },
	{ "RFC 7714 17.4, SRTCP in clear with AES-256", VOXWALL_SUITE_AEAD_AES_256_GCM, GCM_256,
	  true, true, "91db4afbfeee5a978fab4393ed2615fe000005d4" },
};

static int __init gcm_there_and_back(const struct gcm_row *row, const struct vw_key *key, u8 *p,
				     const u8 *plain, size_t len)
{
	size_t head = row->rtcp ? VW_RTCP_HDR_LEN : VW_RTP_HDR_LEN;
	u32 ssrc = get_unaligned_be32(plain + (row->rtcp ? 4 : 8));
	u16 seq = get_unaligned_be16(plain + 2);
	u8 want[LONGEST];
	size_t tail = vw_selftest_bytes(want, row->tail);
	int err;

	err = row->rtcp ? vw_rtcp_seal(key, p, len, ssrc, GCM_INDEX) :
			  vw_rtp_seal(key, p, head, len, ssrc, seq);
	err = err ?: check(p, plain, row->clear ? len : head, row->what) ?:
	      check(p + (row->clear ? len : head), want, tail, row->what);
	if (err)
		return err;
	err = row->rtcp ? vw_rtcp_open(key, p, len, ssrc, vw_rtcp_word(key, p, len)) :
			  vw_rtp_open(key, p, head, len, ssrc, seq, false);
	return err ?: check(p, plain, len, row->what);
}

static int __init run_gcm(const struct gcm_row *row, u8 *p, bool fast, bool bulk)
{
	struct vw_key *key = kzalloc(vw_key_size(VW_CIPHER_GCM), GFP_KERNEL);
	u8 plain[LONGEST];
	size_t len = vw_selftest_bytes(plain, row->rtcp ? GCM_RTCP : GCM_RTP);
	int err;

	if (!key)
		return -ENOMEM;
	key->suite = vw_suite_get(row->suite);
	key->rtcp_clear = row->clear;
	vw_selftest_bytes(key->salt, GCM_SALT);
	vw_selftest_bytes(key->rtcp.salt, GCM_SALT);
	vw_selftest_bytes(key->rtcp.key, row->key);
	err = vw_cipher_init(&key->cipher, VW_CIPHER_GCM, key->rtcp.key, key->suite->key_len,
			     bulk, fast ? (u8 *)key + vw_key_room(VW_CIPHER_GCM) : NULL);
	memcpy(p, plain, len);
	err = err ?: gcm_there_and_back(row, key, p, plain, len);
	vw_cipher_exit(&key->cipher);
	kfree(key);
	return err;
}

#define EDGE	0x5a	/* what lies in front of a packet */

/* Wherever the edge between two pages cuts a packet, or the block in front of its text. */
static int __init test_gcm_edges(u8 *edge)
{
	u8 *p = edge + BLOCK;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < RUN; i++, p--) {
		memset(p - VW_GCM_FRONT, EDGE, VW_GCM_FRONT);
		/* Of the rows the first two are SRTP. */
		err = run_gcm(&gcm_rows[i % 2], p, true, false);
		if (!err && memchr_inv(p - VW_GCM_FRONT, EDGE, VW_GCM_FRONT))
			err = check("", "!", 1, "bytes before a packet of GCM");
	}
	return err;
}

static int __init test_gcm(u8 *p, bool fast, bool bulk)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(gcm_rows); i++)
		err = run_gcm(&gcm_rows[i], p, fast, bulk);
	return err;
}

/* ---- a packet there and back, with every suite ---- */

#define TRIP_LEN	160	/* bytes of a packet, its header included */
#define TRIP_SSRC	0x01020304
#define TRIP_INDEX	0x123456789abcULL

static int __init trip_rtp(const struct vw_key *key, u8 *p, const u8 *plain)
{
	int err;

	err = vw_rtp_seal(key, p, VW_RTP_HDR_LEN, TRIP_LEN, TRIP_SSRC, TRIP_INDEX);
	if (!err && vw_rtp_open(key, p, VW_RTP_HDR_LEN, TRIP_LEN, TRIP_SSRC, TRIP_INDEX + 0x10000,
				true) != -EKEYREJECTED)
		return check("", "!", 1, "SRTP with a wrong rollover counter");
	return err ?: vw_rtp_open(key, p, VW_RTP_HDR_LEN, TRIP_LEN, TRIP_SSRC, TRIP_INDEX, true) ?:
	       check(p, plain, TRIP_LEN, "SRTP there and back");
}

static int __init trip_rtcp(const struct vw_key *key, u8 *p, const u8 *plain)
{
	int err;

	err = vw_rtcp_seal(key, p, TRIP_LEN, TRIP_SSRC, VW_SRTCP_INDEX_MAX);
	if (!err && vw_rtcp_open(key, p, TRIP_LEN, TRIP_SSRC,
				 vw_rtcp_word(key, p, TRIP_LEN) ^ VW_SRTCP_E_BIT) != -EKEYREJECTED &&
	    key->suite->cipher == VW_CIPHER_GCM)
		return check("", "!", 1, "SRTCP with a wrong E bit");
	return err ?: vw_rtcp_open(key, p, TRIP_LEN, TRIP_SSRC, vw_rtcp_word(key, p, TRIP_LEN)) ?:
	       check(p, plain, TRIP_LEN, "SRTCP there and back");
}

static int __init trip(unsigned int suite, u8 *p, const u8 *plain)
{
	u8 master[VOXWALL_KEY_LEN], salt[VOXWALL_SALT_LEN];
	struct vw_key_conf conf = { .suite = vw_suite_get(suite), .key = master, .salt = salt };
	struct vw_key *key;
	int err;

	vw_selftest_bytes(master, KEY_256);
	vw_selftest_bytes(salt, SALT_256);
	err = vw_key_new(&conf, &key);
	if (err)
		return err;
	memcpy(p, plain, TRIP_LEN);
	err = trip_rtp(key, p, plain) ?: trip_rtcp(key, p, plain);
	vw_key_free(key);
	return err;
}

static int __init test_trips(u8 *p)
{
	u8 plain[TRIP_LEN];
	unsigned int suite;
	size_t i;
	int err = 0;

	for (i = 0; i < TRIP_LEN; i++)
		plain[i] = i;
	for (suite = VOXWALL_SUITE_NONE + 1; !err && suite < __VOXWALL_SUITE_MAX; suite++)
		err = trip(suite, p, plain);
	return err;
}

int __init vw_selftest(void)
{
	u8 *pages = kmalloc(2 * PAGE_SIZE, GFP_KERNEL);
	int err = pages ? vw_crypto_init() : -ENOMEM;
	u8 *p = pages + BLOCK;

	if (err) {
		pr_err("voxwall: the kernel lacks SHA-1 or memory: %d\n", err);
		kfree(pages);
		return err;
	}
	err = test_streams(p, true) ?: test_streams(p, false) ?: test_edges(pages + PAGE_SIZE) ?:
	      test_derivation() ?: test_hmac(p) ?:
	      test_gcm(p, true, false) ?: test_gcm(p, true, true) ?: test_gcm(p, false, false) ?:
	      test_gcm_edges(pages + PAGE_SIZE) ?:
	      test_trips(p) ?:
	      vw_selftest_suites(p);
	vw_crypto_exit();
	kfree(pages);
	return err;
}
