// SPDX-License-Identifier: Apache-2.0
#include "guest/power.h"

#include "arch/cpu.h"
#include "arch/el2.h"
#include "drivers/console.h"
#include "firmware/psci.h"
#include "guest/duty.h"
#include "guest/lifecycle.h"
#include "guest/ondemand.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "guest/watchdog.h"
#include "guest/xen/xen.h"
#include "irq/gic.h"
#include "irq/its.h"
#include "lib/time.h"

#define START_US 1000000 /* from CPU_ON to the CPU's first sign of life */

/* The CPU that takes the UART's interrupt; NULL: none. Those of the IOMMUs are guest/duty.c's.
 * The lock also guards which CPUs may (struct cpu.takes_spis). */
static struct spinlock spi_cpu_lock;
static const struct cpu *spi_cpu;

/* spi_cpu_lock is held. */
static void power_route_spis(const struct cpu *cpu)
{
	spi_cpu = cpu;
	if (board.uart.intid != 0 && cpu != NULL) {
		gic_spi_claim(board.uart.intid, cpu->index, false);
	} else if (board.uart.intid != 0) {
		gic_spi_enable(board.uart.intid, false);
	}
}

void power_take_spis(struct cpu *cpu)
{
	bool first;

	spin_lock(&spi_cpu_lock);
	cpu->takes_spis = true;
	first = spi_cpu == NULL;
	if (first) {
		power_route_spis(cpu);
	}
	spin_unlock(&spi_cpu_lock);
	if (first) {
		vpl011_alarm_irq();
	}
}

/* The CPU goes off: any other that has come through its own set-up and not through
 * here may have the interrupts; else the next one to come on. */
static void power_give_spis(struct cpu *cpu)
{
	const struct cpu *next = NULL;

	spin_lock(&spi_cpu_lock);
	cpu->takes_spis = false;
	if (spi_cpu == cpu) {
		for (uint32_t i = 0; i < board.cpu_count && next == NULL; i++) {
			next = cpus[i].takes_spis ? &cpus[i] : NULL;
		}
		power_route_spis(next);
	}
	spin_unlock(&spi_cpu_lock);
}

void power_vcpu_set(struct vcpu *vcpu, ipa_t entry, uint64_t context)
{
	vcpu->entry = entry;
	vcpu->context = context;
	vcpu->suspended = false;
}

int32_t power_vcpu_on(struct vcpu *vcpu)
{
	int32_t result;
	bool last;

	__atomic_store_n(&vcpu->late, time_after_us(START_US) | 1, __ATOMIC_RELEASE);
	result = firmware_cpu_on(vcpu_mpidr(vcpu->domain, vcpu->index), arch_cpu_entry(),
				 (uint64_t)(uintptr_t)vcpu_cpu(vcpu));

	/* Somebody else's call may have turned it on before. */
	if (result == PSCI_SUCCESS || !vcpu_unclaim(vcpu, &last)) {
		return PSCI_SUCCESS;
	}
	/* It is off by our books: firmware does not let go of it. */
	return result == PSCI_ALREADY_ON || result == PSCI_ON_PENDING ? PSCI_INTERNAL_FAILURE : result;
}

/* The vCPU is off: what is left to do, and then so is the CPU. */
static _Noreturn void power_cpu_off(struct vcpu *vcpu, const char *why)
{
	bool again;

	/* Others do not wait for what this CPU may have to do to its domain. */
	lifecycle_give_alarm(vcpu);
	again = vcpu_set_off(vcpu) && lifecycle_gone(vcpu->domain, why);
	lifecycle_give_alarm(vcpu);
	if (again) {
		arch_cpu_again(vcpu_cpu(vcpu));
	}
	firmware_cpu_off();
}

static _Noreturn void power_vcpu_run(struct vcpu *vcpu)
{
	struct domain *d = vcpu->domain;
	bool resumes = vcpu->suspended;

	if (resumes) {
		vcpu->suspended = false;
		vgic_cpu_resume(vcpu);
	} else {
		if (!lifecycle_prepare(d)) {
			gic_cpu_off();
			power_cpu_off(vcpu, NULL);
		}
		vgic_cpu_init(vcpu);
		xen_vcpu_events(vcpu);
	}
	watchdog_alarm(vcpu);
	power_take_spis(vcpu_cpu(vcpu));
	duty_cpu_on(vcpu_cpu(vcpu));
	/* Whoever stops the domain from here on sends HV_SGI_STOP to this CPU. */
	if (!lifecycle_may_run(d, resumes)) {
		power_vcpu_off(vcpu);
	}
	el2_set_stage2(d->desc->vttbr, d->desc->vtcr);
	el2_reset_guest();
	arch_tlb_flush_guest();
	/* What came while nobody could be woken for it. */
	duty_catch_up(vcpu);
	arch_enter_guest(vcpu->entry, vcpu->context);
}

_Noreturn void power_cpu_run(struct cpu *cpu)
{
	const char *problem;

	if (!cpu->vcpu.suspended && !vcpu_set_on(&cpu->vcpu)) {
		firmware_cpu_off();
	}
	el2_init();
	problem = gic_cpu_init(cpu->index);
	if (problem == NULL) {
		problem = its_cpu_init(cpu->index);
	}
	if (problem != NULL) {
		log_error("%s: CPU %u cannot run: %s", cpu->vcpu.domain->desc->name, cpu->index, problem);
		power_cpu_off(&cpu->vcpu, "none of its CPUs runs");
	}
	power_vcpu_run(&cpu->vcpu);
}

_Noreturn void power_vcpu_off(struct vcpu *vcpu)
{
	watchdog_cpu_off(vcpu);
	power_give_spis(vcpu_cpu(vcpu));
	duty_cpu_off(vcpu_cpu(vcpu));
	vgic_cpu_off(vcpu);
	gic_cpu_off();
	power_cpu_off(vcpu, NULL);
}

void power_handle_stop(struct vcpu *vcpu)
{
	if (domain_get_state(vcpu->domain) == DOMAIN_STOPPING) {
		power_vcpu_off(vcpu);
	}
}

static void power_flush_consoles(void)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		if (domains[i].desc->console_intid != 0) {
			vpl011_stop(&domains[i]);
		}
	}
	ondemand_tell();
	console_flush();
}

_Noreturn void power_machine_off(void)
{
	power_flush_consoles();
	firmware_system_off();
}

_Noreturn void power_machine_reset(void)
{
	power_flush_consoles();
	firmware_system_reset();
}

int64_t power_machine_reset2(struct domain *d, uint32_t function, uint64_t type, uint64_t cookie)
{
	if (d->desc->console_intid != 0) {
		vpl011_flush(d);
	}
	console_flush();
	return firmware_system_reset2(function, type, cookie);
}
