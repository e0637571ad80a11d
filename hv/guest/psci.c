// SPDX-License-Identifier: Apache-2.0
#include "guest/psci.h"

#include "arch/cpu.h"
#include "firmware/psci.h"
#include "guest/lifecycle.h"
#include "guest/power.h"
#include "guest/vgic.h"
#include "lib/time.h"

#define AFFINITY_LEVELS 4u

/* CPU_SUSPEND's power_state: where it says that the state is lost. */
#define POWER_DOWN_ORIGINAL BIT32(16)
#define POWER_DOWN_EXTENDED BIT32(30)

/* SYSTEM_RESET2's reset_type (DEN 0022, 5.1.16): the one architectural type there is,
 * and the mark of vendors' own, which firmware alone knows. */
#define RESET2_WARM 0u
#define RESET2_VENDOR BIT32(31)

static int32_t psci_suspend_features; /* PSCI_FEATURES of CPU_SUSPEND, asked once */
static bool psci_has_reset2;

void psci_init(void)
{
	psci_suspend_features = firmware_suspend_features();
	psci_has_reset2 = firmware_has_reset2();
}

static int64_t psci_cpu_on(struct vcpu *caller, uint64_t target, uint64_t entry, uint64_t context)
{
	struct vcpu *vcpu = domain_find_vcpu(caller->domain, target);

	if (vcpu == NULL) {
		return PSCI_INVALID_PARAMETERS;
	}
	if (!IS_ALIGNED(entry, 4) || !domain_has_ram(caller->domain, IPA(entry))) {
		return PSCI_INVALID_ADDRESS;
	}
	switch (vcpu_claim(vcpu)) {
	case VCPU_ON:
		return PSCI_ALREADY_ON;
	case VCPU_ON_PENDING:
		return PSCI_ON_PENDING;
	case VCPU_OFF:
	default:
		power_vcpu_set(vcpu, IPA(entry), context);
		return power_vcpu_on(vcpu);
	}
}

/* What a domain says is off may, for a moment, still be on its way there. */
static int64_t psci_vcpu_affinity(const struct domain *d, uint32_t index)
{
	switch (vcpu_get_state(domain_vcpu(d, index))) {
	case VCPU_ON:
		return PSCI_AFFINITY_ON;
	case VCPU_ON_PENDING:
		return PSCI_AFFINITY_ON_PENDING;
	case VCPU_OFF:
	default:
		return firmware_cpu_state(vcpu_mpidr(d, index)) == PSCI_AFFINITY_ON ? PSCI_AFFINITY_ON :
										     PSCI_AFFINITY_OFF;
	}
}

/* Of all of the domain's CPUs that agree with `target` from affinity level `level`
 * upwards: on if one is, else pending if one is, else off. */
static int64_t psci_affinity_info(const struct domain *d, uint64_t target, uint64_t level)
{
	static const uint64_t masks[AFFINITY_LEVELS] = {
		GENMASK64(39, 32) | GENMASK64(23, 0),
		GENMASK64(39, 32) | GENMASK64(23, 8),
		GENMASK64(39, 32) | GENMASK64(23, 16),
		GENMASK64(39, 32),
	};
	int64_t result = PSCI_INVALID_PARAMETERS;

	if (level >= AFFINITY_LEVELS || (target & ~masks[0]) != 0) {
		return PSCI_INVALID_PARAMETERS;
	}
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		int64_t state;

		if (((vcpu_mpidr(d, i) ^ target) & masks[level]) != 0) {
			continue;
		}
		state = psci_vcpu_affinity(d, i);
		if (state == PSCI_AFFINITY_ON) {
			return state;
		}
		if (result < 0 || state == PSCI_AFFINITY_ON_PENDING) {
			result = state;
		}
	}
	return result;
}

/* What is pending in list registers wakes no CPU that sleeps in firmware: it is looked
 * for before. A CPU that is powered down comes back through the hypervisor's entry, and
 * from there to the guest's. */
static int64_t psci_cpu_suspend(struct vcpu *vcpu, uint32_t power_state, uint64_t entry,
				uint64_t context)
{
	uint32_t down = (psci_suspend_features & (int32_t)PSCI_SUSPEND_EXTENDED) != 0 ? POWER_DOWN_EXTENDED :
										       POWER_DOWN_ORIGINAL;
	int32_t result;

	if (psci_suspend_features < 0) {
		return PSCI_NOT_SUPPORTED;
	}
	if ((power_state & down) == 0) {
		return vgic_cpu_suspend(vcpu) ? firmware_cpu_suspend(power_state, PA(0), 0) : PSCI_SUCCESS;
	}
	if (!IS_ALIGNED(entry, 4) || !domain_has_ram(vcpu->domain, IPA(entry))) {
		return PSCI_INVALID_ADDRESS;
	}
	vcpu->entry = IPA(entry);
	vcpu->context = context;
	if (!vgic_cpu_suspend(vcpu)) {
		return PSCI_SUCCESS; /* an interrupt is pending: it wakes up at once */
	}
	if (time_has_alarm()) {
		arch_wfi(); /* the timer would be off with the CPU: only doze */
		return PSCI_SUCCESS;
	}
	vcpu->suspended = true;
	result = firmware_cpu_suspend(power_state, arch_cpu_entry(), (uint64_t)(uintptr_t)vcpu_cpu(vcpu));
	vcpu->suspended = false;
	vgic_cpu_resume(vcpu);
	return result;
}

