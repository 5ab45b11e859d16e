// SPDX-License-Identifier: GPL-2.0-or-later
#include "edge_rig.h"

const struct vw_endpoint rig_phone = { .addr = { 10, 1, 100, 11 }, .port = 5060, .family = 4 };
const struct vw_endpoint rig_hq = { .addr = { 198, 51, 100, 10 }, .port = 5060, .family = 4 };

static void set_addr(struct sockaddr_storage *ss, const char *addr)
{
	struct vw_endpoint ep = { .port = 5060 };

	assert_true(vw_endpoint_parse(addr, strlen(addr), &ep));
	vw_endpoint_to_sockaddr(&ep, ss);
}

static void on_send(void *arg, struct vw_trunk *trunk, const struct vw_endpoint *to,
		    const char *p, size_t len)
{
	struct rig *r = arg;
	struct rig_sent *s = &r->sent[r->nsent % RIG_MAX];

	free(s->text);
	s->wan = trunk;
	s->trunk = trunk;
	s->to = *to;
	s->text = strndup(p, len);
	r->nsent++;
}

static void on_save(void *arg, struct vw_call *c)
{
	struct rig *r = arg;

	json_decref(r->saved);
	r->saved = vw_call_to_json(r->e, c);
	r->saved_at = r->nsent;
	r->saves++;
}

static u64 on_now(void *arg)
{
	return ((struct rig *)arg)->now;
}

static struct vw_genl_stream *find(struct rig *r, u32 id)
{
	for (size_t i = 0; i < r->nstream; i++)
		if (r->stream[i].id == id)
			return &r->stream[i];
	return NULL;
}

/* A key that comes twice makes the same keystream twice, whatever the module counts. */
static void check_fresh(struct rig *r, const struct vw_genl_stream *s)
{
	if (!s->seal.suite)
		return;
	for (size_t i = 0; i < r->nsealed; i++)
		assert_memory_not_equal(r->sealed[i], s->seal.key, VOXWALL_KEY_LEN);
	assert_true(r->nsealed < RIG_KEYS);
	memcpy(r->sealed[r->nsealed++], s->seal.key, VOXWALL_KEY_LEN);
}

static void note_opened(struct rig *r, const struct vw_genl_crypto *open)
{
	if (open->suite)
		r->opened[r->nopened++ % RIG_MAX] = *open;
}

static int on_add(void *arg, const struct vw_genl_stream *s)
{
	struct rig *r = arg;

	if (r->fail_add)
		return r->fail_add;
	assert_null(find(r, s->id));
	/* the module refuses a second stream on one port */
	for (size_t i = 0; i < r->nstream; i++)
		assert_false(!memcmp(r->stream[i].local.addr, s->local.addr, 16) &&
			     r->stream[i].local.rtp == s->local.rtp);
	assert_true(r->nstream < RIG_MAX);
	check_fresh(r, s);
	note_opened(r, &s->open);
	r->stream[r->nstream++] = *s;
	r->added++;
	return 0;
}

static int on_set(void *arg, const struct vw_genl_stream *s, unsigned int parts)
{
	struct rig *r = arg;
	struct vw_genl_stream *old = find(r, s->id);
	struct vw_genl_crypto seal, open;

	assert_non_null(old);
	if (parts & VW_STREAM_SEAL)
		check_fresh(r, s);
	/* what isn't sent stays: the agent may not even know the key any more */
	seal = parts & VW_STREAM_SEAL ? s->seal : old->seal;
	open = parts & VW_STREAM_OPEN && s->open.use ? s->open : old->open;
	if (parts & VW_STREAM_OPEN)
		note_opened(r, &s->open);
	*old = *s;
	old->seal = seal;
	old->open = open;
	r->parts = parts;
	r->changed++;
	return 0;
}

static int on_del(void *arg, u32 id)
{
	struct rig *r = arg;
	struct vw_genl_stream *s = find(r, id);

	if (!s)
		return -ENOENT;
	*s = r->stream[--r->nstream];
	r->removed++;
	return 0;
}

static int on_idle(void *arg, u32 id, u64 *ret)
{
	struct rig *r = arg;
	struct vw_genl_stream *s = find(r, id);

	if (!s)
		return -ENOENT;
	*ret = r->idle[s->zone == VOXWALL_ZONE_WAN || s->local.rtp == r->silent];
	return 0;
}

static const char *on_error(void *arg)
{
	(void)arg;
	return "the rig said so";
}

static int on_get(void *arg, u32 id, struct vw_genl_stream *ret)
{
	struct vw_genl_stream *s = find(arg, id);

	if (!s)
		return -ENOENT;
	*ret = *s;
	return 0;
}

static const struct vw_stream_ops ops = {
	on_add, on_set, on_del, on_idle, on_error, on_get,
};

struct rig *rig_new(enum vw_media_policy media)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct vw_edge_io io = {
		.send = on_send, .now = on_now, .arg = r, .streams = &ops, .streams_arg = r,
		.save = on_save,
	};
	char err[256];

	r->now = 1000000;
	r->phone = rig_phone;
	strcpy(r->trunk.name, "hq");
	strcpy(r->trunk.uplink, "wan0");
	strcpy(r->trunk.proxy_host, "hq.example");
	set_addr(&r->trunk.proxy, "198.51.100.10");
	set_addr(&r->trunk.local, "192.0.2.2");
	r->trunk.media = media;
	r->trunk.suites[0] = VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80;
	r->trunk.nsuites = 1;
	set_addr(&r->conf.listen, "10.1.100.1");
	r->conf.rtp_min = 20000;
	r->conf.rtp_max = 20099;
	r->conf.dialog_timeout = 180;
	r->conf.media_timeout = 60;
	r->conf.trunks = &r->trunk;
	r->conf.ntrunks = 1;
	r->e = vw_edge_core_new(&r->conf, &io, err, sizeof(err));
	assert_non_null(r->e);
	/* the ping is a test of its own */
	r->e->trunk[0]->next_ping = r->now + 1000000000;
	return r;
}

