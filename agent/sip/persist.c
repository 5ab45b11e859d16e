// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the edge must know after a restart: calls, registrations, the secret of
 * its branches. Keys are never in it, only their fingerprints.
 */
#include <openssl/rand.h>
#include <stdio.h>

#include "edge_priv.h"
#include "hairpin.h"

#define VERSION	1

static json_t *text(const char *s)
{
	/* SIP is UTF-8; what isn't can't be kept, and isn't needed */
	json_t *j = s ? json_string(s) : NULL;

	return j ? j : json_null();
}

static size_t text_len(const char *s)
{
	return s ? strlen(s) : 0;
}

static json_t *hex(const u8 *p, size_t n)
{
	char buf[2 * 64 + 1];

	vw_hex(p, n, buf);
	return json_string(buf);
}

static bool unhex(const json_t *j, u8 *p, size_t n)
{
	const char *s = json_string_value(j);

	if (!s || strlen(s) != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned int byte;

		if (sscanf(s + 2 * i, "%2x", &byte) != 1)
			return false;
		p[i] = (u8)byte;
	}
	return true;
}

static json_t *endpoint(const struct vw_endpoint *ep)
{
	char addr[VW_ENDPOINT_LEN];

	return json_pack("[s,i]", vw_endpoint_addr(ep, addr), ep->port);
}

static void read_endpoint(const json_t *j, struct vw_endpoint *ep)
{
	const char *addr = json_string_value(json_array_get(j, 0));

	if (addr && vw_endpoint_parse(addr, strlen(addr), ep))
		ep->port = (u16)json_integer_value(json_array_get(j, 1));
}

static u64 number(const json_t *o, const char *name)
{
	return (u64)json_integer_value(json_object_get(o, name));
}

static bool flag(const json_t *o, const char *name)
{
	return json_is_true(json_object_get(o, name));
}

/* ---- legs, pacts, streams ---- */

static json_t *formats_json(const struct vw_formats *f)
{
	json_t *all = json_array();

	for (u8 i = 0; i < f->n; i++)
		json_array_append_new(all, json_pack("{s:i,s:s,s:I}", "pt", f->of[i].pt,
			"codec", f->of[i].codec->name, "clock", (json_int_t)f->of[i].codec->clock));
	return all;
}

static void read_formats(const json_t *all, struct vw_formats *f)
{
	const json_t *one;
	const char *name;
	size_t i;

	json_array_foreach(all, i, one) {
		name = json_string_value(json_object_get(one, "codec"));
		if (name)
			vw_formats_add(f, (u32)number(one, "pt"),
				       vw_codec_named(name, strlen(name), (u32)number(one, "clock")));
	}
}

static json_t *leg_json(const struct vw_leg *l)
{
	const struct vw_own_key *own = NULL;

	for (u8 i = 0; i < l->nown; i++)
		if (l->own[i].suite == l->suite)
			own = &l->own[i];
	return json_pack("{s:i,s:o,s:i,s:b,s:b,s:b,s:o,s:b,s:b,s:i,s:I,s:i,s:o,s:o}",
			 "port", l->port, "rtp", endpoint(&l->rtp), "rtcp", l->rtcp,
			 "mux", l->mux, "away", l->away, "inactive", l->inactive,
			 "formats", formats_json(&l->formats),
			 "secure", l->secure, "rtcp_clear", l->rtcp_clear, "proto", l->proto, "tag", (json_int_t)l->tag,
			 "suite", l->suite, "print", hex(l->print, VW_KEY_PRINT),
			 "own", own ? hex(own->print, VW_KEY_PRINT) : json_null());
}

static void read_leg(const json_t *o, struct vw_leg *l)
{
	u64 proto = number(o, "proto");

	l->port = (u16)number(o, "port");
	read_endpoint(json_object_get(o, "rtp"), &l->rtp);
	l->rtcp = (u16)number(o, "rtcp");
	l->mux = flag(o, "mux");
	l->away = flag(o, "away");
	l->inactive = flag(o, "inactive");
	read_formats(json_object_get(o, "formats"), &l->formats);
	l->secure = flag(o, "secure");
	l->rtcp_clear = flag(o, "rtcp_clear");
	l->proto = proto <= VW_PROTO_SAVPF ? (enum vw_sdp_proto)proto : VW_PROTO_AVP;
	l->tag = (u32)number(o, "tag");
	l->suite = (u16)number(o, "suite");
	unhex(json_object_get(o, "print"), l->print, VW_KEY_PRINT);
	if (l->secure && unhex(json_object_get(o, "own"), l->own[0].print, VW_KEY_PRINT)) {
		l->nown = 1;
		l->own[0].tag = l->tag;
		l->own[0].suite = l->suite;
		l->lost = true;
	}
}

