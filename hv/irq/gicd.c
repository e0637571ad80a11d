/* SPDX-License-Identifier: Apache-2.0 */
/* The distributor: what GICv2 and GICv3 have in common. */
#include "irq/gicd.h"

#include "irq/gic.h"
#include "lib/spinlock.h"

uint64_t gic_banked_base[CPUS_MAX];

static struct {
	struct spinlock lock; /* GICD_ICFGR: read, change, write */
	uint32_t typer;
	uint32_t iidr;
	uint32_t end;
} gicd;

uint32_t gic_typer(void)
{
	return gicd.typer;
}

uint32_t gic_iidr(void)
{
	return gicd.iidr;
}

void gicd_reset_spis(void)
{
	uint64_t base = board.gic.gicd.base;

	gicd.typer = mmio_read32(base + GICD_TYPER);
	gicd.iidr = mmio_read32(base + GICD_IIDR);
	gicd.end = 32 * ((uint32_t)FIELD_GET(GICD_TYPER_LINES, gicd.typer) + 1);
	if (gicd.end > INTIDS) {
		gicd.end = INTIDS;
	}
	for (uint32_t w = 1; w < (gicd.end + 31) / 32; w++) {
		mmio_write32(base + GICD_ICENABLER + 4 * w, UINT32_MAX);
		mmio_write32(base + GICD_ICPENDR + 4 * w, UINT32_MAX);
		mmio_write32(base + GICD_ICACTIVER + 4 * w, UINT32_MAX);
		mmio_write32(base + GICD_IGROUPR + 4 * w, UINT32_MAX);
	}
	for (uint32_t n = 32; n < gicd.end; n += 4) {
		mmio_write32(base + GICD_IPRIORITYR + n, GIC_PRIO_RESET * UINT32_C(0x01010101));
	}
}

uint32_t gic_read_config(uint32_t cpu, uint32_t w)
{
	return mmio_read32((w < 2 ? gic_banked_base[cpu] : board.gic.gicd.base) + GICD_ICFGR + 4 * w);
}

void gic_write_config(uint32_t cpu, uint32_t w, uint32_t mask, uint32_t value)
{
	uint64_t reg = (w < 2 ? gic_banked_base[cpu] : board.gic.gicd.base) + GICD_ICFGR + 4 * w;

	spin_lock(&gicd.lock);
	mmio_write32(reg, (mmio_read32(reg) & ~mask) | (value & mask));
	spin_unlock(&gicd.lock);
}

void gic_spi_enable(uint32_t intid, bool on)
{
	gic_write_word(0, on ? GICD_ISENABLER : GICD_ICENABLER, intid / 32, BIT32(intid % 32));
}

void gic_spi_claim(uint32_t intid, uint32_t cpu, bool edge)
{
	uint8_t target = (uint8_t)cpu;
	uint32_t shift = 2 * (intid % 16);

	gic_spi_enable(intid, false);
	gic_write_config(cpu, intid / 16, UINT32_C(3) << shift, (edge ? UINT32_C(2) : 0) << shift);
	gic_write_priority(cpu, intid, GIC_PRIO_OWN);
	gic_spi_route(intid, &target, 1);
	gic_spi_enable(intid, true);
}

uint32_t gicd_own_banked(void)
{
	return UINT32_C(0xff) | BIT32(board.gic.maintenance) | BIT32(board.gic.timer);
}

void gicd_reset_banked(uint64_t base, uint32_t enable)
{
	mmio_write32(base + GICD_ICENABLER, UINT32_MAX);
	/* SGIs that other CPUs have sent meanwhile stay. */
	mmio_write32(base + GICD_ICPENDR, UINT32_C(0xffff0000));
	mmio_write32(base + GICD_ICACTIVER, UINT32_MAX);
	mmio_write32(base + GICD_IGROUPR, UINT32_MAX);
	for (uint32_t n = 0; n < 32; n += 4) {
		mmio_write32(base + GICD_IPRIORITYR + n, GIC_PRIO_RESET * UINT32_C(0x01010101));
	}
	mmio_write32(base + GICD_ISENABLER, enable);
}
