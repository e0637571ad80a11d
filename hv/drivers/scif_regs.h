/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of Renesas' SCIF as on R-Car Gen3. 16 bits wide but for the data. */
#ifndef HV_DRIVERS_SCIF_REGS_H
#define HV_DRIVERS_SCIF_REGS_H

#include "types.h"

#define SCIF_SCSMR 0x00
#define SCIF_SCBRR 0x04
#define SCIF_SCSCR 0x08
#define SCIF_SCFTDR 0x0c /* 8 bits */
#define SCIF_SCFSR 0x10
#define SCIF_SCFRDR 0x14 /* 8 bits */
#define SCIF_SCFCR 0x18
#define SCIF_SCFDR 0x1c
#define SCIF_SCLSR 0x24

#define SCIF_FIFO 16

#define SCIF_SCSCR_CKE 0x3u /* clock source: the boot loader's choice */
#define SCIF_SCSCR_REIE BIT32(3)
#define SCIF_SCSCR_RE BIT32(4)
#define SCIF_SCSCR_TE BIT32(5)
#define SCIF_SCSCR_RIE BIT32(6)
#define SCIF_SCSCR_TIE BIT32(7)

#define SCIF_SCFSR_DR BIT32(0) /* data, and then silence */
#define SCIF_SCFSR_RDF BIT32(1)
#define SCIF_SCFSR_PER BIT32(2)
#define SCIF_SCFSR_FER BIT32(3)
#define SCIF_SCFSR_BRK BIT32(4)
#define SCIF_SCFSR_TDFE BIT32(5)
#define SCIF_SCFSR_TEND BIT32(6)
#define SCIF_SCFSR_ER BIT32(7)
#define SCIF_SCFSR_ERRORS (SCIF_SCFSR_ER | SCIF_SCFSR_BRK)

#define SCIF_SCFDR_R GENMASK64(4, 0)
#define SCIF_SCFDR_T GENMASK64(12, 8)

#define SCIF_SCLSR_ORER BIT32(0)

#endif
