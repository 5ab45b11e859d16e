// SPDX-License-Identifier: GPL-2.0-or-later
/* Policy, ports and stations on the wire. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "genl_priv.h"

/* ---- policy ---- */

static int put_servers(struct nl_msg *msg, const struct vw_policy *pol)
{
	struct nlattr *list = vw_genl_nest(msg, VOXWALL_A_POLICY_PROVISIONING);
	int err = list ? 0 : -1;

	for (unsigned int i = 0; i < pol->nserver && !err; i++)
		err = nla_put(msg, VOXWALL_A_LIST_ADDR, (int)vw_addr_len(pol->server[i].family),
			      pol->server[i].addr);
	if (!err)
		nla_nest_end(msg, list);
	return err;
}

static int put_peers(struct nl_msg *msg, const struct vw_policy *pol)
{
	struct nlattr *list = vw_genl_nest(msg, VOXWALL_A_POLICY_SIP_PEERS);
	int err = list ? 0 : -1;

	for (unsigned int i = 0; i < pol->npeer && !err; i++) {
		size_t n = vw_addr_len(pol->peer[i].family);
		u16 port = htons(pol->peer[i].port);
		u8 wire[18];

		memcpy(wire, pol->peer[i].addr, n);
		memcpy(wire + n, &port, sizeof(port));
		err = nla_put(msg, VOXWALL_A_LIST_ENDPOINT, (int)(n + sizeof(port)), wire);
	}
	if (!err)
		nla_nest_end(msg, list);
	return err;
}

static int put_policy(struct nl_msg *msg, const struct vw_policy *pol)
{
	struct nlattr *nest = vw_genl_nest(msg, VOXWALL_A_POLICY);

	if (!nest ||
	    nla_put_u16(msg, VOXWALL_A_POLICY_VOICE_VLAN, pol->voice_vlan) ||
	    nla_put_u32(msg, VOXWALL_A_POLICY_SERVICES, pol->services) ||
	    nla_put_u8(msg, VOXWALL_A_POLICY_ROGUE_VOICE, pol->rogue) ||
	    nla_put_u8(msg, VOXWALL_A_POLICY_DSCP_RTP, pol->dscp_rtp) ||
	    nla_put_u8(msg, VOXWALL_A_POLICY_DSCP_SIP, pol->dscp_sip) ||
	    nla_put_u32(msg, VOXWALL_A_POLICY_MAX_STREAMS, pol->max_streams) ||
	    nla_put_u32(msg, VOXWALL_A_POLICY_MAX_STATIONS, pol->max_stations) ||
	    put_servers(msg, pol) || put_peers(msg, pol))
		return -1;
	nla_nest_end(msg, nest);
	return 0;
}

int vw_genl_policy_set(struct vw_genl *g, const struct vw_policy *pol)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_POLICY_SET, 0);

	if (!msg)
		return -ENOMEM;
	return put_policy(msg, pol) ? vw_genl_overflow(g, msg) : vw_genl_do(g, msg);
}

static void take_servers(struct nlattr *list, struct vw_policy *pol)
{
	struct vw_endpoint *e;
	struct nlattr *a;
	int left;

	nla_for_each_nested(a, list, left) {
		if ((nla_len(a) != 4 && nla_len(a) != 16) ||
		    pol->nserver == VOXWALL_MAX_SERVERS)
			continue;
		e = &pol->server[pol->nserver++];
		e->family = nla_len(a) == 16 ? 6 : 4;
		memcpy(e->addr, nla_data(a), (size_t)nla_len(a));
	}
}

static void take_peers(struct nlattr *list, struct vw_policy *pol)
{
	struct vw_endpoint *e;
	struct nlattr *a;
	int left;

	nla_for_each_nested(a, list, left) {
		if ((nla_len(a) != 6 && nla_len(a) != 18) ||
		    pol->npeer == VOXWALL_MAX_SIP_PEERS)
			continue;
		e = &pol->peer[pol->npeer++];
		e->family = nla_len(a) == 18 ? 6 : 4;
		memcpy(e->addr, nla_data(a), vw_addr_len(e->family));
		e->port = get_unaligned_be16((u8 *)nla_data(a) + vw_addr_len(e->family));
	}
}

