#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module's life and its netlink: loading and unloading with and without
# guarded ports, namespaces and devices that go, and requests that are wrong.
#
#   a:p0 ==== b:p0      a veth pair; p0 in a is guarded
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/module.sh"

MAC=02:00:00:00:00:01
KO=$(module_file) || bail "no module for $(uname -r) in build/kmod"

pair_up() { # pair_up A B
	ip netns add "$1"
	ip netns add "$2"
	ip link add p0 netns "$1" type veth peer name p0 netns "$2"
	ip -n "$1" link set p0 up
	ip -n "$2" link set p0 up
}
pair_down() {
	local netns

	for netns; do
		ip netns del "$netns" 2>/dev/null || :
	done
}
guard() { # guard NETNS: policy, port, station
	vw "$1" policy-set 'policy{' voice-vlan=100 '}' &&
		vw "$1" port-set 'port{' ifname=p0 mode=0 data-vlan=10 '}' &&
		vw "$1" station-set 'station{' mac=$MAC "ifindex=$(ifindex "$1" p0)" allow=1 '}'
}
ports() { vw "$1" port-get --dump | grep -c 'port{' || :; }
stations() { vw "$1" station-get --dump | grep -c 'station{' || :; }
arrives() { [ "$(shot b:p0 a:p0 --dst ff:ff:ff:ff:ff:ff --src $MAC --vlan 200 --ethertype 0806)" = 5 ]; }

# ---- loading ----

module_loaded || module_up
rounds() {
	local i

	for ((i = 0; i < 10; i++)); do
		rmmod voxwall && insmod "$KO" || return 1
	done
}
ok "it loads and unloads ten times" rounds
pair_up a b
at_exit pair_down a b
ok "a port is guarded" guard a
ok "it unloads with a guarded port" rmmod voxwall
ok "the device lives on without it" arrives
ok "it loads again" insmod "$KO"
is "and remembers nothing" "$(ports a)" 0
refused "so there is no policy" "no policy" a policy-get

guarded_rounds() {
	local i

	for ((i = 0; i < 5; i++)); do
		guard a && rmmod voxwall && insmod "$KO" || return 1
	done
}
ok "five rounds with a guarded port" guarded_rounds

# One process sets ports while another loads and unloads: whatever wins is whole.
pester() {
	while :; do
		vw a policy-set 'policy{' voice-vlan=100 '}'
		vw a port-set 'port{' ifname=p0 mode=0 data-vlan=10 '}'
		vw a port-get --dump
		shot b:p0 a:p0 --wait 1 --src $MAC --dst ff:ff:ff:ff:ff:ff --vlan 100 --ethertype 0806
		vw a port-del 'port{' ifname=p0 '}'
	done >/dev/null 2>&1
}
stubborn_rounds() {
	local i

	for ((i = 0; i < 15; i++)); do
		poll 5 rmmod voxwall && insmod "$KO" || return 1
		sleep 0.1
	done
}
pester &
pest=$!
ok "fifteen rounds while another process sets ports" stubborn_rounds
kill "$pest" 2>/dev/null || :
wait "$pest" 2>/dev/null || :
module_loaded || module_up

# ---- namespaces and devices that go ----

netns_rounds() {
	local i

	for ((i = 0; i < 15; i++)); do
		pair_up c d
		guard c >/dev/null || return 1
		ip netns del c
		ip netns del d
	done
	poll 10 no_netns
}
no_netns() { [ -z "$(ip netns list | grep -E '^[cd]\b')" ]; }
ok "fifteen namespaces end with guarded ports" netns_rounds

