#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A phone that goes without a word (topo/branch.sh): its program dies, or its cable is
# pulled. The far side is a SIPp that sends no media and hangs up last: it must get
# a BYE, and nothing may stay behind in the module, the agent or the gateway's ports.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/branch.sh"
. "$here/lib/gateway.sh"
. "$here/peers/baresip.sh"
. "$here/peers/sipp.sh"

GW_TIMEOUT=10	# seconds, the shortest that a configuration may have
SIPP_TIMEOUT=150

media_ports() { ip netns exec gw ss -Huan 'sport >= :20000 and sport <= :20999' | wc -l; }
media_ports_are() { [ "$(media_ports)" = "$1" ]; }
idle_calls() { gw status --json | jq '.agent.counters["idle-calls"]'; }
sent_is() { gw stream list --json | jq -e "[.. | .packets? // empty] | add > $1"; }

# call PHONE: it speaks into a call that the far side has taken
call() {
	sipp_hq hq_srtp
	baresip_start "$1" phone1 $PHONE_IP "$T_DIR/1001.wav" \
		"<sip:1001@$PBX_IP>;outbound=\"sip:$VOICE_GW\";audio_codecs=PCMA/8000/1;auth_pass=none;regint=0"
	baresip_say "$1" dial "sip:2001@$PBX_IP"
	ok "$1: the call is up" poll 20 baresip_saw "$1" CALL_ESTABLISHED
	ok "$1: its streams carry speech" poll 10 sent_is 50
	ok "$1: and hold ports" [ "$(media_ports)" != 0 ]
}

gone() {
	ok "$1: the far side gets a BYE" poll 60 ended_well hq-hq_srtp
	ok "$1: no call is listed" poll 5 gw_has call 0
	ok "$1: no stream is left" gw_has stream 0
	ok "$1: no port is left" poll 5 media_ports_are 0
	is "$1: it counts as an idle call" "$(idle_calls)" 1
}

vanish() { # NAME: the process, with no chance to say anything
	kill -9 "${T_PID_OF[$1]}"
	wait "${T_PID_OF[$1]}" 2>/dev/null || :
}

needs "vanishing phones" baresip sipp sox jq nft
branch_up
deaf_to_pings
module_up
gateway_conf srtp
gateway_start
sox -n -r 8000 -c 1 -b 16 "$T_DIR/1001.wav" synth 120 sine 400 vol 0.3

call killed
sleep $((GW_TIMEOUT + 2))
ok "one direction's silence ends no call" gw_has call 1
vanish killed
gone killed

call unplugged
gateway_kill
ip -n desk1 link set phone down
ok "the module removes the streams while no agent runs" poll 40 gw_has stream 0
gateway_start agent2
gone unplugged
ip -n desk1 link set phone up
vanish unplugged

call back
baresip_say back hangup
ok "the next call ends as any other" poll 20 ended_well hq-hq_srtp
ok "and leaves no port" poll 5 media_ports_are 0
[ $T_FAILED = 0 ] || tail -n 30 "$T_DIR"/agent*.log
