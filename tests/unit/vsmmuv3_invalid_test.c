// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* DMA of streams whose entries are invalid, illegal, or not there: the events that the
 * architecture has for that (IHI 0070, 5.1, 5.2.2, 7.3.3 to 7.3.5). */
#include <string.h>

#include "unit/vsmmu/invalid.h"

#define TWO_LEVEL (SID_BITS | SPLIT << 6 | 1 << 16)

/* From no entry by way of an invalid one to a good one, and all the way back. */
static void test_each_place(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
			uint32_t s = places[i];
			uint64_t *l1 = guest_word(A, G_STRTAB + 8 * (s >> SPLIT));

			expect(s, BAD_STREAMID, 0);
			(void)guest_ste(A, s);
			assert_true(guest_command(A, 0x03 | (uint64_t)s << 32, 0));
			expect(s, BAD_STE, 0);
			guest_attach(A, s);
			expect_works(s);
			guest_ste(A, s)[0] &= ~UINT64_C(1);
			assert_true(guest_command(A, CFGI_STE(s)));
			expect(s, BAD_STE, 0);
			guest_set_bypass(A, s);
			assert_true(guest_command(A, CFGI_STE(s)));
			assert_int_equal(guest_reads(A, s, G_DATA), 1);
			guest_ste(A, s)[0] = V | 7 << 1;
			assert_true(guest_command(A, CFGI_STE(s)));
			expect(s, BAD_STE, 0);
			guest_ste(A, s)[0] = V;
			assert_true(guest_command(A, CFGI_STE(s)));
			expect_none(s);
			guest_attach(A, s);
			guest_ste(A, s)[0] = V;
			assert_true(guest_command(A, CFGI_STE(s)));
			expect_none(s);
			*l1 = 0;
			assert_true(guest_command(A, CFGI_ALL));
			expect(s, BAD_STREAMID, 0);
		}
		assert_int_equal(machine_raised[EVTQ_SPI(A)], 5 * ARRAY_SIZE(places));
	}
}

/* What an entry of stage 1 alone says, and whether it may (5.2.2). */
static void test_illegal(void **state)
{
	static const struct {
		uint64_t w0, w1;
		uint32_t ssidsize;
		bool cd2l;
		uint64_t kind; /* 0: none; 1: it works */
	} cases[] = {
		{0, 0, 0, true, BAD_STE},
		{5 << 1 | G_CD, 0, 0, true, BAD_STE},
		{UINT64_MAX ^ V, UINT64_MAX, 0, true, BAD_STE},
		{V | 0 << 1, 0, 0, true, 0},
		{V | 1 << 1 | G_CD, 0, 0, true, 0},
		{V | 2 << 1 | G_CD, 0, 0, true, 0},
		{(UINT64_MAX ^ 15) | V | 3 << 1, UINT64_MAX, 0, true, 0},
		{V | 6 << 1 | G_CD, 0, 0, true, BAD_STE},
		{V | 7 << 1 | G_CD, 0, 0, true, BAD_STE},
		{V | 5 << 1 | G_CD, 0xd4, 0, true, 1},
		/* S1STALLD: there are no stalls; EATS, STRW: neither ATS nor EL2 */
		{V | 5 << 1 | G_CD, 0xd4 | BIT64(27), 0, true, BAD_STE},
		{V | 5 << 1 | G_CD, 0xd4 | 3 << 28 | BIT64(31) | BIT64(30), 0, true, 1},
		/* S1ContextPtr beyond IDR5.OAS */
		{V | 5 << 1 | G_CD | BIT64(48), 0xd4, 0, true, BAD_STE},
		{V | 5 << 1 | G_CD | BIT64(51), 0xd4, 0, true, BAD_STE},
		/* S1CDMax, S1Fmt, S1DSS without substreams, with 2^8, and in two levels */
		{V | 5 << 1 | G_CD | UINT64_C(31) << 59 | 3 << 4, 0xd4 | 3, 0, true, 1},
		{V | 5 << 1 | G_CD | UINT64_C(8) << 59, 0xd4 | 2, 8, true, 1},
		{V | 5 << 1 | G_CD | UINT64_C(8) << 59 | 3 << 4, 0xd4 | 2, 8, true, 1},
		{V | 5 << 1 | G_CD | UINT64_C(9) << 59, 0xd4 | 2, 8, true, BAD_STE},
		{V | 5 << 1 | G_CD | UINT64_C(31) << 59, 0xd4 | 2, 8, true, BAD_STE},
		{V | 5 << 1 | G_CD | UINT64_C(8) << 59 | 1 << 4, 0xd4 | 2, 8, false, BAD_STE},
		{V | 5 << 1 | G_CD | UINT64_C(8) << 59 | 2 << 4, 0xd4 | 2, 8, false, BAD_STE},
		{V | 5 << 1 | G_CD | UINT64_C(8) << 59 | 3 << 4, 0xd4 | 2, 8, false, 1},
		{V | 5 << 1 | G_CD | 2 << 4, 0xd4 | 2, 8, false, 1},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_prepare(false, true, false);
		for (uint32_t n = 0; n < SMMUM_MAX; n++) {
			machine_config[n].idr1 |= cases[i].ssidsize << 6;
			machine_config[n].idr0 &= ~(cases[i].cd2l ? 0 : BIT32(19));
		}
		machine_boot();
		guest_start(A);
		for (uint32_t k = 0; k < ARRAY_SIZE(places); k++) {
			guest_ste(A, places[k])[0] = cases[i].w0;
			guest_ste(A, places[k])[1] = cases[i].w1;
			assert_true(guest_command(A, CFGI_ALL));
			if (cases[i].kind == 0) {
				expect_none(places[k]);
			} else if (cases[i].kind == 1) {
				expect_works(places[k]);
			} else {
				expect(places[k], cases[i].kind, 0);
			}
		}
	}
	/* S1DSS 3 is as 0: no DMA without a substream. */
	machine_prepare(false, true, false);
	machine_config[0].idr1 |= 8 << 6;
	machine_config[1].idr1 |= 8 << 6;
	machine_boot();
	guest_start(A);
	guest_set_nested(A, A_FEW);
	guest_ste(A, A_FEW)[0] |= UINT64_C(1) << 59;
	guest_ste(A, A_FEW)[1] |= 3;
	assert_true(guest_command(A, CFGI_STE(A_FEW)));
	expect(A_FEW, 0x06, 0);
}

