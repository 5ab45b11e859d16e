#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A call over every kind of uplink, most without an Ethernet header, and what happens to
# devices, routes and neighbours in the middle of one. The call's namespaces are drawn in
# topo/srtp.sh, the uplinks in topo/uplinks.sh; for routes there is a second wire:
#
#   phone ---- lan0 gw wan0 -------- eth0 hq     192.0.2.2     192.0.2.10
#                      wan1 -------- eth1        203.0.113.2   203.0.113.10
#                                                2001:db8:5::2 2001:db8:5::10

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/srtp.sh"
. "$here/topo/uplinks.sh"
. "$here/lib/talk.sh"

sent() { gw cat "/sys/class/net/$1/statistics/tx_packets"; }

# over DEVICE NAME [WAY]: a call in both families, large packets and clear ones. Some
# devices can't be handed segments, so only the phone sends any there.
over() {
	local device=$1 name=$2 segments=segments${3:+-$3} family before

	for family in 4 6; do
		before=$(sent "$device")
		ok "a call over $name, IPv$family" talk_start --wan $family --uplink "$device"
		ok "$name, IPv$family: speech" talk both 10
		is "$name, IPv$family: it went that way" "$(($(sent "$device") - before >= 10))" 1
		ok "$name, IPv$family: reports" talk rtcp
		ok "$name, IPv$family: nothing forged" talk forged
		ok "$name, IPv$family: segments" talk $segments
		talk size 1448 || :
		ok "$name, IPv$family: past the MTU with its tag" talk both 2
		talk size 3000 || :
		ok "$name, IPv$family: in fragments" talk both 2
		ok "$name, IPv$family: the end" talk_end
		ok "$name, IPv$family: clear RTP stays here unless it may leave" \
			"$tools/srtplife" relay --wan $family --uplink "$device"
	done
}

srtp_up
ok "the module loads again after the fast drivers" srtp_fast
uplinks_up

# ---- uplinks ----

ok "a VLAN" uplink_vlan
over wan0.7 "a VLAN"
uplink_down wan0.7
ok "a bridge" uplink_bridge
over brw "a bridge"
ip -n gw link del brw
ip -n hq addr flush dev eth0
uplinks_up
if modprobe tun 2>/dev/null; then
	ok "a tun device" uplink_tun
	over tun0 "a tun device" out
	stop tun
else
	skip "a tun device" "no tun here"
fi
if modprobe wireguard 2>/dev/null; then
	ok "WireGuard" uplink_wireguard
	over wg0 WireGuard
	uplink_down wg0
else
	skip "WireGuard" "no WireGuard here"
fi
if modprobe -a ppp_async ppp_generic 2>/dev/null; then
	ok "PPP" uplink_ppp
	over ppp0 PPP out
	stop ppp
else
	skip "PPP" "no PPP here"
fi
if modprobe xfrm_interface 2>/dev/null; then
	ok "an xfrm interface" uplink_xfrm
	over xfrm0 "an xfrm interface"
	uplink_down xfrm0
	for netns in gw hq; do
		ip -n $netns xfrm policy flush
		ip -n $netns xfrm state flush
	done
else
	skip "an xfrm interface" "no xfrm interfaces here"
fi
if modprobe ip_gre 2>/dev/null; then
	ok "GRE" uplink_gre
	over gre1 GRE
	uplink_down gre1
else
	skip "GRE" "no GRE here"
fi

# ---- routes ----

ip -n gw addr flush dev wan0
ip -n hq addr flush dev eth0
srtp_address gw wan0 192.0.2.2/24 2001:db8::2/64
srtp_address hq eth0 192.0.2.10/24 2001:db8::10/64
srtp_link gw wan1 hq eth1
srtp_address gw wan1 203.0.113.2/24 2001:db8:5::2/64
srtp_address hq eth1 203.0.113.10/24 2001:db8:5::10/64

# takes DEVICE DESC: what the phone says leaves there
takes() {
	local before

	before=$(sent "$1")
	ok "$2" talk both 3
	is "$2: on $1" "$(($(sent "$1") - before >= 3))" 1
}

