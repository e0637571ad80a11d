// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* The virtual SMMUv3's stream table entries (IHI 0070, 5.2): each form of them. */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define V 1u
#define CFGI_STE(virt) (0x03 | (uint64_t)(virt) << 32), 1
#define CFGI_ALL 0x04, 31

static void boot(bool qemu, bool coherent)
{
	machine_prepare(qemu, coherent, false);
	machine_boot();
	guest_start(A);
}

static uint64_t config_of(uint32_t smmu, uint32_t sid)
{
	return machine_ste(smmu, sid)[0] >> 1 & 7;
}

/* Stage 1 under stage 2, by streams of each kind of place in the SMMUs' tables. */
static void test_nested(void **state)
{
	static const uint32_t streams[] = {A_FEW, A_FEW + 15, A_GROUP + 7, A_OTHER + 3, A_MANY + 100};

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		boot((kind & 1) != 0, (kind & 2) != 0);
		for (uint32_t i = 0; i < ARRAY_SIZE(streams); i++) {
			assert_int_equal(guest_reads(A, streams[i], VA_DATA), 0);
			guest_attach(A, streams[i]);
			for (uint32_t page = 0; page < 4; page++) {
				assert_int_equal(guest_reads(A, streams[i], VA_DATA + page * PAGE_SIZE), page + 1);
			}
			assert_int_equal(guest_reads(A, streams[i], VA_DATA + 4 * PAGE_SIZE), 0);
			assert_int_equal(guest_reads(A, streams[i], G_DATA), 0);
		}
		/* Their neighbours do not share it. */
		assert_int_equal(guest_reads(A, A_FEW + 1, VA_DATA), 0);
		assert_int_equal(guest_reads(A, A_GROUP + 8, VA_DATA), 0);
		assert_int_equal(guest_reads(A, A_MANY + 101, VA_DATA), 0);
		assert_int_equal(guest_reads(A, A_MANY + 64 + 100, VA_DATA), 0);
		assert_int_equal(guest_reads(B, B_FEW, VA_DATA), 0);
		machine_check();
	}
}

/* Every Config, with V and without. */
static void test_configs(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0, true);
		for (uint64_t w = 0; w < 16; w++) {
			bool nested = w == (V | 5 << 1);
			bool bypass = w == (V | 4 << 1);

			guest_set_nested(A, A_FEW);
			guest_ste(A, A_FEW)[0] = G_CD | w;
			assert_true(guest_command(A, CFGI_STE(A_FEW)));
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), nested ? 1 : 0);
			assert_int_equal(guest_reads(A, A_FEW, G_DATA), bypass ? 1 : 0);
			assert_int_equal(config_of(0, 0), nested ? 7 : bypass ? 6 : 0);
		}
	}
}

/* Every single bit of an entry, which must not get further than it may (machine_check()). */
static void test_every_bit(void **state)
{
	(void)state;
	boot(false, true);
	for (uint32_t bit = 0; bit < 512; bit++) {
		for (uint64_t config = 4; config < 6; config++) {
			uint64_t *ste = guest_ste(A, A_FEW);

			memset(ste, 0, 64);
			ste[0] = V | config << 1 | G_CD;
			ste[bit / 64] ^= BIT64(bit % 64);
			assert_true(guest_command(A, CFGI_STE(A_FEW)));
			(void)guest_reads(A, A_FEW, VA_DATA);
		}
	}
	for (uint32_t i = 0; i < 8; i++) {
		guest_ste(A, A_FEW)[i] = UINT64_MAX;
	}
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	assert_int_equal(config_of(0, 0), 0);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
}

