# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh: the branch office, its gateway, the internet and the
# head office, each in a network namespace.
#
#   phone1 ----+                                             inet          hqlan
#     .100     |          lan1  .------------.  wan0   wan .------. lan      |
#              +-- desk1 ------ |     gw     | ----------- |router| ---------+-- hq     PBX
#   pc1 -------+ (a phone's     |  br0 (VLAN)| .2 2.0/24 .1'------'  100.0/24|   .10
#                own switch) .--|  .10  .100 |                               |
#   attacker ----------- lan2   '------------'                               +-- hq2001 .20
#
#   netns     interface  VLAN        MAC                IPv4              IPv6
#   phone1    eth0.100   100 tagged  02:00:00:00:01:01  10.1.100.11/24    fd00:100::11/64
#   pc1       eth0       10 untag.   02:00:00:00:02:01  10.1.10.11/24     fd00:10::11/64
#   attacker  eth0       none        02:00:00:00:03:01  10.1.10.66/24     -
#   gw        br0.100    100                            10.1.100.1/24     fd00:100::1/64
#   gw        br0.10     10                             10.1.10.1/24      fd00:10::1/64
#   gw        wan0       -           02:00:00:00:fe:02  192.0.2.2/24      2001:db8:2::2/64
#   inet      wan        -           02:00:00:00:fe:01  192.0.2.1/24      2001:db8:2::1/64
#   inet      lan        -                              198.51.100.1/24   2001:db8:100::1/64
#   hq        eth0       -                              198.51.100.10/24  2001:db8:100::10/64
#   hq2001    eth0       -                              198.51.100.20/24  2001:db8:100::20/64
#
# lan1 and lan2 carry VLAN 10 untagged and VLAN 100 tagged. The internet has no
# route to the branch's private networks, unless branch_routes adds one.

PHONE_MAC=02:00:00:00:01:01
PC_MAC=02:00:00:00:02:01
ATTACKER_MAC=02:00:00:00:03:01
PHONE_IP=10.1.100.11
PC_IP=10.1.10.11
ATTACKER_IP=10.1.10.66
VOICE_GW=10.1.100.1
DATA_GW=10.1.10.1
WAN_IP=192.0.2.2
WAN_ROUTER=192.0.2.1
PBX_IP=198.51.100.10
HQ_IP=198.51.100.20
BRANCH_NETNS="phone1 pc1 attacker desk1 gw inet hq hq2001"

# No router solicitations and no duplicate address detection: an address works at once.
b_netns() {
	local netns

	for netns; do
		ip netns add "$netns"
		ip netns exec "$netns" sysctl -q -w net.ipv6.conf.default.accept_ra=0 \
			net.ipv6.conf.default.accept_dad=0
		ip -n "$netns" link set lo up
	done
}

# b_quiet NETNS INTERFACE...: these send nothing of their own, as a switch port doesn't.
b_quiet() {
	local netns=$1 interface

	shift
	for interface; do
		set -- "$@" "net.ipv6.conf.$interface.disable_ipv6=1"
		shift
	done
	ip netns exec "$netns" sysctl -q -w "$@"
}

b_links() {
	ip -batch - <<-LINKS
		link add lan1 netns gw type veth peer name wall netns desk1
		link add eth0 netns phone1 address $PHONE_MAC type veth peer name phone netns desk1
		link add eth0 netns pc1 address $PC_MAC type veth peer name pc netns desk1
		link add eth0 netns attacker address $ATTACKER_MAC type veth peer name lan2 netns gw
		link add wan0 netns gw address 02:00:00:00:fe:02 type veth peer name wan netns inet address 02:00:00:00:fe:01
		link add eth0 netns hq type veth peer name pbx netns inet
		link add eth0 netns hq2001 type veth peer name p2001 netns inet
	LINKS
}

b_desk() {
	b_quiet desk1 default all
	ip -n desk1 -batch - <<-DESK
		link add sw type bridge mcast_snooping 0
		link set wall master sw
		link set phone master sw
		link set pc master sw
		link set wall up
		link set phone up
		link set pc up
		link set sw up
	DESK
}

