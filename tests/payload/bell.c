/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A doorbell that is rung without end at a domain that looks at nothing: it gets one
 * interrupt, which goes when it looks. What that costs its CPU, tests/system/doorbell.sh
 * counts. Options: bell=BASE, intid=N (where the PL061 is, and its interrupt), ring=1 (this is
 * who rings).
 *
 * Line 4 of who rings says "go on", line 5 "that was all", which is answered by line 1.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"

#define DATA(mask) ((uint64_t)(mask) << 2)
#define DIR 0x400
#define IS 0x404
#define IBE 0x408
#define IEV 0x40c
#define IE 0x410
#define MIS 0x418
#define IC 0x41c

#define LINE 0x10u /* that is rung, here */
#define GO 0x01u
#define END 0x02u

void payload_secondary(uint32_t index)
{
	(void)index;
}

static void ring(uint64_t bell)
{
	uint64_t rings = 0;
	uint8_t level = 0;

	for (;;) {
		uint8_t in = mmio_read8(bell + DATA(0x30));

		if ((in & 0x20) != 0) {
			break;
		}
		if ((in & 0x10) != 0) {
			level ^= 1;
			rings++;
			mmio_write8(bell + DATA(1), level);
		}
	}
	/* Lines fall as a domain ends: the other one ends first. */
	mmio_write8(bell + DATA(2), 2);
	while ((mmio_read8(bell + DATA(0x20)) & 0x20) != 0) {
	}
	console_printf("bell: rung %lu times\n", rings);
	check_that(rings > 10000, "rings", "only %lu times", rings);
}

static void wait(uint64_t ticks)
{
	uint64_t end = arch_counter() + ticks;

	while (arch_counter() < end) {
	}
}

static bool is_pending(uint32_t intid)
{
	return (mmio_read32(gic_frame(intid) + GICD_ISPENDR + intid / 32 * 4) >> intid % 32 & 1) != 0;
}

static void hear(uint64_t bell, uint32_t intid)
{
	static const struct {
		const char *name;
		uint8_t is, ibe, iev;
	} modes[] = {
		{"rising-edges", 0, 0, LINE}, {"both-edges", 0, LINE, 0}, {"high-level", LINE, 0, LINE},
		{"low-level", LINE, 0, 0},
	};
	uint64_t second = SYSREG_READ(cntfrq_el0), end;

	gic_enable(intid);
	for (uint32_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		mmio_write8(bell + IS, modes[i].is);
		mmio_write8(bell + IBE, modes[i].ibe);
		mmio_write8(bell + IEV, modes[i].iev);
		mmio_write8(bell + IC, 0xff);
		mmio_write8(bell + IE, LINE);
		mmio_write8(bell + DATA(GO), GO);
		wait(second / 2);
		check_that(is_pending(intid), modes[i].name, "no interrupt");
		mmio_write8(bell + DATA(GO), 0);
		mmio_write8(bell + IE, 0);
		(void)mmio_read8(bell + MIS);
		check_that(!is_pending(intid), modes[i].name, "the interrupt stays");
	}
	mmio_write8(bell + DATA(END), END);
	end = arch_counter() + 20 * second;
	while ((mmio_read8(bell + DATA(0x20)) & 0x20) == 0 && arch_counter() < end) {
	}
	check_that(arch_counter() < end, "the-end", "not answered");
}

void payload_main(void)
{
	uint64_t bell = 0xb000000;
	uint64_t intid = 40;
	uint64_t rings = 0;

	(void)machine_option_number("bell", 0, &bell);
	(void)machine_option_number("intid", 0, &intid);
	(void)machine_option_number("ring", 0, &rings);
	mmio_write8(bell + DIR, 0x0f);
	if (rings != 0) {
		ring(bell);
	} else {
		hear(bell, (uint32_t)intid);
	}
	check_report();
}
