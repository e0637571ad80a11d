// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/smmuv3.c hv/iommu/smmuv3_cmdq.c hv/iommu/smmuv3_event.c hv/iommu/smmuv3_init.c
// sources: hv/iommu/nested_none.c
// sources: hv/iommu/smmuv3_report.c hv/iommu/smmuv3_stream.c hv/mm/stage2.c
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/machine.c
/* The SMMUv3 driver on the SMMUv3 model: events, and storms of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arch/mmio.h"
#include "iommu/iommu.h"
#include "iommu/smmuv3_regs.h"
#include "unit/smmu/machine.h"

#define SECOND 1000000u

static bool dma(uint32_t n, uint32_t sid, uint64_t address, bool write)
{
	uint64_t word = 0x5a5a;

	return smmum_dma(n, sid, address, &word, sizeof(word), write);
}

/* The driver's last line. */
static const char *last_line(void)
{
	assert_true(machine_lines > 0);
	return machine_text[(machine_lines - 1) % LINES_KEPT];
}

static void test_lines(void **state)
{
	static const struct {
		uint32_t n, sid;
		uint64_t address;
		bool write;
		const char *line;
	} cases[] = {
		{0, SID_A, 0x1234000, true,
		 "smmu0: nvme of a, stream 0x8: F_TRANSLATION, write at IPA 0x1234000, DMA aborted "
		 "(board.yaml:41)"},
		{0, SID_B, RAM_OF_A + 8, false,
		 "smmu0: usb of b, stream 0x10: F_TRANSLATION, read at IPA 0x40800008, DMA aborted "
		 "(board.yaml:45)"},
		{0, SID_A + 1, READ_ONLY_OF_A, true,
		 "smmu0: nvme of a, stream 0x9: F_PERMISSION, write at IPA 0x40900000, DMA aborted "
		 "(board.yaml:41)"},
		{0, SID_BUSES + 256, BIT64(40), true,
		 "smmu0: pci of a, stream 0x200: F_TRANSLATION, write at IPA 0x10000000000, DMA aborted "
		 "(board.yaml:60)"},
		{0, SID_NOBODY, RAM_OF_A, true,
		 "smmu0: gpu of nobody, stream 0x20: C_BAD_STE (0x0), DMA aborted (board.yaml:50)"},
		{0, 0x21, RAM_OF_A, true, "smmu0: stream 0x21, no device of the board file: C_BAD_STE, DMA aborted"},
		{0, SID_NO_TABLE, RAM_OF_A, true,
		 "smmu0: stream 0x300, no device of the board file: C_BAD_STREAMID, DMA aborted"},
		{1, UINT32_MAX, RAM_OF_A, true,
		 "smmu1: stream 0xffffffff, no device of the board file: C_BAD_STREAMID, DMA aborted"},
	};

	(void)state;
	for (uint32_t coherent = 0; coherent < 2; coherent++) {
		machine_prepare(coherent != 0, false);
		machine_boot();
		for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
			assert_false(dma(cases[i].n, cases[i].sid, cases[i].address, cases[i].write));
			machine_settle();
			assert_string_equal(last_line(), cases[i].line);
			machine_pass_us(2 * SECOND);
		}
		assert_int_equal(machine_lines, ARRAY_SIZE(cases));
		assert_int_equal(smmum_violations(0) + smmum_violations(1), 0);
	}
}

/* Tables that are damaged: events of the fetch and of the walk. */
static void test_fetch_events(void **state)
{
	uint64_t *l1;

	(void)state;
	machine_prepare(true, false);
	l1 = (uint64_t *)(uintptr_t)(machine_smmus[0].strtab_base & GENMASK64(51, 6));
	l1[1] = UINT64_C(0x8000000000) | 9;
	machine_boot();
	assert_false(dma(0, SID_BUSES, RAM_OF_A, true));
	machine_settle();
	assert_string_equal(last_line(), "smmu0: pci of a, stream 0x100: F_STE_FETCH (0x8000000000), DMA "
					 "aborted (board.yaml:60)");

	machine_prepare(true, false);
	((uint64_t *)(uintptr_t)(l1[0] & GENMASK64(51, 6)))[SID_B * 8 + 3] = UINT64_C(0x8000000000);
	machine_boot();
	assert_false(dma(0, SID_B, RAM_OF_B, true));
	machine_settle();
	assert_string_equal(last_line(), "smmu0: usb of b, stream 0x10: F_WALK_EABT, write at IPA 0x40a00000, "
					 "DMA aborted (board.yaml:45)");
}

/* Any record at all makes a line, or is counted. */
static void test_every_kind(void **state)
{
	static const char *const names[] = {
		[1] = "F_UUT", [2] = "C_BAD_STREAMID", [3] = "F_STE_FETCH", [4] = "C_BAD_STE",
		[5] = "F_BAD_ATS_TREQ", [6] = "F_STREAM_DISABLED", [7] = "F_TRANSL_FORBIDDEN",
		[8] = "C_BAD_SUBSTREAMID", [9] = "F_CD_FETCH", [10] = "C_BAD_CD", [11] = "F_WALK_EABT",
		[16] = "F_TRANSLATION", [17] = "F_ADDR_SIZE", [18] = "F_ACCESS", [19] = "F_PERMISSION",
		[32] = "F_TLB_CONFLICT", [33] = "F_CFG_CONFLICT", [36] = "E_PAGE_REQUEST",
		[37] = "F_VMS_FETCH",
	};

	(void)state;
	machine_prepare(true, false);
	machine_boot();
	for (uint32_t id = 0; id < 256; id++) {
		const char *name = id < ARRAY_SIZE(names) ? names[id] : NULL;
		const uint64_t record[4] = {id | (uint64_t)SID_A << 32, UINT64_MAX, 0x1000, 0x2000};

		machine_pass_us(10 * SECOND);
		smmum_event(0, record);
		machine_settle();
		assert_int_equal(machine_lines, id + 1);
		assert_non_null(strstr(last_line(), name == NULL ? "an event of unknown kind" : name));
		assert_non_null(strstr(last_line(), "nvme of a"));
	}
}

