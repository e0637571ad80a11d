// SPDX-License-Identifier: Apache-2.0
#include "guest/power.h"

#include "arch/cpu.h"
#include "arch/el2.h"
#include "drivers/console.h"
#include "firmware/psci.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "guest/xen/xen.h"
#include "iommu/iommu.h"
#include "irq/gic.h"
#include "lib/time.h"

/* The CPU that takes the hypervisor's own SPIs: the UART's and the IOMMUs'; NULL: none.
 * The lock also guards which CPUs may (struct cpu.takes_spis). */
static struct spinlock spi_cpu_lock;
static const struct cpu *spi_cpu;

static void power_route_spi(uint32_t intid, bool edge)
{
	if (intid != 0 && spi_cpu != NULL) {
		gic_spi_claim(intid, spi_cpu->index, edge);
	} else if (intid != 0) {
		gic_spi_enable(intid, false);
	}
}

/* spi_cpu_lock is held. */
static void power_route_spis(const struct cpu *cpu)
{
	uint32_t intid;
	bool edge;

	spi_cpu = cpu;
	power_route_spi(board.uart.intid, false);
	for (uint32_t n = 0; (intid = iommu_irq(n, &edge)) != 0; n++) {
		power_route_spi(intid, edge);
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

/* The CPU's alarm, if it is set, goes to all that may be there to take it. If all of
 * them are on their way off, power_take_spis() takes it when the next one comes. */
static void power_give_alarm(const struct cpu *cpu)
{
	if (!time_clear_alarm()) {
		return;
	}
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		if (&cpus[i] != cpu && vcpu_get_state(&cpus[i].vcpu) == VCPU_ON) {
			gic_send_sgi(i, HV_SGI_ALARM);
		}
	}
}

int32_t power_vcpu_on(struct vcpu *vcpu, ipa_t entry, uint64_t context)
{
	int32_t result;

	vcpu->entry = entry;
	vcpu->context = context;
	vcpu->suspended = false;
	result = firmware_cpu_on(vcpu_mpidr(vcpu->domain, vcpu->index), arch_cpu_entry(),
				 (uint64_t)(uintptr_t)vcpu_cpu(vcpu));
	if (result != PSCI_SUCCESS) {
		vcpu_set_off(vcpu);
	}
	/* It is off by our books: firmware does not let go of it. */
	return result == PSCI_ALREADY_ON || result == PSCI_ON_PENDING ? PSCI_INTERNAL_FAILURE : result;
}

_Noreturn void power_vcpu_run(struct vcpu *vcpu)
{
	struct domain *d = vcpu->domain;

	if (vcpu->suspended) {
		vcpu->suspended = false;
		vgic_cpu_resume(vcpu);
	} else {
		vgic_cpu_init(vcpu);
		vcpu_set_on(vcpu);
		xen_vcpu_events(vcpu);
	}
	power_take_spis(vcpu_cpu(vcpu));
	/* Whoever stops the domain from here on sends HV_SGI_STOP to this CPU. */
	if (!domain_is_running(d)) {
		power_vcpu_off(vcpu);
	}
	el2_set_stage2(d->desc->vttbr, d->desc->vtcr);
	el2_reset_guest();
	arch_tlb_flush_guest();
	arch_enter_guest(vcpu->entry, vcpu->context);
}

/* What is to be done when a domain goes off, however it came to that. */
static void power_domain_gone(struct domain *d, const char *why, uint32_t left)
{
	if (d->desc->console_intid != 0) {
		vpl011_stop(d);
	}
	log_info("%s: %s", d->desc->name, why);
	if (left == 0) {
		power_machine_off();
	}
}

_Noreturn void power_vcpu_off(struct vcpu *vcpu)
{
	struct domain *d = vcpu->domain;
	uint32_t left;

	power_give_spis(vcpu_cpu(vcpu));
	vgic_cpu_off(vcpu);
	gic_cpu_off();
	if (vcpu_set_off(vcpu)) {
		if (domain_set_off(d, &left)) {
			power_domain_gone(d, "stopped: all its CPUs are off", left);
		}
		vgic_domain_off(d);
	}
	power_give_alarm(vcpu_cpu(vcpu));
	firmware_cpu_off();
}

_Noreturn void power_domain_off(struct vcpu *vcpu, const char *why)
{
	struct domain *d = vcpu->domain;
	uint32_t left;

	if (domain_set_off(d, &left)) {
		for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
			struct vcpu *other = domain_vcpu(d, i);

			if (other != vcpu && vcpu_get_state(other) != VCPU_OFF) {
				gic_send_sgi(vcpu_cpu(other)->index, HV_SGI_STOP);
			}
		}
		power_domain_gone(d, why, left);
	}
	power_vcpu_off(vcpu);
}

_Noreturn void power_vcpu_failed(struct vcpu *vcpu, const char *why)
{
	struct domain *d = vcpu->domain;

	log_error("%s: CPU %u cannot run: %s", d->desc->name, vcpu_cpu(vcpu)->index, why);
	if (vcpu_set_off(vcpu)) {
		power_domain_failed(d, "none of its CPUs runs");
	}
	firmware_cpu_off();
}

void power_domain_failed(struct domain *d, const char *why)
{
	uint32_t left;

	if (d->desc->on_fault == ON_FAULT_PANIC) {
		log_error("%s: %s; on-fault: panic", d->desc->name, why);
		power_machine_off();
	}
	if (domain_set_off(d, &left)) {
		power_domain_gone(d, why, left);
	}
}

void power_handle_stop(struct vcpu *vcpu)
{
	if (!domain_is_running(vcpu->domain)) {
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
