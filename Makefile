# SPDX-License-Identifier: GPL-2.0-or-later
#
#   make            the module for the running kernel, the agent and the CLI
#   make install    put them on this gateway (DESTDIR, PREFIX, SYSCONFDIR)
#   make demo       the branch in a VM: a real call, attacks, a report
#   make bench      instructions per packet, ours and others', in a VM
#                   (tests/bench/profile says which functions they go to)
#   make check      every test; KVER=6.12 picks the VM's kernel; ONLY=net runs a part
#   make check-debug  the module's tests on a kernel that it builds, with KASAN, lockdep,
#                   kmemleak and allocations that fail; DEBUG=net runs all it can, for hours
#   make clean      removes build/
#
# KDIR names another kernel's build directory, V=1 shows the commands.

KDIR ?= /lib/modules/$(shell uname -r)/build
KVER ?= 6.1
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= /etc/systemd/system
VERSION := 0.1.0

B := build
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)	$(2)')

# ---- user space ----

PKGS := libevent libevent_pthreads openssl libosip2 libconfuse jansson \
	libnl-3.0 libnl-genl-3.0 libnl-route-3.0 libpcap
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wno-format-nonliteral -Wpointer-arith -Wwrite-strings -Wundef
BASE_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DVOXWALL_VERSION='"$(VERSION)"' -g $(WARN) \
	$(if $(WERROR),-Werror) -MMD -MP
CFLAGS ?= -O2
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -ffunction-sections -fdata-sections
LDHARDEN := -pie -Wl,-z,relro,-z,now -Wl,--gc-sections -Wl,--as-needed
pkg_cflags = $(if $(1),$(shell pkg-config --cflags $(1)))
pkg_libs = $(if $(1),$(shell pkg-config --libs $(1)))

CORE_SRC := $(wildcard kmod/core/*.c)
AGENT_SRC := $(filter-out agent/main.c,$(wildcard agent/*.c agent/*/*.c))
CLI_SRC := $(wildcard cli/*.c)
LIB_OBJ := $(patsubst %.c,$(B)/obj/%.o,$(CORE_SRC) $(AGENT_SRC))

.PHONY: all module agent modules-check check check-debug demo bench install uninstall clean setup-% tools unit fuzz
all: module agent
agent: $(B)/voxwalld $(B)/voxwall

$(B)/obj/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) $(HARDEN) $(call pkg_cflags,$(PKGS)) -c -o $@ $<

# Where they look for the configuration: another place is another build of these.
$(B)/obj/agent/main.o $(B)/obj/cli/check.o: BASE_CFLAGS += -DVOXWALL_SYSCONFDIR='"$(SYSCONFDIR)"'
$(B)/obj/agent/main.o $(B)/obj/cli/check.o: $(B)/sysconfdir
$(B)/sysconfdir: FORCE
	@mkdir -p $(@D)
	@echo '$(SYSCONFDIR)' | cmp -s - $@ || echo '$(SYSCONFDIR)' >$@

# An archive, so that each program takes only what it uses.
$(B)/libvoxwall.a: $(LIB_OBJ)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/voxwalld: $(B)/obj/agent/main.o $(B)/libvoxwall.a
$(B)/voxwall: $(patsubst %.c,$(B)/obj/%.o,$(CLI_SRC)) $(B)/libvoxwall.a
$(B)/voxwalld $(B)/voxwall:
	$(call say,LD,$@)
	$(Q)$(CC) $(LDHARDEN) -o $@ $(filter %.o,$^) $(B)/libvoxwall.a $(call pkg_libs,$(PKGS)) -lm

# ---- the module: built beside its sources' copy, one for each kernel ----

module:
	$(Q)test -e $(KDIR)/Makefile || { echo "no kernel headers in $(KDIR):" \
		"install linux-headers-$$(uname -r), or name another kernel with KDIR=" >&2; exit 1; }
	+$(Q)scripts/build-module $(KDIR) $(B)/kmod/running
	@ln -sfn kmod/running/voxwall.ko $(B)/voxwall.ko

# For the VM: stock kernels from the cache, warnings are errors. `check` builds for
# every supported one, whichever it then boots.
KLINES := 6.1 6.12
$(B)/kmod/%/voxwall.ko: FORCE
	+$(Q)scripts/build-module --strict "$$(scripts/kernel $* --headers)" $(@D)
.PHONY: FORCE
FORCE:

# ---- tests ----

include tests/unit/units.mk tests/fuzz/fuzz.mk
UNITS := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
TOOLS := $(patsubst tests/tools/%.c,$(B)/tools/%,$(wildcard tests/tools/*.c))
CLANG ?= $(or $(shell command -v clang),clang-14)
SAN := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

# A unit test links what units.mk names for it and nothing else.
define unit_rule
$(B)/unit/test_$(1): $(B)/san/tests/unit/test_$(1).o $(patsubst %.c,$(B)/san/%.o,$(UNIT_$(1)))
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $(SAN) -o $$@ $$^ -lcmocka -lm $$(call pkg_libs,$(UNIT_$(1)_PKGS))
endef
$(foreach u,$(UNITS),$(eval $(call unit_rule,$(u))))
$(B)/san/%.o: %.c
	$(call say,CC,$< (sanitized))
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE_CFLAGS) $(SAN) $(call pkg_cflags,$(PKGS)) -c -o $@ $<

HEADERS := $(wildcard kmod/core/*.h kmod/uapi/linux/*.h agent/*.h agent/*/*.h tests/fuzz/*.h)
define fuzz_rule
$(B)/fuzz/fuzz_$(1): tests/fuzz/fuzz_$(1).c $(FUZZ_$(1)) $(HEADERS)
	$$(call say,FUZZ,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(CLANG) -O1 $(filter-out -MMD -MP,$(BASE_CFLAGS)) -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all $$(call pkg_cflags,$(PKGS)) -o $$@ $$(filter %.c,$$^) \
		$$(call pkg_libs,$(FUZZ_$(1)_PKGS))
endef
$(foreach f,$(FUZZERS),$(eval $(call fuzz_rule,$(f))))

unit: $(addprefix $(B)/unit/test_,$(UNITS))
fuzz: $(addprefix $(B)/fuzz/fuzz_,$(FUZZERS))
tools: $(TOOLS)
# A tool's first lines may name the libraries it needs: "LIBS: libpcap".
$(B)/tools/%: tests/tools/%.c $(wildcard tests/tools/*.h) $(B)/libvoxwall.a
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)libs="$$(sed -n 's|.*LIBS: *\(.*[^ */]\).*|\1|p;10q' $<)"; \
	$(CC) $(filter-out -MMD -MP,$(BASE_CFLAGS)) $(CFLAGS) \
		$${libs:+$$(pkg-config --cflags $$libs)} -o $@ $< $(B)/libvoxwall.a \
		-Wl,--as-needed $${libs:+$$(pkg-config --libs $$libs)} $(call pkg_libs,$(PKGS)) -lm

