# SPDX-License-Identifier: GPL-2.0-or-later
#
# results.json as a table: 160 bytes, IPv4, one stream; the ratio is to rtpengine's
# same job where it was measured, else to plain forwarding.

map(select(.payload == 160 and .family == 4 and .streams == 1 and .instructions_per_packet)) as $rows
| ($rows | map(select(.peer == "linux" and .name == "forward")) | .[0].instructions_per_packet) as $plain
| ($rows | map(select(.peer == "rtpengine"))) as $rival
| ["path|suite|peer|instructions|compared"],
  ($rows[] | . as $row
   | ($rival | map(select(.name == $row.name and .suite == $row.suite))
      | .[0].instructions_per_packet) as $same
   | [.name, .suite, .peer, .instructions_per_packet,
      if .peer == "voxwall" and $same then
        "\($same / .instructions_per_packet * 10 | round / 10) times less than rtpengine"
      elif $plain and .peer != "linux" and (.name | contains("added") | not) then
        "\(.instructions_per_packet / $plain * 100 | round / 100) of plain forwarding"
      else "" end]
   | [join("|")])
| .[]
