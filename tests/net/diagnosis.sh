#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets that don't open: what the module says of them, that nothing comes of it but
# that, and that a sample never outlives what it belongs to. The topology is drawn in
# topo/srtp.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"
why=$T_TOP/build/tools/srtpwhy

# The rig loads the module by file, so without its fast drivers.
srtp_up
for suite in AES_CM_128_HMAC_SHA1_80 AEAD_AES_128_GCM; do
	ok "why-key, generic drivers, $suite" "$why" why-key --suite $suite
	ok "why-roc, generic drivers, $suite" "$why" why-roc --suite $suite
done
ok "the module loads again after the fast drivers" srtp_fast
for name in $("$why"); do
	[ "$name" != why-leave ] || continue
	ok "$name" "$why" "$name"
	ok "$name with GCM, over IPv6 and rtcp-mux" "$why" "$name" --lan 6 --wan 6 --mux \
		--suite AEAD_AES_256_GCM
done
ok "why-rekey, authenticated only" "$why" why-rekey --suite NULL_HMAC_SHA1_32

# ---- in words ----

stream() { ip netns exec gw "$T_TOP/build/voxwall" stream "$@"; }

ok "a stream with a diagnosis" "$why" why-leave
ok "it is listed" grep -q "^2 .* wrong-key " <(stream list)
ok "and a stream without one, too" grep -qE "^1 .* [0-9]+ +- +" <(stream list)
ok "it is shown" grep -q "diagnosis *wrong-key: no key .*; SRTP from SSRC 5eed5eed, .* ago" \
	<(stream show 2)
ok "with what to do" grep -q "compare the keys" <(stream show 2)
ok "and how many there were" grep -qE "samples +[0-9]+ wrong-key$" <(stream show 2)
ok "as JSON, too" jq -e '.diagnosis | .verdict == "wrong-key" and .samples["wrong-key"] > 0 and
	.samples.replayed == 0 and (.hint | length) > 0 and .ssrc == 1592614637 and .rtcp == false' \
	<(stream show 2 --json)
ok "nothing, as JSON" jq -e '.diagnosis == null' <(stream show 1 --json)
nok "and nothing is shown of it" grep -q diagnosis <(stream show 1)

# ---- ends ----

ok "a sample waits" "$why" why-leave
ip netns del gw
gone() { ! ip netns list | grep -qw gw; }
ok "the namespace can go with it" poll 10 gone
ip netns del phone
ip netns del hq
T_EXIT=()
srtp_up
ok "a sample waits" "$why" why-leave
ok "the module unloads with it" poll 10 rmmod voxwall
