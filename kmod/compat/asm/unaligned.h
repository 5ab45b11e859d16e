/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux 6.12 moved this header to linux/. */
#ifndef VW_COMPAT_ASM_UNALIGNED_H
#define VW_COMPAT_ASM_UNALIGNED_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include_next <asm/unaligned.h>
#endif

#endif
