/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a phone and the far side say in a call, for tests of the edge. */
#ifndef VW_TEST_EDGE_FLOW_H
#define VW_TEST_EDGE_FLOW_H

#include "edge_rig.h"

#define PHONE_VIA	"Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bK%s;rport\n"
#define HQ_KEY		"WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

/* Plain RTP from the phone; SRTP from the far side, with another address and key at last. */
extern const char phone_sdp[], hq_answer[], hq_offer[], hq_moved[];

/* 1001 calls 2001: call c1. @sdp may be NULL: a late offer. */
void phone_invite(struct rig *r, const char *branch, const char *sdp);
/* And what the far side sees of it. */
void phone_calls(struct rig *r, const char *branch, const char *sdp, char *ret, size_t len);
/* A response of the far side to the request that the edge has sent. */
void hq_answers(struct rig *r, const char *req, int status, const char *tag, const char *sdp);
void phone_in_dialog(struct rig *r, const char *method, unsigned int cseq, const char *branch,
		     const char *tag, const char *sdp);
/* 1001 calls 2001 and is answered. Return: the INVITE that the far side got. */
char *establish(struct rig *r);
/* A request of the far side in a call c2 of its own. */
void hq_request(struct rig *r, const char *method, const char *uri, const char *to_tag,
		unsigned int cseq, const char *branch, const char *sdp);
void phone_answers(struct rig *r, const char *req, int status, const char *tag,
		   const char *sdp);
/* The phone registers; the URI that the far side will call goes to @uri. */
void do_register(struct rig *r, char *uri, size_t size);
/* A request of the far side in the call that establish() has made. */
void hq_in_call(struct rig *r, const char *method, unsigned int cseq, const char *branch,
		const char *sdp);
/* The agent ends and comes back with what it has written down. */
void restart(struct rig *r);

#endif
