# SPDX-License-Identifier: GPL-2.0-or-later
# What each unit test links: UNIT_<name> := sources, UNIT_<name>_PKGS := pkg-config names.
