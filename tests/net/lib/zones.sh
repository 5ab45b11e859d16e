# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh, lib/module.sh and topo/branch.sh: frames that are fired at the
# branch's ports, N each, and what becomes of them. zones_up builds the branch and sets what
# the shots' options are made of.

N=5
SIP='OPTIONS sip:1001@10.1.100.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.100.11\r\n\r\n'
HTTP='GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n'

zones_up() {
	branch_up
	branch_routes
	GW_MAC=$(mac_of gw br0)
	LAN1=$(ifindex gw lan1)
	LAN2=$(ifindex gw lan2)
	WAN0=$(ifindex gw wan0)
	PHONE6=fd00:100::11
	GW6=fd00:100::1
	FROM_PHONE=(--src "$PHONE_MAC" --dst "$GW_MAC" --vlan 100)
	FROM_PC=(--src "$PC_MAC" --dst "$GW_MAC")
	FROM_ATTACKER=(--src "$ATTACKER_MAC" --dst "$GW_MAC")
	PHONE4=(--from "$PHONE_IP" --to "$VOICE_GW")
	PC4=(--from "$PC_IP" --to "$DATA_GW")
}

# policy WORD...: the tests' policy, with more words
policy() { vw gw policy-set 'policy{' voice-vlan=100 "$@" '}'; }

# passes DESC SHOT...: all of it arrives
passes() { is "$1 passes" "$(shot "${@:2}")" "$N"; }

# stopped DESC IFINDEX REASON SHOT...: nothing arrives and each is counted
stopped() {
	local desc=$1 port=$2 reason=$3 before after got

	shift 3
	before=$(drops gw "$port" "$reason")
	got=$(shot "$@")
	after=$(drops gw "$port" "$reason")
	is "$desc is stopped ($reason)" "$got got through, $((after - before)) counted" \
		"0 got through, $N counted"
}
