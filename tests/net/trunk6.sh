#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: 6.1 6.12
#
# Two trunks at once (topo/branch.sh): hq6 over IPv6, where Kamailio and 2001 are, and
# hq over IPv4, where a SIPp is. The phones speak IPv4. What 1001 and 2001 hear is
# judged.
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
. "$here/peers/sipp.sh"

PBX6='[2001:db8:100::10]'
HQ6='[2001:db8:100::20]'
WAN6=2001:db8:2::2

heard_well() {
	"$T_TOP/build/tools/audiocmp" "$1" "$2" | tee /dev/stderr | jq -e '.correlation >= 0.95'
}
calls_of() { gw trunk list --json | jq -r ".. | objects | select(.name? == \"$1\") | .calls"; }
has_calls() { [ "$(calls_of hq) $(calls_of hq6)" = "$1" ]; }
ends() { gw stream list --json | jq -r '[.. | objects | select(.zone? == "voice") | .source.address] | sort | join(" ")'; }

needs "a call over IPv6" kamailio baresip espeak-ng sox sipp jq nft
branch_up
deaf_to_pings
module_up
gateway_conf srtp "trunk \"hq6\" { uplink = wan0  proxy = \"sip:$PBX6:5060\"  media = srtp }"
gateway_start
speech_make "$T_DIR/1001.wav" en-gb "$SPEECH_1001"
speech_make "$T_DIR/2001.wav" en-us "$SPEECH_2001"
kamailio_start hq "$PBX6"
media="audio_codecs=PCMA/8000/1;auth_pass=none;answermode=auto;regint=600"
baresip_start 1001 phone1 $PHONE_IP "$T_DIR/1001.wav" \
	"<sip:1001@$PBX6>;outbound=\"sip:$VOICE_GW\";$media"
baresip_start 2001 hq2001 "$HQ6" "$T_DIR/2001.wav" "<sip:2001@$PBX6>;mediaenc=srtp-mand;$media"
ok "1001 registers through the gateway" poll 20 baresip_registered 1001
ok "2001 registers" poll 20 baresip_registered 2001

baresip_say 1001 dial "sip:2001@$PBX6"
ok "2001 answers 1001" poll 30 baresip_saw 1001 CALL_ESTABLISHED
# Nothing else goes on meanwhile: a phone on a machine that is late skips a bit.
ok "2001 hears the sentence" poll 40 baresip_heard_ms 2001 10500
ok "1001 hears the sentence" poll 40 baresip_heard_ms 1001 10500
sipp_hq hq_srtp
spawn phone2 - sipp_phone phone_talks -p 5070 -d 10000
ok "both trunks have a call" poll 20 has_calls "1 1"
is "each with the gateway's address of its family" "$(ends)" "$WAN_IP $WAN6"
ok "the other call ends: the phone's side" poll 30 ended_well phone2
ok "the other call ends: the far side" poll 10 ended_well hq-hq_srtp
sipp_errors phone_talks hq_srtp
ok "and takes only its own streams along" poll 5 has_calls "0 1"
is "two are left" "$(gw_count stream)" 2
baresip_say 1001 hangup
ok "the call ends at the far side" poll 10 baresip_saw 2001 CALL_CLOSED
ok "nothing is left" poll 10 nothing_left
baresip_heard 1001 "$T_DIR/heard-1001.wav"
baresip_heard 2001 "$T_DIR/heard-2001.wav"
ok "what 2001 heard is what 1001 spoke" heard_well "$T_DIR/1001.wav" "$T_DIR/heard-2001.wav"
ok "what 1001 heard is what 2001 spoke" heard_well "$T_DIR/2001.wav" "$T_DIR/heard-1001.wav"

baresip_say 2001 dial "sip:1001@$PBX6"
ok "1001 answers 2001" poll 20 baresip_saw 2001 CALL_ESTABLISHED 2
baresip_say 2001 hangup
ok "the call ends at the phone" poll 10 baresip_saw 1001 CALL_CLOSED 2
ok "nothing is left of it" poll 10 nothing_left
[ $T_FAILED = 0 ] || tail -n 40 "$T_DIR"/agent.log "$T_DIR/kamailio.log" "$T_DIR/1001.log"
