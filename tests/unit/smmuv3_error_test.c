// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/smmuv3.c hv/iommu/smmuv3_cmdq.c hv/iommu/smmuv3_event.c hv/iommu/smmuv3_init.c
// sources: hv/iommu/nested_none.c
// sources: hv/iommu/smmuv3_report.c hv/iommu/smmuv3_stream.c hv/mm/stage2.c
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/machine.c
/* The SMMUv3 driver on the SMMUv3 model: errors of the SMMU itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "iommu/iommu.h"
#include "unit/smmu/machine.h"

static bool dma(uint32_t n, uint32_t sid, uint64_t address, bool write)
{
	uint64_t word = 0x5a5a;

	return smmum_dma(n, sid, address, &word, sizeof(word), write);
}

/* A command that the SMMU does not know: the queue runs again, the caller is told. */
static bool corrupt;

static void corrupt_command(uint32_t n, uint32_t reg)
{
	if (n == 0 && reg == 0x9c && corrupt) {
		machine_smmus[0].cmdq[8] = 0xff;
		corrupt = false;
	}
}

static void test_refused_command(void **state)
{
	(void)state;
	machine_prepare(true, false);
	machine_config[0].cmd_rate = 1;
	machine_boot();
	/* CFGI_ALL, TLBI_NSNH_ALL, SYNC were the first three: this is the second of these. */
	corrupt = true;
	machine_on_read = corrupt_command;
	assert_false(iommu_domain_block(DOMAIN_A, 0));
	assert_true(machine_said("smmu0: refuses command 0xff 0x0"));
	assert_true(machine_said("does not change a domain's streams: given up and turned off"));
	assert_int_equal(smmum_violations(0), 0);
	assert_false(dma(0, SID_B, RAM_OF_B, true));
	/* The other one goes on. */
	assert_true(dma(1, SID_RANGE, RAM_OF_B, true));
	assert_false(dma(1, 1, RAM_OF_A, true));
}

static void test_queue_off_memory(void **state)
{
	static uint64_t nowhere[4];

	(void)state;
	machine_prepare(true, false);
	machine_smmus[0].cmdq = nowhere;
	machine_smmus[0].cmdq_log2 = 0;
	machine_start();
	assert_non_null(iommu_init());
	assert_true(machine_said("smmu0: cannot read its command queue: given up and turned off"));

	machine_prepare(true, false);
	machine_smmus[0].evtq = nowhere;
	machine_smmus[0].evtq_log2 = 0;
	machine_boot();
	for (uint32_t i = 0; i < 5; i++) {
		dma(0, SID_A, 0, true);
		machine_settle();
	}
	assert_true(machine_said("smmu0: cannot write its event queue, events are lost"));
	assert_int_equal(smmum_violations(0), 0);
	assert_true(dma(0, SID_A, RAM_OF_A, true));
}

static void test_global_errors(void **state)
{
	(void)state;
	for (uint32_t bit = 0; bit < 32; bit++) {
		machine_prepare(true, false);
		machine_boot();
		smmum_global_error(0, BIT32(bit));
		machine_settle();
		assert_int_equal(smmum_violations(0), 0);
		if (bit == 8) {
			assert_true(machine_said("smmu0: is in service failure mode: given up and turned off"));
			assert_false(dma(0, SID_A, RAM_OF_A, true));
			assert_false(iommu_domain_block(DOMAIN_A, 0));
			continue;
		}
		assert_true(dma(0, SID_A, RAM_OF_A, true));
		assert_true(iommu_domain_block(DOMAIN_A, 0));
		if (bit == 0) {
			assert_int_equal(machine_lines, 0);
		} else if (bit != 2) {
			assert_true(machine_said("smmu0: global error of an unknown kind"));
		}
	}
}

static uint64_t bad_cons(uint32_t n, uint32_t reg, uint64_t value)
{
	return n == 0 && reg == 0x9c ? (value + 7) : value;
}

static uint64_t bad_prod(uint32_t n, uint32_t reg, uint64_t value)
{
	return n == 0 && reg == 0x100a8 ? (value + 0xc0) : value;
}

static void test_bad_pointers(void **state)
{
	(void)state;
	machine_prepare(true, false);
	machine_boot();
	machine_twist = bad_cons;
	assert_false(iommu_domain_block(DOMAIN_B, 0));
	assert_true(machine_said("smmu0: CMDQ_CONS makes no sense: given up and turned off"));
	machine_prepare(true, false);
	machine_boot();
	dma(0, SID_A, 0, true);
	machine_twist = bad_prod;
	machine_reads = 0;
	machine_settle();
	assert_true(machine_reads < 1000);
	assert_true(machine_said("smmu0: EVTQ_PROD makes no sense, events are lost"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_command),
		cmocka_unit_test(test_queue_off_memory),
		cmocka_unit_test(test_global_errors),
		cmocka_unit_test(test_bad_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
