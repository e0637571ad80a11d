// SPDX-License-Identifier: Apache-2.0
#include "core/start.h"

#include "arch/cpu.h"
#include "firmware/psci.h"
#include "guest/lifecycle.h"
#include "irq/gic.h"

/* Runs in two rounds: `hardware` is the flag of the domains that it starts. */
static bool start_round(uint32_t hardware)
{
	bool own = false;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		if ((domains[i].desc->flags & DOMAIN_HARDWARE) == hardware) {
			own |= lifecycle_boot(&domains[i]);
		}
	}
	return own;
}

/* Until each domain that another CPU boots has shown that it does. */
static void start_wait(const struct cpu *cpu)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		struct vcpu *boot = domain_vcpu(&domains[i], 0);

		while (vcpu_cpu(boot) != cpu && vcpu_get_state(boot) == VCPU_ON_PENDING) {
			arch_relax();
			lifecycle_settle(&domains[i]);
		}
	}
}

_Noreturn void start_domains(struct cpu *cpu)
{
	bool own, any;

	/* All before the first one starts: it may end while another's payload is still
	 * being copied, and must not be the last one then. */
	for (uint32_t i = 0; i < board.domain_count; i++) {
		(void)domain_change(&domains[i], BIT32(DOMAIN_OFF), DOMAIN_STARTING, DOMAIN_AFTER_OFF, &any);
	}
	own = start_round(0);
	own |= start_round(DOMAIN_HARDWARE);
	start_wait(cpu);
	if (own) {
		arch_cpu_again(cpu);
	}
	gic_cpu_off();
	firmware_cpu_off();
}
