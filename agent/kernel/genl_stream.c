// SPDX-License-Identifier: GPL-2.0-or-later
/* Streams on the wire. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "../../kmod/core/srtp.h"
#include "genl_priv.h"

/* The attributes of one leg: address, RTP port, RTCP port. */
struct leg_attrs {
	int addr;
	int rtp;
	int rtcp;
};

static const struct leg_attrs local_attrs = {
	VOXWALL_A_STREAM_LOCAL_ADDR, VOXWALL_A_STREAM_LOCAL_PORT, VOXWALL_A_STREAM_LOCAL_RTCP,
};
static const struct leg_attrs remote_attrs = {
	VOXWALL_A_STREAM_REMOTE_ADDR, VOXWALL_A_STREAM_REMOTE_PORT, VOXWALL_A_STREAM_REMOTE_RTCP,
};
static const struct leg_attrs src_attrs = {
	VOXWALL_A_STREAM_SRC_ADDR, VOXWALL_A_STREAM_SRC_PORT, VOXWALL_A_STREAM_SRC_RTCP,
};
static const struct leg_attrs dst_attrs = {
	VOXWALL_A_STREAM_DST_ADDR, VOXWALL_A_STREAM_DST_PORT, VOXWALL_A_STREAM_DST_RTCP,
};

static const struct leg_attrs latched_attrs = {
	VOXWALL_A_STREAM_LATCHED_ADDR, VOXWALL_A_STREAM_LATCHED_PORT,
	VOXWALL_A_STREAM_LATCHED_RTCP,
};
static const struct leg_attrs latch_from_attrs = { .addr = VOXWALL_A_STREAM_LATCH_FROM };

static int put_leg(struct nl_msg *msg, const struct vw_genl_leg *leg, const struct leg_attrs *at)
{
	if (nla_put(msg, at->addr, (int)vw_addr_len(leg->family), leg->addr) ||
	    nla_put_u16(msg, at->rtp, htons(leg->rtp)))
		return -1;
	return leg->rtcp ? nla_put_u16(msg, at->rtcp, htons(leg->rtcp)) : 0;
}

static int put_ext_ids(struct nl_msg *msg, const struct vw_ext_ids *ext)
{
	u8 ids[VW_EXT_IDS];
	int n = 0;

	for (unsigned int id = 1; id < VW_EXT_IDS; id++)
		if (vw_ext_has(ext, (u8)id))
			ids[n++] = (u8)id;
	return n ? nla_put(msg, VOXWALL_A_CRYPTO_EXT_IDS, n, ids) : 0;
}

static int put_crypto(struct nl_msg *msg, const struct vw_genl_crypto *c, int type)
{
	const struct vw_suite *suite = vw_suite_get(c->suite);
	struct nlattr *nest;

	if (!suite)
		return 0;
	nest = vw_genl_nest(msg, type);
	if (!nest ||
	    nla_put_u16(msg, VOXWALL_A_CRYPTO_SUITE, c->suite) ||
	    nla_put_u8(msg, VOXWALL_A_CRYPTO_SLOT, c->slot) ||
	    nla_put(msg, VOXWALL_A_CRYPTO_KEY, suite->key_len, c->key) ||
	    nla_put(msg, VOXWALL_A_CRYPTO_SALT, suite->salt_len, c->salt))
		return -1;
	if (c->use && nla_put_u8(msg, VOXWALL_A_CRYPTO_USE, 1))
		return -1;
	if (c->use && c->grace_ms && nla_put_u32(msg, VOXWALL_A_CRYPTO_GRACE, c->grace_ms))
		return -1;
	if (c->rtcp_clear && nla_put_flag(msg, VOXWALL_A_CRYPTO_RTCP_CLEAR))
		return -1;
	if (c->lifetime && nla_put_u64(msg, VOXWALL_A_CRYPTO_LIFETIME, c->lifetime))
		return -1;
	if (c->mki_len && nla_put(msg, VOXWALL_A_CRYPTO_MKI, c->mki_len, c->mki))
		return -1;
	if ((c->kdr && nla_put_u32(msg, VOXWALL_A_CRYPTO_KDR, c->kdr)) ||
	    put_ext_ids(msg, &c->ext))
		return -1;
	nla_nest_end(msg, nest);
	return 0;
}

