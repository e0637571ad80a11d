// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/smmuv3.c hv/iommu/smmuv3_cmdq.c hv/iommu/smmuv3_event.c hv/iommu/smmuv3_init.c
// sources: hv/iommu/nested_none.c
// sources: hv/iommu/smmuv3_report.c hv/iommu/smmuv3_stream.c hv/mm/stage2.c
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/machine.c
/* The SMMUv3 driver on the SMMUv3 model: set-up, whose DMA goes where, blocking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "iommu/iommu.h"
#include "mm/window.h"
#include "models/model.h"
#include "unit/smmu/machine.h"

#define BYPASS 0u
#define ABORT BIT32(20)
#define READS_MAX 2000 /* of registers and of the counter, in one call of the driver's */

static bool dma(uint32_t n, uint32_t sid, uint64_t address, bool write)
{
	uint64_t word = 0x5a5a;

	return smmum_dma(n, sid, address, &word, sizeof(word), write);
}

/* What each of the streams may do, and may not, once the SMMUs are on. */
static void check_isolation(void)
{
	uint64_t word = 0;

	assert_true(dma(0, SID_A, RAM_OF_A + 0x1000, true));
	assert_true(smmum_dma(0, SID_A + 7, RAM_OF_A + 0x1000, &word, sizeof(word), false));
	assert_int_equal(word, 0x5a5a);
	assert_true(dma(0, SID_BUSES + 511, RAM_OF_A, true));
	assert_true(dma(0, SID_B, RAM_OF_B, true));
	assert_true(dma(1, 1, RAM_OF_A + 8, true));
	assert_true(dma(1, SID_RANGE + 0x7fff, RAM_OF_B + 8, true));
	assert_false(dma(0, SID_A, RAM_OF_B, true));
	assert_false(dma(0, SID_B, RAM_OF_A, false));
	assert_false(dma(0, SID_A, RAM_BASE, true));
	assert_false(dma(0, SID_NOBODY, RAM_OF_NOBODY, true));
	assert_false(dma(0, SID_NO_TABLE, RAM_OF_NOBODY, true));
	assert_false(dma(0, BIT32(16), RAM_OF_NOBODY, true));
	assert_false(dma(1, 0, RAM_OF_A, true));
	assert_false(dma(1, BIT32(16), RAM_OF_A, true));
	assert_true(dma(0, SID_A, READ_ONLY_OF_A, false));
	assert_false(dma(0, SID_A, READ_ONLY_OF_A, true));
}

static void test_isolation(void **state)
{
	(void)state;
	for (uint32_t kind = 0; kind < 4; kind++) {
		machine_prepare((kind & 1) == 0, (kind & 2) != 0);
		machine_boot();
		check_isolation();
		machine_settle();
		assert_int_equal(smmum_violations(0) + smmum_violations(1), 0);
	}
}

/* SMMUs that are slow, and that firmware has used: nothing of that is left. */
static void test_slow_and_used(void **state)
{
	(void)state;
	for (uint32_t delay = 0; delay < 4; delay++) {
		machine_prepare(true, false);
		for (uint32_t n = 0; n < SMMUM_MAX; n++) {
			machine_config[n].ack_delay = delay;
			machine_config[n].cmd_rate = delay;
			machine_config[n].cr0 = delay == 2 ? 0x1d : 0;
			machine_config[n].gbpa = delay == 3 ? ABORT : BYPASS;
		}
		machine_boot();
		check_isolation();
	}
}

