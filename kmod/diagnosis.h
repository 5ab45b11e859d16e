/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why packets don't open: of those that a stream refuses a few are kept, and tried
 * again in process context with what else might fit. Nothing but the diagnosis ever
 * comes of that: no window moves, and no packet goes on.
 */
#ifndef VW_DIAGNOSIS_H
#define VW_DIAGNOSIS_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "uapi/linux/voxwall.h"

struct sk_buff;
struct vw_media;
struct vw_net;
struct vw_stream;

/**
 * struct vw_diagnosis - what is known of the packets that a stream refused
 * @seen: jiffies, of the last one that was diagnosed
 * @verdict: of that one, enum voxwall_diagnosis
 * @rtcp: it was SRTCP
 * @ssrc: where it said that it came from
 * @roc: rollover counter that it was sealed with; @expected unless that is the verdict
 * @expected: the one that was expected; 0 for SRTCP
 * @counts: samples by verdict
 */
struct vw_diagnosis {
	unsigned long seen;
	u8 verdict;
	bool rtcp;
	u32 ssrc;
	u32 roc;
	u32 expected;
	u64 counts[__VOXWALL_DIAGNOSIS_MAX];
};

/**
 * struct vw_diagnoses - those of one namespace
 * @vn: the namespace
 * @by_id: struct vw_diagnosis by stream, of those that have one; vn->lock
 * @work: looks at the samples
 * @next: jiffies: not before; vn->lock
 * @lock: of the following; softirqs
 * @samples: struct vw_sample
 * @n: how many
 */
struct vw_diagnoses {
	struct vw_net *vn;
	struct xarray by_id;
	struct delayed_work work;
	unsigned long next;
	spinlock_t lock;
	struct list_head samples;
	unsigned int n;
};

void vw_diagnoses_init(struct vw_diagnoses *d, struct vw_net *vn);
/* The streams are gone, and so are their packets; vn->lock is held. */
void vw_diagnoses_exit(struct vw_diagnoses *d);

/**
 * vw_diagnosis_take - keep a copy of a packet that didn't open, if it is time for one
 * @m: the packet, whole but for what opening has done to it
 * @drop: why it is refused
 *
 * Softirq, under RCU.
 */
void vw_diagnosis_take(struct vw_media *m, enum voxwall_drop drop);

/* The stream leaves the table; vn->lock is held. */
void vw_diagnosis_forget(struct vw_stream *st);
/* No packet sees the stream any more: wipe its sample. */
void vw_diagnosis_purge(struct vw_stream *st);

/* Put VOXWALL_A_STREAM_DIAGNOSIS, if there is one; vn->lock is held. */
int vw_diagnosis_put(struct sk_buff *msg, const struct vw_stream *st);

#endif
