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

static bool lifetime_ok(struct span s)
{
	u64 v;

	if (starts(&s, "2^")) {
		s.p += 2;
		s.len -= 2;
		return number(&s, 48, &v);
	}
	return number(&s, VW_SRTP_INDEX_MAX + 1, &v) && v;
}

/* MKI ":" length */
static bool mki_ok(struct span s)
{
	struct span mki = take_until(&s, ':');
	u64 v;

	return mki.len && number(&s, 128, &v) && v;
}

static int read_key_info(struct span info, const struct vw_suite *suite, struct vw_sdes *ret)
{
	struct span key = take_until(&info, '|');
	size_t want = suite->key_len + suite->salt_len;
	struct span part;

	if (!decode(&key, ret->master, want))
		return -EBADMSG;
	ret->len = (u8)want;
	if (!info.len)
		return 0;
	part = take_until(&info, '|');
	if (!memchr(part.p, ':', part.len)) {
		if (!lifetime_ok(part))
			return -EBADMSG;
		if (!info.len)
			return 0;
		part = take_until(&info, '|');
	}
	if (info.len || !mki_ok(part))
		return -EBADMSG;
	return -EOPNOTSUPP;
}

static int read_key_params(struct span params, const struct vw_suite *suite, struct vw_sdes *ret)
{
	struct span one = take_until(&params, ';');

	if (!starts(&one, "inline:"))
		return -EBADMSG;
	one.p += 7;
	one.len -= 7;
	/* several keys are told apart by MKIs */
	if (params.len)
		return -EOPNOTSUPP;
	return read_key_info(one, suite, ret);
}

/* RFC 4568 6.3: one with a dash in front may be ignored, any other may not. */
static int check_session_param(struct span p)
{
	u64 v;

	if (p.p[0] == '-')
		return 0;
	if (starts(&p, "WSH=")) {
		p.p += 4;
		p.len -= 4;
		return number(&p, 1000000, &v) && v >= 64 ? 0 : -EBADMSG;
	}
	if (starts(&p, "KDR=")) {
		p.p += 4;
		p.len -= 4;
		if (!number(&p, 24, &v))
			return -EBADMSG;
	}
	return -EOPNOTSUPP;
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
		err = check_session_param(take_word(&s));
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

void vw_sdes_write(struct vw_text *t, u32 tag, u16 suite, const struct vw_secret *master)
{
	const struct vw_suite *s = vw_suite_get(suite);
	unsigned char b64[4 * ((VW_SDES_MASTER_MAX + 2) / 3) + 1];

	if (!s || !master || master->len > VW_SDES_MASTER_MAX)
		return;
	EVP_EncodeBlock(b64, master->data, (int)master->len);
	vw_text_printf(t, "%u %s inline:", tag, s->name);
	vw_text_puts(t, (const char *)b64);
	vw_wipe(b64, sizeof(b64));
}

size_t vw_sdes_master_len(u16 suite)
{
	const struct vw_suite *s = vw_suite_get(suite);

	return s ? (size_t)s->key_len + s->salt_len : 0;
}
