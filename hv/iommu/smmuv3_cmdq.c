// SPDX-License-Identifier: Apache-2.0
/* SMMUv3: the command queue (IHI 0070 3.5, 4, 7.1). */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "iommu/smmuv3.h"

static uint64_t *cmdq_slot(const struct smmuv3 *s, uint32_t position)
{
	return &s->desc->cmdq[(position & (BIT32(s->desc->cmdq_log2) - 1)) * CMD_WORDS];
}

static uint32_t cmdq_used(const struct smmuv3 *s, uint32_t prod, uint32_t cons)
{
	return smmuv3_queue_used(prod, cons, s->desc->cmdq_log2);
}

static void cmdq_write(const struct smmuv3 *s, uint32_t position, uint64_t w0, uint64_t w1)
{
	uint64_t *slot = cmdq_slot(s, position);

	slot[0] = w0;
	slot[1] = w1;
	if (s->desc->coherent == 0) {
		arch_dcache_clean(slot, CMD_WORDS * sizeof(*slot));
	}
}

/* One line for each batch: the SMMU may refuse all that is in it. */
static void cmdq_refused(struct smmuv3 *s, uint32_t position)
{
	const uint64_t *slot = cmdq_slot(s, position);

	if (!s->refused) {
		s->notes.refused = true;
		s->notes.command[0] = slot[0];
		s->notes.command[1] = slot[1];
	}
	s->refused = true;
	cmdq_write(s, position, CMD_SYNC, 0);
	dsb_sy();
}

void smmuv3_acknowledge(struct smmuv3 *s, uint32_t errors)
{
	spin_lock(&s->gerror_lock);
	smmuv3_write32(s, SMMU_GERRORN, smmuv3_read32(s, SMMU_GERRORN) ^ errors);
	spin_unlock(&s->gerror_lock);
}

bool smmuv3_cmdq_recover(struct smmuv3 *s)
{
	uint32_t gerror = smmuv3_read32(s, SMMU_GERROR);
	uint32_t cons = smmuv3_read32(s, SMMU_CMDQ_CONS);
	uint32_t err = (uint32_t)FIELD_GET(CMDQ_CONS_ERR, cons);

	if (((gerror ^ smmuv3_read32(s, SMMU_GERRORN)) & GERROR_CMDQ) == 0) {
		return true;
	}
	if (err == CERROR_ILL) {
		/* It stands at the bad command, which becomes one that does nothing. Where it
		 * stands at none of ours there is nothing to mend. */
		if (cmdq_used(s, s->cmd_prod, cons) - 1 < cmdq_used(s, s->cmd_prod, s->cmd_cons)) {
			cmdq_refused(s, cons);
		}
	} else if (err == CERROR_ATC_INV_SYNC) {
		s->refused = true;
	} else if (err != CERROR_NONE) {
		return smmuv3_give_up(s, err == CERROR_ABT ? "cannot read its command queue"
							   : "CMDQ_CONS.ERR makes no sense");
	}
	/* Only this error's bit: others are for smmuv3_take_turn(). */
	smmuv3_acknowledge(s, GERROR_CMDQ);
	return true;
}

/* Sees how far the SMMU has come. */
static bool cmdq_look(struct smmuv3 *s)
{
	uint32_t cons = smmuv3_read32(s, SMMU_CMDQ_CONS) & (BIT32(s->desc->cmdq_log2 + 1) - 1);
	uint32_t error = smmuv3_read32(s, SMMU_GERROR) ^ smmuv3_read32(s, SMMU_GERRORN);

	if (cmdq_used(s, cons, s->cmd_cons) > cmdq_used(s, s->cmd_prod, s->cmd_cons)) {
		return smmuv3_give_up(s, "CMDQ_CONS makes no sense");
	}
	s->cmd_cons = cons;
	return (error & GERROR_CMDQ) == 0 || smmuv3_cmdq_recover(s);
}

/* Tells the SMMU of all commands and waits until at most `left` are not done. */
static bool cmdq_flush(struct smmuv3 *s, uint32_t left)
{
	uint64_t end = time_after_us(SMMUV3_WAIT_US);

	/* Commands, and the tables that they are about, before the SMMU reads them. */
	dsb_sy();
	s->cmd_prod = s->cmd_write;
	smmuv3_write32(s, SMMU_CMDQ_PROD, s->cmd_prod);
	while (cmdq_look(s)) {
		if (cmdq_used(s, s->cmd_prod, s->cmd_cons) <= left) {
			return true;
		}
		if (time_over(end)) {
			return smmuv3_give_up(s, "the command queue does not move");
		}
		arch_relax();
	}
	return false;
}

bool smmuv3_cmdq_add(struct smmuv3 *s, uint64_t w0, uint64_t w1)
{
	uint32_t size = BIT32(s->desc->cmdq_log2);

	if (smmuv3_is_dead(s)) {
		return false;
	}
	if (cmdq_used(s, s->cmd_write, s->cmd_cons) == size && !cmdq_flush(s, size - 1)) {
		return false;
	}
	cmdq_write(s, s->cmd_write, w0, w1);
	s->cmd_write = (s->cmd_write + 1) & (2 * size - 1);
	return true;
}

bool smmuv3_cmdq_sync(struct smmuv3 *s)
{
	bool done;

	/* CMD_SYNC, without a signal: CMDQ_CONS passes it when all before is done. */
	if (!smmuv3_cmdq_add(s, CMD_SYNC, 0) || !cmdq_flush(s, 0)) {
		return false;
	}
	done = !s->refused;
	s->refused = false;
	return done;
}
