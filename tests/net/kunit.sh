#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LANES: debug
#
# KUnit: the core's tables inside the kernel. Stock kernels come without it.
. "$(dirname "$0")/lib/tap.sh"

KO=$T_TOP/build/kunit/voxwall_kunit.ko

# What KUnit said: lines "ok 1 - name" and "not ok 2 - name", deeper for each case.
said() { dmesg | sed 's/^\[[^]]*\] //' | grep -E "^ +(not )?ok [0-9]+ (- )?$1" | tail -n 1; }
passed() { [[ $(said "$1") == *ok* && $(said "$1") != *"not ok"* ]]; }

ok "the tests load" insmod "$KO"
for name in index_estimate replay_window lives senders; do
	ok "in the kernel: $name" passed $name
done
diag "$(dmesg | grep -A40 'Subtest: voxwall' | head -n 60)"
ok "they unload" rmmod voxwall_kunit
