# SPDX-License-Identifier: Apache-2.0
#
# What the hypervisor is made of. A backend that configs/ chooses is linked in
# place of another of the same names; nothing is chosen at run time.

hv-y += arch/boot.o
hv-y += arch/cpu.o
hv-y += arch/el2.o
hv-y += arch/layout.o
hv-y += arch/string.o
hv-y += arch/translate.o
hv-y += arch/vectors.o

hv-y += core/boot.o
hv-y += core/init.o
hv-y += core/start.o
hv-y += core/trap.o

hv-y += guest/inject.o
hv-y += guest/mmio.o
hv-y += guest/power.o
hv-y += guest/prepare.o
hv-y += guest/psci.o
hv-y += guest/report.o
hv-y += guest/smccc.o
hv-y += guest/vpl011.o
hv-y += guest/vpl011_line.o

hv-y += domain/domain.o
hv-y += domain/load.o
hv-y += domain/state.o

hv-y += firmware/bootargs.o
hv-y += firmware/fdt.o
hv-y += firmware/psci.o

hv-y += mm/stage2.o
hv-y += mm/unpack.o
hv-y += mm/window.o

hv-y += drivers/console.o
hv-y += drivers/uart.o
hv-$(CONFIG_UART_PL011) += drivers/pl011.o
hv-$(CONFIG_UART_SCIF) += drivers/scif.o

hv-y += lib/format.o
hv-y += lib/spinlock.o
hv-y += lib/time.o

hv-$(CONFIG_IOMMU_NONE) += guest/duty_none.o iommu/none.o
hv-$(CONFIG_IPMMU) += iommu/ipmmu.o iommu/ipmmu_fault.o iommu/ipmmu_init.o
hv-$(CONFIG_SMMUV3) += iommu/smmuv3.o
hv-$(CONFIG_SMMUV3) += iommu/smmuv3_cmdq.o
hv-$(CONFIG_SMMUV3) += iommu/smmuv3_event.o
hv-$(CONFIG_SMMUV3) += iommu/smmuv3_init.o
hv-$(CONFIG_SMMUV3) += iommu/smmuv3_report.o
hv-$(CONFIG_SMMUV3) += iommu/smmuv3_stream.o

hv-y += irq/gicd.o
hv-$(CONFIG_GIC_V2) += irq/gicv2.o irq/gicv2_vif.o
hv-$(CONFIG_GIC_V3) += irq/gicv3.o irq/gicv3_vif.o

hv-y += guest/vgic.o
hv-y += guest/vgic_call.o
hv-y += guest/vgic_file.o
hv-y += guest/vgic_lr.o
hv-y += guest/vgic_op.o
hv-y += guest/vgic_prop.o
hv-y += guest/vgic_virq.o
hv-$(CONFIG_GIC_V2) += guest/vgic_v2.o
hv-$(CONFIG_GIC_V3) += guest/vgic_v3.o

# Of these lists all are compiled, and of each kind one is linked: gen says which, by what
# the board and the domains need (gen/emit/gen.c).
hv-lists := firmware-static firmware-acpi firmware-built esp-none esp-files abi-none abi-xen viommu-none \
	viommu-smmuv3 msi-none msi-its \
	reset-none reset-devices lives-one lives-many shared-none shared-memory doorbell-none doorbell-pl061 \
	console-one console-many control-none control-yes watchdog-none watchdog-yes \
	mmio-mapped mmio-ondemand tlbi-once tlbi-twice idle-busy idle-txfe
hv-firmware-static := arch/entry.o
uefi := arch/leave.o arch/pe.o \
	$(addprefix firmware/,efi.o efi_leave.o efi_memory.o efi_missed.o efi_runtime.o efi_take.o) \
	$(addprefix firmware/acpi/,expect.o gtdt.o iort.o madt.o root.o small.o table.o) \
	$(addprefix firmware/dom0/,acpi.o dom0.o fdt.o iort.o madt.o map.o runtime.o system.o writer.o)
hv-firmware-acpi := $(uefi) arch/entry.o firmware/acpi/match.o firmware/acpi/match_ids.o \
	firmware/efi_described.o firmware/efi_start.o
# The board file leaves addresses to firmware: tables are made at boot.
hv-firmware-built := $(uefi) arch/enter.o arch/probe.o \
	$(addprefix firmware/build/,arena.o build.o check.o check_messages.o domain.o el2.o machine.o memory.o \
	msi.o probe.o start.o streams.o)
hv-esp-none := firmware/esp_none.o
hv-esp-files := firmware/esp.o
hv-lives-one := guest/lifecycle_one.o
hv-lives-many := arch/forget.o arch/wipe.o guest/lifecycle.o
ifndef CONFIG_IOMMU_NONE
hv-lives-one += guest/duty_one.o
hv-lives-many += guest/duty.o
endif
hv-tlbi-once := arch/tlbi.o
hv-tlbi-twice := arch/tlbi_twice.o
ifdef CONFIG_UART_PL011
hv-idle-busy := drivers/pl011_busy.o
hv-idle-txfe := drivers/pl011_txfe.o
endif
hv-abi-none := guest/xen/none.o
hv-abi-xen := $(addprefix guest/xen/,console.o copy.o event.o hypercall.o memory.o options.o \
	port.o sched.o shared.o vcpu.o version.o)
hv-viommu-none := guest/vsmmuv3/none.o
hv-viommu-smmuv3 := $(addprefix guest/vsmmuv3/,cmdq.o decode.o event.o queue.o regs.o strtab.o vsmmuv3.o)
ifdef CONFIG_SMMUV3
hv-viommu-none += iommu/nested_none.o
hv-viommu-smmuv3 += iommu/smmuv3_group.o iommu/smmuv3_guest.o iommu/smmuv3_nested.o
endif
hv-control-none := guest/control_none.o
hv-control-yes := guest/control.o
hv-watchdog-none := guest/watchdog_none.o
hv-watchdog-yes := guest/watchdog.o
hv-mmio-mapped := guest/ondemand_none.o
hv-mmio-ondemand := domain/leaf.o guest/ondemand.o
hv-msi-none := irq/its_none.o guest/its/none.o
hv-msi-its := irq/its.o irq/lpi.o $(addprefix guest/its/,vits.o vits_cmd.o vits_map.o vlpi.o)
hv-reset-none := domain/reset_none.o
hv-reset-devices := $(addprefix domain/,pci.o pci_reset.o reset.o reset_pci.o)
hv-shared-none := mm/shared_none.o
hv-shared-memory := mm/shared.o
hv-doorbell-none := guest/vpl061_none.o
hv-doorbell-pl061 := guest/vpl061.o
hv-console-one := drivers/console_plain.o guest/console/one.o
hv-console-many := drivers/console_named.o $(addprefix guest/console/,lines.o mux.o own.o)
ifdef CONFIG_MONITOR
hv-console-many += $(addprefix guest/console/,monitor.o monitor_tell.o \
	$(if $(CONFIG_MONITOR_CONTROL),monitor_control.o,monitor_watch.o))
hv-console-many += $(if $(CONFIG_SMMUV3),iommu/smmuv3_state.o,$(if $(CONFIG_IPMMU),iommu/ipmmu_state.o,iommu/none_state.o))
hv-console-one := $(hv-console-many)
else
hv-console-many += guest/console/monitor_none.o
endif

# The page tables may lie further away than the code model of all the rest reaches (configs/toolchain.mk).
cflags-core/boot.o := -mcmodel=small
cflags-domain/domain.o := -mcmodel=small
cflags-domain/leaf.o := -mcmodel=small
