// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole packets, from the master key on, as another implementation made them (AES, GCM and
 * HMAC of OpenSSL; the derivations of RFC 3711 4.3 and RFC 6904 written down anew). The
 * RFCs' own vectors stop at the parts; this says that each suite puts them together right,
 * in SRTP and in SRTCP. The master keys are those of RFC 3711 B.3 and RFC 6188 7.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "core/rtp.h"
#include "crypto.h"
#include "selftest.h"

#define LONGEST		128	/* bytes of a packet */
#define BIG_INDEX	0x56789abc1234
#define SRTCP_INDEX	0x123456

/* The packet of RFC 6904 A.2, a payload behind it. */
#define RTP_HEAD	"900f1234decafbadcafebabe"
#define RTP_REST	"bede000617414273a475262748220000c8308e4655996386b395fb00"	\
			"abababababababababababababababab"
#define RTCP_HEAD	"81c80006cafebabe"
#define RTCP_REST	"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"

static const struct suite_row {
	unsigned int suite;
	u64 index;
	u32 kdr;
	bool ext;		/* 1, 3 and 4 are encrypted */
	const char *rtp;	/* what follows the head that is always in clear */
	const char *rtcp;
} rows[] __initconst = {
	{ VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb004e8f11f24f353cf956c2cee4"
	  "8d1c452398fc90d2a761be075a9b",
	  "891b9b2f654e3163b2c04445c3f0b7fc36ec2406801234564d1ce63664b04a42b5af" },
	{ VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_32, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb004e8f11f24f353cf956c2cee4"
	  "8d1c452398fc90d2",
	  "891b9b2f654e3163b2c04445c3f0b7fc36ec2406801234564d1ce63664b04a42b5af" },
	{ VOXWALL_SUITE_AES_192_CM_HMAC_SHA1_80, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb003e4f5526b91c87bda64bcfb1"
	  "94ba23fdf15ed4663e47981ba414",
	  "3c9d4c0b87da34b202ee36c6d5cb95ae1b49ecf7801234562fa8a5896cef613b9acf" },
	{ VOXWALL_SUITE_AES_192_CM_HMAC_SHA1_32, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb003e4f5526b91c87bda64bcfb1"
	  "94ba23fdf15ed466",
	  "3c9d4c0b87da34b202ee36c6d5cb95ae1b49ecf7801234562fa8a5896cef613b9acf" },
	{ VOXWALL_SUITE_AES_256_CM_HMAC_SHA1_80, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb007ec7fa0e0a1adb0b506d5af3"
	  "5a736cdb2269cc10fb05c5407371",
	  "95f42940b88eeeb845e1fb6355bf10b0de55428780123456ec43a400fde3b3519dc9" },
	{ VOXWALL_SUITE_AES_256_CM_HMAC_SHA1_32, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb007ec7fa0e0a1adb0b506d5af3"
	  "5a736cdb2269cc10",
	  "95f42940b88eeeb845e1fb6355bf10b0de55428780123456ec43a400fde3b3519dc9" },
	{ VOXWALL_SUITE_AEAD_AES_128_GCM, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb00ce6b15f270d58741ac9bcdfc"
	  "1a1d4b7162e47f16a7b3288d23cddf5a866a872b",
	  "3e8c6164d826428c0a53add054d114fe50bc955d6e155b49a911898345c57bf5468cfef380123456" },
	{ VOXWALL_SUITE_AEAD_AES_256_GCM, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb00cfb8d6fa90f9e63f0591aef7"
	  "66ff9390b316cada28a8adf9879339d1b22fce1b",
	  "b0cb520930c793d0365cb954ec4842d1b325c599e208968b3b1a2b3bca5484a8b85faab580123456" },
	{ VOXWALL_SUITE_NULL_HMAC_SHA1_80, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb00abababababababababababab"
	  "ababababde8bfaba9d7e7a01e18d",
	  "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd001234568dd3a60196cec4f256ab" },
	{ VOXWALL_SUITE_NULL_HMAC_SHA1_32, BIG_INDEX, 0, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb00abababababababababababab"
	  "ababababde8bfaba",
	  "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd001234568dd3a60196cec4f256ab" },
	{ VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80, 0x1234, 0, true,
	  "bede000617588a9270f4e15e1c220000c8309546a994f0bc547897004e55dc4ce79978d88ca4d215"
	  "949d24025a46b3ca35c535a891c7",
	  "891b9b2f654e3163b2c04445c3f0b7fc36ec2406801234564d1ce63664b04a42b5af" },
	{ VOXWALL_SUITE_AES_192_CM_HMAC_SHA1_80, BIG_INDEX, 0, true,
	  "bede00061744ae66271740e05b220000c830a2464da82b39744b95003e4f5526b91c87bda64bcfb1"
	  "94ba23fdc03a22d19053278a479f",
	  "3c9d4c0b87da34b202ee36c6d5cb95ae1b49ecf7801234562fa8a5896cef613b9acf" },
	{ VOXWALL_SUITE_AES_256_CM_HMAC_SHA1_80, BIG_INDEX, 0, true,
	  "bede0006179399626decebc6d7220000c830c146175960f72392aa007ec7fa0e0a1adb0b506d5af3"
	  "5a736cdbf05ad9c41a81ffdf608a",
	  "95f42940b88eeeb845e1fb6355bf10b0de55428780123456ec43a400fde3b3519dc9" },
	{ VOXWALL_SUITE_AEAD_AES_128_GCM, BIG_INDEX, 0, true,
	  "bede000617c3bbc3668b67daab220000c8303d46130a021c94e90300ce6b15f270d58741ac9bcdfc"
	  "1a1d4b71f83f5d5ab4cdef16156208339198a57f",
	  "3e8c6164d826428c0a53add054d114fe50bc955d6e155b49a911898345c57bf5468cfef380123456" },
	{ VOXWALL_SUITE_AEAD_AES_256_GCM, BIG_INDEX, 0, true,
	  "bede00061732cf63e2c9d2935a220000c830ae460c25ced36d9ad700cfb8d6fa90f9e63f0591aef7"
	  "66ff93905ed0d63ff015a4155c820fd9aefa6fed",
	  "b0cb520930c793d0365cb954ec4842d1b325c599e208968b3b1a2b3bca5484a8b85faab580123456" },
	{ VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80, BIG_INDEX, 16, true,
	  "bede0006177de13d6a9a54ed5a220000c830114621fc860c1247f200c996dcee0d790ab7e1cd3cb4"
	  "ac0c1109ac7e3411c7db53a431a0",
	  "16034626fc32c2ba2224811d89d6da080110c28b8012345669564793567ad50e6cd6" },
	{ VOXWALL_SUITE_AES_192_CM_HMAC_SHA1_80, BIG_INDEX, 16, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb00c01d97c3ef24190d585404b2"
	  "26481a2336d5e536b5aa7c771c3b",
	  "0e9b3d8b1b2d659e9b4fdb03226af09d92ae721580123456f6f6b46a6c7980dbcd02" },
	{ VOXWALL_SUITE_AEAD_AES_256_GCM, BIG_INDEX, 16, true,
	  "bede00061744206f3078b5af5b220000c8302446fc777fa6f6de1b008f7db44f8612a22ba27de761"
	  "3fc3e8808a413165539a0c051fb8237a33767383",
	  "465a1cc94db5380ef60ad9408206b71728bdf4d58df6a11c2c6c912e684a37b8ac71132780123456" },
	{ VOXWALL_SUITE_NULL_HMAC_SHA1_80, BIG_INDEX, 16, false,
	  "bede000617414273a475262748220000c8308e4655996386b395fb00abababababababababababab"
	  "ababababf88ada5528bc64a4ed91",
	  "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd00123456a08a7b921190f5fc6580" },
};

