// SPDX-License-Identifier: Apache-2.0
#include "firmware/psci.h"

#include "arch/cpu.h"
#include "lib/time.h"

#define CPU_ON_US 100000
#define PSCI_0_2 2
#define PSCI_1_0 0x10000

static int32_t firmware_psci_version;
static bool firmware_smccc;

static int64_t firmware_call(uint32_t function, uint64_t a1, uint64_t a2, uint64_t a3)
{
	uint64_t x[18] = {function, a1, a2, a3};

	arch_smc(x);
	return (int64_t)x[0];
}

static int32_t firmware_features(uint32_t function)
{
	if (firmware_psci_version < PSCI_1_0) {
		return PSCI_NOT_SUPPORTED;
	}
	return (int32_t)firmware_call(PSCI_FEATURES, function, 0, 0);
}

const char *firmware_init(void)
{
	firmware_psci_version = (int32_t)firmware_call(PSCI_VERSION, 0, 0, 0);
	if (firmware_psci_version < PSCI_0_2) {
		return "firmware has no PSCI 0.2 or later";
	}
	/* SMCCC 1.1 is found through PSCI 1.0: calling SMCCC_VERSION blindly is not safe. */
	firmware_smccc = firmware_features(SMCCC_VERSION) >= 0;
	return NULL;
}

int32_t firmware_suspend_features(void)
{
	return firmware_features(PSCI_CPU_SUSPEND | PSCI_64);
}

bool firmware_has_reset2(void)
{
	return firmware_features(PSCI_SYSTEM_RESET2 | PSCI_64) >= 0;
}

bool firmware_has_smccc(void)
{
	return firmware_smccc;
}

int32_t firmware_arch_features(uint32_t function)
{
	if (!firmware_smccc) {
		return PSCI_NOT_SUPPORTED;
	}
	return (int32_t)firmware_call(SMCCC_ARCH_FEATURES, function, 0, 0);
}

int32_t firmware_cpu_on(uint64_t mpidr, pa_t entry, uint64_t context)
{
	uint64_t end = time_after_us(CPU_ON_US);
	int32_t result;

	do {
		result = (int32_t)firmware_call(PSCI_CPU_ON | PSCI_64, mpidr, entry.pa, context);
	} while ((result == PSCI_ALREADY_ON || result == PSCI_ON_PENDING) && !time_over(end));
	return result;
}

int32_t firmware_cpu_state(uint64_t mpidr)
{
	return (int32_t)firmware_call(PSCI_AFFINITY_INFO | PSCI_64, mpidr, 0, 0);
}

int32_t firmware_cpu_suspend(uint32_t power_state, pa_t entry, uint64_t context)
{
	return (int32_t)firmware_call(PSCI_CPU_SUSPEND | PSCI_64, power_state, entry.pa, context);
}

_Noreturn void firmware_cpu_off(void)
{
	firmware_call(PSCI_CPU_OFF, 0, 0, 0);
	arch_halt();
}

_Noreturn void firmware_system_off(void)
{
	firmware_call(PSCI_SYSTEM_OFF, 0, 0, 0);
	arch_halt();
}

_Noreturn void firmware_system_reset(void)
{
	firmware_call(PSCI_SYSTEM_RESET, 0, 0, 0);
	arch_halt();
}

int64_t firmware_system_reset2(uint32_t function, uint64_t type, uint64_t cookie)
{
	return firmware_call(function, type, cookie, 0);
}
