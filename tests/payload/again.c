/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that resets itself in the middle of a device's DMA, twice, and looks what of it comes
 * to the memory of the next run (tests/system/viommu: an edu device behind a root port). The
 * device keeps a number, as QEMU's has no reset of its own: by that it knows which run it is.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/psci.h"
#include "smmu.h"

#define PAGE 4096u
#define FAR 0x800000u /* beyond all that is loaded, from the start of RAM */
#define PATTERN UINT64_C(0x4655524d45522121)
#define RUNS 3u
#define WAIT_MS 20u
#define WAITS 20u /* edu's DMA takes 100 ms */

void payload_secondary(uint32_t index)
{
	(void)index;
}

static bool holds(const volatile uint64_t *page, uint64_t value)
{
	for (uint32_t i = 0; i < PAGE / 8; i++) {
		if (page[i] != value) {
			return false;
		}
	}
	return true;
}

static void fill(volatile uint64_t *page, uint64_t value)
{
	for (uint32_t i = 0; i < PAGE / 8; i++) {
		page[i] = value;
	}
	arch_dsb();
}

/* All may do DMA again: what was under way would arrive. */
static void look(const volatile uint64_t *page, uint32_t run)
{
	bool clean = true;

	for (uint32_t i = 0; i < WAITS && clean; i++) {
		clean = holds(page, 0);
		nap_ms(WAIT_MS);
	}
	check_that(clean, "nothing-of-the-former-run", "run %u: %lx", run, page[0]);
}

void payload_main(void)
{
	uint64_t to = machine.ram[0].base + FAR, from = to + PAGE;
	volatile uint64_t *target = (volatile uint64_t *)(uintptr_t)to;
	volatile uint64_t *source = (volatile uint64_t *)(uintptr_t)from;
	uint32_t run;

	if (!check_that(edu_find(), "edu", "not found")) {
		check_report();
		return;
	}
	run = edu_kept();
	console_printf("again: run %u\n", run);
	if (run != 0) {
		look(target, run);
	}
	fill(source, PATTERN + run);
	edu_copy(to, from, PAGE);
	check_that(holds(target, PATTERN + run), "dma-works", "run %u: %lx", run, target[0]);
	if (run + 1 == RUNS) {
		check_report();
		return;
	}
	fill(target, 0);
	edu_keep(run + 1);
	edu_begin(to, PAGE);
	(void)psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
	check_that(false, "reset", "came back");
	check_report();
}