static json_t *pact_json(const struct vw_pact *p)
{
	json_t *lanes = json_array();

	if (!p) {
		json_decref(lanes);
		return json_null();
	}
	for (int i = 0; i < p->nlane; i++)
		json_array_append_new(lanes, json_pack("{s:i,s:I,s:b,s:[o,o]}",
			"kind", p->lane[i].kind, "clock", (json_int_t)p->lane[i].clock,
			"mux", p->lane[i].mux, "leg", leg_json(&p->lane[i].leg[0]),
			leg_json(&p->lane[i].leg[1])));
	return json_pack("{s:[I,I],s:o}", "bump", (json_int_t)p->bump[0],
			 (json_int_t)p->bump[1], "lanes", lanes);
}

static struct vw_pact *read_pact(const json_t *o)
{
	const json_t *lanes = json_object_get(o, "lanes");
	struct vw_pact *p;

	if (!json_is_array(lanes) || json_array_size(lanes) > VW_SDP_MAX_MEDIA)
		return NULL;
	p = vw_pact_copy(NULL);
	if (!p)
		return NULL;
	p->nlane = (int)json_array_size(lanes);
	for (int i = 0; i < p->nlane; i++) {
		const json_t *lane = json_array_get(lanes, (size_t)i);
		const json_t *legs = json_object_get(lane, "leg");
		u64 kind = number(lane, "kind");

		p->lane[i].kind = kind <= VW_LANE_ON ? (enum vw_lane_kind)kind : VW_LANE_OFF;
		p->lane[i].clock = (u32)number(lane, "clock");
		p->lane[i].mux = flag(lane, "mux");
		for (size_t s = 0; s < VW_SIDES; s++)
			read_leg(json_array_get(legs, s), &p->lane[i].leg[s]);
	}
	for (size_t s = 0; s < VW_SIDES; s++)
		p->bump[s] = (u64)json_integer_value(json_array_get(json_object_get(o, "bump"), s));
	return p;
}

/* Of each section the two streams, and the slots that their peers' keys are in. */
static json_t *streams_json(const struct vw_call *c)
{
	json_t *a = json_array();

	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++) {
		const struct vw_installed *dir = c->streams.dir[i];

		json_array_append_new(a, json_pack("[I,I,i,i]", (json_int_t)dir[0].id,
			(json_int_t)dir[1].id, dir[0].stream.open.slot, dir[1].stream.open.slot));
	}
	return a;
}

/* No more than that: what they look like depends on all calls. */
static void read_streams(struct vw_call *c, const json_t *a)
{
	for (size_t i = 0; i < VW_SDP_MAX_MEDIA; i++) {
		const json_t *pair = json_array_get(a, i);

		for (size_t s = 0; s < VW_SIDES; s++) {
			struct vw_installed *in = &c->streams.dir[i][s];

			in->id = (u32)json_integer_value(json_array_get(pair, s));
			in->stream.open.slot = json_integer_value(json_array_get(pair, 2 + s)) == 1;
		}
	}
}

/* ---- calls ---- */

static json_t *party_json(const struct vw_party *p)
{
	return json_pack("{s:o,s:o,s:o,s:I,s:o}", "name", text(p->name),
			 "target", text(p->target), "routes", text(p->routes),
			 "cseq", (json_int_t)p->cseq, "addr", endpoint(&p->addr));
}

static void read_party(const json_t *o, struct vw_party *p)
{
	vw_set_string(&p->name, json_string_value(json_object_get(o, "name")));
	vw_set_string(&p->target, json_string_value(json_object_get(o, "target")));
	vw_set_string(&p->routes, json_string_value(json_object_get(o, "routes")));
	p->cseq = (u32)number(o, "cseq");
	read_endpoint(json_object_get(o, "addr"), &p->addr);
}

static json_t *branch_json(const struct vw_branch *b)
{
	return json_pack("{s:o,s:o,s:[o,o]}", "tag", text(b->tag), "pact", pact_json(b->cur),
			 "party", party_json(&b->party[0]), party_json(&b->party[1]));
}

/* Only what was answered can be taken up: keys of an open offer are gone. */
static json_t *call_json(const struct vw_call *c)
{
	const struct vw_branch *b;
	json_t *branches = json_array();

	LIST_FOREACH(b, &c->branches, list)
		if (b->state == VW_CALL_CONFIRMED)
			json_array_append_new(branches, branch_json(b));
	return json_pack("{s:i,s:s,s:o,s:o,s:o,s:o,s:I,s:I,s:b,s:o,s:o,s:o}",
			 "from", c->from, "trunk", c->trunk->conf.name,
			 "call_id", text(c->call_id), "tag", text(c->tag),
			 "caller", text(c->caller), "callee", text(c->callee),
			 "since", (json_int_t)c->since, "shift", (json_int_t)c->shift,
			 "fell_back", c->fell_back, "branches", branches,
			 "streams", streams_json(c),
			 "active", c->active ? text(c->active->tag) : json_null());
}

