# SPDX-License-Identifier: GPL-2.0-or-later
#
# What of the media on the WAN is sealed? Every packet there is compared with the
# clear one that it belongs to on the phone's own wire.
#
#   awk -v branch=ADDRESS -f wan.awk phone.tsv wan.tsv     -> clear_rtp N, srtp N, ...
#
# Lines: time, source, destination, source port, destination port, payload in hex;
# udp.sh makes them. RTP and RTCP are told by their version (the first two bits) on
# every port, and by type (RFC 5761, 4). A packet is SRTP when it has the header of
# the phone's packet with the same SSRC, sequence number and timestamp, is longer
# by the tag, and differs in all the rest; likewise SRTCP, longer by index and tag.
# What isn't proven so is clear, with one exception, counted as unmatched: packets
# from the head office that never reached the phone, when they have the length of
# those of the same SSRC that were proven, or aren't whole as clear RTCP.

BEGIN {
	FS = "\t"
	TAG = 20		# hex digits of 80 bits
	INDEX = 8
	RTP_HEAD = 24
	RTCP_HEAD = 16
}

function is_media(p) { return p ~ /^[89ab]/ && length(p) >= RTCP_HEAD }
function is_rtcp(p) { return substr(p, 3, 1) ~ /[cd]/ }
function rtp_key(p) { return substr(p, 5, 20) }

# Of eight bytes, one stays as it was in every thirtieth packet, by chance; three do
# in one of 300,000. An eighth of a long body is no chance.
function body_differs(a, b, head,    n, i, same) {
	n = length(b) - head
	for (i = head + 1; i < length(b); i += 2)
		if (substr(a, i, 2) == substr(b, i, 2))
			same += 2
	if (n < 16)
		return substr(a, head + 1, n) != substr(b, head + 1)
	return same <= 4 || same * 8 < n
}

# Do the lengths in the headers of clear RTCP add up?
function is_whole(p,    at, i, words) {
	for (at = 1; at + 7 <= length(p); at += words * 8) {
		words = 0
		for (i = at + 4; i < at + 8; i++)
			words = words * 16 + index("0123456789abcdef", substr(p, i, 1)) - 1
		words++
	}
	return at == length(p) + 1
}

function complain(what) { print what, $1, $2, $3, length($6) / 2 > "/dev/stderr" }

FNR == 1 { file++ }
!is_media($6) { next }

file == 1 {
	if (is_rtcp($6))
		rtcp[substr($6, 1, RTCP_HEAD), length($6)] = $6
	else
		rtp[rtp_key($6)] = $6
	next
}

is_rtcp($6) {
	n = length($6)
	ref = rtcp[substr($6, 1, RTCP_HEAD), n - INDEX - TAG]
	if (ref != "" && substr($6, n - INDEX - TAG + 1, 1) ~ /[89a-f]/ && body_differs($6, ref, RTCP_HEAD))
		srtcp++
	else if ($3 != branch) {
		clear_rtcp++
		complain("clear RTCP")
	} else if (is_whole($6))
		hq_clear_rtcp++
	else
		unmatched++
	next
}

{
	n = length($6)
	ssrc = substr($6, 17, 8)
	ref = rtp[rtp_key($6)]
	if (ref != "" && n == length(ref) + TAG && substr($6, 1, RTP_HEAD) == substr(ref, 1, RTP_HEAD) &&
	    body_differs($6, ref, RTP_HEAD)) {
		srtp++
		proven[ssrc, n] = 1
	} else if (ref == "" && $3 == branch) {
		waiting[++late] = ssrc SUBSEP n
	} else {
		clear_rtp++
		complain("clear RTP")
	}
}

END {
	for (i = 1; i <= late; i++)
		if (waiting[i] in proven)
			unmatched++
		else
			clear_rtp++
	printf "clear_rtp %d\nsrtp %d\nsrtcp %d\nclear_rtcp %d\nhq_clear_rtcp %d\nunmatched %d\n",
		clear_rtp, srtp, srtcp, clear_rtcp, hq_clear_rtcp, unmatched
}
