# SPDX-License-Identifier: Apache-2.0
#
# The one entry. `make help` lists the commands; docs/building.md explains them.

# The one-letter flags that make was started with.
flags := $(firstword -$(MAKEFLAGS))
MAKEFLAGS += --no-builtin-rules --no-builtin-variables
ifeq ($(MAKELEVEL)$(findstring j,$(filter -j% --jobserver%,$(MAKEFLAGS))),0)
MAKEFLAGS += -j$(shell nproc)
endif
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := image

goals := $(or $(MAKECMDGOALS),$(.DEFAULT_GOAL))
known-goals := image run verify report import boards host tools payload esp doctor clean distclean help \
	menuconfig savedefconfig $(notdir $(wildcard configs/*_defconfig)) check check-unit check-golden check-fuzz \
	check-house check-system bench bench-images bench-scale rcar-model unit-programs boards-built
# What has a slash is a file's name, or fuzz/NAME_fuzz.
unknown-goals := $(filter-out $(known-goals),$(foreach g,$(goals),$(if $(findstring /,$(g)),,$(g))))
ifneq ($(unknown-goals),)
$(error no such goal: $(unknown-goals). There are: $(known-goals). `make help` says what they do)
endif
# Of `make import`, OUT is the board's folder.
ifneq ($(filter import,$(goals)),)
import-dir := $(if $(filter command environment,$(firstword $(origin OUT))),$(OUT))
override OUT := out
# Said before anything is built for it.
ifeq ($(words $(DTB)) $(words $(ACPI)) $(words $(import-dir)),1 0 1)
import-from := $(DTB)
else ifeq ($(words $(DTB)) $(words $(ACPI)) $(words $(import-dir)),0 1 1)
import-from := --acpi $(ACPI)
else
$(error usage: make import DTB=FILE.dtb OUT=FOLDER, or make import ACPI=FOLDER-OF-TABLES MEMORY=BASE:SIZE OUT=FOLDER)
endif
ifeq ($(wildcard $(DTB)$(ACPI)),)
$(error make import: there is no $(if $(DTB),file '$(DTB)' (DTB=),folder '$(ACPI)' (ACPI=)))
endif
endif
OUT ?= out
SETUP ?= yes

no-tools-goals := help clean distclean doctor boards
include configs/names.mk
# What depends on the board's configuration alone (IMG: what depends on the payload too).
O := $(OUT)/$(BOARD)

check-goals := check check-% fuzz/% unit-programs bench $(addprefix $(OUT)/,check/% unit/% fuzz/%)
image-goals := image run verify report $(O)/%

# V=1 shows the commands.
ifeq ($(V),1)
Q :=
say = @:
else
Q := @
ifneq ($(findstring s,$(flags)),)
say = @:
else
say = @printf '  %-7s %s\n' $(1)
endif
endif

FORCE:
.PHONY: FORCE

include configs/toolchain.mk
ifneq ($(filter-out $(no-tools-goals),$(goals)),)
# $(call update,FILE,TEXT): rewrites FILE when it does not hold TEXT already.
update = $(if $(subst x$(strip $(2)),,x$(strip $(file <$(1)))),$(shell mkdir -p $(dir $(1)))$(file >$(1),$(strip $(2))))
include configs/host/setup.mk
endif
include configs/kconfig.mk
include configs/run.mk
include gen/build.mk
include tests/payload/build.mk
include tools/build.mk
include hv/build.mk
include tests/bench/build.mk
include tests/models/rcar/build.mk
include tests/build.mk
include tests/scale/build.mk

.PHONY: help boards clean distclean doctor
help:
	@sed -n 's/^#: //p' Makefile

#: make BOARD=rcar-h3        the image and what belongs to it in out/rcar-h3/
#: make run                  boot Debian's Linux as dom0 in QEMU (BOARD=qemu-virt)
#:                           CPUS= DOM0_KERNEL= DOM0_INITRD= DOM0_CMDLINE= QEMU_EXTRA=
#:                           On its terminal Ctrl-A X ends QEMU; with several consoles, Ctrl-A
#:                           three times (each typed twice, for QEMU) gives input to the next
#: make check                every test; check-unit, check-golden, check-system, ...
#: make bench                the instruction counts, beside Debian's Xen
#: make bench-scale          what the generator takes for boards of up to 100,000 devices
#: make menuconfig           configure; <board>_defconfig, savedefconfig
#: make report               a page about the board: who owns what, what DMA reaches
#: make verify               prove the properties of the image once more
#: make import DTB=x.dtb OUT=dir   a first board.yaml of a device tree, in dir; of ACPI tables:
#:                           ACPI=folder MEMORY=BASE:SIZE
#: make boards               what BOARD= can be
#: make host                 the host tools alone
#: make doctor               what this machine lacks, and the line that installs it
#: make clean                remove what was built (keeps the downloads); distclean: all
#:
#: With any of them: BOARD_DIR=/some/where (a board outside the tree), SYSTEM=name
#: (name.yaml in place of system.yaml), CC=gcc|clang, SETUP=no (install nothing), V=1.

boards:
	@for b in boards/*/board.yaml; do \
		d=$$(sed -n 's/^description: *//p' $$b); b=$${b#boards/}; \
		printf '%-20s %s\n' "$${b%/board.yaml}" "$$d"; done

.PHONY: import
import: $(BULKHEAD)
	@$(BULKHEAD) import $(import-from) $(addprefix --memory ,$(MEMORY)) -o $(import-dir)

doctor:
	@configs/host/setup doctor

clean:
	$(Q)for d in $(OUT)/*; do case $$d in $(OUT)/guest | $(OUT)/npm) ;; *) rm -rf "$$d" ;; esac; done
	$(Q)rm -rf $(OUT)/.setup

distclean:
	$(Q)rm -rf $(OUT)
