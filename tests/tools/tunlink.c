// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tunlink: a wire between two tun devices.
 *
 *   tunlink NETNS NETNS DEVICE     makes DEVICE in both, and runs until it is killed
 *
 * What the kernel sends into one comes out of the other. There is no Ethernet header.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "tunlink: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int tun_open(const char *netns, const char *device)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(netns);
	close(fd);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", device);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		die(device);
	return fd;
}

static void pass(int from, int to)
{
	static char b[65536];
	ssize_t n = read(from, b, sizeof(b));

	if (n < 0)
		die("read");
	/* A device that is down takes nothing, as an unplugged one. */
	if (write(to, b, (size_t)n) < 0 && errno != EIO)
		die("write");
}

int main(int argc, char **argv)
{
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };
	int i;

	if (argc != 4) {
		fprintf(stderr, "usage: tunlink NETNS NETNS DEVICE\n");
		return 2;
	}
	for (i = 0; i < 2; i++)
		p[i].fd = tun_open(argv[1 + i], argv[3]);
	while (poll(p, 2, -1) >= 0)
		for (i = 0; i < 2; i++)
			if (p[i].revents & POLLIN)
				pass(p[i].fd, p[!i].fd);
	die("poll");
}
