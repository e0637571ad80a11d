// SPDX-License-Identifier: Apache-2.0
// sources: tests/models/ipmmu*.c tests/models/model.c tests/models/smmuv3_ram.c
/* The IPMMU model by itself: each register, cache, fault and assumption that it has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/ipmmu.h"
#include "models/smmuv3.h"
#include "unit/ipmmu/regs.h"

#define RAM UINT64_C(0x48000000)
#define RAM_SIZE MIB(1)
#define ROOT_A RAM            /* two pages, concatenated: 40 bits */
#define ROOT_B (RAM + 0x2000) /* of nothing */
#define LEVEL2 (RAM + 0x4000)
#define LEVEL3 (RAM + 0x5000)
#define PAGES_AT UINT64_C(0x40000000) /* four pages, moved to RAM + 0x80000 */
#define PA_OF UINT64_C(0x48080000)
#define PAGES 4
#define BLOCK UINT64_C(0x80000000) /* 1 GiB, to 0xc0000000 */
#define HIGH UINT64_C(0x8040000000) /* the second page of the root: the same as PAGES_AT */
#define LEAF (BIT64(10) | 3u << 8 | 0xfu << 2 | 3u << 6 | 3)
#define A3VC 0x380u

enum { MM, DS0, VC0, UNITS };

static uint8_t memory[RAM_SIZE];
static struct ipmmum m;
static struct ipmmum_config config;
static const struct ipmmum_unit_config units[UNITS] = {
	{48, IPMMUM_ALWAYS_ON}, {48, IPMMUM_ALWAYS_ON}, {16, 0}};
static const uint32_t powers[] = {A3VC};
static uint32_t line_changes;

static bool fetch(void *context, uint64_t pa, uint64_t *desc)
{
	assert_ptr_equal(context, &memory);
	return smmum_ram_read(pa, desc, sizeof(*desc));
}

static void irq(void *context, bool high)
{
	(void)context;
	assert_true(high == m.line);
	line_changes++;
}

static uint64_t *at(uint64_t pa)
{
	return (uint64_t *)(void *)&memory[pa - RAM];
}

#define get(unit, reg) ipmmum_read(&m, unit, reg, 4)
#define put(unit, reg, value) ipmmum_write(&m, unit, reg, 4, value)

static void context_set(uint32_t context, uint64_t root)
{
	put(MM, CTR(context) + TTBLR, (uint32_t)root);
	put(MM, CTR(context) + TTBUR, (uint32_t)(root >> 32));
	put(MM, CTR(context) + TTBCR, 0xc0000058);
	put(MM, CTR(context), ON);
	put(DS0, CTR(context), INTEN | MMUEN);
}

/* Context 1 has the tables, context 0 empty ones; micro-TLB 3 of DS0 follows 1. */
static int start(void **state)
{
	(void)state;
	memset(memory, 0, sizeof(memory));
	*at(ROOT_A + 8) = LEVEL2 | 3;
	*at(ROOT_A + 16) = (UINT64_C(0xc0000000) | LEAF) & ~UINT64_C(2);
	*at(ROOT_A + 8 * (HIGH >> 30)) = LEVEL2 | 3;
	*at(LEVEL2) = LEVEL3 | 3;
	for (uint32_t i = 0; i < PAGES; i++) {
		*at(LEVEL3 + 8 * i) = (PA_OF + PAGE_SIZE * i) | LEAF;
	}
	*at(LEVEL3 + 8 * 3) &= ~BIT64(7); /* read only */
	smmum_reset();
	smmum_add_ram(RAM, RAM_SIZE, memory, NULL);
	ipmmum_init(&m, &config);
	put(MM, 0x504, 8);
	context_set(0, ROOT_B);
	context_set(1, ROOT_A);
	put(DS0, UCTR(3), 1 << 4 | MMUEN);
	line_changes = 0;
	return 0;
}

