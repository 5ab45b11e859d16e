#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Longer conversations of SIPp through the gateway (topo/branch.sh) than sip_flows:
# reliable early answers, UPDATE, forks, refusals, session timers; and a far side
# that moves its media while a softphone speaks, judged by a capture of the WAN.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/branch.sh"
. "$here/lib/gateway.sh"
. "$here/peers/baresip.sh"
. "$here/peers/sipp.sh"

MOVED_IP=$HQ_IP

# What the phone's speech is sent to: "198.51.100.10:6002".
far_ends() {
	gw stream list --json | jq -r "[.. | objects | select(.zone? == \"voice\") |
		.destination | \"\(.address):\(.rtp)\"] | join(\" \")"
}

sends_only_to() { far_ends | grep -x "$1" >/dev/null; }

# The times of the WAN capture's packets that fit a filter.
sent() { tshark -r "$T_DIR/wan.pcap" -Y "$1" -T fields -e frame.time_epoch 2>/dev/null; }
count() { sent "$1" | wc -l; }

forked() {
	sipp_hq hq_forks
	spawn phone - sipp_phone phone_forked -d 8000
	ok "a forked call: the branch that answers has the streams" \
		poll 20 sends_only_to "$PBX_IP:6002"
	ok "a forked call: the phone's side" poll 40 ended_well phone
	ok "a forked call: the far side" poll 10 ended_well hq-hq_forks
	ok "a forked call: nothing is left" poll 10 nothing_left
	sipp_errors phone_forked hq_forks
}

# The phone is real, and speaks all the time.
moved() {
	local last first

	sox -n -r 8000 -c 1 -b 16 "$T_DIR/1001.wav" synth 120 sine 400 vol 0.3
	sipp_hq hq_moves
	spawn tcpdump inet tcpdump -U -i wan -w "$T_DIR/wan.pcap" udp
	poll 10 test -s "$T_DIR/wan.pcap"
	baresip_start 1001 phone1 $PHONE_IP "$T_DIR/1001.wav" \
		"<sip:1001@$PBX_IP>;outbound=\"sip:$VOICE_GW\";audio_codecs=PCMA/8000/1;auth_pass=none;regint=0"
	baresip_say 1001 dial "sip:2001@$PBX_IP"
	ok "media that moves: the call is up" poll 20 baresip_saw 1001 CALL_ESTABLISHED
	ok "media that moves: the far side" poll 40 ended_well hq-hq_moves
	ok "media that moves: nothing is left" poll 10 nothing_left
	sipp_errors - hq_moves
	stop tcpdump
	ok "it went to the first address" [ "$(count "ip.dst == $PBX_IP && udp.dstport == 6000")" -gt 50 ]
	ok "and then to the other one" [ "$(count "ip.dst == $MOVED_IP && udp.dstport == 7000")" -gt 50 ]
	last=$(sent "udp.dstport == 6000" | tail -n 1)
	first=$(sent "udp.dstport == 7000" | head -n 1)
	ok "never to both: $last, $first" awk "BEGIN { exit !(0$last < 0$first) }"
}

needs "SIP dialogs" sipp jq nft baresip sox tshark
branch_up
deaf_to_pings
module_up
gateway_conf srtp
gateway_start
flow "PRACK and UPDATE" phone_prack hq_prack
flow "an offer in a 183, answered in the PRACK" phone_prack_late hq_prack_late
flow "busy, moved, too short a session, and through" phone_insists hq_insists
forked
moved
[ $T_FAILED = 0 ] || tail -n 40 "$T_DIR/agent.log"
