/* SPDX-License-Identifier: Apache-2.0 */
/* One domain copies without end and loses nothing, while the other, copying as well, starts
 * again and again. */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/machine.h"
#include "rt/psci.h"
#include "sysdmac.h"

#define BYTES 0x4000u
#define PIECE 0x10000u /* of memory, for each channel */
#define HALF (CHANNELS * PIECE)
#define SECONDS 120u
#define LOOKS 3u

static struct dmac_descriptor lists[CHANNELS][2] __attribute__((aligned(64)));

static uint64_t source(uint32_t channel)
{
	return machine.ram[0].base + FREE_BEGIN + PIECE * (uint64_t)channel;
}

static uint64_t target(uint32_t channel)
{
	return source(channel) + HALF;
}

static bool all_ended(uint32_t rounds)
{
	for (uint32_t i = 0; i < CHANNELS; i++) {
		if (dmac_ended[i] < rounds) {
			return false;
		}
	}
	return true;
}

/* Every copy ends by one interrupt, and has arrived then. */
void copy_beside(uint32_t runs)
{
	uint64_t end = arch_counter() + SECONDS * SYSREG_READ(cntfrq_el0);
	uint32_t rounds = 0;
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < CHANNELS; i++) {
		fill(source(i), BYTES, i);
	}
	while (meeting_read(MEETING_RUNS) <= runs && arch_counter() < end) {
		rounds++;
		for (uint32_t i = 0; i < CHANNELS; i++) {
			fill(source(i), UNIT, rounds);
			dmac_start(i, source(i), target(i), BYTES, true);
		}
		arch_unmask_irq();
		while (!all_ended(rounds) && arch_counter() < end) {
		}
		arch_mask_irq();
		for (uint32_t i = 0; i < CHANNELS; i++) {
			wrong += differ(target(i), UNIT, source(i), rounds);
			wrong += differ(target(i) + UNIT, BYTES - UNIT, source(i) + UNIT, i);
			wrong += dmac_ended[i] != rounds ? 1 : 0;
			wrong += gic_count[0][dmac_intids[i + 1]] != rounds ? 1 : 0;
		}
		meeting_write(MEETING_COPIES, rounds);
	}
	console_printf("sysdmac: %u copies of %u bytes, %u wrong, %u errors; the other started again %u times\n",
		       rounds * CHANNELS, BYTES, wrong, dmac_failed, meeting_read(MEETING_RUNS) - 1);
	check_that(wrong == 0 && dmac_failed == 0 && meeting_read(MEETING_RUNS) > runs, "copies-beside-restarts",
		   "%u wrong", wrong);
}

/* Nothing of the run before arrives in this one's memory. */
static bool look_at_rest(uint32_t run)
{
	for (uint32_t look = 0; look < LOOKS; look++) {
		for (uint32_t i = 0; i < CHANNELS; i++) {
			for (uint64_t at = target(i); at < target(i) + BYTES; at += 8) {
				if (mmio_read64(at) != 0) {
					console_printf("FAIL sysdmac: run %u: %lx has %lx\n", run, at, mmio_read64(at));
					return false;
				}
			}
		}
		nap_ms(1);
	}
	return true;
}

/* Each channel writes to memory for ever, and then the domain asks for its reset. */
void run_again(uint32_t runs)
{
	uint64_t end = arch_counter() + SECONDS * SYSREG_READ(cntfrq_el0);
	uint32_t run = meeting_read(MEETING_RUNS) + 1;
	uint32_t copies;

	if (!look_at_rest(run)) {
		return;
	}
	for (uint32_t i = 0; i < CHANNELS; i++) {
		fill(source(i), BYTES, run);
		for (uint32_t k = 0; k < 2; k++) {
			lists[i][k].from = (uint32_t)source(i) + k * (BYTES / 2);
			lists[i][k].to = (uint32_t)target(i) + k * (BYTES / 2);
			lists[i][k].units = BYTES / 2 / UNIT;
		}
		dmac_start_list(i, lists[i], 2, CHCR_DPM_FOREVER);
	}
	for (uint32_t i = 0; i < CHANNELS; i++) {
		while (differ(target(i), BYTES, source(i), run) != 0) {
			if (arch_counter() > end) {
				console_printf("FAIL sysdmac: run %u: channel %u does not copy\n", run, i);
				return;
			}
		}
	}
	/* While the other is in the middle of something: at least one of its rounds in each run. */
	copies = meeting_read(MEETING_COPIES);
	meeting_write(MEETING_RUNS, run);
	if (run > runs) {
		console_printf("sysdmac: %u runs\n", run);
		return;
	}
	if (!meeting_wait(MEETING_COPIES, copies + 1, SECONDS)) {
		console_printf("FAIL sysdmac: run %u: the other does not copy\n", run);
		return;
	}
	(void)psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
	console_printf("FAIL sysdmac: the reset came back\n");
}
