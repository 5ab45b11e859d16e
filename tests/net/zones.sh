#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who may send what in which zone. The branch of topo/branch.sh:
#
#   phone1 (VLAN 100) -+
#                      +- lan1 -[ gw: br0.10 br0.100 ]- wan0 -- wan [inet] -- hq
#   pc1 (untagged) ----+         |
#   attacker ------------- lan2 -+
#
# A frame that passes is seen on br0.10 or br0.100, behind the guard and the
# bridge, or on the far side of the WAN; each refusal is counted by its reason.
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/module.sh"
. "$(dirname "$0")/topo/branch.sh"
. "$(dirname "$0")/lib/zones.sh"

zones_up

# ---- before there is any guard, everything must arrive: the range itself works ----

passes "without a guard: HTTP on the voice VLAN" phone1:eth0 gw:br0.100 "${FROM_PHONE[@]}" \
	"${PHONE4[@]}" --tcp 40000:80 --text "$HTTP"
passes "without a guard: RTP on a data VLAN" pc1:eth0 gw:br0.10 "${FROM_PC[@]}" "${PC4[@]}" \
	--udp 30000:30000 --rtp 7

refused "a port before a policy" "set a policy" gw port-set 'port{' ifname=lan1 mode=0 '}'
ok "a policy is set" policy
ok "lan1 is guarded" vw gw port-set 'port{' ifname=lan1 mode=0 data-vlan=10 '}'
ok "lan2 is guarded" vw gw port-set 'port{' ifname=lan2 mode=0 data-vlan=10 '}'
ok "wan0 is an uplink" vw gw port-set 'port{' ifname=wan0 mode=2 '}'
ok "the phone is a station" vw gw station-set 'station{' "mac=$PHONE_MAC" "ifindex=$LAN1" allow=1 '}'
spawn events - "$VWNL" gw listen 3600
ok "events are listened to" poll 5 grep -q listening "$T_DIR/events.log"

# ---- the voice VLAN ----

V=(phone1:eth0 gw:br0.100 "${FROM_PHONE[@]}")
passes "ARP of the phone" "${V[@]}" --ethertype 0806
ok "ping to the gateway passes" reaches phone1 "$VOICE_GW"
ok "ping over IPv6 passes, ND with it" reaches phone1 "$GW6"
passes "a neighbour solicitation" "${V[@]}" --from "$PHONE6" --to "$GW6" --proto 58:135
passes "DHCP" "${V[@]}" "${PHONE4[@]}" --udp 68:67
passes "DNS" "${V[@]}" "${PHONE4[@]}" --udp 40000:53
passes "NTP" "${V[@]}" "${PHONE4[@]}" --udp 123:123
is "SIP passes and gets CS3" "$(shot --dscp "${V[@]}" "${PHONE4[@]}" --udp 5060:5060 --text "$SIP")" "$N 24"
is "SIP over IPv6 too" "$(shot --dscp "${V[@]}" --from "$PHONE6" --to "$GW6" --udp 5060:5060 --text "$SIP")" "$N 24"
passes "SIP behind IPv4 options" "${V[@]}" "${PHONE4[@]}" --udp 5060:5060 --text "$SIP" --ext
passes "SIP behind IPv6 options" "${V[@]}" --from "$PHONE6" --to "$GW6" --udp 5060:5060 --text "$SIP" --ext
passes "SIP over TCP" "${V[@]}" "${PHONE4[@]}" --tcp 40001:5060 --text "$SIP"
passes "SIP with a long start line" "${V[@]}" "${PHONE4[@]}" --udp 5060:5060 \
	--text "INVITE sip:$(printf '%0700d' 1)@10.1.100.1 SIP/2.0\r\nVia: x\r\n"

