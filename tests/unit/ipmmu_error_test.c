// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/ipmmu*.c hv/mm/stage2.c tests/models/model.c tests/models/ipmmu*.c
// sources: tests/unit/ipmmu/machine.c
/* The IPMMU driver on hardware that is not what it should be: another chip, no power, units
 * that do not do what they are told; and faults, each told by name, none a storm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "iommu/iommu.h"
#include "models/model.h"
#include "unit/ipmmu/machine.h"
#include "unit/ipmmu/regs.h"

#define READS_MAX 6000 /* of registers and of the counter, in one call of the driver's */

static enum ipmmum_result dma(uint32_t unit, uint32_t utlb, uint64_t address)
{
	uint64_t pa;

	return ipmmum_translate(&machine, unit, utlb, address, true, &pa);
}

/* Silicon: the chip that the tables are for, from the revision on that has stage 2. */
static void test_silicon(void **state)
{
	static const struct {
		uint32_t product, cut_min, prr;
		const char *text; /* NULL: it is good */
	} chips[] = {
		{0x4f00, 0x20, 0x4f20, NULL},
		{0x4f00, 0x20, 0xabcd4f30, NULL},
		{0x4f00, 0x20, 0x4f10, "ipmmu_mm: PRR 0x4f10: product 0x4f00, ES2.0; stage 2 needs product 0x4f00, ES3.0"},
		{0x4f00, 0x20, 0x4f11, "ES2.1; stage 2 needs"},
		{0x4f00, 0x20, 0x5220, "product 0x5200, ES3.0; stage 2 needs product 0x4f00"},
		{0x5200, 0x20, 0x5220, NULL},
		{0x5200, 0x20, 0x5211, "product 0x5200, ES2.1"},
		{0x5500, 0x00, 0x5500, NULL},
		{0x5500, 0x00, 0x5511, NULL},
		{0x5500, 0x00, 0x5720, "product 0x5700, ES3.0; stage 2 needs product 0x5500, ES1.0"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(chips); i++) {
		machine_prepare();
		machine_desc.product = chips[i].product;
		machine_desc.cut_min = chips[i].cut_min;
		machine_config.prr = chips[i].prr;
		machine_start();
		if (chips[i].text == NULL) {
			assert_null(iommu_init());
			assert_int_equal(machine_lines, 0);
		} else {
			assert_string_equal(iommu_init(), "the IPMMU of this chip has no stage 2");
			assert_true(machine_said(chips[i].text));
		}
		assert_int_equal(machine.violations, 0);
	}
}

/* A unit whose power domain does not turn on is left alone, and its masters are off too. */
static void test_no_power(void **state)
{
	(void)state;
	machine_prepare();
	machine_config.power_reads = IPMMUM_STUCK;
	machine_config.powers_on = BIT32(A3VC);
	machine_start();
	machine_reads = 0;
	assert_null(iommu_init());
	assert_true(machine_reads < READS_MAX);
	assert_true(machine_said("ipmmu_vp0: its power domain does not turn on"));
	assert_int_equal(machine_lines, 1);
	assert_int_equal(dma(VP0, 0, IPA_OF_A), IPMMUM_REFUSED);
	machine_dma(DS0, 0, IPA_OF_A, true, false);
	assert_true(iommu_domain_block(DOMAIN_A, 0));
	machine_dma(DS0, 0, IPA_OF_A, true, true);
	assert_true(iommu_domain_unblock(DOMAIN_A, 0));
	machine_dma(DS0, 0, IPA_OF_A, true, false);
	assert_int_equal(machine.violations, 0);
}

static uint32_t twist_unit, twist_reg, twist_set, twist_clear;

static uint32_t twist(uint32_t unit, uint32_t reg, uint32_t value)
{
	return unit == twist_unit && reg == twist_reg ? (value | twist_set) & ~twist_clear : value;
}

/* Registers that do not take what they are told. */
static void test_stubborn(void **state)
{
	static const struct {
		uint32_t unit, reg, set, clear;
		const char *problem;
	} cases[] = {
		{DS0, 0x500, BIT32(28), 0, "an IPMMU belongs to the secure world: IMSCTLR.USE_SECGRP stays 1"},
		{MM, 0x504, 0, 8, "the IPMMU reads no stage-2 tables: IMSAUXCTLR.S2PTE stays 0"},
		{DS0, UCTR(3), 0, MMUEN, "an IPMMU does not confine DMA"},
		{DS0, UCTR(40), FLUSH, MMUEN, "an IPMMU does not confine DMA"},
		{DS1, UCTR(40), BIT32(31), 0, "an IPMMU does not confine DMA"},
		{DS1, UCTR(32), 0, 7 << 4, "an IPMMU does not confine DMA"},
		{MM, CTR(0), FLUSH, 0, "an IPMMU does not confine DMA"},
		{MM, CTR(2), FLUSH, 0, "an IPMMU does not confine DMA"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_prepare();
		machine_start();
		twist_unit = cases[i].unit;
		twist_reg = cases[i].reg;
		twist_set = cases[i].set;
		twist_clear = cases[i].clear;
		machine_twist = twist;
		machine_reads = 0;
		assert_string_equal(iommu_init(), cases[i].problem);
		assert_true(machine_reads < READS_MAX);
		assert_int_equal(machine.violations, 0);
		assert_false(iommu_domain_unblock(DOMAIN_B, 0));
	}
}

/* A unit with fewer micro-TLBs than the board file says: no harm, but where a device is to
 * have one that is not there. */
static void test_fewer_utlbs(void **state)
{
	static const struct ipmmum_unit_config fewer[UNITS] = {
		{0, IPMMUM_ALWAYS_ON}, {17, IPMMUM_ALWAYS_ON}, {33, IPMMUM_ALWAYS_ON}, {3, IPMMUM_ALWAYS_ON}, {16, A3VC},
		{9, A3VP},
	};
	struct ipmmum_unit_config without[UNITS];

	(void)state;
	machine_prepare();
	machine_config.units = fewer;
	machine_boot();
	machine_dma(DS0, 15, IPA_OF_A, true, false);
	machine_dma(HC, 2, RAM_OF_B, true, false);
	memcpy(without, fewer, sizeof(without));
	without[HC].utlbs = 2;
	machine_prepare();
	machine_config.units = without;
	machine_start();
	assert_string_equal(iommu_init(), "an IPMMU does not confine DMA");
	assert_true(machine_said("a micro-TLB does not take its context"));
	assert_int_equal(machine.violations, 0);
}

/* A flush that does not end while the machine runs: whoever wants the domain's memory hears
 * that he must not have it; all DMA ends, and nothing is waited for again. */
static void test_stuck_flush(void **state)
{
	(void)state;
	machine_prepare();
	machine_boot();
	machine_dma(DS0, 0, IPA_OF_A, true, false);
	machine_dma(HC, 2, RAM_OF_B, true, false);
	ipmmum_set_flush_reads(&machine, IPMMUM_STUCK);
	machine_reads = 0;
	assert_false(iommu_domain_block(DOMAIN_A, 0));
	assert_true(machine_reads < READS_MAX);
	assert_true(machine_said("ipmmu_mm: a flush does not end: given up, all DMA behind it is blocked"));
	assert_int_equal(machine_lines, 1);
	machine_dma(DS0, 0, IPA_OF_A, true, true);
	machine_dma(HC, 2, RAM_OF_B, true, true);
	machine_dma(DS1, 20, RAM_OF_B, true, true);
	assert_false(machine.line);
	machine_reads = 0;
	assert_false(iommu_domain_unblock(DOMAIN_A, 0));
	assert_false(iommu_domain_block(DOMAIN_B, 0));
	assert_true(machine_interrupt());
	assert_int_equal(machine_reads, 0);
	machine_dma(DS0, 0, IPA_OF_A, true, true);
	assert_int_equal(machine.violations, 0);
}

/* Who, what, where; and who it could be where the hardware does not say. */
static void test_faults_by_name(void **state)
{
	static const struct {
		uint32_t unit, utlb;
		uint64_t address;
		const char *text;
	} cases[] = {
		{DS0, 3, RAM_OF_B, "ipmmu_mm: a: no translation at IPA 0x48400000, DMA refused of one of 3: dmac0, "
				   "sdhi0, fcpf0"},
		{HC, 2, RAM_OF_B + MIB(1) - 8, "b: permission fault at IPA 0x484ffff8, DMA refused of one of 4: avb, "
					       "dmac1, sata, fcpvi0"},
		{HC, 2, UINT64_C(0xff12345678), "b: no translation at IPA 0xff12345678, DMA refused of one of 4: "},
		{DS1, 20, RAM_OF_B, "nobody, or stopped: no translation at IPA 0x48400000, DMA refused of one of 2: "
				    "dmac2, fcpvb0"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_prepare();
		machine_boot();
		machine_dma(cases[i].unit, cases[i].utlb, cases[i].address, true, false);
		assert_true(machine.line);
		assert_true(machine_interrupt());
		assert_false(machine.line);
		assert_true(machine_said(cases[i].text));
		assert_int_equal(machine_lines, 1);
	}
	/* The one master that it can be, with its line of the board file. */
	machine_units[DS1].master_count = 0;
	machine_units[VP0].master_count = 0;
	machine_boot();
	assert_int_equal(dma(DS0, 3, 0x1000), IPMMUM_REFUSED);
	machine_settle();
	assert_true(machine_said("ipmmu_mm: dmac0 of a: no translation at IPA 0x1000, DMA refused (board.yaml:10)"));
	/* A stopped domain's are among those of nobody. */
	assert_true(iommu_domain_block(DOMAIN_A, 0));
	assert_int_equal(dma(DS0, 3, IPA_OF_A), IPMMUM_REFUSED);
	machine_settle();
	assert_true(machine_said("ipmmu_mm: dmac0 of nobody, or stopped: no translation at IPA 0x40000000"));
}

/* Names for which a line has no room are counted, however long the others are. */
static void test_many_names(void **state)
{
	static struct stream_desc many[40];
	char text[64];

	(void)state;
	machine_prepare();
	for (uint32_t i = 0; i < ARRAY_SIZE(many); i++) {
		static char names[ARRAY_SIZE(many)][16];

		snprintf(names[i], sizeof(names[i]), "device%u", i);
		many[i] = (struct stream_desc){i, 1, DOMAIN_A, i, names[i], "board.yaml"};
	}
	for (uint32_t count = 1; count <= ARRAY_SIZE(many); count++) {
		machine_units[DS0].masters = many;
		machine_units[DS0].master_count = count;
		machine_units[DS1].master_count = 0;
		machine_units[VP0].master_count = 0;
		machine_boot();
		assert_int_equal(dma(DS0, 0, UINT64_C(0xffffffffff)), IPMMUM_REFUSED);
		machine_settle();
		snprintf(text, sizeof(text), "of one of %u: device0, ", count);
		assert_true(machine_said(count == 1 ? "device0 of a" : text));
		assert_true(strlen(machine_text[0]) <= 160);
	}
	assert_true(iommu_domain_block(DOMAIN_A, 0));
	assert_int_equal(dma(DS0, 0, UINT64_C(0xffffffffff)), IPMMUM_REFUSED);
	machine_settle();
	assert_true(machine_said("nobody, or stopped: no translation at IPA 0xffffffffff, DMA refused of one of 40: "
				 "device0, device1, device2, device3, device4, device5, device6"));
}

/* A storm: few lines, few interrupts, every fault that was seen accounted for, and nobody
 * else's kept back. */
static void test_storm(void **state)
{
	uint32_t interrupts = 0;
	uint64_t seen = 0;

	(void)state;
	machine_prepare();
	machine_boot();
	for (uint32_t i = 0; i < 100000; i++) {
		machine_dma(DS0, 3, RAM_OF_NOBODY, true, false);
		if (machine.line) {
			assert_true(machine_interrupt());
			assert_false(machine.line);
			interrupts++;
		}
		if (i == 50000) {
			machine_dma(HC, 2, RAM_OF_NOBODY, true, false);
			assert_true(machine.line);
			assert_true(machine_interrupt());
			assert_true(machine_said(": b: no translation"));
			assert_true(machine_lines < 20);
		}
		machine_catch_up();
		machine_pass_us(100);
	}
	/* More than ten seconds of it. */
	assert_in_range(interrupts, 100, 3000);
	assert_in_range(machine_lines, 5, 20);
	machine_pass_us(3000000);
	machine_catch_up();
	machine_pass_us(3000000);
	machine_catch_up();
	machine_pass_us(3000000);
	seen = machine_told;
	assert_true(seen >= interrupts);
	/* It is over: nothing is left to do, and the next one is told at once. */
	assert_int_equal(iommu_work, 0);
	machine_dma(DS0, 3, RAM_OF_NOBODY, true, false);
	assert_true(machine_interrupt());
	assert_int_equal(machine_told, seen + 1);
	assert_int_equal(machine.violations, 0);
}

/* A domain restarts in the middle of its storm: its interrupt stays off until it is time. */
static void test_storm_and_restart(void **state)
{
	(void)state;
	machine_prepare();
	machine_boot();
	for (uint32_t i = 0; i < 20; i++) {
		machine_dma(DS0, 3, RAM_OF_NOBODY, true, false);
		assert_true(!machine.line || machine_interrupt());
	}
	assert_int_not_equal(iommu_work, 0);
	assert_false(machine.line);
	/* Nor is it looked at when another's interrupt comes. */
	machine_dma(HC, 2, RAM_OF_NOBODY, true, false);
	assert_true(machine_interrupt());
	assert_int_not_equal(machine.contexts[CONTEXT_OF(DOMAIN_A)].str, 0);
	assert_true(iommu_domain_block(DOMAIN_A, 0));
	assert_false(machine.line);
	machine_dma(DS0, 3, RAM_OF_NOBODY, true, true);
	machine_settle();
	assert_true(iommu_domain_unblock(DOMAIN_A, 0));
	machine_settle();
	machine_dma(DS0, 3, IPA_OF_A, true, false);
	machine_pass_us(5000000);
	machine_catch_up();
	machine_settle();
	assert_int_equal(iommu_work, 0);
}

/* Errors of the translation itself: that domain's DMA ends for good, and only its. */
static void test_fatal(void **state)
{
	static const uint32_t bits[] = {IPMMUM_MHIT, IPMMUM_ABORT, IPMMUM_ABORT | IPMMUM_TF};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(bits); i++) {
		machine_prepare();
		machine_boot();
		machine_dma(DS0, 3, IPA_OF_A, true, false);
		ipmmum_fault(&machine, CONTEXT_OF(DOMAIN_A), bits[i], 0x1000);
		machine_settle();
		assert_true(machine_said("context 1 is broken: DMA of a stays blocked"));
		assert_true(machine_said(i == 0 ? "multiple TLB hits" : "the tables cannot be read"));
		machine_dma(DS0, 3, IPA_OF_A, true, true);
		machine_dma(DS0, 16, RAM_OF_B, true, false);
		assert_true(iommu_domain_block(DOMAIN_A, 0));
		assert_false(iommu_domain_unblock(DOMAIN_A, 0));
		assert_true(iommu_domain_block(DOMAIN_B, 0));
		assert_true(iommu_domain_unblock(DOMAIN_B, 0));
		machine_dma(DS0, 3, IPA_OF_A, true, true);
		machine_dma(DS0, 16, RAM_OF_B, true, false);
		/* Of the context that blocks, they are told. */
		machine_settle();
		machine_pass_us(3000000);
		machine_settle();
		machine_pass_us(3000000);
		ipmmum_fault(&machine, 0, bits[i], 0x2000);
		machine_settle();
		assert_true(machine_said("0x2000"));
		machine_dma(DS0, 16, RAM_OF_B, true, false);
		assert_int_equal(machine.violations, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silicon),
		cmocka_unit_test(test_no_power),
		cmocka_unit_test(test_stubborn),
		cmocka_unit_test(test_fewer_utlbs),
		cmocka_unit_test(test_stuck_flush),
		cmocka_unit_test(test_faults_by_name),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_storm_and_restart),
		cmocka_unit_test(test_fatal),
	};

	return cmocka_run_group_tests_name("ipmmu_error", tests, NULL, NULL);
}