static void test_overflow(void **state)
{
	uint32_t lines;

	(void)state;
	for (uint32_t qemu = 0; qemu < 2; qemu++) {
		machine_prepare(true, qemu != 0);
		machine_boot();
		for (uint32_t round = 0; round < 5; round++) {
			for (uint32_t i = 0; i < 200; i++) {
				dma(0, SID_A, 0, true);
			}
			machine_settle();
			assert_true(machine_said(qemu ? "cannot write its event queue" : "the event queue was full"));
			machine_pass_us(20 * SECOND);
			machine_settle();
			/* It works again. */
			assert_false(dma(0, SID_B, 0, false));
			machine_settle();
			assert_true(machine_said("usb of b, stream 0x10"));
			machine_pass_us(20 * SECOND);
			machine_settle();
			/* And the loss is told once. */
			machine_pass_us(20 * SECOND);
			lines = machine_lines;
			assert_false(dma(0, SID_BUSES, 0, false));
			machine_settle();
			assert_int_equal(machine_lines, lines + 1);
			machine_pass_us(20 * SECOND);
			machine_settle();
			machine_pass_us(20 * SECOND);
		}
		assert_int_equal(smmum_violations(0), 0);
	}
}

/* A storm of one stream or of many: few lines, a bounded share of the time, every event
 * accounted for; and what another domain's device does meanwhile is told. */
static void check_storm(bool qemu, uint32_t streams)
{
	/* Each DMA of 8 bytes is two events there. */
	const uint32_t each = qemu ? 2 : 1;
	uint64_t events = 0;
	uint32_t interrupts = 0;
	bool told_of_b = false;

	machine_prepare(true, qemu);
	machine_boot();
	for (uint32_t i = 0; i < 20000; i++) {
		/* Ten DMAs, 1 ms: 10,000 a second. */
		for (uint32_t k = 0; k < 10; k++) {
			dma(0, SID_BUSES + (i * 10 + k) % streams, 0x1000 * k, true);
			events += each;
		}
		if (i >= 10000 && i % 7 == 0) {
			dma(0, SID_B, 0, true);
			events += each;
		}
		interrupts += machine_pending(0, SMMUM_IRQ_EVTQ);
		machine_settle();
		told_of_b |= machine_said("usb of b");
		machine_pass_us(1000);
	}
	assert_true(told_of_b);
	/* 8 in 8 s for a, one each for b and the SMMU; the counter's reads make it 90 s. */
	assert_true(machine_lines < 120);
	assert_true(interrupts < 5000);
	assert_int_equal(smmum_violations(0), 0);
	for (uint32_t i = 0; i < 5; i++) {
		machine_pass_us(20 * SECOND);
		machine_settle();
	}
	assert_true(machine_told > 10000);
	assert_true(machine_told <= events + 100);
	assert_int_equal(iommu_work, 0);
}

static void test_storm(void **state)
{
	(void)state;
	for (uint32_t streams = 1; streams <= 512; streams *= 8) {
		check_storm(false, streams);
		check_storm(true, streams);
	}
}

/* Below the storm's limit no event is lost, and all are accounted for. */
static void test_nothing_lost(void **state)
{
	uint64_t events = 0;

	(void)state;
	machine_prepare(true, false);
	machine_boot();
	for (uint32_t i = 0; i < 2000; i++) {
		for (uint32_t k = 0; k < machine_random(4); k++) {
			dma(0, SID_A + machine_random(8), 0x1000 * machine_random(50), true);
			events++;
		}
		machine_settle();
		machine_pass_us(20000);
	}
	for (uint32_t i = 0; i < 10; i++) {
		machine_pass_us(20 * SECOND);
		machine_settle();
	}
	assert_int_equal(machine_told, events);
	assert_int_equal(iommu_work, 0);
	assert_int_equal(smmum_violations(0), 0);
}

/* An event that comes just as the queue is found empty interrupts, or is seen. */
static bool late;

static void event_at_read(uint32_t n, uint32_t reg)
{
	if (n == 0 && reg == 0x100a8 && late) {
		late = false;
		dma(0, SID_B, 0, true);
	}
}

static void test_late_event(void **state)
{
	(void)state;
	machine_prepare(true, false);
	machine_boot();
	machine_on_read = event_at_read;
	late = true;
	dma(0, SID_A, 0, true);
	machine_settle();
	assert_false(late);
	assert_int_equal(machine_told, 2);
}

static void test_polled(void **state)
{
	(void)state;
	machine_prepare(true, false);
	machine_smmus[0].evtq_intid = 0;
	machine_config[0].irq = NULL;
	machine_boot();
	/* The line may be another's: it stays quiet. */
	assert_int_equal(mmio_read32(machine_smmus[0].reg.base + SMMU_IRQ_CTRL), IRQ_GERROR);
	dma(0, SID_A, 0, true);
	machine_pass_us(SECOND);
	machine_settle();
	assert_true(machine_said("nvme of a"));
	dma(0, SID_B, 0, true);
	machine_pass_us(SECOND);
	machine_settle();
	assert_true(machine_said("usb of b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_fetch_events),
		cmocka_unit_test(test_every_kind),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_nothing_lost),
		cmocka_unit_test(test_late_event),
		cmocka_unit_test(test_polled),
	};

	machine_seed(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
