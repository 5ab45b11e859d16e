# SPDX-License-Identifier: GPL-2.0-or-later
#
# RTP that reached the phone though 2001 didn't send it, or oftener than 2001 did.
#
#   awk -f extra.awk hq.tsv phone.tsv    -> the moment of each
#
# Lines as in wan.awk. A header stays readable when a packet is sealed, so SSRC,
# sequence number and timestamp tell packets apart on either side.

BEGIN { FS = "\t" }
FNR == 1 { file++ }
$6 !~ /^[89ab]/ || substr($6, 3, 1) ~ /[cd]/ || length($6) < 24 { next }
{ key = substr($6, 5, 20) }
file == 1 { sent[key]++; next }
sent[key]-- <= 0 { print $1 }
