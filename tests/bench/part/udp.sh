# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the module adds to UDP that is no media, on a guarded port (a known station in
# its data VLAN) and on an uplink: forwarding with and without it. And what the kernel
# alone takes for the hooks that the module needs, when they do nothing.

udp_added() { # NAME PEER ROAD-OPTIONS NETNS [HOOK OPTION]...
	local name=$1 peer=$2 road=($3) netns=$4 without with

	shift 4
	without=$(bench plain feed --text --dport 30001 "${road[@]}") || fail "$name: without"
	with=$(bench "$netns" feed --text --dport 30001 "${road[@]}" "$@") || fail "$name: with"
	keep "$name" "$peer" "" 160 1 4 "$(jq -nc --argjson a "$without" --argjson b "$with" \
		'{instructions_per_packet: ($b.instructions_per_packet - $a.instructions_per_packet),
		  mean: ($b.mean - $a.mean), with: $b.instructions_per_packet}')"
}

part_udp() {
	bench gw streams add relay 4 1 $VOICE
	udp_added "an empty ingress hook, added" linux "--road back" plain --hook-in
	udp_added "and one at the way out, added" linux "--road back" plain --hook-in --hook-out
	udp_added "udp on an uplink, added" voxwall "--road back" gw
	udp_added "udp on a guarded port, added" voxwall "--road across --device lan0" gw
	bench gw streams del 1
}
