// SPDX-License-Identifier: GPL-2.0-or-later
/* From parsed sections to a configuration: what exists once, and the order of the rest. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kmod/core/names.h"
#include "conf_priv.h"
#include "value.h"

#define DIALOG_TIMEOUT	300	/* seconds */
#define MEDIA_TIMEOUT	300	/* seconds */
#define RTP_MIN		20000
#define RTP_MAX		29999
#define SIP_PORT	5060

/* ---- voice ---- */

static int voice_vlan(struct vw_conf_section *s, const char *text)
{
	return vw_conf_vlan(s, "vlan", text, &s->c->policy.voice_vlan);
}

static int voice_service(struct vw_conf_section *s, const char *text)
{
	static const char *const names[] = { "sip", "rtp", "dhcp", "dns", "ntp", "icmp" };

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(text, names[i])) {
			s->c->policy.services |= 1u << i;
			return 0;
		}
	}
	return refuse(s, "there is no service \"%s\"; use sip, rtp, dhcp, dns, ntp, icmp", text);
}

static int voice_provisioning(struct vw_conf_section *s, const char *text)
{
	struct vw_policy *pol = &s->c->policy;

	if (pol->nserver == VOXWALL_MAX_SERVERS)
		return refuse(s, "more than %d provisioning servers; name fewer",
			      VOXWALL_MAX_SERVERS);
	if (vw_value_addr(text, &pol->server[pol->nserver]))
		return refuse(s, "provisioning server \"%s\" is not an IP address; write the "
			      "address, names are not looked up for it", text);
	pol->nserver++;
	return 0;
}

static int voice_listen(struct vw_conf_section *s, const char *text)
{
	struct vw_endpoint e;

	if (vw_value_endpoint(text, SIP_PORT, &e))
		return refuse(s, "listen is \"%s\"; write the gateway's address in the voice "
			      "VLAN, as \"10.1.100.1:5060\" or \"[fd00:100::1]:5060\"", text);
	if (!vw_value_is_host(&e))
		return refuse(s, "listen is \"%s\", where no phone can send to; write the "
			      "gateway's own address in the voice VLAN", text);
	if (e.port < 1024)
		return refuse(s, "listen has port %u; the agent keeps no right to ports below "
			      "1024, choose another", e.port);
	vw_value_to_sockaddr(&e, &s->c->listen);
	return 0;
}

static int voice_device(struct vw_conf_section *s, const char *text)
{
	return vw_conf_ifname(s, "device", text, s->c->listen_dev);
}

static int take_dscp(struct vw_conf_section *s, const char *name, const char *text, u8 *ret)
{
	if (!vw_value_dscp(text, ret))
		return 0;
	return refuse(s, "%s is \"%s\"; write 0 to 63, EF, CS0 to CS7 or AF11 to AF43", name,
		      text);
}

static int voice_dscp_rtp(struct vw_conf_section *s, const char *text)
{
	return take_dscp(s, "dscp-rtp", text, &s->c->policy.dscp_rtp);
}

static int voice_dscp_sip(struct vw_conf_section *s, const char *text)
{
	return take_dscp(s, "dscp-sip", text, &s->c->policy.dscp_sip);
}

static int voice_dialog_timeout(struct vw_conf_section *s, const char *text)
{
	u64 n = 0;
	int err = vw_conf_number(s, "dialog-timeout", text, 10, 86400, &n);

	if (!err)
		s->c->dialog_timeout = (unsigned int)n;
	return err;
}

static int voice_max_streams(struct vw_conf_section *s, const char *text)
{
	u64 n = 0;
	int err = vw_conf_number(s, "max-streams", text, 1, VOXWALL_MAX_STREAMS, &n);

	if (!err)
		s->c->policy.max_streams = (u32)n;
	return err;
}

static int voice_max_stations(struct vw_conf_section *s, const char *text)
{
	u64 n = 0;
	int err = vw_conf_number(s, "max-stations", text, 1, VOXWALL_MAX_STATIONS, &n);

	if (!err)
		s->c->policy.max_stations = (u32)n;
	return err;
}

static int build_voice(struct vw_conf_section *s)
{
	static const struct vw_conf_field fields[] = {
		{ "vlan", voice_vlan, "vlan = 100" }, { "services", voice_service, NULL },
		{ "provisioning", voice_provisioning, NULL }, { "listen", voice_listen, NULL },
		{ "device", voice_device, NULL }, { "dscp-rtp", voice_dscp_rtp, NULL },
		{ "dscp-sip", voice_dscp_sip, NULL },
		{ "dialog-timeout", voice_dialog_timeout, NULL },
		{ "max-streams", voice_max_streams, NULL },
		{ "max-stations", voice_max_stations, NULL },
	};

	int err;

	if (vw_conf_given(s, "services"))
		s->c->policy.services = 0;
	err = vw_conf_fields(s, fields, ARRAY_SIZE(fields));
	if (!err && vw_conf_given(s, "device") && !vw_conf_given(s, "listen"))
		warn(s, "device", "device has no effect without listen");
	return err;
}

