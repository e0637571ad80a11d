// SPDX-License-Identifier: Apache-2.0
#include "guest/smccc.h"

#include "arch/cpu.h"
#include "firmware/psci.h"
#include "guest/control.h"
#include "guest/esr.h"
#include "guest/inject.h"
#include "guest/psci.h"
#include "guest/xen/abi.h"
#include "guest/xen/xen.h"

#define SMCCC_1_2 0x10002
#define SMCCC_FAST BIT32(31)
#define SMCCC_NO_SVE BIT32(16) /* SMCCC 1.3: a hint, in the ID of any fast call */

/* Vendor specific hypervisor services */
#define SMCCC_HYP_COUNT 0x8600ff00u
#define SMCCC_HYP_UID 0x8600ff01u
#define SMCCC_HYP_REVISION 0x8600ff03u
#define HYP_COUNT 3
#define HYP_REVISION_MAJOR 0
#define HYP_REVISION_MINOR 2

/* 4f0c36b6-2f3b-4d0f-a1a5-3c9e6d6b1c52, little endian in four registers */
static const uint32_t smccc_hyp_uid[] = {0xb6360c4f, 0x0f4d3b2f, 0x9e3ca5a1, 0x521c6b6d};

/* Calls of the Arm Architecture range that firmware implements, if at all. */
static bool smccc_is_firmware_arch(uint32_t function)
{
	switch (function) {
	case SMCCC_ARCH_SOC_ID:
	case SMCCC_ARCH_WORKAROUND_1:
	case SMCCC_ARCH_WORKAROUND_2:
	case SMCCC_ARCH_WORKAROUND_3:
		return true;
	default:
		return false;
	}
}

static int64_t smccc_arch_features(uint32_t function)
{
	if (function == SMCCC_VERSION || function == SMCCC_ARCH_FEATURES) {
		return PSCI_SUCCESS;
	}
	return smccc_is_firmware_arch(function) ? firmware_arch_features(function) : PSCI_NOT_SUPPORTED;
}

/* Ascending list, a handful of entries. */
static bool smccc_is_allowed(const struct domain *d, uint32_t function)
{
	for (uint32_t i = 0; i < d->desc->smc_count; i++) {
		if (d->desc->smc_allow[i] == function) {
			return true;
		}
	}
	return false;
}

static __attribute__((noinline)) void smccc_other(struct vcpu *vcpu, struct guest_regs *regs,
						  uint32_t function, bool smc)
{
	if ((function & PSCI_ID_MASK) == PSCI_ID) {
		regs->x[0] = (uint64_t)psci_call(vcpu, function, regs);
		return;
	}
	switch (function) {
	case SMCCC_VERSION:
		regs->x[0] = SMCCC_1_2;
		return;
	case SMCCC_ARCH_FEATURES:
		regs->x[0] = (uint64_t)smccc_arch_features((uint32_t)regs->x[1]);
		return;
	case SMCCC_HYP_COUNT:
		regs->x[0] = HYP_COUNT + control_calls(vcpu->domain);
		return;
	case SMCCC_HYP_UID:
		for (uint32_t i = 0; i < ARRAY_SIZE(smccc_hyp_uid); i++) {
			regs->x[i] = smccc_hyp_uid[i];
		}
		return;
	case SMCCC_HYP_REVISION:
		regs->x[0] = HYP_REVISION_MAJOR;
		regs->x[1] = HYP_REVISION_MINOR;
		return;
	default:
		break;
	}
	/* Which of these there are may differ from CPU to CPU: firmware answers. */
	if ((smccc_is_firmware_arch(function) && firmware_has_smccc()) ||
	    (smc && smccc_is_allowed(vcpu->domain, function))) {
		regs->x[0] = function; /* what was judged, not what a hint may make of it */
		arch_smc(regs->x);
		return;
	}
	if (!control_call(vcpu, regs, function)) {
		regs->x[0] = (uint64_t)(int64_t)PSCI_NOT_SUPPORTED;
	}
}

/* PSCI_VERSION is what a hypercall costs at the least; everything else goes out of
 * line, so that this path needs no stack frame. */
static inline void smccc_call(struct vcpu *vcpu, struct guest_regs *regs, bool smc)
{
	uint32_t function = (uint32_t)regs->x[0];

	/* The hint is bit 16 where bit 31 is set; elsewhere the bit is part of the number. */
	_Static_assert(SMCCC_FAST >> 15 == SMCCC_NO_SVE, "one is shifted onto the other");
	function &= ~(function >> 15 & SMCCC_NO_SVE);
	if (function == PSCI_VERSION) {
		regs->x[0] = PSCI_1_1;
		return;
	}
	smccc_other(vcpu, regs, function, smc);
}

/* Other numbers than 0: Xen's, where the domain has it, or nobody's. HVC's preferred
 * return is behind it. */
static __attribute__((noinline)) void smccc_hvc_other(struct vcpu *vcpu, struct guest_regs *regs,
						      uint64_t esr)
{
	if (FIELD_GET(ESR_IMM16, esr) == XEN_HVC && xen_hypercall(vcpu, regs)) {
		return;
	}
	sysreg_write_elr_el2(sysreg_read_elr_el2() - 4);
	inject_undefined();
}

void smccc_hvc(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr)
{
	if ((esr & ESR_IMM16) != 0) {
		smccc_hvc_other(vcpu, regs, esr);
		return;
	}
	smccc_call(vcpu, regs, false);
}

void smccc_smc(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr)
{
	if ((esr & ESR_IMM16) != 0) {
		inject_undefined();
		return;
	}
	inject_skip(esr);
	smccc_call(vcpu, regs, true);
}
