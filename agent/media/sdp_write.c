// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp_line.h"

static const char *proto_name(enum vw_sdp_proto proto)
{
	switch (proto) {
	case VW_PROTO_AVP:
		return "RTP/AVP";
	case VW_PROTO_SAVP:
		return "RTP/SAVP";
	case VW_PROTO_AVPF:
		return "RTP/AVPF";
	case VW_PROTO_SAVPF:
		return "RTP/SAVPF";
	case VW_PROTO_OTHER:
		break;
	}
	return "";
}

/* "extmap:ID[/DIRECTION] urn:ietf:params:rtp-hdrext:encrypt URI": RFC 6904, 4 */
static bool is_encrypted_ext(const struct vw_sdp_line *l)
{
	const char *p, *w;
	size_t len, n;

	if (!attribute(l, "extmap:", &p, &len))
		return false;
	return word(&p, l->p + l->len, &w, &n) && word(&p, l->p + l->len, &w, &n) &&
	       is_word(w, n, "urn:ietf:params:rtp-hdrext:encrypt");
}

/*
 * Attributes that say how media is keyed or reached: the gateway's are other ones. It
 * doesn't agree on encrypted header extensions, so nobody may send any through it.
 */
static bool is_ours(const struct vw_sdp_line *l)
{
	static const char *const names[] = {
		"crypto:", "rtcp:", "candidate:", "remote-candidates:", "ice-ufrag:", "ice-pwd:",
		"ice-options:", "ice-lite", "ice-mismatch", "ice-pacing:", "end-of-candidates",
		"fingerprint:", "setup:", "tls-id:", "connection:", "zrtp-hash:", "key-mgmt:",
		"3ge2ae:", "rtcp-mux-only",
	};

	if (l->type == 'k' || is_encrypted_ext(l))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (has_attribute(l, names[i]))
			return true;
	return false;
}

static void write_raw(const struct vw_sdp_line *l, struct vw_text *t)
{
	vw_text_add(t, l->raw, l->raw_len);
	if (l->raw[l->raw_len - 1] != '\n')
		vw_text_puts(t, "\r\n");
}

static void write_address(const struct vw_endpoint *local, bool away, struct vw_text *t)
{
	char buf[VW_ENDPOINT_LEN];
	bool v6 = local->family == 6;

	vw_text_printf(t, "IN %s %s\r\n", v6 ? "IP6" : "IP4",
		       away ? (v6 ? "::" : "0.0.0.0") : vw_endpoint_addr(local, buf));
}

static void write_cline(const struct vw_endpoint *local, bool away, struct vw_text *t)
{
	vw_text_puts(t, "c=");
	write_address(local, away, t);
}

/* "USER ID VERSION IN IP4 ADDRESS": the address is the gateway's */
static void write_origin(const struct vw_sdp_line *l, const struct vw_endpoint *local, u64 bump,
			 struct vw_text *t)
{
	const char *p = l->p, *end = p + l->len, *w[3];
	u64 version = 0;
	size_t n[3];

	for (int i = 0; i < 3; i++) {
		if (!word(&p, end, &w[i], &n[i])) {
			write_raw(l, t);
			return;
		}
	}
	vw_text_puts(t, "o=");
	vw_text_add(t, w[0], n[0]);
	vw_text_puts(t, " ");
	vw_text_add(t, w[1], n[1]);
	vw_text_puts(t, " ");
	for (size_t i = 0; i < n[2] && n[2] < 20; i++) {
		if (w[2][i] < '0' || w[2][i] > '9') {
			bump = 0;
			break;
		}
		version = version * 10 + (u64)(w[2][i] - '0');
	}
	if (bump && n[2] < 20)
		vw_text_printf(t, "%llu", (unsigned long long)(version + bump));
	else
		vw_text_add(t, w[2], n[2]);
	vw_text_puts(t, " ");
	write_address(local, false, t);
}

