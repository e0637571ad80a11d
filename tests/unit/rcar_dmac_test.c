// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/ipmmu*.c hv/mm/stage2.c tests/models/model.c tests/models/ipmmu*.c
// sources: tests/models/rcar/dmac*.c tests/unit/ipmmu/machine.c tests/unit/rcar/dmacs.c
/* The SYS-DMAC model, behind the IPMMU model that the driver has set up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "iommu/iommu.h"
#include "models/model.h"
#include "unit/ipmmu/regs.h"
#include "unit/rcar/dmacs.h"

static const struct {
	uint32_t bits;
	uint32_t size;
} sizes[] = {
	{0, 1}, {1u << 3, 2}, {TS_4, 4}, {1u << 20 | 3u << 3, 8}, {3u << 3, 16}, {1u << 20, 32}, {TS_64, 64},
};

static int setup(void **state)
{
	(void)state;
	machine_seed(20261122);
	machine_prepare();
	dmacs_boot();
	return 0;
}

/* By every channel, in units of every size, over pages, where the domain's RAM is moved and
 * where it is not. */
static void test_copy(void **state)
{
	static uint8_t source[3 * PAGE_SIZE];

	(void)state;
	for (uint32_t i = 0; i < DMAC_CHANNELS * ARRAY_SIZE(sizes) * DMACS; i++) {
		uint32_t channel = i % DMAC_CHANNELS;
		uint32_t size = sizes[i / DMAC_CHANNELS % ARRAY_SIZE(sizes)].size;
		uint32_t ts = sizes[i / DMAC_CHANNELS % ARRAY_SIZE(sizes)].bits;
		uint32_t dmac = i % DMACS;
		uint64_t base = dmac == 0 ? IPA_OF_A : RAM_OF_B;
		uint8_t *memory = machine_memory(dmac == 0 ? RAM_OF_A : RAM_OF_B);
		uint32_t from = (machine_random(PAGE_SIZE) & ~63u) + 0x1000u * machine_random(16);
		uint32_t to = (machine_random(PAGE_SIZE) & ~63u) + 0x20000u + 0x1000u * machine_random(16);
		uint32_t units = 1 + machine_random((2 * PAGE_SIZE) / size);

		memcpy(source, memory + from, sizeof(source));
		assert_int_equal(dmacs_copy(dmac, channel, base + from, base + to, units, COPY | ts), COPY | ts | TE);
		assert_memory_equal(memory + to, source, units * size);
		assert_int_equal(dmacs_read(dmac, channel, SAR), base + from + units * size);
		assert_int_equal(dmacs_read(dmac, channel, DAR), base + to + units * size);
		assert_int_equal(dmacs_read(dmac, channel, TCR), 0);
		assert_int_equal(dmacs_read(dmac, channel, TCRB), units);
		assert_int_equal(dmacs_high[dmac], BIT32(channel));
		dmacs_write(dmac, channel, CHCR, 0);
		assert_int_equal(dmacs_high[dmac], 0);
		dmacs_check_memory();
	}
}

/* Down, and from or to one place. */
static void test_modes(void **state)
{
	uint8_t *memory = machine_memory(RAM_OF_A);
	uint32_t chcr = AUTO | DE | TS_4;

	(void)state;
	memset(memory, 0x11, PAGE_SIZE);
	memset(memory + 0x10000, 0, 2 * PAGE_SIZE);
	memory[0xffc] = 1;
	memory[0xff8] = 2;
	(void)dmacs_copy(0, 1, IPA_OF_A + 0xffc, IPA_OF_A + 0x10ffc, 2, chcr | SM_DOWN | DM_UP);
	assert_int_equal(memory[0x10ffc], 1);
	assert_int_equal(memory[0x11000], 2);
	(void)dmacs_copy(0, 2, IPA_OF_A + 0x10ffc, IPA_OF_A + 0x11008, 4, chcr | DM_DOWN);
	for (uint32_t at = 0x10ffc; at <= 0x11008; at += 4) {
		assert_int_equal(memory[at], 1);
	}
	(void)dmacs_copy(0, 3, IPA_OF_A + 0xff8, IPA_OF_A + 0x10000, 2, chcr | SM_UP);
	assert_int_equal(memory[0x10000], 1);
	assert_int_equal(memory[0x10004], 0);
	assert_int_equal(dmacs_high[0], 0);
	/* Down, to the first page of RAM and below it. */
	assert_int_equal(dmacs_copy(0, 4, IPA_OF_A + 0x1004, IPA_OF_A + 0x4, 4, chcr | SM_DOWN | DM_DOWN),
			 chcr | SM_DOWN | DM_DOWN | CAE);
	assert_int_equal(dmacs_read(0, 4, TCR), 2);
	assert_int_equal(dmacs_read(0, 4, DAR), IPA_OF_A - 4);
	dmacs_check_memory();
}

