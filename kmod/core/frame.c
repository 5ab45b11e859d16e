// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame.h"

/* More tags or extension headers than this serve only to hide something. */
#define MAX_TAGS	8
#define MAX_EXTENSIONS	8

#define ETH_HEADER	14
#define VLAN_TAG	4
#define IPV4_HEADER	VW_IPV4_HEADER
#define IPV6_HEADER	40
#define UDP_HEADER	VW_UDP_HEADER
#define TCP_HEADER	20
#define ICMP_HEADER	4

#define LENGTH_MAX	0xffff

#define IPV6_OFFSET	0xfff8
#define IPV6_MORE	0x0001

#define TCP_SYN		0x02
#define TCP_ACK		0x10

enum ipv6_next {
	NEXT_HOPOPTS = 0,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_AUTH = 51,
	NEXT_NONE = 59,
	NEXT_DSTOPTS = 60,
	NEXT_MOBILITY = 135,
	NEXT_HIP = 139,
	NEXT_SHIM6 = 140,
};

/**
 * struct input - what may be read and what must fit
 * @p: the bytes
 * @len: how many are there
 * @end: where the enclosing header says that its content ends
 */
struct input {
	const u8 *p;
	size_t len;
	size_t end;
};

/* Are the bytes up to @to there? Past the end is a lie, past the input is a cut. */
static inline int reach(const struct input *in, size_t to)
{
	if (to <= in->len && to <= in->end)
		return 0;
	return to > in->end ? -EBADMSG : -ENODATA;
}

static int parse_udp(const struct input *in, struct vw_frame *f)
{
	int err = reach(in, f->l4 + UDP_HEADER);
	size_t room = in->end - f->l4;
	size_t len;

	if (err)
		return err;
	f->sport = get_unaligned_be16(in->p + f->l4);
	f->dport = get_unaligned_be16(in->p + f->l4 + 2);
	len = get_unaligned_be16(in->p + f->l4 + 4);
	/* Neither of a glued one nor of a jumbogram (RFC 2675) fits its field. */
	if (room > LENGTH_MAX)
		len = LENGTH_MAX;
	if (len < UDP_HEADER)
		return -EBADMSG;
	if (len > room) {
		if (!(f->flags & VW_FRAME_FRAGMENT))
			return -EBADMSG;
		len = room;
	}
	f->payload = f->l4 + UDP_HEADER;
	f->payload_len = len - UDP_HEADER;
	return 0;
}

