// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A message that was let in is let in again after it was written anew, with the
 * same dialog, transaction and body; lines that the edge doesn't know are in it
 * byte for byte.
 */
#include "exact.h"
#include "../../agent/sip/osip.h"
#include "../../agent/sip/rewrite.h"
#include "../../agent/sip/via.h"

static void same_sense(const struct vw_msg *a, const struct vw_msg *b)
{
	MUST(a->method == b->method && a->status == b->status && a->cseq == b->cseq);
	MUST(!strcmp(a->call_id, b->call_id));
	MUST(!strcmp(a->from_tag, b->from_tag) && !strcmp(a->to_tag, b->to_tag));
	MUST(a->body_len == b->body_len &&
	     (!a->body_len || !memcmp(a->body, b->body, a->body_len)));
}

static void inside(const struct vw_msg *m)
{
	MUST(m->len <= VW_SIP_MAX_LEN && m->nline <= VW_SIP_MAX_LINES);
	for (int i = 0; i < m->nline; i++) {
		const struct vw_sip_line *l = &m->line[i];

		MUST(l->p >= m->raw && l->p + l->len <= m->raw + m->len);
		MUST(l->value >= l->p && l->value + l->value_len <= l->p + l->len);
	}
	if (m->sdp)
		MUST(m->sdp >= m->body && m->sdp + m->sdp_len <= m->body + m->body_len);
}

static void unchanged_lines(const struct vw_msg *m, const struct vw_text *out)
{
	for (int i = 0; i < m->nline; i++)
		if (m->line[i].id == VW_H_OTHER)
			MUST(memmem(out->p, out->len, m->line[i].p, m->line[i].len));
}

static void pass(const struct vw_msg *m)
{
	static const struct vw_endpoint src = { .addr = { 10, 1, 1, 1 }, .port = 5060, .family = 4 };
	struct vw_text via = { .len = 0 }, out = { .len = 0 };
	struct vw_edit edit = { .via_push = "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKvw1" };
	struct vw_msg *again = NULL;

	vw_via_received(vw_msg_via(m, 0), &src, &via);
	edit.via_top = via.p;
	vw_rewrite(m, &edit, &out);
	MUST(!out.failed);
	unchanged_lines(m, &out);
	if (out.len <= VW_SIP_MAX_LEN && m->nline < VW_SIP_MAX_LINES - 1) {
		enum vw_msg_fault f = vw_msg_parse(out.p, out.len, &again, NULL);

		/* what our own Via adds may be one separator too many */
		MUST(!f || f == VW_FAULT_LINES);
		if (!f)
			same_sense(m, again);
	}
	vw_msg_free(again);
	vw_text_free(&via);
	vw_text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vw_msg *m = NULL, *lines = NULL;
	struct vw_text out = { .len = 0 };
	u8 *p = exact(data, size);

	vw_osip_init();
	if (!vw_msg_parse((const char *)p, size, &m, &lines)) {
		inside(m);
		pass(m);
		vw_reply(m, 404, "Not Found", NULL, "tag", NULL, &out);
	} else if (lines) {
		inside(lines);
		vw_reply(lines, 400, "Bad Request", NULL, NULL, NULL, &out);
	}
	vw_msg_free(m);
	vw_msg_free(lines);
	vw_text_free(&out);
	free(p);
	return 0;
}
