// SPDX-License-Identifier: GPL-2.0-or-later
#include "ext.h"
#include "rtp.h"

#define PROFILE_SHORT		0xbede	/* RFC 8285 4.2 */
#define PROFILE_LONG		0x1000	/* 4.3, but for the last four bits */
#define PROFILE_LONG_MASK	0xfff0
#define ID_STOP			15	/* of the short form only */

#define HAS_EXTENSION		0x10
#define CSRCS			0x0f

void vw_ext_begin(struct vw_ext *e, const u8 *rtp)
{
	const u8 *head = rtp + VW_RTP_HDR_LEN + (rtp[0] & CSRCS) * 4;
	u16 profile;

	memset(e, 0, sizeof(*e));
	if (!(rtp[0] & HAS_EXTENSION))
		return;
	profile = get_unaligned_be16(head);
	e->p = head + 4;
	e->len = get_unaligned_be16(head + 2) * 4;
	if (profile == PROFILE_SHORT)
		e->head = 1;
	else if ((profile & PROFILE_LONG_MASK) == PROFILE_LONG)
		e->head = 2;
}

static int end_walk(struct vw_ext *e)
{
	e->at = e->len;
	return 0;
}

int vw_ext_next(struct vw_ext *e, struct vw_ext_element *ret)
{
	size_t len;
	u8 id;

	/* A byte of zero is padding, in both forms. */
	while (e->head && e->at < e->len && !e->p[e->at])
		e->at++;
	if (!e->head || e->at >= e->len)
		return 0;
	if (e->len - e->at < e->head)
		return -EBADMSG;
	id = e->head == 1 ? e->p[e->at] >> 4 : e->p[e->at];
	len = e->head == 1 ? (e->p[e->at] & 0x0f) + 1u : e->p[e->at + 1];
	if (!id || (e->head == 1 && id == ID_STOP))
		return end_walk(e);
	if (e->len - e->at - e->head < len)
		return -EBADMSG;
	*ret = (struct vw_ext_element){ .id = id, .at = e->at + e->head, .len = len };
	e->at += e->head + len;
	return 1;
}

int vw_ext_check(const u8 *rtp)
{
	struct vw_ext_element one;
	struct vw_ext e;
	int more;

	vw_ext_begin(&e, rtp);
	do
		more = vw_ext_next(&e, &one);
	while (more > 0);
	return more;
}

static void crypt_element(u8 *p, const struct vw_ext_element *e,
			  const u8 *(*block)(void *arg, size_t n), void *arg)
{
	const u8 *stream = NULL;
	size_t i;

	for (i = e->at; i < e->at + e->len; i++) {
		if (!stream || i % VW_EXT_BLOCK == 0)
			stream = block(arg, i / VW_EXT_BLOCK);
		p[i] ^= stream[i % VW_EXT_BLOCK];
	}
}

int vw_ext_crypt(u8 *rtp, const struct vw_ext_ids *ids,
		 const u8 *(*block)(void *arg, size_t n), void *arg)
{
	struct vw_ext_element one;
	struct vw_ext e;
	int more;

	vw_ext_begin(&e, rtp);
	while ((more = vw_ext_next(&e, &one)) > 0)
		if (vw_ext_has(ids, one.id))
			crypt_element(rtp + (e.p - rtp), &one, block, arg);
	return more;
}
