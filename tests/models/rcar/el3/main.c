// SPDX-License-Identifier: Apache-2.0
/* Firmware that plays a board with an R-Car H3 on QEMU's `virt`: docs/board-model.md. */
#include "models/rcar/el3/bus.h"
#include "models/rcar/el3/cpu.h"
#include "models/rcar/el3/gic.h"
#include "models/rcar/el3/machine.h"
#include "models/rcar/el3/mmu.h"
#include "models/rcar/el3/psci.h"
#include "models/rcar/el3/uart.h"

/* SCR_EL3: below is Non-secure and AArch64, FIQs and granule protection faults come here, and nothing
 * that the processor has is withheld: APK, API, ATA, FGTEn, ECVEn, HXEn. */
#define SCR (BIT64(48) | BIT64(38) | BIT64(28) | BIT64(27) | BIT64(26) | BIT64(25) | BIT64(17) | BIT64(16) | \
	     BIT64(10) | BIT64(8) | BIT64(5) | BIT64(4) | BIT64(2) | BIT64(0))

/* `regs`: of software that is yet to start. */
void boot_main(uint32_t cpu, struct regs *regs);

void boot_main(uint32_t cpu, struct regs *regs)
{
	if (cpu == 0) {
		mmu_build();
	}
	mmu_on();
	CPU_WRITE(cptr_el3, 0);
	CPU_WRITE(mdcr_el3, 0);
	CPU_WRITE(scr_el3, SCR);
	CPU_DO("isb");
	if (cpu == 0) {
		uart_init();
		bus_init();
		gic_init();
		bus_serial();
		psci_start(IMAGE_BASE);
	}
	gic_cpu_init();
	psci_wait(regs);
}