static size_t pact_bound(const struct vw_pact *p)
{
	return p ? 256 + (size_t)p->nlane * 1024 : 0;
}

/* More than a call takes in the file: each byte of its texts may need an escape. */
static size_t call_bound(const struct vw_call *c)
{
	size_t n = 2048 + 2 * (text_len(c->call_id) + text_len(c->tag) + text_len(c->caller) +
			       text_len(c->callee));
	const struct vw_branch *b;

	LIST_FOREACH(b, &c->branches, list) {
		n += 512 + pact_bound(b->cur) + 2 * text_len(b->tag);
		for (int i = 0; i < VW_SIDES; i++)
			n += 256 + 2 * (text_len(b->party[i].name) +
					text_len(b->party[i].target) +
					text_len(b->party[i].routes));
	}
	return n;
}

static bool claim_ports(struct vw_edge *e, struct vw_call *c, const struct vw_pact *p)
{
	for (int i = 0; p && i < p->nlane; i++)
		for (int s = 0; s < VW_SIDES; s++) {
			u16 port = p->lane[i].leg[s].port;
			struct vw_ports *ports = s == VW_VOICE ? e->ports : c->trunk->ports;

			if (!port || c->nport == VW_CALL_PORTS)
				continue;
			if (vw_ports_claim(ports, port, c))
				c->port[c->nport++] =
					(struct vw_held_port){ (enum vw_side)s, port };
		}
	return true;
}

static void read_branch(struct vw_edge *e, struct vw_call *c, const json_t *o)
{
	const char *tag = json_string_value(json_object_get(o, "tag"));
	const json_t *party = json_object_get(o, "party");
	struct vw_branch *b = tag ? vw_branch_new(c, tag) : NULL;

	if (!b)
		return;
	b->state = VW_CALL_CONFIRMED;
	b->cur = read_pact(json_object_get(o, "pact"));
	for (size_t s = 0; s < VW_SIDES; s++)
		read_party(json_array_get(party, s), &b->party[s]);
	claim_ports(e, c, b->cur);
}

static void read_call(struct vw_edge *e, const json_t *o)
{
	const char *name = json_string_value(json_object_get(o, "trunk"));
	const char *call_id = json_string_value(json_object_get(o, "call_id"));
	const char *tag = json_string_value(json_object_get(o, "tag"));
	const char *active = json_string_value(json_object_get(o, "active"));
	struct vw_trunk *trunk = name ? vw_edge_find_trunk(e, name) : NULL;
	const json_t *branches = json_object_get(o, "branches");
	struct vw_call *c;

	if (!trunk || !call_id || !tag || !json_array_size(branches) || e->ncall >= VW_MAX_CALLS)
		return;
	c = vw_call_add(e, number(o, "from") ? VW_WAN : VW_VOICE, trunk, call_id, tag);
	if (!c)
		return;
	vw_set_string(&c->caller, json_string_value(json_object_get(o, "caller")));
	vw_set_string(&c->callee, json_string_value(json_object_get(o, "callee")));
	c->since = (time_t)number(o, "since");
	c->shift = (u32)number(o, "shift");
	c->fell_back = flag(o, "fell_back");
	for (size_t i = 0; i < json_array_size(branches) && i < VW_MAX_BRANCHES; i++)
		read_branch(e, c, json_array_get(branches, i));
	c->active = active ? vw_call_branch(e, c, active, false) : NULL;
	if (!c->active)
		c->active = LIST_FIRST(&c->branches);
	read_streams(c, json_object_get(o, "streams"));
	c->source = c->from == VW_WAN || !c->active ? trunk->proxy :
		    c->active->party[VW_VOICE].addr;
	vw_call_restored(e, c);
}

/* ---- registrations ---- */

static json_t *binding_json(const struct vw_binding *b)
{
	return json_pack("{s:s,s:o,s:o,s:o,s:s,s:I}", "token", b->token, "aor", text(b->aor),
			 "contact", text(b->contact), "addr", endpoint(&b->addr),
			 "trunk", b->trunk->conf.name, "until", (json_int_t)b->until);
}

