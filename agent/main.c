// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwalld: options, privileges, and the loop. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent.h"
#include "log.h"
#include "loop.h"
#include "notify.h"
#include "privilege.h"
#include "secret.h"
#include "state.h"

#define LOCK_PATH	VW_STATE_DIR "/lock"

static const char help[] =
	"Usage: voxwalld [-c FILE] [-v]\n"
	"Guard ports, carry calls: the control path of voxwall. Stays in the foreground.\n"
	"\n"
	"  -c, --config FILE   the configuration (default " VW_CONF_PATH ")\n"
	"  -v, --verbose       log more\n"
	"  -h, --help          this text\n"
	"  -V, --version       the version\n"
	"\n"
	"See voxwalld(8), voxwall.conf(5) and voxwall(8).\n";

/* The exit status: a full disk shows at the last write. */
static int say(const char *text)
{
	if (fputs(text, stdout) != EOF && !fflush(stdout))
		return 0;
	fprintf(stderr, "voxwalld: can't write to the standard output: %s\n", strerror(errno));
	return 1;
}

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, const char **ret_path)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' }, { "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:vhV", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			*ret_path = optarg;
			break;
		case 'v':
			vw_log_level(VW_LOG_DEBUG);
			break;
		case 'h':
			return say(help);
		case 'V':
			return say("voxwalld " VOXWALL_VERSION "\n");
		default:
			fputs("voxwalld: try voxwalld --help\n", stderr);
			return 2;
		}
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "voxwalld: unexpected argument \"%s\"; try voxwalld --help\n",
		argv[optind]);
	return 2;
}

/* One agent at a time. The lock goes with the process, however it ends. */
static int take_lock(void)
{
	int fd;

	if (mkdir(VW_STATE_DIR, 0750) && errno != EEXIST) {
		vw_err("can't make %s: %s", VW_STATE_DIR, strerror(errno));
		return -1;
	}
	fd = open(LOCK_PATH, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		vw_err("can't open %s: %s", LOCK_PATH, strerror(errno));
		return -1;
	}
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	vw_err("another voxwalld is running; stop it first: systemctl stop voxwall");
	close(fd);
	return -1;
}

static int prepare(struct vw_agent *a, const char *path)
{
	static char err[VW_AGENT_TEXT];

	signal(SIGPIPE, SIG_IGN);
	vw_privilege_files();
	if (vw_secret_init()) {
		vw_err("can't lock memory for keys; raise the limit of locked memory");
		return -1;
	}
	a->locked = !vw_privilege_lock();
	if (!a->locked)
		vw_warn("memory could not be locked; keys may reach the swap");
	a->conf_path = path;
	if (vw_conf_load(path, &a->conf, err, sizeof(err))) {
		vw_err("%s", err);
		return -1;
	}
	return take_lock();
}

static int serve(struct vw_agent *a)
{
	char err[VW_AGENT_TEXT] = "";
	int code = vw_agent_start(a, err, sizeof(err));

	if (!code) {
		code = vw_privilege_drop();
		snprintf(err, sizeof(err), "can't drop privileges: %s", strerror(-code));
	}
	if (code) {
		vw_err("%s", err);
		return 1;
	}
	vw_agent_ready(a);
	code = vw_loop_run(a->loop);
	vw_notify("STOPPING=1");
	return code ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *path = VW_CONF_PATH;
	struct vw_agent a = { 0 };
	int status = read_options(argc, argv, &path);

	if (status >= 0)
		return status;
	status = prepare(&a, path) ? 1 : serve(&a);
	vw_agent_stop(&a);
	return status;
}
