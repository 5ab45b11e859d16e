/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What conf.c (grammar, lines, errors) and conf_build.c (meaning) share. */
#ifndef VW_AGENT_CONF_PRIV_H
#define VW_AGENT_CONF_PRIV_H

#include <confuse.h>

#include "conf.h"

/**
 * struct vw_conf_seen - an option that was given; libconfuse forgets the line
 * @opt: the option of one section
 * @line: where its first value stands
 * @count: values so far
 * @closed: its list has ended
 */
struct vw_conf_seen {
	const cfg_opt_t *opt;
	unsigned int line;
	unsigned int count;
	bool closed;
};

/**
 * struct vw_conf_file - a file on its way to become a configuration
 * @path: as the user named it
 * @text: what it holds, without comments
 * @len: bytes of @text
 * @err: where the sentence goes
 * @errlen: bytes of @err
 * @refused: there is a sentence; the first one stays
 * @seen: options that were given
 * @nseen: used entries of @seen
 * @fresh: a value was read and not yet counted
 * @any_data_vlan: the data section names its VLANs
 * @data_vlans: a bit for each
 */
struct vw_conf_file {
	const char *path;
	const char *text;
	size_t len;
	char *err;
	size_t errlen;
	bool refused;
	struct vw_conf_seen *seen;
	size_t nseen;
	bool fresh;
	bool any_data_vlan;
	u8 data_vlans[4096 / 8];
};

/* Write "path:line: ..." and return -EINVAL. */
int vw_conf_refuse(struct vw_conf_file *f, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Add to the configuration's warnings. */
void vw_conf_warn(struct vw_conf_file *f, struct vw_conf *c, unsigned int line,
		  const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * struct vw_conf_section - one section while it is read
 * @f: the file
 * @cfg: the section
 * @c: the configuration that comes of it
 * @obj: what the section describes
 * @line: of the option that is being read
 * @label: how errors call it, as port "lan1"
 */
struct vw_conf_section {
	struct vw_conf_file *f;
	cfg_t *cfg;
	struct vw_conf *c;
	void *obj;
	unsigned int line;
	char label[64];
};

/**
 * struct vw_conf_field - how one option is read
 * @name: of the option
 * @take: called for each of its values, in order
 * @needed: what to add when it is missing; NULL: it is optional
 */
struct vw_conf_field {
	const char *name;
	int (*take)(struct vw_conf_section *s, const char *text);
	const char *needed;
};

#define refuse(s, fmt, ...)	\
	vw_conf_refuse((s)->f, (s)->line, "%s: " fmt, (s)->label, ##__VA_ARGS__)

#define warn(s, name, fmt, ...)	\
	vw_conf_warn((s)->f, (s)->c, vw_conf_line(s, name), "%s: " fmt, (s)->label, ##__VA_ARGS__)

/*
 * Put blanks in the place of comments: "#" and "//" to the end of the line, and
 * between slash-star and star-slash; not inside of quotes. Newlines stay.
 * Return: 0; -EINVAL: one that begins in line @ret_line never ends; -EBADMSG: outside of
 * quotes and comments there is a star or a plus in line @ret_line.
 */
int vw_conf_blank_comments(char *text, size_t len, unsigned int *ret_line);

/*
 * Of a text without comments: the line of the quote that is open at its end, or of the
 * outermost brace; 0: none.
 */
unsigned int vw_conf_open_line(const char *text, size_t len);

/* The option is there, if only as an empty list. */
bool vw_conf_given(const struct vw_conf_section *s, const char *name);
/* The line of its first value, or the section's last one. */
unsigned int vw_conf_line(const struct vw_conf_section *s, const char *name);
int vw_conf_fields(struct vw_conf_section *s, const struct vw_conf_field *fields, size_t n);

/* Values; @name is the option's, for the sentence. */
int vw_conf_number(struct vw_conf_section *s, const char *name, const char *text, u64 min,
		   u64 max, u64 *ret);
int vw_conf_vlan(struct vw_conf_section *s, const char *name, const char *text, u16 *ret);
int vw_conf_yes(struct vw_conf_section *s, const char *name, const char *text, bool *ret);
int vw_conf_latch(struct vw_conf_section *s, const char *text, u8 *ret);
int vw_conf_ifname(struct vw_conf_section *s, const char *name, const char *text, char *ret);

/* A named section each, appended to its table, which has room. */
int vw_conf_add_port(struct vw_conf_section *s);
int vw_conf_add_station(struct vw_conf_section *s);
int vw_conf_add_trunk(struct vw_conf_section *s);
const struct vw_conf_port *vw_conf_find_port(const struct vw_conf *c, const char *name);

/* Turn the parsed sections into @c; 0 or -errno with the sentence written. */
int vw_conf_build(struct vw_conf_file *f, cfg_t *cfg, struct vw_conf *c);

#endif
