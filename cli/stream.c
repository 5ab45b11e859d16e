// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall stream */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "../agent/kernel/genl.h"
#include "../agent/value.h"
#include "../kmod/core/srtp.h"
#include "cli.h"
#include "out.h"

typedef unsigned long long ull;

static const char *suite_name(u16 suite)
{
	const struct vw_suite *s = vw_suite_get(suite);

	return s ? s->name : suite == VOXWALL_SUITE_NONE ? "clear" : "unknown";
}

static const char *mki_text(const struct vw_genl_crypto *c, char text[2 * VOXWALL_MKI_LEN + 1])
{
	int i;

	text[0] = 0;
	for (i = 0; i < c->mki_len; i++)
		snprintf(text + 2 * i, 3, "%02x", c->mki[i]);
	return text;
}

/* ---- JSON ---- */

static json_t *leg_json(const struct vw_genl_leg *leg)
{
	struct vw_endpoint e = { .family = leg->family };
	char addr[VW_ENDPOINT_TEXT];

	memcpy(e.addr, leg->addr, sizeof(e.addr));
	return json_pack("{s:s, s:i, s:i}", "address", vw_value_endpoint_text(&e, addr),
			 "rtp", leg->rtp, "rtcp", leg->rtcp);
}

static json_t *crypto_json(const struct vw_genl_crypto *c)
{
	char mki[2 * VOXWALL_MKI_LEN + 1];
	json_t *slots;

	if (c->suite == VOXWALL_SUITE_NONE)
		return json_null();
	slots = json_array();
	for (int i = 0; i < 8; i++)
		if (c->slots & 1u << i)
			json_array_append_new(slots, json_integer(i));
	return json_pack("{s:s, s:o, s:o, s:i, s:b, s:s, s:I, s:I}", "suite", suite_name(c->suite),
			 "driver", vw_out_string(c->driver), "slots", slots, "current", c->slot,
			 "rtcp_clear", c->rtcp_clear, "mki", mki_text(c, mki),
			 "lifetime", (json_int_t)c->lifetime, "used", (json_int_t)c->used);
}

static json_t *ssrcs_json(const struct vw_genl_stream *s)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < s->nssrcs; i++)
		json_array_append_new(list, json_pack("{s:I, s:I, s:i, s:I}",
			"ssrc", (json_int_t)s->ssrcs[i].id, "roc", (json_int_t)s->ssrcs[i].roc,
			"seq", s->ssrcs[i].seq, "packets", (json_int_t)s->ssrcs[i].packets));
	return list;
}

static void set(json_t *o, const char *key, u64 value)
{
	json_object_set_new(o, key, json_integer((json_int_t)value));
}

static json_t *stream_json(const struct vw_genl_stream *s)
{
	json_t *o = json_pack("{s:I, s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}",
		"id", (json_int_t)s->id, "peer", (json_int_t)s->peer,
		"label", vw_out_string(s->label), "zone", vw_zone_name(s->zone),
		"local", leg_json(&s->local), "remote", leg_json(&s->remote),
		"source", leg_json(&s->src), "destination", leg_json(&s->dst),
		"open", crypto_json(&s->open), "seal", crypto_json(&s->seal),
		"clear_wan", s->clear_wan, "ssrcs", ssrcs_json(s));

	set(o, "clock_rate", s->clock_rate);
	set(o, "timeout_ms", s->timeout_ms);
	set(o, "idle_ms", s->idle_ms);
	set(o, "packets", s->packets);
	set(o, "bytes", s->bytes);
	set(o, "rtcp_packets", s->rtcp_packets);
	set(o, "lost", s->lost);
	set(o, "jitter_us", s->jitter_us);
	set(o, "auth_failed", s->auth_failed);
	set(o, "replayed", s->replayed);
	set(o, "strangers", s->strangers);
	set(o, "dropped", s->dropped);
	return o;
}

static int list_json(const struct vw_genl_stream *s, void *arg)
{
	json_array_append_new(arg, stream_json(s));
	return 0;
}

/* ---- text ---- */

/* "clear > srtp": what arrives, what leaves. */
static const char *way(const struct vw_genl_stream *s, char text[32])
{
	snprintf(text, 32, "%s > %s", s->open.suite ? "srtp" : "clear",
		 s->seal.suite ? "srtp" : "clear");
	return text;
}

static int list_row(const struct vw_genl_stream *s, void *arg)
{
	char leg[96], text[32], age[24];

	vw_table_cell(arg, "%u", s->id);
	vw_table_cell(arg, "%s", s->label);
	vw_table_cell(arg, "%s", vw_zone_name(s->zone));
	vw_table_cell(arg, "%s", vw_out_leg(&s->local, leg));
	vw_table_cell(arg, "%s", vw_out_leg(&s->dst, leg));
	vw_table_cell(arg, "%s", way(s, text));
	vw_table_cell(arg, "%llu", (ull)s->packets);
	vw_table_cell(arg, "%llu", (ull)s->lost);
	vw_table_cell(arg, "%.1f ms", s->jitter_us / 1000.0);
	vw_table_cell(arg, "%llu", (ull)s->dropped);
	vw_table_cell(arg, "%s", vw_out_age(s->idle_ms / 1000, age));
	return 0;
}

