/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest does wrong is told to it, and to it alone: events of entries that are not
 * valid, and registers and entries that change while they are in use. */
#include "badsmmu.h"

#define S1STALLD BIT(27)
#define STE_WORD1 UINT64_C(0xd4)
#define TOGGLES_MS 1
#define LINEAR(log2) (log2)
#define TWO_LEVEL(log2, split) ((log2) | (split) << 6 | 1 << 16)

/* One DMA of 4 bytes, and what events there are of it: of this ID, with this word 3; 0: none. */
static bool dma_tells(uint64_t id, uint64_t fetch)
{
	uint64_t w[4] = {0};

	edu_read(IOVA(0), 4);
	if (!smmu_event(w)) {
		return id == 0;
	}
	return w[0] == ((uint64_t)SMMU_SID << 32 | id) && w[1] == 0 && w[2] == 0 && w[3] == fetch && !smmu_event(w);
}

/* Each Config, and an illegal bit. */
static void errors_of_entries(void)
{
	for (uint32_t config = 0; config < 8; config++) {
		uint64_t id = config > STE_S1 ? EVT_C_BAD_STE : 0;

		check_that(smmu_set_ste(STE_WORD0(config) | (uintptr_t)smmu_cd, STE_WORD1) &&
			   (config == STE_BYPASS || dma_tells(id, 0)), "event-of-config", "config %u", config);
		check_that(smmu_set_ste(0, STE_WORD1) && dma_tells(EVT_C_BAD_STE, 0), "event-of-invalid",
			   "after config %u", config);
	}
	check_that(smmu_set_ste(STE_WORD0(STE_S1) | (uintptr_t)smmu_cd, STE_WORD1 | S1STALLD) &&
		   dma_tells(EVT_C_BAD_STE, 0), "event-of-s1stalld", "not C_BAD_STE");
	check_that(smmu_set_ste(STE_WORD0(STE_S1) | BIT(51), STE_WORD1) && dma_tells(EVT_C_BAD_STE, 0),
		   "event-of-context-nowhere", "not C_BAD_STE");
	check_that(smmu_set_ste(STE_WORD0(STE_S1) | (uintptr_t)smmu_cd, STE_WORD1) && dma_tells(0, 0),
		   "event-of-valid", "there is one");
}

/* A table that is too small, or not there. */
static void errors_of_tables(void)
{
	uint64_t end = machine.ram[0].base + machine.ram[0].size;
	uint64_t table = (uintptr_t)smmu_strtab;
	uint64_t hole = 0;

	(void)badsmmu_hole(0, &hole);
	check_that(smmu_set_table(table, LINEAR(8), 0) && dma_tells(0, 0), "event-out-of-range",
		   "there is one without RECINVSID");
	check_that(smmu_set_table(table, LINEAR(8), CR2_RECINVSID) && dma_tells(EVT_C_BAD_STREAMID, 0),
		   "event-out-of-range-recorded", "not C_BAD_STREAMID");
	check_that(smmu_set_table(table, LINEAR(9), CR2_RECINVSID) && dma_tells(0, 0), "event-in-range",
		   "there is one");
	check_that(smmu_set_table(end, LINEAR(9), 0) && dma_tells(EVT_F_STE_FETCH, end + SMMU_SID * 64),
		   "event-behind-the-end", "not F_STE_FETCH");
	check_that(smmu_set_table(hole, TWO_LEVEL(9, 6), 0) &&
		   dma_tells(EVT_F_STE_FETCH, hole + (SMMU_SID >> 6) * 8),
		   "event-first-level-nowhere", "not F_STE_FETCH");
	/* The entry is where the first level begins: its descriptors are the words of entry 0. */
	check_that(smmu_set_table(table, TWO_LEVEL(9, 6), CR2_RECINVSID) && dma_tells(EVT_C_BAD_STREAMID, 0),
		   "event-no-second-level", "not C_BAD_STREAMID");
	smmu_strtab[0][SMMU_SID >> 6] = hole | 7;
	check_that(smmu_set_table(table, TWO_LEVEL(9, 6), 0) &&
		   dma_tells(EVT_F_STE_FETCH, hole + SMMU_SID % 64 * 64),
		   "event-second-level-nowhere", "not F_STE_FETCH");
	smmu_strtab[0][SMMU_SID >> 6] = table | 8;
	check_that(smmu_set_table(table, TWO_LEVEL(9, 6), CR2_RECINVSID) && dma_tells(EVT_C_BAD_STREAMID, 0),
		   "event-span-too-large", "not C_BAD_STREAMID");
	smmu_strtab[0][0] = table | 9;
	check_that(smmu_set_table(table, TWO_LEVEL(9, 10), CR2_RECINVSID) && dma_tells(EVT_C_BAD_STREAMID, 0),
		   "event-span-too-small", "not C_BAD_STREAMID");
	smmu_strtab[0][0] = table | 10;
	check_that(smmu_set_table(table, TWO_LEVEL(9, 10), CR2_RECINVSID) && dma_tells(0, 0), "event-span",
		   "there is one");
	check_that(smmu_set_cr0(CR0_EVTQEN | CR0_CMDQEN) && dma_tells(0, 0), "event-while-off", "there is one");
}

