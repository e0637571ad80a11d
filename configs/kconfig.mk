# SPDX-License-Identifier: Apache-2.0
#
# Kconfig. A board's defconfig is configs/<board>_defconfig, or `defconfig` in
# the board's own folder; its .config lives in out/<board>/.

DEFCONFIG := $(firstword $(wildcard $(BOARD_DIR)/defconfig configs/$(BOARD)_defconfig))
kconfig-src := $(wildcard configs/Kconfig*)

# make rebuilds the makefiles that it includes side by side; this one needs what the other installs.
$(O)/.config: $(DEFCONFIG) $(kconfig-src) configs/kconfig | $(setup-stamp)
	$(Q)configs/kconfig load $(call quote,$(BOARD)) $(call quote,$(DEFCONFIG)) $(O)

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
	@configs/kconfig load $* configs/$@ $(OUT)/$*
