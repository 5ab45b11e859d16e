#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Key derivation rates, encrypted header extensions, and streams that join a source late,
# against an implementation of our own; the topology is drawn in topo/srtp.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/lib/module.sh"
. "$here/topo/srtp.sh"

srtp_up
ok "the module loads again after the fast drivers" srtp_fast

KEY=(key=000102030405060708090a0b0c0d0e0f salt=000102030405060708090a0b0c0d)
refused_key() { # DESC WANT WORD...
	refused "$1" "$2" gw stream-set 'stream{' id=1 'seal{' "${@:3}" '}' '}'
}
refused_key "a rate that is no power of two" "power of two" suite=1 "${KEY[@]}" kdr=12
refused_key "a rate without its key" "together with the key" suite=1 kdr=16
refused_key "header extension 0" "identifier 0" suite=1 "${KEY[@]}" ext-ids=0100
refused_key "a grace without the use of a key" "comes with the use" suite=1 "${KEY[@]}" grace=5
refused_key "a grace for what is sealed" "anyway" suite=1 "${KEY[@]}" use=1 grace=5
refused_key "no header extension at all" "" suite=1 "${KEY[@]}" ext-ids=
refused_key "header extensions that nothing encrypts" "encrypts nothing" \
	suite=9 "${KEY[@]}" ext-ids=01

for name in $("$tools/srtprare"); do
	srtp_ways "$name" "$tools/srtprare" "$name"
done
for suite in AES_CM_128_HMAC_SHA1_32 AES_192_CM_HMAC_SHA1_80 AES_256_CM_HMAC_SHA1_80 \
	AEAD_AES_128_GCM AEAD_AES_256_GCM NULL_HMAC_SHA1_80; do
	for name in kdr-open kdr-open-rtcp kdr-seal extensions extensions-kdr join; do
		ok "$name with $suite" "$tools/srtprare" "$name" --suite $suite
	done
done
