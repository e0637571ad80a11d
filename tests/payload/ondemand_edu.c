/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's edu device (docs/specs/edu.rst) in slot 2 of the PCI host. */
#include "ondemand.h"

#define FUNCTION UINT64_C(0x4010010000)
#define PCI_ID 0x00
#define PCI_COMMAND 0x04
#define PCI_BAR0 0x10
#define COMMAND_MEMORY_MASTER 0x6u
#define EDU_ID 0x11e81234u

#define EDU_SOURCE 0x80
#define EDU_TARGET 0x88
#define EDU_COUNT 0x90
#define EDU_COMMAND 0x98
#define EDU_BUFFER 0x40000u
#define EDU_START 1u
#define EDU_OUT 2u
#define PATIENCE_S 10u /* a transfer takes 100 ms */

bool edu_find(uint64_t bar)
{
	if (mmio_read32(FUNCTION + PCI_ID) != EDU_ID) {
		return false;
	}
	mmio_write32(FUNCTION + PCI_BAR0, (uint32_t)bar);
	mmio_write32(FUNCTION + PCI_COMMAND, COMMAND_MEMORY_MASTER);
	return true;
}

static bool edu_run(uint64_t bar, uint64_t source, uint64_t target, uint32_t size, uint32_t command)
{
	uint64_t end = arch_counter() + PATIENCE_S * SYSREG_READ(cntfrq_el0);
	bool busy = true;

	mmio_write64(bar + EDU_SOURCE, source);
	mmio_write64(bar + EDU_TARGET, target);
	mmio_write64(bar + EDU_COUNT, size);
	arch_dsb();
	mmio_write64(bar + EDU_COMMAND, command);
	while (busy && arch_counter() < end) {
		busy = (mmio_read64(bar + EDU_COMMAND) & EDU_START) != 0;
	}
	return !busy;
}

/* Zeroes first: what the device does not get is 0. */
bool edu_copy(uint64_t bar, uint64_t source, uint64_t target, uint32_t size)
{
	static const volatile uint64_t zeroes[8] __attribute__((aligned(64)));

	return edu_run(bar, (uint64_t)(uintptr_t)zeroes, EDU_BUFFER, size, EDU_START) &&
	       edu_run(bar, source, EDU_BUFFER, size, EDU_START) &&
	       edu_run(bar, EDU_BUFFER, target, size, EDU_START | EDU_OUT);
}
