// SPDX-License-Identifier: GPL-2.0-or-later
/* voxwall events: from the agent, or from the module when there is no agent. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../agent/control/event.h"
#include "../agent/control/socket.h"
#include "agent.h"
#include "out.h"

static void print_members(const json_t *event)
{
	char safe[512];
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)event, key, value) {
		if (!strcmp(key, "time") || !strcmp(key, "source") || !strcmp(key, "event") ||
		    !strcmp(key, "level"))
			continue;
		if (json_is_string(value))
			printf(" %s%s%s", strcmp(key, "text") ? key : "",
			       strcmp(key, "text") ? " " : "",
			       vw_out_safe(json_string_value(value), safe, sizeof(safe)));
		else if (json_is_integer(value))
			printf(" %s %lld", key, (long long)json_integer_value(value));
	}
}

static void print_event(const struct vw_cli *c, json_t *event)
{
	time_t when = (time_t)json_number_value(json_object_get(event, "time"));
	char stamp[32] = "", safe[64];
	struct tm tm;

	if (c->json) {
		json_dumpf(event, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	} else {
		if (localtime_r(&when, &tm))
			strftime(stamp, sizeof(stamp), "%F %T", &tm);
		printf("%s %s", stamp,
		       vw_out_safe(vw_cli_text(event, "event"), safe, sizeof(safe)));
		print_members(event);
	}
	putchar('\n');
	fflush(stdout);
}

static int follow_agent(const struct vw_cli *c, int fd)
{
	FILE *in = fdopen(fd, "r");
	size_t room = 0;
	char *line = NULL;
	json_t *event;

	while (in && getline(&line, &room, in) > 0 && !ferror(stdout)) {
		event = json_loads(line, 0, NULL);
		if (event)
			print_event(c, event);
		json_decref(event);
	}
	free(line);
	if (in)
		fclose(in);
	return ferror(stdout) ? VW_EXIT_FAILED : vw_cli_fail(c, "the agent has ended");
}

static void on_event(const struct vw_genl_event *ev, void *arg)
{
	json_t *event = vw_event_json(ev);

	print_event(arg, event);
	json_decref(event);
}

static int follow_module(struct vw_cli *c)
{
	struct pollfd p = { .events = POLLIN };
	struct vw_genl *g;
	int err;

	if (vw_genl_events_open(&g, on_event, c))
		return vw_cli_fail(c, "%s", vw_genl_error(NULL));
	p.fd = vw_genl_events_fd(g);
	while (poll(&p, 1, -1) >= 0 && !ferror(stdout)) {
		err = vw_genl_events_read(g);
		if (err == -ENOBUFS)
			fputs("voxwall: events: some events were lost\n", stderr);
		else if (err)
			break;
	}
	vw_genl_close(g);
	return vw_cli_fail(c, "the module has gone");
}

static int follow(struct vw_cli *c)
{
	json_t *none = NULL;
	char err[256];
	int fd, code;

	code = vw_control_ask(VW_CONTROL_PATH, json_pack("{s:s}", "verb", "events"), &none, err,
			      sizeof(err), &fd);
	json_decref(none);
	if (!code)
		return follow_agent(c, fd);
	if (code != -ENOENT && code != -ECONNREFUSED)
		return vw_cli_fail(c, "%s", err);
	fputs("voxwall: events: the agent isn't running: only the module's events follow\n",
	      stderr);
	return follow_module(c);
}

const struct vw_verb vw_cli_events[] = {
	{ "events", "", "follow what happens until interrupted; --json: an object on each line",
	  follow, true, false, 0, 0 },
	{ NULL, NULL, NULL, NULL, false, false, 0, 0 }
};
