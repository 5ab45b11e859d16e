/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stream operations of the netlink family, for the table in genl.c. */
#ifndef VW_GENL_STREAM_H
#define VW_GENL_STREAM_H

#include <net/genetlink.h>

#include "uapi/linux/voxwall.h"

/* One policy an operation; top level, VOXWALL_A_STREAM being the only attribute. */
extern const struct nla_policy vw_genl_stream_new_policy[VOXWALL_A_STREAM + 1];
extern const struct nla_policy vw_genl_stream_set_policy[VOXWALL_A_STREAM + 1];
extern const struct nla_policy vw_genl_stream_id_policy[VOXWALL_A_STREAM + 1]; /* DEL, GET */

/* Keys in the request are wiped before these return. */
int vw_genl_stream_new(struct sk_buff *skb, struct genl_info *info);
int vw_genl_stream_set(struct sk_buff *skb, struct genl_info *info);
int vw_genl_stream_del(struct sk_buff *skb, struct genl_info *info);
int vw_genl_stream_get(struct sk_buff *skb, struct genl_info *info);
int vw_genl_stream_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif
