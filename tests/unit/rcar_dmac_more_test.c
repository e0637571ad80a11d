// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/ipmmu*.c hv/mm/stage2.c tests/models/model.c tests/models/ipmmu*.c
// sources: tests/models/rcar/dmac*.c tests/unit/ipmmu/machine.c tests/unit/rcar/dmacs.c
/* The SYS-DMAC model: registers, interrupts, descriptors, and anything at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "iommu/iommu.h"
#include "models/model.h"
#include "unit/rcar/dmacs.h"

#define DESCRIPTORS (IPA_OF_A + 0xf0000)
#define STEPS 1000000u
#define CHECK_EVERY 20000u

static int setup(void **state)
{
	(void)state;
	machine_seed(20261122);
	machine_prepare();
	dmacs_boot();
	return 0;
}

static void test_registers(void **state)
{
	struct dmac *d = &dmacs[0];

	(void)state;
	for (uint32_t i = 0; i < DMAC_CHANNELS; i++) {
		for (uint32_t reg = 0; reg <= FIXDPBASE; reg += 4) {
			if (reg != CHCR && reg != 0x20 && reg != 0x24 && (reg < 0x28 || reg > 0x3c) && reg != 0x44 &&
			    reg != 0x4c && reg != 0x58 && reg != 0x5c) {
				assert_int_equal(dmacs_read(0, i, reg), 0);
				dmacs_write(0, i, reg, reg == CHCRB ? 0xff0000ffu : 0xffffffff);
			}
		}
		assert_int_equal(dmacs_read(0, i, SAR), 0xffffffff);
		assert_int_equal(dmacs_read(0, i, TCR), 0xffffff);
		assert_int_equal(dmacs_read(0, i, FIXSAR), 0xff);
		assert_int_equal(dmacs_read(0, i, DMARS), 0xffff);
		assert_int_equal(dmacs_read(0, i, DPCR), 0xff000000);
	}
	assert_int_equal(d->violations, 0);
	dmac_write(d, DMACHCLR, 4, BIT32(3));
	assert_int_equal(dmacs_read(0, 3, SAR) | dmacs_read(0, 3, TCR) | dmacs_read(0, 3, CHCRB), 0);
	assert_int_equal(dmacs_read(0, 2, SAR), 0xffffffff);
	assert_int_equal(dmacs_read(0, 4, SAR), 0xffffffff);
	/* Flags are only cleared, and by a written 0. */
	dmacs_write(0, 0, CHCR, CAE | TE | DSE | CAIE | DSIE | IE);
	assert_int_equal(dmacs_read(0, 0, CHCR), CAIE | DSIE | IE);
	assert_int_equal(dmacs_high[0], 0);
	dmac_write(d, DMASEC, 4, 0xffff);
	assert_int_equal(dmac_read(d, DMASEC, 4), 0);
	assert_int_equal(d->violations, 0);
	/* No registers. */
	(void)dmac_read(d, DMAOR, 4);
	(void)dmac_read(d, CHANNEL(0) + DMARS, 4);
	(void)dmac_read(d, CHANNEL(0) + SAR, 2);
	dmac_write(d, CHANNEL(0) + 1, 4, 0);
	(void)dmac_read(d, CHANNEL(DMAC_CHANNELS), 4);
	dmac_write(d, CHANNEL(0) + 0x70, 4, 0);
	assert_int_equal(d->violations, 6);
}

/* TE, DSE and CAE, each with and without its enable. */
static void test_interrupts(void **state)
{
	(void)state;
	(void)dmacs_copy(0, 7, IPA_OF_A, IPA_OF_A + 0x1000, 1, COPY & ~IE);
	assert_int_equal(dmacs_high[0], 0);
	dmacs_write(0, 7, CHCR, COPY | TE);
	assert_int_equal(dmacs_high[0], BIT32(7));
	/* As an interrupt handler ends it. */
	dmacs_write(0, 7, CHCR, COPY & ~DE);
	assert_int_equal(dmacs_high[0], 0);
	(void)dmacs_copy(0, 8, 0, IPA_OF_A, 1, COPY);
	assert_int_equal(dmacs_high[0], BIT32(DMAC_ERROR));
	assert_int_equal(dmacs_read(0, 8, CHCR), CAE | COPY);
	assert_int_equal(dmac_read(&dmacs[0], DMAISTA, 4), 0);
	/* The error of one stops no other. */
	assert_int_equal(dmacs_copy(0, 9, IPA_OF_A, IPA_OF_A + 0x1000, 1, COPY), COPY | TE);
	assert_int_equal(dmacs_high[0], BIT32(9) | BIT32(DMAC_ERROR));
	dmacs_write(0, 8, CHCR, CAE | CAIE);
	assert_int_equal(dmacs_high[0], BIT32(8) | BIT32(9) | BIT32(DMAC_ERROR));
	dmac_write(&dmacs[0], DMACHCLR, 4, 0xffff);
	assert_int_equal(dmacs_high[0], 0);
	assert_int_equal(dmacs_high[1], 0);
}

