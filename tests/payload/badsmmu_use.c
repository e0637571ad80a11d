/* SPDX-License-Identifier: Apache-2.0 */
/* What the architecture promises of stage 1: translation, its end, events, queues. */
#include "badsmmu.h"

#define COST_ROUNDS 100u

/* The next event has this ID, our stream, this address and direction. */
static bool event_is(uint64_t id, uint64_t addr, bool read)
{
	uint64_t w[4] = {0};

	return smmu_event(w) && FIELD(w[0], 7, 0) == id && w[0] >> 32 == SMMU_SID &&
	       FIELD(w[1], 41, 40) == EVT_CLASS_IN && FIELD(w[1], 39, 39) == 0 &&
	       FIELD(w[1], 35, 35) == read && (w[2] & ~UINT64_C(0xfff)) == addr;
}

static uint32_t events_drop(void)
{
	uint64_t w[4];
	uint32_t count = 0;

	while (count < SMMU_EVENTS && smmu_event(w)) {
		count++;
	}
	return count;
}

static void use_reset(void)
{
	uint32_t idr0 = mmio_read32(smmu_base + SMMU_IDR0);
	uint64_t bits = FIELD(mmio_read32(smmu_base + SMMU_IDR1), 5, 0);

	/* S1P without S2P; no ATS, MSI or stalls. */
	check_that((idr0 & 3) == 2 && FIELD(idr0, 10, 10) == 0 && FIELD(idr0, 13, 13) == 0 &&
		   FIELD(idr0, 25, 24) == 1, "idr0-stage-1-alone", "%x", idr0);
	check_that(bits >= 9 && bits <= 32, "idr1-sidsize", "%lu", bits);
	check_that(mmio_read32(smmu_base + SMMU_CR0) == 0 && mmio_read32(smmu_base + SMMU_GBPA) == GBPA_ABORT,
		   "reset-aborts", "CR0 %x GBPA %x", mmio_read32(smmu_base + SMMU_CR0),
		   mmio_read32(smmu_base + SMMU_GBPA));
	badsmmu_fill();
	edu_copy((uintptr_t)badsmmu_to, (uintptr_t)badsmmu_from, 64);
	check_that(badsmmu_untouched(), "dma-out-of-reset", "it got through");
	mmio_write32(smmu_base + SMMU_GBPA, GBPA_UPDATE);
	badsmmu_fill();
	edu_copy((uintptr_t)badsmmu_to, (uintptr_t)badsmmu_from, 64);
	check_that(badsmmu_same(64), "dma-bypass", "it did not get through");
	check_that(smmu_stop(), "gbpa-abort", "GBPA %x", mmio_read32(smmu_base + SMMU_GBPA));
	badsmmu_fill();
	edu_copy((uintptr_t)badsmmu_to, (uintptr_t)badsmmu_from, 64);
	check_that(badsmmu_untouched(), "dma-abort", "it got through");
}

static void use_translation(void)
{
	check_that(smmu_start(), "start", "CR0ACK %x CONS %x", mmio_read32(smmu_base + SMMU_CR0ACK),
		   mmio_read32(smmu_base + SMMU_CMDQ_CONS));
	badsmmu_fill();
	smmu_map(0, (uintptr_t)badsmmu_from, false);
	smmu_map(1, (uintptr_t)badsmmu_to, true);
	edu_copy(IOVA(1), IOVA(0), PAGE);
	check_that(badsmmu_same(PAGE), "dma-translated", "the page is not the same");
	check_that(events_drop() == 0, "no-event", "there was one");
}

static void use_faults(void)
{
	uint32_t seen = gic_count[0][smmu_evtq_intid];

	gic_enable(smmu_evtq_intid);
	mmio_write32(smmu_base + SMMU_IRQ_CTRL, 4);
	badsmmu_fill();
	edu_read(IOVA(7), 4);
	check_that(event_is(EVT_F_TRANSLATION, IOVA(7), true), "fault-read", "no such event");
	check_that(gic_wait(0, smmu_evtq_intid, seen, 10 * SYSREG_READ(cntfrq_el0)), "fault-interrupt", "none came");
	events_drop();
	edu_write(IOVA(8), 4);
	check_that(event_is(EVT_F_TRANSLATION, IOVA(8), false), "fault-write", "no such event");
	events_drop();
	edu_write(IOVA(0), 4);
	check_that(event_is(EVT_F_PERMISSION, IOVA(0), false), "fault-permission", "no such event");
	events_drop();
	edu_read(UINT64_C(0x20000000), 4);
	check_that(event_is(EVT_F_TRANSLATION, UINT64_C(0x20000000), true), "fault-outside-the-table",
		   "no such event");
	events_drop();
	check_that(badsmmu_untouched(), "faults-reach-nothing", "they did");
	/* More than the queue holds: the overflow flag, and those that came first. */
	for (uint32_t i = 0; i < 9; i++) {
		edu_read(IOVA(7), 64);
	}
	uint32_t flags = mmio_read32(smmu_base + SMMU_EVTQ_PROD) ^ mmio_read32(smmu_base + SMMU_EVTQ_CONS);

	check_that(FIELD(flags, 31, 31) == 1 && events_drop() == SMMU_EVENTS, "event-overflow", "%x", flags);
	edu_read(IOVA(7), 4);
	check_that(event_is(EVT_F_TRANSLATION, IOVA(7), true), "event-after-overflow", "no such event");
	events_drop();
	mmio_write32(smmu_base + SMMU_IRQ_CTRL, 0);
}

