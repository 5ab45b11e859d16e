// SPDX-License-Identifier: GPL-2.0-or-later
#include "edge_flow.h"

#include "../../agent/state.h"

const char phone_sdp[] =
	"v=0\no=1001 1 1 IN IP4 10.1.100.11\ns=-\nc=IN IP4 10.1.100.11\nt=0 0\n"
	"m=audio 4000 RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\n"
	"a=rtpmap:101 telephone-event/8000\na=sendrecv\n";

const char hq_answer[] =
	"v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
	"m=audio 6000 RTP/SAVP 8\na=rtpmap:8 PCMA/8000\n"
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "\na=sendrecv\n";

const char hq_offer[] =
	"v=0\no=2001 7 7 IN IP4 198.51.100.20\ns=-\nc=IN IP4 198.51.100.20\nt=0 0\n"
	"m=audio 6000 RTP/SAVP 8\na=rtpmap:8 PCMA/8000\n"
	"a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" HQ_KEY "|2^20\na=sendrecv\n";

void phone_invite(struct rig *r, const char *branch, const char *sdp)
{
	rig_phone_says(r, sdp,
		"INVITE sip:2001@hq.example SIP/2.0\n" PHONE_VIA
		"Max-Forwards: 70\nFrom: \"One\" <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>\nCall-ID: c1@10.1.100.11\nCSeq: 10 INVITE\n"
		"Contact: <sip:1001@10.1.100.11:5060>\nRoute: <sip:10.1.100.1;lr>\n"
		"X-Odd:   kept  as it is\n", branch);
}

void phone_calls(struct rig *r, const char *branch, const char *sdp, char *ret, size_t len)
{
	phone_invite(r, branch, sdp);
	snprintf(ret, len, "%s", rig_next(r, true));
}

void hq_answers(struct rig *r, const char *req, int status, const char *tag, const char *sdp)
{
	const char *rr = rig_header(req, "Record-Route");
	const char *second = rr ? strstr(req, "Record-Route: ") : NULL;
	char more[512] = "";

	if (second) {
		second = strstr(second + 1, "Record-Route: ");
		snprintf(more, sizeof(more), "Record-Route: <sip:198.51.100.10;lr>\nRecord-Route: %s\n"
			 "Record-Route: %.*s\n", rr, (int)strcspn(second + 14, "\r"),
			 second + 14);
	}
	rig_hq_says(r, sdp,
		"SIP/2.0 %d Whatever\nVia: %s;received=192.0.2.2\nVia: %s\n%s"
		"From: %s\nTo: <sip:2001@hq.example>%s%s\nCall-ID: %s\nCSeq: %s\n"
		"Contact: <sip:2001@198.51.100.20:5060>\n",
		status, rig_header(req, "Via"),
		({ const char *v = strstr(strstr(req, "Via: ") + 5, "Via: ") + 5;
		   static char b[512]; snprintf(b, 512, "%.*s", (int)strcspn(v, "\r"), v); b; }),
		more, rig_header(req, "From"), tag[0] ? ";tag=" : "", tag,
		rig_header(req, "Call-ID"), rig_header(req, "CSeq"));
}

void phone_in_dialog(struct rig *r, const char *method, unsigned int cseq, const char *branch,
		     const char *tag, const char *sdp)
{
	rig_phone_says(r, sdp,
		"%s sip:2001@198.51.100.20:5060 SIP/2.0\n" PHONE_VIA
		"Route: <sip:10.1.100.1:5060;lr>, <sip:192.0.2.2:5060;lr>\n"
		"Route: <sip:198.51.100.10;lr>\n"
		"Max-Forwards: 70\nFrom: \"One\" <sip:1001@hq.example>;tag=aaa\n"
		"To: <sip:2001@hq.example>;tag=%s\nCall-ID: c1@10.1.100.11\nCSeq: %u %s\n"
		"Contact: <sip:1001@10.1.100.11:5060>\n", method, branch, tag, cseq, method);
}

char *establish(struct rig *r)
{
	static char invite[4096];

	phone_calls(r, "i1", phone_sdp, invite, sizeof(invite));
	hq_answers(r, invite, 180, "bbb", NULL);
	rig_next(r, false);
	hq_answers(r, invite, 200, "bbb", hq_answer);
	rig_next(r, false);
	phone_in_dialog(r, "ACK", 10, "ack1", "bbb", NULL);
	rig_next(r, true);
	rig_silence(r);
	return invite;
}

void hq_request(struct rig *r, const char *method, const char *uri, const char *to_tag,
		unsigned int cseq, const char *branch, const char *sdp)
{
	rig_hq_says(r, sdp,
		/* Kamailio writes its Record-Route above the Vias */
		"%s %s SIP/2.0\nRecord-Route: <sip:198.51.100.10;lr>\n"
		"Via: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bK%s\n"
		"Via: SIP/2.0/UDP 198.51.100.20:5060;branch=z9hG4bKx%s\n"
		"Max-Forwards: 69\nFrom: <sip:2001@hq.example>;tag=hhh\n"
		"To: <sip:1001@hq.example>%s%s\nCall-ID: c2\nCSeq: %u %s\n"
		"Contact: <sip:2001@198.51.100.20:5060>\n",
		method, uri, branch, branch, to_tag[0] ? ";tag=" : "", to_tag, cseq, method);
}

