// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever a description says: what is written for the other side can be read
 * again, says the same when it is made again, and has no key of the first side
 * in it. The first byte chooses policy and side.
 */
#include "exact.h"
#include "../../agent/media/session.h"

static const u16 suites[] = { VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80 };
static const u8 print_key[32] = { 1 };

static u16 take_port(void *arg, enum vw_side side)
{
	u16 *next = arg;

	(void)side;
	return *next += 2;
}

/* A key of one side is never told to the other. */
static void no_key_of(const struct vw_sdp *in, const struct vw_sdp *out)
{
	for (int i = 0; i < in->nmedia; i++) {
		struct vw_sdes theirs, ours;

		if (!in->media[i].handled || vw_sdp_crypto(in, i, suites, 1, &theirs) ||
		    vw_sdp_crypto(out, i, suites, 1, &ours))
			continue;
		MUST(memcmp(theirs.key[0].master, ours.key[0].master, theirs.len));
	}
}

/* No section of the gateway's is offered to the trunk without protection. */
static void protected_only(const struct vw_sdp *out)
{
	for (int i = 0; i < out->nmedia; i++)
		if (out->media[i].handled && out->media[i].rtp.port)
			MUST(vw_proto_secure(out->media[i].proto));
}

static void carry(const struct vw_media_env *env, enum vw_side from, const char *p, size_t len)
{
	struct vw_text out = { .len = 0 }, twice = { .len = 0 };
	static struct vw_sdp in, written;
	struct vw_pact *pact = NULL, *second = NULL;

	if (vw_media_offer(env, NULL, from, p, len, &pact, &out)) {
		MUST(!pact && !out.len);
		vw_text_free(&out);
		return;
	}
	MUST(!vw_sdp_parse(p, len, &in) && !vw_sdp_parse(out.p, out.len, &written));
	MUST(in.nmedia == written.nmedia && in.nmedia == pact->nlane);
	if (from == VW_VOICE && env->policy == VW_MEDIA_SRTP)
		protected_only(&written);
	for (int i = 0; i < in.nmedia; i++)
		if (pact->lane[i].kind == VW_LANE_ON)
			MUST(written.media[i].rtp.port ==
			     pact->lane[i].leg[vw_other(from)].port);
	/* a re-INVITE with the same words gets the same words */
	MUST(!vw_media_offer(env, pact, from, p, len, &second, &twice));
	MUST(out.len == twice.len && !memcmp(out.p, twice.p, out.len));
	no_key_of(&in, &written);
	vw_text_free(&out);
	vw_text_free(&twice);
	vw_pact_free(pact);
	vw_pact_free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u16 port = 19998;
	struct vw_media_env env = {
		.addr = { { .addr = { 10, 1, 100, 1 }, .family = 4 },
			  { .addr = { 192, 0, 2, 2 }, .family = 4 } },
		.suites = suites, .nsuites = 1, .print_key = print_key,
		.take_port = take_port, .arg = &port,
	};
	u8 *p;

	if (size < 1 || size > 8192)
		return 0;
	env.policy = (enum vw_media_policy)(data[0] % 3);
	p = exact(data + 1, size - 1);
	carry(&env, data[0] & 4 ? VW_WAN : VW_VOICE, (const char *)p, size - 1);
	free(p);
	return 0;
}
