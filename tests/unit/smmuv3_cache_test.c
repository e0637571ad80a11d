// SPDX-License-Identifier: Apache-2.0
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/maps.c tests/unit/smmu/nested.c
/*
 * What the SMMUv3 model keeps, and what each invalidation makes it forget. What stands here
 * for QEMU was measured on QEMU 10.0; the rest is IHI 0070: what may be kept, is.
 */
#include <string.h>

#include "unit/smmu/nested.h"

/* Changes, and what they are to a read of VA_DATA. */
enum change { S1_LEAF, S2_LEAF, S2_TABLE, S2_ROOT, S2_CD, CD_TTB, STE_ABORT, CHANGES };

/* Copies a page of the guest's and has stage 2 show the copy, in which `offset` holds
 * something else. */
static void replace_page(uint64_t page, uint64_t offset, uint64_t value)
{
	memcpy(&memory[BLOCK], &memory[page], PAGE_SIZE);
	*at(BLOCK + offset) = value;
	tables_map(&two, ipa(page), RAM + BLOCK, 3, LEAF2);
}

static void change(enum change what)
{
	uint64_t *leaf = tables_entry(&one, VA_DATA, 3);
	uint64_t *first = tables_entry(&one, VA_DATA, 1);

	switch (what) {
	case S1_LEAF:
		*leaf = ipa(DATA + PAGE_SIZE) | LEAF1 | LEAF1_NOT_GLOBAL | 3;
		break;
	case S2_LEAF:
		tables_map(&two, ipa(DATA), RAM + DATA + PAGE_SIZE, 3, LEAF2);
		break;
	case S2_TABLE:
		replace_page(STAGE1 + ((uint64_t)((uint8_t *)leaf - &memory[STAGE1]) & ~(PAGE_SIZE - 1)),
			     (uint64_t)((uint8_t *)leaf - memory) % PAGE_SIZE,
			     ipa(DATA + PAGE_SIZE) | LEAF1 | LEAF1_NOT_GLOBAL | 3);
		break;
	case S2_ROOT:
		replace_page(STAGE1, (uint64_t)((uint8_t *)first - memory) % PAGE_SIZE, 0);
		break;
	case S2_CD:
		replace_page(CD, 0, 0);
		break;
	case CD_TTB:
		at(CD)[1] = ipa(DATA + 0x3000); /* no tables */
		break;
	default:
		ste()[0] = 1;
		break;
	}
}

enum invalidation {
	NH, /* VA, VAA, ASID, ALL, with the right VMID and ASID */
	NH_WRONG,
	S2_IPA,
	S12,
	NSNH,
	CFGI,
	CFGI_NH,
	CFGI_S12,
	INVALIDATIONS,
};

/* Sends variant n of it; false: there are no more. */
static bool invalidate(enum invalidation what, uint32_t n)
{
	static const uint64_t nh[][2] = {{0x12 | OF_ASID, VA_DATA}, {0x13 | OF_VMID, VA_DATA | 1},
					 {0x11 | OF_ASID, 0}, {0x10 | OF_VMID, 0},
					 {0x12 | OF_ASID | 3 << 12, VA_DATA | 1 << 10}};
	static const uint64_t wrong[][2] = {{0x12 | 2ULL << 32 | 5ULL << 48, VA_DATA},
					    {0x12 | 1ULL << 32 | 6ULL << 48, VA_DATA},
					    {0x13 | 2ULL << 32, VA_DATA}, {0x13 | OF_VMID, VA_DATA + 0x4000},
					    {0x11 | 1ULL << 32 | 6ULL << 48, 0}, {0x11 | 2ULL << 32 | 5ULL << 48, 0},
					    {0x10 | 2ULL << 32, 0}, {0x28 | 2ULL << 32, 0}};
	static const uint64_t ipas[][2] = {{0x2a | OF_VMID, UINT64_C(0x80061000)},
					   {0x2a | OF_VMID | 31 << 12 | 5 << 20, UINT64_C(0x80040000) | 1 << 10}};
	static const uint64_t s12[][2] = {{0x28 | OF_VMID, 0}};
	static const uint64_t nsnh[][2] = {{0x30, 0}};
	static const uint64_t cfgi[][2] = {{0x03 | OF_SID, 1}, {0x05 | OF_SID, 1}, {0x06 | OF_SID, 0},
					   {0x04 | OF_SID, 5}, {0x04, 31}};
	static const struct {
		const uint64_t (*list)[2];
		uint32_t count;
	} lists[INVALIDATIONS] = {
		[NH] = {nh, ARRAY_SIZE(nh)}, [NH_WRONG] = {wrong, ARRAY_SIZE(wrong)},
		[S2_IPA] = {ipas, ARRAY_SIZE(ipas)}, [S12] = {s12, 1}, [NSNH] = {nsnh, 1},
		[CFGI] = {cfgi, ARRAY_SIZE(cfgi)}, [CFGI_NH] = {cfgi, ARRAY_SIZE(cfgi)},
		[CFGI_S12] = {cfgi, ARRAY_SIZE(cfgi)},
	};

	if (n == lists[what].count) {
		return false;
	}
	command(lists[what].list[n][0], lists[what].list[n][1]);
	if (what == CFGI_NH || what == CFGI_S12) {
		command((what == CFGI_NH ? 0x10 : 0x28) | OF_VMID, 0);
	}
	command(SYNC, 0);
	return true;
}

