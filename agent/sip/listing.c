// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls, trunks and counters for the control socket. */
#include "../media/quality.h"
#include "edge_priv.h"

static const char *const stat_names[__VW_STAT_MAX] = {
	[VW_STAT_RECEIVED] = "received",
	[VW_STAT_SENT] = "sent",
	[VW_STAT_STRANGER] = "strangers",
	[VW_STAT_KEEPALIVE] = "keep-alives",
	[VW_STAT_HOPS] = "too-many-hops",
	[VW_STAT_LOOP] = "loops",
	[VW_STAT_FULL] = "table-full",
	[VW_STAT_STRAY] = "strays",
	[VW_STAT_SDP_REFUSED] = "sdp-refused",
	[VW_STAT_UNBOUND] = "no-such-phone",
	[VW_STAT_RETRANSMITTED] = "retransmitted",
	[VW_STAT_CALLS] = "calls",
	[VW_STAT_REGISTRATIONS] = "registrations",
	[VW_STAT_FALLBACK] = "srtp-refused",
	[VW_STAT_IDLE] = "idle-calls",
	[VW_STAT_TIMEOUT] = "timeouts",
	[VW_STAT_SHARE] = "over-share",
};

static const char *state_name(const struct vw_call *c)
{
	const struct vw_txn *t = c->bye;

	if (t)
		return "ending";
	return c->active && c->active->state == VW_CALL_CONFIRMED ? "confirmed" : "early";
}

/* @expiring: only those with a key that is nearly used up */
static json_t *stream_ids(const struct vw_call *c, bool expiring)
{
	json_t *a = json_array();

	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++)
		for (int s = 0; s < VW_SIDES; s++)
			if (c->streams.dir[i][s].id &&
			    (!expiring || c->streams.dir[i][s].expires))
				json_array_append_new(a, json_integer(c->streams.dir[i][s].id));
	return a;
}

static bool ask(const struct vw_edge *e, u32 id, struct vw_genl_stream *ret)
{
	return id && !e->io.streams->get(e->io.streams_arg, id, ret);
}

static json_t *quality_json(const struct vw_quality *q, const struct vw_codec *codec)
{
	return json_pack("{s:o, s:f, s:f, s:b, s:o, s:o}",
			 "codec", codec ? json_string(codec->name) : json_null(),
			 "loss", q->loss, "delay_ms", q->delay_ms, "delay_whole", q->whole,
			 "r", q->rated ? json_real(q->r) : json_null(),
			 "mos", q->rated ? json_real(q->mos) : json_null());
}

/* How the call's first section sounds at a side, whose description names payload types. */
static json_t *heard_json(const struct vw_edge *e, const struct vw_call *c, enum vw_side at)
{
	const struct vw_pact *pact = c->active ? c->active->cur : NULL;
	const struct vw_installed *dir = c->streams.dir[0];
	struct vw_genl_stream s = { 0 }, back = { 0 };
	const struct vw_codec *codec;
	struct vw_quality q;

	if (!pact || !ask(e, dir[vw_other(at)].id, &s))
		return json_null();
	codec = vw_formats_codec(&pact->lane[0].leg[at].formats, s.payload);
	q = vw_quality_of(&s, ask(e, dir[at].id, &back) ? &back : NULL, codec);
	return quality_json(&q, codec);
}

/* What isn't UTF-8 would make a string that JSON can't hold. */
static json_t *text(const char *s)
{
	json_t *j = s ? json_string(s) : json_null();

	return j ? j : json_string("(not UTF-8)");
}

