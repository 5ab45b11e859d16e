// SPDX-License-Identifier: GPL-2.0-or-later
/* The state file: whole or not at all, nobody else's, never too large. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../agent/state.h"

static char dir[64], path[96], tmp[128];

static void put(const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	assert_int_equal(chmod(path, 0600), 0);
}

static void test_round_trip(void **state)
{
	json_t *in = json_pack("{s:[{s:s}, {s:s}]}", "calls", "id", "a", "id", "b\x01\xc3\xa4");
	json_t *out = NULL;
	struct stat st;

	(void)state;
	assert_int_equal(vw_state_save(path, in), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(access(tmp, F_OK), -1);
	assert_int_equal(vw_state_load(path, &out), 0);
	assert_true(json_equal(in, out));
	json_decref(in);
	json_decref(out);
}

/* What a crash left, or somebody put there to be written through. */
static void test_left_over(void **state)
{
	json_t *in = json_pack("{s:i}", "n", 1), *out = NULL;
	char victim[128];

	(void)state;
	snprintf(victim, sizeof(victim), "%s/victim", dir);
	assert_int_equal(symlink(victim, tmp), 0);
	assert_int_equal(vw_state_save(path, in), 0);
	assert_int_equal(access(victim, F_OK), -1);
	assert_int_equal(vw_state_load(path, &out), 0);
	json_decref(in);
	json_decref(out);
}

static void test_old_stays(void **state)
{
	json_t *in = json_pack("{s:i}", "n", 2), *out = NULL;

	(void)state;
	put("{\"n\": 1}");
	assert_int_equal(mkdir(tmp, 0700), 0);	/* can't be unlinked */
	assert_int_not_equal(vw_state_save(path, in), 0);
	assert_int_equal(rmdir(tmp), 0);
	assert_int_equal(vw_state_load(path, &out), 0);
	assert_int_equal(json_integer_value(json_object_get(out, "n")), 1);
	json_decref(in);
	json_decref(out);
}

static void test_not_ours(void **state)
{
	static const struct {
		const char *text;
		int err;
	} rows[] = {
		{ "", -EBADMSG }, { "{", -EBADMSG }, { "[]", -EBADMSG }, { "1", -EBADMSG },
		{ "{} {}", -EBADMSG }, { "{\"a\":1,\"a\":2}", -EBADMSG }, { "\xff\xfe", -EBADMSG },
		{ "{}", 0 },
	};
	json_t *out = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(rows[i].text);
		assert_int_equal(vw_state_load(path, &out), rows[i].err);
	}
	json_decref(out);
	assert_int_equal(chmod(path, 0620), 0);
	assert_int_equal(vw_state_load(path, &out), -EPERM);
	assert_int_equal(chmod(path, 0602), 0);
	assert_int_equal(vw_state_load(path, &out), -EPERM);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(vw_state_load(path, &out), -ENOENT);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(vw_state_load(path, &out), -EPERM);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(vw_state_load(path, &out), -EPERM);
	assert_int_equal(unlink(path), 0);
}

static void test_too_large(void **state)
{
	json_t *out = NULL;

	(void)state;
	put("{}");
	assert_int_equal(truncate(path, (off_t)VW_STATE_MAX + 1), 0);
	assert_int_equal(vw_state_load(path, &out), -E2BIG);
}

static void count(json_t *root, void *arg)
{
	*(json_int_t *)arg = *(json_int_t *)arg * 10 +
			     json_integer_value(json_object_get(root, "n"));
}

/* A line that was cut off ends the log; what came before it is good. */
static void test_log(void **state)
{
	json_int_t seen = 0;
	ssize_t size = 0;

	(void)state;
	unlink(path);
	assert_int_equal(vw_state_lines(path, count, &seen), -ENOENT);
	for (int i = 1; i < 4; i++) {
		json_t *line = json_pack("{s:i}", "n", i);

		size = vw_state_append(path, line);
		assert_int_equal(size, i * 8);
		json_decref(line);
	}
	assert_int_equal(vw_state_lines(path, count, &seen), 0);
	assert_int_equal(seen, 123);
	seen = 0;
	assert_int_equal(truncate(path, size - 3), 0);
	assert_int_equal(vw_state_lines(path, count, &seen), 0);
	assert_int_equal(seen, 12);
}

/* Room ran out in the middle of a line: those that come later are still found. */
static void test_log_full(void **state)
{
	struct rlimit old, little;
	json_int_t seen = 0;
	json_t *line = json_pack("{s:i}", "n", 1);

	(void)state;
	unlink(path);
	assert_int_equal(vw_state_append(path, line), 8);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	little = (struct rlimit){ 12, old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	assert_int_equal(vw_state_append(path, line), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(vw_state_append(path, line), 16);
	json_decref(line);
	assert_int_equal(vw_state_lines(path, count, &seen), 0);
	assert_int_equal(seen, 11);
}

/* What couldn't be read again isn't written: the older document stays. */
static void test_never_too_large(void **state)
{
	char *text = malloc(VW_STATE_MAX + 1u);
	json_t *out = NULL, *big;

	(void)state;
	put("{\"old\": 1}");
	memset(text, 'a', VW_STATE_MAX);
	text[VW_STATE_MAX] = '\0';
	big = json_pack("{s:o}", "x", json_string(text));
	assert_int_equal(vw_state_save(path, big), -E2BIG);
	json_decref(big);
	free(text);
	assert_int_equal(vw_state_load(path, &out), 0);
	assert_int_equal(json_integer_value(json_object_get(out, "old")), 1);
	json_decref(out);
}

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/voxwall-state-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/state.json", dir);
	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	return 0;
}

static int drop_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_old_stays), cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_never_too_large),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_log_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