static void expect_error(uint32_t dmac, uint32_t channel, uint64_t from, uint64_t to, uint32_t left)
{
	assert_int_equal(dmacs_read(dmac, channel, CHCR), CAE | CAIE | COPY | TS_64);
	assert_int_equal(dmacs_read(dmac, channel, SAR), (uint32_t)from);
	assert_int_equal(dmacs_read(dmac, channel, DAR), (uint32_t)to);
	assert_int_equal(dmacs_read(dmac, channel, TCR), left);
	assert_int_equal(dmacs_high[dmac], BIT32(channel) | BIT32(DMAC_ERROR));
	assert_int_equal(dmac_read(&dmacs[dmac], DMAISTA, 4), BIT32(channel));
	assert_int_equal(dmac_read(&dmacs[dmac], DMAOR, 2), DME | AE);
	dmac_write(&dmacs[dmac], DMACHCLR, 4, BIT32(channel));
	assert_int_equal(dmacs_high[dmac], 0);
	assert_int_equal(dmac_read(&dmacs[dmac], DMAOR, 2), DME);
	assert_int_equal(dmacs_read(dmac, channel, CHCR), 0);
}

/* Every page of all memory and of what is around it, as source and as destination: what the
 * domain does not have, or may not write, moves nothing and is an error. */
static void test_refused(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DMACS * (2 * RAM_SIZE / PAGE_SIZE); i++) {
		uint32_t dmac = i % DMACS;
		uint32_t channel = i / DMACS % DMAC_CHANNELS;
		uint64_t own = dmac == 0 ? IPA_OF_A : RAM_OF_B;
		uint64_t page = (i % 3 == 0 ? IPA_OF_A : RAM_BASE) + PAGE_SIZE * (uint64_t)(i / 2) - MIB(4);
		uint64_t errors = dmacs[dmac].counts.errors;
		uint64_t pa;

		dmacs_start(dmac, channel, page, own, 1, COPY | TS_64 | CAIE);
		dmacs_finish(dmac);
		if (!machine_goes(dmac, page, false, &pa)) {
			expect_error(dmac, channel, page, own, 1);
			errors++;
		}
		dmacs_start(dmac, channel, own, page, 1, COPY | TS_64 | CAIE);
		dmacs_finish(dmac);
		if (!machine_goes(dmac, page, true, &pa)) {
			expect_error(dmac, channel, own, page, 1);
			errors++;
		}
		assert_int_equal(dmacs[dmac].counts.errors, errors);
		dmacs_write(dmac, channel, CHCR, 0);
	}
	dmacs_check_memory();
	assert_true(dmacs[0].counts.errors > 1000 && dmacs[1].counts.errors > 1000);
	assert_int_equal(machine.violations, 0);
}

/* Across the end of what the domain has: all in front of it moves, nothing behind. */
static void test_edge(void **state)
{
	uint64_t end = IPA_OF_A + RAM_PAGES * PAGE_SIZE;
	uint8_t *last = machine_memory(RAM_OF_A + (RAM_PAGES - 1) * PAGE_SIZE);
	uint8_t *target = machine_memory(RAM_OF_A);

	(void)state;
	dmacs_start(0, 5, end - 128, IPA_OF_A, 4, COPY | TS_64 | CAIE);
	dmacs_finish(0);
	expect_error(0, 5, end, IPA_OF_A + 128, 2);
	assert_memory_equal(target, last + PAGE_SIZE - 128, 128);
	/* The last page is read only. */
	dmacs_start(0, 5, IPA_OF_A + 0x40, end - PAGE_SIZE - 64, 4, COPY | TS_64 | CAIE);
	dmacs_finish(0);
	expect_error(0, 5, IPA_OF_A + 0x80, end - PAGE_SIZE, 3);
	/* The lower 32 bits of an address wrap. */
	dmacs_start(1, 5, RAM_OF_B, UINT64_C(0xffffffc0), 2, COPY | TS_64 | CAIE);
	dmacs_finish(1);
	expect_error(1, 5, RAM_OF_B, UINT64_C(0xffffffc0), 2);
	dmacs_check_memory();
}

