// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A compound that is read says the same as a naive walk over its bytes, and what
 * the walk finds to be false isn't read.
 */
#include "exact.h"
#include "../../kmod/core/rtcp.h"

#define MANY 4096

/* Everything that a compound says, without bounds but the input's. */
struct model {
	struct vw_rtcp_report report[MANY];
	struct vw_rtcp_echo echo[MANY];
	struct vw_rtcp_stamp stamp[MANY];
	size_t nreport, necho, nstamp, nvoip, parts;
	const uint8_t *voip;
};

static u32 number(const uint8_t *p, size_t at, size_t bytes)
{
	u32 n = 0;

	while (bytes--)
		n = n << 8 | p[at++];
	return n;
}

static void model_echo(struct model *m, const uint8_t *p, size_t source, size_t stamp)
{
	if (number(p, stamp, 4))
		m->echo[m->necho++] = (struct vw_rtcp_echo){
			number(p, source, 4), number(p, stamp, 4), number(p, stamp + 4, 4) };
}

static void model_stamp(struct model *m, const uint8_t *p, size_t source, size_t middle)
{
	if (number(p, middle, 4))
		m->stamp[m->nstamp++] = (struct vw_rtcp_stamp){
			number(p, source, 4), number(p, middle, 4) };
}

static bool model_reports(struct model *m, const uint8_t *p, size_t at, size_t end, bool sender)
{
	size_t first = at + (sender ? 28 : 8), i, b;

	if (first + 24u * (p[at] & 31) > end)
		return false;
	if (sender)
		model_stamp(m, p, at + 4, at + 10);
	for (i = 0; i < (p[at] & 31u); i++) {
		b = first + 24 * i;
		m->report[m->nreport++] = (struct vw_rtcp_report){
			.source = number(p, b, 4), .fraction = p[b + 4],
			.lost = (s32)number(p, b + 5, 3) - (p[b + 5] & 128 ? 1 << 24 : 0),
			.highest = number(p, b + 8, 4), .jitter = number(p, b + 12, 4) };
		model_echo(m, p, b, b + 16);
	}
	return true;
}

static bool model_blocks(struct model *m, const uint8_t *p, size_t at, size_t end)
{
	size_t b = at + 8, len, sub;

	if (b > end)
		return false;
	for (; b < end; b += len) {
		len = 4 + 4 * number(p, b + 2, 2);
		if (b + len > end)
			return false;
		m->parts++;
		if ((p[b] == 4 && len != 12) || (p[b] == 7 && len != 36) ||
		    (p[b] == 5 && len % 12 != 4))
			return false;
		if (p[b] == 4)
			model_stamp(m, p, at + 4, b + 6);
		for (sub = b + 4; p[b] == 5 && sub < b + len; sub += 12)
			model_echo(m, p, sub, sub + 4);
		if (p[b] == 7 && ++m->nvoip)
			m->voip = p + b;
	}
	return true;
}

static bool model_walk(struct model *m, const uint8_t *p, size_t size)
{
	size_t at, next, end;
	bool good = size > 0;

	for (at = 0; good && at < size; at = next) {
		if (size - at < 4 || p[at] / 64 != 2 || p[at + 1] < 192 || p[at + 1] > 223)
			return false;
		next = at + 4 + 4 * number(p, at + 2, 2);
		if (next > size)
			return false;
		end = next;
		if (p[at] & 32) {
			end -= p[next - 1];
			if (next != size || end == next || end % 4 || end < at + 4 || end > next)
				return false;
		}
		m->parts++;
		if (p[at + 1] == 200 || p[at + 1] == 201)
			good = model_reports(m, p, at, end, p[at + 1] == 200);
		else if (p[at + 1] == 207)
			good = model_blocks(m, p, at, end);
	}
	return good;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static u8 scaled(u8 value, u8 lowest, u8 highest)
{
	return value >= lowest && value <= highest ? value : VW_RTCP_VOIP_NONE;
}

static void same_voip(const struct vw_rtcp_voip *v, const uint8_t *p)
{
	MUST(v->source == number(p, 4, 4));
	MUST(v->loss == p[8] && v->discard == p[9]);
	MUST(v->round_trip == number(p, 16, 2) && v->end_delay == number(p, 18, 2));
	MUST(v->bare == (p[28] / 64 == 1));
	MUST(v->r == scaled(p[24], 0, 100));
	MUST(v->mos_lq == scaled(p[26], 10, 50) && v->mos_cq == scaled(p[27], 10, 50));
}

static void same(const struct vw_rtcp_view *v, const struct model *m)
{
	size_t i;

	MUST(v->nreport == least(m->nreport, VW_RTCP_MAX_REPORTS));
	MUST(v->necho == least(m->necho, VW_RTCP_MAX_ECHOES));
	MUST(v->nstamp == least(m->nstamp, VW_RTCP_MAX_STAMPS));
	for (i = 0; i < v->nreport; i++) {
		MUST(v->report[i].source == m->report[i].source);
		MUST(v->report[i].fraction == m->report[i].fraction);
		MUST(v->report[i].lost == m->report[i].lost);
		MUST(v->report[i].highest == m->report[i].highest);
		MUST(v->report[i].jitter == m->report[i].jitter);
	}
	MUST(!memcmp(v->echo, m->echo, v->necho * sizeof(*v->echo)));
	MUST(!memcmp(v->stamp, m->stamp, v->nstamp * sizeof(*v->stamp)));
	MUST(v->has_voip == !!m->nvoip);
	if (v->has_voip)
		same_voip(&v->voip, m->voip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model *m = calloc(1, sizeof(*m));
	struct vw_rtcp_view v;
	uint8_t *p;
	bool good;
	int err;

	MUST(m);
	size = least(size, 4096);
	p = exact(data, size);
	good = model_walk(m, p, size);
	err = vw_rtcp_read(p, size, &v);
	MUST(err == 0 || err == -EBADMSG || err == -E2BIG);
	MUST((err == 0) == (good && m->parts <= VW_RTCP_MAX_PARTS));
	/* what is too much may lie behind that */
	MUST(err != -E2BIG || m->parts > VW_RTCP_MAX_PARTS);
	MUST(err != -EBADMSG || !good);
	if (!err)
		same(&v, m);
	free(p);
	free(m);
	return 0;
}
