# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh: a real systemd as process 1 of a PID namespace.
#
#   systemd_start NETNS    with the journal and nothing else
#   inside COMMAND...      in all of its namespaces
#
# Its console is $T_DIR/systemd.log.

SD_PID=

# Runs in new PID, mount and cgroup namespaces. What the machine's own units and
# generators would start is hidden: only the journal and what a test asks for run.
sd_init() {
	local generator

	mount --make-rprivate /
	mount -t proc proc /proc
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mount -t tmpfs -o mode=755 run /run
	mkdir -p /run/systemd/system /run/systemd/system-generators
	for generator in /usr/lib/systemd/system-generators/* /etc/systemd/system-generators/*; do
		ln -sf /dev/null "/run/systemd/system-generators/${generator##*/}"
	done
	cat >/run/systemd/system/bare.target <<-UNIT
	[Unit]
	DefaultDependencies=no
	Wants=systemd-journald.service
	After=systemd-journald.service
	UNIT
	export container=voxwall
	exec /lib/systemd/systemd --system --unit=bare.target --log-target=console --show-status=no
}

systemd_start() {
	mkdir -p /sys/fs/cgroup/sd
	# The cgroup has to be entered before it becomes a namespace's root.
	spawn systemd - bash -c 'echo $$ >/sys/fs/cgroup/sd/cgroup.procs
		exec ip netns exec "$1" unshare --pid --fork --kill-child --mount --cgroup --ipc --uts \
			bash -c "$2"' - "$1" "$(declare -f sd_init); sd_init"
	poll 10 sd_find || return 1
	poll 60 inside systemctl is-active bare.target
}

# unshare's only child.
sd_find() {
	local pid=${T_PID_OF[systemd]}

	# there is no line end
	read -r SD_PID <"/proc/$pid/task/$pid/children" || :
	[ -n "$SD_PID" ]
}

inside() { timeout 60 nsenter -t "$SD_PID" -a -- "$@"; }
