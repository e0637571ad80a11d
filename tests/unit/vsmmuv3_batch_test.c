// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/*
 * Invalidations that are put together: many commands of a guest's become fewer of the
 * SMMU's, and whatever one of them covers is gone all the same.
 */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define SPACES 3 /* address spaces: a stream, a context and an ASID each */
#define PAGES 12
#define ASID_OF(space) ((uint64_t)(ASID + (space)))
#define VA_OF(page) (VA_DATA + 0x100000 + (uint64_t)(page) * PAGE_SIZE)
#define OLD (G_DATA)
#define NEW (G_DATA + PAGE_SIZE)

static const uint32_t streams[SPACES] = {A_FEW, A_FEW + 1, A_OTHER};
static uint64_t random_state;
static uint64_t sent; /* by the SMMUs, of the kinds below */

static uint32_t chance(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 32) % below);
}

static uint64_t count_sent(void)
{
	return smmum_counts.commands[0x10] + smmum_counts.commands[0x11] + smmum_counts.commands[0x12] +
	       smmum_counts.commands[0x13];
}

/* Everything is cached, and then nothing cached is right any more. */
static void start(void)
{
	machine_boot();
	guest_start(A);
	for (uint32_t s = 0; s < SPACES; s++) {
		uint64_t *cd = guest_word(A, G_CD + 64 * s);

		memcpy(cd, guest_word(A, G_CD), 64);
		cd[0] = (cd[0] & ~GENMASK64(63, 48)) | ASID_OF(s) << 48;
		guest_set_nested(A, streams[s]);
		guest_ste(A, streams[s])[0] = 1 | 5 << 1 | (G_CD + 64 * s);
		guest_put(A, 0x03 | (uint64_t)streams[s] << 32, 1);
	}
	for (uint32_t p = 0; p < PAGES; p++) {
		tables_map(&guests[A].stage1, VA_OF(p), OLD, 3, LEAF1 | LEAF1_NOT_GLOBAL);
	}
	assert_true(guest_sync(A));
	for (uint32_t s = 0; s < SPACES; s++) {
		for (uint32_t p = 0; p < PAGES; p++) {
			assert_int_equal(guest_reads(A, streams[s], VA_OF(p)), 1);
		}
	}
	for (uint32_t p = 0; p < PAGES; p++) {
		tables_map(&guests[A].stage1, VA_OF(p), NEW, 3, LEAF1 | LEAF1_NOT_GLOBAL);
	}
	sent = count_sent();
}

/* A command of some kind; marks what it covers. */
static void invalidate(bool covered[SPACES][PAGES])
{
	uint32_t what = chance(40);
	uint32_t space = chance(SPACES);
	uint32_t page = chance(PAGES);
	uint32_t pages = what == 2 ? 1 + chance(PAGES - page) : 1;

	if (what == 0) {
		guest_put(A, 0x10, 0);
	} else if (what == 1) {
		guest_put(A, 0x11 | ASID_OF(space) << 48, 0);
	} else if (what == 2) {
		guest_put(A, 0x12 | ASID_OF(space) << 48 | (pages - 1) << 12, VA_OF(page) | 1 << 10 | 3 << 8);
	} else if (what == 3) {
		guest_put(A, 0x13, VA_OF(page));
	} else if (what == 4) {
		guest_put(A, 0x46, 0);
		return;
	} else if (what == 5) {
		guest_put(A, 0x05 | (uint64_t)streams[space] << 32, 1);
		return;
	} else {
		guest_put(A, 0x12 | ASID_OF(space) << 48, VA_OF(page));
	}
	for (uint32_t s = 0; s < SPACES; s++) {
		for (uint32_t p = 0; p < PAGES; p++) {
			covered[s][p] |= (what == 0 || what == 3 || s == space) &&
					 (what <= 1 || (p >= page && p < page + pages));
		}
	}
}

static void test_any_batch(void **state)
{
	(void)state;
	machine_prepare(false, true, false);
	random_state = 0x1234567;
	for (uint32_t round = 0; round < 400; round++) {
		bool covered[SPACES][PAGES] = {{false}};
		uint32_t commands = 1 + chance(100);

		start();
		for (uint32_t i = 0; i < commands; i++) {
			invalidate(covered);
		}
		assert_true(guest_sync(A));
		for (uint32_t s = 0; s < SPACES; s++) {
			for (uint32_t p = 0; p < PAGES; p++) {
				if (covered[s][p]) {
					assert_int_equal(guest_reads(A, streams[s], VA_OF(p)), 2);
				}
			}
		}
		/* Not more than it asked for, on each of the two SMMUs. */
		assert_true(count_sent() - sent <= 2 * commands);
	}
}