/* What a stream is from its birth on. */
static int put_birth(struct nl_msg *msg, const struct vw_genl_stream *s)
{
	if (s->label[0] && nla_put_string(msg, VOXWALL_A_STREAM_LABEL, s->label))
		return -1;
	if (s->peer && nla_put_u32(msg, VOXWALL_A_STREAM_PEER, s->peer))
		return -1;
	if (nla_put_u8(msg, VOXWALL_A_STREAM_ZONE, s->zone) ||
	    put_leg(msg, &s->local, &local_attrs) || put_leg(msg, &s->src, &src_attrs))
		return -1;
	if (s->clear_wan && nla_put_flag(msg, VOXWALL_A_STREAM_CLEAR_WAN))
		return -1;
	return s->clock_rate ? nla_put_u32(msg, VOXWALL_A_STREAM_CLOCK_RATE, s->clock_rate) : 0;
}

static int put_first(struct nl_msg *msg, const struct vw_genl_stream *s)
{
	if (s->has_roc && nla_put_u32(msg, VOXWALL_A_STREAM_ROC, s->roc))
		return -1;
	return s->has_seq ? nla_put_u16(msg, VOXWALL_A_STREAM_SEQ, s->seq) : 0;
}

static int put_latch(struct nl_msg *msg, const struct vw_genl_stream *s)
{
	const struct vw_genl_leg *from = &s->latch_from;

	if (nla_put_u8(msg, VOXWALL_A_STREAM_LATCH, s->latch))
		return -1;
	return from->family ? nla_put(msg, VOXWALL_A_STREAM_LATCH_FROM,
				      (int)vw_addr_len(from->family), from->addr) : 0;
}

static int put_parts(struct nl_msg *msg, const struct vw_genl_stream *s, unsigned int parts)
{
	if ((parts & VW_STREAM_REMOTE) && put_leg(msg, &s->remote, &remote_attrs))
		return -1;
	if ((parts & VW_STREAM_DST) && put_leg(msg, &s->dst, &dst_attrs))
		return -1;
	if ((parts & VW_STREAM_OPEN) && put_crypto(msg, &s->open, VOXWALL_A_STREAM_OPEN))
		return -1;
	if ((parts & VW_STREAM_SEAL) && put_crypto(msg, &s->seal, VOXWALL_A_STREAM_SEAL))
		return -1;
	if ((parts & VW_STREAM_ROC) && put_first(msg, s))
		return -1;
	if ((parts & VW_STREAM_TIMEOUT) &&
	    nla_put_u32(msg, VOXWALL_A_STREAM_TIMEOUT, s->timeout_ms))
		return -1;
	if ((parts & VW_STREAM_LATCH) && put_latch(msg, s))
		return -1;
	if (parts & VW_STREAM_FASTPATH)
		return nla_put_u8(msg, VOXWALL_A_STREAM_FASTPATH, !s->fastpath_off);
	return 0;
}

static int change(struct vw_genl *g, u8 cmd, const struct vw_genl_stream *s, unsigned int parts)
{
	struct nl_msg *msg = vw_genl_request(g, cmd, 0);
	struct nlattr *nest;

	if (!msg)
		return -ENOMEM;
	nest = vw_genl_nest(msg, VOXWALL_A_STREAM);
	if (!nest || nla_put_u32(msg, VOXWALL_A_STREAM_ID, s->id) ||
	    (cmd == VOXWALL_CMD_STREAM_NEW && put_birth(msg, s)) || put_parts(msg, s, parts))
		return vw_genl_overflow(g, msg);
	nla_nest_end(msg, nest);
	return vw_genl_do(g, msg);
}

int vw_genl_stream_new(struct vw_genl *g, const struct vw_genl_stream *s)
{
	return change(g, VOXWALL_CMD_STREAM_NEW, s, VW_STREAM_REMOTE | VW_STREAM_DST |
		      VW_STREAM_OPEN | VW_STREAM_SEAL | VW_STREAM_TIMEOUT | VW_STREAM_ROC |
		      VW_STREAM_FASTPATH | VW_STREAM_LATCH);
}

int vw_genl_stream_set(struct vw_genl *g, const struct vw_genl_stream *s, unsigned int parts)
{
	return change(g, VOXWALL_CMD_STREAM_SET, s, parts);
}

