// SPDX-License-Identifier: GPL-2.0-or-later
/* Locked memory, and a log that no stranger can abuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../agent/log.h"
#include "../../agent/secret.h"

static void test_random(void **state)
{
	struct vw_secret *a __vw_secret = vw_secret_random(30);
	struct vw_secret *b __vw_secret = vw_secret_random(30);
	struct vw_secret *c __vw_secret = vw_secret_copy(a->data, a->len);

	(void)state;
	assert_int_equal(a->len, 30);
	assert_false(vw_secret_equal(a, b));
	assert_true(vw_secret_equal(a, c));
	c->data[29] ^= 1;
	assert_false(vw_secret_equal(a, c));
}

static void test_edges(void **state)
{
	struct vw_secret *none __vw_secret = vw_secret_new(0);
	struct vw_secret *zero __vw_secret = vw_secret_new(16);
	static const uint8_t zeros[16];

	(void)state;
	assert_int_equal(none->len, 0);
	assert_memory_equal(zero->data, zeros, sizeof(zeros));
	assert_false(vw_secret_equal(none, zero));
	assert_false(vw_secret_equal(NULL, NULL));
	assert_null(vw_secret_new((size_t)-1));
	vw_secret_free(NULL);
}

static void test_wipe(void **state)
{
	char key[16] = "0123456789abcde";
	static const char zeros[16];

	(void)state;
	vw_wipe(key, sizeof(key));
	assert_memory_equal(key, zeros, sizeof(zeros));
}

static char heard[2048];
static int times;

static void listen(enum vw_log_level level, const char *text, void *arg)
{
	(void)level;
	(void)arg;
	snprintf(heard, sizeof(heard), "%s", text);
	times++;
}

static void test_log(void **state)
{
	char flood[4096];

	(void)state;
	vw_log_tap(listen, NULL);
	vw_log_level(VW_LOG_ERR);
	vw_info("user %s", "a\x1b[31m\nvoxwalld: error: forged\x9b\x7f");
	assert_string_equal(heard, "user a\\x1b[31m\\x0avoxwalld: error: forged\\x9b\\x7f");
	memset(flood, '\x01', sizeof(flood));
	flood[sizeof(flood) - 1] = '\0';
	vw_info("%s", flood);
	assert_true(strlen(heard) < 1024);
	vw_debug("not for the tap");
	assert_int_equal(times, 2);
	assert_true(vw_log_enabled(VW_LOG_ERR));
	assert_false(vw_log_enabled(VW_LOG_WARN));
	vw_log_tap(NULL, NULL);
	vw_info("nobody hears it");
	assert_int_equal(times, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random), cmocka_unit_test(test_edges),
		cmocka_unit_test(test_wipe), cmocka_unit_test(test_log),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
