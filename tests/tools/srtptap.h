/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packet sockets on the gateway's devices, and what they have seen. */
#ifndef SRTPTAP_H
#define SRTPTAP_H

#include <linux/if_packet.h>
#include <net/ethernet.h>

#include "srtprig.h"

#define TAP_BATCH	64	/* most that one comparison takes */

static inline int tap_open(const char *device)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd, room = 4 << 20;

	rig_enter("gw");
	addr.sll_ifindex = (int)if_nametoindex(device);
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("a tap on %s: %s", device, strerror(errno));
	return fd;
}

/**
 * struct wire - what was seen or is due somewhere, in order
 */
struct wire {
	u8 b[TAP_BATCH][PACKET_MAX];
	size_t len[TAP_BATCH];
	int n;
};

static inline void wire_add(struct wire *wire, const u8 *p, size_t len)
{
	if (wire->n == TAP_BATCH || len > PACKET_MAX)
		die("more than %d packets on a wire", TAP_BATCH);
	memcpy(wire->b[wire->n], p, len);
	wire->len[wire->n++] = len;
}

/* Has it seen more at once than one packet of @len bytes? */
static inline bool tap_is_glued(int fd, size_t len)
{
	static u8 b[65536];
	bool glued = false;
	ssize_t n;

	while ((n = recv(fd, b, sizeof(b), MSG_DONTWAIT)) >= 0)
		glued = glued || n > (ssize_t)len + 100;
	return glued;
}

/* UDP payloads that a tap has seen arrive, and leave. */
static inline void tap_read(int fd, struct wire *came, struct wire *left)
{
	struct sockaddr_ll addr;
	socklen_t addr_len = sizeof(addr);
	u8 b[PACKET_MAX + 128];
	size_t head, end;
	ssize_t n;

	while ((n = recvfrom(fd, b, sizeof(b), MSG_DONTWAIT, (struct sockaddr *)&addr,
			     &addr_len)) >= 0) {
		bool v4 = b[0] >> 4 == 4;

		addr_len = sizeof(addr);
		head = v4 ? (b[0] & 15) * 4u : 40;
		if (n < 48 || b[v4 ? 9 : 6] != IPPROTO_UDP)
			continue;
		end = head + (size_t)(b[head + 4] << 8 | b[head + 5]);
		if (end > (size_t)n)
			die("a tap saw a datagram with an end of its own");
		wire_add(addr.sll_pkttype == PACKET_OUTGOING ? left : came, b + head + 8,
			 end - head - 8);
	}
}

#endif
