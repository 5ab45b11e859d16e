#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: 6.1 6.12
#
# Real phones through the gateway (topo/branch.sh): 1001 on the voice VLAN speaks
# plain RTP and registers with Kamailio through the gateway's SIP edge; 2001 at
# the head office speaks SRTP and nothing else.
#
# quiet: compares speech, and wants a processor to itself

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/branch.sh"
. "$here/lib/gateway.sh"
. "$here/peers/kamailio.sh"
. "$here/peers/baresip.sh"
. "$here/peers/speech.sh"

heard_well() {
	"$T_TOP/build/tools/audiocmp" "$1" "$2" | tee /dev/stderr | jq -e '.correlation >= 0.95'
}

call_is() { gw call list --json | jq -e "$1"; }
streams_are() { gw stream list --json | jq -e "[.[] | $1] | length == 2 and all"; }
packets_of() { gw stream list --json | jq -r "[.. | objects | select(.zone? == \"$1\") | .packets] | add // 0"; }

needs "a call through the gateway" kamailio baresip espeak-ng sox jq
branch_up
module_up
gateway_conf srtp
gateway_start
speech_make "$T_DIR/1001.wav" en-gb "$SPEECH_1001"
speech_make "$T_DIR/2001.wav" en-us "$SPEECH_2001"
kamailio_start hq $PBX_IP
media="audio_codecs=PCMA/8000/1;auth_pass=none;answermode=auto;regint=600"
baresip_start 1001 phone1 $PHONE_IP "$T_DIR/1001.wav" \
	"<sip:1001@$PBX_IP>;outbound=\"sip:$VOICE_GW\";$media"
baresip_start 2001 hq2001 $HQ_IP "$T_DIR/2001.wav" "<sip:2001@$PBX_IP>;mediaenc=srtp-mand;$media"
ok "1001 registers through the gateway" poll 20 baresip_registered 1001
ok "2001 registers" poll 20 baresip_registered 2001

ip netns exec inet timeout 300 tcpdump -U -i wan -w "$T_DIR/wan.pcap" udp 2>/dev/null &
baresip_say 1001 dial "sip:2001@$PBX_IP"
ok "2001 answers 1001" poll 30 baresip_saw 1001 CALL_ESTABLISHED
ok "the call is listed as protected" poll 5 call_is '.. | objects | select(.media? == "srtp" and .state? == "confirmed")'
ok "two streams are installed" poll 5 gw_has stream 2
ok "2001 hears the sentence" poll 25 baresip_heard_ms 2001 10500
ok "1001 hears the sentence" poll 25 baresip_heard_ms 1001 10500
ok "both ends report what they hear" poll 20 streams_are '.report.lost != null'
ok "and are as far away as they are" poll 20 streams_are '.round_trip_us > 0 and .round_trip_us < 2000000'
ok "the call is rated at both ends" call_is \
	'.[0] | [.heard_by_phone, .heard_by_trunk] | all(.codec == "PCMA" and .delay_whole and .mos > 1)'
baresip_say 1001 hold
ok "the hold reaches 2001" poll 10 baresip_saw 2001 CALL_REMOTE_SDP 2
ok "the call is listed as held" poll 5 call_is '.. | objects | select(.hold? == true)'
baresip_say 1001 resume
ok "the resume reaches 2001" poll 10 baresip_saw 2001 CALL_REMOTE_SDP 3

was=$(baresip_seen 2001 CALL_CLOSED || :)
gateway_kill
before=$(packets_of wan)
sleep 1
ok "media goes on while the agent is dead" [ "$(packets_of wan)" -gt "$before" ]
gateway_start agent2
ok "the new agent knows the call" call_is '.. | objects | select(.state? == "confirmed" and .media? == "srtp")'
is "its streams are the same ones" "$(gw_count stream)" 2
is "nobody hung up" "$(baresip_seen 2001 CALL_CLOSED || :)" "$was"
baresip_say 1001 hold
ok "a hold after the restart reaches 2001" poll 10 baresip_saw 2001 CALL_REMOTE_SDP 4
baresip_say 1001 resume
ok "and the resume" poll 10 baresip_saw 2001 CALL_REMOTE_SDP 5
before=$(packets_of wan)
sleep 1
ok "media flows again" [ "$(packets_of wan)" -gt "$before" ]
baresip_say 1001 hangup
ok "the call ends at the far side" poll 10 baresip_saw 2001 CALL_CLOSED
ok "its streams are gone" poll 5 gw_has stream 0
ok "it isn't listed any more" poll 5 gw_has call 0
baresip_heard 1001 "$T_DIR/first-1001.wav"
baresip_heard 2001 "$T_DIR/first-2001.wav"
ok "what 2001 heard is what 1001 spoke" heard_well "$T_DIR/1001.wav" "$T_DIR/first-2001.wav"
ok "what 1001 heard is what 2001 spoke" heard_well "$T_DIR/2001.wav" "$T_DIR/first-1001.wav"

baresip_say 2001 dial "sip:1001@$PBX_IP"
ok "1001 answers 2001" poll 20 baresip_saw 2001 CALL_ESTABLISHED 2
ok "two streams again" poll 5 gw_has stream 2
baresip_say 2001 hangup
ok "the call ends at the phone" poll 10 baresip_saw 1001 CALL_CLOSED 2
ok "its streams are gone too" poll 5 gw_has stream 0
if [ $T_FAILED != 0 ]; then
	gw status --json || :
	tail -n 40 "$T_DIR"/agent*.log "$T_DIR/kamailio.log" "$T_DIR/1001.log"
fi
