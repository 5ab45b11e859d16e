# SPDX-License-Identifier: GPL-2.0-or-later
#
# The namespaces of tests/tools/srtprig.h:
#
#   phone           gw                             hq
#   eth0 ---------- lan0   wan0 ------------------ eth0
#   eth0.100        lan0.100
#   10.1.100.11     10.1.100.1    192.0.2.2        192.0.2.10
#   fd00:100::11    fd00:100::1   2001:db8::2      2001:db8::10
#
# and 10.1.100.12, fd00:100::12, 192.0.2.11, 2001:db8::11 for those who come from elsewhere.
# Sourced after lib/tap.sh. $tools is where the tools are; gw runs a command on the gateway.

. "$T_TOP/tests/net/lib/module.sh"

tools=$T_TOP/build/tools

gw() { ip netns exec gw "$@"; }

srtp_link() { # NETNS DEVICE NETNS DEVICE
	ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

srtp_vlan() { # NETNS DEVICE ADDRESS...
	local netns=$1 device=$2

	shift 2
	ip -n "$netns" link add link "$device" name "$device.100" type vlan id 100
	ip -n "$netns" link set "$device.100" up
	srtp_address "$netns" "$device.100" "$@"
}

srtp_address() { # NETNS DEVICE ADDRESS...
	local netns=$1 device=$2 address

	shift 2
	for address; do
		case $address in
		*:*) ip -n "$netns" addr add "$address" dev "$device" nodad ;;
		*) ip -n "$netns" addr add "$address" dev "$device" ;;
		esac
	done
}

srtp_up() {
	local netns

	for netns in phone gw hq; do
		ip netns add "$netns"
		at_exit ip netns del "$netns"
		ip -n "$netns" link set lo up
	done
	ip netns exec gw sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	srtp_link gw lan0 phone eth0
	srtp_link gw wan0 hq eth0
	srtp_vlan phone eth0 10.1.100.11/24 fd00:100::11/64 10.1.100.12/24 fd00:100::12/64
	srtp_vlan gw lan0 10.1.100.1/24 fd00:100::1/64
	srtp_address gw wan0 192.0.2.2/24 2001:db8::2/64
	srtp_address hq eth0 192.0.2.10/24 2001:db8::10/64 192.0.2.11/24 2001:db8::11/64
	ip -n phone route add default via 10.1.100.1
	ip -n phone -6 route add default via fd00:100::1
}

# A case over IPv4, and over IPv6 and rtcp-mux. The debug kernel takes its time, and what
# it looks for is the same in both: there they take turns.
SRTP_WAYS=0
srtp_ways() { # DESC TOOL CASE ARGUMENT...
	local desc=$1 turn=-1

	shift
	[ $T_SLOW = 1 ] || turn=$((SRTP_WAYS++ % 2))
	[ $turn = 1 ] || ok "$desc" "$@"
	[ $turn = 0 ] || ok "$desc, over IPv6 and rtcp-mux" "$@" --lan 6 --wan 6 --mux
}

# Load the module again after the drivers that modprobe would have loaded first.
srtp_fast() {
	rmmod voxwall
	modprobe -a aesni_intel ghash_clmulni_intel sha1_ssse3 || return 1
	module_up
}

# The drivers that a sealing stream has got, "driver=CIPHER, HASH".
srtp_driver() {
	"$T_TOP/build/tools/vwnl" gw stream-get --dump | grep -oE 'driver=[^ },]*(, [^ }]*)?' | head -n 1
}
