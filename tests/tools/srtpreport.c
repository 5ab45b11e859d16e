// SPDX-License-Identifier: GPL-2.0-or-later
/* LIBS: libsrtp2 */
/*
 * srtpreport: RTCP between the two ends of a call. What the module has read in passing
 * is what was said, and the round trip is what passed between, to the millisecond.
 */
#include <time.h>

#include "srtpcall.h"

#define PHONE_SSRC	0xca11e401
#define SECOND		65536u
#define PAUSE_MS	120

/* Which way a timestamp goes: from the phone to the head office, or back. */
struct way {
	const char *name;
	u32 id;		/* the stream that carries it, and that is reported on */
	u32 source;	/* who sends it */
	u32 answers;	/* who answers it */
	bool from_hq;
};

static const struct way out = { "phone to hq", SEAL_ID, PHONE_SSRC, SSRC, false };
static const struct way in = { "hq to phone", OPEN_ID, SSRC, PHONE_SSRC, true };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void pause_ms(unsigned int ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000L };

	nanosleep(&t, NULL);
}

/* RTCP in clear, sealed on the side where it has to be. */
static void send_rtcp(bool from_hq, const u8 *p, size_t len)
{
	u8 sealed[PACKET_MAX];
	int n = (int)len;

	if (!from_hq)
		return rig_send(rig.phone[1], p, len);
	memcpy(sealed, p, len);
	if (srtp_protect_rtcp(hq_out, sealed, &n))
		die("libsrtp2 doesn't seal RTCP");
	rig_send(rig.hq[1], sealed, (size_t)n);
}

/* It arrives as it was sent, whatever the module read in it. */
static void carry(bool from_hq, const u8 *p, size_t len, const char *what)
{
	u8 got[PACKET_MAX];
	int open;

	send_rtcp(from_hq, p, len);
	open = (int)rig_recv(from_hq ? rig.phone[1] : rig.hq[1], got, 3000);
	if (open < 0)
		die("%s: nothing came", what);
	if (!from_hq && srtp_unprotect_rtcp(hq_in, got, &open))
		die("%s: libsrtp2 doesn't open it", what);
	if ((size_t)open != len || memcmp(got, p, len))
		die("%s: not what was sent", what);
}

/* Without media nobody knows of whom reports speak. */
static void speak(void)
{
	struct pair p = hq_rtp();

	opens(&p, "media from the head office");
	seals(PHONE_SSRC, 1, "media from the phone");
}

static size_t head(u8 *p, u8 count, u8 type, size_t len, u32 from)
{
	p[0] = 0x80 | count;
	p[1] = type;
	put_be16(p + 2, (u32)(len / 4 - 1));
	put_be32(p + 4, from);
	return len;
}

static size_t sender_report(u8 *p, u32 from, u32 stamp)
{
	memset(p, 0, 28);
	put_be32(p + 10, stamp);
	return head(p, 0, 200, 28, from);
}

struct said {
	u32 about;
	u8 fraction;
	s32 lost;
	u32 jitter;
	u32 stamp;
	u32 delay;
};

static size_t receiver_report(u8 *p, u32 from, const struct said *s)
{
	memset(p, 0, 32);
	put_be32(p + 8, s->about);
	put_be32(p + 12, (u32)s->lost & 0xffffff);
	p[12] = s->fraction;
	put_be32(p + 20, s->jitter);
	put_be32(p + 24, s->stamp);
	put_be32(p + 28, s->delay);
	return head(p, 1, 201, 32, from);
}

static struct vw_genl_report report_of(const struct way *w)
{
	return rig_stream(&rig, w->id).report;
}

static void expect(bool so, const struct way *w, const char *what)
{
	if (!so)
		die("%s: %s", w->name, what);
}

/*
 * A timestamp one way, the answer the other, @kept of the time between by the end:
 * the module saw both between what this test did before and after.
 */
static void trip(const struct way *w, u32 stamp, u32 kept, size_t (*ask)(u8 *, u32, u32),
		 size_t (*answer)(u8 *, u32, const struct said *))
{
	struct said said = { w->source, 64, -3, 160, stamp, kept };
	double asked, arrived, sent, came, ms, kept_ms = kept * 1000.0 / SECOND;
	struct vw_genl_report r;
	u8 p[PACKET_MAX];

	asked = now_ms();
	carry(w->from_hq, p, ask(p, w->source, stamp), "the question");
	arrived = now_ms();
	pause_ms(PAUSE_MS);
	sent = now_ms();
	carry(!w->from_hq, p, answer(p, w->answers, &said), "the answer");
	came = now_ms();
	r = report_of(w);
	ms = r.trip_us / 1000.0;
	expect(r.has_trip, w, "no round trip");
	printf("# %s: %.3f ms, between %.3f and %.3f\n", w->name, ms, sent - arrived - kept_ms,
	       came - asked - kept_ms);
	expect(ms >= sent - arrived - kept_ms - 0.05 && ms <= came - asked - kept_ms + 0.05, w,
	       "the round trip is wrong");
}

static void both(const struct way *w)
{
	struct vw_genl_report r = report_of(w);

	expect(!r.has_block && !r.has_trip && !r.has_voip, w, "something was known before");
	trip(w, 0x12345678, 0, sender_report, receiver_report);
	r = report_of(w);
	expect(r.has_block && r.source == w->source, w, "no report");
	expect(r.fraction == 64, w, "the fraction is wrong");
	expect(r.lost == -3, w, "the number of lost packets is wrong");
	expect(r.jitter_us == 20000, w, "the jitter is wrong");
	expect(r.age_ms < 5000, w, "the age is wrong");
	trip(w, 0x12345679, SECOND / 20, sender_report, receiver_report);
	trip(w, 0xffffffff, SECOND * PAUSE_MS / 1000, sender_report, receiver_report);
}

