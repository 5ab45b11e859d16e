// SPDX-License-Identifier: GPL-2.0-or-later
#include <asm/unaligned.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>

#include "flow.h"

#define BUCKETS		4096
#define WAYS		4

/**
 * struct tuple - whose flow it is, whole: a hash alone could mix up two
 * @saddr: source address, IPv4 in the first four bytes
 * @daddr: destination address, likewise
 * @sport: source port, host order
 * @dport: destination port
 * @family: 4 or 6
 * @proto: IP protocol
 * @place: enum vw_flow_place
 * @zero: keeps the hash off padding
 */
struct tuple {
	u8 saddr[16];
	u8 daddr[16];
	u16 sport;
	u16 dport;
	u8 family;
	u8 proto;
	u8 place;
	u8 zero;
};

struct way {
	struct tuple tuple;
	struct vw_flow flow;
};

/**
 * struct bucket - a few flows
 * @lock: guards @way; held for one judgement
 * @way: family 0: free
 */
struct bucket {
	spinlock_t lock;
	struct way way[WAYS];
};

/**
 * struct vw_flows - the classifier's memory of one namespace
 * @secret: of the hash; a stranger must not be able to aim at a bucket
 * @bucket: the flows, by hash
 */
struct vw_flows {
	hsiphash_key_t secret;
	struct bucket bucket[BUCKETS];
};

static struct tuple tuple_of(const struct vw_frame *f, enum vw_flow_place place)
{
	size_t len = f->family == 4 ? 4 : 16;
	struct tuple t = {
		.sport = f->sport,
		.dport = f->dport,
		.family = f->family,
		.proto = f->proto,
		.place = place,
	};

	memcpy(t.saddr, f->saddr, len);
	memcpy(t.daddr, f->daddr, len);
	return t;
}

/* IPv4 has a quarter of the words, and the shorter hash is a third of the work. */
static u32 hash_of(const struct vw_flows *flows, const struct tuple *t)
{
	if (t->family != 4)
		return hsiphash(t, sizeof(*t), &flows->secret);
	return hsiphash_4u32(get_unaligned((const u32 *)t->saddr),
			     get_unaligned((const u32 *)t->daddr),
			     (u32)t->sport << 16 | t->dport,
			     (u32)t->proto << 8 | t->place, &flows->secret);
}

/* The flow's way, or the one that has been silent the longest, emptied. */
static struct vw_flow *find(struct bucket *bucket, const struct tuple *t)
{
	struct way *oldest = bucket->way;
	struct way *way;

	for (way = bucket->way; way < bucket->way + WAYS; way++) {
		if (!memcmp(&way->tuple, t, sizeof(*t)))
			return &way->flow;
		if (way->flow.last_ms < oldest->flow.last_ms)
			oldest = way;
	}
	oldest->tuple = *t;
	memset(&oldest->flow, 0, sizeof(oldest->flow));
	return &oldest->flow;
}

enum voxwall_class vw_flow_classify(struct vw_net *vn, const struct sk_buff *skb,
				    const struct vw_frame *f, enum vw_flow_place place,
				    bool *ret_settled)
{
	struct vw_flows *flows = vn->flows;
	enum voxwall_class class;
	struct bucket *bucket;
	struct vw_flow *flow;
	struct tuple t;
	u64 now;

	/* Without ports there is no flow and no content to go by. */
	if (!f->family || !f->payload)
		return VOXWALL_CLASS_OTHER;
	now = jiffies64_to_msecs(get_jiffies_64());
	t = tuple_of(f, place);
	bucket = &flows->bucket[hash_of(flows, &t) % BUCKETS];
	spin_lock_bh(&bucket->lock);
	flow = find(bucket, &t);
	class = vw_flow_step(flow, f, skb->data + f->payload,
			     vw_frame_have(f, skb_headlen(skb)), now);
	/* Whoever guards the way out rather refuses too much. */
	if (place == VW_FLOW_OUT && class == VOXWALL_CLASS_OTHER && vw_flow_may_be_rtp(flow))
		class = VOXWALL_CLASS_CANDIDATE;
	if (ret_settled)
		*ret_settled = vw_flow_is_settled(flow);
	spin_unlock_bh(&bucket->lock);
	return class;
}

int vw_flows_init(struct vw_net *vn)
{
	unsigned int i;

	BUILD_BUG_ON(sizeof(struct tuple) != 40);
	vn->flows = kvzalloc(sizeof(*vn->flows), GFP_KERNEL_ACCOUNT);
	if (!vn->flows)
		return -ENOMEM;
	get_random_bytes(&vn->flows->secret, sizeof(vn->flows->secret));
	for (i = 0; i < BUCKETS; i++)
		spin_lock_init(&vn->flows->bucket[i].lock);
	return 0;
}

void vw_flows_exit(struct vw_net *vn)
{
	kvfree(vn->flows);
	vn->flows = NULL;
}
