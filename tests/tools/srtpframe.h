/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames with media in them, made byte by byte, as the phone would send them. */
#ifndef SRTPFRAME_H
#define SRTPFRAME_H

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <sys/ioctl.h>

#include "srtprig.h"

static u8 gateway_mac[6], phone_mac[6];

static inline void read_mac(const char *netns, const char *device, u8 mac[6])
{
	struct ifreq ifr = { };
	int fd;

	rig_enter(netns);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", device);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("%s: %s", device, strerror(errno));
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	close(fd);
}

/* A packet socket in @netns, for frames from its eth0 to the gateway's @gateway. */
static inline int raw_open_at(const char *netns, const char *device, const char *gateway)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	int fd;

	read_mac("gw", gateway, gateway_mac);
	read_mac(netns, "eth0", phone_mac);
	addr.sll_ifindex = (int)if_nametoindex(device);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("packet socket: %s", strerror(errno));
	return fd;
}

static inline int raw_open(const char *device)
{
	return raw_open_at("phone", device, "lan0");
}

static inline u32 sum(const u8 *p, size_t len, u32 s)
{
	for (; len > 1; p += 2, len -= 2)
		s += (u32)(p[0] << 8 | p[1]);
	return len ? s + (u32)(p[0] << 8) : s;
}

static inline u16 fold(u32 s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (u16)~s;
}

/**
 * struct frame - one made by hand, and what to spoil in it
 * @options: bytes of IPv4 options, a multiple of 4
 * @trailer: bytes behind the IP packet
 * @udp_more: added to the UDP length
 * @ip_more: added to the IP length
 * @no_sum: UDP checksum 0
 * @bad_sum: a wrong one
 * @bad_ip_sum: of the IP header
 * @fragment: the more-fragments bit
 */
struct frame {
	u8 b[PACKET_MAX];
	size_t len;
	size_t options, trailer;
	int udp_more, ip_more;
	bool no_sum, bad_sum, bad_ip_sum, fragment;
};

static inline void frame_ip(struct frame *f, u8 *ip, size_t total)
{
	size_t head = 20 + f->options;
	u16 check;

	memset(ip, 0, 20);
	memset(ip + 20, 1, f->options);
	ip[0] = (u8)(0x40 | head / 4);
	put_be16(ip + 2, (u32)((int)total + f->ip_more));
	ip[6] = f->fragment ? 0x20 : 0;
	ip[8] = 64;
	ip[9] = IPPROTO_UDP;
	inet_pton(AF_INET, rig_addr[PHONE][0], ip + 12);
	inet_pton(AF_INET, rig_addr[LAN][0], ip + 16);
	check = fold(sum(ip, head, 0));
	put_be16(ip + 10, f->bad_ip_sum ? check ^ 1 : check);
}

static inline void frame_udp(const struct frame *f, const u8 *ip, u8 *udp, size_t len)
{
	u16 check;

	put_be16(udp, PHONE_RTP);
	put_be16(udp + 2, LAN_RTP);
	put_be16(udp + 4, (u32)((int)len + f->udp_more));
	put_be16(udp + 6, 0);
	check = fold(sum(udp, len, sum(ip + 12, 8, IPPROTO_UDP + (u32)len)));
	if (!f->no_sum)
		put_be16(udp + 6, f->bad_sum ? check ^ 0x0100 : check);
}

static inline void frame_make(struct frame *f, const u8 *payload, size_t len)
{
	u8 *ip = f->b + 14, *udp = ip + 20 + f->options;

	memcpy(f->b, gateway_mac, 6);
	memcpy(f->b + 6, phone_mac, 6);
	put_be16(f->b + 12, 0x0800);
	memcpy(udp + 8, payload, len);
	frame_ip(f, ip, 28 + f->options + len);
	frame_udp(f, ip, udp, 8 + len);
	rig_random_bytes(udp + 8 + len, f->trailer);
	f->len = 14 + 28 + f->options + len + f->trailer;
}

/**
 * struct chain - extension headers in front of UDP
 * @ext: their numbers, in order; the first 0 behind @n
 * @n: how many
 * @lie: the last one says that it is so many units longer
 * @left: segments left, of a routing header
 * @no_sum: UDP checksum 0
 * @bad_sum: a wrong one
 */
struct chain {
	u8 ext[9];
	size_t n;
	u8 lie, left;
	bool no_sum, bad_sum;
};

/* Each is 8 bytes long and says nothing: padding, a route that was taken, a whole packet. */
static inline size_t chain_put(const struct chain *c, u8 *p)
{
	size_t i;

	memset(p, 0, 8 * c->n);
	for (i = 0; i < c->n; i++, p += 8) {
		p[0] = i + 1 < c->n ? c->ext[i + 1] : IPPROTO_UDP;
		if (i + 1 == c->n)
			p[1] = c->lie;
		if (c->ext[i] == IPPROTO_ROUTING)
			p[2] = 253, p[3] = c->left;
		else if (c->ext[i] != IPPROTO_FRAGMENT)
			p[2] = 1, p[3] = 4;
	}
	return 8 * c->n;
}

static inline size_t chain_frame(const struct chain *c, u8 *b, const u8 *payload, size_t len)
{
	u8 *ip = b + 14, *udp = ip + 40;
	u16 check;

	memcpy(b, gateway_mac, 6);
	memcpy(b + 6, phone_mac, 6);
	put_be16(b + 12, 0x86dd);
	memset(ip, 0, 40);
	ip[0] = 0x60;
	ip[6] = c->n ? c->ext[0] : IPPROTO_UDP;
	ip[7] = 64;
	inet_pton(AF_INET6, rig_addr[PHONE][1], ip + 8);
	inet_pton(AF_INET6, rig_addr[LAN][1], ip + 24);
	udp += chain_put(c, udp);
	put_be16(ip + 4, (u32)(udp - ip - 40) + 8 + (u32)len);
	put_be16(udp, PHONE_RTP);
	put_be16(udp + 2, LAN_RTP);
	put_be16(udp + 4, (u32)len + 8);
	put_be16(udp + 6, 0);
	memcpy(udp + 8, payload, len);
	check = fold(sum(udp, len + 8, sum(ip + 8, 32, IPPROTO_UDP + (u32)len + 8)));
	if (!c->no_sum)
		put_be16(udp + 6, c->bad_sum ? check ^ 0x0100 : check);
	return (size_t)(udp - b) + 8 + len;
}

#endif
