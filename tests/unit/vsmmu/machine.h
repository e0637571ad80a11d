/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two SMMUs, two domains with a virtual SMMUv3, one without, and what all of them may
 * touch. Guests' RAM can be reached through the window only, and no further than the page
 * that was asked for (AddressSanitizer sees to that); .tables are read-only but for a
 * page that the window shows. After each call of the hypervisor's, what the SMMUs would
 * read is looked at: see machine_check().
 */
#ifndef TESTS_UNIT_VSMMU_MACHINE_H
#define TESTS_UNIT_VSMMU_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/domain.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "models/smmuv3.h"

enum { A, B, C, DOMAINS }; /* C has no virtual SMMU */

/* RAM, by PA. A's has two pieces, which its IPAs join. */
#define A_PA UINT64_C(0x41000000)
#define A_SIZE MIB(14)
#define A_PA_MORE UINT64_C(0x42800000)
#define A_SIZE_MORE MIB(2)
#define B_PA UINT64_C(0x42000000)
#define B_SIZE MIB(2)
#define C_PA UINT64_C(0x42200000)
#define C_SIZE MIB(2)
#define RAM_IPA UINT64_C(0x80000000) /* of A and B; C's is where it is */
#define A_IPA_END (RAM_IPA + A_SIZE + A_SIZE_MORE)
#define A_DEVICE UINT64_C(0x09000000) /* a page of A's, IPA = PA; not RAM */

/* Stream IDs. smmu0 has two levels with groups of 64, smmu1 a linear table of 64.
 * Of group 0, A has 0x00-0x0f, B 0x10-0x1f, C 0x20-0x23; whole groups: A 0x40-0x7f and
 * 0x4000-0x7fff, B 0x80-0xbf and 0x8000-0x807f, C 0xc0-0xff. On smmu1, A 8-0xf, B 0x10,
 * C 0x18. The rest is nobody's. As the guests have them: */
#define A_FEW 0x10u      /* 16: smmu0 0x00 */
#define A_GROUP 0x40u    /* 64: smmu0 0x40 */
#define A_OTHER 0x100u   /* 8: smmu1 8 */
#define A_MANY 0x4000u   /* 0x4000, or as many as machine_many: smmu0 0x4000 */
#define B_FEW 0x00u      /* 16: smmu0 0x10 */
#define B_GROUP 0x80u    /* 64: smmu0 0x80 */
#define B_OTHER 0x200u   /* 1: smmu1 0x10 */
#define B_MANY 0x8000u   /* 128: smmu0 0x8000 */
#define SID_C 0x20u      /* smmu0 */
#define SID_NOBODY 0x30u /* smmu0 */
#define SID_BITS 16
#define NESTED_PAGES 3 /* the share of each of the two */
#define NESTED_ALL (2 * NESTED_PAGES)

/* Interrupts of the guests, by domain. */
#define EVTQ_SPI(d) (100u + 10 * (d))
#define GERROR_SPI(d) (101u + 10 * (d))
#define SYNC_SPI(d) (102u + 10 * (d))

extern struct smmum_config machine_config[SMMUM_MAX];
extern struct vsmmu_desc machine_vsmmu[DOMAINS];
extern struct smmu_desc machine_smmus[SMMUM_MAX];
extern uint32_t machine_raised[256]; /* edges of SPIs, by INTID */

/* Lines on the console, the last of them. */
#define LINES_KEPT 32
extern char machine_text[LINES_KEPT][160];
extern uint32_t machine_lines;
bool machine_said(const char *text);

/* For fuzzers, before machine_prepare(): fewer streams of A's bus, a multiple of 64; and
 * .tables can be written at any time, and machine_check() is the caller's. */
extern uint32_t machine_many;
extern bool machine_fast;

/* Sets up everything anew: what a test may change then, before machine_boot(). `pieces`:
 * A's RAM is in pages for stage 2, not in blocks. */
void machine_prepare(bool qemu, bool coherent, bool pieces);
/* Cheap: once more from the same tables. All RAM is 0. */
void machine_boot(void);
/* The hypervisor's command line. */
extern const char *machine_bootargs;

/* A guest's access to its registers. False: it gets an abort. */
bool machine_access(uint32_t domain, uint64_t offset, uint32_t size, bool write, uint64_t *value);
/* The same, which must not abort, with 32 or 64 bits; and machine_check(). */
uint32_t get(uint32_t domain, uint32_t reg);
void set(uint32_t domain, uint32_t reg, uint32_t value);
uint64_t get64(uint32_t domain, uint32_t reg);
void set64(uint32_t domain, uint32_t reg, uint64_t value);

/* Interrupts of the SMMUs are taken, and what is owed is done, until nothing is left. */
void machine_settle(void);
/* One round of it. False: nothing was to do. */
bool machine_round(void);
void machine_pass_us(uint64_t us);
/* The SMMUs look at some streams' configuration behind each command: what they knew before
 * the command they know again, unless it has changed. */
extern bool machine_eager;
/* The stream tables have been written to since machine_check() last looked at them. */
extern bool machine_changed;
/* Whose access it is that the hypervisor looks after; DOMAINS: nobody's. */
extern uint32_t machine_acting;
/* What the last access took: pages mapped, registers of the SMMUs read and written. */
extern uint32_t machine_maps, machine_mmio;

/* Sees each page of guests' RAM when the hypervisor is about to map it. NULL: nobody. */
extern void (*machine_on_map)(uint8_t *page);

/* Is called when something of the stream tables has been written. NULL: nobody. */
extern void (*machine_on_store)(void);

/* The guest's memory, for the test itself: of one page. NULL: there is no RAM. */
void *machine_ram(uint32_t domain, uint64_t ipa);
/* Any RAM by PA. */
void *machine_pa(uint64_t pa);
/* Domain whose RAM it is, or DOMAINS. */
uint32_t machine_owner(uint64_t pa);

/* A virtual stream ID as an SMMU and its stream ID. False: it is not the domain's. */
bool machine_stream(uint32_t domain, uint32_t virt, uint32_t *smmu, uint32_t *sid);
/* DMA of 4 bytes by a stream of the guest's, or by one of an SMMU's. */
bool dma(uint32_t domain, uint32_t virt, uint64_t address, bool write, uint32_t *value);
bool dma_by(uint32_t smmu, uint32_t sid, uint64_t address, bool write, uint32_t *value);

/* STE of a stream as the SMMU's table has it now; NULL: there is none. */
const uint64_t *machine_ste(uint32_t smmu, uint32_t sid);
/* Fails unless all STEs and the commands so far are such as the hypervisor may make them:
 * invalid, if they are of a domain with a virtual SMMU, or Config 0, 6 or 7, never stage 1
 * without stage 2; the owner's VMID and stage 2; of a guest's bits only those that it may
 * choose; commands with a VMID of a domain that has a virtual SMMU, and with its streams; and
 * no command has been refused. */
void machine_check(void);

#endif
