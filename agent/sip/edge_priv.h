/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the edge share; nobody else includes it. */
#ifndef VW_SIP_EDGE_PRIV_H
#define VW_SIP_EDGE_PRIV_H

#include <jansson.h>
#include <sys/queue.h>
#include <time.h>

#include "../conf.h"
#include "../kernel/genl.h"
#include "../log.h"
#include "../media/portalloc.h"
#include "../media/session.h"
#include "../media/streams.h"
#include "budget.h"
#include "edge.h"
#include "message.h"
#include "rewrite.h"
#include "via.h"

#define VW_EDGE_TICK_MS	100u
#define VW_EDGE_SAVE_MS	50u	/* between two writes of the state file */

#define VW_MAX_TXNS	8192
#define VW_MAX_CALLS	4096
#define VW_MAX_BRANCHES	8	/* To tags of one INVITE */
#define VW_MAX_BINDINGS	8192
#define VW_MAX_BYTES	(128u << 20)	/* room for VW_MAX_CALLS of one stream each way */
#define VW_MAX_EARLY	1024	/* calls that ring, or don't even */
#define VW_PHONE_EARLY	64	/* of them from one address in the voice zone: a gateway's worth */
#define VW_OWN_BYTES	(8u << 10)	/* room for a request of the edge */
#define VW_HASH_SIZE	4096	/* buckets of each table */
#define VW_KEY_LEN	16	/* bytes of a transaction's or call's key */

#define VW_T1_MS	500u	/* RFC 3261, 17.1.1.1 */
#define VW_T2_MS	4000u
#define VW_TXN_MS	(64 * VW_T1_MS)

#define VW_REG_MAX	86400u	/* longest registration that is remembered, s */

enum vw_stat {
	VW_STAT_RECEIVED, VW_STAT_SENT, VW_STAT_STRANGER, VW_STAT_KEEPALIVE, VW_STAT_HOPS,
	VW_STAT_LOOP, VW_STAT_FULL, VW_STAT_STRAY, VW_STAT_SDP_REFUSED, VW_STAT_UNBOUND,
	VW_STAT_RETRANSMITTED, VW_STAT_CALLS, VW_STAT_REGISTRATIONS, VW_STAT_FALLBACK,
	VW_STAT_IDLE, VW_STAT_TIMEOUT, VW_STAT_SHARE,
	__VW_STAT_MAX
};

/**
 * struct vw_trunk - a SIP peer across the WAN
 * @conf: as configured
 * @local: our address towards it
 * @proxy: its address
 * @gone: not configured any more; its calls go on
 * @ports: media ports on @local
 * @answered: ms when it last answered anything; 0: never
 * @next_ping: ms when the next OPTIONS leaves
 * @rtt: ms of the last OPTIONS
 * @reachable: 1, 0 or -1 (not known yet)
 */
struct vw_trunk {
	struct vw_conf_trunk conf;
	struct vw_endpoint local;
	struct vw_endpoint proxy;
	bool gone;
	struct vw_ports *ports;
	struct vw_edge *edge;
	void *sock;
	bool sock_shared;
	u64 answered;
	time_t answered_at;
	u64 next_ping;
	u64 rtt;
	int reachable;
};

/* What a message does for offer and answer (RFC 3264, RFC 6337). */
enum vw_sdp_role { VW_SDP_NONE, VW_SDP_OFFER, VW_SDP_ANSWER };

/* A description that has been carried across: a retransmission gets the same one. */
struct vw_memo {
	enum vw_side from;
	enum vw_sdp_role role;
	u32 cseq;
	u8 hash[32];
	struct vw_text out;
};

#define VW_MEMOS	4

enum vw_call_state { VW_CALL_EARLY, VW_CALL_CONFIRMED, VW_CALL_ENDING };

/**
 * struct vw_party - one end of a dialog, as the other end addresses it
 * @name: its From or To value, with tag
 * @target: its Contact URI
 * @routes: Route value towards it, NULL: none
 * @cseq: highest number it has used
 * @addr: a phone's: where its packets come from
 */
struct vw_party {
	char *name;
	char *target;
	char *routes;
	u32 cseq;
	struct vw_endpoint addr;
};

/**
 * struct vw_branch - one dialog: a callee's tag
 * @tag: "" until there is one
 * @cur: what is agreed
 * @pending: what is offered
 * @pending_from: who has offered
 * @pending_cseq: in which transaction
 * @pending_late: in its response
 */
