// SPDX-License-Identifier: Apache-2.0
/* Where there are several domains, or one that may start again. */
#include "guest/lifecycle.h"

#include "arch/el2.h"
#include "domain/reset.h"
#include "drivers/console.h"
#include "firmware/psci.h"
#include "guest/power.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "guest/vpl061.h"
#include "iommu/iommu.h"
#include "irq/gic.h"
#include "lib/time.h"

#define ALIVE (BIT32(DOMAIN_STARTING) | BIT32(DOMAIN_RUNNING))

static bool lifecycle_is_fixed(const struct domain *d)
{
	return (d->desc->flags & DOMAIN_HARDWARE) != 0;
}

/* To a state that is not the end of anything. */
static bool lifecycle_change(struct domain *d, uint32_t from, enum domain_state to)
{
	bool any;

	return domain_change(d, from, to, DOMAIN_AFTER_OFF, &any);
}

/* Why a change was refused. */
static enum lifecycle_result lifecycle_refusal(const struct domain *d)
{
	enum domain_state state = domain_get_state(d);

	return state == DOMAIN_STARTING || state == DOMAIN_STOPPING ? LIFECYCLE_BUSY : LIFECYCLE_STATE;
}

static void lifecycle_stop_cpus(struct domain *d)
{
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		if (vcpu_get_state(domain_vcpu(d, i)) != VCPU_OFF) {
			gic_send_sgi(d->desc->cpus[i], HV_SGI_STOP);
		}
	}
}

static enum lifecycle_result lifecycle_end(struct domain *d, enum domain_after after, const char *why)
{
	bool any;

	if (!domain_change(d, ALIVE, DOMAIN_STOPPING, after, &any)) {
		return lifecycle_refusal(d);
	}
	/* What it has said itself comes first. */
	if (cpu_this()->vcpu.domain == d && d->desc->console_intid != 0) {
		vpl011_flush(d);
	}
	log_info("%s: %s", d->desc->name, why);
	if (!any) {
		power_machine_off();
	}
	lifecycle_stop_cpus(d);
	return LIFECYCLE_OK;
}

enum lifecycle_result lifecycle_stop(struct domain *d, const char *why)
{
	lifecycle_settle(d);
	return lifecycle_end(d, DOMAIN_AFTER_OFF, why);
}

enum lifecycle_result lifecycle_restart(struct domain *d, const char *why)
{
	lifecycle_settle(d);
	return lifecycle_is_fixed(d) ? LIFECYCLE_DENIED : lifecycle_end(d, DOMAIN_AFTER_RESTART, why);
}

enum lifecycle_result lifecycle_start(struct domain *d)
{
	lifecycle_settle(d);
	if (lifecycle_is_fixed(d)) {
		return LIFECYCLE_DENIED;
	}
	if (!lifecycle_change(d, BIT32(DOMAIN_OFF), DOMAIN_STARTING)) {
		return lifecycle_refusal(d);
	}
	(void)lifecycle_boot(d);
	return domain_has_ended(d) ? LIFECYCLE_FAILED : LIFECYCLE_OK;
}

enum lifecycle_result lifecycle_destroy(struct domain *d)
{
	bool any;

	lifecycle_settle(d);
	if (lifecycle_is_fixed(d)) {
		return LIFECYCLE_DENIED;
	}
	if (lifecycle_end(d, DOMAIN_AFTER_DESTROY, "destroyed") == LIFECYCLE_OK) {
		return LIFECYCLE_OK;
	}
	/* Its CPU comes on only to find that it is to go off, as the last one. */
	if (!domain_change(d, BIT32(DOMAIN_OFF), DOMAIN_STOPPING, DOMAIN_AFTER_DESTROY, &any)) {
		return lifecycle_refusal(d);
	}
	log_info("%s: destroyed", d->desc->name);
	(void)lifecycle_boot(d);
	return domain_get_state(d) == DOMAIN_OFF ? LIFECYCLE_FAILED : LIFECYCLE_OK;
}

enum lifecycle_result lifecycle_create(struct domain *d)
{
	return lifecycle_change(d, BIT32(DOMAIN_DESTROYED), DOMAIN_OFF) ? LIFECYCLE_OK : lifecycle_refusal(d);
}

void lifecycle_fault(struct domain *d, const char *why)
{
	static const char *const policies[] = {"stop", "restart", "panic"};
	bool again, any;

	if (!domain_change_by_fault(d, &again, &any)) {
		return;
	}
	log_error("%s: fault: %s; on-fault: %s%s", d->desc->name, why, policies[d->desc->on_fault],
		  d->desc->on_fault == ON_FAULT_RESTART && !again ? ", no retries left: stop" : "");
	if (!any || d->desc->on_fault == ON_FAULT_PANIC) {
		power_machine_off();
	}
	lifecycle_stop_cpus(d);
}