setup-%:
	@scripts/setup $*

# Who says nothing of jobs has as many as there are processors.
JOBS = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

# Set-up comes first and in a make of its own: the rules above ask pkg-config.
check: setup-test
	$(Q)tests/run --kver $(KVER) --check $(ONLY)
	$(Q)$(MAKE) --no-print-directory $(JOBS) WERROR=1 agent unit fuzz tools
	$(Q)for line in $(KLINES); do \
		$(MAKE) --no-print-directory $(JOBS) $(B)/kmod/$$line/voxwall.ko || exit 1; done
	$(Q)tests/run --kver $(KVER) $(ONLY)

# The kernel comes first: its first build takes sixteen minutes of a processor. By default
# what reaches most of the module runs, once; DEBUG="faillife module zones devices packets
# srtprare srtpcases" is worth its hour or two after larger changes, and DEBUG=net runs
# every suite but those that judge sound, for which such a kernel is too slow. The kernel
# has UBSAN for files that ask: the module does, when it is built for this one.
DEBUG ?= kunit failslab failpath nlfuzz latch diagnosis paths fastpath
$(B)/kmod/debug/voxwall.ko $(B)/kunit/voxwall_kunit.ko: export UBSAN_SANITIZE := y
check-debug: setup-debug
	$(Q)tests/run --kver debug --check $(DEBUG)
	$(Q)scripts/kernel debug
	$(Q)$(MAKE) --no-print-directory $(JOBS) WERROR=1 agent tools
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(B)/kmod/debug/voxwall.ko $(B)/kunit/voxwall_kunit.ko
	$(Q)tests/run --kver debug $(DEBUG)

# Only the debug kernel has KUnit. The tree there keeps the sources' directories.
KUNIT_SRC := $(wildcard tests/kunit/*.c) tests/unit/srtp_rows.h \
	$(wildcard kmod/core/*.[ch] kmod/uapi/linux/*.h)
$(B)/kunit/voxwall_kunit.ko: tests/kunit/Kbuild $(KUNIT_SRC) FORCE
	$(call say,KMOD,$@)
	@mkdir -p $(@D)
	$(Q)cp -u $< $(@D)/Kbuild && cp -u --parents $(KUNIT_SRC) $(@D)
	$(Q)$(MAKE) -s -C "$$(scripts/kernel debug --headers)" M="$(abspath $(@D))" W=1 modules

demo: setup-demo
	$(Q)$(MAKE) --no-print-directory $(JOBS) agent tools
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(B)/kmod/$(KVER)/voxwall.ko
	$(Q)scripts/demo --kver $(KVER)

# ---- the bench: a module and a program of its own, never installed ----

bench: setup-bench
	$(Q)$(MAKE) --no-print-directory $(JOBS) agent $(B)/kmod/6.1/voxwall.ko $(B)/bench/vwbench \
		$(B)/bench/kmod/vwbench.ko
	$(Q)tests/bench/run

$(B)/bench/vwbench: $(wildcard tests/bench/*.c tests/bench/*.h) tests/bench/kmod/vwbench.h \
		$(B)/libvoxwall.a
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -MMD -MP,$(BASE_CFLAGS)) $(CFLAGS) -o $@ $(filter %.c,$^) \
		$(B)/libvoxwall.a -Wl,--as-needed -lsrtp2 $(call pkg_libs,$(PKGS))

$(B)/bench/kmod/vwbench.ko: $(wildcard tests/bench/kmod/*)
	$(call say,KMOD,$@)
	@mkdir -p $(@D)
	$(Q)cp -u $^ $(@D)
	$(Q)$(MAKE) -s -C "$$(scripts/kernel 6.1 --headers)" M="$(abspath $(@D))" W=1 modules

# ---- on a gateway ----

install:
	$(Q)grep -qsxF '$(SYSCONFDIR)' $(B)/sysconfdir || $(MAKE) --no-print-directory agent
	$(Q)VERSION=$(VERSION) DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) SYSCONFDIR=$(SYSCONFDIR) \
		UNITDIR=$(UNITDIR) scripts/install
uninstall:
	$(Q)DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) SYSCONFDIR=$(SYSCONFDIR) \
		UNITDIR=$(UNITDIR) scripts/install --remove

clean:
	rm -rf $(B)

-include $(shell find $(B)/obj $(B)/san -name '*.d' 2>/dev/null)