int vw_genl_stream_del(struct vw_genl *g, u32 id)
{
	struct vw_genl_stream s = { .id = id };

	return change(g, VOXWALL_CMD_STREAM_DEL, &s, 0);
}

static u16 attr_port(const struct nlattr *a)
{
	return ntohs(vw_attr_u16(a));
}

static void take_leg(struct nlattr **tb, struct vw_genl_leg *leg, const struct leg_attrs *at)
{
	struct nlattr *addr = tb[at->addr];

	leg->rtp = attr_port(tb[at->rtp]);
	leg->rtcp = attr_port(tb[at->rtcp]);
	if (!addr || (nla_len(addr) != 4 && nla_len(addr) != 16))
		return;
	leg->family = nla_len(addr) == 16 ? 6 : 4;
	memcpy(leg->addr, nla_data(addr), (size_t)nla_len(addr));
}

static void take_mki(const struct nlattr *a, struct vw_genl_crypto *c)
{
	if (!a || nla_len(a) > VOXWALL_MKI_LEN)
		return;
	c->mki_len = (u8)nla_len(a);
	memcpy(c->mki, nla_data(a), c->mki_len);
}

static void take_ext_ids(const struct nlattr *a, struct vw_ext_ids *ret)
{
	const u8 *ids = a ? nla_data(a) : NULL;

	for (int i = 0; a && i < nla_len(a); i++)
		vw_ext_add(ret, ids[i]);
}

static void take_crypto(struct nlattr *nest, struct vw_genl_crypto *c)
{
	struct nlattr *tb[VOXWALL_A_CRYPTO_MAX + 1];

	if (!nest || nla_parse_nested(tb, VOXWALL_A_CRYPTO_MAX, nest, NULL) < 0)
		return;
	c->suite = vw_attr_u16(tb[VOXWALL_A_CRYPTO_SUITE]);
	c->slot = vw_attr_u8(tb[VOXWALL_A_CRYPTO_SLOT]);
	c->slots = vw_attr_u8(tb[VOXWALL_A_CRYPTO_SLOTS]);
	c->rtcp_clear = tb[VOXWALL_A_CRYPTO_RTCP_CLEAR];
	c->lifetime = vw_attr_u64(tb[VOXWALL_A_CRYPTO_LIFETIME], 0);
	c->used = vw_attr_u64(tb[VOXWALL_A_CRYPTO_USED], 0);
	c->kdr = vw_attr_u32(tb[VOXWALL_A_CRYPTO_KDR]);
	take_mki(tb[VOXWALL_A_CRYPTO_MKI], c);
	take_ext_ids(tb[VOXWALL_A_CRYPTO_EXT_IDS], &c->ext);
	if (tb[VOXWALL_A_CRYPTO_DRIVER])
		nla_strlcpy(c->driver, tb[VOXWALL_A_CRYPTO_DRIVER], sizeof(c->driver));
}

static void take_ssrcs(struct nlattr *list, struct vw_genl_stream *s)
{
	struct nlattr *tb[VOXWALL_A_SSRC_MAX + 1], *a;
	struct vw_genl_ssrc *one;
	int left;

	nla_for_each_nested(a, list, left) {
		if (s->nssrcs == VOXWALL_MAX_SSRCS ||
		    nla_parse_nested(tb, VOXWALL_A_SSRC_MAX, a, NULL) < 0)
			return;
		one = &s->ssrcs[s->nssrcs++];
		one->id = vw_attr_u32(tb[VOXWALL_A_SSRC_ID]);
		one->roc = vw_attr_u32(tb[VOXWALL_A_SSRC_ROC]);
		one->seq = vw_attr_u16(tb[VOXWALL_A_SSRC_SEQ]);
		one->packets = vw_attr_u64(tb[VOXWALL_A_SSRC_PACKETS], 0);
	}
}

