#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Odd frames, receive offloads, IPsec, and everything that can end below a stream:
# neighbour, device, namespace, module. The topology is drawn in topo/srtp.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"


life() { "$tools/srtplife" "$@"; }

# No part of the key is in a listing, whatever the attribute.
keys_hidden() { # KEY
	local i

	for ((i = 0; i + 8 <= ${#1}; i += 2)); do
		! grep -qi "${1:i:8}" "$T_DIR/streams" || return 1
	done
}

esp_sa() { # NETNS
	ip -n "$1" xfrm state add src 192.0.2.2 dst 192.0.2.10 proto esp spi 0x1000 reqid 1 \
		mode transport aead 'rfc4106(gcm(aes))' \
		0x000102030405060708090a0b0c0d0e0f10111213 128
}

esp_packets() {
	ip -n hq -s xfrm state | grep -A1 'lifetime current' | grep -oE '[0-9]+\(packets\)'
}

srtp_up
ok "the module loads again after the fast drivers" srtp_fast
ok "frames that no socket would send" "$tools/srtpodd" frames

for feature in gro rx-udp-gro-forwarding rx-gro-list; do
	ok "lan0 has $feature" gw ethtool -K lan0 $feature on
	ok "wan0 has $feature" gw ethtool -K wan0 $feature on
	ok "segments with $feature" "$tools/srtplife" segments
	ok "the differential test with $feature" "$tools/srtpdiff" --packets 300
done

ok "a call to end things under" life leave
key=$(life leave)
"$tools/vwnl" gw stream-get --dump >"$T_DIR/streams"
is "both its streams are listed" "$(grep -c stream "$T_DIR/streams")" 2
is "the test knows a key" "${#key}" 32
ok "a listing shows no key" keys_hidden "$key"

ip -n gw xfrm policy add src 192.0.2.2/32 dst 192.0.2.10/32 proto udp dir out \
	tmpl src 192.0.2.2 dst 192.0.2.10 proto esp reqid 1 mode transport
nok "with an IPsec policy and no state nothing leaves sealed" life leave
nok "nor clear" life covered
esp_sa gw
esp_sa hq
ok "with a state SRTP leaves inside of ESP" life leave
is "the head office got ESP" "$(esp_packets)" "1(packets)"
ok "and clear RTP may leave inside of ESP" life covered
ip -n gw xfrm policy flush
ip -n gw xfrm state flush
ip -n hq xfrm state flush
nok "without the policy it may not" life covered

esp_tunnel() { # NETNS: from the head office to the gateway
	ip -n "$1" xfrm state add src 192.0.2.10 dst 192.0.2.2 proto esp spi 0x2000 reqid 2 \
		mode tunnel aead 'rfc4106(gcm(aes))' \
		0x000102030405060708090a0b0c0d0e0f10111213 128
}

esp_from_hq() { # NETNS DIRECTION
	ip -n "$1" xfrm policy add src 192.0.2.10/32 dst 192.0.2.2/32 proto udp dir "$2" \
		tmpl src 192.0.2.10 dst 192.0.2.2 proto esp reqid 2 mode tunnel
}

esp_came() {
	ip -n gw -s xfrm state | grep -A1 'lifetime current' | grep -oE '[0-9]+\(packets\)'
}

ok "an IPsec policy for what arrives" esp_from_hq gw in
nok "what only IPsec may bring doesn't come without" life leave
esp_tunnel gw
esp_tunnel hq
esp_from_hq hq out
ok "it comes inside of ESP" life leave
is "the gateway got ESP" "$(esp_came)" "1(packets)"
ip -n gw xfrm policy flush
nok "out of a tunnel that no policy knows it doesn't" life leave
for netns in gw hq; do
	ip -n $netns xfrm policy flush
	ip -n $netns xfrm state flush
done
ok "without IPsec it comes as it is" life leave

# Before the module knew of it, the packet left without its label.
if modprobe -a mpls_router mpls_iptunnel 2>/dev/null; then
	ok "the way to the head office gets a label" ip -n gw route add 192.0.2.10/32 \
		encap mpls 100 via inet 192.0.2.10 dev wan0
	nok "nothing arrives without the label" life leave
	mpls_accept() {
		ip netns exec hq sysctl -qw net.mpls.platform_labels=200 net.mpls.conf.eth0.input=1 &&
			ip -n hq link set lo up && ip -n hq -f mpls route add 100 dev lo
	}
	ok "the head office reads labels" mpls_accept
	ok "sealed media passes with it" life leave
	nok "clear media doesn't" life covered
	ip -n gw route del 192.0.2.10/32
else
	skip "routes with a label" "no MPLS here"
fi

mtu() { # BYTES
	ip -n phone link set eth0 mtu "$1" && ip -n gw link set lan0 mtu "$1" &&
		ip -n phone link set eth0.100 mtu "$1" && ip -n gw link set lan0.100 mtu "$1"
}
too_big() { gw "$tools/vwnl" gw drops-get --dump | grep -o 'too-big=[0-9]*'; }
ok "links that carry the largest packets" mtu 65535
ok "what IP can't carry once it is sealed is refused" life huge
is "and counted" "$(too_big)" too-big=2
mtu 1500

ip -n gw neigh flush dev wan0
ok "neighbours are found again" life leave
ip -n gw addr del 192.0.2.2/24 dev wan0
nok "a call without its source address" life leave
ip -n gw addr add 192.0.2.2/24 dev wan0
ok "and with it again" life leave

ip -n gw link del wan0
ok "the device under a call can go" sh -c 'ip -n gw link show wan0 && exit 1 || :'
srtp_link gw wan0 hq eth0
srtp_address gw wan0 192.0.2.2/24 2001:db8::2/64
srtp_address hq eth0 192.0.2.10/24 2001:db8::10/64
ok "and come again" life leave

ip netns del gw
gone() { ! ip netns list | grep -qw gw; }
ok "the namespace can go with a call in it" poll 10 gone
ip netns del phone
ip netns del hq
T_EXIT=()
for round in 1 2 3; do
	srtp_up
	ok "namespace round $round" life leave --lan 6 --wan 6
	T_EXIT=()
	for netns in gw phone hq; do
		ip netns del $netns
	done
done

srtp_up
ok "a call under a module that goes" life leave
# Namespaces are cleaned up behind the scenes; the module is busy until then.
ok "the module unloads with streams in use" poll 10 rmmod voxwall
