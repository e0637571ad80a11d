/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine for the IPMMU driver: some of R-Car H3's units at their addresses, two domains
 * with masters on shared caches, and one without. Domain a's RAM is moved.
 */
#ifndef TESTS_UNIT_IPMMU_MACHINE_H
#define TESTS_UNIT_IPMMU_MACHINE_H

#include "models/ipmmu.h"
#include "tables.h"

#define RAM_BASE UINT64_C(0x48000000)
#define RAM_SIZE MIB(8)
#define RAM_OF_A (RAM_BASE + MIB(2))
#define IPA_OF_A UINT64_C(0x40000000)
#define RAM_OF_B (RAM_BASE + MIB(4))
#define RAM_OF_NOBODY (RAM_BASE + MIB(6))
#define RAM_PAGES 256u /* of a domain; the last one is read only */

enum { DOMAIN_A, DOMAIN_B, DOMAIN_C, DOMAINS };
/* Units and micro-TLBs: of a: DS0 0..15, DS1 32, VP0 0. Of b: DS0 16, DS1 0..15, HC 2,
 * VP0 8. Of nobody: DS1 16..31, VP0 5, and those that no device has. */
enum { MM, DS0, DS1, HC, VC0, VP0, UNITS };
enum { A3VC, A3VP, POWERS };

#define INTID 228u
#define CONTEXT_OF(domain) ((domain) + 1u)
#define PRR UINT64_C(0xfff00044)
#define SYSC UINT64_C(0xe6180000)

extern struct ipmmum machine;
extern struct ipmmum_config machine_config;
extern struct ipmmu_desc machine_desc; /* what board.ipmmu points to */
extern struct ipmmu_unit_desc machine_units[UNITS];

/* What the driver said, last first; machine_lines of them since machine_start(). */
#define LINES_KEPT 16
extern char machine_text[LINES_KEPT][161];
extern uint32_t machine_lines;
extern uint64_t machine_told; /* faults that lines accounted for */

/* Reads of registers, and of the counter, since it was set to 0. */
extern uint32_t machine_reads;
/* Called before each access to a register of a unit. */
extern void (*machine_on_access)(uint32_t unit, uint32_t reg);
/* What a broken unit shows in place of `value`. */
extern uint32_t (*machine_twist)(uint32_t unit, uint32_t reg, uint32_t value);

/* Units as they should be, and tables for them; change machine_config after it. */
void machine_prepare(void);
/* Out of reset; the driver's state is forgotten. */
void machine_start(void);
/* iommu_init(), which has to go well and to do nothing that it must not. */
void machine_boot(void);
/* Takes interrupts until the line is low, and what is put off. */
void machine_settle(void);
/* The interrupt is taken, and all domains do what is theirs to do. False: it is not the
 * IPMMUs'. */
bool machine_interrupt(void);
void machine_catch_up(void);
void machine_pass_us(uint64_t us);
uint64_t machine_now_us(void);
/* Whether any line that was kept contains the text. */
bool machine_said(const char *text);

/* Whose a micro-TLB is: DOMAINS for nobody. */
uint32_t machine_owner(uint32_t unit, uint32_t utlb);
/* Where a domain's DMA to an address should go. False: nowhere. */
bool machine_goes(uint32_t domain, uint64_t address, bool write, uint64_t *pa);
/* A master's access, which must end as its owner's maps say; nobody's, and a blocked
 * domain's, is refused. Aborts if not. */
void machine_dma(uint32_t unit, uint32_t utlb, uint64_t address, bool write, bool blocked);

/* What is at a physical address, to the end of its page. NULL: no memory. */
void *machine_memory(uint64_t pa);

uint32_t machine_random(uint32_t below);
void machine_seed(uint64_t seed);

#endif
