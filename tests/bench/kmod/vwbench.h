/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests/bench/feed.c writes to /dev/vwbench and reads back. */
#ifndef VWBENCH_H
#define VWBENCH_H

#include <linux/types.h>

/* Count until the packet's end instead of until it is transmitted. */
#define VWBENCH_DROPPED	0x1
/* Count what is allocated on the way, too; it makes the way longer. */
#define VWBENCH_ALLOCS	0x2
/* Let hooks that do nothing sit where the module's would: at the device's ingress, at
 * the namespace's way out. */
#define VWBENCH_HOOK_IN		0x4
#define VWBENCH_HOOK_OUT	0x8

/**
 * struct vwbench_run - the head of a write; frames follow
 * @ifindex: device of kind vwbench that they arrive at, in the writer's namespace
 * @frames: how many follow, each as struct vwbench_frame with its bytes
 * @warmup: how many of them at the beginning don't count
 * @flags: VWBENCH_*
 */
struct vwbench_run {
	__u32 ifindex;
	__u32 frames;
	__u32 warmup;
	__u32 flags;
};

/**
 * struct vwbench_frame - one Ethernet frame; its bytes follow, unpadded
 * @len: bytes
 * @vlan: tag that the device has taken off, as most do; 0: none
 */
struct vwbench_frame {
	__u16 len;
	__u16 vlan;
};

/**
 * struct vwbench_result - what a read gives after a write
 * @measured: frames after the warm-up that came to the expected end
 * @astray: frames, warm-up included, that came to the other end
 * @median: instructions of one frame
 * @mean: of the quarter around the median on both sides, so that a timer's
 *	interrupt doesn't show
 * @min: the least
 * @max: the most
 * @out_len: bytes of the last frame that was transmitted
 * @allocs: allocations on the way of all frames after the warm-up; 0 without
 *	VWBENCH_ALLOCS
 */
struct vwbench_result {
	__u32 measured;
	__u32 astray;
	__u32 median;
	__u32 mean;
	__u32 min;
	__u32 max;
	__u32 out_len;
	__u32 allocs;
};

#endif
