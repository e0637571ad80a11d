/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DMA by a SYS-DMAC in a domain whose RAM is elsewhere than it sees it, beside another domain
 * with another SYS-DMAC (tests/system/rcar_dma). Options: side=0|1 (which of the two it is),
 * runs=N (it starts again N times, copying all the time: side 1; or copies beside one that does:
 * side 0), meeting=ADDRESS (of the page that the two share), reach=ADDRESS (it only tells whether
 * a copy from there arrives).
 */
#include "sysdmac.h"

#include "rt/check.h"
#include "rt/console.h"
#include "rt/machine.h"

static uint64_t meeting;

void payload_secondary(uint32_t index)
{
	(void)index;
}

uint32_t meeting_read(enum meeting what)
{
	return mmio_read32(meeting + 64 * (uint64_t)what);
}

void meeting_write(enum meeting what, uint32_t value)
{
	arch_dsb();
	mmio_write32(meeting + 64 * (uint64_t)what, value);
}

bool meeting_wait(enum meeting what, uint32_t value, uint32_t seconds)
{
	uint64_t end = arch_counter() + seconds * SYSREG_READ(cntfrq_el0);

	while (meeting_read(what) < value) {
		if (arch_counter() > end) {
			return false;
		}
	}
	return true;
}

uint64_t pattern(uint64_t address, uint64_t round)
{
	return (address + (round << 40) + dmac) * UINT64_C(0x9e3779b97f4a7c15);
}

void fill(uint64_t at, uint64_t bytes, uint64_t round)
{
	for (uint64_t i = 0; i < bytes; i += 8) {
		mmio_write64(at + i, pattern(at + i, round));
	}
}

uint32_t differ(uint64_t at, uint64_t bytes, uint64_t from, uint64_t round)
{
	uint32_t count = 0;

	for (uint64_t i = 0; i < bytes; i += 8) {
		count += mmio_read64(at + i) != pattern(from + i, round) ? 1 : 0;
	}
	return count;
}

/* What an IPMMU is good for is seen without one. */
static void tell_reach(uint64_t address)
{
	bool arrived = dmac_copy(0, address, machine.ram[0].base + FREE_BEGIN, UNIT);

	console_printf("sysdmac: %lx is %s\n", address, arrived ? "reached" : "refused");
}

void payload_main(void)
{
	uint64_t side = 0;
	uint64_t runs = 0;
	uint64_t address;

	(void)machine_option_number("side", 0, &side);
	(void)machine_option_number("runs", 0, &runs);
	(void)machine_option_number("meeting", 0, &meeting);
	if (!check_that(dmac_open(), "dmac", "not found")) {
		check_report();
	} else if (machine_option_number("reach", 0, &address)) {
		tell_reach(address);
	} else if (runs == 0) {
		console_printf("sysdmac %lu: RAM %lx+%lx, registers %lx\n", side, machine.ram[0].base,
			       machine.ram[0].size, dmac);
		test_shapes();
		test_sweep(side == 0 ? MEETING_LEFT : MEETING_RIGHT, side == 0 ? MEETING_RIGHT : MEETING_LEFT);
		check_report();
	} else if (side == 0) {
		copy_beside((uint32_t)runs);
		check_report();
	} else {
		run_again((uint32_t)runs);
	}
}
