// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/el3/psci.h"

#include "models/rcar/el3/gic.h"
#include "models/rcar/el3/machine.h"
#include "models/rcar/el3/power.h"
#include "models/rcar/el3/trap.h"

enum {
	SMCCC_VERSION = 0x80000000,
	SMCCC_ARCH_FEATURES = 0x80000001,
	PSCI_VERSION = 0x84000000,
	PSCI_CPU_OFF = 0x84000002,
	PSCI_CPU_ON_32 = 0x84000003,
	PSCI_CPU_ON = 0xc4000003,
	PSCI_AFFINITY_INFO_32 = 0x84000004,
	PSCI_AFFINITY_INFO = 0xc4000004,
	PSCI_SYSTEM_OFF = 0x84000008,
	PSCI_SYSTEM_RESET = 0x84000009,
	PSCI_FEATURES = 0x8400000a,
};

#define NOT_SUPPORTED (-1)
#define INVALID_PARAMETERS (-2)
#define ALREADY_ON (-4)
#define ON_PENDING (-5)

#define SPSR_EL2H 0x3c9u /* with all interrupts masked */
#define SCTLR_RES1 0x30c50830u

enum cpu_state { CPU_OFF, CPU_PENDING, CPU_ON }; /* AFFINITY_INFO's answers: 1, 2, 0 */

static struct {
	uint32_t state;
	uint64_t entry;
	uint64_t context;
} cpus[CPUS];

/* CPUS: it has none with that MPIDR. */
static uint32_t psci_cpu(uint64_t mpidr)
{
	return mpidr < CPUS && mpidr < gic_cpus() ? (uint32_t)mpidr : CPUS;
}

static int64_t psci_cpu_on(uint64_t mpidr, uint64_t entry, uint64_t context)
{
	uint32_t cpu = psci_cpu(mpidr);
	uint32_t state = CPU_OFF;

	if (cpu >= CPUS) {
		return INVALID_PARAMETERS;
	}
	if (!__atomic_compare_exchange_n(&cpus[cpu].state, &state, CPU_PENDING, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_ACQUIRE)) {
		return state == CPU_ON ? ALREADY_ON : ON_PENDING;
	}
	cpus[cpu].context = context;
	__atomic_store_n(&cpus[cpu].entry, entry, __ATOMIC_RELEASE);
	gic_wake(cpu);
	return 0;
}

static int64_t psci_affinity_info(uint64_t mpidr, uint64_t level)
{
	uint32_t cpu = psci_cpu(mpidr);

	if (cpu >= CPUS || level != 0) {
		return INVALID_PARAMETERS;
	}
	switch (__atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE)) {
	case CPU_ON:
		return 0;
	case CPU_PENDING:
		return 2;
	default:
		return 1;
	}
}

static int64_t psci_features(uint64_t function)
{
	switch (function) {
	case SMCCC_VERSION:
	case PSCI_VERSION:
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON:
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
		return 0;
	default:
		return NOT_SUPPORTED;
	}
}

void psci_start(uint64_t entry)
{
	cpus[0].state = CPU_PENDING;
	cpus[0].entry = entry;
}

void psci_wait(struct regs *regs)
{
	uint32_t self = cpu_self();
	uint64_t entry;

	/* The entry is written after the state, and before the SGI is sent. */
	while ((entry = __atomic_exchange_n(&cpus[self].entry, 0, __ATOMIC_ACQUIRE)) == 0) {
		CPU_DO("wfi");
		trap_fiq(regs);
	}
	*regs = (struct regs){.x = {cpus[self].context}};
	CPU_WRITE(sctlr_el2, SCTLR_RES1);
	CPU_WRITE(hcr_el2, 0);
	CPU_WRITE(spsr_el3, SPSR_EL2H);
	CPU_WRITE(elr_el3, entry);
	__atomic_store_n(&cpus[self].state, CPU_ON, __ATOMIC_RELEASE);
}

static void psci_cpu_off(struct regs *regs)
{
	__atomic_store_n(&cpus[cpu_self()].state, CPU_OFF, __ATOMIC_RELEASE);
	psci_wait(regs);
}

void psci_call(struct regs *regs)
{
	uint64_t *x = regs->x;

	switch ((uint32_t)x[0]) {
	case SMCCC_VERSION:
		x[0] = 0x10001;
		break;
	case PSCI_VERSION:
		x[0] = 0x10000;
		break;
	case PSCI_CPU_OFF:
		psci_cpu_off(regs);
		break;
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON:
		x[0] = (uint64_t)psci_cpu_on(x[1], x[2], x[3]);
		break;
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO:
		x[0] = (uint64_t)psci_affinity_info(x[1], x[2]);
		break;
	case PSCI_SYSTEM_OFF:
		power_pin(POWER_OFF);
	case PSCI_SYSTEM_RESET:
		power_pin(POWER_RESET);
	case PSCI_FEATURES:
		x[0] = (uint64_t)psci_features((uint32_t)x[1]);
		break;
	default:
		x[0] = (uint64_t)NOT_SUPPORTED;
	}
}
