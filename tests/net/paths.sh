#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: debug
#
# One packet of each kind down each road through the module, for the debug kernel: what
# packets.sh, srtpcases.sh, srtprare.sh, fastpath.sh and zones.sh look at closely on the
# stock ones. The topology is drawn in topo/srtp.sh; a PC speaks on the phone's wire:
#
#   phone eth0 (untagged) ------- lan0 gw        data VLAN, 10.1.10.11 and 10.1.10.1
# CPUS: 2

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"
. "$here/lib/talk.sh"
tools=$T_TOP/build/tools

srtp_up
ok "the module loads again after the fast drivers" srtp_fast
srtp_address phone eth0 10.1.10.11/24
srtp_address gw lan0 10.1.10.1/24

ok "frames that no socket would send" "$tools/srtpodd" frames
ok "IPv6 extension headers" "$tools/srtpodd" chains --lan 6
ok "fragments, in order and not" "$tools/srtpparts" fragments
ok "IPv6 fragments" "$tools/srtpparts" fragments6 --lan 6
ok "two CPUs, one sequence" "$tools/srtpodd" race

for suite in AES_CM_128_HMAC_SHA1_80 AEAD_AES_128_GCM; do
	for name in kdr-open kdr-seal extensions-kdr join; do
		ok "$name with $suite" "$tools/srtprare" "$name" --suite $suite
	done
	ok "through the stack with $suite" "$tools/srtplife" leave --stack --suite $suite
done
for name in $("$tools/srtpreport"); do
	srtp_ways "$name" "$tools/srtpreport" "$name"
done
for name in rekey-open rekey-seal; do
	srtp_ways "$name" "$tools/srtpkey" "$name"
done

# ---- what is only passed, and classified on its way ----

ok "a call beside a PC" talk_start
ok "speech" talk both 3
ok "voice on the data VLAN is marked" vw gw policy-set 'policy{' voice-vlan=100 rogue=1 dscp-rtp=44 '}'
ok "so is a data VLAN" vw gw port-set 'port{' ifname=lan0 mode=0 data-vlan=10 '}'
ip -n phone route add 192.0.2.10 via 10.1.10.1
ok "a PC's media" talk pass 0
ok "is marked" talk pass 44
ok "the end" talk_end

# ---- out of IPsec and into it ----

sa() { # SOURCE DESTINATION
	local netns

	for netns in gw hq; do
		ip -n $netns xfrm state add src "$1" dst "$2" proto esp spi 0x1000 reqid 1 mode transport \
			aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128 || return 1
	done
}
policy() { # NETNS DIRECTION SOURCE DESTINATION
	ip -n "$1" xfrm policy add src "$3" dst "$4" proto udp dir "$2" \
		tmpl src "$3" dst "$4" proto esp reqid 1 mode transport
}
for family in 4 6; do
	near=192.0.2.2 there=192.0.2.10
	[ $family = 4 ] || near=2001:db8::2 there=2001:db8::10
	ok "IPv$family: a call before IPsec" talk_start --wan $family
	ok "IPv$family: an SA each way" eval "sa $near $there && sa $there $near"
	ok "IPv$family: a policy each way" eval "policy gw out $near $there && policy gw in $there $near &&
		policy hq out $there $near"
	ok "IPv$family: media leaves as ESP" talk out 3
	ok "IPv$family: and comes as ESP" talk in 3
	ok "IPv$family: the end" talk_end
	for netns in gw hq; do
		ip -n $netns xfrm policy flush
		ip -n $netns xfrm state flush
	done
done
