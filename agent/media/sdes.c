// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdes.h"

#include <openssl/evp.h>
#include <strings.h>

/* Text that is being read: never NUL-terminated. */
struct span {
	const char *p;
	size_t len;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_space(struct span *s)
{
	while (s->len && is_space(*s->p)) {
		s->p++;
		s->len--;
	}
}

static struct span take_word(struct span *s)
{
	struct span w = { s->p, 0 };

	while (s->len && !is_space(*s->p)) {
		s->p++;
		s->len--;
		w.len++;
	}
	return w;
}

/* Up to @sep, which is eaten; all of it when there is none. */
static struct span take_until(struct span *s, char sep)
{
	const char *end = memchr(s->p, sep, s->len);
	struct span w = { s->p, end ? (size_t)(end - s->p) : s->len };
	size_t eaten = end ? w.len + 1 : w.len;

	s->p += eaten;
	s->len -= eaten;
	return w;
}

static bool starts(const struct span *s, const char *word)
{
	size_t n = strlen(word);

	return s->len >= n && !strncasecmp(s->p, word, n);
}

static bool number(const struct span *s, u64 max, u64 *ret)
{
	u64 v = 0;

	if (!s->len || s->len > 15)
		return false;
	for (size_t i = 0; i < s->len; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (u64)(s->p[i] - '0');
	}
	if (v > max)
		return false;
	*ret = v;
	return true;
}

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/*
 * Padding is optional on the way in: RFC 4568 (6.1) asks for it, and a good
 * part of the phones leaves it out. Padding that is there must be right.
 */
static bool decode(const struct span *s, u8 *out, size_t want)
{
	size_t n = s->len, got = 0;
	u32 acc = 0;
	int bits = 0;

	while (n && s->p[n - 1] == '=')
		n--;
	if (s->len - n > 2 || (s->len != n && s->len % 4) || n % 4 == 1)
		return false;
	if (n != (want * 8 + 5) / 6)
		return false;
	for (size_t i = 0; i < n; i++) {
		int v = sextet(s->p[i]);

		if (v < 0)
			return false;
		acc = acc << 6 | (u32)v;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[got++] = (u8)(acc >> bits);
		}
	}
	return got == want;
}

static bool read_lifetime(struct span s, u64 *ret)
{
	u64 v;

	if (starts(&s, "2^")) {
		s.p += 2;
		s.len -= 2;
		if (!number(&s, 48, &v))
			return false;
		*ret = 1ull << v;
		return true;
	}
	return number(&s, VW_SRTP_LIFETIME, ret) && *ret;
}

/* Any number of digits, of which the value need not fit. */
static bool is_digits(const struct span *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
	return s->len;
}

/* A decimal number in @len bytes, most significant first. */
static bool read_mki_value(const struct span *s, u8 *mki, size_t len)
{
	u64 v = 0;

	for (size_t i = 0; i < s->len; i++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (u64)(s->p[i] - '0'), &v))
			return false;
	for (size_t i = len; i--; v >>= 8)
		mki[i] = (u8)v;
	return !v;
}

/* MKI ":" length */
static int read_mki(struct span s, struct vw_sdes_key *ret)
{
	struct span mki = take_until(&s, ':');
	u64 len;

	if (!is_digits(&mki) || !number(&s, 128, &len) || !len)
		return -EBADMSG;
	if (len > VOXWALL_MKI_LEN)
		return -EOPNOTSUPP;
	if (!read_mki_value(&mki, ret->mki, len))
		return -EBADMSG;
	ret->mki_len = (u8)len;
	return 0;
}

/* key ["|" lifetime] ["|" MKI] */
static int read_key_info(struct span info, size_t want, struct vw_sdes_key *ret)
{
	struct span key = take_until(&info, '|');
	struct span part;

	if (!decode(&key, ret->master, want))
		return -EBADMSG;
	if (!info.len)
		return 0;
	part = take_until(&info, '|');
	if (!memchr(part.p, ':', part.len)) {
		if (!read_lifetime(part, &ret->lifetime))
			return -EBADMSG;
		if (!info.len)
			return 0;
		part = take_until(&info, '|');
	}
	return info.len ? -EBADMSG : read_mki(part, ret);
}

