/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request on its way through: shared by request.c, route.c and fallback.c. */
#ifndef VW_SIP_PASSAGE_H
#define VW_SIP_PASSAGE_H

#include "edge_priv.h"

/* One request while it is being worked on. */
struct passage {
	struct vw_edge *e;
	enum vw_side from;
	struct vw_trunk *trunk;
	struct vw_endpoint src;
	struct vw_msg *m;
	struct vw_edit edit;
	u8 key[VW_KEY_LEN];
	struct vw_txn *txn;
	struct vw_call *call;
	struct vw_branch *branch;
	bool new_call;
	struct vw_binding *binding;
	struct vw_endpoint dst;
	struct vw_text uri;
	struct vw_text via_top;
	struct vw_text via_push;
	struct vw_text route[2];
	struct vw_text contact;
	struct vw_text sdp;
};

/* Answer it here instead; always false. */
bool vw_pass_refuse(struct passage *p, int status, const char *reason);
/* Max-Forwards and loops (RFC 3261, 16.3); false: refused. */
bool vw_pass_hops(struct passage *p);
/* Take our own entries off the route set. */
void vw_pass_strip(struct passage *p);
/* Where it goes; false: refused. */
bool vw_pass_target(struct passage *p);
/* Stay on the path of a dialog. */
void vw_pass_record(struct passage *p);
/* Our Vias and all the changes, into @out. */
void vw_pass_write(struct passage *p, struct vw_text *out);
void vw_pass_shift(struct passage *p);
void vw_pass_free(struct passage *p);

#endif
