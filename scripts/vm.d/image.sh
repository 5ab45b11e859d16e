# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by scripts/vm: what a guest boots from, made once per kernel and cached.

# A bzImage unpacks itself, which costs seconds in an emulated machine. Its
# payload (Documentation/arch/x86/boot.rst: setup_sects, payload_offset and
# payload_length) is an ELF file that QEMU boots directly.
vmlinux_extract() {
	local sects offset length start

	sects=$(od -An -j $((0x1f1)) -N 1 -t u1 "$image")
	read -r offset length < <(od -An -j $((0x248)) -N 8 -t u4 "$image")
	start=$(((sects + 1) * 512 + offset))
	# The last four bytes of the payload are its unpacked size.
	payload() {
		dd if="$image" bs=64K iflag=skip_bytes,count_bytes status=none \
			skip="$start" count=$((length - 4))
	}
	case $(payload | od -An -N 4 -t x1 | tr -d ' ') in
	fd377a58) payload | xz -dc ;;
	28b52ffd) payload | zstd -dcq ;;
	1f8b*) payload | gzip -dc ;;
	*) return 1 ;;
	esac
}

initramfs_modules() {
	local module order=()

	for module in virtio_pci virtio_console 9pnet_virtio 9p overlay; do
		mapfile -t -O ${#order[@]} order < <(PATH=$PATH:/sbin:/usr/sbin modprobe \
			-d "${modules%/lib/modules/*}" -S "$release" --show-depends "$module" |
			sed -n 's/^insmod \([^ ]*\).*/\1/p')
	done
	printf '%s\n' "${order[@]}" | awk 'NF && !seen[$0]++'
}

initramfs_make() {
	local tree=$1 file base

	mkdir -p "$tree"/{bin,proc,dev,modules}
	cp "$(command -v busybox)" "$tree/bin/busybox"
	"$tree/bin/busybox" --install -s "$tree/bin"
	find "$tree/bin" -type l -exec ln -sf busybox {} \;
	cp "$here/init" "$tree/init"
	: >"$tree/modules/order"
	initramfs_modules | while read -r file; do
		base=${file##*/}
		case $file in
		*.xz) xz -dc "$file" >"$tree/modules/${base%.xz}" || return 1 ;;
		*) cp "$file" "$tree/modules/" || return 1 ;;
		esac
		echo "${base%.xz}" >>"$tree/modules/order"
	done || return 1
	(cd "$tree" && find . | cpio -o -H newc --quiet)
}

# make_once FILE COMMAND...: FILE appears whole or not at all.
make_once() {
	local file=$1 part=$1.part.$$

	shift
	[ ! -s "$file" ] || return 0
	if "$@" >"$part" && [ -s "$part" ]; then
		mv "$part" "$file"
	else
		rm -f "$part"
		return 1
	fi
}

# Sets kernel and initrd. What QEMU boots directly begins where KASAN's shadow memory
# isn't there yet, and looks at it all the same: that kernel unpacks itself.
boot_files() {
	local key tree

	kernel=$image
	if [ "$kver" != debug ]; then
		kernel=$CACHE/kernel/$release/boot/vmlinux
		make_once "$kernel" vmlinux_extract || kernel=$image
	fi
	key=$(cat "$here/init" "$here/image.sh" "$(command -v busybox)" | sha256sum | cut -c 1-16)
	initrd=$CACHE/kernel/$release/boot/initramfs-$key
	[ ! -s "$initrd" ] || return 0
	tree=$(mktemp -d)
	make_once "$initrd" initramfs_make "$tree" || die "could not build the initramfs"
	rm -rf "$tree"
}