static void take_voip(struct nlattr **tb, struct vw_genl_report *r)
{
	struct nlattr *rating = tb[VOXWALL_A_REPORT_VOIP_R];

	r->has_voip = tb[VOXWALL_A_REPORT_VOIP_LOSS];
	r->voip_loss = vw_attr_u8(tb[VOXWALL_A_REPORT_VOIP_LOSS]);
	r->voip_discard = vw_attr_u8(tb[VOXWALL_A_REPORT_VOIP_DISCARD]);
	r->voip_delay_ms = vw_attr_u16(tb[VOXWALL_A_REPORT_VOIP_DELAY]);
	r->voip_r = rating ? vw_attr_u8(rating) : UINT8_MAX;
	r->voip_mos_lq = vw_attr_u8(tb[VOXWALL_A_REPORT_VOIP_MOS_LQ]);
	r->voip_mos_cq = vw_attr_u8(tb[VOXWALL_A_REPORT_VOIP_MOS_CQ]);
	r->voip_bare = tb[VOXWALL_A_REPORT_VOIP_BARE];
}

static void take_report(struct nlattr *nest, struct vw_genl_report *r)
{
	struct nlattr *tb[VOXWALL_A_REPORT_MAX + 1];

	if (!nest || nla_parse_nested(tb, VOXWALL_A_REPORT_MAX, nest, NULL) < 0)
		return;
	r->has_block = tb[VOXWALL_A_REPORT_SOURCE];
	r->source = vw_attr_u32(tb[VOXWALL_A_REPORT_SOURCE]);
	r->age_ms = vw_attr_u64(tb[VOXWALL_A_REPORT_AGE], 0);
	r->fraction = vw_attr_u8(tb[VOXWALL_A_REPORT_FRACTION]);
	r->lost = (s32)vw_attr_u32(tb[VOXWALL_A_REPORT_LOST]);
	r->jitter_us = vw_attr_u32(tb[VOXWALL_A_REPORT_JITTER]);
	r->has_trip = tb[VOXWALL_A_REPORT_ROUND_TRIP];
	r->trip_us = vw_attr_u32(tb[VOXWALL_A_REPORT_ROUND_TRIP]);
	take_voip(tb, r);
}

static void take_diagnosis(struct nlattr *nest, struct vw_genl_diagnosis *d)
{
	struct nlattr *tb[VOXWALL_A_DIAGNOSIS_MAX + 1];

	if (!nest || nla_parse_nested(tb, VOXWALL_A_DIAGNOSIS_MAX, nest, NULL) < 0)
		return;
	d->known = tb[VOXWALL_A_DIAGNOSIS_VERDICT];
	d->verdict = vw_attr_u8(tb[VOXWALL_A_DIAGNOSIS_VERDICT]);
	d->age_ms = vw_attr_u64(tb[VOXWALL_A_DIAGNOSIS_AGE], 0);
	d->rtcp = tb[VOXWALL_A_DIAGNOSIS_RTCP];
	d->ssrc = vw_attr_u32(tb[VOXWALL_A_DIAGNOSIS_SSRC]);
	d->has_roc = tb[VOXWALL_A_DIAGNOSIS_ROC];
	d->roc = vw_attr_u32(tb[VOXWALL_A_DIAGNOSIS_ROC]);
	d->expected = vw_attr_u32(tb[VOXWALL_A_DIAGNOSIS_EXPECTED_ROC]);
	vw_attr_counts(tb[VOXWALL_A_DIAGNOSIS_COUNTS], d->counts, ARRAY_SIZE(d->counts));
}

static void take_counters(struct nlattr **tb, struct vw_genl_stream *s)
{
	struct nlattr *payload = tb[VOXWALL_A_STREAM_PAYLOAD];

	s->payload = payload ? vw_attr_u8(payload) : UINT8_MAX;
	s->idle_ms = vw_attr_u64(tb[VOXWALL_A_STREAM_IDLE], 0);
	s->packets = vw_attr_u64(tb[VOXWALL_A_STREAM_PACKETS], 0);
	s->bytes = vw_attr_u64(tb[VOXWALL_A_STREAM_BYTES], 0);
	s->rtcp_packets = vw_attr_u64(tb[VOXWALL_A_STREAM_RTCP_PACKETS], 0);
	s->lost = vw_attr_u64(tb[VOXWALL_A_STREAM_LOST], 0);
	s->jitter_us = vw_attr_u32(tb[VOXWALL_A_STREAM_JITTER]);
	s->auth_failed = vw_attr_u64(tb[VOXWALL_A_STREAM_AUTH_FAILED], 0);
	s->replayed = vw_attr_u64(tb[VOXWALL_A_STREAM_REPLAYED], 0);
	s->strangers = vw_attr_u64(tb[VOXWALL_A_STREAM_STRANGERS], 0);
	s->dropped = vw_attr_u64(tb[VOXWALL_A_STREAM_DROPPED], 0);
	if (tb[VOXWALL_A_STREAM_SSRCS])
		take_ssrcs(tb[VOXWALL_A_STREAM_SSRCS], s);
}