static int parse_tcp(const struct input *in, struct vw_frame *f)
{
	int err = reach(in, f->l4 + TCP_HEADER);
	size_t start;
	u8 bits;

	if (err)
		return err;
	f->sport = get_unaligned_be16(in->p + f->l4);
	f->dport = get_unaligned_be16(in->p + f->l4 + 2);
	start = f->l4 + (in->p[f->l4 + 12] >> 4) * 4;
	if (start < f->l4 + (size_t)TCP_HEADER || start > in->end)
		return -EBADMSG;
	bits = in->p[f->l4 + 13];
	if ((bits & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		f->flags |= VW_FRAME_TCP_SYN;
	f->payload = start;
	f->payload_len = in->end - start < LENGTH_MAX ? in->end - start : LENGTH_MAX;
	return 0;
}

static int parse_icmp(const struct input *in, struct vw_frame *f)
{
	int err = reach(in, f->l4 + ICMP_HEADER);

	if (!err)
		f->icmp_type = in->p[f->l4];
	return err;
}

static int parse_l4(const struct input *in, size_t at, struct vw_frame *f)
{
	if (f->flags & VW_FRAME_LATER)
		return 0;
	f->l4 = at;
	switch (f->proto) {
	case VW_IPPROTO_UDP:
		return parse_udp(in, f);
	case VW_IPPROTO_TCP:
		return parse_tcp(in, f);
	case VW_IPPROTO_ICMP:
		return f->family == 4 ? parse_icmp(in, f) : 0;
	case VW_IPPROTO_ICMPV6:
		return f->family == 6 ? parse_icmp(in, f) : 0;
	}
	return 0;
}

static int parse_ipv4(struct input *in, struct vw_frame *f)
{
	const u8 *ip = in->p + f->l3;
	int err = reach(in, f->l3 + IPV4_HEADER);
	size_t head, total;
	u16 frag;

	if (err)
		return err;
	head = (ip[0] & 0x0f) * 4;
	total = get_unaligned_be16(ip + 2);
	/* Too large for its field: only offloads glue such packets together. */
	if (!total && in->end - f->l3 > LENGTH_MAX)
		total = in->end - f->l3;
	if (ip[0] >> 4 != 4 || head < IPV4_HEADER || total < head ||
	    total > in->end - f->l3)
		return -EBADMSG;
	/* Ethernet padding lies past the packet. */
	in->end = f->l3 + total;
	err = reach(in, f->l3 + head);
	if (err)
		return err;

	f->family = 4;
	f->dscp = ip[1] >> 2;
	f->proto = ip[9];
	f->saddr = ip + 12;
	f->daddr = ip + 16;
	if (head > IPV4_HEADER)
		f->flags |= VW_FRAME_OPTIONS;
	frag = get_unaligned_be16(ip + 6);
	if (frag & (VW_IPV4_OFFSET | VW_IPV4_MORE)) {
		f->flags |= VW_FRAME_FRAGMENT;
		f->parted = f->proto;
	}
	if (frag & VW_IPV4_OFFSET)
		f->flags |= VW_FRAME_LATER;
	return parse_l4(in, f->l3 + head, f);
}

static bool is_extension(u8 next)
{
	switch (next) {
	case NEXT_HOPOPTS:
	case NEXT_ROUTING:
	case NEXT_FRAGMENT:
	case NEXT_AUTH:
	case NEXT_DSTOPTS:
	case NEXT_MOBILITY:
	case NEXT_HIP:
	case NEXT_SHIM6:
		return true;
	}
	return false;
}

/* One extension header; moves *@at behind it and f->proto to what follows. */
static int skip_extension(const struct input *in, size_t *at, struct vw_frame *f)
{
	int err = reach(in, *at + 8);
	const u8 *ext = in->p + *at;
	size_t len;
	u16 frag;

	if (err)
		return err;
	len = (ext[1] + 1) * 8;
	if (f->proto == NEXT_AUTH)
		len = (ext[1] + 2) * 4;
	if (f->proto == NEXT_FRAGMENT) {
		len = 8;
		/* Whole packets may carry the header too (RFC 6946). */
		frag = get_unaligned_be16(ext + 2);
		if (frag & (IPV6_OFFSET | IPV6_MORE)) {
			f->flags |= VW_FRAME_FRAGMENT;
			f->parted = f->parted ?: ext[0];
		}
		if (frag & IPV6_OFFSET)
			f->flags |= VW_FRAME_LATER;
	}
	err = reach(in, *at + len);
	if (err)
		return err;
	f->flags |= VW_FRAME_OPTIONS;
	if (f->proto == NEXT_AUTH || (f->proto == NEXT_ROUTING && ext[3]))
		f->flags |= VW_FRAME_PENDING;
	f->proto = ext[0];
	*at += len;
	return 0;
}

static int skip_extensions(const struct input *in, size_t *at, struct vw_frame *f)
{
	int err, n;

	for (n = 0; is_extension(f->proto); n++) {
		if (n == MAX_EXTENSIONS)
			return -EBADMSG;
		err = skip_extension(in, at, f);
		if (err || f->flags & VW_FRAME_LATER)
			return err;
	}
	return 0;
}

static int parse_ipv6(struct input *in, struct vw_frame *f)
{
	size_t at = f->l3 + IPV6_HEADER;
	const u8 *ip = in->p + f->l3;
	int err = reach(in, at);
	size_t len;

	if (err)
		return err;
	len = get_unaligned_be16(ip + 4);
	if (!len && in->end - at > LENGTH_MAX)
		len = in->end - at;
	if (ip[0] >> 4 != 6 || len > in->end - at)
		return -EBADMSG;
	in->end = at + len;

	f->family = 6;
	f->dscp = (get_unaligned_be16(ip) >> 6) & 0x3f;
	f->proto = ip[6];
	f->saddr = ip + 8;
	f->daddr = ip + 24;
	err = skip_extensions(in, &at, f);
	if (err || f->proto == NEXT_NONE)
		return err;
	return parse_l4(in, at, f);
}

static int parse_tags(const struct input *in, size_t *at, struct vw_frame *f)
{
	int err;

	while (f->ethertype == VW_ETH_P_8021Q || f->ethertype == VW_ETH_P_8021AD) {
		err = reach(in, *at + VLAN_TAG);
		if (err)
			return err;
		if (f->nvlan == MAX_TAGS)
			return -EBADMSG;
		if (f->nvlan < ARRAY_SIZE(f->vlan))
			f->vlan[f->nvlan] = get_unaligned_be16(in->p + *at) & 0xfff;
		f->nvlan++;
		f->ethertype = get_unaligned_be16(in->p + *at + 2);
		*at += VLAN_TAG;
	}
	return 0;
}

static int parse_from(struct input *in, size_t at, struct vw_frame *f)
{
	int err = parse_tags(in, &at, f);

	if (err)
		return err;
	f->l3 = at;
	if (f->ethertype == VW_ETH_P_IP)
		return parse_ipv4(in, f);
	if (f->ethertype == VW_ETH_P_IPV6)
		return parse_ipv6(in, f);
	return 0;
}

int vw_frame_parse(const u8 *p, size_t len, size_t wire_len, struct vw_frame *ret)
{
	struct input in = { p, len < wire_len ? len : wire_len, wire_len };
	struct vw_frame f = { };
	int err = reach(&in, ETH_HEADER);

	if (err)
		return err;
	f.ethertype = get_unaligned_be16(p + 12);
	err = parse_from(&in, ETH_HEADER, &f);
	if (!err)
		*ret = f;
	return err;
}

int vw_frame_parse_any(const u8 *p, size_t len, size_t wire_len, u16 ethertype,
		       struct vw_frame *ret)
{
	struct input in = { p, len < wire_len ? len : wire_len, wire_len };
	struct vw_frame f = { .ethertype = ethertype };
	int err = parse_from(&in, 0, &f);

	if (!err)
		*ret = f;
	return err;
}