struct vw_branch {
	LIST_ENTRY(vw_branch) list;
	char *tag;
	enum vw_call_state state;
	struct vw_pact *cur;
	struct vw_pact *pending;
	enum vw_side pending_from;
	u32 pending_cseq;
	bool pending_late;
	struct vw_memo memo[VW_MEMOS];
	unsigned int next_memo;
	struct vw_party party[VW_SIDES];
};

/* A pair of ports that a call holds. */
struct vw_held_port {
	enum vw_side side;
	u16 port;
};

#define VW_CALL_PORTS	(4 * VW_SDP_MAX_MEDIA)

/**
 * struct vw_call - an INVITE and the dialogs it made
 * @key: of Call-ID, caller's tag and direction
 * @ref: short name, for logs and labels
 * @from: the caller's side
 * @offer: of the initial INVITE, for branches to come
 * @active: the branch that the streams serve
 * @shift: added to the CSeq of the caller's requests (second try without SRTP)
 * @fell_back: the second try is under way or done
 * @touched: ms of the last message
 * @bye: the BYE that is under way
 * @half: the other half of a call from phone to phone, whose streams it shares
 * @unsaved: its streams have changed since it was written down
 * @source: who began it, by address
 * @held: what it has of @source's share of each good
 */
struct vw_call {
	LIST_ENTRY(vw_call) list;
	LIST_ENTRY(vw_call) hash;
	u8 key[VW_KEY_LEN];
	char ref[2 * 4 + 1];
	enum vw_side from;
	struct vw_trunk *trunk;
	char *call_id;
	char *tag;
	char *caller;
	char *callee;
	time_t since;
	u64 touched;
	u32 shift;
	bool fell_back;
	u32 invite_cseq;
	struct vw_pact *offer;
	struct vw_party party;	/* the caller, before there is a branch */
	struct vw_party callee_party;
	LIST_HEAD(, vw_branch) branches;
	unsigned int nbranch;
	struct vw_branch *active;
	const struct vw_txn *bye;
	struct vw_call *half;
	bool unsaved;
	struct vw_streams streams;
	struct vw_held_port port[VW_CALL_PORTS];
	unsigned int nport;
	struct vw_endpoint source;
	size_t held[__VW_GOOD_MAX];
};

/**
 * struct vw_txn - a request that went through, or that the edge has made
 * @key: of the incoming branch; also names the outgoing one
 * @try: second INVITE of a call: 2
 * @own: made by the edge
 * @source: who sent it, by address; family 0: the edge
 * @bytes: of @source's share
 * @reply_to: where responses go
 * @via_top: the incoming topmost Via, with received and rport
 * @request: as it was sent, to be sent again
 * @answer: final response made here, to be sent again until the ACK
 * @msg: the INVITE as it came
 * @status: final response that was passed on
 * @again: ms when to send again; 0: not
 * @wait: ms between the last two
 * @expires: ms when to forget it
 */
struct vw_txn {
	LIST_ENTRY(vw_txn) list;
	LIST_ENTRY(vw_txn) hash;
	u8 key[VW_KEY_LEN];
	enum vw_method method;
	unsigned int try;
	bool own;
	bool cancelled;
	struct vw_endpoint source;
	size_t bytes;
	enum vw_side from;
	struct vw_trunk *trunk;
	u32 cseq;
	struct vw_endpoint reply_to;
	struct vw_endpoint dst;
	char *via_top;
	struct vw_text request;
	struct vw_text answer;
	struct vw_msg *msg;
	struct vw_call *call;
	struct vw_branch *branch;
	int status;
	u64 sent;
	u64 again;
	u64 wait;
	u64 expires;
};

/**
 * struct vw_binding - a registered phone
 * @token: what finds it again in the rewritten Contact; another one for each trunk
 * @aor: address of record, from the To header
 * @contact: the URI that the phone gave
 * @addr: where the phone's packets come from
 * @until: ms of vw_edge_now(); the wall clock may jump by years when it is first set
 */
struct vw_binding {
	LIST_ENTRY(vw_binding) list;
	LIST_ENTRY(vw_binding) hash;
	char token[2 * VW_KEY_LEN + 1];
	char *aor;
	char *contact;
	struct vw_endpoint addr;
	struct vw_trunk *trunk;
	u64 until;
};

