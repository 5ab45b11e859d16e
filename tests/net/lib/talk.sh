# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh and topo/srtp.sh: a call that goes on while the test changes
# what lies under it (tests/tools/srtptalk.c).
#
#   talk_start ARGUMENT...   begin one
#   talk ORDER...            have it do something; fails, and says why, if it doesn't work
#   talk_end                 hang up
#   refused                  how many packets its streams have refused

talk_start() {
	coproc TALK { exec "$T_TOP/build/tools/srtptalk" "$@" 2>"$T_DIR/talk.log"; }
	T_PIDS+=("$TALK_PID")
	talk size 160
}

talk() {
	local said

	said=$(talk_raw "$@")
	[ "$said" = ok ] || { echo "$*: $said"; return 1; }
}

talk_raw() {
	local said

	[ -n "${TALK_PID:-}" ] || { echo "there is no call"; return; }
	echo "$*" >&"${TALK[1]}"
	if read -r -t $((30 * T_SLOW)) -u "${TALK[0]}" said; then
		echo "$said"
	else
		echo "the call has ended: $(tail -n 1 "$T_DIR/talk.log")"
	fi
} 2>/dev/null

refused() { talk_raw refused; }

# Its end is the end of its orders.
talk_end() {
	local pid=${TALK_PID:-} fd=${TALK[1]:-}

	[ -n "$pid" ] || return 0
	eval "exec $fd>&-"
	wait "$pid" || { cat "$T_DIR/talk.log"; return 1; }
}