/* By the suite's length: of 128, 192 and 256 bits. */
static const struct {
	u8 key_len;
	const char *key;
	const char *salt;
} masters[] __initconst = {
	{ 16, "e1f97a0d3e018be0d64fa32c06de4139", "0ec675ad498afeebb6960b3aabe6" },
	{ 24, "73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1",
	  "c8522f3acd4ce86d5add78edbb11" },
	{ 32, "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6",
	  "3b04803de51ee7c96423ab5b78d2" },
};

static int __init key_of(const struct suite_row *row, struct vw_key **ret)
{
	const struct vw_suite *suite = vw_suite_get(row->suite);
	u8 key[VOXWALL_KEY_LEN], salt[VOXWALL_SALT_LEN];
	struct vw_ext_ids ids = { .bits = { BIT(1) | BIT(3) | BIT(4) } };
	struct vw_key_conf conf = {
		.suite = suite,
		.key = key,
		.salt = salt,
		.kdr = row->kdr,
		.ext = row->ext ? &ids : NULL,
	};
	size_t i = 0;

	while (masters[i].key_len != suite->key_len)
		i++;
	vw_selftest_bytes(key, masters[i].key);
	vw_selftest_bytes(salt, masters[i].salt);
	return vw_key_new(&conf, ret);
}

