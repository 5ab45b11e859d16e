# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a direction costs in kernel memory, its keys, ciphers and route included; and
# that no packet of an established stream allocates anything.

MEMORY_STREAMS=10000

# Bytes of slabs that can't be reclaimed, of per-CPU areas and of vmalloc().
memory_used() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 2
	awk '/^(SUnreclaim|Percpu|VmallocUsed):/ { n += $2 } END { print n * 1024 }' /proc/meminfo
}

memory_row() { # JOB [SUITE]
	local job=$1 before after each road=up sealed=()

	[ "$job" != open ] || road=down sealed=(--suite "$2")
	before=$(memory_used)
	bench gw streams add "$job" 4 $MEMORY_STREAMS $VOICE "${@:2}"
	bench gw feed --road $road --streams $MEMORY_STREAMS --warmup 0 --rounds 1 "${sealed[@]}" \
		>/dev/null
	after=$(memory_used)
	each=$(((after - before) / MEMORY_STREAMS))
	[ "$each" -gt 200 ] || fail "$each bytes for a direction can't be right"
	keep "memory of a $job direction" voxwall "${2-}" 160 $MEMORY_STREAMS 4 \
		"{\"bytes_per_direction\": $each}"
	bench gw streams del $MEMORY_STREAMS
}

# The first packet allocates the cached route, which shows that the probes work.
allocs_row() { # JOB [SUITE]
	local job=$1 road=up sealed=() first many

	[ "$job" != open ] || road=down sealed=(--suite "$2")
	bench gw streams add "$job" 4 1 $VOICE "${@:2}"
	first=$(bench gw feed --road $road --allocs --warmup 0 --rounds 1 --seq 1 "${sealed[@]}")
	many=$(bench gw feed --road $road --allocs --warmup 8 --rounds 256 --seq 2 "${sealed[@]}")
	bench gw streams del 1
	[ "$(jq .allocs <<<"$first")" -gt 0 ] || fail "the probes see no allocation at all"
	keep "allocations of 256 packets, $job" voxwall "${2-}" 160 1 4 \
		"{\"allocations\": $(jq .allocs <<<"$many")}"
}

part_memory() {
	local suite

	allocs_row relay
	for suite in $voxwall_suites; do
		allocs_row seal "$suite"
		allocs_row open "$suite"
	done
	memory_row relay
	for suite in $voxwall_suites; do
		memory_row seal "$suite"
	done
}
