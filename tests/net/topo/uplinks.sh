# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after topo/srtp.sh: other devices in the place of the gateway's wan0.
#
#   gw                                     hq
#   wan0 --------------------------------- eth0     the wire: 198.51.100.1, .2 and
#                                                   2001:db8:9::1, ::2
#   wan0.7, brw, tun0, wg0, ppp0, xfrm0, gre0       on the wire or beside it, the same
#   192.0.2.2, 2001:db8::2                 192.0.2.10, 2001:db8::10     names in both
#
#   uplinks_up             take the addresses of the call off the wire
#   uplink_vlan, ...       make such a device at both ends, with these addresses
#   uplink_down DEVICE     and remove it

uplinks_up() {
	ip -n gw addr flush dev wan0
	ip -n hq addr flush dev eth0
	srtp_address gw wan0 198.51.100.1/24 2001:db8:9::1/64
	srtp_address hq eth0 198.51.100.2/24 2001:db8:9::2/64
}

uplink_addresses() { # DEVICE [DEVICE of the head office]
	ip -n gw link set "$1" up
	ip -n hq link set "${2:-$1}" up
	srtp_address gw "$1" 192.0.2.2/24 2001:db8::2/64
	srtp_address hq "${2:-$1}" 192.0.2.10/24 2001:db8::10/64
}

uplink_down() { # DEVICE, at both ends
	ip -n gw link del "$1"
	ip -n hq link del "$1"
}

uplink_vlan() {
	ip -n gw link add link wan0 name wan0.7 type vlan id 7
	ip -n hq link add link eth0 name wan0.7 type vlan id 7
	uplink_addresses wan0.7
}

# The wire's addresses go with it; nothing else needs them then.
uplink_bridge() {
	ip -n gw link add brw type bridge mcast_snooping 0
	ip -n gw link set wan0 master brw
	uplink_addresses brw eth0
}

uplink_tun() {
	spawn tun - "$T_TOP/build/tools/tunlink" gw hq tun0
	poll 10 ip -n hq link show tun0
	uplink_addresses tun0
}

uplink_wireguard() {
	local netns

	for netns in gw hq; do
		(umask 077 && wg genkey >"$T_DIR/wg.$netns")
		ip -n $netns link add wg0 type wireguard
		ip netns exec $netns wg set wg0 listen-port 51820 private-key "$T_DIR/wg.$netns"
	done
	ip netns exec gw wg set wg0 peer "$(wg pubkey <"$T_DIR/wg.hq")" \
		allowed-ips 192.0.2.0/24,2001:db8::/64 endpoint 198.51.100.2:51820
	ip netns exec hq wg set wg0 peer "$(wg pubkey <"$T_DIR/wg.gw")" \
		allowed-ips 192.0.2.0/24,2001:db8::/64 endpoint 198.51.100.1:51820
	uplink_addresses wg0
}

# One end runs on the pseudo-terminal that the other one makes.
uplink_ppp() {
	local options="noauth local nodetach nodefaultroute noccp novj +ipv6 lcp-echo-interval 0"

	spawn ppp gw pppd $options unit 0 192.0.2.2:192.0.2.10 \
		pty "ip netns exec hq pppd notty $options unit 0 192.0.2.10:192.0.2.2"
	poll 30 ppp_is_up || return 1
	ip -n gw addr add 2001:db8::2/128 peer 2001:db8::10/128 dev ppp0 nodad
	ip -n hq addr add 2001:db8::10/128 peer 2001:db8::2/128 dev ppp0 nodad
}

ppp_is_up() {
	local netns

	for netns in gw hq; do
		ip -n $netns -4 addr show dev ppp0 | grep -q inet || return 1
		ip -n $netns -6 addr show dev ppp0 | grep -q inet6 || return 1
	done
}

xfrm_end() { # NETNS LOCAL REMOTE SPI-OUT SPI-IN
	local way

	ip -n "$1" xfrm state add src "$2" dst "$3" proto esp spi "$4" mode tunnel if_id 42 \
		flag af-unspec aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128
	ip -n "$1" xfrm state add src "$3" dst "$2" proto esp spi "$5" mode tunnel if_id 42 \
		flag af-unspec aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128
	for way in 0.0.0.0/0 ::/0; do
		ip -n "$1" xfrm policy add src $way dst $way dir out if_id 42 \
			tmpl src "$2" dst "$3" proto esp mode tunnel
		ip -n "$1" xfrm policy add src $way dst $way dir in if_id 42 \
			tmpl src "$3" dst "$2" proto esp mode tunnel
	done
}

uplink_xfrm() {
	ip -n gw link add xfrm0 mtu 1400 type xfrm dev wan0 if_id 42
	ip -n hq link add xfrm0 mtu 1400 type xfrm dev eth0 if_id 42
	xfrm_end gw 198.51.100.1 198.51.100.2 0x4201 0x4202
	xfrm_end hq 198.51.100.2 198.51.100.1 0x4202 0x4201
	uplink_addresses xfrm0
}

uplink_gre() {
	ip -n gw link add gre1 type gre local 198.51.100.1 remote 198.51.100.2
	ip -n hq link add gre1 type gre local 198.51.100.2 remote 198.51.100.1
	uplink_addresses gre1
}
