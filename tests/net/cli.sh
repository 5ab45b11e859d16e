#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The agent and the command line against the module, on interfaces without cables:
#
#   lan1, lan2, wan0 (dummy; lan9 comes and goes) -- voxwall.ko -- voxwalld -- voxwall
#
# SIP only at the end: the listen address and the trunk's name come late.
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/module.sh"

VOXWALL=${VOXWALL:-$T_TOP/build/voxwall}
VOXWALLD=${VOXWALLD:-$T_TOP/build/voxwalld}
CONF=$T_DIR/voxwall.conf
PHONE=02:00:00:00:01:01
OTHER=02:00:00:00:01:02

voxwall() { timeout 20 "$VOXWALL" "$@"; }

# says DESC STATUS SENTENCE WORD...: exit status and a part of what is said on stderr
says() {
	local desc=$1 want=$2 sentence=$3 status=0 said

	shift 3
	said=$("$@" 2>&1 >/dev/null) || status=$?
	if [ "$status" = "$want" ] && [[ $said = *"$sentence"* ]]; then
		t_result ok "$desc"
	else
		t_result "not ok" "$desc"
		diag "wanted $want: $sentence"
		diag "got    $status: $said"
	fi
}

config() { # WORDS...: the configuration, with these lines at its end
	cat >"$CONF" <<-END
	voice { vlan = 100 }
	data { vlans = { 10 } }
	port "lan1" { mode = access  data-vlan = 10 }
	port "lan9" { mode = access  data-vlan = 10 }
	uplink "wan0" { bandwidth = 20M }
	station "$PHONE" { port = lan1 }
	END
	printf '%s\n' "$@" >>"$CONF"
}

start_agent() {
	spawn "${1:-agent}" - "$VOXWALLD" -c "$CONF"
	poll 10 grep -q "is running with" "$T_DIR/${1:-agent}.log"
}

ports() { voxwall port list --json | tr -d ' \n' | grep -o '"name":"[^"]*"' | cut -d'"' -f4 | sort | xargs; }
stations() { voxwall station list --json | grep -o '"mac": "[^"]*"' | cut -d'"' -f4 | xargs; }
has_port() { ports | grep -qw "$1"; }
has_station() { stations | grep -qw "$1"; }
phone_on() { voxwall station list | grep -q "$PHONE  $1 "; }
has_no_station() { ! has_station "$1"; }
# Somebody is connected to the agent: where the machine is busy that takes a while.
listens() { ss -Hx | grep -q "ESTAB.*/run/voxwall/control.sock"; }
logged() { grep -q "$2" "$T_DIR/$1.log"; }
seen() { grep -q "$2" "$T_DIR/$1.log"; }
status_of() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/${T_PID_OF[agent]}/status"; }

for dev in lan1 lan2 wan0; do
	ip link add "$dev" type dummy
	ip link set "$dev" up
done

# ---- without the module ----
module_down
config
says "no module: the command line says what to do" 1 "modprobe voxwall" voxwall port list
says "no module: so does the agent" 1 "modprobe voxwall" timeout 20 "$VOXWALLD" -c "$CONF"
nok "no module: status fails" voxwall status
module_up

# ---- words ----
says "an unknown noun is a usage error" 2 'no "prot"' voxwall prot
says "an unknown verb is a usage error" 2 'no verb "lits"' voxwall port lits
says "an unknown option is a usage error" 2 "unknown option" voxwall port list --jsno
says "a missing argument is a usage error" 2 "something is missing" voxwall station del
says "too many arguments are a usage error" 2 'unexpected "lan2"' voxwall port del lan1 lan2
says "a word without its value is a usage error" 2 "needs a value" voxwall port set lan1 mode access vlans
says "a word given twice is a usage error" 2 "given twice" voxwall port set lan1 mode access mode trunk
says "a full disk is told of" 1 "can't write" sh -c "'$VOXWALL' --help >/dev/full"
says "the agent tells, too" 1 "can't write" sh -c "'$VOXWALLD' --version >/dev/full"
says "VLAN 4095 is a usage error" 2 "1 to 4094" voxwall port set lan1 mode access data-vlan 4095
says "a multicast MAC is a usage error" 2 "MAC address" voxwall station add 01:00:5e:00:00:01 port lan1
says "an interface that isn't there is named" 1 '"lan7"' voxwall port set lan7 mode access
says "a stream that isn't there is refused with a sentence" 1 "stream" voxwall stream show 4711
says "stream 0 is a usage error" 2 "is no stream" voxwall stream del 0

# ---- without the agent ----
says "a call list needs the agent" 1 "the agent isn't running" voxwall call list
says "so does reload" 1 "the agent isn't running" voxwall reload
ok "a port list doesn't" voxwall port list
is "and is an empty JSON list" "$(voxwall port list --json)" "[]"
# Linux 6.1 drops the module's sentence when a dump is refused.
for noun in port station stream drops; do
	says "an ordinary user is refused a list ($noun)" 1 CAP_NET_ADMIN setpriv --reuid 65534 \
		--regid 65534 --clear-groups "$VOXWALL" $noun $([ $noun = drops ] || echo list)