ok "a port is guarded" guard a
OLD=$(ifindex a p0)
spawn events - "$VWNL" a listen 3600
ok "events are listened to" poll 5 grep -q listening "$T_DIR/events.log"
ok "its device is renamed" ip -n a link set p0 down
ok "its device gets a new name" ip -n a link set p0 name q0
is "and the listing shows it" "$(vw a port-get --dump | grep -o 'ifname=[^ ]*')" "ifname=q0"
ok "its device moves to another namespace" ip -n a link set q0 netns b name q0
is "the port is gone" "$(ports a)" 0
is "and so is its station" "$(stations a)" 0
ok "the agent hears of it" poll 5 grep -q "type=6 ifindex=$OLD" "$T_DIR/events.log"
is "the other namespace knows no port" "$(ports b)" 0
ok "the device comes back" ip -n b link set q0 netns a name p0
ok "and up" ip -n a link set p0 up
ok "and is guarded again" guard a
ok "the device is deleted" ip -n a link del p0
is "the port is gone" "$(ports a)" 0
ip link add p0 netns a type veth peer name p0 netns b
ip -n a link set p0 up
ip -n b link set p0 up
P0=$(ifindex a p0)

# ---- what is refused, and why ----

refused "a policy without a voice VLAN" "voice VLAN" a policy-set 'policy{' dscp-rtp=1 '}'
refused "no policy at all" "policy is missing" a policy-set
refused "VLAN 0" "out of range" a policy-set 'policy{' voice-vlan=0 '}'
refused "VLAN 4095" "out of range" a policy-set 'policy{' voice-vlan=4095 '}'
refused "an unknown service" "" a policy-set 'policy{' voice-vlan=100 services=0x40 '}'
refused "a rogue policy past the end" "out of range" a policy-set 'policy{' voice-vlan=100 rogue=3 '}'
refused "DSCP 64" "out of range" a policy-set 'policy{' voice-vlan=100 dscp-rtp=64 '}'
refused "too many streams" "out of range" a policy-set 'policy{' voice-vlan=100 max-streams=65537 '}'
refused "too many stations" "out of range" a policy-set 'policy{' voice-vlan=100 max-stations=8193 '}'
refused "an address of five bytes" "4 or 16" a policy-set 'policy{' voice-vlan=100 'provisioning{' addr=0102030405 '}' '}'
refused "an address of three bytes" "" a policy-set 'policy{' voice-vlan=100 'provisioning{' addr=010203 '}' '}'
refused "an endpoint among addresses" "lists" a policy-set 'policy{' voice-vlan=100 'provisioning{' endpoint=0102030413c4 '}' '}'
refused "seventeen servers" "16 servers" a policy-set 'policy{' voice-vlan=100 'provisioning{' \
	$(printf 'addr=0a0000%02x ' {1..17}) '}' '}'
ok "sixteen servers" vw a policy-set 'policy{' voice-vlan=100 'provisioning{' $(printf 'addr=0a0000%02x ' {1..16}) '}' '}'
refused "an unknown attribute of a policy" "" a policy-set 'policy{' voice-vlan=100 '#99=00' '}'
refused "an unknown attribute at the top" "" a policy-set 'policy{' voice-vlan=100 '}' '#99=00'
refused "a port in a policy's place" "" a policy-set 'port{' ifname=p0 mode=0 '}'
refused "a short VLAN" "" a policy-set 'policy{' '#2=64' '}'
refused "a long VLAN" "" a policy-set 'policy{' '#2=64000000' '}'
refused "a nest that isn't marked as one" "" a policy-set '#1=00'
refused "a policy with bytes left over" "" a policy-set 'policy{' voice-vlan=100 '#2=' '}'
is "sixteen servers are what there is still" "$(vw a policy-get | grep -o 'addr=' | grep -c .)" 16
ok "a policy again" vw a policy-set 'policy{' voice-vlan=100 '}'

