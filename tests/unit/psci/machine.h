/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains on six CPUs, two of which run: the hardware domain a and b, c is off. And a
 * model of the firmware below: its CPUs go on and
 * off, and every call that reaches it is kept.
 */
#ifndef TESTS_UNIT_PSCI_MACHINE_H
#define TESTS_UNIT_PSCI_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/domain.h"
#include "firmware/psci.h"

#define CPUS 6
#define DOMAINS 3
#define ENTRY_PA UINT64_C(0x40201000)
#define RAM UINT64_C(0x40000000)
#define RAM_IPA UINT64_C(0x80000000) /* of the second domain: moved */
#define RAM_SIZE MIB(16)
#define PC UINT64_C(0x40000100)

#define NOT_SUPPORTED ((uint64_t)-1)
#define INVALID_PARAMETERS ((uint64_t)-2)
#define ALREADY_ON ((uint64_t)-4)
#define ON_PENDING ((uint64_t)-5)
#define INTERNAL_FAILURE ((uint64_t)-6)
#define INVALID_ADDRESS ((uint64_t)-9)

/* What a call that does not return comes to: no PSCI result. */
#define GONE 0x900e

/* The firmware: what it offers, which CPUs are on, and the last call but for those
 * that only ask. Functions that it does not model answer 0x1000 + register number. */
struct firmware {
	uint64_t version;
	int64_t suspend_features;
	bool reset2, smccc;
	uint32_t busy; /* CPU_ON calls that still find the CPU on its way off */
	bool refuses;  /* every CPU_ON */
	bool on[CPUS];
	uint64_t call[18];
	uint32_t calls;
};
extern struct firmware fw;

/* The hypervisor's own SPIs, and the CPU that each of the two goes to. */
#define UART_INTID 33
#define IOMMU_INTID 77
#define NOWHERE UINT32_MAX
extern uint32_t spi_at[2];

/* What the other parts of the hypervisor were told. */
extern bool off_vgic[CPUS], off_gic, domain_off_vgic;
extern uint32_t stopped[8], stop_count;

/* How often what was done to a domain, in an order that is checked. */
struct did {
	uint32_t blocks, unblocks, resets, scrubs, copies, again;
};
extern struct did did[DOMAINS];

/* How often each CPU entered its guest, and was rid of what had run there before. */
extern uint32_t entered[CPUS], forgot[CPUS];

/* What fails: the GIC of whichever CPU comes on, copying a payload, the reset of devices,
 * blocking DMA. */
extern const char *no_gic;
extern bool bad_payload, stubborn, unstoppable;

extern struct domain_desc descs[DOMAINS];

/* Something is pending in the list registers. */
extern bool pending;

/* SGIs that pass an alarm on, and the CPUs (bit i) that got one. Whose rings wait for it. */
extern uint32_t alarms, alarmed;
extern uint64_t rings_wait;

/* Domains (bit i) whose consoles were flushed, and those that were stopped. */
extern uint32_t flushed, dropped;
/* What is in a console that is stopped is to be printed later: it sets an alarm. */
extern bool slow_console;

/* Happens on other CPUs while one is on its way off, once. */
extern void (*meanwhile)(void);

/* Where a call that does not return ends. */
extern jmp_buf gone;

extern struct guest_regs regs;
extern const uint32_t allow_a[3];

/* Both domains run, each on its boot CPU: 0 and 2. */
void machine_start(void);

/* Calls on CPU `cpu`, by HVC or SMC; x4..x30 are 0x5500 + register number. x0 after it. */
uint64_t call_with(uint32_t cpu, uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3, bool smc);
/* The CPU comes up for its vCPU, as after CPU_ON. */
void come_up(uint32_t cpu);
/* By HVC on CPU 0. */
uint64_t call(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3);

#endif
