// SPDX-License-Identifier: GPL-2.0-or-later
#include "transport.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../log.h"

#define BURST		64	/* datagrams before others get their turn */
#define DATAGRAM	65536	/* more than UDP can carry */

struct vw_sock {
	int fd;
	struct vw_watch *watch;
	void (*cb)(void *arg, const struct vw_endpoint *src, const char *p, size_t len);
	void *arg;
	char device[IFNAMSIZ];
	unsigned int ifindex;	/* what the kernel has made of @device; 0: any */
	char buf[DATAGRAM];
};

/* Messages may hold keys: what was received is wiped before the next one. */
static void on_readable(int fd, void *arg)
{
	struct vw_sock *s = arg;

	for (int i = 0; i < BURST; i++) {
		struct sockaddr_storage ss;
		struct vw_endpoint src;
		socklen_t len = sizeof(ss);
		ssize_t n;

		n = recvfrom(fd, s->buf, sizeof(s->buf), MSG_DONTWAIT, (struct sockaddr *)&ss,
			     &len);
		if (n < 0)
			return;
		if (n && vw_endpoint_from_sockaddr((struct sockaddr *)&ss, &src))
			s->cb(s->arg, &src, s->buf, (size_t)n);
		explicit_bzero(s->buf, (size_t)n);
	}
}

static int set_options(int fd, const struct vw_endpoint *local, const char *device, u8 dscp)
{
	int on = 1, tos = dscp << 2;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)))
		return -errno;
	if (local->family == 6) {
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) ||
		    setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos)))
			return -errno;
	} else if (setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos))) {
		return -errno;
	}
	/* an address may come up after us */
	setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on));
	if (device && device[0] &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1))
		return -errno;
	return 0;
}

static int open_fd(const struct vw_endpoint *local, const char *device, u8 dscp)
{
	struct sockaddr_storage ss;
	socklen_t len = vw_endpoint_to_sockaddr(local, &ss);
	int fd, err;

	fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	err = set_options(fd, local, device, dscp);
	if (!err && bind(fd, (struct sockaddr *)&ss, len))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

struct vw_sock *vw_sock_open(struct vw_loop *loop, const struct vw_endpoint *local,
			     const char *device, u8 dscp,
			     void (*cb)(void *arg, const struct vw_endpoint *src, const char *p,
					size_t len),
			     void *arg, char *err, size_t errlen)
{
	struct vw_sock *s = calloc(1, sizeof(*s));
	char addr[VW_ENDPOINT_LEN];

	snprintf(err, errlen, "no memory for a socket");
	if (!s)
		return NULL;
	s->cb = cb;
	s->arg = arg;
	s->fd = open_fd(local, device, dscp);
	if (s->fd < 0) {
		snprintf(err, errlen, "cannot listen for SIP on %s%s%s: %s; check address and device",
			 vw_endpoint_text(local, addr), device && device[0] ? " on " : "",
			 device ? device : "", strerror(-s->fd));
		free(s);
		return NULL;
	}
	snprintf(s->device, sizeof(s->device), "%s", device ? device : "");
	s->ifindex = s->device[0] ? if_nametoindex(s->device) : 0;
	s->watch = vw_watch_read(loop, s->fd, on_readable, s);
	if (s->watch)
		return s;
	vw_sock_close(s);
	return NULL;
}

bool vw_sock_follow(struct vw_sock *s, const char *device)
{
	const char *name = device[0] ? device : s->device;
	unsigned int ifindex = if_nametoindex(name);

	if (!s->ifindex || !ifindex || ifindex == s->ifindex ||
	    setsockopt(s->fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name) + 1))
		return false;
	memmove(s->device, name, strlen(name) + 1);
	s->ifindex = ifindex;
	return true;
}

void vw_sock_hand_over(struct vw_sock *s, void *arg)
{
	s->arg = arg;
}

void vw_sock_close(struct vw_sock *s)
{
	if (!s)
		return;
	vw_watch_free(s->watch);
	close(s->fd);
	free(s);
}

void vw_sock_send(struct vw_sock *s, const struct vw_endpoint *to, const char *p, size_t len)
{
	struct sockaddr_storage ss;
	socklen_t sslen = vw_endpoint_to_sockaddr(to, &ss);
	char addr[VW_ENDPOINT_LEN];

	if (sendto(s->fd, p, len, MSG_DONTWAIT, (struct sockaddr *)&ss, sslen) < 0)
		vw_debug("sip: to %s: %s", vw_endpoint_text(to, addr), strerror(errno));
}

bool vw_sock_device(const struct vw_endpoint *addr, char ret[16])
{
	struct ifaddrs *list, *i;
	struct vw_endpoint ep;
	bool found = false;

	if (getifaddrs(&list))
		return false;
	for (i = list; i && !found; i = i->ifa_next) {
		if (!i->ifa_addr || !vw_endpoint_from_sockaddr(i->ifa_addr, &ep) ||
		    !vw_endpoint_same_addr(&ep, addr))
			continue;
		snprintf(ret, IFNAMSIZ, "%s", i->ifa_name);
		found = true;
	}
	freeifaddrs(list);
	return found;
}

bool vw_sock_source(const struct vw_endpoint *to, struct vw_endpoint *ret)
{
	struct sockaddr_storage ss;
	socklen_t len = vw_endpoint_to_sockaddr(to, &ss);
	bool ok;
	int fd;

	fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	/* connecting a UDP socket sends nothing, it only asks for the route */
	ok = !connect(fd, (struct sockaddr *)&ss, len);
	len = sizeof(ss);
	ok = ok && !getsockname(fd, (struct sockaddr *)&ss, &len) &&
	     vw_endpoint_from_sockaddr((struct sockaddr *)&ss, ret);
	close(fd);
	return ok;
}
