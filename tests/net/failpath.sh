#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: debug
#
# No memory for packets (topo/srtp.sh): a call's media, a stranger's and forged ones go
# past packet taps, on routes that keep changing, while a third of what can't wait for
# memory gets none. Packets may be lost; the call is whole afterwards, and new ones
# begin. What leaks is found when the machine ends. Requests have failslab.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"
. "$here/lib/faults.sh"
ROUNDS=6

no_memory() { vw gw drops-get --dump | grep -o 'no-memory=[0-9]*' | awk -F= '{ s += $2 } END { print s + 0 }'; }
ended() { [ "$(no_memory)" -gt 0 ]; }

# A clone of every packet is held elsewhere while the module has it.
tapped() {
	local device

	for device in lan0 wan0; do
		spawn tap-$device - "$tools/taphold" $device
		poll 20 grep -q ready "$T_DIR/tap-$device.log" || return 1
	done
}

send() { # NETNS WORD...: what no socket sends, so that nobody is told of a loss
	ip netns exec "$1" "$tools/pktsend" "${@:2}" --count 8 --interval 1 --size 160 >/dev/null
}

# round SEQ: media of the call's three sources and of a stranger; forged SRTP
round() {
	local ssrc

	ip -n gw route replace 203.0.113.$(($1 % 250)) dev wan0
	ip -n gw -6 route replace 2001:db8:1::$1 dev wan0
	for ssrc in 1111 2222 3333; do
		send phone -i eth0.100 --smac "$PHONE_MAC" --dmac "$LAN_MAC" --src 10.1.100.11 \
			--dst 10.1.100.1 --sport 4000 --dport 20000 --rtp $ssrc --seq "$1"
	done
	send phone -i eth0.100 --smac "$PHONE_MAC" --dmac "$LAN_MAC" --src 10.1.100.11 \
		--dst 10.1.100.1 --sport 4002 --dport 20000 --rtp 4444 --seq "$1"
	send hq -i eth0 --smac "$HQ_MAC" --dmac "$WAN_MAC" --src 192.0.2.10 --dst 192.0.2.2 \
		--sport 5000 --dport 20100 --rtp 5555 --seq "$1"
}

flood() {
	local i failed

	faults_packets 30 || return 1
	for ((i = 1; i <= ROUNDS; i++)); do
		round $((i * 8)) || :
	done
	failed=$(faults_end)
	echo "$failed allocations failed"
	[ "$failed" -gt 0 ]
}

if [ ! -e /proc/self/fail-nth ]; then
	skip "packets without memory" "this kernel has no fault injection"
	exit 0
fi
srtp_up
ok "the module loads again after the fast drivers" srtp_fast
ok "allocations may fail" faults_ready
PHONE_MAC=$(mac_of phone eth0)
LAN_MAC=$(mac_of gw lan0)
WAN_MAC=$(mac_of gw wan0)
HQ_MAC=$(mac_of hq eth0)
for suite in AES_CM_128_HMAC_SHA1_80 AEAD_AES_128_GCM; do
	ok "a call with $suite" "$tools/srtplife" leave --suite $suite
	ok "$suite: packet taps" tapped
	ok "$suite: packets are sent while allocations fail" flood
	diag "$(cat "$T_DIR/.said")"
	stop tap-lan0
	stop tap-wan0
	ok "$suite: the next call is whole" "$tools/srtplife" leave --suite $suite
done
ok "packets were refused for want of memory" ended
diag "$(vw gw drops-get --dump)"
