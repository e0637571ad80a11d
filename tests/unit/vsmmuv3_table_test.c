// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* The virtual SMMUv3's stream table (IHI 0070, 3.3, 5.1): sizes, forms, and where it is. */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define V 1u
#define CFGI_STE(virt) (0x03 | (uint64_t)(virt) << 32), 1
#define CFGI_ALL 0x04, 31

static void boot(void)
{
	machine_prepare(false, true, false);
	machine_boot();
	guest_start(A);
}

/* Beyond IDR1.SIDSIZE there are no more entries, but the base is aligned to the size that
 * LOG2SIZE says: RAM begins at a multiple of 2^31. */
static void test_linear_too_large(void **state)
{
	static const uint32_t sizes[] = {16, 17, 20, 25, 26, 31, 57, 58, 63};
	const uint64_t base = RAM_IPA;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		machine_prepare(false, true, false);
		machine_boot();
		guest_tables(A);
		guest_word(A, base + 64 * (A_MANY + 7))[0] = V | 5 << 1 | G_CD;
		guest_word(A, base + 64 * (A_MANY + 7))[1] = 0xd4;
		set64(A, STRTAB_BASE, base + (i == 0 ? 0x3fffc0 : MIB(4)));
		set(A, STRTAB_BASE_CFG, sizes[i]);
		set(A, CR0, SMMUEN);
		machine_settle();
		assert_int_equal(guest_reads(A, A_MANY + 7, VA_DATA), sizes[i] <= 25 ? 1 : 0);
		assert_int_equal(guest_reads(A, A_MANY + 8, VA_DATA), 0);
	}
}

/* A Span that is larger than the group is none, wherever the second level is. */
static void test_span_too_large(void **state)
{
	const uint64_t table = RAM_IPA + MIB(8);

	(void)state;
	boot();
	guest_word(A, table)[0] = V | 5 << 1 | G_CD;
	guest_word(A, table)[1] = 0xd4;
	for (uint64_t span = 1; span < 32; span++) {
		*guest_word(A, G_STRTAB + 8 * (A_GROUP >> SPLIT)) = table | span;
		assert_true(guest_command(A, CFGI_STE(A_GROUP)));
		assert_int_equal(guest_reads(A, A_GROUP, VA_DATA), span <= SPLIT + 1 ? 1 : 0);
	}
}

/* A table in one level, of any size. */
static void test_linear(void **state)
{
	(void)state;
	for (uint32_t log2 = 5; log2 <= 9; log2++) {
		machine_prepare(false, true, false);
		machine_boot();
		guest_tables(A);
		for (uint32_t virt = 0; virt < 512; virt++) {
			uint64_t *ste = guest_word(A, G(0x100000) + 64 * virt);

			/* Every other one. */
			ste[0] = virt % 2 == 0 ? V | 5 << 1 | G_CD : 0;
			ste[1] = 0xd4;
		}
		set64(A, STRTAB_BASE, G(0x100000) + 0x40); /* low bits of the address do not count */
		set(A, STRTAB_BASE_CFG, log2);
		set(A, CR0, SMMUEN);
		machine_settle();
		assert_int_equal(get(A, CR0ACK), SMMUEN);
		for (uint32_t virt = 0; virt < 512; virt++) {
			uint32_t smmu, sid;

			if (machine_stream(A, virt, &smmu, &sid)) {
				assert_int_equal(guest_reads(A, virt, VA_DATA), virt < BIT32(log2) && virt % 2 == 0);
			}
		}
		machine_check();
	}
}

/* Low bits of both levels' addresses do not count either. */
static void test_two_levels_aligned(void **state)
{
	(void)state;
	boot();
	guest_set_nested(A, A_GROUP + 2);
	*guest_word(A, G_STRTAB + 8 * (A_GROUP >> SPLIT)) += 0x40;
	set(A, CR0, CMDQEN | EVTQEN);
	set64(A, STRTAB_BASE, G_STRTAB + 0x1fc0);
	set(A, CR0, ALL_ON);
	machine_settle();
	assert_int_equal(guest_reads(A, A_GROUP + 2, VA_DATA), 1);
	assert_int_equal(guest_reads(A, A_GROUP + 1, VA_DATA), 0);
}

