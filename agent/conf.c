// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading the file: libconfuse knows the grammar, this knows lines and errors. */
#include "conf.h"

#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_priv.h"

#define MAX_FILE	(1u << 20)	/* bytes */

/*
 * libconfuse takes the end of the file for the end of every open section, so a
 * file cut short would pass. This option is added as its last line: it is only
 * known outside of sections.
 */
#define THE_END		"end-of-file"

/* libconfuse's callbacks have no argument of ours. Set while a file is parsed. */
static __thread struct vw_conf_file *parsing;

int vw_conf_refuse(struct vw_conf_file *f, unsigned int line, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (f->refused)
		return -EINVAL;
	f->refused = true;
	n = snprintf(f->err, f->errlen, "%s:%u: ", f->path, line);
	if (n < 0 || (size_t)n >= f->errlen)
		return -EINVAL;
	va_start(ap, fmt);
	vsnprintf(f->err + n, f->errlen - (size_t)n, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static struct vw_conf_seen *seen_entry(struct vw_conf_file *f, const cfg_opt_t *opt)
{
	struct vw_conf_seen *more;

	for (size_t i = 0; i < f->nseen; i++)
		if (f->seen[i].opt == opt)
			return &f->seen[i];
	more = realloc(f->seen, (f->nseen + 1) * sizeof(*more));
	if (!more)
		return NULL;
	f->seen = more;
	memset(&more[f->nseen], 0, sizeof(*more));
	more[f->nseen].opt = opt;
	return &more[f->nseen++];
}

/* Called for each value, before it is kept. */
static int on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	(void)cfg;
	(void)opt;
	parsing->fresh = true;
	*(const char **)result = value;
	return 0;
}

/*
 * Called after each value and at the end of each list. libconfuse would let a
 * second "name = ..." win; here it is an error. A list that begins again shows
 * by having no more values than before.
 */
static int on_option(cfg_t *cfg, cfg_opt_t *opt)
{
	struct vw_conf_file *f = parsing;
	struct vw_conf_seen *e = seen_entry(f, opt);
	unsigned int line = (unsigned int)cfg->line;
	bool value = f->fresh;

	f->fresh = false;
	if (!e)
		return vw_conf_refuse(f, line, "out of memory");
	if (e->closed || (value && e->count >= opt->nvalues))
		return vw_conf_refuse(f, line, "%s is given a second time, first in line %u; "
				      "keep one of them", opt->name, e->line);
	e->closed = !value;
	e->count = opt->nvalues;
	if (!e->line)
		e->line = line;
	return 0;
}

/* Things that the design has and this version hasn't: refused, never ignored. */
static int on_later(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	(void)value;
	(void)result;
	return vw_conf_refuse(parsing, (unsigned int)cfg->line,
			      "%s is not supported in this version; remove the line and "
			      "authorise stations with station sections", opt->name);
}

#define WORD(name)	CFG_STR_CB(name, NULL, CFGF_NODEFAULT, on_value)
#define WORDS(name)	CFG_STR_LIST_CB(name, NULL, CFGF_NODEFAULT, on_value)
#define LATER(name)	CFG_STR_CB(name, NULL, CFGF_NODEFAULT, on_later)
#define NAMED		(CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES)

static cfg_opt_t voice_opts[] = {
	WORD("vlan"), WORDS("services"), WORDS("provisioning"), WORD("listen"), WORD("device"),
	WORD("dscp-rtp"), WORD("dscp-sip"), WORD("dialog-timeout"), WORD("max-streams"),
	WORD("max-stations"), CFG_END()
};

static cfg_opt_t data_opts[] = { WORDS("vlans"), WORD("rogue-voice"), CFG_END() };
static cfg_opt_t media_opts[] = { WORD("ports"), WORD("timeout"), WORD("latch"), CFG_END() };

static cfg_opt_t port_opts[] = {
	WORD("mode"), WORD("data-vlan"), WORDS("vlans"), WORD("voice"), WORDS("authorise"),
	LATER("dot1x"), LATER("mab"), LATER("critical"), CFG_END()
};

static cfg_opt_t uplink_opts[] = { WORD("bandwidth"), WORD("allow-clear"), CFG_END() };
static cfg_opt_t station_opts[] = { WORD("port"), WORDS("allow"), CFG_END() };

static cfg_opt_t trunk_opts[] = {
	WORD("uplink"), WORD("proxy"), WORD("local"), WORD("media"), WORDS("suites"),
	WORDS("keys"), WORD("latch"), WORD("fastpath"), CFG_END()
};

static cfg_opt_t root_opts[] = {
	CFG_SEC("voice", voice_opts, CFGF_MULTI), CFG_SEC("data", data_opts, CFGF_MULTI),
	CFG_SEC("media", media_opts, CFGF_MULTI), CFG_SEC("port", port_opts, NAMED),
	CFG_SEC("uplink", uplink_opts, NAMED), CFG_SEC("station", station_opts, NAMED),
	CFG_SEC("trunk", trunk_opts, NAMED), WORD(THE_END), CFG_END()
};

static void watch_options(cfg_t *cfg)
{
	char path[64];

	for (cfg_opt_t *sec = root_opts; sec->name; sec++) {
		for (cfg_opt_t *opt = sec->subopts; opt && opt->name; opt++) {
			snprintf(path, sizeof(path), "%s|%s", sec->name, opt->name);
			cfg_set_validate_func(cfg, path, on_option);
		}
	}
}

void vw_conf_warn(struct vw_conf_file *f, struct vw_conf *c, unsigned int line,
		  const char *fmt, ...)
{
	char text[512], *all;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (asprintf(&all, "%s%s:%u: %s\n", c->warnings ?: "", f->path, line, text) < 0)
		return;
	free(c->warnings);
	c->warnings = all;
}

/* It was opened long before the line in which that shows. */
static int refuse_unclosed(struct vw_conf_file *f, unsigned int line)
{
	return vw_conf_refuse(f, line, "the file ends inside the section, list or quote that "
			      "begins in line %u; close it", vw_conf_open_line(f->text, f->len));
}

/* A section inside of another one is a brace that was forgotten. */
static int refuse_nested(struct vw_conf_file *f, unsigned int line)
{
	unsigned int n = 1;
	size_t len = 0;

	while (len < f->len && n < line)
		n += f->text[len++] == '\n';
	return vw_conf_refuse(f, line, "a section can't stand inside of another one; the one that "
			      "begins in line %u isn't closed: add }",
			      vw_conf_open_line(f->text, len) ?: line);
}

static bool names_section(const char *text)
{
	char name[64];

	if (sscanf(text, "no such option '%63[a-z]'", name) != 1)
		return false;
	for (const cfg_opt_t *sec = root_opts; sec->name; sec++)
		if (sec->subopts && !strcmp(sec->name, name))
			return true;
	return false;
}

/* What to do about what libconfuse finds. */
static const char *advice(const char *text)
{
	if (!strncmp(text, "no such option", 14))
		return "voxwall.conf(5) lists what may stand here";
	if (!strncmp(text, "found duplicate title", 21))
		return "keep one of the two sections";
	return "write name = value, and lists as { a, b }";
}

static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	unsigned int line = cfg ? (unsigned int)cfg->line : 0;
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (strstr(text, THE_END) || strstr(text, "end of file"))
		refuse_unclosed(parsing, line);
	else if (names_section(text))
		refuse_nested(parsing, line);
	else
		vw_conf_refuse(parsing, line, "%s; %s", text, advice(text));
}