/* What is taken away is gone when CMD_SYNC is done. */
static void use_invalidation(void)
{
	badsmmu_fill();
	smmu_map(1, SMMU_NO_PAGE, false);
	check_that(smmu_command(CMD_TLBI_NH_VA | (uint64_t)SMMU_ASID << 48, IOVA(1) | 1) && smmu_sync(), "tlbi-va",
		   "CONS %x", mmio_read32(smmu_base + SMMU_CMDQ_CONS));
	edu_copy(IOVA(1), IOVA(0), 64);
	check_that(badsmmu_untouched(), "unmapped", "it got through");
	events_drop();
	smmu_map(1, (uintptr_t)badsmmu_to, true);
	edu_copy(IOVA(1), IOVA(0), 64);
	check_that(badsmmu_same(64), "mapped-again", "it did not get through");
	badsmmu_fill();
	check_that(smmu_set_ste(STE_WORD0(STE_ABORT), 0), "ste-abort", "no");
	edu_copy(IOVA(1), IOVA(0), 64);
	check_that(badsmmu_untouched(), "ste-abort-dma", "it got through");
	check_that(smmu_set_ste(STE_WORD0(STE_BYPASS), 0), "ste-bypass", "no");
	edu_copy((uintptr_t)badsmmu_to, (uintptr_t)badsmmu_from, 64);
	check_that(badsmmu_same(64), "ste-bypass-dma", "it did not get through");
	badsmmu_fill();
	check_that(smmu_set_ste(0, 0), "ste-invalid", "no");
	edu_copy((uintptr_t)badsmmu_to, (uintptr_t)badsmmu_from, 64);
	check_that(badsmmu_untouched(), "ste-invalid-dma", "it got through");
	events_drop();
}

static bool is_zero(uint32_t size)
{
	uint8_t all = 0;

	for (uint32_t i = 0; i < size; i++) {
		all |= badsmmu_to[i];
	}
	return all == 0;
}

/* Stage 1 may say what it likes: stage 2 has the last word. */
static void use_holes(void)
{
	uint64_t addr;

	smmu_start();
	badsmmu_fill();
	smmu_map(1, (uintptr_t)badsmmu_to, true);
	for (uint32_t i = 0; badsmmu_hole(i, &addr); i++) {
		smmu_map(2, addr & ~UINT64_C(0xfff), true);
		smmu_command(CMD_TLBI_NH_ASID | (uint64_t)SMMU_ASID << 48, 0);
		smmu_sync();
		/* What is refused reads as zero. */
		edu_read(IOVA(2), 64);
		edu_write(IOVA(1), 64);
		check_that(is_zero(64), "hole-read", "%lx was read", addr);
		edu_write(IOVA(2), 64);
	}
	events_drop();
}

static uint64_t cost_of_batch(uint32_t addresses)
{
	uint64_t start = arch_counter();

	for (uint32_t i = 0; i < COST_ROUNDS; i++) {
		for (uint32_t n = 0; n < addresses; n++) {
			smmu_queue(CMD_TLBI_NH_VA | (uint64_t)SMMU_ASID << 48, IOVA(n) | 1);
		}
		smmu_queue(CMD_SYNC, 0);
		smmu_tell();
		while (!smmu_is_idle()) {
		}
	}
	return (arch_counter() - start) / COST_ROUNDS;
}

/* In ticks, which are instructions where latency.c says so. */
static void use_costs(void)
{
	uint64_t start = arch_counter();
	uint64_t read;

	for (uint32_t i = 0; i < COST_ROUNDS; i++) {
		(void)mmio_read32(smmu_base + SMMU_IDR0);
	}
	read = (arch_counter() - start) / COST_ROUNDS;
	console_printf("cost: register %lu, TLBI %lu, batch %lu ticks\n", read, cost_of_batch(1), cost_of_batch(64));
}

void badsmmu_use(void)
{
	use_reset();
	use_translation();
	use_faults();
	use_invalidation();
	use_costs();
	use_holes();
	badsmmu_prove_works("used");
}