/* Nothing moves without DME or DE; what is stopped in the middle goes on. */
static void test_stop(void **state)
{
	(void)state;
	dmacs_start(0, 0, IPA_OF_A, IPA_OF_A + 0x10000, 256, COPY | TS_64);
	assert_true(dmac_run(&dmacs[0], 5000));
	assert_int_equal(dmacs[0].counts.bytes, 4096 + 960);
	dmac_write(&dmacs[0], DMAOR, 2, 0);
	assert_false(dmac_run(&dmacs[0], 5000));
	dmac_write(&dmacs[0], DMAOR, 2, DME);
	dmacs_write(0, 0, CHCR, (COPY | TS_64) & ~DE);
	assert_false(dmac_run(&dmacs[0], 5000));
	assert_int_equal(dmacs[0].counts.bytes, 4096 + 960);
	dmacs_write(0, 0, CHCR, COPY | TS_64);
	dmacs_finish(0);
	assert_int_equal(dmacs[0].counts.bytes, 256 * 64);
	assert_memory_equal(machine_memory(RAM_OF_A), machine_memory(RAM_OF_A + 0x10000), 256 * 64);
	assert_int_equal(dmacs_read(0, 0, TCRB), 256);
	/* Stopped, and told something else. */
	dmacs_start(0, 1, IPA_OF_A, IPA_OF_A, 256, COPY | TS_64);
	(void)dmac_run(&dmacs[0], 64);
	dmacs_write(0, 1, CHCR, 0);
	assert_int_equal(dmacs_copy(0, 1, IPA_OF_A, IPA_OF_A, 2, COPY | TS_64), COPY | TS_64 | TE);
	assert_int_equal(dmacs_read(0, 1, TCRB), 2);
}

static void descriptor_set(uint32_t index, uint32_t from, uint32_t to, uint32_t units)
{
	uint32_t *words = machine_memory(DESCRIPTORS - IPA_OF_A + RAM_OF_A + 16 * index);

	words[0] = (uint32_t)IPA_OF_A + from;
	words[1] = (uint32_t)IPA_OF_A + to;
	words[2] = units;
}

static void descriptors_start(uint32_t channel, uint32_t count, uint32_t stage, uint32_t chcr)
{
	dmacs_write(0, channel, FIXDPBASE, (uint32_t)(DESCRIPTORS >> 32));
	dmacs_write(0, channel, DPBASE, (uint32_t)DESCRIPTORS | 1);
	dmacs_write(0, channel, CHCRB, (count - 1) << 24 | DRST);
	dmacs_write(0, channel, DPCR, stage << 24);
	dmacs_write(0, channel, DAR, (uint32_t)IPA_OF_A + 0x40000);
	dmacs_write(0, channel, CHCR, chcr | COPY | TS_64 | RPT_ALL | DPB);
}

/* Five pieces become one behind another, with an interrupt behind each. */
static void test_descriptors(void **state)
{
	uint32_t stages = 0;

	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		descriptor_set(i, 0x1000 * (5 - i), i == 0 ? 0x30000 : 0x40000 + 0x10000 * i, 64);
	}
	descriptors_start(6, 5, 1, DPM_ONCE | DSIE);
	while ((dmacs_read(0, 6, CHCR) & TE) == 0) {
		(void)dmac_run(&dmacs[0], 64);
		if ((dmacs_read(0, 6, CHCR) & DSE) != 0) {
			uint32_t next = dmacs_read(0, 6, CHCRB) >> 16 & 0xff;

			assert_int_equal(dmacs_high[0], BIT32(6));
			assert_int_equal(next, (stages + 1) % 5);
			stages++;
			/* The next stage begins with the next unit. */
			dmacs_write(0, 6, DPCR, ((next + 1) % 5) << 24);
			dmacs_write(0, 6, CHCR, dmacs_read(0, 6, CHCR) & ~DSE);
		}
	}
	assert_int_equal(stages, 5);
	assert_int_equal(dmacs[0].counts.bytes, 5 * 0x1000);
	for (uint32_t i = 0; i < 5; i++) {
		assert_memory_equal(machine_memory(RAM_OF_A + 0x40000 + 0x10000 * i),
				    machine_memory(RAM_OF_A + 0x1000 * (5 - i)), 0x1000);
	}
	dmacs_check_memory();
}

/* Where the DMAC loads the first descriptor's DAR itself. */
static void test_first_dar(void **state)
{
	(void)state;
	dmacs[0].answers = DMAC_LOADS_DAR;
	descriptor_set(0, 0x1000, 0x50000, 1);
	descriptors_start(6, 1, 1, DPM_ONCE);
	dmacs_finish(0);
	assert_memory_equal(machine_memory(RAM_OF_A + 0x50000), machine_memory(RAM_OF_A + 0x1000), 64);
}

