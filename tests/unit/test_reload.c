// SPDX-License-Identifier: GPL-2.0-or-later
/* An edge on loopback: what it finds at its start, and another configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <event2/event.h>
#include <errno.h>

#include "../../agent/log.h"
#include "../../agent/loop.h"
#include "../../agent/sip/trunk.h"
#include "../../agent/state.h"

/* ---- no module, no file, counted configurations ---- */

static unsigned int deleted, limited, nstreams;
static int load_err = -ENOENT;

#pragma GCC diagnostic ignored "-Wunused-parameter"
int vw_genl_stream_new(struct vw_genl *g, const struct vw_genl_stream *s) { return 0; }
int vw_genl_stream_del(struct vw_genl *g, u32 id) { deleted++; return 0; }
int vw_genl_stream_get(struct vw_genl *g, u32 id, struct vw_genl_stream *ret) { return -ENOENT; }
const char *vw_genl_error(const struct vw_genl *g) { return ""; }
ssize_t vw_state_append(const char *path, json_t *root) { return 0; }
int vw_state_lines(const char *path, void (*cb)(json_t *root, void *arg), void *arg) { return 0; }
int vw_state_save(const char *path, json_t *root) { return 0; }

int vw_state_load(const char *path, json_t **ret)
{
	*ret = load_err ? NULL : json_pack("{s:i}", "version", 99);
	return load_err;
}

int vw_genl_stream_set(struct vw_genl *g, const struct vw_genl_stream *s, unsigned int parts)
{
	assert_int_equal(s->id, 7);
	assert_int_equal(s->timeout_ms, 60000);
	assert_int_equal(parts, VW_STREAM_TIMEOUT);
	limited++;
	return 0;
}

int vw_genl_stream_dump(struct vw_genl *g, int (*cb)(const struct vw_genl_stream *, void *),
			void *arg)
{
	struct vw_genl_stream s = { .id = 7 };

	for (; nstreams && s.id < 7 + nstreams; s.id++) {
		cb(&s, arg);
		s.timeout_ms = 30000;
	}
	return 0;
}

struct vw_conf *vw_conf_get(struct vw_conf *c)
{
	c->refs++;
	return c;
}

void vw_conf_put(struct vw_conf *c)
{
	if (c)
		c->refs--;
}

/* ---- the rig ---- */

static struct vw_conf_trunk trunks[4];
static struct vw_conf old, new;
static struct vw_loop *loop;
static struct vw_edge *edge;
static char said[512];

static void on_log(enum vw_log_level level, const char *text, void *arg)
{
	if (level == VW_LOG_ERR)
		snprintf(said, sizeof(said), "%s", text);
}

static void set_addr(struct sockaddr_storage *ss, const char *addr, u16 port)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ss;

	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	inet_pton(AF_INET, addr, &in->sin_addr);
}

static void set_trunk(struct vw_conf_trunk *t, const char *name, const char *proxy,
		      const char *local)
{
	memset(t, 0, sizeof(*t));
	snprintf(t->name, sizeof(t->name), "%s", name);
	set_addr(&t->proxy, proxy, 5060);
	set_addr(&t->local, local, 35061);
	t->suites[0] = VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80;
	t->nsuites = 1;
}

static int setup(void **state)
{
	char err[256] = "";

	(void)state;
	set_trunk(&trunks[0], "hq", "127.0.0.10", "127.0.0.2");
	set_trunk(&trunks[1], "hq", "127.0.0.10", "127.0.0.2");
	set_trunk(&trunks[2], "lab", "127.0.0.11", "127.0.0.3");
	set_trunk(&trunks[3], "bad", "127.0.0.12", "127.0.0.5");
	memset(&old, 0, sizeof(old));
	set_addr(&old.listen, "127.0.0.1", 35060);
	strcpy(old.listen_dev, "lo");
	old.rtp_min = 35100;
	old.rtp_max = 35119;
	old.dialog_timeout = 180;
	old.media_timeout = 60;
	old.policy.dscp_sip = 24;
	old.trunks = &trunks[0];
	old.ntrunks = 1;
	old.refs = 1;
	new = old;
	new.trunks = &trunks[1];
	said[0] = '\0';
	vw_log_tap(on_log, NULL);
	loop = vw_loop_new();
	edge = vw_edge_new(loop, &old, NULL, err, sizeof(err));
	if (!edge)
		print_error("%s\n", err);
	return !edge;
}