/* What the edge needs of the world; unit tests bring their own. */
struct vw_edge_io {
	/* @trunk NULL: the voice socket */
	void (*send)(void *arg, struct vw_trunk *trunk, const struct vw_endpoint *to,
		     const char *p, size_t len);
	u64 (*now)(void *arg);
	void *arg;
	const struct vw_stream_ops *streams;
	void *streams_arg;
	/* our address towards another; may be NULL */
	bool (*source)(const struct vw_endpoint *to, struct vw_endpoint *ret);
	bool bind;	/* hold media ports with sockets */
	/* write a call down at once; may be NULL */
	void (*save)(void *arg, struct vw_call *c);
};

struct vw_edge {
	struct vw_loop *loop;
	struct vw_conf *conf;
	struct vw_genl *genl;
	struct vw_edge_io io;
	u8 secret[32];
	struct vw_endpoint voice;
	struct vw_ports *ports;		/* media ports on the voice side */
	void *sock;
	struct vw_timer *timer;
	struct vw_trunk **trunk;
	size_t ntrunk;
	u32 next_stream;
	u64 next_keep;
	bool dirty;
	u64 saved;
	u64 save_gap;		/* ms to the next write of the whole state */
	u64 generation;		/* names the state file that lines in the log follow */
	u64 next_generation;
	u64 stat[__VW_STAT_MAX];
	u64 fault[__VW_FAULT_MAX];
	LIST_HEAD(, vw_txn) txns, txn_hash[VW_HASH_SIZE];
	LIST_HEAD(, vw_call) calls, call_hash[VW_HASH_SIZE];
	LIST_HEAD(, vw_binding) bindings, binding_hash[VW_HASH_SIZE];
	size_t ntxn, ncall, nbinding;
	struct vw_budget budget;
	u64 said_full;	/* ms of the last line about it in the log */
};

/* ---- edge_core.c: life and plumbing ---- */

struct vw_edge *vw_edge_core_new(struct vw_conf *conf, const struct vw_edge_io *io, char *err,
				 size_t errlen);
void vw_edge_core_free(struct vw_edge *e);
struct vw_trunk *vw_trunk_new(struct vw_edge *e, const struct vw_conf_trunk *conf);
void vw_trunk_free(struct vw_edge *e, struct vw_trunk *t);
/* A datagram; @trunk NULL: on the voice socket. */
void vw_edge_input(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_endpoint *src,
		   const char *p, size_t len);
/* Retransmissions and timeouts. */
void vw_edge_tick(struct vw_edge *e);
void vw_edge_send(struct vw_edge *e, enum vw_side side, struct vw_trunk *trunk,
		  const struct vw_endpoint *to, const struct vw_text *t);
u64 vw_edge_now(const struct vw_edge *e);
/* The edge's address on a side. */
const struct vw_endpoint *vw_edge_local(const struct vw_edge *e, enum vw_side side,
					const struct vw_trunk *trunk);
/* Keyed hash of strings; ends with NULL. */
void vw_edge_hash(const struct vw_edge *e, u8 *ret, size_t len, const char *first, ...)
	__attribute__((sentinel));
void vw_hex(const u8 *p, size_t n, char *ret);

static inline struct vw_trunk *vw_edge_find_trunk(const struct vw_edge *e, const char *name)
{
	for (size_t i = 0; i < e->ntrunk; i++)
		if (!strcmp(e->trunk[i]->conf.name, name))
			return e->trunk[i];
	return NULL;
}

/* ---- limits.c ---- */

void vw_limits_init(struct vw_edge *e);
/* Is it time for another line about limits in the log? */
bool vw_limits_say(struct vw_edge *e);
/* Take from the budget for @source, NULL: the edge. False: refused, counted and told. */
bool vw_limits_take(struct vw_edge *e, const struct vw_endpoint *source, enum vw_good good,
		    size_t n);
/* The same for a call, from the share of who began it. */
bool vw_call_take(struct vw_edge *e, struct vw_call *c, enum vw_good good, size_t n);
void vw_call_give(struct vw_edge *e, struct vw_call *c, enum vw_good good, size_t n);
/* Count a call of a former life. */
void vw_call_restored(struct vw_edge *e, struct vw_call *c);
/* Make the budget know what a call weighs by now; false: it has no room for as much. */
bool vw_call_weigh(struct vw_edge *e, struct vw_call *c);

/* ---- transaction.c ---- */

void vw_txn_key(const struct vw_edge *e, enum vw_side side, const struct vw_msg *m,
		u8 key[VW_KEY_LEN]);