struct stream_walk {
	int (*cb)(const struct vw_genl_stream *s, void *arg);
	void *arg;
};

static int take_stream(struct nlattr *nest, void *arg)
{
	struct nlattr *tb[VOXWALL_A_STREAM_MAX + 1];
	struct vw_genl_stream s = { 0 };
	struct stream_walk *walk = arg;

	if (nla_parse_nested(tb, VOXWALL_A_STREAM_MAX, nest, NULL) < 0)
		return -EBADMSG;
	s.id = vw_attr_u32(tb[VOXWALL_A_STREAM_ID]);
	s.peer = vw_attr_u32(tb[VOXWALL_A_STREAM_PEER]);
	s.zone = vw_attr_u8(tb[VOXWALL_A_STREAM_ZONE]);
	if (tb[VOXWALL_A_STREAM_LABEL])
		nla_strlcpy(s.label, tb[VOXWALL_A_STREAM_LABEL], sizeof(s.label));
	take_leg(tb, &s.local, &local_attrs);
	take_leg(tb, &s.remote, &remote_attrs);
	take_leg(tb, &s.src, &src_attrs);
	take_leg(tb, &s.dst, &dst_attrs);
	s.latch = vw_attr_u8(tb[VOXWALL_A_STREAM_LATCH]);
	take_leg(tb, &s.latch_from, &latch_from_attrs);
	take_leg(tb, &s.latched, &latched_attrs);
	take_crypto(tb[VOXWALL_A_STREAM_OPEN], &s.open);
	take_crypto(tb[VOXWALL_A_STREAM_SEAL], &s.seal);
	s.clear_wan = tb[VOXWALL_A_STREAM_CLEAR_WAN];
	s.fastpath_off = !vw_attr_u8(tb[VOXWALL_A_STREAM_FASTPATH]);
	s.clock_rate = vw_attr_u32(tb[VOXWALL_A_STREAM_CLOCK_RATE]);
	s.timeout_ms = vw_attr_u32(tb[VOXWALL_A_STREAM_TIMEOUT]);
	s.has_roc = tb[VOXWALL_A_STREAM_ROC];
	s.has_seq = tb[VOXWALL_A_STREAM_SEQ];
	s.roc = vw_attr_u32(tb[VOXWALL_A_STREAM_ROC]);
	s.seq = vw_attr_u16(tb[VOXWALL_A_STREAM_SEQ]);
	take_counters(tb, &s);
	take_report(tb[VOXWALL_A_STREAM_REPORT], &s.report);
	take_diagnosis(tb[VOXWALL_A_STREAM_DIAGNOSIS], &s.diagnosis);
	return walk->cb(&s, walk->arg);
}

static int copy_stream(const struct vw_genl_stream *s, void *arg)
{
	*(struct vw_genl_stream *)arg = *s;
	return 0;
}

int vw_genl_stream_get(struct vw_genl *g, u32 id, struct vw_genl_stream *ret)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_STREAM_GET, 0);
	struct stream_walk walk = { copy_stream, ret };
	struct nlattr *nest;

	if (!msg)
		return -ENOMEM;
	nest = vw_genl_nest(msg, VOXWALL_A_STREAM);
	if (!nest || nla_put_u32(msg, VOXWALL_A_STREAM_ID, id))
		return vw_genl_overflow(g, msg);
	nla_nest_end(msg, nest);
	return vw_genl_ask(g, msg, VOXWALL_A_STREAM, take_stream, &walk);
}

int vw_genl_stream_dump(struct vw_genl *g,
			int (*cb)(const struct vw_genl_stream *, void *), void *arg)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_STREAM_GET, NLM_F_DUMP);
	struct stream_walk walk = { cb, arg };

	if (!msg)
		return -ENOMEM;
	return vw_genl_ask(g, msg, VOXWALL_A_STREAM, take_stream, &walk);
}
