/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of the (virtual) GIC: what is written is read, what is not ours is RAZ/WI. */
#include "selftest.h"

#define SGI 3
#define GICD_CTLR_ENABLES 0x3

static uint32_t read_bit(uint32_t intid, uint32_t bank)
{
	return mmio_read32(gic_frame(intid) + bank + 4 * (intid / 32)) >> (intid % 32) & 1;
}

static void write_bit(uint32_t intid, uint32_t bank)
{
	mmio_write32(gic_frame(intid) + bank + 4 * (intid / 32), 1u << (intid % 32));
}

/* A pair of registers that set and clear the same bit. */
static bool set_and_clear(uint32_t intid, uint32_t set, uint32_t clear)
{
	write_bit(intid, set);
	bool was_set = read_bit(intid, set) == 1 && read_bit(intid, clear) == 1;

	write_bit(intid, clear);
	return was_set && read_bit(intid, set) == 0 && read_bit(intid, clear) == 0;
}

static bool keeps_priority(uint32_t intid)
{
	uint64_t at = gic_frame(intid) + GICD_IPRIORITYR + intid;
	uint8_t old = mmio_read8(at);

	mmio_write8(at, 0x50);
	bool same = mmio_read8(at) == 0x50;

	mmio_write32(at & ~UINT64_C(3), 0x60606060);
	/* The neighbours need not be ours. */
	same &= (mmio_read32(at & ~UINT64_C(3)) >> (8 * (intid & 3)) & 0xff) == 0x60;
	mmio_write8(at, old);
	return same && mmio_read8(at) == old;
}

static void test_distributor(void)
{
	uint64_t gicd = machine.gicd.base;
	uint32_t typer = mmio_read32(gicd + GICD_TYPER);
	uint32_t lines = 32 * ((typer & 0x1f) + 1);
	uint32_t ctlr = mmio_read32(gicd + GICD_CTLR);
	uint32_t revision =
		mmio_read32(gicd + (machine.gic_version == 3 ? GIC_PIDR2 : GICV2_PIDR2)) >> 4 & 15;

	mmio_write32(gicd + GICD_TYPER, ~typer);
	check_that(mmio_read32(gicd + GICD_TYPER) == typer && lines > 32, "gicd-typer", "%x, then %x", typer,
		   mmio_read32(gicd + GICD_TYPER));
	check_that(revision == machine.gic_version || (machine.gic_version == 3 && revision == 4),
		   "gicd-pidr2", "architecture %u", revision);
	check_that((ctlr & GICD_CTLR_ENABLES) != 0 && (machine.gic_version == 2 || (ctlr & 0x10) != 0),
		   "gicd-ctlr", "%x", ctlr);
	if (selftest_strict()) {
		mmio_write32(gicd + GICD_CTLR, 0);
		uint32_t off = mmio_read32(gicd + GICD_CTLR) & GICD_CTLR_ENABLES;

		mmio_write32(gicd + GICD_CTLR, ctlr);
		check_that(off == 0 && mmio_read32(gicd + GICD_CTLR) == ctlr, "gicd-ctlr-off-on", "%x, %x",
			   off, mmio_read32(gicd + GICD_CTLR));
	}
	check_that(mmio_read32(gicd + GICD_IIDR) == mmio_read32(gicd + GICD_IIDR), "gicd-iidr", "-");
	/* Beyond the last SPI: reserved or not implemented. */
	if (lines < 1020) {
		write_bit(lines, GICD_ISENABLER);
		check_that(read_bit(lines, GICD_ISENABLER) == 0, "gicd-beyond-lines", "INTID %u", lines);
	}
}

static void test_redistributor(void)
{
	uint64_t base = gic_redistributor();

	check_that(base != 0, "gicr-own-affinity", "no frame has MPIDR %lx", arch_mpidr());
	uint32_t revision = mmio_read32(base + GIC_PIDR2) >> 4 & 15;

	check_that(revision == 3 || revision == 4, "gicr-pidr2", "architecture %u", revision);
	/* One frame for each CPU, in some order, the last one marked. */
	uint32_t frames = 0;
	uint32_t last = 0;

	for (uint64_t at = 0; at < machine.gicr.size && last == 0; at += MACHINE_GICR_STRIDE) {
		last = mmio_read32(machine.gicr.base + at + GICR_TYPER) >> 4 & 1;
		frames++;
	}
	check_that(last == 1 && frames == machine.cpu_count, "gicr-frames", "%u for %u CPUs", frames,
		   machine.cpu_count);
	uint64_t typer = mmio_read64(base + GICR_TYPER);
	uint64_t halves = mmio_read32(base + GICR_TYPER) | (uint64_t)mmio_read32(base + GICR_TYPER + 4) << 32;

	check_that(typer == halves, "gicr-typer-halves", "%lx, %lx", typer, halves);
}

