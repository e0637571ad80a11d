// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* Each way in which an earlier virtual SMMUv3 is known to have failed, by name. */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define CFGI_STE(virt) (0x03 | (uint64_t)(virt) << 32), 1

static void boot(void)
{
	machine_prepare(false, true, false);
	machine_boot();
	guest_start(A);
	guest_start(B);
}

/* An unknown STE.Config stopped the host. */
static void test_unknown_config(void **state)
{
	static const uint64_t configs[] = {1, 2, 3, 6, 7};

	(void)state;
	boot();
	for (uint32_t i = 0; i < ARRAY_SIZE(configs); i++) {
		guest_attach(A, A_FEW);
		guest_ste(A, A_FEW)[0] = 1 | configs[i] << 1 | G_CD;
		assert_true(guest_command(A, CFGI_STE(A_FEW)));
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
		assert_int_equal(guest_reads(A, A_FEW, G_DATA), 0);
	}
}

/* So did a second CFGI_STE for a stream that was nested already. */
static void test_second_cfgi_ste(void **state)
{
	(void)state;
	boot();
	for (uint32_t i = 0; i < 3; i++) {
		guest_attach(A, A_FEW);
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	}
	/* And with another context, while it is live. */
	memcpy(guest_word(A, G_FREE), guest_word(A, G_CD), 64);
	guest_word(A, G_FREE)[0] += UINT64_C(1) << 48;
	guest_ste(A, A_FEW)[0] = 1 | 5 << 1 | G_FREE;
	guest_ste(A, A_FEW)[1] ^= 0x30;
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	memset(guest_word(A, G_CD), 0, 64);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
}

/* STE.V = 0 was taken as if it were 1. */
static void test_invalid_ste(void **state)
{
	(void)state;
	boot();
	guest_attach(A, A_FEW);
	guest_ste(A, A_FEW)[0] &= ~UINT64_C(1);
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
	guest_set_bypass(A, A_FEW);
	guest_ste(A, A_FEW)[0] &= ~UINT64_C(1);
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	assert_int_equal(guest_reads(A, A_FEW, G_DATA), 0);
}

/* Bypass after stage 1 kept the old context. */
static void test_bypass_after_nested(void **state)
{
	(void)state;
	boot();
	guest_attach(A, A_FEW);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	guest_set_bypass(A, A_FEW);
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	assert_int_equal(machine_ste(0, 0)[0], 1 | 6 << 1);
	assert_int_equal(machine_ste(0, 0)[1], UINT64_C(1) << 44);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
	assert_int_equal(guest_reads(A, A_FEW, G_DATA), 1);
}

/* Every device of the domain got the entry of one. */
static void test_one_stream_alone(void **state)
{
	(void)state;
	boot();
	guest_attach(A, A_FEW + 3);
	for (uint32_t i = 0; i < 16; i++) {
		assert_int_equal(guest_reads(A, A_FEW + i, VA_DATA), i == 3 ? 1 : 0);
	}
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(guest_reads(A, A_OTHER + i, VA_DATA), 0);
	}
	assert_int_equal(guest_reads(B, B_FEW + 3, VA_DATA), 0);
}

/* CFGI_CD was dropped, and contexts stayed stale. */
static void test_stale_contexts(void **state)
{
	(void)state;
	boot();
	guest_attach(A, A_FEW);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	guest_word(A, G_CD)[0] |= BIT64(14); /* EPD0 */
	assert_true(guest_command(A, 0x05 | (uint64_t)A_FEW << 32, 1));
	assert_true(guest_command(A, 0x11 | (uint64_t)ASID << 48, 0));
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
	guest_word(A, G_CD)[0] &= ~BIT64(14);
	assert_true(guest_command(A, 0x06 | (uint64_t)A_FEW << 32, 0));
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
}

/* NH_ALL, NH_VAA and ATC_INV were logged, and nothing else. */
static void test_invalidations_done(void **state)
{
	static const uint64_t commands[][2] = {{0x10, 0}, {0x13, VA_DATA}};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(commands); i++) {
		boot();
		guest_attach(A, A_FEW);
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
		*tables_entry(&guests[A].stage1, VA_DATA, 3) = 0;
		assert_true(guest_command(A, commands[i][0], commands[i][1]));
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
		assert_int_equal(machine_lines, 0);
	}
	/* Without ATS there is no ATC. */
	assert_false(guest_command(A, 0x40 | (uint64_t)A_FEW << 32, 0));
	assert_int_equal(guest_error(A), 1);
	assert_int_equal(machine_lines, 0);
}

/* There was no CERROR, and no GERROR.CMDQ_ERR. */
static void test_command_errors(void **state)
{
	(void)state;
	boot();
	assert_false(guest_command(A, 0x99, 0));
	assert_int_equal(get(A, CMDQ_CONS) >> 24, 1);
	assert_int_equal((get(A, GERROR) ^ get(A, GERRORN)) & 1, 1);
	assert_int_equal(machine_raised[GERROR_SPI(A)], 1);
	/* It is A's error alone. */
	assert_int_equal(get(B, GERROR), 0);
	assert_true(guest_command(B, 0x10, 0));
}

