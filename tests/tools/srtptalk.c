// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/*
 * srtptalk: a call that goes on while a test changes what lies under it.
 *
 *   srtptalk [--lan 4|6] [--wan 4|6] [--mux] [--suite NAME] [--relay] [--stack]
 *            [--uplink DEV]
 *
 * makes the two streams of srtprig.h and takes orders, one a line; each is answered by
 * "ok" or by what went wrong. --relay: RTP in clear on both sides;
 * --stack: through the stack's output.
 *
 *   size N           bytes of payload from now on (160)
 *   out N, in N, both N   packets that have to arrive as they were sent, and be counted
 *   rtcp             a report each way
 *   none             one packet each way, of which none may arrive; none-out, none-in
 *   forged           from the head office: a bad tag, and clear RTP; neither may arrive
 *   segments         20 packets each way, glued together by the sender; segments-out
 *   paged            a packet each way that lies in pages of its own
 *   tapped N         N each way, while packet sockets on the gateway hold copies of all
 *   glued N          the same, where GRO has to glue some together
 *   pass N           40 RTP packets of a PC that the gateway forwards, of which all leave
 *                    with DSCP N; 0: with any. pass-glued N: when GRO has glued them
 *   encap            both ends take ESP in UDP from now on, on port 4500
 *   guard DEV        an uplink, as the agent makes it one when the device comes
 *   refused          how many packets the streams have refused
 */
#include <netinet/udp.h>

#include "srtpcall.h"
#include "srtptap.h"

#define SEGMENTS	20

/**
 * struct way - one direction of the call
 * @from: where it is sent
 * @to: where it has to arrive
 * @wire: protects what is sent; NULL: nothing does
 * @open: opens what arrives; NULL: it arrives in clear
 * @id: the stream
 * @seq: of the next packet
 */
struct way {
	int from;
	int to;
	srtp_t wire;
	srtp_t open;
	u32 id;
	u16 seq;
};

static struct way out_way = { .id = SEAL_ID, .seq = 1 }, in_way = { .id = OPEN_ID, .seq = 65500 };
static size_t size = 160;
static bool relay;
static char answer[256];

__attribute__((format(printf, 1, 2)))
static bool wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(answer, sizeof(answer), format, args);
	va_end(args);
	return false;
}

/* ---- packets ---- */

/**
 * struct packet - as its end speaks it, and as it is on the wire there
 */
struct packet {
	u8 plain[65536], wire[65536];
	size_t plain_len, wire_len;
};

static void seal(struct packet *p, srtp_t by, bool rtcp)
{
	int len = (int)p->plain_len;

	memcpy(p->wire, p->plain, p->plain_len);
	if (by && (rtcp ? rig_protect_rtcp : rig_protect)(by, p->wire, &len))
		die("libsrtp2 doesn't seal");
	p->wire_len = (size_t)len;
}

static void packet_make(struct way *w, struct packet *p)
{
	p->plain_len = rig_rtp(p->plain, SSRC, w->seq++, size);
	seal(p, w->wire, false);
}

static void drain(int fd)
{
	static u8 b[65536];

	while (recv(fd, b, sizeof(b), MSG_DONTWAIT) >= 0)
		;
}

/* What the other end gets must be what was sent; the wire's bytes stay in @ret. */
static bool arrives(const struct way *w, const struct packet *p, bool rtcp, u8 *ret, size_t *ret_len)
{
	static u8 got[65536];
	ssize_t n = rig_recv_into(w->to, got, sizeof(got), 3000);
	int len = (int)n;

	if (n < 0)
		return wrong("%s: nothing came", w == &out_way ? "out" : "in");
	if (ret) {
		memcpy(ret, got, (size_t)n);
		*ret_len = (size_t)n;
	}
	if (w->open && (rtcp ? rig_unprotect_rtcp : rig_unprotect)(w->open, got, &len))
		return wrong("%zd bytes came that libsrtp2 doesn't open", n);
	if ((size_t)len != p->plain_len || memcmp(got, p->plain, p->plain_len))
		return wrong("%d bytes came, not the %zu that were sent", len, p->plain_len);
	return true;
}