static int setup(void **state)
{
	config = (struct ipmmum_config){
		.units = units, .unit_count = UNITS, .powers = powers, .power_count = 1, .prr = 0x4f20,
		.powers_on = 0, .context = memory, .fetch = fetch, .irq = irq,
	};
	return start(state);
}

/* Where an access through DS0's micro-TLB 3 goes; 1: nowhere. */
static uint64_t goes(uint64_t address, bool write)
{
	uint64_t pa;

	return ipmmum_translate(&m, DS0, 3, address, write, &pa) == IPMMUM_REFUSED ? 1 : pa;
}

static void test_walk(void **state)
{
	(void)state;
	assert_int_equal(goes(PAGES_AT + 0x123, true), PA_OF + 0x123);
	assert_int_equal(goes(PAGES_AT + 0x1ff8, false), PA_OF + 0x1ff8);
	assert_int_equal(goes(BLOCK + 0x12345678, true), 0xd2345678);
	assert_int_equal(goes(HIGH + 8, true), PA_OF + 8);
	assert_int_equal(goes(PAGES_AT + 0x3000, false), PA_OF + 0x3000);
	assert_int_equal(m.contexts[1].str, 0);
	assert_int_equal(goes(PAGES_AT + 0x3000, true), 1);
	assert_int_equal(m.contexts[1].str, IPMMUM_PF);
	put(MM, CTR(1) + STR, 0);
	assert_int_equal(goes(PAGES_AT + 0x4000, false), 1);
	assert_int_equal(m.contexts[1].str, IPMMUM_TF | 3 << 12);
	put(MM, CTR(1) + STR, 0);
	assert_int_equal(goes(PAGES_AT + MIB(2), false), 1);
	assert_int_equal(m.contexts[1].str, IPMMUM_TF | 2 << 12);
	put(MM, CTR(1) + STR, 0);
	/* Beyond 40 bits; and what its entry of the root would be. */
	assert_int_equal(goes(BIT64(40) | PAGES_AT, false), 1);
	assert_int_equal(m.contexts[1].str, IPMMUM_TF | 1 << 12);
	assert_int_equal(m.violations, 0);
}

/* Descriptors that are none: no access flag, an address beyond 40 bits, no memory. */
static void test_bad_descriptors(void **state)
{
	(void)state;
	*at(LEVEL3) &= ~BIT64(10);
	*at(LEVEL3 + 8) |= BIT64(40);
	*at(LEVEL2 + 8) = UINT64_C(0x1000) | 3;
	assert_int_equal(goes(PAGES_AT, false), 1);
	assert_int_equal(goes(PAGES_AT + 0x1000, false), 1);
	put(MM, CTR(1) + STR, 0);
	assert_int_equal(goes(PAGES_AT + MIB(2), false), 1);
	assert_int_equal(m.contexts[1].str, IPMMUM_ABORT | 3 << 12);
}

/* A micro-TLB that is off lets everything pass, and so does one whose context is off. */
static void test_off(void **state)
{
	uint64_t pa;

	assert_int_equal(ipmmum_translate(&m, DS0, 4, BLOCK, true, &pa), IPMMUM_UNTRANSLATED);
	assert_int_equal(pa, BLOCK);
	put(DS0, UCTR(3), 0 << 4 | MMUEN);
	assert_int_equal(goes(PAGES_AT, true), 1);
	assert_int_equal(m.contexts[0].str, IPMMUM_TF | 1 << 12);
	put(DS0, CTR(0), 0);
	assert_int_equal(goes(PAGES_AT, true), PAGES_AT);
	put(DS0, CTR(0), MMUEN);
	put(MM, CTR(0), 0);
	assert_int_equal(goes(PAGES_AT, true), PAGES_AT);
	assert_int_equal(m.violations, 0);
	config.answers = IPMMUM_OFF_BLOCKS;
	start(state);
	put(MM, CTR(1), 0);
	assert_int_equal(goes(PAGES_AT, true), 1);
	assert_int_equal(m.contexts[1].str, 0);
	/* USE_SECGRP: whatever else is set. */
	start(state);
	put(DS0, 0x500, BIT32(28));
	assert_int_equal(goes(PAGES_AT, true), PAGES_AT);
}

