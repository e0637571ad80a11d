// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/ipmmu*.c hv/mm/stage2.c tests/models/model.c tests/models/ipmmu*.c
// sources: tests/unit/ipmmu/machine.c
/* The IPMMU driver on the IPMMU model: set-up, whose DMA goes where, restart of a domain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "iommu/iommu.h"
#include "models/model.h"
#include "unit/ipmmu/machine.h"
#include "unit/ipmmu/regs.h"

#define READ_MAX 40000 /* registers and counter, in iommu_init() */

static const uint64_t places[] = {
	0, RAM_BASE, IPA_OF_A, IPA_OF_A + 0x7ff8, IPA_OF_A + MIB(1) - PAGE_SIZE, IPA_OF_A + MIB(1), RAM_OF_A,
	RAM_OF_B - 8, RAM_OF_B, RAM_OF_B + MIB(1) - PAGE_SIZE, RAM_OF_B + MIB(1), RAM_OF_NOBODY,
	IPA_OF_A | BIT64(39), BIT64(40) | RAM_OF_B, UINT64_C(0xe67b0000), UINT64_C(0xfffffffff000),
};

/* Every micro-TLB there is, at every place. */
static void check_all(uint32_t blocked)
{
	for (uint32_t unit = 0; unit < UNITS; unit++) {
		for (uint32_t utlb = 0; utlb < 48; utlb++) {
			bool is_blocked = (blocked >> machine_owner(unit, utlb) & 1) != 0;

			for (uint32_t i = 0; i < 2 * ARRAY_SIZE(places); i++) {
				machine_dma(unit, utlb, places[i / 2], i % 2 != 0, is_blocked);
			}
		}
	}
	assert_int_equal(machine.violations, 0);
}

/* Whatever the answers to what is not known, and however long things take. */
static void test_isolation(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4 * IPMMUM_ANSWERS; i++) {
		machine_prepare();
		machine_config.answers = i % IPMMUM_ANSWERS;
		machine_config.flush_reads = i / IPMMUM_ANSWERS;
		machine_config.power_reads = i / IPMMUM_ANSWERS;
		machine_config.powers_on = i % 4;
		machine_reads = 0;
		machine_boot();
		assert_true(machine_reads < READ_MAX);
		assert_int_equal(machine_lines, 0);
		/* No cache waits for a flush of the root that does not come. */
		for (uint32_t unit = 0; unit < UNITS; unit++) {
			for (uint32_t c = 0; c < 3; c++) {
				assert_int_equal(machine.units[unit].ctr[c] & FLUSH, 0);
			}
		}
		check_all(0);
	}
}

/* The registers are what is known to work on the chip. */
static void test_registers(void **state)
{
	(void)state;
	machine_prepare();
	machine_boot();
	for (uint32_t c = 0; c < 3; c++) {
		uint64_t table = machine_desc.contexts[c].table;

		assert_int_equal(ipmmum_read(&machine, MM, CTR(c), 4), ON);
		assert_int_equal(ipmmum_read(&machine, MM, CTR(c) + TTBCR, 4), 0xc0000058);
		assert_int_equal(ipmmum_read(&machine, MM, CTR(c) + TTBLR, 4), (uint32_t)table);
		assert_int_equal(ipmmum_read(&machine, MM, CTR(c) + TTBUR, 4), table >> 32);
		for (uint32_t unit = DS0; unit < UNITS; unit++) {
			assert_int_equal(ipmmum_read(&machine, unit, CTR(c), 4), INTEN | MMUEN);
		}
	}
	for (uint32_t c = 3; c < 8; c++) {
		assert_int_equal(ipmmum_read(&machine, MM, CTR(c), 4), 0);
	}
	assert_int_equal(ipmmum_read(&machine, MM, 0x504, 4), 8);
	assert_int_equal(ipmmum_read(&machine, DS0, UCTR(3), 4), CONTEXT_OF(DOMAIN_A) << 4 | MMUEN);
	assert_int_equal(ipmmum_read(&machine, DS0, UCTR(16), 4), CONTEXT_OF(DOMAIN_B) << 4 | MMUEN);
	assert_int_equal(ipmmum_read(&machine, DS1, UCTR(32), 4), CONTEXT_OF(DOMAIN_A) << 4 | MMUEN);
	assert_int_equal(ipmmum_read(&machine, DS1, UCTR(20), 4), MMUEN);
	assert_int_equal(ipmmum_read(&machine, MM, UCTR(47), 4), MMUEN);
	assert_int_equal(machine.violations, 0);
}