static int take_policy(struct nlattr *nest, void *arg)
{
	struct nlattr *tb[VOXWALL_A_POLICY_MAX + 1];
	struct vw_policy *pol = arg;

	if (nla_parse_nested(tb, VOXWALL_A_POLICY_MAX, nest, NULL) < 0)
		return -EBADMSG;
	memset(pol, 0, sizeof(*pol));
	pol->voice_vlan = vw_attr_u16(tb[VOXWALL_A_POLICY_VOICE_VLAN]);
	pol->services = vw_attr_u32(tb[VOXWALL_A_POLICY_SERVICES]);
	pol->rogue = vw_attr_u8(tb[VOXWALL_A_POLICY_ROGUE_VOICE]);
	pol->dscp_rtp = vw_attr_u8(tb[VOXWALL_A_POLICY_DSCP_RTP]);
	pol->dscp_sip = vw_attr_u8(tb[VOXWALL_A_POLICY_DSCP_SIP]);
	pol->max_streams = vw_attr_u32(tb[VOXWALL_A_POLICY_MAX_STREAMS]);
	pol->max_stations = vw_attr_u32(tb[VOXWALL_A_POLICY_MAX_STATIONS]);
	if (tb[VOXWALL_A_POLICY_PROVISIONING])
		take_servers(tb[VOXWALL_A_POLICY_PROVISIONING], pol);
	if (tb[VOXWALL_A_POLICY_SIP_PEERS])
		take_peers(tb[VOXWALL_A_POLICY_SIP_PEERS], pol);
	return 0;
}

int vw_genl_policy_get(struct vw_genl *g, struct vw_policy *ret)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_POLICY_GET, 0);

	if (!msg)
		return -ENOMEM;
	return vw_genl_ask(g, msg, VOXWALL_A_POLICY, take_policy, ret);
}

/* ---- ports ---- */

static int put_vlans(struct nl_msg *msg, const struct vw_port_rule *rule)
{
	struct nlattr *list = vw_genl_nest(msg, VOXWALL_A_PORT_VLANS);
	int err = list ? 0 : -1;

	for (unsigned int i = 0; i < rule->nvlan && !err; i++)
		err = nla_put_u16(msg, VOXWALL_A_LIST_VLAN, rule->vlan[i]);
	if (!err)
		nla_nest_end(msg, list);
	return err;
}

static int put_lan_rule(struct nl_msg *msg, const struct vw_port_rule *rule)
{
	if (rule->data_vlan &&
	    nla_put_u16(msg, VOXWALL_A_PORT_DATA_VLAN, rule->data_vlan))
		return -1;
	if (rule->nvlan && put_vlans(msg, rule))
		return -1;
	if (!rule->voice && nla_put_flag(msg, VOXWALL_A_PORT_NO_VOICE))
		return -1;
	return nla_put_u8(msg, VOXWALL_A_PORT_AUTHORISE, rule->authorise);
}

static int put_port(struct nl_msg *msg, const struct vw_genl_port *port)
{
	struct nlattr *nest = vw_genl_nest(msg, VOXWALL_A_PORT);
	int err;

	if (!nest)
		return -1;
	if (port->ifindex)
		err = nla_put_u32(msg, VOXWALL_A_PORT_IFINDEX, port->ifindex);
	else
		err = nla_put_string(msg, VOXWALL_A_PORT_IFNAME, port->name);
	if (err || nla_put_u8(msg, VOXWALL_A_PORT_MODE, port->rule.mode))
		return -1;
	if (port->rule.mode != VOXWALL_PORT_UPLINK && put_lan_rule(msg, &port->rule))
		return -1;
	if (port->allow_clear && nla_put_flag(msg, VOXWALL_A_PORT_ALLOW_CLEAR))
		return -1;
	nla_nest_end(msg, nest);
	return 0;
}

int vw_genl_port_set(struct vw_genl *g, const struct vw_genl_port *port)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_PORT_SET, 0);

	if (!msg)
		return -ENOMEM;
	return put_port(msg, port) ? vw_genl_overflow(g, msg) : vw_genl_do(g, msg);
}

int vw_genl_port_del(struct vw_genl *g, unsigned int ifindex)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_PORT_DEL, 0);
	struct nlattr *nest;

	if (!msg)
		return -ENOMEM;
	nest = vw_genl_nest(msg, VOXWALL_A_PORT);
	if (!nest || nla_put_u32(msg, VOXWALL_A_PORT_IFINDEX, ifindex))
		return vw_genl_overflow(g, msg);
	nla_nest_end(msg, nest);
	return vw_genl_do(g, msg);
}

static void take_vlans(struct nlattr *list, struct vw_port_rule *rule)
{
	struct nlattr *a;
	int left;

	nla_for_each_nested(a, list, left)
		if (rule->nvlan < VOXWALL_MAX_VLANS)
			rule->vlan[rule->nvlan++] = vw_attr_u16(a);
}

struct port_walk {
	int (*cb)(const struct vw_genl_port *port, void *arg);
	void *arg;
};

