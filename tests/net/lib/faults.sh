# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh, on the debug kernel: allocations that fail.
#
#   faults_ready             those that a process asks for by /proc/PID/fail-nth may
#   faults_marked            all of those by a process that has marked itself
#   faults_workers PERCENT   of what the kernel's workers allocate from now on
#   faults_packets PERCENT   of what can't wait, as nothing can that a packet needs
#   faults_end               nothing fails any more; says how much did

FAULT_KNOBS=/sys/kernel/debug
FAULT_TIMES=1000000

# The kernel's own notes of each failure would drown what the log is searched for.
faults_ready() {
	echo N >$FAULT_KNOBS/failslab/ignore-gfp-wait &&
		echo N >$FAULT_KNOBS/fail_page_alloc/ignore-gfp-wait &&
		echo N >$FAULT_KNOBS/fail_page_alloc/ignore-gfp-highmem &&
		echo 0 >$FAULT_KNOBS/fail_page_alloc/min-order &&
		echo 0 >$FAULT_KNOBS/failslab/verbose &&
		echo 0 >$FAULT_KNOBS/fail_page_alloc/verbose &&
		echo "voxwall test: allocations fail" >/dev/kmsg
}

faults_begin() { # ONLY-WHERE-ASKED ONLY-WHAT-CAN'T-WAIT PERCENT
	echo "$1" >$FAULT_KNOBS/failslab/task-filter &&
		echo "$2" >$FAULT_KNOBS/failslab/ignore-gfp-wait &&
		echo $FAULT_TIMES >$FAULT_KNOBS/failslab/times &&
		echo "$3" >$FAULT_KNOBS/failslab/probability
}

faults_marked() { faults_begin Y N 100; }

faults_workers() {
	local entry name

	for entry in /proc/[0-9]*; do
		read -r name <"$entry/comm" || continue
		[[ $name != kworker/u* ]] || echo 1 >"$entry/make-it-fail"
	done 2>/dev/null
	faults_begin Y N "$1"
}

faults_packets() { faults_begin N Y "$1"; }

faults_end() {
	echo 0 >$FAULT_KNOBS/failslab/probability
	echo Y >$FAULT_KNOBS/failslab/task-filter
	echo N >$FAULT_KNOBS/failslab/ignore-gfp-wait
	echo $((FAULT_TIMES - $(cat $FAULT_KNOBS/failslab/times)))
}
