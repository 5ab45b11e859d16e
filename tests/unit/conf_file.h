/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration file that a test writes and loads. */
#ifndef TESTS_UNIT_CONF_FILE_H
#define TESTS_UNIT_CONF_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../agent/conf.h"
#include "../../agent/value.h"

static char path[64];	/* of the file under test */

static inline int load(const char *text, struct vw_conf **ret, char *err, size_t errlen)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	err[0] = '\0';
	return vw_conf_load(path, ret, err, errlen);
}

#define VOICE	"voice { vlan = 100 }\n"
#define PORTS	VOICE "port \"lan1\" { mode = access data-vlan = 10 }\nuplink \"wan0\" { }\n"
#define TRUNK	"voice { vlan = 100 listen = \"10.1.100.1\" }\nuplink \"wan0\" { }\n"

static inline struct vw_conf *load_good(const char *text)
{
	struct vw_conf *c = NULL;
	char err[512];

	if (load(text, &c, err, sizeof(err)))
		fail_msg("%s", err);
	return c;
}

static inline int make_path(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/voxwall-conf-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 || close(fd);
}

static inline int drop_path(void **state)
{
	(void)state;
	return unlink(path);
}

#endif
