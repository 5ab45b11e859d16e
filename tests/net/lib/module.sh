# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh: the module itself, spoken to in plain netlink.
#
#   vw NETNS WORD...            one request; fails when it is refused (tools/vwnl.c)
#   refused DESC WANT NETNS WORD...   it must be refused, with WANT in the sentence
#   drops NETNS IFINDEX REASON  how often so far; IFINDEX 0: on no port
#   shot ...                    tests/tools/shot.c
#   module_file                 the module for this kernel
#   module_up, module_down      load, unload

VWNL=$T_TOP/build/tools/vwnl
SHOT=$T_TOP/build/tools/shot

vw() { "$VWNL" "$@"; }

refused() {
	local desc=$1 want=$2 said

	shift 2
	said=$(vw "$@" || :)
	case $said in
	"refused "*"$want"*) t_result ok "$desc: refused" ;;
	*)
		t_result "not ok" "$desc: refused"
		diag "wanted a refusal with: $want"
		diag "got: $said"
		;;
	esac
}

# What is slow pauses for longer before it is over.
shot() { "$SHOT" --wait $((150 * T_SLOW)) "$@"; }

ifindex() { ip -n "$1" -o link show dev "$2" | sed 's/:.*//'; }
mac_of() { ip -n "$1" -o link show dev "$2" | sed 's/.*link\/ether \([0-9a-f:]*\).*/\1/'; }

drops() {
	local line

	while read -r line; do
		[[ $line == *" ifindex=$2 "* ]] || continue
		[[ $line =~ \ $3=([0-9]+)\  ]] && echo "${BASH_REMATCH[1]}" || echo 0
		return
	done < <(vw "$1" drops-get --dump)
	echo 0
}

module_file() {
	local ko

	for ko in "$T_TOP"/build/kmod/*/voxwall.ko; do
		if [ "$(modinfo -F vermagic "$ko" 2>/dev/null | cut -d' ' -f1)" = "$(uname -r)" ]; then
			echo "$ko"
			return 0
		fi
	done
	return 1
}

module_up() { [ -d /sys/module/voxwall ] || insmod "$(module_file)"; }
module_down() { rmmod voxwall; }
module_loaded() { [ -d /sys/module/voxwall ]; }
