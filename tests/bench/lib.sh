# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by tests/bench/guest.
#
#   gateway NETNS               a namespace with the devices of bench.h
#   bench NETNS WORD...         the bench's program in it
#   row NETNS NAME PEER SUITE OPTION...   measure, and keep the figure
#   keep NAME PEER SUITE PAYLOAD STREAMS FAMILY FIGURES
#   poll SECONDS COMMAND...     until it succeeds; here, seconds fly while nothing runs
#   fail SENTENCE

fail() {
	echo "bench: $*" >&2
	exit 1
}

poll() {
	local deadline=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.2
	done
}

bench() {
	local netns=$1

	shift
	ip netns exec "$netns" "$build/vwbench" "$@"
}

gateway_device() { # NETNS DEVICE [IPV4 IPV6 NEIGHBOUR4 NEIGHBOUR6 MAC]
	ip -n "$1" link add "$2" type vwbench
	ip -n "$1" link set "$2" up
	[ $# -gt 2 ] || return 0
	ip -n "$1" addr add "$3" dev "$2"
	ip -n "$1" addr add "$4" dev "$2" nodad
	ip -n "$1" neigh add "$5" lladdr "$7" dev "$2" nud permanent
	ip -n "$1" neigh add "$6" lladdr "$7" dev "$2" nud permanent
}

gateway() {
	ip netns add "$1"
	ip -n "$1" link set lo up
	ip netns exec "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	gateway_device "$1" lan0
	gateway_device "$1" lan1 10.1.100.1/24 fd00:100::1/64 10.1.100.11 fd00:100::11 \
		02:00:00:00:01:01
	gateway_device "$1" wan0 192.0.2.2/24 2001:db8::2/64 192.0.2.10 2001:db8::10 \
		02:00:00:00:02:01
}

keep() {
	printf '{"name": "%s", "peer": "%s", "suite": "%s", "payload": %d, "streams": %d, "family": %d, %s\n' \
		"$1" "$2" "$3" "$4" "$5" "$6" "${7#\{}" >>"$rows"
}

# RTP clock rates in Hz: voice in short packets, pictures in long ones.
VOICE=8000 VIDEO=90000
rate_of() { # PAYLOAD
	if [ "$1" -gt 1000 ]; then echo $VIDEO; else echo $VOICE; fi
}

# What the options say about the frames is said in the row, too.
row() {
	local netns=$1 name=$2 peer=$3 suite=$4 payload=160 streams=1 family=4 figures word before=

	shift 4
	for word; do
		case $before in
		--payload) payload=$word ;;
		--streams) streams=$word ;;
		--family) family=$word ;;
		esac
		before=$word
	done
	figures=$(bench "$netns" feed "$@") || fail "$peer: $name $suite ($*) was not measured"
	keep "$name" "$peer" "$suite" "$payload" "$streams" "$family" "$figures"
}
