/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Speak to the module in whatever netlink the test wants, sense or nonsense.
 *
 *   vwnl NETNS COMMAND [--dump] WORD...   one request, then what was answered
 *   vwnl NETNS listen SECONDS             events, as they come
 *   vwnl NETNS state                      policy, ports, stations and streams
 *
 * NETNS "-" is the present one.
 *
 * COMMAND is an operation ("port-set") or a number. WORDs make attributes:
 *
 *   port{ ifname=lan1 mode=0 }         known names; nests end with a }
 *   '#9=00ff' '#9{' }                  any number with any bytes, or as a nest
 *
 * Answers come in the same words, one message a line. A refusal is a line
 * "refused ERRNO: sentence" and exit 1; "with its key" follows when the request came
 * back in it and still has eight bytes 5a in a row. No libnl on purpose: it would not send
 * what is wrong.
 */
#include <poll.h>
#include <time.h>

#include "vwnl.h"

static int listen_for(int fd, int group, double seconds)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	static struct message m;
	struct timespec now, end;

	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		die("join the group");
	printf("listening\n");
	fflush(stdout);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)seconds;
	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end.tv_sec || poll(&p, 1, 1000) < 0)
			return 0;
		if (!(p.revents & POLLIN))
			continue;
		ssize_t n = recv(fd, &m, sizeof(m), 0);

		if (n < 0)
			die("recv");
		show_all(m.b + NLMSG_HDRLEN + GENL_HDRLEN,
			 (size_t)n - NLMSG_HDRLEN - GENL_HDRLEN, top_words);
		printf("\n");
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	static struct message m;
	int fd, group, id, cmd, flags = NLM_F_ACK;

	if (argc < 3)
		usage("NETNS COMMAND [--dump] WORD...", "see the head of tests/tools/vwnl.c");
	enter(argv[1]);
	argv++;
	argc--;
	fd = open_netlink();
	id = family(fd, &group);
	if (!strcmp(argv[1], "listen"))
		return listen_for(fd, group, argc > 2 ? atof(argv[2]) : 1);
	if (!strcmp(argv[1], "state"))
		return state(fd, id);
	cmd = atoi(argv[1]);
	if (!cmd)
		cmd = look_up(commands, argv[1], strlen(argv[1]))->number;
	argv += 2;
	argc -= 2;
	if (argc && !strcmp(*argv, "--dump")) {
		flags = NLM_F_DUMP;
		argv++;
		argc--;
	}
	begin(&m, id, cmd, flags);
	put_words(&m, top_words, argv, argc);
	if (send(fd, &m, m.head.nlmsg_len, 0) < 0)
		die("send");
	return answers(fd);
}
