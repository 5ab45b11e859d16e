# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the module adds to UDP that is no media: forwarding with and without it, on
# a guarded port (a known station in its data VLAN) and on an uplink.

udp_row() { # NAME OPTION...
	local name=$1 without with

	shift
	without=$(bench plain feed --text --dport 30001 "$@") || fail "$name: plain forwarding"
	with=$(bench gw feed --text --dport 30001 "$@") || fail "$name: with the module"
	keep "$name" voxwall "" 160 1 4 "$(jq -nc --argjson a "$without" --argjson b "$with" \
		'{instructions_per_packet: ($b.instructions_per_packet - $a.instructions_per_packet),
		  mean: ($b.mean - $a.mean), with: $b.instructions_per_packet}')"
}

part_udp() {
	bench gw streams add relay 4 1
	udp_row "udp on an uplink, added" --road back
	udp_row "udp on a guarded port, added" --road across --device lan0
	bench gw streams del 1
}
