/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_CORE_RTP_H
#define VW_CORE_RTP_H

#include "env.h"
#include "../uapi/linux/voxwall.h"

#define VW_RTP_SEQ		2	/* where the sequence number lies */
#define VW_RTP_PLAIN		0x80	/* first byte: version 2 and nothing more */
#define VW_RTP_PADDING		0x20	/* in it: the P bit */
#define VW_RTP_HDR_LEN		12
#define VW_RTP_LEN_MAX		0xffffu	/* a UDP payload is shorter: lengths fit 16 bits */
#define VW_RTCP_HDR_LEN		8	/* first word and the sender's SSRC */

/**
 * struct vw_rtp - the view of one RTP packet (RFC 3550, 5.1)
 * @ssrc: host order
 * @ts: timestamp, host order
 * @seq: sequence number, host order
 * @hdr_len: fixed header, CSRCs and extension, bytes; where encryption starts
 * @payload_len: what follows, padding included, bytes (in SRTP: tag included)
 * @pt: payload type, 0..127
 * @marker: the M bit
 * @padding: the P bit; the count byte is not looked at (SRTP encrypts it)
 */
struct vw_rtp {
	u32 ssrc;
	u32 ts;
	u16 seq;
	u16 hdr_len;
	u16 payload_len;
	u8 pt;
	bool marker;
	bool padding;
};

/* The members of a header that is known to be good and @head bytes long. */
static inline void vw_rtp_read(const u8 *p, size_t head, size_t wire_len, struct vw_rtp *ret)
{
	ret->ssrc = get_unaligned_be32(p + 8);
	ret->ts = get_unaligned_be32(p + 4);
	ret->seq = get_unaligned_be16(p + VW_RTP_SEQ);
	ret->hdr_len = (u16)head;
	ret->payload_len = (u16)(wire_len - head);
	ret->pt = p[1] & 0x7f;
	ret->marker = p[1] & 0x80;
	ret->padding = p[0] & VW_RTP_PADDING;
}

/* vw_rtp_parse(), the long way. */
int vw_rtp_parse_any(const u8 *p, size_t len, size_t wire_len, struct vw_rtp *ret);

/**
 * vw_rtp_parse - check an RTP header and say what is where
 * @p: the UDP payload
 * @len: bytes that are there
 * @wire_len: bytes that the UDP header announced, >= @len
 *
 * Return: 0; -EBADMSG: version, CSRC count or extension length can't be;
 * -ENODATA: @len ends inside the header though @wire_len does not.
 */
static inline int vw_rtp_parse(const u8 *p, size_t len, size_t wire_len, struct vw_rtp *ret)
{
	/* Nearly all have neither contributing sources nor an extension. */
	if (len < VW_RTP_HDR_LEN || len > wire_len || wire_len > VW_RTP_LEN_MAX ||
	    (p[0] & ~VW_RTP_PADDING) != VW_RTP_PLAIN)
		return vw_rtp_parse_any(p, len, wire_len, ret);
	vw_rtp_read(p, VW_RTP_HDR_LEN, wire_len, ret);
	return 0;
}

/**
 * struct vw_rtcp - the first packet of a compound (RFC 3550, 6.4)
 * @ssrc: of the sender, host order
 * @len: of this first packet, bytes
 * @type: packet type, 192..223
 * @count: report count or subtype, 0..31
 */
struct vw_rtcp {
	u32 ssrc;
	u16 len;
	u8 type;
	u8 count;
};

/* Check the header of an RTCP packet; errors as vw_rtp_parse(). SRTCP has the
 * same 8 bytes in clear, so @len of the view may not be held against it. */
int vw_rtcp_parse(const u8 *p, size_t len, size_t wire_len, struct vw_rtcp *ret);

/**
 * vw_rtp_demux - tell apart what shares a media port (RFC 7983, RFC 5761)
 *
 * Looks at the first bytes only. Return: VOXWALL_CLASS_STUN, _ZRTP, _DTLS,
 * _TURN, _RTP, _RTCP, or _OTHER.
 */
static inline enum voxwall_class vw_rtp_demux(const u8 *p, size_t len)
{
	if (!len)
		return VOXWALL_CLASS_OTHER;
	if (p[0] >> 6 == 2) {
		if (len < 2)
			return VOXWALL_CLASS_OTHER;
		/* RFC 5761, 4: payload types 64..95 with the marker are RTCP. */
		return p[1] >= 192 && p[1] <= 223 ? VOXWALL_CLASS_RTCP :
						    VOXWALL_CLASS_RTP;
	}
	if (p[0] <= 3)
		return VOXWALL_CLASS_STUN;
	if (p[0] >= 16 && p[0] <= 19)
		return VOXWALL_CLASS_ZRTP;
	if (p[0] >= 20 && p[0] <= 63)
		return VOXWALL_CLASS_DTLS;
	if (p[0] >= 64 && p[0] <= 79)
		return VOXWALL_CLASS_TURN;
	return VOXWALL_CLASS_OTHER;
}

#endif