/* LOG2SIZE, SPLIT and Span beyond what there is. */
static void test_sizes(void **state)
{
	(void)state;
	for (uint32_t cfg = 0; cfg < 64 * 32 * 4; cfg += 5) {
		uint32_t value = (cfg & 63) | (cfg >> 6 & 31) << 6 | (cfg >> 11) << 16;

		if (cfg % 640 == 0) {
			boot();
			guest_set_nested(A, A_FEW);
			set(A, CR0, 0);
		}
		set(A, STRTAB_BASE_CFG, value);
		set(A, CR0, SMMUEN);
		machine_settle();
		assert_int_equal(get(A, CR0ACK), SMMUEN);
		set(A, CR0, 0);
		machine_settle();
	}
	/* Span 0 is none, 1 to 7 are 1 to 64 entries, more is none. */
	boot();
	for (uint64_t span = 0; span < 32; span++) {
		uint64_t *l1 = guest_word(A, G_STRTAB + 8 * (A_GROUP >> SPLIT));

		for (uint32_t i = 0; i < 64; i++) {
			guest_set_nested(A, A_GROUP + i);
		}
		*l1 = (*l1 & ~UINT64_C(31)) | span;
		assert_true(guest_command(A, CFGI_ALL));
		for (uint32_t i = 0; i < 64; i++) {
			bool there = span != 0 && span <= 7 && i < 1u << (span - 1);

			assert_int_equal(guest_reads(A, A_GROUP + i, VA_DATA), there ? 1 : 0);
		}
		*l1 = (*l1 & ~UINT64_C(31)) | 7;
	}
}

/* Tables that are not in its RAM, or in part. */
static void test_tables_elsewhere(void **state)
{
	static const uint64_t bases[] = {0,          A_DEVICE,         C_PA,        A_PA,
					 A_PA_MORE,  A_IPA_END,        RAM_IPA - 0x1000, BIT64(40),
					 BIT64(48),  GENMASK64(51, 12), UINT64_C(0x40000000), 0x09050000};

	(void)state;
	for (uint32_t two = 0; two < 2; two++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(bases); i++) {
			boot();
			guest_attach(A, A_FEW);
			set(A, CR0, CMDQEN | EVTQEN);
			set64(A, STRTAB_BASE, bases[i]);
			set(A, STRTAB_BASE_CFG, two != 0 ? SID_BITS | 1 << 16 : 9);
			set(A, CR0, ALL_ON);
			machine_settle();
			assert_int_equal(get(A, CR0ACK), ALL_ON);
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
			assert_int_equal(guest_reads(A, A_FEW, G_DATA), 0);
			assert_true(guest_command(A, CFGI_ALL));
			assert_int_equal(guest_reads(A, A_MANY, G_DATA), 0);
			/* And the second level is, too. */
			set(A, CR0, CMDQEN | EVTQEN);
			set64(A, STRTAB_BASE, G_STRTAB);
			set(A, STRTAB_BASE_CFG, SID_BITS | 1 << 16);
			*guest_word(A, G_STRTAB + 8 * (A_GROUP >> SPLIT)) = (bases[i] & GENMASK64(51, 6)) | 7;
			set(A, CR0, ALL_ON);
			machine_settle();
			assert_int_equal(guest_reads(A, A_GROUP, VA_DATA), 0);
			assert_int_equal(guest_reads(A, A_GROUP, G_DATA), 0);
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
		}
	}
}

/* A table across the two pieces of RAM that the guest sees as one, and at the end of all. */
static void test_tables_at_edges(void **state)
{
	uint64_t bases[] = {RAM_IPA + A_SIZE - PAGE_SIZE, A_IPA_END - 2 * PAGE_SIZE};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(bases); i++) {
		uint64_t l2 = i == 0 ? RAM_IPA + A_SIZE : A_IPA_END - PAGE_SIZE;

		boot();
		set(A, CR0, CMDQEN | EVTQEN);
		set64(A, STRTAB_BASE, ALIGN_DOWN(bases[i], 0x2000));
		set(A, STRTAB_BASE_CFG, SID_BITS | 1 << 16);
		memset(guest_word(A, l2), 0, PAGE_SIZE);
		for (uint32_t group = 0; group < 512; group++) {
			*guest_word(A, ALIGN_DOWN(bases[i], 0x2000) + 8 * group) = 0;
		}
		*guest_word(A, ALIGN_DOWN(bases[i], 0x2000) + 8 * (A_GROUP >> SPLIT)) = l2 | 7;
		guest_word(A, l2 + 64 * 63)[0] = V | 5 << 1 | G_CD;
		set(A, CR0, ALL_ON);
		machine_settle();
		assert_int_equal(guest_reads(A, A_GROUP + 63, VA_DATA), 1);
		assert_int_equal(guest_reads(A, A_GROUP + 62, VA_DATA), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear_too_large),
		cmocka_unit_test(test_span_too_large),
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_two_levels_aligned),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_tables_elsewhere),
		cmocka_unit_test(test_tables_at_edges),
	};

	return cmocka_run_group_tests_name("vsmmuv3_table", tests, NULL, NULL);
}