refused "a port without an interface" "needs an interface" a port-set 'port{' mode=0 '}'
refused "an interface that isn't there" "no such interface" a port-set 'port{' ifname=nope mode=0 '}'
refused "an interface of the other namespace" "no such interface" a port-set 'port{' ifindex=9999 mode=0 '}'
refused "an interface name that never ends" "" a port-set 'port{' '#3=61616161' mode=0 '}'
refused "a name past its length" "" a port-set 'port{' ifname=0123456789abcdef mode=0 '}'
refused "index and name that differ" "different interfaces" a port-set 'port{' "ifindex=$P0" ifname=lo mode=0 '}'
refused "a port without a mode" "needs a mode" a port-set 'port{' ifname=p0 '}'
refused "a mode past the end" "out of range" a port-set 'port{' ifname=p0 mode=3 '}'
refused "the loopback" "loopback" a port-set 'port{' ifname=lo mode=2 '}'
refused "the voice VLAN as data" "can't carry data" a port-set 'port{' ifname=p0 mode=0 data-vlan=100 '}'
refused "the voice VLAN among a trunk's" "can't carry data" a port-set 'port{' ifname=p0 mode=1 'vlans{' vlan=20 vlan=100 '}' '}'
refused "tagged VLANs of an access port" "access port" a port-set 'port{' ifname=p0 mode=0 'vlans{' vlan=20 '}' '}'
refused "33 VLANs" "32 data VLANs" a port-set 'port{' ifname=p0 mode=1 'vlans{' $(printf 'vlan=%d ' {1..33}) '}' '}'
refused "an uplink with VLANs" "no VLANs" a port-set 'port{' ifname=p0 mode=2 data-vlan=10 '}'
refused "a LAN port that allows clear voice" "only an uplink" a port-set 'port{' ifname=p0 mode=0 allow-clear '}'
refused "zones that can't be authorised" "" a port-set 'port{' ifname=p0 mode=0 authorise=4 '}'
refused "a counter that is read only" "" a port-set 'port{' ifname=p0 mode=0 rx=5 '}'
ip -n a link add br0 type bridge
refused "a bridge as a LAN port" "at its ports" a port-set 'port{' ifname=br0 mode=0 '}'
ip -n a link set p0 master br0
refused "a bridge port as an uplink" "name the bridge" a port-set 'port{' ifname=p0 mode=2 '}'
ip -n a link set p0 nomaster
refused "deleting what isn't guarded" "not guarded" a port-del 'port{' ifname=p0 '}'
refused "showing what isn't guarded" "not guarded" a port-get 'port{' ifname=p0 '}'
is "none of it guarded anything" "$(ports a)" 0

ok "a port" vw a port-set 'port{' ifname=p0 mode=0 data-vlan=10 '}'
refused "a voice VLAN that a port carries as data" "carries that VLAN" a policy-set 'policy{' voice-vlan=10 '}'
refused "a station without a MAC" "needs a MAC" a station-set 'station{' "ifindex=$P0" allow=1 '}'
refused "a station without a port" "needs a port" a station-set 'station{' mac=$MAC allow=1 '}'
refused "a station that may what?" "is allowed" a station-set 'station{' mac=$MAC "ifindex=$P0" '}'
refused "a multicast station" "unicast" a station-set 'station{' mac=01:00:5e:00:00:01 "ifindex=$P0" allow=1 '}'
refused "station zero" "unicast" a station-set 'station{' mac=00:00:00:00:00:00 "ifindex=$P0" allow=1 '}'
refused "a MAC of five bytes" "" a station-set 'station{' '#2=0200000000' "ifindex=$P0" allow=1 '}'
refused "a station that may everything" "" a station-set 'station{' mac=$MAC "ifindex=$P0" allow=7 '}'
refused "a method past the end" "out of range" a station-set 'station{' mac=$MAC "ifindex=$P0" allow=1 method=4 '}'
refused "a station where nothing is guarded" "not guarded" a station-set 'station{' mac=$MAC ifindex=9999 allow=1 '}'
refused "forgetting a stranger" "no such station" a station-del 'station{' mac=$MAC '}'
refused "showing a stranger" "no such station" a station-get 'station{' mac=$MAC '}'
is "none of it made a station" "$(stations a)" 0
refused "an unknown operation" "" a 77
refused "an event sent to the kernel" "" a 15
refused "an operation that only lists" "" a drops-get

