# SPDX-License-Identifier: GPL-2.0-or-later
# What each fuzz target links: FUZZ_<name> := sources, FUZZ_<name>_PKGS := pkg-config names.