/* A linear table: what is behind its end, and where it is not in RAM. */
static void test_linear(void **state)
{
	const uint64_t base = G(0x100000);

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		guest_word(A, base + 64 * (A_FEW + 1))[0] = V | 5 << 1 | G_CD;
		guest_word(A, base + 64 * (A_FEW + 1))[1] = 0xd4;
		guest_word(A, base + 64 * A_OTHER)[0] = V | 5 << 1 | G_CD;
		restart(base, 8, RECINVSID);
		expect_works(A_FEW + 1);
		expect(A_FEW + 2, BAD_STE, 0);
		expect(A_OTHER, BAD_STREAMID, 0);
		expect(A_MANY, BAD_STREAMID, 0);
		restart(base, 9, RECINVSID);
		expect_works(A_OTHER);
		expect(A_MANY + 0x3fff, BAD_STREAMID, 0);
		restart(base, 4, RECINVSID);
		expect(A_FEW, BAD_STREAMID, 0);
		restart(base, 5, RECINVSID);
		expect(A_FEW, BAD_STE, 0);
		/* Half of it is behind the end of RAM. */
		for (uint32_t i = 0; i < 256; i++) {
			guest_word(A, A_IPA_END - 0x4000 + 64 * i)[0] = 0;
		}
		restart(A_IPA_END - 0x4000, 9, RECINVSID);
		restart(A_IPA_END - 0x8000, 9, RECINVSID);
		expect(A_FEW, BAD_STE, 0);
		restart(A_IPA_END, 9, RECINVSID);
		expect(A_FEW, STE_FETCH, A_IPA_END + 64 * A_FEW);
		expect(A_OTHER + 7, STE_FETCH, A_IPA_END + 64 * (A_OTHER + 7));
		expect(A_MANY, BAD_STREAMID, 0);
		restart(C_PA, 16, 0);
		expect(A_MANY + 5, STE_FETCH, ALIGN_DOWN(C_PA, 0x400000) + 64 * (A_MANY + 5));
		restart(A_DEVICE, 8, RECINVSID);
		expect(A_FEW, STE_FETCH, A_DEVICE + 64 * A_FEW);
	}
}