routes() { # FAMILY HQ GATEWAY-ON-WAN1 BITS
	local family=$1 ip="ip -n gw -$1"

	ok "a call to move, IPv$family" talk_start --wan $family
	takes wan0 "IPv$family: it begins"
	$ip route add "$2/$4" via "$3" dev wan1
	takes wan1 "IPv$family: the route goes elsewhere"
	$ip route replace "$2/$4" dev wan0
	takes wan0 "IPv$family: and back"
	$ip route replace blackhole "$2/$4"
	ok "IPv$family: a blackhole" talk none-out
	$ip route replace unreachable "$2/$4"
	ok "IPv$family: unreachable" talk none-out
	$ip route del "$2/$4"
	takes wan0 "IPv$family: as before"
	# Zone voice, by the mark that voxwall gives.
	$ip rule add fwmark 0x01000000/0x03000000 table 7
	$ip route add default via "$3" dev wan1 table 7
	takes wan1 "IPv$family: a rule sends voice elsewhere"
	$ip rule del fwmark 0x01000000/0x03000000 table 7
	takes wan0 "IPv$family: without it"
	ip -n gw link set wan0 down
	ok "IPv$family: with the uplink down" talk none-out
	ip -n gw link set wan0 up
	takes wan0 "IPv$family: up again"
	$ip neigh flush dev wan0
	takes wan0 "IPv$family: a neighbour that has to be found again"
	ok "IPv$family: the end" talk_end
}
gw sysctl -qw net.ipv6.conf.wan0.keep_addr_on_down=1
routes 4 192.0.2.10 203.0.113.10 32
routes 6 2001:db8::10 2001:db8:5::10 128

ok "a call to somebody who doesn't answer" talk_start
ip -n hq link set eth0 arp off
ip -n gw neigh flush dev wan0
ok "nothing leaves without a neighbour" talk none-out
ip -n hq link set eth0 arp on
ip -n gw neigh flush dev wan0
ok "and goes on with one" poll 10 talk both 1
ok "the end" talk_end

# ---- devices that go ----

wire_again() {
	srtp_link gw wan0 hq eth0
	srtp_address gw wan0 192.0.2.2/24 2001:db8::2/64
	srtp_address hq eth0 192.0.2.10/24 2001:db8::10/64
}
goes() { timeout 10 ip -n gw link del "$1"; }

for family in 4 6; do
	ok "a call over a device that goes, IPv$family" talk_start --wan $family
	ok "IPv$family: speech" talk both 5
	ok "IPv$family: the device goes" goes wan0
	ok "IPv$family: nothing arrives" talk none
	wire_again
	ok "IPv$family: nothing comes in on what isn't an uplink" talk none-in
	ok "IPv$family: it is an uplink again" talk guard wan0
	ok "IPv$family: the same call goes on" talk both 5
	ok "IPv$family: the phone's VLAN goes" goes lan0.100
	ok "IPv$family: nothing reaches the phone" talk none-in
	srtp_vlan gw lan0 10.1.100.1/24 fd00:100::1/64
	ok "IPv$family: the same call goes on with another" talk both 5
	ok "IPv$family: the end" talk_end
done

# A stream that is silent holds a way with IPsec in it, and that way a device.
esp_sa() { # NETNS
	ip -n "$1" xfrm state add src 192.0.2.2 dst 192.0.2.10 proto esp spi 0x1000 reqid 1 \
		mode transport aead 'rfc4106(gcm(aes))' \
		0x000102030405060708090a0b0c0d0e0f10111213 128
}
esp_sa gw
esp_sa hq
ip -n gw xfrm policy add src 192.0.2.2/32 dst 192.0.2.10/32 proto udp dir out \
	tmpl src 192.0.2.2 dst 192.0.2.10 proto esp reqid 1 mode transport
ok "a call in ESP" talk_start
ok "speech in ESP" talk both 5
ok "the device under it goes while it is silent" goes wan0
wire_again
ok "it is an uplink again" talk guard wan0
ok "speech in ESP again" talk both 5
ok "the end" talk_end