struct vw_trunk *rig_add_trunk(struct rig *r, const char *name, const char *proxy,
			       const char *local)
{
	struct vw_conf_trunk conf = r->trunk;
	struct vw_edge *e = r->e;
	struct vw_trunk *t;

	snprintf(conf.name, sizeof(conf.name), "%s", name);
	snprintf(conf.proxy_host, sizeof(conf.proxy_host), "%s.example", name);
	set_addr(&conf.proxy, proxy);
	set_addr(&conf.local, local);
	t = vw_trunk_new(e, &conf);
	assert_non_null(t);
	t->next_ping = r->now + 1000000000;
	e->trunk = realloc(e->trunk, (e->ntrunk + 1) * sizeof(*e->trunk));
	e->trunk[e->ntrunk++] = t;
	return t;
}

void rig_free(struct rig *r)
{
	vw_edge_core_free(r->e);
	for (size_t i = 0; i < RIG_MAX; i++)
		free(r->sent[i].text);
	json_decref(r->saved);
	free(r);
}

static char *crlf(const char *s)
{
	char *out = malloc(2 * strlen(s) + 1), *q = out;

	for (; *s; s++) {
		if (*s == '\n')
			*q++ = '\r';
		*q++ = *s;
	}
	*q = '\0';
	return out;
}

static void say(struct rig *r, struct vw_trunk *trunk, const struct vw_endpoint *src,
		const char *body, const char *fmt, va_list ap)
{
	char head[8192], *h, *b = crlf(body ? body : ""), *msg;

	vsnprintf(head, sizeof(head), fmt, ap);
	h = crlf(head);
	if (asprintf(&msg, "%s%sContent-Length: %zu\r\n\r\n%s", h,
		     body && !strstr(h, "Content-Type: ") ? "Content-Type: application/sdp\r\n" : "",
		     strlen(b), b) < 0)
		abort();
	vw_edge_input(r->e, trunk, src, msg, strlen(msg));
	free(h);
	free(b);
	free(msg);
}

void rig_phone_says(struct rig *r, const char *body, const char *head, ...)
{
	va_list ap;

	va_start(ap, head);
	say(r, NULL, &r->phone, body, head, ap);
	va_end(ap);
}

void rig_hq_says(struct rig *r, const char *body, const char *head, ...)
{
	va_list ap;

	va_start(ap, head);
	say(r, r->e->trunk[r->at], &r->e->trunk[r->at]->proxy, body, head, ap);
	va_end(ap);
}

const char *rig_next(struct rig *r, bool wan)
{
	struct rig_sent *s;

	assert_true(r->nread < r->nsent);
	s = &r->sent[r->nread++ % RIG_MAX];
	if (s->wan != wan)
		print_error("went to the wrong side:\n%s\n", s->text);
	assert_int_equal(s->wan, wan);
	return s->text;
}

void rig_silence(struct rig *r)
{
	if (r->nread != r->nsent)
		print_error("unexpected:\n%s\n", r->sent[r->nread % RIG_MAX].text);
	assert_int_equal(r->nread, r->nsent);
}

void rig_wait(struct rig *r, u64 ms)
{
	for (u64 end = r->now + ms; r->now < end;) {
		r->now += 100;
		vw_edge_tick(r->e);
	}
}

char *rig_header(const char *text, const char *name)
{
	static char buf[8][1024];
	static int at;
	char *b = buf[at++ % 8], find_it[64];
	const char *p;

	snprintf(find_it, sizeof(find_it), "\r\n%s: ", name);
	p = strstr(text, find_it);
	if (!p)
		return NULL;
	p += strlen(find_it);
	snprintf(b, 1024, "%.*s", (int)strcspn(p, "\r"), p);
	return b;
}

const char *rig_body(const char *text)
{
	const char *p = strstr(text, "\r\n\r\n");

	return p ? p + 4 : "";
}

struct vw_genl_stream *rig_stream(struct rig *r, u8 zone)
{
	for (size_t i = 0; i < r->nstream; i++)
		if (r->stream[i].zone == zone)
			return &r->stream[i];
	return NULL;
}

void rig_idle(struct rig *r, u8 zone)
{
	struct vw_call *c = LIST_FIRST(&r->e->calls);
	u32 id = rig_stream(r, zone)->id;

	on_del(r, id);
	for (int i = 0; i < VW_SDP_MAX_MEDIA; i++)
		for (int s = 0; s < VW_SIDES; s++)
			if (c->streams.dir[i][s].id == id)
				memset(&c->streams.dir[i][s], 0, sizeof(c->streams.dir[i][s]));
}

unsigned int rig_port(const char *text)
{
	const char *p = strstr(text, "m=audio ");

	return p ? (unsigned int)atoi(p + 8) : 0;
}

char *rig_key(const char *text)
{
	static char buf[4][128];
	static int at;
	char *b = buf[at++ % 4];
	const char *p = strstr(text, "inline:");

	if (!p)
		return NULL;
	snprintf(b, 128, "%.*s", (int)strcspn(p + 7, "\r|"), p + 7);
	return b;
}
