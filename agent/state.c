// SPDX-License-Identifier: GPL-2.0-or-later
/* The state file: written whole beside the old one, then put in its place. */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A left-over of a crash is removed, so that what is opened is new and ours. */
static int write_file(const char *path, const char *text, size_t len)
{
	int fd, err;

	if (unlink(path) && errno != ENOENT)
		return -errno;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = write_all(fd, text, len);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int vw_state_save(const char *path, json_t *root)
{
	char tmp[PATH_MAX];
	char *text;
	int err;

	if (snprintf(tmp, sizeof(tmp), "%s.tmp", path) >= (int)sizeof(tmp))
		return -ENAMETOOLONG;
	text = json_dumps(root, JSON_COMPACT);
	if (!text)
		return -ENOMEM;
	/* the next start would refuse it: the older one is worth more */
	err = strlen(text) > VW_STATE_MAX ? -E2BIG : write_file(tmp, text, strlen(text));
	free(text);
	if (!err && rename(tmp, path))
		err = -errno;
	if (err && err != -E2BIG)
		unlink(tmp);
	return err;
}

static int check_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 0022))
		return -EPERM;
	return (size_t)st.st_size > VW_STATE_MAX ? -E2BIG : 0;
}

/* Half a line would hide all that come after it. */
static int append_line(int fd, const char *line, size_t len)
{
	off_t before = lseek(fd, 0, SEEK_END);
	int err = write_all(fd, line, len);

	if (err && (before < 0 || ftruncate(fd, before)))
		return -EIO;
	return err;
}

static int append(int fd, json_t *root)
{
	char *text = json_dumps(root, JSON_COMPACT), *line = NULL;
	int n = text ? asprintf(&line, "%s\n", text) : -1;
	int err = n < 0 ? -ENOMEM : append_line(fd, line, (size_t)n);

	free(text);
	if (n >= 0)
		free(line);
	return err;
}

ssize_t vw_state_append(const char *path, json_t *root)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		      0600);
	off_t size;
	int err;

	if (fd < 0)
		return -errno;
	err = check_file(fd);
	if (!err)
		err = append(fd, root);
	size = lseek(fd, 0, SEEK_END);
	close(fd);
	return err ? err : size;
}

/* To read it, when it can be trusted. */
static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd < 0)
		return errno == ELOOP ? -EPERM : -errno;
	err = check_file(fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int vw_state_lines(const char *path, void (*cb)(json_t *root, void *arg), void *arg)
{
	int fd = open_file(path);
	json_t *root;

	if (fd < 0)
		return fd;
	while ((root = json_loadfd(fd, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, NULL))) {
		cb(root, arg);
		json_decref(root);
	}
	close(fd);
	return 0;
}

int vw_state_load(const char *path, json_t **ret)
{
	int fd = open_file(path);
	json_t *root;

	if (fd < 0)
		return fd;
	root = json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL);
	close(fd);
	if (!json_is_object(root)) {
		json_decref(root);
		return -EBADMSG;
	}
	*ret = root;
	return 0;
}
