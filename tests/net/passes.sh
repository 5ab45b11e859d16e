#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A flow that is known to be none of voice passes without being asked again (kmod/pass.h),
# until something changes; what it brings is looked at all the same. On the branch of
# topo/branch.sh, seen behind the guard and the bridge:
#
#   pc1 (untagged) ------- lan1 -[ gw: br0.10 ]
#   attacker ------------- lan2 -+
#
# The memory is a processor's own: with two a frame might find the other's.
# CPUS: 1
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/module.sh"
. "$(dirname "$0")/topo/branch.sh"
. "$(dirname "$0")/lib/zones.sh"

zones_up
ok "a policy is set" policy
ok "lan1 is guarded" vw gw port-set 'port{' ifname=lan1 mode=0 data-vlan=10 '}'
ok "lan2 is guarded" vw gw port-set 'port{' ifname=lan2 mode=0 data-vlan=10 '}'
ok "wan0 is an uplink" vw gw port-set 'port{' ifname=wan0 mode=2 '}'

none_of_voice() { # FAMILY SHOT-OPTION...
	local f="IPv$1:" F=("${@:2}" --udp 4002:4002) NOISE=(--text '\xc3\x11\x22' --size 40)

	passes "$f a flow that is none of voice" "${F[@]}" "${NOISE[@]}"
	passes "$f and goes on" "${F[@]}" "${NOISE[@]}"
	stopped "$f a UDP length that lies in it" "$LAN1" malformed "${F[@]}" "${NOISE[@]}" --udplen 2000
	ok "$f its sender becomes a station on another port" vw gw station-set 'station{' "mac=$PC_MAC" "ifindex=$LAN2" allow=2 '}'
	stopped "$f the flow" "$LAN1" station-moved "${F[@]}" "${NOISE[@]}"
	ok "$f and is forgotten" vw gw station-del 'station{' "mac=$PC_MAC" '}'
	passes "$f the flow, again" "${F[@]}" "${NOISE[@]}"
	ok "$f lan1 asks for stations in the data zone" vw gw port-set 'port{' ifname=lan1 mode=0 data-vlan=10 authorise=3 '}'
	stopped "$f the flow of a stranger" "$LAN1" station-unknown "${F[@]}" "${NOISE[@]}"
	ok "$f lan1 doesn't any more" vw gw port-set 'port{' ifname=lan1 mode=0 data-vlan=10 '}'
	passes "$f the flow, once more" "${F[@]}" "${NOISE[@]}"
	stopped "$f SIP in it" "$LAN1" rogue-voice "${F[@]}" --text "$SIP"
	passes "$f the flow, after that" "${F[@]}" "${NOISE[@]}"
	is "$f RTP in it is found by its eighth packet" "$(shot "${F[@]}" --count 20 --rtp 21 --size 160)" 7
}
# The gateway answers, and mustn't ask for addresses meanwhile: a reply would be counted.
ip -n gw neigh replace "$PC_IP" lladdr "$PC_MAC" dev br0.10
ip -n gw neigh replace fd00:10::11 lladdr "$PC_MAC" dev br0.10
none_of_voice 4 pc1:eth0 gw:br0.10 "${FROM_PC[@]}" "${PC4[@]}"
none_of_voice 6 pc1:eth0 gw:br0.10 "${FROM_PC[@]}" --from fd00:10::11 --to fd00:10::1

flow_rules() {
	ip netns exec gw nft -f - <<-RULES
		table netdev noise {
			counter seen { }
			counter parts { }
			chain in {
				type filter hook ingress device "br0.10" priority filter;
				meta l4proto { tcp, udp } th dport 4002 counter name seen
				ip frag-off & 0x3fff != 0 counter name parts
			}
		}
	RULES
}
flow() { ip netns exec gw nft list counter netdev noise "${1-seen}" | grep -o 'packets [0-9]*'; }
comes() { [ "$(flow)" != "$seen" ]; }
more_than() { [ "$(drops gw "$1" "$2")" -gt "$3" ]; }
ok "the flow is counted" flow_rules

