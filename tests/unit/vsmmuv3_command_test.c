// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* The virtual SMMUv3's commands (IHI 0070, 4, 7.1): each of them. */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define OF_ASID ((uint64_t)ASID << 48)

static void boot(bool qemu)
{
	machine_prepare(qemu, true, false);
	machine_boot();
	guest_start(A);
}

/* Which commands are ILLEGAL for an SMMU of stage 1 alone that ignores reserved fields, all of
 * them, as it may (4.1.5); without stalls, ATS, EL2, Secure state and 52-bit addresses. */
static bool is_illegal(uint64_t w0, uint64_t w1, bool ril)
{
	uint64_t tg = w1 >> 10 & 3;
	uint64_t ttl = tg == 2 && (w1 >> 8 & 3) == 1 ? 0 : w1 >> 8 & 3;

	switch (w0 & 0xff) {
	case 0x01: /* PREFETCH, CFGI: SSec */
	case 0x02:
	case 0x03:
	case 0x04:
	case 0x05:
	case 0x06:
		return (w0 >> 10 & 1) != 0;
	case 0x12: /* TLBI_NH_VA, VAA: TG and nothing else */
	case 0x13:
		return ril && tg != 0 && ttl == 0 && (w0 >> 12 & 31) == 0 && (w0 >> 20 & 31) == 0;
	case 0x46: /* SYNC: CS */
		return (w0 >> 12 & 3) == 3;
	case 0x10:
	case 0x11:
	case 0x30:
		return false;
	default:
		return true;
	}
}

/* The command is done, or stops the queue where it is, as it should. */
static void try(uint64_t w0, uint64_t w1, bool ril)
{
	uint32_t at = guests[A].prod;

	if (guest_command(A, w0, w1) == is_illegal(w0, w1, ril)) {
		fail_msg("command 0x%lx 0x%lx", w0, w1);
	}
	if (is_illegal(w0, w1, ril)) {
		assert_int_equal(get(A, CMDQ_CONS), at | 1 << 24); /* CERROR_ILL */
		guest_recover(A);
	}
}

static void test_opcodes(void **state)
{
	static const uint8_t good[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x30, 0x46};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		for (uint32_t op = 0; op < 256; op++) {
			bool legal = memchr(good, (int)op, sizeof(good)) != NULL;
			uint32_t errors = machine_raised[GERROR_SPI(A)];

			assert_int_equal(guest_command(A, op, 0), legal);
			assert_int_equal(machine_raised[GERROR_SPI(A)], errors + !legal);
			if (!legal) {
				assert_int_equal(guest_error(A), 1); /* CERROR_ILL */
				guest_recover(A);
			}
		}
	}
}

/* Each bit of each command, alone and with all others: some are illegal for the guest,
 * none for the SMMU (machine_check()). */
static void test_every_bit(void **state)
{
	(void)state;
	for (int ril = 0; ril < 2; ril++) {
		machine_prepare(false, true, false);
		for (uint32_t n = 0; n < SMMUM_MAX; n++) {
			machine_config[n].idr3 = ril != 0 ? 0x1414 : 0x1014;
			machine_config[n].idr0 &= ril != 0 ? UINT32_MAX : ~BIT32(12);
		}
		machine_boot();
		guest_start(A);
		guest_attach(A, A_FEW);
		for (uint32_t op = 0; op < 0x48; op++) {
			/* Of a stream that the guest has. */
			uint64_t of = op < 0x10 ? (uint64_t)A_FEW << 32 : 0;

			for (uint32_t bit = 8; bit < 2 * 128; bit++) {
				uint64_t flip = bit >= 128 ? UINT64_MAX : 0;
				uint64_t w0 = of | (flip & GENMASK64(op < 0x10 ? 31 : 63, 8));
				uint64_t w1 = flip;

				if (bit % 128 < 64) {
					w0 ^= BIT64(bit % 64) & ~UINT64_C(0xff);
				} else {
					w1 ^= BIT64(bit % 64);
				}
				try(w0 | op, w1, ril != 0);
			}
		}
	}
}

