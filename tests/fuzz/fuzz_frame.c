// SPDX-License-Identifier: GPL-2.0-or-later
/* What is found lies inside the frame, and a cut frame shows the same or nothing. */
#include "exact.h"
#include "../../kmod/core/frame.h"

#define CUTS	256

static void inside(const struct vw_frame *f, const u8 *p, size_t len, size_t wire)
{
	size_t size = f->family == 4 ? 4 : 16;

	MUST(f->l3 <= wire);
	MUST(f->family == 0 || f->family == 4 || f->family == 6);
	MUST(!f->family == !f->saddr && !f->family == !f->daddr);
	if (f->family) {
		MUST(f->saddr >= p + f->l3 && f->saddr + size <= p + len);
		MUST(f->daddr == f->saddr + size);
		MUST(f->l4 == 0 || f->l4 >= f->l3 + (f->family == 4 ? 20 : 40));
		MUST(f->l4 <= wire);
	}
	MUST(!(f->flags & VW_FRAME_LATER) || (!f->l4 && !f->payload && !f->sport && !f->dport));
	MUST(f->payload == 0 || f->payload >= f->l4 + 8);
	MUST(f->payload != 0 || f->payload_len == 0);
	MUST((size_t)f->payload + f->payload_len <= wire);
	MUST(vw_frame_have(f, len) <= f->payload_len);
	MUST(vw_frame_have(f, len) == 0 || f->payload + vw_frame_have(f, len) <= len);
	MUST(f->dscp < 64);
}

static void same(const struct vw_frame *a, const struct vw_frame *b)
{
	MUST(a->ethertype == b->ethertype && a->family == b->family && a->proto == b->proto);
	MUST(a->sport == b->sport && a->dport == b->dport && a->flags == b->flags);
	MUST(a->l3 == b->l3 && a->l4 == b->l4 && a->payload == b->payload);
	MUST(a->payload_len == b->payload_len && a->nvlan == b->nvlan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vw_frame whole, cut;
	u8 *p = exact(data, size);
	int err = vw_frame_parse(p, size, size, &whole);
	size_t n;

	MUST(err == 0 || err == -EBADMSG);
	if (!err)
		inside(&whole, p, size, size);
	for (n = 0; n < size && n < CUTS; n++) {
		u8 *q = exact(data, n);
		int cut_err = vw_frame_parse(q, n, size, &cut);

		MUST(cut_err == 0 || cut_err == -ENODATA || cut_err == -EBADMSG);
		/* What the headers say doesn't depend on how much was captured. */
		MUST(cut_err == -ENODATA || cut_err == err);
		if (!cut_err) {
			inside(&cut, q, n, size);
			same(&whole, &cut);
		}
		free(q);
	}
	if (!vw_frame_parse_l3(p, size, size, VW_ETH_P_IP, &cut))
		inside(&cut, p, size, size);
	if (!vw_frame_parse_l3(p, size, size, VW_ETH_P_IPV6, &cut))
		inside(&cut, p, size, size);
	free(p);
	return 0;
}
