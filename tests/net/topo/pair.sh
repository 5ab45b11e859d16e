# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh: two hosts and every kind of link between them.
#
#   a ---- eth0 (veth) ---- b       10.9.0.1, 10.9.0.2
#     ---- eth0.5 (VLAN) --         10.9.5.1, 10.9.5.2
#     ---- wg0 (WireGuard) -        10.9.7.1, 10.9.7.2    no Ethernet header
#
#   pair_up              the hosts, eth0 and eth0.5
#   pair_wireguard       wg0

pair_down() {
	ip netns del a 2>/dev/null || :
	ip netns del b 2>/dev/null || :
}

pair_up() {
	local netns n=0

	at_exit pair_down
	ip netns add a
	ip netns add b
	ip link add eth0 netns a type veth peer name eth0 netns b
	for netns in a b; do
		n=$((n + 1))
		ip netns exec $netns sysctl -q -w net.ipv6.conf.default.accept_dad=0
		ip -n $netns -batch - <<-HOST
			link set lo up
			link set eth0 up
			link add link eth0 name eth0.5 type vlan id 5
			link set eth0.5 up
			addr add 10.9.0.$n/24 dev eth0
			addr add 10.9.5.$n/24 dev eth0.5
			route add default dev eth0
		HOST
	done
}

pair_wireguard() {
	local netns n=0

	for netns in a b; do
		n=$((n + 1))
		(umask 077 && wg genkey >"$T_DIR/wg.$netns")
		ip -n $netns link add wg0 type wireguard
		ip netns exec $netns wg set wg0 listen-port 51820 private-key "$T_DIR/wg.$netns"
		ip -n $netns addr add 10.9.7.$n/24 dev wg0
		ip -n $netns link set wg0 up
	done
	ip netns exec a wg set wg0 peer "$(wg pubkey <"$T_DIR/wg.b")" \
		allowed-ips 10.9.7.0/24 endpoint 10.9.0.2:51820
	ip netns exec b wg set wg0 peer "$(wg pubkey <"$T_DIR/wg.a")" \
		allowed-ips 10.9.7.0/24 endpoint 10.9.0.1:51820
}