static void reports(void)
{
	speak();
	both(&out);
	both(&in);
}

/* ---- extended reports ---- */

static size_t reference_time(u8 *p, u32 from, u32 stamp)
{
	memset(p, 0, 20);
	p[8] = 4;
	p[11] = 2;
	put_be32(p + 14, stamp);
	return head(p, 0, 207, 20, from);
}

static size_t last_reference(u8 *p, u32 from, const struct said *s)
{
	memset(p, 0, 24);
	p[8] = 5;
	p[11] = 3;
	put_be32(p + 12, s->about);
	put_be32(p + 16, s->stamp);
	put_be32(p + 20, s->delay);
	return head(p, 0, 207, 24, from);
}

static size_t voip_metrics(u8 *p, u32 from, u32 about)
{
	static const u8 metrics[] = {
		7, 0, 0, 8, 0, 0, 0, 0, 13, 26, 0, 0, 0, 0, 0, 0, 0, 90, 0, 70, 0, 0, 0, 16,
		88, 127, 42, 41, 0x40, 0, 0, 40, 0, 60, 0, 120,
	};

	memcpy(p + 8, metrics, sizeof(metrics));
	put_be32(p + 12, about);
	return head(p, 0, 207, 8 + sizeof(metrics), from);
}

static void extended(void)
{
	struct vw_genl_report r;
	u8 p[PACKET_MAX];

	speak();
	trip(&out, 0x01020304, 0, reference_time, last_reference);
	trip(&in, 0x01020304, 0, reference_time, last_reference);
	expect(!report_of(&out).has_block, &out, "a report out of nothing");
	carry(true, p, voip_metrics(p, SSRC, PHONE_SSRC), "VoIP metrics");
	r = report_of(&out);
	expect(r.has_voip && r.voip_loss == 13 && r.voip_discard == 26, &out, "loss is wrong");
	expect(r.voip_delay_ms == 70 && r.voip_bare, &out, "the end is wrong");
	expect(r.voip_r == 88 && r.voip_mos_lq == 42 && r.voip_mos_cq == 41, &out,
	       "the rating is wrong");
}

/* ---- what is not believed ---- */

static void nothing_learnt(const struct way *w, const char *what)
{
	struct vw_genl_report r = report_of(w);

	expect(!r.has_block && !r.has_trip && !r.has_voip, w, what);
}

/* From a socket of the phone that the call doesn't know. */
static void from_stranger(const u8 *p, size_t len)
{
	int fd = rig_socket("phone", rig.lan, PHONE, 4999, LAN,
			    (u16)(rig.mux ? LAN_RTP : LAN_RTCP));

	rig_expect(fd, p, len, rig.hq[1], NULL, 0, "a stranger's report");
	close(fd);
}

static void liars(void)
{
	struct said said = { PHONE_SSRC, 255, 1000, 1, 0, 0 };
	u8 p[PACKET_MAX];
	size_t len;

	speak();
	/* its tag is wrong */
	len = receiver_report(p, SSRC, &said);
	rig_random_bytes(p + len, 14);
	p[len] |= 0x80;
	rig_expect(rig.hq[1], p, len + 14, rig.phone[1], NULL, 0, "a report without a tag");
	nothing_learnt(&out, "a forged report was believed");
	said.about = SSRC;
	from_stranger(p, receiver_report(p, PHONE_SSRC, &said));
	nothing_learnt(&in, "a stranger's report was believed");
	/* authentic, but it lies about its length or speaks of nobody */
	said.about = PHONE_SSRC;
	len = receiver_report(p, SSRC, &said);
	p[0] = 0x82;
	carry(true, p, len, "a report that lies");
	nothing_learnt(&out, "a report that lies was believed");
	said.about = SSRC + 1;
	carry(true, p, receiver_report(p, SSRC, &said), "a report on nobody");
	nothing_learnt(&out, "a report on nobody was believed");
	/* an answer to what was never asked */
	said = (struct said){ SSRC + 1, 0, 0, 0, 0x0badcafe, 0 };
	carry(true, p, receiver_report(p, SSRC, &said), "an answer to nothing");
	nothing_learnt(&out, "a round trip out of nothing");
}

/* In clear, and any port may be the phone's: then nobody is sure who speaks. */
static void unsure(void)
{
	struct said said = { SSRC, 64, 3, 160, 0, 0 };
	struct vw_genl_stream seal, open;
	u8 p[PACKET_MAX];

	rig_describe(&rig, &seal, &open);
	seal.remote.rtcp = 0;
	if (rig.mux)
		seal.remote.rtp = 0;
	rig_check(&rig, vw_genl_stream_del(rig.genl, SEAL_ID), "the stream with one port");
	rig_check(&rig, vw_genl_stream_new(rig.genl, &seal), "one with any port");
	speak();
	carry(false, p, receiver_report(p, PHONE_SSRC, &said), "a report from any port");
	nothing_learnt(&in, "a report from any port was believed");
	rig_describe(&rig, &seal, &open);
	rig_check(&rig, vw_genl_stream_set(rig.genl, &seal, VW_STREAM_REMOTE), "one port");
	carry(false, p, receiver_report(p, PHONE_SSRC, &said), "a report from the phone");
	expect(report_of(&in).has_block, &in, "a report from the one port was not believed");
}

static const struct call_case cases[] = {
	{ "reports", reports, false },
	{ "extended", extended, false },
	{ "liars", liars, false },
	{ "unsure", unsure, false },
};

int main(int argc, char **argv)
{
	return call_main(argc, argv, cases, sizeof(cases) / sizeof(*cases));
}
