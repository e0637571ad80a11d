// SPDX-License-Identifier: Apache-2.0
/* SMMUv3: from whatever firmware left to the state of the tables (IHI 0070 3.11, 6.3). */
#include "arch/cpu.h"
#include "drivers/console.h"
#include "iommu/smmuv3.h"

/* Waits until a register shows `value` in `mask`. */
static bool smmuv3_wait(const struct smmuv3 *s, uint32_t ack, uint32_t mask, uint32_t value)
{
	uint64_t end = time_after_us(SMMUV3_WAIT_US);

	while ((smmuv3_read32(s, ack) & mask) != (value & mask)) {
		if (time_over(end)) {
			return false;
		}
		arch_relax();
	}
	return true;
}

/* Writes a register and waits until `ack` shows the same in `mask`. */
static bool smmuv3_write_wait(const struct smmuv3 *s, uint32_t reg, uint32_t ack, uint32_t mask,
			      uint32_t value)
{
	smmuv3_write32(s, reg, value);
	return smmuv3_wait(s, ack, mask, value);
}

bool smmuv3_give_up(struct smmuv3 *s, const char *why)
{
	const uint32_t all = CR0_SMMUEN | CR0_EVTQEN | CR0_CMDQEN;

	if (__atomic_exchange_n(&s->dead, 1, __ATOMIC_RELAXED) != 0) {
		return false;
	}
	smmuv3_write32(s, SMMU_IRQ_CTRL, 0);
	s->cr0 = 0;
	if (smmuv3_write_wait(s, SMMU_CR0, SMMU_CR0ACK, all, 0)) {
		log_error("%s: %s: given up and turned off", s->desc->name, why);
	} else {
		log_error("%s: %s: given up, but it does not turn off", s->desc->name, why);
	}
	return false;
}

static bool smmuv3_set_cr0(struct smmuv3 *s, uint32_t bits)
{
	s->cr0 |= bits;
	return smmuv3_write_wait(s, SMMU_CR0, SMMU_CR0ACK, bits, s->cr0) ||
	       smmuv3_give_up(s, "CR0ACK does not follow CR0");
}

/* Interrupts that the board file does not name stay off: their lines may be another's.
 * Whoever noticed one has written the register and did not wait (6.3.18). */
bool smmuv3_set_irqs(struct smmuv3 *s, bool on)
{
	uint32_t mask = IRQ_GERROR | IRQ_EVTQ;
	uint32_t named = (s->desc->gerror_intid != 0 ? IRQ_GERROR : 0) | (s->desc->evtq_intid != 0 ? IRQ_EVTQ : 0);

	return (smmuv3_wait(s, SMMU_IRQ_CTRLACK, mask, smmuv3_read32(s, SMMU_IRQ_CTRL)) &&
		smmuv3_write_wait(s, SMMU_IRQ_CTRL, SMMU_IRQ_CTRLACK, mask, on ? named : 0)) ||
	       smmuv3_give_up(s, "IRQ_CTRLACK does not follow IRQ_CTRL");
}

static bool smmuv3_wait_gbpa(const struct smmuv3 *s)
{
	return smmuv3_wait(s, SMMU_GBPA, GBPA_UPDATE, 0);
}

/* First of all: what is not translated is aborted. Then translation, queues and
 * interrupts off, whatever firmware used them for. */
static bool smmuv3_turn_off(struct smmuv3 *s)
{
	uint32_t gbpa;

	if (!smmuv3_wait_gbpa(s)) {
		return smmuv3_give_up(s, "GBPA.UPDATE stays set");
	}
	gbpa = smmuv3_read32(s, SMMU_GBPA);
	smmuv3_write32(s, SMMU_GBPA, gbpa | GBPA_ABORT | GBPA_UPDATE);
	if (!smmuv3_wait_gbpa(s)) {
		return smmuv3_give_up(s, "GBPA.UPDATE stays set");
	}
	if ((smmuv3_read32(s, SMMU_GBPA) & GBPA_ABORT) == 0) {
		return smmuv3_give_up(s, "GBPA.ABORT cannot be set");
	}
	/* The whole register: an SMMU that firmware used has more of it set. */
	if (!smmuv3_write_wait(s, SMMU_CR0, SMMU_CR0ACK, UINT32_MAX, 0)) {
		return smmuv3_give_up(s, "CR0ACK does not follow CR0");
	}
	return smmuv3_set_irqs(s, false);
}

