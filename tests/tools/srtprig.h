/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the SRTP tests share: three namespaces, sockets in them, a pair of streams
 * between a phone that speaks RTP and a head office that speaks SRTP.
 *
 *   phone  eth0.100 10.1.100.11  fd00:100::11
 *   gw     lan0.100 10.1.100.1   fd00:100::1     wan0 192.0.2.2  2001:db8::2
 *   hq                                           eth0 192.0.2.10 2001:db8::10
 *
 * Stream 1 seals what the phone sends, stream 2 opens what the head office sends.
 */
#ifndef SRTPRIG_H
#define SRTPRIG_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <srtp2/srtp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../agent/kernel/genl.h"
#include "../../kmod/core/srtp.h"

#define PACKET_MAX	2048
#define SEAL_ID		1
#define OPEN_ID		2
#define MASTER_LEN	46	/* key and salt, as libsrtp2 wants them, of the longest suite */

enum port {
	PHONE_RTP = 4000, PHONE_RTCP, LAN_RTP = 20000, LAN_RTCP,
	WAN_RTP = 20100, WAN_RTCP, HQ_RTP = 5000, HQ_RTCP,
};

/**
 * struct rig - one run's sockets, streams and keys
 * @genl: to the gateway's module
 * @lan: family of the phone's side, 4 or 6
 * @wan: of the head office's
 * @mux: RTP and RTCP share a port on both sides
 * @uplink: the device towards the head office; NULL: wan0
 * @stack: media leaves through the stack's output
 * @phone: sockets, RTP and RTCP, connected to the gateway; the same with @mux
 * @hq: likewise
 * @seal: master key and salt of stream 1
 * @open: of stream 2
 */
struct rig {
	struct vw_genl *genl;
	int lan;
	int wan;
	bool mux;
	bool video;
	const char *uplink;
	bool stack;
	int phone[2];
	int hq[2];
	u8 seal[MASTER_LEN];
	u8 open[MASTER_LEN];
};

__attribute__((noreturn, format(printf, 1, 2)))
static inline void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* What every stream and session here is protected with. */
static const struct vw_suite *rig_suite;

static inline void rig_choose(const char *name)
{
	rig_suite = vw_suite_by_name(name, strlen(name));
	if (!rig_suite)
		die("no suite %s", name);
}

/* Bytes of the MKI that every key here has; 0: none. */
static u8 rig_mki_len;
static u8 rig_mki[VOXWALL_MKI_LEN] = { 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x17, 0x28 };

/* Header extensions that are encrypted. */
static int rig_ext[VW_EXT_IDS];
static int rig_ext_count;

static inline srtp_err_status_t rig_protect(srtp_t s, void *p, int *len)
{
	return srtp_protect_mki(s, p, len, rig_mki_len, 0);
}

static inline srtp_err_status_t rig_protect_rtcp(srtp_t s, void *p, int *len)
{
	return srtp_protect_rtcp_mki(s, p, len, rig_mki_len, 0);
}

static inline srtp_err_status_t rig_unprotect(srtp_t s, void *p, int *len)
{
	return srtp_unprotect_mki(s, p, len, rig_mki_len);
}

static inline srtp_err_status_t rig_unprotect_rtcp(srtp_t s, void *p, int *len)
{
	return srtp_unprotect_rtcp_mki(s, p, len, rig_mki_len);
}

/* A generator of our own, so that a seed means the same everywhere. */
static u64 rig_random_state = 1;

static inline u32 rig_random(u32 below)
{
	rig_random_state ^= rig_random_state << 13;
	rig_random_state ^= rig_random_state >> 7;
	rig_random_state ^= rig_random_state << 17;
	return (u32)((rig_random_state >> 16) % below);
}

static inline void rig_random_bytes(u8 *p, size_t len)
{
	while (len--)
		*p++ = (u8)rig_random(256);
}

static inline void rig_enter(const char *netns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("namespace %s: %s", netns, strerror(errno));
	close(fd);
}

