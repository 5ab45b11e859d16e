/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flows of a capture, each with the classifier's memory of it. */
#ifndef VW_CLI_PCAPFLOW_H
#define VW_CLI_PCAPFLOW_H

#include "../kmod/core/classify.h"

#define VW_PCAPFLOW_MAX	500000	/* flows; about 100 MB */

/**
 * struct vw_pcapflow - one direction of one conversation
 * @saddr: source address, IPv4 in the first four bytes, the rest zero
 * @daddr: destination address, likewise
 * @sport: source port, host order; 0 when there is none
 * @dport: destination port, likewise
 * @family: 4 or 6
 * @proto: IP protocol
 * @zero: for the hash, which takes what is above as words
 * @flow: the classifier's
 * @packets: how many there were
 * @classes: of these, by enum voxwall_class
 */
struct vw_pcapflow {
	u8 saddr[16];
	u8 daddr[16];
	u16 sport;
	u16 dport;
	u8 family;
	u8 proto;
	u8 zero[2];
	struct vw_flow flow;
	u64 packets;
	u32 classes[__VOXWALL_CLASS_MAX];
};

/**
 * struct vw_pcapstat - what a capture held
 * @packets: all of them
 * @not_ip: neither IPv4 nor IPv6
 * @malformed: headers that contradict themselves
 * @cut: captured too short for the headers
 * @fragments: later fragments, which have no ports
 * @left_out: of flows past the limit
 */
struct vw_pcapstat {
	u64 packets;
	u64 not_ip;
	u64 malformed;
	u64 cut;
	u64 fragments;
	u64 left_out;
};

struct vw_pcapflows;

/* NULL when there is no memory. @max: flows that it may hold. */
struct vw_pcapflows *vw_pcapflows_new(size_t max);
void vw_pcapflows_free(struct vw_pcapflows *all);

/* 0, or -1 for a link type (DLT_*) that can't be read. */
int vw_pcapflows_link(int dlt);

/**
 * vw_pcapflows_add - judge one packet
 * @dlt: link type, one that vw_pcapflows_link() knows
 * @p: the packet with its link header
 * @len: bytes that were captured
 * @wire_len: bytes that were on the wire
 * @ms: its time stamp
 *
 * Return: 0, or -ENOMEM.
 */
int vw_pcapflows_add(struct vw_pcapflows *all, int dlt, const u8 *p, size_t len,
		     size_t wire_len, u64 ms);

const struct vw_pcapstat *vw_pcapflows_stat(const struct vw_pcapflows *all);
/* In the order of their first packets; NULL past the last. */
const struct vw_pcapflow *vw_pcapflows_at(const struct vw_pcapflows *all, size_t n);

#endif
