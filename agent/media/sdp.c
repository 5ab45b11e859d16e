// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp_line.h"

static bool number(const char *w, size_t len, u32 max, u32 *ret)
{
	u64 v = 0;

	if (!len || len > 10)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (w[i] < '0' || w[i] > '9')
			return false;
		v = v * 10 + (u64)(w[i] - '0');
	}
	if (v > max)
		return false;
	*ret = (u32)v;
	return true;
}

static int split(const char *p, size_t len, struct vw_sdp *sdp)
{
	const char *end = p + len;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *next = nl ? nl + 1 : end, *last = nl ? nl : end;
		struct vw_sdp_line *l = &sdp->line[sdp->nline];

		if (nl && last > p && last[-1] == '\r')
			last--;
		if (sdp->nline == VW_SDP_MAX_LINES)
			return -E2BIG;
		/* an empty line at the end is a common slip */
		if (last == p && next == end)
			return 0;
		/* what follows would be a second description */
		if (p[0] == 'v' && sdp->nline)
			return -EBADMSG;
		if (last - p < 2 || p[1] != '=' || p[0] < 'a' || p[0] > 'z')
			return -EBADMSG;
		/* a line end that only the receiver would see is none of ours to pass on */
		if (memchr(p, '\0', (size_t)(last - p)) || memchr(p, '\r', (size_t)(last - p)))
			return -EBADMSG;
		*l = (struct vw_sdp_line){ p[0], p + 2, (size_t)(last - p) - 2,
					   p, (size_t)(next - p) };
		sdp->nline++;
		p = next;
	}
	return 0;
}

/* IN IP4 ADDRESS[/...] */
static bool read_address(const char *p, const char *end, struct vw_endpoint *ret)
{
	const char *w;
	size_t n;

	if (!word(&p, end, &w, &n) || !is_word(w, n, "IN"))
		return false;
	if (!word(&p, end, &w, &n) || (!is_word(w, n, "IP4") && !is_word(w, n, "IP6")))
		return false;
	return word(&p, end, &w, &n) && vw_endpoint_parse(w, n, ret);
}

static enum vw_sdp_proto proto_of(const char *w, size_t len)
{
	if (is_word(w, len, "RTP/AVP"))
		return VW_PROTO_AVP;
	if (is_word(w, len, "RTP/SAVP"))
		return VW_PROTO_SAVP;
	if (is_word(w, len, "RTP/AVPF"))
		return VW_PROTO_AVPF;
	if (is_word(w, len, "RTP/SAVPF"))
		return VW_PROTO_SAVPF;
	return VW_PROTO_OTHER;
}

bool vw_proto_secure(enum vw_sdp_proto proto)
{
	return proto == VW_PROTO_SAVP || proto == VW_PROTO_SAVPF;
}

enum vw_sdp_proto vw_proto_with(enum vw_sdp_proto proto, bool secure)
{
	bool feedback = proto == VW_PROTO_AVPF || proto == VW_PROTO_SAVPF;

	if (feedback)
		return secure ? VW_PROTO_SAVPF : VW_PROTO_AVPF;
	return secure ? VW_PROTO_SAVP : VW_PROTO_AVP;
}

/* RFC 3551, table 4 and 5 */
static u32 static_clock(u32 pt)
{
	if (pt == 6)
		return 16000;
	if (pt == 10 || pt == 11)
		return 44100;
	return pt == 14 || (pt >= 25 && pt <= 34) ? 90000 : 8000;
}

/* "PT NAME/RATE[/...]"; @first: the payload type whose clock is the section's */
static void read_rtpmap(const char *v, size_t len, u32 first, struct vw_sdp_media *m)
{
	const char *end = v + len, *w, *slash;
	u32 pt, clock;
	size_t n;

	if (!word(&v, end, &w, &n) || !number(w, n, 127, &pt) || !word(&v, end, &w, &n))
		return;
	slash = memchr(w, '/', n);
	if (!slash)
		return;
	end = memchr(slash + 1, '/', (size_t)(w + n - slash - 1));
	if (!end)
		end = w + n;
	if (!number(slash + 1, (size_t)(end - slash - 1), 1000000, &clock) || !clock)
		return;
	if (pt == first)
		m->clock = clock;
	vw_formats_add(&m->formats, pt, vw_codec_named(w, (size_t)(slash - w), clock));
}

/* "KIND PORT[/N] PROTO FMT ..." */
static int read_mline(const struct vw_sdp_line *l, struct vw_sdp_media *m)
{
	const char *p = l->p, *end = p + l->len, *w, *slash;
	size_t n;
	u32 v;

	if (!word(&p, end, &w, &n) || !word(&p, end, &w, &n))
		return -EBADMSG;
	slash = memchr(w, '/', n);
	if (!number(w, slash ? (size_t)(slash - w) : n, 65535, &v))
		return -EBADMSG;
	m->rtp.port = (u16)v;
	if (!word(&p, end, &w, &n))
		return -EBADMSG;
	m->proto = proto_of(w, n);
	m->clock = 8000;
	if (!word(&p, end, &w, &n))
		return -EBADMSG;
	if (m->proto != VW_PROTO_OTHER) {
		if (!number(w, n, 127, &v))
			return -EBADMSG;
		m->clock = static_clock(v);
	}
	return 0;
}

static u32 first_format(const struct vw_sdp_line *l)
{
	const char *p = l->p, *end = p + l->len, *w;
	size_t n;
	u32 v = 0;

	for (int i = 0; i < 4; i++)
		if (!word(&p, end, &w, &n))
			return 0;
	return number(w, n, 127, &v) ? v : 0;
}

