#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets that are no plain ones: options, fragments, glued together, in pages, held by
# taps, larger than a link, out of IPsec and into it, past filters and other CPUs. The
# call's namespaces are drawn in topo/srtp.sh; a PC speaks on the phone's wire, too:
#
#   phone eth0 (untagged) ------- lan0 gw        data VLAN, 10.1.10.11 and 10.1.10.1,
#                                                fd00:10::11 and fd00:10::1
# CPUS: 2

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/srtp.sh"
. "$here/lib/talk.sh"

queue() { echo "$3" | gw tee "/sys/class/net/$1/$2" >/dev/null; }
feature() { # NETNS DEVICE FEATURE on|off: fails where it can't be had
	ip netns exec "$1" ethtool -K "$2" "$3" "$4" >/dev/null && ip netns exec "$1" ethtool -k "$2" |
		grep -qE "^\s*$3: $4"
}
features() { # FEATURE on|off: on the gateway
	feature gw lan0 "$1" "$2" && feature gw wan0 "$1" "$2"
}

srtp_up
ok "the module loads again after the fast drivers" srtp_fast
srtp_address phone eth0 10.1.10.11/24 fd00:10::11/64
srtp_address gw lan0 10.1.10.1/24 fd00:10::1/64

# ---- headers ----

ok "IPv6 extension headers" "$tools/srtpodd" chains --lan 6
ok "fragments, in order and not" "$tools/srtpparts" fragments
ok "IPv6 fragments" "$tools/srtpparts" fragments6 --lan 6
translate() {
	gw nft -f - <<-RULES
		table inet translated {
			chain in {
				type nat hook prerouting priority dstnat;
				meta nfproto ipv4 udp dport 30000 dnat ip to 10.1.10.11
				meta nfproto ipv6 udp dport 30000 dnat ip6 to fd00:10::11
			}
		}
	RULES
}
ok "there are addresses to translate" translate
ok "fragments for a host behind the gateway" "$tools/srtpparts" translated
gw nft flush ruleset

call() { # DESC ARGUMENT...: begin one, and see that it works
	local desc=$1

	shift
	ok "a call, $desc" talk_start "$@"
	ok "$desc: speech" talk both 5
}
# The debug kernel takes its time: there one size of each kind, and one family.
sizes="1432 1448 1460 3000 20000" families="4 6"
[ $T_SLOW = 1 ] || sizes="1448 3000" families=6
larger() { # DESC: what is too large for a link, here or with the tag
	local size

	for size in $sizes; do
		talk size $size || :
		ok "$1: $size bytes" talk both 2
	done
	talk size 160 || :
}

larger_one() { talk size 3000 && talk both 2 && talk size 160; }
ends() { feature phone eth0 "$1" "$2" && feature hq eth0 "$1" "$2"; }

for family in $families; do
	call "IPv$family" --lan $family --wan $family
	larger "IPv$family"
	ip -n gw -$family route add "$([ $family = 4 ] && echo 192.0.2.10 || echo 2001:db8::10)" \
		dev wan0 mtu 1300
	talk size 1290 || :
	ok "IPv$family: past the MTU of the route" talk both 2
	ip -n gw -$family route del "$([ $family = 4 ] && echo 192.0.2.10 || echo 2001:db8::10)"
	talk size 160 || :

	# ---- the shape of a packet in memory ----

	ok "IPv$family: in pages" talk paged
	ok "IPv$family: with taps on both sides" talk tapped 20
	ok "IPv$family: segments" talk segments
	for what in tx-vlan-offload tx-checksum-ip-generic tx-scatter-gather; do
		ok "$what is off at the ends" ends $what off
		ok "IPv$family: without $what" talk both 3
		ok "IPv$family: a report without $what" talk rtcp
		ends $what on
	done
	ok "IPv$family: the end" talk_end
done

# Nobody may write into a packet that two own. Only traffic generators make these.
shared() {
	local pg=/proc/net/pktgen word

	gw tee $pg/kpktgend_0 <<<"add_device wan0"
	while read -r word; do
		gw tee $pg/wan0 <<<"$word"
	done <<-WORDS
		xmit_mode netif_receive
		count 5
		burst 1
		pkt_size 200
		src_min 192.0.2.10
		dst 192.0.2.2
		udp_src_min 5000
		udp_dst_min 20100
		dst_mac $(mac_of gw wan0)
	WORDS
	gw tee $pg/pgctrl <<<start
	gw tee $pg/kpktgend_0 <<<rem_device_all
}
call "beside a traffic generator"
if modprobe pktgen 2>/dev/null; then
	ok "packets with two owners come" shared
	is "and are refused" "$(drops gw "$(ifindex gw wan0)" no-memory)" 5
	ok "the call goes on" talk both 3
	# Some kernels have it built in.
	rmmod pktgen 2>/dev/null || :
