// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>

#include "rows.h"
#include "../../agent/media/mos.h"

#define NEAR(row, got, want, by)						\
	do {									\
		double got_ = (got), want_ = (want);				\
										\
		if (!(fabs(got_ - want_) <= (by)))				\
			fail_msg("%s: %s is %.3f, not %.3f", (row), #got, got_, want_); \
	} while (0)

static double rating(const char *name, bool bare, double loss, double delay)
{
	double r = -1000;

	assert_int_equal(vw_mos_r(vw_codec_named(name, strlen(name), 8000), bare, loss, delay, &r), 0);
	return r;
}

/* G.107, 7.7 with Table 2: everything at its default rates 93.2. */
static void defaults(void **state)
{
	(void)state;
	NEAR("default", rating("PCMA", false, 0, 0), 93.2, 0.05);
	NEAR("default", vw_mos(rating("PCMA", false, 0, 0)), 4.41, 0.005);
}

/* G.107, Table B.1: lower limits of R and MOS of each degree of satisfaction. */
static void scores(void **state)
{
	static const struct { double r, mos; } rows[] = {
		{ 90, 4.34 }, { 80, 4.03 }, { 70, 3.60 }, { 60, 3.10 }, { 50, 2.58 },
		/* and where the scale ends */
		{ 100, 4.5 }, { 120, 4.5 }, { 0, 1 }, { -20, 1 }, { 3, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char row[16];

		snprintf(row, sizeof(row), "R %.0f", rows[i].r);
		NEAR(row, vw_mos(rows[i].r), rows[i].mos, 0.0065);
	}
}

/* Ie-eff = Ie + (95 - Ie) Ppl / (Ppl + Bpl) with G.113's Ie and Bpl, by hand. */
static void losses(void **state)
{
	static const struct {
		const char *codec;
		bool bare;
		double loss;
		double less;
	} rows[] = {
		{ "PCMA", false, 0, 0 }, { "PCMU", false, 0.01, 3.640 }, { "PCMA", false, 0.05, 15.781 },
		{ "PCMA", true, 0, 0 }, { "PCMU", true, 0.01, 17.925 }, { "PCMA", true, 0.05, 51.075 },
		{ "G729", false, 0, 11 }, { "G729", false, 0.01, 15.200 }, { "G729", false, 0.05, 28.500 },
		{ "G723", false, 0, 15 }, { "G723", false, 0.01, 19.678 },
		{ "GSM-EFR", false, 0, 5 }, { "GSM-EFR", false, 0.01, 13.182 },
		{ "GSM", false, 0, 20 }, { "G728", false, 0, 7 }, { "G726-32", false, 0, 7 },
		{ "GSM-HR-08", false, 0, 23 }, { "G726-40", false, 0, 2 }, { "G726-24", false, 0, 25 },
		{ "G726-16", false, 0, 50 }, { "AAL2-G726-32", false, 0, 7 },
		{ "PCMA", false, 1, 75.939 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char row[32];

		snprintf(row, sizeof(row), "%s %s%.2f", rows[i].codec, rows[i].bare ? "bare " : "",
			 rows[i].loss);
		NEAR(row, 93.206 - rating(rows[i].codec, rows[i].bare, rows[i].loss, 0),
		     rows[i].less, 0.002);
	}
}

/* What earlier tables of G.113 have for 2 % of random loss, in whole numbers. */
static void two_percent(void **state)
{
	static const struct { const char *codec; double less; } rows[] = {
		{ "PCMA", 7 }, { "G729", 19 }, { "G723", 24 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		NEAR(rows[i].codec, 93.206 - rating(rows[i].codec, false, 0.02, 0), rows[i].less, 0.5);
}

/* G.107, (7-27): Idd is 0 up to 100 ms; then it is what G.114's curve falls by. */
static void delays(void **state)
{
	/* the formulas in another language, with TELR 65 and WEPL 110 */
	static const struct { double ms, r; } rows[] = {
		{ 50, 91.756 }, { 100, 90.664 }, { 150, 89.539 }, { 200, 85.805 }, { 250, 79.177 },
		{ 300, 72.666 }, { 400, 62.247 },
	};
	double last = 1000;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		NEAR("delay", rating("PCMA", false, 0, rows[i].ms), rows[i].r, 0.002);
	for (double ms = 1; ms < 3000; ms += 7) {
		double r = rating("PCMA", false, 0, ms);

		assert_true(r < last);
		last = r;
	}
}

static void unknown(void **state)
{
	const struct vw_codec *gsm = vw_codec_static(3), *g729 = vw_codec_static(18);
	double r = 7;

	(void)state;
	assert_int_equal(vw_mos_r(NULL, false, 0, 0, &r), -ENODATA);
	assert_int_equal(vw_mos_r(gsm, false, 0.001, 0, &r), -ENODATA);
	assert_int_equal(vw_mos_r(g729, true, 0.001, 0, &r), -ENODATA);
	assert_true(r == 7);
	assert_int_equal(vw_mos_r(gsm, false, 0, 0, &r), 0);
	assert_int_equal(vw_mos_r(g729, true, 0, 0, &r), 0);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(vw_codec_static(0)->name, "PCMU");
	assert_string_equal(vw_codec_static(8)->name, "PCMA");
	assert_string_equal(vw_codec_static(3)->name, "GSM");
	assert_string_equal(vw_codec_static(4)->name, "G723");
	assert_string_equal(vw_codec_static(15)->name, "G728");
	assert_string_equal(vw_codec_static(18)->name, "G729");
	/* G.722, comfort noise, dynamic types, no type at all */
	assert_null(vw_codec_static(9));
	assert_null(vw_codec_static(13));
	assert_null(vw_codec_static(96));
	assert_null(vw_codec_static(255));
	assert_null(vw_codec_static(~0u));
	assert_ptr_equal(vw_codec_named("pcma/8000", 4, 8000), vw_codec_static(8));
	assert_ptr_equal(vw_codec_named("GSM-EFR", 3, 8000), vw_codec_static(3));
	assert_null(vw_codec_named("PCMA", 4, 16000));
	assert_null(vw_codec_named("PCM", 3, 8000));
	assert_null(vw_codec_named("", 0, 8000));
	assert_null(vw_codec_named("opus", 4, 48000));
	assert_null(vw_codec_named("iLBC", 4, 8000));
	assert_null(vw_codec_named("telephone-event", 15, 8000));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(defaults),
	cmocka_unit_test(scores),
	cmocka_unit_test(losses),
	cmocka_unit_test(two_percent),
	cmocka_unit_test(delays),
	cmocka_unit_test(unknown),
	cmocka_unit_test(names),
};

ROW_MAIN(tests)