static void test_private(void)
{
	uint32_t timer = machine.timer_virtual_intid;
	uint64_t frame = gic_frame(SGI);

	if (machine.gic_version == 3) {
		check_that(set_and_clear(SGI, GICD_ISENABLER, GICD_ICENABLER), "sgi-enable", "-");
		check_that(set_and_clear(SGI, GICD_ISPENDR, GICD_ICPENDR), "sgi-pending", "-");
	} else {
		uint32_t targets = mmio_read32(machine.gicd.base + GICD_ITARGETSR);

		check_that(machine.cpu_count == 1 || (targets != 0 && (targets & 0xff) == targets >> 24),
			   "itargetsr0", "%x", targets);
	}
	check_that(keeps_priority(SGI), "sgi-priority", "-");
	check_that(keeps_priority(timer), "ppi-priority", "-");
	check_that(set_and_clear(timer, GICD_ISENABLER, GICD_ICENABLER), "ppi-enable", "-");
	check_that(mmio_read32(frame + GICD_ICFGR) == 0xaaaaaaaa, "sgi-config-edge", "%x",
		   mmio_read32(frame + GICD_ICFGR));
	check_that(read_bit(SGI, GICD_ISACTIVER) == 0, "sgi-inactive", "-");
}

static bool routes(uint32_t intid)
{
	uint64_t gicd = machine.gicd.base;

	if (machine.gic_version == 2) {
		mmio_write8(gicd + GICD_ITARGETSR + intid, 1);
		return machine.cpu_count == 1 || mmio_read8(gicd + GICD_ITARGETSR + intid) == 1;
	}
	bool same = true;

	for (uint32_t i = machine.cpu_count; i-- > 0;) {
		mmio_write64(gicd + GICD_IROUTER + 8 * (uint64_t)intid, machine.cpus[i]);
		same &= mmio_read64(gicd + GICD_IROUTER + 8 * (uint64_t)intid) == machine.cpus[i];
	}
	return same;
}

/* An SPI of ours: all its state is there, and setting it pending delivers it, once. */
static void test_own_spi(uint32_t intid, const char *name)
{
	uint32_t before = gic_count[0][intid];
	uint64_t patience = selftest_patience();

	gic_disable(intid);
	console_printf("%s: INTID %u\n", name, intid);
	check_that(routes(intid), "spi-route", "INTID %u", intid);
	check_that(set_and_clear(intid, GICD_ISENABLER, GICD_ICENABLER), "spi-enable", "INTID %u", intid);
	check_that(set_and_clear(intid, GICD_ISPENDR, GICD_ICPENDR), "spi-pending", "INTID %u", intid);
	check_that(set_and_clear(intid, GICD_ISACTIVER, GICD_ICACTIVER), "spi-active", "INTID %u", intid);
	check_that(keeps_priority(intid), "spi-priority", "INTID %u", intid);

	gic_set_priority(intid, 0xa0);
	write_bit(intid, GICD_ISPENDR);
	check_that(!gic_wait(0, intid, before, selftest_moment()), "spi-disabled-waits", "INTID %u", intid);
	gic_enable(intid);
	check_that(gic_wait(0, intid, before, patience), "spi-delivered", "INTID %u", intid);
	check_that(!gic_wait(0, intid, before + 1, selftest_moment()), "spi-delivered-once",
		   "INTID %u: %u times", intid, gic_count[0][intid] - before);
	check_that(read_bit(intid, GICD_ISACTIVER) == 0 && read_bit(intid, GICD_ISPENDR) == 0, "spi-ended",
		   "INTID %u", intid);
	/* And again: it was deactivated. */
	write_bit(intid, GICD_ISPENDR);
	check_that(gic_wait(0, intid, before + 1, patience), "spi-again", "INTID %u", intid);
	gic_disable(intid);
}

static void test_foreign_spi(uint32_t intid)
{
	uint64_t gicd = machine.gicd.base;

	write_bit(intid, GICD_ISENABLER);
	write_bit(intid, GICD_ISPENDR);
	write_bit(intid, GICD_ISACTIVER);
	gic_set_priority(intid, 0x50);
	uint32_t seen = read_bit(intid, GICD_ISENABLER) | read_bit(intid, GICD_ISPENDR) |
			read_bit(intid, GICD_ISACTIVER) | mmio_read8(gicd + GICD_IPRIORITYR + intid);

	if (machine.gic_version == 3) {
		mmio_write64(gicd + GICD_IROUTER + 8 * (uint64_t)intid, machine.cpus[0] | BIT(31));
		seen |= mmio_read32(gicd + GICD_IROUTER + 8 * (uint64_t)intid);
	} else {
		mmio_write8(gicd + GICD_ITARGETSR + intid, 0xff);
		seen |= mmio_read8(gicd + GICD_ITARGETSR + intid);
	}
	check_that(seen == 0, "foreign-spi", "INTID %u: %x", intid, seen);
}

void selftest_gic(void)
{
	uint64_t intid;

	test_distributor();
	if (machine.gic_version == 3) {
		test_redistributor();
	}
	test_private();
	if (machine_option_number("own-spi", 0, &intid)) {
		test_own_spi((uint32_t)intid, "physical SPI");
	}
	if (machine.uart.base != 0 && selftest_strict()) {
		test_own_spi(machine.uart_intid, "console SPI");
	}
	for (uint32_t i = 0; machine_option_number("foreign-spi", i, &intid); i++) {
		test_foreign_spi((uint32_t)intid);
	}
}
