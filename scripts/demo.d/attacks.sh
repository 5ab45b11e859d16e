# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by the guest: the attacks. Each sends a counted number of real packets.
# Whether any got through is judged from captures, by what the packets carry:
#
#   marker   16 bytes of their own in the payload
#   ssrc     an SSRC of their own; a header stays readable when it is sealed
#   extra    RTP that 2001 never sent, or sent once and the phone got twice
#   held     RTP of the capture held.pcap, which only came back as an attack
#
# A line of attacks.tsv: name, description, sent, first and last moment, how to
# tell, its value, captures in which it must not be seen.

PKTSEND=$T_TOP/build/tools/pktsend
PKTCOUNT=$T_TOP/build/tools/pktcount
COUNT=20
GW_MAC=
A_NUMBER=0
A_SEND=()

# Their own 16 bytes.
a_marker() { printf 'vw-attack-%02d----' "$A_NUMBER"; }
a_hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
a_ssrc() { printf '0x766f78%02x' "$A_NUMBER"; }

a_sip() {
	local id

	id=$(a_marker)
	printf 'OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s\r\n' "$1" "$2" "$id"
	printf 'From: <sip:x@%s>;tag=1\r\nTo: <sip:%s>\r\nCall-ID: %s\r\n' "$2" "$1" "$id"
	printf 'CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n '
}

# a_send NETNS INTERFACE OPTION...: adds to what this attack sends.
a_send() { A_SEND+=("$(printf '%q ' ip netns exec "$1" "$PKTSEND" -i "${@:2}")"); }

# a_run NAME DESCRIPTION HOW VALUE CAPTURE...: does it.
a_run() {
	local name=$1 desc=$2 how=$3 value=$4 sent=0 from=$EPOCHREALTIME command said

	shift 4
	for command in "${A_SEND[@]}"; do
		said=$(eval "$command") || :
		sent=$((sent + $(sed -n 's/.*"sent": \([0-9]*\).*/\1/p' <<<"$said" | grep . || echo 0)))
	done
	A_SEND=()
	sleep 0.1
	printf '%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n' "$name" "$desc" "$sent" "$from" "$EPOCHREALTIME" \
		"$how" "$value" "$*" >>"$raw/attacks.tsv"
	say "  attack: $desc ($sent packets)"
	A_NUMBER=$((A_NUMBER + 1))
}

a_marked() { a_run "$1" "$2" marker "$(a_hex "$(a_marker)")" "${@:3}"; }

# ---- onto the voice VLAN ----

attack_unknown_mac() {
	a_send attacker eth0 --dmac "$GW_MAC" --smac $ATTACKER_MAC --vlan 100 \
		--src 10.1.100.66 --dst $VOICE_GW --sport 5060 --dport 5060 \
		--text "$(a_sip $VOICE_GW 10.1.100.66)" --count $COUNT --interval 10
	a_marked vlan-unknown-mac "frames tagged for the voice VLAN, unknown MAC" bridge
}

attack_spoofed_mac() {
	a_send attacker eth0 --dmac "$GW_MAC" --smac $PHONE_MAC --vlan 100 \
		--src $PHONE_IP --dst $VOICE_GW --sport 5060 --dport 5060 \
		--text "$(a_sip $VOICE_GW $PHONE_IP)" --count $COUNT --interval 10
	a_marked mac-spoofed "the phone's MAC on another port" bridge
}

# The classic hop: a switch takes off the outer tag and leaves the inner one.
attack_double_tag() {
	a_send attacker eth0 --dmac $PHONE_MAC --smac $ATTACKER_MAC --vlan 10 --vlan 100 \
		--src 10.1.100.66 --dst $PHONE_IP --sport 5060 --dport 5060 \
		--text "$(a_sip $PHONE_IP 10.1.100.66)" --count $COUNT --interval 10
	a_marked double-tag "a voice tag inside a data tag" phone
}

attack_http() {
	a_send phone1 eth0 --dmac "$GW_MAC" --smac $PHONE_MAC --vlan 100 \
		--src $PHONE_IP --dst $PBX_IP --tcp --sport 40000 --dport 80 --count $COUNT --interval 10 \
		--text "GET / HTTP/1.1"$'\r\n'"Host: $PBX_IP"$'\r\n'"X-Id: $(a_marker)"$'\r\n\r\n'
	a_marked http-on-voice "HTTP from the authorised phone on the voice VLAN" bridge
}

attack_rogue_rtp() {
	a_send pc1 eth0 --dmac "$GW_MAC" --smac $PC_MAC --src $PC_IP --dst $HQ_IP \
		--sport 30000 --dport 30000 --rtp "$(a_ssrc)" --marker "$(a_hex "$(a_marker)")" \
		--size 172 --count $COUNT --interval 19
	a_marked rtp-on-data "RTP on the data VLAN" bridge
}

# ---- into the call ----

# Half on the voice VLAN as the phone itself, half over the data VLAN.
attack_inject_lan() {
	local options=(--dmac "$GW_MAC" --src $PHONE_IP --dst $VOICE_GW --sport "$PHONE_PORT"
		--dport "$VOICE_PORT" --rtp "$(a_ssrc)" --size 172 --count $((COUNT / 2)) --interval 19)

	a_send attacker eth0 --smac $ATTACKER_MAC --vlan 100 "${options[@]}"
	a_send attacker eth0 --smac $ATTACKER_MAC "${options[@]}" --seq 10
	a_run inject-lan "RTP into the call from the LAN" ssrc "$(a_ssrc)" bridge router-branch
}

