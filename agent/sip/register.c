// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registrations pass through; their Contacts are rewritten to the gateway's
 * address, so that calls come back this way, and the phone behind each is kept.
 * What tells phones apart is at the end of the user part, "1001_0123456789abcdef":
 * registrars drop and reorder URI parameters, but they keep the user part.
 */
#include <stdlib.h>

#include "edge_priv.h"

#define TOKEN_LEN	8	/* bytes of a token, twice as many digits */
#define DEFAULT_EXPIRES	3600u
#define MAX_CONTACTS	8

static unsigned int bucket(const char *token)
{
	unsigned int h = 5381;

	while (*token)
		h = h * 33 + (unsigned char)*token++;
	return h % VW_HASH_SIZE;
}

static struct vw_binding *find(struct vw_edge *e, const char *token)
{
	struct vw_binding *b;

	LIST_FOREACH(b, &e->binding_hash[bucket(token)], hash)
		if (!strcmp(b->token, token))
			return b;
	return NULL;
}

static struct vw_binding *make(struct vw_edge *e, const char *token, const struct vw_endpoint *addr)
{
	struct vw_binding *b;

	if (strlen(token) >= sizeof(b->token) || !vw_limits_take(e, addr, VW_GOOD_BINDINGS, 1))
		return NULL;
	b = calloc(1, sizeof(*b));
	if (!b) {
		vw_budget_give(&e->budget, addr, VW_GOOD_BINDINGS, 1);
		return NULL;
	}
	strcpy(b->token, token);
	b->addr = *addr;
	LIST_INSERT_HEAD(&e->bindings, b, list);
	LIST_INSERT_HEAD(&e->binding_hash[bucket(token)], b, hash);
	e->nbinding++;
	return b;
}

/* It is still one registration, whoever has more than his share by now. */
static void move(struct vw_edge *e, struct vw_binding *b, const struct vw_endpoint *addr)
{
	vw_budget_give(&e->budget, &b->addr, VW_GOOD_BINDINGS, 1);
	vw_budget_put(&e->budget, addr, VW_GOOD_BINDINGS, 1);
	b->addr = *addr;
}

struct vw_binding *vw_binding_add(struct vw_edge *e, const char *token, const char *aor,
				  const char *contact, const struct vw_endpoint *addr)
{
	struct vw_binding *b = find(e, token);

	if (b)
		move(e, b, addr);
	else
		b = make(e, token, addr);
	if (!b)
		return NULL;
	vw_set_string(&b->aor, aor);
	vw_set_string(&b->contact, contact);
	e->dirty = true;
	return b;
}

void vw_binding_free(struct vw_edge *e, struct vw_binding *b)
{
	LIST_REMOVE(b, list);
	LIST_REMOVE(b, hash);
	e->nbinding--;
	vw_budget_give(&e->budget, &b->addr, VW_GOOD_BINDINGS, 1);
	e->dirty = true;
	free(b->aor);
	free(b->contact);
	free(b);
}

void vw_binding_tick(struct vw_edge *e, u64 now)
{
	struct vw_binding *b, *next;

	for (b = LIST_FIRST(&e->bindings); b; b = next) {
		next = LIST_NEXT(b, list);
		if (now >= b->until)
			vw_binding_free(e, b);
	}
}

static char *uri_text(const osip_uri_t *uri)
{
	char *s = NULL;

	return uri && !osip_uri_to_str(uri, &s) ? s : NULL;
}

/*
 * The same phone gets the same token of a trunk for ever, so that a refresh
 * replaces its binding at the registrar; nobody else's Contact gives that token.
 */
static bool token_of(const struct vw_edge *e, const struct vw_trunk *trunk,
		     const osip_uri_t *aor, const osip_uri_t *contact, char *ret)
{
	char *a = uri_text(aor), *c = uri_text(contact);
	u8 hash[TOKEN_LEN];

	if (a && c) {
		vw_edge_hash(e, hash, sizeof(hash), "binding", trunk->conf.name, a, c, NULL);
		vw_hex(hash, sizeof(hash), ret);
	}
	osip_free(a);
	osip_free(c);
	return a && c;
}

static bool is_star(const osip_contact_t *c)
{
	return c->displayname && !strcmp(c->displayname, "*");
}