static int list(struct vw_cli *c)
{
	struct vw_genl *g = vw_cli_module(c);
	struct vw_table *t;
	json_t *all;

	if (!g)
		return VW_EXIT_FAILED;
	all = json_array();
	t = vw_table_new("STREAM", "CALL", "FROM", "LOCAL", "TO", "MEDIA", "PACKETS", "LOST",
			 "JITTER", "DROPPED", "IDLE", NULL);
	if (vw_genl_stream_dump(g, c->json ? list_json : list_row, c->json ? (void *)all : t))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	if (c->json)
		return vw_out_json(all);
	json_decref(all);
	return vw_table_print(t);
}

static void show_crypto(const char *what, const struct vw_genl_crypto *c)
{
	char driver[256], mki[2 * VOXWALL_MKI_LEN + 1];

	if (c->suite == VOXWALL_SUITE_NONE)
		printf("  %-12s clear\n", what);
	else
		printf("  %-12s %s, driver %s, key slots %s%s, slot %u in use%s%s%s, "
		       "%llu of %llu packets spent\n", what,
		       suite_name(c->suite), vw_out_safe(c->driver, driver, sizeof(driver)),
		       c->slots & 1 ? "0" : "", c->slots & 2 ? c->slots & 1 ? "+1" : "1" : "",
		       c->slot, c->rtcp_clear ? ", SRTCP in clear" : "",
		       c->mki_len ? ", MKI " : "", mki_text(c, mki), (ull)c->used,
		       (ull)c->lifetime);
}

static void show_legs(const struct vw_genl_stream *s)
{
	char leg[96];

	printf("  %-12s %s\n", "arrives at", vw_out_leg(&s->local, leg));
	printf("  %-12s %s, zone %s\n", "from", vw_out_leg(&s->remote, leg),
	       vw_zone_name(s->zone));
	printf("  %-12s %s\n", "leaves from", vw_out_leg(&s->src, leg));
	printf("  %-12s %s%s\n", "to", vw_out_leg(&s->dst, leg),
	       s->clear_wan ? ", in clear over the WAN" : "");
}

static void show_counters(const struct vw_genl_stream *s)
{
	printf("  %-12s %llu RTP (%llu bytes), %llu RTCP, idle %llu ms of %u\n", "packets",
	       (ull)s->packets, (ull)s->bytes, (ull)s->rtcp_packets, (ull)s->idle_ms,
	       s->timeout_ms);
	printf("  %-12s %llu lost, jitter %.1f ms at %u Hz\n", "quality", (ull)s->lost,
	       s->jitter_us / 1000.0, s->clock_rate);
	printf("  %-12s %llu: %llu not authentic, %llu replayed, %llu from strangers\n",
	       "dropped", (ull)s->dropped, (ull)s->auth_failed, (ull)s->replayed,
	       (ull)s->strangers);
	for (unsigned int i = 0; i < s->nssrcs; i++)
		printf("  %-12s %08x, rollover %u, sequence %u, %llu packets\n", "SSRC",
		       s->ssrcs[i].id, s->ssrcs[i].roc, s->ssrcs[i].seq,
		       (ull)s->ssrcs[i].packets);
}

static int read_id(const struct vw_cli *c, u32 *ret)
{
	u64 n;

	if (vw_value_uint(c->argv[0], 1, UINT32_MAX, &n))
		return vw_cli_usage(c, "\"%s\" is no stream; voxwall stream list has their numbers",
				    c->argv[0]);
	*ret = (u32)n;
	return 0;
}

static int show(struct vw_cli *c)
{
	struct vw_genl_stream s = { 0 };
	char label[2 * VOXWALL_LABEL_LEN];
	struct vw_genl *g;
	u32 id = 0;
	int status = read_id(c, &id);

	if (status)
		return status;
	g = vw_cli_module(c);
	if (!g)
		return VW_EXIT_FAILED;
	if (vw_genl_stream_get(g, id, &s))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	if (c->json)
		return vw_out_json(stream_json(&s));
	printf("stream %u, call %s, other direction %u\n", s.id,
	       s.label[0] ? vw_out_safe(s.label, label, sizeof(label)) : "-", s.peer);
	show_legs(&s);
	show_crypto("opened with", &s.open);
	show_crypto("sealed with", &s.seal);
	show_counters(&s);
	return VW_EXIT_DONE;
}

static int del(struct vw_cli *c)
{
	struct vw_genl *g;
	u32 id = 0;
	int status = read_id(c, &id);

	if (status)
		return status;
	g = vw_cli_module(c);
	if (!g)
		return VW_EXIT_FAILED;
	if (vw_genl_stream_del(g, id))
		return vw_cli_refused(c, g);
	vw_genl_close(g);
	return VW_EXIT_DONE;
}

const struct vw_verb vw_cli_stream[] = {
	{ "list", "", "list media flows and their quality", list, true, false, 0, 0 },
	{ "show", "ID", "everything about one flow, but never its keys", show, true, false, 1, 1 },
	{ "del", "ID", "end a flow; its packets are refused from then on", del, false, false, 1, 1 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};