else
	skip "packets with two owners" "no pktgen here"
fi

# ---- glued together on the way in ----

# What arrives within 50 ms is one packet where it may be.
ok "the receivers wait for more" features generic-receive-offload on
for what in rx-udp-gro-forwarding rx-gro-list; do
	ok "$what is on" features $what on
	for device in lan0 wan0; do
		queue $device gro_flush_timeout 50000000
	done
	ok "$what: glued together, and held by taps" talk glued 40
	for device in lan0 wan0; do
		queue $device gro_flush_timeout 0
	done
	ok "$what: speech" talk both 10
	ok "$what: segments" talk segments
	ok "$what is off" features $what off
done
ok "the end" talk_end

# ---- only passed through: a PC's media, which the data VLAN's policy marks ----

call "beside a PC"
marks() {
	vw gw policy-set 'policy{' voice-vlan=100 rogue=1 dscp-rtp=44 '}' &&
		vw gw port-set 'port{' ifname=lan0 mode=0 data-vlan=10 '}' &&
		ip -n phone route add 192.0.2.10 via 10.1.10.1
}
# Segments that reach the far end as they are would hide what is in them.
apart() { feature gw wan0 tx-udp-segmentation off && feature gw wan0 tx-gso-list off; }
ok "voice on the data VLAN is marked" marks
ok "a PC's media" talk pass 0
ok "is marked" talk pass 44
ok "the gateway takes segments apart" apart
for what in rx-udp-gro-forwarding rx-gro-list; do
	ok "$what is on" feature gw lan0 $what on
	queue lan0 gro_flush_timeout 50000000
	ok "$what: all that was glued together is marked" talk pass-glued 44
	queue lan0 gro_flush_timeout 0
	ok "$what is off" feature gw lan0 $what off
done
ok "the end" talk_end

# ---- other CPUs, and filters ----

ok "two CPUs and one sequence never use an index twice" "$tools/srtpodd" race
ok "over IPv6" "$tools/srtpodd" race --lan 6 --wan 6
call "for other CPUs"

for device in lan0 wan0; do
	queue $device queues/rx-0/rps_cpus 3
done
ok "handed to other CPUs" talk both 10
ok "segments handed to other CPUs" talk segments
ok "the end" talk_end
for device in lan0 wan0; do
	queue $device queues/rx-0/rps_cpus 0
done

filters() {
	gw nft -f - <<-RULES
		table inet closed {
			chain raw { type filter hook prerouting priority raw; ct state invalid drop; }
			chain nat { type nat hook postrouting priority srcnat; oifname "wan0" masquerade; }
			chain in { type filter hook input priority filter; policy drop;
				meta l4proto ipv6-icmp accept; }
			chain forward { type filter hook forward priority filter; policy drop; }
			chain out { type filter hook output priority filter; policy drop;
				meta l4proto ipv6-icmp accept; }
		}
		table netdev closed {
			chain lan { type filter hook ingress device "lan0" priority filter;
				udp dport 20000-20101 drop; }
			chain wan { type filter hook ingress device "wan0" priority filter;
				udp dport 20000-20101 drop; }
		}
	RULES
}
call "before there is a filter"
ok "a filter that lets nothing through" filters
ok "what voxwall takes passes no filter" talk both 5
ok "nor do its fragments" larger_one
ok "the end" talk_end
gw nft flush ruleset

# ---- IPsec, in the middle of a call ----

KEY="aead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128"
MODE=transport
ENCAP=
sa() { # NETNS SOURCE DESTINATION
	ip -n "$1" xfrm state add src "$2" dst "$3" proto esp spi 0x1000 reqid 1 mode $MODE $KEY $ENCAP
}
policy() { # NETNS DIRECTION SOURCE DESTINATION [PORT]
	ip -n "$1" xfrm policy add src "$3" dst "$4" proto udp ${5:+dport $5} dir "$2" \
		tmpl src "$3" dst "$4" proto esp reqid 1 mode $MODE
}
esp() { # NETNS: packets that its states have seen
	ip -n "$1" -s xfrm state | grep -A1 'lifetime current' | sed -n 's/.* \([0-9]*\)(packets)/\1/p'
}
forget() {
	local netns

	for netns in gw hq; do
		ip -n $netns xfrm policy flush
		ip -n $netns xfrm state flush
	done
}

