// SPDX-License-Identifier: Apache-2.0
/*
 * Virtual SMMUv3: the command queue (IHI 0070, 3.5.1, 4, 7.1). Up to VSMMU_COMMANDS are
 * copied from the guest's memory, decoded, and handed on in their order as one batch that
 * ends in one CMD_SYNC; CMDQ_CONS moves when that is done. A CMD_SYNC of the guest's is
 * needed in between only where it keeps configuration apart from what follows.
 */
#include "guest/vsmmuv3/priv.h"

#define CMD_SIZE (CMD_WORDS * sizeof(uint64_t))

/* With more addresses in a batch, an address space goes as a whole. */
#define ADDRESSES_MAX 16u

struct cmdq_batch {
	struct iommu_command commands[VSMMU_COMMANDS];
	uint32_t count;
	uint32_t plain;     /* the invalidations from here on may be put together */
	uint32_t addresses; /* among those, by address */
	bool config;        /* a context descriptor since the last CMD_SYNC */
	bool interrupt;     /* some CMD_SYNC wanted one */
};

static void cmdq_stop(struct vsmmu *v, uint32_t error)
{
	v->cmdq_err = error;
	vsmmu_raise(v, GERROR_CMDQ);
}

/* Copies commands from CMDQ_CONS on that lie in one page. Returns how many; 0: they cannot
 * be read. */
static uint32_t cmdq_fetch(struct vsmmu *v, uint64_t (*w)[CMD_WORDS])
{
	uint64_t ipa = vsmmu_queue_at(v->cmdq_base, v->cmdq_mask, v->cmdq_cons, 4);
	uint32_t count = vsmmu_commands(v);
	uint32_t room = (v->cmdq_mask >> 1) + 1 - (v->cmdq_cons & v->cmdq_mask >> 1);

	count = count < room ? count : room;
	room = (uint32_t)((PAGE_SIZE - ipa % PAGE_SIZE) / CMD_SIZE);
	count = count < room ? count : room;
	room = (v->room + VSMMU_COMMAND_COST - 1) / VSMMU_COMMAND_COST;
	count = count < room ? count : room;
	count = count < VSMMU_COMMANDS ? count : VSMMU_COMMANDS;
	return vsmmu_read_memory(v, ipa, w, count * (uint32_t)CMD_SIZE) ? count : 0;
}

static void cmdq_add(struct cmdq_batch *b, uint64_t w0, uint64_t w1, uint32_t smmus)
{
	b->commands[b->count++] = (struct iommu_command){{w0, w1}, smmus};
}

/* Whether invalidation `wide` covers `c`: both have the domain's VMID. */
static bool cmdq_covers(uint64_t wide, const struct iommu_command *c)
{
	uint64_t op = FIELD_GET(CMD0_OP, c->w[0]);

	if (FIELD_GET(CMD0_OP, wide) == CMD_TLBI_NH_ALL) {
		return true;
	}
	return (op == CMD_TLBI_NH_ASID || op == CMD_TLBI_NH_VA) &&
	       FIELD_GET(CMD0_ASID, wide) == FIELD_GET(CMD0_ASID, c->w[0]);
}

/* Leaves out those of the batch that `wide` covers. */
static void cmdq_narrow(struct cmdq_batch *b, uint64_t wide)
{
	uint32_t kept = b->plain;

	for (uint32_t i = b->plain; i < b->count; i++) {
		if (!cmdq_covers(wide, &b->commands[i])) {
			b->commands[kept++] = b->commands[i];
		}
	}
	b->count = kept;
	b->addresses = 0;
	for (uint32_t i = b->plain; i < b->count; i++) {
		b->addresses += FIELD_GET(CMD0_OP, b->commands[i].w[0]) == CMD_TLBI_NH_VA;
	}
}

