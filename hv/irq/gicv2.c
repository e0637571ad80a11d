/* SPDX-License-Identifier: Apache-2.0 */
/* GICv2: distributor and CPU interface (IHI 0048B). */
#include "irq/gic.h"

#include "arch/barrier.h"
#include "irq/gicd.h"

static struct {
	uint64_t gicc;            /* where GICC_CTLR .. and, 4 KiB on, GICC_DIR lie */
	uint8_t mask[CPUS_MAX];   /* each CPU's interface as a bit; 0: not known yet */
} gicv2;

/* Some boards decode the GIC-400 in 64 KiB steps: each of its 4 KiB pages shows 16
 * times, and GICC_DIR's page follows only after them. The last copy of the first
 * page then borders on the second, which gives the usual layout again. */
static uint64_t gicv2_find_gicc(void)
{
	uint64_t base = board.gic.gicc.base;

	if (board.gic.gicc.size >= KIB(128) &&
	    mmio_read32(base + GICC_ALIAS + GICC_IIDR) == mmio_read32(base + GICC_IIDR)) {
		base += GICC_ALIAS;
	}
	return base;
}

const char *gic_init(void)
{
	uint64_t base = board.gic.gicd.base;

	gicv2.gicc = gicv2_find_gicc();
	if (FIELD_GET(GICC_IIDR_ARCH, mmio_read32(gicv2.gicc + GICC_IIDR)) != 2) {
		return "GICC_IIDR does not say GICv2";
	}
	mmio_write32(base + GICD_CTLR, 0);
	gicd_reset_spis();
	/* One security state: groups 0 and 1. Two: the non-secure view's one enable bit. */
	mmio_write32(base + GICD_CTLR, GICD_CTLR_GRP0 | GICD_CTLR_GRP1);
	return NULL;
}

/* GICD_ITARGETSR0..7 show the reader its own CPU interface in every byte that belongs
 * to an implemented interrupt; single-CPU GICs read 0. */
static uint8_t gicv2_interface_mask(void)
{
	uint32_t mask = 0;

	for (uint32_t n = 0; n < 32; n += 4) {
		mask |= mmio_read32(board.gic.gicd.base + GICD_ITARGETSR + n);
	}
	mask |= mask >> 16;
	mask |= mask >> 8;
	mask &= 0xff;
	return mask == 0 ? 1 : (uint8_t)mask;
}

const char *gic_cpu_init(uint32_t cpu)
{
	gicd_reset_banked(board.gic.gicd.base, gicd_own_banked());
	mmio_write32(gicv2.gicc + GICC_CTLR, 0);
	mmio_write32(gicv2.gicc + GICC_PMR, 0xff);
	mmio_write32(gicv2.gicc + GICC_BPR, 0);
	for (uint32_t n = 0; n < 16; n += 4) {
		mmio_write32(gicv2.gicc + GICC_APR0 + n, 0);
		mmio_write32(gicv2.gicc + GICC_NSAPR0 + n, 0);
	}
	/* Without Security Extensions ours are Group 1: acknowledged by GICC_IAR with AckCtl. */
	mmio_write32(gicv2.gicc + GICC_CTLR,
		     GICC_CTLR_ENABLE | GICC_CTLR_GRP1 | GICC_CTLR_ACKCTL | GICC_CTLR_EOIMODE_NS);
	__atomic_store_n(&gicv2.mask[cpu], gicv2_interface_mask(), __ATOMIC_RELEASE);
	__atomic_store_n(&gic_banked_base[cpu], board.gic.gicd.base, __ATOMIC_RELEASE);
	return NULL;
}

void gic_cpu_off(void)
{
	mmio_write32(gicv2.gicc + GICC_CTLR, 0);
	dsb_sy();
}

uint32_t gic_ack(void)
{
	return mmio_read32(gicv2.gicc + GICC_IAR);
}

void gic_drop(uint32_t iar)
{
	mmio_write32(gicv2.gicc + GICC_EOIR, iar);
}

void gic_deactivate(uint32_t iar)
{
	mmio_write32(gicv2.gicc + GICC_DIR, iar);
}

void gic_send_sgi(uint32_t cpu, uint32_t sgi)
{
	uint8_t mask = __atomic_load_n(&gicv2.mask[cpu], __ATOMIC_RELAXED);

	if (mask != 0) {
		dsb_ishst();
		mmio_write32(board.gic.gicd.base + GICD_SGIR,
			     (uint32_t)(FIELD_PREP(GICD_SGIR_TARGETS, mask) |
					FIELD_PREP(GICD_SGIR_INTID, sgi)));
	}
}

void gic_spi_route(uint32_t intid, const uint8_t *cpus, uint32_t count)
{
	uint8_t mask = 0;

	for (uint32_t i = 0; i < count; i++) {
		mask |= __atomic_load_n(&gicv2.mask[cpus[i]], __ATOMIC_RELAXED);
	}
	mmio_write8(board.gic.gicd.base + GICD_ITARGETSR + intid, mask);
}

void gic_wait_disabled(uint32_t cpu, uint32_t w)
{
	(void)cpu;
	(void)w;
}
