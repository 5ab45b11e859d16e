#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module's SRTP against libsrtp2, over real packets; the topology is drawn in
# topo/srtp.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"
tools=$T_TOP/build/tools

# Loading by file skips what modprobe would load first.
modprobe -a aesni_intel sha1_ssse3 2>/dev/null || :

srtp_up
ok "IPv4, RTCP on its own port" "$tools/srtpdiff" --packets 2000 --seed 1
ok "IPv6, RTCP on its own port" "$tools/srtpdiff" --lan 6 --wan 6 --packets 1000 --seed 2
ok "IPv4, rtcp-mux" "$tools/srtpdiff" --mux --packets 1000 --seed 3
ok "IPv6, rtcp-mux" "$tools/srtpdiff" --lan 6 --wan 6 --mux --packets 1000 --seed 4
ok "an IPv4 phone, an IPv6 trunk" "$tools/srtpdiff" --wan 6 --packets 1000 --seed 5
ok "an IPv6 phone, an IPv4 trunk" "$tools/srtpdiff" --lan 6 --packets 1000 --seed 6
