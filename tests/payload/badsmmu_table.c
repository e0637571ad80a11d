/* SPDX-License-Identifier: Apache-2.0 */
/* Stream table entries, and places of tables and queues, that no driver would think of. */
#include "badsmmu.h"
#include "rt/psci.h"

#define CONFIGS 8u
#define STE_BITS 512u

static bool ste_tell(void)
{
	arch_dsb();
	return smmu_command(CMD_CFGI_STE | (uint64_t)SMMU_SID << 32, 1) && smmu_sync();
}

/* Whatever the entry says, nothing but our own memory is within reach, and the commands
 * are done: an entry is no command's error. S1ContextPtr stays what it is, so that DMA
 * finds a context that QEMU survives. */
void badsmmu_entries(void)
{
	uint32_t failed = 0;

	smmu_start();
	for (uint32_t config = 0; config < CONFIGS; config++) {
		for (uint32_t bit = 0; bit < STE_BITS; bit++) {
			uint64_t *ste = smmu_strtab[SMMU_SID];

			for (uint32_t w = 0; w < 8; w++) {
				ste[w] = 0;
			}
			ste[0] = STE_WORD0(config) | (uintptr_t)smmu_cd;
			ste[bit / 64] ^= BIT(bit % 64);
			failed += ste_tell() ? 0 : 1;
		}
		check_that(failed == 0, "ste-bits", "config %u: %u not done", config, failed);
		smmu_strtab[SMMU_SID][0] = STE_WORD0(config) | (uintptr_t)smmu_cd;
		(void)ste_tell();
		badsmmu_fill();
		edu_copy((uintptr_t)badsmmu_to, (uintptr_t)badsmmu_from, 64);
		check_that(config == STE_BYPASS ? badsmmu_same(64) : badsmmu_untouched(), "ste-config-dma", "config %u",
			   config);
	}
	badsmmu_prove_works("entries");
	/* Neighbours that differ, more groups of them than there is room for. */
	for (uint32_t sid = 0; sid < SMMU_SIDS; sid += 3) {
		smmu_strtab[sid][0] = STE_WORD0(sid % 2 == 0 ? STE_BYPASS : STE_ABORT);
	}
	arch_dsb();
	check_that(smmu_command(CMD_CFGI_ALL, 31) && smmu_sync(), "ste-groups", "CONS %x",
		   mmio_read32(smmu_base + SMMU_CMDQ_CONS));
	badsmmu_prove_works("ste-groups-works");
}

/* Where tables and queues may be asked to be: not ours, at our edges, nowhere. */
static bool place(uint32_t index, uint64_t *addr)
{
	const struct machine_range *ram = &machine.ram[0];
	const uint64_t own[] = {0, 64, ram->base - 4096, ram->base - 64, ram->base + ram->size - 64,
				ram->base + ram->size, smmu_base, machine.gicd.base, machine.uart.base, BIT(40),
				BIT(47), BIT(51), ~UINT64_C(0), (uintptr_t)smmu_strtab + 64,
				(uintptr_t)smmu_cmdq + 16};
	uint32_t count = sizeof(own) / sizeof(own[0]);

	if (index < count) {
		*addr = own[index];
		return true;
	}
	return badsmmu_hole(index - count, addr);
}

