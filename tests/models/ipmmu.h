/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model of the Renesas IPMMU-VMSA of R-Car Gen3: a root with 8 contexts, caches of it,
 * micro-TLBs, TLBs that keep what they have until they are told to forget it, faults,
 * power domains, the product register. It takes no constant from the driver that it
 * judges, keeps no state of its own and needs no library: EL3 firmware that plays the
 * board can be built with it.
 *
 * The chip's manual is not public. What follows is known from drivers that work on it,
 * and what they never try is an assumption, to be checked on hardware. All of them:
 *
 *   RESET        every register is 0 out of reset and after its power domain was off
 *   BYPASS       IMUCTR.MMUEN 0: DMA passes untranslated
 *   SECGRP       IMSCTLR.USE_SECGRP 1: so does all DMA of the unit
 *   OFF_CONTEXT  so does DMA of a micro-TLB whose context has IMCTR.MMUEN 0 in the root or
 *                in the unit; other answer (IPMMUM_OFF_BLOCKS): it is refused, silently
 *   FORMAT       without IMSAUXCTLR.S2PTE, and on silicon before stage 2, descriptors are
 *                read in stage-1 format: bit 7 forbids writes, bit 6 nothing
 *   NO_NEGATIVE  no TLB keeps that there is no translation
 *   STALE_UTLB   a micro-TLB uses what it has whatever its TTSEL has become; other answer
 *                (IPMMUM_TAGGED): what it has of the context alone that TTSEL names
 *   UTLB_FLUSH   IMUCTR.FLUSH empties the micro-TLB at once and reads 0; other answer
 *                (IPMMUM_FLUSH_STAYS): it reads as written
 *   ROOT_FLUSH   the root's IMCTR.FLUSH reads 1 until it is done; till then all TLBs serve
 *                what they have. Done, the root's TLB has nothing of the context any more
 *   CACHE_FLUSH  a cache's IMCTR.FLUSH empties its micro-TLBs of the context when a flush
 *                of the root is done, and not by itself; other answer
 *                (IPMMUM_CACHE_ALONE): at once
 *   DRAIN        when the root's FLUSH reads 0, no DMA is under way that used what is gone
 *   FIRST_FAULT  IMSTR and IMELAR/IMEUAR keep the first fault until IMSTR is written 0;
 *                other answer (IPMMUM_LAST_FAULT): the last
 *   CLEAR        a bit of IMSTR written 0 is cleared, written 1 left; IMELAR and IMEUAR
 *                read 0 when IMSTR does
 *   LEVEL        the interrupt is high while some context has both IMSTR and IMCTR.INTEN
 *   ROOT_UTLBS   the root has micro-TLB registers like the caches
 *   FEWER_UTLBS  a unit may have fewer micro-TLBs than 48: the registers of the others read 0
 *   POWER        bit 0 of a domain's PWRSR: it is off; a bit of PWRONCR and PWROFFCR written 1
 *                asks for the change
 */
#ifndef TESTS_MODELS_IPMMU_H
#define TESTS_MODELS_IPMMU_H

#include "types.h"

#define IPMMUM_UNITS 20
#define IPMMUM_CONTEXTS 8
#define IPMMUM_UTLBS 48
#define IPMMUM_WAYS 4 /* leaves that a micro-TLB keeps */
#define IPMMUM_TLB 32 /* leaves that the root keeps */
#define IPMMUM_POWERS 4
#define IPMMUM_ALWAYS_ON UINT32_MAX
#define IPMMUM_STUCK UINT32_MAX
#define IPMMUM_REGISTERS 0x1000u

/* Other answers to the assumptions above. */
#define IPMMUM_OFF_BLOCKS BIT32(0)
#define IPMMUM_TAGGED BIT32(1)
#define IPMMUM_FLUSH_STAYS BIT32(2)
#define IPMMUM_CACHE_ALONE BIT32(3)
#define IPMMUM_LAST_FAULT BIT32(4)
#define IPMMUM_ANSWERS BIT32(5) /* so many sets of answers there are */

/* Bits of IMSTR. */
#define IPMMUM_TF BIT32(0)
#define IPMMUM_PF BIT32(1)
#define IPMMUM_ABORT BIT32(2)
#define IPMMUM_MHIT BIT32(4)

struct ipmmum_unit_config {
	uint32_t utlbs; /* that are there, at most IPMMUM_UTLBS */
	uint32_t power; /* index into powers, or IPMMUM_ALWAYS_ON */
};

