// SPDX-License-Identifier: GPL-2.0-or-later
#include "sipline.h"

#define LOOK_MAX	2048
#define METHOD_MAX	32

/**
 * struct text - a cursor over the input
 * @p: the bytes
 * @len: how many are looked at
 * @at: the next one
 */
struct text {
	const u8 *p;
	size_t len;
	size_t at;
};

static inline u8 lower(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static inline bool is_alnum(u8 c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* RFC 3261, 25.1: token */
static bool is_token(u8 c)
{
	switch (c) {
	case '-': case '.': case '!': case '%': case '*': case '_':
	case '+': case '`': case '\'': case '~':
		return true;
	}
	return is_alnum(c);
}

/* Takes @word, in lower case, whatever the case of the input. */
static int take(struct text *t, const char *word)
{
	size_t i;

	for (i = 0; word[i]; i++) {
		if (t->at + i == t->len)
			return -ENODATA;
		if (lower(t->p[t->at + i]) != (u8)word[i])
			return -EBADMSG;
	}
	t->at += i;
	return 0;
}

static int take_method(struct text *t)
{
	while (t->at < t->len && is_token(t->p[t->at])) {
		if (t->at == METHOD_MAX)
			return -EBADMSG;
		t->at++;
	}
	if (t->at == t->len)
		return -ENODATA;
	return t->at && t->p[t->at] == ' ' ? 0 : -EBADMSG;
}

static int take_scheme(struct text *t)
{
	static const char *const schemes[] = { "sip:", "sips:", "tel:", "urn:" };
	bool cut = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(schemes); i++) {
		int err = take(t, schemes[i]);

		if (!err)
			return 0;
		cut |= err == -ENODATA;
	}
	return cut ? -ENODATA : -EBADMSG;
}

/* Up to the space behind the URI; at least one character. */
static int take_uri(struct text *t)
{
	size_t start = t->at;

	for (; t->at < t->len; t->at++) {
		if (t->p[t->at] == ' ')
			return t->at > start ? 0 : -EBADMSG;
		if (t->p[t->at] < ' ' || t->p[t->at] == 0x7f)
			return -EBADMSG;
	}
	return -ENODATA;
}

/* The rest of the line; *@ret_line is its end. The text may hold UTF-8. */
static int take_line(struct text *t, struct vw_sipline *ret_line)
{
	for (; t->at < t->len; t->at++) {
		u8 c = t->p[t->at];

		if (c == '\r' || c == '\n')
			break;
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return -EBADMSG;
	}
	ret_line->line_len = t->at;
	if (t->at == t->len)
		return 0;
	if (t->p[t->at] != '\r')
		return -EBADMSG;
	if (t->at + 1 == t->len)
		return 0;
	ret_line->complete = t->p[t->at + 1] == '\n';
	return ret_line->complete ? 0 : -EBADMSG;
}

static int parse_status(struct text *t, struct vw_sipline *line)
{
	u16 status = 0;
	int err, i;

	for (i = 0; i < 3; i++, t->at++) {
		if (t->at == t->len)
			return -ENODATA;
		if (t->p[t->at] < '0' || t->p[t->at] > '9')
			return -EBADMSG;
		status = status * 10 + t->p[t->at] - '0';
	}
	if (status < 100 || status > 699)
		return -EBADMSG;
	err = take(t, " ");
	if (err)
		return err;
	line->status = status;
	return take_line(t, line);
}

static int parse_request(struct text *t, struct vw_sipline *line)
{
	int err = take_method(t);
	size_t end;

	if (err)
		return err;
	line->method_len = t->at++;
	err = take_scheme(t);
	if (!err)
		err = take_uri(t);
	if (!err)
		err = take(t, " sip/2.0");
	if (err)
		return err;
	end = t->at;
	err = take_line(t, line);
	/* Nothing may follow the version. */
	return err || line->line_len == end ? err : -EBADMSG;
}

int vw_sipline_parse(const u8 *p, size_t len, struct vw_sipline *ret)
{
	struct text t = { p, len < LOOK_MAX ? len : LOOK_MAX, 0 };
	struct vw_sipline line = { };
	int err = take(&t, "sip/2.0 ");

	if (err == -ENODATA)
		return err;
	err = err ? parse_request(&t, &line) : parse_status(&t, &line);
	/* A line that goes on past what is looked at will never end well. */
	if (err == -ENODATA && len >= LOOK_MAX)
		err = -EBADMSG;
	if (!err)
		*ret = line;
	return err;
}

bool vw_sipline_keepalive(const u8 *p, size_t len)
{
	size_t i;

	if (len == 2 || len == 4) {
		for (i = 0; i < len; i += 2)
			if (p[i] != '\r' || p[i + 1] != '\n')
				break;
		if (i == len)
			return true;
	}
	for (i = 0; i < len; i++)
		if (p[i])
			return false;
	return len >= 1 && len <= 4;
}
