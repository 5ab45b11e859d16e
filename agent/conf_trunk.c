// SPDX-License-Identifier: GPL-2.0-or-later
/* Trunks: where calls go across the WAN, and how they are protected there. */
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <strings.h>

#include "../kmod/core/srtp.h"
#include "conf_priv.h"
#include "value.h"

#define SIP_PORT	5060

static int trunk_uplink(struct vw_conf_section *s, const char *text)
{
	const struct vw_conf_port *p = vw_conf_find_port(s->c, text);
	struct vw_conf_trunk *t = s->obj;

	if (!p || p->rule.mode != VOXWALL_PORT_UPLINK)
		return refuse(s, "there is no uplink \"%s\"; add an uplink section for it", text);
	strcpy(t->uplink, text);
	return 0;
}

static bool same_family(const struct addrinfo *ai, const struct vw_conf_trunk *t)
{
	return !t->local.ss_family || ai->ai_family == t->local.ss_family;
}

/*
 * A name that can't be looked up now leaves the trunk without an address: the
 * ports must be guarded even while the DNS is down. The agent tries again.
 */
static void resolve(struct vw_conf_trunk *t, u16 port)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_ADDRCONFIG };
	struct addrinfo *all = NULL, *ai;
	struct vw_endpoint e;

	if (getaddrinfo(t->proxy_host, NULL, &hints, &all))
		return;
	for (ai = all; ai && !same_family(ai, t); ai = ai->ai_next)
		;
	if (ai && ai->ai_addrlen <= sizeof(t->proxy)) {
		memcpy(&t->proxy, ai->ai_addr, ai->ai_addrlen);
		if (!vw_value_from_sockaddr(&t->proxy, &e)) {
			e.port = port;
			vw_value_to_sockaddr(&e, &t->proxy);
		}
	}
	freeaddrinfo(all);
}

/*
 * RFC 3261, 25.1: the last label begins with a letter. The resolver takes other numbers for
 * addresses, too, octal ones among them, and few mean that.
 */
static bool is_name(const char *host)
{
	size_t len = strlen(host);
	const char *last;

	if (len && host[len - 1] == '.')
		len--;
	last = memrchr(host, '.', len);
	last = last ? last + 1 : host;
	return isalpha((unsigned char)*last);
}

static int trunk_proxy(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_trunk *t = s->obj;
	struct vw_endpoint e;
	u16 port;
	int err = vw_value_sip_uri(text, t->proxy_host, &port);

	if (err == -EPROTONOSUPPORT)
		return refuse(s, "proxy is \"%s\"; this version speaks SIP over UDP only: write "
			      "\"sip:host:port\"", text);
	if (err == -ENOTUNIQ)
		return refuse(s, "proxy is \"%s\", which may or may not end in a port; write the "
			      "IPv6 address in [brackets]: \"sip:[2001:db8::10]:5060\"", text);
	if (err)
		return refuse(s, "proxy is \"%s\"; write \"sip:host:port\", without a user, the port from 1 to 65535", text);
	t->proxy_port = port;
	if (vw_value_endpoint(t->proxy_host, 0, &e)) {
		if (!is_name(t->proxy_host))
			return refuse(s, "proxy is \"%s\", neither a name nor an address; write an "
				      "IPv4 address as \"192.0.2.10\", without leading zeros", text);
		resolve(t, port);
		return 0;
	}
	if (!vw_value_is_host(&e))
		return refuse(s, "proxy is \"%s\", where no trunk can be", text);
	e.port = port;
	vw_value_to_sockaddr(&e, &t->proxy);
	return 0;
}

static int trunk_local(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_trunk *t = s->obj;
	struct vw_endpoint e;

	if (vw_value_endpoint(text, SIP_PORT, &e))
		return refuse(s, "local is \"%s\"; write the gateway's own address towards the "
			      "trunk, as \"192.0.2.2:5060\"", text);
	if (!vw_value_is_host(&e))
		return refuse(s, "local is \"%s\", where no trunk can send to; write the "
			      "gateway's own address towards it", text);
	if (e.port < 1024)
		return refuse(s, "local has port %u; the agent keeps no right to ports below "
			      "1024, choose another", e.port);
	vw_value_to_sockaddr(&e, &t->local);
	return 0;
}

static int trunk_media(struct vw_conf_section *s, const char *text)
{
	static const char *const names[] = {
		[VW_MEDIA_SRTP] = "srtp",
		[VW_MEDIA_SRTP_PREFERRED] = "srtp-preferred",
		[VW_MEDIA_RTP] = "rtp",
	};
	struct vw_conf_trunk *t = s->obj;

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(text, names[i])) {
			t->media = (enum vw_media_policy)i;
			return 0;
		}
	}
	return refuse(s, "media is \"%s\"; use srtp, srtp-preferred or rtp", text);
}

static int trunk_suite(struct vw_conf_section *s, const char *text)
{
	const struct vw_suite *suite = vw_suite_by_name(text, strlen(text));
	struct vw_conf_trunk *t = s->obj;

	if (!suite)
		return refuse(s, "suite \"%s\" is unknown; voxwall.conf(5) lists the names", text);
	for (unsigned int i = 0; i < t->nsuites; i++)
		if (t->suites[i] == suite->id)
			return refuse(s, "suite %s is named twice; remove one", suite->name);
	t->suites[t->nsuites++] = suite->id;
	return 0;
}