/* Output size in bits; 0 for what this driver does not know. */
static uint32_t smmuv3_output_bits(const struct smmuv3 *s)
{
	static const uint8_t bits[] = {32, 36, 40, 42, 44, 48, 52, 56};

	return bits[FIELD_GET(IDR5_OAS, smmuv3_read32(s, SMMU_IDR5))];
}

/* What the SMMU lacks to do what the tables say, or NULL. */
static const char *smmuv3_missing(const struct smmuv3 *s)
{
	const struct smmu_desc *d = s->desc;
	uint32_t idr0 = smmuv3_read32(s, SMMU_IDR0);
	uint32_t idr1 = smmuv3_read32(s, SMMU_IDR1);

	if ((idr0 & IDR0_S2P) == 0) {
		return "IDR0.S2P is 0: no stage 2";
	}
	if ((FIELD_GET(IDR0_TTF, idr0) & IDR0_TTF_AARCH64) == 0) {
		return "IDR0.TTF: no AArch64 tables";
	}
	if (FIELD_GET(IDR0_TTENDIAN, idr0) == IDR0_TTENDIAN_BIG) {
		return "IDR0.TTENDIAN: no little-endian tables";
	}
	if (FIELD_GET(IDR0_STALL_MODEL, idr0) == IDR0_STALL_FORCED) {
		return "IDR0.STALL_MODEL: faults can only stall";
	}
	if (d->coherent != 0 && (idr0 & IDR0_COHACC) == 0) {
		return "IDR0.COHACC is 0, but the board file says coherent";
	}
	if (FIELD_GET(STRTAB_CFG_FMT, d->strtab_cfg) == STRTAB_FMT_TWO_LEVEL &&
	    FIELD_GET(IDR0_ST_LEVEL, idr0) != IDR0_ST_TWO_LEVEL) {
		return "IDR0.ST_LEVEL: no two-level stream table";
	}
	if ((idr1 & (IDR1_QUEUES_PRESET | IDR1_TABLES_PRESET)) != 0) {
		return "IDR1: queues or tables are at preset addresses";
	}
	if (FIELD_GET(IDR1_SIDSIZE, idr1) < FIELD_GET(STRTAB_CFG_LOG2SIZE, d->strtab_cfg)) {
		return "IDR1.SIDSIZE: fewer stream IDs than the board file says";
	}
	if (FIELD_GET(IDR1_CMDQS, idr1) < d->cmdq_log2) {
		return "IDR1.CMDQS: no command queue of that size";
	}
	if (FIELD_GET(IDR1_EVTQS, idr1) < d->evtq_log2) {
		return "IDR1.EVTQS: no event queue of that size";
	}
	if ((smmuv3_read32(s, SMMU_IDR5) & IDR5_GRAN4K) == 0) {
		return "IDR5.GRAN4K is 0: no 4 KiB granule";
	}
	if (smmuv3_output_bits(s) < d->oas_pa_bits) {
		return "IDR5.OAS: physical addresses are shorter than the stage-2 tables need";
	}
	return NULL;
}

static uint64_t smmuv3_queue_base(const uint64_t *queue, uint32_t log2)
{
	return (own_pa(queue) & QUEUE_ADDR) | QUEUE_ALLOCATE | FIELD_PREP(QUEUE_LOG2SIZE, log2);
}

