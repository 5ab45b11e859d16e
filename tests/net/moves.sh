#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A cable of two ends in the gateway, one in the LAN's bridge, whose other end is moved
# away while traffic runs. The branch of topo/branch.sh:
#
#   pc1 --- lan1 -[ gw: br0.10 ]- wan0 -- wan [inet] -- hq
#                    |
#              veth9 + peer9, which goes to elsewhere
#
# As long as peer9 is here, what comes out of veth9 may bear any packet's mark, and the
# bridge is believed no mark. Afterwards it is, and what the port has let through leaves.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/branch.sh"

N=5
branch_up
branch_routes
PC=(pc1:eth0 inet:wan --src "$PC_MAC" --dst "$(mac_of gw br0)" --from "$PC_IP" --to "$PBX_IP")
voice() { shot "${PC[@]}" --udp "$1:$1" --rtp 9 --size 160; }
runs() { [ "$(shot "${PC[@]}" --udp 4000:4000 --count 1)" = 1 ]; }

ok "rogue voice is allowed" vw gw policy-set 'policy{' voice-vlan=100 rogue=2 '}'
ok "lan1 is guarded" vw gw port-set 'port{' ifname=lan1 mode=0 data-vlan=10 '}'
ok "lan2 is guarded" vw gw port-set 'port{' ifname=lan2 mode=0 data-vlan=10 '}'
ok "wan0 is an uplink" vw gw port-set 'port{' ifname=wan0 mode=2 '}'
is "voice of the PC leaves" "$(voice 31000)" $N
ip netns add elsewhere
at_exit ip netns del elsewhere
for round in 1 2 3; do
	# The least address of its members is the bridge's.
	ip -n gw link add veth9 address fe:00:00:00:00:09 type veth peer name peer9
	ok "$round: a cable in the bridge" ip -n gw link set veth9 master br0 up
	is "$round: with both ends here nothing is believed" "$(voice $((31000 + 4 * round)))" 0
	# Each of these packets asks for the bridge's zone anew.
	spawn traffic - "$SHOT" "${PC[@]}" --udp 4002:4002 --size 40 --count 10000000
	ok "$round: traffic runs" poll 5 runs
	ok "$round: one end moves away" ip -n gw link set peer9 netns elsewhere
	ok "$round: it is there" ip -n elsewhere link show peer9
	stop traffic
	is "$round: what the port has let in leaves again" "$(voice $((31002 + 4 * round)))" $N
	ip -n gw link del veth9
done