done

# ---- the agent guards ----
ok "the agent starts" start_agent
is "it guards what is there" "$(ports)" "lan1 wan0"
is "it authorises the stations" "$(stations)" "$PHONE"
ok "it warns of what isn't there" logged agent "interface lan9 isn't there"
ok "status says so too" grep -q "WARNING  interface lan9" <(voxwall status)
ip link add lan9 type dummy
ok "an interface is guarded as soon as it appears" poll 5 has_port lan9
ip link del lan9
nok "and no longer when it is gone" has_port lan9
ip link add lan9 type dummy
ok "and again when it comes back" poll 5 has_port lan9
for names in "lan1 lanx" "lan9 lan1" "lanx lan9"; do
	ip link set "${names% *}" down
	ip link set "${names% *}" name "${names#* }" up
done
ok "a station follows its port's name when two are exchanged" poll 5 phone_on lan1
is "the agent keeps three capabilities" "$(status_of CapEff) $(status_of CapPrm)" \
	"0000000000007000 0000000000007000"
is "and can't win others back" "$(status_of CapBnd) $(status_of NoNewPrivs)" "0000000000007000 1"
is "it may open as many files as anybody" "$(awk '/^Max open/ { print $4 == $5 }' "/proc/${T_PID_OF[agent]}/limits")" 1
is "it leaves no core" "$(awk '/^Max core/ { print $5, $6 }' "/proc/${T_PID_OF[agent]}/limits")" "0 0"
is "its socket is root's alone" "$(stat -c '%a %U' /run/voxwall/control.sock)" "660 root"
says "an ordinary user can't speak to it" 1 "be root" setpriv --reuid 65534 --regid 65534 \
	--clear-groups "$VOXWALL" call list
says "a second agent is refused" 1 "another voxwalld" timeout 20 "$VOXWALLD" -c "$CONF"
is "without SIP there are no calls" "$(voxwall call list --json)" "[]"
ok "status is fine" voxwall status

# ---- by hand ----
ok "a station is added by hand" voxwall station add "$OTHER" port lan1 allow voice,data
ok "and is listed" grep -q "$OTHER  lan1  voice,data  static" <(voxwall station list)
ip link set lan2 down
ip link set lan2 up
sleep 0.3
ok "a change of links leaves it alone" has_station "$OTHER"
ok "it is forgotten by hand" voxwall station del "$OTHER"
nok "and gone" has_station "$OTHER"
says "forgetting it again is refused" 1 "station" voxwall station del "$OTHER"
ok "a port is guarded by hand" voxwall port set lan2 mode trunk data-vlan 10 vlans 11,12 authorise voice,data
ok "and listed" grep -q "lan2  trunk .* 11,12 .* voice,data" <(voxwall port list)

# ---- reload ----
config 'station "'$OTHER'" { port = lan7 }'
says "a wrong configuration is refused with file and line" 1 "$CONF:7: station \"$OTHER\": there is no port \"lan7\"" \
	voxwall reload
says "check says the same" 1 "$CONF:7:" voxwall check "$CONF"
is "the old one stays in force" "$(stations)" "$PHONE"
config 'port "lan2" { mode = access data-vlan = 10 dot1x = yes }'
says "an option of a later version is refused" 1 "dot1x is not supported in this version" voxwall reload
config 'station "'$OTHER'" { port = lan1 }'
ok "a right one is taken" voxwall reload
ok "a new station is there" has_station "$OTHER"
nok "a port that was set by hand is not" has_port lan2
config
kill -HUP "${T_PID_OF[agent]}"
ok "SIGHUP reloads too" poll 5 has_no_station "$OTHER"
rm "$CONF"
says "without the file the old configuration stays" 1 "No such file" voxwall reload
is "and the ports with it" "$(ports | wc -w)" 3
config

# ---- events ----
spawn events - "$VOXWALL" events --json
poll 10 listens || :
sleep 0.5
ip link del lan9
ok "events come from the module" poll 5 seen events '"source": *"module".*"event": *"port-gone"'
ok "and from the agent" poll 5 seen events '"source": *"agent".*lan9'
stop events

# ---- the module goes, and comes back ----
stations_are() { [ "$(stations)" = "$1" ]; }
spawn watcher - "$VOXWALL" events --json
poll 10 listens || :
sleep 0.5
ok "the module is unloaded under the agent" module_down
ok "the agent says so" poll 5 logged agent "nothing is guarded: the voxwall module is not loaded"
ok "and status" grep -q "WARNING.*not loaded" <(voxwall status)
ok "the module is loaded again" module_up
ok "it guards again, at once" poll 3 has_port lan1
ok "with its stations" poll 3 stations_are "$PHONE"
is "and all its ports" "$(ports)" "lan1 wan0"
nok "nothing is owed any more" grep -q "WARNING.*module" <(voxwall status)
ip link add lan9 type dummy
ok "an interface is guarded as before" poll 5 has_port lan9
ip link del lan9
ok "and its events come again" poll 5 seen watcher '"source": *"module".*"event": *"port-gone"'
stop watcher

