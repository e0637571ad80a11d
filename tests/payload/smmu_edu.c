/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's edu device (docs/specs/edu.rst) at slot 0 of the first root port of a PCI host
 * with ECAM, whose first bus and 32-bit window are the device tree's. Bus numbers and
 * addresses are given out here, as nobody did before.
 */
#include "edu.h"
#include "rt/gic.h"
#include "smmu.h"

#define BUS_SIZE UINT64_C(0x100000)
#define FUNCTION(slot) ((uint64_t)(slot) << 15)
#define PCI_COMMAND 0x04
#define PCI_BUSES 0x18
#define PCI_MEMORY 0x20
#define COMMAND_MEMORY_MASTER 0x6u

#define EDU_FACTORIAL 0x08
#define EDU_STATUS 0x20
#define EDU_COMPUTING 1u
#define EDU_MS 105u /* a transfer takes 100 ms */

#define PORT_SLOT 2u
#define WINDOW UINT64_C(0x20000000) /* as the board has it: tests/system/viommu */
#define FIRST_BUS 16u

static uint64_t edu;

bool edu_find(void)
{
	uint64_t ecam = 0;
	uint64_t port;

	if (!edu_host(&ecam)) {
		return false;
	}
	port = ecam + FUNCTION(PORT_SLOT);
	mmio_write32(port + PCI_BUSES, FIRST_BUS | (FIRST_BUS + 1) << 8 | (FIRST_BUS + 1) << 16);
	mmio_write32(port + PCI_MEMORY, (uint32_t)(WINDOW >> 16 | WINDOW));
	mmio_write32(port + PCI_COMMAND, COMMAND_MEMORY_MASTER);
	if (!edu_attach(ecam + BUS_SIZE, WINDOW)) {
		return false;
	}
	edu = WINDOW;
	return true;
}

bool edu_is_busy(void)
{
	return edu_is_running(edu);
}

static void transfer(uint64_t source, uint64_t target, uint32_t size, uint32_t command)
{
	edu_start(edu, source, target, size, command);
	do {
		nap_ms(EDU_MS);
	} while (edu_is_busy());
}

void edu_begin(uint64_t to, uint32_t size)
{
	edu_start(edu, EDU_BUFFER, to, size, EDU_START | EDU_OUT);
}

void edu_read(uint64_t from, uint32_t size)
{
	transfer(from, EDU_BUFFER, size, EDU_START);
}

void edu_write(uint64_t to, uint32_t size)
{
	transfer(EDU_BUFFER, to, size, EDU_START | EDU_OUT);
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
