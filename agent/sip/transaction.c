// SPDX-License-Identifier: GPL-2.0-or-later
#include "edge_priv.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#define COOKIE	"z9hG4bKvw"

static unsigned int bucket(const u8 key[VW_KEY_LEN])
{
	return get_unaligned_be16(key) % VW_HASH_SIZE;
}

static void key_by(const struct vw_edge *e, enum vw_side side, const struct vw_msg *m,
		   const osip_via_t *via, u8 key[VW_KEY_LEN])
{
	const char *branch = vw_msg_param(&via->via_params, "branch");
	char cseq[16];

	snprintf(cseq, sizeof(cseq), "%u", m->cseq);
	vw_edge_hash(e, key, VW_KEY_LEN, side == VW_VOICE ? "voice" : "wan",
		     branch ? branch : "", via->host, via->port ? via->port : "", m->call_id,
		     m->from_tag, cseq, NULL);
}

/**
 * vw_txn_key - name a transaction as a stateless proxy does (RFC 3261, 16.11)
 * @e: the edge
 * @side: where the request came from
 * @m: the request
 * @key: written
 *
 * The CANCEL of an INVITE, and the ACK of its failure, get the INVITE's key.
 */
void vw_txn_key(const struct vw_edge *e, enum vw_side side, const struct vw_msg *m,
		u8 key[VW_KEY_LEN])
{
	key_by(e, side, m, vw_msg_via(m, 0), key);
}

bool vw_txn_was_ours(const struct vw_edge *e, enum vw_side side, const struct vw_msg *m)
{
	u8 said[VW_KEY_LEN], right[VW_KEY_LEN];

	if (!vw_msg_via(m, 1) || !vw_txn_key_of(vw_msg_via(m, 0), said))
		return false;
	key_by(e, side, m, vw_msg_via(m, 1), right);
	return !CRYPTO_memcmp(said, right, VW_KEY_LEN);
}

bool vw_txn_key_of(const osip_via_t *via, u8 key[VW_KEY_LEN])
{
	const char *branch = vw_msg_param(&via->via_params, "branch");
	size_t n = strlen(COOKIE);

	if (!branch || strncmp(branch, COOKIE, n) || strlen(branch + n) < 2 * VW_KEY_LEN)
		return false;
	for (int i = 0; i < VW_KEY_LEN; i++) {
		unsigned int byte;

		if (sscanf(branch + n + 2 * i, "%2x", &byte) != 1)
			return false;
		key[i] = (u8)byte;
	}
	return true;
}

void vw_txn_via(const struct vw_edge *e, const u8 key[VW_KEY_LEN], unsigned int try,
		enum vw_side side, const struct vw_trunk *trunk, struct vw_text *ret)
{
	char hex[2 * VW_KEY_LEN + 1], addr[VW_ENDPOINT_LEN];

	vw_hex(key, VW_KEY_LEN, hex);
	vw_text_printf(ret, "SIP/2.0/UDP %s;branch=" COOKIE "%s",
		       vw_endpoint_text(vw_edge_local(e, side, trunk), addr), hex);
	if (try)
		vw_text_printf(ret, ".%u", try);
	vw_text_puts(ret, ";rport");
}

/* An INVITE's CANCEL is a transaction of its own with the same key. */
struct vw_txn *vw_txn_find(struct vw_edge *e, const u8 key[VW_KEY_LEN], enum vw_method method)
{
	struct vw_txn *t;

	LIST_FOREACH(t, &e->txn_hash[bucket(key)], hash)
		if (!memcmp(t->key, key, VW_KEY_LEN) &&
		    (t->method == VW_M_CANCEL) == (method == VW_M_CANCEL))
			return t;
	return NULL;
}

struct vw_txn *vw_txn_new(struct vw_edge *e, const struct vw_endpoint *source,
			  const u8 key[VW_KEY_LEN], enum vw_method method)
{
	struct vw_txn *t;

	if (!vw_limits_take(e, source, VW_GOOD_TXNS, 1))
		return NULL;
	t = calloc(1, sizeof(*t));
	if (!t) {
		vw_budget_give(&e->budget, source, VW_GOOD_TXNS, 1);
		return NULL;
	}
	if (source)
		t->source = *source;
	memcpy(t->key, key, VW_KEY_LEN);
	t->method = method;
	t->expires = vw_edge_now(e) + VW_TXN_MS;
	LIST_INSERT_HEAD(&e->txns, t, list);
	LIST_INSERT_HEAD(&e->txn_hash[bucket(key)], t, hash);
	e->ntxn++;
	return t;
}

