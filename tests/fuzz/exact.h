/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What fuzz targets share: copies that end where their memory does, and a verdict. */
#ifndef TESTS_FUZZ_EXACT_H
#define TESTS_FUZZ_EXACT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An oracle that holds in every build, unlike assert(). */
#define MUST(cond)								\
	do {									\
		if (!(cond)) {							\
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #cond); \
			abort();						\
		}								\
	} while (0)

/* The caller frees it; ASan sees a read of one byte too many. */
static inline uint8_t *exact(const uint8_t *p, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	MUST(copy);
	if (len)
		memcpy(copy, p, len);
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