static int build(struct vw_conf_file *f, cfg_t *cfg, struct vw_conf *c)
{
	if (f->refused)
		return -EINVAL;
	if (!cfg_getstr(cfg, THE_END))
		return refuse_unclosed(f, (unsigned int)cfg->line);
	return vw_conf_build(f, cfg, c);
}

static int parse(struct vw_conf_file *f, FILE *in, struct vw_conf *c)
{
	cfg_t *cfg = cfg_init(root_opts, CFGF_NONE);
	int err;

	if (!cfg)
		return vw_conf_refuse(f, 0, "out of memory");
	cfg->filename = strdup(f->path);
	cfg_set_error_function(cfg, on_error);
	watch_options(cfg);
	parsing = f;
	err = cfg->filename ? cfg_parse_fp(cfg, in) : CFG_FILE_ERROR;
	parsing = NULL;
	if (err)
		err = vw_conf_refuse(f, (unsigned int)cfg->line, "cannot be understood; "
				     "voxwall.conf(5) has the grammar");
	else
		err = build(f, cfg, c);
	cfg_free(cfg);
	free(f->seen);
	return err;
}

static int refuse_file(const char *path, char *err, size_t errlen, int code, const char *why)
{
	snprintf(err, errlen, "%s: %s", path, why);
	return code;
}

