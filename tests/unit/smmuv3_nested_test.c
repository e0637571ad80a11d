// SPDX-License-Identifier: Apache-2.0
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/maps.c tests/unit/smmu/nested.c
/*
 * The SMMUv3 model itself, with both stages: which STEs, CDs and commands are legal, and
 * which event each fault is. What stands here for QEMU was measured on QEMU 10.0; the rest
 * is IHI 0070.
 */
#include <string.h>

#include "unit/smmu/nested.h"

#define IN (UINT64_C(2) << 40)
#define TT (UINT64_C(1) << 40)
#define S2 BIT64(39)
#define READ BIT64(35)

static void test_translates(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		start(qemu != 0);
		for (uint64_t i = 0; i < 4; i++) {
			assert_int_equal(reads(VA_DATA + i * PAGE_SIZE), 0xda7a00 + i);
		}
		assert_true(writes(VA_DATA + 0x2008));
		assert_int_equal(*at(DATA + 0x2008), 0x11);
		*at(BLOCK + 0x123450) = 0xb10c;
		assert_int_equal(reads(VA_BLOCK + 0x123450), 0xb10c);
		/* TTB1, and the top byte */
		at(CD)[0] = (at(CD)[0] & ~BIT64(30)) | 25 << 16 | 2 << 22 | BIT64(39);
		at(CD)[2] = one.root;
		command(0x06 | OF_SID, 0);
		assert_int_equal(reads(UINT64_C(0xab80000000000000) | GENMASK64(54, 39) | VA_DATA), 0xda7a00);
		assert_int_equal(reads(UINT64_C(0xff00000000000000) | VA_DATA), 0);
		expect(0x10, IN | READ, UINT64_C(0xff00000000000000) | VA_DATA, 0);
		/* Stage 1 alone, whose addresses are then the machine's. */
		ste()[0] = 0xb | (RAM + CD);
		at(CD)[0] |= BIT64(30);
		at(CD)[1] -= MOVED;
		for (uint32_t level = 3; level > 0; level--) {
			*tables_entry(&one, VA_DATA, level) -= MOVED;
		}
		assert_int_equal(reads(VA_DATA), 0xda7a00);
		command(0x03 | OF_SID, 1);
		command(0x10 | OF_VMID, 0);
		assert_int_equal(reads(VA_DATA), 0xda7a00);
		assert_false(writes(VA_DATA + 0x4000));
		expect(0x10, IN, VA_DATA + 0x4000, 0);
	}
}

static void test_stage1_events(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		start(qemu != 0);
		assert_false(writes(VA_DATA + 0x5000));
		expect(0x10, IN, VA_DATA + 0x5000, 0);
		assert_int_equal(reads(VA_DATA + 0x5000), 0);
		expect(0x10, IN | READ, VA_DATA + 0x5000, 0);
		assert_false(writes(BIT64(39) | VA_DATA));
		expect(0x10, IN, BIT64(39) | VA_DATA, 0);
		*tables_entry(&one, VA_DATA, 3) |= LEAF1_READ_ONLY;
		assert_false(writes(VA_DATA + 8));
		expect(0x13, IN, VA_DATA + 8, 0);
		assert_int_equal(reads(VA_DATA), 0xda7a00);
		assert_false(writes(VA_DATA + 8));
		expect(0x13, IN, VA_DATA + 8, 0);
		*tables_entry(&one, VA_DATA + 0x1000, 3) &= ~LEAF_ACCESSED;
		assert_false(writes(VA_DATA + 0x1000));
		expect(0x12, IN, VA_DATA + 0x1000, 0);
		*tables_entry(&one, VA_DATA + 0x2000, 3) |= BIT64(46);
		assert_false(writes(VA_DATA + 0x2000));
		expect(0x11, IN, VA_DATA + 0x2000, 0);
		*tables_entry(&one, VA_BLOCK, 2) = BIT64(46) | 3;
		assert_false(writes(VA_BLOCK));
		expect(0x11, TT, VA_BLOCK, 0);
		/* Of the first table, the entry below all is read-only. */
		*tables_entry(&one, VA_DATA, 2) |= BIT64(62);
		assert_false(writes(VA_DATA + 0x3000));
		expect(0x13, IN, VA_DATA + 0x3000, 0);
		/* CD.R */
		at(CD)[0] &= ~BIT64(45);
		command(0x06 | OF_SID, 0);
		assert_false(writes(VA_DATA + 0x5000));
		expect_none();
	}
	/* AP[1]: QEMU does not look. */
	start(false);
	*tables_entry(&one, VA_DATA, 3) &= ~BIT64(6);
	assert_int_equal(reads(VA_DATA), 0);
	expect(0x13, IN | READ, VA_DATA, 0);
}

