/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An edge without a network and without a module: what it sends is caught, the
 * streams it installs are written down, and the clock is ours.
 */
#ifndef VW_TEST_EDGE_RIG_H
#define VW_TEST_EDGE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../agent/sip/edge_priv.h"

#define RIG_MAX		64
#define RIG_KEYS	512

struct rig_sent {
	bool wan;
	const struct vw_trunk *trunk;	/* NULL: voice */
	struct vw_endpoint to;
	char *text;
};

struct rig {
	struct vw_conf conf;
	struct vw_conf_trunk trunk;
	size_t at;		/* the trunk that rig_hq_says() speaks on */
	struct vw_endpoint phone;	/* where rig_phone_says() speaks from */
	struct vw_edge *e;
	struct rig_sent sent[RIG_MAX];
	size_t nsent;
	size_t nread;
	struct vw_genl_stream stream[RIG_MAX];
	size_t nstream;
	u8 sealed[RIG_KEYS][VOXWALL_KEY_LEN];	/* own keys that streams were ever given */
	size_t nsealed;
	struct vw_genl_crypto opened[RIG_MAX];	/* keys that streams were given to open with */
	size_t nopened;
	unsigned int added, changed, removed;
	unsigned int parts;	/* of the last change */
	int fail_add;
	u64 idle[2];	/* by zone: voice, wan */
	u16 silent;	/* port of a stream that is idle for as long as the WAN */
	json_t *saved;		/* the last call that was written down */
	unsigned int saves;
	size_t saved_at;	/* nsent then */
	u64 now;
};

extern const struct vw_endpoint rig_phone, rig_hq;

struct rig *rig_new(enum vw_media_policy media);
/* One more trunk, with the same policy. */
struct vw_trunk *rig_add_trunk(struct rig *r, const char *name, const char *proxy,
			       const char *local);
void rig_free(struct rig *r);
/*
 * A message: bare newlines become CRLF, Content-Length and body are put on, and the
 * Content-Type of SDP where there is none.
 */
void rig_phone_says(struct rig *r, const char *body, const char *head, ...)
	__attribute__((format(printf, 3, 4)));
void rig_hq_says(struct rig *r, const char *body, const char *head, ...)
	__attribute__((format(printf, 3, 4)));
/* The next datagram that was sent; fails when there is none. */
const char *rig_next(struct rig *r, bool wan);
/* Nothing more was sent. */
void rig_silence(struct rig *r);
void rig_wait(struct rig *r, u64 ms);
/* The value of a header's first line, in a buffer of its own. */
char *rig_header(const char *text, const char *name);
const char *rig_body(const char *text);
/* The module takes the stream from this zone away, as it does with idle ones. */
void rig_idle(struct rig *r, u8 zone);
/* The stream whose packets come from this zone, or NULL. */
struct vw_genl_stream *rig_stream(struct rig *r, u8 zone);
/* Number after m=audio. */
unsigned int rig_port(const char *text);
/* What follows inline:, up to the line end. */
char *rig_key(const char *text);

#endif
