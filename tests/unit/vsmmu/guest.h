/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest with a driver for its SMMUv3: queues, a stream table, a context and tables of
 * stage 1, all in its RAM, at the places below from RAM_IPA on. Written from IHI 0070,
 * without a constant of the hypervisor's.
 */
#ifndef TESTS_UNIT_VSMMU_GUEST_H
#define TESTS_UNIT_VSMMU_GUEST_H

#include "unit/smmu/maps.h"
#include "unit/vsmmu/machine.h"

/* Registers. */
#define IDR0 0x00
#define IDR1 0x04
#define IDR2 0x08
#define IDR3 0x0c
#define IDR4 0x10
#define IDR5 0x14
#define IIDR 0x18
#define AIDR 0x1c
#define CR0 0x20
#define CR0ACK 0x24
#define CR1 0x28
#define CR2 0x2c
#define STATUSR 0x40
#define GBPA 0x44
#define AGBPA 0x48
#define IRQ_CTRL 0x50
#define IRQ_CTRLACK 0x54
#define GERROR 0x60
#define GERRORN 0x64
#define STRTAB_BASE 0x80
#define STRTAB_BASE_CFG 0x88
#define CMDQ_BASE 0x90
#define CMDQ_PROD 0x98
#define CMDQ_CONS 0x9c
#define EVTQ_BASE 0xa0
#define EVTQ_PROD 0x100a8
#define EVTQ_CONS 0x100ac

#define SMMUEN 1u
#define EVTQEN 4u
#define CMDQEN 8u
#define ALL_ON (SMMUEN | EVTQEN | CMDQEN)

/* The guest's RAM. */
#define G(offset) (RAM_IPA + (offset))
#define G_CMDQ G(0x0000)    /* 2^8 */
#define G_EVTQ G(0x1000)    /* 2^5 */
#define G_STRTAB G(0x4000)  /* first level, 1,024 groups */
#define G_CD G(0xc000)
#define G_DATA G(0xd000)    /* four pages; word 0 of each says which */
#define G_GROUPS G(0x11000) /* second levels of 64 entries, up to 15 */
#define G_STAGE1 G(0x20000) /* up to 8 pages */
#define G_FREE G(0x40000)
#define CMDQ_LOG2 8
#define EVTQ_LOG2 5
#define SPLIT 6

/* Where stage 1 has the data. */
#define VA_DATA UINT64_C(0x123456000)
#define ASID 5u

struct guest {
	uint32_t prod; /* of the command queue */
	uint32_t seen; /* CONS of the event queue */
	struct tables stage1;
};
extern struct guest guests[C];

/* Tables and queues in RAM, empty but for the context and what maps VA_DATA. */
void guest_tables(uint32_t domain);
/* The same, and turns the SMMU on, as a driver would: all streams abort. */
void guest_start(uint32_t domain);

uint64_t *guest_word(uint32_t domain, uint64_t ipa);
/* The STE of a virtual stream ID in the guest's table, which gets a second level for it. */
uint64_t *guest_ste(uint32_t domain, uint32_t virt);
/* Makes it one of stage 1 with the context; of bypass; of abort. The table alone. */
void guest_set_nested(uint32_t domain, uint32_t virt);
void guest_set_bypass(uint32_t domain, uint32_t virt);
/* What is set, with the invalidation that it needs. */
void guest_attach(uint32_t domain, uint32_t virt);

/* What DMA of the stream comes to by the guest's table as it is: the event's ID; 0: none, for
 * there is nothing wrong with the entry, or the guest is not to be told. *fetch: what could not
 * be read, if it is F_STE_FETCH. */
uint32_t table_event(uint32_t domain, uint32_t virt, uint64_t *fetch);
/* Fails unless DMA of a stream whose SMMU's entry is invalid is told so, if it can be. */
void table_check(uint32_t domain, uint32_t virt);

/* A command, on its way at once; several, then rung. */
void guest_put(uint32_t domain, uint64_t w0, uint64_t w1);
void guest_ring(uint32_t domain);
/* Puts a CMD_SYNC behind, and waits for CONS, with time passing. False: an error stands. */
bool guest_sync(uint32_t domain);
/* One command and a CMD_SYNC. */
bool guest_command(uint32_t domain, uint64_t w0, uint64_t w1);
/* CMDQ_CONS.ERR, if GERROR has it; 0: none. */
uint32_t guest_error(uint32_t domain);
/* Overwrites the bad command by a CMD_SYNC and acknowledges. */
void guest_recover(uint32_t domain);

/* The oldest event, or NULL; it is taken off the queue. */
const uint64_t *guest_event(uint32_t domain);

/* What a read of VA_DATA's page i by the stream gives: the page's number + 1; 0: aborted. */
uint32_t guest_reads(uint32_t domain, uint32_t virt, uint64_t address);

#endif
