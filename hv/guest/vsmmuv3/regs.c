// SPDX-License-Identifier: Apache-2.0
/*
 * Virtual SMMUv3: its registers (IHI 0070, 6.3). Reserved ones, and accesses of a size that
 * a register does not have, read as zero and ignore writes; so do *_BASE and STRTAB_* while
 * what they describe is in use.
 */
#include "guest/vsmmuv3/priv.h"

#define CR0_OFFERED (CR0_SMMUEN | CR0_EVTQEN | CR0_CMDQEN)
#define CR1_BITS 0xfffu
#define CR2_BITS (CR2_RECINVSID | CR2_PTM)
/* MTCFG, MemAttr, ALLOCCFG, SHCFG, PRIVCFG, INSTCFG count only where attributes can be
 * overridden, which is not offered. */
#define GBPA_BITS GBPA_ABORT
#define IRQ_BITS (IRQ_GERROR | IRQ_EVTQ)
#define STRTAB_CFG_BITS (STRTAB_CFG_LOG2SIZE | STRTAB_CFG_SPLIT | STRTAB_CFG_FMT)
#define QUEUE_BITS (QUEUE_ALLOCATE | QUEUE_ADDR | QUEUE_LOG2SIZE)
#define STRTAB_BITS (QUEUE_ALLOCATE | STRTAB_ADDR)
#define AIDR_NEWEST 2u /* v3.2 */

void vsmmu_set_ids(struct vsmmu *v, const struct iommu_ids *ids)
{
	const struct vsmmu_desc *d = v->desc;
	uint64_t oas = FIELD_GET(IDR5_OAS, ids->idr5);

	/* Stage 1 alone, and no more than is emulated: no ATS, PRI, stalls, MSIs, broadcast
	 * invalidation, HTTU, EL2. */
	v->idr0 = IDR0_S1P | (uint32_t)FIELD_PREP(IDR0_TTF, IDR0_TTF_AARCH64) |
		  (ids->coherent ? IDR0_COHACC : 0) | (ids->idr0 & (IDR0_ASID16 | IDR0_CD2L | IDR0_TERM_MODEL)) |
		  (uint32_t)FIELD_PREP(IDR0_TTENDIAN, IDR0_TTENDIAN_LITTLE) |
		  (uint32_t)FIELD_PREP(IDR0_STALL_MODEL, IDR0_STALL_NONE) |
		  (uint32_t)FIELD_PREP(IDR0_ST_LEVEL, IDR0_ST_TWO_LEVEL);
	v->idr1 = (uint32_t)(FIELD_PREP(IDR1_SIDSIZE, d->sid_bits) | FIELD_PREP(IDR1_CMDQS, d->cmdq_log2) |
			     FIELD_PREP(IDR1_EVTQS, d->evtq_log2) | (ids->idr1 & IDR1_SSIDSIZE));
	v->idr3 = ids->idr3 & (uint32_t)(IDR3_HAD | IDR3_RIL | IDR3_BBML);
	/* Other granules would be larger than stage 2's; more than 48 bits need them. */
	v->idr5 = (uint32_t)FIELD_PREP(IDR5_OAS, oas < OAS_48 ? oas : OAS_48) | IDR5_GRAN4K;
	/* The guest's driver has to know which errata it works around. */
	v->iidr = ids->iidr;
	v->aidr = FIELD_GET(AIDR_MINOR, ids->aidr) < AIDR_NEWEST ? (uint32_t)FIELD_GET(AIDR_MINOR, ids->aidr)
								 : AIDR_NEWEST;
	v->coherent = ids->coherent;
}

void vsmmu_reset_regs(struct vsmmu *v)
{
	v->cr0 = 0;
	v->cr0ack = 0;
	v->cr1 = 0;
	v->cr2 = 0;
	v->gbpa = GBPA_ABORT;
	v->irq_ctrl = 0;
	v->gerror = 0;
	v->gerrorn = 0;
	v->strtab_cfg = 0;
	v->strtab_base = 0;
	v->cmdq_base = 0;
	v->evtq_base = 0;
	v->cmdq_prod = 0;
	v->cmdq_cons = 0;
	v->cmdq_err = 0;
	v->evtq_prod = 0;
	v->evtq_cons = 0;
	v->cmdq_mask = 1;
	v->evtq_mask = 1;
	v->walk = WALK_NONE;
	v->page_known = false;
	v->failed = false;
}

