# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh: a softphone in a network namespace. It plays a WAV
# file into its calls and records what it hears, frame by frame as decoded.
#
#   baresip_start NAME NETNS ADDRESS WAV ACCOUNT     ACCOUNT as in baresip's accounts file
#                                                    BARESIP_INTERFACE: where its media is, on a host with several
#   baresip_say NAME COMMAND [PARAMETERS]            dial, accept, hold, resume, hangup, ...
#   baresip_seen NAME EVENT                          how often the event has come
#   baresip_heard_ms NAME MS                         has the last call heard this much?
#   baresip_heard NAME FILE.wav                      keep what the last call heard
#
# It is driven over baresip's ctrl_tcp: netstrings of JSON. A helper in the same
# namespace copies commands from a pipe and events to $T_DIR/NAME/events.

baresip_config() {
	local directory=$1 address=$2 wav=$3 family=ipv4

	[ "${address#\[}" = "$address" ] || family=ipv6

	cat <<-CONFIG
	poll_method epoll
	sip_listen $address:5060
	net_af $family
	${BARESIP_INTERFACE:+net_interface $BARESIP_INTERFACE}
	call_local_timeout 120
	call_max_calls 4
	audio_path $directory
	audio_player aubridge,sink
	audio_source aufile,$wav
	audio_alert aubridge,alert
	ausrc_srate 8000
	auplay_srate 8000
	ausrc_channels 1
	auplay_channels 1
	audio_txmode thread
	audio_buffer 40-400
	jitter_buffer_delay 5-50
	rtp_stats yes
	rtcp_mux no
	statmode_default off
	snd_path $directory/heard
	ctrl_tcp_listen 127.0.0.1:4444
	module_path /usr/lib/baresip/modules
	module g711.so
	module aufile.so
	module aubridge.so
	module sndfile.so
	module srtp.so
	module ctrl_tcp.so
	module_app account.so
	module_app menu.so
	CONFIG
}

# Runs inside the namespace: pipe -> baresip -> events.
baresip_link() {
	exec 4<>/dev/tcp/127.0.0.1/4444
	cat <&4 >"$1/events" &
	exec 5<>"$1/commands"
	cat <&5 >&4
}

baresip_start() {
	local name=$1 netns=$2 address=$3 wav=$4 account=$5 directory=$T_DIR/$1

	mkdir -p "$directory/heard"
	mkfifo "$directory/commands"
	: >"$directory/events"
	: >"$directory/contacts"
	baresip_config "$directory" "$address" "$wav" >"$directory/config"
	echo "$account" >"$directory/accounts"
	spawn "$name" "$netns" baresip -v -s -f "$directory"
	poll 20 baresip_listens "$netns" || return 1
	spawn "$name-link" "$netns" bash -c "$(declare -f baresip_link); baresip_link $directory"
	# Events go to who is connected. An answer says that this link is.
	baresip_say "$name" listcalls
	poll 20 grep -qa '"response":true' "$directory/events"
}

baresip_listens() { ip netns exec "$1" ss -Hltn 'src 127.0.0.1:4444' | grep -q .; }

baresip_say() {
	local json

	json=$(printf '{"command":"%s","params":"%s"}' "$2" "${3:-}")
	printf '%d:%s,' ${#json} "$json" >"$T_DIR/$1/commands"
}

# The first answer can come before anybody listens for events, so ask the log.
baresip_registered() { grep -qa '200 OK (.*binding' "$T_DIR/$1.log"; }

baresip_seen() { grep -oa "\"type\":\"$2\"" "$T_DIR/$1/events" | wc -l; }

# baresip_saw NAME EVENT [TIMES]: for poll.
baresip_saw() { [ "$(baresip_seen "$1" "$2")" -ge "${3:-1}" ]; }

# The recorder names its files by the time of the call: the last one is the last call's.
baresip_recording() { find "$T_DIR/$1/heard" -name '*dec.wav' | sort | tail -n 1 | grep .; }

# A recording under way lacks its length, but grows as the phone hears.
baresip_heard_ms() {
	local file

	file=$(baresip_recording "$1") || return 1
	[ $(($(stat -c %s "$file") / 16)) -ge "$2" ]
}

baresip_heard() {
	local file

	file=$(baresip_recording "$1") && cp "$file" "$2"
}
