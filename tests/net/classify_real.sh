#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: 6.1 6.12
#
# `voxwall classify` on what real programs send (topo/pair.sh, peers/noise.sh): what
# isn't voice must never be taken for it, and two calls must be found, as Ethernet,
# VLAN, Linux cooked (both kinds) and raw IP, in pcap and pcapng. The judge of what is
# what is tshark, which follows the SDP of the calls.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/pair.sh"
. "$here/peers/noise.sh"
. "$here/peers/baresip.sh"

VOXWALL=${VOXWALL:-$T_TOP/build/voxwall}

capture() { # NAME INTERFACE [WORD...]
	local name=$1 interface=$2

	shift 2
	spawn "tcpdump-$name" b tcpdump -U -s 0 -i "$interface" -w "$T_DIR/$name.pcap" "$@"
	poll 10 test -s "$T_DIR/$name.pcap"
}

# One line a direction that has ever been taken for CLASS: "udp 10.9.0.1:53 10.9.0.2:53".
ours() { # CAPTURE CLASS
	"$VOXWALL" classify "$1" --json | jq -r ".flows[] | select(.classes.$2 > 0) |
		\"\\(.protocol) \\(.source):\\(.source_port) \\(.destination):\\(.destination_port)\"" | sort -u
}

# Where something stands that tshark can't know, or takes for SIP by its port.
DECODE=(-d tcp.port==5060,http -d udp.port==853,quic -d udp.port==51413,bt-utp)

# One line a direction and protocol: "rtp udp 10.9.0.1:4000 10.9.0.2:4000".
tshark_flows() { # CAPTURE
	tshark -r "$1" "${DECODE[@]}" -T fields -e frame.protocols -e ip.proto -e ip.src -e udp.srcport \
		-e tcp.srcport -e ip.dst -e udp.dstport -e tcp.dstport 2>/dev/null | awk -F'\t' '
		$2 == 6 || $2 == 17 {
			n = split($1, protocol, ":")
			for (i = 1; i <= n; i++)
				print protocol[i], ($2 == 6 ? "tcp" : "udp"), $3 ":" $4 $5, $6 ":" $7 $8
		}' | sort -u
}

# The calls' flows are tshark's, at least so many; the noise's are nobody's (tshark's
# own guess at random bytes is wrong at times).
same() { # CAPTURE CLASS MINIMUM
	local ours theirs

	ours=$(ours "$1" "$2")
	theirs=$(sed -n "s/^$2 //p" "$1.tshark" | grep "10\.9\.[57]\." || :)
	[ "$ours" = "$theirs" ] && [ "$(grep -c . <<<"$ours")" -ge "$3" ] && return
	diff <(echo "$theirs") <(echo "$ours")
	return 1
}

saw() { # PROTOCOL|PORT...: an empty test proves nothing
	local protocol

	for protocol; do
		grep -qE "^$protocol |:$protocol( |\$)" "$T_DIR/eth.pcap.tshark" || echo "no $protocol"
	done | grep . && return 1 || return 0
}

judge() { # NAME DESC CALLS
	local file=$T_DIR/$1

	[ -e "$file.tshark" ] || tshark_flows "$file" >"$file.tshark"
	ok "$2: RTP where tshark says so and nowhere else" same "$file" rtp $((2 * $3))
	ok "$2: RTCP, too" same "$file" rtcp 0
	ok "$2: SIP, too" same "$file" sip $((2 * $3))
}

# All at once: they wait more than they work.
noise() {
	local name

	for name; do
		(
			said=no
			if "noise_$name"; then said=yes; fi
			echo $said >"$T_DIR/talked.$name"
		) >"$T_DIR/noise-$name.log" 2>&1 &
	done
	for name; do
		poll 150 test -s "$T_DIR/talked.$name" || :
		ok "$name talks" grep yes "$T_DIR/talked.$name"
	done
}

# call PREFIX INTERFACE: of a telephone at PREFIX.1 with one at PREFIX.2
call() {
	local netns n=0 media="audio_codecs=PCMA/8000/1;auth_pass=none;regint=0;answermode=auto"

	BARESIP_INTERFACE=$2
	for netns in a b; do
		n=$((n + 1))
		baresip_start "$netns-$1" $netns "$1.$n" "$T_DIR/tone.wav" "<sip:$netns@$1.$n>;$media"
	done
	baresip_say "a-$1" dial "sip:b@$1.2"
	ok "a call on $1" poll 30 baresip_saw "a-$1" CALL_ESTABLISHED
	sleep 6
	baresip_say "a-$1" hangup
	ok "its end" poll 20 baresip_saw "b-$1" CALL_CLOSED
	for netns in a b; do
		stop "$netns-$1-link"
		stop "$netns-$1"
	done
}

needs "classify on real traffic" tcpdump tshark kdig dnsmasq iperf3 turnserver openvpn mosh-server \
	transmission-cli wg baresip sox socat jq
pair_up
pair_wireguard
capture eth eth0
capture sll any -y LINUX_SLL
capture sll2 any -y LINUX_SLL2
capture raw wg0
noise dns quic http iperf random turn dtls openvpn wireguard mosh torrent
sox -n -r 8000 -c 1 -b 16 "$T_DIR/tone.wav" synth 120 sine 400 vol 0.3
call 10.9.5 eth0.5
call 10.9.7 wg0
for name in eth sll sll2 raw; do
	stop tcpdump-$name
done
editcap -F pcapng "$T_DIR/eth.pcap" "$T_DIR/eth.pcapng"
judge eth.pcap "Ethernet and VLAN" 1
# The same packets: tshark needn't look at them again.
cp "$T_DIR/eth.pcap.tshark" "$T_DIR/eth.pcapng.tshark"
judge eth.pcapng "the same as pcapng" 1
judge sll.pcap "Linux cooked" 2
judge sll2.pcap "Linux cooked, the second kind" 2
judge raw.pcap "raw IP" 1
ok "the programs did talk" saw dns quic http 5201 4000 stun dtls openvpn wg 60001 bt-utp
[ $T_FAILED = 0 ] || cp "$T_DIR"/*.pcap "$T_TOP/build/test/"
