// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/smmuv3.c hv/iommu/smmuv3_cmdq.c hv/iommu/smmuv3_event.c hv/iommu/smmuv3_init.c
// sources: hv/iommu/nested_none.c hv/guest/duty.c hv/guest/vsmmuv3/none.c
// sources: hv/iommu/smmuv3_report.c hv/iommu/smmuv3_stream.c hv/mm/stage2.c
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/machine.c tests/unit/duty/*.c
/*
 * Whose CPUs do the IOMMUs' work (hv/guest/duty.c, hv/iommu/smmuv3_event.c).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "unit/duty/machine.h"

static void fault(uint32_t sid, uint32_t times)
{
	uint64_t word = 0;

	for (uint32_t i = 0; i < times; i++) {
		assert_false(smmum_dma(0, sid, 0x1000 * i, &word, sizeof(word), true));
	}
}

/* The SMMU's interrupts are at CPU 0: one such step there, and all else is B's, who has
 * them from then on. */
static void test_own_cpus(void **state)
{
	(void)state;
	for (uint32_t qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		assert_int_equal(route[0], 0);
		fault(SID_B, 1);
		settle();
		assert_true(machine_said("usb of b"));
		assert_int_equal(interrupts[0], 1);
		assert_int_equal(told[0] + told[1], 0);
		assert_int_equal(told[2], 1);
		assert_int_equal(wakes[2], 1);
		assert_int_equal(wakes[0] + wakes[1] + wakes[3], 0);
		assert_int_equal(route[0], 2);
		assert_int_equal(route[1], 2);
		/* Not those of the other SMMU. */
		assert_int_equal(route[2], 0);
		for (uint32_t i = 0; i < 50; i++) {
			fault(SID_B, 3);
			settle();
			alarms(20000);
		}
		assert_int_equal(interrupts[0], 1);
		assert_int_equal(wakes[2], 1);
		assert_true(interrupts[2] >= 10);
		assert_int_equal(told[0] + told[1] + told[3], 0);
	}
}

/* Events of both lie in the queue, one behind the other: each takes its own. */
static void test_turns(void **state)
{
	(void)state;
	boot(false);
	for (uint32_t i = 0; i < 30; i++) {
		fault(i % 2 == 0 ? SID_A : SID_B, 1);
	}
	settle();
	for (uint32_t i = 0; i < 20; i++) {
		alarms(SECOND);
	}
	assert_int_equal(machine_told, 30);
	assert_int_equal(told[0], 2);
	assert_int_equal(told[2], 2);
	assert_int_equal(wakes[0], 14);
	assert_int_equal(wakes[2], 15);
	assert_int_equal(told[1] + told[3] + wakes[1] + wakes[3], 0);
	assert_int_equal(iommu_work, 0);
}

/* A storm of A's: B sees nothing of it, but for what may have been lost of its own. */
static void test_storm(void **state)
{
	(void)state;
	for (uint32_t qemu = 0; qemu < 2; qemu++) {
		uint32_t total = 0;

		boot(qemu != 0);
		fault(SID_B, 1);
		settle();
		alarms(2 * SECOND);
		alarms(20 * SECOND);
		count_from_here();
		for (uint32_t i = 0; i < 3000; i++) {
			fault(SID_A, 10);
			settle();
			alarms(1000);
			total += 10u << qemu;
		}
		/* The first interrupt came where B had had the last. */
		assert_int_equal(interrupts[2], 1);
		assert_int_equal(wakes[2] + told[2] + interrupts[3] + wakes[3] + told[3], 0);
		/* 128 in 100 ms. */
		assert_true(interrupts[0] < 3000);
		for (uint32_t i = 0; i < 30; i++) {
			alarms(SECOND);
		}
		assert_true(machine_told > 1000 && machine_told <= total + 100);
		assert_int_equal(iommu_work, 0);
		assert_int_equal(told[2] + told[3], 0);
	}
}