static int teardown(void **state)
{
	(void)state;
	vw_edge_free(edge);
	vw_loop_free(loop);
	vw_log_tap(NULL, NULL);
	assert_int_equal(old.refs, 1);
	assert_int_equal(new.refs, 1);
	return 0;
}

/* A datagram to a trunk's socket, which is heard before this returns. */
static void say(const char *from, const char *to, const char *text)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage ss;
	u64 received = edge->stat[VW_STAT_RECEIVED];

	memset(&ss, 0, sizeof(ss));
	set_addr(&ss, from, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&ss, sizeof(struct sockaddr_in)), 0);
	set_addr(&ss, to, 35061);
	sendto(fd, text, strlen(text), 0, (struct sockaddr *)&ss, sizeof(struct sockaddr_in));
	for (int i = 0; i < 3 && edge->stat[VW_STAT_RECEIVED] == received; i++)
		event_base_loop(vw_loop_base(loop), EVLOOP_ONCE);
	close(fd);
}

/* ---- tests ---- */

static void refused(int code)
{
	assert_int_equal(vw_edge_reload(edge, &new), code);
	assert_string_not_equal(said, "");
	assert_ptr_equal(edge->conf, &old);
	assert_int_equal(edge->ntrunk, 1);
	assert_false(edge->trunk[0]->gone);
	assert_int_equal(edge->trunk[0]->conf.media, VW_MEDIA_SRTP);
	said[0] = '\0';
}

/* Phones know where the gateway listens; a call has its ports. */
static void test_what_stays_until_a_restart(void **state)
{
	const struct vw_conf same = new;

	(void)state;
	trunks[1].media = VW_MEDIA_RTP;
	set_addr(&new.listen, "127.0.0.1", 35062);
	refused(-EBUSY);
	new = same;
	set_addr(&new.listen, "127.0.0.4", 35060);
	refused(-EBUSY);
	new = same;
	strcpy(new.listen_dev, "lo2");
	refused(-EBUSY);
	new = same;
	new.rtp_min = 35102;
	refused(-EBUSY);
	new = same;
	new.rtp_max = 35121;
	refused(-EBUSY);
	new = same;
	new.policy.dscp_sip = 26;
	refused(-EBUSY);
	new = same;
}

static void test_a_trunk_changes(void **state)
{
	(void)state;
	trunks[1].media = VW_MEDIA_SRTP_PREFERRED;
	new.media_timeout = 30;
	assert_int_equal(vw_edge_reload(edge, &new), 0);
	assert_string_equal(said, "");
	assert_ptr_equal(edge->conf, &new);
	assert_int_equal(edge->ntrunk, 1);
	assert_int_equal(edge->trunk[0]->conf.media, VW_MEDIA_SRTP_PREFERRED);
}

/* One that has gone stays for its calls, and comes back as itself. */
static void test_trunks_come_and_go(void **state)
{
	struct vw_trunk *hq = edge->trunk[0];

	(void)state;
	new.trunks = &trunks[2];
	assert_int_equal(vw_edge_reload(edge, &new), 0);
	assert_int_equal(edge->ntrunk, 2);
	assert_ptr_equal(edge->trunk[0], hq);
	assert_true(hq->gone);
	assert_false(edge->trunk[1]->gone);
	assert_non_null(edge->trunk[1]->sock);
	assert_int_equal(vw_edge_reload(edge, &old), 0);
	assert_int_equal(edge->ntrunk, 2);
	assert_false(hq->gone);
	assert_true(edge->trunk[1]->gone);
}

