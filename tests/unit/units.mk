# SPDX-License-Identifier: GPL-2.0-or-later
# What each unit test links: UNIT_<name> := sources, UNIT_<name>_PKGS := pkg-config names.
CONF_SRC := agent/conf.c agent/conf_build.c agent/conf_port.c agent/conf_section.c agent/conf_trunk.c agent/value.c
UNIT_conf := $(CONF_SRC) kmod/core/names.c kmod/core/policy.c kmod/core/srtp.c
UNIT_conf_PKGS := libconfuse
