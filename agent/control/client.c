// SPDX-License-Identifier: GPL-2.0-or-later
/* The CLI's end of the control socket. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "socket.h"

#define ANSWER_SECONDS	30	/* a reload may wait for the DNS */
#define ANSWER_MAX	(64u << 20)

static int say(char *err, size_t errlen, int code, const char *what)
{
	snprintf(err, errlen, "%s: %s", what, strerror(-code));
	return code;
}

static int dial(const char *path, char *err, size_t errlen)
{
	struct timeval wait = { .tv_sec = ANSWER_SECONDS };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd, code;

	if (strlen(path) >= sizeof(un.sun_path))
		return say(err, errlen, -ENAMETOOLONG, path);
	strcpy(un.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return say(err, errlen, -errno, "socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (!connect(fd, (struct sockaddr *)&un, sizeof(un)))
		return fd;
	code = -errno;
	close(fd);
	if (code == -ENOENT || code == -ECONNREFUSED)
		snprintf(err, errlen, "the agent isn't running; start it with: "
			 "systemctl start voxwall");
	else if (code == -EACCES)
		snprintf(err, errlen, "not permitted to speak to the agent; be root");
	else
		say(err, errlen, code, path);
	return code;
}

static int send_request(int fd, json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	size_t len, done = 0;
	ssize_t n = 0;

	if (!text)
		return -ENOMEM;
	len = strlen(text);
	text[len++] = '\n';	/* where the NUL was: the length is known */
	while (done < len) {
		n = send(fd, text + done, len - done, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	free(text);
	return done == len ? 0 : -EPIPE;
}

static char *grow(char *line, size_t *room)
{
	char *more;

	*room *= 2;
	more = *room > ANSWER_MAX ? NULL : realloc(line, *room);
	if (!more)
		free(line);
	return more;
}

/* Take what has come, but nothing past a newline: that belongs to whoever follows. */
static ssize_t take_some(int fd, char *to, size_t room)
{
	ssize_t n = recv(fd, to, room, MSG_PEEK);
	char *end = n > 0 ? memchr(to, '\n', (size_t)n) : NULL;

	return n > 0 ? recv(fd, to, end ? (size_t)(end - to + 1) : (size_t)n, 0) : n;
}

static int read_line(int fd, char **ret)
{
	size_t len = 0, room = 8192;
	char *line = malloc(room);
	ssize_t n;

	while (line) {
		n = take_some(fd, line + len, room - len);
		if (n <= 0) {
			free(line);
			return n < 0 ? -errno : -EPIPE;
		}
		len += (size_t)n;
		if (line[len - 1] == '\n') {
			line[len - 1] = '\0';
			*ret = line;
			return 0;
		}
		if (len == room)
			line = grow(line, &room);
	}
	return -ENOMEM;
}

static int take_answer(const char *line, json_t **ret, char *err, size_t errlen)
{
	json_t *answer = json_loads(line, 0, NULL), *result = json_object_get(answer, "result");
	const char *error = json_string_value(json_object_get(answer, "error"));

	if (!json_is_true(json_object_get(answer, "ok"))) {
		snprintf(err, errlen, "%s", error ? error : "the agent's answer makes no sense");
		json_decref(answer);
		return -EREMOTEIO;
	}
	*ret = json_incref(result);
	json_decref(answer);
	return 0;
}

static int converse(int fd, json_t *request, json_t **ret, char *err, size_t errlen)
{
	char *line = NULL;
	int code = send_request(fd, request);

	if (!code)
		code = read_line(fd, &line);
	if (code)
		return say(err, errlen, code, "the agent does not answer");
	code = take_answer(line, ret, err, errlen);
	free(line);
	return code;
}

int vw_control_ask(const char *path, json_t *request, json_t **ret, char *err, size_t errlen,
		   int *ret_fd)
{
	struct timeval forever = { 0 };
	int fd, code;

	fd = dial(path, err, errlen);
	code = fd < 0 ? fd : converse(fd, request, ret, err, errlen);
	json_decref(request);
	if (!code && ret_fd) {
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof(forever));
		*ret_fd = fd;
	} else if (fd >= 0) {
		close(fd);
	}
	return code;
}
