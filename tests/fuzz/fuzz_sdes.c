// SPDX-License-Identifier: GPL-2.0-or-later
/* A crypto attribute that was read, written and read again is the same one. */
#include "exact.h"
#include "../../agent/media/sdes.h"

static void again(const struct vw_sdes *s, const struct vw_sdes_key *one)
{
	struct vw_secret *key = vw_secret_copy(one->master, s->len);
	struct vw_text t = { .len = 0 };
	struct vw_sdes twice;

	MUST(key);
	vw_sdes_write(&t, s->tag, s->suite, key, s->rtcp_clear);
	MUST(!t.failed && !vw_sdes_parse(t.p, t.len, &twice));
	MUST(twice.tag == s->tag && twice.suite == s->suite && twice.len == s->len);
	MUST(twice.rtcp_clear == s->rtcp_clear && twice.nkey == 1);
	MUST(!memcmp(twice.key[0].master, one->master, s->len));
	vw_text_free(&t);
	vw_secret_free(key);
}

/* What the module would refuse never gets there. */
static void usable(const struct vw_sdes *s)
{
	MUST(s->nkey >= 1 && s->nkey <= VW_SDES_KEYS);
	MUST(s->len == vw_sdes_master_len(s->suite) && s->len);
	MUST(vw_srtp_kdr_valid(s->kdr));
	for (u8 i = 0; i < s->nkey; i++) {
		MUST(s->key[i].lifetime <= VW_SRTP_LIFETIME);
		MUST(s->key[i].mki_len <= VOXWALL_MKI_LEN);
		MUST(s->nkey == 1 || (s->key[i].mki_len == s->key[0].mki_len &&
				      s->key[i].mki_len));
		again(s, &s->key[i]);
	}
	MUST(s->nkey == 1 || memcmp(s->key[0].mki, s->key[1].mki, s->key[0].mki_len));
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
	if (!err)
		usable(&s);
	free(p);
	return 0;
}
