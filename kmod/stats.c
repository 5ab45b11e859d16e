// SPDX-License-Identifier: GPL-2.0-or-later
#include "port.h"
#include "stats.h"
#include "trace.h"

void vw_drop(struct vw_net *vn, const struct vw_port *port, enum voxwall_drop reason,
	     const struct sk_buff *skb)
{
	struct vw_counts __percpu *counts = port ? port->counts : vn->counts;

	this_cpu_inc(counts->drops[reason]);
	trace_voxwall_drop(port ? port->dev->ifindex : 0, reason, skb);
}

static void add(u64 *sum, const u64 *part, unsigned int n)
{
	while (n--)
		sum[n] += READ_ONCE(part[n]);
}

void vw_counts_sum(const struct vw_counts __percpu *counts, struct vw_counts *ret)
{
	unsigned int i;
	int cpu;

	memset(ret, 0, sizeof(*ret));
	for_each_possible_cpu(cpu) {
		const struct vw_counts *part = per_cpu_ptr(counts, cpu);

		add(ret->drops, part->drops, ARRAY_SIZE(part->drops));
		add(ret->classes, part->classes, ARRAY_SIZE(part->classes));
	}
	for (i = 0; i < ARRAY_SIZE(ret->classes); i++)
		ret->drops[VOXWALL_DROP_NONE] += ret->classes[i];
}