uint32_t vsmmu_read32(const struct vsmmu *v, uint64_t offset)
{
	switch (offset) {
	case SMMU_IDR0:
		return v->idr0;
	case SMMU_IDR1:
		return v->idr1;
	case SMMU_IDR3:
		return v->idr3;
	case SMMU_IDR5:
		return v->idr5;
	case SMMU_IIDR:
		return v->iidr;
	case SMMU_AIDR:
		return v->aidr;
	case SMMU_CR0:
		return v->cr0;
	case SMMU_CR0ACK:
		return v->cr0ack;
	case SMMU_CR1:
		return v->cr1;
	case SMMU_CR2:
		return v->cr2;
	case SMMU_GBPA:
		return v->gbpa;
	case SMMU_IRQ_CTRL:
	case SMMU_IRQ_CTRLACK:
		return v->irq_ctrl;
	case SMMU_GERROR:
		return v->gerror;
	case SMMU_GERRORN:
		return v->gerrorn;
	case SMMU_STRTAB_BASE:
		return (uint32_t)v->strtab_base;
	case SMMU_STRTAB_BASE + 4:
		return (uint32_t)(v->strtab_base >> 32);
	case SMMU_STRTAB_BASE_CFG:
		return v->strtab_cfg;
	case SMMU_CMDQ_BASE:
		return (uint32_t)v->cmdq_base;
	case SMMU_CMDQ_BASE + 4:
		return (uint32_t)(v->cmdq_base >> 32);
	case SMMU_CMDQ_PROD:
		return v->cmdq_prod;
	case SMMU_CMDQ_CONS:
		return __atomic_load_n(&v->cmdq_cons, __ATOMIC_ACQUIRE) |
		       (uint32_t)FIELD_PREP(CMDQ_CONS_ERR, v->cmdq_err);
	case SMMU_EVTQ_BASE:
		return (uint32_t)v->evtq_base;
	case SMMU_EVTQ_BASE + 4:
		return (uint32_t)(v->evtq_base >> 32);
	case SMMU_EVTQ_PROD:
		return __atomic_load_n(&v->evtq_prod, __ATOMIC_ACQUIRE);
	case SMMU_EVTQ_CONS:
		return v->evtq_cons;
	default:
		return 0;
	}
}

/* The 64-bit register at `offset`, and whether it may be written now; NULL: none. */
static uint64_t *regs_wide(struct vsmmu *v, uint64_t offset, uint64_t *bits, bool *frozen)
{
	uint32_t used = v->cr0 | v->cr0ack;

	switch (offset) {
	case SMMU_STRTAB_BASE:
		*bits = STRTAB_BITS;
		*frozen = (used & CR0_SMMUEN) != 0;
		return &v->strtab_base;
	case SMMU_CMDQ_BASE:
		*bits = QUEUE_BITS;
		*frozen = (used & CR0_CMDQEN) != 0;
		return &v->cmdq_base;
	case SMMU_EVTQ_BASE:
		*bits = QUEUE_BITS;
		*frozen = (used & CR0_EVTQEN) != 0;
		return &v->evtq_base;
	default:
		return NULL;
	}
}

uint64_t vsmmu_read(struct vsmmu *v, uint64_t offset, uint32_t size)
{
	const uint64_t *wide;
	uint64_t bits;
	bool frozen;

	if (size == 4) {
		return vsmmu_read32(v, offset);
	}
	wide = regs_wide(v, offset, &bits, &frozen);
	return wide != NULL ? *wide : 0;
}

/* SMMUEN, and the queues' own bits. */
static void regs_write_cr0(struct vsmmu *v, uint32_t value)
{
	bool was = (v->cr0 & CR0_SMMUEN) != 0;
	bool is = (value & CR0_SMMUEN) != 0;

	/* A command that has not come to its end begins anew with the queue. */
	if ((value & CR0_CMDQEN) == 0 && v->walk == WALK_COMMAND) {
		v->walk = WALK_NONE;
	}
	v->cr0 = value & CR0_OFFERED;
	v->cr0ack = (v->cr0ack & CR0_SMMUEN) | (v->cr0 & ~CR0_SMMUEN);
	if (was == is) {
		return;
	}
	if (!is) {
		/* Whatever a walk was for, it is all one now: a command that waits for it is
		 * done. */
		if (v->walk == WALK_COMMAND) {
			vsmmu_pass_commands(v, 1);
		}
		v->walk = WALK_NONE;
		v->cr0ack &= ~CR0_SMMUEN;
		vsmmu_set_all(v);
	} else {
		vsmmu_set_all(v);
		vsmmu_begin_walk(v, WALK_ENABLE, 0, UINT32_MAX);
	}
}

