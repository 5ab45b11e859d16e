# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh: the head office's PBX, a Kamailio that registers
# phones in memory and relays calls between them. It stays in the dialog
# (Record-Route), keeps a phone's Path, touches no media and asks no password.

kamailio_config() {
	local address=$1

	cat <<-CONFIG
	#!KAMAILIO
	debug=2
	log_stderror=yes
	fork=yes
	children=2
	disable_tcp=yes
	auto_aliases=no
	dns=no
	rev_dns=no
	user_agent_header="User-Agent: kamailio"
	listen=udp:$address:5060
	mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
	loadmodule "tm.so"
	loadmodule "sl.so"
	loadmodule "rr.so"
	loadmodule "pv.so"
	loadmodule "maxfwd.so"
	loadmodule "textops.so"
	loadmodule "siputils.so"
	loadmodule "usrloc.so"
	loadmodule "registrar.so"
	modparam("usrloc", "db_mode", 0)
	modparam("registrar", "use_path", 1)
	modparam("registrar", "path_mode", 0)
	modparam("registrar", "max_contacts", 1)
	modparam("rr", "enable_full_lr", 1)

	request_route {
	    if (!mf_process_maxfwd_header("10")) {
	        sl_send_reply("483", "Too Many Hops");
	        exit;
	    }
	    if (is_method("CANCEL")) {
	        if (t_check_trans()) t_relay();
	        exit;
	    }
	    if (has_totag()) {
	        if (loose_route()) {
	            t_relay();
	            exit;
	        }
	        if (is_method("ACK")) {
	            if (t_check_trans()) t_relay();
	            exit;
	        }
	        sl_send_reply("404", "Not Here");
	        exit;
	    }
	    if (is_method("ACK")) exit;
	    t_check_trans();
	    if (is_method("REGISTER")) {
	        save("location");
	        exit;
	    }
	    if (is_method("OPTIONS") && \$rU == \$null) {
	        sl_send_reply("200", "OK");
	        exit;
	    }
	    if (is_method("INVITE|SUBSCRIBE")) record_route();
	    if (!lookup("location")) {
	        sl_send_reply("404", "Not Found");
	        exit;
	    }
	    t_relay();
	}
	CONFIG
}

# kamailio_start NETNS ADDRESS
kamailio_start() {
	mkdir -p "$T_DIR/kamailio"
	kamailio_config "$2" >"$T_DIR/kamailio/cfg"
	spawn kamailio "$1" kamailio -DD -E -f "$T_DIR/kamailio/cfg" -m 32 -M 4 \
		-Y "$T_DIR/kamailio" -w "$T_DIR/kamailio" -P "$T_DIR/kamailio/pid"
	poll 20 listens_udp "$1" "$2:5060"
}
