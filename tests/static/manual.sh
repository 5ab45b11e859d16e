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

# With a voxwall that lists two stations.
completes_mac() {
	local dir
	dir=$(mktemp -d)
	printf '#!/bin/sh\nprintf "MAC PORT\\n02:00:00:00:01:01 lan1\\n02:00:00:00:02:02 lan1\\n"\n' >"$dir/voxwall"
	chmod +x "$dir/voxwall"
	completes "voxwall station del $1" "$dir:$PATH" | xargs
	rm -r "$dir"
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
