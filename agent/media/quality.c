// SPDX-License-Identifier: GPL-2.0-or-later
#include "quality.h"

static double share(double part, double whole)
{
	if (part <= 0 || whole <= 0)
		return 0;
	return part < whole ? part / whole : 1;
}

static u64 packets_of(const struct vw_genl_stream *s, u32 source)
{
	for (unsigned int i = 0; i < s->nssrcs; i++)
		if (s->ssrcs[i].id == source)
			return s->ssrcs[i].packets;
	return 0;
}

static double loss_of(const struct vw_genl_stream *s)
{
	const struct vw_genl_report *r = &s->report;
	double before = share((double)s->lost, (double)(s->packets + s->lost)), all = 0;

	if (r->has_block)
		all = share(r->lost, (double)(packets_of(s, r->source) + s->lost));
	if (r->has_voip)
		all += r->voip_discard / 256.0;
	return all > before ? (all < 1 ? all : 1) : before;
}

static double trip_ms(const struct vw_genl_stream *s)
{
	return s && s->report.has_trip ? s->report.trip_us / 1000.0 : 0;
}

static bool same_place(const struct vw_genl_leg *a, const struct vw_genl_leg *b)
{
	return a->family == b->family && a->rtp == b->rtp &&
	       !memcmp(a->addr, b->addr, sizeof(a->addr));
}

/* An identifier may be out of date; addresses aren't. */
static bool is_back(const struct vw_genl_stream *s, const struct vw_genl_stream *back)
{
	return back && same_place(&s->local, &back->src) && same_place(&s->src, &back->local);
}

/* RFC 3611, 4.7.3: the end's own delay has coding and packets in it already. */
static double end_ms(const struct vw_genl_stream *s, const struct vw_codec *codec)
{
	if (s->report.has_voip && s->report.voip_delay_ms)
		return s->report.voip_delay_ms;
	return (codec ? codec->delay_ms : 0) + 2 * s->jitter_us / 1000.0;
}

struct vw_quality vw_quality_of(const struct vw_genl_stream *s, const struct vw_genl_stream *back,
				const struct vw_codec *codec)
{
	struct vw_quality q = { .loss = loss_of(s) };

	if (!is_back(s, back))
		back = NULL;
	q.delay_ms = (trip_ms(s) + trip_ms(back)) / 2 + end_ms(s, codec);
	q.whole = s->report.has_trip && back && back->report.has_trip;
	if (!s->packets || vw_mos_r(codec, s->report.voip_bare, q.loss, q.delay_ms, &q.r))
		return q;
	q.rated = true;
	q.mos = vw_mos(q.r);
	return q;
}
