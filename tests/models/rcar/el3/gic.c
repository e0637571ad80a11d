// SPDX-License-Identifier: Apache-2.0
/* Interrupt controller: EL3's own interrupts, and the levels of the board's. */
#include "models/rcar/el3/gic.h"

#include "models/rcar/el3/cpu.h"
#include "models/rcar/el3/gic_priv.h"
#include "models/rcar/el3/machine.h"
#include "models/rcar/gicmap.h"

/* Group 0 of SGIs and PPIs, and of the first SPIs. */
#define OWN_BANKED (BIT32(INTID_WAKE) | BIT32(INTID_TIMER))
#define OWN_SPIS BIT32(INTID_UART % 32)

static uint32_t lines[GICMAP_BLOCKS]; /* that are high, in QEMU's numbers */
static uint32_t lines_lock;           /* for them and GICD_ISPENDR, GICD_ICPENDR together */

void gic_init(void)
{
	for (uint32_t i = 1; i < GICMAP_BLOCKS; i++) {
		reg_write(QEMU_GICD + GICD_IGROUPR + 4 * i, i == INTID_UART / 32 ? ~OWN_SPIS : UINT32_MAX);
	}
	*(volatile uint8_t *)(QEMU_GICD + GICD_ITARGETSR + INTID_UART) = 1;
	reg_write(QEMU_GICD + GICD_ISENABLER + 4 * (INTID_UART / 32), OWN_SPIS);
	reg_write(QEMU_GICD + GICD_CTLR, 1);
}

void gic_cpu_init(void)
{
	reg_write(QEMU_GICD + GICD_IGROUPR, ~OWN_BANKED);
	reg_write(QEMU_GICD + GICD_ISENABLER, OWN_BANKED);
	/* The non-secure world may change the lower half of this alone, once it is above. */
	reg_write(QEMU_GICC + GICC_PMR, 0xff);
	reg_write(QEMU_GICC + GICC_CTLR, GICC_CTLR_GROUP0 | GICC_CTLR_FIQEN);
}

uint32_t gic_ack(void)
{
	return reg_read(QEMU_GICC + GICC_IAR);
}

void gic_end(uint32_t iar)
{
	reg_write(QEMU_GICC + GICC_EOIR, iar);
}

void gic_wake(uint32_t cpu)
{
	CPU_DO("dsb sy");
	reg_write(QEMU_GICD + GICD_SGIR, BIT32(16 + cpu) | INTID_WAKE);
}

uint32_t gic_cpus(void)
{
	return (reg_read(QEMU_GICD + GICD_TYPER) >> 5 & 7) + 1;
}

void rcar_irq(uint32_t intid, bool level)
{
	uint32_t at = gicmap_to_qemu(intid);
	uint32_t bit = BIT32(at % 32);

	if (at == GICMAP_NONE) {
		return;
	}
	lock_take(&lines_lock);
	if (level != ((lines[at / 32] & bit) != 0)) {
		lines[at / 32] ^= bit;
		reg_write(NONSECURE + QEMU_GICD + (level ? GICD_ISPENDR : GICD_ICPENDR) + at / 32 * 4, bit);
	}
	lock_give(&lines_lock);
}

/* QEMU forgets that an interrupt is pending when it is acknowledged, as what is written to GICD_ISPENDR
 * is no level; a line that is still high makes it pending again. That it does so while the interrupt
 * is still active is right: so does a level.
 *
 * The write to the first word changes nothing, but has QEMU look which interrupts are to be signalled. It
 * (10.0.2) does not when a guest's end of an interrupt deactivates a physical one by way of its list
 * register: a timer whose line rose before that was not seen until something else happened. */
void gic_lines_update(void)
{
	lock_take(&lines_lock);
	for (uint32_t i = 0; i < GICMAP_BLOCKS; i++) {
		if (i == 0 || lines[i] != 0) {
			reg_write(NONSECURE + QEMU_GICD + GICD_ISPENDR + 4 * i, lines[i]);
		}
	}
	lock_give(&lines_lock);
}
