# SPDX-License-Identifier: GPL-2.0-or-later
# What each unit test links: UNIT_<name> := sources, UNIT_<name>_PKGS := pkg-config names.
CONF_SRC := agent/conf.c agent/conf_build.c agent/conf_port.c agent/conf_resolved.c agent/conf_section.c agent/conf_trunk.c agent/value.c
UNIT_conf := $(CONF_SRC) kmod/core/names.c kmod/core/policy.c kmod/core/srtp.c
UNIT_conf_PKGS := libconfuse
UNIT_names := kmod/core/names.c
UNIT_srtp := kmod/core/srtp.c
UNIT_ghash := kmod/core/ghash.c
UNIT_frame := kmod/core/frame.c
UNIT_rtp := kmod/core/rtp.c
UNIT_rtcp := kmod/core/rtcp.c
UNIT_sipline := kmod/core/sipline.c
UNIT_policy := kmod/core/policy.c
UNIT_classify := kmod/core/classify.c kmod/core/content.c kmod/core/track.c kmod/core/rtp.c kmod/core/sipline.c
SDP_SRC := agent/media/text.c agent/media/codec.c agent/media/endpoint.c agent/media/sdes.c agent/media/sdp.c agent/media/sdp_write.c agent/secret.c kmod/core/srtp.c
MEDIA_SRC := $(SDP_SRC) agent/media/pact.c agent/media/session.c agent/media/streams.c agent/media/portalloc.c agent/log.c kmod/core/names.c
MESSAGE_SRC := agent/sip/message.c agent/sip/osip.c agent/sip/param.c agent/sip/via.c agent/sip/body.c agent/media/text.c agent/secret.c agent/media/endpoint.c kmod/core/sipline.c
EDGE_SRC := $(MEDIA_SRC) agent/media/quality.c agent/media/mos.c $(filter-out agent/media/% agent/secret.c,$(MESSAGE_SRC)) agent/sip/rewrite.c agent/sip/budget.c agent/sip/limits.c agent/sip/request.c agent/sip/route.c agent/sip/response.c agent/sip/register.c agent/sip/hangup.c agent/sip/fallback.c agent/sip/offer.c agent/sip/call.c agent/sip/hairpin.c agent/sip/transaction.c agent/sip/edge_core.c agent/sip/persist.c agent/sip/listing.c
# The edge, with what a phone and the far side say to it.
FLOWS := binding edge exchange family fork hairpin heard hostile keywalk limits refusal rekey restart
$(foreach t,$(FLOWS),$(eval UNIT_$(t) := tests/unit/edge_rig.c tests/unit/edge_flow.c $(EDGE_SRC)))
$(foreach t,$(FLOWS),$(eval UNIT_$(t)_PKGS := libosip2 openssl jansson))
UNIT_reload := agent/sip/edge.c agent/sip/transport.c agent/loop.c $(EDGE_SRC)
UNIT_reload_PKGS := libosip2 openssl jansson libevent
UNIT_pcapflow := cli/pcapflow.c kmod/core/frame.c kmod/core/classify.c kmod/core/content.c kmod/core/track.c kmod/core/rtp.c kmod/core/sipline.c
UNIT_plan := agent/plan.c
UNIT_agent := agent/agent.c agent/log.c
UNIT_agent_PKGS := jansson
UNIT_value := agent/value.c
UNIT_state := agent/state.c
UNIT_state_PKGS := jansson
UNIT_control := agent/control/socket.c agent/control/client.c agent/loop.c
UNIT_control_PKGS := jansson libevent
UNIT_secret := agent/secret.c agent/log.c
UNIT_secret_PKGS := openssl
UNIT_sdes := agent/media/sdes.c agent/media/text.c agent/secret.c kmod/core/srtp.c
UNIT_sdes_PKGS := openssl
UNIT_sdp := $(SDP_SRC) agent/media/session.c agent/media/pact.c
UNIT_sdp_PKGS := openssl
UNIT_budget := agent/sip/budget.c agent/media/endpoint.c
# It has a table of suites of its own.
UNIT_tags := $(filter-out kmod/core/srtp.c,$(SDP_SRC)) agent/media/session.c agent/media/pact.c
UNIT_tags_PKGS := openssl
UNIT_mos := agent/media/mos.c agent/media/codec.c
UNIT_quality := agent/media/quality.c agent/media/mos.c agent/media/codec.c
UNIT_message := $(MESSAGE_SRC)
UNIT_message_PKGS := libosip2 openssl