static bool transmit(const struct way *w, const struct packet *p)
{
	if (send(w->from, p->wire, p->wire_len, 0) != (ssize_t)p->wire_len)
		return wrong("send %zu bytes: %s", p->wire_len, strerror(errno));
	return true;
}

static bool carry(struct way *w, int n)
{
	struct vw_genl_stream before = rig_stream(&rig, w->id), after;
	static struct packet p;
	int i;

	drain(w->to);
	for (i = 0; i < n; i++) {
		packet_make(w, &p);
		if (!transmit(w, &p) || !arrives(w, &p, false, NULL, NULL))
			return false;
	}
	after = rig_stream(&rig, w->id);
	if (after.packets != before.packets + (u64)n || after.dropped != before.dropped)
		return wrong("%d packets are counted as %d, with %d refused", n,
			     (int)(after.packets - before.packets),
			     (int)(after.dropped - before.dropped));
	return true;
}

static bool report(struct way *w, bool in)
{
	struct way r = *w;
	static struct packet p;

	r.from = in ? rig.hq[1] : rig.phone[1];
	r.to = in ? rig.phone[1] : rig.hq[1];
	drain(r.to);
	p.plain_len = rig_rtcp(p.plain, SSRC, 12);
	seal(&p, r.wire, true);
	return transmit(&r, &p) && arrives(&r, &p, true, NULL, NULL);
}

static bool is_silent(const struct way *w, const char *what)
{
	u8 got[PACKET_MAX];
	ssize_t n = rig_recv(w->to, got, 200);

	return n < 0 || wrong("%s: %zd bytes got through", what, n);
}

static bool vanish(struct way *w, const char *what)
{
	static struct packet p;

	drain(w->to);
	packet_make(w, &p);
	/* The sender's own routing may refuse it, which is as good. */
	if (send(w->from, p.wire, p.wire_len, 0) < 0)
		return true;
	return is_silent(w, what);
}

static bool forge(void)
{
	static struct packet p;

	drain(in_way.to);
	packet_make(&in_way, &p);
	p.wire[p.wire_len - 1] ^= 1;
	rig_send(in_way.from, p.wire, p.wire_len);
	rig_send(in_way.from, p.plain, p.plain_len);
	return is_silent(&in_way, "a forged packet, or a clear one");
}

/* ---- segments and pages ---- */

static bool segments(struct way *w)
{
	static struct packet all[SEGMENTS];
	static u8 glued[SEGMENTS * PACKET_MAX];
	size_t at = 0;
	int i, off = 0, each;
	bool good = true;

	drain(w->to);
	for (i = 0; i < SEGMENTS; i++) {
		packet_make(w, &all[i]);
		memcpy(glued + at, all[i].wire, all[i].wire_len);
		at += all[i].wire_len;
	}
	each = (int)all[0].wire_len;
	if (setsockopt(w->from, SOL_UDP, UDP_SEGMENT, &each, sizeof(each)))
		return wrong("UDP_SEGMENT: %s", strerror(errno));
	good = send(w->from, glued, at, 0) == (ssize_t)at || wrong("send: %s", strerror(errno));
	setsockopt(w->from, SOL_UDP, UDP_SEGMENT, &off, sizeof(off));
	for (i = 0; good && i < SEGMENTS; i++)
		good = arrives(w, &all[i], false, NULL, NULL);
	return good;
}

/* splice() hands the pipe's pages to the socket; two of them make two fragments. */
static bool paged(struct way *w)
{
	static struct packet p;
	size_t head = 50;
	int fd[2];
	bool good;

	drain(w->to);
	packet_make(w, &p);
	if (pipe(fd))
		return wrong("pipe: %s", strerror(errno));
	good = write(fd[1], p.wire, head) == (ssize_t)head &&
	       splice(fd[0], NULL, w->from, NULL, head, SPLICE_F_MORE) == (ssize_t)head &&
	       write(fd[1], p.wire + head, p.wire_len - head) == (ssize_t)(p.wire_len - head) &&
	       splice(fd[0], NULL, w->from, NULL, p.wire_len - head, 0) ==
	       (ssize_t)(p.wire_len - head);
	close(fd[0]);
	close(fd[1]);
	return good ? arrives(w, &p, false, NULL, NULL) : wrong("splice: %s", strerror(errno));
}

