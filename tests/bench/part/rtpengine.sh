# SPDX-License-Identifier: GPL-2.0-or-later
#
# rtpengine with its kernel module, driven through its ng protocol. A figure counts
# only when the module's own list says that it has sent the packets.

RE_NG=2223
RE_SUITES="AES_CM_128_HMAC_SHA1_80 AES_256_CM_HMAC_SHA1_80 AEAD_AES_128_GCM AEAD_AES_256_GCM"
re_call=0

# The master key and salt of bench.h's peer_key().
re_key() { # SUITE
	local i n=30

	case $1 in
	AES_256_CM*) n=46 ;;
	AEAD_AES_128_GCM) n=28 ;;
	AEAD_AES_256_GCM) n=44 ;;
	esac
	for ((i = 0; i < n; i++)); do
		printf "\\x$(printf %02x $(((17 + 29 * i) & 255)))"
	done | base64 -w 0
}

# ---- the ng protocol: bencoded dictionaries in UDP ----

re_text() { printf '%d:%s' "${#1}" "$1"; }

re_dictionary() { # KEY VALUE...; a value "l WORD..." is a list
	local word

	printf d
	while [ $# -gt 0 ]; do
		re_text "$1"
		if [[ $2 == "l "* ]]; then
			printf l
			for word in ${2#l }; do re_text "$word"; done
			printf e
		else
			re_text "$2"
		fi
		shift 2
	done
	printf e
}

re_ask() { # KEY VALUE...: sets re_answer
	re_cookie=$((re_cookie + 1))
	re_answer=$(ip netns exec re bash -c '
		exec 3<>/dev/udp/127.0.0.1/'$RE_NG'
		cat >/run/re-question
		cat /run/re-question >&3
		timeout 36000 dd bs=64k count=1 status=none <&3' \
		< <(printf 'bench%d ' $re_cookie; re_dictionary "$@") | tr -d '\0')
	[[ $re_answer == *6:result2:ok* ]]
}
re_cookie=0

re_sdp() { # NAME PORT PROTOCOL [LINE]
	printf '%s\r\n' v=0 "o=- 1 1 IN IP4 $1" s=- "c=IN IP4 $1" "t=0 0" \
		"m=audio $2 $3 0" "a=rtpmap:0 PCMU/8000" a=sendrecv ${4:+"$4"}
	printf .
}

re_answer_port() { sed -n 's/.*m=audio \([0-9]*\).*/\1/p' <<<"$re_answer" | head -n 1; }

# ---- the daemon; while nothing happens the machine's time flies, so no time-outs ----

re_up() {
	gateway re
	modprobe -a $(modinfo -F depends "$rtpengine_ko" | tr , " ")
	insmod "$rtpengine_ko"
	ip netns exec re iptables -I INPUT -p udp -j RTPENGINE --id 0
	mkdir -p /run/rtpengine
	ip netns exec re rtpengine --table=0 --no-fallback --foreground --log-stderr --log-level=6 \
		--interface=lan/10.1.100.1 --interface=wan/192.0.2.2 \
		--listen-ng=127.0.0.1:$RE_NG --port-min=30000 --port-max=31000 \
		--timeout=86400 --silent-timeout=86400 --delete-delay=0 \
		--pidfile=/run/rtpengine/pid >"$build/rtpengine.log" 2>&1 </dev/null &
	re_pid=$!
	poll 36000 re_lives || fail "rtpengine doesn't answer: ${re_answer-}"
}

re_lives() {
	re_ask command ping || :
	[[ $re_answer == *6:result4:pong* ]]
}

re_down() {
	kill "$re_pid"
	wait "$re_pid" 2>/dev/null || :
	ip netns del re
}

# re_packets ADDRESS:PORT: what the module's list says about the stream to it.
re_packets() {
	awk -v local="$1" '/^local / { ours = $NF == local }
		ours && /stats:.* packets,/ { print $4 }' /proc/rtpengine/0/list
}

# ---- calls ----

# re_begin [SUITE]: sets re_lan and re_wan, the ports towards the phone and the PBX.
re_begin() {
	local suite=${1-} protocol=RTP/AVP sdp tag=

	[ -z "$suite" ] || protocol=RTP/SAVP
	re_call=$((re_call + 1))
	sdp=$(re_sdp 10.1.100.11 4000 RTP/AVP)
	re_ask command offer call-id "bench$re_call" from-tag phone sdp "${sdp%.}" ICE remove \
		direction "l lan wan" transport-protocol $protocol ||
		fail "rtpengine refuses an offer: $re_answer"
	re_wan=$(re_answer_port)
	if [ -n "$suite" ]; then
		tag=$(grep -oE "a=crypto:[0-9]+ $suite " <<<"$re_answer" | grep -oE '[0-9]+' | head -n 1)
		[ -n "$tag" ] || fail "rtpengine doesn't offer $suite"
	fi
	sdp=$(re_sdp 192.0.2.10 5000 $protocol \
		"${tag:+a=crypto:$tag $suite inline:$(re_key "$suite")}")
	re_ask command answer call-id "bench$re_call" from-tag phone to-tag hq sdp "${sdp%.}" \
		ICE remove || fail "rtpengine refuses an answer: $re_answer"
	re_lan=$(re_answer_port)
}

re_end() { re_ask command delete call-id "bench$re_call" from-tag phone || :; }

# The daemon looks at a stream's first packets itself before the module gets it.
re_settled() { # OPTION...
	re_seq=$((re_seq + 2))
	bench re feed --warmup 0 --rounds 1 --seq $re_seq "$@"
}

re_row() { # NAME SUITE ADDRESS:PORT OPTION...
	local name=$1 suite=$2 local=$3 before after

	shift 3
	set -- --dport "${local#*:}" "$@"
	re_seq=1
	poll 36000 re_settled "$@" || fail "rtpengine: $name $suite never came to the kernel's module"
	before=$(re_packets "$local")
	row re "$name" rtpengine "$suite" --seq $((re_seq + 10)) "$@"
	after=$(re_packets "$local")
	[ $((after - before)) = 320 ] ||
		fail "rtpengine's module counted $((after - before)) packets of 320 ($name $suite)"
}

part_rtpengine() {
	local suite

	re_up
	re_begin
	re_row relay "" "10.1.100.1:$re_lan" --road phone
	re_end
	for suite in $RE_SUITES; do
		re_begin "$suite"
		re_row seal "$suite" "10.1.100.1:$re_lan" --road phone
		re_row open "$suite" "192.0.2.2:$re_wan" --road down --suite "$suite"
		re_end
	done
	re_down
}