static bool one_way(const struct vw_sdp_line *l)
{
	return has_attribute(l, "sendonly") || has_attribute(l, "recvonly") ||
	       has_attribute(l, "inactive");
}

static int read_media_line(struct vw_sdp *sdp, struct vw_sdp_media *m, int i, u32 pt)
{
	const struct vw_sdp_line *l = &sdp->line[i];
	const char *v, *w;
	size_t n;
	u32 port;

	if (l->type == 'c') {
		if (m->cline >= 0)
			return -EBADMSG;
		m->cline = i;
	} else if (attribute(l, "rtpmap:", &v, &n)) {
		read_rtpmap(v, n, pt, m);
	} else if (attribute(l, "rtcp:", &v, &n)) {
		const char *end = v + n;

		if (!word(&v, end, &w, &n) || !number(w, n, 65535, &port))
			return -EBADMSG;
		m->rtcp = (u16)port;
	} else if (has_attribute(l, "rtcp-mux")) {
		m->mux = true;
	} else if (one_way(l)) {
		m->inactive = true;
	} else if (has_attribute(l, "sendrecv")) {
		m->inactive = false;
	}
	return 0;
}

static int read_media(struct vw_sdp *sdp, struct vw_sdp_media *m)
{
	u32 pt = first_format(&sdp->line[m->first]);
	const struct vw_sdp_line *c;
	int err = read_mline(&sdp->line[m->first], m);

	m->cline = -1;
	m->inactive = sdp->inactive;
	for (int i = m->first + 1; !err && i < m->end; i++)
		err = read_media_line(sdp, m, i, pt);
	if (err)
		return err;
	if (m->cline < 0 && sdp->cline < 0)
		return m->rtp.port ? -EBADMSG : 0;
	c = &sdp->line[m->cline >= 0 ? m->cline : sdp->cline];
	m->handled = read_address(c->p, c->p + c->len, &m->rtp) && m->proto != VW_PROTO_OTHER;
	m->away = m->handled && vw_endpoint_any(&m->rtp);
	/* where it goes unless the other side muxes too (RFC 5761, 5.1.1) */
	if (!m->rtcp && m->rtp.port && m->rtp.port < 65535)
		m->rtcp = m->rtp.port + 1;
	return 0;
}

static int read_session_line(struct vw_sdp *sdp, int i)
{
	const struct vw_sdp_line *l = &sdp->line[i];

	if (l->type == 'c') {
		if (sdp->cline >= 0)
			return -EBADMSG;
		sdp->cline = i;
	} else if (one_way(l)) {
		sdp->inactive = true;
	}
	return 0;
}

static int find_media(struct vw_sdp *sdp)
{
	for (int i = 0; i < sdp->nline; i++) {
		if (sdp->line[i].type == 'm') {
			if (sdp->nmedia == VW_SDP_MAX_MEDIA)
				return -E2BIG;
			sdp->media[sdp->nmedia++].first = i;
		} else if (!sdp->nmedia && read_session_line(sdp, i)) {
			return -EBADMSG;
		}
		if (sdp->nmedia)
			sdp->media[sdp->nmedia - 1].end = i + 1;
	}
	return 0;
}

int vw_sdp_parse(const char *p, size_t len, struct vw_sdp *sdp)
{
	int err;

	memset(sdp, 0, sizeof(*sdp));
	sdp->cline = -1;
	if (len > VW_SDP_MAX_LEN)
		return -E2BIG;
	err = split(p, len, sdp);
	if (err)
		return err;
	if (sdp->nline < 2 || sdp->line[0].type != 'v' || sdp->line[1].type != 'o' ||
	    !is_word(sdp->line[0].p, sdp->line[0].len, "0"))
		return -EBADMSG;
	err = find_media(sdp);
	for (int i = 0; !err && i < sdp->nmedia; i++)
		err = read_media(sdp, &sdp->media[i]);
	return err;
}

static bool suite_allowed(u16 suite, const u16 *suites, size_t nsuites)
{
	for (size_t i = 0; i < nsuites; i++)
		if (suites[i] == suite)
			return true;
	return false;
}

static bool tag_seen(u32 *seen, int *nseen, u32 tag)
{
	for (int i = 0; i < *nseen; i++)
		if (seen[i] == tag)
			return true;
	seen[(*nseen)++] = tag;
	return false;
}

int vw_sdp_crypto(const struct vw_sdp *sdp, int media, const u16 *suites, size_t nsuites,
		  struct vw_sdes *ret)
{
	const struct vw_sdp_media *m = &sdp->media[media];
	u32 seen[VW_SDP_MAX_LINES];
	struct vw_sdes sdes, chosen = { .len = 0 };
	int nseen = 0, err = -ENODATA;
	const char *v;
	size_t n;

	for (int i = m->first + 1; i < m->end; i++) {
		int bad;

		if (!attribute(&sdp->line[i], "crypto:", &v, &n))
			continue;
		if (err == -ENODATA)
			err = -EOPNOTSUPP;
		bad = vw_sdes_parse(v, n, &sdes);
		if (bad == -EBADMSG)
			continue;
		if (tag_seen(seen, &nseen, sdes.tag)) {
			err = -EBADMSG;
			break;
		}
		if (!bad && err && suite_allowed(sdes.suite, suites, nsuites)) {
			chosen = sdes;
			err = 0;
		}
	}
	if (!err)
		*ret = chosen;
	vw_wipe(&sdes, sizeof(sdes));
	vw_wipe(&chosen, sizeof(chosen));
	return err;
}