static void place_try(uint64_t addr, uint64_t log2)
{
	smmu_start();
	mmio_write32(smmu_base + SMMU_CR0, 0);
	mmio_write64(smmu_base + SMMU_STRTAB_BASE, addr);
	mmio_write32(smmu_base + SMMU_STRTAB_CFG, (uint32_t)(log2 | (log2 % 2) << 16 | (log2 % 11) << 6));
	mmio_write32(smmu_base + SMMU_CR0, CR0_CMDQEN);
	mmio_write32(smmu_base + SMMU_CR0, CR0_CMDQEN | CR0_EVTQEN | CR0_SMMUEN);
	(void)smmu_command(CMD_CFGI_ALL, 31);
	(void)smmu_sync();
	smmu_start();
	mmio_write32(smmu_base + SMMU_CR0, CR0_SMMUEN);
	mmio_write64(smmu_base + SMMU_EVTQ_BASE, addr | log2);
	mmio_write32(smmu_base + SMMU_CR0, CR0_SMMUEN | CR0_EVTQEN);
	edu_read(IOVA(9), 4);
	smmu_start();
	mmio_write32(smmu_base + SMMU_CR0, CR0_SMMUEN);
	mmio_write64(smmu_base + SMMU_CMDQ_BASE, addr | log2);
	mmio_write32(smmu_base + SMMU_CR0, CR0_SMMUEN | CR0_CMDQEN);
	mmio_write32(smmu_base + SMMU_CMDQ_PROD, mmio_read32(smmu_base + SMMU_CMDQ_CONS) + 1);
}

void badsmmu_places(void)
{
	static const uint8_t sizes[] = {0, 5, 8, 9, 19, 31};
	uint64_t addr;

	for (uint32_t i = 0; place(i, &addr); i++) {
		for (uint32_t n = 0; n < sizeof(sizes); n++) {
			place_try(addr, sizes[n]);
		}
	}
	badsmmu_prove_works("places");
	/* An address that is not there is the guest's own error, and no more. */
	smmu_start();
	mmio_write32(smmu_base + SMMU_CR0, 0);
	mmio_write64(smmu_base + SMMU_CMDQ_BASE, BIT(40) | 8);
	mmio_write32(smmu_base + SMMU_CR0, CR0_CMDQEN);
	mmio_write32(smmu_base + SMMU_CMDQ_PROD, mmio_read32(smmu_base + SMMU_CMDQ_CONS) ^ 1);
	uint32_t cons = mmio_read32(smmu_base + SMMU_CMDQ_CONS);

	check_that(CERROR(cons) == CERROR_ABT && smmu_acknowledge() == GERROR_CMDQ, "cmdq-nowhere", "CONS %x", cons);
	badsmmu_prove_works("places-works");
}

/* The other CPU scribbles on what this one has read. */
static uint32_t race; /* 1: the other has begun, 2: and has ended */
static uint32_t race_over;

void badsmmu_race_other(void)
{
	uint64_t n = 0;

	while (__atomic_load_n(&race_over, __ATOMIC_ACQUIRE) == 0) {
		n = n * UINT64_C(6364136223846793005) + 1442695040888963407;
		smmu_strtab[n >> 33 & (SMMU_SIDS - 1)][n >> 60 & 1] = n;
		smmu_cmdq[n >> 40 & (SMMU_CMDS - 1)][n >> 59 & 1] ^= n >> 32;
		__atomic_store_n(&race, 1, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&race, 2, __ATOMIC_RELEASE);
}

void badsmmu_race(void)
{
	bool started = smmu_start() && machine.cpu_count > 1 && psci_start_cpu(1) == PSCI_SUCCESS;

	if (!check_that(started, "race-starts", "%u CPUs", machine.cpu_count)) {
		return;
	}
	while (__atomic_load_n(&race, __ATOMIC_ACQUIRE) == 0) {
	}
	for (uint32_t i = 0; i < 3000; i++) {
		(void)smmu_command(CMD_CFGI_ALL, 31);
		(void)smmu_command(CMD_CFGI_STE | (uint64_t)SMMU_SID << 32, 1);
		(void)smmu_command(CMD_TLBI_NH_ALL, 0);
		if (i % 16 == 0) {
			smmu_start();
		}
		if (i % 64 == 0) {
			mmio_write32(smmu_base + SMMU_CR0, badsmmu_random());
		}
	}
	__atomic_store_n(&race_over, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(&race, __ATOMIC_ACQUIRE) != 2) {
	}
	badsmmu_prove_works("race");
}
