/* SPDX-License-Identifier: Apache-2.0 */
/* GICv2's virtualization interface: GICH_* (IHI 0048B chapter 5). */
#include "irq/gic.h"

static uint32_t gich_read(uint32_t reg)
{
	return mmio_read32(board.gic.gich.base + reg);
}

static void gich_write(uint32_t reg, uint32_t value)
{
	mmio_write32(board.gic.gich.base + reg, value);
}

uint32_t gich_lr_count(void)
{
	uint32_t count = (uint32_t)FIELD_GET(GICH_VTR_LRS, gich_read(GICH_VTR)) + 1;

	return count < 16 ? count : 16;
}

void gich_save(uint64_t *vmcr, uint32_t apr[2][4])
{
	apr[0][0] = gich_read(GICH_APR);
	*vmcr = gich_read(GICH_VMCR);
}

void gich_restore(uint64_t vmcr, uint32_t apr[2][4])
{
	gich_write(GICH_APR, apr[0][0]);
	gich_write(GICH_VMCR, (uint32_t)vmcr);
}

void gich_reset(void)
{
	uint32_t none[2][4] = {{0}};
	uint32_t count = (uint32_t)FIELD_GET(GICH_VTR_LRS, gich_read(GICH_VTR)) + 1;

	gich_write(GICH_HCR, 0);
	/* The least binary points that 5 priority bits allow. */
	gich_restore(FIELD_PREP(GICH_VMCR_BP, 2) | FIELD_PREP(GICH_VMCR_ABP, 3), none);
	for (uint32_t n = 0; n < count; n++) {
		gich_write(GICH_LR + 4 * n, 0);
	}
}

uint64_t gich_read_lr(uint32_t n)
{
	uint32_t lr = gich_read(GICH_LR + 4 * n);

	return FIELD_GET(GICH_V2LR_INTID, lr) | (FIELD_GET(GICH_V2LR_PHYSICAL, lr) << 32) |
	       (FIELD_GET(GICH_V2LR_PRIO, lr) << 51) | ((uint64_t)(lr >> 28) << 62) |
	       ((lr & GICH_V2LR_GROUP1) != 0 ? GICH_LR_GROUP1 : 0) |
	       ((lr & GICH_V2LR_HW) != 0 ? GICH_LR_HW : 0);
}

/* QEMU (hw/intc/arm_gic.c, GICD_IIDR 0x43b) does not look at the physical interrupts
 * again when a guest's end of interrupt deactivates one: a level input that is high
 * by then is not signalled until something else happens, if ever. There the end comes
 * to the hypervisor instead, which deactivates. */
static uint64_t gich_end_by_software(uint64_t lr)
{
	if ((lr & GICH_LR_HW) == 0 || gic_iidr() != GICD_IIDR_QEMU) {
		return lr;
	}
	return (lr & ~(GICH_LR_HW | GICH_LR_PINTID)) | GICH_LR_EOI;
}

void gich_write_lr(uint32_t n, uint64_t lr)
{
	lr = gich_end_by_software(lr);
	uint64_t state = FIELD_PREP(GICH_V2LR_STATE, lr >> 62);
	uint64_t physical = FIELD_PREP(GICH_V2LR_PHYSICAL, lr >> 32);
	uint64_t prio = FIELD_PREP(GICH_V2LR_PRIO, lr >> 51);

	/* Group (60) and HW (61) come to lie at 30 and 31. */
	gich_write(GICH_LR + 4 * n, (uint32_t)((lr & GICH_V2LR_INTID) | physical | prio | state |
					       ((lr >> 30) & (GICH_V2LR_GROUP1 | GICH_V2LR_HW))));
}

bool gich_insert(uint32_t mask, uint64_t lr)
{
	uint32_t empty = gich_read(GICH_ELRSR0) & mask;

	if (empty == 0) {
		return false;
	}
	gich_write_lr((uint32_t)__builtin_ctz(empty), lr);
	return true;
}

uint32_t gich_read_elrsr(void)
{
	return gich_read(GICH_ELRSR0);
}

uint32_t gich_read_eisr(void)
{
	return gich_read(GICH_EISR0);
}

uint32_t gich_read_hcr(void)
{
	return gich_read(GICH_HCR);
}

void gich_write_hcr(uint32_t hcr)
{
	gich_write(GICH_HCR, hcr);
}

uint32_t gich_read_groups(void)
{
	return gich_read(GICH_VMCR) & (GICH_VMCR_GRP0 | GICH_VMCR_GRP1);
}

bool gich_traps_dir(void)
{
	return false;
}

uint8_t gich_prio_mask(void)
{
	return 0xf8; /* five bits, IHI 0048B 5.3.11 */
}
