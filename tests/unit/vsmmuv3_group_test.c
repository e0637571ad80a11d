// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* Groups of streams that share a second level of the SMMU's table until a guest makes them
 * differ: the pages for that. */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define CFGI_STE(virt) (0x03 | (uint64_t)(virt) << 32), 1
#define CFGI_ALL 0x04, 31

static void boot(bool qemu, bool coherent)
{
	machine_prepare(qemu, coherent, false);
	machine_eager = !qemu;
	machine_boot();
	guest_start(A);
}

static uint64_t level1(uint32_t group)
{
	return ((const uint64_t *)(uintptr_t)(machine_smmus[0].strtab_base & GENMASK64(51, 6)))[group];
}

/* As many groups as there are pages differ; the next are told and abort; given back, they
 * are free again. */
static void test_groups_run_out(void **state)
{
	(void)state;
	for (int coherent = 0; coherent < 2; coherent++) {
		boot(false, coherent != 0);
		for (uint32_t round = 0; round < 3; round++) {
			for (uint32_t i = 0; i < NESTED_PAGES; i++) {
				guest_attach(A, A_MANY + 64 * i + 5);
				assert_int_equal(guest_reads(A, A_MANY + 64 * i + 5, VA_DATA), 1);
			}
			machine_lines = 0;
			guest_set_nested(A, A_MANY + 64 * NESTED_PAGES);
			assert_true(guest_command(A, CFGI_STE(A_MANY + 64 * NESTED_PAGES)));
			assert_int_equal(guest_reads(A, A_MANY + 64 * NESTED_PAGES, VA_DATA), 0);
			assert_true(machine_said("nested-groups"));
			/* Where the table has the domain's entries by themselves none is needed. */
			guest_attach(A, A_FEW);
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
			guest_attach(A, A_OTHER);
			assert_int_equal(guest_reads(A, A_OTHER, VA_DATA), 1);
			for (uint32_t i = 0; i <= NESTED_PAGES; i++) {
				guest_ste(A, A_MANY + 64 * i + 5)[0] = 0;
				guest_ste(A, A_MANY + 64 * i)[0] = 0;
				assert_true(guest_command(A, CFGI_STE(A_MANY + 64 * i + 5)));
				assert_true(guest_command(A, CFGI_STE(A_MANY + 64 * i)));
				assert_int_equal(level1(0x4000 / 64 + i), level1(0x7fc0 / 64));
			}
			memset(guest_word(A, G_STRTAB), 0, 0x4000); /* its own groups from the start */
			assert_true(guest_command(A, CFGI_ALL));
		}
	}
}

/* A page of a group that has its old entries again is another group's: nobody reads the
 * other's entries as the first one's, however early the SMMU looks. */
static void test_page_goes_on(void **state)
{
	(void)state;
	boot(false, true);
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t from = A_MANY + 64 * (i & 1);
		uint32_t to = A_MANY + 64 * (~i & 1);

		guest_attach(A, from);
		assert_int_equal(guest_reads(A, from, VA_DATA), 1);
		guest_ste(A, from)[0] = 0;
		assert_true(guest_command(A, CFGI_STE(from)));
		guest_attach(A, to + 7);
		assert_int_equal(guest_reads(A, to + 7, VA_DATA), 1);
		for (uint32_t n = 0; n < 64; n++) {
			assert_int_equal(guest_reads(A, from + n, VA_DATA), 0);
		}
		guest_ste(A, to + 7)[0] = 0;
		assert_true(guest_command(A, CFGI_STE(to + 7)));
	}
}

/* All groups that shared a second level have one of their own: what they shared is not
 * forgotten, and in the end all have it again. */
static void test_all_groups_differ(void **state)
{
	static const uint32_t streams[NESTED_PAGES] = {B_GROUP + 3, B_MANY + 3, B_MANY + 64 + 3};

	(void)state;
	boot(false, true);
	for (uint32_t how = 0; how < 3; how++) {
		guest_start(B);
		memset(guest_word(B, G_STRTAB), 0, 0x4000);
		for (uint32_t i = 0; i < NESTED_PAGES; i++) {
			guest_attach(B, streams[i]);
			assert_int_equal(guest_reads(B, streams[i], VA_DATA), 1);
		}
		if (how == 0) {
			/* To bypass. */
			set(B, GBPA, BIT32(31));
			set(B, CR0, 0);
			machine_settle();
			for (uint32_t i = 0; i < NESTED_PAGES; i++) {
				assert_int_equal(guest_reads(B, streams[i], G_DATA), 1);
				assert_int_equal(guest_reads(B, streams[i] + 1, G_DATA), 1);
			}
		} else if (how == 1) {
			set(B, CR0, 0);
			set(B, GBPA, BIT32(31) | BIT32(20));
			machine_settle();
		} else {
			for (uint32_t i = 0; i < NESTED_PAGES; i++) {
				guest_ste(B, streams[i])[0] = 0;
				assert_true(guest_command(B, CFGI_STE(streams[i])));
			}
		}
		/* The pages are free: A can have them all. */
		machine_lines = 0;
		for (uint32_t i = 0; i < NESTED_PAGES; i++) {
			guest_attach(A, A_MANY + 64 * i);
			assert_int_equal(guest_reads(A, A_MANY + 64 * i, VA_DATA), 1);
		}
		assert_int_equal(machine_lines, 0);
		for (uint32_t i = 0; i < NESTED_PAGES; i++) {
			guest_ste(A, A_MANY + 64 * i)[0] = 0;
			assert_true(guest_command(A, CFGI_STE(A_MANY + 64 * i)));
		}
		set(B, CR0, 0);
		machine_settle();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups_run_out),
		cmocka_unit_test(test_page_goes_on),
		cmocka_unit_test(test_all_groups_differ),
	};

	return cmocka_run_group_tests_name("vsmmuv3_group", tests, NULL, NULL);
}
