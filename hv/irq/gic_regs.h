/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of GICv2 (IHI 0048B chapter 4, 5) and GICv3 (IHI 0069 chapter 12). */
#ifndef HV_IRQ_GIC_REGS_H
#define HV_IRQ_GIC_REGS_H

#include "types.h"

#define GIC_IAR_INTID UINT32_C(0x3ff) /* of an acknowledged interrupt; no LPIs here */
#define GIC_SPURIOUS 1020U            /* INTIDs from here on are special */

/* Distributor. The files of one bit, one byte or two bits per INTID lie at the same
 * offsets in the redistributor's SGI frame (INTID 0..31 only). */
#define GICD_CTLR 0x0000
#define GICD_TYPER 0x0004
#define GICD_IIDR 0x0008
#define GICD_IIDR_QEMU 0x43bu /* of QEMU's GICv2 */
#define GICD_TYPER2 0x000c
#define GICD_STATUSR 0x0010
#define GICD_SETSPI_NSR 0x0040
#define GICD_CLRSPI_SR 0x0058
#define GICD_IGROUPR 0x0080
#define GICD_ISENABLER 0x0100
#define GICD_ICENABLER 0x0180
#define GICD_ISPENDR 0x0200
#define GICD_ICPENDR 0x0280
#define GICD_ISACTIVER 0x0300
#define GICD_ICACTIVER 0x0380
#define GICD_IPRIORITYR 0x0400
#define GICD_ITARGETSR 0x0800
#define GICD_ICFGR 0x0c00
#define GICD_IGRPMODR 0x0d00
#define GICD_NSACR 0x0e00
#define GICD_SGIR 0x0f00       /* GICv2 */
#define GICD_CPENDSGIR 0x0f10  /* GICv2 */
#define GICD_SPENDSGIR 0x0f20  /* GICv2 */
#define GICD_V2_ID 0x0fd0      /* ICPIDR4 .. ICCIDR3 */
#define GICD_V2_SIZE 0x1000
#define GICD_IROUTER 0x6000
#define GICD_V3_ID 0xffd0      /* PIDR4 .. CIDR3, of GICR frames as well */
#define GICD_V3_SIZE 0x10000

#define GICD_CTLR_GRP0 BIT32(0)
#define GICD_CTLR_GRP1 BIT32(1)
#define GICD_CTLR_ARE BIT32(4)
#define GICD_CTLR_DS BIT32(6)
#define GICD_CTLR_RWP BIT32(31)

#define GICD_TYPER_LINES GENMASK64(4, 0) /* INTIDs: 32 * (LINES + 1) */
#define GICD_TYPER_CPUS GENMASK64(7, 5)  /* GICv2: CPU interfaces - 1 */
#define GICD_TYPER_NUM_LPIS GENMASK64(15, 11) /* log2 of how many, - 1; 0: see IDBITS */
#define GICD_TYPER_LPIS BIT32(17)
#define GICD_TYPER_IDBITS GENMASK64(23, 19)
#define GICD_TYPER_A3V BIT32(24)
#define GICD_TYPER_NO1N BIT32(25)
#define GICD_TYPER_RSS BIT32(26)

#define GICD_SGIR_FILTER GENMASK64(25, 24)
#define GICD_SGIR_FILTER_LIST 0
#define GICD_SGIR_FILTER_OTHERS 1
#define GICD_SGIR_FILTER_SELF 2
#define GICD_SGIR_TARGETS GENMASK64(23, 16)
#define GICD_SGIR_INTID GENMASK64(3, 0)

/* Redistributor: RD frame, then SGI frame. */
#define GICR_CTLR 0x0000
#define GICR_IIDR 0x0004
#define GICR_TYPER 0x0008
#define GICR_STATUSR 0x0010
#define GICR_WAKER 0x0014
#define GICR_FRAME_SHIFT 17
#define GICR_SGI_FRAME 0x10000
#define GICR_SIZE 0x20000
#define GICR_SIZE_V4 0x40000 /* with the two frames for virtual LPIs */

#define GICR_CTLR_RWP BIT32(3)
#define GICR_TYPER_PLPIS BIT64(0)
#define GICR_TYPER_VLPIS BIT64(1)
#define GICR_TYPER_LAST BIT64(4)
#define GICR_TYPER_NUMBER GENMASK64(23, 8)
#define GICR_TYPER_AFF GENMASK64(63, 32)
#define GICR_WAKER_SLEEP BIT32(1)
#define GICR_WAKER_ASLEEP BIT32(2)

/* CPU interface, GICv3: system registers. */
#define ICC_SRE_SRE BIT64(0)
#define ICC_SRE_DFB BIT64(1)
#define ICC_SRE_DIB BIT64(2)
#define ICC_SRE_ENABLE BIT64(3)
#define ICC_CTLR_CBPR BIT64(0)
#define ICC_CTLR_EOIMODE BIT64(1)
#define ICC_SGIR_AFF3 GENMASK64(55, 48)
#define ICC_SGIR_RS GENMASK64(47, 44)
#define ICC_SGIR_IRM BIT64(40)
#define ICC_SGIR_AFF2 GENMASK64(39, 32)
#define ICC_SGIR_INTID GENMASK64(27, 24)
#define ICC_SGIR_AFF1 GENMASK64(23, 16)
#define ICC_SGIR_TARGETS GENMASK64(15, 0)
#define ICC_DIR_INTID GENMASK64(23, 0)

