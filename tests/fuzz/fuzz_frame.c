// SPDX-License-Identifier: GPL-2.0-or-later
/* What is found lies inside the frame, and a cut frame shows the same or nothing. */
#include "exact.h"
#include "../../kmod/core/frame.h"

#define CUTS	256
#define ETH_HEADER	14

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

/* There is a short way for plain packets; behind an Ethernet header there is none. */
static void both_ways(const uint8_t *data, size_t size, u16 ethertype)
{
	u8 *framed = malloc(ETH_HEADER + size);
	struct vw_frame l2, l3;
	int err2, err3;

	memset(framed, 0, ETH_HEADER);
	framed[12] = (u8)(ethertype >> 8);
	framed[13] = (u8)ethertype;
	memcpy(framed + ETH_HEADER, data, size);
	err2 = vw_frame_parse(framed, ETH_HEADER + size, ETH_HEADER + size, &l2);
	err3 = vw_frame_parse_l3(data, size, size, ethertype, &l3);
	MUST(err2 == err3);
	if (!err2) {
		MUST(l2.l3 == ETH_HEADER && !l3.l3 && l2.nvlan == l3.nvlan);
		MUST(l2.l4 == (l3.l4 ? l3.l4 + ETH_HEADER : 0));
		MUST(l2.payload == (l3.payload ? l3.payload + ETH_HEADER : 0));
		MUST(l2.payload_len == l3.payload_len && l2.ethertype == l3.ethertype);
		MUST(l2.family == l3.family && l2.proto == l3.proto && l2.dscp == l3.dscp);
		MUST(l2.sport == l3.sport && l2.dport == l3.dport && l2.flags == l3.flags);
		MUST(l2.icmp_type == l3.icmp_type);
		MUST(!l2.saddr || (l2.saddr - framed == l3.saddr - data + ETH_HEADER &&
				   l2.daddr - framed == l3.daddr - data + ETH_HEADER));
	}
	free(framed);
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
	both_ways(p, size, VW_ETH_P_IP);
	both_ways(p, size, VW_ETH_P_IPV6);
	if (size > ETH_HEADER)
		both_ways(p + ETH_HEADER, size - ETH_HEADER, VW_ETH_P_IP);
	free(p);
	return 0;
}
