# SPDX-License-Identifier: GPL-2.0-or-later
# What each unit test links: UNIT_<name> := sources, UNIT_<name>_PKGS := pkg-config names.
CONF_SRC := agent/conf.c agent/conf_build.c agent/conf_port.c agent/conf_section.c agent/conf_trunk.c agent/value.c
UNIT_conf := $(CONF_SRC) kmod/core/names.c kmod/core/policy.c kmod/core/srtp.c
UNIT_conf_PKGS := libconfuse
UNIT_names := kmod/core/names.c
UNIT_srtp := kmod/core/srtp.c
UNIT_frame := kmod/core/frame.c
UNIT_rtp := kmod/core/rtp.c
UNIT_sipline := kmod/core/sipline.c
UNIT_policy := kmod/core/policy.c
UNIT_classify := kmod/core/classify.c kmod/core/content.c kmod/core/track.c kmod/core/rtp.c kmod/core/sipline.c
