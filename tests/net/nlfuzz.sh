#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Thousands of random and bent netlink requests from fixed seeds. After each, what
# was refused has changed nothing, the listings are whole, the tables are within
# their bounds, and no answer holds a key (tests/tools/nlfuzz.c). Then three at once.
# CPUS: 2
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/module.sh"

NLFUZZ=$T_TOP/build/tools/nlfuzz
RUNS=${VOXWALL_NLFUZZ:-1500}

ground() {
	local i

	ip netns add f
	for i in 0 1 2 3; do
		ip -n f link add d$i up type dummy || return 1
	done
	ip -n f link add br0 type bridge &&
		ip -n f link set lo up &&
		ip -n f address add 192.0.2.1/24 dev d0 &&
		ip -n f address add fd00::1/64 dev d0 nodad
}
gone() { ip netns del f 2>/dev/null || :; }
fuzz() { ip netns exec f "$NLFUZZ" "$@"; }
crowd() {
	local seed pids=() status=0

	for seed in 11 12 13; do
		fuzz $seed "$RUNS" --crowd >"$T_DIR/crowd.$seed" &
		pids+=($!)
	done
	for seed in "${pids[@]}"; do
		wait "$seed" || status=1
	done
	cat "$T_DIR"/crowd.*
	return $status
}

module_loaded || module_up
ok "a namespace with four interfaces and a bridge" ground
at_exit gone
for seed in 1 2; do
	ok "$RUNS requests, seed $seed" fuzz $seed "$RUNS"
	diag "$(grep '^#' "$T_DIR/.said" | head -n 20)"
done
ok "three times $RUNS requests at once" crowd
ok "the namespace ends with what is left in its tables" ip netns del f
ok "and the module unloads" poll 20 rmmod voxwall
