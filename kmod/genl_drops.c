// SPDX-License-Identifier: GPL-2.0-or-later
#include "genl.h"
#include "genl_noun.h"
#include "port.h"
#include "stats.h"

/**
 * struct line - one message of the listing
 * @ifindex: of the port; 0: what no port could be named for
 * @counts: per CPU
 */
struct line {
	u32 ifindex;
	const struct vw_counts __percpu *counts;
};

static int put_line(struct sk_buff *msg, void *arg)
{
	struct nlattr *nest = nla_nest_start(msg, VOXWALL_A_DROPS);
	const struct line *line = arg;
	struct vw_counts sum;

	vw_counts_sum(line->counts, &sum);
	if (!nest || nla_put_u32(msg, VOXWALL_A_DROPS_IFINDEX, line->ifindex) ||
	    nla_put(msg, VOXWALL_A_DROPS_COUNTS, sizeof(sum.drops), sum.drops) ||
	    nla_put(msg, VOXWALL_A_DROPS_CLASSES, sizeof(sum.classes), sum.classes))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int dump_line(struct sk_buff *skb, struct netlink_callback *cb, u32 ifindex,
		     const struct vw_counts __percpu *counts)
{
	struct line line = { ifindex, counts };

	return vw_genl_dump_one(skb, cb, VOXWALL_CMD_DROPS_GET, put_line, &line);
}

/* The line without a port comes first, as if it were interface 0. */
static unsigned long dump_from(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct vw_net *vn, unsigned long from)
{
	struct vw_port *port;
	unsigned long i;

	if (!from && dump_line(skb, cb, 0, vn->counts))
		return 0;
	xa_for_each_start(&vn->ports->by_ifindex, i, port, from)
		if (dump_line(skb, cb, i, port->counts))
			return i;
	return ULONG_MAX;
}

/* cb->args[0]: the interface index to go on from. */
int vw_genl_drops_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vw_net *vn = vw_genl_dump_net(cb);

	mutex_lock(&vn->lock);
	cb->seq = vn->seq;
	if (rcu_access_pointer(vn->policy))
		cb->args[0] = dump_from(skb, cb, vn, cb->args[0]);
	mutex_unlock(&vn->lock);
	return skb->len;
}