/* Whether a reset that this domain asks for resets the machine. */
static bool psci_resets_machine(const struct domain *d)
{
	return (d->desc->flags & DOMAIN_HARDWARE) != 0 || board.domain_count == 1;
}

static _Noreturn void psci_restart(struct vcpu *vcpu)
{
	(void)lifecycle_restart(vcpu->domain, "asked for a reset");
	power_vcpu_off(vcpu);
}

static _Noreturn void psci_system_reset(struct vcpu *vcpu)
{
	if (psci_resets_machine(vcpu->domain)) {
		power_machine_reset();
	}
	psci_restart(vcpu);
}

static int64_t psci_system_reset2(struct vcpu *vcpu, uint32_t function, uint64_t type, uint64_t cookie)
{
	if (!psci_has_reset2) {
		return PSCI_NOT_SUPPORTED;
	}
	if ((type & RESET2_VENDOR) == 0 && (uint32_t)type != RESET2_WARM) {
		return PSCI_INVALID_PARAMETERS;
	}
	if (psci_resets_machine(vcpu->domain)) {
		return power_machine_reset2(vcpu->domain, function, type, cookie);
	}
	psci_restart(vcpu);
}

int64_t psci_features(uint32_t function)
{
	switch (function) {
	case PSCI_VERSION:
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON:
	case PSCI_CPU_ON | PSCI_64:
	case PSCI_AFFINITY_INFO:
	case PSCI_AFFINITY_INFO | PSCI_64:
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
	case SMCCC_VERSION:
		return PSCI_SUCCESS;
	case PSCI_CPU_SUSPEND:
	case PSCI_CPU_SUSPEND | PSCI_64:
		/* Coordination by the OS spans domains: it stays with firmware. */
		return psci_suspend_features < 0 ? PSCI_NOT_SUPPORTED :
						   psci_suspend_features & ~(int32_t)PSCI_SUSPEND_OSI;
	case PSCI_SYSTEM_RESET2:
	case PSCI_SYSTEM_RESET2 | PSCI_64:
		return psci_has_reset2 ? PSCI_SUCCESS : PSCI_NOT_SUPPORTED;
	default:
		return PSCI_NOT_SUPPORTED;
	}
}

/* Arguments of an SMC32 call are 32 bits wide, whatever else is in the registers. */
static uint64_t psci_argument(const struct guest_regs *regs, uint32_t function, uint32_t n)
{
	return (function & PSCI_64) != 0 ? regs->x[n] : (uint32_t)regs->x[n];
}

int64_t psci_call(struct vcpu *vcpu, uint32_t function, const struct guest_regs *regs)
{
	uint64_t x1 = psci_argument(regs, function, 1);
	uint64_t x2 = psci_argument(regs, function, 2);
	uint64_t x3 = psci_argument(regs, function, 3);

	switch (function) {
	case PSCI_VERSION:
		return PSCI_1_1;
	case PSCI_CPU_SUSPEND:
	case PSCI_CPU_SUSPEND | PSCI_64:
		return psci_cpu_suspend(vcpu, (uint32_t)x1, x2, x3);
	case PSCI_CPU_OFF:
		power_vcpu_off(vcpu);
	case PSCI_CPU_ON:
	case PSCI_CPU_ON | PSCI_64:
		return psci_cpu_on(vcpu, x1, x2, x3);
	case PSCI_AFFINITY_INFO:
	case PSCI_AFFINITY_INFO | PSCI_64:
		return psci_affinity_info(vcpu->domain, x1, x2);
	case PSCI_MIGRATE_INFO_TYPE:
		return PSCI_MIGRATE_NOT_NEEDED;
	case PSCI_SYSTEM_OFF:
		(void)lifecycle_stop(vcpu->domain, "powered off");
		power_vcpu_off(vcpu);
	case PSCI_SYSTEM_RESET:
		psci_system_reset(vcpu);
	case PSCI_FEATURES:
		return psci_features((uint32_t)x1);
	case PSCI_SYSTEM_RESET2:
	case PSCI_SYSTEM_RESET2 | PSCI_64:
		return psci_system_reset2(vcpu, function, x1, x2);
	default:
		return PSCI_NOT_SUPPORTED;
	}
}
