/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes of all that the hypervisor has for a domain (tests/system/pools), gives nothing back,
 * and sleeps: contexts, translations and an event of a virtual SMMUv3, devices and LPIs of a
 * virtual ITS, a watchdog that runs, a doorbell's lines, SGIs and timers that are pending, a
 * line without an end, and its second CPU.
 */
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/psci.h"
#include "smmu.h"
#include "spender.h"

#define BELL UINT64_C(0x0b100000)
#define DOG UINT64_C(0x0b200000)
#define BELL_DATA(mask) ((uint64_t)(mask) << 2)
#define BELL_IE 0x410
#define DOG_WCS 0x0
#define DOG_WOR_U 0xc
#define PAGES 8u

static uint8_t pages[PAGES][4096] __attribute__((aligned(4096)));
static volatile bool second;

/* What is pending here stays so, and wakes nobody: its priority is too low. */
static void leave_pending(void)
{
	SYSREG_WRITE_(ICC_PMR_EL1, 0);
	gic_enable(1);
	gic_send_sgi_others(1);
	SYSREG_WRITE(cntv_cval_el0, 0);
	SYSREG_WRITE(cntv_ctl_el0, 1);
	arch_isb();
}

void payload_secondary(uint32_t index)
{
	(void)index;
	leave_pending();
	second = true;
	for (;;) {
		arch_wfi();
	}
}

static bool spend_on_smmu(void)
{
	bool good = smmu_find() && edu_find() && smmu_start();

	for (uint32_t i = 0; i < PAGES && good; i++) {
		smmu_map(i, (uintptr_t)pages[i], true);
		good = smmu_command(CMD_TLBI_NH_VA | (uint64_t)SMMU_ASID << 48, (SMMU_IOVA + i * 4096) | 1);
	}
	if (good && smmu_sync()) {
		edu_write(SMMU_IOVA, 64);
		edu_read(SMMU_IOVA + PAGES * 4096, 64); /* not mapped: an event */
		return pages[0][0] == 0 && mmio_read32(smmu_base + SMMU_EVTQ_PROD) != 0;
	}
	return false;
}

void payload_main(void)
{
	bool good = spend_on_smmu() && spend_on_its();

	mmio_write32(BELL + BELL_IE, 0xff);
	mmio_write8(BELL + BELL_DATA(0xf), 0xf);
	mmio_write32(DOG + DOG_WOR_U, 0xffff);
	mmio_write32(DOG + DOG_WCS, 1);
	good &= psci_start_cpu(1) == PSCI_SUCCESS;
	while (good && !second) {
		arch_isb();
	}
	leave_pending();
	leave_lpi_pending();
	console_printf("spender: %s\nunfinished", good ? "all is taken" : "FAIL");
	for (;;) {
		arch_wfi();
	}
}
