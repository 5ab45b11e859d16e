/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operations on policy, ports, stations and drops, for the table in genl.c. */
#ifndef VW_GENL_NOUN_H
#define VW_GENL_NOUN_H

#include <net/genetlink.h>

#include "uapi/linux/voxwall.h"

/* Top level, one for each operation: only its own noun is known. */
extern const struct nla_policy vw_genl_policy_set_policy[VOXWALL_A_POLICY + 1];
extern const struct nla_policy vw_genl_port_set_policy[VOXWALL_A_PORT + 1];
extern const struct nla_policy vw_genl_port_id_policy[VOXWALL_A_PORT + 1];
extern const struct nla_policy vw_genl_station_set_policy[VOXWALL_A_STATION + 1];
extern const struct nla_policy vw_genl_station_id_policy[VOXWALL_A_STATION + 1];

int vw_genl_policy_set(struct sk_buff *skb, struct genl_info *info);
int vw_genl_policy_get(struct sk_buff *skb, struct genl_info *info);
int vw_genl_port_set(struct sk_buff *skb, struct genl_info *info);
int vw_genl_port_del(struct sk_buff *skb, struct genl_info *info);
int vw_genl_port_get(struct sk_buff *skb, struct genl_info *info);
int vw_genl_port_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vw_genl_station_set(struct sk_buff *skb, struct genl_info *info);
int vw_genl_station_del(struct sk_buff *skb, struct genl_info *info);
int vw_genl_station_get(struct sk_buff *skb, struct genl_info *info);
int vw_genl_station_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vw_genl_drops_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif
