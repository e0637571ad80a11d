/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest whose MMIO is mapped on demand: tests/system/ondemand has the board that this
 * program knows by heart. Options:
 *   sweep   every page below RAM, in place of some pages by two CPUs at once
 */
#ifndef PAYLOAD_ONDEMAND_H
#define PAYLOAD_ONDEMAND_H

#include "rt/check.h"
#include "rt/console.h"
#include "rt/machine.h"
#include "rt/trap.h"

#define PAGE UINT64_C(0x1000)
#define BLOCK UINT64_C(0x200000)

struct place {
	uint64_t base;
	uint64_t size;
	const char *name;
};

/* What of the board this guest must not reach, though something would answer at most of it. */
extern const struct place ondemand_forbidden[];
extern const uint32_t ondemand_forbidden_count;
bool ondemand_is_forbidden(uint64_t addr);

/* A load of 32 bits; true: it was answered. False: an external abort, as it must be;
 * whatever else comes is counted as wrong. */
bool ondemand_load(uint64_t addr);
extern uint32_t ondemand_wrong;

void ondemand_sweep(void);
void ondemand_few(void);

#endif