/* Substreams: as many as the hardware has, in its formats. */
static void test_substreams(void **state)
{
	static const struct {
		uint64_t cdmax, fmt, dss;
		bool good;
	} cases[] = {
		{0, 3, 3, true}, {1, 0, 2, true}, {8, 1, 1, true}, {8, 2, 0, true},
		{9, 0, 2, false}, {31, 0, 2, false}, {4, 3, 2, true}, {4, 0, 3, true}, /* as 0 */
	};

	(void)state;
	machine_prepare(false, true, false);
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		machine_config[n].idr1 |= 8 << 6;
	}
	machine_boot();
	guest_start(A);
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		guest_set_nested(A, A_FEW);
		guest_ste(A, A_FEW)[0] |= cases[i].cdmax << 59 | cases[i].fmt << 4;
		guest_ste(A, A_FEW)[1] |= cases[i].dss;
		assert_true(guest_command(A, CFGI_STE(A_FEW)));
		assert_int_equal(config_of(0, 0), cases[i].good ? 7 : 0);
		machine_check();
	}
	/* And one is used. */
	guest_set_nested(A, A_FEW);
	guest_ste(A, A_FEW)[0] |= UINT64_C(2) << 59;
	guest_ste(A, A_FEW)[1] |= 2;
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
}

/* Contexts and tables of stage 1 are the guest's addresses, under stage 2. */
static void test_contexts_elsewhere(void **state)
{
	static const uint64_t places[] = {0, A_PA, C_PA, B_PA, A_IPA_END, UINT64_C(0x40000000), BIT64(41)};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0, true);
		for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
			uint64_t *cd = guest_word(A, G_CD);

			guest_set_nested(A, A_FEW);
			guest_ste(A, A_FEW)[0] = V | 5 << 1 | places[i];
			assert_true(guest_command(A, CFGI_STE(A_FEW)));
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
			guest_set_nested(A, A_FEW);
			cd[1] = places[i];
			assert_true(guest_command(A, CFGI_STE(A_FEW)));
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
			cd[1] = guests[A].stage1.root;
			/* A leaf that says so: stage 2 does not. */
			tables_map(&guests[A].stage1, VA_DATA + 0x5000, places[i] & GENMASK64(47, 12), 3, LEAF1);
			assert_true(guest_command(A, CFGI_STE(A_FEW)));
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA + 0x5000), 0);
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
			assert_true(guest_command(A, 0x10, 0));
		}
		machine_check();
	}
}

/* Two virtual SMMUs at work have nothing in common but the SMMUs. */
static void test_two_guests(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0, true);
		guest_start(B);
		*guest_word(B, G_DATA) = 0xb;
		guest_attach(A, A_FEW);
		guest_attach(B, B_FEW);
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
		assert_int_equal(guest_reads(B, B_FEW, VA_DATA), 0xb);
		/* Both entries are in the mixed group; one's change does not touch the other's. */
		set(A, CR0, CMDQEN | EVTQEN);
		machine_settle();
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
		assert_int_equal(guest_reads(B, B_FEW, VA_DATA), 0xb);
		/* Nor do A's invalidations. */
		*tables_entry(&guests[B].stage1, VA_DATA, 3) = 0;
		assert_true(guest_command(A, 0x10, 0));
		assert_true(guest_command(A, 0x30, 0));
		assert_true(guest_command(A, 0x11 | (uint64_t)ASID << 48, 0));
		assert_true(guest_command(A, 0x12 | (uint64_t)ASID << 48, VA_DATA));
		assert_int_equal(guest_reads(B, B_FEW, VA_DATA), 0xb);
		assert_true(guest_command(B, 0x12 | (uint64_t)ASID << 48, VA_DATA));
		assert_int_equal(guest_reads(B, B_FEW, VA_DATA), 0);
	}
}

/* A stream ID that the guest has not, or that another has, is nothing. */
static void test_other_ids(void **state)
{
	static const uint32_t ids[] = {0,     0x0f,   0x20,   0x3f,   0x80,    0xff,
				       0x108, 0x3fff, 0x8000, 0xffff, 0x10000, UINT32_MAX};

	(void)state;
	boot(false, true);
	for (uint32_t i = 0; i < ARRAY_SIZE(ids); i++) {
		assert_true(guest_command(A, CFGI_STE(ids[i])));
		assert_true(guest_command(A, 0x05 | (uint64_t)ids[i] << 32, 1));
		assert_true(guest_command(A, 0x06 | (uint64_t)ids[i] << 32, 0));
		assert_true(guest_command(A, 0x04 | (uint64_t)ids[i] << 32, 4));
	}
	machine_check();
}