static const char *const rig_addr[][2] = {
	/* phone, gateway's LAN, gateway's WAN, head office */
	{ "10.1.100.11", "fd00:100::11" }, { "10.1.100.1", "fd00:100::1" },
	{ "192.0.2.2", "2001:db8::2" }, { "192.0.2.10", "2001:db8::10" },
	/* other addresses of phone and head office */
	{ "10.1.100.12", "fd00:100::12" }, { "192.0.2.11", "2001:db8::11" },
};

enum place { PHONE, LAN, WAN, HQ, PHONE2, HQ2 };

static inline socklen_t rig_sockaddr(int family, enum place at, u16 port,
				     struct sockaddr_storage *ret)
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;

	memset(ret, 0, sizeof(*ret));
	if (family == 4) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		inet_pton(AF_INET, rig_addr[at][0], &v4->sin_addr);
		return sizeof(*v4);
	}
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	inet_pton(AF_INET6, rig_addr[at][1], &v6->sin6_addr);
	return sizeof(*v6);
}

/* A UDP socket in a namespace; @to 0: not connected. */
static inline int rig_socket(const char *netns, int family, enum place at, u16 port,
			     enum place peer, u16 to)
{
	struct sockaddr_storage addr;
	int fd, size = 4 << 20;
	socklen_t len;

	rig_enter(netns);
	fd = socket(family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	len = rig_sockaddr(family, at, port, &addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, len))
		die("socket in %s: %s", netns, strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	len = rig_sockaddr(family, peer, to, &addr);
	if (to && connect(fd, (struct sockaddr *)&addr, len))
		die("connect in %s: %s", netns, strerror(errno));
	return fd;
}

static inline struct vw_genl_leg rig_leg(int family, enum place at, u16 rtp, u16 rtcp)
{
	struct vw_genl_leg leg = { .family = (u8)family, .rtp = rtp, .rtcp = rtcp };

	if (inet_pton(family == 4 ? AF_INET : AF_INET6, rig_addr[at][family == 6], leg.addr) != 1)
		die("bad address");
	return leg;
}

static inline struct vw_genl_crypto rig_crypto(const u8 master[MASTER_LEN])
{
	struct vw_genl_crypto c = { .suite = rig_suite->id, .mki_len = rig_mki_len };

	memcpy(c.mki, rig_mki, rig_mki_len);
	for (int i = 0; i < rig_ext_count; i++)
		vw_ext_add(&c.ext, (u8)rig_ext[i]);
	memcpy(c.key, master, rig_suite->key_len);
	memcpy(c.salt, master + rig_suite->key_len, rig_suite->salt_len);
	return c;
}

static inline void rig_check(const struct rig *rig, int err, const char *what)
{
	if (err)
		die("%s: %s (%s)", what, vw_genl_error(rig->genl), strerror(-err));
}

/* The two streams as a call has them. */
static inline void rig_describe(const struct rig *rig, struct vw_genl_stream *seal,
				struct vw_genl_stream *open)
{
	u16 d = rig->mux ? 0 : 1;

