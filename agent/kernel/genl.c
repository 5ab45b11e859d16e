// SPDX-License-Identifier: GPL-2.0-or-later
/* The socket to the module: connecting, asking, and the sentences of refusals. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "genl_priv.h"

#define ANSWER_SECONDS	5	/* the kernel answers at once or not at all */
#define RCVBUF		(1 << 20)
#define TORN_RETRIES	8
#define MAX_ANSWERS	(2 * VOXWALL_MAX_STREAMS)

/* For vw_genl_error(NULL): why there is no socket. */
static __thread char open_text[VW_GENL_TEXT];

const char *vw_genl_error(const struct vw_genl *g)
{
	return g ? g->text : open_text;
}

static const char *errno_text(int err)
{
	switch (-err) {
	case EPERM:
	case EACCES:
		return "this needs root (CAP_NET_ADMIN)";
	case ENODEV:
		return "there is no such interface";
	case ENOENT:
		return "there is no such object";
	case ENOBUFS:
	case ENOMEM:
		return "out of memory";
	case EAGAIN:
		return "the module did not answer in time";
	}
	return strerror(-err);
}

static int fail(struct vw_genl *g, int err)
{
	snprintf(g->text, sizeof(g->text), "%s", errno_text(err));
	return err;
}

/* libnl folds errno into codes of its own; this goes back as far as it can. */
static int nl_errno(int nlerr)
{
	switch (-nlerr) {
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_AF_NOSUPPORT:
		return -EAFNOSUPPORT;
	case NLE_MSGSIZE:
		return -EMSGSIZE;
	}
	return -EIO;
}

/*
 * The extended ACK: attributes behind the error and, unless NETLINK_CAP_ACK
 * has cut it off, behind the request that the kernel sends back.
 */
static void take_tlvs(struct vw_genl *g, struct nlattr *first, int len)
{
	struct nlattr *msg = nla_find(first, len, NLMSGERR_ATTR_MSG);

	if (!msg || nla_len(msg) <= 0)
		return;
	snprintf(g->text, sizeof(g->text), "%.*s",
		 (int)strnlen(nla_data(msg), (size_t)nla_len(msg)), (char *)nla_data(msg));
}

static void take_refusal(struct vw_genl *g, const struct nlmsghdr *h, size_t fixed, int err)
{
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);

	fail(g, err);
	g->err = err;
	if ((h->nlmsg_flags & NLM_F_ACK_TLVS) && h->nlmsg_len > skip)
		take_tlvs(g, (struct nlattr *)((char *)h + skip), (int)(h->nlmsg_len - skip));
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	/* libnl hands over the payload only; the header lies right before it */
	const struct nlmsghdr *h = (const void *)((char *)e - NLMSG_HDRLEN);
	struct vw_genl *g = arg;
	size_t fixed = sizeof(*e);

	(void)from;
	if (h->nlmsg_seq != g->seq)
		return NL_SKIP;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		fixed += e->msg.nlmsg_len - NLMSG_HDRLEN;
	take_refusal(g, h, fixed, e->error);
	g->done = true;
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct vw_genl *g = arg;

	(void)msg;
	g->done = true;
	return NL_STOP;
}

/* The end of a dump; it may carry an error of its own. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	const struct nlmsghdr *h = nlmsg_hdr(msg);
	struct vw_genl *g = arg;
	int err = 0;

	if (h->nlmsg_len >= NLMSG_HDRLEN + sizeof(err))
		memcpy(&err, nlmsg_data(h), sizeof(err));
	if (err < 0)
		take_refusal(g, h, sizeof(err), err);
	g->done = true;
	return NL_STOP;
}

/* What belongs to an earlier, abandoned request is not ours. */
static int on_seq(struct nl_msg *msg, void *arg)
{
	struct vw_genl *g = arg;

	return nlmsg_hdr(msg)->nlmsg_seq == g->seq ? NL_OK : NL_SKIP;
}

static int on_torn(struct nl_msg *msg, void *arg)
{
	struct vw_genl *g = arg;

	(void)msg;
	g->torn = true;
	return NL_OK;
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct vw_genl *g = arg;
	struct nl_msg **more;

	if (nlmsg_hdr(msg)->nlmsg_flags & NLM_F_DUMP_INTR)
		g->torn = true;
	if (g->ngot == g->room) {
		size_t room = g->room ? 2 * g->room : 64;

		more = room > MAX_ANSWERS ? NULL : realloc(g->got, room * sizeof(*more));
		if (!more) {
			g->err = fail(g, -ENOMEM);
			return NL_SKIP;
		}
		g->got = more;
		g->room = room;
	}
	nlmsg_get(msg);
	g->got[g->ngot++] = msg;
	return NL_OK;
}

static void forget_answers(struct vw_genl *g)
{
	while (g->ngot)
		nlmsg_free(g->got[--g->ngot]);
}

static void set_option(struct nl_sock *sk, int option)
{
	int on = 1;

	/* a kernel that knows it not answers without a sentence, no more */
	(void)setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, option, &on, sizeof(on));
}

static int set_callbacks(struct vw_genl *g)
{
	g->cb = nl_cb_alloc(NL_CB_DEFAULT);
	if (!g->cb)
		return -ENOMEM;
	nl_cb_err(g->cb, NL_CB_CUSTOM, on_error, g);
	nl_cb_set(g->cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, g);
	nl_cb_set(g->cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, g);
	nl_cb_set(g->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_seq, g);
	nl_cb_set(g->cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_torn, g);
	nl_cb_set(g->cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, g);
	return 0;
}