static void regs_write_gbpa(struct vsmmu *v, uint32_t value)
{
	if ((value & GBPA_UPDATE) != 0 && ((value ^ v->gbpa) & GBPA_BITS) != 0) {
		v->gbpa = value & GBPA_BITS;
		if ((v->cr0 & CR0_SMMUEN) == 0) {
			vsmmu_set_all(v);
		}
	}
}

/* Only what is active can be acknowledged: any other bit would begin an error. */
static void regs_write_gerrorn(struct vsmmu *v, uint32_t value)
{
	uint32_t active = v->gerror ^ v->gerrorn;

	v->gerrorn = (v->gerrorn & ~active) | (value & active);
	if (((v->gerror ^ v->gerrorn) & GERROR_CMDQ) == 0) {
		v->cmdq_err = CERROR_NONE;
	}
}

/* Bits of positions that the queues have not got are not kept. */
static void regs_write32(struct vsmmu *v, uint64_t offset, uint32_t value)
{
	uint32_t used = v->cr0 | v->cr0ack;

	switch (offset) {
	case SMMU_CR0:
		regs_write_cr0(v, value);
		break;
	case SMMU_CR1:
		v->cr1 = (used & CR0_OFFERED) == 0 ? value & CR1_BITS : v->cr1;
		break;
	case SMMU_CR2:
		v->cr2 = (used & CR0_SMMUEN) == 0 ? value & CR2_BITS : v->cr2;
		break;
	case SMMU_GBPA:
		regs_write_gbpa(v, value);
		break;
	case SMMU_IRQ_CTRL:
		v->irq_ctrl = value & IRQ_BITS;
		break;
	case SMMU_GERRORN:
		regs_write_gerrorn(v, value);
		break;
	case SMMU_STRTAB_BASE_CFG:
		v->strtab_cfg = (used & CR0_SMMUEN) == 0 ? value & (uint32_t)STRTAB_CFG_BITS : v->strtab_cfg;
		break;
	case SMMU_CMDQ_PROD:
		v->cmdq_prod = value & v->cmdq_mask;
		break;
	case SMMU_CMDQ_CONS:
		v->cmdq_cons = (used & CR0_CMDQEN) == 0 ? value & v->cmdq_mask : v->cmdq_cons;
		break;
	case SMMU_EVTQ_PROD:
		v->evtq_prod = (used & CR0_EVTQEN) == 0 ? value & (v->evtq_mask | EVTQ_OVERFLOW) : v->evtq_prod;
		break;
	case SMMU_EVTQ_CONS:
		v->evtq_cons = value & (v->evtq_mask | EVTQ_OVERFLOW);
		break;
	default:
		break;
	}
}

/* The sizes of the queues may have changed. */
static void regs_resize(struct vsmmu *v)
{
	v->cmdq_mask = vsmmu_queue_mask(v->cmdq_base, v->desc->cmdq_log2);
	v->evtq_mask = vsmmu_queue_mask(v->evtq_base, v->desc->evtq_log2);
	v->cmdq_prod &= v->cmdq_mask;
	v->cmdq_cons &= v->cmdq_mask;
	v->evtq_prod &= v->evtq_mask | EVTQ_OVERFLOW;
	v->evtq_cons &= v->evtq_mask | EVTQ_OVERFLOW;
}

void vsmmu_write(struct vsmmu *v, uint64_t offset, uint32_t size, uint64_t value)
{
	uint64_t mask = size == 8 ? UINT64_MAX : (uint64_t)UINT32_MAX << (offset % 8 * 8);
	uint64_t bits;
	bool frozen;
	uint64_t *wide = regs_wide(v, ALIGN_DOWN(offset, 8), &bits, &frozen);

	if (wide != NULL && !frozen) {
		*wide = ((*wide & ~mask) | (value << (offset % 8 * 8) & mask)) & bits;
		regs_resize(v);
	} else if (wide == NULL && size == 4) {
		regs_write32(v, offset, (uint32_t)value);
	}
}
