/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls from phone to phone, by way of the PBX. */
#ifndef VW_SIP_HAIRPIN_H
#define VW_SIP_HAIRPIN_H

#include "edge_priv.h"

/* Does the media of its trunk's side lead to the gateway itself? */
bool vw_hairpin_is(const struct vw_call *c);
/* The call that is its other half; NULL: not there, or not one. */
struct vw_call *vw_hairpin_other(const struct vw_edge *e, const struct vw_call *c);
/* What @c has agreed on, with the phone of @other in the trunk's place; vw_pact_free() it. */
struct vw_pact *vw_hairpin_pact(const struct vw_call *c, const struct vw_call *other);
/* Note in both that they are two halves; @other NULL: @c is none any more. */
void vw_hairpin_join(struct vw_call *c, struct vw_call *other);
void vw_hairpin_part(struct vw_call *c);

#endif
