/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the SYS-DMAC model. */
#ifndef TESTS_MODELS_RCAR_DMAC_PRIV_H
#define TESTS_MODELS_RCAR_DMAC_PRIV_H

#include "models/rcar/dmac.h"

#define CHCR_CAE 0x80000000u
#define CHCR_CAIE 0x40000000u
#define CHCR_DPM 0x30000000u
#define CHCR_DPM_ONCE 0x10000000u
#define CHCR_DPM_FOREVER 0x30000000u
#define CHCR_RPT_SAR 0x08000000u
#define CHCR_RPT_DAR 0x04000000u
#define CHCR_RPT_TCR 0x02000000u
#define CHCR_DPB 0x00400000u
#define CHCR_TS_HIGH 0x00300000u
#define CHCR_DSE 0x00080000u
#define CHCR_DSIE 0x00040000u
#define CHCR_DM 0x0000c000u
#define CHCR_SM 0x00003000u
#define CHCR_RS 0x00000f00u
#define CHCR_RS_AUTO 0x00000400u
#define CHCR_TS_LOW 0x00000018u
#define CHCR_IE 4u
#define CHCR_TE 2u
#define CHCR_DE 1u
#define CHCR_CLEARED (CHCR_CAE | CHCR_DSE | CHCR_TE) /* by writing 0 */

#define CHCRB_DCNT 0xff000000u
#define CHCRB_DPTR 0x00ff0000u
#define CHCRB_DRST 0x00008000u

#define DPCR_DIPT 0xff000000u
#define DPBASE_SEL 1u
#define TCR_BITS 0x00ffffffu
#define FIX_BITS 0xffu

#define DMAOR_DME 1u
#define DMAOR_AE 4u

/* The interrupt lines follow the registers. */
void dmac_update_lines(struct dmac *d);
/* Whether the channel has something to move. */
bool dmac_can_run(const struct dmac *d, const struct dmac_channel *c);

#endif
