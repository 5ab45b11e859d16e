#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Streams that leave through the stack's output, where netfilter has a say, and those
# that don't; the topology is drawn in topo/srtp.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"

hq() { ip netns exec hq "$@"; }
life() { "$tools/srtplife" "$@"; }

# Packets that a counter of nft has seen.
counted() { # NETNS NAME
	ip netns exec "$1" nft -j list counter inet t "$2" | jq '.nftables[] | .counter? // empty | .packets'
}

# How often the guard has stopped clear media on its way to the uplink.
leaks() {
	"$tools/vwnl" gw drops-get --dump | grep -o 'leak-rtp=[0-9]*' | cut -d= -f2 || echo 0
}

nft_table() {
	gw nft -f - <<-EOF
		flush ruleset
		table inet t {
			counter out { }
			counter post { }
			counter dropped { }
			chain output {
				type filter hook output priority filter;
				udp dport { 4000, 5000 } counter name out
			}
			chain postrouting {
				type filter hook postrouting priority filter;
				udp dport { 4000, 5000 } counter name post
			}
			${1-}
		}
	EOF
}

# "OUT POST" since the rules were set.
seen() { echo "$(counted gw out) $(counted gw post)"; }

tc_seen() {
	gw tc -s filter show dev wan0 egress | sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p' | head -n 1
}

needs "netfilter's say" nft jq tc
srtp_up
ok "the module loads again after the fast drivers" srtp_fast

nft_table
ok "a call on the fast path" life leave
is "netfilter sees nothing of it" "$(seen)" "0 0"
ok "a call through the stack" life leave --stack
is "OUTPUT and POSTROUTING see both ways" "$(seen)" "2 2"
ok "over IPv6" life leave --stack --lan 6 --wan 6
is "they see IPv6 as well" "$(seen)" "4 4"
is "the listing says so" "$("$tools/vwnl" gw stream-get --dump | grep -c fastpath=0)" 2

ok "tc looks at the way out" sh -c 'modprobe -a sch_ingress cls_u32 act_gact 2>/dev/null
	ip netns exec gw tc qdisc add dev wan0 clsact &&
	ip netns exec gw tc filter add dev wan0 egress protocol ip u32 \
		match ip dport 5000 0xffff action pass'
ok "a call through the stack and tc" life leave --stack
is "tc sees it" "$(tc_seen)" 1
ok "a call on the fast path and tc" life leave
is "tc sees that one, too" "$(tc_seen)" 2

nft_table 'chain stop { type filter hook output priority 1; udp dport 5000 counter name dropped drop; }'
nok "OUTPUT can stop a call" life leave --stack
is "and it was the rule" "$(counted gw dropped)" 1
ok "but not the fast path" life leave
nft_table 'chain stop { type filter hook postrouting priority 1; udp dport 5000 counter name dropped drop; }'
nok "POSTROUTING can stop a call" life leave --stack
is "and it was its rule" "$(counted gw dropped)" 1

hq nft -f - <<-EOF
	table inet t {
		counter coloured { }
		counter clear { }
		chain in {
			type filter hook prerouting priority filter;
			udp dport 5000 ip dscp af21 counter name coloured
			udp dport 4000 counter name clear
		}
	}
EOF
nft_table 'chain colour { type filter hook postrouting priority 1; udp dport 5000 ip dscp set af21; }'
ok "POSTROUTING can change a packet" life leave --stack
is "and that is how it arrives" "$(counted hq coloured)" 1

# Each direction is a flow to conntrack that never gets an answer.
nft_table 'chain state { type filter hook output priority 1; ct state != { new, established } udp dport { 4000, 5000 } counter name dropped drop; }'
ok "connection tracking bears with it" life leave --stack
is "no packet is invalid to it" "$(counted gw dropped)" 0
for case in segments large both; do
	ok "$case through the stack" life $case --stack
	ok "$case through the stack, over IPv6 and rtcp-mux" life $case --stack --lan 6 --wan 6 --mux
done

# What a rule leads elsewhere is what it was before: sealed, or clear.
reroute() { # DPORT
	nft_table "chain lead { type route hook output priority mangle; udp dport $1 meta mark set 0x99; }"
}
gw ip rule add fwmark 0x99 table 99
gw ip route add default via 192.0.2.10 dev wan0 table 99
reroute 5000
ok "sealed media may be led to the uplink, though its mark is gone" life leave --stack
reroute 4000
before=$(leaks)
nok "clear media that a rule leads to the uplink" life leave --stack
is "is stopped by the guard" $(($(leaks) - before)) 1
is "and none of it arrives" "$(counted hq clear)" 0
gw ip rule del fwmark 0x99 table 99

nft_table
gw ip xfrm policy add src 192.0.2.2/32 dst 192.0.2.10/32 proto udp dir out \
	tmpl src 192.0.2.2 dst 192.0.2.10 proto esp reqid 1 mode transport
nok "with an IPsec policy and no state nothing leaves sealed" life leave --stack
nok "nor clear" life covered --stack
for netns in gw hq; do
	ip -n $netns xfrm state add src 192.0.2.2 dst 192.0.2.10 proto esp spi 0x1000 reqid 1 \
		mode transport aead 'rfc4106(gcm(aes))' \
		0x000102030405060708090a0b0c0d0e0f10111213 128
done
esp_packets() {
	ip -n hq -s xfrm state | grep -A1 'lifetime current' | grep -oE '[0-9]+\(packets\)'
}
ok "with a state SRTP leaves inside of ESP" life leave --stack
is "the head office got ESP" "$(esp_packets)" "1(packets)"
ok "and clear RTP may leave inside of ESP" life covered --stack
is "that was ESP, too" "$(esp_packets)" "2(packets)"
gw ip xfrm policy flush
gw ip xfrm state flush
nok "without the policy it may not" life covered --stack
ok "and SRTP leaves as it is" life leave --stack