/* Firmware's bypass of a stream stays in the caches until it is told to go. */
static void test_forgets_firmware(void **state)
{
	const uint64_t low = RAM_OF_NOBODY + KIB(512);
	uint64_t *firmware_ste = (uint64_t *)(uintptr_t)low;
	const uint64_t base = UINT64_C(0x09050000);
	uint64_t ste_of_b[8];

	(void)state;
	machine_prepare(true, false);
	memcpy(ste_of_b, machine_ste(SID_B), sizeof(ste_of_b));
	machine_start();
	/* As firmware would: a linear table in which these streams bypass. */
	firmware_ste[SID_NOBODY * 8] = 1 | 4 << 1;
	firmware_ste[SID_A * 8] = 1 | 4 << 1;
	/* And one with stage 2 of its own, of which the TLB keeps a page; VMID 1, as a has. */
	memcpy(&firmware_ste[(SID_A + 1) * 8], ste_of_b, sizeof(ste_of_b));
	firmware_ste[(SID_A + 1) * 8 + 2] ^= 3;
	model_mmio_write(base + 0x80, 8, low);
	model_mmio_write(base + 0x88, 4, 6);
	model_mmio_write(base + 0x20, 4, 1);
	assert_true(dma(0, SID_NOBODY, RAM_OF_NOBODY, true));
	assert_true(dma(0, SID_A, RAM_OF_NOBODY, true));
	assert_true(dma(0, SID_A + 1, RAM_OF_B, true));
	/* Its last words: an error that would hold up the command queue. */
	smmum_global_error(0, 1 | 4);
	assert_null(iommu_init());
	assert_int_equal(smmum_violations(0), 0);
	assert_false(dma(0, SID_A + 1, RAM_OF_B, true));
	assert_false(dma(0, SID_NOBODY, RAM_OF_NOBODY, true));
	assert_false(dma(0, SID_A, RAM_OF_NOBODY, true));
	check_isolation();
}

/* From GBPA.ABORT on, at no moment of the set-up a stream reaches what is not its own. */
static bool aborting[SMMUM_MAX];
static uint32_t tries;

static void try_while_setting_up(uint32_t n, uint32_t reg)
{
	(void)reg;
	aborting[n] |= !dma(n, 0x77, RAM_OF_NOBODY, true);
	if (aborting[n]) {
		assert_false(dma(n, 0x77, RAM_OF_NOBODY, true));
		assert_false(dma(n, SID_NOBODY, RAM_OF_NOBODY, true));
		assert_false(dma(n, n == 0 ? SID_A : 1, RAM_OF_B, true));
		tries++;
	}
}

static void test_aborts_from_the_start(void **state)
{
	(void)state;
	for (uint32_t delay = 0; delay < 3; delay++) {
		machine_prepare(true, false);
		for (uint32_t n = 0; n < SMMUM_MAX; n++) {
			machine_config[n].ack_delay = delay;
			machine_config[n].cmd_rate = delay;
			aborting[n] = false;
		}
		machine_start();
		assert_true(dma(0, SID_A, RAM_OF_B, true));
		machine_on_read = try_while_setting_up;
		tries = 0;
		assert_null(iommu_init());
		assert_true(tries > 10);
		assert_true(aborting[0] && aborting[1]);
	}
}

