/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a leg: our own ones, and the fingerprints that stand for keys. */
#ifndef VW_MEDIA_OWNKEY_H
#define VW_MEDIA_OWNKEY_H

#include "session.h"

/* Fingerprint of a master key. */
void vw_key_print(const struct vw_media_env *env, const u8 *master, size_t len,
		  u8 ret[VW_KEY_PRINT]);

/**
 * vw_peer_print - fingerprint of what a peer seals with
 * @env: the world
 * @sdes: its attribute
 * @ret: written
 *
 * A single key without MKI and KDR looks like the same one among our own: two halves of a
 * call know each other by it. The lifetime is no part of it: a key that stays goes on
 * counting.
 */
void vw_peer_print(const struct vw_media_env *env, const struct vw_sdes *sdes,
		   u8 ret[VW_KEY_PRINT]);

/* The peer's keys of a leg; false: no memory. */
bool vw_peer_keys_set(struct vw_leg *leg, const struct vw_sdes *sdes);
void vw_peer_keys_drop(struct vw_leg *leg);

void vw_own_drop(struct vw_leg *leg);
/* Return: 0 or -ENOMEM. */
int vw_own_add(const struct vw_media_env *env, struct vw_leg *leg, u32 tag, u16 suite);
/* NULL: none. */
struct vw_own_key *vw_own_find(struct vw_leg *leg, u16 suite);
/* A new stream counts from 0: what has sealed for the old one must not for it. */
void vw_own_retire(struct vw_leg *leg);

#endif
