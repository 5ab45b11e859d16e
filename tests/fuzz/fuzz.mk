# SPDX-License-Identifier: GPL-2.0-or-later
# What each fuzz target links: FUZZ_<name> := sources, FUZZ_<name>_PKGS := pkg-config names.
FUZZ_frame := kmod/core/frame.c
FUZZ_rtp := kmod/core/rtp.c kmod/core/srtp.c
FUZZ_sipline := kmod/core/sipline.c
FUZZ_classify := kmod/core/classify.c kmod/core/content.c kmod/core/track.c kmod/core/rtp.c kmod/core/sipline.c
