// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/* srtpkey: what happens to a stream's keys: changes while packets fly, names, ends. */
#include "srtpcall.h"

/* ---- changes while packets fly ---- */

static void set_key(u32 id, bool open, const u8 *master, u8 slot, bool use)
{
	struct vw_genl_stream s = { .id = id };
	struct vw_genl_crypto c = rig_crypto(master);

	c.slot = slot;
	c.use = use;
	*(open ? &s.open : &s.seal) = c;
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, open ? VW_STREAM_OPEN : VW_STREAM_SEAL),
		  "setting a key");
}

/* A session at the index where the call is: a re-key keeps the rollover counter. */
static srtp_t session_at(const u8 *master, u16 seq, u32 roc)
{
	srtp_t session = rig_srtp(master, false);
	u8 p[PACKET_MAX];
	int len = (int)rig_rtp(p, SSRC, seq, 20);

	if (rig_protect(session, p, &len) || srtp_set_stream_roc(session, SSRC, roc))
		die("libsrtp2 doesn't take the rollover counter");
	return session;
}

static void case_rekey_open(void)
{
	u8 next[MASTER_LEN];
	struct pair old[8], p;
	srtp_t fresh;
	int i;

	for (i = 0; i < 20; i++)
		call_goes_on();
	for (i = 0; i < 8; i++)
		old[i] = hq_rtp();
	rig_random_bytes(next, sizeof(next));
	fresh = session_at(next, (u16)(next_seq - 1), 1);

	p = hq_rtp_by(fresh, SSRC, next_seq++, 160);
	refused(p.sealed, p.sealed_len, "a key that isn't there yet");
	set_key(OPEN_ID, true, next, 1, false);
	opens(&p, "the next key, before its time");
	opens(&old[0], "the old key beside it");
	set_key(OPEN_ID, true, next, 1, true);
	opens(&old[1], "the old key, in flight");
	p = hq_rtp_by(fresh, SSRC, next_seq++, 160);
	opens(&p, "the new key");
	opens(&old[2], "the old key, late");
	refused(old[2].sealed, old[2].sealed_len, "a replay across the re-key");
	if (rig_stream(&rig, OPEN_ID).ssrcs[0].roc != 1)
		die("the re-key has changed the rollover counter");
	/* Over the old key: now it is gone. */
	rig_random_bytes(next, sizeof(next));
	set_key(OPEN_ID, true, next, 0, false);
	refused(old[3].sealed, old[3].sealed_len, "a key that is gone");
	srtp_dealloc(fresh);
}

/* ---- a key that is another one in every way ---- */

static struct vw_genl_crypto other_key(const u8 *master, const char *suite, u8 mki_len)
{
	const struct vw_suite *before = rig_suite;
	struct vw_genl_crypto c;

	rig_choose(suite);
	rig_mki_len = mki_len;
	c = rig_crypto(master);
	c.slot = 1;
	c.use = true;
	rig_suite = before;
	return c;
}

static srtp_t other_session(const u8 *master, const char *suite, u8 mki_len, u16 seq)
{
	const struct vw_suite *before = rig_suite;
	srtp_t session;

	rig_choose(suite);
	rig_mki_len = mki_len;
	session = session_at(master, seq, 1);
	rig_suite = before;
	return session;
}

/* Late packets across a change of MKI or suite, and of both. */
static void turn(u8 from_mki, const char *suite, u8 to_mki)
{
	struct vw_genl_stream open, seal, s = { .id = OPEN_ID };
	struct pair old[4], late, p;
	u8 next[MASTER_LEN];
	srtp_t fresh;
	int i;

	rig_mki_len = from_mki;
	rig_describe(&rig, &seal, &open);
	rig_random_bytes(rig.open, sizeof(rig.open));
	open.open = rig_crypto(rig.open);
	remake(OPEN_ID, &open);
	srtp_dealloc(hq_out);
	hq_out = rig_srtp(rig.open, false);
	next_seq = 65530;
	for (i = 0; i < 10; i++)
		call_goes_on();
	for (i = 0; i < 4; i++)
		old[i] = hq_rtp();
	late = hq_rtcp();
	rig_random_bytes(next, sizeof(next));
	fresh = other_session(next, suite, to_mki, (u16)(next_seq - 1));
	s.open = other_key(next, suite, to_mki);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_OPEN), "a re-key");

	p = hq_rtp_by(fresh, SSRC, next_seq++, 160);
	opens(&p, "the new key");
	rig_mki_len = from_mki;
	opens(&old[0], "the old key, late");
	rig_expect(rig.hq[1], late.sealed, late.sealed_len, rig.phone[1], late.plain,
		   (ssize_t)late.plain_len, "a report under the old key, late");
	refused(old[0].sealed, old[0].sealed_len, "a replay across the re-key");
	old[1].sealed[20] ^= 1;
	refused(old[1].sealed, old[1].sealed_len, "a forged packet of the old key");
	rig_mki_len = to_mki;
	p = hq_rtp_by(fresh, SSRC, next_seq++, 160);
	p.sealed[20] ^= 1;
	refused(p.sealed, p.sealed_len, "a forged packet of the new key");
	p = hq_rtp_by(fresh, SSRC, next_seq++, 160);
	opens(&p, "the new key, again");
	opens(&old[2], "the old key, later");
	rig_mki_len = 0;
	srtp_dealloc(fresh);
}