/* For vw_genl_error(NULL), since the caller gets no socket. */
int vw_genl_refuse(struct vw_genl *g, int err, const char *text)
{
	snprintf(open_text, sizeof(open_text), "%s", text);
	vw_genl_close(g);
	return err;
}

/* Socket and family; the events' socket builds on it too. */
int vw_genl_connect(struct vw_genl **ret)
{
	struct timeval wait = { .tv_sec = ANSWER_SECONDS };
	struct vw_genl *g = calloc(1, sizeof(*g));
	int err;

	if (!g)
		return vw_genl_refuse(NULL, -ENOMEM, errno_text(-ENOMEM));
	g->sk = nl_socket_alloc();
	if (!g->sk || set_callbacks(g))
		return vw_genl_refuse(g, -ENOMEM, errno_text(-ENOMEM));
	err = genl_connect(g->sk);
	if (err)
		return vw_genl_refuse(g, nl_errno(err), nl_geterror(err));
	/* Also: the kernel must not send a refused request back, it may hold keys. */
	set_option(g->sk, NETLINK_CAP_ACK);
	set_option(g->sk, NETLINK_EXT_ACK);
	(void)nl_socket_set_buffer_size(g->sk, RCVBUF, 0);
	(void)setsockopt(nl_socket_get_fd(g->sk), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	g->family = genl_ctrl_resolve(g->sk, VOXWALL_GENL_NAME);
	if (g->family < 0)
		return vw_genl_refuse(g, -ENOENT, VW_GENL_ABSENT);
	*ret = g;
	return 0;
}

int vw_genl_open(struct vw_genl **ret)
{
	return vw_genl_connect(ret);
}

void vw_genl_close(struct vw_genl *g)
{
	if (!g)
		return;
	forget_answers(g);
	free(g->got);
	nl_cb_put(g->cb);
	nl_socket_free(g->sk);
	free(g);
}

struct nl_msg *vw_genl_request(struct vw_genl *g, u8 cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, g->family, 0,
				 NLM_F_REQUEST | flags, cmd, VOXWALL_GENL_VERSION)) {
		nlmsg_free(msg);
		fail(g, -ENOMEM);
		return NULL;
	}
	return msg;
}

struct nlattr *vw_genl_nest(struct nl_msg *msg, int type)
{
	return nla_nest_start(msg, type | NLA_F_NESTED);
}

/* Requests may hold keys: nothing of them stays on the heap. */
static void burn(struct nl_msg *msg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);

	explicit_bzero(h, h->nlmsg_len);
	nlmsg_free(msg);
}

int vw_genl_overflow(struct vw_genl *g, struct nl_msg *msg)
{
	burn(msg);
	return fail(g, -EMSGSIZE);
}

static int receive(struct vw_genl *g)
{
	int err;

	while (!g->done) {
		err = nl_recvmsgs(g->sk, g->cb);
		if (err < 0 && !g->done && err != -NLE_DUMP_INTR)
			return fail(g, nl_errno(err));
	}
	return g->err;
}

static int exchange(struct vw_genl *g, struct nl_msg *msg)
{
	int err;

	forget_answers(g);
	g->done = false;
	g->torn = false;
	g->err = 0;
	nl_complete_msg(g->sk, msg);
	g->seq = nlmsg_hdr(msg)->nlmsg_seq;
	err = nl_send(g->sk, msg);
	if (err < 0)
		return fail(g, nl_errno(err));
	return receive(g);
}

int vw_genl_do(struct vw_genl *g, struct nl_msg *msg)
{
	int err;

	nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_ACK;
	err = exchange(g, msg);
	burn(msg);
	return err;
}

/* A dump that the table outran is begun again, so that no object is missed. */
static int exchange_whole(struct vw_genl *g, struct nl_msg *msg)
{
	int err, tries = 0;

	do {
		nlmsg_hdr(msg)->nlmsg_seq = NL_AUTO_SEQ;
		err = exchange(g, msg);
	} while (!err && g->torn && ++tries < TORN_RETRIES);
	return err;
}

/*
 * The answers are taken aside first: @cb may use the same socket, and an answer
 * that was torn has not been shown to it yet.
 */
static int show(struct nl_msg **got, size_t n, int nest, vw_genl_nest_cb cb, void *arg)
{
	struct nlattr *a;
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		a = nlmsg_find_attr(nlmsg_hdr(got[i]), GENL_HDRLEN, nest);
		if (a)
			err = cb(a, arg);
	}
	for (size_t i = 0; i < n; i++)
		nlmsg_free(got[i]);
	free(got);
	return err;
}

int vw_genl_ask(struct vw_genl *g, struct nl_msg *msg, int nest, vw_genl_nest_cb cb, void *arg)
{
	struct nl_msg **got;
	size_t n;
	int err;

	if (!(nlmsg_hdr(msg)->nlmsg_flags & NLM_F_DUMP))
		nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_ACK;
	err = exchange_whole(g, msg);
	burn(msg);
	if (err)
		return err;
	got = g->got;
	n = g->ngot;
	g->got = NULL;
	g->ngot = 0;
	g->room = 0;
	return show(got, n, nest, cb, arg);
}
