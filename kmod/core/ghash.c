// SPDX-License-Identifier: GPL-2.0-or-later
#include "ghash.h"

/* Every fourth bit: products of such numbers have room for their carries. */
#define SPREAD	0x1111111111111111ULL

/* The low half of the product over GF(2), without carries. */
static u64 mul_low(u64 x, u64 y)
{
	u64 a[4], b[4], z = 0, sum;
	int i, j;

	for (i = 0; i < 4; i++) {
		a[i] = x & SPREAD << i;
		b[i] = y & SPREAD << i;
	}
	for (i = 0; i < 4; i++) {
		sum = 0;
		for (j = 0; j < 4; j++)
			sum ^= a[j] * b[(i - j) & 3];
		z |= sum & SPREAD << i;
	}
	return z;
}

static u64 swap_bits(u64 x, u64 mask, int by)
{
	return (x & mask) << by | (x >> by & mask);
}

static u64 reverse(u64 x)
{
	x = swap_bits(x, 0x5555555555555555ULL, 1);
	x = swap_bits(x, 0x3333333333333333ULL, 2);
	x = swap_bits(x, 0x0f0f0f0f0f0f0f0fULL, 4);
	x = swap_bits(x, 0x00ff00ff00ff00ffULL, 8);
	x = swap_bits(x, 0x0000ffff0000ffffULL, 16);
	return x << 32 | x >> 32;
}

/* The high half: that of the mirrored numbers, mirrored. */
static u64 mul_high(u64 x, u64 y)
{
	return reverse(mul_low(reverse(x), reverse(y))) >> 1;
}

/* Fold the lower of four words into the two above it, modulo GHASH's polynomial. */
static void fold(u64 low, u64 *middle, u64 *high)
{
	*middle ^= low << 63 ^ low << 62 ^ low << 57;
	*high ^= low ^ low >> 1 ^ low >> 2 ^ low >> 7;
}

/* y *= h. Both are mirrored, so the product is one bit to the right of its place. */
static void multiply(struct vw_ghash *g)
{
	u64 low = mul_low(g->y[1], g->h[1]), low_up = mul_high(g->y[1], g->h[1]);
	u64 high = mul_low(g->y[0], g->h[0]), high_up = mul_high(g->y[0], g->h[0]);
	u64 y = g->y[0] ^ g->y[1], h = g->h[0] ^ g->h[1];
	u64 cross = mul_low(y, h) ^ low ^ high;
	u64 cross_up = mul_high(y, h) ^ low_up ^ high_up;
	u64 v[4] = { low, low_up ^ cross, high ^ cross_up, high_up };
	int i;

	for (i = 3; i > 0; i--)
		v[i] = v[i] << 1 | v[i - 1] >> 63;
	v[0] <<= 1;
	fold(v[0], &v[1], &v[2]);
	fold(v[1], &v[2], &v[3]);
	g->y[1] = v[2];
	g->y[0] = v[3];
}

static void block(struct vw_ghash *g, const u8 *p)
{
	g->y[0] ^= get_unaligned_be64(p);
	g->y[1] ^= get_unaligned_be64(p + 8);
	multiply(g);
}

void vw_ghash_init(struct vw_ghash *g, const u8 h[VW_GHASH_BLOCK])
{
	memset(g, 0, sizeof(*g));
	g->h[0] = get_unaligned_be64(h);
	g->h[1] = get_unaligned_be64(h + 8);
}

void vw_ghash_update(struct vw_ghash *g, const u8 *p, size_t len)
{
	for (; len; len--) {
		g->buf[g->fill++] = *p++;
		if (g->fill < VW_GHASH_BLOCK)
			continue;
		block(g, g->buf);
		g->fill = 0;
	}
}

void vw_ghash_pad(struct vw_ghash *g)
{
	if (!g->fill)
		return;
	memset(g->buf + g->fill, 0, VW_GHASH_BLOCK - g->fill);
	block(g, g->buf);
	g->fill = 0;
}

void vw_ghash_final(struct vw_ghash *g, u64 aad_len, u64 len, u8 out[VW_GHASH_BLOCK])
{
	int i;

	vw_ghash_pad(g);
	g->y[0] ^= aad_len * 8;
	g->y[1] ^= len * 8;
	multiply(g);
	for (i = 0; i < VW_GHASH_BLOCK; i++)
		out[i] = (u8)(g->y[i / 8] >> (56 - i % 8 * 8));
}
