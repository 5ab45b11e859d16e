#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: debug
#
# No memory: each allocation of each netlink request, of the command line's, of loading
# and unloading the module and of a namespace's beginning fails once, in turn. What
# failed says so and has changed nothing; the next try succeeds. What leaks is found
# when the machine ends. Packets have failpath.sh.
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/module.sh"
. "$(dirname "$0")/lib/faults.sh"

FAILNTH=$T_TOP/build/tools/failnth
NLFAIL=$T_TOP/build/tools/nlfail
VOXWALL=$T_TOP/build/voxwall
MAC=02:00:00:00:00:01
KEY=000102030405060708090a0b0c0d0e0f
SALT=101112131415161718191a1b1c1d
GCM=7	# AEAD_AES_128_GCM
KO=$(module_file) || bail "no module for $(uname -r) in build/kmod"

if [ ! -e /proc/self/fail-nth ]; then
	skip "allocations that fail" "this kernel has no fault injection"
	exit 0
fi

said() { # DESC COMMAND...: its last line becomes part of the description
	local desc=$1 verdict=ok
	shift

	"$@" >"$T_DIR/.said" 2>&1 || verdict="not ok"
	t_result "$verdict" "$desc: $(tail -n 1 "$T_DIR/.said")"
	[ "$verdict" = ok ] || diag "$(cat "$T_DIR/.said")"
}

# ---- requests (tests/tools/nlfail.c) ----

