/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's edu device (docs/specs/edu.rst) at slot 0 of the first root port of a PCI host
 * with ECAM, whose first bus and 32-bit window are the device tree's. Bus numbers and
 * addresses are given out here, as nobody did before.
 */
#include "rt/fdt.h"
#include "rt/gic.h"
#include "smmu.h"

#define BUS_SIZE UINT64_C(0x100000)
#define FUNCTION(slot) ((uint64_t)(slot) << 15)
#define PCI_ID 0x00
#define PCI_COMMAND 0x04
#define PCI_BAR0 0x10
#define PCI_BUSES 0x18
#define PCI_MEMORY 0x20
#define COMMAND_MEMORY_MASTER 0x6u
#define EDU_ID 0x11e81234u

#define EDU_FACTORIAL 0x08
#define EDU_STATUS 0x20
#define EDU_COMPUTING 1u
#define EDU_SOURCE 0x80
#define EDU_TARGET 0x88
#define EDU_COUNT 0x90
#define EDU_COMMAND 0x98
#define EDU_BUFFER 0x40000u
#define EDU_START 1u
#define EDU_OUT 2u
#define EDU_MS 105u /* a transfer takes 100 ms */

#define PORT_SLOT 2u
#define WINDOW UINT64_C(0x20000000) /* as the board has it: tests/system/viommu */
#define FIRST_BUS 16u

static uint64_t edu;

static bool host_find(uint64_t *ecam)
{
	struct fdt_cursor cursor;
	struct fdt_node node;
	uint64_t size;

	if (!fdt_open(&cursor, machine.dtb)) {
		return false;
	}
	while (fdt_next(&cursor, &node)) {
		if (fdt_has(&node.compatible, "pci-host-ecam-generic") && fdt_reg(&node, 0, ecam, &size)) {
			return true;
		}
	}
	return false;
}

bool edu_find(void)
{
	uint64_t ecam = 0;
	uint64_t port, device;

	if (!host_find(&ecam)) {
		return false;
	}
	port = ecam + FUNCTION(PORT_SLOT);
	mmio_write32(port + PCI_BUSES, FIRST_BUS | (FIRST_BUS + 1) << 8 | (FIRST_BUS + 1) << 16);
	mmio_write32(port + PCI_MEMORY, (uint32_t)(WINDOW >> 16 | WINDOW));
	mmio_write32(port + PCI_COMMAND, COMMAND_MEMORY_MASTER);
	device = ecam + BUS_SIZE;
	if (mmio_read32(device + PCI_ID) != EDU_ID) {
		return false;
	}
	mmio_write32(device + PCI_BAR0, (uint32_t)WINDOW);
	mmio_write32(device + PCI_COMMAND, COMMAND_MEMORY_MASTER);
	edu = WINDOW;
	return true;
}

static void edu_start(uint64_t source, uint64_t target, uint32_t size, uint32_t command)
{
	mmio_write64(edu + EDU_SOURCE, source);
	mmio_write64(edu + EDU_TARGET, target);
	mmio_write64(edu + EDU_COUNT, size);
	arch_dsb();
	mmio_write64(edu + EDU_COMMAND, command);
}

bool edu_is_busy(void)
{
	return (mmio_read64(edu + EDU_COMMAND) & EDU_START) != 0;
}

static void edu_run(uint64_t source, uint64_t target, uint32_t size, uint32_t command)
{
	edu_start(source, target, size, command);
	do {
		nap_ms(EDU_MS);
	} while (edu_is_busy());
}

void edu_begin(uint64_t to, uint32_t size)
{
	edu_start(EDU_BUFFER, to, size, EDU_START | EDU_OUT);
}

void edu_read(uint64_t from, uint32_t size)
{
	edu_run(from, EDU_BUFFER, size, EDU_START);
}

void edu_write(uint64_t to, uint32_t size)
{
	edu_run(EDU_BUFFER, to, size, EDU_START | EDU_OUT);
}

void edu_copy(uint64_t to, uint64_t from, uint32_t size)
{
	edu_read(from, size);
	edu_write(to, size);
}

/* It computes a factorial, and has its result until the next. */
void edu_keep(uint32_t n)
{
	mmio_write32(edu + EDU_FACTORIAL, n);
	while ((mmio_read32(edu + EDU_STATUS) & EDU_COMPUTING) != 0) {
		arch_isb();
	}
}

uint32_t edu_kept(void)
{
	uint32_t factorial = mmio_read32(edu + EDU_FACTORIAL);

	return factorial == 6 ? 3 : factorial;
}
