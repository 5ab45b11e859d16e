# SPDX-License-Identifier: GPL-2.0-or-later
# What each fuzz target links: FUZZ_<name> := sources, FUZZ_<name>_PKGS := pkg-config names.
FUZZ_frame := kmod/core/frame.c
FUZZ_policy := kmod/core/policy.c kmod/core/frame.c
FUZZ_rtp := kmod/core/rtp.c kmod/core/srtp.c
FUZZ_ext := kmod/core/ext.c kmod/core/rtp.c
FUZZ_rtcp := kmod/core/rtcp.c
FUZZ_sipline := kmod/core/sipline.c
FUZZ_classify := kmod/core/classify.c kmod/core/content.c kmod/core/track.c kmod/core/rtp.c kmod/core/sipline.c
FUZZ_sdes := agent/media/sdes.c agent/media/text.c agent/secret.c kmod/core/srtp.c
FUZZ_sdes_PKGS := openssl
FUZZ_sdp := $(SDP_SRC) agent/media/session.c agent/media/ownkey.c agent/media/pact.c
FUZZ_sdp_PKGS := openssl
FUZZ_sipmsg := $(MESSAGE_SRC) agent/sip/rewrite.c
FUZZ_sipmsg_PKGS := libosip2 openssl