stopped "HTTP of the phone" "$LAN1" not-voice "${V[@]}" "${PHONE4[@]}" --tcp 40000:80 --text "$HTTP"
stopped "HTTP on SIP's port" "$LAN1" not-voice "${V[@]}" "${PHONE4[@]}" --tcp 40002:5060 --text "$HTTP"
stopped "an unknown datagram" "$LAN1" not-voice "${V[@]}" "${PHONE4[@]}" --udp 4000:4000
stopped "a phone that answers as a DNS server" "$LAN1" not-voice "${V[@]}" "${PHONE4[@]}" --udp 53:40000
stopped "a phone that answers as a DHCP server" "$LAN1" not-voice "${V[@]}" "${PHONE4[@]}" --udp 67:68
stopped "another ethertype" "$LAN1" not-voice "${V[@]}" --ethertype 88b5
stopped "a router advertisement of the phone" "$LAN1" not-voice "${V[@]}" --from "$PHONE6" --to "$GW6" --proto 58:134
stopped "RTP to the gateway without a stream" "$LAN1" stream-unknown "${V[@]}" "${PHONE4[@]}" --udp 30000:30000 --rtp 1
stopped "RTP from phone to phone" "$LAN1" not-voice "${V[@]}" --from "$PHONE_IP" --to 10.1.100.99 --udp 30000:30000 --rtp 2
stopped "a later fragment to another phone" "$LAN1" fragment "${V[@]}" --from "$PHONE_IP" --to 10.1.100.99 --udp 1:1 --frag 1480
stopped "a UDP length that lies" "$LAN1" malformed "${V[@]}" "${PHONE4[@]}" --udp 5060:5060 --text "$SIP" --udplen 2000
stopped "an IP length that lies" "$LAN1" malformed "${V[@]}" "${PHONE4[@]}" --udp 5060:5060 --text "$SIP" --iplen 2000
stopped "a multicast source address" "$LAN2" malformed attacker:eth0 gw:br0.10 --src 01:00:5e:00:00:01 --dst "$GW_MAC" --ethertype 0806

ok "the voice VLAN's device gets an address of its own" ip -n gw link set br0.100 address 02:00:00:00:fe:64
O=(phone1:eth0 gw:br0.100 --src "$PHONE_MAC" --dst 02:00:00:00:fe:64 --vlan 100)
passes "SIP to that address" "${O[@]}" "${PHONE4[@]}" --udp 5060:5060 --text "$SIP"
stopped "RTP to it without a stream" "$LAN1" stream-unknown "${O[@]}" "${PHONE4[@]}" --udp 30000:30000 --rtp 3
ip -n gw link set br0.100 address "$GW_MAC"
stopped "RTP to it, once it is nobody's" "$LAN1" not-voice "${O[@]}" "${PHONE4[@]}" --udp 30000:30000 --rtp 3

# ---- VLANs and stations ----

A=(attacker:eth0 gw:br0.100 "${FROM_ATTACKER[@]}")
stopped "tagged ARP of an unknown MAC" "$LAN2" station-unknown "${A[@]}" --vlan 100 --ethertype 0806
stopped "tagged SIP of an unknown MAC" "$LAN2" station-unknown "${A[@]}" --vlan 100 "${PHONE4[@]}" --udp 5060:5060 --text "$SIP"
ok "the agent hears of it" poll 5 grep -q "type=0 ifindex=$LAN2 mac=$ATTACKER_MAC vlan=100" "$T_DIR/events.log"
stopped "the phone's MAC on another port" "$LAN2" station-moved "${A[@]}" --src "$PHONE_MAC" --vlan 100 "${PHONE4[@]}" --udp 5060:5060 --text "$SIP"
stopped "the phone's MAC on another port, untagged" "$LAN2" station-moved attacker:eth0 gw:br0.10 --src "$PHONE_MAC" --dst "$GW_MAC" "${PC4[@]}" --udp 4000:4000
ok "the agent hears of that" poll 5 grep -q "type=1 ifindex=$LAN2 mac=$PHONE_MAC vlan=100" "$T_DIR/events.log"
for tags in "100 100" "10 100" "100 10" "0 100" "100/88a8 100" "1 100"; do
	stopped "the tags $tags" "$LAN2" vlan-nested "${A[@]}" $(printf -- '--vlan %s ' $tags) --ethertype 0806