/* Fields of a range (IHI 0070, 4.4.1.1), with IDR3.RIL and without. */
static void test_ranges(void **state)
{
	(void)state;
	for (uint32_t ril = 0; ril < 2; ril++) {
		machine_prepare(false, true, false);
		machine_config[1].idr3 = ril != 0 ? 0x1414 : 0x1014;
		machine_boot();
		guest_start(A);
		for (uint32_t i = 0; i < 32 * 4 * 4 * 2 * 2; i++) {
			uint64_t scale = i & 31, tg = i >> 5 & 3, ttl = i >> 7 & 3, op = 0x12 + (i >> 9 & 1), num = i >> 10;
			uint64_t w0 = op | (op == 0x12 ? OF_ASID : 0) | num << 12 | scale << 20;

			try(w0, VA_DATA | tg << 10 | ttl << 8, ril != 0);
		}
	}
}

/* What an invalidation of each kind makes visible, and what it does not. */
static void test_tlbi(void **state)
{
	static const struct {
		uint64_t w0, w1;
		bool works;
	} cases[] = {
		{0x10, 0, true},
		{0x30, 0, true},
		{0x11 | OF_ASID, 0, true},
		{0x12 | OF_ASID, VA_DATA, true},
		{0x12 | OF_ASID, VA_DATA | 1, true},
		{0x13, VA_DATA, true},
		{0x12 | OF_ASID | 3 << 12, (VA_DATA - 0x3000) | 1 << 10, true},
		{0x13 | 0 << 12 | 2 << 20, (VA_DATA - 0x2000) | 1 << 10 | 3 << 8, true},
		/* The VMID is not the guest's to say. */
		{0x10 | UINT64_C(0xffff) << 32, 0, true},
		{0x12 | OF_ASID | UINT64_C(2) << 32, VA_DATA, true},
		{0x11 | (uint64_t)(ASID + 1) << 48, 0, false},
		{0x12 | (uint64_t)(ASID + 1) << 48, VA_DATA, false},
		{0x12 | OF_ASID, VA_DATA + 0x10000, false},
		{0x13, VA_DATA + 0x10000, false},
		{0x03 | (uint64_t)A_FEW << 32, 1, false},
		{0x05 | (uint64_t)A_FEW << 32, 1, false},
		{0x06 | (uint64_t)A_FEW << 32, 0, false},
		{0x01 | (uint64_t)A_FEW << 32, 0, false},
		{0x46, 0, false},
	};

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
			machine_prepare((kind & 1) != 0, true, (kind & 2) != 0);
			machine_boot();
			guest_start(A);
			guest_attach(A, A_FEW);
			guest_attach(A, A_OTHER);
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
			assert_int_equal(guest_reads(A, A_OTHER, VA_DATA), 1);
			tables_map(&guests[A].stage1, VA_DATA, G_DATA + PAGE_SIZE, 3, LEAF1 | LEAF1_NOT_GLOBAL);
			assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
			assert_true(guest_command(A, cases[i].w0, cases[i].w1));
			/* Turned into a wider one where stage 2 has smaller pages. */
			if (cases[i].works) {
				assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 2);
				assert_int_equal(guest_reads(A, A_OTHER, VA_DATA), 2);
			} else if ((kind & 2) == 0) {
				assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
			}
		}
	}
}

/* A leaf of the guest's that is larger than stage 2's: QEMU caches it in pieces. */
static void test_pieces(void **state)
{
	static const uint64_t block = RAM_IPA + MIB(4), va = UINT64_C(0x140000000);
	static const uint64_t commands[][2] = {
		{0x12 | OF_ASID, va}, {0x13, va}, {0x12 | OF_ASID, va | 1 << 10 | 2 << 8}};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(commands); i++) {
		machine_prepare(true, true, true);
		machine_boot();
		guest_start(A);
		guest_attach(A, A_FEW);
		tables_map(&guests[A].stage1, va, block, 2, LEAF1 | LEAF1_NOT_GLOBAL);
		for (uint64_t at = 0; at < 0x8000; at += PAGE_SIZE) {
			*guest_word(A, block + at) = 9;
			assert_int_equal(guest_reads(A, A_FEW, va + at), 9);
		}
		*tables_entry(&guests[A].stage1, va, 2) = 0;
		assert_true(guest_command(A, commands[i][0], commands[i][1]));
		for (uint64_t at = 0; at < 0x8000; at += PAGE_SIZE) {
			assert_int_equal(guest_reads(A, A_FEW, va + at), 0);
		}
	}
}

