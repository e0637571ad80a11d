// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* The virtual SMMUv3's command queue (IHI 0070, 3.5.1, 7.1): where it is, its positions, and
 * how much of it is done at a time. */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define OF_ASID ((uint64_t)ASID << 48)
#define CMD_MAX 32 /* commands that one access may do */

static void boot(void)
{
	machine_prepare(false, true, false);
	machine_boot();
	guest_start(A);
}

/* Queues that are not in its RAM, or not all of them. */
static void test_queues_elsewhere(void **state)
{
	static const uint64_t bases[] = {0,         A_DEVICE,  C_PA, A_PA,
					 A_IPA_END, BIT64(40), GENMASK64(51, 12), 0x09050000};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(bases); i++) {
		boot();
		set(A, CR0, 0);
		set64(A, CMDQ_BASE, bases[i] | 8);
		set(A, CMDQ_PROD, 0);
		set(A, CMDQ_CONS, 0);
		set(A, CR0, CMDQEN);
		assert_int_equal(guest_error(A), 0);
		set(A, CMDQ_PROD, 1);
		machine_settle();
		assert_int_equal(guest_error(A), 2); /* CERROR_ABT */
		assert_int_equal(get(A, CMDQ_CONS) & 0xffffff, 0);
		assert_int_equal(machine_raised[GERROR_SPI(A)], 1);
	}
	/* From the last page of RAM over its end. */
	boot();
	set(A, CR0, 0);
	memset(guest_word(A, A_IPA_END - PAGE_SIZE), 0x46, PAGE_SIZE);
	for (uint32_t at = 0; at < PAGE_SIZE; at += 8) {
		*guest_word(A, A_IPA_END - PAGE_SIZE + at) = at % 16 == 0 ? 0x46 : 0;
	}
	set64(A, CMDQ_BASE, (A_IPA_END - PAGE_SIZE) | 8); /* low bits: 0, so exactly a page */
	set(A, CMDQ_CONS, 0);
	set(A, CMDQ_PROD, 0);
	set(A, CR0, CMDQEN);
	set(A, CMDQ_PROD, 0x100);
	machine_settle();
	assert_int_equal(guest_error(A), 0);
	assert_int_equal(get(A, CMDQ_CONS), 0x100);
	/* Across the two pieces that its RAM is of. */
	boot();
	set(A, CR0, 0);
	for (uint64_t at = RAM_IPA + A_SIZE - MIB(2); at < RAM_IPA + A_SIZE + MIB(2); at += 16) {
		guest_word(A, at)[0] = 0x46;
		guest_word(A, at)[1] = 0;
	}
	set64(A, CMDQ_BASE, (RAM_IPA + MIB(8)) | 19);
	set(A, CMDQ_CONS, (MIB(6) - 0x400) / 16);
	set(A, CMDQ_PROD, (MIB(6) + 0x400) / 16);
	set(A, CR0, CMDQEN);
	machine_settle();
	assert_int_equal(guest_error(A), 0);
	assert_int_equal(get(A, CMDQ_CONS), (MIB(6) + 0x400) / 16);
}