/* All is done that had to be done before the domain is off, or starts again (true). `to`:
 * DOMAIN_OFF, unless all went well. */
static bool lifecycle_close(struct domain *d, enum domain_state to)
{
	bool any;

	(void)domain_change(d, BIT32(DOMAIN_STOPPING), to, DOMAIN_AFTER_OFF, &any);
	if (!any) {
		power_machine_off();
	}
	return to == DOMAIN_STARTING;
}

bool lifecycle_boot(struct domain *d)
{
	struct vcpu *boot = domain_vcpu(d, 0);
	enum domain_state next;
	int32_t result;

	do {
		(void)vcpu_claim(boot);
		power_vcpu_set(boot, IPA(d->desc->entry), d->desc->dtb_ipa);
		if (vcpu_cpu(boot) == cpu_this()) {
			return true;
		}
		result = power_vcpu_on(boot);
		if (result == PSCI_SUCCESS) {
			return false;
		}
		log_error("%s: CPU %u, MPIDR 0x%lx: PSCI error %d of CPU_ON", d->desc->name,
			  vcpu_cpu(boot)->index, vcpu_mpidr(d, 0), result);
		lifecycle_fault(d, "not started");
		next = d->after == DOMAIN_AFTER_RESTART ? DOMAIN_STARTING : DOMAIN_OFF;
	} while (lifecycle_close(d, next));
	return false;
}

void lifecycle_settle(struct domain *d)
{
	bool last = false;

	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		struct vcpu *v = domain_vcpu(d, i);
		uint64_t late = __atomic_load_n(&v->late, __ATOMIC_RELAXED);

		if (vcpu_get_state(v) == VCPU_ON_PENDING && late != 0 && time_over(late) &&
		    vcpu_unclaim(v, &last)) {
			log_error("%s: CPU %u does not come up", d->desc->name, vcpu_cpu(v)->index);
		}
	}
	/* The boot CPU is none of the caller's: who starts a domain of his own is not late. */
	if (last) {
		(void)lifecycle_gone(d, "none of its CPUs runs");
	}
}

void lifecycle_wipe(struct domain *d, uint32_t cpu)
{
	if (d->starts != 1) {
		domain_scrub(d, cpu);
	}
}

bool lifecycle_release(struct domain *d, uint32_t cpu)
{
	/* A virtual SMMU lets DMA through when the guest says so. */
	bool done = !d->blocked || d->desc->vsmmu != NULL ||
		    iommu_domain_unblock((uint32_t)(d - domains), cpu);

	d->blocked = d->blocked && !done;
	return done;
}

bool lifecycle_may_run(struct domain *d, bool resumes)
{
	if (!resumes) {
		el2_forget_guest();
	}
	return domain_is_running(d) || lifecycle_change(d, BIT32(DOMAIN_STARTING), DOMAIN_RUNNING);
}

/* Nothing of the domain's goes on any more, and what it had is as at reset. Where it goes
 * from here. */
static enum domain_state lifecycle_tidy(struct domain *d, uint32_t cpu)
{
	bool quiet = iommu_domain_block((uint32_t)(d - domains), cpu);

	d->blocked = true;
	vgic_domain_off(d);
	vpl061_reset(d);
	quiet &= domain_reset_devices(d, cpu);
	if (!quiet && d->after != DOMAIN_AFTER_OFF) {
		log_error("%s: its devices may still write to its memory: it stays off", d->desc->name);
		return DOMAIN_OFF;
	}
	switch (d->after) {
	case DOMAIN_AFTER_RESTART:
		return DOMAIN_STARTING;
	case DOMAIN_AFTER_DESTROY:
		domain_scrub(d, cpu);
		return DOMAIN_DESTROYED;
	default:
		return DOMAIN_OFF;
	}
}

void lifecycle_give_alarm(struct vcpu *vcpu)
{
	uint64_t waiting;

	if (!time_clear_alarm()) {
		return;
	}
	waiting = vpl011_leave_alarm() | BIT64(vcpu->domain - domains);
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		const struct vcpu *v = &cpus[i].vcpu;

		if (v != vcpu && vcpu_get_state(v) == VCPU_ON && (waiting >> (v->domain - domains) & 1) != 0) {
			gic_send_sgi(i, HV_SGI_ALARM);
		}
	}
}

bool lifecycle_gone(struct domain *d, const char *why)
{
	enum domain_state to;

	if (why != NULL) {
		lifecycle_fault(d, why);
	} else if (domain_get_state(d) == DOMAIN_RUNNING) {
		(void)lifecycle_end(d, DOMAIN_AFTER_OFF, "stopped: all its CPUs are off");
	}
	to = lifecycle_tidy(d, cpu_this()->index);
	/* Last: it may set an alarm, which is not to wait for what takes long. */
	if (d->desc->console_intid != 0) {
		vpl011_stop(d);
	}
	return lifecycle_close(d, to) && lifecycle_boot(d);
}
