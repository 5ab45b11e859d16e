/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stream operations of the netlink family, for the table in genl.c. */
#ifndef VW_GENL_STREAM_H
#define VW_GENL_STREAM_H

#include <net/genetlink.h>

#include "uapi/linux/voxwall.h"

/*
 * Of every operation, and only the top level: what is in the nest is checked by
 * the operations themselves, against a policy each. The core knows it only where
 * requests have no keys.
 */
extern const struct nla_policy vw_genl_stream_policy[VOXWALL_A_STREAM + 1];

/* They take vn->lock themselves. Keys in the request are wiped before they return. */
int vw_genl_stream_new(struct sk_buff *skb, struct genl_info *info);
int vw_genl_stream_set(struct sk_buff *skb, struct genl_info *info);
int vw_genl_stream_del(struct sk_buff *skb, struct genl_info *info);
int vw_genl_stream_get(struct sk_buff *skb, struct genl_info *info);
int vw_genl_stream_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* The identifier of a request that has nothing else; 0 or a refusal. */
int vw_genl_stream_id(struct genl_info *info, u32 *ret);

#endif
