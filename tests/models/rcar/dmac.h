/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device of the board model (device.h): a SYS-DMAC of R-Car Gen3, with 16 channels, each with
 * a micro-TLB and an interrupt of its own, copies from registers and from descriptors in memory.
 *
 * The chip's manual is not public. What follows is known from drivers that work on it, and
 * what they never try is an assumption, to be checked on hardware. All of them:
 *
 *   RESET        every register is 0 out of reset; a bit of DMACHCLR written 1 does so to its
 *                channel
 *   SIZES        DMAOR and DMARS are accessed by 16 bits, all others by 32
 *   START        a channel moves when it has DE without TE and CAE, and DMAOR has DME; when one of
 *                that changes it stops between two units. It goes on from what its registers have;
 *                a write to DMATCR, and DRST, begin anew
 *   END          when DMATCR is 0 after the last unit, TE is set; DE stays
 *   CLEAR        TE, DSE and CAE written 0 are cleared, written 1 left
 *   WIDTH        an address is 40 bits: 8 of DMAFIXSAR, DMAFIXDAR or DMAFIXDPBASE, 32 of DMASAR,
 *                DMADAR or DMADPBASE; counting on, the lower 32 wrap
 *   UNIT         a unit (TS) is read whole and then written whole; its addresses are aligned to
 *                its size
 *   ERROR        a unit whose read or write the bus refuses, one that is not aligned, and a
 *                transfer of none set CAE; the channel stops, registers at the unit that failed,
 *                of which nothing has moved. DE stays
 *   ALL_ERRORS   DMAOR.AE is read as the OR of all CAE, and stops no other channel
 *   TURNS        channels that can move take turns, a page of memory each: DMAOR.PR is not heeded
 *   LINES        a channel's interrupt is high while it has TE and IE, DSE and DSIE, or CAE and
 *                CAIE; the error interrupt is high while DMAOR.AE. DMAISTA has a bit for each
 *                channel whose interrupt is high
 *   REQUESTS     with RS other than AUTO a channel waits for a peripheral, of which there is none
 *   SECURE       DMASEC and DMADPSEC are the secure world's: they read 0, writes are ignored
 *   DESCRIPTOR   16 bytes in memory, read through the channel's micro-TLB when DPM is not 0: SAR,
 *                DAR, TCR, each loaded if RPT_SAR, RPT_DAR, RPT_TCR say so. DPTR is that of the
 *                next one; DRST makes it 0 and reads 0
 *   FIRST_DAR    of the first descriptor DAR is not loaded: software has to write DMADAR (Linux
 *                knows this as an erratum behind an IOMMU); other answer (DMAC_LOADS_DAR): it is
 *   STAGES       DSE is set at the end of a stage when DPTR is DIPT. With DPM 1 the transfer ends
 *                behind stage DCNT, with DPM 3 it begins anew with the first
 *   NOT_KNOWN    DPM 2 (repeat), DPM without DPB, and the DMAC's own descriptor memory
 *                (DMADPBASE.SEL 0) set CAE
 */
#ifndef TESTS_MODELS_RCAR_DMAC_H
#define TESTS_MODELS_RCAR_DMAC_H

#include "models/rcar/device.h"

#define DMAC_COUNT 3u
#define DMAC_CHANNELS 16u
#define DMAC_ERROR DMAC_CHANNELS /* the line behind those of the channels */
#define DMAC_LINES (DMAC_CHANNELS + 1)
#define DMAC_REGISTERS 0x10000u

/* Other answers to the assumptions above. */
#define DMAC_LOADS_DAR BIT32(0)

/* Where a DMAC is on the chip. */
struct dmac_place {
	uint32_t unit; /* enum rcar_ipmmu */
	uint32_t utlb; /* of channel 0; the others follow */
	uint16_t intids[DMAC_LINES];
};

struct dmac_channel {
	uint32_t sar, dar, tcr; /* of the unit that comes next */
	uint32_t chcr;
	uint32_t fixsar, fixdar, fixdpbase;
	uint32_t tcrb; /* what DMATCR was when the stage began */
	uint32_t chcrb;
	uint32_t rs, bufcr, dpbase, dpcr;
	bool begun; /* a stage is under way */
	bool later; /* it is not the first one */
};

/* What has happened since dmac_init(). */
struct dmac_counts {
	uint64_t bytes;
	uint64_t ends;
	uint64_t errors;
};

struct dmac {
	const struct dmac_place *place;
	uint32_t answers; /* DMAC_*: other answers to assumptions */
	struct dmac_channel channels[DMAC_CHANNELS];
	uint32_t dmaor;
	uint32_t lines; /* a bit for each that is high */
	uint32_t turn;  /* the channel whose turn it is */
	struct dmac_counts counts;
	uint32_t violations; /* accesses to no register, and by a wrong size; the last of them */
	const char *violation;
};

/* SYS-DMAC `index` (below DMAC_COUNT) of R-Car H3 out of reset. */
void dmac_init(struct dmac *d, uint32_t index);

uint64_t dmac_read(struct dmac *d, uint32_t offset, uint32_t size);
void dmac_write(struct dmac *d, uint32_t offset, uint32_t size, uint64_t value);
bool dmac_step(struct dmac *d);

/* dmac_step() with another limit: up to `bytes`, and to the end of a unit that is begun. */
bool dmac_run(struct dmac *d, uint64_t bytes);

#endif