ipsec() { # FAMILY GATEWAY HQ
	call "IPv$1, before IPsec" --wan "$1"
	ok "IPv$1: a policy for the way out" policy gw out "$2" "$3"
	ok "IPv$1: without an SA nothing leaves" talk none-out
	sa gw "$2" "$3" && sa hq "$2" "$3"
	ok "IPv$1: with one it does" talk out 5
	is "IPv$1: as ESP" "$(esp hq)" 5
	talk size 3000 || :
	ok "IPv$1: in fragments" talk out 2
	talk size 160 || :
	ip -n gw xfrm state flush
	ok "IPv$1: the SA goes" talk none-out
	forget
	ok "IPv$1: the policy goes" talk both 2

	ok "IPv$1: a policy for the way in" policy gw in "$3" "$2"
	ok "IPv$1: what comes as it is isn't taken" talk none-in
	policy hq out "$3" "$2" && sa gw "$3" "$2" && sa hq "$3" "$2"
	ok "IPv$1: what transport mode brings is" talk in 5
	is "IPv$1: it came as ESP" "$(esp gw)" 5
	ok "IPv$1: a report in ESP" talk rtcp
	ok "IPv$1: nothing forged in ESP" talk forged
	talk size 3000 || :
	ok "IPv$1: fragments of ESP" talk in 2
	talk size 160 || :
	ip -n gw xfrm policy flush
	ok "IPv$1: what came in ESP that no policy asks for" talk in 2
	if modprobe esp$1_offload 2>/dev/null && features generic-receive-offload on; then
		ok "IPv$1: decrypted by GRO" talk in 5
	else
		skip "IPv$1: decrypted by GRO" "no ESP offload here"
	fi
	forget
	ok "IPv$1: without IPsec" talk both 2
	ok "IPv$1: the end" talk_end
}

[[ $families != *4* ]] || ipsec 4 192.0.2.2 192.0.2.10
ipsec 6 2001:db8::2 2001:db8::10

# AH stands in front of UDP and behind a fragment header: a fragment of it shows no port.
ah_sa() { # NETNS HQ GATEWAY
	ip -n "$1" xfrm state add src "$2" dst "$3" proto ah spi 0x2000 reqid 2 \
		mode transport auth 'hmac(sha1)' 0x000102030405060708090a0b0c0d0e0f10111213
}
ah() { # FAMILY HQ GATEWAY
	local netns

	if ! ah_sa gw "$2" "$3" || ! ah_sa hq "$2" "$3"; then
		skip "IPv$1: AH" "this kernel has none"
		return
	fi
	call "IPv$1, before AH" --wan "$1"
	for netns in "gw in" "hq out"; do
		ip -n ${netns% *} xfrm policy add src "$2" dst "$3" proto udp dir ${netns#* } \
			tmpl src "$2" dst "$3" proto ah reqid 2 mode transport
	done
	ok "IPv$1: what AH brings is taken" talk in 5
	is "IPv$1: it came as AH" "$(esp gw)" 5
	talk size 3000 || :
	ok "IPv$1: fragments of AH" talk in 2
	talk size 160 || :
	forget
	ok "IPv$1: the end" talk_end
}
[[ $families != *4* ]] || ah 4 192.0.2.10 192.0.2.2
ah 6 2001:db8::10 2001:db8::2

# ESP behind a NAT: ESP in UDP. Its own datagrams are none of the policies'.
natt() { # GATEWAY HQ
	call "before ESP in UDP"
	ok "both ends take ESP in UDP" talk encap
	ENCAP="encap espinudp 4500 4500 0.0.0.0"
	for MODE in transport tunnel; do
		ok "ESP in UDP, $MODE mode: a policy for the way out" policy gw out "$1" "$2" 5000
		ok "ESP in UDP, $MODE mode: without an SA nothing leaves" talk none-out
		# What came in a tunnel is refused where no policy asks for one.
		policy hq in "$1" "$2" 5000 && sa gw "$1" "$2" && sa hq "$1" "$2"
		ok "ESP in UDP, $MODE mode: with one it does" talk out 5
		is "ESP in UDP, $MODE mode: it leaves so" "$(esp hq)" 5
		talk size 3000 || :
		ok "ESP in UDP, $MODE mode: in fragments" talk out 2
		talk size 160 || :
		forget
		ok "ESP in UDP, $MODE mode: a policy for the way in" policy gw in "$2" "$1" 20100
		ok "ESP in UDP, $MODE mode: what comes as it is isn't taken" talk none-in
		policy hq out "$2" "$1" 20100 && sa gw "$2" "$1" && sa hq "$2" "$1"
		ok "ESP in UDP, $MODE mode: what it brings is" talk in 5
		is "ESP in UDP, $MODE mode: it came so" "$(esp gw)" 5
		ok "ESP in UDP, $MODE mode: nothing forged" talk forged
		forget
	done
	MODE=transport
	ENCAP=
	ok "without ESP in UDP" talk both 2
	ok "the end" talk_end
}
natt 192.0.2.2 192.0.2.10
