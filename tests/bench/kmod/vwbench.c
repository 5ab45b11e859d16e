// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bench for packet paths: network devices that send nothing, and a character
 * device that lets frames arrive at one of them and counts what the processor
 * does from netif_receive_skb() until some device of the bench is asked to
 * transmit. In a machine where one tick of the cycle counter is one instruction,
 * that is a number of instructions.
 *
 * For one frame at a time on one processor; never for a machine with a job.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timex.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>

#include "vwbench.h"

#define FRAMES_MAX	(1 << 20)
#define BYTES_MAX	(64 << 20)
#define ROOM		1536	/* as a driver for Ethernet allocates */

/* One run at a time. */
static DEFINE_MUTEX(bench_lock);
static struct vwbench_result result;

/* The frame that is under way. */
static struct {
	cycles_t end;
	unsigned int out;
	unsigned int out_len;
	unsigned int allocs;
	bool moving;
} now;

/* ---- the devices ---- */

static netdev_tx_t bench_xmit(struct sk_buff *skb, struct net_device *dev)
{
	now.end = get_cycles();
	now.moving = false;
	now.out++;
	now.out_len = skb->len;
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops bench_ops = {
	.ndo_start_xmit = bench_xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static void bench_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &bench_ops;
	dev->needs_free_netdev = true;
	dev->features |= NETIF_F_LLTX | NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX;
	dev->priv_flags |= IFF_NO_QUEUE;
	eth_hw_addr_random(dev);
}

static struct rtnl_link_ops bench_link_ops = {
	.kind = "vwbench",
	.setup = bench_setup,
};

/* ---- allocations, through the tracepoints of kmem ---- */

static const char *const alloc_names[] = {
	"kmalloc", "kmalloc_node", "kmem_cache_alloc", "kmem_cache_alloc_node", "mm_page_alloc",
};

static struct tracepoint *alloc_points[ARRAY_SIZE(alloc_names)];

/* Called with the tracepoint's arguments, of which none matters here. */
static void alloc_seen(void *data)
{
	if (now.moving && in_softirq() && !in_hardirq())
		now.allocs++;
}

static void alloc_find(struct tracepoint *tp, void *data)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(alloc_names); i++)
		if (!strcmp(tp->name, alloc_names[i]))
			alloc_points[i] = tp;
}

static void allocs_unwatch(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(alloc_points); i++)
		if (alloc_points[i])
			tracepoint_probe_unregister(alloc_points[i], alloc_seen, NULL);
	tracepoint_synchronize_unregister();
}

static int allocs_watch(void)
{
	int i, err;

	for_each_kernel_tracepoint(alloc_find, NULL);
	for (i = 0; i < ARRAY_SIZE(alloc_points); i++) {
		if (!alloc_points[i])
			continue;
		err = tracepoint_probe_register(alloc_points[i], alloc_seen, NULL);
		if (err) {
			alloc_points[i] = NULL;
			allocs_unwatch();
			return err;
		}
	}
	return 0;
}

/* ---- hooks that do nothing: what the kernel itself takes to call one ---- */

static unsigned int hook_nothing(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static struct nf_hook_ops hook_in = {
	.hook = hook_nothing,
	.pf = NFPROTO_NETDEV,
	.hooknum = NF_NETDEV_INGRESS,
	.priority = INT_MIN,
};

static struct nf_hook_ops hook_out = {
	.hook = hook_nothing,
	.pf = NFPROTO_INET,
	.hooknum = NF_INET_POST_ROUTING,
	.priority = INT_MAX - 1,
};

static struct nf_hook_ops *const hooks[] = { &hook_in, &hook_out };
static const u32 hook_flags[] = { VWBENCH_HOOK_IN, VWBENCH_HOOK_OUT };

static void hooks_remove(struct net_device *dev, u32 flags)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (flags & hook_flags[i])
			nf_unregister_net_hook(dev_net(dev), hooks[i]);
}

static int hooks_place(struct net_device *dev, u32 flags)
{
	u32 placed = 0;
	int i, err;

	hook_in.dev = dev;
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (!(flags & hook_flags[i]))
			continue;
		err = nf_register_net_hook(dev_net(dev), hooks[i]);
		if (err) {
			hooks_remove(dev, placed);
			return err;
		}
		placed |= hook_flags[i];
	}
	return 0;
}

/* ---- one frame ---- */

