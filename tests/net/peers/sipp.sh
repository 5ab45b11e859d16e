# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh and topo/branch.sh: SIPp on both sides of the gateway,
# tests/net/sipp/phone*.xml in phone1, hq*.xml in the place of the PBX.
#
#   deaf_to_pings                 before the agent starts
#   sipp_hq SCENARIO [WORD...]    in the background, as hq-SCENARIO; listens on return
#   sipp_phone SCENARIO [WORD...] in the foreground; succeeds when the scenario does
#   ended_well NAME               for poll: a spawned one, by its exit status
#   flow DESC PHONE HQ            both scenarios must succeed and leave nothing behind

SIPP_DIR=$T_TOP/tests/net/sipp
SIPP_WORDS=(-m 1 -nostdin -timeout_error -trace_err)
SIPP_TIMEOUT=40	# seconds; a test may raise it

# The edge's own ping is no part of any scenario: a rule takes it away (OPTION in the
# first bytes behind the UDP header).
deaf_to_pings() {
	ip netns exec hq nft -f - <<-RULES
	table inet pings {
		chain in {
			type filter hook input priority 0;
			udp dport 5060 @th,64,48 0x4f5054494f4e drop
		}
	}
	RULES
}

ended_well() { ! kill -0 "${T_PID_OF[$1]}" 2>/dev/null && wait "${T_PID_OF[$1]}"; }

sipp_hq() {
	local scenario=$1

	shift
	spawn "hq-$scenario" hq sipp -sf "$SIPP_DIR/$scenario.xml" -i $PBX_IP -p 5060 \
		"${SIPP_WORDS[@]}" -timeout "$SIPP_TIMEOUT" -error_file "$T_DIR/hq-$scenario.err" "$@"
	poll 10 listens_udp hq "$PBX_IP:5060"
}

sipp_phone() {
	local scenario=$1

	shift
	printf 'SEQUENTIAL\n%s\n' $PBX_IP >"$T_DIR/users.csv"
	ip netns exec phone1 sipp -sf "$SIPP_DIR/$scenario.xml" -i $PHONE_IP -p 5060 \
		"${SIPP_WORDS[@]}" -timeout "$SIPP_TIMEOUT" -inf "$T_DIR/users.csv" \
		-error_file "$T_DIR/$scenario.err" "$@" "$VOICE_GW:5060"
}

sipp_errors() { awk 'FNR <= 20 { print "# " $0 }' "$T_DIR/$1.err" "$T_DIR/hq-$2.err" 2>/dev/null || :; }

flow() {
	local desc=$1 phone=$2 hq=$3

	sipp_hq "$hq"
	ok "$desc: the phone's side" sipp_phone "$phone"
	ok "$desc: the far side" poll 30 ended_well "hq-$hq"
	ok "$desc: nothing is left" poll 10 nothing_left
	sipp_errors "$phone" "$hq"
}

nothing_left() { gw_has call 0 && gw_has stream 0; }
