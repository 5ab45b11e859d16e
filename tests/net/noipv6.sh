#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# APPEND: ipv6.disable=1
#
# A kernel that was started without IPv6: module, agent and a stream over IPv4, and what
# speaks IPv6 on the wire all the same.
#
#   phone eth0 ------ lan0 gw wan0 ------ eth0 hq
#   10.1.100.11, tagged 100   10.1.100.1  192.0.2.2   192.0.2.10

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"

N=5
link() { # DEVICE NETNS: from the gateway to its eth0
	ip -n gw link add "$1" type veth peer name eth0 netns "$2"
	ip -n gw link set "$1" up
	ip -n "$2" link set eth0 up
}
vlan() { # NETNS DEVICE ADDRESS
	ip -n "$1" link add link "$2" name "$2.100" type vlan id 100
	ip -n "$1" addr add "$3" dev "$2.100"
	ip -n "$1" link set "$2.100" up
}
gw() { ip netns exec gw "$@"; }

for netns in phone gw hq; do
	ip netns add $netns
	at_exit ip netns del $netns
	ip -n $netns link set lo up
done
gw sysctl -qw net.ipv4.ip_forward=1
link lan0 phone
link wan0 hq
vlan phone eth0 10.1.100.11/24
vlan gw lan0 10.1.100.1/24
ip -n gw addr add 192.0.2.2/24 dev wan0
ip -n hq addr add 192.0.2.10/24 dev eth0
PHONE=(--src "$(mac_of phone eth0)" --dst "$(mac_of gw lan0)" --vlan 100)
HQ=(--src "$(mac_of hq eth0)" --dst "$(mac_of gw wan0)")

nok "there is no IPv6" test -e /proc/net/if_inet6
cat >"$T_DIR/voxwall.conf" <<-CONF
	voice { vlan = 100  listen = "10.1.100.1:5060" }
	port "lan0" { mode = access  authorise = { } }
	uplink "wan0" { }
	trunk "hq" { uplink = wan0  proxy = "sip:192.0.2.10"  media = rtp }
CONF
mkdir -p /run/voxwall
spawn agent gw "$T_TOP/build/voxwalld" -c "$T_DIR/voxwall.conf"
ok "the agent runs" poll 20 grep -q "is running with" "$T_DIR/agent.log"
ok "it answers" poll 10 gw "$T_TOP/build/voxwall" status
ok "the LAN is guarded" poll 10 eval "gw $T_TOP/build/voxwall port list | grep -q lan0"

ok "a stream over IPv4" vw gw stream-new 'stream{' id=1 zone=0 clear-wan local-addr=0a016401 \
	local-port=20000 remote-addr=0a01640b src-addr=c0000202 src-port=20100 \
	dst-addr=c000020a dst-port=5000 '}'
ip -n gw neigh replace 192.0.2.10 lladdr "$(mac_of hq eth0)" dev wan0
is "it carries media" "$(shot phone:eth0 hq:eth0 "${PHONE[@]}" --from 10.1.100.11 --to 10.1.100.1 \
	--udp 4000:20000 --rtp 7 --size 160)" $N

refused "a stream over IPv6" "not an address of this host" gw stream-new 'stream{' id=2 zone=0 \
	clear-wan local-addr=fd000100000000000000000000000001 local-port=20000 \
	remote-addr=fd000100000000000000000000000011 \
	src-addr=20010db8000000000000000000000002 src-port=20100 \
	dst-addr=20010db8000000000000000000000010 dst-port=5000 '}'
# A port that is some stream's, so that more of them is looked at.
SIX=(phone:eth0 hq:eth0 "${PHONE[@]}" --from fd00:100::11 --to fd00:100::1)
for more in "" "--ext" "--frag 0+" "--frag 0+ --ext" "--frag 8"; do
	is "media over IPv6 goes nowhere ($more)" \
		"$(shot "${SIX[@]}" --udp 4000:20000 --rtp 7 --size 160 $more)" 0
	is "nor from the WAN ($more)" "$(shot hq:eth0 phone:eth0 "${HQ[@]}" --from 2001:db8::10 \
		--to 2001:db8::2 --udp 5000:20000 --rtp 7 --size 160 $more)" 0
done
for type in 2 135; do
	is "nor does ICMPv6 of type $type" "$(shot "${SIX[@]}" --proto 58:$type)" 0
done
is "the one over IPv4 goes on" "$(shot phone:eth0 hq:eth0 "${PHONE[@]}" --from 10.1.100.11 \
	--to 10.1.100.1 --udp 4000:20000 --rtp 7 --size 160)" $N
stop agent
ok "the module is unloaded" rmmod voxwall
ok "and loaded again" module_up
