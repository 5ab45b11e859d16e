/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_SELFTEST_H
#define VW_SELFTEST_H

#include <linux/init.h>

/*
 * vw_selftest - run the RFCs' vectors through the code that packets use
 *
 * Process context, once, before anything else of the module. Return: 0, or the
 * error to refuse loading with; the log then names the vector that failed.
 */
int __init vw_selftest(void);

#endif