/* LOG2SIZE of each size, positions of each kind. */
static void test_positions(void **state)
{
	(void)state;
	for (uint32_t log2 = 0; log2 < 32; log2++) {
		uint32_t real = log2 < 19 ? log2 : 19;
		uint32_t wrap = BIT32(real + 1) - 1;

		boot();
		set(A, CR0, 0);
		memset(guest_word(A, RAM_IPA + MIB(1)), 0, 64);
		for (uint32_t i = 0; i < 16; i++) {
			guest_word(A, RAM_IPA + MIB(8) + 16 * (i & (wrap >> 1)))[0] = 0x46;
			guest_word(A, RAM_IPA + MIB(8) + 16 * ((wrap - i) & (wrap >> 1)))[0] = 0x46;
			guest_word(A, RAM_IPA + MIB(8) + 16 * ((wrap - i) & (wrap >> 1)))[1] = 0;
		}
		set64(A, CMDQ_BASE, (RAM_IPA + MIB(8)) | log2);
		set(A, CMDQ_CONS, wrap - 3 < wrap ? wrap - 3 : 0);
		set(A, CMDQ_PROD, wrap - 3 < wrap ? wrap - 3 : 0);
		set(A, CR0, CMDQEN);
		/* Over the end, if there is room. */
		if (real >= 3) {
			set(A, CMDQ_PROD, 4);
			machine_settle();
			assert_int_equal(get(A, CMDQ_CONS), 4);
		}
		set(A, CMDQ_PROD, UINT32_MAX);
		machine_settle();
		machine_check();
		assert_true((get(A, CMDQ_CONS) & 0xffffff) <= wrap);
	}
}

/* PROD further ahead than the queue is long: no endless work, and no more than is there. */
static void test_overfull(void **state)
{
	(void)state;
	boot();
	set(A, CMDQ_PROD, get(A, CMDQ_CONS) + BIT32(CMDQ_LOG2) + 1);
	machine_settle();
	machine_check();
	for (uint32_t i = 0; i < 512; i++) {
		if (guest_error(A) != 0) {
			set(A, GERRORN, get(A, GERROR));
		}
		set(A, CMDQ_PROD, i * 37);
	}
	machine_settle();
}

/* One access does so many commands and no more; time does the rest. */
static void test_budget(void **state)
{
	uint32_t worst = 0;

	(void)state;
	boot();
	guest_attach(A, A_FEW);
	for (uint32_t i = 0; i < 250; i++) {
		guest_put(A, 0x12 | OF_ASID, VA_DATA + PAGE_SIZE * i);
	}
	*tables_entry(&guests[A].stage1, VA_DATA, 3) = 0;
	guest_ring(A);
	for (uint32_t before = 0, i = 0; i < 100; i++) {
		uint32_t cons = get(A, CMDQ_CONS);
		uint32_t done = (cons - before) & 511;

		worst = done > worst && i > 0 ? done : worst;
		assert_true(machine_maps <= 4 && machine_mmio <= 16);
		before = cons;
	}
	assert_true(worst > 0 && worst <= CMD_MAX);
	assert_int_equal(get(A, CMDQ_CONS), guests[A].prod);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
	/* The same without an access: the alarm. */
	for (uint32_t i = 0; i < 250; i++) {
		guest_put(A, 0x10, 0);
	}
	guest_ring(A);
	machine_settle();
	assert_int_equal(get(A, CMDQ_CONS), guests[A].prod);
}

/* Commands take effect in the order that they are in. */
static void test_order(void **state)
{
	(void)state;
	boot();
	for (uint32_t i = 0; i < 64; i++) {
		guest_set_nested(A, A_GROUP + i);
		guest_put(A, 0x03 | (uint64_t)(A_GROUP + i) << 32, 1);
		guest_put(A, 0x10, 0);
	}
	assert_true(guest_sync(A));
	for (uint32_t i = 0; i < 64; i++) {
		assert_int_equal(guest_reads(A, A_GROUP + i, VA_DATA), 1);
	}
	/* One that is bad among good ones: those before it are done, those behind are not. */
	for (uint32_t i = 0; i < 64; i++) {
		guest_set_bypass(A, A_GROUP + i);
		guest_put(A, i == 40 ? 0x20 : 0x03 | (uint64_t)(A_GROUP + i) << 32, i == 40 ? 0 : 1);
	}
	assert_false(guest_sync(A));
	for (uint32_t i = 0; i < 64; i++) {
		assert_int_equal(guest_reads(A, A_GROUP + i, G_DATA), i < 40 ? 1 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queues_elsewhere),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_overfull),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests_name("vsmmuv3_queue", tests, NULL, NULL);
}