/* CFGI_STE_RANGE reads what is in the range, and CFGI_ALL all. */
static void test_ranges(void **state)
{
	(void)state;
	for (uint64_t range = 0; range < 32; range++) {
		uint64_t count = range == 31 ? BIT64(32) : BIT64(range + 1);
		uint64_t first = ALIGN_DOWN((uint64_t)A_GROUP + 17, count);

		boot(false, true);
		for (uint32_t i = 0; i < 64; i++) {
			guest_set_nested(A, A_GROUP + i);
		}
		guest_set_nested(A, A_FEW);
		assert_true(guest_command(A, 0x04 | (uint64_t)(A_GROUP + 17) << 32, range));
		for (uint32_t i = 0; i < 64; i++) {
			bool in = A_GROUP + i - first < count;

			assert_int_equal(guest_reads(A, A_GROUP + i, VA_DATA), in ? 1 : 0);
		}
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), A_FEW - first < count ? 1 : 0);
	}
}

/* Where faults could stall they must not: nobody would resume the DMA. */
static void test_stalls(void **state)
{
	(void)state;
	machine_prepare(false, true, false);
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		machine_config[n].idr0 &= ~(BIT32(24) | BIT32(25));
	}
	machine_boot();
	assert_int_equal(get(A, IDR0) >> 24 & 3, 1);
	guest_start(A);
	guest_attach(A, A_FEW);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	assert_true((machine_ste(0, 0)[1] & BIT64(27)) != 0);
	guest_set_bypass(A, A_FEW);
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	assert_true((machine_ste(0, 0)[1] & BIT64(27)) == 0);
}

static uint32_t mixtures, halves[2];

/* An entry of stage 1 is one of the two below, at any time. */
static void on_store(void)
{
	const uint64_t *ste = machine_ste(0, 0);
	bool first = (ste[0] & GENMASK64(51, 6)) == G_CD && (ste[1] & 0xff) == 0xd4;
	bool second = (ste[0] & GENMASK64(51, 6)) == G_FREE && (ste[1] & 0xff) == 0x28;

	if ((ste[0] >> 1 & 7) == 7) {
		mixtures += !first && !second;
		halves[second] += first || second;
	}
}

/* The SMMU reads an entry at any time: there is never half of one and half of another. */
static void test_no_mixture(void **state)
{
	(void)state;
	boot(false, true);
	memcpy(guest_word(A, G_FREE), guest_word(A, G_CD), 64);
	guest_attach(A, A_FEW);
	mixtures = halves[0] = halves[1] = 0;
	machine_on_store = on_store;
	for (uint32_t i = 0; i < 8; i++) {
		guest_ste(A, A_FEW)[0] = V | (i == 5 ? 4u : 5u) << 1 | (i % 2 == 0 ? G_FREE : G_CD);
		guest_ste(A, A_FEW)[1] = i % 2 == 0 ? 0x28 : 0xd4;
		assert_true(guest_command(A, CFGI_STE(A_FEW)));
	}
	assert_int_equal(mixtures, 0);
	assert_true(halves[0] > 0 && halves[1] > 0);
}

/* What is changed in the table is seen when the guest says so, and not before. */
static void test_only_when_told(void **state)
{
	(void)state;
	boot(false, true);
	guest_attach(A, A_FEW);
	guest_set_bypass(A, A_FEW);
	assert_true(guest_command(A, 0x10, 0));
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
	assert_int_equal(guest_reads(A, A_FEW, G_DATA), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_configs),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_substreams),
		cmocka_unit_test(test_contexts_elsewhere),
		cmocka_unit_test(test_two_guests),
		cmocka_unit_test(test_other_ids),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_no_mixture),
		cmocka_unit_test(test_only_when_told),
	};

	return cmocka_run_group_tests_name("vsmmuv3_stream", tests, NULL, NULL);
}