/* The same again and again is done once; a wide one does for narrow ones on either side. */
static void test_fewer(void **state)
{
	(void)state;
	machine_prepare(false, true, false);
	start();
	for (uint32_t i = 0; i < 20; i++) {
		guest_put(A, 0x12 | ASID_OF(0) << 48, VA_OF(3));
	}
	assert_true(guest_sync(A));
	assert_true(count_sent() - sent <= 2 * 2);
	assert_int_equal(guest_reads(A, streams[0], VA_OF(3)), 2);
	assert_int_equal(guest_reads(A, streams[0], VA_OF(4)), 1);
	start();
	for (uint32_t i = 0; i < 10; i++) {
		guest_put(A, 0x12 | ASID_OF(0) << 48, VA_OF(i));
		guest_put(A, 0x12 | ASID_OF(1) << 48, VA_OF(i));
	}
	guest_put(A, 0x11 | ASID_OF(0) << 48, 0);
	guest_put(A, 0x12 | ASID_OF(0) << 48, VA_OF(11));
	assert_true(guest_sync(A));
	assert_true(count_sent() - sent <= 2 * 13);
	for (uint32_t p = 0; p < PAGES; p++) {
		assert_int_equal(guest_reads(A, streams[0], VA_OF(p)), 2);
		assert_int_equal(guest_reads(A, streams[1], VA_OF(p)), p < 10 ? 2 : 1);
		assert_int_equal(guest_reads(A, streams[2], VA_OF(p)), 1);
	}
	start();
	for (uint32_t i = 0; i < 10; i++) {
		guest_put(A, 0x12 | ASID_OF(i % SPACES) << 48, VA_OF(i));
	}
	guest_put(A, 0x10, 0);
	guest_put(A, 0x13, VA_OF(2));
	assert_true(guest_sync(A));
	assert_true(count_sent() - sent <= 2 * 2);
	for (uint32_t s = 0; s < SPACES; s++) {
		assert_int_equal(guest_reads(A, streams[s], VA_OF(s)), 2);
	}
}

/* 64 of Linux's invalidations and a CMD_SYNC take few exits. */
static void test_exits(void **state)
{
	uint32_t exits = 0;

	(void)state;
	machine_prepare(false, true, false);
	start();
	for (uint32_t i = 0; i < 64; i++) {
		guest_put(A, 0x12 | ASID_OF(0) << 48, VA_OF(i) | 1);
	}
	guest_put(A, 0x46, 0);
	guest_ring(A);
	while (get(A, CMDQ_CONS) != guests[A].prod) {
		exits++;
	}
	assert_true(exits <= 3);
	assert_int_equal(guest_reads(A, streams[0], VA_OF(5)), 2);
}

/* An SMMU that refuses or is stuck in the middle of a batch. */
static void test_smmu_fails(void **state)
{
	(void)state;
	machine_prepare(false, true, false);
	start();
	smmum_set_cmd_rate(1, SMMUM_STUCK);
	guest_put(A, 0x10, 0);
	guest_put(A, 0x46 | 1 << 12, 0);
	guest_ring(A);
	machine_settle();
	assert_int_equal((get(A, GERROR) ^ get(A, GERRORN)) & BIT32(8), BIT32(8)); /* SFM_ERR */
	assert_int_equal(machine_raised[SYNC_SPI(A)], 0);
	assert_int_equal(guest_reads(A, A_OTHER, VA_OF(0)), 0);
	/* The other SMMU still confines. */
	assert_int_equal(guest_reads(A, A_FEW, A_PA), 0);
	assert_false(get(A, CMDQ_CONS) == guests[A].prod);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_batch),
		cmocka_unit_test(test_fewer),
		cmocka_unit_test(test_exits),
		cmocka_unit_test(test_smmu_fails),
	};

	return cmocka_run_group_tests_name("vsmmuv3_batch", tests, NULL, NULL);
}
