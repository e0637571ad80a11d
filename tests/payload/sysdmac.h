/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that has a SYS-DMAC of R-Car Gen3 (compatible: renesas,rcar-dmac), and nothing else
 * but memory; what of registers it knows is what Linux's driver uses.
 */
#ifndef PAYLOAD_SYSDMAC_H
#define PAYLOAD_SYSDMAC_H

#include "rt/arch.h"

#define PAGE 4096u
#define CHANNELS 16u
#define UNIT 64u /* bytes that a transfer moves at once, in all that is below */
#define FREE_BEGIN 0x100000u /* of RAM, from its start: nothing is loaded from here on */

/* Bits of DMACHCR. */
#define CHCR_CAE BIT(31)
#define CHCR_DPM_ONCE (1u << 28)
#define CHCR_DPM_FOREVER (3u << 28)
#define CHCR_TE BIT(1)

extern uint64_t dmac;                        /* its registers; 0: there is none */
extern uint32_t dmac_intids[CHANNELS + 1];   /* of the error, of each channel */
extern volatile uint32_t dmac_ended[CHANNELS]; /* interrupts that told of an end, since dmac_open() */
extern volatile uint32_t dmac_failed;        /* and of an error */

/* Finds the DMAC in the device tree, clears and enables it, and all its interrupts. */
bool dmac_open(void);

/* Begins a copy, which an interrupt will end if `irq`. */
void dmac_start(uint32_t channel, uint64_t from, uint64_t to, uint64_t bytes, bool irq);
/* Waits for its end. True: it arrived; false: it was refused. Anything else is a FAIL line. */
bool dmac_wait(uint32_t channel);
/* Both. */
bool dmac_copy(uint32_t channel, uint64_t from, uint64_t to, uint64_t bytes);

struct dmac_descriptor {
	uint32_t from, to, units, reserved;
};

/* Begins a transfer of `count` descriptors, whose addresses have the upper bits of the list's own;
 * `mode` is CHCR_DPM_*. */
void dmac_start_list(uint32_t channel, const struct dmac_descriptor *list, uint32_t count, uint32_t mode);

/* The page that the domains share; sysdmac.c has what is where. */
enum meeting {
	MEETING_LEFT, /* how far each of the two is */
	MEETING_RIGHT,
	MEETING_RUNS, /* of the one that starts again and again */
	MEETING_COPIES,
};
uint32_t meeting_read(enum meeting what);
void meeting_write(enum meeting what, uint32_t value);
/* Waits until a value is at least so large. False: not within `seconds`. */
bool meeting_wait(enum meeting what, uint32_t value, uint32_t seconds);

/* What a word of memory is to have: for each address, domain and round another. */
uint64_t pattern(uint64_t address, uint64_t round);
void fill(uint64_t at, uint64_t bytes, uint64_t round);
/* How many words of [at, at + bytes) are not what fill(from, ...) wrote. */
uint32_t differ(uint64_t at, uint64_t bytes, uint64_t from, uint64_t round);

/* The parts (each a file): data of all shapes arrives; every page of what is the domain's and of
 * what is not; copies without end beside one that starts again and again, which is the last. */
void test_shapes(void);
void test_sweep(enum meeting self, enum meeting other);
void copy_beside(uint32_t runs);
void run_again(uint32_t runs);

#endif
