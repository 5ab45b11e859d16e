#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The manual, the help, the completion and the configuration's reader must know
# the same words; and the example must be right.

cd "$(dirname "$0")/../.." || exit 1
n=0 status=0

check() { # NAME: passes when standard input is empty
	local found
	found=$(cat)
	n=$((n + 1))
	if [ -z "$found" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# /' <<<"$found"
		status=1
	fi
}

nouns() { build/voxwall --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p'; }

# "noun verb", or "noun" where there is no verb
helped() {
	local noun
	for noun in $(nouns | grep -v classify); do
		build/voxwall "$noun" --help | sed -n 's/^  voxwall //p' |
			sed 's/^\([a-z]*\) \([a-z]*\).*/\1 \2/; s/ $//; s/ \[.*//'
	done | sort
	echo classify
}

manual() {
	sed -n '/^\.Sh COMMANDS/,/^\.Sh FILES/s/^\.It Cm //p' doc/voxwall.8 |
		grep -oE '^(port|station|stream|drops|call|trunk) [a-z]+|^[a-z]+'
}

completes() { # LINE [PATH]: the completion's answer to what was typed
	PATH=${2-$PATH} bash -c '. scripts/completion/voxwall; compopt() { :; }
		COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=:; _voxwall
		printf "%s\n" "${COMPREPLY[@]}"' - "$1"
}

completed() { completes "$* "; } # to a line of words

# With a voxwall that lists two stations, a port and a stream.
completes_listed() { # LINE
	local dir
	dir=$(mktemp -d)
	cat >"$dir/voxwall" <<-'LISTS'
		#!/bin/sh
		case $1 in
		station) printf 'MAC PORT\n02:00:00:00:01:01 lan1\n02:00:00:00:02:02 lan1\n' ;;
		port) printf 'PORT MODE\nlan1 access\n' ;;
		stream) printf 'ID ZONE\n7 voice\n' ;;
		esac
	LISTS
	chmod +x "$dir/voxwall"
	completes "$1" "$dir:$PATH" | paste -sd ' '
	rm -r "$dir"
}
completes_mac() { completes_listed "voxwall station del $1"; }

# What may be typed, and what is offered then.
arguments() {
	local line wanted
	while IFS='|' read -r line wanted; do
		[ "$(completes_listed "$line")" = "$wanted" ] ||
			echo "$line: $(completes_listed "$line")"
	done <<-ROWS
		voxwall port set l|$(cd /sys/class/net && echo l*)
		voxwall port set lan1 |mode data-vlan vlans voice authorise allow-clear
		voxwall port set lan1 v|vlans voice
		voxwall port set lan1 mode |access trunk uplink
		voxwall port set lan1 voice |yes no
		voxwall port set lan1 allow-clear |yes no
		voxwall port set lan1 authorise |voice data voice,data none
		voxwall port set lan1 mode trunk |mode data-vlan vlans voice authorise allow-clear
		voxwall port del |lan1
		voxwall port del lan1 |--json --help
		voxwall station add |--json --help
		voxwall station add 02:00:00:00:03:03 |port allow
		voxwall station add 02:00:00:00:03:03 port |lan1
		voxwall station add 02:00:00:00:03:03 allow |voice data voice,data none
		voxwall stream show |7
		voxwall stream del |7
		voxwall drops |list --all --json --help
		voxwall drops list |--all --json --help
		voxwall reload |--help
		voxwall call list |--json --help
		voxwall check doc/voxwall.c|doc/voxwall.conf.5
		voxwall classify doc/voxwall.c|doc/voxwall.conf.5
		voxwall classify --|--json --max-flows
		voxwall --|--help --version
	ROWS
}

options() { # of the configuration, without those of later versions
	sed -n '/^static cfg_opt_t [a-z]*_opts/,/^};/p' agent/conf.c |
		grep -oE 'WORDS?\("[a-z-]+"\)' | cut -d'"' -f2 | sort -u
}

check "there is something to compare" < <([ "$(helped | wc -l)" -ge 15 ] || helped)
check "help and manual have the same commands" < <(diff <(helped | sort) <(manual | sort))
check "the completion knows every noun" < <(diff <(nouns | sort) <(completed voxwall | grep -v -- -- | sort))
check "the completion knows every verb" < <(
	helped | while read -r noun verb; do
		[ -z "$verb" ] || completed voxwall "$noun" | grep -qx -- "$verb" || echo "$noun $verb"
	done)
check "the completion goes on behind a MAC's colons" < <(
	diff <(completes_mac '' && completes_mac 02:0 && completes_mac 02:00:00:00:02:) - <<-MACS
		02:00:00:00:01:01 02:00:00:00:02:02
		00:00:00:01:01 00:00:00:02:02
		02
		MACS
	)
check "the completion knows arguments and values" < <(arguments)
check "every verb answers --help" < <(
	helped | while read -r words; do
		# shellcheck disable=SC2086 # a noun and a verb
		build/voxwall $words --help >/dev/null || echo "$words"
	done)
check "the manual has every option of the configuration" < <(
	for option in $(options); do
		sed -n 's/^\.It Cm //p' doc/voxwall.conf.5 | sed 's/No =.*//' |
			grep -qwE -- "(^|[ ,])$option" || echo "$option"
	done)
check "the manual's options exist" < <(
	sed -n 's/^\.It Cm \(.*\) No =.*/\1/p' doc/voxwall.conf.5 | tr -d ' ' | tr ',' '\n' |
		while read -r option; do options | grep -qx -- "$option" || echo "$option"; done)
# What isn't on this machine is only worth a warning.
complaints() { build/voxwall check "$1" 2>&1 >/dev/null | grep -v ': warning: '; }
check "the example is right" < <(complaints scripts/voxwall.conf.example)
check "the manual's example is right" < <(
	conf=$(mktemp)
	sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.Ed/q;/^\./!p}' doc/voxwall.conf.5 >"$conf"
	complaints "$conf"
	rm -f "$conf")
check "manual pages format without a complaint" < <(
	for page in doc/*.[1-9]; do
		if command -v mandoc >/dev/null; then
			mandoc -T lint -W warning "$page"
		elif command -v groff >/dev/null; then
			groff -mandoc -Tascii -ww -z "$page" 2>&1
		fi
	done)
echo "1..$n"
exit $status
