# SPDX-License-Identifier: Apache-2.0
#
# Kconfig. A board's defconfig is configs/<board>_defconfig, or `defconfig` in
# the board's own folder; its .config lives in out/<board>/.

DEFCONFIG := $(firstword $(wildcard $(BOARD_DIR)/defconfig configs/$(BOARD)_defconfig))
kconfig-src := $(wildcard configs/Kconfig*)

ifneq ($(filter-out $(no-tools-goals),$(goals)),)
ifeq ($(or $(DEFCONFIG),$(wildcard $(O)/.config)),)
$(error board $(BOARD) has no defconfig: neither $(BOARD_DIR)/defconfig nor configs/$(BOARD)_defconfig. It says \
which drivers are linked; configs/qemu-virt_defconfig is an example)
endif
# Two folders outside the tree may have one name: neither gets the other's configuration.
board-place := $(patsubst $(CURDIR)/%,%,$(abspath $(BOARD_DIR)))
ifneq ($(filter-out $(board-place),$(file <$(O)/board)),)
$(shell rm -f $(O)/.config)
endif
$(call update,$(O)/board,$(board-place))
endif

# What somebody has chosen in menuconfig is kept when the defconfig changes; it says so.
# make rebuilds the makefiles that it includes side by side; this one needs what the other installs.
$(O)/.config: $(DEFCONFIG) $(kconfig-src) configs/kconfig | $(setup-stamp)
	$(Q)configs/kconfig refresh $(call quote,$(DEFCONFIG)) $(O)

$(O)/include/config/auto.conf: $(O)/.config
	$(Q)configs/kconfig sync $(O)

$(O)/include/generated/autoconf.h: $(O)/include/config/auto.conf
	@:

.PHONY: menuconfig savedefconfig
menuconfig: $(O)/.config
	@configs/kconfig menu $(O)

savedefconfig: $(O)/.config
	@configs/kconfig save $(O) $(or $(DEFCONFIG),configs/$(BOARD)_defconfig)

defconfigs := $(notdir $(wildcard configs/*_defconfig))
.PHONY: $(defconfigs)
$(defconfigs): %_defconfig:
	@configs/kconfig load configs/$@ $(OUT)/$*
