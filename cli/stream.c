// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall stream */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "../agent/kernel/genl.h"
#include "../agent/media/quality.h"
#include "../agent/value.h"
#include "../kmod/core/srtp.h"
#include "../kmod/core/names.h"
#include "cli.h"
#include "diagnosis.h"
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

/* Only static payload types say by themselves which codec it is. */
static struct vw_quality rate(struct vw_genl *g, const struct vw_genl_stream *s)
{
	struct vw_genl_stream back = { 0 };
	bool known = s->peer && !vw_genl_stream_get(g, s->peer, &back);

	return vw_quality_of(s, known ? &back : NULL, vw_codec_static(s->payload));
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
	json_t *slots, *ext;

	if (c->suite == VOXWALL_SUITE_NONE)
		return json_null();
	slots = json_array();
	ext = json_array();
	for (unsigned int id = 1; id < VW_EXT_IDS; id++)
		if (vw_ext_has(&c->ext, (u8)id))
			json_array_append_new(ext, json_integer(id));
	for (int i = 0; i < 8; i++)
		if (c->slots & 1u << i)
			json_array_append_new(slots, json_integer(i));
	return json_pack("{s:s, s:o, s:o, s:i, s:b, s:s, s:I, s:I, s:I, s:o}",
			 "suite", suite_name(c->suite),
			 "driver", vw_out_string(c->driver), "slots", slots, "current", c->slot,
			 "rtcp_clear", c->rtcp_clear, "mki", mki_text(c, mki),
			 "lifetime", (json_int_t)c->lifetime, "used", (json_int_t)c->used,
			 "kdr", (json_int_t)c->kdr, "encrypted_extensions", ext);
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

static json_t *known(bool is, json_t *value)
{
	if (is)
		return value;
	json_decref(value);
	return json_null();
}

static json_t *report_json(const struct vw_genl_stream *s)
{
	const struct vw_genl_report *r = &s->report;

	if (!r->has_block)
		return json_null();
	return json_pack("{s:I, s:I, s:f, s:i, s:I}", "ssrc", (json_int_t)r->source,
			 "age_ms", (json_int_t)r->age_ms, "fraction_lost", r->fraction / 256.0,
			 "lost", r->lost, "jitter_us", (json_int_t)r->jitter_us);
}

static json_t *voip_json(const struct vw_genl_stream *s)
{
	const struct vw_genl_report *r = &s->report;

	if (!r->has_voip)
		return json_null();
	return json_pack("{s:f, s:f, s:o, s:o, s:o, s:o, s:b}", "loss", r->voip_loss / 256.0,
		"discard", r->voip_discard / 256.0,
		"end_delay_ms", known(r->voip_delay_ms, json_integer(r->voip_delay_ms)),
		"r", known(r->voip_r != UINT8_MAX, json_integer(r->voip_r)),
		"mos_lq", known(r->voip_mos_lq, json_real(r->voip_mos_lq / 10.0)),
		"mos_cq", known(r->voip_mos_cq, json_real(r->voip_mos_cq / 10.0)),
		"conceals", !r->voip_bare);
}

static json_t *quality_json(const struct vw_genl_stream *s, const struct vw_quality *q)
{
	const struct vw_codec *codec = vw_codec_static(s->payload);

	return json_pack("{s:o, s:o, s:f, s:f, s:b, s:o, s:o}",
		"payload", known(s->payload != UINT8_MAX, json_integer(s->payload)),
		"codec", codec ? json_string(codec->name) : json_null(),
		"loss", q->loss, "delay_ms", q->delay_ms, "delay_whole", q->whole,
		"r", known(q->rated, json_real(q->r)), "mos", known(q->rated, json_real(q->mos)));
}

static json_t *latch_json(const struct vw_genl_stream *s)
{
	return json_pack("{s:s, s:o}", "mode", vw_latch_name(s->latch), "source",
			 s->latched.family ? leg_json(&s->latched) : json_null());
}

static json_t *stream_json(const struct vw_genl_stream *s, const struct vw_quality *q)
{
	const struct vw_genl_report *r = &s->report;
	json_t *o = json_pack("{s:I, s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}",
		"id", (json_int_t)s->id, "peer", (json_int_t)s->peer,
		"label", vw_out_string(s->label), "zone", vw_zone_name(s->zone),
		"local", leg_json(&s->local), "remote", leg_json(&s->remote),
		"source", leg_json(&s->src), "destination", leg_json(&s->dst),
		"open", crypto_json(&s->open), "seal", crypto_json(&s->seal),
		"clear_wan", s->clear_wan, "ssrcs", ssrcs_json(s));

	json_object_set_new(o, "expected_roc", known(s->has_roc, json_integer(s->roc)));
	json_object_set_new(o, "latch", latch_json(s));
	json_object_set_new(o, "fastpath", json_boolean(!s->fastpath_off));
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
	json_object_set_new(o, "diagnosis", vw_diagnosis_json(&s->diagnosis));
	json_object_set_new(o, "report", report_json(s));
	json_object_set_new(o, "voip_metrics", voip_json(s));
	json_object_set_new(o, "round_trip_us", known(r->has_trip, json_integer(r->trip_us)));
	json_object_set_new(o, "quality", quality_json(s, q));
	return o;
}

/* What a listing is made with: one of the two is used. */
struct listing {
	struct vw_genl *g;
	json_t *all;
	struct vw_table *t;
};

static int list_json(const struct vw_genl_stream *s, void *arg)
{
	const struct listing *l = arg;
	struct vw_quality q = rate(l->g, s);

	json_array_append_new(l->all, stream_json(s, &q));
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

/* With an unknown part of the delay it is no better than that. */
static const char *mos_text(const struct vw_quality *q, char text[16])
{
	if (!q->rated)
		return "-";
	snprintf(text, 16, "%s%.1f", q->whole ? "" : "<=", q->mos);
	return text;
}

static int list_row(const struct vw_genl_stream *s, void *arg)
{
	const struct listing *l = arg;
	struct vw_quality q = rate(l->g, s);
	char leg[96], text[32], age[24], mos[16];
	struct vw_table *t = l->t;

	vw_table_cell(t, "%u", s->id);
	vw_table_cell(t, "%s", s->label);
	vw_table_cell(t, "%s", vw_zone_name(s->zone));
	vw_table_cell(t, "%s", vw_out_leg(&s->local, leg));
	vw_table_cell(t, "%s", vw_out_leg(&s->dst, leg));
	vw_table_cell(t, "%s", way(s, text));
	vw_table_cell(t, "%llu", (ull)s->packets);
	vw_table_cell(t, "%llu", (ull)s->lost);
	vw_table_cell(t, "%.1f ms", s->jitter_us / 1000.0);
	vw_table_cell(t, "%s", mos_text(&q, mos));
	vw_table_cell(t, "%llu", (ull)s->dropped);
	vw_table_cell(t, "%s", s->diagnosis.known ? vw_diagnosis_name(s->diagnosis.verdict) : "-");
	vw_table_cell(t, "%s", vw_out_age(s->idle_ms / 1000, age));
	return 0;
}

static int list(struct vw_cli *c)
{
	struct listing l = { .g = vw_cli_module(c) };

	if (!l.g)
		return VW_EXIT_FAILED;
	l.all = json_array();
	l.t = vw_table_new("STREAM", "CALL", "FROM", "LOCAL", "TO", "MEDIA", "PACKETS", "LOST",
			 "JITTER", "MOS", "DROPPED", "DIAGNOSIS", "IDLE", NULL);
	if (vw_genl_stream_dump(l.g, c->json ? list_json : list_row, &l))
		return vw_cli_refused(c, l.g);
	vw_genl_close(l.g);
	if (c->json)
		return vw_out_json(l.all);
	json_decref(l.all);
	return vw_table_print(l.t);
}

static void show_rare(const struct vw_genl_crypto *c)
{
	const char *between = ", header extensions encrypted: ";

	if (c->kdr)
		printf(", key derivation rate %u", c->kdr);
	for (unsigned int id = 1; id < VW_EXT_IDS; id++) {
		if (!vw_ext_has(&c->ext, (u8)id))
			continue;
		printf("%s%u", between, id);
		between = " ";
	}
}

static void show_crypto(const char *what, const struct vw_genl_crypto *c)
{
	char driver[256], mki[2 * VOXWALL_MKI_LEN + 1];

	if (c->suite == VOXWALL_SUITE_NONE) {
		printf("  %-12s clear\n", what);
		return;
	}
	printf("  %-12s %s, driver %s, key slots %s%s, slot %u in use%s%s%s, "
	       "%llu of %llu packets spent", what,
	       suite_name(c->suite), vw_out_safe(c->driver, driver, sizeof(driver)),
	       c->slots & 1 ? "0" : "", c->slots & 2 ? c->slots & 1 ? "+1" : "1" : "",
	       c->slot, c->rtcp_clear ? ", SRTCP in clear" : "",
	       c->mki_len ? ", MKI " : "", mki_text(c, mki), (ull)c->used, (ull)c->lifetime);
	show_rare(c);
	putchar('\n');
}

static void show_legs(const struct vw_genl_stream *s)
{
	char leg[96];

	printf("  %-12s %s\n", "arrives at", vw_out_leg(&s->local, leg));
	printf("  %-12s %s, zone %s\n", "from", vw_out_leg(&s->remote, leg),
	       vw_zone_name(s->zone));
	if (s->latched.family)
		printf("  %-12s %s, latched as %s\n", "in fact", vw_out_leg(&s->latched, leg),
		       vw_latch_name(s->latch));
	else if (s->latch)
		printf("  %-12s no source latched yet, waits as %s\n", "",
		       vw_latch_name(s->latch));
	printf("  %-12s %s\n", "leaves from", vw_out_leg(&s->src, leg));
	printf("  %-12s %s%s%s\n", "to", vw_out_leg(&s->dst, leg),
	       s->clear_wan ? ", in clear over the WAN" : "",
	       s->fastpath_off ? ", through netfilter's output" : "");
}

static void show_report(const struct vw_genl_report *r)
{
	if (r->has_block)
		printf("  %-12s %.1f %% lost of late, %d in all, jitter %.1f ms, %llu s ago\n",
		       "far end says", r->fraction / 2.56, r->lost, r->jitter_us / 1000.0,
		       (ull)r->age_ms / 1000);
	if (r->has_voip)
		printf("  %-12s %.1f %% lost, %.1f %% too late to be played%s\n", "",
		       r->voip_loss / 2.56, r->voip_discard / 2.56,
		       r->voip_bare ? ", nothing concealed" : "");
	if (r->has_trip)
		printf("  %-12s %.1f ms to the far end and back\n", "round trip",
		       r->trip_us / 1000.0);
}

static void show_quality(const struct vw_genl_stream *s, const struct vw_quality *q)
{
	const struct vw_codec *codec = vw_codec_static(s->payload);

	if (q->rated)
		printf("  %-12s %s%.2f (R %.0f): %s, %.1f %% lost, %s%.0f ms from mouth to ear\n",
		       "MOS", q->whole ? "" : "at most ", q->mos, q->r, codec->name, q->loss * 100,
		       q->whole ? "" : "at least ", q->delay_ms);
	else if (s->packets)
		printf("  %-12s not known for payload type %u%s\n", "MOS", s->payload,
		       codec ? " with losses" : "");
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
	if (s->has_roc)
		printf("  %-12s expected at rollover %u, sequence %u\n", "SSRC", s->roc, s->seq);
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
	struct vw_quality q;
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
	q = rate(g, &s);
	vw_genl_close(g);
	if (c->json)
		return vw_out_json(stream_json(&s, &q));
	printf("stream %u, call %s, other direction %u\n", s.id,
	       s.label[0] ? vw_out_safe(s.label, label, sizeof(label)) : "-", s.peer);
	show_legs(&s);
	show_crypto("opened with", &s.open);
	show_crypto("sealed with", &s.seal);
	show_counters(&s);
	vw_diagnosis_show(&s.diagnosis);
	show_report(&s.report);
	show_quality(&s, &q);
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
