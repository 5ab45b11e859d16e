# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh and topo/pair.sh: programs that talk and aren't voice.
# Each noise_* lets one run between a and b; the servers are left to the clean-up.

A_IP=10.9.0.1
B_IP=10.9.0.2

in_a() { ip netns exec a timeout 100 "$@"; }
in_b() { ip netns exec b timeout 100 "$@"; }
serves() { ip netns exec b ss -Hlunt "sport = :$1" | grep -q .; }

noise_dns() {
	local n

	spawn dnsmasq b dnsmasq -k -C /dev/null -R -u root --address=/branch.example/192.0.2.80 \
		-x "$T_DIR/dnsmasq.pid"
	poll 10 serves 53
	for n in 1 2 3 4 5 6 7 8; do
		in_a kdig @$B_IP "host$n.branch.example" A +timeout=2
	done
	in_a kdig @$B_IP +tcp host.branch.example A
}

# No server, only somebody who listens: the first flight, sent again and again.
noise_quic() {
	spawn quiet b socat -u UDP-RECV:853 OPEN:/dev/null
	poll 10 serves 853
	in_a kdig @$B_IP +quic +timeout=4 +retry=1 host.branch.example A || :
}

# The port of SIP, and what stands there is close to SIP, too.
noise_http() {
	local n

	mkdir -p "$T_DIR/www"
	head -c 100000 /dev/urandom >"$T_DIR/www/file"
	spawn httpd b busybox httpd -f -p $B_IP:5060 -h "$T_DIR/www"
	poll 10 serves 5060
	for n in 1 2 3; do
		in_a busybox wget -q -O /dev/null "http://$B_IP:5060/file"
	done
}

# As large and as often as the packets of a telephone.
noise_iperf() {
	spawn iperf3 b iperf3 -s
	poll 10 serves 5201
	in_a iperf3 -c $B_IP -u -b 70k -l 172 -t 4
	in_a iperf3 -c $B_IP -u -b 70k -l 172 -t 2 -R
}

noise_random() {
	spawn sink b socat -u UDP-RECV:4000 OPEN:/dev/null
	poll 10 serves 4000
	head -c 17200 /dev/urandom | in_a socat -u -b 172 - "UDP-SENDTO:$B_IP:4000"
}

noise_turn() {
	spawn turnserver b turnserver -n -L $B_IP -E $B_IP -a -u me:secret -r example --no-tls \
		--no-dtls --no-cli --allow-loopback-peers --pidfile "$T_DIR/turn.pid" \
		-l "$T_DIR/turn.txt" -b "$T_DIR/turn.db"
	spawn turnpeer b turnutils_peer -L $B_IP
	poll 20 serves 3478
	in_a turnutils_stunclient -p 3478 $B_IP
	in_a turnutils_uclient -u me -w secret -e $B_IP -n 20 -m 2 $B_IP
}

noise_dtls() {
	noise_key dtls
	spawn dtls b openssl s_server -dtls -accept $B_IP:4433 -cert "$T_DIR/dtls.crt" \
		-key "$T_DIR/dtls.key" -quiet
	poll 10 serves 4433
	(sleep 3; echo hello) | in_a openssl s_client -dtls -connect $B_IP:4433 -quiet || :
}

noise_key() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
		-subj "/CN=$1" -keyout "$T_DIR/$1.key" -out "$T_DIR/$1.crt" 2>/dev/null
}

openvpn_end() { # NAME PEER LAST-OCTETS WORD...
	local name=$1 peer=$2 mine=$3 theirs=$4

	shift 4
	openvpn --dev tun1 --ifconfig "10.9.8.$mine" "10.9.8.$theirs" --cert "$T_DIR/$name.crt" \
		--key "$T_DIR/$name.key" --dh none --peer-fingerprint "$(openssl x509 -noout \
		-fingerprint -sha256 -in "$T_DIR/$peer.crt" | cut -d= -f2)" "$@"
}

noise_openvpn() {
	noise_key a
	noise_key b
	mkdir -p /dev/net
	[ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
	modprobe tun
	export -f openvpn_end
	export T_DIR
	spawn vpn-b b bash -c "openvpn_end b a 2 1 --tls-server"
	spawn vpn-a a bash -c "openvpn_end a b 1 2 --tls-client --remote $B_IP"
	poll 100 in_a busybox ping -q -c 1 -W 1 10.9.8.2
	in_a busybox ping -q -c 5 -i 0.2 -s 100 10.9.8.2
}

noise_wireguard() { in_a busybox ping -q -c 20 -i 0.1 -s 144 10.9.7.2; }

# Typed at the speed of somebody who can't.
noise_mosh() {
	local said

	said=$(in_b env LC_ALL=C.UTF-8 mosh-server new -i $B_IP -p 60001 -- /bin/cat 2>/dev/null | grep CONNECT)
	(for ((n = 0; n < 20; n++)); do echo "word $n"; sleep 0.1; done) |
		in_a env LC_ALL=C.UTF-8 TERM=xterm MOSH_KEY="${said##* }" timeout 60 \
			script -qc "stty rows 24 cols 80; mosh-client $B_IP 60001" /dev/null || :
}

# Peers find each other by their announcement on the link.
torrent_peer() { # NAME NETNS ADDRESS
	mkdir -p "$T_DIR/bt-$1"
	cat >"$T_DIR/bt-$1/settings.json" <<-JSON
	{ "bind-address-ipv4": "$3", "lpd-enabled": true, "dht-enabled": true, "utp-enabled": true,
	  "port-forwarding-enabled": false, "encryption": 2, "rpc-enabled": false }
	JSON
	spawn "bt-$1" "$2" env HOME="$T_DIR" transmission-cli -g "$T_DIR/bt-$1" \
		-w "$T_DIR/bt-$1" "$T_DIR/file.torrent"
}

torrent_done() { cmp -s "$T_DIR/bt-seed/payload" "$T_DIR/bt-get/payload"; }

noise_torrent() {
	mkdir -p "$T_DIR/bt-seed"
	head -c 400000 /dev/urandom >"$T_DIR/bt-seed/payload"
	transmission-create -o "$T_DIR/file.torrent" "$T_DIR/bt-seed/payload"
	torrent_peer seed a $A_IP
	sleep 3
	torrent_peer get b $B_IP
	poll 100 torrent_done
}
