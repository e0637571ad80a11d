// SPDX-License-Identifier: Apache-2.0
/* Where there is one domain, which never starts again: the machine goes off with it. */
#include "guest/lifecycle.h"

#include "drivers/console.h"
#include "firmware/psci.h"
#include "guest/power.h"
#include "guest/vpl011.h"
#include "irq/gic.h"
#include "lib/time.h"

enum lifecycle_result lifecycle_stop(struct domain *d, const char *why)
{
	if (d->desc->console_intid != 0) {
		vpl011_flush(d);
	}
	log_info("%s: %s", d->desc->name, why);
	power_machine_off();
}

enum lifecycle_result lifecycle_restart(struct domain *d, const char *why)
{
	(void)d;
	(void)why;
	return LIFECYCLE_DENIED;
}

enum lifecycle_result lifecycle_start(struct domain *d)
{
	(void)d;
	return LIFECYCLE_DENIED;
}

enum lifecycle_result lifecycle_destroy(struct domain *d)
{
	(void)d;
	return LIFECYCLE_DENIED;
}

enum lifecycle_result lifecycle_create(struct domain *d)
{
	(void)d;
	return LIFECYCLE_DENIED;
}

void lifecycle_fault(struct domain *d, const char *why)
{
	log_error("%s: fault: %s", d->desc->name, why);
	power_machine_off();
}

bool lifecycle_boot(struct domain *d)
{
	struct vcpu *boot = domain_vcpu(d, 0);

	(void)vcpu_claim(boot);
	power_vcpu_set(boot, IPA(d->desc->entry), d->desc->dtb_ipa);
	if (vcpu_cpu(boot) == cpu_this()) {
		return true;
	}
	if (power_vcpu_on(boot) != PSCI_SUCCESS) {
		lifecycle_fault(d, "firmware does not turn on its CPU");
	}
	return false;
}

void lifecycle_settle(struct domain *d)
{
	uint64_t late = __atomic_load_n(&domain_vcpu(d, 0)->late, __ATOMIC_RELAXED);

	if (late != 0 && time_over(late)) {
		lifecycle_fault(d, "its CPU does not come up");
	}
}

void lifecycle_wipe(struct domain *d, uint32_t cpu)
{
	(void)d;
	(void)cpu;
}

bool lifecycle_release(struct domain *d, uint32_t cpu)
{
	(void)d;
	(void)cpu;
	return true;
}

bool lifecycle_may_run(struct domain *d, bool resumes)
{
	(void)resumes;
	d->state = DOMAIN_RUNNING;
	return true;
}

void lifecycle_give_alarm(struct vcpu *vcpu)
{
	if (!time_clear_alarm()) {
		return;
	}
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		const struct vcpu *v = &cpus[i].vcpu;

		if (v != vcpu && vcpu_get_state(v) == VCPU_ON) {
			gic_send_sgi(i, HV_SGI_ALARM);
		}
	}
}

bool lifecycle_gone(struct domain *d, const char *why)
{
	if (why != NULL) {
		lifecycle_fault(d, why);
	}
	(void)lifecycle_stop(d, "stopped: all its CPUs are off");
	return false;
}
