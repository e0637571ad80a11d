/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by random.c and random_act.c. */
#ifndef TESTS_UNIT_VGIC_RANDOM_H
#define TESTS_UNIT_VGIC_RANDOM_H

#include "unit/vgic/machine.h"
#include "unit/vgic/oracle.h"

#define STACK 64u

struct guest_cpu {
	uint32_t iar[STACK]; /* acknowledged, not ended */
	uint32_t depth;
	uint32_t ended[STACK]; /* EOImode = 1: ended, not deactivated */
	uint32_t ended_count;
	bool eoimode;
};

extern struct oracle oracles[MACHINE_DOMAINS];
extern struct guest_cpu guests[MACHINE_DOMAINS][ORACLE_VCPUS];
extern uint32_t random_lrs; /* list registers of this run */

static inline struct domain *domain_of(const struct oracle *o)
{
	return &domains[o - oracles];
}

static inline bool is_v2(void)
{
	return machine_gic.version == 2;
}

/* The test has failed. */
_Noreturn void random_wrong(const char *what, uint32_t intid, uint32_t seen, uint32_t expected);

/* An access to a register file: of vCPU `of` when it is banked. */
uint32_t random_access(struct oracle *o, uint32_t v, uint32_t of, bool write, uint32_t reg, uint32_t value);
/* What a 0 or 1 written to a register of one bit per interrupt means. */
void random_bit_written(struct oracle *o, uint32_t of, uint32_t file, uint32_t n, bool set);

/* vCPU v does something. */
void random_act(struct oracle *o, uint32_t v);

#endif