static int trunk_keys(struct vw_conf_section *s, const char *text)
{
	if (!strcmp(text, "sdes"))
		return 0;
	return refuse(s, "key exchange \"%s\" is not supported in this version; use sdes", text);
}

static int trunk_latch(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_trunk *t = s->obj;

	return vw_conf_latch(s, text, &t->latch);
}

static int trunk_fastpath(struct vw_conf_section *s, const char *text)
{
	struct vw_conf_trunk *t = s->obj;
	bool on;

	if (vw_value_bool(text, &on))
		return refuse(s, "fastpath is \"%s\"; write on or off", text);
	t->fastpath_off = !on;
	return 0;
}

static int check_families(struct vw_conf_section *s, const struct vw_conf_trunk *t)
{
	if (t->local.ss_family && t->proxy.ss_family && t->local.ss_family != t->proxy.ss_family)
		return refuse(s, "local and proxy are of different IP versions; use the same for "
			      "both");
	return 0;
}

static int check_protection(struct vw_conf_section *s, struct vw_conf_trunk *t)
{
	if (t->media == VW_MEDIA_RTP) {
		if (t->nsuites || vw_conf_given(s, "keys"))
			return refuse(s, "media = rtp is never encrypted, yet suites or keys are "
				      "given; remove them or use media = srtp");
		return 0;
	}
	if (vw_conf_given(s, "suites") && !t->nsuites)
		return refuse(s, "suites is empty; name AES_CM_128_HMAC_SHA1_80");
	if (vw_conf_given(s, "keys") && !cfg_size(s->cfg, "keys"))
		return refuse(s, "keys is empty; name sdes");
	if (!t->nsuites)
		t->suites[t->nsuites++] = VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80;
	return 0;
}

static void warn_protection(struct vw_conf_section *s, const struct vw_conf_trunk *t)
{
	if (t->media == VW_MEDIA_RTP && t->latch == VOXWALL_LATCH_AUTHENTICATED)
		warn(s, "latch", "latch = authenticated has no effect, since media = rtp has "
		     "nothing to authenticate: it is the same as sdp");
	for (unsigned int i = 0; i < t->nsuites; i++)
		if (vw_suite_get(t->suites[i])->cipher == VW_CIPHER_NULL)
			warn(s, "suites", "%s authenticates without encrypting: speech crosses "
			     "the WAN in clear where the far side takes it",
			     vw_suite_get(t->suites[i])->name);
}

/* What comes from the shared address is taken for the first one's. */
static void warn_twin(struct vw_conf_section *s, const struct vw_conf_trunk *t)
{
	for (size_t i = 0; i < s->c->ntrunks; i++) {
		const struct vw_conf_trunk *old = &s->c->trunks[i];

		if (!strcasecmp(old->proxy_host, t->proxy_host) &&
		    old->proxy_port == t->proxy_port &&
		    !memcmp(&old->local, &t->local, sizeof(t->local)))
			warn(s, "proxy", "proxy and local address are those of trunk \"%s\", too: "
			     "calls from there are taken for that trunk's", old->name);
	}
}

/* The module's leak guard lets the gateway's own SIP through to trunks only. */
static int believe(struct vw_conf_section *s, const struct vw_conf_trunk *t)
{
	struct vw_policy *pol = &s->c->policy;

	if (pol->npeer == VOXWALL_MAX_SIP_PEERS || s->c->ntrunks == VOXWALL_MAX_SIP_PEERS)
		return refuse(s, "more than %d trunks; configure fewer", VOXWALL_MAX_SIP_PEERS);
	if (!vw_value_from_sockaddr(&t->proxy, &pol->peer[pol->npeer]))
		pol->npeer++;
	return 0;
}

int vw_conf_add_trunk(struct vw_conf_section *s)
{
	static const struct vw_conf_field fields[] = {
		{ "uplink", trunk_uplink, "uplink = NAME" }, { "local", trunk_local, NULL },
		{ "proxy", trunk_proxy, "proxy = \"sip:host:port\"" },
		{ "media", trunk_media, NULL }, { "suites", trunk_suite, NULL },
		{ "keys", trunk_keys, NULL }, { "latch", trunk_latch, NULL },
		{ "fastpath", trunk_fastpath, NULL },
	};
	struct vw_conf_trunk t = { .line = (unsigned int)s->cfg->line };
	const char *name = cfg_title(s->cfg);
	int err;

	if (!name[0] || strlen(name) >= sizeof(t.name))
		return refuse(s, "the name needs 1 to %d characters", VW_NAME_LEN - 1);
	strcpy(t.name, name);
	s->obj = &t;
	err = vw_conf_fields(s, fields, ARRAY_SIZE(fields));
	if (!err)
		err = check_families(s, &t);
	if (!err)
		err = check_protection(s, &t);
	if (!err)
		err = believe(s, &t);
	if (err)
		return err;
	warn_protection(s, &t);
	warn_twin(s, &t);
	s->c->trunks[s->c->ntrunks++] = t;
	return 0;
}