	memset(seal, 0, sizeof(*seal));
	seal->id = SEAL_ID;
	seal->peer = OPEN_ID;
	seal->zone = VOXWALL_ZONE_VOICE;
	seal->clock_rate = rig->video ? 90000 : 8000;
	seal->timeout_ms = 600000;
	seal->fastpath_off = rig->stack;
	seal->local = rig_leg(rig->lan, LAN, LAN_RTP, (u16)(LAN_RTP + d));
	seal->remote = rig_leg(rig->lan, PHONE, PHONE_RTP, (u16)(PHONE_RTP + d));
	seal->src = rig_leg(rig->wan, WAN, WAN_RTP, (u16)(WAN_RTP + d));
	seal->dst = rig_leg(rig->wan, HQ, HQ_RTP, (u16)(HQ_RTP + d));
	*open = *seal;
	open->id = OPEN_ID;
	open->peer = SEAL_ID;
	open->zone = VOXWALL_ZONE_WAN;
	open->local = seal->src;
	open->remote = seal->dst;
	open->src = seal->local;
	open->dst = seal->remote;
	seal->clear_wan = rig_suite->cipher == VW_CIPHER_NULL;
	seal->seal = rig_crypto(rig->seal);
	open->open = rig_crypto(rig->open);
	snprintf(seal->label, sizeof(seal->label), "phone to hq");
	snprintf(open->label, sizeof(open->label), "hq to phone");
}

static inline void rig_streams(struct rig *rig)
{
	struct vw_genl_stream seal, open;

	vw_genl_stream_del(rig->genl, SEAL_ID);
	vw_genl_stream_del(rig->genl, OPEN_ID);
	rig_random_bytes(rig->seal, MASTER_LEN);
	rig_random_bytes(rig->open, MASTER_LEN);
	rig_describe(rig, &seal, &open);
	rig_check(rig, vw_genl_stream_new(rig->genl, &seal), "the sealing stream");
	rig_check(rig, vw_genl_stream_new(rig->genl, &open), "the opening stream");
}

static inline void rig_guard(struct rig *rig, const char *name, u8 mode)
{
	struct vw_genl_port port = { .ifindex = if_nametoindex(name) };

	snprintf(port.name, sizeof(port.name), "%s", name);
	port.rule.mode = mode;
	port.rule.voice = mode != VOXWALL_PORT_UPLINK;
	rig_check(rig, vw_genl_port_set(rig->genl, &port), name);
}

static inline void rig_module(struct rig *rig)
{
	struct vw_policy pol;

	rig_enter("gw");
	if (vw_genl_open(&rig->genl))
		die("netlink: %s", vw_genl_error(NULL));
	vw_policy_init(&pol);
	pol.voice_vlan = 100;
	rig_check(rig, vw_genl_policy_set(rig->genl, &pol), "the policy");
	rig_guard(rig, "lan0", VOXWALL_PORT_ACCESS);
	rig_guard(rig, rig->uplink ? rig->uplink : "wan0", VOXWALL_PORT_UPLINK);
}

static inline void rig_up(struct rig *rig, u32 seed)
{
	int i;

	rig_random_state = seed * 0x9e3779b97f4a7c15ULL + 1;
	if (!rig_suite)
		rig_choose("AES_CM_128_HMAC_SHA1_80");
	if (srtp_init())
		die("libsrtp2 doesn't start");
	rig_module(rig);
	rig_streams(rig);
	for (i = 0; i < 2; i++) {
		if (i && rig->mux) {
			rig->phone[1] = rig->phone[0];
			rig->hq[1] = rig->hq[0];
			continue;
		}
		rig->phone[i] = rig_socket("phone", rig->lan, PHONE, (u16)(PHONE_RTP + i), LAN,
					   (u16)(LAN_RTP + i));
		rig->hq[i] = rig_socket("hq", rig->wan, HQ, (u16)(HQ_RTP + i), WAN,
					(u16)(WAN_RTP + i));
	}
}

static inline void rig_down(struct rig *rig)
{
	rig_check(rig, vw_genl_stream_del(rig->genl, SEAL_ID), "removing the sealing stream");
	rig_check(rig, vw_genl_stream_del(rig->genl, OPEN_ID), "removing the opening stream");
	vw_genl_close(rig->genl);
}

static inline void rig_policy(srtp_crypto_policy_t *p, bool rtcp)
{
	switch (rig_suite->id) {
	case VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80:
	case VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_32:
		srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(p);
		break;
	case VOXWALL_SUITE_AES_192_CM_HMAC_SHA1_80:
	case VOXWALL_SUITE_AES_192_CM_HMAC_SHA1_32:
		srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80(p);
		break;
	case VOXWALL_SUITE_AES_256_CM_HMAC_SHA1_80:
	case VOXWALL_SUITE_AES_256_CM_HMAC_SHA1_32:
		srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(p);
		break;
	case VOXWALL_SUITE_AEAD_AES_128_GCM:
		srtp_crypto_policy_set_aes_gcm_128_16_auth(p);
		return;
	case VOXWALL_SUITE_AEAD_AES_256_GCM:
		srtp_crypto_policy_set_aes_gcm_256_16_auth(p);
		return;
	case VOXWALL_SUITE_NULL_HMAC_SHA1_80:
	case VOXWALL_SUITE_NULL_HMAC_SHA1_32:
		srtp_crypto_policy_set_null_cipher_hmac_sha1_80(p);
		break;
	}
	p->auth_tag_len = rtcp ? 10 : rig_suite->rtp_tag;
}

static inline srtp_t rig_srtp(const u8 master[MASTER_LEN], bool inbound)
{
	srtp_master_key_t key = {
		.key = (unsigned char *)master,
		.mki_id = rig_mki,
		.mki_size = rig_mki_len,
	}, *keys = &key;
	srtp_policy_t policy = {
		.ssrc.type = inbound ? ssrc_any_inbound : ssrc_any_outbound,
		.key = (unsigned char *)master,
		.window_size = 16384,
		.allow_repeat_tx = 1,
		.enc_xtn_hdr = rig_ext_count ? rig_ext : NULL,
		.enc_xtn_hdr_count = rig_ext_count,
	};
	srtp_t session;

	if (rig_mki_len) {
		policy.key = NULL;
		policy.keys = &keys;
		policy.num_master_keys = 1;
	}
	rig_policy(&policy.rtp, false);
	rig_policy(&policy.rtcp, true);
	if (srtp_create(&session, &policy))
		die("libsrtp2 refuses the policy");
	return session;
}

/*
 * A datagram that came while its stream was away reached the gateway itself, whose ICMP
 * message then fails the next send or recv, whatever that one is about: ask again.
 */
static inline bool rig_refused(ssize_t n)
{
	return n < 0 && errno == ECONNREFUSED;
}

/* The next datagram, or -1 when none comes in time. */
static inline ssize_t rig_recv_into(int fd, u8 *p, size_t size, int timeout_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	ssize_t n;

	do {
		if (poll(&pfd, 1, timeout_ms) != 1)
			return -1;
		n = recv(fd, p, size, 0);
	} while (rig_refused(n));
	return n;
}

static inline ssize_t rig_recv(int fd, u8 *p, int timeout_ms)
{
	return rig_recv_into(fd, p, PACKET_MAX, timeout_ms);
}

static inline void rig_send(int fd, const u8 *p, size_t len)
{
	ssize_t n;

	do
		n = send(fd, p, len, 0);
	while (rig_refused(n));
	if (n != (ssize_t)len)
		die("send %zu bytes: %s", len, strerror(errno));
}

/* Send, and expect exactly these bytes, or nothing, at the other end. */
static inline void rig_expect(int from, const u8 *p, size_t len, int to, const u8 *want,
			      ssize_t want_len, const char *what)
{
	u8 got[PACKET_MAX];
	ssize_t n;

	rig_send(from, p, len);
	n = rig_recv(to, got, want ? 3000 : 150);
	if (!want && n < 0)
		return;
	if (!want)
		die("%s: got through (%zd bytes)", what, n);
	if (n < 0)
		die("%s: nothing came", what);
	if (n != want_len || memcmp(got, want, (size_t)n))
		die("%s: %zd bytes came, not the %zd expected", what, n, want_len);
}

static inline struct vw_genl_stream rig_stream(const struct rig *rig, u32 id)
{
	struct vw_genl_stream s;

	rig_check(rig, vw_genl_stream_get(rig->genl, id, &s), "asking for a stream");
	return s;
}

static inline void put_be16(u8 *p, u32 v)
{
	p[0] = (u8)(v >> 8);
	p[1] = (u8)v;
}

static inline void put_be32(u8 *p, u32 v)
{
	put_be16(p, v >> 16);
	put_be16(p + 2, v);
}

/* A plain RTP packet with @payload random bytes. */
static inline size_t rig_rtp(u8 *p, u32 ssrc, u16 seq, size_t payload)
{
	p[0] = 0x80;
	p[1] = 8;
	put_be16(p + 2, seq);
	put_be32(p + 4, seq * 160u);
	put_be32(p + 8, ssrc);
	rig_random_bytes(p + 12, payload);
	return 12 + payload;
}

/* A receiver report without blocks and @words random words behind it. */
static inline size_t rig_rtcp(u8 *p, u32 ssrc, size_t words)
{
	p[0] = 0x80;
	p[1] = 201;
	put_be16(p + 2, 1);
	put_be32(p + 4, ssrc);
	rig_random_bytes(p + 8, words * 4);
	return 8 + words * 4;
}

#endif
