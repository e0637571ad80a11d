/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With a GICv2 the same address shows each CPU its own CPU interface. A device has none:
 * its DMA there would hit some CPU's, be it another domain's. QEMU's edu device, function
 * 0 of slot 2 of the first PCI host, tries.
 */
#include "rt/check.h"
#include "rt/fdt.h"
#include "rt/gic.h"
#include "rt/machine.h"

#define SLOT (UINT64_C(2) << 15)
#define PCI_ID 0x00
#define PCI_COMMAND 0x04
#define PCI_BAR0 0x10
#define COMMAND_MEMORY_MASTER 0x6u
#define EDU_ID 0x11e81234u
#define EDU UINT64_C(0x10000000) /* in the host's window */

#define EDU_SOURCE 0x80
#define EDU_TARGET 0x88
#define EDU_COUNT 0x90
#define EDU_COMMAND 0x98
#define EDU_BUFFER 0x40000u
#define EDU_START 1u
#define EDU_OUT 2u
#define PATIENCE_S 10u /* a transfer takes 100 ms */
#define NAP_MS 120u

#define GICC_PMR 0x04
#define GICC_EOIR 0x10

static uint64_t words[2] __attribute__((aligned(64)));

static bool edu_find(void)
{
	struct fdt_cursor cursor;
	struct fdt_node node;
	uint64_t ecam = 0, size;
	bool found = fdt_open(&cursor, machine.dtb);

	while (found && ecam == 0 && fdt_next(&cursor, &node)) {
		if (fdt_has(&node.compatible, "pci-host-ecam-generic")) {
			found = fdt_reg(&node, 0, &ecam, &size);
		}
	}
	if (ecam == 0 || mmio_read32(ecam + SLOT + PCI_ID) != EDU_ID) {
		return false;
	}
	mmio_write32(ecam + SLOT + PCI_BAR0, (uint32_t)EDU);
	mmio_write32(ecam + SLOT + PCI_COMMAND, COMMAND_MEMORY_MASTER);
	return true;
}

/* True when the device says that it is through. */
static bool edu_run(uint64_t source, uint64_t target, uint32_t size, uint32_t command)
{
	uint64_t end = arch_counter() + PATIENCE_S * SYSREG_READ(cntfrq_el0);
	bool busy = true;

	mmio_write64(EDU + EDU_SOURCE, source);
	mmio_write64(EDU + EDU_TARGET, target);
	mmio_write64(EDU + EDU_COUNT, size);
	arch_dsb();
	mmio_write64(EDU + EDU_COMMAND, command);
	while (busy && arch_counter() < end) {
		busy = (mmio_read64(EDU + EDU_COMMAND) & EDU_START) != 0;
	}
	return !busy;
}

static uint64_t word_at(uint32_t i)
{
	return *(volatile uint64_t *)&words[i];
}

void payload_secondary(uint32_t index)
{
	(void)index;
}

void payload_main(void)
{
	bool found = edu_find();
	uint64_t from = (uint64_t)(uintptr_t)&words[0], to = (uint64_t)(uintptr_t)&words[1];
	uint32_t pmr = mmio_read32(machine.gicc.base + GICC_PMR);

	if (!check_that(found && machine.gic_version == 2, "edu-and-gicv2", "GICv%u", machine.gic_version)) {
		return;
	}
	words[0] = UINT64_C(0x1122334455667788);
	check_that(edu_run(from, EDU_BUFFER, 8, EDU_START) && edu_run(EDU_BUFFER, to, 8, EDU_START | EDU_OUT) &&
			   word_at(1) == UINT64_C(0x1122334455667788),
		   "ram-to-ram", "%lx", word_at(1));
	check_that(edu_run(machine.gicc.base + GICC_PMR, EDU_BUFFER, 4, EDU_START) &&
			   edu_run(EDU_BUFFER, machine.gicc.base + GICC_EOIR, 4, EDU_START | EDU_OUT) &&
			   edu_run(EDU_BUFFER, machine.gicc.base + machine.gicc.size - 0x1000, 4, EDU_START | EDU_OUT),
		   "interface-tried", "the device is not through");
	check_that(mmio_read32(machine.gicc.base + GICC_PMR) == pmr, "interface-as-before", "PMR %x",
		   mmio_read32(machine.gicc.base + GICC_PMR));
	nap_ms(NAP_MS);
	nap_ms(NAP_MS);
	check_report();
}