/* A channel follows its micro-TLB, and no other does. */
static void test_utlb_of_channel(void **state)
{
	(void)state;
	for (uint32_t dmac = 0; dmac < DMACS; dmac++) {
		uint64_t own = dmac == 0 ? IPA_OF_A : RAM_OF_B;
		uint32_t unit = dmac == 0 ? DS0 : DS1;

		for (uint32_t channel = 0; channel < DMAC_CHANNELS; channel++) {
			uint32_t ctr = ipmmum_read(&machine, unit, UCTR(channel), 4);

			ipmmum_write(&machine, unit, UCTR(channel), 4, MMUEN | FLUSH);
			for (uint32_t i = 0; i < DMAC_CHANNELS; i++) {
				uint32_t chcr = dmacs_copy(dmac, i, own + 0x1000, own + 0x2000, 8, COPY | TS_64);

				assert_int_equal(chcr, COPY | TS_64 | (i == channel ? CAE : TE));
			}
			ipmmum_write(&machine, unit, UCTR(channel), 4, ctr | FLUSH);
			dmac_write(&dmacs[dmac], DMACHCLR, 4, 0xffff);
		}
	}
}

/* What cannot be a transfer is an error too. */
static void test_bad_transfers(void **state)
{
	static const uint32_t chcrs[] = {
		COPY | 2u << 20, COPY | 1u << 20 | 2u << 3, AUTO | DE | 3u << 14, AUTO | DE | 3u << 12,
		COPY | DPM_REPEAT | DPB, COPY | DPM_ONCE, COPY | DPM_ONCE | DPB,
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(chcrs); i++) {
		assert_int_equal(dmacs_copy(0, i, IPA_OF_A, IPA_OF_A, 1, chcrs[i]), chcrs[i] | CAE);
	}
	assert_int_equal(dmacs_copy(0, 8, IPA_OF_A, IPA_OF_A, 0, COPY), COPY | CAE);
	assert_int_equal(dmacs_copy(0, 9, IPA_OF_A + 32, IPA_OF_A, 1, COPY | TS_64), COPY | TS_64 | CAE);
	assert_int_equal(dmacs_copy(0, 10, IPA_OF_A, IPA_OF_A + 2, 1, COPY | TS_4), COPY | TS_4 | CAE);
	/* One that waits for a peripheral waits. */
	assert_int_equal(dmacs_copy(0, 11, IPA_OF_A, IPA_OF_A, 1, BY_DMARS | DE), BY_DMARS | DE);
	assert_int_equal(dmacs[0].counts.bytes, 0);
	assert_int_equal(dmacs[0].violations, 0);
}

/* Both DMACs copy; one domain starts again in the middle of it. Its transfers end in errors
 * between two units, the other's arrive, and when it runs again its own do. */
static void test_restart(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 2 * IPMMUM_ANSWERS; round++) {
		uint32_t domain = round % 2;
		uint32_t other = 1 - domain;
		uint64_t bases[] = {IPA_OF_A, RAM_OF_B};

		machine_prepare();
		machine_config.answers = round / 2;
		dmacs_boot();
		for (uint32_t i = 0; i < DMACS * DMAC_CHANNELS; i++) {
			uint64_t from = bases[i % 2] + 0x2000u * (i / 2), to = bases[i % 2] + 0x80000 + 0x2000u * (i / 2);

			dmacs_start(i % 2, i / 2, from, to, 128, COPY | TS_64);
		}
		(void)dmac_run(&dmacs[domain], 16 * 3000);
		(void)dmac_run(&dmacs[other], 16 * 3000);
		assert_true(iommu_domain_block(domain, 0));
		dmacs_finish(domain);
		dmacs_finish(other);
		assert_int_equal(dmacs[domain].counts.errors, DMAC_CHANNELS);
		assert_int_equal(dmacs[other].counts.ends, DMAC_CHANNELS);
		assert_memory_equal(machine_memory(other == 0 ? RAM_OF_A : RAM_OF_B),
				    machine_memory((other == 0 ? RAM_OF_A : RAM_OF_B) + 0x80000), 16 * 0x2000);
		assert_true(iommu_domain_unblock(domain, 0));
		for (uint32_t i = 0; i < DMAC_CHANNELS; i++) {
			assert_true(dmacs_read(domain, i, TCR) != 0);
			dmacs_write(domain, i, CHCR, COPY | TS_64);
		}
		dmacs_finish(domain);
		assert_int_equal(dmacs[domain].counts.ends, DMAC_CHANNELS);
		assert_memory_equal(machine_memory(domain == 0 ? RAM_OF_A : RAM_OF_B),
				    machine_memory((domain == 0 ? RAM_OF_A : RAM_OF_B) + 0x80000), 16 * 0x2000);
		dmacs_check_memory();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_copy, setup),
		cmocka_unit_test_setup(test_modes, setup),
		cmocka_unit_test_setup(test_refused, setup),
		cmocka_unit_test_setup(test_edge, setup),
		cmocka_unit_test_setup(test_utlb_of_channel, setup),
		cmocka_unit_test_setup(test_bad_transfers, setup),
		cmocka_unit_test_setup(test_restart, setup),
	};

	return cmocka_run_group_tests_name("rcar_dmac", tests, NULL, NULL);
}
