// SPDX-License-Identifier: Apache-2.0
#include "core/start.h"

#include "arch/cpu.h"
#include "drivers/console.h"
#include "firmware/psci.h"
#include "guest/power.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "guest/xen/xen.h"
#include "irq/gic.h"
#include "lib/time.h"
#include "mm/window.h"

#define START_US 1000000 /* from CPU_ON to the CPU's first sign of life */

/* Puts the payload and the device tree where the domain expects them, and takes out of
 * the caches what is left of whoever had its other memory. False: there is no such
 * place. */
static bool start_load(const struct domain *d, uint32_t cpu)
{
	const struct domain_desc *desc = d->desc;
	bool good = true;

	for (uint32_t i = 0; i < desc->piece_count; i++) {
		const struct payload_piece *p = &desc->pieces[i];

		good &= domain_copy(d, cpu, IPA(p->to), PA(p->from), p->size);
	}
	for (uint32_t i = 0; i < desc->handover_count; i++) {
		window_flush(cpu, PA(desc->handover[i].base), desc->handover[i].size);
	}
	if (desc->dtb != NULL) {
		good &= domain_write(d, cpu, IPA(desc->dtb_ipa), desc->dtb, desc->dtb_size);
	}
	arch_icache_invalidate();
	return good;
}

/* Starts the domain's boot vCPU on another CPU and waits until it has come on. */
static void start_boot_cpu(struct domain *d, struct vcpu *boot)
{
	uint64_t end = time_after_us(START_US);
	int32_t result = power_vcpu_on(boot, IPA(d->desc->entry), d->desc->dtb_ipa);

	if (result != PSCI_SUCCESS) {
		log_error("%s: CPU %u: PSCI error %d of CPU_ON", d->desc->name,
			  vcpu_cpu(boot)->index, result);
		power_domain_failed(d, "not started");
		return;
	}
	while (vcpu_get_state(boot) == VCPU_ON_PENDING) {
		if (time_over(end)) {
			log_error("%s: CPU %u does not come up", d->desc->name, vcpu_cpu(boot)->index);
			power_domain_failed(d, "not started");
			return;
		}
		arch_relax();
	}
}

/* Returns true if it is for the calling CPU to run the domain's boot vCPU. */
static bool start_domain(struct domain *d, const struct cpu *cpu)
{
	struct vcpu *boot = domain_vcpu(d, 0);

	if (!start_load(d, cpu->index)) {
		log_error("%s: its payload lies outside its memory", d->desc->name);
		power_domain_failed(d, "not started");
		return false;
	}
	vgic_domain_init(d);
	xen_domain_init(d);
	vsmmuv3_reset(d, cpu->index);
	log_info("%s: %u of the CPUs, starts on CPU %u at 0x%lx", d->desc->name, d->desc->cpu_count,
		 vcpu_cpu(boot)->index, d->desc->entry);
	vcpu_claim(boot);
	if (vcpu_cpu(boot) != cpu) {
		start_boot_cpu(d, boot);
		return false;
	}
	boot->entry = IPA(d->desc->entry);
	boot->context = d->desc->dtb_ipa;
	return true;
}

/* Runs in two rounds: `hardware` is the flag of the domains that it starts. */
static bool start_round(const struct cpu *cpu, uint32_t hardware)
{
	bool own = false;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		if ((domains[i].desc->flags & DOMAIN_HARDWARE) == hardware) {
			own |= start_domain(&domains[i], cpu);
		}
	}
	return own;
}

_Noreturn void start_domains(struct cpu *cpu)
{
	bool own;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		if (domains[i].desc->console_intid != 0) {
			vpl011_init(&domains[i]);
		}
	}
	/* All before the first one starts: it may end while another's payload is still
	 * being copied, and must not be the last one then. */
	for (uint32_t i = 0; i < board.domain_count; i++) {
		domain_set_running(&domains[i]);
	}
	own = start_round(cpu, 0);
	own |= start_round(cpu, DOMAIN_HARDWARE);
	if (own) {
		power_vcpu_run(&cpu->vcpu);
	}
	gic_cpu_off();
	firmware_cpu_off();
}
