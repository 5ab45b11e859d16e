// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp.h"

#define VERSION(byte)	((byte) >> 6)

/* Past the wire is a lie, past the input is a cut. */
static inline int reach(size_t to, size_t len, size_t wire_len)
{
	if (to <= len && to <= wire_len)
		return 0;
	return to > wire_len ? -EBADMSG : -ENODATA;
}

int vw_rtp_parse_any(const u8 *p, size_t len, size_t wire_len, struct vw_rtp *ret)
{
	size_t head = VW_RTP_HDR_LEN;
	int err = reach(head, len, wire_len);
	u8 first;

	if (err)
		return err;
	first = p[0];
	if (VERSION(first) != 2 || wire_len > VW_RTP_LEN_MAX)
		return -EBADMSG;

	head += (first & 0x0f) * 4;
	if (first & 0x10) {
		err = reach(head + 4, len, wire_len);
		if (err)
			return err;
		head += 4 + get_unaligned_be16(p + head + 2) * 4;
	}
	err = reach(head, len, wire_len);
	if (err)
		return err;

	vw_rtp_read(p, head, wire_len, ret);
	return 0;
}

int vw_rtcp_parse(const u8 *p, size_t len, size_t wire_len, struct vw_rtcp *ret)
{
	int err = reach(VW_RTCP_HDR_LEN, len, wire_len);
	size_t own;

	if (err)
		return err;
	own = (get_unaligned_be16(p + 2) + 1) * 4;
	if (VERSION(p[0]) != 2 || p[1] < 192 || p[1] > 223 ||
	    own < VW_RTCP_HDR_LEN || own > VW_RTP_LEN_MAX)
		return -EBADMSG;

	ret->ssrc = get_unaligned_be32(p + 4);
	ret->len = own;
	ret->type = p[1];
	ret->count = p[0] & 0x1f;
	return 0;
}
