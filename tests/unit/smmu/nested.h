/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SMMUv3 model alone, with one stream under both stages, and no driver: memory, tables,
 * commands and DMA for tests of the model itself.
 */
#ifndef TESTS_UNIT_SMMU_NESTED_H
#define TESTS_UNIT_SMMU_NESTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/smmuv3.h"
#include "unit/smmu/maps.h"

#define RAM UINT64_C(0x40000000)
#define RAM_SIZE MIB(8)
#define MOVED UINT64_C(0x40000000) /* from PA to IPA */
#define STAGE2 0x10000 /* tables of it */
#define STAGE1 0x40000 /* what follows is the guest's */
#define CD 0x60000
#define DATA 0x61000       /* four pages; page i begins with 0xda7a00 + i */
#define BLOCK 0x400000     /* 2 MiB, aligned; pages for stage 2 */
#define NOWHERE UINT64_C(0x100000000)

#define SID 0x20u
#define VMID 1u
#define ASID 5u
#define VA_DATA UINT64_C(0x123456000)
#define VA_BLOCK UINT64_C(0x140000000)

/* Of commands. */
#define SYNC 0x46
#define OF_SID ((uint64_t)SID << 32)
#define OF_VMID ((uint64_t)VMID << 32)
#define OF_ASID (OF_VMID | (uint64_t)ASID << 48)

extern uint8_t memory[RAM_SIZE];
extern struct tables one, two; /* by stage */
extern struct smmum_config config;

/* Back to an SMMU as in QEMU's virt machine; of each test, first. */
int setup(void **state);
/* Starts over, with `config`: memory, tables, STE, CD; the SMMU is on. */
void start(bool qemu);

uint64_t ipa(uint64_t offset);
uint64_t *at(uint64_t offset);
uint64_t *ste(void);

void command(uint64_t w0, uint64_t w1);
/* Whether the SMMU takes it; recovers if not. */
bool accepts(uint64_t w0, uint64_t w1);

/* What a read of the stream's gives; 0: it is aborted. */
uint64_t reads(uint64_t address);
bool writes(uint64_t address);

/* The one event that has been recorded since the last look. */
const uint64_t *event(void);
void expect(uint64_t kind, uint64_t w1, uint64_t w2, uint64_t w3);
void expect_none(void);

#endif
