/* SPDX-License-Identifier: Apache-2.0 */
/* GICv3: distributor, redistributors, CPU interface (IHI 0069). */
#include "irq/gic.h"

#include "arch/barrier.h"
#include "arch/cpu.h"
#include "arch/sysreg.h"
#include "irq/gicd.h"

static bool gicv3_wait_clear(uint64_t reg, uint32_t bits)
{
	for (uint32_t i = 0; i < GIC_WAIT_POLLS; i++) {
		if ((mmio_read32(reg) & bits) == 0) {
			return true;
		}
		arch_relax();
	}
	return false;
}

/* MPIDR affinity as in GICR_TYPER[63:32]: Aff3.Aff2.Aff1.Aff0. */
static uint32_t gicv3_affinity(uint32_t cpu)
{
	uint64_t mpidr = board.cpus[cpu].mpidr;

	return (uint32_t)((FIELD_GET(GENMASK64(39, 32), mpidr) << 24) | (mpidr & GENMASK64(23, 0)));
}

const char *gic_init(void)
{
	uint64_t base = board.gic.gicd.base;

	/* With two security states this is the non-secure view: bit 0 is then reserved. */
	mmio_write32(base + GICD_CTLR, 0);
	if (!gicv3_wait_clear(base + GICD_CTLR, GICD_CTLR_RWP)) {
		return "GICD_CTLR.RWP stays set";
	}
	mmio_write32(base + GICD_CTLR, GICD_CTLR_ARE);
	if (!gicv3_wait_clear(base + GICD_CTLR, GICD_CTLR_RWP)) {
		return "GICD_CTLR.RWP stays set";
	}
	if ((mmio_read32(base + GICD_CTLR) & GICD_CTLR_ARE) == 0) {
		return "GICD_CTLR.ARE_NS cannot be set: no affinity routing";
	}
	gicd_reset_spis();
	mmio_write32(base + GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_GRP1);
	if (!gicv3_wait_clear(base + GICD_CTLR, GICD_CTLR_RWP)) {
		return "GICD_CTLR.RWP stays set";
	}
	return NULL;
}

/* The redistributor of `cpu`, or 0. Frames end at the one marked Last. */
static uint64_t gicv3_find_redistributor(uint32_t cpu)
{
	uint64_t base = board.gic.gicr.base;
	uint64_t end = base + board.gic.gicr.size;
	uint64_t typer;

	do {
		if (base + GICR_SIZE > end) {
			return 0;
		}
		typer = mmio_read64(base + GICR_TYPER);
		if (FIELD_GET(GICR_TYPER_AFF, typer) == gicv3_affinity(cpu)) {
			return base;
		}
		base += (typer & GICR_TYPER_VLPIS) != 0 ? GICR_SIZE_V4 : GICR_SIZE;
	} while ((typer & GICR_TYPER_LAST) == 0);
	return 0;
}

static void gicv3_cpu_interface_init(void)
{
	sysreg_write_icc_sre_el2(ICC_SRE_SRE | ICC_SRE_DFB | ICC_SRE_DIB | ICC_SRE_ENABLE);
	isb();
	sysreg_write_icc_sre_el1(ICC_SRE_SRE | ICC_SRE_DFB | ICC_SRE_DIB);
	sysreg_write_icc_pmr_el1(0xff);
	sysreg_write_icc_bpr1_el1(0);
	sysreg_write_icc_ctlr_el1(ICC_CTLR_EOIMODE);
	sysreg_write_icc_igrpen1_el1(1);
	isb();
}

const char *gic_cpu_init(uint32_t cpu)
{
	uint64_t base = gicv3_find_redistributor(cpu);

	if (base == 0) {
		return "no redistributor has this CPU's affinity";
	}
	/* In the non-secure view of a GIC with two security states GICR_WAKER reads 0. */
	mmio_write32(base + GICR_WAKER, mmio_read32(base + GICR_WAKER) & ~GICR_WAKER_SLEEP);
	if (!gicv3_wait_clear(base + GICR_WAKER, GICR_WAKER_ASLEEP)) {
		return "the redistributor does not wake";
	}
	gicd_reset_banked(base + GICR_SGI_FRAME, gicd_own_banked());
	if (!gicv3_wait_clear(base + GICR_CTLR, GICR_CTLR_RWP)) {
		return "GICR_CTLR.RWP stays set";
	}
	gicv3_cpu_interface_init();
	if ((sysreg_read_icc_sre_el2() & ICC_SRE_SRE) == 0) {
		return "ICC_SRE_EL2.SRE cannot be set";
	}
	/* Last: from here on other CPUs use it. */
	__atomic_store_n(&gic_banked_base[cpu], base + GICR_SGI_FRAME, __ATOMIC_RELEASE);
	return NULL;
}

void gic_cpu_off(void)
{
	sysreg_write_icc_igrpen1_el1(0);
	isb();
}

uint32_t gic_ack(void)
{
	uint32_t iar = (uint32_t)sysreg_read_icc_iar1_el1();

	/* Until then its new state may not show in the distributor (IHI 0069 4.2.1). */
	dsb_sy();
	return iar;
}

void gic_drop(uint32_t iar)
{
	sysreg_write_icc_eoir1_el1(iar);
}

void gic_deactivate(uint32_t iar)
{
	sysreg_write_icc_dir_el1(iar);
}

void gic_send_sgi(uint32_t cpu, uint32_t sgi)
{
	uint64_t mpidr = board.cpus[cpu].mpidr;

	dsb_ishst();
	sysreg_write_icc_sgi1r_el1(FIELD_PREP(ICC_SGIR_AFF3, mpidr >> 32) |
				   FIELD_PREP(ICC_SGIR_AFF2, mpidr >> 16) |
				   FIELD_PREP(ICC_SGIR_AFF1, mpidr >> 8) |
				   FIELD_PREP(ICC_SGIR_RS, (mpidr & 0xff) >> 4) |
				   FIELD_PREP(ICC_SGIR_INTID, sgi) | BIT64(mpidr & 0xf));
	isb();
}

void gic_spi_route(uint32_t intid, const uint8_t *cpus, uint32_t count)
{
	if (count != 0) {
		mmio_write64(board.gic.gicd.base + GICD_IROUTER + 8 * (uint64_t)intid,
			     board.cpus[cpus[0]].mpidr);
	}
}

void gic_wait_disabled(uint32_t cpu, uint32_t w)
{
	/* A time-out leaves what the bare machine's software would see: RWP still set. */
	if (w != 0) {
		gicv3_wait_clear(board.gic.gicd.base + GICD_CTLR, GICD_CTLR_RWP);
	} else if (gic_banked_base[cpu] != 0) {
		gicv3_wait_clear(gic_banked_base[cpu] - GICR_SGI_FRAME + GICR_CTLR, GICR_CTLR_RWP);
	}
}
