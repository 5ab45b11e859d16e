/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration, parsed and checked: an immutable value. A reload parses a
 * new one and swaps the pointer; whoever needs the old one keeps a reference.
 */
#ifndef VW_AGENT_CONF_H
#define VW_AGENT_CONF_H

#include <net/if.h>
#include <sys/socket.h>

#include "../kmod/core/policy.h"

#ifndef VOXWALL_SYSCONFDIR
#define VOXWALL_SYSCONFDIR	"/etc"
#endif
#define VW_CONF_PATH	VOXWALL_SYSCONFDIR "/voxwall/voxwall.conf"
#define VW_NAME_LEN	32	/* of a trunk, with its NUL */

/* port "NAME" and uplink "NAME" */
struct vw_conf_port {
	char name[IFNAMSIZ];
	struct vw_port_rule rule;
	u64 bandwidth;		/* uplink: bits per second; 0: unknown */
	bool allow_clear;	/* uplink: the leak guard lets the host's own through */
	unsigned int line;	/* in the file, for errors */
};

/* station "MAC" */
struct vw_conf_station {
	u8 mac[6];
	char port[IFNAMSIZ];
	u8 allow;		/* VOXWALL_ALLOW_* */
	unsigned int line;
};

/* What a trunk does when the far side refuses SRTP. */
enum vw_media_policy {
	VW_MEDIA_SRTP,			/* "srtp": the call fails with 488 */
	VW_MEDIA_SRTP_PREFERRED,	/* "srtp-preferred": falls back, says so */
	VW_MEDIA_RTP,			/* "rtp": clear on purpose */
};

#define VW_MAX_SUITES	(__VOXWALL_SUITE_MAX - 1)	/* each of them once */

/* trunk "NAME" */
struct vw_conf_trunk {
	char name[VW_NAME_LEN];
	char uplink[IFNAMSIZ];
	struct sockaddr_storage proxy;	/* next hop, resolved from "sip:host:port"; family
					 * 0: the name can't be looked up now */
	char proxy_host[256];		/* as written */
	u16 proxy_port;			/* host order, also while the name isn't found */
	struct sockaddr_storage local;	/* the gateway's SIP address towards it;
					 * port 0: 5060; family 0: found by routing */
	enum vw_media_policy media;
	u16 suites[VW_MAX_SUITES];	/* enum voxwall_suite, most wanted first */
	u8 nsuites;
	u8 latch;		/* enum voxwall_latch: whom its media is believed from */
	bool fastpath_off;	/* media leaves through the stack's output */
	unsigned int line;
};

/**
 * struct vw_conf - everything the file says, defaults filled in
 * @policy: ready for the module
 * @listen: where phones find the SIP edge (voice zone); port default 5060
 * @listen_dev: bind the voice socket to this device; "": found by @listen's address
 * @rtp_min: first media port (even)
 * @rtp_max: last media port
 * @dialog_timeout: seconds that an early or silent dialog is kept
 * @media_timeout: seconds without media until a stream is removed
 * @latch: enum voxwall_latch: whom media of phones is believed from
 * @warnings: what is right, and yet has no effect or an unwelcome one: lines of
 *	"file:line: a sentence"; NULL: none
 */
struct vw_conf {
	int refs;
	struct vw_policy policy;
	struct sockaddr_storage listen;
	char listen_dev[IFNAMSIZ];
	u16 rtp_min;
	u16 rtp_max;
	unsigned int dialog_timeout;
	unsigned int media_timeout;
	u8 latch;
	char *warnings;
	struct vw_conf_port *ports;
	size_t nports;
	struct vw_conf_station *stations;
	size_t nstations;
	struct vw_conf_trunk *trunks;
	size_t ntrunks;
};

/**
 * vw_conf_load - parse and check a file
 * @path: the file
 * @ret: written only on success; vw_conf_put() it
 * @err: on failure "file:line: what is wrong; what to do", NUL-terminated
 *
 * Return: 0 or -errno.
 */
int vw_conf_load(const char *path, struct vw_conf **ret, char *err, size_t errlen);
/**
 * vw_conf_resolved - the same configuration, with the address of a trunk's proxy
 * @c: it; not changed
 * @trunk: index of the trunk
 * @ss: the address; its port is not looked at
 * @ret: written only on success; vw_conf_put() it
 *
 * Return: 0 or -errno.
 */
int vw_conf_resolved(const struct vw_conf *c, size_t trunk, const struct sockaddr_storage *ss,
		     struct vw_conf **ret);
/* The same without the trunks that have no address; NULL when there is no memory. */
struct vw_conf *vw_conf_usable(const struct vw_conf *c);
struct vw_conf *vw_conf_get(struct vw_conf *c);
void vw_conf_put(struct vw_conf *c);

#endif
