# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module: its four jobs for every suite that it takes, set up through netlink.
# What it says itself about the packets must agree with what was counted.

VOXWALL_SIZES="4:160 4:32 4:1188 6:160 6:32 6:1188"
VOXWALL_ONE="--warmup 64 --rounds 256"
VOXWALL_MANY="--warmup 1 --rounds 1"

voxwall_up() {
	gateway gw
	insmod "$voxwall_ko"
	bench gw streams up
	voxwall_suites=$(bench gw suites)
	[[ $voxwall_suites == *AES_CM_128_HMAC_SHA1_80* ]] || fail "the module takes no suite"
}

# voxwall_job JOB FAMILY PAYLOAD STREAMS [OPEN [SEAL]]
voxwall_job() {
	local job=$1 family=$2 payload=$3 streams=$4 road=up sealed=() rounds=$VOXWALL_ONE each=320

	case $job in open | both) road=down sealed=(--suite "$5") ;; esac
	[ "$streams" = 1 ] || rounds=$VOXWALL_MANY each=2
	bench gw streams add "$job" "$family" "$streams" "$(rate_of "$payload")" "${@:5}"
	row gw "$job" voxwall "${5-}${6:+ to $6}" --road $road --family "$family" \
		--payload "$payload" --streams "$streams" $rounds "${sealed[@]}"
	bench gw streams check "$streams" $((streams * each)) 0
	voxwall_forged "$@"
	bench gw streams del "$streams"
}

# The same with wrong tags, which must change nothing and may not cost more.
voxwall_forged() {
	[ "$1" = open ] && [ "$4" = 1 ] || return 0
	row gw forged voxwall "$5" --road down --family "$2" --payload "$3" --suite "$5" \
		--seq 1000 --forge --drop
	bench gw streams check 1 320 320
}

voxwall_sizes() { # JOB [SUITE...]
	local job=$1 size

	shift
	for size in $VOXWALL_SIZES; do
		voxwall_job "$job" "${size%:*}" "${size#*:}" 1 "$@"
	done
}

voxwall_streams() { # JOB [SUITE...]
	local job=$1

	shift
	voxwall_job "$job" 4 160 1000 "$@"
	voxwall_job "$job" 4 160 20000 "$@"
}

part_voxwall() {
	local suite first=AES_CM_128_HMAC_SHA1_80 last=AES_CM_128_HMAC_SHA1_80

	voxwall_up
	[[ $voxwall_suites != *AEAD_AES_128_GCM* ]] || last=AEAD_AES_128_GCM
	voxwall_sizes relay
	for suite in $voxwall_suites; do
		voxwall_sizes seal "$suite"
		voxwall_sizes open "$suite"
	done
	voxwall_sizes both $first $last
	voxwall_streams relay
	voxwall_streams seal $last
	voxwall_streams open $last
}
