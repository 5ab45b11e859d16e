#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# SIPp on both sides of the gateway (topo/branch.sh): sipp/phone*.xml in phone1,
# sipp/hq*.xml in the place of the PBX. What each side must see is in the scenarios.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/branch.sh"
. "$here/lib/gateway.sh"

# flow DESC PHONE HQ: both scenarios must succeed
flow() {
	local desc=$1 phone=$2 hq=$3 name=$2-$3

	spawn "hq-$name" hq sipp -sf "$here/sipp/$hq.xml" -i $PBX_IP -p 5060 -m 1 -nostdin \
		-timeout 40 -timeout_error -trace_err -error_file "$T_DIR/hq-$name.err"
	poll 10 listens_udp hq "$PBX_IP:5060"
	ok "$desc: the phone's side" ip netns exec phone1 sipp -sf "$here/sipp/$phone.xml" \
		-i $PHONE_IP -p 5060 -m 1 -nostdin -timeout 40 -timeout_error -inf "$T_DIR/users.csv" \
		-trace_err -error_file "$T_DIR/phone-$name.err" "$VOICE_GW:5060"
	ok "$desc: the far side" poll 30 ended_well "hq-$name"
	ok "$desc: nothing is left" poll 10 nothing_left
	awk 'FNR <= 20 { print "# " $0 }' "$T_DIR"/*-"$name".err 2>/dev/null || :
}

ended_well() { ! kill -0 "${T_PID_OF[$1]}" 2>/dev/null && wait "${T_PID_OF[$1]}"; }
nothing_left() { gw_has call 0 && gw_has stream 0; }
listens_udp() { ip netns exec "$1" ss -Hlun "src $2" | grep -q .; }
restart_with() {
	gateway_kill
	gateway_conf "$1"
	gateway_start "agent-$1"
}

# The edge's own ping is no part of any scenario: a rule takes it away (OPTION in the
# first bytes behind the UDP header).
deaf_to_pings() {
	ip netns exec hq nft -f - <<-RULES
	table inet pings {
		chain in {
			type filter hook input priority 0;
			udp dport 5060 @th,64,48 0x4f5054494f4e drop
		}
	}
	RULES
}

needs "SIP flows" sipp jq nft
branch_up
deaf_to_pings
module_up
printf 'SEQUENTIAL\n%s\n' $PBX_IP >"$T_DIR/users.csv"
gateway_conf srtp
gateway_start
flow "an early offer" phone hq_srtp
flow "a late offer" phone_late hq_late
flow "a refusal of SRTP" phone_refused hq_refuses
flow "an answer in the clear" phone_refused hq_answers_clear
flow "a call given up" phone_cancel hq_rings
restart_with srtp-preferred
flow "a refusal where RTP will do" phone hq_falls_back
ok "the fall-back is in the log" grep -q 'refuses SRTP' "$T_DIR/agent-srtp-preferred.log"
