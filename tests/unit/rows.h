/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What table-driven tests share. Includes cmocka in the order that it wants. */
#ifndef TESTS_UNIT_ROWS_H
#define TESTS_UNIT_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Like assert_true(), but says which row of the table it was. */
#define ROW_CHECK(row, cond)							\
	do {									\
		if (!(cond))							\
			fail_msg("%s: %s", (row), #cond);			\
	} while (0)

/* The same for numbers, and says which they were. */
#define ROW_EQ(row, got, want)							\
	do {									\
		long long got_ = (long long)(got), want_ = (long long)(want);	\
										\
		if (got_ != want_)						\
			fail_msg("%s: %s is %lld, not %lld", (row), #got, got_, want_); \
	} while (0)

/* A copy that ends where its memory does, so that ASan sees one byte too many. */
static inline uint8_t *row_copy(const void *p, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len)
		memcpy(copy, p, len);
	return copy;
}

#define ROW_MAIN(tests)								\
	int main(void)								\
	{									\
		cmocka_set_message_output(CM_OUTPUT_TAP);			\
		return cmocka_run_group_tests(tests, NULL, NULL);		\
	}

#endif
