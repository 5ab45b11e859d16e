/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTCP that is read in passing: what ends say of the streams that they get. */
#ifndef VW_REPORT_H
#define VW_REPORT_H

#include <linux/types.h>

struct sk_buff;
struct vw_stream;
struct vw_target;

/**
 * vw_report_read - learn from an RTCP packet that goes on
 * @st: its stream, without the lock
 * @target: the stream's
 * @p: the packet in clear, without SRTCP's trailer
 * @len: bytes
 *
 * Softirq, under RCU, after the packet has authenticated where it has to. Its
 * reports are about the other direction's packets and are kept there; timestamps
 * that it carries are kept with its own stream until they are answered. Whatever
 * it says, the packet goes on as it is.
 */
void vw_report_read(struct vw_stream *st, const struct vw_target *target, const u8 *p,
		    size_t len);

/* Put VOXWALL_A_STREAM_REPORT, if there is anything to tell. The lock is held. */
int vw_report_put(struct sk_buff *msg, const struct vw_stream *st);

#endif
