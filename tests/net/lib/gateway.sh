# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh, lib/module.sh and topo/branch.sh: voxwall on the
# branch's gateway.
#
#   gateway_conf MEDIA [LINE...]   the configuration; MEDIA is the trunk's policy
#   gateway_start [NAME]           the agent; its log is $T_DIR/NAME.log
#   gateway_kill                   kill -9
#   gw WORD...                     the command line, in the gateway's namespace
#   gw_count NOUN                  how many calls or streams are listed

VOXWALL=${VOXWALL:-$T_TOP/build/voxwall}
VOXWALLD=${VOXWALLD:-$T_TOP/build/voxwalld}
GW_CONF=$T_DIR/voxwall.conf
GW_NAME=agent

gateway_conf() {
	local media=$1

	shift
	cat >"$GW_CONF" <<-CONF
	voice { vlan = 100  listen = "$VOICE_GW:5060" }
	data { vlans = { 10 }  rogue-voice = drop }
	media { ports = "20000-20999"  timeout = ${GW_TIMEOUT:-120} }
	port "lan1" { mode = access  data-vlan = 10 }
	port "lan2" { mode = access  data-vlan = 10 }
	uplink "wan0" { bandwidth = 20M }
	station "$PHONE_MAC" { port = lan1  allow = { voice } }
	trunk "hq" { uplink = wan0  proxy = "sip:$PBX_IP:5060"  media = $media }
	CONF
	printf '%s\n' "$@" >>"$GW_CONF"
}

gateway_start() {
	GW_NAME=${1:-agent}
	mkdir -p /run/voxwall
	spawn "$GW_NAME" gw "$VOXWALLD" ${GW_VERBOSE:+-v} -c "$GW_CONF"
	poll 20 grep -q "is running with" "$T_DIR/$GW_NAME.log"
	poll 20 listens_udp gw "$VOICE_GW:5060"
}

# The shell's own note that a job was killed is no news here.
gateway_kill() {
	kill -9 "${T_PID_OF[$GW_NAME]}"
	wait "${T_PID_OF[$GW_NAME]}" 2>/dev/null || :
}

gw() { ip netns exec gw timeout 20 "$VOXWALL" "$@"; }

gw_count() { gw "$1" list --json | jq -r "if type == \"array\" then length else .${1}s | length end"; }
gw_has() { [ "$(gw_count "$1")" = "$2" ]; }
