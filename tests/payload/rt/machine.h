/* SPDX-License-Identifier: Apache-2.0 */
/* What the device tree says of the machine that a payload runs on. */
#ifndef PAYLOAD_RT_MACHINE_H
#define PAYLOAD_RT_MACHINE_H

#include "arch.h"

#define MACHINE_CPUS_MAX 8
#define MACHINE_RAM_MAX 8
#define MACHINE_GICR_STRIDE 0x20000u

struct machine_range {
	uint64_t base;
	uint64_t size;
};

struct machine {
	uint64_t entry_counter; /* CNTPCT at the image's first instruction */
	uint64_t entry_regs;    /* x1 | x2 | x3 at entry: 0 by the boot protocol */
	uint64_t entry_el;
	const void *dtb;
	const char *bootargs; /* "" if none */
	struct machine_range ram[MACHINE_RAM_MAX];
	uint32_t ram_count;
	uint64_t cpus[MACHINE_CPUS_MAX]; /* MPIDR affinities, in tree order */
	uint32_t cpu_count;
	uint32_t gic_version; /* 2, 3; 0: none found */
	struct machine_range gicd;
	struct machine_range gicc; /* GICv2 */
	struct machine_range gicr; /* GICv3 */
	struct machine_range uart; /* PL011; base 0: none */
	uint32_t uart_intid;
	uint32_t timer_virtual_intid;
	uint32_t timer_physical_intid;
	bool psci_smc; /* calls go by SMC, else HVC */
	bool xen;
};

extern struct machine machine;

/* First C code, on the boot CPU: reads the tree, sets up console and GIC, runs payload_main(). */
void machine_main(const void *dtb, uint64_t counter, uint64_t regs, uint64_t el);

/* The same for CPU `index` (1..7) after CPU_ON: runs payload_secondary(). */
void machine_main_secondary(uint64_t index);

/* Is the word `text`, delimited by blanks or pluses, on the command line? */
bool machine_option(const char *text);

/* Number `index` of the option "name=N,N,..." (decimal or 0x). false: not there. */
bool machine_option_number(const char *name, uint32_t index, uint64_t *value);

/* Is `addr` in the RAM that the device tree gives us? */
bool machine_is_ram(uint64_t addr);

/* The program. When it returns the machine is powered off. */
void payload_main(void);
void payload_secondary(uint32_t index);

#endif
