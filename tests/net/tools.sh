#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: 6.1 6.12
#
# The tools that judge voxwall, judged: do they send what they say and count what came?
#
#   tx veth0 ------- veth0 rx

here=$(dirname "$0")
. "$here/lib/tap.sh"

tools=$T_TOP/build/tools
marker=766f7877616c6c2d6d61726b65722d31
tx_mac=02:00:00:00:00:0a
rx_mac=02:00:00:00:00:0b

for netns in tx rx; do
	ip netns add $netns
	at_exit ip netns del $netns
done
ip link add veth0 netns tx address $tx_mac type veth peer name veth0 netns rx address $rx_mac
ip -n tx link set veth0 up
ip -n rx link set veth0 up
ip -n rx addr add 192.0.2.2/24 dev veth0
ip -n rx addr add 2001:db8::2/64 dev veth0 nodad

send() {
	ip netns exec tx "$tools/pktsend" -i veth0 --smac $tx_mac --dmac $rx_mac "$@"
}
udp4="--src 192.0.2.1 --dst 192.0.2.2 --sport 4000 --dport 5000"
udp6="--src 2001:db8::1 --dst 2001:db8::2 --sport 4000 --dport 5000"

count() { "$tools/pktcount" "$@" | jq .matched; }
fields() { tshark -r "$T_DIR/rx.pcap" -o udp.check_checksum:TRUE -o ip.check_checksum:TRUE "$@" 2>/dev/null; }

listen() {
	spawn live rx "$tools/pktcount" -i veth0 --marker $marker --seconds 60
	spawn tcpdump rx tcpdump -U -Q in -i veth0 -w "$T_DIR/rx.pcap"
	poll 10 grep -q ready "$T_DIR/live.log" && poll 10 grep -q 'listening on' "$T_DIR/tcpdump.log"
}

needs "the tools" jq tcpdump tshark
listen
is "it says what it sent" "$(send $udp4 --marker $marker --count 7)" '{"sent": 7}'
send $udp6 --marker $marker --count 3 >"$T_DIR/out"
send $udp4 --vlan 100 --marker $marker --size 172 --count 2 >"$T_DIR/out"
send $udp4 --vlan 10 --vlan 100 --marker $marker --count 4 >"$T_DIR/out"
send $udp4 --rtp 0x11223344 --seq 65534 --ts 1000 --size 172 --count 5 >"$T_DIR/out"
send $udp4 --tcp --dport 80 --text 'GET / HTTP/1.0' --count 2 >"$T_DIR/out"
poll 10 eval '[ "$(count --pcap "$T_DIR/rx.pcap" --filter tcp)" = 2 ]' || :
stop live
is "the live counter counts the marker" "$(jq -c .matched <(grep matched "$T_DIR/live.log"))" 16
is "the offline counter agrees" "$(count --pcap "$T_DIR/rx.pcap" --marker $marker)" 16
is "and counts nothing for another marker" "$(count --pcap "$T_DIR/rx.pcap" --marker 00112233445566)" 0
is "one VLAN tag" "$(fields -Y 'vlan.id == 100 && udp.length == 180' | wc -l)" 2
is "two VLAN tags, outer first" "$(fields -Y 'vlan' -T fields -e vlan.id | grep -c '^10,100$')" 4
is "an RTP stream, over the wrap" \
	"$(fields -d udp.port==5000,rtp -Y 'rtp.ssrc == 0x11223344' -T fields -e rtp.seq | tr '\n' ' ')" \
	"65534 65535 0 1 2 "
is "RTP is counted by SSRC" "$(count --pcap "$T_DIR/rx.pcap" --ssrc 0x11223344)" 5
is "HTTP over TCP" "$(fields -Y 'tcp.dstport == 80 && tcp.len == 14' | wc -l)" 2
is "every checksum is right" \
	"$(fields -Y 'ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0' | wc -l)" 0

cp "$T_DIR/rx.pcap" "$T_DIR/first.pcap"
cut="--filter udp[8]==0x80 --count 2 --skip 1"
replay() { ip netns exec tx "$tools/pktsend" -i veth0 --pcap "$T_DIR/first.pcap" "$@"; }
replay $cut >"$T_DIR/out"
replay $cut --flip-tag >"$T_DIR/out"
replay $cut --seq-add 1000 >"$T_DIR/out"
poll 10 eval '[ "$(count --pcap "$T_DIR/rx.pcap" --ssrc 0x11223344)" = 11 ]' || :
stop tcpdump
is "replayed: the same frames, then with another last byte, then with another number" \
	"$(fields -d udp.port==5000,rtp -Y 'rtp.ssrc == 0x11223344' -T fields -e rtp.seq -e rtp.payload |
		sed 's/\t.*\(..\)$/ \1/' | tail -n 6 | tr '\n' ',')" \
	"65535 00,0 00,65535 01,0 01,999 00,1000 00,"
is "replayed frames have right checksums" "$(fields -Y 'udp.checksum.status == 0' | wc -l)" 0
is "what goes beyond the first capture" \
	"$(count --pcap "$T_DIR/rx.pcap" --beyond "$T_DIR/first.pcap")" 6
is "nothing goes beyond itself" "$(count --pcap "$T_DIR/rx.pcap" --beyond "$T_DIR/rx.pcap")" 0
nok "a wrong filter is refused" replay --filter nonsense --count 1
nok "a missing interface is refused" "$tools/pktsend" -i none0 $udp4
