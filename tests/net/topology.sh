#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: 6.1 6.12
#
# The branch of topo/branch.sh without voxwall: what every other test stands on.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/branch.sh"

branch_up
ok "the phone reaches the gateway on the voice VLAN" reaches phone1 "$VOICE_GW"
ok "the phone reaches the gateway over IPv6" reaches phone1 fd00:100::1
ok "the PC behind the phone reaches the gateway on the data VLAN" reaches pc1 "$DATA_GW"
ok "the attacker's port is on the data VLAN" reaches attacker "$PC_IP"
nok "untagged frames don't reach the voice VLAN" \
	ip netns exec attacker busybox arping -q -c 1 -w 1 -I eth0 -s "$ATTACKER_IP" "$PHONE_IP"
nok "the internet has no route to the branch" reaches hq "$PHONE_IP"
branch_routes
ok "the head office reaches the phone when it is given a route" reaches hq "$PHONE_IP"
ok "and over IPv6" reaches hq2001 fd00:100::11
ok "the PC reaches the head office" reaches pc1 "$HQ_IP"
