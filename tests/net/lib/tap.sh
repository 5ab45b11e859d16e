# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by the network tests: TAP output, polling, processes, one clean-up.
#
#   . "$(dirname "$0")/lib/tap.sh"
#   at_exit COMMAND...             run at the end, last one first, whatever happens
#   spawn NAME NETNS COMMAND...    a process of the test; its log is $T_DIR/NAME.log
#   poll SECONDS COMMAND...        until it succeeds; fails when the time is up
#   ok DESC COMMAND...             the command must succeed
#   nok DESC COMMAND...            the command must fail
#   is DESC GOT WANTED             two strings must be equal
#   skip DESC REASON
#
# The plan comes last, after the kernel log has been searched for complaints.
# A script that stops anywhere else has failed.

set -euo pipefail

T_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
T_DIR=$(mktemp -d /tmp/voxwall-test.XXXXXX)
T_COUNT=0
T_FAILED=0
# The debug kernel takes its time.
T_SLOW=1
[[ $(uname -r) != *-voxwall-debug-* ]] || T_SLOW=6
T_EXIT=()
T_PIDS=()
declare -A T_PID_OF=()

diag() { sed 's/^/# /' <<<"$*"; }

t_result() {
	local word=$1

	T_COUNT=$((T_COUNT + 1))
	[ "$word" = ok ] || T_FAILED=$((T_FAILED + 1))
	echo "$word $T_COUNT - $2"
}

ok() {
	local desc=$1

	shift
	if "$@" >"$T_DIR/.said" 2>&1; then
		t_result ok "$desc"
	else
		t_result "not ok" "$desc"
		diag "failed: $*"
		sed 's/^/#   /' "$T_DIR/.said"
	fi
}

nok() {
	local desc=$1

	shift
	if "$@" >"$T_DIR/.said" 2>&1; then
		t_result "not ok" "$desc"
		diag "succeeded, and must not: $*"
		sed 's/^/#   /' "$T_DIR/.said"
	else
		t_result ok "$desc"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		t_result ok "$1"
	else
		t_result "not ok" "$1"
		diag "got:    $2"
		diag "wanted: $3"
	fi
}

skip() { t_result ok "$1 # SKIP $2"; }

bail() {
	echo "Bail out! $*"
	exit 1
}

# Uptime in centiseconds: a deadline must not move with the wall clock.
t_now() {
	local up rest

	read -r up rest </proc/uptime
	echo "${up/./}"
}

poll() {
	local deadline

	deadline=$(($(t_now) + $1 * T_SLOW * 100))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(t_now)" -lt "$deadline" ] || return 1
		sleep 0.1
	done
}

at_exit() { T_EXIT+=("$(printf '%q ' "$@")"); }

# spawn NAME NETNS COMMAND...; NETNS "-" is the present one.
spawn() {
	local name=$1 netns=$2

	shift 2
	if [ "$netns" = - ]; then
		"$@" </dev/null >"$T_DIR/$name.log" 2>&1 &
	else
		ip netns exec "$netns" "$@" </dev/null >"$T_DIR/$name.log" 2>&1 &
	fi
	T_PID_OF[$name]=$!
	T_PIDS+=($!)
}

alive() { kill -0 "${T_PID_OF[$1]}" 2>/dev/null; }

# Gentle first, so that captures and recordings are written out.
stop() {
	local pid=${T_PID_OF[$1]:-}

	[ -n "$pid" ] || return 0
	unset "T_PID_OF[$1]"
	kill "$pid" 2>/dev/null || return 0
	poll 5 t_gone "$pid" || kill -9 "$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
}

t_gone() { ! kill -0 "$1" 2>/dev/null; }

# needs DESC PROGRAM...: skip the rest of the test when one isn't installed.
needs() {
	local desc=$1 program

	shift
	for program; do
		if ! command -v "$program" >/dev/null; then
			skip "$desc" "$program is not installed"
			exit 0
		fi
	done
}

# What a failed test's processes said outlives it.
t_keep() {
	local kept

	kept=$T_TOP/build/test/$(basename "$0" .sh).failed
	rm -rf "$kept"
	mkdir -p "$kept"
	find "$T_DIR" -type p -delete
	cp -r "$T_DIR/." "$kept/"
	diag "logs are in ${kept#"$T_TOP/"}"
}

kernel_log_check() { dmesg | "$T_TOP/scripts/vm.d/scan-log"; }

t_finish() {
	local status=$? entry name

	trap - EXIT
	set +e
	for name in "${!T_PID_OF[@]}"; do
		stop "$name"
	done
	for ((entry = ${#T_EXIT[@]} - 1; entry >= 0; entry--)); do
		eval "${T_EXIT[entry]}"
	done
	if [ "$status" != 0 ]; then
		t_result "not ok" "the script runs to its end"
		diag "it stopped with status $status"
	fi
	ok "the kernel log is clean" kernel_log_check
	echo "1..$T_COUNT"
	[ "$T_FAILED" = 0 ] || t_keep
	rm -rf "$T_DIR"
	[ "$T_FAILED" = 0 ] || exit 1
	exit 0
}
trap t_finish EXIT
trap 'exit 130' INT TERM