static json_t *call_json(const struct vw_edge *e, const struct vw_call *c)
{
	const struct vw_pact *pact = c->active ? c->active->cur : NULL;
	u16 suite = vw_pact_suite(pact);
	const struct vw_suite *s = vw_suite_get(suite);
	json_t *o = json_object();

	json_object_set_new(o, "id", json_string(c->ref));
	json_object_set_new(o, "call_id", text(c->call_id));
	json_object_set_new(o, "caller", text(c->caller));
	json_object_set_new(o, "callee", text(c->callee));
	json_object_set_new(o, "state", json_string(state_name(c)));
	json_object_set_new(o, "trunk", json_string(c->trunk->conf.name));
	json_object_set_new(o, "direction", json_string(c->from == VW_VOICE ? "out" : "in"));
	json_object_set_new(o, "media", json_string(!vw_pact_active(pact) ? "none" :
						    s ? "srtp" : "rtp"));
	json_object_set_new(o, "suite", s ? json_string(s->name) : json_null());
	json_object_set_new(o, "streams", stream_ids(c, false));
	json_object_set_new(o, "keys_expire", stream_ids(c, true));
	json_object_set_new(o, "heard_by_phone", heard_json(e, c, VW_VOICE));
	json_object_set_new(o, "heard_by_trunk", heard_json(e, c, VW_WAN));
	json_object_set_new(o, "since", json_integer(c->since));
	json_object_set_new(o, "hold", json_boolean(vw_pact_held(pact)));
	return o;
}

json_t *vw_edge_calls_json(struct vw_edge *e)
{
	json_t *a = json_array();
	struct vw_call *c;

	LIST_FOREACH(c, &e->calls, list)
		json_array_append_new(a, call_json(e, c));
	return a;
}

static const char *policy_name(enum vw_media_policy p)
{
	switch (p) {
	case VW_MEDIA_SRTP:
		return "srtp";
	case VW_MEDIA_SRTP_PREFERRED:
		return "srtp-preferred";
	case VW_MEDIA_RTP:
		return "rtp";
	}
	return "unknown";
}

static json_t *trunk_json(const struct vw_edge *e, const struct vw_trunk *t)
{
	const struct vw_binding *b;
	const struct vw_call *c;
	json_int_t calls = 0, bindings = 0;
	char addr[VW_ENDPOINT_LEN];
	json_t *o = json_object();

	LIST_FOREACH(c, &e->calls, list)
		calls += c->trunk == t;
	LIST_FOREACH(b, &e->bindings, list)
		bindings += b->trunk == t;
	json_object_set_new(o, "name", json_string(t->conf.name));
	json_object_set_new(o, "uplink", json_string(t->conf.uplink));
	json_object_set_new(o, "proxy", json_string(vw_endpoint_text(&t->proxy, addr)));
	json_object_set_new(o, "reachable", t->reachable < 0 ? json_null() :
					    json_boolean(t->reachable));
	json_object_set_new(o, "last_response", t->answered_at ? json_integer(t->answered_at) :
							       json_null());
	json_object_set_new(o, "rtt_ms", json_integer((json_int_t)t->rtt));
	json_object_set_new(o, "calls", json_integer(calls));
	json_object_set_new(o, "bindings", json_integer(bindings));
	json_object_set_new(o, "media", json_string(policy_name(t->conf.media)));
	return o;
}

json_t *vw_edge_trunks_json(struct vw_edge *e)
{
	json_t *a = json_array();

	for (size_t i = 0; i < e->ntrunk; i++)
		if (!e->trunk[i]->gone)
			json_array_append_new(a, trunk_json(e, e->trunk[i]));
	return a;
}

json_t *vw_edge_stats_json(struct vw_edge *e)
{
	json_t *o = json_object();
	char name[48];

	for (int i = 0; i < __VW_STAT_MAX; i++)
		json_object_set_new(o, stat_names[i], json_integer((json_int_t)e->stat[i]));
	for (int i = 1; i < __VW_FAULT_MAX; i++) {
		snprintf(name, sizeof(name), "bad-%s", vw_fault_name((enum vw_msg_fault)i));
		json_object_set_new(o, name, json_integer((json_int_t)e->fault[i]));
	}
	return o;
}
