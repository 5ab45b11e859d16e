#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# SIPp on both sides of the gateway (topo/branch.sh): sipp/phone*.xml in phone1,
# sipp/hq*.xml in the place of the PBX. What each side must see is in the scenarios.
# In one call the far side's SRTP is libsrtp2's (tests/tools/srtpsend.c): it changes its
# key, and what it sealed with the old one and is late still arrives.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/branch.sh"
. "$here/lib/gateway.sh"
. "$here/peers/sipp.sh"

restart_with() {
	gateway_kill
	gateway_conf "$1"
	gateway_start "agent-$1"
}

KEY_A=WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz
KEY_B=d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj
SEND=$T_TOP/build/tools/srtpsend

# The stream that comes from the WAN: jq's word about it.
wan() { gw stream list --json | jq -r "[.. | objects | select(.zone? == \"wan\")][0] | $1"; }
wan_is() { [ "$(wan "$1")" = "$2" ] || { diag "$1: $(wan "$1")"; return 1; }; }
finds_port() { PORT=$(wan '.local | "\(.address):\(.rtp)"') && [ "${PORT#null}" = "$PORT" ]; }

# SIPp keeps port 6000 for itself; with a key no port is asked for.
hq_sends() { ip netns exec hq "$SEND" "$PBX_IP:6400" "$PORT" "$@"; }

# hears FROM TO: the phone has got all of these, as they were sent
hears() {
	local i

	for ((i = $1; i <= $2; i++)); do
		grep -qx "$i" "$T_DIR/ear.log" || { diag "no packet $i"; return 1; }
	done
}

# What the far side's scenario waits for, in one datagram.
hq_goes_on() {
	printf '%s\r\n' "MESSAGE sip:2001@$PBX_IP SIP/2.0" \
		"Via: SIP/2.0/UDP $PBX_IP:9;branch=z9hG4bK$RANDOM$RANDOM" \
		"From: <sip:test@$PBX_IP>;tag=t" "To: <sip:2001@$PBX_IP>" \
		"Call-ID: $(gw call list --json | jq -r '.[0].call_id')" "CSeq: $RANDOM MESSAGE" \
		"Content-Length: 0" "" |
		ip netns exec hq bash -c "dd bs=4096 iflag=fullblock status=none >/dev/udp/$PBX_IP/5060"
}

rekeyed() {
	printf 'SEQUENTIAL\n|2^20|258:2;|40|259:2\n' >"$T_DIR/keys.csv"
	spawn ear phone1 "$SEND" listen "$PHONE_IP:4000"
	poll 10 grep -q listening "$T_DIR/ear.log"
	SIPP_TIMEOUT=120
	sipp_hq hq_rekeys -inf "$T_DIR/keys.csv"
	spawn phone - sipp_phone phone_rekeyed
	ok "a key with an MKI: the call is up" poll 20 finds_port
	hq_sends 1 20 $KEY_A 0102
	ok "a key with an MKI: it opens" poll 10 hears 1 20
	hq_goes_on || :
	ok "a re-INVITE with another key: it comes beside the first" \
		poll 20 wan_is '.open | "\(.current) \(.slots) \(.mki) \(.lifetime)"' "1 [0,1] 0103 40"
	hq_sends 31 20 $KEY_B 0103
	hq_sends 21 10 $KEY_A 0102
	hq_sends 51 15 $KEY_B 0103
	ok "a re-INVITE with another key: late packets of the first and all of the second open" \
		poll 10 hears 21 65
	is "a lifetime of 40 packets: nothing is said after 35" \
		"$(gw call list --json | jq '.[0].keys_expire | length')" 0
	hq_sends 66 10 $KEY_B 0103
	ok "a lifetime of 40 packets: the log tells" \
		poll 10 grep -q 'the key of hq has protected' "$T_DIR/agent.log"
	ok "a lifetime of 40 packets: and the call list" poll 10 expiring
	ok "a lifetime of 40 packets: these open" poll 10 hears 66 70
	is "a lifetime of 40 packets: no packet more, and none but the far side's" \
		"$(grep -cxE '7[1-9]|\?' "$T_DIR/ear.log")" 0
	hq_goes_on || :
	ok "a call that re-keys: the phone's side" poll 30 ended_well phone
	ok "a call that re-keys: the far side" poll 10 ended_well hq-hq_rekeys
	ok "a call that re-keys: nothing is left" poll 10 nothing_left
	sipp_errors phone_rekeyed hq_rekeys
	stop ear
}
expiring() { gw call list | grep -q 'key expires'; }

needs "SIP flows" sipp jq nft
branch_up
deaf_to_pings
module_up
gateway_conf srtp
gateway_start
flow "an early offer" phone hq_srtp
flow "a late offer" phone_late hq_late
flow "a refusal of SRTP" phone_refused hq_refuses
flow "an answer in the clear" phone_refused hq_answers_clear
flow "a call given up" phone_cancel hq_rings
rekeyed
restart_with srtp-preferred
flow "a refusal where RTP will do" phone hq_falls_back
ok "the fall-back is in the log" grep -q 'refuses SRTP' "$T_DIR/agent-srtp-preferred.log"