done
stopped "three tags" "$LAN2" vlan-nested "${A[@]}" --vlan 10 --vlan 10 --vlan 100 --ethertype 0806
stopped "a VLAN that nobody carries" "$LAN2" vlan-foreign "${A[@]}" --vlan 200 --ethertype 0806
stopped "the data VLAN, tagged" "$LAN2" vlan-foreign "${A[@]}" --vlan 10 --ethertype 0806
stopped "a service tag" "$LAN2" vlan-foreign "${A[@]}" --vlan 100/88a8 --ethertype 0806
passes "a priority tag on the data VLAN" attacker:eth0 gw:br0.10 "${FROM_ATTACKER[@]}" --vlan 0 --ethertype 0806

ok "the data zone asks for stations as well" vw gw port-set 'port{' ifname=lan2 mode=0 data-vlan=10 authorise=3 '}'
stopped "data of an unknown MAC" "$LAN2" station-unknown attacker:eth0 gw:br0.10 "${FROM_ATTACKER[@]}" --ethertype 0806
before=$(drops gw "$LAN2" station-unknown)
shot attacker:eth0 gw:br0.10 --src "$ATTACKER_MAC" --dst 01:80:c2:00:00:03 --ethertype 888e >/dev/null
shot attacker:eth0 gw:br0.10 --src "$ATTACKER_MAC" --dst 01:80:c2:00:00:0e --ethertype 88cc >/dev/null
is "EAPOL and LLDP reach the port of an unknown MAC" "$(drops gw "$LAN2" station-unknown)" "$before"
stopped "EAPOL past the port" "$LAN2" station-unknown attacker:eth0 gw:br0.10 --src "$ATTACKER_MAC" --dst "$PC_MAC" --ethertype 888e
stopped "EAPOL in the voice VLAN" "$LAN2" station-unknown "${A[@]}" --vlan 100 --dst 01:80:c2:00:00:03 --ethertype 888e
ok "the attacker becomes a station for data" vw gw station-set 'station{' "mac=$ATTACKER_MAC" "ifindex=$LAN2" allow=2 '}'
passes "its data" attacker:eth0 gw:br0.10 "${FROM_ATTACKER[@]}" --ethertype 0806
stopped "its frames for the voice VLAN" "$LAN2" station-unknown "${A[@]}" --vlan 100 --ethertype 0806
is "its packets are counted" "$(vw gw station-get 'station{' "mac=$ATTACKER_MAC" '}' | grep -o 'packets=[0-9]*')" "packets=$N"
ok "it is forgotten" vw gw station-del 'station{' "mac=$ATTACKER_MAC" '}'
stopped "its data again" "$LAN2" station-unknown attacker:eth0 gw:br0.10 "${FROM_ATTACKER[@]}" --ethertype 0806

ok "lan2 becomes a trunk without voice" vw gw port-set 'port{' ifname=lan2 mode=1 data-vlan=10 'vlans{' vlan=20 '}' no-voice '}'
stopped "the voice VLAN where it isn't carried" "$LAN2" vlan-foreign "${A[@]}" --vlan 100 --ethertype 0806
before=$(drops gw "$LAN2" vlan-foreign)
shot attacker:eth0 gw:br0.10 "${FROM_ATTACKER[@]}" --vlan 20 --ethertype 0806 >/dev/null
is "a tagged data VLAN of a trunk passes the guard" "$(drops gw "$LAN2" vlan-foreign)" "$before"
ok "lan2 is an access port again" vw gw port-set 'port{' ifname=lan2 mode=0 data-vlan=10 '}'

# ---- data VLANs and rogue voice ----