/* Firmware used it: a context of its own, with tables of everything, micro-TLBs that follow
 * it, TLBs full of it, a fault that nobody has seen. */
static void firmware_use(uint32_t context)
{
	uint64_t pa;

	ipmmum_write(&machine, MM, 0x504, 4, 8);
	ipmmum_write(&machine, MM, CTR(context) + TTBLR, 4, (uint32_t)machine_desc.contexts[2].table);
	ipmmum_write(&machine, MM, CTR(context) + TTBCR, 4, 0xc0000058);
	ipmmum_write(&machine, MM, CTR(context), 4, ON);
	ipmmum_write(&machine, MM, 0x500, 4, BIT32(28));
	for (uint32_t unit = DS0; unit < VC0; unit++) {
		ipmmum_write(&machine, unit, CTR(context), 4, MMUEN);
		for (uint32_t utlb = 0; utlb < 48; utlb++) {
			ipmmum_write(&machine, unit, UCTR(utlb), 4, context << 4 | MMUEN);
			ipmmum_write(&machine, unit, UCTR(utlb) + 8, 4, 0x1234);
			assert_int_equal(ipmmum_translate(&machine, unit, utlb, RAM_OF_B, true, &pa),
					 IPMMUM_TRANSLATED);
		}
		ipmmum_write(&machine, unit, 0x500, 4, BIT32(28));
	}
	ipmmum_fault(&machine, context, IPMMUM_TF, 0x1000);
}

static void test_forgets_firmware(void **state)
{
	(void)state;
	for (uint32_t context = 0; context < 8; context++) {
		machine_prepare();
		machine_start();
		firmware_use(context);
		assert_null(iommu_init());
		assert_false(machine.line);
		check_all(0);
		assert_int_equal(ipmmum_read(&machine, DS0, UCTR(1) + 8, 4), 0);
	}
}

/* From when all micro-TLBs follow the context that blocks, at no moment one reaches what is
 * not its own, in init or in any change later. */
static bool blocking;
static uint32_t tries;

static void try_always(uint32_t unit, uint32_t reg)
{
	static const uint32_t utlbs[][2] = {{DS0, 0}, {DS0, 16}, {DS1, 20}, {HC, 2}, {HC, 3}, {VP0, 0}, {MM, 0}};
	uint64_t pa, own;
	bool open = false;

	(void)unit;
	(void)reg;
	for (uint32_t i = 0; i < ARRAY_SIZE(utlbs); i++) {
		uint32_t owner = machine_owner(utlbs[i][0], utlbs[i][1]);

		for (uint32_t k = 0; k < ARRAY_SIZE(places); k++) {
			enum ipmmum_result r = ipmmum_translate(&machine, utlbs[i][0], utlbs[i][1], places[k], true, &pa);

			open |= r == IPMMUM_UNTRANSLATED;
			if (blocking && r != IPMMUM_REFUSED) {
				assert_int_equal(r, IPMMUM_TRANSLATED);
				assert_true(machine_goes(owner, places[k], true, &own));
				assert_int_equal(pa, own);
			}
		}
	}
	if (!open && ipmmum_is_on(&machine, VP0)) {
		blocking = true;
	}
	tries += blocking;
}

