// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* What the guest hears of its DMA, and what it does not (IHI 0070, 3.5.3, 7.2, 7.3). */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define IN (UINT64_C(2) << 40)
#define TT (UINT64_C(1) << 40)
#define S2 BIT64(39)
#define READ BIT64(35)
#define OVERFLOW BIT32(31)

static void boot(bool qemu)
{
	machine_prepare(qemu, true, false);
	machine_boot();
	guest_start(A);
}

static bool writes(uint32_t domain, uint32_t virt, uint64_t address)
{
	uint32_t value = 0x77;

	return dma(domain, virt, address, true, &value);
}

static void expect(uint32_t domain, uint32_t virt, uint64_t kind, uint64_t w1, uint64_t w2)
{
	const uint64_t *e = guest_event(domain);

	assert_non_null(e);
	assert_int_equal(e[0], (uint64_t)virt << 32 | kind);
	assert_int_equal(e[1], w1);
	assert_int_equal(e[2], w2);
	assert_int_equal(e[3], 0);
	assert_null(guest_event(domain));
}

/* Faults of stage 1, by streams of both SMMUs, with the guest's own stream IDs. */
static void test_stage1(void **state)
{
	static const uint32_t streams[] = {A_FEW + 2, A_OTHER + 5, A_GROUP + 63, A_MANY + 0x3fff};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(streams); i++) {
			uint32_t s = streams[i];

			boot(qemu != 0);
			guest_attach(A, s);
			assert_false(writes(A, s, VA_DATA + 0x9008));
			expect(A, s, 0x10, IN, VA_DATA + 0x9008);
			assert_int_equal(machine_raised[EVTQ_SPI(A)], 1);
			assert_int_equal(guest_reads(A, s, VA_DATA + 0x9008), 0);
			expect(A, s, 0x10, IN | READ, VA_DATA + 0x9008);
			*tables_entry(&guests[A].stage1, VA_DATA, 3) |= LEAF1_READ_ONLY;
			assert_false(writes(A, s, VA_DATA));
			expect(A, s, 0x13, IN, VA_DATA);
			*tables_entry(&guests[A].stage1, VA_DATA + 0x1000, 3) &= ~LEAF_ACCESSED;
			assert_false(writes(A, s, VA_DATA + 0x1000));
			expect(A, s, 0x12, IN, VA_DATA + 0x1000);
			guest_word(A, G_CD)[0] &= ~GENMASK64(34, 32); /* IPS 32 bits */
			*tables_entry(&guests[A].stage1, VA_DATA + 0x2000, 3) |= BIT64(40);
			assert_true(guest_command(A, 0x06 | (uint64_t)s << 32, 0));
			assert_false(writes(A, s, VA_DATA + 0x2000));
			expect(A, s, 0x11, IN, VA_DATA + 0x2000);
			guest_word(A, G_CD)[0] &= ~BIT64(31);
			assert_true(guest_command(A, 0x06 | (uint64_t)s << 32, 0));
			assert_false(writes(A, s, VA_DATA));
			expect(A, s, 0x0a, 0, 0);
			assert_int_equal(machine_lines, 0);
		}
	}
}

/* Stage 2's own faults are told on the console, and not to the guest. */
static void test_stage2_hidden(void **state)
{
	static const uint64_t places[] = {0, A_PA, A_IPA_END, C_PA};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
			boot(qemu != 0);
			guest_attach(A, A_FEW);
			tables_map(&guests[A].stage1, VA_DATA + 0x8000, places[i], 3, LEAF1);
			assert_false(writes(A, A_FEW, VA_DATA + 0x8000));
			assert_null(guest_event(A));
			assert_int_equal(machine_raised[EVTQ_SPI(A)], 0);
			assert_true(machine_said("nvme of a, stream 0x0: F_TRANSLATION"));
		}
		/* The same without a stage 1. */
		boot(qemu != 0);
		guest_set_bypass(A, A_FEW);
		assert_true(guest_command(A, 0x03 | (uint64_t)A_FEW << 32, 1));
		assert_false(writes(A, A_FEW, A_PA));
		assert_null(guest_event(A));
		assert_true(machine_said("nvme of a, stream 0x0: F_TRANSLATION"));
	}
}

/* Where stage 2 has none of the guest's contexts and tables, it is as if memory had not
 * answered; no physical address is told. */