/* Two levels: each of them out of reach, a Span that is too small, too large, reserved. */
static void test_two_levels(void **state)
{
	static const uint64_t nowhere[] = {0x40000000, A_DEVICE, C_PA, A_IPA_END, BIT64(47)};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		for (uint32_t i = 0; i < ARRAY_SIZE(nowhere); i++) {
			restart(nowhere[i], TWO_LEVEL, 0);
			expect(A_MANY + 65, STE_FETCH, ALIGN_DOWN(nowhere[i], 0x2000) + 8 * ((A_MANY + 65) >> SPLIT));
			restart(G_STRTAB, TWO_LEVEL, 0);
			*guest_word(A, G_STRTAB + 8 * (A_MANY >> SPLIT)) = nowhere[i] | (SPLIT + 1);
			assert_true(guest_command(A, CFGI_ALL));
			expect(A_MANY + 9, STE_FETCH, nowhere[i] + 64 * 9);
			*guest_word(A, G_STRTAB + 8 * (A_MANY >> SPLIT)) = 0;
		}
		/* The first level is as large as LOG2SIZE says, which is where it may begin. */
		restart(A_IPA_END + 0x3e000, 20 | SPLIT << 6 | 1 << 16, RECINVSID);
		expect(A_MANY + 65, STE_FETCH, A_IPA_END + 0x20000 + 8 * ((A_MANY + 65) >> SPLIT));
		restart(G_STRTAB, TWO_LEVEL, RECINVSID);
		for (uint64_t span = 0; span < 32; span++) {
			uint32_t last = span == 0 || span > SPLIT + 1 ? 0 : BIT32(span - 1);

			memset(guest_word(A, G_GROUPS), 0, PAGE_SIZE);
			*guest_word(A, G_STRTAB + 8 * (A_GROUP >> SPLIT)) = G_GROUPS | span;
			assert_true(guest_command(A, CFGI_ALL));
			for (uint32_t n = 0; n < 64; n += 1 + n / 2) {
				expect(A_GROUP + n, n < last ? BAD_STE : BAD_STREAMID, 0);
			}
		}
	}
}

/* Stream IDs that are out of range are told only where the guest wants that. */
static void test_recinvsid(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		restart(G_STRTAB, TWO_LEVEL, 0);
		for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
			expect_none(places[i]);
			(void)guest_ste(A, places[i]);
			assert_true(guest_command(A, CFGI_ALL));
			expect(places[i], BAD_STE, 0);
		}
		restart(G_STRTAB, 3 | SPLIT << 6 | 1 << 16, 0);
		expect_none(A_FEW);
		restart(G_STRTAB, 3 | SPLIT << 6 | 1 << 16, RECINVSID);
		expect(A_FEW, BAD_STREAMID, 0);
	}
}

static uint32_t state_of_random = 1;

static uint64_t any(void)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < 4; i++) {
		state_of_random = state_of_random * 1103515245 + 12345;
		value = value << 16 | (state_of_random >> 16 & 0xffff);
	}
	return value;
}

/* A word of a table: mostly nearly right. */
static uint64_t any_word(uint64_t right)
{
	uint64_t how = any();

	return how % 8 == 0 ? any() : how % 8 < 4 ? right ^ BIT64(any() % 64) : right;
}

/* Tables that nobody would think of. */
static void test_random(void **state)
{
	static const uint64_t bases[] = {G_STRTAB, G_STRTAB, G(0x100000), A_IPA_END - 0x1000, A_IPA_END, C_PA};
	uint32_t seen[5] = {0};

	(void)state;
	for (uint32_t i = 0; i < 4000; i++) {
		uint32_t s = places[any() % ARRAY_SIZE(places)];
		uint32_t smmu, sid, id;
		uint64_t fetch;

		if (i % 100 == 0) {
			boot(i % 200 == 0);
		}
		if (any() % 4 != 0) {
			uint64_t *ste = guest_word(A, G_GROUPS + 64 * (s & 63));

			ste[0] = any_word(V | (any() & 1) << 1 | 2 << 2 | G_CD);
			ste[1] = any_word(0xd4);
			*guest_word(A, G_STRTAB + 8 * (s >> SPLIT)) = any_word(G_GROUPS | 7);
			restart(bases[any() % 2], TWO_LEVEL, (uint32_t)any() & RECINVSID);
		} else {
			restart(bases[any() % ARRAY_SIZE(bases)], (uint32_t)any() & 0x307ff, (uint32_t)any() & RECINVSID);
		}
		assert_true(machine_stream(A, s, &smmu, &sid));
		if (machine_ste(smmu, sid)[0] != 0) {
			continue;
		}
		id = table_event(A, s, &fetch);
		if (id == 0) {
			expect_none(s);
		} else {
			expect(s, id, id == STE_FETCH ? fetch : 0);
		}
		assert_true(id < ARRAY_SIZE(seen));
		seen[id]++;
	}
	assert_true(seen[0] > 100 && seen[BAD_STREAMID] > 100 && seen[STE_FETCH] > 100 && seen[BAD_STE] > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_place),
		cmocka_unit_test(test_illegal),
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_two_levels),
		cmocka_unit_test(test_recinvsid),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("vsmmuv3_invalid", tests, NULL, NULL);
}
