/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux 6.2 split the operations, 6.6 changed what a dump knows of its request. */
#ifndef VW_COMPAT_NET_GENETLINK_H
#define VW_COMPAT_NET_GENETLINK_H

#include <linux/version.h>
#include_next <net/genetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define genl_split_ops genl_ops
#endif

/* The attributes that a dump was asked with; NULL when there is no array. */
static inline struct nlattr **vw_genl_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

#endif
