// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include "../../kmod/core/names.h"

typedef const char *name_fn(unsigned int n);

static const struct {
	const char *name;
	name_fn *of;
	unsigned int count;
} kinds[] = {
	{ "drop", vw_drop_name, __VOXWALL_DROP_MAX },
	{ "drop text", vw_drop_text, __VOXWALL_DROP_MAX },
	{ "diagnosis", vw_diagnosis_name, __VOXWALL_DIAGNOSIS_MAX },
	{ "diagnosis text", vw_diagnosis_text, __VOXWALL_DIAGNOSIS_MAX },
	{ "class", vw_class_name, __VOXWALL_CLASS_MAX },
	{ "zone", vw_zone_name, __VOXWALL_ZONE_MAX },
	{ "mode", vw_mode_name, __VOXWALL_PORT_MODE_MAX },
	{ "method", vw_method_name, __VOXWALL_METHOD_MAX },
	{ "latch", vw_latch_name, __VOXWALL_LATCH_MAX },
	{ "rogue", vw_rogue_name, __VOXWALL_ROGUE_MAX },
	{ "event", vw_event_name, __VOXWALL_EVENT_MAX },
};

static void every_value_has_a_word_of_its_own(void **state)
{
	size_t k;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		unsigned int i, j;

		for (i = 0; i < kinds[k].count; i++) {
			ROW_CHECK(kinds[k].name, strcmp(kinds[k].of(i), "unknown"));
			for (j = 0; j < i; j++)
				ROW_CHECK(kinds[k].name,
					  strcmp(kinds[k].of(i), kinds[k].of(j)));
		}
	}
}

static void past_the_end_is_unknown(void **state)
{
	size_t k;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		assert_string_equal(kinds[k].of(kinds[k].count), "unknown");
		assert_string_equal(kinds[k].of(~0u), "unknown");
	}
}

static void words_are_the_documented_ones(void **state)
{
	(void)state;
	assert_string_equal(vw_drop_name(VOXWALL_DROP_STATION_UNKNOWN), "station-unknown");
	assert_string_equal(vw_drop_name(VOXWALL_DROP_TABLE_FULL), "table-full");
	assert_string_equal(vw_diagnosis_name(VOXWALL_DIAGNOSIS_WRONG_KEY), "wrong-key");
	assert_string_equal(vw_class_name(VOXWALL_CLASS_RTP), "rtp");
	assert_string_equal(vw_zone_name(VOXWALL_ZONE_VOICE), "voice");
	assert_string_equal(vw_mode_name(VOXWALL_PORT_ACCESS), "access");
	assert_string_equal(vw_method_name(VOXWALL_METHOD_STATIC), "static");
	assert_string_equal(vw_latch_name(VOXWALL_LATCH_SYMMETRIC), "symmetric-then-lock");
	assert_string_equal(vw_rogue_name(VOXWALL_ROGUE_DROP), "drop");
	assert_string_equal(vw_event_name(VOXWALL_EVENT_STATION_MOVED), "station-moved");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_value_has_a_word_of_its_own),
	cmocka_unit_test(past_the_end_is_unknown),
	cmocka_unit_test(words_are_the_documented_ones),
};

ROW_MAIN(tests)
