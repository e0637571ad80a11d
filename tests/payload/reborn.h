/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reborn looks at: X(name, register, expected, mask, mark) for system registers, in
 * the order of struct reborn_state.sys; Y(name, address, expected, mask, mark) for those
 * of devices. `expected` is what it is at reset, in the bits of `mask`; `mark` is what is
 * left in it for the next run. For QEMU's CPU `max`.
 */
#ifndef PAYLOAD_REBORN_H
#define PAYLOAD_REBORN_H

#define REBORN_PATTERN 0xa5c3a5c3a5c3a5c3
#define REBORN_ALL 0xffffffffffffffff

#define REBORN_REGS(X) \
	X(DAIF, daif, 0x3c0, REBORN_ALL, 0x3c0) \
	X(CurrentEL, CurrentEL, 4, REBORN_ALL, -1) \
	X(SCTLR_EL1, sctlr_el1, 0x30d00800, REBORN_ALL, 0x30d00808) \
	X(CPACR_EL1, cpacr_el1, 0, REBORN_ALL, 0x3330000) \
	X(VBAR_EL1, vbar_el1, 0, REBORN_ALL, 0xa5c3a5c3a800) \
	X(TTBR0_EL1, ttbr0_el1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(TTBR1_EL1, ttbr1_el1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(TCR_EL1, tcr_el1, 0, REBORN_ALL, 0x25c323c3) \
	X(MAIR_EL1, mair_el1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(CONTEXTIDR_EL1, contextidr_el1, 0, REBORN_ALL, 0xa5c3a5c3) \
	X(TPIDR_EL0, tpidr_el0, 0, REBORN_ALL, REBORN_PATTERN) \
	X(TPIDRRO_EL0, tpidrro_el0, 0, REBORN_ALL, REBORN_PATTERN) \
	X(TPIDR_EL1, tpidr_el1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(ESR_EL1, esr_el1, 0, REBORN_ALL, 0xa5c3a5c3) \
	X(FAR_EL1, far_el1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(PAR_EL1, par_el1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(ELR_EL1, elr_el1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(SPSR_EL1, spsr_el1, 0, REBORN_ALL, 0x600003c5) \
	X(SP_EL0, sp_el0, 0, REBORN_ALL, REBORN_PATTERN) \
	X(MDSCR_EL1, mdscr_el1, 0, REBORN_ALL, 0x1000) \
	X(CNTKCTL_EL1, cntkctl_el1, 0, REBORN_ALL, 0x3) \
	X(CNTV_CTL_EL0, cntv_ctl_el0, 0, 3, 3) \
	X(CNTV_CVAL_EL0, cntv_cval_el0, 0, REBORN_ALL, REBORN_PATTERN) \
	X(CNTP_CTL_EL0, cntp_ctl_el0, 0, 3, 3) \
	X(CNTP_CVAL_EL0, cntp_cval_el0, 0, REBORN_ALL, REBORN_PATTERN) \
	X(CSSELR_EL1, csselr_el1, 0, REBORN_ALL, 1) \
	X(APIAKeyLo, S3_0_C2_C1_0, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APIAKeyHi, S3_0_C2_C1_1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APIBKeyLo, S3_0_C2_C1_2, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APIBKeyHi, S3_0_C2_C1_3, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APDAKeyLo, S3_0_C2_C2_0, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APDAKeyHi, S3_0_C2_C2_1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APDBKeyLo, S3_0_C2_C2_2, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APDBKeyHi, S3_0_C2_C2_3, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APGAKeyLo, S3_0_C2_C3_0, 0, REBORN_ALL, REBORN_PATTERN) \
	X(APGAKeyHi, S3_0_C2_C3_1, 0, REBORN_ALL, REBORN_PATTERN) \
	X(ZCR_EL1, S3_0_C1_C2_0, 0, REBORN_ALL, 3) \
	X(SMCR_EL1, S3_0_C1_C2_6, 0, REBORN_ALL, 1) \
	X(TPIDR2_EL0, S3_3_C13_C0_5, 0, REBORN_ALL, REBORN_PATTERN) \
	X(SVCR, S3_3_C4_C2_2, 0, REBORN_ALL, 0) \
	X(PMCR_EL0, pmcr_el0, 0, 0x3f, 0x1) \
	X(PMCNTENSET_EL0, pmcntenset_el0, 0, REBORN_ALL, 0x80000001) \
	X(PMINTENSET_EL1, pmintenset_el1, 0, REBORN_ALL, 0x80000001) \
	X(PMUSERENR_EL0, pmuserenr_el0, 0, REBORN_ALL, 0xf) \
	X(PMCCFILTR_EL0, pmccfiltr_el0, 0, REBORN_ALL, 0x40000000) \
	X(PMEVTYPER0_EL0, pmevtyper0_el0, 0, REBORN_ALL, 0x11) \
	X(PMCCNTR_EL0, pmccntr_el0, 0, REBORN_ALL, 0x5c3a5c3a) \
	X(DBGBVR0_EL1, dbgbvr0_el1, 0, REBORN_ALL, 0x5c3a5c3c) \
	X(DBGBCR0_EL1, dbgbcr0_el1, 0, REBORN_ALL, 0x1e4) \
	X(DBGBVR1_EL1, dbgbvr1_el1, 0, REBORN_ALL, 0x5c3a5c3c) \
	X(DBGWVR0_EL1, dbgwvr0_el1, 0, REBORN_ALL, 0x5c3a5c38) \
	X(DBGWCR0_EL1, dbgwcr0_el1, 0, REBORN_ALL, 0x1ff4) \
	X(DBGWVR3_EL1, dbgwvr3_el1, 0, REBORN_ALL, 0x5c3a5c38)

/* The console's SPI is 33 (virtual), the clock's 34. */
#define REBORN_DEVICES(Y) \
	Y(GICD_CTLR, 0x08000000, 0, 3, 3) \
	Y(GICD_ISENABLER1, 0x08000104, 0, REBORN_ALL, 6) \
	Y(GICD_ISPENDR1, 0x08000204, 0, REBORN_ALL, 6) \
	Y(GICD_ISACTIVER1, 0x08000304, 0, REBORN_ALL, 6) \
	Y(GICD_IPRIORITYR8, 0x08000420, 0, REBORN_ALL, 0x40404040) \
	Y(GICR_ISENABLER0, 0x080b0100, 0, REBORN_ALL, 0xffffffff) \
	Y(GICR_ISPENDR0, 0x080b0200, 0, REBORN_ALL, 0x0800ff00) \
	Y(GICR_ISACTIVER0, 0x080b0300, 0, REBORN_ALL, 0x08000001) \
	Y(GICR_IPRIORITYR6, 0x080b0418, 0, REBORN_ALL, 0x40404040) \
	Y(UARTIBRD, 0x09000024, 0, REBORN_ALL, 77) \
	Y(UARTLCR_H, 0x0900002c, 0, REBORN_ALL, 0x70) \
	Y(UARTCR, 0x09000030, 0x300, REBORN_ALL, 0x381) \
	Y(UARTIFLS, 0x09000034, 0x12, REBORN_ALL, 0) \
	Y(UARTIMSC, 0x09000038, 0, REBORN_ALL, 0x7ff) \
	Y(UARTRIS, 0x0900003c, 0, REBORN_ALL, 0)

/* Of struct reborn_state; CPACR_EL1 is taken before the others, which need it. */
#define REBORN_CPACR 3
#define REBORN_SYS_MAX 64
#define REBORN_DEVICES_MAX 16

#ifndef __ASSEMBLER__
#include "rt/arch.h"

struct reborn_state {
	uint64_t x[31]; /* x20: SP is lost for it */
	uint64_t ram_bad; /* the first word of RAM that is not zero; 0: there is none */
	uint64_t sys[REBORN_SYS_MAX];
	uint64_t devices[REBORN_DEVICES_MAX];
	uint64_t fpcr, fpsr;
	uint64_t v[64];
	uint64_t z[32]; /* all of Z0..Z31, ORed */
	uint64_t p[4];  /* all of P0..P15 and FFR, ORed */
};

extern struct reborn_state reborn_state;

/* Marks all registers and RAM up to `end`, then calls PSCI `function`, by HVC. */
void reborn_end(uint64_t function, uint64_t end) __attribute__((noreturn));

/* An exception whose vector is in no memory. */
void reborn_lock_up(void) __attribute__((noreturn));
#endif

#endif
