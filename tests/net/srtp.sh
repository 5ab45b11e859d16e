#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module's SRTP against libsrtp2, over real packets; the topology is drawn in
# topo/srtp.sh.

here=$(dirname "$0")
. "$here/lib/tap.sh"
. "$here/topo/srtp.sh"
tools=$T_TOP/build/tools

diff() { # DESC ARGUMENT...
	local desc=$1

	shift
	ok "$desc" "$tools/srtpdiff" "$@"
}

# The rig loads the module by file, so without its fast drivers: as on a machine
# that has none.
srtp_up
diff "IPv4, generic drivers" --packets 700 --seed 1
ok "the module loads again after the fast drivers" srtp_fast
ok "a stream to ask" "$tools/srtplife" leave
is "the inner driver is found" "$(srtp_driver)" "driver=__ctr-aes-aesni,"
diff "IPv4, RTCP on its own port" --packets 3000 --seed 1
diff "IPv6, RTCP on its own port" --lan 6 --wan 6 --packets 1000 --seed 2
diff "IPv4, rtcp-mux" --mux --packets 1000 --seed 3
diff "IPv6, rtcp-mux" --lan 6 --wan 6 --mux --packets 1000 --seed 4
diff "an IPv4 phone, an IPv6 trunk" --wan 6 --packets 1000 --seed 5
diff "an IPv6 phone, an IPv4 trunk" --lan 6 --packets 1000 --seed 6