static void write_mline(const struct vw_sdp_line *l, const struct vw_sdp_out *o,
			struct vw_text *t)
{
	const char *p = l->p, *end = p + l->len, *w = p;
	size_t n = 0;

	word(&p, end, &w, &n);
	vw_text_puts(t, "m=");
	vw_text_add(t, w, n);
	vw_text_printf(t, " %u %s", o->port, proto_name(o->proto));
	word(&p, end, &w, &n);
	word(&p, end, &w, &n);
	vw_text_add(t, p, (size_t)(end - p));
	vw_text_puts(t, "\r\n");
}

static void write_keys(const struct vw_sdp_out *o, struct vw_text *t)
{
	for (u8 i = 0; i < o->nkey; i++) {
		vw_text_puts(t, "a=crypto:");
		vw_sdes_write(t, o->key[i].tag, o->key[i].suite, o->key[i].master,
			      o->key[i].rtcp_clear);
		vw_text_puts(t, "\r\n");
	}
}

static bool had_rtcp(const struct vw_sdp *sdp, const struct vw_sdp_media *m)
{
	for (int i = m->first + 1; i < m->end; i++)
		if (has_attribute(&sdp->line[i], "rtcp:"))
			return true;
	return false;
}

/* Order of RFC 4566: m=, i=, c=, b=, k=, a=. */
static void write_media(const struct vw_sdp *sdp, const struct vw_sdp_media *m,
			const struct vw_sdp_out *o, const struct vw_endpoint *local,
			bool own_cline, struct vw_text *t)
{
	bool cdone = !own_cline && m->cline < 0;

	write_mline(&sdp->line[m->first], o, t);
	for (int i = m->first + 1; i < m->end; i++) {
		const struct vw_sdp_line *l = &sdp->line[i];

		if (!cdone && l->type != 'i') {
			write_cline(local, o->away, t);
			cdone = true;
		}
		if (l->type == 'c' || is_ours(l))
			continue;
		if (!o->mux && has_attribute(l, "rtcp-mux"))
			continue;
		write_raw(l, t);
	}
	if (!cdone)
		write_cline(local, o->away, t);
	if (o->port && (o->rtcp != o->port + 1 || had_rtcp(sdp, m)))
		vw_text_printf(t, "a=rtcp:%u\r\n", o->rtcp);
	if (o->port)
		write_keys(o, t);
}

static void write_session(const struct vw_sdp *sdp, int end, const struct vw_endpoint *local,
			  u64 bump, bool rewrite_c, bool away, bool strip, struct vw_text *t)
{
	for (int i = 0; i < end; i++) {
		const struct vw_sdp_line *l = &sdp->line[i];

		if (l->type == 'o')
			write_origin(l, local, bump, t);
		else if (l->type == 'c' && rewrite_c)
			write_cline(local, away, t);
		else if (!strip || !is_ours(l))
			write_raw(l, t);
	}
}

void vw_sdp_write(const struct vw_sdp *sdp, const struct vw_sdp_out *out,
		  const struct vw_endpoint *local, u64 bump, struct vw_text *t)
{
	bool mixed = false, away = sdp->nmedia > 0, handled = false;
	int end = sdp->nmedia ? sdp->media[0].first : sdp->nline;

	for (int i = 0; i < sdp->nmedia; i++) {
		mixed |= out[i].keep;
		handled |= !out[i].keep;
		away &= out[i].away;
	}
	/*
	 * A section that is left alone may live off the session's address, so
	 * that one stays then, and the others get their own.
	 */
	write_session(sdp, end, local, bump, !mixed, away, handled, t);
	for (int i = 0; i < sdp->nmedia; i++) {
		const struct vw_sdp_media *m = &sdp->media[i];

		if (out[i].keep) {
			for (int j = m->first; j < m->end; j++)
				write_raw(&sdp->line[j], t);
			continue;
		}
		write_media(sdp, m, &out[i], local, mixed || out[i].away != away, t);
	}
}
