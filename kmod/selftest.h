/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_SELFTEST_H
#define VW_SELFTEST_H

#include <linux/init.h>
#include <linux/types.h>

#define VW_SELFTEST_LONGEST	256	/* bytes of a vector */

/*
 * vw_selftest - run the RFCs' vectors through the code that packets use
 *
 * Process context, once, before anything else of the module. Return: 0, or the
 * error to refuse loading with; the log then names the vector that failed.
 */
int __init vw_selftest(void);

/* The part of it about whole suites; @p has room for a packet in the linear mapping. */
int __init vw_selftest_suites(u8 *p);
/* Write a row of hexadecimal digits to @out. Return: bytes; 0: it can't be. */
size_t __init vw_selftest_bytes(u8 *out, const char *hex);

#endif