static const struct vw_endpoint *payer(const struct vw_txn *t)
{
	return t->source.family ? &t->source : NULL;
}

bool vw_txn_keep(struct vw_edge *e, struct vw_txn *t, size_t bytes)
{
	bytes += sizeof(*t);
	if (!vw_limits_take(e, payer(t), VW_GOOD_BYTES, bytes))
		return false;
	t->bytes += bytes;
	return true;
}

void vw_txn_free(struct vw_edge *e, struct vw_txn *t)
{
	LIST_REMOVE(t, list);
	LIST_REMOVE(t, hash);
	e->ntxn--;
	vw_budget_give(&e->budget, payer(t), VW_GOOD_BYTES, t->bytes);
	vw_budget_give(&e->budget, payer(t), VW_GOOD_TXNS, 1);
	if (t->call && t->call->bye == t)
		t->call->bye = NULL;
	free(t->via_top);
	vw_text_free(&t->request);
	vw_text_free(&t->answer);
	vw_msg_free(t->msg);
	free(t);
}

struct vw_txn *vw_txn_of_call(struct vw_edge *e, const struct vw_call *c, enum vw_method method)
{
	struct vw_txn *t;

	LIST_FOREACH(t, &e->txns, list)
		if (t->call == c && t->method == method && !t->status)
			return t;
	return NULL;
}

/* The call is going: its transactions stay to repeat what they have. */
void vw_txn_forget_call(struct vw_edge *e, const struct vw_call *c)
{
	struct vw_txn *t;

	LIST_FOREACH(t, &e->txns, list) {
		if (t->call == c) {
			t->call = NULL;
			t->branch = NULL;
		}
	}
}

void vw_txn_repeat(struct vw_edge *e, struct vw_txn *t)
{
	t->wait = VW_T1_MS;
	t->sent = vw_edge_now(e);
	t->again = t->sent + t->wait;
	t->expires = t->sent + VW_TXN_MS;
}

static void send_again(struct vw_edge *e, struct vw_txn *t, u64 now)
{
	e->stat[VW_STAT_RETRANSMITTED]++;
	if (t->answer.len)
		vw_edge_send(e, t->from, t->trunk, &t->reply_to, &t->answer);
	else
		vw_edge_send(e, vw_other(t->from), t->trunk, &t->dst, &t->request);
	t->wait = t->wait * 2;
	/* an INVITE's interval goes on doubling (Timer A), others stop at T2 */
	if (t->wait > VW_T2_MS && (t->method != VW_M_INVITE || t->answer.len))
		t->wait = VW_T2_MS;
	t->again = now + t->wait;
}

void vw_txn_answer(struct vw_edge *e, struct vw_txn *t, int status, const char *reason)
{
	char tag[2 * VW_KEY_LEN + 1];

	vw_hex(t->key, VW_KEY_LEN, tag);
	vw_text_free(&t->answer);
	if (!t->msg)
		return;
	vw_reply(t->msg, status, reason, t->via_top, tag, NULL, &t->answer);
	t->status = status;
	vw_edge_send(e, t->from, t->trunk, &t->reply_to, &t->answer);
	vw_txn_repeat(e, t);
}

static void expire(struct vw_edge *e, struct vw_txn *t)
{
	struct vw_call *c = t->call;

	if (t->own && t->method == VW_M_OPTIONS && !t->status && t->trunk)
		t->trunk->reachable = 0;
	/* an INVITE that nobody has answered: the caller gives up, and so do we */
	if (c && t->method == VW_M_INVITE && !t->status && !t->own && !c->active &&
	    LIST_EMPTY(&c->branches)) {
		e->stat[VW_STAT_TIMEOUT]++;
		vw_call_free(e, c);
	}
	if (c && t->branch && !t->status)
		vw_call_offer_failed(e, c, t->branch, t->from, t->cseq);
	if (c && t->method == VW_M_BYE && !t->status)
		vw_bye_done(e, t);
	vw_txn_free(e, t);
}

/**
 * vw_txn_tick - send again what isn't answered, forget what is over
 * @e: the edge
 * @now: ms
 */
void vw_txn_tick(struct vw_edge *e, u64 now)
{
	struct vw_txn *t, *next;

	for (t = LIST_FIRST(&e->txns); t; t = next) {
		next = LIST_NEXT(t, list);
		if (now >= t->expires)
			expire(e, t);
		else if (t->again && now >= t->again)
			send_again(e, t, now);
	}
}
