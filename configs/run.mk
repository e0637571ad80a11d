# SPDX-License-Identifier: Apache-2.0
#
# make run: the image with a guest in it, in QEMU, on standard input and output.
#
# The board's run.mk says which machine QEMU is to be: qemu-machine, qemu-cpu,
# qemu-memory, qemu-cpus; and, if QEMU has to be told of the image in another way than by
# -kernel, how (qemu-image) and what that needs (qemu-needs). The guest is Debian's own kernel
# with busybox unless DOM0_KERNEL= and DOM0_INITRD= name another (configs/guest).

GUEST := $(OUT)/guest
QEMU ?= qemu-system-aarch64

$(GUEST)/Image: configs/guest/fetch configs/guest/apt.inc configs/guest/modules
	$(Q)configs/guest/fetch $(GUEST) </dev/null

# The boards that Debian's kernel knows, for tests of `make import`.
DTBS := $(GUEST)/dtbs
$(DTBS)/release: configs/guest/dtbs configs/guest/apt.inc
	$(Q)configs/guest/dtbs $(DTBS) </dev/null

guest-tools := $(addprefix $(OUT)/tools/,bulkhead-ctl disk-pattern)
$(GUEST)/initrd.cpio.gz: $(GUEST)/Image configs/guest/initrd configs/guest/init $(wildcard configs/guest/run/*) \
		$(guest-tools)
	$(call say,INITRD $@)
	$(Q)configs/guest/initrd $(GUEST) $@ $(guest-tools)

ifneq ($(filter run,$(goals)),)
# An image of its own, so that out/<board>/hv.img stays what `make` built.
IMG ?= $(O)/run$(patsubst %,-%,$(filter-out system,$(SYSTEM)))
-include $(BOARD_DIR)/run.mk
ifndef qemu-machine
$(error $(board-words): no machine of QEMU's is like it (it has no run.mk); `make $(board-words)` builds the image \
for the real one)
endif
$(foreach v,qemu-cpu qemu-memory qemu-cpus,$(if $($(v)),,$(error $(BOARD_DIR)/run.mk does not say $(v))))
# The default guest goes to the hardware domain, if the system has one.
ifneq ($(shell grep -E 'role: *hardware' $(BOARD_DIR)/$(SYSTEM).yaml),)
ifeq ($(origin DOM0_KERNEL),undefined)
DOM0_KERNEL := $(GUEST)/Image
endif
ifeq ($(origin DOM0_INITRD),undefined)
DOM0_INITRD := $(GUEST)/initrd.cpio.gz
endif
endif
endif

# The console is raw. On a terminal Ctrl-A X ends QEMU, and Ctrl-A is typed twice to be sent
# once; a pipe is taken as it is.
.PHONY: run
run: $(IMG)/hv.img $(qemu-needs)
	@if [ -t 0 ]; then console='mon:stdio'; else console='stdio -monitor none'; fi; \
	exec $(QEMU) -M $(qemu-machine) -cpu $(qemu-cpu) -m $(qemu-memory) -smp $(or $(CPUS),$(qemu-cpus)) \
		-display none -serial $$console -nic none $(or $(qemu-image),-kernel $(IMG)/hv.img) $(QEMU_EXTRA)
