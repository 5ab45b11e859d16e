// SPDX-License-Identifier: GPL-2.0-or-later
/* A crypto attribute that was read, written and read again is the same one. */
#include "exact.h"
#include "../../agent/media/sdes.h"

static void again(const struct vw_sdes *s)
{
	struct vw_secret *key = vw_secret_copy(s->master, s->len);
	struct vw_text t = { .len = 0 };
	struct vw_sdes twice;

	MUST(key);
	vw_sdes_write(&t, s->tag, s->suite, key);
	MUST(!t.failed && !vw_sdes_parse(t.p, t.len, &twice));
	MUST(twice.tag == s->tag && twice.suite == s->suite && twice.len == s->len);
	MUST(!memcmp(twice.master, s->master, s->len));
	vw_text_free(&t);
	vw_secret_free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vw_sdes s = { .tag = 0 };
	u8 *p;
	int err;

	if (size > 1024)
		return 0;
	p = exact(data, size);
	err = vw_sdes_parse((const char *)p, size, &s);
	MUST(!err || err == -EBADMSG || err == -EOPNOTSUPP);
	MUST(s.tag <= VW_SDES_TAG_MAX);
	if (!err) {
		MUST(s.len == vw_sdes_master_len(s.suite) && s.len);
		again(&s);
	}
	free(p);
	return 0;
}
