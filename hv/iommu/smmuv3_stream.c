// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3: stream table entries while the machine runs (IHI 0070 3.3, 5.2).
 *
 * The stream table is read-only for the hypervisor like all of .tables. To abort a
 * domain's DMA its entries are reached through the window, one 64-bit store each:
 * word 0 alone changes, between stage 2 and abort. What guests make of
 * their streams is smmuv3_nested.c. An entry that is nobody's is zero; one that is
 * somebody's has its stage 2 in words 2 and 3 whatever word 0 is.
 */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "iommu/smmuv3.h"
#include "mm/window.h"

struct smmuv3_run smmuv3_stream_find(const struct smmuv3 *s, uint64_t sid, uint64_t end)
{
	const struct smmu_desc *d = s->desc;
	uint64_t ids = BIT64(FIELD_GET(STRTAB_CFG_LOG2SIZE, d->strtab_cfg));
	uint64_t base = d->strtab_base & STRTAB_ADDR;
	struct smmuv3_run run = {0, 0, end};

	if (sid >= ids) {
		return run;
	}
	run.next = end < ids ? end : ids;
	if (FIELD_GET(STRTAB_CFG_FMT, d->strtab_cfg) == STRTAB_FMT_TWO_LEVEL) {
		uint64_t split = FIELD_GET(STRTAB_CFG_SPLIT, d->strtab_cfg);
		const uint64_t *l1 = (const uint64_t *)(uintptr_t)home_va(&board.home, base);
		uint64_t desc = __atomic_load_n(&l1[sid >> split], __ATOMIC_RELAXED);
		uint64_t span = FIELD_GET(L1STD_SPAN, desc);
		uint64_t low = sid & (BIT64(split) - 1);
		uint64_t there = span == 0 ? 0 : BIT64(span - 1);

		if (run.next > sid - low + BIT64(split)) {
			run.next = sid - low + BIT64(split);
		}
		run.count = there > low ? there - low : 0;
		run.pa = (desc & L1STD_L2PTR) + low * STE_SIZE;
	} else {
		run.count = ids - sid;
		run.pa = base + sid * STE_SIZE;
	}
	if (run.count > run.next - sid) {
		run.count = run.next - sid;
	}
	return run;
}

void smmuv3_stream_store(const struct smmuv3 *s, uint64_t pa, uint64_t value, uint32_t cpu)
{
	uint64_t *word = window_map(cpu, 0, PA(pa));

	__atomic_store_n(word, value, __ATOMIC_RELAXED);
	if (s->desc->coherent == 0) {
		arch_dcache_clean(word, sizeof(*word));
	}
	window_unmap(cpu, 0);
}

/* Changes the entries of a run that are somebody's. */
static void stream_set_run(const struct smmuv3 *s, const struct smmuv3_run *run, uint32_t cpu, uint64_t to)
{
	uint64_t pa = run->pa;
	uint64_t left = run->count;

	while (left > 0) {
		uint64_t here = (WINDOW_BLOCK - pa % WINDOW_BLOCK) / STE_SIZE;
		uint64_t *ste = window_map(cpu, 0, PA(pa));

		here = here < left ? here : left;
		for (uint64_t i = 0; i < here; i++, ste += STE_WORDS) {
			if (ste[2] == 0 || ste[0] == to) {
				continue;
			}
			__atomic_store_n(&ste[0], to, __ATOMIC_RELAXED);
			if (s->desc->coherent == 0) {
				arch_dcache_clean(ste, STE_SIZE);
			}
		}
		window_unmap(cpu, 0);
		pa += here * STE_SIZE;
		left -= here;
	}
}

static void stream_set(const struct smmuv3 *s, const struct stream_desc *streams, uint32_t cpu, uint64_t to)
{
	uint64_t end = (uint64_t)streams->first + streams->count;
	struct smmuv3_run done = {0, 0, 0};

	for (uint64_t sid = streams->first; sid < end;) {
		struct smmuv3_run run = smmuv3_stream_find(s, sid, end);
		uint64_t next = run.next;

		/* Second levels that are alike may be one and the same. */
		if (run.pa != done.pa || run.count != done.count) {
			stream_set_run(s, &run, cpu, to);
			done = run;
		}
		/* The page that comes back in place of this one. */
		run.pa = smmuv3_nested_under(s, run.pa);
		if (run.pa != 0) {
			stream_set_run(s, &run, cpu, to);
		}
		sid = next;
	}
}

uint64_t smmuv3_stream_vmid(uint32_t domain)
{
	return FIELD_GET(GENMASK64(63, 48), board.domains[domain].vttbr);
}

bool smmuv3_forget_domain(struct smmuv3 *s, uint32_t domain)
{
	/* All entries at once: a domain may have 65,536 streams. CMD_SYNC ends when the
	 * DMA that used the old entries and translations has. */
	return smmuv3_cmdq_add(s, CMD_CFGI_ALL, FIELD_PREP(CMD1_RANGE, CMD_RANGE_ALL)) &&
	       smmuv3_cmdq_add(s, CMD_TLBI_S12_VMALL | FIELD_PREP(CMD0_VMID, smmuv3_stream_vmid(domain)), 0) &&
	       (smmuv3_cmdq_sync(s) || smmuv3_give_up(s, "does not change a domain's streams"));
}

bool smmuv3_set_domain(struct smmuv3 *s, uint32_t domain, uint32_t cpu, uint64_t word0)
{
	bool any = false;

	for (uint32_t i = 0; i < s->desc->stream_count; i++) {
		if (s->desc->streams[i].domain == domain) {
			stream_set(s, &s->desc->streams[i], cpu, word0);
			any = true;
		}
	}
	if (!any) {
		return true;
	}
	if (s->dead) {
		return false;
	}
	return smmuv3_forget_domain(s, domain) && smmuv3_nested_clear(s, domain, cpu);
}