# ---- streams ----
KEY=00112233445566778899aabbccddeeff
SALT=c0c1c2c3c4c5c6c7c8c9cacbcccd
ip addr add 10.9.9.1/24 dev lan2
ok "a stream is set up" vw - stream-new 'stream{' id=77 label=$'evil\e[31m\n"x' zone=0 \
	local-addr=0a090901 local-port=20000 local-rtcp=20001 remote-addr=0a090902 \
	src-addr=0a090901 src-port=20002 src-rtcp=20003 dst-addr=0a090902 dst-port=4000 dst-rtcp=4001 \
	'seal{' suite=1 key=$KEY salt=$SALT '}' '}'
ok "it is listed" grep -q "^77 .* 10.9.9.1:20000/20001 .* clear > srtp" <(voxwall stream list)
ok "without its label's escapes" grep -qF 'evil\x1b[31m\x0a"x' <(voxwall stream list)
nok "anywhere" grep -q $'\e' <(voxwall stream list; voxwall stream show 77; voxwall stream list --json)
ok "it is shown" grep -q "AES_CM_128_HMAC_SHA1_80, driver" <(voxwall stream show 77)
nok "without its keys" grep -qiE "$KEY|$SALT|001122334455" <(
	voxwall stream show 77; voxwall stream show 77 --json; voxwall stream list --json)
ok "as JSON too" grep -q '"suite": "AES_CM_128_HMAC_SHA1_80"' <(voxwall stream show 77 --json)
ok "drops are listed in full" grep -qE "^lan1 +replay +0 " <(voxwall drops list --all)
nok "and else only what occurred" grep -q "replay" <(voxwall drops list)
ok "drops as JSON" grep -q '"station-unknown": 0' <(voxwall drops list --json --all)

# ---- killed and started again ----
kill -9 "${T_PID_OF[agent]}"
wait "${T_PID_OF[agent]}" 2>/dev/null || :
is "killed: the ports stay guarded" "$(ports)" "lan1 wan0"
says "killed: the command line says so" 1 "the agent isn't running" voxwall call list
spawn direct - "$VOXWALL" events
ok "events come from the module alone" poll 5 seen direct "only the module's events"
ok "it starts again" start_agent again
ok "the stream is still there" voxwall stream show 77
ok "and is ended by hand" voxwall stream del 77
nok "and gone" voxwall stream show 77
nok "and touches nothing that is right" logged again "module: "
ok "the command line finds it" voxwall call list
stop again
is "stopped: the ports stay guarded" "$(ports)" "lan1 wan0"
nok "stopped: the socket is gone" test -e /run/voxwall/control.sock

# ---- what comes late ----
trunk_warning() { voxwall status | grep -q "proxy of trunk hq can't be looked up"; }
# A name server to which every name is 198.51.100.10.
answer_names() {
	perl -e '
		use Socket;
		socket(S, PF_INET, SOCK_DGRAM, 17) or die;
		bind(S, sockaddr_in(53, inet_aton("127.0.0.1"))) or die;
		while (my $from = recv(S, my $q, 512, 0)) {
			my ($name, $type) = substr($q, 12) =~ /^(.*?\0)(..)/s;
			my $n = unpack("n", $type) == 1;
			send(S, substr($q, 0, 2) . pack("n5", 0x8180, 1, $n, 0, 0) . $name . $type .
				pack("n", 1) . ($n ? pack("n3Nn", 0xc00c, 1, 1, 60, 4) .
				inet_aton("198.51.100.10") : ""), 0, $from);
		}'
}
no_trunk_warning() { ! trunk_warning; }
cat >"$CONF" <<-END
voice { vlan = 100  listen = "10.1.100.1:5060" }
port "lan1" { mode = access }
uplink "wan0" { }
trunk "hq" { uplink = wan0  proxy = "sip:pbx.branch.test:5070" }
END
echo "nameserver 127.0.0.1" >/etc/resolv.conf
ip addr add 192.0.2.2/24 dev wan0
ip route add default via 192.0.2.1
ok "the agent starts without its listen address" start_agent late
is "and guards" "$(ports)" "lan1 wan0"
ok "and says what is missing" grep -q "the SIP edge can't start" <(voxwall status)
ip addr add 10.1.100.1/24 dev lan1
ok "the SIP edge starts when the address is there" poll 10 logged late "the SIP edge is running"
ok "a trunk whose name isn't found is told of" trunk_warning
spawn dns - answer_names
ok "and taken up when it is found" poll 30 no_trunk_warning
ok "with its address and port" grep -q "198.51.100.10:5070" <(voxwall trunk list)
ok "calls can be listed" voxwall call list --json
hears() { ss -Hlun | grep -qF "10.1.100.1%lan1:5060"; }
ok "phones are heard on their interface" hears
ip link del lan1
ip link add lan1 type dummy
ip addr add 10.1.100.1/24 dev lan1
ip link set lan1 up
ok "and again when it was made anew" poll 5 hears
stop late
stop dns
ok "a port is let go by hand" voxwall port del wan0
is "and is gone" "$(ports)" "lan1"
is "its stations go with a port" "$(voxwall port del lan1; stations)" ""