/* What was translated once stays, in the root and in the micro-TLB, until a flush of both. */
static void test_stale(void **state)
{
	for (uint32_t alone = 0; alone < 2; alone++) {
		config.answers = alone != 0 ? IPMMUM_CACHE_ALONE : 0;
		start(state);
		assert_int_equal(goes(PAGES_AT, true), PA_OF);
		*at(LEVEL3) = 0;
		assert_int_equal(goes(PAGES_AT, true), PA_OF);
		/* The root alone. */
		put(MM, CTR(1), ON | FLUSH);
		assert_int_equal(goes(PAGES_AT, true), PA_OF);
		start(state);
		assert_int_equal(goes(PAGES_AT, true), PA_OF);
		*at(LEVEL3) = 0;
		/* The cache alone: it fetches from the root again, or waits for it. */
		put(DS0, CTR(1), MMUEN | FLUSH);
		assert_int_equal(get(DS0, CTR(1)) & FLUSH, alone != 0 ? 0 : FLUSH);
		assert_int_equal(goes(PAGES_AT, true), PA_OF);
		/* Both, of another context. */
		put(DS0, CTR(0), MMUEN | FLUSH);
		put(MM, CTR(0), ON | FLUSH);
		assert_int_equal(goes(PAGES_AT, true), PA_OF);
		put(DS0, CTR(1), MMUEN | FLUSH);
		put(MM, CTR(1), ON | FLUSH);
		assert_int_equal(get(DS0, CTR(1)) & FLUSH, 0);
		assert_int_equal(goes(PAGES_AT, true), 1);
		assert_int_equal(m.violations, 0);
	}
}

/* A flush takes a number of looks, and what is gone is gone at its end. */
static void test_flush_timing(void **state)
{
	config.flush_reads = 3;
	start(state);
	assert_int_equal(goes(PAGES_AT, true), PA_OF);
	*at(LEVEL3) = 0;
	put(DS0, CTR(1), MMUEN | FLUSH);
	put(MM, CTR(1), ON | FLUSH);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(get(MM, CTR(1)) & FLUSH, FLUSH);
		assert_int_equal(goes(PAGES_AT, true), PA_OF);
	}
	assert_int_equal(get(MM, CTR(1)), ON);
	assert_int_equal(goes(PAGES_AT, true), 1);
	ipmmum_set_flush_reads(&m, IPMMUM_STUCK);
	put(MM, CTR(1), ON | FLUSH);
	for (uint32_t i = 0; i < 1000; i++) {
		assert_int_equal(get(MM, CTR(1)) & FLUSH, FLUSH);
	}
	ipmmum_set_flush_reads(&m, 1);
	assert_int_equal(get(MM, CTR(1)) & FLUSH, 0);
}

/* Another context by TTSEL: what the micro-TLB has is used on, unless it is told not to. */
static void test_utlb_stale(void **state)
{
	for (uint32_t answers = 0; answers < IPMMUM_ANSWERS; answers++) {
		config.answers = answers;
		start(state);
		assert_int_equal(goes(PAGES_AT, true), PA_OF);
		put(DS0, UCTR(3), 0 << 4 | MMUEN);
		assert_int_equal(goes(PAGES_AT, true), (answers & IPMMUM_TAGGED) != 0 ? 1 : PA_OF);
		put(DS0, UCTR(3), 0 << 4 | FLUSH | MMUEN);
		assert_int_equal(goes(PAGES_AT, true), 1);
		assert_int_equal(get(DS0, UCTR(3)), (answers & IPMMUM_FLUSH_STAYS) != 0 ? 3 : 1);
		assert_int_equal(m.violations, 0);
	}
}

