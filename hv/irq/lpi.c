// SPDX-License-Identifier: Apache-2.0
/* LPIs at the redistributors (IHI 0069, 5.1, 12.11). */
#include "arch/barrier.h"
#include "arch/cpu.h"
#include "irq/gic.h"
#include "irq/its.h"
#include "irq/its_priv.h"
#include "lib/string.h"

bool lpi_incoherent;

/* GICR_TYPER of the CPUs that have LPIs, with bit 0 (PLPIS) set; else 0. */
static uint64_t lpi_typer[CPUS_MAX];

void its_zero(void *p, uint64_t size)
{
	memset(p, 0, size);
	arch_dcache_flush(p, size);
}

void its_write_property(uint32_t intid, uint8_t value)
{
	uint8_t *at = &board.lpi_properties[intid - LPI_FIRST];

	*(volatile uint8_t *)at = value;
	if (lpi_incoherent) {
		arch_dcache_clean(at, 1);
	}
}

const char *lpi_init(void)
{
	uint32_t typer = gic_typer();

	if ((typer & GICD_TYPER_LPIS) == 0 || FIELD_GET(GICD_TYPER_IDBITS, typer) + 1 < LPI_ID_BITS) {
		return "the GIC has no LPIs, or too few";
	}
	memset(lpi_typer, 0, sizeof(lpi_typer));
	lpi_incoherent = false;
	its_zero(board.lpi_properties, LPIS);
	return NULL;
}

static uint64_t lpi_redistributor(uint32_t cpu)
{
	return gic_banked_base[cpu] - GICR_SGI_FRAME;
}

/* As its_write_baser(). */
static void lpi_write_baser(uint64_t at, uint64_t value)
{
	mmio_write64(at, value | FIELD_PREP(GICR_LPI_INNER, ITS_NORMAL_WB) |
				 FIELD_PREP(GICR_LPI_SHARE, ITS_INNER_SHAREABLE));
	if (FIELD_GET(GICR_LPI_SHARE, mmio_read64(at)) == 0) {
		lpi_incoherent = true;
		mmio_write64(at, value | FIELD_PREP(GICR_LPI_INNER, ITS_NORMAL_NC));
	}
}

const char *its_cpu_init(uint32_t cpu)
{
	uint64_t base = lpi_redistributor(cpu);
	uint8_t *pending = (uint8_t *)(uintptr_t)board.lpi.base + cpu * LPI_PENDING_STRIDE;
	uint64_t typer = mmio_read64(base + GICR_TYPER);

	if (lpi_typer[cpu] != 0 || board.its_count == 0) {
		return NULL; /* the redistributor stayed on while the CPU was off; or there is no ITS */
	}
	if ((typer & GICR_TYPER_PLPIS) == 0) {
		return "a redistributor has no LPIs";
	}
	mmio_write32(base + GICR_CTLR, mmio_read32(base + GICR_CTLR) & ~GICR_CTLR_ENABLE_LPIS);
	if ((mmio_read32(base + GICR_CTLR) & GICR_CTLR_ENABLE_LPIS) != 0) {
		return "LPIs are enabled already and cannot be disabled";
	}
	its_zero(pending, LPI_PENDING_SIZE);
	lpi_write_baser(base + GICR_PROPBASER, own_pa(board.lpi_properties) |
		        FIELD_PREP(GICR_PROPBASER_IDBITS, LPI_ID_BITS - 1));
	lpi_write_baser(base + GICR_PENDBASER, own_pa(pending) | GICR_PENDBASER_PTZ);
	dsb_sy();
	mmio_write32(base + GICR_CTLR, mmio_read32(base + GICR_CTLR) | GICR_CTLR_ENABLE_LPIS);
	dsb_sy();
	__atomic_store_n(&lpi_typer[cpu], typer, __ATOMIC_RELEASE);
	return NULL;
}

bool lpi_target(uint32_t cpu, bool address, uint64_t *target)
{
	uint64_t typer = __atomic_load_n(&lpi_typer[cpu], __ATOMIC_ACQUIRE);

	*target = address ? lpi_redistributor(cpu)
			  : FIELD_PREP(ITS_W2_TARGET, FIELD_GET(GICR_TYPER_NUMBER, typer));
	return typer != 0;
}