/*
 * Has the edge sent the request from @side that this response answers? Can be told
 * after a restart too: its branch follows from what else the response repeats.
 */
bool vw_txn_was_ours(const struct vw_edge *e, enum vw_side side, const struct vw_msg *m);
/* The key in a Via of ours; false: not ours. */
bool vw_txn_key_of(const osip_via_t *via, u8 key[VW_KEY_LEN]);
struct vw_txn *vw_txn_find(struct vw_edge *e, const u8 key[VW_KEY_LEN], enum vw_method method);
/* @source NULL: the edge itself. NULL: no room for another. */
struct vw_txn *vw_txn_new(struct vw_edge *e, const struct vw_endpoint *source,
			  const u8 key[VW_KEY_LEN], enum vw_method method);
/* Count what it keeps; false: no room. */
bool vw_txn_keep(struct vw_edge *e, struct vw_txn *t, size_t bytes);
void vw_txn_free(struct vw_edge *e, struct vw_txn *t);
/* Our Via for a transaction, appended. */
void vw_txn_via(const struct vw_edge *e, const u8 key[VW_KEY_LEN], unsigned int try,
		enum vw_side side, const struct vw_trunk *trunk, struct vw_text *ret);
/* Send a request of the edge until it is answered, or a response until its ACK. */
void vw_txn_repeat(struct vw_edge *e, struct vw_txn *t);
void vw_txn_tick(struct vw_edge *e, u64 now);
/* Final response from here to a forwarded INVITE, reliably. */
void vw_txn_answer(struct vw_edge *e, struct vw_txn *t, int status, const char *reason);
/* One of the call that waits for its final response; NULL: none. */
struct vw_txn *vw_txn_of_call(struct vw_edge *e, const struct vw_call *c, enum vw_method method);
void vw_txn_forget_call(struct vw_edge *e, const struct vw_call *c);

/* ---- call.c ---- */

struct vw_call *vw_call_new(struct vw_edge *e, enum vw_side from, struct vw_trunk *trunk,
			    const struct vw_endpoint *src, const struct vw_msg *invite);
struct vw_call *vw_call_add(struct vw_edge *e, enum vw_side from, struct vw_trunk *trunk,
			    const char *call_id, const char *tag);
/* The call, and the branch in *@ret_branch, of an in-dialog request or a response. */
struct vw_call *vw_call_find(struct vw_edge *e, enum vw_side from, const struct vw_msg *m,
			     struct vw_branch **ret_branch);
struct vw_call *vw_call_lookup(struct vw_edge *e, enum vw_side from, const char *call_id,
			       const char *tag);
struct vw_branch *vw_call_branch(struct vw_edge *e, struct vw_call *c, const char *tag,
				 bool create);
struct vw_branch *vw_branch_new(struct vw_call *c, const char *tag);
void vw_branch_free(struct vw_edge *e, struct vw_call *c, struct vw_branch *b);
void vw_call_free(struct vw_edge *e, struct vw_call *c);
/* The same, but the module keeps what it has, for this call and for its other half. */
void vw_call_forget(struct vw_edge *e, struct vw_call *c);
/* Media begins now, if it hasn't: see vw_streams_answered(). */
void vw_call_answered(struct vw_edge *e, struct vw_call *c);
/* After a restart: the streams whose identifiers the call has are as it says. */
void vw_call_adopt(struct vw_edge *e, struct vw_call *c);
void vw_party_free(struct vw_party *p);
void vw_set_string(char **p, const char *s);
/* Give back ports that no pact of the call mentions. */
void vw_call_sweep_ports(struct vw_edge *e, struct vw_call *c);
/* Make the module do what the active branch says. */
int vw_call_apply(struct vw_edge *e, struct vw_call *c);

/*
 * While one direction talks, the silent other one must not run out. A call whose
 * streams are gone ends, and @c with it.
 */
void vw_call_keep(struct vw_edge *e, struct vw_call *c);
/* The module has found a stream idle and removed it. */
void vw_call_idle(struct vw_edge *e, struct vw_call *c);
/* A key of the stream of this section and side has spent 90 % of its packets. */
void vw_call_key_expires(struct vw_edge *e, struct vw_call *c, int lane, enum vw_side from);

/* ---- offer.c: SDP of calls ---- */