/* RFC 4568, 6.1: several keys all have an MKI, of one length and each another one. */
static bool told_apart(const struct vw_sdes *s, const struct vw_sdes_key *key)
{
	for (u8 i = 0; i < s->nkey; i++)
		if (!key->mki_len || s->key[i].mki_len != key->mki_len ||
		    !memcmp(s->key[i].mki, key->mki, key->mki_len))
			return false;
	return true;
}

static int read_key_params(struct span params, const struct vw_suite *suite, struct vw_sdes *ret)
{
	struct vw_sdes_key *key;
	struct span one;
	int err = 0;

	ret->len = suite->key_len + suite->salt_len;
	do {
		one = take_until(&params, ';');
		if (!starts(&one, "inline:"))
			return -EBADMSG;
		if (ret->nkey == VW_SDES_KEYS)
			return -EOPNOTSUPP;
		one.p += 7;
		one.len -= 7;
		key = &ret->key[ret->nkey];
		err = read_key_info(one, ret->len, key);
		if (!err && !told_apart(ret, key))
			err = -EBADMSG;
		ret->nkey++;
	} while (!err && params.len);
	return err;
}

static bool is(const struct span *s, const char *word)
{
	return s->len == strlen(word) && starts(s, word);
}

/* "NAME=NUMBER"; false: another name. */
static bool valued(struct span s, const char *name, u64 min, u64 max, u64 *ret, bool *ret_ok)
{
	if (!starts(&s, name))
		return false;
	s.p += strlen(name);
	s.len -= strlen(name);
	*ret_ok = number(&s, max, ret) && *ret >= min;
	return true;
}

/* RFC 4568 6.3: one with a dash in front may be ignored, any other may not. */
static int read_session_param(struct span p, struct vw_sdes *ret)
{
	bool ok;
	u64 v;

	if (p.p[0] == '-' || is(&p, "FEC_ORDER=FEC_SRTP"))
		return 0;
	if (is(&p, "UNENCRYPTED_SRTCP")) {
		ret->rtcp_clear = true;
		return 0;
	}
	if (valued(p, "WSH=", 64, 1000000, &v, &ok))
		return ok ? 0 : -EBADMSG;
	if (!valued(p, "KDR=", 1, 24, &v, &ok))
		return -EOPNOTSUPP;
	if (!ok || ret->kdr)
		return -EBADMSG;
	ret->kdr = 1u << v;
	return 0;
}

static int read_rest(struct span s, struct vw_sdes *ret)
{
	struct span name = take_word(&s), params;
	const struct vw_suite *suite = vw_suite_by_name(name.p, name.len);
	int err;

	skip_space(&s);
	params = take_word(&s);
	if (!name.len || !params.len)
		return -EBADMSG;
	if (!suite)
		return -EOPNOTSUPP;
	ret->suite = suite->id;
	err = read_key_params(params, suite, ret);
	for (skip_space(&s); !err && s.len; skip_space(&s))
		err = read_session_param(take_word(&s), ret);
	return err;
}

int vw_sdes_parse(const char *p, size_t len, struct vw_sdes *ret)
{
	struct span s = { p, len }, tag;
	struct vw_sdes sdes = { 0 };
	u64 v;
	int err;

	tag = take_word(&s);
	if (tag.len > 9 || !number(&tag, VW_SDES_TAG_MAX, &v))
		return -EBADMSG;
	sdes.tag = (u32)v;
	skip_space(&s);
	err = read_rest(s, &sdes);
	if (!err)
		*ret = sdes;
	else if (err == -EOPNOTSUPP)
		ret->tag = sdes.tag;
	vw_wipe(&sdes, sizeof(sdes));
	return err;
}

void vw_sdes_write(struct vw_text *t, u32 tag, u16 suite, const struct vw_secret *master,
		   bool rtcp_clear)
{
	const struct vw_suite *s = vw_suite_get(suite);
	unsigned char b64[4 * ((VW_SDES_MASTER_MAX + 2) / 3) + 1];

	if (!s || !master || master->len > VW_SDES_MASTER_MAX)
		return;
	EVP_EncodeBlock(b64, master->data, (int)master->len);
	vw_text_printf(t, "%u %s inline:", tag, s->name);
	vw_text_puts(t, (const char *)b64);
	if (rtcp_clear)
		vw_text_puts(t, " UNENCRYPTED_SRTCP");
	vw_wipe(b64, sizeof(b64));
}

size_t vw_sdes_master_len(u16 suite)
{
	const struct vw_suite *s = vw_suite_get(suite);

	return s ? (size_t)s->key_len + s->salt_len : 0;
}
