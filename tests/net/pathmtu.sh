#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Links further on that are narrower than the gateway's own. Media has no socket, so
# nobody but the module can take note of what a router there says of it. The call's
# namespaces are drawn in topo/srtp.sh; a provider comes between gateway and head office:
#
#   gw wan0 ------------------------- eth0 isp eth1 ------------------------- eth0 hq
#   198.51.100.1   198.51.100.2              203.0.113.1   203.0.113.10
#   2001:db8:9::1  2001:db8:9::2             2001:db8:5::1 2001:db8:5::10
#   192.0.2.2, 2001:db8::2                          192.0.2.10, 2001:db8::10

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"
. "$here/lib/talk.sh"

isp_up() {
	ip netns add isp
	at_exit ip netns del isp
	ip netns exec isp sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv6.icmp.ratelimit=0
	ip -n hq link set eth0 netns isp
	ip -n isp link set eth0 up
	srtp_link isp eth1 hq eth0
	ip -n gw addr flush dev wan0
	srtp_address gw wan0 198.51.100.1/24 192.0.2.2/32 2001:db8:9::1/64 2001:db8::2/128
	srtp_address isp eth0 198.51.100.2/24 2001:db8:9::2/64
	srtp_address isp eth1 203.0.113.1/24 2001:db8:5::1/64
	srtp_address hq eth0 203.0.113.10/24 192.0.2.10/32 192.0.2.11/32 \
		2001:db8:5::10/64 2001:db8::10/128 2001:db8::11/128
	ip -n gw route add default via 198.51.100.2
	ip -n gw route add default via 2001:db8:9::2
	ip -n isp route add 192.0.2.2 via 198.51.100.1
	ip -n isp route add 2001:db8::2 via 2001:db8:9::1
	ip -n isp route add 192.0.2.0/24 via 203.0.113.10
	ip -n isp route add 2001:db8::/64 via 2001:db8:5::10
	ip -n hq route add default via 203.0.113.1
	ip -n hq route add default via 2001:db8:5::1
}

narrow() { ip -n isp link set eth1 mtu "$1"; }
forget() { gw ip -6 route flush cache; }
# What the gateway has learned of the way to an address; nothing: nothing.
learned() { gw ip -6 route get "$1" | grep -oE 'mtu [0-9]+' | cut -d' ' -f2 || :; }

srtp_up
isp_up

for how in seal relay stack; do
	case $how in
	seal) option= ;;
	*) option=--$how ;;
	esac
	ok "$how, IPv4: a call" talk_start --wan 4 $option
	narrow 1400
	talk size 1440 || :
	ok "$how, IPv4: larger than a link further on" talk out 3
	narrow 1500
	ok "$how, IPv4: the end" talk_end

	ok "$how, IPv6: a call" talk_start --wan 6 $option
	talk size 1400 || :
	ok "$how, IPv6: nearly as large as the link" talk out 3
	is "$how, IPv6: there is nothing to learn" "$(learned 2001:db8::10)" ""
	for mtu in 1400 1280; do
		narrow $mtu
		ok "$how, IPv6: larger than a link of $mtu further on" poll 10 talk out 1
		ok "$how, IPv6: it has been learned" talk out 5
		is "$how, IPv6: as it is" "$(learned 2001:db8::10)" $mtu
	done
	is "$how, IPv6: of this way only" "$(learned 2001:db8::11)" ""
	narrow 1500
	forget
	ok "$how, IPv6: as before" talk out 3
	ok "$how, IPv6: the end" talk_end
done

# ---- what is made up ----

# Some kernels (6.12.117 is one) believe whoever quotes a UDP datagram, without looking
# for its socket: there it is of no use that the module refuses.
"$tools/toobig" hq 2001:db8::2 1400 2001:db8::2 30000 2001:db8::11 30000
poll 2 eval '[ -n "$(learned 2001:db8::11)" ]' && gullible=yes || gullible=no
forget