static void read_binding(struct vw_edge *e, const json_t *o)
{
	const char *token = json_string_value(json_object_get(o, "token"));
	u64 latest = vw_edge_now(e) + VW_REG_MAX * 1000ull;
	const char *aor = json_string_value(json_object_get(o, "aor"));
	const char *contact = json_string_value(json_object_get(o, "contact"));
	const char *name = json_string_value(json_object_get(o, "trunk"));
	struct vw_trunk *trunk = name ? vw_edge_find_trunk(e, name) : NULL;
	struct vw_endpoint addr = { 0 };
	struct vw_binding *b;

	if (!token || !aor || !contact || !trunk)
		return;
	read_endpoint(json_object_get(o, "addr"), &addr);
	b = vw_binding_add(e, token, aor, contact, &addr);
	if (!b)
		return;
	b->trunk = trunk;
	b->until = number(o, "until");
	/* the clock runs from boot: a file that has outlived its boot knows another one */
	if (b->until > latest)
		b->until = latest;
}

static size_t binding_bound(const struct vw_binding *b)
{
	return 512 + 2 * (text_len(b->aor) + text_len(b->contact));
}

static bool fits(size_t *room, size_t n)
{
	if (n > *room)
		return false;
	*room -= n;
	return true;
}

/**
 * vw_edge_to_json - what to write down
 * @e: the edge
 * @room: bytes that the file may have
 *
 * Calls come first; what would be too much is left out.
 *
 * Return: a new object, or NULL.
 */
json_t *vw_edge_to_json(struct vw_edge *e, size_t room)
{
	json_t *calls = json_array(), *bindings = json_array();
	const struct vw_call *c;
	const struct vw_binding *b;
	size_t left_out = 0;

	room -= 1024;
	LIST_FOREACH(c, &e->calls, list) {
		if (!c->active || c->active->state != VW_CALL_CONFIRMED)
			continue;
		if (fits(&room, call_bound(c)))
			json_array_append_new(calls, call_json(c));
		else
			left_out++;
	}
	LIST_FOREACH(b, &e->bindings, list) {
		if (fits(&room, binding_bound(b)))
			json_array_append_new(bindings, binding_json(b));
		else
			left_out++;
	}
	if (left_out && vw_limits_say(e))
		vw_warn("%zu calls and registrations are too much for the state file", left_out);
	RAND_bytes((u8 *)&e->next_generation, sizeof(e->next_generation));
	e->next_generation >>= 1;
	return json_pack("{s:i,s:I,s:o,s:I,s:o,s:o}", "version", VERSION,
			 "generation", (json_int_t)e->next_generation,
			 "secret", hex(e->secret, sizeof(e->secret)),
			 "next_stream", (json_int_t)e->next_stream, "calls", calls,
			 "bindings", bindings);
}

/**
 * vw_edge_from_json - take up what was written down
 * @e: a new edge
 * @root: the object
 *
 * What doesn't fit the configuration any more is left out.
 *
 * Return: 0 or -EBADMSG.
 */
int vw_edge_from_json(struct vw_edge *e, json_t *root)
{
	json_t *calls = json_object_get(root, "calls"), *bindings;
	struct vw_call *c;
	json_t *item;
	size_t i;

	if (number(root, "version") != VERSION ||
	    !unhex(json_object_get(root, "secret"), e->secret, sizeof(e->secret)))
		return -EBADMSG;
	e->generation = number(root, "generation");
	e->next_stream = (u32)number(root, "next_stream");
	bindings = json_object_get(root, "bindings");
	json_array_foreach(bindings, i, item)
		read_binding(e, item);
	json_array_foreach(calls, i, item)
		read_call(e, item);
	LIST_FOREACH(c, &e->calls, list)
		vw_call_adopt(e, c);
	return 0;
}

json_t *vw_call_to_json(const struct vw_edge *e, const struct vw_call *c)
{
	return json_pack("{s:I,s:I,s:o}", "after", (json_int_t)e->generation,
			 "next_stream", (json_int_t)e->next_stream, "call", call_json(c));
}

void vw_call_from_json(struct vw_edge *e, json_t *line)
{
	const json_t *o = json_object_get(line, "call");
	const char *call_id = json_string_value(json_object_get(o, "call_id"));
	const char *tag = json_string_value(json_object_get(o, "tag"));
	enum vw_side from = number(o, "from") ? VW_WAN : VW_VOICE;
	struct vw_call *c;

	if (number(line, "after") != e->generation || !call_id || !tag)
		return;
	e->next_stream = (u32)number(line, "next_stream");
	c = vw_call_lookup(e, from, call_id, tag);
	if (c)
		vw_call_forget(e, c);
	read_call(e, o);
	c = vw_call_lookup(e, from, call_id, tag);
	if (!c)
		return;
	vw_call_adopt(e, c);
	if (c->half)
		vw_call_adopt(e, c->half);
}

void vw_call_save(struct vw_edge *e, struct vw_call *c)
{
	if (!c || !c->unsaved || !c->active || c->active->state != VW_CALL_CONFIRMED ||
	    !e->io.save)
		return;
	c->unsaved = false;
	e->io.save(e->io.arg, c);
}
