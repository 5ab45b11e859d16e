// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket, both ends, and whoever abuses it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../agent/control/socket.h"
#include "../../agent/loop.h"

static char path[64];
static struct vw_loop *loop;
static struct vw_control *control;
static int kept[1000];

static json_t *handle(const char *verb, json_t *request, char *err, size_t errlen, void *arg)
{
	(void)arg;
	if (!strcmp(verb, "echo"))
		return json_incref(json_object_get(request, "what"));
	if (!strcmp(verb, "large"))
		return json_sprintf("%*d", 300000, 7);
	snprintf(err, errlen, "no \"%s\"", verb);
	return NULL;
}

static int dial(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct timeval wait = { .tv_usec = 200000 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(un.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	return fd;
}

/* Let the agent's end work until it has nothing to do. */
static void pump(void)
{
	for (int i = 0; i < 50; i++)
		event_base_loop(vw_loop_base(loop), EVLOOP_NONBLOCK);
}

static ssize_t say(int fd, const char *text, char *answer, size_t room)
{
	ssize_t n;

	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return -1;
	pump();
	n = recv(fd, answer, room - 1, 0);
	answer[n > 0 ? n : 0] = '\0';
	return n;
}

static void test_lines(void **state)
{
	static const struct {
		const char *text;
		const char *answer;	/* a part of it */
	} rows[] = {
		{ "{\"verb\":\"echo\",\"what\":[1,2]}\n", "{\"ok\":true,\"result\":[1,2]}\n" },
		{ "{\"verb\":\"other\"}\n", "\"error\":\"no \\\"other\\\"\"" },
		{ "{\"verb\":1}\n", "has no verb" }, { "{}\n", "has no verb" },
		{ "[]\n", "not a JSON object" }, { "\n", "not a JSON object" },
		{ "garbage\n", "not a JSON object" }, { "\x01\xff\xfe\n", "not a JSON object" },
		{ "{\"verb\":\"a\",\"verb\":\"b\"}\n", "not a JSON object" },
		{ "{}\n{}\n", "has no verb\"}\n{\"ok\":false" },
	};
	char answer[1024];
	int fd = dial();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		say(fd, rows[i].text, answer, sizeof(answer));
		if (!strstr(answer, rows[i].answer))
			fail_msg("%s answered %s", rows[i].text, answer);
	}
	close(fd);
}

static void test_in_pieces(void **state)
{
	char answer[256];
	int fd = dial();

	(void)state;
	assert_int_equal(say(fd, "{\"verb\":\"ec", answer, sizeof(answer)), -1);
	assert_true(say(fd, "ho\",\"what\":3}\n", answer, sizeof(answer)) > 0);
	assert_non_null(strstr(answer, "\"result\":3"));
	close(fd);
}

static void test_endless_line(void **state)
{
	char *flood = calloc(1, 2 * VW_CONTROL_LINE), answer[64];
	int fd = dial();

	(void)state;
	memset(flood, 'a', 2 * VW_CONTROL_LINE - 1);
	for (int i = 0; i < 4; i++)
		if (say(fd, flood, answer, sizeof(answer)) == 0 || errno == EPIPE)
			break;
	free(flood);
	assert_int_equal(send(fd, "a", 1, MSG_NOSIGNAL), -1);
	assert_int_equal(errno, EPIPE);
	close(fd);
	fd = dial();
	assert_true(say(fd, "{}\n", answer, sizeof(answer)) > 0);
	close(fd);
}

/* Thousands that say half of something: each makes room for the next. */
static void test_too_many(void **state)
{
	char answer[64];
	int last;

	(void)state;
	pump();
	for (int i = 0; i < 2000; i++) {
		last = dial();
		send(last, "{\"verb\":", 8, MSG_NOSIGNAL);
		event_base_loop(vw_loop_base(loop), EVLOOP_NONBLOCK);
		if (i % 2)
			close(last);
		else
			kept[i / 2] = last;
	}
	last = dial();
	assert_true(say(last, "{}\n", answer, sizeof(answer)) > 0);
	close(last);
	/* the latest that stayed is still heard, the first one was sent away */
	assert_true(say(kept[999], "\"echo\",\"what\":4}\n", answer, sizeof(answer)) > 0);
	assert_non_null(strstr(answer, "\"result\":4"));
	assert_int_equal(recv(kept[0], answer, 1, 0), 0);
	for (int i = 0; i < 1000; i++)
		close(kept[i]);
	pump();
}

/* Those who listen to events stay; when there are no others, nobody comes in. */
static void test_listeners_stay(void **state)
{
	int fd[VW_CONTROL_CLIENTS + 1];
	char answer[64];

	(void)state;
	for (int i = 0; i <= VW_CONTROL_CLIENTS; i++) {
		fd[i] = dial();
		if (i < VW_CONTROL_CLIENTS)
			assert_true(say(fd[i], "{\"verb\":\"events\"}\n", answer, sizeof(answer)) > 0);
	}
	pump();
	assert_int_equal(recv(fd[VW_CONTROL_CLIENTS], answer, 1, 0), 0);
	vw_control_publish(control, json_object());
	pump();
	assert_int_equal(recv(fd[0], answer, sizeof(answer), 0), 3);
	for (int i = 0; i <= VW_CONTROL_CLIENTS; i++)
		close(fd[i]);
	pump();
	fd[0] = dial();
	assert_true(say(fd[0], "{}\n", answer, sizeof(answer)) > 0);
	close(fd[0]);
}

/* Who asks and asks, and reads nothing, is cut off with a megabyte and one answer. */
static void test_deaf(void **state)
{
	char *text = malloc(65536), answer[64];
	size_t got = 0;
	int fd = dial();
	ssize_t n;

	(void)state;
	for (int i = 0; i < 100; i++)
		if (send(fd, "{\"verb\":\"large\"}\n", 17, MSG_NOSIGNAL) == 17)
			pump();
	while ((n = recv(fd, text, 65536, 0)) > 0)
		got += (size_t)n;
	free(text);
	assert_true(n == 0 || errno == ECONNRESET);
	assert_in_range(got, 1, VW_CONTROL_BACKLOG + 2 * 300100);
	fd = dial();
	assert_true(say(fd, "{}\n", answer, sizeof(answer)) > 0);
	close(fd);
}

/* No descriptor is left: who knocks is sent away, not left to knock for ever. */
static void test_no_descriptors(void **state)
{
	struct rlimit old, few;
	int first, second;
	char answer[64];

	(void)state;
	pump();
	first = dial();
	second = dial();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = (struct rlimit){ (rlim_t)second + 1, old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	pump();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(recv(first, answer, 1, 0), 0);
	assert_int_equal(recv(second, answer, 1, 0), 0);
	close(first);
	close(second);
	first = dial();
	pump();
	assert_true(say(first, "{}\n", answer, sizeof(answer)) > 0);
	close(first);
}

static void test_events(void **state)
{
	int listener = dial(), other = dial();
	char answer[256];

	(void)state;
	say(listener, "{\"verb\":\"events\"}\n", answer, sizeof(answer));
	assert_non_null(strstr(answer, "\"ok\":true"));
	vw_control_publish(control, json_pack("{s:s}", "event", "x\x1b"));
	pump();
	assert_true(recv(listener, answer, sizeof(answer), 0) > 0);
	assert_non_null(strstr(answer, "{\"event\":\"x\\u001B\"}\n"));
	assert_int_equal(recv(other, answer, sizeof(answer), 0), -1);
	assert_int_equal(say(listener, "{}\n", answer, sizeof(answer)), -1);
	close(listener);
	close(other);
	pump();
	vw_control_publish(control, json_object());
	vw_control_publish(control, NULL);
}

/* Who asks for events and sleeps is cut off before the agent grows. */
static void test_sleeper(void **state)
{
	char *text = calloc(1, 65536), answer[64];
	int fd = dial();
	ssize_t n;

	(void)state;
	memset(text, 'e', 65535);
	say(fd, "{\"verb\":\"events\"}\n", answer, sizeof(answer));
	for (int i = 0; i < 100; i++) {
		vw_control_publish(control, json_pack("{s:s}", "event", text));
		pump();
	}
	do {
		n = recv(fd, text, 65536, 0);
	} while (n > 0);
	free(text);
	assert_true(n == 0 || errno == ECONNRESET);
	close(fd);
}

/* The CLI's end, in a process of its own since it waits. */
static int ask(const char *verb)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		json_t *result = NULL;
		char err[128];
		int code = vw_control_ask(path, json_pack("{s:s, s:i}", "verb", verb, "what", 5),
					  &result, err, sizeof(err), NULL);

		if (code)
			_exit(code == -EREMOTEIO ? 100 : code == -ENOENT ? 101 : 102);
		_exit(json_is_string(result) ? json_string_length(result) == 300000 ? 99 : 98 :
		      (int)json_integer_value(result));
	}
	while (!waitpid(pid, &status, WNOHANG))
		pump();
	return WEXITSTATUS(status);
}