/* ---- data, media ---- */

static int data_vlan(struct vw_conf_section *s, const char *text)
{
	u16 vlan;
	int err = vw_conf_vlan(s, "vlans", text, &vlan);

	if (err)
		return err;
	if (vlan == s->c->policy.voice_vlan)
		return refuse(s, "VLAN %u is the voice VLAN; remove it from vlans", vlan);
	s->f->data_vlans[vlan / 8] |= (u8)(1u << vlan % 8);
	s->f->any_data_vlan = true;
	return 0;
}

static int data_rogue(struct vw_conf_section *s, const char *text)
{
	for (unsigned int i = 0; i < __VOXWALL_ROGUE_MAX; i++) {
		if (!strcmp(text, vw_rogue_name(i))) {
			s->c->policy.rogue = (u8)i;
			return 0;
		}
	}
	return refuse(s, "rogue-voice is \"%s\"; use drop, mark or allow", text);
}

static int build_data(struct vw_conf_section *s)
{
	static const struct vw_conf_field fields[] = {
		{ "vlans", data_vlan, NULL }, { "rogue-voice", data_rogue, NULL },
	};
	int err;

	err = vw_conf_fields(s, fields, ARRAY_SIZE(fields));
	if (!err && vw_conf_given(s, "vlans") && !s->f->any_data_vlan)
		return refuse(s, "vlans is empty; name the data VLANs, or leave it out");
	return err;
}

/* A call takes a pair of ports on each side. */
#define CALL_PORTS	4

static int media_ports(struct vw_conf_section *s, const char *text)
{
	struct vw_conf *c = s->c;

	if (!vw_value_ports(text, &c->rtp_min, &c->rtp_max)) {
		if (c->rtp_max - c->rtp_min + 1 >= CALL_PORTS)
			return 0;
		return refuse(s, "ports is \"%s\"; a call takes %d ports, name at least as many",
			      text, CALL_PORTS);
	}
	return refuse(s, "ports is \"%s\"; write \"20000-29999\": the first one even, both "
		      "from 1024 to 65535", text);
}

static int media_timeout(struct vw_conf_section *s, const char *text)
{
	u64 n = 0;
	int err = vw_conf_number(s, "timeout", text, 10, 86400, &n);

	if (!err)
		s->c->media_timeout = (unsigned int)n;
	return err;
}

static int media_latch(struct vw_conf_section *s, const char *text)
{
	return vw_conf_latch(s, text, &s->c->latch);
}

static int build_media(struct vw_conf_section *s)
{
	static const struct vw_conf_field fields[] = {
		{ "ports", media_ports, NULL }, { "timeout", media_timeout, NULL },
		{ "latch", media_latch, NULL },
	};
	int err = vw_conf_fields(s, fields, ARRAY_SIZE(fields));

	if (!err && s->c->latch == VOXWALL_LATCH_AUTHENTICATED)
		warn(s, "latch", "latch = authenticated has no effect, since phones send clear "
		     "media: it is the same as sdp");
	return err;
}

/* ---- the whole ---- */

static void set_defaults(struct vw_conf *c)
{
	vw_policy_init(&c->policy);
	c->rtp_min = RTP_MIN;
	c->rtp_max = RTP_MAX;
	c->dialog_timeout = DIALOG_TIMEOUT;
	c->media_timeout = MEDIA_TIMEOUT;
}

static void begin(struct vw_conf_section *s, struct vw_conf_file *f, struct vw_conf *c, cfg_t *sec)
{
	const char *title = cfg_title(sec);

	memset(s, 0, sizeof(*s));
	s->f = f;
	s->c = c;
	s->cfg = sec;
	s->line = (unsigned int)sec->line;
	if (title)
		snprintf(s->label, sizeof(s->label), "%s \"%.40s\"", cfg_name(sec), title);
	else
		snprintf(s->label, sizeof(s->label), "%s", cfg_name(sec));
}

