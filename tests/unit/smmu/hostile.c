// SPDX-License-Identifier: Apache-2.0
#include "unit/smmu/hostile.h"

#include <string.h>

#include "iommu/iommu.h"
#include "models/model.h"
#include "unit/smmu/machine.h"

static uint32_t (*chance)(uint32_t below);
static uint32_t garbage_rate; /* of 1000 reads, so many are garbage */

static uint64_t garbage(void)
{
	static const uint64_t few[] = {0, 1, 0x80, 0xff, 0x100, 0x1ff, UINT32_MAX, BIT64(31), BIT64(32) - 2};

	switch (chance(3)) {
	case 0:
		return few[chance(ARRAY_SIZE(few))];
	case 1:
		return BIT64(chance(64));
	default:
		return (uint64_t)chance(UINT32_MAX) << 32 | chance(UINT32_MAX);
	}
}

static uint64_t hostile_twist(uint32_t n, uint32_t reg, uint64_t value)
{
	(void)n;
	(void)reg;
	return chance(1000) < garbage_rate ? garbage() & UINT32_MAX : value;
}

static void hostile_event(uint32_t n)
{
	const uint64_t record[4] = {garbage(), garbage(), garbage(), garbage()};

	for (uint32_t i = chance(200); i > 0; i--) {
		smmum_event(n, record);
	}
}

static void hostile_dma(uint32_t n)
{
	static const uint32_t sids[] = {SID_A, SID_B, SID_NOBODY, SID_BUSES + 300, SID_NO_TABLE, 1, SID_RANGE};
	uint64_t word = 0;

	smmum_dma(n, sids[chance(ARRAY_SIZE(sids))], RAM_OF_A + 0x1000 * chance(4096), &word, sizeof(word),
		  chance(2) != 0);
}

/* What happens to the machine. */
static void hostile_change(uint32_t n)
{
	static const uint32_t waits[] = {0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 4, SMMUM_STUCK};
	uint32_t words = BIT32(machine_smmus[n].evtq_log2) * 4;

	switch (chance(8)) {
	case 0:
		garbage_rate = chance(4) == 0 ? chance(chance(2) != 0 ? 10 : 1000) : 0;
		machine_twist = garbage_rate != 0 ? hostile_twist : NULL;
		break;
	case 1:
		smmum_set_ack_delay(n, waits[chance(ARRAY_SIZE(waits))]);
		break;
	case 2:
		smmum_set_cmd_rate(n, waits[chance(ARRAY_SIZE(waits))]);
		break;
	case 3:
		/* Bit 8 is the end of the SMMU: not too often. */
		smmum_global_error(n, (uint32_t)garbage() & (chance(4) == 0 ? UINT32_MAX : ~BIT32(8)));
		break;
	case 4:
		machine_smmus[n].evtq[chance(words)] = garbage();
		break;
	case 5:
		hostile_event(n);
		break;
	case 6:
		machine_smmus[n].cmdq[chance(BIT32(machine_smmus[n].cmdq_log2) * 2)] = garbage();
		break;
	default:
		machine_pass_us(chance(2000000));
		break;
	}
}

static void hostile_call(uint32_t n)
{
	uint32_t domain = chance(DOMAINS);

	switch (chance(32)) {
	case 0:
		iommu_domain_block(domain, 0);
		break;
	case 1:
		iommu_domain_unblock(domain, 0);
		break;
	case 2:
		iommu_init();
		break;
	case 3:
	case 4:
	case 5:
	case 6:
	case 7:
	case 8:
	case 9:
		machine_serve(domain, chance(4) != 0);
		break;
	default:
		machine_interrupt(chance(2) != 0 ? EVTQ_INTID(n) : GERROR_INTID(n));
		break;
	}
}

void hostile_start(void)
{
	static bool prepared;

	if (!prepared) {
		machine_prepare(true, false);
		/* Fewer streams than the machine's: each block and unblock passes over them. */
		machine_smmus[1].stream_count = 1;
		prepared = true;
	}
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		memset(machine_smmus[n].cmdq, 0, (size_t)16 << machine_smmus[n].cmdq_log2);
		memset(machine_smmus[n].evtq, 0, (size_t)32 << machine_smmus[n].evtq_log2);
	}
	garbage_rate = 0;
	machine_boot();
	for (uint32_t i = 0; i < DOMAINS; i++) {
		if (!iommu_domain_unblock(i, 0)) {
			model_fail("not as at first");
		}
	}
}

void hostile_step(uint32_t (*choose)(uint32_t below))
{
	uint32_t n = choose(SMMUM_MAX);

	chance = choose;
	switch (choose(3)) {
	case 0:
		hostile_change(n);
		break;
	case 1:
		hostile_dma(n);
		break;
	default:
		machine_reads = 0;
		hostile_call(n);
		if (machine_reads > HOSTILE_READS_MAX) {
			model_fail("%u reads in one call", machine_reads);
		}
		break;
	}
}