void phone_answers(struct rig *r, const char *req, int status, const char *tag,
		   const char *sdp)
{
	const char *v = strstr(req, "Via: ");
	char vias[2048] = "";

	for (; v; v = strstr(v + 1, "\r\nVia: ") ? strstr(v + 1, "\r\nVia: ") + 2 : NULL) {
		size_t n = strlen(vias);

		snprintf(vias + n, sizeof(vias) - n, "%.*s\n", (int)strcspn(v, "\r"), v);
	}
	rig_phone_says(r, sdp, "SIP/2.0 %d Whatever\n%sFrom: %s\nTo: %.*s;tag=%s\nCall-ID: %s\n"
		       "CSeq: %s\nContact: <sip:1001@10.1.100.11:5060>\n", status, vias,
		       rig_header(req, "From"), (int)strcspn(rig_header(req, "To"), ";"),
		       rig_header(req, "To"), tag, rig_header(req, "Call-ID"),
		       rig_header(req, "CSeq"));
}

void do_register(struct rig *r, char *uri, size_t size)
{
	const char *s;
	char contact[512], sent[4096];

	rig_phone_says(r, NULL,
		"REGISTER sip:hq.example SIP/2.0\n" PHONE_VIA
		"From: <sip:1001@hq.example>;tag=r\nTo: <sip:1001@hq.example>\n"
		"Call-ID: reg1\nCSeq: 1 REGISTER\n"
		"Contact: <sip:1001@10.1.100.11:5060;transport=udp>;+sip.instance=\"<urn:x>\"\n"
		"Authorization: Digest username=\"1001\", odd=\"a,b\",response=\"00\"\n"
		"Expires: 600\n", "r1");
	s = rig_next(r, true);
	snprintf(sent, sizeof(sent), "%s", s);
	snprintf(contact, sizeof(contact), "%s", rig_header(s, "Contact"));
	assert_non_null(strstr(contact, "<sip:1001_"));
	assert_non_null(strstr(contact, "+sip.instance=\"<urn:x>\""));
	assert_non_null(strstr(s, "Authorization: Digest username=\"1001\", odd=\"a,b\",response=\"00\"\r\n"));
	snprintf(uri, size, "%.*s", (int)(strchr(contact, '>') - contact) - 1, contact + 1);
	rig_hq_says(r, NULL,
		"SIP/2.0 200 OK\nVia: %s;received=192.0.2.2\n"
		"Via: SIP/2.0/UDP 10.1.100.11:5060;branch=z9hG4bKr1;rport=5060\n"
		"From: <sip:1001@hq.example>;tag=r\nTo: <sip:1001@hq.example>;tag=t\n"
		"Call-ID: reg1\nCSeq: 1 REGISTER\n"
		"Contact: <sip:1001@203.0.113.9>;expires=100, %s;expires=500\n",
		rig_header(sent, "Via"), contact);
	s = rig_next(r, false);
	assert_string_equal(rig_header(s, "Contact"), "<sip:1001@203.0.113.9>;expires=100, "
			    "<sip:1001@10.1.100.11:5060;transport=udp>;"
			    "+sip.instance=\"<urn:x>\";expires=500");
	assert_int_equal(r->e->nbinding, 1);
}

const char hq_moved[] =
	"v=0\no=2001 7 8 IN IP4 198.51.100.21\ns=-\nc=IN IP4 198.51.100.21\nt=0 0\n"
	"m=audio 6666 RTP/SAVP 8\n"
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:BBBBX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n";

void hq_in_call(struct rig *r, const char *method, unsigned int cseq, const char *branch,
		const char *sdp)
{
	rig_hq_says(r, sdp,
		"%s sip:1001@10.1.100.11:5060 SIP/2.0\n"
		"Via: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bK%s\n"
		"Via: SIP/2.0/UDP 198.51.100.20:5060;branch=z9hG4bKx%s\n"
		"Route: <sip:192.0.2.2:5060;lr>\nRoute: <sip:10.1.100.1:5060;lr>\n"
		"Max-Forwards: 69\nFrom: <sip:2001@hq.example>;tag=bbb\n"
		"To: \"One\" <sip:1001@hq.example>;tag=aaa\nCall-ID: c1@10.1.100.11\n"
		"CSeq: %u %s\nContact: <sip:2001@198.51.100.20:5060>\n",
		method, branch, branch, cseq, method);
}

void restart(struct rig *r)
{
	json_t *state = vw_edge_to_json(r->e, VW_STATE_MAX);
	struct vw_edge_io io = r->e->io;
	char err[256], *dump = json_dumps(state, 0);

	/* keys stay in the kernel: neither ours nor theirs is written down */
	assert_null(strstr(dump, "inline"));
	assert_null(strstr(dump, HQ_KEY));
	free(dump);
	vw_edge_core_free(r->e);
	r->e = vw_edge_core_new(&r->conf, &io, err, sizeof(err));
	assert_int_equal(vw_edge_from_json(r->e, state), 0);
	json_decref(state);
	r->e->trunk[0]->next_ping = r->now + 1000000000;
}
