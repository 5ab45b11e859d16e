/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_INGRESS_H
#define VW_INGRESS_H

#include <linux/netfilter.h>

struct sk_buff;
struct vw_port;

/**
 * vw_ingress - the path of a packet that arrives on a port or an uplink
 * @priv: the struct vw_port
 * @skb: its data at the network header, an outer VLAN tag already in the skb
 * @state: of the hook
 *
 * Return: NF_ACCEPT, NF_DROP, or NF_STOLEN when a stream has taken it.
 */
unsigned int vw_ingress(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);

/**
 * vw_ingress_inner - what IPsec had kept from an uplink's ingress
 * @port: the uplink
 * @skb: decrypted, to this host, its data at the network header
 *
 * Under RCU. Return: as above; NF_ACCEPT: no media.
 */
unsigned int vw_ingress_inner(const struct vw_port *port, struct sk_buff *skb);

#endif
