/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a command in which the Nth allocation of some system calls fails.
 *
 *   failnth SYSCALL[,SYSCALL]... N COMMAND [WORD]...
 *
 * Only what the kernel allocates inside of these calls is counted, over all of
 * them, so the same N is the same allocation in every run. The last line of output
 * is "failed STATUS", or "spared STATUS" when there were fewer than N; STATUS is the
 * command's. Needs a kernel with fault injection (/proc/PID/fail-nth).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS_MAX	8

static const struct {
	const char *name;
	long number;
} known[] = {
	{ "sendto", SYS_sendto },
	{ "sendmsg", SYS_sendmsg },
	{ "recvfrom", SYS_recvfrom },
	{ "recvmsg", SYS_recvmsg },
	{ "finit_module", SYS_finit_module },
	{ "delete_module", SYS_delete_module },
	{ "unshare", SYS_unshare },
};

static long calls[CALLS_MAX];
static unsigned int ncalls;

static void die(const char *what)
{
	fprintf(stderr, "failnth: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void calls_read(char *list)
{
	char *name, *rest = list;
	size_t i;

	while ((name = strsep(&rest, ","))) {
		for (i = 0; i < sizeof(known) / sizeof(*known); i++)
			if (!strcmp(name, known[i].name))
				break;
		if (i == sizeof(known) / sizeof(*known) || ncalls == CALLS_MAX) {
			fprintf(stderr, "failnth: no such system call: %s\n", name);
			exit(2);
		}
		calls[ncalls++] = known[i].number;
	}
}

static bool is_meant(long number)
{
	unsigned int i;

	for (i = 0; i < ncalls; i++)
		if (calls[i] == number)
			return true;
	return false;
}

static int open_nth(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fail-nth", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(path);
	return fd;
}

static void put_nth(int fd, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, (size_t)len, 0) != len)
		die("fail-nth");
}

static unsigned int get_nth(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth");
	return (unsigned int)strtoul(text, NULL, 10);
}

/* What is left of *@n when the call has ended; 0: it has struck. */
static void at_call(pid_t pid, int fd, unsigned int *n)
{
	struct __ptrace_syscall_info info;
	static bool counting;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
		die("ptrace");
	if (counting) {
		*n = get_nth(fd);
		put_nth(fd, 0);
		counting = false;
	}
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY && *n && is_meant((long)info.entry.nr)) {
		put_nth(fd, *n);
		counting = true;
	}
}

/* Follow the command to its end; its status, as a shell would say it. */
static int follow(pid_t pid, unsigned int *n)
{
	int fd, status, deliver = 0;

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		die("the command didn't start");
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	fd = open_nth(pid);
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, 0, deliver) < 0)
			die("ptrace");
		if (waitpid(pid, &status, 0) != pid)
			die("wait");
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		deliver = WSTOPSIG(status);
		if (deliver == (SIGTRAP | 0x80))
			at_call(pid, fd, n);
		if (deliver == (SIGTRAP | 0x80) || deliver == SIGTRAP)
			deliver = 0;
	}
}

int main(int argc, char **argv)
{
	unsigned int n;
	pid_t pid;
	int status;

	if (argc < 4) {
		fprintf(stderr, "usage: failnth SYSCALL[,SYSCALL]... N COMMAND [WORD]...\n");
		return 2;
	}
	calls_read(argv[1]);
	n = (unsigned int)strtoul(argv[2], NULL, 10);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	status = follow(pid, &n);
	printf("%s %d\n", n ? "spared" : "failed", status);
	return 0;
}
