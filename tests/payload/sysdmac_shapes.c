/* SPDX-License-Identifier: Apache-2.0 */
/* Copies by every channel, by interrupt, by descriptors, and one that ends outside. */
#include "rt/check.h"
#include "rt/gic.h"
#include "rt/machine.h"
#include "sysdmac.h"

#define BYTES 0x8000u
#define PIECES 8u
#define WAIT_S 10u

static struct dmac_descriptor list[PIECES] __attribute__((aligned(64)));

static uint64_t source(void)
{
	return machine.ram[0].base + FREE_BEGIN;
}

static uint64_t target(uint32_t channel)
{
	return source() + BYTES * (1 + (uint64_t)channel);
}

static void test_channels(void)
{
	uint32_t arrived = 0;
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < CHANNELS; i++) {
		fill(source(), BYTES, i);
		arrived += dmac_copy(i, source(), target(i), BYTES) ? 1 : 0;
		wrong += differ(target(i), BYTES, source(), i);
	}
	check_that(arrived == CHANNELS && wrong == 0, "dmac-channels", "%u of %u arrived, %u words are wrong",
		   arrived, CHANNELS, wrong);
}

/* All at once; each tells of its end by an interrupt of its own, once. */
static void test_interrupts(void)
{
	uint64_t end = arch_counter() + WAIT_S * SYSREG_READ(cntfrq_el0);
	uint32_t ended;
	uint32_t wrong = 0;

	fill(source(), BYTES, CHANNELS);
	for (uint32_t i = 0; i < CHANNELS; i++) {
		dmac_start(i, source(), target(i), BYTES, true);
	}
	arch_unmask_irq();
	do {
		ended = 0;
		for (uint32_t i = 0; i < CHANNELS; i++) {
			ended += dmac_ended[i];
		}
	} while (ended < CHANNELS && arch_counter() < end);
	arch_mask_irq();
	for (uint32_t i = 0; i < CHANNELS; i++) {
		wrong += differ(target(i), BYTES, source(), CHANNELS) + (dmac_ended[i] != 1 ? 1 : 0) +
			 (gic_count[0][dmac_intids[i + 1]] != 1 ? 1 : 0);
	}
	check_that(ended == CHANNELS && wrong == 0 && dmac_failed == 0, "dmac-interrupts",
		   "%u ends, %u errors, %u wrong", ended, dmac_failed, wrong);
}

/* An error comes by the channel's interrupt too. */
static void test_error(void)
{
	uint32_t before = gic_count[0][dmac_intids[3]];

	dmac_start(2, source(), machine.ram[0].base + machine.ram[0].size, UNIT, true);
	check_that(gic_wait(0, dmac_intids[3], before, WAIT_S * SYSREG_READ(cntfrq_el0)) && dmac_failed == 1,
		   "dmac-error-interrupt", "%u errors", dmac_failed);
}

static void test_descriptors(void)
{
	uint32_t wrong = 0;

	fill(source(), BYTES, 100);
	for (uint32_t i = 0; i < PIECES; i++) {
		list[i].from = (uint32_t)source() + i * (BYTES / PIECES);
		list[i].to = (uint32_t)target(PIECES - i);
		list[i].units = BYTES / PIECES / UNIT;
	}
	dmac_start_list(5, list, PIECES, CHCR_DPM_ONCE);
	wrong += dmac_wait(5) ? 0 : 1;
	for (uint32_t i = 0; i < PIECES; i++) {
		wrong += differ(target(PIECES - i), BYTES / PIECES, source() + i * (BYTES / PIECES), 100);
	}
	check_that(wrong == 0, "dmac-descriptors", "%u wrong", wrong);
}

/* Over the end of RAM: all in front of it arrives. */
static void test_edge(void)
{
	uint64_t end = machine.ram[0].base + machine.ram[0].size;

	fill(source(), 2 * PAGE, 101);
	check_that(!dmac_copy(7, source(), end - PAGE, 2 * PAGE) && differ(end - PAGE, PAGE, source(), 101) == 0,
		   "dmac-edge", "%u words are wrong", differ(end - PAGE, PAGE, source(), 101));
}

void test_shapes(void)
{
	test_channels();
	test_interrupts();
	test_error();
	test_descriptors();
	test_edge();
}