/* A section without a name: there is one, or (@needed is not set) none. */
static int build_only(struct vw_conf_file *f, struct vw_conf *c, cfg_t *cfg, const char *name,
		      int (*build)(struct vw_conf_section *s), bool needed)
{
	struct vw_conf_section s;

	if (!cfg_size(cfg, name))
		return needed ? vw_conf_refuse(f, 1, "there is no %s section; add one, see "
					       "voxwall.conf(5)", name) : 0;
	if (cfg_size(cfg, name) > 1)
		return vw_conf_refuse(f, (unsigned int)cfg_getnsec(cfg, name, 1)->line,
				      "a second %s section; put both into one", name);
	begin(&s, f, c, cfg_getnsec(cfg, name, 0));
	return build(&s);
}

static int build_each(struct vw_conf_file *f, struct vw_conf *c, cfg_t *cfg, const char *name,
		      int (*add)(struct vw_conf_section *s))
{
	struct vw_conf_section s;
	int err = 0;

	for (unsigned int i = 0; i < cfg_size(cfg, name) && !err; i++) {
		begin(&s, f, c, cfg_getnsec(cfg, name, i));
		err = add(&s);
	}
	return err;
}

static int make_room(struct vw_conf *c, cfg_t *cfg)
{
	size_t ports = cfg_size(cfg, "port") + cfg_size(cfg, "uplink");

	c->ports = calloc(ports + 1, sizeof(*c->ports));
	c->stations = calloc(cfg_size(cfg, "station") + 1, sizeof(*c->stations));
	c->trunks = calloc(cfg_size(cfg, "trunk") + 1, sizeof(*c->trunks));
	return c->ports && c->stations && c->trunks ? 0 : -ENOMEM;
}

/* The media ports are the module's alone: SIP can't live among them. */
static int check_sip_port(struct vw_conf_file *f, const struct vw_conf *c, unsigned int line,
			  const struct sockaddr_storage *ss)
{
	struct vw_endpoint e;

	if (vw_value_from_sockaddr(ss, &e) || e.port < c->rtp_min || e.port > c->rtp_max)
		return 0;
	return vw_conf_refuse(f, line, "SIP port %u lies among the media ports %u-%u; move one "
			      "of them", e.port, c->rtp_min, c->rtp_max);
}

static bool same_place(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	struct vw_endpoint x, y;

	return !vw_value_from_sockaddr(a, &x) && !vw_value_from_sockaddr(b, &y) &&
	       x.family == y.family && x.port == y.port && !memcmp(x.addr, y.addr, sizeof(x.addr));
}

static int check_proxy(struct vw_conf_file *f, const struct vw_conf *c,
		       const struct vw_conf_trunk *t)
{
	/* Two sockets may share an address, but one of them would hear nothing. */
	if (same_place(&t->local, &c->listen))
		return vw_conf_refuse(f, t->line, "trunk \"%s\": local is the voice zone's listen "
				      "address, too; give it another address or port", t->name);
	if (!same_place(&t->proxy, &c->listen) && !same_place(&t->proxy, &t->local))
		return 0;
	return vw_conf_refuse(f, t->line, "trunk \"%s\": proxy is the gateway itself; write the "
			      "address of the server across the WAN", t->name);
}

static int check_whole(struct vw_conf_file *f, const struct vw_conf *c, cfg_t *cfg)
{
	unsigned int voice = (unsigned int)cfg_getnsec(cfg, "voice", 0)->line;
	int err = check_sip_port(f, c, voice, &c->listen);

	for (size_t i = 0; i < c->ntrunks && !err; i++) {
		err = check_sip_port(f, c, c->trunks[i].line, &c->trunks[i].local);
		if (!err)
			err = check_proxy(f, c, &c->trunks[i]);
	}
	if (!err && c->ntrunks && !c->listen.ss_family)
		err = vw_conf_refuse(f, voice, "voice: there is a trunk, but phones can't reach it: "
				     "listen is missing; add listen = \"ADDRESS:5060\"");
	return err;
}

int vw_conf_build(struct vw_conf_file *f, cfg_t *cfg, struct vw_conf *c)
{
	int err = make_room(c, cfg);

	if (err)
		return vw_conf_refuse(f, (unsigned int)cfg->line, "out of memory");
	set_defaults(c);
	/* in this order: what is referred to comes before what refers to it */
	err = build_only(f, c, cfg, "voice", build_voice, true);
	if (!err)
		err = build_only(f, c, cfg, "data", build_data, false);
	if (!err)
		err = build_only(f, c, cfg, "media", build_media, false);
	if (!err)
		err = build_each(f, c, cfg, "port", vw_conf_add_port);
	if (!err)
		err = build_each(f, c, cfg, "uplink", vw_conf_add_port);
	if (!err)
		err = build_each(f, c, cfg, "station", vw_conf_add_station);
	if (!err)
		err = build_each(f, c, cfg, "trunk", vw_conf_add_trunk);
	return err ? err : check_whole(f, c, cfg);
}
