/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a guest pays for the first access to a block of what it finds on demand, as bench.c
 * says what for the rest: pages of the window `exact` of tests/system/ondemand, each once.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/machine.h"
#include "rt/trap.h"

#define EXACT UINT64_C(0x20000000)
#define PAGE UINT64_C(0x1000)
#define PAGES 1024u
#define ROUNDS 16u
#define LOOPS 60u /* pages a round */

uint64_t bench_stride(uint64_t addr, uint64_t rounds, uint64_t stride);

void payload_secondary(uint32_t index)
{
	(void)index;
}

void payload_main(void)
{
	uint64_t sum = 0, least = 0, most = 0;
	struct trap_record trap;

	/* The range is told of before anything is counted. */
	trap_arm();
	(void)mmio_read32(EXACT + (PAGES - 1) * PAGE);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint64_t ticks = bench_stride(EXACT + i * LOOPS * PAGE, LOOPS, PAGE);

		sum += ticks;
		least = least == 0 || ticks < least ? ticks : least;
		most = ticks > most ? ticks : most;
	}
	trap = trap_disarm();
	console_printf("BENCH demand %lu %lu %lu\n", sum / (ROUNDS * LOOPS), least / LOOPS, most / LOOPS);
	check_that(!trap.taken, "demand", "%u exceptions, the last at %lx", trap.count, trap.far);
	check_report();
}
