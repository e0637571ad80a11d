/* SPDX-License-Identifier: Apache-2.0 */
#include "edu.h"

#include "rt/fdt.h"
#include "rt/machine.h"

#define PCI_ID 0x00
#define PCI_COMMAND 0x04
#define PCI_BAR0 0x10
#define COMMAND_MEMORY_MASTER 0x6u
#define EDU_ID 0x11e81234u

#define EDU_SOURCE 0x80
#define EDU_TARGET 0x88
#define EDU_COUNT 0x90
#define EDU_COMMAND 0x98
#define PATIENCE_S 10u

bool edu_host(uint64_t *ecam)
{
	struct fdt_node node;

	return fdt_find(machine.dtb, "pci-host-ecam-generic", &node, ecam);
}

bool edu_attach(uint64_t function, uint64_t bar)
{
	if (mmio_read32(function + PCI_ID) != EDU_ID) {
		return false;
	}
	mmio_write32(function + PCI_BAR0, (uint32_t)bar);
	mmio_write32(function + PCI_COMMAND, COMMAND_MEMORY_MASTER);
	return true;
}

void edu_start(uint64_t bar, uint64_t source, uint64_t target, uint32_t size, uint32_t command)
{
	mmio_write64(bar + EDU_SOURCE, source);
	mmio_write64(bar + EDU_TARGET, target);
	mmio_write64(bar + EDU_COUNT, size);
	arch_dsb();
	mmio_write64(bar + EDU_COMMAND, command);
}

bool edu_is_running(uint64_t bar)
{
	return (mmio_read64(bar + EDU_COMMAND) & EDU_START) != 0;
}

bool edu_run(uint64_t bar, uint64_t source, uint64_t target, uint32_t size, uint32_t command)
{
	uint64_t end = arch_counter() + PATIENCE_S * SYSREG_READ(cntfrq_el0);
	bool busy = true;

	edu_start(bar, source, target, size, command);
	while (busy && arch_counter() < end) {
		busy = edu_is_running(bar);
	}
	return !busy;
}
