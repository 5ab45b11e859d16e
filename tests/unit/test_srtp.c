// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "srtp_rows.h"

static void suites_by_name_and_number(void **state)
{
	static const struct {
		const char *row;
		const char *name;
		bool found;
	} rows[] = {
		{ "as registered", "AES_CM_128_HMAC_SHA1_80", true },
		{ "lower case", "aes_cm_128_hmac_sha1_80", true },
		{ "one character less", "AES_CM_128_HMAC_SHA1_8", false },
		{ "one character more", "AES_CM_128_HMAC_SHA1_800", false },
		{ "empty", "", false },
		{ "with GCM", "AEAD_AES_256_GCM", true },
		{ "authenticated only", "NULL_HMAC_SHA1_80", true },
		{ "another", "F8_128_HMAC_SHA1_80", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t len = strlen(rows[i].name);
		u8 *exact = row_copy(rows[i].name, len);
		const struct vw_suite *s = vw_suite_by_name((char *)exact, len);

		ROW_EQ(rows[i].row, s != NULL, rows[i].found);
		free(exact);
	}
	assert_null(vw_suite_get(VOXWALL_SUITE_NONE));
	assert_null(vw_suite_get(__VOXWALL_SUITE_MAX));
	for (i = 1; i < __VOXWALL_SUITE_MAX; i++) {
		const struct vw_suite *s = vw_suite_get(i);

		assert_non_null(s);
		assert_int_equal(s->id, i);
		assert_true(s->key_len <= VOXWALL_KEY_LEN);
		assert_true(s->salt_len <= VOXWALL_SALT_LEN);
		assert_true(s->rtp_tag <= VW_SRTP_MAX_TAG);
		assert_true(s->rtcp_tag <= VW_SRTP_MAX_TAG);
	}
}

/* What RFC 3711, 4568, 6188 and 7714 say of each. */
static void suites_as_registered(void **state)
{
	static const struct {
		const char *name;
		u8 cipher, key, salt, auth, rtp, rtcp;
	} rows[] = {
		{ "AES_CM_128_HMAC_SHA1_80", VW_CIPHER_CM, 16, 14, 20, 10, 10 },
		{ "AES_CM_128_HMAC_SHA1_32", VW_CIPHER_CM, 16, 14, 20, 4, 10 },
		{ "AES_192_CM_HMAC_SHA1_80", VW_CIPHER_CM, 24, 14, 20, 10, 10 },
		{ "AES_192_CM_HMAC_SHA1_32", VW_CIPHER_CM, 24, 14, 20, 4, 10 },
		{ "AES_256_CM_HMAC_SHA1_80", VW_CIPHER_CM, 32, 14, 20, 10, 10 },
		{ "AES_256_CM_HMAC_SHA1_32", VW_CIPHER_CM, 32, 14, 20, 4, 10 },
		{ "AEAD_AES_128_GCM", VW_CIPHER_GCM, 16, 12, 0, 16, 16 },
		{ "AEAD_AES_256_GCM", VW_CIPHER_GCM, 32, 12, 0, 16, 16 },
		{ "NULL_HMAC_SHA1_80", VW_CIPHER_NULL, 16, 14, 20, 10, 10 },
		{ "NULL_HMAC_SHA1_32", VW_CIPHER_NULL, 16, 14, 20, 4, 10 },
	};
	size_t i;

	(void)state;
	assert_int_equal(ARRAY_SIZE(rows), __VOXWALL_SUITE_MAX - 1);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct vw_suite *s = vw_suite_by_name(rows[i].name, strlen(rows[i].name));

		assert_non_null(s);
		ROW_EQ(rows[i].name, s->cipher, rows[i].cipher);
		ROW_EQ(rows[i].name, s->key_len, rows[i].key);
		ROW_EQ(rows[i].name, s->salt_len, rows[i].salt);
		ROW_EQ(rows[i].name, s->auth_len, rows[i].auth);
		ROW_EQ(rows[i].name, s->rtp_tag, rows[i].rtp);
		ROW_EQ(rows[i].name, s->rtcp_tag, rows[i].rtcp);
	}
}

/* RFC 7714, 16.1.1 and 17.1. */
static void iv_of_gcm(void **state)
{
	static const u8 salt[12] = "Quid pro quo";
	static const u8 rtp[12] = "\x51\x75\x3c\x65\x80\xc2\x72\x6f\x20\x71\x84\x14";
	static const u8 rtcp[12] = "\x51\x75\x24\x05\x52\x03\x72\x6f\x20\x71\x70\xbb";
	u8 iv[12];

	(void)state;
	vw_srtp_iv_gcm(iv, salt, 0x5501a0b2, 0xf17b);
	assert_memory_equal(iv, rtp, sizeof(iv));
	vw_srtp_iv_gcm(iv, salt, 0x4d617273, 0x5d4);
	assert_memory_equal(iv, rtcp, sizeof(iv));
}