/* What makes which change visible; a dot: it stays as it was. For the architecture it may
 * stay, and the model has it stay. Upper case: only CFGI of the STE, not of the CD. */
static const char *const visible[2][INVALIDATIONS] = {
	{
		[NH] =       "s......",
		[NH_WRONG] = ".......",
		[S2_IPA] =   ".......",
		[S12] =      "sltr...",
		[NSNH] =     "sltr...",
		[CFGI] =     "......E",
		[CFGI_NH] =  "s....cE",
		[CFGI_S12] = "sltrdcE",
	},
	{
		[NH] =       "sl.....",
		[NH_WRONG] = ".......",
		[S2_IPA] =   ".......",
		[S12] =      "slt....",
		[NSNH] =     "slt....",
		[CFGI] =     "......E",
		[CFGI_NH] =  "sl...cE",
		[CFGI_S12] = "sltrdcE",
	},
};

static void test_visible(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		for (uint32_t what = 0; what < CHANGES; what++) {
			for (uint32_t how = 0; how < INVALIDATIONS; how++) {
				char mark = visible[qemu][how][what];
				bool more = true;

				for (uint32_t n = 0; more; n++) {
					start(qemu != 0);
					assert_int_equal(reads(VA_DATA), 0xda7a00);
					change(what);
					assert_int_equal(reads(VA_DATA), 0xda7a00);
					more = invalidate(how, n);
					if (!more) {
						break;
					}
					/* CFGI_CD and CFGI_CD_ALL are the second and the third. */
					if (mark == '.' || (mark == 'E' && (n == 1 || n == 2))) {
						assert_int_equal(reads(VA_DATA), 0xda7a00);
					} else {
						assert_int_not_equal(reads(VA_DATA), 0xda7a00);
					}
				}
			}
		}
	}
}

/* One VA names all pieces of a leaf, but for QEMU the one alone. */
static void test_pieces(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		start(qemu != 0);
		*at(BLOCK + 0x1000) = 0xaaa;
		*at(BLOCK + 0x9000) = 0xbbb;
		assert_int_equal(reads(VA_BLOCK + 0x1000), 0xaaa);
		assert_int_equal(reads(VA_BLOCK + 0x9000), 0xbbb);
		*tables_entry(&one, VA_BLOCK, 2) = 0;
		command(0x12 | OF_ASID, VA_BLOCK + 0x1000);
		assert_int_equal(reads(VA_BLOCK + 0x1000), 0);
		assert_int_equal(reads(VA_BLOCK + 0x9000), qemu != 0 ? 0xbbb : 0);
		command(0x11 | OF_ASID, 0);
		assert_int_equal(reads(VA_BLOCK + 0x9000), 0);
	}
	/* The level, if a range names one, is believed. */
	start(false);
	*at(BLOCK) = 0xaaa;
	assert_int_equal(reads(VA_BLOCK), 0xaaa);
	*tables_entry(&one, VA_BLOCK, 2) = 0;
	command(0x12 | OF_ASID, VA_BLOCK | 1 << 10 | 3 << 8);
	assert_int_equal(reads(VA_BLOCK), 0xaaa);
	command(0x12 | OF_ASID, VA_BLOCK | 1 << 10 | 2 << 8);
	assert_int_equal(reads(VA_BLOCK), 0);
}

static void test_global(void **state)
{
	(void)state;
	start(false);
	*tables_entry(&one, VA_DATA, 3) &= ~LEAF1_NOT_GLOBAL;
	assert_int_equal(reads(VA_DATA), 0xda7a00);
	*tables_entry(&one, VA_DATA, 3) = 0;
	command(0x11 | OF_ASID, 0);
	assert_int_equal(reads(VA_DATA), 0xda7a00);
	command(0x12 | OF_VMID | (uint64_t)9 << 48, VA_DATA);
	assert_int_equal(reads(VA_DATA), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_visible, setup),
		cmocka_unit_test_setup(test_pieces, setup),
		cmocka_unit_test_setup(test_global, setup),
	};

	return cmocka_run_group_tests_name("smmuv3_cache", tests, NULL, NULL);
}
