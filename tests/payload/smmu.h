/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An SMMUv3 as a guest drives it (IHI 0070), for one stream: an `edu` device of QEMU's
 * behind a root port of the PCI host that the device tree names.
 */
#ifndef PAYLOAD_SMMU_H
#define PAYLOAD_SMMU_H

#include "rt/arch.h"
#include "rt/machine.h"

#define SMMU_IDR0 0x00
#define SMMU_IDR1 0x04
#define SMMU_IDR3 0x0c
#define SMMU_IDR5 0x14
#define SMMU_CR0 0x20
#define SMMU_CR0ACK 0x24
#define SMMU_CR1 0x28
#define SMMU_CR2 0x2c
#define SMMU_GBPA 0x44
#define SMMU_IRQ_CTRL 0x50
#define SMMU_GERROR 0x60
#define SMMU_GERRORN 0x64
#define SMMU_STRTAB_BASE 0x80
#define SMMU_STRTAB_CFG 0x88
#define SMMU_CMDQ_BASE 0x90
#define SMMU_CMDQ_PROD 0x98
#define SMMU_CMDQ_CONS 0x9c
#define SMMU_EVTQ_BASE 0xa0
#define SMMU_EVTQ_PROD 0x100a8
#define SMMU_EVTQ_CONS 0x100ac
#define SMMU_SIZE 0x20000

#define IDR3_RIL BIT(10)
#define CR0_SMMUEN BIT(0)
#define CR0_EVTQEN BIT(2)
#define CR0_CMDQEN BIT(3)
#define CR0_ALL (CR0_SMMUEN | CR0_EVTQEN | CR0_CMDQEN)
#define CR2_RECINVSID BIT(1)
#define GBPA_ABORT BIT(20)
#define GBPA_UPDATE BIT(31)
#define GERROR_CMDQ BIT(0)
#define GERROR_EVTQ_ABT BIT(2)
#define CERROR(cons) FIELD(cons, 30, 24)
#define CERROR_ILL 1
#define CERROR_ABT 2

#define CMD_PREFETCH_CONFIG 0x01
#define CMD_PREFETCH_ADDR 0x02
#define CMD_CFGI_STE 0x03
#define CMD_CFGI_ALL 0x04
#define CMD_CFGI_CD 0x05
#define CMD_CFGI_CD_ALL 0x06
#define CMD_TLBI_NH_ALL 0x10
#define CMD_TLBI_NH_ASID 0x11
#define CMD_TLBI_NH_VA 0x12
#define CMD_TLBI_NH_VAA 0x13
#define CMD_TLBI_NSNH_ALL 0x30
#define CMD_SYNC 0x46

#define EVT_C_BAD_STREAMID 0x02
#define EVT_F_STE_FETCH 0x03
#define EVT_C_BAD_STE 0x04
#define EVT_F_TRANSLATION 0x10
#define EVT_F_PERMISSION 0x13
#define EVT_CLASS_IN 2

#define STE_ABORT 0
#define STE_BYPASS 4
#define STE_S1 5
#define STE_WORD0(config) (BIT(0) | (uint64_t)(config) << 1)

#define SMMU_SID 0x100u /* the edu device's */
#define SMMU_SIDS 512u
#define SMMU_CMDS 256u
#define SMMU_EVENTS 128u
#define SMMU_ASID 5u
#define SMMU_IOVA UINT64_C(0x10000000) /* of the page 0 that smmu_map() knows */

extern uint64_t smmu_base; /* 0: the tree has none */
extern uint32_t smmu_evtq_intid;
extern uint64_t smmu_strtab[SMMU_SIDS][8];
extern uint64_t smmu_cmdq[SMMU_CMDS][2];
extern uint64_t smmu_evtq[SMMU_EVENTS][4];
extern uint64_t smmu_cd[8];

/* Finds it and the PCI host. false: the device tree lacks one. */
bool smmu_find(void);

/* Off: SMMUEN, queues, errors acknowledged, abort by GBPA. false: it does not obey. */
bool smmu_stop(void);
/* Tables, queues, and SMMUEN, with one context for the stream and nothing mapped. false: it
 * does not obey. */
bool smmu_start(void);

/* Has it off and on with another stream table, by STRTAB_BASE and its _CFG, and with CR2. */
bool smmu_set_table(uint64_t base, uint32_t cfg, uint32_t cr2);
/* CR0, and waits for CR0ACK. false: it does not follow. */
bool smmu_set_cr0(uint32_t value);

/* Maps, or with page 0 unmaps, IOVA SMMU_IOVA + index * 4 KiB. No invalidation. */
void smmu_map(uint32_t index, uint64_t page, bool write);
#define SMMU_NO_PAGE UINT64_C(0)

/* Puts a command into the queue when there is room. false: there was none for long. */
bool smmu_command(uint64_t w0, uint64_t w1);
/* The same without telling the SMMU; and that. */
void smmu_queue(uint64_t w0, uint64_t w1);
void smmu_tell(void);
/* CMD_SYNC, and waits until all is done. false: an error, or it takes too long. */
bool smmu_sync(void);
/* Where a command was refused: goes on behind it. Returns CMDQ_CONS.ERR, or 0 when there is
 * no such error. */
uint32_t smmu_skip(void);
/* Whether all commands are done. */
bool smmu_is_idle(void);
/* The words of the command at CMDQ_CONS, where the queue stands. */
bool smmu_stands_at(uint64_t w0, uint64_t w1);
/* The STE of the stream becomes these words, and the SMMU knows. */
bool smmu_set_ste(uint64_t w0, uint64_t w1);
/* Takes the next event, if there is one. */
bool smmu_event(uint64_t w[4]);
/* What is active in GERROR is acknowledged; what it was. */
uint32_t smmu_acknowledge(void);

/* The device: sets it up; copies up to 4 KiB between two addresses of its own. */
bool edu_find(void);
void edu_copy(uint64_t to, uint64_t from, uint32_t size);
/* One way of that: from memory into the device, or out of it. */
void edu_read(uint64_t from, uint32_t size);
void edu_write(uint64_t to, uint32_t size);
/* edu_write() begins; whether it is under way still: it takes 100 ms. */
void edu_begin(uint64_t to, uint32_t size);
bool edu_is_busy(void);
/* A number, 0..3, that the device keeps; 0 until one is given. */
void edu_keep(uint32_t n);
uint32_t edu_kept(void);

#endif
