/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a guest pays for the commands of its SMMUv3, as bench.c says what for the rest. A
 * row ends when CMDQ_CONS has been read and says that all is done.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "smmu.h"

#define ROUNDS 16
#define READS 1000
#define POLLS 100000u
#define POSITIONS (2 * SMMU_CMDS - 1) /* with the wrap bit */

uint64_t bench_read(uint64_t addr, uint64_t rounds);

struct figure {
	uint64_t sum, least, most;
};

void payload_secondary(uint32_t index)
{
	(void)index;
}

static void count(struct figure *f, uint64_t ticks)
{
	f->sum += ticks;
	f->least = f->least == 0 || ticks < f->least ? ticks : f->least;
	f->most = ticks > f->most ? ticks : f->most;
}

static void print(const char *name, const struct figure *f, uint64_t operations, bool good)
{
	console_printf("BENCH %s %lu %lu %lu\n", name, f->sum / (ROUNDS * operations), f->least / operations,
		       f->most / operations);
	check_that(good, name, "CMDQ_CONS does not come to the end");
}

/* `n` invalidations by address and CMD_SYNC, from the write of CMDQ_PROD on. False: they are
 * not done. */
static bool commands(uint32_t n, struct figure *f)
{
	uint32_t prod = mmio_read32(smmu_base + SMMU_CMDQ_PROD);
	uint64_t from;
	uint32_t polls = 0;

	for (uint32_t i = 0; i <= n; i++, prod = (prod + 1) & POSITIONS) {
		uint64_t *c = smmu_cmdq[prod & (SMMU_CMDS - 1)];

		c[0] = i == n ? CMD_SYNC : CMD_TLBI_NH_VA | (uint64_t)SMMU_ASID << 48;
		c[1] = i == n ? 0 : SMMU_IOVA + (uint64_t)i * 4096;
	}
	arch_dsb();
	from = SYSREG_READ(cntvct_el0);
	mmio_write32(smmu_base + SMMU_CMDQ_PROD, prod);
	while (mmio_read32(smmu_base + SMMU_CMDQ_CONS) != prod && polls < POLLS) {
		polls++;
	}
	count(f, SYSREG_READ(cntvct_el0) - from);
	return polls < POLLS;
}

static void row_commands(const char *name, uint32_t n)
{
	struct figure f = {0, 0, 0};
	bool good = true;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		good = commands(n, &f) && good;
	}
	print(name, &f, 1, good);
}

static void row_read(const char *name, uint64_t offset)
{
	struct figure f = {0, 0, 0};

	for (uint32_t i = 0; i < ROUNDS; i++) {
		count(&f, bench_read(smmu_base + offset, READS));
	}
	print(name, &f, READS, true);
}

void payload_main(void)
{
	bool good = smmu_find() && smmu_start();

	check_that(good, "smmu", "the tree has none, or it does not start");
	if (good) {
		row_read("smmu-read", SMMU_CMDQ_CONS);
		row_commands("smmu-tlbi", 1);
		row_commands("smmu-64-tlbis", 64);
	}
	check_report();
}