static void test_stage2_events(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		start(qemu != 0);
		*tables_entry(&two, ipa(DATA), 3) = 0;
		assert_false(writes(VA_DATA + 0x128));
		expect(0x10, IN | S2, VA_DATA + 0x128, ipa(DATA) + (qemu != 0 ? 0x128 : 0));
		*tables_entry(&two, ipa(DATA + 0x1000), 3) &= ~LEAF2_WRITE;
		assert_false(writes(VA_DATA + 0x1128));
		expect(0x13, IN | S2, VA_DATA + 0x1128, ipa(DATA + 0x1000) + (qemu != 0 ? 0x128 : 0));
		assert_int_equal(reads(VA_DATA + 0x1000), 0xda7a01);
		assert_false(writes(VA_DATA + 0x1128));
		expect(0x13, IN | S2, VA_DATA + 0x1128, qemu != 0 ? 0 : ipa(DATA + 0x1000));
		*tables_entry(&two, ipa(DATA + 0x2000), 3) &= ~LEAF_ACCESSED;
		assert_false(writes(VA_DATA + 0x2000));
		expect(0x12, IN | S2, VA_DATA + 0x2000, ipa(DATA + 0x2000));
		*tables_entry(&two, ipa(DATA + 0x3000), 3) |= BIT64(46);
		assert_false(writes(VA_DATA + 0x3000));
		expect(0x11, IN | S2, VA_DATA + 0x3000, ipa(DATA + 0x3000));
	}
}

/* Of what the SMMU reads for stage 1: contexts and tables. */
static void test_fetch_events(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		uint64_t leaf;
		uint64_t page;

		start(qemu != 0);
		*tables_entry(&two, ipa(CD), 3) = 0;
		assert_false(writes(VA_DATA));
		expect(0x10, S2 | READ, VA_DATA, ipa(CD));
		start(qemu != 0);
		*tables_entry(&two, ipa(STAGE1), 3) = 0;
		assert_false(writes(VA_DATA));
		/* Where the whole entry's address is looked up, this is its page. */
		expect(0x10, TT | S2 | READ, VA_DATA, ipa(STAGE1));
		start(qemu != 0);
		leaf = (uint64_t)((uint8_t *)tables_entry(&one, VA_DATA, 3) - memory);
		page = ALIGN_DOWN(leaf, PAGE_SIZE);
		*tables_entry(&two, ipa(page), 3) = 0;
		assert_false(writes(VA_DATA));
		expect(0x10, qemu != 0 ? TT : TT | S2 | READ, VA_DATA, ipa(page));
		start(qemu != 0);
		tables_map(&two, ipa(page), NOWHERE, 3, LEAF2);
		assert_false(writes(VA_DATA));
		expect(0x0b, TT, VA_DATA, NOWHERE + leaf % PAGE_SIZE);
		start(qemu != 0);
		*tables_entry(&two, ipa(CD), 2) = NOWHERE | 3;
		assert_false(writes(VA_DATA));
		expect(0x0b, S2 | READ, VA_DATA, NOWHERE + 8 * (ipa(CD) >> 12 & 511));
		start(qemu != 0);
		tables_map(&two, ipa(CD), NOWHERE, 3, LEAF2);
		assert_false(writes(VA_DATA));
		expect(0x09, 0, qemu != 0 ? NOWHERE : 0, qemu != 0 ? 0 : NOWHERE);
		/* S2R */
		start(qemu != 0);
		*tables_entry(&two, ipa(CD), 3) = 0;
		ste()[2] &= ~BIT64(58);
		assert_false(writes(VA_DATA));
		expect_none();
	}
	/* S2PTW: not in Device memory. */
	start(false);
	tables_map(&two, ipa(CD), RAM + CD, 3, LEAF2 & ~UINT64_C(0x30));
	assert_int_equal(reads(VA_DATA), 0xda7a00);
	ste()[2] |= BIT64(54);
	command(0x03 | OF_SID, 1);
	assert_int_equal(reads(VA_DATA), 0);
	expect(0x13, S2 | READ, VA_DATA, ipa(CD));
}