static void test_blocks_from_the_start(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < IPMMUM_ANSWERS; i++) {
		machine_prepare();
		machine_config.answers = i;
		machine_start();
		blocking = false;
		tries = 0;
		machine_on_access = try_always;
		assert_null(iommu_init());
		assert_true(blocking);
		assert_true(tries > 100);
		/* The same while a domain restarts. */
		assert_true(iommu_domain_block(DOMAIN_B, 0));
		assert_true(iommu_domain_unblock(DOMAIN_B, 0));
		assert_true(blocking);
		machine_on_access = NULL;
		check_all(0);
	}
}

/* A domain restarts, as often as it likes; the other's DMA goes on meanwhile. */
static uint32_t other;

static void dma_of_other(uint32_t unit, uint32_t reg)
{
	static const uint32_t utlbs[2][4][2] = {
		{{DS0, 0}, {DS0, 15}, {DS1, 32}, {VP0, 0}}, {{DS0, 16}, {DS1, 0}, {HC, 2}, {VP0, 8}}};
	uint64_t base = other == DOMAIN_A ? IPA_OF_A : RAM_OF_B;

	(void)unit;
	(void)reg;
	for (uint32_t i = 0; i < 4; i++) {
		machine_dma(utlbs[other][i][0], utlbs[other][i][1], base + 0x1000 * (tries++ % RAM_PAGES), false, false);
	}
}

static void test_restart(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2 * IPMMUM_ANSWERS; i++) {
		uint32_t domain = i % 2;

		machine_prepare();
		machine_config.answers = i / 2;
		machine_boot();
		other = 1 - domain;
		tries = 0;
		for (uint32_t round = 0; round < 3; round++) {
			/* Everybody's TLBs are full of what they reach. */
			check_all(0);
			machine_settle();
			machine_on_access = dma_of_other;
			assert_true(iommu_domain_block(domain, 0));
			machine_on_access = NULL;
			check_all(BIT32(domain));
			/* Again, and one that has no masters: nothing changes. */
			assert_true(iommu_domain_block(domain, 0));
			assert_true(iommu_domain_block(DOMAIN_C, 0));
			assert_true(iommu_domain_unblock(DOMAIN_C, 0));
			assert_true(iommu_domain_unblock(other, 0));
			check_all(BIT32(domain));
			machine_on_access = dma_of_other;
			assert_true(iommu_domain_unblock(domain, 0));
			/* Once more, of one whose DMA goes on: nothing changes for it. */
			assert_true(iommu_domain_unblock(other, 0));
			machine_on_access = NULL;
		}
		assert_true(tries > 100);
		check_all(0);
	}
}

/* What was translated before a flush may still be on its way when that is done: time is left
 * for it. */
static uint64_t flush_done_us;

static void note_time(uint32_t unit, uint32_t reg)
{
	(void)unit;
	(void)reg;
	flush_done_us = machine_now_us();
}

static void test_drain(void **state)
{
	(void)state;
	machine_prepare();
	machine_boot();
	machine_on_access = note_time;
	assert_true(iommu_domain_block(DOMAIN_A, 0));
	assert_true(machine_now_us() >= flush_done_us + 100);
}

static void test_irq(void **state)
{
	bool edge = true;
	uint64_t wake;
	bool hold;

	(void)state;
	machine_prepare();
	machine_boot();
	assert_int_equal(iommu_irq(0, &edge), INTID);
	assert_false(edge);
	assert_int_equal(iommu_irq(1, &edge), 0);
	assert_false(iommu_handle_irq(0, &wake, &hold));
	assert_false(iommu_handle_irq(INTID + 1, &wake, &hold));
	assert_true(machine_interrupt());
	assert_int_equal(machine_lines, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_isolation),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_forgets_firmware),
		cmocka_unit_test(test_blocks_from_the_start),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_drain),
		cmocka_unit_test(test_irq),
	};

	return cmocka_run_group_tests_name("ipmmu", tests, NULL, NULL);
}