/* All that may only be written while the SMMU is off. */
static void smmuv3_set_tables(struct smmuv3 *s)
{
	const struct smmu_desc *d = s->desc;
	uint64_t cr1 = FIELD_PREP(CR1_QUEUE_IC, CR1_WRITE_BACK) | FIELD_PREP(CR1_QUEUE_OC, CR1_WRITE_BACK) |
		       FIELD_PREP(CR1_QUEUE_SH, CR1_INNER) | FIELD_PREP(CR1_TABLE_IC, CR1_WRITE_BACK) |
		       FIELD_PREP(CR1_TABLE_OC, CR1_WRITE_BACK) | FIELD_PREP(CR1_TABLE_SH, CR1_INNER);

	smmuv3_write32(s, SMMU_CR1, d->coherent != 0 ? (uint32_t)cr1 : 0);
	/* PTM: TLBs change by our commands, not by the guests' broadcast TLBI. */
	smmuv3_write32(s, SMMU_CR2, CR2_RECINVSID | CR2_PTM);
	smmuv3_write64(s, SMMU_STRTAB_BASE, d->strtab_base);
	smmuv3_write32(s, SMMU_STRTAB_BASE_CFG, (uint32_t)d->strtab_cfg);
	smmuv3_write64(s, SMMU_CMDQ_BASE, smmuv3_queue_base(d->cmdq, d->cmdq_log2));
	smmuv3_write32(s, SMMU_CMDQ_PROD, 0);
	smmuv3_write32(s, SMMU_CMDQ_CONS, 0);
	smmuv3_write64(s, SMMU_EVTQ_BASE, smmuv3_queue_base(d->evtq, d->evtq_log2));
	smmuv3_write32(s, SMMU_EVTQ_PROD, 0);
	smmuv3_write32(s, SMMU_EVTQ_CONS, 0);
	/* Errors of before are not ours. */
	smmuv3_write32(s, SMMU_GERRORN, smmuv3_read32(s, SMMU_GERROR));
	if ((smmuv3_read32(s, SMMU_IDR0) & IDR0_MSI) != 0) {
		/* Address 0: the wired interrupts. */
		smmuv3_write64(s, SMMU_GERROR_IRQ_CFG0, 0);
		smmuv3_write64(s, SMMU_EVTQ_IRQ_CFG0, 0);
	}
}

/* Nothing that was cached before counts any more. */
static bool smmuv3_forget(struct smmuv3 *s)
{
	bool hyp = (smmuv3_read32(s, SMMU_IDR0) & IDR0_HYP) != 0;

	return smmuv3_cmdq_add(s, CMD_CFGI_ALL, FIELD_PREP(CMD1_RANGE, CMD_RANGE_ALL)) &&
	       smmuv3_cmdq_add(s, CMD_TLBI_NSNH_ALL, 0) &&
	       (!hyp || smmuv3_cmdq_add(s, CMD_TLBI_EL2_ALL, 0)) &&
	       (smmuv3_cmdq_sync(s) || smmuv3_give_up(s, "refuses to forget what firmware set up"));
}

bool smmuv3_init(struct smmuv3 *s)
{
	/* Devices that ask for translations themselves (ATS) are checked like all others. */
	bool ats = (smmuv3_read32(s, SMMU_IDR0) & IDR0_ATS) != 0;
	const char *missing;

	if (!smmuv3_turn_off(s)) {
		return false;
	}
	missing = smmuv3_missing(s);
	if (missing != NULL) {
		return smmuv3_give_up(s, missing);
	}
	smmuv3_set_tables(s);
	return smmuv3_set_cr0(s, CR0_CMDQEN) && smmuv3_forget(s) && smmuv3_set_cr0(s, CR0_EVTQEN) &&
	       smmuv3_set_irqs(s, true) && (!ats || smmuv3_set_cr0(s, CR0_ATSCHK)) &&
	       smmuv3_set_cr0(s, CR0_SMMUEN);
}