static void index_estimate(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(index_rows); i++) {
		struct vw_replay w = { .top = index_rows[i].top, .seen = { 1 } };

		ROW_EQ(index_rows[i].row, vw_srtp_index(&w, index_rows[i].seq), index_rows[i].want);
	}
}

static void first_index(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(first_rows); i++) {
		struct vw_replay w = { .top = first_rows[i].expected };
		u64 index = vw_srtp_index(&w, first_rows[i].seq);

		ROW_EQ(first_rows[i].row, index, first_rows[i].want);
		ROW_EQ(first_rows[i].row, vw_replay_check(&w, index), 0);
		vw_replay_commit(&w, index);
		ROW_EQ(first_rows[i].row, w.top, index);
		ROW_EQ(first_rows[i].row, vw_replay_check(&w, index), -EEXIST);
	}
}

static void replay_window(void **state)
{
	struct vw_replay w = { };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(replay_rows); i++) {
		struct vw_replay before = w;

		ROW_EQ(replay_rows[i].row, vw_replay_check(&w, replay_rows[i].index), replay_rows[i].want);
		ROW_CHECK(replay_rows[i].row, !memcmp(&before, &w, sizeof(w)));
		if (!replay_rows[i].want)
			vw_replay_commit(&w, replay_rows[i].index);
	}
}

static void lives(void **state)
{
	struct vw_replay w[LIFE_SSRCS];
	const char *life = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(life_rows); i++) {
		const struct life_row *r = &life_rows[i];
		char row[128];

		if (r->life) {
			life = r->life;
			memset(w, 0, sizeof(w));
		}
		snprintf(row, sizeof(row), "%s: %s", life, r->row);
		ROW_CHECK(row, r->ssrc && r->ssrc <= LIFE_SSRCS);
		ROW_EQ(row, life_meets(&w[r->ssrc - 1], r->index), r->want);
	}
}

static void senders(void **state)
{
	struct vw_sender sender;
	const char *life = NULL;
	struct vw_replay w;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sender_rows); i++) {
		const struct sender_row *r = &sender_rows[i];
		char row[128];
		u64 index;

		if (r->life) {
			life = r->life;
			memset(&w, 0, sizeof(w));
			memset(&sender, 0, sizeof(sender));
		}
		snprintf(row, sizeof(row), "%s: %s", life, r->row);
		ROW_EQ(row, sender_meets(&w, &sender, r->seq, &index), r->want);
		if (!r->want)
			ROW_EQ(row, index, r->index);
	}
}

/* With the last index, and past it. */
static void sender_runs_out(void **state)
{
	struct vw_replay w = { .top = VW_SRTP_INDEX_MAX - 1, .seen = { 1 } };
	struct vw_sender s = { };
	u64 index;

	(void)state;
	assert_int_equal(sender_meets(&w, &s, 65535, &index), 0);
	assert_int_equal(index, VW_SRTP_INDEX_MAX);
	assert_int_equal(sender_meets(&w, &s, 65535, &index), -EEXIST);
	assert_int_equal(sender_meets(&w, &s, 0, &index), -EOVERFLOW);
	for (u16 seq = 40000; seq < 40003; seq++)
		assert_int_equal(sender_meets(&w, &s, seq, &index), -ESTALE);
	assert_int_equal(sender_meets(&w, &s, 40003, &index), -EOVERFLOW);
	assert_int_equal(w.top, VW_SRTP_INDEX_MAX);
}

/* The window against a set that forgets nothing, over long random walks. */
static void replay_window_equals_a_set(void **state)
{
	enum { SPAN = 4096 };
	static bool seen[SPAN];
	struct vw_replay w = { };
	unsigned int rng = 1;
	u64 top = 0;
	int i;

	(void)state;
	for (i = 0; i < 200000 && top < SPAN - 300; i++) {
		u64 index;
		int want;

		rng = rng * 1103515245 + 12345;
		index = top + 160 - (rng >> 16) % 330;
		if (index > top && (rng >> 8) % 64)
			continue;
		if (index >= SPAN)
			continue;
		want = index + VW_SRTP_WINDOW <= top ? -ESTALE :
		       seen[index] ? -EEXIST : 0;
		if (!vw_replay_begun(&w))
			want = 0;
		assert_int_equal(vw_replay_check(&w, index), want);
		if (want)
			continue;
		vw_replay_commit(&w, index);
		seen[index] = true;
		top = w.top;
	}
	assert_true(top > SPAN / 2);
}