unprivileged() { # DESC WANT WORD...
	local said

	said=$(ip netns exec a setpriv --reuid=65534 --regid=65534 --clear-groups "$VWNL" - "${@:3}" || :)
	case $said in
	"refused 1: "*"$2"*) t_result ok "$1 without privilege: refused" ;;
	*) t_result "not ok" "$1 without privilege: refused"; diag "got: $said" ;;
	esac
}
unprivileged "setting a policy" CAP_NET_ADMIN policy-set 'policy{' voice-vlan=100 '}'
unprivileged "showing a policy" CAP_NET_ADMIN policy-get
unprivileged "guarding a port" CAP_NET_ADMIN port-set 'port{' ifname=p0 mode=0 '}'
unprivileged "forgetting a station" CAP_NET_ADMIN station-del 'station{' mac=$MAC '}'
unprivileged "adding a stream" CAP_NET_ADMIN stream-new 'stream{' id=1 '}'
unprivileged "listing ports" "" port-get --dump
unprivileged "listing drops" "" drops-get --dump
nok "listening without privilege" ip netns exec a setpriv --reuid=65534 --regid=65534 --clear-groups "$VWNL" - listen 0
ok "the owner of a namespace needs no more" unshare -Urn "$VWNL" - policy-set 'policy{' voice-vlan=100 '}'

# ---- a request with keys comes back without them, whatever was wrong with it ----

KEY=$(printf '5a%.0s' {1..16})
SALT=$(printf '5a%.0s' {1..14})
SEAL=('seal{' suite=1 "key=$KEY" "salt=$SALT" '}')
wiped() { # DESC WORD...
	local said

	said=$("${@:2}" || :)
	case $said in
	"refused "*" with its key" | "") t_result "not ok" "$1: comes back without keys"; diag "got: $said" ;;
	"refused "*) t_result ok "$1: comes back without keys" ;;
	*) t_result "not ok" "$1: comes back without keys"; diag "got: $said" ;;
	esac
}
is "a key that comes back is seen" "$(vw a 77 'stream{' id=1 "${SEAL[@]}" '}' | grep -c 'with its key')" 1
for op in stream-new stream-set; do
	wiped "$op that lacks what it needs" vw a "$op" 'stream{' id=1 "${SEAL[@]}" '}'
	wiped "$op with an attribute that nobody knows" vw a "$op" 'stream{' id=1 "${SEAL[@]}" '#99=00' '}'
	wiped "$op with another noun" vw a "$op" '#99=00' 'stream{' id=1 "${SEAL[@]}" '}'
	wiped "$op that is no nest" vw a "$op" "#4=$KEY"
	wiped "$op in another nest" vw a "$op" 'port{' "#9=$KEY" '}'
	wiped "$op without privilege" ip netns exec a setpriv --reuid=65534 --regid=65534 \
		--clear-groups "$VWNL" - "$op" 'stream{' id=1 "${SEAL[@]}" '}'
done

# ---- a key that waits: the listing tells of the one in use ----

OTHER=("key=${KEY}" salt=5b5b5b5b5b5b5b5b5b5b5b5b)
seals_with() { # WORDS
	local all

	all=$(vw a stream-get 'stream{' id=1 '}' | grep -o 'seal{[^}]*')
	[[ $all = *" suite=$1 "* && $all = *" slot=$2 "* && $all = *" slots=$3"* &&
		$all =~ driver=[^}]*($4) ]] || { diag "$all"; return 1; }
}
ip -n a link set lo up
ok "a stream that seals with CM" vw a stream-new 'stream{' id=1 zone=0 local-addr=7f000001 \
	local-port=20000 remote-addr=0a000001 src-addr=7f000001 src-port=20100 \
	dst-addr=c0000202 dst-port=5000 "${SEAL[@]}" '}'
ok "is listed so" seals_with 1 0 1 sha1
ok "a key for GCM that waits" vw a stream-set 'stream{' id=1 'seal{' suite=7 slot=1 "${OTHER[@]}" '}' '}'
ok "the one in use is still CM's" seals_with 1 0 3 sha1
refused "nor is the other one CM's" "another suite needs another key" a stream-set \
	'stream{' id=1 'seal{' suite=1 slot=1 use=1 '}' '}'