/* Any invalidation flushed all of the domain, on all SMMUs. */
static void test_invalidations_exact(void **state)
{
	uint64_t wide;

	(void)state;
	boot();
	guest_attach(A, A_FEW);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA + i * PAGE_SIZE), i + 1);
		*tables_entry(&guests[A].stage1, VA_DATA + i * PAGE_SIZE, 3) = 0;
	}
	wide = smmum_counts.commands[0x10] + smmum_counts.commands[0x11] + smmum_counts.commands[0x28] +
	       smmum_counts.commands[0x30];
	assert_true(guest_command(A, 0x12 | (uint64_t)ASID << 48, VA_DATA));
	assert_int_equal(smmum_counts.commands[0x10] + smmum_counts.commands[0x11] + smmum_counts.commands[0x28] +
				 smmum_counts.commands[0x30],
			 wide);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA + PAGE_SIZE), 2);
}

/* Of events only 0x10 to 0x13 came, with the physical stream ID. */
static void test_all_events(void **state)
{
	const uint64_t *e;
	uint32_t value = 0;

	(void)state;
	boot();
	guest_attach(A, A_OTHER + 2);
	guest_word(A, G_CD)[0] = 0;
	assert_true(guest_command(A, 0x06 | (uint64_t)(A_OTHER + 2) << 32, 0));
	assert_false(dma(A, A_OTHER + 2, VA_DATA, false, &value));
	e = guest_event(A);
	assert_non_null(e);
	assert_int_equal(e[0], (uint64_t)(A_OTHER + 2) << 32 | 0x0a);
}

/* 2^19 commands were run under one lock. */
static void test_bounded_work(void **state)
{
	const uint64_t queue = RAM_IPA + MIB(8);
	uint32_t rounds = 0;

	(void)state;
	boot();
	for (uint64_t at = 0; at < MIB(8); at += 16) {
		guest_word(A, queue + at)[0] = at % 4096 == 0 ? 0x04 : 0x10;
		guest_word(A, queue + at)[1] = at % 4096 == 0 ? 31 : 0;
	}
	set(A, CR0, SMMUEN);
	set64(A, CMDQ_BASE, queue | 19);
	set(A, CMDQ_CONS, 0);
	set(A, CMDQ_PROD, 0);
	set(A, CR0, SMMUEN | CMDQEN);
	set(A, CMDQ_PROD, BIT32(19));
	for (uint32_t cons = 0, before = 0; cons != BIT32(19); before = cons) {
		cons = get(A, CMDQ_CONS);
		assert_true(cons - before <= 64);
		assert_true(machine_mmio < 1000 && machine_maps < 300);
		assert_true(rounds <= BIT32(19));
		/* The other is served in between. */
		if (++rounds % 4096 == 0) {
			assert_true(guest_command(B, 0x10, 0));
		}
	}
	assert_int_equal(guest_error(A), 0);
}

/* Registers could be written while what they describe was in use. */
static void test_writes_while_enabled(void **state)
{
	(void)state;
	boot();
	guest_attach(A, A_FEW);
	set64(A, STRTAB_BASE, 0);
	set(A, STRTAB_BASE_CFG, 0);
	set64(A, CMDQ_BASE, 0);
	set64(A, EVTQ_BASE, 0);
	guest_attach(A, A_FEW + 1);
	assert_int_equal(guest_reads(A, A_FEW + 1, VA_DATA), 1);
	assert_int_equal(guest_reads(A, A_FEW + 1, VA_DATA + 0x8000), 0);
	assert_non_null(guest_event(A));
}

/* Shifts by what the guest said (the sanitizer looks on). */
static void test_shifts(void **state)
{
	(void)state;
	boot();
	for (uint32_t i = 0; i < 32; i++) {
		set(A, CR0, 0);
		set64(A, CMDQ_BASE, G_FREE | i);
		set64(A, EVTQ_BASE, G_FREE | i);
		set(A, STRTAB_BASE_CFG, UINT32_MAX ^ i * 0x1041);
		set(A, CR0, ALL_ON);
		set(A, CMDQ_PROD, UINT32_MAX);
		set(A, EVTQ_CONS, UINT32_MAX);
		machine_settle();
		set(A, GERRORN, get(A, GERROR));
		assert_true(guest_command(B, 0x04 | (uint64_t)UINT32_MAX << 32, i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_config),
		cmocka_unit_test(test_second_cfgi_ste),
		cmocka_unit_test(test_invalid_ste),
		cmocka_unit_test(test_bypass_after_nested),
		cmocka_unit_test(test_one_stream_alone),
		cmocka_unit_test(test_stale_contexts),
		cmocka_unit_test(test_invalidations_done),
		cmocka_unit_test(test_command_errors),
		cmocka_unit_test(test_invalidations_exact),
		cmocka_unit_test(test_all_events),
		cmocka_unit_test(test_bounded_work),
		cmocka_unit_test(test_writes_while_enabled),
		cmocka_unit_test(test_shifts),
	};

	return cmocka_run_group_tests_name("vsmmuv3_rfc", tests, NULL, NULL);
}