/* ---- taps ---- */

static bool same(const struct wire *a, const struct wire *b, const char *what)
{
	int i;

	if (a->n != b->n)
		return wrong("%s: %d packets seen, %d sent", what, a->n, b->n);
	for (i = 0; i < a->n; i++)
		if (a->len[i] != b->len[i] || memcmp(a->b[i], b->b[i], a->len[i]))
			return wrong("%s: packet %d isn't what was sent", what, i);
	return true;
}

static bool tapped_way(struct way *w, const char *from, const char *to, int n, bool glued)
{
	static struct packet p[TAP_BATCH];
	static struct wire sent, got, came, left, other;
	int tap[2] = { tap_open(from), tap_open(to) }, i;
	bool good = true;
	u8 wire[65536];
	size_t len;

	sent.n = got.n = came.n = left.n = other.n = 0;
	drain(w->to);
	for (i = 0; good && i < n; i++) {
		packet_make(w, &p[i]);
		wire_add(&sent, p[i].wire, p[i].wire_len);
		good = transmit(w, &p[i]);
	}
	for (i = 0; good && i < n; i++) {
		good = arrives(w, &p[i], false, wire, &len);
		if (good)
			wire_add(&got, wire, len);
	}
	if (glued)
		good = good && (tap_is_glued(tap[0], sent.len[0]) ||
				wrong("nothing was glued together"));
	else
		tap_read(tap[0], &came, &other);
	tap_read(tap[1], &other, &left);
	close(tap[0]);
	close(tap[1]);
	return good && (glued || same(&came, &sent, "the tap where it came in")) &&
	       same(&left, &got, "the tap where it left");
}

/* ---- what is only passed through ---- */

#define PC	"10.1.10.11"
#define PASSED	40

static int pass_socket(const char *netns, const char *address)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(30000) };
	int fd, on = 1;

	rig_enter(netns);
	inet_pton(AF_INET, address, &addr.sin_addr);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on)))
		die("socket in %s: %s", netns, strerror(errno));
	inet_pton(AF_INET, rig_addr[HQ][0], &addr.sin_addr);
	if (!strcmp(netns, "phone") && connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("connect: %s", strerror(errno));
	return fd;
}

static bool passed(int fd, const struct packet *p, u8 dscp)
{
	union { char b[64]; struct cmsghdr align; } control;
	u8 b[PACKET_MAX];
	struct iovec iov = { b, sizeof(b) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct cmsghdr *c;
	ssize_t n;

	if (poll(&pfd, 1, 3000) != 1)
		return wrong("nothing came");
	n = recvmsg(fd, &msg, 0);
	if (n != (ssize_t)p->plain_len || memcmp(b, p->plain, p->plain_len))
		return wrong("%zd bytes came, and not what was sent", n);
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS && dscp &&
		    *CMSG_DATA(c) >> 2 != dscp)
			return wrong("one came with DSCP %d", *CMSG_DATA(c) >> 2);
	return true;
}

static bool pass(u8 dscp, bool glued)
{
	static struct packet p[PASSED];
	static int fd[2];
	static u16 seq;
	bool good = true;
	int i, tap;

	if (!fd[0]) {
		fd[0] = pass_socket("phone", PC);
		fd[1] = pass_socket("hq", rig_addr[HQ][0]);
	}
	drain(fd[1]);
	tap = tap_open("lan0");
	for (i = 0; i < PASSED; i++) {
		p[i].plain_len = rig_rtp(p[i].plain, SSRC, seq++, 160);
		rig_send(fd[0], p[i].plain, p[i].plain_len);
	}
	for (i = 0; good && i < PASSED; i++)
		good = passed(fd[1], &p[i], dscp);
	if (good && glued && !tap_is_glued(tap, 172))
		good = wrong("nothing was glued together");
	close(tap);
	return good;
}

/* ---- ESP in UDP ---- */

#define NATT	4500