D=(pc1:eth0 gw:br0.10 "${FROM_PC[@]}" "${PC4[@]}")
passes "a datagram on the data VLAN" "${D[@]}" --udp 4000:4000
passes "HTTP on the data VLAN" "${D[@]}" --tcp 40000:80 --text "$HTTP"
passes "HTTP on SIP's port on the data VLAN" "${D[@]}" --tcp 40000:5060 --text "$HTTP"
passes "DNS whose identifier looks like RTP" "${D[@]}" --udp 4001:53 --text '\x80\x00\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x00\x00\x01\x00\x01'
N=20
stopped "RTP on a data VLAN" "$LAN1" rogue-voice "${D[@]}" --count 20 --udp 30000:30000 --rtp 3 --size 160
N=5
stopped "SIP on a data VLAN" "$LAN1" rogue-voice "${D[@]}" --udp 5060:5060 --text "$SIP"
stopped "SIP on another port of a data VLAN" "$LAN1" rogue-voice "${D[@]}" --udp 4060:9999 --text "$SIP"
stopped "RTP over IPv6 on a data VLAN" "$LAN1" rogue-voice pc1:eth0 gw:br0.10 "${FROM_PC[@]}" \
	--from fd00:10::11 --to fd00:10::1 --udp 30000:30000 --rtp 4 --size 160
stopped "RTCP on a data VLAN" "$LAN1" rogue-voice "${D[@]}" --udp 30001:30001 --rtcp 5
ok "the agent hears of rogue voice" poll 5 grep -q "type=4 ifindex=$LAN1 mac=$PC_MAC vlan=10 class=[23]" "$T_DIR/events.log"

nft_rules() {
	ip netns exec gw nft -f - <<-RULES
		table inet marks {
			counter rogue { }
			counter voicesip { }
			counter wan { }
			chain pre {
				type filter hook prerouting priority 0;
				meta mark & 0x7f000000 == 0x4e000000 counter name rogue
				meta mark & 0x7f000000 == 0x09000000 counter name voicesip
				meta mark & 0x03000000 == 0x03000000 counter name wan
			}
		}
	RULES
}
counted() { ip netns exec gw nft list counter inet marks "$1" | grep -o 'packets [0-9]*' | cut -d' ' -f2; }
ok "marks are counted" nft_rules

ok "rogue voice is marked" policy rogue=1 dscp-rtp=44
N=20
is "RTP on a data VLAN passes and gets the policy's DSCP" \
	"$(shot --dscp "${D[@]}" --count 20 --udp 30002:30002 --rtp 6 --size 160)" "20 44"
is "and the mark: rogue, RTP, data" "$(($(counted rogue) >= 16))" 1
ok "rogue voice is allowed" policy rogue=2
is "RTP on a data VLAN passes as it is" \
	"$(shot --dscp "${D[@]}" --count 20 --udp 30004:30004 --rtp 8 --size 160)" "20 0"
N=5
shot "${V[@]}" "${PHONE4[@]}" --udp 5060:5060 --text "$SIP" >/dev/null
is "SIP on the voice VLAN is marked so" "$(counted voicesip)" "$N"
ok "a ping comes from the WAN" reaches hq "$WAN_IP"
is "what comes from an uplink is marked so" "$(($(counted wan) > 0))" 1
ok "rogue voice is dropped again" policy

# ---- between the zones ----

ok "without a guard at the way out there is a route: pc to hq" reaches pc1 "$HQ_IP"
before=$(drops gw 0 zone-crossing)
nok "the phone doesn't reach the data VLAN" reaches phone1 "$PC_IP"
nok "the data VLAN doesn't reach the phone" reaches pc1 "$PHONE_IP"
is "both were counted" "$(($(drops gw 0 zone-crossing) - before > 1))" 1
before=$(drops gw "$WAN0" zone-crossing)
nok "the phone doesn't reach the internet" reaches phone1 "$HQ_IP"
is "that is counted on the uplink" "$(($(drops gw "$WAN0" zone-crossing) - before > 0))" 1
nok "the internet doesn't reach the phone" reaches hq "$PHONE_IP"
X=(phone1:eth0 inet:wan "${FROM_PHONE[@]}" --from "$PHONE_IP")
passes "a DNS question of the phone to the internet" "${X[@]}" --to "$PBX_IP" --udp 40000:53
stopped "SIP of the phone past the gateway" "$WAN0" zone-crossing "${X[@]}" --to "$PBX_IP" --udp 5060:5060 --text "$SIP"
stopped "SIP of the phone to the data VLAN" 0 zone-crossing phone1:eth0 pc1:eth0 "${FROM_PHONE[@]}" \
	--from "$PHONE_IP" --to "$PC_IP" --udp 5060:5060 --text "$SIP"