/**
 * vw_call_sdp - carry the SDP of a message across
 * @e: the edge
 * @c: its call
 * @b: its branch; NULL: the initial INVITE
 * @from: the side it came from
 * @m: the message, which has SDP
 * @out: the SDP for the other side
 *
 * Return: 0 or as vw_media_offer(), vw_call_glare() and the module answer.
 */
int vw_call_sdp(struct vw_edge *e, struct vw_call *c, struct vw_branch *b, enum vw_side from,
		const struct vw_msg *m, struct vw_text *out);
/*
 * Would an offer from this side meet an open one (RFC 3261 14.2, RFC 3311 5.2)?
 * Return: 0; -EBUSY: the other side has one open; -EALREADY: this side itself.
 */
int vw_call_glare(const struct vw_branch *b, enum vw_side from);
/* Is SDP in this ACK an answer, the first time or again? */
bool vw_call_awaits(const struct vw_branch *b, enum vw_side from, const struct vw_msg *m);
/* The request @cseq of @from has brought no answer: what was offered with it is void. */
void vw_call_offer_failed(struct vw_edge *e, struct vw_call *c, struct vw_branch *b,
			  enum vw_side from, u32 cseq);
/* A status and reason for an error of vw_call_sdp(). */
int vw_sdp_status(int err, const char **ret_reason);

/* ---- request.c, response.c, register.c, hangup.c ---- */

void vw_request_input(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_endpoint *src,
		      struct vw_msg *m);
void vw_response_input(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_endpoint *src,
		       struct vw_msg *m);
/* A BYE is answered, or never will be: its branch is over. */
void vw_bye_done(struct vw_edge *e, struct vw_txn *t);
/* Answer without keeping anything. */
void vw_reply_now(struct vw_edge *e, enum vw_side side, struct vw_trunk *trunk,
		  const struct vw_endpoint *src, const struct vw_msg *m, int status,
		  const char *reason, const char *extra);
bool vw_edge_is_own_uri(const struct vw_edge *e, const osip_uri_t *uri);

/* Keep what a message says for messages of our own: a From or To value, the
 * Contact, the recorded route without our own entries. */
void vw_note_name(const struct vw_sip_line *l, char **ret);
void vw_note_contact(const struct vw_msg *m, char **ret);
void vw_note_routes(const struct vw_edge *e, const struct vw_msg *m, bool reverse, char **ret);

/* Contacts for the registrar, of a phone at @src; false: refused, *@ret_status says how. */
bool vw_register_request(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_msg *m,
			 const struct vw_endpoint *src, struct vw_text *contact, int *ret_status);
void vw_register_response(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m,
			  struct vw_text *contact);
struct vw_binding *vw_binding_of_uri(struct vw_edge *e, const struct vw_trunk *trunk,
				     const osip_uri_t *uri);
/* By the URI that the phone gave itself, or its address. */
struct vw_binding *vw_binding_of_contact(struct vw_edge *e, const osip_uri_t *uri);
struct vw_binding *vw_binding_of_aor(struct vw_edge *e, const osip_uri_t *uri);
struct vw_binding *vw_binding_add(struct vw_edge *e, const char *token, const char *aor,
				  const char *contact, const struct vw_endpoint *addr);
void vw_binding_free(struct vw_edge *e, struct vw_binding *b);
void vw_binding_tick(struct vw_edge *e, u64 now);

/* End a call from here: BYE to both ends that know of it. */
void vw_hangup(struct vw_edge *e, struct vw_call *c, const char *why);
/* A 200 that can't be used: ACK and BYE it. */
void vw_reject_answer(struct vw_edge *e, struct vw_call *c, struct vw_txn *t,
		      const struct vw_msg *m);
/* ACK for a failure response that isn't passed on. */
void vw_ack_failure(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m);
/* The second INVITE of srtp-preferred. */
bool vw_fall_back(struct vw_edge *e, struct vw_txn *t);
void vw_ping_tick(struct vw_edge *e, u64 now);
void vw_ping_answered(struct vw_edge *e, struct vw_txn *t);

/* ---- persist.c ---- */

json_t *vw_edge_to_json(struct vw_edge *e, size_t room);
int vw_edge_from_json(struct vw_edge *e, json_t *root);
/* One call as a line of the log, and back: it takes the place of an older one. */
json_t *vw_call_to_json(const struct vw_edge *e, const struct vw_call *c);
void vw_call_from_json(struct vw_edge *e, json_t *line);
/* Write an answered call down when its streams have changed; NULL is fine. */
void vw_call_save(struct vw_edge *e, struct vw_call *c);

#endif
