/* SPDX-License-Identifier: Apache-2.0 */
/* GICv3's virtualization interface: ICH_*_EL2 (IHI 0069 chapter 12.4). */
#include "irq/gic.h"

#include "arch/barrier.h"
#include "arch/sysreg.h"

uint32_t gich_lr_count(void)
{
	return (uint32_t)FIELD_GET(ICH_VTR_LRS, sysreg_read_ich_vtr_el2()) + 1;
}

/* ICH_AP0R<n>, ICH_AP1R<n> that exist: 1, 2 or 4 for 5, 6 or 7 preemption bits. */
static uint32_t gich_apr_count(void)
{
	return BIT32(FIELD_GET(ICH_VTR_PREBITS, sysreg_read_ich_vtr_el2()) - 4);
}

static void gich_write_apr(uint32_t n, uint32_t group0, uint32_t group1)
{
	switch (n) {
	case 0:
		sysreg_write_ich_ap0r0_el2(group0);
		sysreg_write_ich_ap1r0_el2(group1);
		break;
	case 1:
		sysreg_write_ich_ap0r1_el2(group0);
		sysreg_write_ich_ap1r1_el2(group1);
		break;
	case 2:
		sysreg_write_ich_ap0r2_el2(group0);
		sysreg_write_ich_ap1r2_el2(group1);
		break;
	default:
		sysreg_write_ich_ap0r3_el2(group0);
		sysreg_write_ich_ap1r3_el2(group1);
		break;
	}
}

static void gich_read_apr(uint32_t n, uint32_t *group0, uint32_t *group1)
{
	switch (n) {
	case 0:
		*group0 = (uint32_t)sysreg_read_ich_ap0r0_el2();
		*group1 = (uint32_t)sysreg_read_ich_ap1r0_el2();
		break;
	case 1:
		*group0 = (uint32_t)sysreg_read_ich_ap0r1_el2();
		*group1 = (uint32_t)sysreg_read_ich_ap1r1_el2();
		break;
	case 2:
		*group0 = (uint32_t)sysreg_read_ich_ap0r2_el2();
		*group1 = (uint32_t)sysreg_read_ich_ap1r2_el2();
		break;
	default:
		*group0 = (uint32_t)sysreg_read_ich_ap0r3_el2();
		*group1 = (uint32_t)sysreg_read_ich_ap1r3_el2();
		break;
	}
}

void gich_save(uint64_t *vmcr, uint32_t apr[2][4])
{
	for (uint32_t n = 0; n < gich_apr_count(); n++) {
		gich_read_apr(n, &apr[0][n], &apr[1][n]);
	}
	*vmcr = sysreg_read_ich_vmcr_el2();
}

void gich_restore(uint64_t vmcr, uint32_t apr[2][4])
{
	for (uint32_t n = 0; n < gich_apr_count(); n++) {
		gich_write_apr(n, apr[0][n], apr[1][n]);
	}
	sysreg_write_ich_vmcr_el2(vmcr);
}

void gich_reset(void)
{
	uint32_t none[2][4] = {{0}};

	sysreg_write_ich_hcr_el2(0);
	/* Binary points below their minimum are taken as the minimum. */
	gich_restore(0, none);
	for (uint32_t n = 0; n < gich_lr_count(); n++) {
		gich_write_lr(n, 0);
	}
	isb();
}

#define LR_READ(n) \
	case n: \
		return sysreg_read_ich_lr##n##_el2()

uint64_t gich_read_lr(uint32_t n)
{
	switch (n) {
	LR_READ(0);
	LR_READ(1);
	LR_READ(2);
	LR_READ(3);
	LR_READ(4);
	LR_READ(5);
	LR_READ(6);
	LR_READ(7);
	LR_READ(8);
	LR_READ(9);
	LR_READ(10);
	LR_READ(11);
	LR_READ(12);
	LR_READ(13);
	LR_READ(14);
	default:
		return sysreg_read_ich_lr15_el2();
	}
}

#define LR_WRITE(n) \
	case n: \
		sysreg_write_ich_lr##n##_el2(lr); \
		break

void gich_write_lr(uint32_t n, uint64_t lr)
{
	switch (n) {
	LR_WRITE(0);
	LR_WRITE(1);
	LR_WRITE(2);
	LR_WRITE(3);
	LR_WRITE(4);
	LR_WRITE(5);
	LR_WRITE(6);
	LR_WRITE(7);
	LR_WRITE(8);
	LR_WRITE(9);
	LR_WRITE(10);
	LR_WRITE(11);
	LR_WRITE(12);
	LR_WRITE(13);
	LR_WRITE(14);
	default:
		sysreg_write_ich_lr15_el2(lr);
		break;
	}
}

bool gich_insert(uint32_t mask, uint64_t lr)
{
	uint32_t empty = (uint32_t)sysreg_read_ich_elrsr_el2() & mask;

	if ((empty & 1) != 0) {
		sysreg_write_ich_lr0_el2(lr); /* nearly always */
		return true;
	}
	if (empty == 0) {
		return false;
	}
	gich_write_lr((uint32_t)__builtin_ctz(empty), lr);
	return true;
}

uint32_t gich_read_elrsr(void)
{
	return (uint32_t)sysreg_read_ich_elrsr_el2();
}

uint32_t gich_read_eisr(void)
{
	return (uint32_t)sysreg_read_ich_eisr_el2();
}

uint32_t gich_read_hcr(void)
{
	return (uint32_t)sysreg_read_ich_hcr_el2();
}

void gich_write_hcr(uint32_t hcr)
{
	sysreg_write_ich_hcr_el2(hcr);
}

uint32_t gich_read_groups(void)
{
	return (uint32_t)(sysreg_read_ich_vmcr_el2() & (ICH_VMCR_VENG0 | ICH_VMCR_VENG1));
}

bool gich_traps_dir(void)
{
	return (sysreg_read_ich_vtr_el2() & ICH_VTR_TDS) != 0;
}

uint8_t gich_prio_mask(void)
{
	return (uint8_t)(0xff << (7 - FIELD_GET(ICH_VTR_PRIBITS, sysreg_read_ich_vtr_el2())));
}
