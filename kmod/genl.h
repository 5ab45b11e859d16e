/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_GENL_H
#define VW_GENL_H

#include <net/genetlink.h>

#include "voxwall.h"

extern struct genl_family vw_genl_family;

/* The multicast groups, by position in the family. */
enum vw_genl_group {
	VW_GENL_GROUP_EVENTS,
};

static inline struct vw_net *vw_genl_net(struct genl_info *info)
{
	return vw_net(genl_info_net(info));
}

/* One line to refuse with a sentence. */
#define vw_refuse(extack, err, sentence) ({			\
	NL_SET_ERR_MSG_MOD(extack, sentence);			\
	(err);							\
})

/* The namespace of a dump. */
static inline struct vw_net *vw_genl_dump_net(const struct netlink_callback *cb)
{
	return vw_net(sock_net(cb->skb->sk));
}

int vw_genl_module_init(void);
void vw_genl_module_exit(void);

#endif