# A bridge is the voice zone while the voice VLAN is a member.
crossed() {
	local before

	before=$(drops gw 0 zone-crossing)
	shot pc1:eth0 gw:brv "${FROM_PC[@]}" --from "$PC_IP" --to 10.77.0.2 --udp 4004:4004 >/dev/null
	echo $(($(drops gw 0 zone-crossing) - before))
}
ok "a bridge of its own" ip -n gw link add brv type bridge
ip -n gw addr add 10.77.0.1/24 dev brv
ip -n gw link set brv up
ip -n gw neigh add 10.77.0.2 lladdr 02:00:00:00:fe:02 dev brv
is "what goes there crosses nothing" "$(crossed)" 0
ip -n gw link add link lan2 name lan2.100 type vlan id 100
ok "the voice VLAN becomes a member" ip -n gw link set lan2.100 master brv
is "what goes there crosses, then" "$(crossed)" "$N"
ok "it leaves" ip -n gw link set lan2.100 nomaster
is "what goes there crosses no more" "$(crossed)" 0
ip -n gw link del lan2.100
ip -n gw link del brv

# ---- the leak guard ----

H=(gw:wan0 inet:wan --socket --from "$WAN_IP" --to "$PBX_IP")
passes "a datagram of the host" "${H[@]}" --udp 4000:4000
N=20
stopped "clear RTP of the host" "$WAN0" leak-rtp "${H[@]}" --count 20 --udp 31000:31000 --rtp 9 --size 160
stopped "clear RTP of the host at a fifth of its pace" "$WAN0" leak-rtp "${H[@]}" --count 20 --every 100 \
	--udp 31003:31003 --rtp 10 --size 160
N=5
stopped "clear RTCP of the host" "$WAN0" leak-rtp "${H[@]}" --udp 31001:31001 --rtcp 9
stopped "clear SIP of the host" "$WAN0" leak-sip "${H[@]}" --udp 5060:5060 --text "$SIP"
stopped "clear RTP of the host over IPv6" "$WAN0" leak-rtp gw:wan0 inet:wan --socket \
	--from 2001:db8:2::2 --to 2001:db8:100::10 --udp 31000:31000 --rtp 9 --size 160
ok "the agent hears of leaks" poll 5 grep -q "type=5 ifindex=$WAN0 drop=11 class=2" "$T_DIR/events.log"
ok "the trunk's proxy is a peer" policy 'peers{' endpoint=c633640a13c4 '}'
passes "clear SIP of the host to a peer" "${H[@]}" --udp 5060:5060 --text "$SIP"
stopped "clear SIP of the host to the peer's other port" "$WAN0" leak-sip "${H[@]}" --udp 5060:5061 --text "$SIP"
stopped "RTP of the host to the peer" "$WAN0" leak-rtp "${H[@]}" --udp 31002:5060 --rtp 9 --size 160
P=(pc1:eth0 inet:wan "${FROM_PC[@]}" --from "$PC_IP" --to "$PBX_IP")
stopped "RTP of a PC to the internet" "$LAN1" rogue-voice "${P[@]}" --udp 31004:31004 --rtp 9 --size 160
passes "a datagram of a PC to the internet" "${P[@]}" --udp 4000:4000
ok "rogue voice is allowed" policy rogue=2
passes "RTP of a PC to the internet, then" "${P[@]}" --udp 31006:31006 --rtp 9 --size 160
stopped "but not that of the host" "$WAN0" leak-rtp "${H[@]}" --udp 31006:31006 --rtp 9 --size 160
ok "wan0 allows the host's clear voice" vw gw port-set 'port{' ifname=wan0 mode=2 allow-clear '}'
passes "clear RTP of the host, then" "${H[@]}" --udp 31008:31008 --rtp 9 --size 160
ok "wan0 forbids it again" vw gw port-set 'port{' ifname=wan0 mode=2 '}'
ok "a VLAN on top of the uplink" ip -n gw link add link wan0 name wan0.7 type vlan id 7
ip -n gw addr add 203.0.113.1/24 dev wan0.7
ip -n gw link set wan0.7 up
ip -n gw neigh add 203.0.113.2 lladdr 02:00:00:00:fe:01 dev wan0.7
stopped "clear RTP on a VLAN of the uplink" "$WAN0" leak-rtp gw:wan0 inet:wan --socket \
	--from 203.0.113.1 --to 203.0.113.2 --udp 31000:31000 --rtp 9 --size 160

