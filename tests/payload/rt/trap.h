/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions at EL1: probes that expect one, and a report for the others. */
#ifndef PAYLOAD_RT_TRAP_H
#define PAYLOAD_RT_TRAP_H

#include "arch.h"

#define EC_UNKNOWN 0x00
#define EC_SYSREG 0x18
#define EC_IABT_CUR 0x21
#define EC_PC_ALIGN 0x22
#define EC_DABT_CUR 0x25
#define EC_BREAKPOINT_CUR 0x31
#define EC_SERROR 0x2f

#define ESR_EC(esr) FIELD(esr, 31, 26)
#define ESR_FSC(esr) FIELD(esr, 5, 0)
#define FSC_EXTERNAL 0x10 /* synchronous external abort, not on a walk */
#define FSC_ALIGNMENT 0x21

struct trap_frame {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t esr;
	uint64_t far;
	uint64_t vector; /* 0..15, as in the vector table */
};

/* What a probe ended in. */
struct trap_record {
	bool taken;
	uint32_t count; /* exceptions taken; the rest tells of the last one */
	uint32_t vector;
	uint64_t esr;
	uint64_t far;
	uint64_t elr;
};

/* From now on a synchronous exception is recorded and stepped over; an SError
 * is recorded and returned from. Boot CPU only. */
void trap_arm(void);

/* End of the probe: what happened since trap_arm(). */
struct trap_record trap_disarm(void);

void trap_handle(struct trap_frame *frame);

/* Run one instruction (or a few) as a probe. */
#define TRAP_PROBE(record, ...)                \
	do {                                   \
		trap_arm();                    \
		__asm__ volatile(__VA_ARGS__); \
		(record) = trap_disarm();      \
	} while (0)

#endif