/* Bits of a CD, and whether it can be used with them: for the architecture, for QEMU. */
static void test_contexts(void **state)
{
	static const struct {
		uint64_t clear, set;
		bool strict, qemu;
	} cases[] = {
		{0, 0, true, true},
		{BIT64(31), 0, false, false},                /* V */
		{BIT64(41), 0, false, false},                /* AA64 */
		{BIT64(46), 0, false, false},                /* A */
		{0, BIT64(44), false, false},                /* S */
		{0, BIT64(43), false, false},                /* HA */
		{0, BIT64(42), false, false},                /* HD */
		{0, BIT64(15), false, false},                /* ENDI */
		{0, 3 << 6, false, false},                   /* TG0 */
		{0x3f, 15, false, false},                    /* T0SZ */
		{0x3f, 40, false, false},
		{BIT64(30), 25 << 16, false, false},         /* EPD1; TG1 0 */
		{GENMASK64(34, 32), 0, false, false},        /* IPS: TTB0 is beyond */
		{GENMASK64(63, 48), 7ULL << 48, true, true}, /* ASID */
		{0, UINT64_C(0xff00000000000000), true, true},
	};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
			bool good = qemu != 0 ? cases[i].qemu : cases[i].strict;

			start(qemu != 0);
			at(CD)[0] = (at(CD)[0] & ~cases[i].clear) | cases[i].set;
			if (cases[i].clear == GENMASK64(34, 32)) {
				at(CD)[1] |= BIT64(33);
			}
			assert_int_equal(reads(VA_DATA), good ? 0xda7a00 : 0);
			if (!good) {
				expect(0x0a, 0, 0, 0);
			}
		}
	}
	/* An ASID that 8 bits cannot hold */
	config.idr0 &= ~BIT32(12);
	start(false);
	at(CD)[0] |= BIT64(56);
	assert_int_equal(reads(VA_DATA), 0);
	expect(0x0a, 0, 0, 0);
}

static void test_streams(void **state)
{
	static const struct {
		uint64_t w0, w1;
		bool strict, qemu;
	} cases[] = {
		{0, 0, true, true},
		{0, BIT64(27), false, false},       /* S1STALLD */
		{BIT64(59), 0, true, false},        /* S1CDMax: ignored without substreams */
		{BIT64(4), 0, true, true},          /* S1Fmt: one context needs none */
		{0, 3, true, true},                 /* S1DSS, the same */
		{0, 3 << 28 | BIT64(31), true, true}, /* EATS, STRW */
	};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
			bool good = qemu != 0 ? cases[i].qemu : cases[i].strict;

			start(qemu != 0);
			ste()[0] |= cases[i].w0;
			ste()[1] |= cases[i].w1;
			assert_int_equal(reads(VA_DATA), good ? 0xda7a00 : 0);
			if (!good) {
				expect(0x04, 0, 0, 0);
			}
		}
		for (uint64_t n = 0; n < 4; n++) {
			start(qemu != 0);
			ste()[0] = 1 | n << 1;
			assert_int_equal(reads(VA_DATA), 0);
			expect_none();
		}
	}
	/* No stage 1 */
	config.idr0 &= ~BIT32(1);
	start(false);
	assert_int_equal(reads(VA_DATA), 0);
	expect(0x04, 0, 0, 0);
}

static uint64_t substream_reads(bool has, uint32_t ssid)
{
	struct smmum_access a = {.sid = SID, .address = VA_DATA, .has_ssid = has, .ssid = ssid};
	uint64_t pa;

	return smmum_translate(0, &a, &pa) ? *at(pa - RAM) : 0;
}