static void test_faults(void **state)
{
	assert_int_equal(goes(HIGH + 0x5678, false), 1);
	assert_true(m.line);
	assert_int_equal(goes(PAGES_AT + MIB(4), true), 1);
	assert_int_equal(get(MM, CTR(1) + STR), IPMMUM_TF | 3 << 12);
	assert_int_equal(get(MM, CTR(1) + ELAR), (uint32_t)HIGH + 0x5678);
	assert_int_equal(get(MM, CTR(1) + EUAR), HIGH >> 32);
	/* Without INTEN the line is low, and the fault still there. */
	put(MM, CTR(1), ON & ~INTEN);
	assert_false(m.line);
	put(MM, CTR(1), ON);
	assert_true(m.line);
	put(MM, CTR(1) + STR, UINT32_MAX);
	assert_true(m.line);
	put(MM, CTR(1) + STR, 0);
	assert_false(m.line);
	assert_int_equal(get(MM, CTR(1) + ELAR) | get(MM, CTR(1) + EUAR), 0);
	assert_int_equal(line_changes, 4);
	ipmmum_fault(&m, 1, IPMMUM_MHIT, 0x1000);
	assert_int_equal(get(MM, CTR(1) + STR), IPMMUM_MHIT);
	config.answers = IPMMUM_LAST_FAULT;
	start(state);
	assert_int_equal(goes(HIGH + 0x5678, false), 1);
	assert_int_equal(goes(PAGES_AT + MIB(4), true), 1);
	assert_int_equal(get(MM, CTR(1) + ELAR), PAGES_AT + MIB(4));
}

/* Which silicon reads stage-2 descriptors: seen by what bit 7 means. */
static void test_silicon(void **state)
{
	static const uint32_t with[] = {0x4f20, 0x4f30, 0x5220, 0x5511};
	static const uint32_t without[] = {0x4f11, 0x4f10, 0x5210, 0x5710, 0x0020};

	for (uint32_t i = 0; i < ARRAY_SIZE(with) + ARRAY_SIZE(without); i++) {
		bool stage2 = i < ARRAY_SIZE(with);

		config.prr = stage2 ? with[i] : without[i - ARRAY_SIZE(with)];
		start(state);
		assert_int_equal(ipmmum_prr_read(&m), config.prr);
		assert_int_equal(goes(PAGES_AT, true), stage2 ? PA_OF : 1);
		put(MM, CTR(1) + STR, 0);
		assert_int_equal(goes(PAGES_AT + 0x3000, true), stage2 ? 1 : PA_OF + 0x3000);
	}
	config.prr = 0x4f20;
	start(state);
	put(MM, 0x504, 0);
	assert_int_equal(goes(PAGES_AT, true), 1);
}

static void test_power(void **state)
{
	uint64_t pa;

	(void)state;
	assert_int_equal(ipmmum_sysc_read(&m, A3VC, 4), 1);
	assert_int_equal(ipmmum_translate(&m, VC0, 0, BLOCK, true, &pa), IPMMUM_REFUSED);
	assert_int_equal(get(VC0, UCTR(0)), 0);
	assert_int_equal(m.violations, 1);
	m.config.power_reads = 2;
	ipmmum_sysc_write(&m, A3VC + 0xc, 4, 1);
	assert_int_equal(ipmmum_sysc_read(&m, A3VC, 4), 1);
	assert_int_equal(ipmmum_sysc_read(&m, A3VC, 4), 0x10);
	put(VC0, CTR(1), MMUEN);
	/* It has 16 micro-TLBs. */
	put(VC0, UCTR(16), MMUEN);
	assert_int_equal(get(VC0, UCTR(16)), 0);
	put(VC0, UCTR(5), 1 << 4 | MMUEN);
	assert_int_equal(ipmmum_translate(&m, VC0, 5, PAGES_AT, true, &pa), IPMMUM_TRANSLATED);
	assert_int_equal(m.violations, 1);
	/* Off and on: nothing is left of it. */
	m.config.power_reads = 0;
	ipmmum_sysc_write(&m, A3VC + 4, 4, 1);
	ipmmum_sysc_write(&m, A3VC + 0xc, 4, 1);
	assert_int_equal(ipmmum_translate(&m, VC0, 5, PAGES_AT, true, &pa), IPMMUM_UNTRANSLATED);
	assert_int_equal(get(VC0, CTR(1)), 0);
	assert_int_equal(m.violations, 1);
}