/* CPU interface, GICv2. */
#define GICC_CTLR 0x0000
#define GICC_PMR 0x0004
#define GICC_BPR 0x0008
#define GICC_IAR 0x000c
#define GICC_EOIR 0x0010
#define GICC_APR0 0x00d0
#define GICC_NSAPR0 0x00e0
#define GICC_IIDR 0x00fc
#define GICC_DIR 0x1000
#define GICC_CTLR_ENABLE BIT32(0)     /* Group 1 in the non-secure view */
#define GICC_CTLR_GRP1 BIT32(1)       /* without Security Extensions */
#define GICC_CTLR_ACKCTL BIT32(2)     /* without Security Extensions */
#define GICC_CTLR_EOIMODE_NS BIT32(9)
#define GICC_IIDR_ARCH GENMASK64(19, 16)
#define GICC_ALIAS 0xf000 /* last of the 16 pages that a 64 KiB aliased GIC-400 shows alike */

/* Hypervisor control, GICv2: offsets. */
#define GICH_HCR 0x000
#define GICH_VTR 0x004
#define GICH_VMCR 0x008
#define GICH_EISR0 0x020
#define GICH_ELRSR0 0x030
#define GICH_APR 0x0f0
#define GICH_LR 0x100
#define GICH_VTR_LRS GENMASK64(5, 0)
#define GICH_VMCR_GRP0 BIT32(0)
#define GICH_VMCR_GRP1 BIT32(1)
#define GICH_VMCR_ABP GENMASK64(20, 18)
#define GICH_VMCR_BP GENMASK64(23, 21)

/* ICH_VTR_EL2, ICH_VMCR_EL2 */
#define ICH_VTR_LRS GENMASK64(4, 0)
#define ICH_VTR_TDS BIT64(19)
#define ICH_VTR_PREBITS GENMASK64(28, 26)
#define ICH_VTR_PRIBITS GENMASK64(31, 29)
#define ICH_VMCR_VENG0 BIT64(0)
#define ICH_VMCR_VENG1 BIT64(1)

/* Hypervisor control register: ICH_HCR_EL2 and GICH_HCR agree but for TDIR. */
#define GICH_HCR_EN BIT32(0)
#define GICH_HCR_UIE BIT32(1)
#define GICH_HCR_LRENPIE BIT32(2)
#define GICH_HCR_NPIE BIT32(3)
#define GICH_HCR_GRP0EIE BIT32(4)
#define GICH_HCR_GRP0DIE BIT32(5)
#define GICH_HCR_GRP1EIE BIT32(6)
#define GICH_HCR_GRP1DIE BIT32(7)
#define GICH_HCR_TDIR BIT32(14) /* GICv3: trap ICC_DIR_EL1 */
#define GICH_HCR_EOICOUNT GENMASK64(31, 27)

/* List register: ICH_LR<n>_EL2, and what gich_*() use for GICv2 as well. */
#define GICH_LR_INTID GENMASK64(31, 0)
#define GICH_LR_SOURCE GENMASK64(34, 32) /* HW = 0, GICv2: CPU that sent the SGI */
#define GICH_LR_EOI BIT64(41)            /* HW = 0: maintenance when it ends */
#define GICH_LR_PINTID GENMASK64(44, 32) /* HW = 1 */
#define GICH_LR_PRIO GENMASK64(55, 48)
#define GICH_LR_GROUP1 BIT64(60)
#define GICH_LR_HW BIT64(61)
#define GICH_LR_PENDING BIT64(62)
#define GICH_LR_ACTIVE BIT64(63)

/* List register of GICv2 (IHI 0048B 5.3.11). */
#define GICH_V2LR_INTID GENMASK64(9, 0)
#define GICH_V2LR_PHYSICAL GENMASK64(19, 10) /* HW = 0: CPU 12:10, EOI 19 */
#define GICH_V2LR_PRIO GENMASK64(27, 23)
#define GICH_V2LR_STATE GENMASK64(29, 28)
#define GICH_V2LR_GROUP1 BIT32(30)
#define GICH_V2LR_HW BIT32(31)

/* Priorities of the hypervisor's own interrupts: before all of the guests'. */
#define GIC_PRIO_OWN 0x00
#define GIC_PRIO_RESET 0x00 /* of a guest's interrupt that it has not set */

/* Bound of waits for the GIC's own progress (register write pending, wake-up), in
 * polls: far more than the microseconds that hardware takes. */
#define GIC_WAIT_POLLS 1000000U

_Static_assert(GICD_IPRIORITYR + 0x400 == GICD_ITARGETSR, "one byte per INTID");
_Static_assert(GICD_ITARGETSR + 0x400 == GICD_ICFGR, "one byte per INTID");
_Static_assert((GICH_LR_EOI >> 32) == (BIT64(19) >> 10), "EOI bit of both layouts");

#endif