/* The gateway's URI for a phone: its user part stays, for PBXs that look at it. */
static char *gateway_uri(const struct vw_endpoint *local, const osip_uri_t *uri,
			 const char *token)
{
	struct vw_text t __vw_text = { 0 };
	char addr[VW_ENDPOINT_LEN];
	osip_uri_t *clone = NULL;
	char *user = NULL, *ret = NULL;

	if (uri->username && !osip_uri_clone(uri, &clone)) {
		/* let libosip2 do the escaping: of everything but the user nothing stays */
		char *s = uri_text(clone), *at = s ? strchr(s, '@') : NULL, *colon;

		if (at) {
			colon = strchr(s, ':');
			user = strndup(colon + 1, (size_t)(at - colon - 1));
			if (user && strchr(user, ':'))
				*strchr(user, ':') = '\0';
		}
		osip_free(s);
		osip_uri_free(clone);
	}
	vw_text_printf(&t, "sip:%s_%s@%s", user ? user : "", token,
		       vw_endpoint_text(local, addr));
	free(user);
	if (!t.failed)
		ret = strdup(t.p);
	return ret;
}

/* "<URI>;params", the display name left out */
static bool put_contact(const osip_contact_t *c, const char *uri, struct vw_text *out)
{
	vw_text_printf(out, "%s<%s>", out->len ? ", " : "", uri);
	for (int i = 0; !osip_list_eol(&c->gen_params, i); i++) {
		const osip_generic_param_t *p = osip_list_get(&c->gen_params, i);

		if (p->gvalue)
			vw_text_printf(out, ";%s=%s", p->gname, p->gvalue);
		else
			vw_text_printf(out, ";%s", p->gname);
	}
	return !out->failed;
}

/* Will there be room for it when the registrar agrees? */
static bool has_room(struct vw_edge *e, const struct vw_endpoint *src, const char *token)
{
	if (find(e, token))
		return true;
	if (!vw_limits_take(e, src, VW_GOOD_BINDINGS, 1))
		return false;
	vw_budget_give(&e->budget, src, VW_GOOD_BINDINGS, 1);
	return true;
}

bool vw_register_request(struct vw_edge *e, struct vw_trunk *trunk, const struct vw_msg *m,
			 const struct vw_endpoint *src, struct vw_text *contact, int *ret_status)
{
	const osip_list_t *list = &m->osip->contacts;
	int n = osip_list_size(list);

	*ret_status = 400;
	if (n > MAX_CONTACTS)
		return false;
	for (int i = 0; i < n; i++) {
		const osip_contact_t *c = osip_list_get(list, i);
		char token[2 * TOKEN_LEN + 1], *uri;

		if (is_star(c) && n == 1) {
			vw_text_puts(contact, "*");
			return true;
		}
		if (!c->url || !c->url->host || !token_of(e, trunk, m->osip->to->url, c->url, token))
			return false;
		if (!has_room(e, src, token)) {
			*ret_status = 503;
			return false;
		}
		uri = gateway_uri(&trunk->local, c->url, token);
		if (!uri || !put_contact(c, uri, contact)) {
			free(uri);
			return false;
		}
		free(uri);
	}
	return true;
}

static u32 expires_of(const osip_contact_t *c, const struct vw_msg *m)
{
	const char *v = vw_msg_param(&c->gen_params, "expires");
	unsigned long n = v ? strtoul(v, NULL, 10) : vw_msg_expires(m, DEFAULT_EXPIRES);

	return n > VW_REG_MAX ? VW_REG_MAX : (u32)n;
}

/* Where to reach it: what it says when that agrees with where its packets come from. */
static struct vw_endpoint phone_addr(const osip_uri_t *uri, const struct vw_endpoint *src)
{
	struct vw_endpoint ep = *src;
	int port = uri->port ? atoi(uri->port) : 5060;

	if (vw_endpoint_parse(uri->host, strlen(uri->host), &ep) &&
	    vw_endpoint_same_addr(&ep, src) && port > 0 && port < 65536) {
		ep.port = (u16)port;
		return ep;
	}
	return *src;
}

/* What ends the user part of a Contact of ours; NULL: it is somebody else's. */
static const char *uri_token(const osip_uri_t *uri)
{
	const char *v = uri && uri->username ? strrchr(uri->username, '_') : NULL;

	return v && strspn(v + 1, "0123456789abcdef") == 2 * TOKEN_LEN &&
	       strlen(v + 1) == 2 * TOKEN_LEN ? v + 1 : NULL;
}

/* How long the registrar keeps it; 0: not at all. */
static u32 granted(struct vw_txn *t, const struct vw_msg *m, const osip_contact_t *asked,
		   const char *token)
{
	u32 want, said;

	for (int i = 0; !osip_list_eol(&m->osip->contacts, i); i++) {
		const osip_contact_t *c = osip_list_get(&m->osip->contacts, i);
		const char *v = uri_token(c->url);

		if (v && !strcmp(v, token))
			return expires_of(c, m);
	}
	if (osip_list_size(&m->osip->contacts))
		return 0;
	/* it should list them (RFC 3261, 10.3), but some only say yes */
	want = expires_of(asked, t->msg);
	said = vw_msg_expires(m, want);
	return said < want ? said : want;
}