static int take_port(struct nlattr *nest, void *arg)
{
	struct nlattr *tb[VOXWALL_A_PORT_MAX + 1];
	struct vw_genl_port p = { 0 };
	struct port_walk *walk = arg;

	if (nla_parse_nested(tb, VOXWALL_A_PORT_MAX, nest, NULL) < 0)
		return -EBADMSG;
	p.ifindex = vw_attr_u32(tb[VOXWALL_A_PORT_IFINDEX]);
	if (tb[VOXWALL_A_PORT_IFNAME])
		nla_strlcpy(p.name, tb[VOXWALL_A_PORT_IFNAME], sizeof(p.name));
	else if (!if_indextoname(p.ifindex, p.name))
		snprintf(p.name, sizeof(p.name), "if%u", p.ifindex);
	p.rule.mode = vw_attr_u8(tb[VOXWALL_A_PORT_MODE]);
	p.rule.data_vlan = vw_attr_u16(tb[VOXWALL_A_PORT_DATA_VLAN]);
	p.rule.authorise = vw_attr_u8(tb[VOXWALL_A_PORT_AUTHORISE]);
	p.rule.voice = p.rule.mode != VOXWALL_PORT_UPLINK && !tb[VOXWALL_A_PORT_NO_VOICE];
	p.allow_clear = tb[VOXWALL_A_PORT_ALLOW_CLEAR];
	p.rx_packets = vw_attr_u64(tb[VOXWALL_A_PORT_RX_PACKETS], 0);
	p.dropped = vw_attr_u64(tb[VOXWALL_A_PORT_DROPPED], 0);
	if (tb[VOXWALL_A_PORT_VLANS])
		take_vlans(tb[VOXWALL_A_PORT_VLANS], &p.rule);
	return walk->cb(&p, walk->arg);
}

int vw_genl_port_dump(struct vw_genl *g,
		      int (*cb)(const struct vw_genl_port *, void *), void *arg)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_PORT_GET, NLM_F_DUMP);
	struct port_walk walk = { cb, arg };

	if (!msg)
		return -ENOMEM;
	return vw_genl_ask(g, msg, VOXWALL_A_PORT, take_port, &walk);
}

/* ---- stations ---- */

static int put_station(struct nl_msg *msg, const struct vw_genl_station *st)
{
	struct nlattr *nest = vw_genl_nest(msg, VOXWALL_A_STATION);

	if (!nest ||
	    nla_put(msg, VOXWALL_A_STATION_MAC, sizeof(st->mac), st->mac) ||
	    nla_put_u32(msg, VOXWALL_A_STATION_IFINDEX, st->ifindex) ||
	    nla_put_u8(msg, VOXWALL_A_STATION_ALLOW, st->allow) ||
	    nla_put_u8(msg, VOXWALL_A_STATION_METHOD, st->method))
		return -1;
	nla_nest_end(msg, nest);
	return 0;
}

int vw_genl_station_set(struct vw_genl *g, const struct vw_genl_station *st)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_STATION_SET, 0);

	if (!msg)
		return -ENOMEM;
	return put_station(msg, st) ? vw_genl_overflow(g, msg) : vw_genl_do(g, msg);
}

int vw_genl_station_del(struct vw_genl *g, const u8 mac[6])
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_STATION_DEL, 0);
	struct nlattr *nest;

	if (!msg)
		return -ENOMEM;
	nest = vw_genl_nest(msg, VOXWALL_A_STATION);
	if (!nest || nla_put(msg, VOXWALL_A_STATION_MAC, 6, mac))
		return vw_genl_overflow(g, msg);
	nla_nest_end(msg, nest);
	return vw_genl_do(g, msg);
}

struct station_walk {
	int (*cb)(const struct vw_genl_station *st, void *arg);
	void *arg;
};

static int take_station(struct nlattr *nest, void *arg)
{
	struct nlattr *tb[VOXWALL_A_STATION_MAX + 1];
	struct vw_genl_station st = { 0 };
	struct station_walk *walk = arg;
	struct nlattr *mac;

	if (nla_parse_nested(tb, VOXWALL_A_STATION_MAX, nest, NULL) < 0)
		return -EBADMSG;
	mac = tb[VOXWALL_A_STATION_MAC];
	if (!mac || nla_len(mac) != sizeof(st.mac))
		return -EBADMSG;
	memcpy(st.mac, nla_data(mac), sizeof(st.mac));
	st.ifindex = vw_attr_u32(tb[VOXWALL_A_STATION_IFINDEX]);
	st.allow = vw_attr_u8(tb[VOXWALL_A_STATION_ALLOW]);
	st.method = vw_attr_u8(tb[VOXWALL_A_STATION_METHOD]);
	st.packets = vw_attr_u64(tb[VOXWALL_A_STATION_PACKETS], 0);
	st.idle_ms = vw_attr_u64(tb[VOXWALL_A_STATION_IDLE], UINT64_MAX);
	return walk->cb(&st, walk->arg);
}

int vw_genl_station_dump(struct vw_genl *g,
			 int (*cb)(const struct vw_genl_station *, void *), void *arg)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_STATION_GET, NLM_F_DUMP);
	struct station_walk walk = { cb, arg };

	if (!msg)
		return -ENOMEM;
	return vw_genl_ask(g, msg, VOXWALL_A_STATION, take_station, &walk);
}
