#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sources that streams latch, and strangers that they don't; the topology is drawn in
# topo/srtp.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"
tool=$T_TOP/build/tools/srtplatch

srtp_up
for name in $("$tool"); do
	srtp_ways "$name" "$tool" "$name"
done
