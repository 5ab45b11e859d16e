/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a pact to the module's streams, with as few changes as possible. */
#ifndef VW_MEDIA_STREAMS_H
#define VW_MEDIA_STREAMS_H

#include "../kernel/genl.h"
#include "session.h"

/* How streams are changed: the module, or a double in unit tests. */
struct vw_stream_ops {
	int (*add)(void *arg, const struct vw_genl_stream *s);
	int (*set)(void *arg, const struct vw_genl_stream *s, unsigned int parts);
	int (*del)(void *arg, u32 id);
	/* ms without a good packet; -ENOENT: it is gone */
	int (*idle)(void *arg, u32 id, u64 *ret_ms);
	const char *(*error)(void *arg);
	/* with its counters; -ENOENT: it is gone */
	int (*get)(void *arg, u32 id, struct vw_genl_stream *ret);
};

/**
 * struct vw_installed - what the module was told about one direction
 * @id: 0: nothing is installed
 * @stream: as installed, without keys
 * @open: fingerprint of the key that opens
 * @seal: fingerprint of the key that seals
 * @expires: the module has said that a key of it is nearly used up
 */
struct vw_installed {
	u32 id;
	bool expires;
	struct vw_genl_stream stream;
	u8 open[VW_KEY_PRINT];
	u8 seal[VW_KEY_PRINT];
};

/**
 * struct vw_streams - streams of a call
 * @dir: [section][side that the packets come from]
 * @used: fingerprints of all own keys that a stream of the call was given, ever, and
 *	of the call's own that a stream of its other half was given
 * @nused: how many
 *
 * A stream that is made anew counts its packets from 0 again, so a key that was
 * in @used would make the same keystream twice. Early dialogs that forked all
 * hold the one key of the offer: their media is sealed by the one stream of
 * their call, whose destination follows the dialog that spoke last, so that no
 * index comes twice whatever each of them agrees on later.
 */
struct vw_streams {
	struct vw_installed dir[VW_SDP_MAX_MEDIA][VW_SIDES];
	u8 (*used)[VW_KEY_PRINT];
	size_t nused;
};

/**
 * struct vw_streams_env - what is needed besides the pact
 * @ops: the module
 * @arg: for @ops
 * @addr: the gateway's media address on each side
 * @label: of the call, for listings
 * @timeout_ms: without media
 * @clear_wan: plain media may leave towards the trunk
 * @latch: enum voxwall_latch, for what comes from each side
 * @phone: where the phone's signalling comes from; family 0: not known
 * @fastpath_off: packets of both directions leave through the stack's output
 * @voice_only: packets from the trunk's side are another call's
 * @other: streams of that call, which seals with the keys of this one and the other way round
 * @next_id: where the next identifier comes from
 */
struct vw_streams_env {
	const struct vw_stream_ops *ops;
	void *arg;
	struct vw_endpoint addr[VW_SIDES];
	const char *label;
	u32 timeout_ms;
	bool clear_wan;
	u8 latch[VW_SIDES];
	struct vw_endpoint phone;
	bool fastpath_off;
	bool voice_only;
	struct vw_streams *other;
	u32 *next_id;
};

/**
 * vw_streams_apply - make the module do what the pact says
 * @st: what is installed; kept up to date, also on failure
 * @pact: what should be; NULL: nothing
 * @env: the rest
 *
 * A new address of a peer changes the stream in place, so that rollover counter
 * and replay window stay; a new address together with a new key, or another
 * port of the gateway, makes a new stream (RFC 4568, 7.1.4). An own key that
 * has been given to a stream is never given to one again.
 *
 * Return: 0; -EKEYREJECTED: the own key is used up; or -errno of the module.
 */
int vw_streams_apply(struct vw_streams *st, const struct vw_pact *pact,
		     const struct vw_streams_env *env);

/* The call is answered, and media begins: streams that wait for a first source wait anew. */
void vw_streams_answered(struct vw_streams *st, const struct vw_streams_env *env);

/* How one stream should look, with keys: wipe it. False: there should be none. */
bool vw_streams_want(const struct vw_pact *pact, int lane, enum vw_side from,
		     const struct vw_streams_env *env, struct vw_genl_stream *ret);

/* After a restart: the module has this one already, as the pact describes it. */
void vw_streams_adopt(struct vw_streams *st, const struct vw_pact *pact, int lane,
		      enum vw_side from, const struct vw_streams_env *env, u32 id);

/**
 * vw_streams_retire - tell a pact which of its own keys can't go on
 * @st: what is installed
 * @pact: the one that the next offer or answer builds on; NULL is fine
 *
 * Used keys are marked, and where the stream that sealed with one is gone, the
 * leg's keys are lost.
 */
void vw_streams_retire(const struct vw_streams *st, struct vw_pact *pact);

/* Forget everything without touching the module. */
void vw_streams_clear(struct vw_streams *st);

/* Number of streams installed. */
size_t vw_streams_count(const struct vw_streams *st);

#endif