/* It is freed when nothing needs it, and its socket goes to one that shares it. */
static void test_trunks_end(void **state)
{
	struct vw_conf_trunk moved = trunks[0];
	struct vw_trunk *hq = edge->trunk[0];
	void *sock = hq->sock;
	struct vw_call *c = vw_call_add(edge, VW_VOICE, hq, "c", "t");

	(void)state;
	set_addr(&moved.proxy, "127.0.0.13", 5060);
	new.trunks = &moved;
	assert_int_equal(vw_edge_reload(edge, &new), 0);
	assert_int_equal(edge->ntrunk, 2);
	assert_ptr_equal(edge->trunk[1]->sock, sock);
	assert_true(edge->trunk[1]->sock_shared);
	vw_trunks_sweep(edge);
	assert_int_equal(edge->ntrunk, 2);
	vw_call_free(edge, c);
	vw_trunks_sweep(edge);
	assert_int_equal(edge->ntrunk, 1);
	assert_false(edge->trunk[0]->gone);
	assert_ptr_equal(edge->trunk[0]->sock, sock);
	assert_false(edge->trunk[0]->sock_shared);
	/* and it still hears; the trunk that opened it is no more */
	say("127.0.0.13", "127.0.0.2", "\r\n\r\n");
	assert_int_equal(edge->stat[VW_STAT_KEEPALIVE], 1);
	/* one that nobody shares takes its socket along */
	new.trunks = &trunks[2];
	assert_int_equal(vw_edge_reload(edge, &new), 0);
	vw_trunks_sweep(edge);
	assert_int_equal(edge->ntrunk, 1);
	say("127.0.0.13", "127.0.0.2", "\r\n\r\n");
	assert_int_equal(edge->stat[VW_STAT_KEEPALIVE], 1);
}

/* The first new trunk is opened, the second one can't be: neither stays. */
static void test_a_trunk_that_cannot_be(void **state)
{
	struct vw_conf_trunk list[2] = { trunks[2], trunks[3] };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	/* somebody else has its address */
	assert_int_equal(bind(fd, (struct sockaddr *)&list[1].local, sizeof(struct sockaddr_in)),
			 0);
	new.trunks = list;
	new.ntrunks = 2;
	refused(-EADDRNOTAVAIL);
	close(fd);
}

/* Streams that no call owns go, unless it can't be told who owns which. */
static void test_orphans(void **state)
{
	static const struct {
		int load_err;
		unsigned int deleted, limited;
	} rows[] = {
		{ -ENOENT, 3, 0 },
		{ -E2BIG, 0, 1 },
		{ -EPERM, 0, 1 },
		{ -EBADMSG, 0, 1 },
		/* of another version */
		{ 0, 0, 1 },
	};
	char err[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		vw_edge_free(edge);
		load_err = rows[i].load_err;
		nstreams = 3;
		deleted = limited = 0;
		edge = vw_edge_new(loop, &old, NULL, err, sizeof(err));
		assert_non_null(edge);
		assert_int_equal(deleted, rows[i].deleted);
		assert_int_equal(limited, rows[i].limited);
		nstreams = 0;
	}
	load_err = -ENOENT;
}

/* 0 is no stream: a call that has none isn't ended by it. */
static void test_event_without_a_stream(void **state)
{
	struct vw_genl_event ev = { .type = VOXWALL_EVENT_STREAM_IDLE };

	(void)state;
	assert_non_null(vw_call_add(edge, VW_VOICE, edge->trunk[0], "c", "t"));
	vw_edge_event(edge, &ev);
	assert_int_equal(edge->ncall, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_orphans, setup, teardown),
		cmocka_unit_test_setup_teardown(test_event_without_a_stream, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_stays_until_a_restart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_trunk_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_trunks_come_and_go, setup, teardown),
		cmocka_unit_test_setup_teardown(test_trunks_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_trunk_that_cannot_be, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
