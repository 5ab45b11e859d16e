# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by scripts/vm: hardware virtualisation where it works, emulation elsewhere.

# A /dev/kvm node proves nothing: guests can hang behind it. Boot one to a word.
kvm_boots() {
	timeout --signal=KILL 3 qemu-system-x86_64 -nodefaults -no-user-config -no-reboot \
		-display none -accel kvm -cpu host -m 256 -kernel "$kernel" -initrd "$initrd" \
		-append "console=ttyS0 quiet panic=-1 vm-probe=kvm" -serial stdio \
		</dev/null 2>/dev/null | grep -q kvm-is-alive
}

kvm_probe() {
	local boot file=$CACHE/kvm-probe verdict=no

	[ -w /dev/kvm ] || return 1
	boot=$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -e "$file" ] || [ "$(cut -d ' ' -f 1 "$file")" != "$boot" ]; then
		kvm_boots && verdict=yes
		echo "$boot $verdict" >"$file.$$"
		mv "$file.$$" "$file"
	fi
	[ "$(cut -d ' ' -f 2 "$file")" = yes ]
}

# Sets machine: QEMU's arguments for the accelerator and the processors. Emulated
# processors that wait for one another spin where nothing else can run: a second one
# trebles the time that a test takes, and is for tests that ask for it.
accel_choose() {
	if [ -n "$icount" ]; then
		machine=(-accel tcg,thread=single,tb-size=512 -cpu max -smp 1 -icount shift=0,sleep=on)
		return
	fi
	if [ -z "$accel" ]; then
		accel=tcg
		! kvm_probe || accel=kvm
	fi
	case $accel in
	kvm) machine=(-accel kvm -cpu host -smp "${cpus:-2}") ;;
	tcg) machine=(-accel tcg,thread=multi,tb-size=512 -cpu max -smp "${cpus:-1}") ;;
	*) die "accelerator '$accel' is neither kvm nor tcg" ;;
	esac
}