static struct sk_buff *bench_skb(struct net_device *dev, const struct vwbench_frame *f)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(dev, ROOM);

	if (!skb)
		return NULL;
	skb_put_data(skb, f + 1, f->len);
	skb->protocol = eth_type_trans(skb, dev);
	/* Every usual device has checked it. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (f->vlan)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), f->vlan);
	return skb;
}

/* Return: instructions, or 0 when it came to the other end. */
static u32 bench_one(struct sk_buff *skb, u32 flags)
{
	cycles_t start, returned;

	now.out = 0;
	local_bh_disable();
	now.moving = true;
	start = get_cycles();
	netif_receive_skb(skb);
	returned = get_cycles();
	now.moving = false;
	local_bh_enable();
	if (flags & VWBENCH_DROPPED)
		return now.out ? 0 : returned - start;
	return now.out == 1 ? now.end - start : 0;
}

/* ---- a run ---- */

static int compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static void bench_sum(u32 *took, u32 n)
{
	u32 from = n / 4, to = n - n / 4, i;
	u64 sum = 0;

	result.measured = n;
	result.out_len = now.out_len;
	result.allocs = now.allocs;
	if (!n)
		return;
	sort(took, n, sizeof(*took), compare, NULL);
	for (i = from; i < to; i++)
		sum += took[i];
	result.median = took[n / 2];
	result.mean = div_u64(sum, to - from);
	result.min = took[0];
	result.max = took[n - 1];
}

static int bench_feed(struct net_device *dev, const struct vwbench_run *run,
		      const u8 *p, const u8 *end, u32 *took)
{
	const struct vwbench_frame *f;
	struct sk_buff *skb;
	u32 i, one, n = 0;

	for (i = 0; i < run->frames; i++) {
		f = (const struct vwbench_frame *)p;
		if (end - p < sizeof(*f) || end - p - sizeof(*f) < f->len ||
		    f->len < ETH_HLEN || f->len > ROOM)
			return -EINVAL;
		p += sizeof(*f) + f->len;
		if (i == run->warmup)
			now.allocs = 0;
		skb = bench_skb(dev, f);
		if (!skb)
			return -ENOMEM;
		one = bench_one(skb, run->flags);
		if (!one)
			result.astray++;
		else if (i >= run->warmup)
			took[n++] = one;
		cond_resched();
	}
	bench_sum(took, n);
	return 0;
}

static int bench_run(const u8 *p, size_t len)
{
	const struct vwbench_run *run = (const struct vwbench_run *)p;
	struct net_device *dev;
	int err = -EINVAL;
	u32 *took;

	memset(&result, 0, sizeof(result));
	if (!run->frames || run->frames > FRAMES_MAX)
		return -EINVAL;
	took = kvmalloc_array(run->frames, sizeof(*took), GFP_KERNEL);
	if (!took)
		return -ENOMEM;
	dev = dev_get_by_index(current->nsproxy->net_ns, run->ifindex);
	if (!dev)
		goto err_took;
	if (dev->netdev_ops == &bench_ops && netif_running(dev))
		err = hooks_place(dev, run->flags);
	if (err)
		goto err_dev;
	err = run->flags & VWBENCH_ALLOCS ? allocs_watch() : 0;
	if (err)
		goto err_hooks;
	err = bench_feed(dev, run, (const u8 *)(run + 1), p + len, took);
	if (run->flags & VWBENCH_ALLOCS)
		allocs_unwatch();

err_hooks:
	hooks_remove(dev, run->flags);

err_dev:
	dev_put(dev);

err_took:
	kvfree(took);
	return err;
}

static ssize_t bench_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	u8 *p;
	int err;

	if (len < sizeof(struct vwbench_run) || len > BYTES_MAX)
		return -EINVAL;
	p = vmemdup_user(buf, len);
	if (IS_ERR(p))
		return PTR_ERR(p);
	mutex_lock(&bench_lock);
	err = bench_run(p, len);
	mutex_unlock(&bench_lock);
	kvfree(p);
	return err ?: len;
}

static ssize_t bench_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct vwbench_result r;

	mutex_lock(&bench_lock);
	r = result;
	mutex_unlock(&bench_lock);
	if (len < sizeof(r))
		return -EINVAL;
	return copy_to_user(buf, &r, sizeof(r)) ? -EFAULT : sizeof(r);
}

static const struct file_operations bench_fops = {
	.owner = THIS_MODULE,
	.write = bench_write,
	.read = bench_read,
};

static struct miscdevice bench_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vwbench",
	.fops = &bench_fops,
	.mode = 0600,
};

static int __init bench_init(void)
{
	int err = rtnl_link_register(&bench_link_ops);

	if (err)
		return err;
	err = misc_register(&bench_misc);
	if (err)
		rtnl_link_unregister(&bench_link_ops);
	return err;
}

static void __exit bench_exit(void)
{
	misc_deregister(&bench_misc);
	rtnl_link_unregister(&bench_link_ops);
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("Counts the instructions of a packet path");
MODULE_LICENSE("GPL");