static int refuse_errno(const char *path, char *err, size_t errlen, int code, const char *todo)
{
	snprintf(err, errlen, "%s: %s; %s", path, strerror(code), todo);
	return -code;
}

static int check_file(const char *path, int fd, char *err, size_t errlen)
{
	struct stat st;

	if (fstat(fd, &st))
		return refuse_errno(path, err, errlen, errno, "try again");
	if (!S_ISREG(st.st_mode))
		return refuse_file(path, err, errlen, -EINVAL, "it is no regular file; name one");
	if (st.st_mode & 0002)
		return refuse_file(path, err, errlen, -EPERM, "everybody may write to it: "
				   "chmod o-w it and look at what it says");
	if (st.st_size > MAX_FILE)
		return refuse_file(path, err, errlen, -E2BIG, "it is larger than 1 MiB, which is "
				   "the limit");
	return 0;
}

/*
 * Read whole, because the scanner under libconfuse ends the program on a read
 * error. Return: the text, with room for THE_END behind it, or NULL.
 */
static char *read_file(int fd, size_t *ret_len)
{
	char *text = malloc(MAX_FILE + sizeof("\n" THE_END " = yes\n"));
	size_t len = 0;
	ssize_t n = -1;

	while (text && len < MAX_FILE) {
		n = read(fd, text + len, MAX_FILE - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	if (n < 0) {
		free(text);
		return NULL;
	}
	if (len && text[len - 1] != '\n')
		text[len++] = '\n';
	*ret_len = len;
	return text;
}

static int parse_text(struct vw_conf_file *f, char *text, size_t len, struct vw_conf **ret)
{
	struct vw_conf *c;
	unsigned int line;
	FILE *in;
	int err;

	err = vw_conf_blank_comments(text, len, &line);
	if (err == -EBADMSG)
		return vw_conf_refuse(f, line, "a * or + has no meaning here; take it out, or put "
				      "quotes around the value");
	if (err)
		return vw_conf_refuse(f, line, "a comment begins here and never ends; close it");
	f->text = text;
	f->len = len;
	len += (size_t)sprintf(text + len, THE_END " = yes\n");
	c = calloc(1, sizeof(*c));
	in = fmemopen(text, len, "r");

	if (c && in) {
		c->refs = 1;
		err = parse(f, in, c);
	} else {
		err = vw_conf_refuse(f, 0, "out of memory");
	}
	if (in)
		fclose(in);
	if (!err)
		*ret = c;
	else if (c)
		vw_conf_put(c);
	return err;
}

int vw_conf_load(const char *path, struct vw_conf **ret, char *err, size_t errlen)
{
	struct vw_conf_file f = { .path = path, .err = err, .errlen = errlen };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	size_t len = 0;
	int code;

	if (fd < 0)
		return refuse_errno(path, err, errlen, errno, errno == EACCES ? "be root" :
				    "write one after voxwall.conf(5), or name another");
	code = check_file(path, fd, err, errlen);
	if (!code) {
		text = read_file(fd, &len);
		code = text ? 0 : refuse_errno(path, err, errlen, errno, "try again");
	}
	close(fd);
	if (!code && memchr(text, '\0', len))
		code = refuse_file(path, err, errlen, -EINVAL, "it holds a NUL byte, so it is "
				   "not a text file");
	if (!code)
		code = parse_text(&f, text, len, ret);
	free(text);
	return code;
}

struct vw_conf *vw_conf_get(struct vw_conf *c)
{
	c->refs++;
	return c;
}

void vw_conf_put(struct vw_conf *c)
{
	if (!c || --c->refs)
		return;
	free(c->ports);
	free(c->stations);
	free(c->trunks);
	free(c->warnings);
	free(c);
}
