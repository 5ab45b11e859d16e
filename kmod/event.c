// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "event.h"
#include "genl.h"

#define BURST		32		/* events of one type at once */
#define REFILL		(HZ / 8)	/* jiffies until the next one may follow */

/**
 * struct bucket - the rate limit of one type
 * @stamp: jiffies of the last refill; read without the lock, too
 * @tokens: events that may be sent now; likewise
 * @suppressed: events that were not sent since the last one that was
 */
struct bucket {
	unsigned long stamp;
	u32 tokens;
	atomic_t suppressed;
};

/**
 * struct vw_events - the rate limits of one namespace
 * @lock: guards the buckets
 * @bucket: by enum voxwall_event
 */
struct vw_events {
	spinlock_t lock;
	struct bucket bucket[__VOXWALL_EVENT_MAX];
};

static bool events_flow;

/* Made by the agent's own doing, so no stranger can make a flood of them. */
static bool is_unlimited(u8 type)
{
	return type == VOXWALL_EVENT_STREAM_IDLE || type == VOXWALL_EVENT_PORT_GONE ||
	       type == VOXWALL_EVENT_KEY_EXPIRES;
}

static bool take_token(struct bucket *b)
{
	unsigned long gained = (jiffies - b->stamp) / REFILL;

	if (gained >= BURST - b->tokens) {
		WRITE_ONCE(b->tokens, BURST);
		WRITE_ONCE(b->stamp, jiffies);
	} else {
		WRITE_ONCE(b->tokens, b->tokens + gained);
		WRITE_ONCE(b->stamp, b->stamp + gained * REFILL);
	}
	if (!b->tokens)
		return false;
	WRITE_ONCE(b->tokens, b->tokens - 1);
	return true;
}

/* All that most of a flood costs: nobody need wait for a lock to hear a no. */
static bool is_spent(const struct bucket *b)
{
	return !READ_ONCE(b->tokens) && time_before(jiffies, READ_ONCE(b->stamp) + REFILL);
}

/* Full is -1, so that a long flood doesn't begin again at 0. */
static void count_suppressed(struct bucket *b)
{
	atomic_add_unless(&b->suppressed, 1, -1);
}

static bool may_send(struct vw_events *events, u8 type, u32 *ret_suppressed)
{
	struct bucket *b = &events->bucket[type];
	bool may = false;

	*ret_suppressed = 0;
	if (is_unlimited(type))
		return true;
	if (!is_spent(b)) {
		spin_lock_bh(&events->lock);
		may = take_token(b);
		spin_unlock_bh(&events->lock);
	}
	if (may)
		*ret_suppressed = atomic_xchg(&b->suppressed, 0);
	else
		count_suppressed(b);
	return may;
}

static void not_sent(struct vw_events *events, u8 type, u32 lost)
{
	atomic_add(lost, &events->bucket[type].suppressed);
}

static bool names_mac(u8 type)
{
	return type == VOXWALL_EVENT_STATION_UNKNOWN || type == VOXWALL_EVENT_STATION_MOVED ||
	       type == VOXWALL_EVENT_ROGUE_VOICE;
}

static bool names_class(u8 type)
{
	return type == VOXWALL_EVENT_ROGUE_VOICE || type == VOXWALL_EVENT_LEAK;
}

static int put_event(struct sk_buff *msg, const struct vw_event *ev, u32 suppressed)
{
	struct nlattr *nest = nla_nest_start(msg, VOXWALL_A_EVENT);

	if (!nest || nla_put_u8(msg, VOXWALL_A_EVENT_TYPE, ev->type) ||
	    (ev->ifindex && nla_put_u32(msg, VOXWALL_A_EVENT_IFINDEX, ev->ifindex)) ||
	    (ev->stream && nla_put_u32(msg, VOXWALL_A_EVENT_STREAM, ev->stream)) ||
	    (ev->drop && nla_put_u8(msg, VOXWALL_A_EVENT_DROP, ev->drop)) ||
	    (names_mac(ev->type) &&
	     (nla_put(msg, VOXWALL_A_EVENT_MAC, ETH_ALEN, ev->mac) ||
	      nla_put_u16(msg, VOXWALL_A_EVENT_VLAN, ev->vlan))) ||
	    (names_class(ev->type) && nla_put_u8(msg, VOXWALL_A_EVENT_CLASS, ev->class)) ||
	    (suppressed && nla_put_u32(msg, VOXWALL_A_EVENT_SUPPRESSED, suppressed)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static struct sk_buff *new_message(const struct vw_event *ev, u32 suppressed)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_ATOMIC);
	void *head;

	if (!msg)
		return NULL;
	head = genlmsg_put(msg, 0, 0, &vw_genl_family, 0, VOXWALL_CMD_EVENT);
	if (!head || put_event(msg, ev, suppressed)) {
		nlmsg_free(msg);
		return NULL;
	}
	genlmsg_end(msg, head);
	return msg;
}

void vw_event(struct vw_net *vn, const struct vw_event *ev)
{
	struct sk_buff *msg;
	u32 suppressed;

	/* The group is the family's, and vw_event_module_stop() waits for readers. */
	rcu_read_lock();
	if (!READ_ONCE(events_flow) || !may_send(vn->events, ev->type, &suppressed))
		goto out;
	msg = new_message(ev, suppressed);
	if (msg)
		genlmsg_multicast_netns(&vw_genl_family, vn->net, msg, 0,
					VW_GENL_GROUP_EVENTS, GFP_ATOMIC);
	else
		not_sent(vn->events, ev->type, suppressed + 1);
out:
	rcu_read_unlock();
}

int vw_events_init(struct vw_net *vn)
{
	unsigned int i;

	vn->events = kzalloc(sizeof(*vn->events), GFP_KERNEL_ACCOUNT);
	if (!vn->events)
		return -ENOMEM;
	spin_lock_init(&vn->events->lock);
	for (i = 0; i < ARRAY_SIZE(vn->events->bucket); i++)
		vn->events->bucket[i] = (struct bucket){ jiffies, BURST, ATOMIC_INIT(0) };
	return 0;
}

void vw_events_exit(struct vw_net *vn)
{
	kfree(vn->events);
	vn->events = NULL;
}

void vw_event_module_start(void)
{
	WRITE_ONCE(events_flow, true);
}

void vw_event_module_stop(void)
{
	WRITE_ONCE(events_flow, false);
	synchronize_rcu();
}
