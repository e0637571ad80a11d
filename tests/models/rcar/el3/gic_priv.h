/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of a GICv2 (IHI 0048B). */
#ifndef TESTS_MODELS_RCAR_EL3_GIC_PRIV_H
#define TESTS_MODELS_RCAR_EL3_GIC_PRIV_H

enum {
	GICD_CTLR = 0x000,
	GICD_TYPER = 0x004,
	GICD_IIDR = 0x008,
	GICD_IGROUPR = 0x080,
	GICD_ISENABLER = 0x100,
	GICD_ICENABLER = 0x180,
	GICD_ISPENDR = 0x200,
	GICD_ICPENDR = 0x280,
	GICD_IPRIORITYR = 0x400,
	GICD_ITARGETSR = 0x800,
	GICD_ICFGR_END = 0xd00,
	GICD_SPISR = 0xd04,
	GICD_SPISR_END = 0xd40,
	GICD_SGIR = 0xf00,

	GICC_CTLR = 0x00,
	GICC_PMR = 0x04,
	GICC_IAR = 0x0c,
	GICC_EOIR = 0x10,
	GICC_HPPIR = 0x18,
	GICC_AIAR = 0x20,
	GICC_AEOIR = 0x24,
	GICC_AHPPIR = 0x28,
	GICC_IIDR = 0xfc,
	GICC_DIR = 0x1000,

	GICH_LR0 = 0x100,
	GICH_LR_END = 0x200,
};

#define GICC_CTLR_GROUP0 1u
#define GICC_CTLR_FIQEN 8u

/* Lines that are high are pending again, whatever software or an acknowledgement did. */
void gic_lines_update(void);

#endif
