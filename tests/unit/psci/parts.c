// SPDX-License-Identifier: Apache-2.0
/* The rest of the hypervisor as the machine has it: what it is told is kept, and is
 * checked for its order. */
#include "unit/psci/machine.h"

#include <string.h>

#include "arch/cpu.h"
#include "arch/el2.h"
#include "domain/reset.h"
#include "drivers/console.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "iommu/iommu.h"
#include "irq/gic.h"
#include "irq/its.h"
#include "lib/time.h"
#include "mm/window.h"

void arch_halt(void)
{
	fail_msg("firmware came back");
	__builtin_trap();
}

void arch_enter_guest(ipa_t entry, uint64_t context)
{
	const struct vcpu *v = &cpus[model_cpu].vcpu;

	assert_true(domain_is_running(v->domain));
	assert_int_equal(vcpu_get_state(v), VCPU_ON);
	assert_int_equal(entry.ipa, v->entry.ipa);
	assert_int_equal(context, v->context);
	entered[model_cpu]++;
	longjmp(gone, 2);
}

pa_t arch_cpu_entry(void)
{
	return PA(ENTRY_PA);
}

void arch_tlb_flush_guest(void)
{
}

void el2_set_stage2(uint64_t vttbr, uint64_t vtcr)
{
	sysreg_write_vttbr_el2(vttbr);
	sysreg_write_vtcr_el2(vtcr);
}

void el2_reset_guest(void)
{
}

void el2_init(void)
{
}

void el2_forget_guest(void)
{
	forgot[model_cpu]++;
}

const char *gic_cpu_init(uint32_t cpu)
{
	assert_int_equal(cpu, model_cpu);
	return no_gic;
}

const char *its_cpu_init(uint32_t cpu)
{
	assert_int_equal(cpu, model_cpu);
	return NULL;
}

void arch_icache_invalidate(void)
{
}

void arch_cpu_again(struct cpu *cpu)
{
	assert_int_equal(cpu->index, model_cpu);
	did[cpu->vcpu.domain - domains].again++;
	longjmp(gone, 3);
}

void window_flush(uint32_t cpu, pa_t pa, uint64_t size)
{
	(void)cpu;
	(void)pa;
	(void)size;
}

bool domain_write(const struct domain *d, uint32_t cpu, ipa_t to, const void *from, uint64_t size)
{
	(void)d;
	(void)cpu;
	(void)to;
	(void)from;
	(void)size;
	return true;
}

/* All is done on the domain's own CPUs; what is done to memory, while nothing else of the
 * domain's can reach it. */
static struct did *doing(const struct domain *d, uint32_t cpu)
{
	assert_int_equal(cpu, model_cpu);
	return &did[d - domains];
}

bool domain_copy(const struct domain *d, uint32_t cpu, ipa_t to, pa_t from, uint64_t size)
{
	struct did *x = doing(d, cpu);

	(void)from;
	(void)size;
	(void)to;
	assert_int_equal(x->blocks, x->unblocks + domains[d - domains].blocked);
	x->copies++;
	return !bad_payload;
}

void domain_scrub(const struct domain *d, uint32_t cpu)
{
	struct did *x = doing(d, cpu);

	assert_true(d->blocked);
	assert_int_equal(x->blocks, x->resets);
	x->scrubs++;
}

bool domain_reset_devices(const struct domain *d, uint32_t cpu)
{
	struct did *x = &did[d - domains];

	assert_int_equal(cpu, model_cpu);
	/* This takes its time: nobody else's alarm waits for it. */
	assert_false(time_has_alarm());
	x->resets++;
	assert_int_equal(x->blocks, x->resets);
	return !stubborn;
}

bool iommu_domain_block(uint32_t domain, uint32_t cpu)
{
	assert_int_equal(cpu, model_cpu);
	assert_false(time_has_alarm());
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		assert_false(cpus[i].vcpu.domain == &domains[domain] && vcpu_get_state(&cpus[i].vcpu) == VCPU_ON);
	}
	did[domain].blocks += !domains[domain].blocked;
	did[domain].resets -= domains[domain].blocked;
	return !unstoppable;
}

bool iommu_domain_unblock(uint32_t domain, uint32_t cpu)
{
	doing(&domains[domain], cpu)->unblocks++;
	return true;
}

void vgic_domain_init(struct domain *d)
{
	(void)d;
}

void vpl011_init(struct domain *d)
{
	(void)d;
}

void vgic_cpu_init(struct vcpu *vcpu)
{
	(void)vcpu;
}

void vgic_cpu_off(struct vcpu *vcpu)
{
	off_vgic[vcpu_cpu(vcpu)->index] = true;
	if (meanwhile != NULL) {
		void (*hook)(void) = meanwhile;
		uint32_t cpu = model_cpu;
		jmp_buf outer;

		meanwhile = NULL;
		memcpy(&outer, &gone, sizeof(gone));
		hook();
		memcpy(&gone, &outer, sizeof(gone));
		model_cpu = cpu;
	}
}

void vgic_domain_off(struct domain *d)
{
	(void)d;
	domain_off_vgic = true;
}

bool vgic_cpu_suspend(struct vcpu *vcpu)
{
	(void)vcpu;
	return !pending;
}

void vgic_cpu_resume(struct vcpu *vcpu)
{
	(void)vcpu;
}

void gic_cpu_off(void)
{
	off_gic = true;
}

void gic_send_sgi(uint32_t cpu, uint32_t sgi)
{
	if (sgi == HV_SGI_ALARM) {
		alarms++;
		alarmed |= BIT32(cpu);
		return;
	}
	assert_int_equal(sgi, HV_SGI_STOP);
	stopped[stop_count++ % ARRAY_SIZE(stopped)] = cpu;
}

/* The UART's and the IOMMU's interrupts go where they are claimed. */
void gic_spi_claim(uint32_t intid, uint32_t cpu, bool edge)
{
	assert_int_equal(edge, intid == IOMMU_INTID);
	spi_at[intid == IOMMU_INTID] = cpu;
}

void gic_spi_enable(uint32_t intid, bool on)
{
	assert_false(on);
	spi_at[intid == IOMMU_INTID] = NOWHERE;
}

uint32_t iommu_irq(uint32_t n, bool *edge)
{
	*edge = true;
	return n == 0 ? IOMMU_INTID : 0;
}

void vpl011_flush(struct domain *d)
{
	flushed |= BIT32(d - domains);
}

void vpl011_stop(struct domain *d)
{
	dropped |= BIT32(d - domains);
	if (slow_console) {
		time_set_alarm(0);
	}
}

void vpl011_alarm_irq(void)
{
}

uint64_t vpl011_leave_alarm(void)
{
	return rings_wait;
}

void console_flush(void)
{
}

void log_print(const char *fmt, ...)
{
	(void)fmt;
}
