// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Elements of a header extension lie inside it and don't overlap; encrypting twice gives
 * back what was there, and changes nothing but the data of elements in the set.
 */
#include "exact.h"
#include "../../kmod/core/ext.h"
#include "../../kmod/core/rtp.h"

static const u8 *block(void *arg, size_t n)
{
	u8 *out = arg;

	memset(out, (int)n | 0x80, VW_EXT_BLOCK);
	return out;
}

/* Mark what may change; returns what the walk ended with. */
static int mark(const u8 *p, size_t head, const struct vw_ext_ids *ids, u8 *mask)
{
	struct vw_ext_element one;
	size_t end = 0, base;
	struct vw_ext e;
	int more;

	vw_ext_begin(&e, p);
	while ((more = vw_ext_next(&e, &one)) > 0) {
		base = (size_t)(e.p - p);
		MUST(one.id && one.at > end && one.at + one.len <= e.len);
		MUST(base + e.len == head && one.len < 256);
		end = one.at + one.len - !one.len;
		if (vw_ext_has(ids, one.id))
			memset(mask + base + one.at, 1, one.len);
	}
	MUST(more == 0 || more == -EBADMSG);
	return more;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u8 *p = exact(data, size), *mask = calloc(1, size + 1), scratch[VW_EXT_BLOCK];
	struct vw_ext_ids ids = { };
	struct vw_rtp rtp;
	size_t i;
	int end;

	for (i = 1; i < VW_EXT_IDS; i++)
		if (size && (i * 7 + data[0]) % 3)
			vw_ext_add(&ids, (u8)i);
	if (mask && !vw_rtp_parse(p, size, size, &rtp)) {
		end = mark(p, rtp.hdr_len, &ids, mask);
		MUST(vw_ext_check(p) == end);
		MUST(vw_ext_crypt(p, &ids, block, scratch) == end);
		for (i = 0; i < size; i++)
			MUST((p[i] != data[i]) == mask[i]);
		MUST(vw_ext_crypt(p, &ids, block, scratch) == end);
		MUST(!memcmp(p, data, size));
	}
	free(mask);
	free(p);
	return 0;
}