static int __init check(const struct suite_row *row, const u8 *got, const char *head,
			const char *rest, const char *what)
{
	u8 want[LONGEST];
	size_t len = vw_selftest_bytes(want, head);

	len += vw_selftest_bytes(want + len, rest);
	if (!memcmp(got, want, len))
		return 0;
	pr_err("voxwall: self-test failed: %s of %s%s%s\n", what, vw_suite_get(row->suite)->name,
	       row->kdr ? ", with a key derivation rate" : "",
	       row->ext ? ", with encrypted header extensions" : "");
	return -EKEYREJECTED;
}

static int __init run_rtp(const struct suite_row *row, const struct vw_key *key, u8 *p)
{
	size_t len = vw_selftest_bytes(p, RTP_HEAD);
	struct vw_rtp rtp;
	int err;

	len += vw_selftest_bytes(p + len, RTP_REST);
	err = vw_rtp_parse(p, len, len, &rtp) ?:
	      vw_rtp_seal(key, p, rtp.hdr_len, len, rtp.ssrc, row->index) ?:
	      check(row, p, RTP_HEAD, row->rtp, "SRTP");
	if (!err && vw_rtp_open(key, p, rtp.hdr_len, len, rtp.ssrc, row->index ^ 0x10000,
				true) != -EKEYREJECTED)
		err = check(row, p, "ff", "", "a wrong rollover counter");
	return err ?: vw_rtp_open(key, p, rtp.hdr_len, len, rtp.ssrc, row->index, false) ?:
	       check(row, p, RTP_HEAD, RTP_REST, "opened SRTP");
}

static int __init run_rtcp(const struct suite_row *row, const struct vw_key *key, u8 *p)
{
	size_t len = vw_selftest_bytes(p, RTCP_HEAD);
	u32 ssrc = get_unaligned_be32(p + 4);

	len += vw_selftest_bytes(p + len, RTCP_REST);
	return vw_rtcp_seal(key, p, len, ssrc, SRTCP_INDEX) ?:
	       check(row, p, RTCP_HEAD, row->rtcp, "SRTCP") ?:
	       vw_rtcp_open(key, p, len, ssrc, vw_rtcp_word(key, p, len)) ?:
	       check(row, p, RTCP_HEAD, RTCP_REST, "opened SRTCP");
}

int __init vw_selftest_suites(u8 *p)
{
	unsigned long seen = BIT(VOXWALL_SUITE_NONE);
	struct vw_key *key;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		err = key_of(&rows[i], &key);
		if (err)
			return err;
		err = run_rtp(&rows[i], key, p) ?: run_rtcp(&rows[i], key, p);
		vw_key_free(key);
		if (err)
			return err;
		seen |= BIT(rows[i].suite);
	}
	if (seen == GENMASK(__VOXWALL_SUITE_MAX - 1, 0))
		return 0;
	pr_err("voxwall: self-test failed: a suite without vectors\n");
	return -EKEYREJECTED;
}
