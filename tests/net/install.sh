#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: 6.1 6.12
#
# `make install` and the service as systemd runs it: a real systemd, process 1 of
# a PID namespace, in the network namespace of topo/branch.sh's gateway. Any system
# call that the unit's sandbox refuses kills the agent here, so that none goes unseen.
#
# The modules directory is a small one, so that depmod doesn't take minutes.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/lib/systemd.sh"
. "$here/topo/branch.sh"
. "$here/lib/gateway.sh"
. "$here/peers/sipp.sh"

RELEASE=$(uname -r)
TREE=$T_DIR/tree
CONF=/etc/voxwall/voxwall.conf
DROP_IN=/etc/systemd/system/voxwall.service.d
OTHER=02:00:00:00:01:02

gw() { inside voxwall "$@"; }

# The checkout as `make` leaves it for the running kernel.
checkout_make() {
	mkdir -p "$TREE/tests/unit" "$TREE/tests/fuzz" "$TREE/build/kmod/running"
	cp -r "$T_TOP"/{Makefile,README.md,doc,scripts} "$TREE/"
	cp "$T_TOP"/tests/unit/*.mk "$TREE/tests/unit/"
	cp "$T_TOP"/tests/fuzz/*.mk "$TREE/tests/fuzz/"
	cp "$T_TOP"/build/{voxwall,voxwalld,sysconfdir} "$TREE/build/"
	cp "$(module_file)" "$TREE/build/kmod/running/"
}

modules_shrink() {
	local name file from=/lib/modules/$RELEASE to=$T_DIR/modules

	mkdir "$to"
	cp "$from"/modules.{builtin,builtin.modinfo,order} "$to/"
	for name in aesni_intel ghash_clmulni_intel sha1_ssse3 ctr sha1; do
		modprobe -q --show-depends "$name" || :
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | while read -r file; do
		install -D "$file" "$to/${file#"$from"/}"
	done
	mount --bind "$to" "$from"
	depmod "$RELEASE"
}

installer() { make --no-print-directory -C "$TREE" "$@"; }
files_of() { find "$1" -type f -o -type l | sed "s|^$1||" | sort | xargs; }

# The trunk has a name, which is looked up inside the sandbox.
config() { # WORDS...: more lines
	gateway_conf srtp "$@"
	sed 's/sip:198\.51\.100\.10:/sip:pbx.hq.example:/' "$GW_CONF" >"$CONF"
}

ctl() { inside systemctl "$@"; }
fails_to() { ! ctl "$1" voxwall; }
is_state() { [ "$(ctl is-active voxwall)" = "$1" ]; }
journal_has() { inside journalctl -q -o cat -u voxwall | grep "$1" >/dev/null; }
service_pid() { ctl show -P MainPID voxwall; }
proc_status() { inside sed -n "s/^$1:[[:space:]]*//p" "/proc/$(service_pid)/status"; }
status_is() { gw status --json | jq -e "$1"; }
restarted() { is_state active && [ "$(service_pid)" != "$1" ] && status_is '.agent.pid > 0'; }
call_is() { gw call list --json | jq -e ".[0].$1"; }

needs "the installed service" make systemctl sipp jq nft
branch_up
deaf_to_pings
module_down
checkout_make
modules_shrink
echo "$PBX_IP pbx.hq.example" >>/etc/hosts

stage=$T_DIR/stage
ok "make install fills a DESTDIR" installer install DESTDIR="$stage" PREFIX=/usr
is "with everything" "$(files_of "$stage")" "$(xargs <<-FILES
	/etc/systemd/system/voxwall.service
	/etc/voxwall/voxwall.conf
	/lib/modules/$RELEASE/extra/voxwall.ko
	/usr/sbin/voxwall
	/usr/sbin/voxwalld
	/usr/share/bash-completion/completions/voxwall
	/usr/share/doc/voxwall/README.md
	/usr/share/doc/voxwall/voxwall.conf.example
	/usr/share/man/man5/voxwall.conf.5
	/usr/share/man/man8/voxwall.8
	/usr/share/man/man8/voxwalld.8
	FILES
	)"
is "the unit starts what was installed" \
	"$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$stage/etc/systemd/system/voxwall.service")" \
	/usr/sbin/voxwalld
ok "make uninstall" installer uninstall DESTDIR="$stage" PREFIX=/usr
is "leaves the configuration and nothing else" "$(files_of "$stage")" /etc/voxwall/voxwall.conf

ok "make install" installer install
ok "the example configuration is right" /usr/local/sbin/voxwall check
mkdir "$DROP_IN"
printf '[Service]\nSystemCallErrorNumber=kill\n' >"$DROP_IN/strict.conf"
config
ok "systemd comes up" systemd_start gw
ok "systemctl start voxwall" ctl start voxwall
ok "it has loaded the module" module_loaded
is "voxwall status knows the pid that systemd knows" "$(gw status --json | jq .agent.pid)" "$(service_pid)"
ok "the port is guarded" poll 10 status_is '[.module.ports[] | select(.name == "lan1")] | length == 1'
ok "its only worry is about keys in clear SIP" status_is \
	'.warnings | length == 1 and (.[0] | test("SRTP keys travel in clear"))'
is "three capabilities are left" "$(proc_status CapEff)" 0000000000007000
is "and the system calls are filtered" "$(proc_status Seccomp)" 2

sipp_hq hq_srtp
spawn phone - sipp_phone phone_talks -d 25000
ok "a call is made through the service" poll 15 call_is 'state == "confirmed"'
ok "its streams are installed" gw_has stream 2
pid=$(service_pid)
inside kill -9 "$pid"
ok "systemd starts it again after SIGKILL" poll 20 restarted "$pid"
ok "the call is known again" call_is 'state == "confirmed"'
ok "and ends as usual: the phone's side" poll 50 ended_well phone
ok "the far side" poll 10 ended_well hq-hq_srtp
ok "nothing is left" poll 10 nothing_left
sipp_errors phone_talks hq_srtp

pid=$(service_pid)
config "station \"$OTHER\" { port = lan1 }"
ok "systemctl reload" ctl reload voxwall
is "takes over a new station" "$(gw_count station)" 2
config "station \"$OTHER\" { port = lan7 }"
ok "a reload with a wrong configuration fails" fails_to reload
ok "and says why in the journal" journal_has "^reload refused: $CONF:9: .*lan7"
is "the old one stays" "$(gw_count station)" 2
is "and so does the agent" "$(service_pid)" "$pid"

ok "systemctl stop" ctl stop voxwall
ok "it has stopped" is_state inactive
is "well" "$(ctl show -P Result voxwall)" success
nok "the state is gone" inside test -e /run/voxwall
ok "a start with a wrong configuration fails" fails_to start
ok "and says why in the journal, too" journal_has "^$CONF:9: .*lan7"
config
ok "it comes up by itself when that is mended" poll 20 is_state active
ok "systemctl stop, again" ctl stop voxwall

module_down
ok "make uninstall, here" installer uninstall
is "leaves the configuration and nothing else, too" \
	"$(find /usr/local /etc /lib/modules/"$RELEASE"/extra -name '*voxwall*' -not -path "$DROP_IN*" | xargs)" \
	"/etc/voxwall $CONF"
nok "no module to load" modprobe -n voxwall
[ $T_FAILED = 0 ] || inside journalctl -o cat -n 60