/* Round and round, until it is told to stop. */
static void test_forever(void **state)
{
	(void)state;
	descriptor_set(0, 0x1000, 0x40000, 4);
	descriptor_set(1, 0x2000, 0x41000, 4);
	descriptors_start(6, 2, 0, DPM_FOREVER | DSIE);
	assert_true(dmac_run(&dmacs[0], 64 * 7));
	assert_int_equal(dmacs_read(0, 6, CHCR) & (DSE | TE), 0);
	assert_true(dmac_run(&dmacs[0], 64));
	assert_int_equal(dmacs_read(0, 6, CHCR) & (DSE | TE), DSE);
	assert_true(dmac_run(&dmacs[0], 64 * 1000));
	dmacs_write(0, 6, CHCR, dmacs_read(0, 6, CHCR) & ~(DE | DSE));
	assert_false(dmac_run(&dmacs[0], 64));
	assert_int_equal(dmacs[0].counts.bytes, 64 * 1008);
	assert_int_equal(dmacs[0].counts.ends, 0);
	/* Descriptors that another domain has are not read. */
	dmac_write(&dmacs[0], DMACHCLR, 4, 0xffff);
	dmacs_write(0, 6, DPBASE, (uint32_t)RAM_OF_B | 1);
	dmacs_write(0, 6, CHCR, DPM_ONCE | COPY | RPT_ALL | DPB);
	dmacs_finish(0);
	assert_int_equal(dmacs_read(0, 6, CHCR) & CAE, CAE);
	assert_int_equal(dmacs_read(0, 6, SAR), 0);
}

static uint32_t random_address(uint32_t dmac)
{
	const uint64_t bases[] = {IPA_OF_A, RAM_OF_A, RAM_OF_B, RAM_BASE, dmac == 0 ? IPA_OF_A : RAM_OF_B};
	uint64_t at = bases[machine_random(ARRAY_SIZE(bases))] + machine_random(RAM_PAGES + 1) * PAGE_SIZE;

	return (uint32_t)at + (machine_random(2) != 0 ? 64 * machine_random(64) : machine_random(PAGE_SIZE));
}

static void step_random(void)
{
	uint32_t dmac = machine_random(DMACS);
	uint32_t channel = machine_random(DMAC_CHANNELS);
	uint32_t flags = COPY | machine_random(2) << 20 | machine_random(4) << 3;

	switch (machine_random(8)) {
	case 0:
		dmacs_write(dmac, channel, machine_random(2) != 0 ? SAR : DAR, random_address(dmac));
		break;
	case 1:
		dmacs_write(dmac, channel, TCR, machine_random(1000));
		break;
	case 2:
		dmacs_write(dmac, channel, CHCR, machine_random(2) != 0 ? flags : machine_random(UINT32_MAX));
		break;
	case 3:
		dmacs_write(dmac, channel, DPBASE, random_address(dmac) | 1);
		dmacs_write(dmac, channel, CHCRB, machine_random(4) << 24 | DRST);
		break;
	case 4:
		dmac_write(&dmacs[dmac], machine_random(DMAC_REGISTERS) & ~3u, 4, machine_random(UINT32_MAX));
		break;
	case 5:
		dmac_write(&dmacs[dmac], DMAOR, 2, DME);
		dmacs_write(dmac, channel, machine_random(2) != 0 ? FIXSAR : FIXDAR, 0);
		break;
	case 6:
		if (machine_random(16) == 0) {
			dmac_write(&dmacs[dmac], DMACHCLR, 4, machine_random(0x10000));
		}
		break;
	default:
		(void)dmac_run(&dmacs[dmac], machine_random(10000));
		break;
	}
}

/* Whatever is written to the registers, and while domains start again: a domain's DMAC moves what
 * the domain has to where the domain may write. Domain a's bytes are below 128, b's are not. */
static void test_random(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < STEPS; i++) {
		step_random();
		if (machine_random(1000) == 0) {
			assert_true(iommu_domain_block(machine_random(DOMAINS), 0));
			assert_true(iommu_domain_unblock(machine_random(DOMAINS), 0));
		}
		if (i % CHECK_EVERY == 0) {
			machine_settle();
			dmacs_check_memory();
			assert_int_equal(machine.violations, 0);
		}
	}
	dmacs_check_memory();
	for (uint32_t dmac = 0; dmac < DMACS; dmac++) {
		assert_true(dmacs[dmac].counts.bytes > KIB(256));
		assert_true(dmacs[dmac].counts.ends > 100 && dmacs[dmac].counts.errors > 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_registers, setup),
		cmocka_unit_test_setup(test_interrupts, setup),
		cmocka_unit_test_setup(test_stop, setup),
		cmocka_unit_test_setup(test_descriptors, setup),
		cmocka_unit_test_setup(test_first_dar, setup),
		cmocka_unit_test_setup(test_forever, setup),
		cmocka_unit_test_setup(test_random, setup),
	};

	return cmocka_run_group_tests_name("rcar_dmac_more", tests, NULL, NULL);
}
