// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>

#include "rows.h"
#include "../../agent/media/quality.h"

static void near(double got, double want, double by)
{
	if (!(fabs(got - want) <= by))
		fail_msg("%.4f is not %.4f", got, want);
}

static const struct vw_codec *pcma(void)
{
	return vw_codec_static(8);
}

/* 900 of 1,000 packets have come, 10 ms of jitter. */
static struct vw_genl_stream stream(void)
{
	return (struct vw_genl_stream){
		.packets = 900, .lost = 100, .jitter_us = 10000,
		.ssrcs = { { .id = 6, .packets = 500 }, { .id = 7, .packets = 400 } }, .nssrcs = 2,
	};
}

static void losses(void **state)
{
	struct vw_genl_stream s = stream();

	(void)state;
	near(vw_quality_of(&s, NULL, pcma()).loss, 0.1, 1e-9);
	/* the end misses less, more, and less than nothing */
	s.report = (struct vw_genl_report){ .has_block = true, .source = 7, .lost = 10 };
	near(vw_quality_of(&s, NULL, pcma()).loss, 0.1, 1e-9);
	s.report.lost = 150;
	near(vw_quality_of(&s, NULL, pcma()).loss, 0.3, 1e-9);
	s.report.lost = -150;
	near(vw_quality_of(&s, NULL, pcma()).loss, 0.1, 1e-9);
	s.report.lost = 8388607;
	near(vw_quality_of(&s, NULL, pcma()).loss, 1, 1e-9);
	/* a source that isn't there any more */
	s.report.source = 9;
	s.report.lost = 50;
	near(vw_quality_of(&s, NULL, pcma()).loss, 0.5, 1e-9);
	s.report = (struct vw_genl_report){ .has_voip = true, .voip_discard = 64 };
	near(vw_quality_of(&s, NULL, pcma()).loss, 0.25, 1e-9);
}

static void delays(void **state)
{
	struct vw_genl_stream s = stream(), back = stream();

	(void)state;
	near(vw_quality_of(&s, NULL, pcma()).delay_ms, 40, 1e-9);
	assert_false(vw_quality_of(&s, NULL, pcma()).whole);
	s.report = (struct vw_genl_report){ .has_trip = true, .trip_us = 100000 };
	near(vw_quality_of(&s, &back, pcma()).delay_ms, 90, 1e-9);
	assert_false(vw_quality_of(&s, &back, pcma()).whole);
	back.report = (struct vw_genl_report){ .has_trip = true, .trip_us = 4000 };
	near(vw_quality_of(&s, &back, pcma()).delay_ms, 92, 1e-9);
	assert_true(vw_quality_of(&s, &back, pcma()).whole);
	back.src.rtp = 4000;
	near(vw_quality_of(&s, &back, pcma()).delay_ms, 90, 1e-9);
	assert_false(vw_quality_of(&s, &back, pcma()).whole);
	back.src.rtp = 0;
	s.report.has_voip = true;
	s.report.voip_delay_ms = 150;
	near(vw_quality_of(&s, &back, pcma()).delay_ms, 202, 1e-9);
}

static void ratings(void **state)
{
	struct vw_genl_stream s = { .packets = 1000 }, nothing = { 0 };
	struct vw_quality q = vw_quality_of(&s, NULL, pcma());

	(void)state;
	assert_true(q.rated);
	near(q.mos, 4.4, 0.02);
	s.lost = 99000;
	assert_true(vw_quality_of(&s, NULL, pcma()).mos < 1.2);
	/* what its end doesn't conceal is heard */
	s.lost = 20;
	q = vw_quality_of(&s, NULL, pcma());
	s.report.has_voip = true;
	s.report.voip_bare = true;
	assert_true(vw_quality_of(&s, NULL, pcma()).mos < q.mos - 0.5);
	assert_false(vw_quality_of(&s, NULL, NULL).rated);
	assert_false(vw_quality_of(&s, NULL, vw_codec_static(3)).rated);
	assert_false(vw_quality_of(&nothing, NULL, pcma()).rated);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(losses),
	cmocka_unit_test(delays),
	cmocka_unit_test(ratings),
};

ROW_MAIN(tests)
