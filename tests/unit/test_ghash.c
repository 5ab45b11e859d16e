// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "../../kmod/core/ghash.h"

/* RFC 7714, 16.1.1: H, then the header as associated data and the ciphertext; the
 * lengths are 12 and 38 bytes. */
static const u8 h[16] = {
	0xc6, 0xa1, 0x3b, 0x37, 0x87, 0x8f, 0x5b, 0x82, 0x6f, 0x4f, 0x81, 0x62, 0xa1, 0xc8, 0xd8, 0x79,
};
static const u8 aad[12] = {
	0x80, 0x40, 0xf1, 0x7b, 0x80, 0x41, 0xf8, 0xd3, 0x55, 0x01, 0xa0, 0xb2,
};
static const u8 text[38] = {
	0xf2, 0x4d, 0xe3, 0xa3, 0xfb, 0x34, 0xde, 0x6c, 0xac, 0xba, 0x86, 0x1c, 0x9d, 0x7e, 0x4b, 0xca,
	0xbe, 0x63, 0x3b, 0xd5, 0x0d, 0x29, 0x4e, 0x6f, 0x42, 0xa5, 0xf4, 0x7a, 0x51, 0xc7, 0xd1, 0x9b,
	0x36, 0xde, 0x3a, 0xdf, 0x88, 0x33,
};
static const u8 want[16] = {
	0x1b, 0x96, 0x40, 0x67, 0x07, 0x8c, 0x40, 0x8c, 0x4e, 0x44, 0x2a, 0x8f, 0x01, 0x5e, 0x52, 0x64,
};

static void vector_in_pieces(void **state)
{
	struct vw_ghash g;
	u8 out[16];
	size_t cut;

	(void)state;
	for (cut = 0; cut <= sizeof(text); cut++) {
		vw_ghash_init(&g, h);
		vw_ghash_update(&g, aad, cut % sizeof(aad));
		vw_ghash_update(&g, aad + cut % sizeof(aad), sizeof(aad) - cut % sizeof(aad));
		vw_ghash_pad(&g);
		vw_ghash_update(&g, text, cut);
		vw_ghash_update(&g, text + cut, sizeof(text) - cut);
		vw_ghash_final(&g, sizeof(aad), sizeof(text), out);
		assert_memory_equal(out, want, sizeof(want));
	}
}

/* Bit by bit, as the standard defines it. */
static void naive(u8 y[16], const u8 key[16])
{
	u8 z[16] = { 0 }, v[16];
	int i, j, low;

	memcpy(v, key, 16);
	for (i = 0; i < 128; i++) {
		if (y[i / 8] >> (7 - i % 8) & 1)
			for (j = 0; j < 16; j++)
				z[j] ^= v[j];
		low = v[15] & 1;
		for (j = 15; j >= 0; j--)
			v[j] = (u8)(v[j] >> 1 | (j ? v[j - 1] << 7 : 0));
		if (low)
			v[0] ^= 0xe1;
	}
	memcpy(y, z, 16);
}

static void equals_the_definition(void **state)
{
	u8 key[16], y[16], out[16], lengths[16] = { 0 };
	unsigned int rng = 1;
	struct vw_ghash g;
	int i, n;

	(void)state;
	for (n = 0; n < 500; n++) {
		for (i = 0; i < 16; i++) {
			key[i] = (u8)((rng = rng * 1664525 + 1013904223) >> 24);
			y[i] = (u8)((rng = rng * 1664525 + 1013904223) >> 24);
		}
		vw_ghash_init(&g, key);
		vw_ghash_update(&g, y, 16);
		vw_ghash_final(&g, 0, 16, out);
		naive(y, key);
		lengths[15] = 128;
		for (i = 0; i < 16; i++)
			y[i] ^= lengths[i];
		naive(y, key);
		assert_memory_equal(out, y, 16);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(vector_in_pieces),
	cmocka_unit_test(equals_the_definition),
};

ROW_MAIN(tests)
