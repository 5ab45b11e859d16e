// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/* srtprows: the unit tests' tables of SRTP's arithmetic, over real packets. */
#include "../unit/srtp_rows.h"
#include "srtpcall.h"

/* Sent once, it must be counted as what @want says; and nothing comes of it. */
static void counted(const struct pair *p, int want, const char *what)
{
	struct vw_genl_stream before = rig_stream(&rig, OPEN_ID), s = before;
	u8 got[PACKET_MAX];
	int i;

	rig_send(rig.hq[0], p->sealed, p->sealed_len);
	for (i = 0; i < 300 && s.dropped == before.dropped; i++) {
		usleep(10000);
		s = rig_stream(&rig, OPEN_ID);
	}
	if (s.dropped != before.dropped + 1)
		die("%s: not refused", what);
	if (s.auth_failed != before.auth_failed + (want == -EKEYREJECTED) ||
	    s.replayed != before.replayed + (want != -EKEYREJECTED))
		die("%s: refused for another reason", what);
	if (rig_recv(rig.phone[0], got, 0) >= 0)
		die("%s: got through", what);
	if (s.packets != before.packets || memcmp(s.ssrcs, before.ssrcs, sizeof(s.ssrcs)))
		die("%s: a window has moved", what);
}

static void life_row_runs(const struct life_row *r, const char *what)
{
	u32 ssrc = 0x11110000 + r->ssrc;
	struct pair p = sealed_at(rig.open, ssrc, (u32)(r->index >> 16), (u16)r->index);

	if (r->want)
		counted(&p, r->want, what);
	else
		opens(&p, what);
}

static void case_lives(void)
{
	struct vw_genl_stream seal, open;
	const char *life = "";
	char what[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(life_rows); i++) {
		if (life_rows[i].life) {
			life = life_rows[i].life;
			rig_random_bytes(rig.open, sizeof(rig.open));
			rig_describe(&rig, &seal, &open);
			remake(OPEN_ID, &open);
		}
		snprintf(what, sizeof(what), "%s: %s", life, life_rows[i].row);
		life_row_runs(&life_rows[i], what);
	}
}

/* Clear in at the phone; sealed out with this index, or not at all. */
static void sender_row_runs(const struct sender_row *r, srtp_t in, const char *what)
{
	u64 dropped = rig_stream(&rig, SEAL_ID).dropped;
	u8 p[PACKET_MAX], got[PACKET_MAX];
	size_t len = rig_rtp(p, SSRC, r->seq, 160);
	ssize_t n;
	int open;

	rig_send(rig.phone[0], p, len);
	n = rig_recv(rig.hq[0], got, r->want ? 100 : 3000);
	if (r->want) {
		if (n >= 0 || rig_stream(&rig, SEAL_ID).dropped != dropped + 1)
			die("%s: not refused", what);
		return;
	}
	open = (int)n;
	put_be16(p + 2, (u16)r->index);
	if (n < 0 || rig_unprotect(in, got, &open) || (size_t)open != len || memcmp(got, p, len))
		die("%s: %zd bytes came, and not what was expected", what, n);
}

static void case_senders(void)
{
	struct vw_genl_stream seal, open;
	const char *life = "";
	srtp_t in = NULL;
	char what[128];
	u64 top = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sender_rows); i++) {
		const struct sender_row *r = &sender_rows[i];

		if (r->life) {
			life = r->life;
			top = 0;
			rig_random_bytes(rig.seal, sizeof(rig.seal));
			rig_describe(&rig, &seal, &open);
			remake(SEAL_ID, &seal);
			if (in)
				srtp_dealloc(in);
			in = rig_srtp(rig.seal, true);
		}
		snprintf(what, sizeof(what), "%s: %s", life, r->row);
		sender_row_runs(r, in, what);
		top = r->want || r->index < top ? top : r->index;
		seal = rig_stream(&rig, SEAL_ID);
		if (seal.ssrcs[0].roc != top >> 16 || seal.ssrcs[0].seq != (u16)top)
			die("%s: the module is at %u, %u", what, seal.ssrcs[0].roc, seal.ssrcs[0].seq);
	}
	srtp_dealloc(in);
}

static const struct call_case cases[] = {
	{ "lives", case_lives, false },
	{ "senders", case_senders, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
