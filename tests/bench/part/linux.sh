# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the kernel does by itself: forward, forward with connection tracking, and
# with an nft flowtable.

linux_peer() { # NETNS PEER: every size and family, then many streams
	local family payload

	for family in 4 6; do
		for payload in 160 32 1188; do
			row "$1" forward "$2" "" --road across --family $family --payload $payload
		done
	done
	row "$1" forward "$2" "" --road across --streams 1000 --warmup 3 --rounds 1
	row "$1" forward "$2" "" --road across --streams 20000 --warmup 3 --rounds 1
}

linux_conntrack() {
	ip netns exec track nft -f - <<-'NFT'
	table inet filter {
		chain forward {
			type filter hook forward priority filter; policy accept;
			ct state established,related,new accept
		}
	}
	NFT
}

# No flow may expire between two figures, however long the host takes.
linux_remember() { # NETNS
	local word

	modprobe -a nf_conntrack nf_flow_table
	for word in nf_conntrack_udp_timeout nf_conntrack_udp_timeout_stream nf_flowtable_udp_timeout; do
		ip netns exec "$1" sysctl -qw net.netfilter.$word=86400
	done
}

linux_flowtable() {
	ip netns exec flow nft -f - <<-'NFT'
	table inet filter {
		flowtable fast {
			hook ingress priority filter; devices = { lan1, wan0 };
		}
		chain forward {
			type filter hook forward priority filter; policy accept;
			meta l4proto udp flow add @fast
		}
	}
	NFT
}

part_linux() {
	gateway plain
	linux_peer plain linux
	gateway track
	linux_remember track
	linux_conntrack
	linux_peer track conntrack
	[ "$(cat /proc/sys/net/netfilter/nf_conntrack_count)" = 0 ] ||
		fail "connections are tracked where they shouldn't be"
	[ "$(ip netns exec track sysctl -n net.netfilter.nf_conntrack_count)" -ge 20000 ] ||
		fail "conntrack has not seen the streams"
	gateway flow
	linux_remember flow
	linux_flowtable
	linux_peer flow flowtable
	ip netns exec flow grep -q OFFLOAD /proc/net/nf_conntrack ||
		fail "the flowtable has not taken a flow over"
	ip netns del flow
	ip netns del track
}