# ---- what comes out of a tunnel bears the mark of the packet around it ----

# tunnel NETNS OURS THEIRS LOCAL REMOTE TYPE...: from there to the gateway, as tun1. One with
# Ethernet in it is a member of a bridge at the gateway, and has a VLAN as well, with the
# addresses of 10.9.1.0/24 instead of 10.9.0.0/24.
tunnel() {
	local netns=$1 here=$2 there=$3 on=tun1

	shift 3
	ip -n gw link add tun1 type "$@" local "$here" remote "$there" &&
		ip -n "$netns" link add tun1 type "$@" local "$there" remote "$here" &&
		ip -n "$netns" addr add 10.9.0.2/24 dev tun1 || return 1
	if [ "$1" != ipip ]; then
		ip -n gw link add br1 type bridge && ip -n gw link set tun1 master br1 up &&
			ip -n gw link add link tun1 name tun1.7 type vlan id 7 &&
			ip -n "$netns" link add link tun1 name tun1.7 type vlan id 7 &&
			ip -n "$netns" addr add 10.9.1.2/24 dev tun1.7 &&
			ip -n gw addr add 10.9.1.1/24 dev tun1.7 || return 1
		on=br1
	fi
	ip -n gw addr add 10.9.0.1/24 dev $on
	for device in "$netns tun1" "$netns tun1.7" "gw tun1" "gw tun1.7" "gw br1"; do
		ip -n ${device% *} link set ${device#* } up 2>/dev/null || :
	done
}
tunnel_end() { # NETNS
	ip -n "$1" link del tun1
	ip -n gw link del tun1
	ip -n gw link del br1 2>/dev/null || :
}

# out_of WHAT SHOT...: harmless traffic passes, clear RTP doesn't.
out_of() {
	local what=$1

	shift
	passes "a datagram out of $what" "$@" --udp 4000:4000
	N=20
	stopped "clear RTP out of $what" "$WAN0" leak-rtp "$@" --count 20 --udp 31012:31012 --rtp 9 --size 160
	N=5
}

ok "rogue voice is dropped again" policy
for type in "ipip" "vxlan id 9 dstport 4789" "gretap"; do
	what="${type%% *} tunnel"
	module=${type%% *}
	[ $module != gretap ] || module=ip_gre
	if ! modprobe $module 2>/dev/null || ! tunnel pc1 "$DATA_GW" "$PC_IP" $type; then
		skip "a $what" "there is none here"
		continue
	fi
	ip -n pc1 route add "$PBX_IP/32" via 10.9.0.1
	reaches pc1 10.9.0.1 || :
	out_of "a $what" pc1:tun1 inet:wan --socket --from 10.9.0.2 --to "$PBX_IP"
	if [ "$type" != ipip ]; then
		ip -n pc1 route replace "$PBX_IP/32" via 10.9.1.1
		reaches pc1 10.9.1.1 || :
		out_of "a VLAN in a $what" pc1:tun1 inet:wan --socket --from 10.9.1.2 --to "$PBX_IP"
	fi
	tunnel_end pc1
done

# The same out of a tunnel from the WAN: its zone isn't that of the packet around it.
# The far end is inet, which gets its own packets back to pass them on.
ip netns exec inet sysctl -qw net.ipv4.conf.all.accept_local=1
ip -n inet rule add from 10.9.0.2 iif lo table 99
for type in "ipip" "vxlan id 9 dstport 4789"; do
	what="${type%% *} tunnel"
	if ! tunnel inet "$WAN_IP" "$WAN_ROUTER" $type; then
		skip "a $what from the WAN" "there is none here"
		continue
	fi
	ip -n inet route add default via 10.9.0.1 table 99
	reaches inet 10.9.0.1 || :
	out_of "a $what from the WAN" inet:tun1 hq:eth0 --socket --from 10.9.0.2 --to "$PBX_IP"
	if [ "$type" != ipip ]; then
		stopped "clear RTP of a PC into a $what" "$LAN1" rogue-voice pc1:eth0 inet:tun1 \
			"${FROM_PC[@]}" --from "$PC_IP" --to 10.9.0.2 --udp 31016:31016 --rtp 9 --size 160
		ok "the $what's bridge is an uplink" vw gw port-set 'port{' ifname=br1 mode=2 '}'
		stopped "clear RTP of the host into a $what" "$(ifindex gw br1)" leak-rtp gw:wan0 inet:tun1 \
			--socket --from 10.9.0.1 --to 10.9.0.2 --udp 31018:31018 --rtp 9 --size 160
		passes "a datagram of the host into it" gw:wan0 inet:tun1 \
			--socket --from 10.9.0.1 --to 10.9.0.2 --udp 4000:4000
	fi
	tunnel_end inet
done
ip -n inet rule del from 10.9.0.2 iif lo table 99

# ---- IPsec covers; without its SA nothing leaves ----

xfrm_policy() {
	ip -n gw xfrm policy add src "$WAN_IP/32" dst "$PBX_IP/32" dir out \
		tmpl src "$WAN_IP" dst "$PBX_IP" proto esp reqid 1 mode transport
}
xfrm_state() {
	ip -n gw xfrm state add src "$WAN_IP" dst "$PBX_IP" proto esp spi 0x1234 reqid 1 mode transport \
		aead 'rfc4106(gcm(aes))' 0x0102030405060708090a0b0c0d0e0f1011121314 128
}
xfrm_tunnel() {
	ip -n gw xfrm policy add src "$PHONE_IP/32" dst "$PBX_IP/32" dir out \
		tmpl src "$WAN_IP" dst "$PBX_IP" proto esp reqid 2 mode tunnel &&
		ip -n gw xfrm state add src "$WAN_IP" dst "$PBX_IP" proto esp spi 0x1235 reqid 2 \
			mode tunnel aead 'rfc4106(gcm(aes))' 0x0102030405060708090a0b0c0d0e0f1011121315 128
}
sealed() { ip netns exec inet nft list counter inet seen sealed | grep -o 'packets [0-9]*'; }
esp_rule() {
	ip netns exec inet nft -f - <<-RULES
		table inet seen {
			counter sealed { }
			chain pre { type filter hook prerouting priority 0; meta l4proto esp counter name sealed; }
		}
	RULES
}
# A stream from the phone to the PBX that seals nothing.
ok "a clear stream" vw gw stream-new 'stream{' id=1 zone=0 local-addr=0a016401 local-port=20000 \
	remote-addr=0a01640b src-addr=c0000202 src-port=20000 dst-addr=c633640a dst-port=30000 '}'
S=("${X[@]}" --to "$VOICE_GW" --udp 31000:20000 --rtp 11 --size 160)
stopped "a clear stream" "$LAN1" leak-rtp "${S[@]}"
ok "the policy has no RTP" policy services=61
stopped "a clear stream, then" "$LAN1" not-voice "${S[@]}"
ok "it has RTP again" policy
if xfrm_policy 2>/dev/null; then
	ok "ESP is counted at the router" esp_rule
	is "RTP whose SA is missing doesn't leave" "$(shot "${H[@]}" --udp 31010:31010 --rtp 9 --size 160 2>/dev/null || echo 0)" 0
	ok "an SA" xfrm_state
	before=$(drops gw "$WAN0" leak-rtp)
	shot "${H[@]}" --udp 31010:31010 --rtp 9 --size 160 >/dev/null
	is "RTP under IPsec is no leak" "$(drops gw "$WAN0" leak-rtp)" "$before"
	is "and leaves as ESP" "$(sealed)" "packets $N"
	shot "${S[@]}" >/dev/null
	is "a clear stream under IPsec leaves as ESP" \
		"$(sealed)" "packets $((2 * N))"
	ok "a tunnel for the phone" xfrm_tunnel
	shot "${X[@]}" --to "$PBX_IP" --udp 40000:53 >/dev/null
	is "its DNS leaves as ESP" "$(sealed)" "packets $((3 * N))"
	stopped "its SIP, tunnel or not," "$WAN0" zone-crossing "${X[@]}" --to "$PBX_IP" --udp 5060:5060 --text "$SIP"
	is "and none of it leaves as ESP" "$(sealed)" "packets $((3 * N))"
	ip -n gw xfrm policy flush
	ip -n gw xfrm state flush
else
	skip "IPsec covers" "no xfrm here"
fi

# ---- datagrams that are glued together ----

# As one they would be seen as the first of them, which passes. Behind it it takes some
# more RTP than without to know it.
before=$(drops gw "$LAN1" rogue-voice)
got=$(shot "${D[@]}" --count 20 --udp 30010:30010 --rtp 11 --size 160 --glued)
stopped=$(($(drops gw "$LAN1" rogue-voice) - before))
is "of RTP glued behind noise each part is judged" "$((got + stopped))" 21
ok "and it is known as voice" test $stopped -ge 10

# ---- the tracepoint ----

TRACING=/sys/kernel/tracing
traced() { grep -q "voxwall_drop: ifindex=$LAN2 reason=vlan-foreign .*protocol=0x0806" "$TRACING/trace"; }
mountpoint -q "$TRACING" || mount -t tracefs none "$TRACING"
ok "refusals are traced" tee "$TRACING/events/voxwall/voxwall_drop/enable" <<<1
shot "${A[@]}" --vlan 200 --ethertype 0806 >/dev/null
ok "and the trace names port and reason" poll 5 traced
echo 0 >"$TRACING/events/voxwall/voxwall_drop/enable"

# ---- every truncation, whatever it is ----

cut() { shot attacker:eth0 gw:br0.100 "${FROM_ATTACKER[@]}" --count 1 --wait 50 --cut "$@" >/dev/null; }
ok "the attacker may speak on the voice VLAN now" vw gw station-set 'station{' "mac=$ATTACKER_MAC" "ifindex=$LAN2" allow=3 '}'
for tag in "" "--vlan 100" "--vlan 100 --vlan 10"; do
	ok "truncations of SIP ($tag)" cut $tag "${PHONE4[@]}" --udp 5060:5060 --text "$SIP"
	ok "truncations of TCP with options ($tag)" cut $tag "${PHONE4[@]}" --tcp 40000:5060 --text "$SIP" --ext
	ok "truncations of RTP over IPv6 ($tag)" cut $tag --from "$PHONE6" --to "$GW6" --udp 1:2 --rtp 1 --ext
	ok "truncations of an IPv6 fragment ($tag)" cut $tag --from "$PHONE6" --to "$GW6" --udp 1:2 --rtp 1 --frag 0+ --ext
	ok "truncations of RTCP ($tag)" cut $tag "${PHONE4[@]}" --udp 1:2 --rtcp 1
	ok "truncations of ARP ($tag)" cut $tag --ethertype 0806
done
ok "after all of it the phone still speaks" reaches phone1 "$VOICE_GW"

# ---- a device that goes ----

ok "lan2 is deleted" ip -n gw link del lan2
ok "the agent hears of it" poll 5 grep -q "type=6 ifindex=$LAN2" "$T_DIR/events.log"
is "its port is gone" "$(vw gw port-get --dump | grep -c "ifindex=$LAN2 ")" 0
is "its station is gone" "$(vw gw station-get --dump | grep -c "mac=$ATTACKER_MAC")" 0
is "the phone is still there" "$(vw gw station-get --dump | grep -c "mac=$PHONE_MAC")" 1