static void test_own_structures(void **state)
{
	static const uint64_t places[] = {0, A_PA, A_IPA_END, C_PA, UINT64_C(0x40000000)};

	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
			boot(qemu != 0);
			guest_set_nested(A, A_FEW);
			guest_ste(A, A_FEW)[0] = 1 | 5 << 1 | places[i];
			assert_true(guest_command(A, 0x03 | (uint64_t)A_FEW << 32, 1));
			assert_false(writes(A, A_FEW, VA_DATA));
			expect(A, A_FEW, 0x09, 0, 0);
			/* It is stage 2's business as well. */
			assert_true(machine_said("nvme of a, stream 0x0: F_TRANSLATION"));
			boot(qemu != 0);
			guest_word(A, G_CD)[1] = places[i];
			guest_attach(A, A_FEW);
			assert_false(writes(A, A_FEW, VA_DATA));
			/* RnW is of the walk's access or of the device's. */
			expect(A, A_FEW, 0x0b, TT | READ, VA_DATA);
			boot(qemu != 0);
			*tables_entry(&guests[A].stage1, VA_DATA, 2) = (places[i] & GENMASK64(47, 12)) | 3;
			guest_attach(A, A_FEW);
			assert_false(writes(A, A_FEW, VA_DATA));
			expect(A, A_FEW, 0x0b, qemu != 0 ? TT : TT | READ, VA_DATA);
		}
	}
}

/* A device that does not answer, where the guest put its tables: the address of the abort
 * is physical, and stripped. */
static void test_aborts(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		guest_set_nested(A, A_FEW);
		guest_ste(A, A_FEW)[0] = 1 | 5 << 1 | A_DEVICE;
		assert_true(guest_command(A, 0x03 | (uint64_t)A_FEW << 32, 1));
		assert_false(writes(A, A_FEW, VA_DATA));
		expect(A, A_FEW, 0x09, 0, 0);
		boot(qemu != 0);
		*tables_entry(&guests[A].stage1, VA_DATA, 2) = A_DEVICE | 3;
		guest_attach(A, A_FEW);
		assert_false(writes(A, A_FEW, VA_DATA));
		expect(A, A_FEW, 0x0b, qemu != 0 ? TT : TT | READ, VA_DATA);
	}
}

/* Records of any kind and content, as they might come: what reaches the guest says nothing
 * of the machine. */
static void test_any_record(void **state)
{
	static const uint64_t fill[] = {0, UINT64_MAX, UINT64_C(0x5555555555555555), UINT64_C(0xaaaaaaaaaaaaaaaa)};

	(void)state;
	boot(false);
	for (uint64_t id = 0; id < 256; id++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(fill) * 8; i++) {
			uint64_t class = i / 4 & 3;
			uint64_t s2 = i / 16;
			uint64_t w[4] = {(fill[i % 4] & UINT32_MAX & ~UINT64_C(0xff)) | id | UINT64_C(3) << 32,
					 (fill[i % 4] & ~(GENMASK64(41, 39))) | class << 40 | s2 << 39, VA_DATA,
					 fill[i % 4]};
			const uint64_t *e;

			smmum_event(0, w);
			machine_pass_us(200000);
			e = guest_event(A);
			if (e != NULL) {
				assert_int_equal(e[0] >> 32, A_FEW + 3);
				assert_int_equal(e[0] & GENMASK64(31, 8), 0); /* no substreams */
				assert_int_equal(e[1] & ~(GENMASK64(35, 33) | GENMASK64(41, 40)), 0);
				assert_true(e[2] == 0 || e[2] == VA_DATA);
				assert_int_equal(e[3], 0);
				assert_false((e[0] & 0xff) >= 0x10 && (e[0] & 0xff) <= 0x13 && s2 != 0 && class == 2);
				/* Only what a stage-1 SMMU without ATS, PRI and stalls records. */
				assert_true((e[0] & 0xff) <= 0x20 && (e[0] & 0xff) != 0);
			}
		}
	}
	assert_true(machine_raised[EVTQ_SPI(A)] > 4);
}

