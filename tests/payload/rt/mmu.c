/* SPDX-License-Identifier: Apache-2.0 */
#include "mmu.h"

#include "machine.h"

#define DESC_BLOCK 0x1u
#define DESC_ATTR(index) ((uint64_t)(index) << 2)
#define DESC_INNER_SHAREABLE (UINT64_C(3) << 8)
#define DESC_AF BIT(10)
#define DESC_XN (BIT(53) | BIT(54))
#define MAIR_DEVICE_NGNRE_0_NORMAL_WB_1 0xff04u
#define TCR_T0SZ_39_BITS 25u
#define TCR_WB_INNER_SHAREABLE (BIT(8) | BIT(10) | UINT64_C(3) << 12)
#define TCR_EPD1 BIT(23)
#define SCTLR_M BIT(0)
#define SCTLR_C BIT(2)
#define SCTLR_I BIT(12)

extern uint64_t map[512] __asm__("__map");

void mmu_enable(void)
{
	for (uint64_t i = 0; i < 512; i++) {
		bool ram = false;

		for (uint32_t r = 0; r < machine.ram_count; r++) {
			ram |= i >= machine.ram[r].base >> 30 &&
			       i <= (machine.ram[r].base + machine.ram[r].size - 1) >> 30;
		}
		map[i] = i << 30 | DESC_BLOCK | DESC_AF |
			 (ram ? DESC_ATTR(1) | DESC_INNER_SHAREABLE : DESC_ATTR(0) | DESC_XN);
	}
	arch_dsb();
	SYSREG_WRITE(mair_el1, MAIR_DEVICE_NGNRE_0_NORMAL_WB_1);
	SYSREG_WRITE(tcr_el1, TCR_T0SZ_39_BITS | TCR_WB_INNER_SHAREABLE | TCR_EPD1 |
				      FIELD(SYSREG_READ(id_aa64mmfr0_el1), 2, 0) << 32);
	SYSREG_WRITE(ttbr0_el1, (uintptr_t)map);
	__asm__ volatile("tlbi vmalle1; dsb sy; isb" ::: "memory");
	SYSREG_WRITE(sctlr_el1, SYSREG_READ(sctlr_el1) | SCTLR_M | SCTLR_C | SCTLR_I);
	arch_isb();
}

void mmu_disable(void)
{
	SYSREG_WRITE(sctlr_el1, SYSREG_READ(sctlr_el1) & ~(SCTLR_M | SCTLR_C | SCTLR_I));
	arch_isb();
	__asm__ volatile("tlbi vmalle1; dsb sy; isb" ::: "memory");
}
