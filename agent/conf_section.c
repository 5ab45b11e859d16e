// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading one section: which options were given, and the values they share. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kmod/core/names.h"
#include "conf_priv.h"
#include "value.h"

bool vw_conf_given(const struct vw_conf_section *s, const char *name)
{
	return cfg_getopt(s->cfg, name)->flags & CFGF_MODIFIED;
}

static const struct vw_conf_seen *find_seen(const struct vw_conf_section *s, const char *name)
{
	const cfg_opt_t *opt = cfg_getopt(s->cfg, name);

	for (size_t i = 0; i < s->f->nseen; i++)
		if (s->f->seen[i].opt == opt)
			return &s->f->seen[i];
	return NULL;
}

unsigned int vw_conf_line(const struct vw_conf_section *s, const char *name)
{
	const struct vw_conf_seen *seen = find_seen(s, name);

	return seen ? seen->line : (unsigned int)s->cfg->line;
}

static int take_field(struct vw_conf_section *s, const struct vw_conf_field *fd)
{
	const struct vw_conf_seen *seen = find_seen(s, fd->name);
	unsigned int n = cfg_size(s->cfg, fd->name);
	int err = 0;

	s->line = vw_conf_line(s, fd->name);
	if (fd->needed && !n)
		return refuse(s, "%s is missing; add %s", fd->name, fd->needed);
	/* an empty list tells nobody when it replaces one that had members */
	if (seen && seen->count != n)
		return refuse(s, "%s is given a second time, as an empty list; keep one of them",
			      fd->name);
	for (unsigned int i = 0; i < n && !err; i++)
		err = fd->take(s, cfg_getnstr(s->cfg, fd->name, i));
	return err;
}

int vw_conf_fields(struct vw_conf_section *s, const struct vw_conf_field *fields, size_t n)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = take_field(s, &fields[i]);
	s->line = (unsigned int)s->cfg->line;
	return err;
}

int vw_conf_number(struct vw_conf_section *s, const char *name, const char *text, u64 min, u64 max,
		       u64 *ret)
{
	if (!vw_value_uint(text, min, max, ret))
		return 0;
	return refuse(s, "%s is \"%s\"; write a number from %llu to %llu", name, text,
		      (unsigned long long)min, (unsigned long long)max);
}

int vw_conf_vlan(struct vw_conf_section *s, const char *name, const char *text, u16 *ret)
{
	u64 n = 0;
	int err = vw_conf_number(s, name, text, 1, 4094, &n);

	if (!err)
		*ret = (u16)n;
	return err;
}

int vw_conf_yes(struct vw_conf_section *s, const char *name, const char *text, bool *ret)
{
	if (!vw_value_bool(text, ret))
		return 0;
	return refuse(s, "%s is \"%s\"; write yes or no", name, text);
}

int vw_conf_latch(struct vw_conf_section *s, const char *text, u8 *ret)
{
	for (unsigned int i = 0; i < __VOXWALL_LATCH_MAX; i++) {
		if (!strcmp(text, vw_latch_name(i))) {
			*ret = (u8)i;
			return 0;
		}
	}
	return refuse(s, "latch is \"%s\"; use sdp, authenticated, first-within or "
			 "symmetric-then-lock", text);
}

int vw_conf_ifname(struct vw_conf_section *s, const char *name, const char *text, char *ret)
{
	if (!vw_value_ifname(text))
		return refuse(s, "%s is \"%s\", which can't be an interface; write a name as "
			      "ip link shows it", name, text);
	strcpy(ret, text);
	return 0;
}