/* RFC 3711, B.2: with SSRC 0 and index 0 the counter block is the salt. */
static void iv_counter_mode(void **state)
{
	static const u8 salt[14] = {
		0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7,
		0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd };
	static const u8 zero[14];
	static const u8 want[16] = {
		0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7,
		0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0, 0 };
	static const u8 placed[16] = {
		0, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef,
		0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0, 0 };
	u8 iv[16];

	(void)state;
	vw_srtp_iv_cm(iv, salt, 0, 0);
	assert_memory_equal(iv, want, 16);
	vw_srtp_iv_cm(iv, zero, 0xdeadbeef, 0x123456789abcULL);
	assert_memory_equal(iv, placed, 16);
	vw_srtp_iv_cm(iv, salt, 0xf4f5f6f7, 0xf8f9fafbfcfdULL);
	assert_memory_equal(iv, "\xf0\xf1\xf2\xf3\0\0\0\0\0\0\0\0\0\0\0\0", 16);
}

/* RFC 3711, B.3: the input blocks of the derivation example. */
static void iv_key_derivation(void **state)
{
	static const u8 salt[14] = {
		0x0e, 0xc6, 0x75, 0xad, 0x49, 0x8a, 0xfe,
		0xeb, 0xb6, 0x96, 0x0b, 0x3a, 0xab, 0xe6 };
	static const u8 seventh[6] = { 0xeb, 0xea, 0xe9, 0xe8, 0xef, 0xee };
	u8 iv[16], want[16] = { };
	int label;

	(void)state;
	memcpy(want, salt, 14);
	for (label = VW_LABEL_RTP_KEY; label <= VW_LABEL_RTCP_SALT; label++) {
		want[7] = seventh[label];
		vw_srtp_iv_kdf(iv, salt, (enum vw_srtp_label)label, 0);
		assert_memory_equal(iv, want, 16);
	}
}

/* The interval is right-aligned behind the label, in SRTCP, too (erratum 3712). */
static void iv_of_an_interval(void **state)
{
	static const u8 zero[14];
	static const u8 want[16] = { 0, 0, 0, 0, 0, 0, 0, VW_LABEL_RTCP_SALT,
				     0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0, 0 };
	u8 iv[16];

	(void)state;
	vw_srtp_iv_kdf(iv, zero, VW_LABEL_RTCP_SALT, 0x123456789abcULL);
	assert_memory_equal(iv, want, 16);
}

static void key_intervals(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(interval_rows); i++)
		ROW_EQ(interval_rows[i].row,
		       vw_srtp_interval(interval_rows[i].index, interval_rows[i].rate),
		       interval_rows[i].want);
}

static void key_derivation_rates(void **state)
{
	unsigned int n;
	u32 valid = 0;

	(void)state;
	for (n = 0; n <= 24; n++)
		assert_true(vw_srtp_kdr_valid(1u << n));
	assert_true(vw_srtp_kdr_valid(0));
	assert_false(vw_srtp_kdr_valid(3));
	assert_false(vw_srtp_kdr_valid((1u << 24) - 1));
	assert_false(vw_srtp_kdr_valid((1u << 24) + 1));
	assert_false(vw_srtp_kdr_valid(1u << 25));
	assert_false(vw_srtp_kdr_valid(UINT32_MAX));
	for (n = 0; n < 100000; n++)
		valid += vw_srtp_kdr_valid(n);
	assert_int_equal(valid, 18);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(suites_by_name_and_number),
	cmocka_unit_test(suites_as_registered),
	cmocka_unit_test(iv_of_gcm),
	cmocka_unit_test(index_estimate),
	cmocka_unit_test(first_index),
	cmocka_unit_test(replay_window),
	cmocka_unit_test(lives),
	cmocka_unit_test(senders),
	cmocka_unit_test(sender_runs_out),
	cmocka_unit_test(replay_window_equals_a_set),
	cmocka_unit_test(iv_counter_mode),
	cmocka_unit_test(iv_key_derivation),
	cmocka_unit_test(iv_of_an_interval),
	cmocka_unit_test(key_intervals),
	cmocka_unit_test(key_derivation_rates),
};

ROW_MAIN(tests)