/* Contexts are seen again after each of the commands that is about them. */
static void test_contexts(void **state)
{
	static const uint64_t commands[][2] = {{0x05, 1}, {0x05, 0}, {0x06, 0}, {0x03, 1},
					       {0x03, 0}, {0x04, 0}, {0x04, 31}};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(commands); i++) {
			for (uint32_t stream = 0; stream < 2; stream++) {
				uint32_t virt = stream == 0 ? A_FEW : A_OTHER + 2;

				boot(qemu != 0);
				guest_attach(A, virt);
				assert_int_equal(guest_reads(A, virt, VA_DATA), 1);
				guest_word(A, G_CD)[0] &= ~BIT64(31);
				assert_int_equal(guest_reads(A, virt, VA_DATA), 1);
				assert_true(guest_command(A, commands[i][0] | (uint64_t)virt << 32, commands[i][1]));
				assert_int_equal(guest_reads(A, virt, VA_DATA), 0);
				/* And the one that has been made valid. */
				guest_word(A, G_CD)[0] |= BIT64(31);
				assert_true(guest_command(A, commands[i][0] | (uint64_t)virt << 32, commands[i][1]));
				assert_int_equal(guest_reads(A, virt, VA_DATA), 1);
			}
		}
	}
}

static void test_sync(void **state)
{
	(void)state;
	boot(false);
	assert_true(guest_command(A, 0x46, 0));
	assert_int_equal(machine_raised[SYNC_SPI(A)], 0);
	assert_true(guest_command(A, 0x46 | 1 << 12, 0));
	assert_int_equal(machine_raised[SYNC_SPI(A)], 1);
	assert_true(guest_command(A, 0x46 | 2 << 12, 0));
	assert_int_equal(machine_raised[SYNC_SPI(A)], 1);
	assert_false(guest_command(A, 0x46 | 3 << 12, 0));
	assert_int_equal(guest_error(A), 1);
	guest_recover(A);
}

/* An error stops the queue at the bad command until it has been acknowledged. */
static void test_error(void **state)
{
	(void)state;
	boot(false);
	guest_attach(A, A_FEW);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	*tables_entry(&guests[A].stage1, VA_DATA, 3) = 0;
	guest_put(A, 0x46, 0);
	guest_put(A, 0xff, 0);
	guest_put(A, 0x10, 0);
	assert_false(guest_sync(A));
	assert_int_equal(get(A, CMDQ_CONS) & 0xffffff, guests[A].prod - 3);
	guest_ring(A);
	machine_settle();
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	assert_int_equal(machine_raised[GERROR_SPI(A)], 1);
	/* Acknowledged without mending it: again. */
	set(A, GERRORN, get(A, GERROR));
	machine_settle();
	assert_int_equal(guest_error(A), 1);
	assert_int_equal(machine_raised[GERROR_SPI(A)], 2);
	assert_int_equal(get(A, CMDQ_CONS) & 0xffffff, guests[A].prod - 3);
	guest_recover(A);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
	/* Without the interrupt, if the guest does not want it. */
	set(A, IRQ_CTRL, 0);
	assert_false(guest_command(A, 0, 0));
	assert_int_equal(machine_raised[GERROR_SPI(A)], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opcodes),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_tlbi),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_sync),
		cmocka_unit_test(test_error),
	};

	return cmocka_run_group_tests_name("vsmmuv3_command", tests, NULL, NULL);
}
