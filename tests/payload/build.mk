# SPDX-License-Identifier: Apache-2.0
#
# Bare-metal guest programs: $(OUT)/payload/<name>.img is a flat arm64 Image that
# runs anywhere 2 MiB aligned, at EL1 or EL2. Needs configs/toolchain.mk.

payload-out := $(OUT)/payload
payload-rt := start machine fdt console gic psci trap check mmu string
payload-hello := hello
payload-bell := bell
payload-bench := bench bench_loops
payload-benchdemand := bench_demand bench_loops
payload-benchsmmu := bench_smmu bench_loops smmu
payload-selftest := selftest selftest_psci selftest_gic selftest_irq selftest_cpu selftest_insn selftest_uart
payload-badguest := badguest badguest_ops badguest_mem badguest_window badguest_regs
payload-irqstress := irqstress
payload-again := again smmu_edu edu
payload-hostile := hostile hostile_calls hostile_regs hostile_insns hostile_execute
payload-memtypes := memtypes memtypes_ops memtypes_xen
payload-latency := latency
payload-reborn := reborn reborn_entry
payload-gicdma := gicdma edu
payload-talker := talker
payload-badsmmu := badsmmu badsmmu_use badsmmu_queue badsmmu_command badsmmu_table badsmmu_error smmu smmu_edu edu
payload-dog := dog
payload-sysdmac := sysdmac sysdmac_device sysdmac_shapes sysdmac_sweep sysdmac_again
payload-ondemand := ondemand ondemand_sweep ondemand_few edu
payload-restless := restless
payload-acpisweep := acpisweep
payload-boss := boss
payload-spender := spender spender_its smmu smmu_edu edu
payload-names := hello bell bench benchdemand benchsmmu selftest badguest hostile again irqstress memtypes latency \
	reborn badsmmu gicdma talker dog sysdmac ondemand restless boss spender acpisweep
payload-images := $(payload-names:%=$(payload-out)/%.img)

TARGET_OBJCOPY ?= $(CROSS_COMPILE)objcopy
PAYLOAD_CFLAGS = -std=gnu11 -Os $(WARNINGS) $(PREFIX_MAP) -Itests/payload -Ihv/include -ffreestanding -fno-builtin -fpie \
	-fvisibility=hidden -fno-common -mgeneral-regs-only -mstrict-align -march=armv8-a \
	-fno-stack-protector -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections \
	-mno-outline-atomics $(if $(findstring clang,$(TARGET_CC)),,-fno-tree-loop-distribute-patterns)
PAYLOAD_LDFLAGS = -pie --no-dynamic-linker -z norelro -z max-page-size=4096 --gc-sections --build-id=none \
	--fatal-warnings --no-warn-rwx-segments -T tests/payload/payload.ld

.PHONY: payload
#: make payload              the bare-metal guests of the tests, in out/payload/
payload: $(payload-images)

$(call update,$(payload-out)/flags,$(TARGET_CC) $(PAYLOAD_CFLAGS))

$(payload-out)/%.o: tests/payload/%.c $(payload-out)/flags
	$(call say,CC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(PAYLOAD_CFLAGS) -MMD -MP -c -o $@ $<

$(payload-out)/%.o: tests/payload/%.S $(payload-out)/flags
	$(call say,AS $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(PAYLOAD_CFLAGS) -MMD -MP -c -o $@ $<

define payload-rule
$(payload-out)/$(1).elf: $(payload-rt:%=$(payload-out)/rt/%.o) $(payload-$(1):%=$(payload-out)/%.o) \
		tests/payload/payload.ld
	$$(call say,LD $$@)
	$$(Q)$(TARGET_LD) $$(PAYLOAD_LDFLAGS) -o $$@ $$(filter %.o,$$^)
$(payload-out)/$(1).img: $(payload-out)/$(1).elf
	$$(Q)$(TARGET_OBJCOPY) -O binary $$< $$@
endef
$(foreach n,$(payload-names),$(eval $(call payload-rule,$(n))))

-include $(wildcard $(payload-out)/*.d $(payload-out)/rt/*.d)