void badsmmu_errors(void)
{
	bool started = smmu_start();

	badsmmu_fill();
	smmu_map(0, (uintptr_t)badsmmu_from, false);
	check_that(started, "errors-start", "CR0ACK %x", mmio_read32(smmu_base + SMMU_CR0ACK));
	errors_of_entries();
	errors_of_tables();
	badsmmu_prove_works("errors");
}

/* Registers that describe what is in use stay as they are, by halves too. */
static void live_registers(void)
{
	static const uint32_t wide[] = {SMMU_STRTAB_BASE, SMMU_CMDQ_BASE, SMMU_EVTQ_BASE};
	static const uint32_t narrow[] = {SMMU_STRTAB_CFG, SMMU_CR1, SMMU_CR2, SMMU_EVTQ_PROD, SMMU_CMDQ_CONS};
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		uint64_t was = mmio_read64(smmu_base + wide[i]);

		mmio_write64(smmu_base + wide[i], ~was);
		mmio_write32(smmu_base + wide[i], 0xfff);
		mmio_write32(smmu_base + wide[i] + 4, ~0u);
		wrong += mmio_read64(smmu_base + wide[i]) != was;
	}
	for (uint32_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++) {
		uint32_t was = mmio_read32(smmu_base + narrow[i]);

		mmio_write32(smmu_base + narrow[i], ~was);
		wrong += mmio_read32(smmu_base + narrow[i]) != was;
	}
	check_that(wrong == 0, "bases-in-use", "%u have changed", wrong);
	badsmmu_fill();
	edu_copy(IOVA(1), IOVA(0), 256);
	check_that(badsmmu_same(256), "bases-in-use-works", "the copy is not the same");
}

/* DMA comes at some time or other while the SMMU is turned off and on, or while its entry
 * becomes invalid and valid: it is done, or it is not. */
static void live_toggles(bool entry)
{
	uint32_t refused = 0, torn = 0, failed = 0;

	for (uint32_t i = 0; i < 4; i++) {
		badsmmu_fill();
		edu_read(IOVA(0), PAGE);
		edu_begin(IOVA(1), PAGE);
		for (uint32_t n = 0; edu_is_busy(); n++) {
			failed += !(entry ? smmu_set_ste((STE_WORD0(STE_S1) & ~BIT(0)) | (n & 1) | (uintptr_t)smmu_cd, STE_WORD1)
					  : smmu_set_cr0(CR0_CMDQEN | CR0_EVTQEN | (n & 1 ? CR0_SMMUEN : 0)));
			nap_ms(TOGGLES_MS);
		}
		failed += !smmu_set_cr0(CR0_ALL) || !smmu_set_ste(STE_WORD0(STE_S1) | (uintptr_t)smmu_cd, STE_WORD1);
		refused += badsmmu_untouched();
		torn += !badsmmu_untouched() && !badsmmu_same(PAGE);
	}
	check_that(failed == 0 && torn == 0, entry ? "entry-toggled" : "smmuen-toggled",
		   "%u not done, %u times in part, %u times refused", failed, torn, refused);
}

void badsmmu_live(void)
{
	badsmmu_prove_works("live");
	live_registers();
	live_toggles(false);
	live_toggles(true);
	badsmmu_prove_works("live-works");
}