/* Substreams, by a linear table and by two levels. */
static void test_substreams(void **state)
{
	(void)state;
	config.idr1 |= 10 << 6;
	config.idr0 |= BIT32(19);
	for (uint64_t format = 0; format < 3; format++) {
		start(false);
		tables_map(&two, ipa(DATA + 0x3000), RAM + DATA + 0x3000, 3, LEAF2);
		if (format != 0) {
			/* The page of contexts becomes a second level. */
			*at(DATA + 0x3000) = ipa(CD) | 1;
			ste()[0] = 0xf | ipa(DATA + 0x3000) | format << 4;
		}
		memcpy(at(CD + 64 * 3), at(CD), 64);
		*at(CD + 64 * 3) += UINT64_C(1) << 48; /* an ASID of its own */
		ste()[0] |= UINT64_C(10) << 59;
		ste()[1] |= 2;
		assert_int_equal(substream_reads(false, 0), 0xda7a00);
		assert_int_equal(substream_reads(true, 3), 0xda7a00);
		assert_int_equal(substream_reads(true, 5), 0);
		assert_int_equal(event()[0], OF_SID | 0x0a | BIT64(11) | 5 << 12);
		assert_int_equal(substream_reads(true, 1024), 0);
		assert_int_equal(event()[0], OF_SID | 0x08 | BIT64(11) | 1024 << 12);
		assert_int_equal(substream_reads(true, 0), 0);
		assert_int_equal(event()[0], OF_SID | 0x08 | BIT64(11));
		if (format == 1) {
			assert_int_equal(substream_reads(true, 64), 0);
			assert_int_equal(event()[0], OF_SID | 0x08 | BIT64(11) | 64 << 12);
		}
		/* One context's alone is forgotten. */
		memset(at(CD), 0, 64 * 4);
		command(0x05 | OF_SID | 3 << 12, 1);
		command(0x10 | OF_VMID, 0);
		assert_int_equal(substream_reads(false, 0), 0xda7a00);
		assert_int_equal(substream_reads(true, 3), 0);
		assert_int_equal(event()[0], OF_SID | 0x0a | BIT64(11) | 3 << 12);
		/* S1DSS 0 and 1 */
		ste()[1] &= ~UINT64_C(3);
		command(0x03 | OF_SID, 1);
		assert_int_equal(substream_reads(false, 0), 0);
		expect(0x06, 0, 0, 0);
		ste()[1] |= 1;
		command(0x03 | OF_SID, 1);
		assert_int_equal(substream_reads(false, 0), 0);
		expect(0x10, IN | S2 | READ, VA_DATA, VA_DATA);
		tables_map(&two, VA_DATA, RAM + DATA, 3, LEAF2);
		assert_int_equal(substream_reads(false, 0), 0xda7a00);
	}
}

/* Commands that the architecture does not know, and QEMU takes. */
static void test_commands(void **state)
{
	static const struct {
		uint64_t w0, w1;
		bool strict, qemu;
	} cases[] = {
		{0x10 | OF_VMID, 0, true, true},
		{0x10 | OF_ASID, 0, false, true},
		{0x11 | OF_ASID, 1, false, true},
		{0x12 | OF_ASID, VA_DATA | 1, true, true},
		{0x12 | OF_ASID | BIT64(9), VA_DATA, false, true},
		{0x12 | OF_ASID | 1 << 12, VA_DATA, false, true},  /* NUM without TG */
		{0x12 | OF_ASID, VA_DATA | 3 << 8, false, true},   /* TTL without TG */
		{0x12 | OF_ASID, VA_DATA | 1 << 10, false, true},  /* nothing but TG */
		{0x12 | OF_ASID | 1 << 12, VA_DATA | 1 << 10, true, true},
		{0x12 | OF_ASID | 1 << 12, VA_DATA | 2 << 10 | 1 << 8, false, true},
		{0x13 | OF_ASID, VA_DATA, false, true},
		{0x18, 0, false, true},
		{0x20, 0, false, true},
		{0x40 | OF_SID, 0, false, true},
		{0x44 | OF_SID, 0, false, true},
		{0x05 | OF_SID | 1 << 12, 0, false, true}, /* SSID */
		{0x03 | BIT64(48), 0, false, true},        /* SID */
		{0x46 | 3 << 12, 0, false, true},
		{0x00, 0, false, false},
		{0x14, 0, false, false},
		{0xff, 0, false, false},
	};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		start(qemu != 0);
		for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
			assert_int_equal(accepts(cases[i].w0, cases[i].w1),
					 qemu != 0 ? cases[i].qemu : cases[i].strict);
		}
	}
	/* 8 bits of ASID and of VMID, and no ranges */
	config.idr0 &= ~(BIT32(12) | BIT32(18));
	config.idr3 = 0;
	start(false);
	assert_false(accepts(0x11 | OF_VMID | BIT64(56), 0));
	assert_false(accepts(0x10 | BIT64(40), 0));
	assert_false(accepts(0x12 | OF_ASID | 1 << 12, VA_DATA | 1 << 10));
	assert_true(accepts(0x12 | OF_ASID, VA_DATA));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_translates, setup),
		cmocka_unit_test_setup(test_stage1_events, setup),
		cmocka_unit_test_setup(test_stage2_events, setup),
		cmocka_unit_test_setup(test_fetch_events, setup),
		cmocka_unit_test_setup(test_contexts, setup),
		cmocka_unit_test_setup(test_streams, setup),
		cmocka_unit_test_setup(test_substreams, setup),
		cmocka_unit_test_setup(test_commands, setup),
	};

	return cmocka_run_group_tests_name("smmuv3_nested", tests, NULL, NULL);
}
