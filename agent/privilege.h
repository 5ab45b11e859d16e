/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving up what the agent doesn't need, whoever started it. */
#ifndef VW_AGENT_PRIVILEGE_H
#define VW_AGENT_PRIVILEGE_H

/* Lock all memory, so that no key is ever swapped, wherever it passes. 0 or -errno. */
int vw_privilege_lock(void);

/*
 * Allow as many open files as the hard limit does: each call holds its media ports with
 * sockets, four for each section, and the usual 1,024 would be used up by 250 calls.
 */
void vw_privilege_files(void);

/**
 * vw_privilege_drop - keep few capabilities, for good
 *
 * CAP_NET_ADMIN: the module refuses everybody else. CAP_NET_RAW: binding a
 * socket to a device again after it came back. CAP_IPC_LOCK: memory that is
 * allocated later is locked too. Return: 0 or -errno.
 */
int vw_privilege_drop(void);

#endif