/* The CPU goes off that was woken, or that was to look again later: another one does it. */
static void test_goes_off(void **state)
{
	(void)state;
	boot(false);
	fault(SID_B, 1);
	assert_true(machine_take(0, SMMUM_IRQ_EVTQ));
	interrupt(EVTQ_INTID(0));
	assert_true(woken[2]);
	turn_off(2);
	assert_true(woken[3]);
	settle();
	assert_int_equal(told[3], 1);
	assert_int_equal(route[0], 3);
	fault(SID_B, 5);
	settle();
	assert_int_equal(told[3], 1);
	/* Four are owed: the last CPU of B goes, and A's are woken. */
	turn_off(3);
	assert_true(woken[0]);
	assert_int_equal(route[0], 0);
	settle();
	for (uint32_t i = 0; i < 40; i++) {
		alarms(100000);
	}
	assert_int_equal(machine_told, 6);
	assert_int_equal(told[0], 1);
	assert_int_equal(iommu_work, 0);
	/* B's DMA goes on: it is told by who is there, little at a time. */
	for (uint32_t i = 0; i < 100; i++) {
		fault(SID_B, 1);
	}
	settle();
	assert_int_equal(machine_told, 7);
	for (uint32_t i = 0; i < 400; i++) {
		alarms(10000);
	}
	assert_int_equal(machine_told, 106);
	assert_int_equal(told[1], 0);
	assert_int_equal(iommu_work, 0);
	/* It comes back: its own again. */
	turn_on(3);
	count_from_here();
	alarms(20 * SECOND);
	fault(SID_B, 1);
	settle();
	assert_int_equal(told[3], 1);
	assert_int_equal(told[0] + told[1], 0);
}

/* All go off, in any state: whoever comes on first does what is left. */
static void test_nobody(void **state)
{
	(void)state;
	boot(false);
	fault(SID_B, 3);
	for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
		turn_off(cpu);
	}
	for (uint32_t n = 0; n < 4; n++) {
		assert_int_equal(route[n], NOWHERE);
	}
	turn_on(1);
	settle();
	for (uint32_t i = 0; i < 100; i++) {
		alarms(100000);
	}
	assert_int_equal(machine_told, 3);
	assert_true(told[1] > 0);
	assert_int_equal(iommu_work, 0);
}

/* What nobody has is the hardware domain's, which is the first here. */
static void test_nobodys_streams(void **state)
{
	(void)state;
	boot(false);
	fault(SID_B, 1);
	fault(SID_NOBODY, 1);
	fault(SID_NO_TABLE, 1);
	settle();
	assert_int_equal(machine_told, 3);
	assert_int_equal(told[0], 2);
	assert_int_equal(told[2], 1);
}

/* CPUs come and go, everybody's devices fault, and everything is accounted for. */
static void test_any_order(void **state)
{
	static const uint32_t sids[] = {SID_A, SID_B, SID_BUSES, SID_NOBODY};
	uint32_t events = 0;

	(void)state;
	boot(false);
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t cpu = machine_random(CPUS);

		switch (machine_random(8)) {
		case 0:
			if (on[cpu] && on[0] + on[1] + on[2] + on[3] > 1) {
				turn_off(cpu);
			} else if (!on[cpu]) {
				turn_on(cpu);
			}
			break;
		case 1:
			fault(sids[machine_random(ARRAY_SIZE(sids))], 1);
			events++;
			break;
		case 2:
			if (machine_take(0, SMMUM_IRQ_EVTQ)) {
				interrupt(EVTQ_INTID(0));
			}
			break;
		case 3:
			quiet();
			break;
		case 4:
			settle();
			break;
		default:
			alarms(machine_random(20000));
			break;
		}
	}
	for (uint32_t i = 0; i < 300; i++) {
		alarms(100000);
	}
	assert_int_equal(machine_told, events);
	assert_int_equal(iommu_work, 0);
	assert_int_equal(smmum_violations(0) + smmum_violations(1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_cpus),
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_goes_off),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_nobodys_streams),
		cmocka_unit_test(test_any_order),
	};

	machine_seed(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