/* What no driver may do is counted. */
static void test_violations(void **state)
{
	static const struct {
		uint32_t unit, reg, value;
	} writes[] = {
		{MM, CTR(1), 0x5}, {MM, CTR(1), ON | BIT32(30)}, {MM, CTR(1) + TTBCR, 0xc0000059},
		{MM, CTR(1) + TTBLR, (uint32_t)ROOT_B}, {MM, CTR(2), ON}, {DS0, CTR(2), MMUEN},
		{DS0, CTR(1) + TTBCR, 0}, {DS0, CTR(1) + STR, 0}, {DS0, UCTR(1), 2 << 4 | MMUEN},
		{DS0, UCTR(1), 8 << 4 | MMUEN}, {DS0, UCTR(1), BIT32(31)}, {VC0, UCTR(0), 0}, {MM, 0x200, 0},
		{MM, CTR(1) + ELAR, 0}, {DS0, 0x304, 0}, {DS0, 0x700, 0}, {DS0, 0x1000, 0}, {UNITS, 0, 0},
	};

	for (uint32_t i = 0; i < ARRAY_SIZE(writes); i++) {
		start(state);
		put(writes[i].unit, writes[i].reg, writes[i].value);
		assert_int_equal(m.violations, 1);
		assert_non_null(m.violation);
	}
	start(state);
	/* Of another geometry, or not aligned to it. */
	put(MM, CTR(2) + TTBLR, (uint32_t)RAM + 0x1000);
	put(MM, CTR(2) + TTBCR, 0xc0000058);
	assert_int_equal(m.violations, 0);
	put(MM, CTR(2), ON);
	assert_int_equal(m.violations, 1);
	start(state);
	put(MM, CTR(2) + TTBCR, 0xc0000059);
	put(MM, CTR(2) + TTBLR, (uint32_t)RAM + 0x1000);
	put(MM, CTR(2), ON);
	assert_int_equal(m.violations, 0);
	(void)ipmmum_read(&m, MM, CTR(1), 8);
	(void)ipmmum_read(&m, MM, 0x240, 4);
	(void)ipmmum_read(&m, DS0, CTR(1) + STR, 4);
	(void)ipmmum_sysc_read(&m, 0x340, 4);
	ipmmum_sysc_write(&m, A3VC, 4, 1);
	assert_int_equal(m.violations, 5);
}

/* Both blocks of micro-TLB registers, and each its own. */
static void test_utlb_registers(void **state)
{
	for (uint32_t i = 0; i < 48; i++) {
		put(DS0, UCTR(i), (i & 1) << 4 | MMUEN);
		put(DS0, UCTR(i) + 8, 0x100 + i);
	}
	for (uint32_t i = 0; i < 48; i++) {
		assert_int_equal(get(DS0, UCTR(i)), (i & 1) << 4 | MMUEN);
		assert_int_equal(get(DS0, UCTR(i) + 8), 0x100 + i);
		assert_int_equal(m.units[DS0].utlbs[i].ctr, (i & 1) << 4 | MMUEN);
	}
	assert_int_equal(m.violations, 0);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_walk, setup),
		cmocka_unit_test_setup(test_bad_descriptors, setup),
		cmocka_unit_test_setup(test_off, setup),
		cmocka_unit_test_setup(test_stale, setup),
		cmocka_unit_test_setup(test_flush_timing, setup),
		cmocka_unit_test_setup(test_utlb_stale, setup),
		cmocka_unit_test_setup(test_faults, setup),
		cmocka_unit_test_setup(test_silicon, setup),
		cmocka_unit_test_setup(test_power, setup),
		cmocka_unit_test_setup(test_violations, setup),
		cmocka_unit_test_setup(test_utlb_registers, setup),
	};

	return cmocka_run_group_tests_name("ipmmu_model", tests, NULL, NULL);
}
