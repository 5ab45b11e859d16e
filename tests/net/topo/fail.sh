# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tests of allocations that fail share: a namespace a with one device and no
# peers, and the requests that fill it.
#
#   said DESC COMMAND...   its last line becomes part of the description
#   ground                 the namespace
#   set_up REQUEST...      requests that must succeed
#
# Sourced after lib/tap.sh and lib/module.sh.

MAC=02:00:00:00:00:01
KEY=000102030405060708090a0b0c0d0e0f
SALT=101112131415161718191a1b1c1d

POLICY='policy-set policy{ voice-vlan=100 }'
PORT='port-set port{ ifname=p0 mode=0 data-vlan=10 }'
STREAM="stream-new stream{ id=1 zone=0 local-addr=7f000001 local-port=20000 local-rtcp=20001"
STREAM+=" remote-addr=0a000001 src-addr=7f000001 src-port=20100 src-rtcp=20101"
STREAM+=" dst-addr=c0000202 dst-port=5000 dst-rtcp=5001"
STREAM+=" seal{ suite=1 key=$KEY salt=$SALT } open{ suite=1 key=${SALT}0405 salt=$SALT } }"

said() { # DESC COMMAND...
	local desc=$1 verdict=ok
	shift

	"$@" >"$T_DIR/.said" 2>&1 || verdict="not ok"
	t_result "$verdict" "$desc: $(tail -n 1 "$T_DIR/.said")"
	[ "$verdict" = ok ] || diag "$(cat "$T_DIR/.said")"
}

ground() {
	ip netns add a && ip -n a link set lo up && ip -n a link add p0 up type dummy
	P0=$(ifindex a p0)
	STATION="station-set station{ mac=$MAC ifindex=$P0 allow=1 }"
}
set_up() { # REQUEST...
	local request

	for request; do
		# shellcheck disable=SC2086
		vw a $request || return 1
	done
}
