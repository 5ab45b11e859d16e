/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a stream, as a packet uses them. Softirq, under RCU. */
#ifndef VW_KEYRING_H
#define VW_KEYRING_H

#include "media.h"

/* Open the packet: authenticate and decrypt it, with the key that it names or that
 * fits. Nothing but the packet itself changes. */
enum voxwall_drop vw_keyring_open(struct vw_media *m);
/* Find the key that will seal it. */
enum voxwall_drop vw_keyring_choose(struct vw_media *m);
/* Count it in the lives of both keys. */
enum voxwall_drop vw_keyring_spend(struct vw_media *m);
/* Seal it, which makes it longer. The index is ours by now. */
enum voxwall_drop vw_keyring_seal(struct vw_media *m);

#endif
