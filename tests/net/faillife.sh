#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: debug
#
# No memory: each allocation of the command line's requests, of loading and unloading
# the module and of a namespace's beginning fails once, in turn, and half of those that
# a namespace's end needs. Requests in themselves have failslab.sh.
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/module.sh"
. "$(dirname "$0")/lib/faults.sh"
. "$(dirname "$0")/topo/fail.sh"

FAILNTH=$T_TOP/build/tools/failnth
VOXWALL=$T_TOP/build/voxwall
KO=$(module_file) || bail "no module for $(uname -r) in build/kmod"

if [ ! -e /proc/self/fail-nth ]; then
	skip "allocations that fail" "this kernel has no fault injection"
	exit 0
fi

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
ok "with a port and a stream" set_up "$POLICY" "$PORT" "$STATION" "$STREAM"
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