/* An SMMU that is not what the tables are for stops the machine, and says why. */
static void test_missing_features(void **state)
{
	static const struct {
		uint32_t idr0, idr1, idr5; /* bits to be flipped */
		const char *text;
	} cases[] = {
		{BIT32(0), 0, 0, "smmu0: IDR0.S2P is 0: no stage 2: given up and turned off"},
		{BIT32(3), 0, 0, "IDR0.TTF"},
		{BIT32(21), 0, 0, "IDR0.TTENDIAN"},
		{3 << 24, 0, 0, "IDR0.STALL_MODEL"},
		{BIT32(4), 0, 0, "IDR0.COHACC"},
		{BIT32(27), 0, 0, "IDR0.ST_LEVEL"},
		{0, BIT32(29), 0, "IDR1: queues or tables"},
		{0, BIT32(30), 0, "IDR1: queues or tables"},
		{0, BIT32(4) | 0xf, 0, "IDR1.SIDSIZE"},
		{0, 19 << 21 | 7 << 21, 0, "IDR1.CMDQS"},
		{0, 19 << 16 | 6 << 16, 0, "IDR1.EVTQS"},
		{0, 0, BIT32(4), "IDR5.GRAN4K"},
		{0, 0, 5, "IDR5.OAS"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_prepare(true, false);
		machine_config[0].idr0 ^= cases[i].idr0;
		machine_config[0].idr1 ^= cases[i].idr1;
		machine_config[0].idr5 ^= cases[i].idr5;
		machine_start();
		assert_string_equal(iommu_init(), "an IOMMU does not confine DMA");
		assert_true(machine_said(cases[i].text));
		assert_false(dma(0, SID_A, RAM_OF_A, true));
		assert_false(dma(0, SID_NOBODY, RAM_OF_NOBODY, true));
	}
}

/* Whatever does not come is waited for once, for a bounded time. */
static uint64_t stuck_update(uint32_t n, uint32_t reg, uint64_t value)
{
	(void)n;
	return reg == 0x44 ? value | BIT32(31) : value;
}

static uint64_t no_abort(uint32_t n, uint32_t reg, uint64_t value)
{
	(void)n;
	return reg == 0x44 ? value & ~(uint64_t)BIT32(20) : value;
}

static uint32_t reads_of_0;

static void count_reads(uint32_t n, uint32_t reg)
{
	(void)reg;
	reads_of_0 += n == 0;
}

static void test_stuck(void **state)
{
	static const struct {
		uint32_t ack, rate;
		uint64_t (*twist)(uint32_t n, uint32_t reg, uint64_t value);
		const char *text;
	} cases[] = {
		{SMMUM_STUCK, 0, NULL, "smmu0: GBPA.UPDATE stays set: given up and turned off"},
		{0, 0, stuck_update, "GBPA.UPDATE stays set"},
		{0, 0, no_abort, "GBPA.ABORT cannot be set"},
		{0, SMMUM_STUCK, NULL, "smmu0: the command queue does not move: given up and turned off"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_prepare(true, false);
		machine_config[0].ack_delay = cases[i].ack;
		machine_config[0].cmd_rate = cases[i].rate;
		machine_start();
		machine_twist = cases[i].twist;
		machine_reads = 0;
		assert_non_null(iommu_init());
		assert_true(machine_reads < READS_MAX);
		assert_true(machine_said(cases[i].text));
		/* It is left alone from then on. */
		reads_of_0 = 0;
		machine_on_read = count_reads;
		machine_interrupt(EVTQ_INTID(0));
		machine_serve(DOMAIN_A, true);
		assert_false(iommu_domain_block(DOMAIN_A, 0));
		assert_int_equal(reads_of_0, 0);
	}
}

/* CR0ACK that stops to follow in the middle. */
static uint32_t stick_after;

static void stick_later(uint32_t n, uint32_t reg)
{
	(void)reg;
	if (n == 0 && stick_after-- == 0) {
		smmum_set_ack_delay(0, SMMUM_STUCK);
	}
}

static void test_stuck_anywhere(void **state)
{
	uint32_t failed = 0;

	(void)state;
	for (uint32_t after = 0; after < 60; after++) {
		machine_prepare(true, false);
		machine_config[0].ack_delay = 1;
		machine_start();
		stick_after = after;
		machine_on_read = stick_later;
		machine_reads = 0;
		failed += iommu_init() != NULL;
		assert_true(machine_reads < READS_MAX);
		assert_false(dma(0, SID_B, RAM_OF_A, true) && after > 8);
	}
	assert_in_range(failed, 10, 59);
}

static void check_blocked(uint32_t domain, bool blocked)
{
	assert_int_equal(dma(0, SID_A, RAM_OF_A, true), !(domain == DOMAIN_A && blocked));
	assert_int_equal(dma(0, SID_A + 7, RAM_OF_A, true), !(domain == DOMAIN_A && blocked));
	assert_int_equal(dma(0, SID_BUSES, RAM_OF_A, true), !(domain == DOMAIN_A && blocked));
	assert_int_equal(dma(0, SID_BUSES + 256, RAM_OF_A, true), !(domain == DOMAIN_A && blocked));
	assert_int_equal(dma(0, SID_BUSES + 511, RAM_OF_A, true), !(domain == DOMAIN_A && blocked));
	assert_int_equal(dma(1, 1, RAM_OF_A, true), !(domain == DOMAIN_A && blocked));
	assert_int_equal(dma(0, SID_B, RAM_OF_B, true), !(domain == DOMAIN_B && blocked));
	assert_int_equal(dma(1, SID_RANGE, RAM_OF_B, true), !(domain == DOMAIN_B && blocked));
	assert_int_equal(dma(1, SID_RANGE + 0x7fff, RAM_OF_B, true), !(domain == DOMAIN_B && blocked));
	assert_false(dma(0, SID_NOBODY, RAM_OF_A, true));
}

static void test_block(void **state)
{
	(void)state;
	for (uint32_t kind = 0; kind < 4; kind++) {
		uint32_t domain = kind & 1;
		uint32_t lines;

		machine_prepare((kind & 2) == 0, false);
		if (domain == DOMAIN_A && (kind & 2) != 0) {
			machine_split_buses();
		}
		machine_boot();
		check_blocked(domain, false);
		machine_settle();
		for (uint32_t round = 0; round < 3; round++) {
			assert_true(iommu_domain_block(domain, 0));
			machine_pass_us(20000000);
			machine_settle();
			lines = machine_lines;
			assert_false(dma(0, domain == DOMAIN_A ? SID_A : SID_B, RAM_OF_A, true));
			machine_settle();
			/* A blocked domain's DMA is no event. */
			assert_int_equal(machine_lines, lines);
			check_blocked(domain, true);
			assert_true(iommu_domain_unblock(domain, 0));
			check_blocked(domain, false);
		}
		assert_int_equal(smmum_violations(0) + smmum_violations(1), 0);
	}
}

/* The entry in the table counts, not what the caches hold: the driver says so. */
static void test_caches_are_real(void **state)
{
	uint64_t *ste = (uint64_t *)(uintptr_t)((machine_smmus[1].strtab_base & GENMASK64(51, 6)) + 64);

	(void)state;
	machine_prepare(true, false);
	machine_boot();
	assert_true(dma(1, 1, RAM_OF_A, true));
	window_map(0, 0, PA((uint64_t)(uintptr_t)ste));
	ste[0] = 0;
	window_unmap(0, 0);
	assert_true(dma(1, 1, RAM_OF_A, true));
	assert_true(iommu_domain_block(DOMAIN_B, 0));
	assert_false(dma(1, 1, RAM_OF_A, true));
}

static void test_irqs(void **state)
{
	bool edge = false;
	uint64_t wake;
	bool hold;

	(void)state;
	machine_prepare(true, false);
	machine_boot();
	assert_int_equal(iommu_irq(0, &edge), EVTQ_INTID(0));
	assert_int_equal(iommu_irq(1, &edge), GERROR_INTID(0));
	assert_int_equal(iommu_irq(2, &edge), EVTQ_INTID(1));
	assert_int_equal(iommu_irq(3, &edge), GERROR_INTID(1));
	assert_int_equal(iommu_irq(4, &edge), 0);
	assert_true(edge);
	machine_smmus[0].evtq_intid = 0;
	assert_int_equal(iommu_irq(0, &edge), GERROR_INTID(0));
	assert_int_equal(iommu_irq(3, &edge), 0);
	assert_false(iommu_handle_irq(0, &wake, &hold));
	assert_false(iommu_handle_irq(33, &wake, &hold));
}

/* The command queue goes round many times, also when it takes one command at a look. */
static void test_queue_wraps(void **state)
{
	(void)state;
	for (uint32_t rate = 0; rate < 3; rate++) {
		machine_prepare(true, false);
		machine_smmus[0].cmdq_log2 = 1 + rate;
		machine_config[0].cmd_rate = rate;
		machine_boot();
		for (uint32_t i = 0; i < 50; i++) {
			assert_true(iommu_domain_block(DOMAIN_A, 0));
			assert_false(dma(0, SID_A, RAM_OF_A, true));
			assert_true(iommu_domain_unblock(DOMAIN_A, 0));
			assert_true(dma(0, SID_A, RAM_OF_A, true));
		}
		assert_int_equal(smmum_violations(0), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_isolation),
		cmocka_unit_test(test_slow_and_used),
		cmocka_unit_test(test_forgets_firmware),
		cmocka_unit_test(test_aborts_from_the_start),
		cmocka_unit_test(test_missing_features),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_stuck_anywhere),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_caches_are_real),
		cmocka_unit_test(test_irqs),
		cmocka_unit_test(test_queue_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