ok "until it is used" vw a stream-set 'stream{' id=1 'seal{' suite=7 slot=1 use=1 '}' '}'
ok "now it is GCM's" seals_with 7 1 3 'gcm|ghash'
ok "the old one is taken up again" vw a stream-set 'stream{' id=1 'seal{' suite=1 slot=0 use=1 '}' '}'
ok "and is CM's" seals_with 1 0 3 sha1
ok "the stream goes" vw a stream-del 'stream{' id=1 '}'

# ---- full tables, long listings ----

many_stations() { # FROM TO
	local i

	for ((i = $1; i <= $2; i++)); do
		vw a station-set 'station{' "mac=$(printf '02:00:00:01:%02x:%02x' $((i / 256)) $((i % 256)))" \
			"ifindex=$P0" allow=1 || return 1
	done
}
ok "a policy for 150 stations" vw a policy-set 'policy{' voice-vlan=100 max-stations=150 '}'
ok "150 stations" many_stations 1 150
refused "one more" "full" a station-set 'station{' mac=$MAC "ifindex=$P0" allow=1 '}'
ok "one of them may change" vw a station-set 'station{' mac=02:00:00:01:00:01 "ifindex=$P0" allow=3 '}'
is "all are listed, once" "$(vw a station-get --dump | grep -o 'mac=[^ ]*' | sort -u | grep -c .)" 150
is "no listing was interrupted" "$(vw a station-get --dump | grep -c interrupted)" 0
many_ports() {
	local i

	modprobe dummy numdummies=0 || return 1
	for ((i = 0; i < 256; i++)); do
		echo "link add dm$i type dummy"
	done | ip -n a -batch - || return 1
	for ((i = 0; i < 255; i++)); do
		vw a port-set 'port{' ifname=dm$i mode=0 data-vlan=10 '}' || return 1
	done
}
ok "256 ports" many_ports
refused "one more" "256 ports" a port-set 'port{' ifname=dm255 mode=0 '}'
is "all are listed, once" "$(vw a port-get --dump | grep -o 'ifindex=[^ ]*' | sort -u | grep -c .)" 256
is "and their drops, with the line for none" "$(vw a drops-get --dump | grep -c 'drops{')" 257
ok "one goes" vw a port-del 'port{' ifname=dm7 '}'
ok "and makes room" vw a port-set 'port{' ifname=dm255 mode=0 '}'

# ---- a flood of events: few are sent, all are accounted for ----

flood() { shot b:p0 a:p0 --count 500 --wait 50 --src 02:00:00:00:99:99 --dst ff:ff:ff:ff:ff:ff --vlan 100 --ethertype 0806; }
before=$(grep -c 'type=0' "$T_DIR/events.log" || :)
flood >/dev/null
is "500 strangers' frames are counted" "$(drops a "$P0" station-unknown)" 500
sent=$(($(grep -c 'type=0' "$T_DIR/events.log" || :) - before))
# As many at once as the bucket holds, then one for each that drips into it meanwhile.
is "but few events are sent" "$((sent > 0 && sent < 60 * T_SLOW))" 1
# Every one is either sent or among those that a later one counts.
accounted() {
	[ "$(grep 'type=0' "$T_DIR/events.log" | tail -n +$((before + 1)) |
		sed 's/.*suppressed=\([0-9]*\).*/\1/; t; s/.*/0/' |
		awk '{ n += 1 + $1 } END { print n + 0 }')" = "$(drops a "$P0" station-unknown)" ]
}
sleep 1
shot b:p0 a:p0 --count 1 --wait 50 --src 02:00:00:00:99:99 --dst ff:ff:ff:ff:ff:ff --vlan 100 --ethertype 0806 >/dev/null
ok "and the next one says how many were not" poll 5 accounted

ok "it unloads with full tables" rmmod voxwall