struct ipmmum_config {
	const struct ipmmum_unit_config *units; /* [0] is the root */
	uint32_t unit_count;
	const uint32_t *powers; /* of each power domain, where in SYSC its registers are */
	uint32_t power_count;
	uint32_t powers_on;     /* a bit for each that firmware left on */
	uint32_t prr;
	uint32_t answers;       /* IPMMUM_*: other answers to assumptions */
	uint32_t flush_reads;   /* of the root's IMCTR until a flush is done; IPMMUM_STUCK: never */
	uint32_t power_reads;   /* of PWRSR until the domain has changed; IPMMUM_STUCK: never */
	void *context;          /* for the two below */
	/* Reads a descriptor as the root sees memory. False: there is no memory. */
	bool (*fetch)(void *context, uint64_t pa, uint64_t *desc);
	/* The interrupt changes its level. NULL: nobody listens. */
	void (*irq)(void *context, bool high);
};

/* What a leaf makes of [va, va + size). */
struct ipmmum_leaf {
	bool valid;
	bool read;
	bool write;
	uint32_t context;
	uint64_t va;
	uint64_t size;
	uint64_t pa;
};

struct ipmmum_utlb {
	uint32_t ctr;
	uint32_t asid;
	uint32_t next;
	struct ipmmum_leaf ways[IPMMUM_WAYS];
};

struct ipmmum_unit {
	uint32_t ctr[IPMMUM_CONTEXTS];
	uint32_t sctlr;
	uint32_t sauxctlr;
	struct ipmmum_utlb utlbs[IPMMUM_UTLBS];
};

/* What of a context the root alone has. */
struct ipmmum_context {
	uint32_t ttbcr;
	uint32_t ttblr;
	uint32_t ttbur;
	uint32_t buscr;
	uint32_t mair[2];
	uint32_t str;
	uint64_t fault;
	uint32_t flush_left; /* reads until the flush is done; 0: there is none */
};

struct ipmmum_power {
	bool on;
	bool wanted;
	uint32_t left; /* reads until it is as wanted */
};

/* What has happened since ipmmum_init(). */
struct ipmmum_counts {
	uint64_t walks;
	uint64_t faults;
	uint64_t flushes;
	uint64_t utlb_hits;
	uint64_t tlb_hits;
};

struct ipmmum {
	struct ipmmum_config config;
	struct ipmmum_unit units[IPMMUM_UNITS];
	struct ipmmum_context contexts[IPMMUM_CONTEXTS];
	struct ipmmum_leaf tlb[IPMMUM_TLB];
	uint32_t next_tlb;
	struct ipmmum_power powers[IPMMUM_POWERS];
	bool line;
	struct ipmmum_counts counts;
	uint32_t violations; /* what software did that no driver may, so far; the last of it */
	const char *violation;
};

/* Out of reset. `config` is copied, but for what it points to. */
void ipmmum_init(struct ipmmum *m, const struct ipmmum_config *config);

/* Accesses of `size` bytes to the registers of a unit, of SYSC, of the product register. */
uint32_t ipmmum_read(struct ipmmum *m, uint32_t unit, uint32_t offset, uint32_t size);
void ipmmum_write(struct ipmmum *m, uint32_t unit, uint32_t offset, uint32_t size, uint32_t value);
uint32_t ipmmum_sysc_read(struct ipmmum *m, uint32_t offset, uint32_t size);
void ipmmum_sysc_write(struct ipmmum *m, uint32_t offset, uint32_t size, uint32_t value);
uint32_t ipmmum_prr_read(const struct ipmmum *m);

enum ipmmum_result {
	IPMMUM_REFUSED,
	IPMMUM_TRANSLATED,
	IPMMUM_UNTRANSLATED, /* nothing stood in the way: *pa is the address itself */
};

/* A master's access through a micro-TLB: what becomes of it, and where it goes. */
enum ipmmum_result ipmmum_translate(struct ipmmum *m, uint32_t unit, uint32_t utlb, uint64_t address,
				    bool write, uint64_t *pa);

/* Raises bits of a context's IMSTR, as hardware does by itself. */
void ipmmum_fault(struct ipmmum *m, uint32_t context, uint32_t bits, uint64_t address);
/* Whether the unit has power. */
bool ipmmum_is_on(const struct ipmmum *m, uint32_t unit);
/* Changes config.flush_reads; a flush that is under way has so many reads left. */
void ipmmum_set_flush_reads(struct ipmmum *m, uint32_t reads);

#endif