/* Of a substream, if the guest has been told that there are any. */
static void test_substream(void **state)
{
	(void)state;
	for (uint32_t bits = 0; bits < 9; bits += 8) {
		struct smmum_access a = {.sid = 8 + 2, .address = VA_DATA, .has_ssid = true, .ssid = 3};
		const uint64_t *e;
		uint64_t pa;

		machine_prepare(false, true, false);
		machine_config[0].idr1 |= 8 << 6;
		machine_config[1].idr1 |= bits << 6;
		machine_boot();
		guest_start(A);
		guest_attach(A, A_OTHER + 2);
		assert_false(smmum_translate(1, &a, &pa));
		e = guest_event(A);
		assert_non_null(e);
		assert_int_equal(e[0], (uint64_t)(A_OTHER + 2) << 32 | 0x08 | (bits != 0 ? 3 << 12 | 1 << 11 : 0));
	}
}

/* What another's streams do, or nobody's, is not the guest's. */
static void test_not_its_own(void **state)
{
	uint32_t value = 0;

	(void)state;
	boot(false);
	guest_start(B);
	guest_attach(B, B_FEW);
	assert_false(writes(B, B_FEW, VA_DATA + 0x9000));
	assert_false(dma_by(0, SID_C, A_PA, false, &value));
	assert_false(dma_by(0, SID_NOBODY, A_PA, false, &value));
	assert_false(dma_by(1, 0x3f, A_PA, false, &value));
	assert_null(guest_event(A));
	expect(B, B_FEW, 0x10, IN, VA_DATA + 0x9000);
}

/* Nothing is recorded while the queue is off, nor interrupts without IRQ_CTRL. */
static void test_off(void **state)
{
	(void)state;
	boot(false);
	guest_attach(A, A_FEW);
	set(A, CR0, SMMUEN | CMDQEN);
	assert_false(writes(A, A_FEW, VA_DATA + 0x9000));
	machine_settle();
	assert_int_equal(get(A, EVTQ_PROD), 0);
	set(A, IRQ_CTRL, 1);
	set(A, CR0, ALL_ON);
	assert_false(writes(A, A_FEW, VA_DATA + 0x9000));
	machine_settle();
	assert_int_equal(get(A, EVTQ_PROD), 1);
	assert_int_equal(machine_raised[EVTQ_SPI(A)], 0);
	set(A, IRQ_CTRL, 5);
	set(A, EVTQ_CONS, 1);
	assert_false(writes(A, A_FEW, VA_DATA + 0x9000));
	machine_settle();
	assert_int_equal(machine_raised[EVTQ_SPI(A)], 1);
}

/* A full queue: what is there stays, and OVFLG tells, once until it is acknowledged. */
static void test_overflow(void **state)
{
	const uint32_t size = BIT32(EVTQ_LOG2);
	uint32_t prod;

	(void)state;
	boot(false);
	guest_attach(A, A_FEW);
	for (uint32_t i = 0; i < size; i++) {
		assert_false(writes(A, A_FEW, VA_DATA + 0x9000 + 8 * i));
		machine_settle();
	}
	assert_int_equal(get(A, EVTQ_PROD), size);
	for (uint32_t i = 0; i < 3; i++) {
		assert_false(writes(A, A_FEW, VA_DATA + 0x8000));
		assert_false(writes(A, A_FEW, VA_DATA + 0xa000));
		machine_settle();
		machine_pass_us(200000);
		machine_settle();
		assert_int_equal(get(A, EVTQ_PROD), size | OVERFLOW);
	}
	for (uint32_t i = 0; i < size; i++) {
		assert_int_equal(guest_word(A, G_EVTQ + 32 * i)[2], VA_DATA + 0x9000 + 8 * i);
	}
	prod = get(A, EVTQ_PROD);
	set(A, EVTQ_CONS, 2);
	assert_false(writes(A, A_FEW, VA_DATA + 0xb000));
	machine_settle();
	assert_int_equal(get(A, EVTQ_PROD), ((prod + 1) & (2 * size - 1)) | OVERFLOW);
	set(A, EVTQ_CONS, (size + 1) | OVERFLOW);
	for (uint32_t i = 0; i < size + 1; i++) {
		assert_false(writes(A, A_FEW, VA_DATA + 0xc000));
		machine_settle();
		machine_pass_us(10000);
	}
	assert_int_equal(get(A, EVTQ_PROD) & OVERFLOW, 0);
}