/* What the registrar says about one Contact of the request. */
static void settle(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m,
		   const osip_contact_t *asked)
{
	char token[2 * TOKEN_LEN + 1], *aor, *uri;
	struct vw_endpoint addr;
	struct vw_binding *b;
	u32 expires;

	if (!asked->url || !token_of(e, t->trunk, t->msg->osip->to->url, asked->url, token))
		return;
	expires = granted(t, m, asked, token);
	b = find(e, token);
	if (!expires) {
		if (b)
			vw_binding_free(e, b);
		return;
	}
	aor = uri_text(t->msg->osip->to->url);
	uri = uri_text(asked->url);
	addr = phone_addr(asked->url, &t->reply_to);
	b = vw_binding_add(e, token, aor, uri, &addr);
	if (b) {
		b->trunk = t->trunk;
		b->until = vw_edge_now(e) + expires * 1000ull;
	}
	osip_free(aor);
	osip_free(uri);
}

static void forget_aor(struct vw_edge *e, const osip_uri_t *aor)
{
	char *s = uri_text(aor);
	struct vw_binding *b, *next;

	for (b = LIST_FIRST(&e->bindings); s && b; b = next) {
		next = LIST_NEXT(b, list);
		if (!strcmp(b->aor, s))
			vw_binding_free(e, b);
	}
	osip_free(s);
}

void vw_register_response(struct vw_edge *e, struct vw_txn *t, const struct vw_msg *m,
			  struct vw_text *contact)
{
	const osip_list_t *asked = &t->msg->osip->contacts, *got = &m->osip->contacts;

	if (m->status >= 300)
		return;
	e->stat[VW_STAT_REGISTRATIONS]++;
	for (int i = 0; !osip_list_eol(asked, i); i++) {
		const osip_contact_t *c = osip_list_get(asked, i);

		if (is_star(c))
			forget_aor(e, t->msg->osip->to->url);
		else
			settle(e, t, m, c);
	}
	for (int i = 0; !osip_list_eol(got, i); i++) {
		const osip_contact_t *c = osip_list_get(got, i);
		const char *token = uri_token(c->url);
		struct vw_binding *b = token ? find(e, token) : NULL;
		char *uri = uri_text(c->url);

		if (uri)
			put_contact(c, b ? b->contact : uri, contact);
		osip_free(uri);
	}
}

/**
 * vw_binding_of_uri - the phone behind a Request-URI of ours
 * @e: the edge
 * @trunk: who calls it; NULL: a phone
 * @uri: the URI
 *
 * By its token; where a PBX calls the bare number, by a user part that only one phone has.
 */
struct vw_binding *vw_binding_of_uri(struct vw_edge *e, const struct vw_trunk *trunk,
				     const osip_uri_t *uri)
{
	const char *token = uri_token(uri);
	struct vw_binding *b = token ? find(e, token) : NULL, *found = NULL;

	if (b)
		return b;
	if (!uri->username || !vw_edge_is_own_uri(e, uri))
		return NULL;
	LIST_FOREACH(b, &e->bindings, list) {
		const char *colon = strchr(b->contact, ':');
		size_t n = strlen(uri->username);

		if (!colon || strncmp(colon + 1, uri->username, n) || colon[1 + n] != '@')
			continue;
		/* a phone of two trunks is there twice */
		if (trunk && !vw_endpoint_same_addr(&trunk->proxy, &b->trunk->proxy))
			continue;
		if (found)
			return NULL;
		found = b;
	}
	return found;
}

struct vw_binding *vw_binding_of_contact(struct vw_edge *e, const osip_uri_t *uri)
{
	struct vw_endpoint ep;
	struct vw_binding *b;

	if (!uri->host || !vw_endpoint_parse(uri->host, strlen(uri->host), &ep))
		return NULL;
	ep.port = uri->port ? (u16)atoi(uri->port) : 5060;
	LIST_FOREACH(b, &e->bindings, list)
		if (vw_endpoint_equal(&b->addr, &ep))
			return b;
	return NULL;
}

struct vw_binding *vw_binding_of_aor(struct vw_edge *e, const osip_uri_t *uri)
{
	char *s = uri_text(uri);
	struct vw_binding *b;

	LIST_FOREACH(b, &e->bindings, list)
		if (s && !strcmp(b->aor, s))
			break;
	osip_free(s);
	return b;
}