static void cmdq_add_tlbi(struct cmdq_batch *b, const struct vsmmu_command *c, uint32_t smmus)
{
	uint64_t w0 = c->w[0];
	uint64_t w1 = c->w[1];
	uint64_t op = FIELD_GET(CMD0_OP, w0);

	/* What the one before covers is done by it: they take effect together. */
	if (b->count > b->plain) {
		const struct iommu_command *last = &b->commands[b->count - 1];
		uint64_t wide = FIELD_GET(CMD0_OP, last->w[0]);

		if ((last->w[0] == w0 && last->w[1] == w1) ||
		    ((wide == CMD_TLBI_NH_ALL || wide == CMD_TLBI_NH_ASID) &&
		     cmdq_covers(last->w[0], &(struct iommu_command){{w0, w1}, smmus}))) {
			return;
		}
	}
	if (op == CMD_TLBI_NH_VA && ++b->addresses > ADDRESSES_MAX) {
		op = CMD_TLBI_NH_ASID;
		w0 = op | (w0 & (CMD0_VMID | CMD0_ASID));
		w1 = 0;
	}
	if (op == CMD_TLBI_NH_ASID || op == CMD_TLBI_NH_ALL) {
		cmdq_narrow(b, w0);
	}
	cmdq_add(b, w0, w1, smmus);
}

static void cmdq_add_cd(const struct vsmmu *v, struct cmdq_batch *b, const struct vsmmu_command *c)
{
	const struct vstream_desc *run = vsmmu_find_stream(v->desc, c->first);

	if (run != NULL) {
		cmdq_add(b, c->w[0] | FIELD_PREP(CMD0_SID, run->first + (c->first - run->virt)), c->w[1],
			 BIT32(run->smmu));
		b->config = true;
		b->plain = b->count;
		b->addresses = 0;
	}
}

/* Has the batch done. False: an SMMU does not do what it is told. */
static bool cmdq_finish(struct vsmmu *v, const struct cmdq_batch *b)
{
	if (b->count != 0 && !iommu_nested_run(b->commands, b->count)) {
		v->failed = true;
		vsmmu_raise(v, GERROR_SFM);
		return false;
	}
	return true;
}

/* Adds a command to the batch. False: it cannot be part of one. */
static bool cmdq_take(const struct vsmmu *v, struct cmdq_batch *b, const struct vsmmu_command *c)
{
	switch (c->kind) {
	case COMMAND_TLBI:
		cmdq_add_tlbi(b, c, v->smmus);
		return true;
	case COMMAND_CD:
		cmdq_add_cd(v, b, c);
		return true;
	case COMMAND_SYNC:
		b->interrupt |= c->interrupt;
		if (b->config) {
			cmdq_add(b, CMD_SYNC, 0, v->smmus);
			b->config = false;
			b->plain = b->count;
			b->addresses = 0;
		}
		return true;
	default:
		return c->kind == COMMAND_NOTHING;
	}
}

void vsmmu_run(struct vsmmu *v)
{
	uint64_t w[VSMMU_COMMANDS][CMD_WORDS];
	struct cmdq_batch b;
	struct vsmmu_command c;
	uint32_t count = cmdq_fetch(v, w);
	uint32_t done = 0;

	b.count = 0;
	b.plain = 0;
	b.addresses = 0;
	b.config = false;
	b.interrupt = false;
	if (count == 0) {
		cmdq_stop(v, CERROR_ABT);
		return;
	}
	for (; done < count; done++) {
		vsmmu_decode(v, w[done], &c);
		if (!cmdq_take(v, &b, &c)) {
			break;
		}
	}
	if (!cmdq_finish(v, &b)) {
		return;
	}
	vsmmu_pass_commands(v, done);
	v->room -= v->room < (done + 1) * VSMMU_COMMAND_COST ? v->room : (done + 1) * VSMMU_COMMAND_COST;
	if (b.interrupt) {
		vsmmu_pulse(v, v->desc->sync_intid);
	}
	if (done < count && c.kind == COMMAND_STREAMS) {
		vsmmu_begin_walk(v, WALK_COMMAND, c.first, c.last);
	} else if (done < count) {
		cmdq_stop(v, CERROR_ILL);
	}
}