/* More at once than are kept for a guest: the first of them come, and OVFLG. */
static void test_many_at_once(void **state)
{
	(void)state;
	boot(false);
	guest_attach(A, A_FEW);
	set(A, CR0, SMMUEN | CMDQEN);
	set64(A, EVTQ_BASE, G_FREE | 8);
	set(A, CR0, ALL_ON);
	for (uint32_t i = 0; i < 100; i++) {
		assert_false(writes(A, A_FEW, VA_DATA + 0x9000 + 8 * i));
	}
	machine_settle();
	assert_int_equal(get(A, EVTQ_PROD), 64 | OVERFLOW);
	for (uint32_t i = 0; i < 64; i++) {
		assert_int_equal(guest_word(A, G_FREE + 32 * i)[2], VA_DATA + 0x9000 + 8 * i);
	}
}

/* A queue that is not in the guest's RAM. */
static void test_elsewhere(void **state)
{
	static const uint64_t bases[] = {0, A_DEVICE, C_PA, A_PA, A_IPA_END, BIT64(40), GENMASK64(51, 12)};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(bases); i++) {
		boot(false);
		guest_attach(A, A_FEW);
		set(A, CR0, SMMUEN | CMDQEN);
		set64(A, EVTQ_BASE, bases[i] | 5);
		set(A, CR0, ALL_ON);
		assert_false(writes(A, A_FEW, VA_DATA + 0x9000));
		machine_settle();
		assert_int_equal(get(A, GERROR) ^ get(A, GERRORN), 4); /* EVTQ_ABT_ERR */
		assert_int_equal(machine_raised[GERROR_SPI(A)], 1);
		assert_int_equal(get(A, EVTQ_PROD), 0);
		set(A, GERRORN, get(A, GERROR));
		assert_false(writes(A, A_FEW, VA_DATA + 0x9000));
		machine_settle();
		assert_int_equal(machine_raised[GERROR_SPI(A)], 2);
		/* All else still works. */
		assert_true(guest_command(A, 0x10, 0));
	}
	/* Low bits of the base, and a size beyond the largest. */
	boot(false);
	guest_attach(A, A_FEW);
	set(A, CR0, SMMUEN | CMDQEN);
	set64(A, EVTQ_BASE, G_EVTQ | 0x3e0 | EVTQ_LOG2);
	set(A, CR0, ALL_ON);
	assert_false(writes(A, A_FEW, VA_DATA + 0x9000));
	expect(A, A_FEW, 0x10, IN, VA_DATA + 0x9000);
	for (uint32_t log2 = 0; log2 < 32; log2++) {
		set(A, CR0, SMMUEN | CMDQEN);
		set64(A, EVTQ_BASE, G_EVTQ | log2);
		set(A, EVTQ_PROD, UINT32_MAX);
		set(A, EVTQ_CONS, UINT32_MAX - 1);
		set(A, CR0, ALL_ON);
		assert_false(writes(A, A_FEW, VA_DATA + 0x9000));
		assert_false(writes(A, A_FEW, VA_DATA + 0x9000));
		machine_settle();
		machine_check();
		set(A, GERRORN, get(A, GERROR));
	}
}

/* One guest's flood does not silence the other for longer than a period. */
static void test_flood(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		guest_start(B);
		guest_attach(A, A_FEW);
		guest_attach(B, B_FEW);
		for (uint32_t i = 0; i < 5000; i++) {
			writes(A, A_FEW, VA_DATA + 0x9000);
			machine_round();
		}
		machine_pass_us(200000);
		machine_settle();
		assert_false(writes(B, B_FEW, VA_DATA + 0x9000));
		machine_settle();
		machine_pass_us(200000);
		expect(B, B_FEW, 0x10, IN, VA_DATA + 0x9000);
		assert_int_equal(get(A, EVTQ_PROD) & OVERFLOW, OVERFLOW);
		assert_int_equal(get(A, EVTQ_PROD) & 0x3f, BIT32(EVTQ_LOG2));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stage1),
		cmocka_unit_test(test_stage2_hidden),
		cmocka_unit_test(test_own_structures),
		cmocka_unit_test(test_aborts),
		cmocka_unit_test(test_any_record),
		cmocka_unit_test(test_substream),
		cmocka_unit_test(test_not_its_own),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_flood),
	};

	return cmocka_run_group_tests_name("vsmmuv3_event", tests, NULL, NULL);
}
