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
. "$here/peers/sipp.sh"

restart_with() {
	gateway_kill
	gateway_conf "$1"
	gateway_start "agent-$1"
}

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
restart_with srtp-preferred
flow "a refusal where RTP will do" phone hq_falls_back
ok "the fall-back is in the log" grep -q 'refuses SRTP' "$T_DIR/agent-srtp-preferred.log"