b_stations() {
	b_quiet phone1 eth0
	b_quiet attacker eth0
	# The phone answers on its VLAN, not for it on the untagged side.
	ip netns exec phone1 sysctl -q -w net.ipv4.conf.all.arp_ignore=1
	ip -n phone1 -batch - <<-PHONE
		link set eth0 up
		link add link eth0 name eth0.100 type vlan id 100
		addr add $PHONE_IP/24 dev eth0.100
		addr add fd00:100::11/64 dev eth0.100 nodad
		link set eth0.100 up
		route add default via $VOICE_GW
		route add default via fd00:100::1
	PHONE
	ip -n pc1 -batch - <<-PC
		link set eth0 up
		addr add $PC_IP/24 dev eth0
		addr add fd00:10::11/64 dev eth0 nodad
		route add default via $DATA_GW
		route add default via fd00:10::1
	PC
	ip -n attacker -batch - <<-ATTACKER
		link set eth0 up
		addr add $ATTACKER_IP/24 dev eth0
		route add default via $DATA_GW
	ATTACKER
}

b_gateway() {
	b_quiet gw lan1 lan2
	ip -n gw -batch - <<-GATEWAY
		link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
		link set lan1 master br0
		link set lan2 master br0
		link set br0 addrgenmode none
		link add link br0 name br0.10 type vlan id 10
		link add link br0 name br0.100 type vlan id 100
	GATEWAY
	bridge -n gw -batch - <<-VLANS
		vlan add dev lan1 vid 10 pvid untagged
		vlan add dev lan1 vid 100
		vlan add dev lan2 vid 10 pvid untagged
		vlan add dev lan2 vid 100
		vlan add dev br0 vid 10 self
		vlan add dev br0 vid 100 self
	VLANS
	ip -n gw -batch - <<-GATEWAY
		link set lan1 up
		link set lan2 up
		link set br0 up
		link set br0.10 up
		link set br0.100 up
		link set wan0 up
		addr add $DATA_GW/24 dev br0.10
		addr add fd00:10::1/64 dev br0.10 nodad
		addr add $VOICE_GW/24 dev br0.100
		addr add fd00:100::1/64 dev br0.100 nodad
		addr add $WAN_IP/24 dev wan0
		addr add 2001:db8:2::2/64 dev wan0 nodad
		route add default via $WAN_ROUTER
		route add default via 2001:db8:2::1
	GATEWAY
	ip netns exec gw sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

b_internet() {
	ip -n inet -batch - <<-INTERNET
		link add lan type bridge mcast_snooping 0
		link set pbx master lan
		link set p2001 master lan
		link set wan up
		link set pbx up
		link set p2001 up
		link set lan up
		addr add $WAN_ROUTER/24 dev wan
		addr add 2001:db8:2::1/64 dev wan nodad
		addr add 198.51.100.1/24 dev lan
		addr add 2001:db8:100::1/64 dev lan nodad
	INTERNET
	ip netns exec inet sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# b_host NETNS LAST
b_host() {
	ip -n "$1" -batch - <<-HOST
		link set eth0 up
		addr add 198.51.100.$2/24 dev eth0
		addr add 2001:db8:100::$2/64 dev eth0 nodad
		route add default via 198.51.100.1
		route add default via 2001:db8:100::1
	HOST
}

branch_down() {
	local netns

	for netns in $BRANCH_NETNS; do
		ip netns del "$netns" 2>/dev/null || :
	done
}

branch_up() {
	at_exit branch_down
	b_netns $BRANCH_NETNS
	b_links
	b_desk
	b_gateway
	b_stations
	b_internet
	b_host hq 10
	b_host hq2001 20
}

# For tests of plain routing: the head office can reach the phones directly.
branch_routes() {
	ip -n inet route add 10.1.0.0/16 via "$WAN_IP"
	ip -n inet route add fd00::/16 via 2001:db8:2::2
}

reaches() { ip netns exec "$1" busybox ping -q -c 1 -W 2 "$2"; }
listens_udp() { ip netns exec "$1" ss -Hlun "src $2" | grep -q .; }
