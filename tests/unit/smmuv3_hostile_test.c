// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/smmuv3.c hv/iommu/smmuv3_cmdq.c hv/iommu/smmuv3_event.c hv/iommu/smmuv3_init.c
// sources: hv/iommu/nested_none.c
// sources: hv/iommu/smmuv3_report.c hv/iommu/smmuv3_stream.c hv/mm/stage2.c
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/machine.c tests/unit/smmu/hostile.c
/* SMMUs that do what none should never hang the driver: 10^6 random steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "iommu/iommu.h"
#include "unit/smmu/hostile.h"
#include "unit/smmu/machine.h"

#define RUNS 1000
#define STEPS 1000

/* Whether the SMMU translates, or is off and aborts all. */
static bool dma(uint32_t n)
{
	const struct smmum_access a = {.sid = n == 0 ? SID_A : 1, .address = RAM_OF_A};
	uint64_t pa;

	return smmum_translate(n, &a, &pa);
}

static void test_hostile(void **state)
{
	uint64_t dead = 0;
	uint64_t alive = 0;
	uint32_t most = 0;

	(void)state;
	for (uint32_t run = 0; run < RUNS; run++) {
		hostile_start();
		machine_seed(run);
		for (uint32_t i = 0; i < STEPS; i++) {
			hostile_step(machine_random);
			most = machine_reads > most ? machine_reads : most;
			dead += dma(0) ? 0 : 1;
			alive += dma(0) && dma(1);
		}
	}
	/* Chance has led into waits that end, and to SMMUs that live as well. */
	assert_true(most > 400);
	assert_true(dead > RUNS * STEPS / 10);
	assert_true(alive > RUNS * STEPS / 10);
	print_message("# at most %u reads in a call; both let DMA through in %lu steps, the first none in "
		      "%lu of %u\n",
		      most, alive, dead, RUNS * STEPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
