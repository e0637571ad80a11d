/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a domain's devices are reset before its next run, part of the contract in tables.h: a
 * list of steps for each domain, device by device. The lists are beside struct domain_desc, and
 * in the image only if some domain has such a device.
 */
#ifndef HV_INCLUDE_RESETS_H
#define HV_INCLUDE_RESETS_H

#include "types.h"

enum reset_op {
	RESET_PCI = 1, /* every function behind a PCI host */
	RESET_WRITE,   /* `value` to the register */
	RESET_POLL,    /* until (register & mask) == value, for at most `us` */
	RESET_WAIT,    /* for `us` */
};

#define RESET_US_MAX 10000000u
#define RESET_BUS_SIZE MIB(1) /* of configuration space: 256 functions of 4 KiB */

struct reset_step {
	const char *device; /* of the board file */
	/* A register of 32 bits, aligned; RESET_PCI: configuration space (ECAM) of the first bus;
	 * RESET_WAIT: 0. */
	uint64_t pa;
	uint32_t op; /* enum reset_op */
	uint32_t us;
	uint32_t value; /* RESET_PCI: number of the first bus */
	uint32_t mask;  /* RESET_PCI: number of the last bus, at most 255 */
};

struct reset_list {
	const struct reset_step *steps;
	uint64_t count;
};

/* board.domain_count of them. */
extern const struct reset_list domain_resets[];

_Static_assert(sizeof(struct reset_list) == 16, "reset_list");
_Static_assert(sizeof(struct reset_step) == 32, "reset_step");

#endif
