/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux 6.2 split the operations, 6.6 changed what a dump knows of its request. */
#ifndef VW_COMPAT_NET_GENETLINK_H
#define VW_COMPAT_NET_GENETLINK_H

#include <linux/version.h>
#include_next <net/genetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define genl_split_ops genl_ops
#endif

/* Was a dump asked with attributes? */
static inline bool vw_genl_dump_has_attrs(struct netlink_callback *cb)
{
	const struct genl_dumpit_info *dump = genl_dumpit_info(cb);
	unsigned int i;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	struct nlattr **attrs = dump->attrs;
#else
	struct nlattr **attrs = dump->info.attrs;
#endif

	for (i = 0; attrs && i <= dump->op.maxattr; i++)
		if (attrs[i])
			return true;
	return false;
}

#endif
