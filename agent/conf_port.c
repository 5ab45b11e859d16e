// SPDX-License-Identifier: GPL-2.0-or-later
/* Ports, uplinks and the stations behind them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kmod/core/names.h"
#include "conf_priv.h"
#include "value.h"

/* ---- port, uplink ---- */

static bool is_data_vlan(const struct vw_conf_file *f, u16 vlan)
{
	return !f->any_data_vlan || f->data_vlans[vlan / 8] & 1u << vlan % 8;
}

static int take_data_vlan(struct vw_conf_section *s, const char *name, const char *text, u16 *ret)
{
	int err = vw_conf_vlan(s, name, text, ret);

	if (err)
		return err;
	if (*ret == s->c->policy.voice_vlan)
		return refuse(s, "VLAN %u is the voice VLAN, which every port carries tagged; "
			      "name another in %s", *ret, name);
	if (!is_data_vlan(s->f, *ret))
		return refuse(s, "VLAN %u is no data VLAN; add it to vlans in the data section",
			      *ret);
	return 0;
}

static int port_mode(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_port *p = s->obj;

	for (unsigned int i = 0; i < VOXWALL_PORT_UPLINK; i++) {
		if (!strcmp(text, vw_mode_name(i))) {
			p->rule.mode = (u8)i;
			return 0;
		}
	}
	return refuse(s, "mode is \"%s\"; use access or trunk (a WAN interface has an uplink "
		      "section)", text);
}

static int port_data_vlan(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_port *p = s->obj;

	return take_data_vlan(s, "data-vlan", text, &p->rule.data_vlan);
}

static int port_vlans(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_port *p = s->obj;
	u16 vlan;
	int err;

	if (p->rule.mode != VOXWALL_PORT_TRUNK)
		return refuse(s, "vlans is for mode = trunk; an access port has one data-vlan");
	if (p->rule.nvlan == VOXWALL_MAX_VLANS)
		return refuse(s, "more than %d VLANs; name fewer", VOXWALL_MAX_VLANS);
	err = take_data_vlan(s, "vlans", text, &vlan);
	if (err)
		return err;
	for (unsigned int i = 0; i < p->rule.nvlan; i++)
		if (p->rule.vlan[i] == vlan)
			return refuse(s, "VLAN %u is named twice; remove one", vlan);
	if (vlan == p->rule.data_vlan)
		return refuse(s, "VLAN %u is untagged (data-vlan) and tagged (vlans); choose one",
			      vlan);
	p->rule.vlan[p->rule.nvlan++] = vlan;
	return 0;
}

static int port_voice(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_port *p = s->obj;

	return vw_conf_yes(s, "voice", text, &p->rule.voice);
}

static int take_allow(struct vw_conf_section *s, const char *name, const char *text, u8 *allow)
{
	if (!strcmp(text, vw_zone_name(VOXWALL_ZONE_VOICE)))
		*allow |= VOXWALL_ALLOW_VOICE;
	else if (!strcmp(text, vw_zone_name(VOXWALL_ZONE_DATA)))
		*allow |= VOXWALL_ALLOW_DATA;
	else
		return refuse(s, "%s is \"%s\"; use voice, data or { voice, data }", name, text);
	return 0;
}

static int port_authorise(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_port *p = s->obj;

	return take_allow(s, "authorise", text, &p->rule.authorise);
}

static int build_port(struct vw_conf_section *s)
{
	static const struct vw_conf_field fields[] = {
		{ "mode", port_mode, "mode = access" }, { "data-vlan", port_data_vlan, NULL },
		{ "vlans", port_vlans, NULL }, { "voice", port_voice, NULL },
		{ "authorise", port_authorise, NULL },
	};
	struct vw_conf_port *p = s->obj;
	int err;

	p->rule.voice = true;
	p->rule.authorise = vw_conf_given(s, "authorise") ? 0 : VOXWALL_ALLOW_VOICE;
	err = vw_conf_fields(s, fields, ARRAY_SIZE(fields));
	if (!err && !p->rule.voice && vw_conf_given(s, "authorise") &&
	    p->rule.authorise & VOXWALL_ALLOW_VOICE)
		warn(s, "authorise", "authorise = voice has no effect with voice = no");
	return err;
}

