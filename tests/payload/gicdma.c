/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With a GICv2 the same address shows each CPU its own CPU interface. A device has none:
 * its DMA there would hit some CPU's, be it another domain's. QEMU's edu device, function
 * 0 of slot 2 of the first PCI host, tries.
 */
#include "edu.h"
#include "rt/check.h"
#include "rt/gic.h"
#include "rt/machine.h"

#define SLOT (UINT64_C(2) << 15)
#define EDU UINT64_C(0x10000000) /* in the host's window */
#define NAP_MS 120u

#define GICC_PMR 0x04
#define GICC_EOIR 0x10

static uint64_t words[2] __attribute__((aligned(64)));

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
	uint64_t ecam;
	bool found = edu_host(&ecam) && edu_attach(ecam + SLOT, EDU);
	uint64_t from = (uint64_t)(uintptr_t)&words[0], to = (uint64_t)(uintptr_t)&words[1];
	uint32_t pmr = mmio_read32(machine.gicc.base + GICC_PMR);

	if (!check_that(found && machine.gic_version == 2, "edu-and-gicv2", "GICv%u", machine.gic_version)) {
		return;
	}
	words[0] = UINT64_C(0x1122334455667788);
	check_that(edu_run(EDU, from, EDU_BUFFER, 8, EDU_START) &&
			   edu_run(EDU, EDU_BUFFER, to, 8, EDU_START | EDU_OUT) &&
			   word_at(1) == UINT64_C(0x1122334455667788),
		   "ram-to-ram", "%lx", word_at(1));
	check_that(edu_run(EDU, machine.gicc.base + GICC_PMR, EDU_BUFFER, 4, EDU_START) &&
			   edu_run(EDU, EDU_BUFFER, machine.gicc.base + GICC_EOIR, 4, EDU_START | EDU_OUT) &&
			   edu_run(EDU, EDU_BUFFER, machine.gicc.base + machine.gicc.size - 0x1000, 4,
				   EDU_START | EDU_OUT),
		   "interface-tried", "the device is not through");
	check_that(mmio_read32(machine.gicc.base + GICC_PMR) == pmr, "interface-as-before", "PMR %x",
		   mmio_read32(machine.gicc.base + GICC_PMR));
	nap_ms(NAP_MS);
	nap_ms(NAP_MS);
	check_report();
}
