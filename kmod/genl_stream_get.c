// SPDX-License-Identifier: GPL-2.0-or-later
/* Streams as listings show them. Keys are never among it. */
#include "crypto.h"
#include "diagnosis.h"
#include "genl.h"
#include "genl_noun.h"
#include "genl_stream.h"
#include "latch.h"
#include "report.h"
#include "ssrc.h"
#include "stream.h"
#include "voxwall.h"

#define DRIVER_LEN	64

static int put_leg(struct sk_buff *msg, const struct vw_leg *leg, int addr, int rtp, int rtcp)
{
	if (nla_put(msg, addr, leg->family == 4 ? 4 : 16, &leg->addr) ||
	    nla_put_be16(msg, rtp, leg->rtp))
		return -EMSGSIZE;
	return leg->rtcp ? nla_put_be16(msg, rtcp, leg->rtcp) : 0;
}

#define PUT_LEG(msg, NAME, leg)							\
	put_leg(msg, leg, VOXWALL_A_STREAM_##NAME##_ADDR,			\
		VOXWALL_A_STREAM_##NAME##_PORT, VOXWALL_A_STREAM_##NAME##_RTCP)

static int put_life(struct sk_buff *msg, const struct vw_life *life)
{
	return nla_put_u64_64bit(msg, VOXWALL_A_CRYPTO_LIFETIME, life->limit,
				 VOXWALL_A_CRYPTO_PAD) ?:
	       nla_put_u64_64bit(msg, VOXWALL_A_CRYPTO_USED,
				 min_t(u64, atomic64_read(&life->used), life->limit),
				 VOXWALL_A_CRYPTO_PAD);
}

static int put_rare(struct sk_buff *msg, const struct vw_rare *r)
{
	u8 ids[VW_EXT_IDS], n = 0;
	unsigned int id;

	if (r->kdr && nla_put_u32(msg, VOXWALL_A_CRYPTO_KDR, r->kdr))
		return -EMSGSIZE;
	for (id = 1; id < VW_EXT_IDS; id++)
		if (vw_ext_has(&r->ids, id))
			ids[n++] = id;
	return n ? nla_put(msg, VOXWALL_A_CRYPTO_EXT_IDS, n, ids) : 0;
}

static int put_key(struct sk_buff *msg, const struct vw_key *key)
{
	if (put_life(msg, &key->life[0]) || (key->rare && put_rare(msg, key->rare)))
		return -EMSGSIZE;
	if (key->rtcp_clear && nla_put_flag(msg, VOXWALL_A_CRYPTO_RTCP_CLEAR))
		return -EMSGSIZE;
	return key->mki_len ? nla_put(msg, VOXWALL_A_CRYPTO_MKI, key->mki_len, key->mki) : 0;
}

static int put_driver(struct sk_buff *msg, const struct vw_key *key)
{
	char driver[DRIVER_LEN];

	vw_key_driver(key, driver, sizeof(driver));
	return nla_put_string(msg, VOXWALL_A_CRYPTO_DRIVER, driver);
}

static int put_slots(struct sk_buff *msg, const struct vw_stream *st, const struct vw_side *side)
{
	struct vw_key *key;
	unsigned int i;
	u8 slots = 0;

	for (i = 0; i < VW_STREAM_SLOTS; i++) {
		key = rcu_dereference_protected(side->slot[i], lockdep_is_held(&st->vn->lock));
		if (!key)
			continue;
		if (i == side->current_slot && (put_driver(msg, key) || put_key(msg, key)))
			return -EMSGSIZE;
		slots |= 1 << i;
	}
	return nla_put_u8(msg, VOXWALL_A_CRYPTO_SLOTS, slots);
}

static int put_side(struct sk_buff *msg, const struct vw_stream *st, const struct vw_side *side,
		    int type)
{
	struct nlattr *nest;

	if (!side->suite)
		return 0;
	nest = nla_nest_start(msg, type);
	if (!nest ||
	    nla_put_u16(msg, VOXWALL_A_CRYPTO_SUITE, side->suite->id) ||
	    nla_put_u8(msg, VOXWALL_A_CRYPTO_SLOT, side->current_slot) ||
	    put_slots(msg, st, side))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_u64(struct sk_buff *msg, int type, u64 value)
{
	return nla_put_u64_64bit(msg, type, value, VOXWALL_A_STREAM_PAD);
}

static int put_ssrc(struct sk_buff *msg, const struct vw_ssrc *s)
{
	struct nlattr *nest = nla_nest_start(msg, VOXWALL_A_LIST_SSRC);

	if (!nest ||
	    nla_put_u32(msg, VOXWALL_A_SSRC_ID, s->id) ||
	    nla_put_u32(msg, VOXWALL_A_SSRC_ROC, s->rtp.top >> 16) ||
	    nla_put_u16(msg, VOXWALL_A_SSRC_SEQ, s->rtp.top) ||
	    nla_put_u64_64bit(msg, VOXWALL_A_SSRC_PACKETS, s->packets, VOXWALL_A_SSRC_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_ssrcs(struct sk_buff *msg, const struct vw_stream *st)
{
	struct nlattr *list = nla_nest_start(msg, VOXWALL_A_STREAM_SSRCS);
	unsigned int i;

	if (!list)
		return -EMSGSIZE;
	for (i = 0; i < st->nssrc; i++)
		if (put_ssrc(msg, vw_ssrc_at(st, i)))
			return -EMSGSIZE;
	nla_nest_end(msg, list);
	return 0;
}

/* Where the first source is expected; it will be in the list of sources, then. */
static int put_first(struct sk_buff *msg, const struct vw_stream *st)
{
	u64 first = st->nssrc ? 0 : st->ssrc.rtp.top;

	if (first && (nla_put_u32(msg, VOXWALL_A_STREAM_ROC, first >> 16) ||
		      nla_put_u16(msg, VOXWALL_A_STREAM_SEQ, first)))
		return -EMSGSIZE;
	return 0;
}

/* The stream's lock is held. */
static int put_media(struct sk_buff *msg, const struct vw_stream *st)
{
	const struct vw_ssrc *newest = st->nssrc ? vw_ssrc_at(st, st->newest) : NULL;
	u64 lost = st->lost;
	unsigned int i;

	for (i = 0; i < st->nssrc; i++)
		lost += vw_ssrc_lost(vw_ssrc_at(st, i));
	if (put_u64(msg, VOXWALL_A_STREAM_PACKETS, st->packets) ||
	    put_u64(msg, VOXWALL_A_STREAM_BYTES, st->bytes) ||
	    put_u64(msg, VOXWALL_A_STREAM_RTCP_PACKETS, st->rtcp_packets) ||
	    put_u64(msg, VOXWALL_A_STREAM_LOST, lost) ||
	    nla_put_u32(msg, VOXWALL_A_STREAM_JITTER, newest ? newest->jitter >> 4 : 0) ||
	    (newest && nla_put_u8(msg, VOXWALL_A_STREAM_PAYLOAD, newest->pt)))
		return -EMSGSIZE;
	return put_first(msg, st) ?: put_ssrcs(msg, st) ?: vw_report_put(msg, st);
}

static int put_refused(struct sk_buff *msg, const struct vw_stream *st)
{
	/* In this order: a packet in between may not be younger than now. */
	unsigned long last = READ_ONCE(st->last_good);
	u64 idle = jiffies64_to_msecs(jiffies - last);

	return put_u64(msg, VOXWALL_A_STREAM_IDLE, idle) ?:
	       put_u64(msg, VOXWALL_A_STREAM_AUTH_FAILED, atomic64_read(&st->auth_failed)) ?:
	       put_u64(msg, VOXWALL_A_STREAM_REPLAYED, atomic64_read(&st->replayed)) ?:
	       put_u64(msg, VOXWALL_A_STREAM_STRANGERS, atomic64_read(&st->strangers)) ?:
	       put_u64(msg, VOXWALL_A_STREAM_DROPPED, atomic64_read(&st->dropped));
}

static int put_conf(struct sk_buff *msg, const struct vw_stream_conf *conf)
{
	if (nla_put_u32(msg, VOXWALL_A_STREAM_ID, conf->id) ||
	    nla_put_u8(msg, VOXWALL_A_STREAM_ZONE, conf->zone) ||
	    nla_put_u32(msg, VOXWALL_A_STREAM_CLOCK_RATE, conf->clock_rate) ||
	    nla_put_u32(msg, VOXWALL_A_STREAM_TIMEOUT, conf->timeout) ||
	    nla_put_u8(msg, VOXWALL_A_STREAM_FASTPATH, conf->fastpath) ||
	    PUT_LEG(msg, LOCAL, &conf->local))
		return -EMSGSIZE;
	if ((conf->label && nla_put_string(msg, VOXWALL_A_STREAM_LABEL, conf->label)) ||
	    (conf->peer && nla_put_u32(msg, VOXWALL_A_STREAM_PEER, conf->peer)))
		return -EMSGSIZE;
	return conf->clear_wan ? nla_put_flag(msg, VOXWALL_A_STREAM_CLEAR_WAN) : 0;
}

static int put_addr(struct sk_buff *msg, int type, const struct vw_leg *leg)
{
	return nla_put(msg, type, leg->family == 4 ? 4 : 16, &leg->addr);
}

static int put_latch(struct sk_buff *msg, const struct vw_latch *l)
{
	if (!l)
		return nla_put_u8(msg, VOXWALL_A_STREAM_LATCH, VOXWALL_LATCH_SDP);
	if (nla_put_u8(msg, VOXWALL_A_STREAM_LATCH, l->mode) ||
	    (l->only.family && put_addr(msg, VOXWALL_A_STREAM_LATCH_FROM, &l->only)) ||
	    (l->held && put_addr(msg, VOXWALL_A_STREAM_LATCHED_ADDR, &l->at)))
		return -EMSGSIZE;
	if (l->held & BIT(VW_LATCH_RTP) &&
	    nla_put_be16(msg, VOXWALL_A_STREAM_LATCHED_PORT, l->at.rtp))
		return -EMSGSIZE;
	return l->held & BIT(VW_LATCH_RTCP) ?
	       nla_put_be16(msg, VOXWALL_A_STREAM_LATCHED_RTCP, l->at.rtcp) : 0;
}

/* Packets may latch and move the target meanwhile. */
static int put_ends(struct sk_buff *msg, const struct vw_stream *st)
{
	const struct vw_target *t;
	int err;

	rcu_read_lock();
	t = rcu_dereference(st->target);
	err = PUT_LEG(msg, REMOTE, &t->remote) ?: PUT_LEG(msg, SRC, &t->src) ?:
	      PUT_LEG(msg, DST, &t->dst) ?: put_latch(msg, rcu_dereference(st->latch));
	rcu_read_unlock();
	return err;
}

static int put_body(struct sk_buff *msg, struct vw_stream *st)
{
	int err;

	err = put_conf(msg, &st->conf) ?:
	      put_ends(msg, st) ?:
	      put_side(msg, st, &st->open, VOXWALL_A_STREAM_OPEN) ?:
	      put_side(msg, st, &st->seal, VOXWALL_A_STREAM_SEAL) ?:
	      put_refused(msg, st) ?:
	      vw_diagnosis_put(msg, st);
	if (err)
		return err;
	spin_lock_bh(&st->lock);
	err = put_media(msg, st);
	spin_unlock_bh(&st->lock);
	return err;
}

static int put_stream(struct sk_buff *msg, void *arg)
{
	struct nlattr *nest = nla_nest_start(msg, VOXWALL_A_STREAM);

	if (!nest || put_body(msg, arg))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int vw_genl_stream_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vw_net *vn = vw_genl_net(info);
	struct vw_stream *st;
	u32 id;
	int err;

	err = vw_genl_stream_id(info, &id);
	if (err)
		return err;
	mutex_lock(&vn->lock);
	st = vw_stream_find(vn, id);
	err = st ? vw_genl_reply(info, put_stream, st) :
		   vw_refuse(info->extack, -ENOENT, "there is no such stream");
	mutex_unlock(&vn->lock);
	return err;
}

/* cb->args[0]: the identifier to go on from. */
int vw_genl_stream_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vw_net *vn = vw_genl_dump_net(cb);
	unsigned long id = cb->args[0];
	struct vw_stream *st;

	mutex_lock(&vn->lock);
	cb->seq = vn->seq;
	if (!vn->streams)
		goto out;
	xa_for_each_start(&vn->streams->by_id, id, st, cb->args[0]) {
		if (vw_genl_dump_one(skb, cb, VOXWALL_CMD_STREAM_GET, put_stream, st)) {
			cb->args[0] = id;
			goto out;
		}
	}
	/* Past the last identifier, so that nothing is shown twice. */
	cb->args[0] = ULONG_MAX;
out:
	mutex_unlock(&vn->lock);
	return skb->len;
}
