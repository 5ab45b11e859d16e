// SPDX-License-Identifier: GPL-2.0-or-later
/* Drop counters, and the events that the module sends of its own accord. */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <string.h>

#include "genl_priv.h"

struct drops_walk {
	int (*cb)(const struct vw_genl_drops *d, void *arg);
	void *arg;
};

static int take_drops(struct nlattr *nest, void *arg)
{
	struct nlattr *tb[VOXWALL_A_DROPS_MAX + 1];
	struct vw_genl_drops d = { 0 };
	struct drops_walk *walk = arg;

	if (nla_parse_nested(tb, VOXWALL_A_DROPS_MAX, nest, NULL) < 0)
		return -EBADMSG;
	d.ifindex = vw_attr_u32(tb[VOXWALL_A_DROPS_IFINDEX]);
	vw_attr_counts(tb[VOXWALL_A_DROPS_COUNTS], d.counts, ARRAY_SIZE(d.counts));
	vw_attr_counts(tb[VOXWALL_A_DROPS_CLASSES], d.classes, ARRAY_SIZE(d.classes));
	return walk->cb(&d, walk->arg);
}

int vw_genl_drops_dump(struct vw_genl *g,
		       int (*cb)(const struct vw_genl_drops *, void *), void *arg)
{
	struct nl_msg *msg = vw_genl_request(g, VOXWALL_CMD_DROPS_GET, NLM_F_DUMP);
	struct drops_walk walk = { cb, arg };

	if (!msg)
		return -ENOMEM;
	return vw_genl_ask(g, msg, VOXWALL_A_DROPS, take_drops, &walk);
}

/* ---- events ---- */

static void take_event(struct nlattr *nest, struct vw_genl *g)
{
	struct nlattr *tb[VOXWALL_A_EVENT_MAX + 1];
	struct vw_genl_event ev = { 0 };
	struct nlattr *mac;

	if (nla_parse_nested(tb, VOXWALL_A_EVENT_MAX, nest, NULL) < 0)
		return;
	mac = tb[VOXWALL_A_EVENT_MAC];
	if (mac && nla_len(mac) == sizeof(ev.mac))
		memcpy(ev.mac, nla_data(mac), sizeof(ev.mac));
	ev.type = vw_attr_u8(tb[VOXWALL_A_EVENT_TYPE]);
	ev.ifindex = vw_attr_u32(tb[VOXWALL_A_EVENT_IFINDEX]);
	ev.vlan = vw_attr_u16(tb[VOXWALL_A_EVENT_VLAN]);
	ev.stream = vw_attr_u32(tb[VOXWALL_A_EVENT_STREAM]);
	ev.drop = vw_attr_u8(tb[VOXWALL_A_EVENT_DROP]);
	ev.class = vw_attr_u8(tb[VOXWALL_A_EVENT_CLASS]);
	ev.suppressed = vw_attr_u32(tb[VOXWALL_A_EVENT_SUPPRESSED]);
	g->event(&ev, g->event_arg);
}

/* What the kernel says about families: is it ours that comes or goes? */
static bool is_ours(struct nlmsghdr *h)
{
	const struct genlmsghdr *ctrl = nlmsg_data(h);
	struct nlattr *name = nlmsg_find_attr(h, GENL_HDRLEN, CTRL_ATTR_FAMILY_NAME);

	return (ctrl->cmd == CTRL_CMD_NEWFAMILY || ctrl->cmd == CTRL_CMD_DELFAMILY) && name &&
	       !nla_strcmp(name, VOXWALL_GENL_NAME);
}

static int on_event(struct nl_msg *msg, void *arg)
{
	const struct genlmsghdr *h = nlmsg_data(nlmsg_hdr(msg));
	struct vw_genl *g = arg;
	struct nlattr *nest;

	if (nlmsg_hdr(msg)->nlmsg_type == GENL_ID_CTRL)
		g->changed |= is_ours(nlmsg_hdr(msg));
	if (nlmsg_hdr(msg)->nlmsg_type != g->family || h->cmd != VOXWALL_CMD_EVENT)
		return NL_OK;
	nest = nlmsg_find_attr(nlmsg_hdr(msg), GENL_HDRLEN, VOXWALL_A_EVENT);
	if (nest)
		take_event(nest, g);
	return NL_OK;
}

static int any_seq(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

static int join(struct vw_genl *g)
{
	int group = genl_ctrl_resolve_grp(g->sk, VOXWALL_GENL_NAME, VOXWALL_MCGRP_EVENTS);

	if (group < 0)
		return -ENOENT;
	/* the second group tells of families that come and go */
	if (nl_socket_add_memberships(g->sk, group, GENL_ID_CTRL, 0) < 0)
		return -EPERM;
	nl_cb_set(g->cb, NL_CB_VALID, NL_CB_CUSTOM, on_event, g);
	nl_cb_set(g->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, any_seq, g);
	return nl_socket_set_nonblocking(g->sk) < 0 ? -EIO : 0;
}

int vw_genl_events_open(struct vw_genl **ret, void (*cb)(const struct vw_genl_event *, void *),
			void *arg)
{
	struct vw_genl *g;
	int err = vw_genl_connect(&g);

	if (err)
		return err;
	g->event = cb;
	g->event_arg = arg;
	err = join(g);
	if (err) {
		vw_genl_refuse(g, err, "the module's events cannot be subscribed to");
		return err;
	}
	*ret = g;
	return 0;
}

int vw_genl_events_fd(const struct vw_genl *g)
{
	return nl_socket_get_fd(g->sk);
}

int vw_genl_events_read(struct vw_genl *g)
{
	int err;

	do {
		err = nl_recvmsgs(g->sk, g->cb);
	} while (err >= 0);
	if (g->changed) {
		g->changed = false;
		return -ENODEV;
	}
	if (err == -NLE_AGAIN)
		return 0;
	/* the socket's buffer ran over: events are lost, the socket is fine */
	return err == -NLE_NOMEM ? -ENOBUFS : -EIO;
}

/* Asked over @g, because news may be under way on the other socket. */
int vw_genl_renew(struct vw_genl *g, struct vw_genl *events)
{
	int family = genl_ctrl_resolve(g->sk, VOXWALL_GENL_NAME);
	int group = genl_ctrl_resolve_grp(g->sk, VOXWALL_GENL_NAME, VOXWALL_MCGRP_EVENTS);

	if (family < 0 || group < 0) {
		snprintf(g->text, sizeof(g->text), VW_GENL_ABSENT);
		return -ENOENT;
	}
	g->family = family;
	events->family = family;
	return nl_socket_add_membership(events->sk, group) < 0 ? -EPERM : 0;
}
