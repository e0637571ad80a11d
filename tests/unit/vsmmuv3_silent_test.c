// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* DMA that is aborted without an event, and events of invalid entries that come late, in
 * masses, or by another's fault (IHI 0070, 3.5.3, 5.2). */
#include <string.h>

#include "unit/vsmmu/invalid.h"

#define OVERFLOW BIT32(31)

/* Off, bypass and abort are silent, however the SMMU came there; the SMMU's own entries say
 * so, and so does each life of the domain. */
static void test_off(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		for (uint32_t round = 0; round < 2; round++) {
			for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
				uint32_t smmu, sid;

				assert_true(machine_stream(A, places[i], &smmu, &sid));
				expect(places[i], round == 0 ? BAD_STREAMID : BAD_STE, 0);
				assert_int_equal(machine_ste(smmu, sid)[0], 0);
				set(A, CR0, OFF);
				expect_none(places[i]);
				assert_int_equal(machine_ste(smmu, sid)[0], V);
				set(A, GBPA, BIT32(31));
				assert_int_equal(guest_reads(A, places[i], G_DATA), 1);
				set(A, CR0, ALL_ON);
				machine_settle();
				expect(places[i], round == 0 ? BAD_STREAMID : BAD_STE, 0);
				set(A, CR0, OFF);
				set(A, GBPA, BIT32(31) | BIT32(20));
				expect_none(places[i]);
				set(A, CR0, ALL_ON);
				machine_settle();
			}
			for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
				(void)guest_ste(A, places[i]);
			}
		}
		vsmmuv3_reset(&domains[A], 0);
		for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
			uint32_t smmu, sid;

			assert_true(machine_stream(A, places[i], &smmu, &sid));
			assert_int_equal(machine_ste(smmu, sid)[0], V);
			assert_int_equal(guest_reads(A, places[i], VA_DATA), 0);
		}
		machine_settle();
		assert_int_equal(machine_lines, 0);
	}
}

/* What the SMMU recorded before the guest's table changed is told by the table as it is. */
static void test_late(void **state)
{
	(void)state;
	boot(false);
	for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
		uint32_t s = places[i];

		/* There is nothing to say of it any more. */
		guest_set_nested(A, s);
		expect_none(s);
		guest_ste(A, s)[0] = V;
		expect_none(s);
		guest_ste(A, s)[0] = 0;
		expect(s, BAD_STE, 0);
		/* Nobody asks any more. */
		assert_int_equal(guest_reads(A, s, VA_DATA), 0);
		set(A, CR0, OFF);
		machine_settle();
		assert_null(guest_event(A));
		assert_int_equal(guest_reads(A, s, VA_DATA), 0);
		set(A, CR0, ALL_ON);
		machine_settle();
		assert_int_equal(guest_reads(A, s, VA_DATA), 0);
		vsmmuv3_reset(&domains[A], 0);
		machine_settle();
		assert_int_equal(machine_lines, 0);
		guest_start(A);
	}
}

/* An entry that the guest may have, and that the SMMU does not take: its event is the
 * guest's; of a domain without a virtual SMMU, or with it off, it is the hypervisor's. */
static void test_refused(void **state)
{
	uint64_t record[4] = {BAD_STE, 0, 0, 0};
	const uint64_t *e;

	(void)state;
	boot(false);
	guest_attach(A, A_FEW);
	smmum_event(0, record);
	e = guest_event(A);
	assert_non_null(e);
	assert_int_equal(e[0], (uint64_t)A_FEW << 32 | BAD_STE);
	assert_int_equal(machine_lines, 0);
	record[0] = (uint64_t)SID_C << 32 | BAD_STE;
	smmum_event(0, record);
	machine_settle();
	assert_true(machine_said("eth of c, stream 0x20: C_BAD_STE"));
	machine_prepare(false, true, false);
	machine_bootargs = "viommu.a=off";
	machine_boot();
	record[0] = BAD_STE;
	smmum_event(0, record);
	machine_settle();
	assert_true(machine_said("nvme of a, stream 0x0: C_BAD_STE"));
	machine_bootargs = "viommu.a=on";
	machine_boot();
}

/* A stream that cannot have what its entry says is told on the console, once, and there is
 * nothing wrong with the entry. */