static int uplink_bandwidth(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_port *p = s->obj;

	if (!vw_value_rate(text, &p->bandwidth))
		return 0;
	return refuse(s, "bandwidth is \"%s\"; write bits per second, as 20M or 512k", text);
}

static int uplink_allow_clear(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_port *p = s->obj;

	return vw_conf_yes(s, "allow-clear", text, &p->allow_clear);
}

static int build_uplink(struct vw_conf_section *s)
{
	static const struct vw_conf_field fields[] = {
		{ "bandwidth", uplink_bandwidth, NULL },
		{ "allow-clear", uplink_allow_clear, NULL },
	};
	struct vw_conf_port *p = s->obj;

	p->rule.mode = VOXWALL_PORT_UPLINK;
	return vw_conf_fields(s, fields, ARRAY_SIZE(fields));
}

const struct vw_conf_port *vw_conf_find_port(const struct vw_conf *c, const char *name)
{
	for (size_t i = 0; i < c->nports; i++)
		if (!strcmp(c->ports[i].name, name))
			return &c->ports[i];
	return NULL;
}

/* A port or an uplink: they share the module's table and the interfaces' names. */
int vw_conf_add_port(struct vw_conf_section *s)
{
	const char *name = cfg_title(s->cfg);
	const struct vw_conf_port *old;
	struct vw_conf_port p = { .line = (unsigned int)s->cfg->line };
	bool uplink = !strcmp(cfg_name(s->cfg), "uplink");
	int err;

	err = vw_conf_ifname(s, "the name", name, p.name);
	if (err)
		return err;
	old = vw_conf_find_port(s->c, name);
	if (old)
		return refuse(s, "the interface already has a section, ending in line %u; "
			      "it is either port or uplink", old->line);
	if (s->c->nports == VOXWALL_MAX_PORTS)
		return refuse(s, "more than %d ports and uplinks; guard fewer", VOXWALL_MAX_PORTS);
	s->obj = &p;
	err = uplink ? build_uplink(s) : build_port(s);
	if (!err)
		s->c->ports[s->c->nports++] = p;
	return err;
}

/* ---- station ---- */

static int station_port(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_station *st = s->obj;
	const struct vw_conf_port *p = vw_conf_find_port(s->c, text);

	if (!p)
		return refuse(s, "there is no port \"%s\"; add a port section for it", text);
	if (p->rule.mode == VOXWALL_PORT_UPLINK)
		return refuse(s, "\"%s\" is an uplink; stations are behind ports", text);
	strcpy(st->port, text);
	return 0;
}

static int station_allow(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_station *st = s->obj;

	return take_allow(s, "allow", text, &st->allow);
}

static int check_station(struct vw_conf_section *s, const struct vw_conf_station *st)
{
	if ((st->allow & VOXWALL_ALLOW_VOICE) && !vw_conf_find_port(s->c, st->port)->rule.voice)
		return refuse(s, "it may use voice, but port \"%s\" has voice = no; change one",
			      st->port);
	for (size_t i = 0; i < s->c->nstations; i++)
		if (!memcmp(s->c->stations[i].mac, st->mac, sizeof(st->mac)))
			return refuse(s, "this station has a section already, ending in line %u; "
				      "keep one of them", s->c->stations[i].line);
	if (s->c->nstations == s->c->policy.max_stations)
		return refuse(s, "more than %u stations; %s", s->c->policy.max_stations,
			      s->c->policy.max_stations < VOXWALL_MAX_STATIONS ?
			      "raise max-stations in the voice section" :
			      "the module has room for no more");
	return 0;
}

int vw_conf_add_station(struct vw_conf_section *s)
{
	static const struct vw_conf_field fields[] = {
		{ "port", station_port, "port = NAME" }, { "allow", station_allow, NULL },
	};
	struct vw_conf_station st = { .line = (unsigned int)s->cfg->line };
	int err;

	if (vw_value_mac(cfg_title(s->cfg), st.mac))
		return refuse(s, "the name is not the MAC address of one station; write it as "
			      "\"02:00:00:00:01:01\"");
	if (!vw_conf_given(s, "allow"))
		st.allow = VOXWALL_ALLOW_VOICE;
	s->obj = &st;
	err = vw_conf_fields(s, fields, ARRAY_SIZE(fields));
	if (!err)
		err = check_station(s, &st);
	if (!err)
		s->c->stations[s->c->nstations++] = st;
	return err;
}