static void case_rekey_other(void)
{
	const char *same = rig_suite->name;

	turn(0, same, 4);
	turn(4, same, 0);
	turn(4, same, 1);
	turn(0, "AES_CM_128_HMAC_SHA1_32", 0);
	turn(0, "AEAD_AES_128_GCM", 0);
	turn(2, "AEAD_AES_256_GCM", 0);
}

static void grace(u32 ms, const u8 *master, u8 slot)
{
	struct vw_genl_stream s = { .id = OPEN_ID, .open = rig_crypto(master) };

	s.open.slot = slot;
	s.open.use = true;
	s.open.grace_ms = ms;
	rig_check(&rig, vw_genl_stream_set(rig.genl, &s, VW_STREAM_OPEN), "a key with a grace");
}

static int slots(void)
{
	return rig_stream(&rig, OPEN_ID).open.slots;
}

/* The old key opens as long as the new one's grace says, and is wiped then. */
static void case_grace(void)
{
	u8 next[MASTER_LEN], p[PACKET_MAX];
	struct pair old[40], fresh;
	int i, n = 0;
	srtp_t s;

	for (i = 0; i < 40; i++)
		old[i] = hq_rtp();
	rig_random_bytes(next, sizeof(next));
	grace(60000, next, 1);
	opens(&old[n++], "within a long grace");
	grace(1000, next, 1);
	opens(&old[n++], "within a short grace");
	do {
		rig_send(rig.hq[0], old[n].sealed, old[n].sealed_len);
		n++;
	} while (n < 40 && rig_recv(rig.phone[0], p, 150) >= 0 && !poll(NULL, 0, 100));
	if (n == 40)
		die("the grace has no end");
	s = session_at(next, (u16)(next_seq - 1), 1);
	fresh = hq_rtp_by(s, SSRC, next_seq++, 160);
	opens(&fresh, "the new key");
	for (i = 0; i < 50 && slots() != 2; i++)
		poll(NULL, 0, 100);
	if (slots() != 2)
		die("the old key is still there: %x", (unsigned int)slots());

	/* Put back, it isn't over, and goes on as long as nothing else is said. */
	set_key(OPEN_ID, true, rig.open, 0, false);
	opens(&old[n], "the old key, put back");
	srtp_dealloc(s);
}

static void set_named_key(const u8 *master, u8 slot, u8 first)
{
	u8 before = rig_mki[0];

	rig_mki[0] = first;
	set_key(OPEN_ID, true, master, slot, false);
	rig_mki[0] = before;
}

static srtp_t session_named(const u8 *master, u8 first)
{
	u8 before = rig_mki[0];
	srtp_t session;

	rig_mki[0] = first;
	session = rig_srtp(master, false);
	rig_mki[0] = before;
	return session;
}

/* The key is what the MKI names, and nothing else is tried. */
static void case_mki(void)
{
	struct vw_genl_stream open, seal;
	u8 next[MASTER_LEN];
	srtp_t fresh, wrong;
	struct pair p;

	rig_mki_len = 4;
	rig_describe(&rig, &seal, &open);
	remake(OPEN_ID, &open);
	srtp_dealloc(hq_out);
	hq_out = rig_srtp(rig.open, false);
	call_goes_on();
	rig_random_bytes(next, sizeof(next));
	fresh = session_named(next, 0x77);
	wrong = session_named(rig.open, 0x99);
	p = hq_rtp_by(fresh, SSRC, next_seq++, 160);
	refused(p.sealed, p.sealed_len, "the MKI of no key");
	set_named_key(next, 1, 0x77);
	opens(&p, "the MKI of the other slot");
	call_goes_on();
	p = hq_rtp_by(wrong, SSRC, next_seq++, 160);
	refused(p.sealed, p.sealed_len, "the right key under a wrong MKI");
	p = hq_rtp();
	p.sealed[p.sealed_len - rig_suite->rtp_tag - 4] = 0x77;
	if (rig_suite->cipher != VW_CIPHER_GCM)
		refused(p.sealed, p.sealed_len, "the other key's MKI");
	call_goes_on();
	if (rig_stream(&rig, OPEN_ID).open.mki_len != 4)
		die("the listing doesn't tell the MKI");
	rig_mki_len = 0;
	srtp_dealloc(fresh);
	srtp_dealloc(wrong);
}

static void case_rekey_seal(void)
{
	u8 next[MASTER_LEN], p[PACKET_MAX];
	srtp_t in;
	size_t len;

	seals(SSRC, 100, "the first key");
	rig_random_bytes(next, sizeof(next));
	in = rig_srtp(next, true);
	set_key(SEAL_ID, false, next, 1, false);
	seals(SSRC, 101, "the first key until the next is used");
	set_key(SEAL_ID, false, next, 1, true);
	len = rig_rtp(p, SSRC, 102, 160);
	seals_by(in, p, len, "the next key");
	rig_expect(rig.phone[0], p, len, rig.hq[0], NULL, 0, "an index that was sealed");
	srtp_dealloc(in);
}

