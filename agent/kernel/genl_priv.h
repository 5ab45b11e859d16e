/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of genl share among themselves and with nobody else. */
#ifndef VW_AGENT_GENL_PRIV_H
#define VW_AGENT_GENL_PRIV_H

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "genl.h"

#define VW_GENL_TEXT	256
#define VW_GENL_ABSENT	"the voxwall module is not loaded; load it with: modprobe voxwall"

/**
 * struct vw_genl - a socket and the conversation that is going on over it
 * @sk: the socket
 * @cb: its callbacks
 * @family: number of the family "voxwall"
 * @seq: of the request whose answer is awaited
 * @err: what the kernel answered, -errno
 * @done: the answer is complete
 * @torn: the table changed while it was dumped
 * @text: the sentence of the last failure
 * @got: messages of the answer
 * @ngot: used entries of @got
 * @room: entries of @got
 * @changed: the module was unloaded or loaded since the last look
 * @event: whom to tell of events
 * @event_arg: what to hand it
 */
struct vw_genl {
	struct nl_sock *sk;
	struct nl_cb *cb;
	int family;
	u32 seq;
	int err;
	bool done;
	bool torn;
	bool changed;
	char text[VW_GENL_TEXT];
	struct nl_msg **got;
	size_t ngot;
	size_t room;
	void (*event)(const struct vw_genl_event *ev, void *arg);
	void *event_arg;
};

typedef int (*vw_genl_nest_cb)(struct nlattr *nest, void *arg);

/* A request with its header; NULL when there is no memory. */
struct nl_msg *vw_genl_request(struct vw_genl *g, u8 cmd, int flags);
/* Send, wait for the verdict. @msg is wiped and freed in every case. */
int vw_genl_do(struct vw_genl *g, struct nl_msg *msg);
/* The same, then @cb for the attribute @nest of each answer. */
int vw_genl_ask(struct vw_genl *g, struct nl_msg *msg, int nest, vw_genl_nest_cb cb, void *arg);
/* A request that outgrew its buffer: wiped and freed, -EMSGSIZE. */
int vw_genl_overflow(struct vw_genl *g, struct nl_msg *msg);
/* Open a nest, flagged as one, which strict validation insists on. */
struct nlattr *vw_genl_nest(struct nl_msg *msg, int type);

/* A socket with its family found; vw_genl_error(NULL) has the sentence if not. */
int vw_genl_connect(struct vw_genl **ret);
/* Close a socket that could not be set up and say why; returns @err. */
int vw_genl_refuse(struct vw_genl *g, int err, const char *text);

static inline size_t vw_addr_len(u8 family)
{
	return family == 6 ? 16 : 4;
}

/* Values of attributes that may be absent or, from another version, too short. */
static inline u8 vw_attr_u8(const struct nlattr *a)
{
	return a && nla_len(a) >= 1 ? nla_get_u8(a) : 0;
}

static inline u16 vw_attr_u16(const struct nlattr *a)
{
	return a && nla_len(a) >= 2 ? nla_get_u16(a) : 0;
}

static inline u32 vw_attr_u32(const struct nlattr *a)
{
	return a && nla_len(a) >= 4 ? nla_get_u32(a) : 0;
}

static inline u64 vw_attr_u64(const struct nlattr *a, u64 absent)
{
	return a && nla_len(a) >= 8 ? nla_get_u64((struct nlattr *)a) : absent;
}

/* An older or newer module may have fewer or more counters: take what fits. */
static inline void vw_attr_counts(const struct nlattr *a, u64 *counts, size_t n)
{
	size_t len = a ? (size_t)nla_len(a) : 0;

	if (len > n * sizeof(*counts))
		len = n * sizeof(*counts);
	if (len)
		memcpy(counts, nla_data(a), len - len % sizeof(*counts));
}

#endif
