// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * taphold: a packet tap that is no copy.
 *
 *   taphold INTERFACE
 *
 * A plain packet socket's queue shares the memory of each packet until it is read, so that
 * nobody else may write there; the rings that capture programs use copy at once. Says
 * "ready" on standard error, and reads until it is ended.
 */
#include <stdio.h>

#include "srtptap.h"

int main(int argc, char **argv)
{
	char packet[65536];
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: taphold INTERFACE\n");
		return 2;
	}
	fd = tap_open(argv[1]);
	fprintf(stderr, "ready\n");
	for (;;)
		if (recv(fd, packet, sizeof(packet), 0) < 0 && errno != ENOBUFS)
			return 1;
}