# In the name of 2001, from its very port.
attack_inject_wan() {
	a_send inet wan --smac "$ROUTER_MAC" --dmac "$WAN_MAC" --src $HQ_IP --dst $WAN_IP \
		--sport "$HQ_PORT" --dport "$WAN_PORT" --rtp "$(a_ssrc)" --size 172 \
		--count $COUNT --interval 19
	a_run inject-wan "RTP into the call from the WAN" ssrc "$(a_ssrc)" phone
}

# What the router has passed on to the branch in this call.
a_captured() { echo "src host $HQ_IP and udp dst port $WAN_PORT and udp[8] = 0x80 and udp[9] = 8"; }

a_captured_count() {
	"$PKTCOUNT" --pcap "$raw/router-out.pcap" --filter "$(a_captured)" |
		sed -n 's/.*"matched": \([0-9]*\).*/\1/p'
}

# a_again SKIP OPTION...
a_again() {
	a_send inet wan --pcap "$raw/router-out.pcap" --filter "$(a_captured)" --skip "$@" --interval 10
}

# Packets that lie behind the replay window, and such that lie in it.
attack_replay() {
	a_again 0 --count $((COUNT / 2))
	a_again $(($(a_captured_count) - COUNT)) --count $((COUNT / 2))
	a_run srtp-replayed "captured SRTP, sent again" extra - phone
}

# The line to the gateway is cut for a moment, so that nothing but the flipped bit
# is wrong with what comes then: the gateway has never seen these packets.
attack_flipped() {
	ip netns exec gw tc qdisc add dev wan0 clsact
	ip netns exec gw tc filter add dev wan0 ingress matchall action drop
	capture held inet wan -Q out -c $COUNT "$(a_captured)"
	poll 10 t_gone "${T_PID_OF[tcpdump-held]}" || :
	ip netns exec gw tc qdisc del dev wan0 clsact
	a_send inet wan --pcap "$raw/held.pcap" --count $COUNT --flip-tag
	a_run srtp-flipped-tag "SRTP with a flipped bit in its tag" held - phone
}

attack_far_ahead() {
	a_again $(($(a_captured_count) - COUNT)) --count $COUNT --seq-add 20000
	a_run srtp-far-ahead "SRTP with a sequence number far ahead" extra - phone
}

# ---- out in clear ----

# By the host's own socket, for a raw frame would go past the guard, and to a port
# where somebody listens, for an error that comes back would swallow the next one.
attack_leak_host() {
	A_SEND+=("a_leak_host")
	a_marked leak-gateway "clear RTP from the gateway itself to the WAN" router-branch
}

a_leak_host() { ip netns exec gw bash -c "$(declare -f a_datagrams); a_datagrams $HQ_IP $HQ_PORT $COUNT $(a_marker)"; }

# a_datagrams ADDRESS PORT COUNT MARKER: RTP whose timestamps keep pace with the clock.
# Each printf is one datagram, as long as it holds no line feed, and a process of
# its own, for the guard's refusal is a write error.
a_datagrams() {
	local i pad start ticks

	pad=$(printf '%0144d' 0)
	start=${EPOCHREALTIME/[.,]/}
	exec 3<>"/dev/udp/$1/$2" 4<> <(:)
	for ((i = 0; i < $3; i++)); do
		ticks=$((0x1000 + (${EPOCHREALTIME/[.,]/} - start) / 125))
		[ $((ticks & 255)) != 10 ] || ticks=$((ticks + 1))
		ticks=$(printf '\\x%02x\\x%02x' $((ticks >> 8 & 255)) $((ticks & 255)))
		(printf "\\x80\\x08\\x01\\x$((20 + i))\\x00\\x00${ticks}vw00%s%s" "$4" "$pad" >&3)
		read -r -t 0.01 -u 4
	done 2>/dev/null
	echo "{\"sent\": $i}"
}

attack_leak_phone() {
	a_send phone1 eth0 --dmac "$GW_MAC" --smac $PHONE_MAC --vlan 100 --src $PHONE_IP --dst $HQ_IP \
		--sport 31002 --dport 31002 --rtp "$(a_ssrc)" --marker "$(a_hex "$(a_marker)")" \
		--size 172 --count $COUNT --interval 19
	a_marked leak-phone "clear RTP from the phone past the gateway" router-branch
}

# ---- all of them ----

a_mac() { ip -n "$1" -o link show dev "$2" | sed 's/.*link\/ether \([0-9a-f:]*\).*/\1/'; }
a_stream() { jq -r ".[] | select(.zone == \"$1\") | $2" "$raw/streams.json"; }

# The attackers have looked: they know every port and address of the call.
a_learn() {
	GW_MAC=$(a_mac gw br0.100)
	WAN_MAC=$(a_mac gw wan0)
	ROUTER_MAC=$(a_mac inet wan)
	gw stream list --json >"$raw/streams.json"
	VOICE_PORT=$(a_stream voice .local.rtp)
	PHONE_PORT=$(a_stream voice .remote.rtp)
	WAN_PORT=$(a_stream wan .local.rtp)
	HQ_PORT=$(a_stream voice .destination.rtp)
	[ "$VOICE_PORT" -gt 0 ] && [ "$PHONE_PORT" -gt 0 ] && [ "$WAN_PORT" -gt 0 ] && [ "$HQ_PORT" -gt 0 ]
}

attacks() {
	must "the attackers know the call's ports" a_learn
	attack_unknown_mac
	attack_spoofed_mac
	attack_double_tag
	attack_http
	attack_rogue_rtp
	attack_inject_lan
	attack_inject_wan
	attack_replay
	attack_far_ahead
	attack_leak_host
	attack_leak_phone
}