static void too_many(u32 ssrc, const char *what)
{
	u8 p[PACKET_MAX];
	size_t len = rig_rtp(p, ssrc, 1, 160);

	rig_expect(rig.phone[0], p, len, rig.hq[0], NULL, 0, what);
}

/* A place is free again once no key is left that has sealed for its source. */
static void case_rekey_sources(void)
{
	u8 next[MASTER_LEN], other[MASTER_LEN], p[PACKET_MAX];
	size_t len;
	srtp_t in;
	u32 i;

	for (i = 1; i <= VOXWALL_MAX_SSRCS; i++)
		seals(i, 1, "a source");
	too_many(100, "one source too many");
	rig_random_bytes(next, sizeof(next));
	rig_random_bytes(other, sizeof(other));
	in = rig_srtp(next, true);
	set_key(SEAL_ID, false, next, 1, true);
	too_many(100, "one source too many while the old key is there");
	len = rig_rtp(p, 8, 2, 160);
	seals_by(in, p, len, "a source under the next key");
	set_key(SEAL_ID, false, other, 0, false);
	for (i = 100; i < 100 + VOXWALL_MAX_SSRCS - 1; i++)
		seals_by(in, p, rig_rtp(p, i, 1, 160), "a source in a place that was left");
	too_many(200, "one source too many again");
	too_many(1, "a source that had to leave");
	len = rig_rtp(p, 8, 2, 160);
	rig_expect(rig.phone[0], p, len, rig.hq[0], NULL, 0, "an index that this key has sealed");
	seals_by(in, p, rig_rtp(p, 8, 3, 160), "the source that stayed");
	srtp_dealloc(in);
}

/* ---- how long a key lasts ---- */

static int n_expires;

static void note_expiry(const struct vw_genl_event *ev, void *arg)
{
	(void)arg;
	n_expires += ev->type == VOXWALL_EVENT_KEY_EXPIRES && ev->stream == SEAL_ID;
}

static void case_lifetime(void)
{
	struct vw_genl_stream seal, open;
	u8 next[MASTER_LEN], p[PACKET_MAX];
	struct vw_genl *events;
	size_t len;
	srtp_t in;
	u16 i;

	rig_enter("gw");
	if (vw_genl_events_open(&events, note_expiry, NULL))
		die("events: %s", vw_genl_error(NULL));
	rig_describe(&rig, &seal, &open);
	seal.seal.lifetime = 20;
	remake(SEAL_ID, &seal);
	for (i = 1; i < 18; i++)
		seals(SSRC, i, "a packet of its life");
	vw_genl_events_read(events);
	if (n_expires)
		die("an event too early");
	seals(SSRC, 18, "nine packets of ten");
	vw_genl_events_read(events);
	if (n_expires != 1)
		die("%d events at nine packets of ten", n_expires);
	seals(SSRC, 19, "the last but one");
	seals(SSRC, 20, "the last one");
	len = rig_rtp(p, SSRC, 21, 160);
	rig_expect(rig.phone[0], p, len, rig.hq[0], NULL, 0, "one packet too many");
	vw_genl_events_read(events);
	if (n_expires != 1 || rig_stream(&rig, SEAL_ID).seal.used != 20 ||
	    rig_stream(&rig, SEAL_ID).seal.lifetime != 20)
		die("the key's life isn't told as it was");
	rig_random_bytes(next, sizeof(next));
	in = rig_srtp(next, true);
	set_key(SEAL_ID, false, next, 1, true);
	seals_by(in, p, rig_rtp(p, SSRC, 22, 160), "another key");
	srtp_dealloc(in);
	vw_genl_close(events);
}

/* What doesn't authenticate takes nothing of a key's life. */
static void case_lifetime_forged(void)
{
	struct vw_genl_stream seal, open;
	struct pair p;
	int i;

	rig_describe(&rig, &seal, &open);
	open.open.lifetime = 10;
	remake(OPEN_ID, &open);
	call_goes_on();
	for (i = 0; i < 30; i++) {
		p = hq_rtp();
		p.sealed[p.sealed_len - 1] ^= 1;
		rig_send(rig.hq[0], p.sealed, p.sealed_len);
	}
	for (i = 1; i < 10; i++)
		call_goes_on();
	p = hq_rtp();
	refused(p.sealed, p.sealed_len, "one packet too many");
}

static const struct call_case cases[] = {
	{ "rekey-open", case_rekey_open, false },
	{ "rekey-other", case_rekey_other, false },
	{ "grace", case_grace, false },
	{ "rekey-seal", case_rekey_seal, false },
	{ "rekey-sources", case_rekey_sources, false },
	{ "mki", case_mki, false },
	{ "lifetime", case_lifetime, false },
	{ "lifetime-forged", case_lifetime_forged, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