POLICY='policy-set policy{ voice-vlan=100 }'
PORT='port-set port{ ifname=p0 mode=0 data-vlan=10 }'
PORT_DEL='port-del port{ ifname=p0 }'
STATION_DEL="station-del station{ mac=$MAC }"
STREAM="stream-new stream{ id=1 zone=0 local-addr=7f000001 local-port=20000 local-rtcp=20001"
STREAM+=" remote-addr=0a000001 src-addr=7f000001 src-port=20100 src-rtcp=20101"
STREAM+=" dst-addr=c0000202 dst-port=5000 dst-rtcp=5001"
STREAM+=" seal{ suite=1 key=$KEY salt=$SALT } open{ suite=1 key=${SALT}0405 salt=$SALT } }"
STREAM_GCM=${STREAM//suite=1/suite=$GCM}
STREAM_GCM=${STREAM_GCM//salt=$SALT/salt=${SALT:0:24}}
STREAM_GCM=${STREAM_GCM/id=1/id=2}
STREAM_GCM=${STREAM_GCM//port=20/port=21}
STREAM_GCM=${STREAM_GCM//rtcp=20/rtcp=21}
STREAM_GCM_DEL='stream-del stream{ id=2 }'
STREAM_DEL='stream-del stream{ id=1 }'
STREAM_SET="stream-set stream{ id=1 dst-port=5002 seal{ suite=1 slot=1 key=${SALT}0607 salt=$SALT } }"

ground() {
	ip netns add a && ip -n a link set lo up && ip -n a link add p0 up type dummy
	P0=$(ifindex a p0)
	STATION="station-set station{ mac=$MAC ifindex=$P0 allow=1 }"
}
set_up() { # REQUEST...
	local request

	for request; do
		# shellcheck disable=SC2086
		vw a $request || return 1
	done
}
walk() { said "$1" timeout 1200 "$NLFAIL" a "${@:2}"; }

requests() {
	walk "the first policy" "$POLICY" fresh
	ok "a policy" set_up "$POLICY"
	walk "the policy shown" policy-get
	walk "another policy" 'policy-set policy{ voice-vlan=101 provisioning{ addr=0a000001 } }' "$POLICY"
	walk "a port" "$PORT" "$PORT_DEL"
	ok "a port" set_up "$PORT"
	walk "a changed port" 'port-set port{ ifname=p0 mode=0 data-vlan=11 }' "$PORT"
	walk "one port shown" 'port-get port{ ifname=p0 }'
	walk "a port that goes" "$PORT_DEL" "$PORT"
	walk "a station" "$STATION" "$STATION_DEL"
	ok "a station" set_up "$STATION"
	walk "a changed station" "${STATION/allow=1/allow=3}" "$STATION"
	walk "a station that goes" "$STATION_DEL" "$STATION"
	walk "one station shown" "station-get station{ mac=$MAC }"
	walk "stations listed" 'station-get --dump'
	walk "a stream" "$STREAM" "$STREAM_DEL"
	ok "a stream" set_up "$STREAM"
	walk "a stream with GCM" "$STREAM_GCM" "$STREAM_GCM_DEL"
	walk "its next key" "$STREAM_SET" "$STREAM_DEL" "$STREAM"
	walk "a stream that goes" "$STREAM_DEL" "$STREAM"
	walk "one stream shown" 'stream-get stream{ id=1 }'
	walk "streams listed" 'stream-get --dump'
	walk "ports listed" 'port-get --dump'
	walk "drops listed" 'drops-get --dump'
}

# ---- commands (tests/tools/failnth.c) ----

# each CALLS FROM STEP UNDO COMMAND...: every STEPth allocation from FROM on. The
# status must tell a failure that was fatal; UNDO follows every success.
each() {
	local calls=$1 n=$2 step=$3 undo=$4 struck=0 fatal=0 verdict
	shift 4

	for (( ; n < 20000; n += step)); do
		verdict=$(timeout 300 "$FAILNTH" "$calls" $n "$@" 2>&1 | tail -n 1)
		case $verdict in
		"failed 0" | "spared 0") $undo || { echo "allocation $n: it can't be undone"; return 1; } ;;
		"failed 1") fatal=$((fatal + 1)) ;;
		*) echo "allocation $n: it ended with $verdict"; return 1 ;;
		esac
		[ "${verdict% *}" = failed ] || break
		struck=$((struck + 1))
		LAST=$n
	done
	echo "$struck failures, $fatal of them fatal"
	[ "${verdict% *}" = spared ] && [ "$fatal" -gt 0 ]
}

# Most allocations are the kernel's own and come first: every STEPth of these, and
# each of the last TAIL, among which are the module's.
tailed() { # DESC CALL STEP TAIL UNDO COMMAND...
	local desc=$1 call=$2 step=$3 tail=$4

	LAST=0
	said "$desc, along the way" each "$call" 1 "$step" "${@:5}"
	said "$desc, to its end" each "$call" $((LAST > tail ? LAST - tail : 1)) 1 "${@:5}"
}
nothing() { :; }
forget() { set_up 'station-del station{ mac=02:00:00:00:00:02 }'; }
cli() {
	said "the command line: a station" each sendmsg,recvmsg 1 1 forget \
		ip netns exec a "$VOXWALL" station add 02:00:00:00:00:02 port p0
	said "the command line: streams listed" each sendmsg,recvmsg 1 1 nothing \
		ip netns exec a "$VOXWALL" stream list --json
}

# ---- a namespace ends in a kernel worker: there, half of the allocations fail ----

ends() {
	local i failed=0

	for ((i = 0; i < 8; i++)); do
		set_up "$POLICY" "$PORT" "$STATION" "$STREAM" && faults_workers 50 || return 1
		ip netns del a
		sleep 0.5
		failed=$((failed + $(faults_end)))
		ground || return 1
	done
	echo "$failed allocations of workers failed"
	[ "$failed" -gt 0 ]
}

# Whoever unloads can't be refused: what is in use goes all the same.
unloads() {
	local n verdict

	for ((n = 1; n < 2000; n++)); do
		module_loaded || insmod "$T_DIR/voxwall.ko" || return 1
		set_up "$POLICY" "$PORT" "$STATION" "$STREAM" || return 1
		verdict=$(timeout 300 "$FAILNTH" delete_module $n rmmod voxwall 2>&1 | tail -n 1)
		[ "${verdict#* }" = 0 ] || { echo "allocation $n: it ended with $verdict"; return 1; }
		[ "${verdict% *}" = failed ] || break
	done
	echo "$((n - 1)) failures"
}

ok "every allocation may fail" faults_ready
module_loaded || module_up
ok "a namespace" ground
requests
cli
ok "the namespace ends" ip netns del a
ok "another" ground
said "namespaces end while allocations fail" ends
ok "the last one ends" ip netns del a
tailed "a namespace's beginning" unshare 61 40 nothing unshare -n true
ok "it unloads" poll 20 rmmod voxwall
# Reading the file from the host would be most of it.
cp "$KO" "$T_DIR/voxwall.ko"
ok "a namespace to unload under" ground
said "unloading while it is used" unloads
ok "that namespace ends" ip netns del a
tailed "loading" finit_module 61 60 "rmmod voxwall" insmod "$T_DIR/voxwall.ko"