# lies DESC MTU SADDR SPORT DADDR DPORT [KIND]: nothing is learned of DADDR
lies() {
	local desc=$1

	shift
	"$tools/toobig" hq 2001:db8::2 "$@" || :
	# It comes the same way, behind it.
	talk in 1 || :
	is "$desc" "$(learned "$4")" ""
	forget
}
lies_of() { # the same of a datagram that is none of a stream's
	if [ $gullible = yes ]; then
		skip "$1" "this kernel believes it"
	else
		lies "$@"
	fi
}
tells() { # WANTED NETNS TO MTU SADDR SPORT DADDR DPORT [KIND]
	local wanted=$1

	shift
	"$tools/toobig" "$@" && poll 5 eval "[ \"\$(learned $6)\" = $wanted ]"
}
ok "a call between liars" talk_start --wan 6 --lan 6
ok "it works" talk both 2
ok "with reports" talk rtcp
lies_of "of another host" 1400 2001:db8::2 20100 2001:db8::11 5000
lies_of "of another port there" 1400 2001:db8::2 20100 2001:db8::10 5002
lies_of "of another port here" 1400 2001:db8::2 20102 2001:db8::10 5000
lies_of "of another address here" 1400 2001:db8:9::1 20100 2001:db8::10 5000
lies_of "of RTP sent to RTCP's port" 1400 2001:db8::2 20100 2001:db8::10 5001
lies "of another protocol" 1400 2001:db8::2 20100 2001:db8::10 5000 tcp
lies "of a part without ports" 1400 2001:db8::2 20100 2001:db8::10 5000 later
lies "of a link that IPv6 doesn't know" 1279 2001:db8::2 20100 2001:db8::10 5000
lies "of a link without room" 0 2001:db8::2 20100 2001:db8::10 5000
lies_of "of what comes, not of what goes" 1400 2001:db8::10 5000 2001:db8::2 20100
lies "of a link as wide as ours" 1500 2001:db8::2 20100 2001:db8::10 5000
lies "of another error" 1400 2001:db8::2 20100 2001:db8::10 5000 problem
lies "that are damaged" 1400 2001:db8::2 20100 2001:db8::10 5000 broken
ok "a first fragment is believed" \
	tells 1400 hq 2001:db8::2 1400 2001:db8::2 20100 2001:db8::10 5000 first
wider() {
	"$tools/toobig" hq 2001:db8::2 1450 2001:db8::2 20100 2001:db8::10 5000 && talk in 1 &&
		[ "$(learned 2001:db8::10)" = 1400 ]
}
ok "a wider link is no news" wider
ok "what has been learned is in use" talk out 1
ok "a wider link is no news then" wider
forget
ok "another report" talk rtcp
ok "of a report it is believed" \
	tells 1400 hq 2001:db8::2 1400 2001:db8::2 20101 2001:db8::10 5001
ok "and a router of the voice VLAN" \
	tells 1300 phone fd00:100::1 1300 fd00:100::1 20000 fd00:100::11 4000
ok "the end" talk_end

# ---- what goes through IPsec ----

# A quotation of it in the clear comes from behind the tunnel's other end, or is a lie.
esp() { # NETNS
	ip -n "$1" xfrm state add src 2001:db8::2 dst 2001:db8::10 proto esp spi 0x2001 reqid 7 \
		mode transport aead 'rfc4106(gcm(aes))' 0x0102030405060708090a0b0c0d0e0f1011121314 128
}
through_esp() {
	esp hq && esp gw && ip -n gw xfrm policy add src 2001:db8::2 dst 2001:db8::10 proto udp \
		dir out tmpl proto esp reqid 7 mode transport
}
sealed() { gw ip -s xfrm state | grep -oE '[0-9]+\(packets\)' | head -n 1; }
forget
ok "a way through IPsec" through_esp
ok "a call on it" talk_start --wan 6 --lan 6
ok "it works" talk both 3
nok "not in the clear" [ "$(sealed)" = "0(packets)" ]
lies_of "of what went through IPsec" 1400 2001:db8::2 20100 2001:db8::10 5000
ok "the end" talk_end
