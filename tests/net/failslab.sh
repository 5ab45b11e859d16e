#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: debug
#
# No memory: each allocation of each netlink request fails once, in turn, and with all after
# it for requests that make something. What failed says so and has changed nothing; the next
# try succeeds. What leaks is found when the machine ends. Packets have failpath.sh, loading
# and unloading faillife.sh.
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/module.sh"
. "$(dirname "$0")/lib/faults.sh"
. "$(dirname "$0")/topo/fail.sh"

NLFAIL=$T_TOP/build/tools/nlfail
GCM=7	# AEAD_AES_128_GCM

if [ ! -e /proc/self/fail-nth ]; then
	skip "allocations that fail" "this kernel has no fault injection"
	exit 0
fi

# ---- requests (tests/tools/nlfail.c) ----

PORT_DEL='port-del port{ ifname=p0 }'
STATION_DEL="station-del station{ mac=$MAC }"
STREAM_GCM=${STREAM//suite=1/suite=$GCM}
STREAM_GCM=${STREAM_GCM//salt=$SALT/salt=${SALT:0:24}}
STREAM_GCM=${STREAM_GCM/id=1/id=2}
STREAM_GCM=${STREAM_GCM//port=20/port=21}
STREAM_GCM=${STREAM_GCM//rtcp=20/rtcp=21}
STREAM_GCM_DEL='stream-del stream{ id=2 }'
STREAM_DEL='stream-del stream{ id=1 }'
STREAM_SET="stream-set stream{ id=1 dst-port=5002 seal{ suite=1 slot=1 key=${SALT}0607 salt=$SALT } }"

walk() { said "$1" timeout 1200 "$NLFAIL" a "${@:2}"; }
# The same with all allocations after it: some are tried again, or done without.
rest() { # NETNS DESC REQUEST...
	faults_marked
	said "$2, nothing from there on" timeout 1200 "$NLFAIL" "$1" --rest "${@:3}"
	faults_end >/dev/null
}
walk_all() {
	walk "$@"
	rest a "$@"
}

requests() {
	walk "the first policy" "$POLICY" fresh
	ok "another namespace" ip netns add b
	rest b "the first policy" "$POLICY" fresh
	ok "a policy" set_up "$POLICY"
	walk "the policy shown" policy-get
	walk "another policy" 'policy-set policy{ voice-vlan=101 provisioning{ addr=0a000001 } }' "$POLICY"
	walk_all "a port" "$PORT" "$PORT_DEL"
	ok "a port" set_up "$PORT"
	walk "a changed port" 'port-set port{ ifname=p0 mode=0 data-vlan=11 }' "$PORT"
	walk "one port shown" 'port-get port{ ifname=p0 }'
	walk "a port that goes" "$PORT_DEL" "$PORT"
	walk_all "a station" "$STATION" "$STATION_DEL"
	ok "a station" set_up "$STATION"
	walk "a changed station" "${STATION/allow=1/allow=3}" "$STATION"
	walk "a station that goes" "$STATION_DEL" "$STATION"
	walk "one station shown" "station-get station{ mac=$MAC }"
	walk "stations listed" 'station-get --dump'
	walk_all "a stream" "$STREAM" "$STREAM_DEL"
	ok "a stream" set_up "$STREAM"
	walk_all "a stream with GCM" "$STREAM_GCM" "$STREAM_GCM_DEL"
	walk_all "its next key" "$STREAM_SET" "$STREAM_DEL" "$STREAM"
	walk "a stream that goes" "$STREAM_DEL" "$STREAM"
	walk "one stream shown" 'stream-get stream{ id=1 }'
	walk "streams listed" 'stream-get --dump'
	walk "ports listed" 'port-get --dump'
	walk "drops listed" 'drops-get --dump'
}

ok "every allocation may fail" faults_ready
module_loaded || module_up
ok "a namespace" ground
requests
ok "the namespace ends" ip netns del a