static void test_groups_run_out(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		uint32_t s = A_MANY + 64 * NESTED_PAGES;

		boot(qemu != 0);
		for (uint32_t i = 0; i < NESTED_PAGES; i++) {
			guest_attach(A, A_MANY + 64 * i);
		}
		guest_attach(A, s);
		assert_true(machine_said("nested-groups"));
		assert_int_equal(machine_lines, 1);
		assert_int_equal(guest_reads(A, s, VA_DATA), 0);
		assert_null(guest_event(A));
		assert_int_equal(machine_lines, 1);
		/* Its neighbours, and those of the others, have entries that are invalid. */
		machine_lines = 0;
		expect(s + 1, BAD_STE, 0);
		expect(A_MANY + 1, BAD_STE, 0);
		/* Abort is silent with a page, and takes none. */
		guest_ste(A, s)[0] = V;
		guest_ste(A, A_MANY)[0] = V;
		assert_true(guest_command(A, CFGI_ALL));
		expect_none(s);
		expect_none(A_MANY);
		guest_attach(A, s);
		assert_int_equal(machine_lines, 0);
		expect_works(s);
	}
}

/* One guest's storm does not silence the other for longer than a period, nor reach the
 * console. */
static void test_storm(void **state)
{
	(void)state;
	for (int legal = 0; legal < 2; legal++) {
		boot(legal == 0);
		guest_start(B);
		guest_ste(A, A_MANY)[0] = legal != 0 ? V : 0;
		assert_true(guest_command(A, CFGI_ALL));
		guest_attach(B, B_FEW);
		for (uint32_t i = 0; i < 5000; i++) {
			assert_int_equal(guest_reads(A, A_MANY, VA_DATA), 0);
			machine_round();
		}
		assert_false(machine_said("C_BAD_STE"));
		machine_pass_us(200000);
		machine_settle();
		machine_lines = 0;
		machine_pass_us(200000);
		expect_by(B, B_FEW + 1, BAD_STE, 0);
		if (legal != 0) {
			assert_int_equal(get(A, EVTQ_PROD) & ~OVERFLOW, 0);
		} else {
			assert_int_equal(get(A, EVTQ_PROD) & 0x3f, BIT32(EVTQ_LOG2));
		}
	}
}

/* Many at once, in which nothing else is lost. */
static void test_burst(void **state)
{
	const uint64_t *e;

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		guest_attach(A, A_FEW);
		guest_ste(A, A_MANY)[0] = V;
		assert_true(guest_command(A, CFGI_ALL));
		machine_pass_us(200000);
		for (uint32_t i = 0; i < 100; i++) {
			assert_int_equal(guest_reads(A, i < 50 ? A_MANY : A_MANY + 1, VA_DATA), 0);
		}
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA + 0x9000), 0);
		e = guest_event(A);
		assert_non_null(e);
		assert_int_equal(e[0], (uint64_t)(A_MANY + 1) << 32 | BAD_STE);
		e = guest_event(A);
		assert_non_null(e);
		assert_int_equal(e[0], (uint64_t)A_FEW << 32 | 0x10);
		assert_null(guest_event(A));
		assert_int_equal(get(A, EVTQ_PROD) & OVERFLOW, 0);
		/* By turns, each is told. */
		for (uint32_t i = 0; i < 4; i++) {
			assert_int_equal(guest_reads(A, A_MANY + 1 + i % 2, VA_DATA), 0);
		}
		for (uint32_t i = 0; i < 4; i++) {
			e = guest_event(A);
			assert_non_null(e);
			assert_int_equal(e[0], (uint64_t)(A_MANY + 1 + i % 2) << 32 | BAD_STE);
		}
	}
}

static uint32_t mixtures;

/* Whenever the SMMU may read it, an entry is one of two of stage 1, or none. */
static void on_store(void)
{
	const uint64_t *ste = machine_ste(0, 0x4005);
	bool first = (ste[0] & GENMASK64(51, 6)) == G_CD && (ste[1] & 0xff) == 0xd4;
	bool second = (ste[0] & GENMASK64(51, 6)) == G_FREE && (ste[1] & 0xff) == 0x28;

	mixtures += (ste[0] & V) != 0 && (ste[0] >> 1 & 7) == 7 && !first && !second;
}

static void test_no_mixture(void **state)
{
	(void)state;
	boot(false);
	memcpy(guest_word(A, G_FREE), guest_word(A, G_CD), 64);
	mixtures = 0;
	machine_on_store = on_store;
	for (uint32_t i = 0; i < 12; i++) {
		guest_ste(A, A_MANY + 5)[0] = (i % 3 != 2 ? V : 0) | 5u << 1 | (i % 2 == 0 ? G_FREE : G_CD);
		guest_ste(A, A_MANY + 5)[1] = i % 2 == 0 ? 0x28 : 0xd4;
		assert_true(guest_command(A, CFGI_STE(A_MANY + 5)));
		if (i % 3 != 2) {
			expect_works(A_MANY + 5);
		} else {
			expect(A_MANY + 5, BAD_STE, 0);
		}
	}
	machine_on_store = NULL;
	assert_int_equal(mixtures, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_groups_run_out),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_no_mixture),
	};

	return cmocka_run_group_tests_name("vsmmuv3_silent", tests, NULL, NULL);
}
