#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: 6.1 6.12
#
# The peers of topo/branch.sh without voxwall: 1001 and 2001 register with
# Kamailio and call each other over plain routing. What voxwall's tests measure
# can't be better than this.
#
# quiet: compares speech, and wants a processor to itself

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/branch.sh"
. "$here/peers/kamailio.sh"
. "$here/peers/baresip.sh"
. "$here/peers/speech.sh"

# heard_well SPOKEN HEARD
heard_well() {
	"$T_TOP/build/tools/audiocmp" "$1" "$2" | tee /dev/stderr | jq -e '.correlation >= 0.95'
}

needs "a plain call" kamailio baresip espeak-ng sox jq
branch_up
branch_routes
speech_make "$T_DIR/1001.wav" en-gb "$SPEECH_1001"
speech_make "$T_DIR/2001.wav" en-us "$SPEECH_2001"
kamailio_start hq $PBX_IP
media="audio_codecs=PCMA/8000/1;auth_pass=none;answermode=auto;regint=600"
baresip_start 1001 phone1 $PHONE_IP "$T_DIR/1001.wav" "<sip:1001@$PBX_IP>;$media"
baresip_start 2001 hq2001 $HQ_IP "$T_DIR/2001.wav" "<sip:2001@$PBX_IP>;$media"
ok "1001 registers" poll 20 baresip_registered 1001
ok "2001 registers" poll 20 baresip_registered 2001

baresip_say 1001 dial "sip:2001@$PBX_IP"
ok "2001 answers 1001" poll 20 baresip_saw 1001 CALL_ESTABLISHED
ok "2001 hears the sentence" poll 15 baresip_heard_ms 2001 10500
ok "1001 hears the sentence" poll 15 baresip_heard_ms 1001 10500
baresip_say 1001 hold
ok "the hold reaches 2001" poll 10 baresip_saw 2001 CALL_REMOTE_SDP 2
baresip_say 1001 resume
ok "the resume reaches 2001" poll 10 baresip_saw 2001 CALL_REMOTE_SDP 3
baresip_say 1001 hangup
ok "the call ends at the far side" poll 10 baresip_saw 2001 CALL_CLOSED
baresip_heard 1001 "$T_DIR/first-1001.wav"
baresip_heard 2001 "$T_DIR/first-2001.wav"
ok "what 2001 heard is what 1001 spoke" heard_well "$T_DIR/1001.wav" "$T_DIR/first-2001.wav"
ok "what 1001 heard is what 2001 spoke" heard_well "$T_DIR/2001.wav" "$T_DIR/first-1001.wav"
nok "1001 did not hear itself" heard_well "$T_DIR/1001.wav" "$T_DIR/first-1001.wav"

baresip_say 2001 dial "sip:1001@$PBX_IP"
ok "1001 answers 2001" poll 20 baresip_saw 2001 CALL_ESTABLISHED 2
baresip_say 2001 hangup
ok "the call ends at the phone" poll 10 baresip_saw 1001 CALL_CLOSED 2
