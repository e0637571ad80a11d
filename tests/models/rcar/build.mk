# SPDX-License-Identifier: Apache-2.0
#
# Firmware that plays a board with an R-Car H3: $(RCAR)/firmware.bin is what QEMU's `virt` starts
# at EL3 (docs/board-model.md).

RCAR := $(OUT)/rcar-model
rcar-src := $(wildcard tests/models/rcar/*.c tests/models/rcar/el3/*.[cS] tests/models/ipmmu*.c)
rcar-obj := $(patsubst %.c,$(RCAR)/%.o,$(patsubst %.S,$(RCAR)/%.o,$(rcar-src)))
RCAR_CFLAGS = -std=gnu11 -O2 $(WARNINGS) $(PREFIX_MAP) -Itests/models/rcar/include -Itests -Ihv/include -ffreestanding \
	-fno-builtin -fno-common -fno-pic -fno-pie -mgeneral-regs-only -mstrict-align -march=armv8-a \
	-fno-stack-protector -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections \
	-mno-outline-atomics $(if $(findstring clang,$(TARGET_CC)),,-fno-tree-loop-distribute-patterns)
RCAR_LDFLAGS = -nostdlib -static -z max-page-size=4096 --gc-sections --build-id=none --fatal-warnings \
	--no-warn-rwx-segments -T tests/models/rcar/el3/firmware.ld

.PHONY: rcar-model
rcar-model: $(RCAR)/firmware.bin

$(call update,$(RCAR)/flags,$(TARGET_CC) $(RCAR_CFLAGS))

$(RCAR)/%.o: %.c $(RCAR)/flags
	$(call say,CC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(RCAR_CFLAGS) -MMD -MP -c -o $@ $<

$(RCAR)/%.o: %.S $(RCAR)/flags
	$(call say,AS $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(RCAR_CFLAGS) -MMD -MP -c -o $@ $<

$(RCAR)/firmware.elf: $(rcar-obj) tests/models/rcar/el3/firmware.ld
	$(call say,LD $@)
	$(Q)$(TARGET_LD) $(RCAR_LDFLAGS) -o $@ $(rcar-obj)
$(RCAR)/firmware.bin: $(RCAR)/firmware.elf
	$(Q)$(TARGET_OBJCOPY) -O binary $< $@

-include $(rcar-obj:.o=.d)
