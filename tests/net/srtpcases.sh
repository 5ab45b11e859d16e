#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What attackers, re-keys, odd packets and ends do to streams; the topology is
# drawn in topo/srtp.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"

srtp_up
ok "the module loads again after the fast drivers" srtp_fast
for tool in srtpattack srtplife srtpkey srtpreport srtprows; do
	names=$("$tools/$tool")
	for name in $names; do
		# These belong to srtpends.sh.
		case $name in leave | covered | huge) continue ;; esac
		srtp_ways "$name" "$tools/$tool" "$name"
	done
done

for name in both segments large restart; do
	ok "$name with GCM" "$tools/srtplife" "$name" --suite AEAD_AES_128_GCM
done
for name in rekey-open rekey-seal mki lifetime-forged; do
	ok "$name with GCM" "$tools/srtpkey" "$name" --suite AEAD_AES_128_GCM
done
ok "lives with GCM" "$tools/srtprows" lives --suite AEAD_AES_128_GCM