# What a flow is spared, others are not: from elsewhere, or not whole. It goes on meanwhile,
# so that there is something to mistake them for.
refuses() { # DESC IFINDEX REASON FROM SHOT-OPTION...: each is counted
	local before

	before=$(drops gw "$2" "$3")
	shot "$4" gw:lo "${@:5}" >/dev/null
	is "$1 is refused ($3)" "$(($(drops gw "$2" "$3") - before)) counted" "$N counted"
}
of_station() { vw gw station-get 'station{' "mac=$PC_MAC" '}' | grep -o 'packets=[0-9]*' | cut -d= -f2; }
alone() { # FAMILY STREAM'S-LOCAL-ADDRESS REMOTE-ADDRESS SHOT-OPTION...
	local f="IPv$1:" G F l4 seen before

	ok "$f its sender becomes a station" vw gw station-set 'station{' "mac=$PC_MAC" "ifindex=$LAN1" allow=2 '}'
	ok "$f and lan1 asks for one" vw gw port-set 'port{' ifname=lan1 mode=0 data-vlan=10 authorise=3 '}'
	for l4 in tcp udp; do
		f="IPv$1, $l4:"
		G=("${@:4}" --$l4 4002:4002 --size 40)
		F=("${G[@]}" --text '\xc3\x11\x22')
		# It may have been RTP before: that takes some packets to forget.
		is "$f its flow passes" "$(shot pc1:eth0 gw:br0.10 "${F[@]}" --count 20)" 20
		seen=$(flow)
		spawn flow - "$SHOT" pc1:eth0 gw:lo "${F[@]}" --count 100000 --every 20
		ok "$f it goes on" poll 10 comes
		refuses "$f the same from another MAC address" "$LAN1" station-unknown pc1:eth0 "${F[@]}" --src "$ATTACKER_MAC"
		refuses "$f the same in another VLAN" "$LAN1" vlan-foreign pc1:eth0 "${F[@]}" --vlan 99
		refuses "$f the same from another port" "$LAN2" station-moved attacker:eth0 "${F[@]}"
		refuses "$f an IP length that lies" "$LAN1" malformed pc1:eth0 "${F[@]}" --iplen 2000
		[ $l4 = tcp ] || continue
		before=$(drops gw "$LAN1" rogue-voice)
		shot pc1:eth0 gw:lo "${G[@]}" --text "$SIP" --count 20 >/dev/null
		ok "$f SIP in it is found" more_than "$LAN1" rogue-voice $((before + 10))
		stop flow
	done
	refuses "$f a UDP length that lies" "$LAN1" malformed pc1:eth0 "${F[@]}" --udplen 2000
	if [ "$1" = 4 ]; then
		seen=$(flow parts)
		shot pc1:eth0 gw:lo "${F[@]}" --frag 0+ >/dev/null
		# With what would be its ports and length, were it whole.
		shot pc1:eth0 gw:lo "${G[@]}" --frag 1480 --text '\x0f\xa2\x0f\xa2\x00\x28\x00\x00\xc3\x11\x22' >/dev/null
		is "$f no part goes on by itself" "$(flow parts)" "$seen"
	fi
	before=$(drops gw "$LAN1" stream-zone)
	ok "$f a stream takes its port" vw gw stream-new 'stream{' "id=$1" zone=0 clear-wan "local-addr=$2" \
		local-port=4002 "remote-addr=$3" src-addr=c0000202 "src-port=2010$1" dst-addr=c633640a dst-port=5000 '}'
	seen=$(flow)
	ok "$f it still comes" poll 10 more_than "$LAN1" stream-zone "$before"
	is "$f and none of it passes" "$(flow)" "$seen"
	stop flow
	ok "$f the stream ends" vw gw stream-del 'stream{' "id=$1" '}'
	passes "$f the flow, after that" pc1:eth0 gw:br0.10 "${F[@]}"
	ok "$f lan1 becomes a trunk" vw gw port-set 'port{' ifname=lan1 mode=1 data-vlan=10 'vlans{' vlan=20 '}' authorise=3 '}'
	before=$(of_station)
	spawn flow - "$SHOT" pc1:eth0 gw:lo "${F[@]}" --vlan 20 --count 100000 --every 20
	# Those with a pass count as well, or it would take a second for each.
	ok "$f it goes on in a VLAN" poll 10 eval '[ "$(of_station)" -gt '$((before + 40))' ]'
	refuses "$f the same in a service VLAN" "$LAN1" vlan-foreign pc1:eth0 "${F[@]}" --vlan 20/88a8
	stop flow
	ok "$f lan1 doesn't ask any more" vw gw port-set 'port{' ifname=lan1 mode=0 data-vlan=10 '}'
	ok "$f the station is forgotten" vw gw station-del 'station{' "mac=$PC_MAC" '}'
	passes "$f the flow, once more" pc1:eth0 gw:br0.10 "${F[@]}"
	seen=$(flow)
	spawn flow - "$SHOT" pc1:eth0 gw:lo "${F[@]}" --count 100000 --every 20
	ok "$f it goes on" poll 10 comes
	before=$(drops gw "$LAN1" rogue-voice)
	shot pc1:eth0 gw:lo "${G[@]}" --rtp 22 --size 160 --count 40 --glued >/dev/null
	ok "$f RTP glued behind one of it is found" more_than "$LAN1" rogue-voice $((before + 20))
	stop flow
}
alone 4 0a010a01 0a010a0b "${FROM_PC[@]}" "${PC4[@]}"
alone 6 fd000010000000000000000000000001 fd000010000000000000000000000011 \
	"${FROM_PC[@]}" --from fd00:10::11 --to fd00:10::1

# The same while it comes: what has been acknowledged holds for every packet after that.
seen=$(flow)
spawn flood - "$SHOT" pc1:eth0 gw:br0.10 "${FROM_PC[@]}" "${PC4[@]}" --udp 4002:4002 --text '\xc3\x11\x22' --size 40 --count 10000000
ok "it comes without a pause" poll 10 comes
for turn in 1 2 3; do
	vw gw station-set 'station{' "mac=$PC_MAC" "ifindex=$LAN2" allow=2 '}' >/dev/null
	seen=$(flow)
	before=$(drops gw "$LAN1" station-moved)
	ok "more of it comes ($turn)" poll 10 more_than "$LAN1" station-moved "$before"
	is "none passes, once it is forbidden ($turn)" "$(flow)" "$seen"
	vw gw station-del 'station{' "mac=$PC_MAC" '}' >/dev/null
	ok "all of it does, once it isn't ($turn)" poll 10 eval '[ "$(flow)" != "'"$seen"'" ]'
done
stop flood
ip netns exec gw nft delete table netdev noise