static void test_client(void **state)
{
	(void)state;
	assert_int_equal(ask("echo"), 5);
	assert_int_equal(ask("large"), 99);
	assert_int_equal(ask("other"), 100);
}

static void test_gone(void **state)
{
	json_t *result = NULL;
	struct stat st;
	char err[128];

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	vw_control_free(control);
	control = NULL;
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(vw_control_ask(path, json_object(), &result, err, sizeof(err), NULL),
			 -ENOENT);
	assert_non_null(strstr(err, "systemctl start voxwall"));
}

static int start(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	alarm(60);	/* an end that waits for ever is a failure */
	snprintf(path, sizeof(path), "/tmp/voxwall-control-%d.sock", getpid());
	loop = vw_loop_new();
	control = loop ? vw_control_new(loop, path, handle, NULL) : NULL;
	return control ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	vw_control_free(control);
	vw_loop_free(loop);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines), cmocka_unit_test(test_in_pieces),
		cmocka_unit_test(test_endless_line), cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_listeners_stay), cmocka_unit_test(test_deaf),
		cmocka_unit_test(test_no_descriptors),
		cmocka_unit_test(test_events), cmocka_unit_test(test_sleeper),
		cmocka_unit_test(test_client), cmocka_unit_test(test_gone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, end);
}
