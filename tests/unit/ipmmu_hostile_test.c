// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/ipmmu*.c hv/mm/stage2.c tests/models/model.c tests/models/ipmmu*.c
// sources: tests/unit/ipmmu/machine.c
/*
 * IPMMUs that do what none should: registers that read as anything, flushes that never end,
 * power that does not come, faults of no cause. Whatever they do, no call of the driver's takes
 * long, none says that a domain's DMA has ended when a flush has not, and with a machine that
 * is right again everything is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "iommu/iommu.h"
#include "models/model.h"
#include "unit/ipmmu/machine.h"
#include "unit/ipmmu/regs.h"

#define ROUNDS 400
#define STEPS 200
/* Reads of registers and of the counter in one call, and in iommu_init(), which waits for power. */
#define READS_MAX 1500
#define INIT_READS_MAX 12000

static uint32_t garbage_rate; /* of 1000 reads, so many are garbage */

static uint32_t twist(uint32_t unit, uint32_t reg, uint32_t value)
{
	static const uint32_t few[] = {0, 1, 2, 3, BIT32(28), BIT32(31), UINT32_MAX, 0x13};

	(void)unit;
	(void)reg;
	if (machine_random(1000) >= garbage_rate) {
		return value;
	}
	return machine_random(2) != 0 ? few[machine_random(ARRAY_SIZE(few))] : machine_random(UINT32_MAX);
}

static void change(void)
{
	static const uint32_t flushes[] = {0, 1, 2, 50, IPMMUM_STUCK};

	switch (machine_random(4)) {
	case 0:
		garbage_rate = machine_random(3) == 0 ? machine_random(machine_random(2) != 0 ? 20 : 1000) : 0;
		machine_twist = garbage_rate != 0 ? twist : NULL;
		break;
	case 1:
		ipmmum_set_flush_reads(&machine, flushes[machine_random(ARRAY_SIZE(flushes))]);
		break;
	case 2:
		ipmmum_fault(&machine, machine_random(8), machine_random(32), machine_random(UINT32_MAX));
		break;
	default:
		machine_pass_us(machine_random(3000000));
		break;
	}
}

static void call(void)
{
	uint32_t domain = machine_random(DOMAINS);
	uint64_t flushes = machine.counts.flushes;
	uint32_t most = READS_MAX;
	uint64_t wake;
	bool hold;

	machine_reads = 0;
	switch (machine_random(8)) {
	case 0:
		/* Not true, unless the hardware has forgotten what it knew (or says so). */
		if (iommu_domain_block(domain, 0) && domain != DOMAIN_C && garbage_rate == 0) {
			assert_true(machine.counts.flushes != flushes);
		}
		break;
	case 1:
		iommu_domain_unblock(domain, 0);
		break;
	case 2:
		if (machine_random(8) == 0) {
			most = INIT_READS_MAX;
			iommu_init();
		}
		break;
	case 3:
	case 4:
		(void)iommu_serve(domain, machine_random(2) != 0);
		break;
	default:
		(void)iommu_handle_irq(INTID, &wake, &hold);
		iommu_work |= wake;
		break;
	}
	if (machine_reads > most) {
		fail_msg("%u reads in one call", machine_reads);
	}
}

static void test_hostile(void **state)
{
	(void)state;
	machine_seed(6);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		machine_prepare();
		machine_config.answers = machine_random(IPMMUM_ANSWERS);
		machine_config.powers_on = machine_random(4);
		machine_config.power_reads = machine_random(4) == 0 ? IPMMUM_STUCK : machine_random(4);
		machine_start();
		garbage_rate = 0;
		iommu_init();
		for (uint32_t i = 0; i < STEPS; i++) {
			uint64_t pa;

			ipmmum_translate(&machine, machine_random(UNITS), machine_random(48), RAM_OF_B, true, &pa);
			if (machine_random(3) == 0) {
				change();
			} else {
				call();
			}
		}
		/* As it should be, from the start: nothing of all that is left. */
		machine_twist = NULL;
		garbage_rate = 0;
		machine.config.power_reads = 0;
		ipmmum_set_flush_reads(&machine, 1);
		machine_pass_us(5000000);
		assert_null(iommu_init());
		machine_dma(DS0, 3, IPA_OF_A, true, false);
		machine_dma(DS0, 3, RAM_OF_B, true, false);
		machine_dma(HC, 2, RAM_OF_B, true, false);
		machine_dma(DS1, 20, RAM_OF_B, true, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_hostile)};

	return cmocka_run_group_tests_name("ipmmu_hostile", tests, NULL, NULL);
}
