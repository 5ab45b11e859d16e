#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Dependencies point one way: tests -> cli -> agent -> kmod/uapi and kmod/core;
# kmod/*.c -> core and uapi; core -> its own headers, uapi and env.h only.
# Also: an SPDX line in every file, kernel versions only in compat/.

cd "$(dirname "$0")/../.." || exit 1
n=0 status=0

check() { # NAME: passes when standard input is empty
	local found
	found=$(cat)
	n=$((n + 1))
	if [ -z "$found" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# /' <<<"$found"
		status=1
	fi
}

includes() { # FILES...: "file:line:header" of every quoted include
	git ls-files -- "$@" | xargs -r grep -nHoE '^#include "[^"]+"' | sed 's/#include "//; s/"$//'
}

check "core includes only itself and the uapi" < <(
	includes 'kmod/core/*' | grep -vE ':([a-z_]+\.h|\.\./uapi/linux/voxwall\.h)$')
check "only env.h includes system headers in core" < <(
	git ls-files 'kmod/core/*' | grep -v 'env\.h$' | xargs -r grep -nE '^#include <')
check "only env.h knows kernel from user space" < <(
	git ls-files 'kmod/core/*' | grep -v 'env\.h$' | xargs -r grep -n '__KERNEL__')
check "env.h stays small" < <(
	awk 'END { if (NR > 60) print FILENAME ": " NR " lines" }' kmod/core/env.h)
check "the module includes nothing of user space" < <(
	includes 'kmod/*.c' 'kmod/*.h' | grep -E ':(.*agent|.*cli|.*tests)/')
check "the agent includes neither the CLI nor the tests" < <(
	includes 'agent/*' | grep -E ':(.*/)?(cli|tests)/')
check "user space takes only core and uapi from the module" < <(
	includes 'agent/*' 'cli/*' | grep -E 'kmod/' | grep -vE 'kmod/(core/[a-z_]+\.h|uapi/linux/voxwall\.h)$')
check "kernel versions are known in compat/ only" < <(
	git ls-files 'kmod/*' | grep -v '^kmod/compat/' | xargs -r grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\(')
check "no source includes another" < <(
	git ls-files '*.[ch]' | xargs -r grep -nE '#include "[^"]*\.c"')
check "every file names its licence" < <(
	git ls-files | grep -vE '^(LICENSE|\.gitignore|README\.md|tests/corpus/.*|.*\.(json|pcap|pcapng|png|svg))$' |
		xargs -r grep -L 'SPDX-License-Identifier: GPL-2.0-or-later')
check "every shell script parses" < <(
	git ls-files '*.sh' '.ci/run' 'scripts/*' 'tests/run' | while read -r f; do
		head -n 1 "$f" | grep -qE '^#!.*\bbash' && ! bash -n "$f" 2>&1
		head -n 1 "$f" | grep -qE '^#!/bin/sh' && ! dash -n "$f" 2>&1
	done)
echo "1..$n"
exit $status
