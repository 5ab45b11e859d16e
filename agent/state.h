/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must outlive the agent but not the machine: one JSON document under /run,
 * replaced whole, readable by its owner only. No key is ever put into it.
 */
#ifndef VW_AGENT_STATE_H
#define VW_AGENT_STATE_H

#include <jansson.h>
#include <sys/types.h>

#define VW_STATE_DIR	"/run/voxwall"
#define VW_STATE_PATH	VW_STATE_DIR "/state.json"
#define VW_STATE_LOG	VW_STATE_DIR "/calls.log"	/* what has changed since */
#define VW_STATE_MAX	(64u << 20)	/* bytes; a longer file is refused */

/**
 * vw_state_save - replace the file
 * @path: the file; @path with ".tmp" appended is used on the way
 * @root: what to write; stays the caller's
 *
 * A reader sees the old document or the new one, never a part.
 *
 * Return: 0; -E2BIG: over VW_STATE_MAX, the old document stays; or -errno.
 */
int vw_state_save(const char *path, json_t *root);

/**
 * vw_state_append - add a line to a file of the same kind
 * @path: the file; made when there is none
 * @root: what to write, on one line; stays the caller's
 *
 * One write into memory, whatever else is in the file: cheap enough to be done
 * before an answer leaves. Return: bytes of the file by now, or -errno.
 */
ssize_t vw_state_append(const char *path, json_t *root);

/**
 * vw_state_lines - read them back
 * @path: the file
 * @cb: gets each object; a line that was cut off ends the file
 * @arg: for @cb
 *
 * Return: 0, or as vw_state_load().
 */
int vw_state_lines(const char *path, void (*cb)(json_t *root, void *arg), void *arg);

/**
 * vw_state_load - read it back
 * @path: the file
 * @ret: an object; written only on success; json_decref() it
 *
 * Return: 0; -ENOENT: none; -EBADMSG: not a JSON object; -E2BIG: over
 * VW_STATE_MAX; -EPERM: not a regular file of this user that others can't write.
 */
int vw_state_load(const char *path, json_t **ret);

#endif
