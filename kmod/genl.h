/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VW_GENL_H
#define VW_GENL_H

#include <net/genetlink.h>
#include <net/sock.h>

#include "voxwall.h"

extern struct genl_family vw_genl_family;

/* The multicast groups, by position in the family. */
enum vw_genl_group {
	VW_GENL_GROUP_EVENTS,
};

/* The namespace that a request speaks of. */
static inline struct vw_net *vw_genl_net(struct genl_info *info)
{
	return vw_net(genl_info_net(info));
}

/* The same of a dump. */
static inline struct vw_net *vw_genl_dump_net(const struct netlink_callback *cb)
{
	return vw_net(sock_net(cb->skb->sk));
}

/* Refuse with a sentence: the error is the value. */
#define vw_refuse(extack, err, sentence) ({			\
	NL_SET_ERR_MSG(extack, sentence);			\
	(err);							\
})

/**
 * vw_genl_reply - answer a request with one object
 * @info: the request
 * @put: writes the object's nest; 0 or -errno
 * @arg: handed to @put
 */
int vw_genl_reply(struct genl_info *info, int (*put)(struct sk_buff *msg, void *arg), void *arg);

/**
 * vw_genl_dump_one - add one object to a dump
 * @msg: the dump's buffer
 * @cb: the dump; its sequence is checked against the namespace's
 * @cmd: enum voxwall_cmd
 * @put: as in vw_genl_reply()
 * @arg: handed to @put
 *
 * Return: 0, or -EMSGSIZE when the buffer is full and nothing was added.
 */
int vw_genl_dump_one(struct sk_buff *msg, struct netlink_callback *cb, u8 cmd,
		     int (*put)(struct sk_buff *msg, void *arg), void *arg);

/* Zero the attributes of a request, before the core copies it into a refusal. */
void vw_genl_wipe(struct genl_info *info);

int vw_genl_module_init(void);
void vw_genl_module_exit(void);

#endif
