# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by scripts/kernel: the debug kernel, built from Debian's source of 6.1.
#
# Its release carries a hash of the configuration and of this script: another of either
# is another kernel, and what is cached always is what they say.

DEBUG_SOURCE=linux-source-6.1
DEBUG_CONFIG=$here/kernel.d/debug.config

debug_hash() { cat "$DEBUG_CONFIG" "$here/kernel.d/debug.sh" | sha256sum | cut -c 1-8; }

debug_source() {
	local work=$1 options=()

	[ "$(id -u)" = 0 ] && options=(-o APT::Sandbox::User=root)
	mkdir "$work/deb"
	(cd "$work/deb" && apt-get download -q "${options[@]}" "$DEBUG_SOURCE" >&2) || return 1
	dpkg -x "$work"/deb/*.deb "$work/deb/root" || return 1
	mkdir "$work/source"
	tar -C "$work/source" --strip-components=1 -xf "$work/deb/root/usr/src/$DEBUG_SOURCE.tar.xz" &&
		rm -rf "$work/deb"
}

# allnoconfig drops a line silently when what it depends on is off.
debug_configure() {
	local line lost=

	make -s KCONFIG_ALLCONFIG="$DEBUG_CONFIG" allnoconfig >&2
	while read -r line; do
		grep -qxF -- "$line" .config || lost+="  $line"$'\n'
	done < <(grep -E '^(# )?CONFIG_' "$DEBUG_CONFIG")
	[ -z "$lost" ] || die "the debug kernel's configuration lost:"$'\n'"$lost"
}

# What building a module needs, and nothing else: a tenth of the tree.
debug_prune() {
	find . -mindepth 1 -maxdepth 1 ! -name arch ! -name include ! -name scripts \
		! -name tools ! -name Makefile ! -name Kbuild ! -name .config \
		! -name Module.symvers -exec rm -rf {} +
	find arch -mindepth 1 -maxdepth 1 ! -name x86 -exec rm -rf {} +
	find tools -mindepth 1 -maxdepth 1 ! -name objtool ! -name build ! -name scripts \
		-exec rm -rf {} +
	find arch tools -type f \( -name '*.o' -o -name '*.a' -o -name '*.c' -o -name '*.S' \
		-o -name 'vmlinux*' -o -name 'bzImage' \) -delete
}

# debug_build WORK: WORK/root becomes what unpacking a stock kernel gives.
debug_build() {
	local work=$1 modules

	cd "$work/source"
	debug_configure
	release=$(make -s LOCALVERSION="-$2" kernelrelease)
	say "building $release (10 to 30 minutes)"
	make -s -j "$(nproc)" LOCALVERSION="-$2" bzImage modules >"$work/log" 2>&1 || {
		tail -n 30 "$work/log" >&2
		die "$release does not build"
	}
	modules=$work/root/lib/modules/$release
	mkdir -p "$work/root/boot" "$modules" "$work/root/usr/src"
	cp arch/x86/boot/bzImage "$work/root/boot/vmlinuz-$release"
	cp modules.order modules.builtin modules.builtin.modinfo "$modules/"
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$work/root" "$release"
	debug_prune
	mv "$work/source" "$work/root/usr/src/linux-headers-$release"
	for modules in "boot/vmlinuz-$release" "lib/modules/$release/modules.builtin.bin" \
		"usr/src/linux-headers-$release/Module.symvers"; do
		[ -s "$work/root/$modules" ] || die "$release: $modules is missing after building"
	done
	: >"$work/root/$STAMP"
}

debug_fetch() {
	local line=$1

	command -v apt-get >/dev/null || die "this needs Debian's apt-get"
	work=$(mktemp -d "$STORE/.build.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	say "downloading $DEBUG_SOURCE"
	debug_source "$work" || { rm -rf "$work"/*; lists_update; debug_source "$work"; } ||
		die "could not download $DEBUG_SOURCE"
	(debug_build "$work" "voxwall-$line")
	release=$(ls "$work/root/lib/modules")
	rm -rf "${STORE:?}/$release"
	mv -T "$work/root" "$STORE/$release"
	line_point "$line" "$release"
}