/* The sockets of the key daemons, which hand it to IPsec. */
static bool encap(void)
{
	int type = UDP_ENCAP_ESPINUDP, fd, i;

	for (i = 0; i < 2; i++) {
		fd = i ? rig_socket("hq", rig.wan, HQ, NATT, WAN, 0) :
			 rig_socket("gw", rig.wan, WAN, NATT, HQ, 0);
		if (setsockopt(fd, SOL_UDP, UDP_ENCAP, &type, sizeof(type)))
			return wrong("UDP_ENCAP: %s", strerror(errno));
	}
	return true;
}

/* ---- orders ---- */

static bool obey(const char *order, const char *word)
{
	int n = word ? atoi(word) : 1;

	if (!strcmp(order, "size"))
		return n >= 0 && n < 60000 ? (size = (size_t)n, true) : wrong("no such size");
	if (!strcmp(order, "out"))
		return carry(&out_way, n);
	if (!strcmp(order, "in"))
		return carry(&in_way, n);
	if (!strcmp(order, "both"))
		return carry(&out_way, n) && carry(&in_way, n);
	if (!strcmp(order, "rtcp"))
		return report(&out_way, false) && report(&in_way, true);
	if (!strcmp(order, "none"))
		return vanish(&out_way, "out") && vanish(&in_way, "in");
	if (!strcmp(order, "none-out"))
		return vanish(&out_way, "out");
	if (!strcmp(order, "none-in"))
		return vanish(&in_way, "in");
	if (!strcmp(order, "forged"))
		return forge();
	if (!strcmp(order, "segments"))
		return segments(&out_way) && segments(&in_way);
	if (!strcmp(order, "segments-out"))
		return segments(&out_way);
	if (!strcmp(order, "paged"))
		return paged(&out_way) && paged(&in_way);
	if (!strcmp(order, "tapped") || !strcmp(order, "glued"))
		return tapped_way(&out_way, "lan0", "wan0", n, order[0] == 'g') &&
		       tapped_way(&in_way, "wan0", "lan0", n, order[0] == 'g');
	if (!strcmp(order, "pass") || !strcmp(order, "pass-glued"))
		return pass((u8)n, order[4]);
	if (!strcmp(order, "refused"))
		return wrong("%d", (int)(rig_stream(&rig, SEAL_ID).dropped +
					 rig_stream(&rig, OPEN_ID).dropped));
	if (!strcmp(order, "encap"))
		return encap();
	if (!strcmp(order, "guard") && word) {
		rig_enter("gw");
		rig_guard(&rig, word, VOXWALL_PORT_UPLINK);
		return true;
	}
	return wrong("no such order: %s", order);
}

static void relay_streams(void)
{
	struct vw_genl_stream seal_st, open_st;

	rig_describe(&rig, &seal_st, &open_st);
	seal_st.seal.suite = VOXWALL_SUITE_NONE;
	seal_st.clear_wan = true;
	open_st.open.suite = VOXWALL_SUITE_NONE;
	remake(SEAL_ID, &seal_st);
	remake(OPEN_ID, &open_st);
}

static void start(void)
{
	rig_up(&rig, 1);
	if (relay)
		relay_streams();
	out_way.from = rig.phone[0];
	out_way.to = rig.hq[0];
	in_way.from = rig.hq[0];
	in_way.to = rig.phone[0];
	if (relay)
		return;
	out_way.open = rig_srtp(rig.seal, true);
	in_way.wire = rig_srtp(rig.open, false);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "lan", required_argument, NULL, 'l' }, { "wan", required_argument, NULL, 'w' },
		{ "mux", no_argument, NULL, 'm' }, { "suite", required_argument, NULL, 'S' },
		{ "relay", no_argument, NULL, 'r' }, { "uplink", required_argument, NULL, 'u' },
		{ "stack", no_argument, NULL, 's' }, { },
	};
	char line[256], *order, *word;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l': rig.lan = atoi(optarg); break;
		case 'w': rig.wan = atoi(optarg); break;
		case 'm': rig.mux = true; break;
		case 'S': rig_choose(optarg); break;
		case 'r': relay = true; break;
		case 's': rig.stack = true; break;
		case 'u': rig.uplink = optarg; break;
		default: return 2;
		}
	}
	start();
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		order = strtok(line, " \n");
		word = strtok(NULL, " \n");
		if (order)
			puts(obey(order, word) ? "ok" : answer);
	}
	rig_down(&rig);
	return 0;
}
