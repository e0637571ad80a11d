/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's own PSCI (Arm DEN 0022) and SMCCC (DEN 0028) firmware, by SMC. */
#ifndef HV_FIRMWARE_PSCI_H
#define HV_FIRMWARE_PSCI_H

#include "types.h"

/* Function IDs; PSCI_64 turns one that takes addresses into its SMC64 form. */
#define PSCI_VERSION 0x84000000u
#define PSCI_CPU_SUSPEND 0x84000001u
#define PSCI_CPU_OFF 0x84000002u
#define PSCI_CPU_ON 0x84000003u
#define PSCI_AFFINITY_INFO 0x84000004u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define PSCI_FEATURES 0x8400000au
#define PSCI_SYSTEM_RESET2 0x84000012u
#define PSCI_64 0x40000000u

#define SMCCC_VERSION 0x80000000u
#define SMCCC_ARCH_FEATURES 0x80000001u
#define SMCCC_ARCH_SOC_ID 0x80000002u
#define SMCCC_ARCH_WORKAROUND_3 0x80003fffu
#define SMCCC_ARCH_WORKAROUND_2 0x80007fffu
#define SMCCC_ARCH_WORKAROUND_1 0x80008000u

#define PSCI_SUCCESS 0
#define PSCI_NOT_SUPPORTED (-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_DENIED (-3)
#define PSCI_ALREADY_ON (-4)
#define PSCI_ON_PENDING (-5)
#define PSCI_INTERNAL_FAILURE (-6)
#define PSCI_INVALID_ADDRESS (-9)

#define PSCI_AFFINITY_ON 0
#define PSCI_AFFINITY_OFF 1
#define PSCI_AFFINITY_ON_PENDING 2

#define PSCI_MIGRATE_NOT_NEEDED 2 /* no trusted OS that would care */

/* PSCI_FEATURES(CPU_SUSPEND) */
#define PSCI_SUSPEND_OSI BIT32(0)
#define PSCI_SUSPEND_EXTENDED BIT32(1)

/* Asks firmware what it can do. NULL, or what is wrong. Once, on the boot CPU. */
const char *firmware_init(void);

/* PSCI_FEATURES of CPU_SUSPEND and SYSTEM_RESET2, SMCCC_ARCH_FEATURES of any
 * function, as firmware answers: negative = not there. */
int32_t firmware_suspend_features(void);
bool firmware_has_reset2(void);
int32_t firmware_arch_features(uint32_t function);

/* Whether firmware has SMCCC 1.1: refuses functions that it does not know. */
bool firmware_has_smccc(void);

/* Turns a CPU on: it starts at `entry` with `context` in x0. Keeps trying for
 * 100 ms while firmware says that the CPU is still going off. PSCI result. */
int32_t firmware_cpu_on(uint64_t mpidr, pa_t entry, uint64_t context);

/* PSCI_AFFINITY_* of one CPU, or a negative PSCI result. */
int32_t firmware_cpu_state(uint64_t mpidr);

/* As PSCI CPU_SUSPEND: returns after standby or when the CPU could not go down. */
int32_t firmware_cpu_suspend(uint32_t power_state, pa_t entry, uint64_t context);

/* Turns off the calling CPU, or the machine. What firmware refuses ends in a halt. */
_Noreturn void firmware_cpu_off(void);
_Noreturn void firmware_system_off(void);
_Noreturn void firmware_system_reset(void);

/* Returns only if firmware refuses: its result. */
int64_t firmware_system_reset2(uint32_t function, uint64_t type, uint64_t cookie);

#endif
